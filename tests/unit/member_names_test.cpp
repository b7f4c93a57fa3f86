// Which names of unknown members messages show.
#include "input/member_names.h"
#include "support/dice.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

using namespace keywright;
using input::may_be_shown;

TEST_CASE("names as programmers write them are shown") {
    for (const std::string name : {"a",
                                   "id",
                                   "ip",
                                   "ttl",
                                   "sms",
                                   "key",
                                   "name",
                                   "newPermission",
                                   "ip_allowlist",
                                   "apiKeyVersion",
                                   "IPAddress",
                                   "isIPRestricted",
                                   "subName",
                                   "$note",
                                   "_id",
                                   "created-at",
                                   "limits.daily",
                                   "ipv4",
                                   "address2",
                                   "expiresAt",
                                   "passphrase",
                                   "secretKey",
                                   "permissions",
                                   "withdrawalWhitelist",
                                   "authentication",
                                   "tradingViewUrl",
                                   "URL"}) {
        CAPTURE(name);
        CHECK(may_be_shown(name));
        CHECK(input::shown_name(name) == "`" + name + "`");
        CHECK(input::pointer_step(name) == name);
    }
}

TEST_CASE("what may be a secret isn't") {
    const std::string uuid = "6705f5c311545b000157d3eb";
    for (const std::string& name : {std::string{},
                                    std::string{"xK9canary7Qz"},
                                    std::string{"c4n4ry-S3CR3T"},
                                    uuid,
                                    std::string{"03f3a1b2-9c4d-4e5f-8a6b-7c8d9e0f1a2b"},
                                    std::string{"deadbeefcafe"},
                                    std::string{"DEADBEEF"},
                                    std::string{"correct horse battery"},
                                    std::string{"hunter2hunter2"},
                                    std::string{"Tr0ub4dor&3"},
                                    std::string{"aGVsbG8gd29ybGQ="},
                                    std::string{"abc/def"},
                                    std::string{"a~b"},
                                    std::string{"12345678"},
                                    std::string{"qzjxkvbwpt"},
                                    std::string{"kTzbQwXrVn"},
                                    std::string{"name_"},
                                    std::string{"a__b"},
                                    std::string{"p\u00e4ss"},
                                    std::string{"a\nb"},
                                    std::string{"with space"},
                                    std::string(41, 'a'),
                                    std::string{"averylongsequenceofletters"}}) {
        CAPTURE(name);
        CHECK_FALSE(may_be_shown(name));
        CHECK(input::pointer_step(name) == "(name withheld)");
        CHECK(input::shown_name(name).find("withheld") != std::string::npos);
    }
    CHECK(input::shown_name(uuid) == "(name withheld: 24 bytes)");
    CHECK(input::shown_name("%") == "(name withheld: 1 byte)");
}

TEST_CASE("a name close to a known one is a misspelt one") {
    const std::vector<std::string> known{"permissions", "x509_certificate", "usage"};
    CHECK(may_be_shown("perm1ssi0ns", known));
    CHECK(may_be_shown("x509_certificat", known));
    CHECK(may_be_shown("us\u0430ge", known));
    CHECK_FALSE(may_be_shown("perm1ssi0ns"));
    CHECK_FALSE(may_be_shown("xK9canary7Qz", known));
}

TEST_CASE("of random secrets next to none is taken for a name") {
    test::Dice dice{31};
    const auto shown = [&](std::string_view letters, std::size_t size) {
        std::size_t count = 0;
        for (int i = 0; i < 20'000; ++i) {
            std::string name;
            while (name.size() < size) name += letters[dice.below(letters.size())];
            if (may_be_shown(name)) ++count;
        }
        return count;
    };
    const std::string lower = "abcdefghijklmnopqrstuvwxyz", upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", digits = "0123456789";
    const std::string base64 = lower + upper + digits + "+/";
    const std::string letters = lower + upper;
    MESSAGE("shown of 20000, by size 8, 12, 16, 24: base64 "
            << shown(base64, 8) << " " << shown(base64, 12) << " " << shown(base64, 16) << " " << shown(base64, 24)
            << ", letters " << shown(letters, 8) << " " << shown(letters, 12) << " " << shown(letters, 16) << " "
            << shown(letters, 24) << ", small letters and digits " << shown(lower + digits, 8) << " "
            << shown(lower + digits, 12) << " " << shown(lower + digits, 16) << ", small letters " << shown(lower, 8)
            << " " << shown(lower, 12) << " " << shown(lower, 16));
    CHECK(shown(lower, 12) < 400);
    CHECK(shown(letters, 12) < 400);
    for (const std::size_t size : {16U, 24U, 32U, 40U}) {
        CAPTURE(size);
        CHECK(shown(base64, size) <= 20);
        CHECK(shown(lower + digits, size) <= 20);
        CHECK(shown("0123456789abcdef", size) == 0);
    }
}
