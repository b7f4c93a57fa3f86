// `keywright sign` and `--require-signature`: rules that aren't as they were signed decide nothing.
#include "program.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <sys/stat.h>
#include <filesystem>
#include <fstream>
#include <string>

using namespace keywright::cli;

using Json = nlohmann::json;

namespace {

const std::string kBase = "edition 1\n\nschema key {\n    trade: bool\n}\n";

std::string pack_of(const std::string& version) {
    return "edition 1\n\npack desk { version \"" + version + "\" }\n\nimport \"rules.kw\"\n";
}

const std::string kRules = R"(edition 1

import "../common/base.kw"

param limit = 3

rule no_trading {
    require not trade
    message "no trading"
}
)";

const std::string kTests = R"(edition 1

import "../pack.kw"

test "trading is too much" {
    given key { trade: true }
    at 2026-01-01T00:00:00Z expect no_trading
}

prove "nothing that trades is fine" {
    for every key where trade: always no_trading
}
)";

// A signed pack, a key to it, and a home to remember versions in.
struct Desk {
    Folder folder;
    std::string home = folder.path() + "/home";

    explicit Desk(const std::string& options = "--tests") {
        folder.write("rules/common/base.kw", kBase);
        folder.write("rules/desk/pack.kw", pack_of("1.0.0"));
        folder.write("rules/desk/rules.kw", kRules);
        folder.write("rules/desk/tests/all.kw", kTests);
        folder.write("key.json", R"({"trade": false})");
        const Result made = (*this)("sign --new-key desk --no-password");
        REQUIRE_MESSAGE(made.status == 0, made.err);
        sign(options);
    }
    void sign(const std::string& options = "--tests") const {
        const Result signed_now = (*this)("sign --key desk.key rules/desk " + options);
        REQUIRE_MESSAGE(signed_now.status == 0, signed_now.err);
    }
    Result operator()(const std::string& line, Run how = {}) const {
        how.environment.emplace("HOME", home);
        return folder(line, how);
    }
    [[nodiscard]] Result check(const std::string& options = {}) const {
        return (*this)("check --quiet --format compact --rules rules/desk --require-signature desk.pub " + options +
                       " key.json");
    }
    // The status is 3, nothing was decided, and the reason has that code.
    void is_refused(const std::string& code, const std::string& options = {}) const {
        const Result refused = check(options);
        CAPTURE(refused.err);
        CHECK(refused.status == 3);
        CHECK(refused.out == "");
        CHECK(holds(refused.err, code));
    }
    [[nodiscard]] std::string memory() const { return folder.read("home/.local/state/keywright/known-versions.json"); }
};

mode_t mode_of(const std::string& path) {
    struct stat about{};
    return ::stat(path.c_str(), &about) == 0 ? about.st_mode & 07777 : 0;
}

}  // namespace

TEST_CASE("a new key is one for its owner alone, and overwrites nothing") {
    const Desk desk;
    CHECK(mode_of(desk.folder.path() + "/desk.key") == 0600);
    const std::string secret = desk.folder.read("desk.key");
    const Result again = desk("sign --new-key desk --no-password");
    CHECK(again.status == 74);
    CHECK(desk.folder.read("desk.key") == secret);
    std::filesystem::remove(desk.folder.path() + "/desk.key");
    CHECK(desk("sign --new-key desk --no-password").status == 74);
    CHECK(desk.folder.read("desk.key") == "");
}

TEST_CASE("no output shows a secret key or a password") {
    const Desk desk;
    const std::string secret = desk.folder.read("desk.key");
    const std::string line = secret.substr(secret.find('\n') + 1, 60);
    Run how;
    how.environment["KEYWRIGHT_PASSWORD"] = "s3cr3t-password";
    const Result made = desk("sign --new-key other", how);
    CHECK(made.status == 0);
    CHECK_FALSE(holds(made.out + made.err, "s3cr3t"));
    CHECK(desk("sign --key other.key rules/desk", how).status == 0);
    Run wrong;
    wrong.environment["KEYWRIGHT_PASSWORD"] = "s3cr3t-Password";
    const Result refused = desk("sign --key other.key rules/desk", wrong);
    CHECK(refused.status == 64);
    CHECK(holds(refused.err, "the password is wrong"));
    CHECK_FALSE(holds(refused.out + refused.err, "s3cr3t"));
    // The secret key where a public one should be, as a file and as text.
    for (const std::string& given : {std::string{"desk.key"}, secret.substr(secret.find('\n') + 1, secret.size())}) {
        Run mistaken;
        mistaken.environment["KEYWRIGHT_REQUIRE_SIGNATURE"] = given.substr(0, given.find('\n'));
        const Result said = desk("check --rules rules/desk key.json", mistaken);
        CHECK(said.status == 64);
        CHECK(holds(said.err, "secret"));
        CHECK_FALSE(holds(said.out + said.err, line.substr(4, 30)));
    }
}

TEST_CASE("a signed pack decides, by the file of the key, its line, the environment or keywright.toml") {
    const Desk desk;
    CHECK(desk.check().status == 0);
    const std::string text = desk.folder.read("desk.pub");
    const std::string line = text.substr(text.find('\n') + 1, 56);
    CHECK(desk("check --quiet --rules rules/desk --require-signature " + line + " key.json").status == 0);
    Run how;
    how.environment["KEYWRIGHT_REQUIRE_SIGNATURE"] = "desk.pub";
    CHECK(desk("check --quiet --rules rules/desk key.json", how).status == 0);
    desk.folder.write("rules/desk/rules.kw", kRules + "\n");
    CHECK(desk("check --quiet --rules rules/desk key.json", how).status == 3);
    CHECK(desk("check --quiet --rules rules/desk key.json").status == 0);
    desk.folder.write("keywright.toml", "require_signature = \"desk.pub\"\n");
    CHECK(desk("check --quiet --rules rules/desk key.json").status == 3);
    desk.folder.write("keywright.toml", "require_signature = \"" + line + "\"\n");
    CHECK(desk("check --quiet --rules rules/desk key.json").status == 3);
}

TEST_CASE("each way of not being signed is told apart, and decides nothing") {
    const Desk desk;
    const std::string manifest = desk.folder.read("rules/desk/keywright.manifest");
    const std::string signature = desk.folder.read("rules/desk/keywright.manifest.minisig");

    for (const char* file : {"rules/desk/rules.kw", "rules/common/base.kw", "rules/desk/pack.kw"}) {
        const std::string before = desk.folder.read(file);
        desk.folder.write(file, before + "\n");
        desk.is_refused("KW8005");
        desk.folder.write(file, before);
    }
    desk.folder.write("rules/desk/keywright.manifest", manifest + " ");
    desk.is_refused("KW8003");
    desk.folder.write("rules/desk/keywright.manifest", manifest);
    CHECK(desk("sign --new-key other --no-password").status == 0);
    CHECK(desk("sign --key other.key rules/desk").status == 0);
    const Result other = desk.check();
    CHECK(other.status == 3);
    CHECK(holds(other.err, "KW8002"));
    for (const char* key : {"desk.pub", "other.pub"}) {  // both ids are named
        const std::string id = desk.folder.read(key).substr(40, 16);
        CAPTURE(id);
        CHECK(holds(other.err, id));
    }
    desk.folder.write("rules/desk/keywright.manifest", manifest);
    desk.folder.write("rules/desk/keywright.manifest.minisig", signature);
    CHECK(desk.check().status == 0);
    std::filesystem::remove(desk.folder.path() + "/rules/desk/keywright.manifest.minisig");
    desk.is_refused("KW8001");
    std::filesystem::remove(desk.folder.path() + "/rules/desk/keywright.manifest");
    desk.is_refused("KW8001");
}

TEST_CASE("every verb that loads rules asks for the signature") {
    const Desk desk;
    desk.folder.write("r.json", desk("check --rules rules/desk --format json key.json").out);
    const std::vector<std::string> lines = {
        "check --rules rules/desk key.json",
        "forecast --rules rules/desk key.json",
        "repair --rules rules/desk key.json",
        "guide --rules rules/desk key.json",
        "why --rules rules/desk key.json",
        "test rules/desk",
        "test --coverage rules/desk",
        "test --mutants rules/desk",
        "prove rules/desk",
        "prove --findings rules/desk",
        "prove --gaps rules/desk",
        "diff rules/desk rules/desk",
        "schema --rules rules/desk",
        "verify --rules rules/desk r.json",
        "embed --rules rules/desk --root rules --name desk --output a.cpp --header a.h --at-least 1"};
    for (const std::string& line : lines) {
        CAPTURE(line);
        const Result fine = desk(line + " --require-signature desk.pub");
        CHECK_MESSAGE(fine.status <= 2, fine.err);
    }
    desk.folder.write("rules/desk/rules.kw", kRules + "\n");
    std::filesystem::remove(desk.folder.path() + "/a.cpp");
    for (const std::string& line : lines) {
        CAPTURE(line);
        const Result refused = desk(line + " --require-signature desk.pub");
        CHECK_MESSAGE(refused.status == 3, refused.err);
        CHECK(holds(refused.err, "KW8005"));
    }
    CHECK_FALSE(std::filesystem::exists(desk.folder.path() + "/a.cpp"));
}

TEST_CASE("tests that weren't signed aren't run, and a file of the pack alone decides nothing") {
    const Desk desk{""};
    CHECK(desk.check().status == 0);
    const Result unsigned_tests = desk("test --require-signature desk.pub rules/desk");
    CHECK(unsigned_tests.status == 3);
    CHECK(holds(unsigned_tests.err, "KW8005"));
    desk.sign("--tests");
    CHECK(desk("test --require-signature desk.pub rules/desk").status == 0);
    desk.folder.write("rules/desk/part.kw", pack_of("1.0.0") + "import \"../common/base.kw\"\n");
    CHECK(desk("check --rules rules/desk/part.kw --require-signature desk.pub key.json").status == 3);
    CHECK(desk("check --rules rules/desk/tests/all.kw --require-signature desk.pub key.json").status == 3);
}

TEST_CASE("a pack is signed with its tests from its own folder, too") {
    const Folder folder;
    REQUIRE(folder("init --quiet .").status == 0);
    REQUIRE(folder("sign --quiet --new-key desk --no-password").status == 0);
    const std::string by = "--require-signature desk.pub --known-versions known.json";
    for (const char* pack : {".", "", "pack.kw", "./pack.kw"}) {
        CAPTURE(pack);
        CHECK(folder("sign --quiet --key desk.key --tests " + std::string(pack)).status == 0);
        CHECK(holds(folder.read("keywright.manifest"), "\ntest "));
        CHECK(folder("test --quiet " + by).status == 0);
        CHECK(folder("test --quiet --coverage --threshold 100 " + by).status == 0);
        std::filesystem::remove(folder.path() + "/keywright.manifest");
    }
}

TEST_CASE("values of parameters are the caller's, and need no signature") {
    const Desk desk;
    CHECK(desk.check("--set limit=5").status == 0);
}

TEST_CASE("an older version than one seen before is refused") {
    const Desk desk;
    CHECK(desk.check().status == 0);
    CHECK(Json::parse(desk.memory()).at("versions").at(0).at("version") == "1.0.0");
    desk.folder.write("rules/desk/pack.kw", pack_of("1.10.0"));
    desk.sign();
    CHECK(desk.check().status == 0);
    CHECK(Json::parse(desk.memory()).at("versions").at(0).at("version") == "1.10.0");
    desk.folder.write("rules/desk/pack.kw", pack_of("1.9.0"));
    desk.sign();
    desk.is_refused("KW8006");
    CHECK(Json::parse(desk.memory()).at("versions").at(0).at("version") == "1.10.0");
    // On a machine that has seen nothing, somebody says what is new enough.
    CHECK(desk.check("--known-versions new.json").status == 0);
    CHECK(desk.folder.read("new.json") != "");
    desk.is_refused("KW8006", "--known-versions none --at-least 1.10");
    CHECK(desk.check("--known-versions none --at-least 1.9").status == 0);
    CHECK(desk.check("--known-versions none").status == 64);
    CHECK(desk.check("--at-least new").status == 64);
    CHECK(desk("check --rules rules/desk --at-least 1 key.json").status == 64);
}

TEST_CASE("an older version may be compared with") {
    const Desk desk;
    std::filesystem::copy(desk.folder.path() + "/rules/desk", desk.folder.path() + "/rules/old",
                          std::filesystem::copy_options::recursive);
    desk.folder.write("rules/desk/pack.kw", pack_of("1.1.0"));
    desk.sign();
    CHECK(desk.check().status == 0);
    const std::string line = " --rules rules/desk --require-signature desk.pub";
    CHECK(desk("diff rules/old rules/desk" + line).status == 0);
    CHECK(desk("diff rules/desk rules/old" + line).status == 3);
    CHECK(Json::parse(desk.memory()).at("versions").at(0).at("version") == "1.1.0");
}

TEST_CASE("a memory that can't be read or written is no memory, and nothing is decided") {
    const Desk desk;
    for (const std::string& text :
         {std::string{}, std::string{"{}"}, std::string{"s3cr3t"}, std::string(2'000'000, ' ')}) {
        desk.folder.write("known.json", text);
        const Result refused = desk.check("--known-versions known.json");
        CHECK(refused.status == 74);
        CHECK(refused.out == "");
        CHECK_FALSE(holds(refused.err, "s3cr3t"));
        CHECK(desk.folder.read("known.json") == text);
    }
    CHECK(desk.check("--known-versions no/such/folder.json").status == 74);
    std::filesystem::create_directory(desk.folder.path() + "/folder");
    CHECK(desk.check("--known-versions folder").status == 74);
    Run homeless;
    homeless.environment["HOME"] = "";
    CHECK(desk.folder("check --rules rules/desk --require-signature desk.pub key.json", homeless).status == 64);
    Run state;
    state.environment["XDG_STATE_HOME"] = desk.folder.path() + "/state";
    CHECK(desk.folder("check --quiet --rules rules/desk --require-signature desk.pub key.json", state).status == 0);
    CHECK(desk.folder.read("state/keywright/known-versions.json") != "");
}

TEST_CASE("what can't be signed isn't") {
    const Desk desk;
    CHECK(desk("sign rules/desk").status == 64);
    CHECK(desk("sign --key nowhere.key rules/desk").status == 74);
    CHECK(desk("sign --key desk.pub rules/desk").status == 64);
    CHECK(desk("sign --key desk.key nowhere").status == 74);
    CHECK(desk("sign --new-key x --key desk.key").status == 64);
    CHECK(desk("sign --no-password --key desk.key rules/desk").status == 64);
    const std::string before = desk.folder.read("rules/desk/keywright.manifest");
    desk.folder.write("rules/desk/pack.kw", pack_of("1.0-beta"));
    CHECK(desk("sign --key desk.key rules/desk").status == 3);
    desk.folder.write("rules/desk/pack.kw", pack_of("2.0.0") + "rule\n");
    CHECK(desk("sign --key desk.key rules/desk").status == 3);
    CHECK(desk.folder.read("rules/desk/keywright.manifest") == before);
    CHECK(desk("check --rules rules/desk --require-signature nowhere.pub key.json").status == 74);
}

// Only where minisign is there; tools/setup installs it.
TEST_CASE("minisign accepts our signatures, and we its keys and signatures" *
          doctest::skip(!std::filesystem::exists("/usr/bin/minisign"))) {
    const Desk desk;
    Run here;
    here.folder = desk.folder.path();
    const auto minisign = [&](const std::vector<std::string>& words) {
        return run_program("/usr/bin/minisign", words, here);
    };
    const std::string manifest = "rules/desk/keywright.manifest";
    const Result ours = minisign({"-V", "-H", "-p", "desk.pub", "-m", manifest});
    CHECK_MESSAGE(ours.status == 0, ours.err);
    CHECK(holds(ours.out, "version:1.0.0"));
    desk.folder.write(manifest, desk.folder.read(manifest) + " ");
    CHECK(minisign({"-V", "-p", "desk.pub", "-m", manifest}).status != 0);
    desk.sign();

    // Its signature, made with our key; then its key, with which we sign.
    std::filesystem::remove(desk.folder.path() + "/" + manifest + ".minisig");
    REQUIRE(minisign({"-S", "-W", "-s", "desk.key", "-m", manifest}).status == 0);
    CHECK(desk.check().status == 0);
    REQUIRE(minisign({"-S", "-l", "-W", "-s", "desk.key", "-m", manifest}).status == 0);
    CHECK(desk.check().status == 0);
    REQUIRE(minisign({"-G", "-W", "-p", "theirs.pub", "-s", "theirs.key"}).status == 0);
    CHECK(desk("sign --key theirs.key rules/desk").status == 0);
    CHECK(minisign({"-V", "-p", "theirs.pub", "-m", manifest}).status == 0);
    CHECK(desk("check --quiet --rules rules/desk --require-signature theirs.pub key.json").status == 0);
}
