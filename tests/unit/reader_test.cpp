// Records in canonical form: what is given, absent, unknown or refused.
#include "input/reader.h"

#include "unit/records.h"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

using namespace records;
using input::DocumentForm;
using value::State;

namespace {

const ir::Module& schema() {
    static const ir::Module out = module();
    return out;
}

std::string problems_of(std::string_view text) { return problems(read(schema(), text)); }

input::ReadRecord good(std::string_view text) {
    auto out = read(schema(), text);
    CAPTURE(std::string{text});
    REQUIRE(problems(out).empty());
    return out[0];
}

RecordError error_of(std::string_view text) {
    const auto out = read(schema(), text);
    CAPTURE(std::string{text});
    REQUIRE(out.size() == 1);
    REQUIRE(out[0].errors.size() == 1);
    return out[0].errors[0];
}

State state(const input::ReadRecord& read, std::string_view name) { return read.record.state(field(schema(), name)); }

std::size_t at(std::string_view name) { return field(schema(), name); }

}  // namespace

TEST_CASE("a missing member means what the schema says, else it is unknown") {
    const auto out = good("{}");
    CHECK(state(out, "id") == State::kAbsent);
    CHECK(state(out, "usage") == State::kUnknown);
    CHECK(state(out, "permissions") == State::kGiven);
    CHECK(out.record.enum_set(at("permissions")) == 0);
    CHECK(out.record.network_set(at("ip_allowlist")).empty());
    CHECK(state(out, "ip_allowlist") == State::kGiven);
    CHECK(state(out, "created_at") == State::kUnknown);
    CHECK(out.record.integer(at("retries")) == 4);
    CHECK(state(out, "limits") == State::kUnknown);
    CHECK(state(out, "limits.daily") == State::kUnknown);
    CHECK(out.pointers[at("limits.daily")] == "/limits/daily");
    CHECK(out.subject.empty());
}

TEST_CASE("every type is decoded") {
    const auto out = good(R"({
        "id":"k-1", "name":" ", "usage":"third_party", "permissions":["withdrawal","general"],
        "ip_allowlist":["10.0.0.0/8","203.**.154","2001:db8::1","203.**.154"], "passphrase":"aB3 !",
        "created_at":"2026-01-01T00:00:00Z", "last_used_at":null, "ttl":"P30D", "retries":20,
        "tags":["b","a"], "ports":[443,80], "active":false, "home":"192.168.0.0/16",
        "limits":{"daily":-5,"seen_at":1700000000}, "updated":1700000000123, "quota":36})");
    CHECK(out.record.text(at("id")) == "k-1");
    CHECK(out.subject == "k-1");  // the name is blank
    CHECK(out.record.enumerator(at("usage")) == 1);
    CHECK(out.record.enum_set(at("permissions")) == 0b10001);
    CHECK(out.record.count(at("ip_allowlist")) == 4);
    CHECK(out.record.secret(at("passphrase")) == value::facts_of("aB3 !"));
    CHECK(out.record.instant(at("created_at")) == *parse_instant("2026-01-01T00:00:00Z"));
    CHECK(state(out, "last_used_at") == State::kAbsent);
    CHECK(out.record.duration(at("ttl")) == Duration{2'592'000, 0});
    CHECK(out.record.text_element(at("tags"), 0) == "a");
    CHECK(out.record.int_set(at("ports"))[1] == 443);
    CHECK_FALSE(out.record.boolean(at("active")));
    CHECK(state(out, "active") == State::kGiven);
    CHECK(out.record.network(at("home")).prefix == 16);
    CHECK(state(out, "limits") == State::kGiven);
    CHECK(out.record.integer(at("limits.daily")) == -5);
    CHECK(out.record.instant(at("limits.seen_at")) == Instant{1'700'000'000, 0});
    CHECK(out.record.instant(at("updated")) == Instant{1'700'000'000, 123'000'000});
    CHECK(out.record.duration(at("quota")) == Duration{129'600, 0});
}

TEST_CASE("null is absence, and only of what may be absent") {
    CHECK(state(good(R"({"id":null})"), "id") == State::kAbsent);
    CHECK(problems_of(R"({"permissions":null})") == "KW6013@/permissions");
    CHECK(problems_of(R"({"permissions":[null]})") == "KW6013@/permissions/0");
    const auto out = good(R"({"limits":null})");
    CHECK(state(out, "limits") == State::kAbsent);
    CHECK(state(out, "limits.daily") == State::kAbsent);
    CHECK(problems_of(R"({"limits":{"daily":null}})") == "KW6013@/limits/daily");
}

TEST_CASE("unknown members are named, with what was probably meant") {
    const RecordError typo = error_of(R"({"permisions":[]})");
    CHECK(typo.code == "KW6011");
    CHECK(typo.at == "/permisions");
    CHECK(typo.help == "did you mean `permissions`?");
    CHECK(error_of("{\"us\u0430ge\":1}").help.find("U+0430") != std::string::npos);
    CHECK(error_of("{\"us\u0430ge\":1}").help.find("`usage`") != std::string::npos);
    CHECK(problems_of(R"({"limits":{"dayly":1}})") == "KW6011@/limits/dayly");
    CHECK(problems_of(R"({"$note":1})") == "KW6011@/$note");
    CHECK(problems_of(R"({"$facts":{}})") == "KW6011@/$facts");
    CHECK(problems_of(R"({"limits":{"$unknown":[]}})") == "KW6011@/limits/$unknown");
    CHECK(problems_of(R"({"newPermission":1})") == "KW6011@/newPermission");
}

TEST_CASE("the name of an unknown member is shown where it reads like one, else its place is told") {
    const RecordError odd = error_of(R"({"id":"k","limits":{"daily":1,"xK9canary7Qz":1}})");
    CHECK(odd.code == "KW6011");
    CHECK(odd.at == "/limits/(name withheld)");
    CHECK(odd.message == "unknown member (name withheld: 12 bytes), number 2 of its object");
    CHECK(odd.help == "the name might be a secret in the wrong place, so it is not shown");
    CHECK(problems_of(R"({"a/b":1})") == "KW6011@/(name withheld)");
    CHECK(problems_of(R"({"":1})") == "KW6011@/(name withheld)");
    CHECK(problems_of("{\"\\u001b[2J\":1}") == "KW6011@/(name withheld)");
    // Close to a field, it is a misspelt one, however it looks.
    CHECK(problems_of(R"({"perm1ssions":1})") == "KW6011@/perm1ssions");
    CHECK(problems_of(R"({"$unknown":["xK9canary7Qz"]})") == "KW6025@/$unknown/0");
    CHECK(error_of(R"({"$unknown":["xK9canary7Qz"]})").message ==
          "(name withheld: 12 bytes) in `$unknown` is not a field");
    CHECK(error_of(R"({"$unknown":["colour"]})").message == "`colour` in `$unknown` is not a field");
    const RecordError twice = error_of(R"({"xK9canary7Qz":1,"xK9canary7Qz":2})");
    CHECK(twice.code == "KW6002");
    CHECK(twice.at == "/(name withheld)");
    CHECK(twice.message.starts_with("the member (name withheld: 12 bytes) stands twice"));
    CHECK(problems_of(R"({"xK9canary7Qz":{"id":[1,tru]}})") == "KW6001@/(name withheld)/id/1");
}

TEST_CASE("unknown values of enumerations are refused, with a suggestion and the list") {
    const RecordError typo = error_of(R"({"permissions":["general","Spot"]})");
    CHECK(typo.code == "KW6016");
    CHECK(typo.at == "/permissions/1");
    CHECK(typo.message == "`Spot` is not a value of `permissions`");
    CHECK(typo.help == "did you mean `spot`? permitted: `general`, `spot`, `margin`, `transfer`, `withdrawal`");
    const RecordError look_alike = error_of("{\"permissions\":[\"s\u0440ot\"]}");
    CHECK(look_alike.code == "KW6031");
    CHECK(look_alike.message.find("U+0440") != std::string::npos);
    CHECK(problems_of(R"({"usage":"x"})") == "KW6016@/usage");
    CHECK(problems_of(R"({"usage":1})") == "KW6012@/usage");
    CHECK(problems_of("{\"usage\":\"\u043f\u0435\u0440\u0435\u0432\u043e\u0434\"}") == "KW6016@/usage");
}

TEST_CASE("sets refuse doubles and too many elements") {
    CHECK(problems_of(R"({"permissions":["spot","general","spot"]})") == "KW6017@/permissions/2");
    CHECK(problems_of(R"({"ip_allowlist":["1.2.3.4","1.2.3.4/32"]})") == "KW6017@/ip_allowlist/1");
    CHECK(problems_of(R"({"ip_allowlist":["::1","0:0::1"]})") == "KW6017@/ip_allowlist/1");
    CHECK(problems_of(R"({"tags":["a","a","a"]})") == "KW6017@/tags/1 KW6017@/tags/2");
    CHECK(problems_of(R"({"ports":[1,1]})") == "KW6017@/ports/1");
    CHECK(problems_of(R"({"permissions":"spot"})") == "KW6012@/permissions");
    CHECK(problems_of(R"({"permissions":{}})") == "KW6012@/permissions");
    Limits limits;
    limits.set_elements = 2;
    CHECK(problems(read(schema(), R"({"ports":[1,2]})", DocumentForm::kAuto, nullptr, limits)).empty());
    CHECK(problems(read(schema(), R"({"ports":[1,2,3]})", DocumentForm::kAuto, nullptr, limits)) == "KW6018@/ports");
}

TEST_CASE("networks are refused with the correction") {
    const RecordError host_bits = error_of(R"({"ip_allowlist":["10.0.0.1/8"]})");
    CHECK(host_bits.code == "KW6020");
    CHECK(host_bits.at == "/ip_allowlist/0");
    CHECK(host_bits.help == "did you mean `10.0.0.0/8`?");
    CHECK(problems_of(R"({"ip_allowlist":["*"]})") == "KW6019@/ip_allowlist/0");
    CHECK(problems_of(R"({"home":"010.0.0.1"})") == "KW6019@/home");
    CHECK(error_of("{\"home\":\"1.2.3.4\\u001b\"}").message.find("\\u{1b}") != std::string::npos);
}

TEST_CASE("numbers keep their range") {
    CHECK(problems_of(R"({"retries":0})") == "KW6015@/retries");
    CHECK(problems_of(R"({"retries":21})") == "KW6015@/retries");
    CHECK(problems_of(R"({"retries":1.0})") == "KW6014@/retries");
    CHECK(problems_of(R"({"retries":99999999999999999999})") == "KW6014@/retries");
    CHECK(problems_of(R"({"retries":"4"})") == "KW6012@/retries");
    CHECK(problems_of(R"({"ports":[80,70000]})") == "KW6015@/ports/1");
    CHECK(problems_of(R"({"active":0})") == "KW6012@/active");
    CHECK(problems_of(R"({"id":7})") == "KW6012@/id");
}

TEST_CASE("times are read in the declared form only") {
    CHECK(problems_of(R"({"created_at":1700000000})") == "KW6012@/created_at");
    CHECK(problems_of(R"({"created_at":"2026-01-01T00:00:00"})") == "KW6021@/created_at");
    CHECK(problems_of(R"({"created_at":"2026-02-30T00:00:00Z"})") == "KW6021@/created_at");
    CHECK(problems_of(R"({"updated":1700000000})") == "KW6022@/updated");
    CHECK(problems_of(R"({"updated":"2026-01-01T00:00:00Z"})") == "KW6012@/updated");
    CHECK(problems_of(R"({"updated":1.7e12})") == "KW6014@/updated");
    CHECK(problems_of(R"({"limits":{"daily":1,"seen_at":1700000000000}})") == "KW6022@/limits/seen_at");
    CHECK(problems_of(R"({"ttl":"P1M"})") == "KW6023@/ttl");
    CHECK(problems_of(R"({"ttl":30})") == "KW6012@/ttl");
    CHECK(problems_of(R"({"quota":-1})") == "KW6015@/quota");
    CHECK(problems_of(R"({"quota":9223372036854775807})") == "KW6015@/quota");
}

TEST_CASE("a secret may be told by its facts") {
    const auto secret = [&](std::string_view text) { return good(text).record.secret(at("passphrase")); };
    CHECK(secret(R"({"passphrase":{"$secret":{}}})") == value::undisclosed_secret());
    const auto facts = secret(R"({"passphrase":{"$secret":{"length":12,"has_space":false,"has_digit":true}}})");
    CHECK(facts.length_min == 12);
    CHECK(facts.length_max == 12);
    CHECK(facts.known == 3);
    CHECK(facts.facts == 2);
    const auto unmeasured =
        secret(R"({"passphrase":{"$secret":{"has_digit":true,"has_upper":true,"has_lower":true}}})");
    CHECK(unmeasured.length_min == 3);
    CHECK(unmeasured.length_max == value::SecretFacts::kUnbounded);
    CHECK(secret(R"({"passphrase":{"$secret":{"length":0}}})").length_max == 0);
    CHECK(state(good(R"({"passphrase":null})"), "passphrase") == State::kAbsent);
    CHECK(problems_of(R"({"passphrase":7})") == "KW6012@/passphrase");
    CHECK(problems_of(R"({"passphrase":{}})") == "KW6012@/passphrase");
    CHECK(problems_of(R"({"passphrase":{"$secret":true}})") == "KW6012@/passphrase/$secret");
    CHECK(problems_of(R"({"passphrase":{"$secret":{},"x":1}})") == "KW6011@/passphrase");
    CHECK(problems_of(R"({"passphrase":{"$secret":{"lenght":1}}})") == "KW6011@/passphrase/$secret");
    CHECK(problems_of(R"({"passphrase":{"$secret":{"length":-1}}})") == "KW6015@/passphrase/$secret/length");
    CHECK(problems_of(R"({"passphrase":{"$secret":{"length":1.5}}})") == "KW6012@/passphrase/$secret/length");
    CHECK(problems_of(R"({"passphrase":{"$secret":{"has_digit":1}}})") == "KW6012@/passphrase/$secret/has_digit");
    CHECK(problems_of(R"({"passphrase":{"$secret":{"length":1,"has_digit":true,"has_upper":true}}})") ==
          "KW6015@/passphrase/$secret");
}

TEST_CASE("fields can be said to be unknown") {
    const auto out = good(R"({"$unknown":["permissions","limits.daily","id"],"limits":{"seen_at":1700000000}})");
    CHECK(state(out, "permissions") == State::kUnknown);  // although a missing one would be empty
    CHECK(state(out, "id") == State::kUnknown);
    CHECK(state(out, "limits") == State::kGiven);
    CHECK(state(out, "limits.daily") == State::kUnknown);
    CHECK(state(good(R"({"$unknown":["limits"]})"), "limits.daily") == State::kUnknown);
    CHECK(problems_of(R"({"$unknown":"id"})") == "KW6025@/$unknown");
    CHECK(problems_of(R"({"$unknown":[1]})") == "KW6025@/$unknown/0");
    CHECK(problems_of(R"({"$unknown":["ids","id","id"]})") == "KW6025@/$unknown/0 KW6017@/$unknown/2");
    CHECK(error_of(R"({"$unknown":["permisions"]})").help == "did you mean `permissions`?");
    CHECK(problems_of(R"({"$unknown":["id"],"id":"x"})") == "KW6026@/id");
    CHECK(problems_of(R"({"$unknown":["id"],"id":null})") == "KW6026@/id");
    CHECK(problems_of(R"({"$unknown":["limits"],"limits":{"daily":1}})") == "KW6026@/limits");
    CHECK(problems_of(R"({"$unknown":["limits.daily"],"limits":{"daily":1}})") == "KW6026@/limits/daily");
    CHECK(problems_of(R"({"$unknown":["limits.daily"],"limits":null})") == "KW6026@/limits/daily");
}

TEST_CASE("all problems of a record are told, by place, up to the limit") {
    CHECK(problems_of(R"({"x":1,"retries":0,"ports":[1,"a"],"usage":null})") ==
          "KW6011@/x KW6015@/retries KW6012@/ports/1 KW6013@/usage");
    Limits limits;
    limits.errors_per_record = 2;
    const auto out = read(schema(), R"({"a":1,"b":1,"c":1,"d":1})", DocumentForm::kAuto, nullptr, limits);
    CHECK(problems(out) == "KW6011@/a KW6011@/b KW6034@");
    CHECK(out[0].errors[2].message == "2 more problems of this record are not shown");
    limits.errors_per_record = 0;  // even so, a bad record is not a good one
    CHECK(problems(read(schema(), R"({"a":1,"b":1})", DocumentForm::kAuto, nullptr, limits)) == "KW6011@/a KW6034@");
}

TEST_CASE("the subject is the name, else the id, safe to show") {
    CHECK(good(R"({"name":"bot","id":"7"})").subject == "bot");
    CHECK(good(R"({"name":null,"id":"7"})").subject == "7");
    CHECK(good("{\"name\":\"a\\u001b[31mb\"}").subject == "a\\u{1b}[31mb");
    const auto out = read(schema(), R"({"name":"bot","retries":0})");
    REQUIRE(out.size() == 1);
    CHECK(out[0].subject == "bot");  // a bad record has a name, too
}

TEST_CASE("documents hold one record, a list, or a record a line") {
    const auto names = [](const std::vector<input::ReadRecord>& all) {
        std::string out;
        for (const auto& one : all)
            out += (one.errors.empty() ? one.subject : "!" + one.errors[0].code + one.errors[0].at) + " ";
        return out;
    };
    const auto automatic = [&](std::string_view text) { return names(read(schema(), text)); };
    const auto lines = [&](std::string_view text) { return names(read(schema(), text, DocumentForm::kLines)); };
    const auto document = [&](std::string_view text) { return names(read(schema(), text, DocumentForm::kDocument)); };
    CHECK(automatic(R"({"id":"a"})") == "a ");
    CHECK(automatic(R"([{"id":"a"},{"id":"b"}])") == "a b ");
    CHECK(automatic("[]") == "");
    CHECK(automatic(R"([{"id":"a"},7,{"id":"b"}])") == "a !KW6010/1 b ");
    CHECK(automatic("7") == "!KW6010 ");
    CHECK(automatic("") == "!KW6033 ");
    CHECK(automatic(" \n\t ") == "!KW6033 ");
    CHECK(lines("\n\n") == "!KW6033 ");
    CHECK(document(" ") == "!KW6033 ");
    CHECK(automatic("{\"id\":\"a\"}\n\n{\"id\":\"b\"}\r\n") == "a b ");
    CHECK(automatic("{\n\"id\":\"a\"\n}") == "a ");
    CHECK(automatic("{\"id\":\"a\"}\n") == "a ");
    CHECK(automatic("{\"id\":\"a\"}\ngarbage\n{\"id\":\"b\"}") == "a !KW6001 b ");
    CHECK(automatic("{\"id\":\"a\",}\n{\"id\":\"b\"}") == "!KW6001 b ");
    CHECK(automatic("{\"id\":1,\"id\":2}\n{\"id\":\"b\"}") == "!KW6002/id b ");
    CHECK(automatic("{\"id\":\"a\"\n\"id\":\"b\"}") == "!KW6001 ");
    CHECK(automatic("[\n{\"id\":\"a\"},\n{\"id\":\"b\"}\n]") == "a b ");
    CHECK(document("{\"id\":\"a\"}\n{\"id\":\"b\"}") == "!KW6008 ");
    CHECK(lines("{\"id\":\n\"a\"}").substr(0, 8) == "!KW6001/");
    CHECK(lines(R"({"id":"a"})") == "a ");
    CHECK(read(schema(), "{}\n\n{x").back().errors[0].help == "this is line 3 of the text");
    CHECK(read(schema(), R"([{"id":"a"},{"ids":[]}])")[1].errors[0].at == "/1/ids");
}

TEST_CASE("a record that is too large is refused and the rest goes on") {
    Limits limits;
    limits.record_bytes = 20;
    const std::string large = "{\"id\":\"aaaaaaaaaaaaaaaaaaaaaaaa\"}";
    const auto codes = [&](std::string_view text, DocumentForm form) {
        std::string out;
        for (const auto& one : read(schema(), text, form, nullptr, limits))
            out += one.errors.empty() ? "ok " : one.errors[0].code + " ";
        return out;
    };
    CHECK(codes("{\"id\":\"a\"}\n" + large + "\n{\"id\":\"b\"}", DocumentForm::kLines) == "ok KW6009 ok ");
    CHECK(codes("[{\"id\":\"a\"}," + large + ",{\"id\":\"b\"}]", DocumentForm::kDocument) == "ok KW6009 ok ");
    CHECK(codes(large, DocumentForm::kAuto) == "KW6009 ");
    limits.document_bytes = 10;
    CHECK(codes(large, DocumentForm::kDocument) == "KW6009 ");
}

TEST_CASE("what the schema assumes is checked on what is known") {
    ir::Module with = module();
    const auto term = [&](std::string_view name) {
        ir::AssumeTerm out;
        if (name == "now") {
            out.is_now = true;
        } else {
            out.field = ir::FieldId{field(with, name)};
        }
        return out;
    };
    ir::AssumeTerm constant;
    constant.constant = ir::ConstId{std::size_t{3}};
    with.schema.assumptions = {{term("created_at"), term("last_used_at"), false, {}},
                               {term("created_at"), term("now"), false, {}},
                               {term("last_used_at"), term("now"), false, {}},
                               {constant, term("retries"), true, {}}};
    const auto messages = [&](std::string_view text) {
        std::string out;
        const auto all = read(with, text);
        REQUIRE(all.size() == 1);
        for (const auto& error : all[0].errors) out += error.code + "@" + error.at + " " + error.message + "; ";
        return out;
    };
    const std::string fine = R"("retries":5,)";
    CHECK(messages("{" + fine + R"("created_at":"2026-01-01T00:00:00Z","last_used_at":"2026-01-01T00:00:00Z"})") == "");
    CHECK(messages("{" + fine + R"("created_at":"2026-01-02T00:00:00Z","last_used_at":"2026-01-01T00:00:00Z"})") ==
          "KW6024@/created_at `created_at` is after `last_used_at`; ");
    CHECK(messages("{" + fine + R"("last_used_at":"2030-01-01T00:00:00Z"})") ==
          "KW6024@/last_used_at `last_used_at` lies in the future; ");
    CHECK(messages("{" + fine + R"("created_at":null,"last_used_at":"2020-01-01T00:00:00Z"})") == "");
    CHECK(messages("{}") == "KW6024@/retries `retries` is not greater than `4`; ");
    CHECK(messages(R"({"retries":3})") == "KW6024@/retries `retries` is less than `4`; ");
    CHECK(messages(R"({"$unknown":["retries"]})") == "");
    CHECK(messages(R"([{"retries":3}])") == "KW6024@/0/retries `retries` is less than `4`; ");
    // Other errors come first; on a record that can't be read nothing is concluded.
    CHECK(messages(R"({"retries":0})").find("KW6024") == std::string::npos);
}

TEST_CASE("a planted secret never reaches an error or a subject") {
    const std::string secret = "hunter2Zq9";
    const std::vector<std::string> shapes = {R"({"passphrase":"S"})",
                                             R"({"passphrase":["S"]})",
                                             R"({"passphrase":{"S2":1,"$secret":"S"}})",
                                             R"({"passphrase":{"$secret":{"length":"S"}}})",
                                             R"({"passphrase":{"$secret":{"has_digit":"S"}}})",
                                             R"({"passphrase":"S","retries":0,"x":"S"})",
                                             R"({"pasphrase":"S"})",
                                             R"({"limits":"S"})",
                                             R"({"retries":"S"})",
                                             R"({"active":"S"})",
                                             R"({"permissions":"S"})",
                                             R"({"passphrase":"S","passphrase":"S"})",
                                             R"({"passphrase":"S)",
                                             R"({"passphrase":S})",
                                             R"({"passphrase":"S\x"})",
                                             R"({"passphrase":"S"}S)",
                                             R"({"x":{"y":["S",{"z":"S"}]}})",
                                             R"("S")",
                                             R"(["S"])",
                                             R"([{"passphrase":"S","id":1}])",
                                             "{\"passphrase\":\"S\",}\n{\"passphrase\":\"S\"}",
                                             R"({"$unknown":["passphrase"],"passphrase":"S"})",
                                             R"({"ports":"S"})",
                                             R"({"limits":{"daily":"S"}})",
                                             R"({"updated":"S"})",
                                             R"({"quota":"S"})"};
    std::mt19937 random{31};
    std::size_t outputs = 0;
    for (const std::string& shape : shapes) {
        std::string text = shape;
        for (std::size_t i = text.find('S'); i != std::string::npos; i = text.find('S', i + secret.size())) {
            if (text.substr(i, 2) == "S2")
                text.erase(i, 1);
            else
                text.replace(i, 1, secret);
        }
        for (int round = 0; round < 60; ++round) {
            std::string changed = text;
            // Structure is broken at random, but the secret stays in one piece so that it could be found.
            if (round > 0) {
                const std::size_t place = random() % changed.size();
                const std::size_t found = changed.find(secret, place > secret.size() ? place - secret.size() : 0);
                if (found == std::string::npos || place < found || place >= found + secret.size()) {
                    changed[place] = "{}[]\",:\\x1 "[random() % 11];
                }
            }
            for (const auto form : {DocumentForm::kAuto, DocumentForm::kDocument, DocumentForm::kLines}) {
                for (const auto& one : read(schema(), changed, form)) {
                    CHECK(one.subject.find(secret) == std::string::npos);
                    for (const RecordError& error : one.errors) {
                        // A name is not a value: where a broken text makes a member's name of it, it may be shown.
                        if (error.code == "KW6011" || error.code == "KW6002") continue;
                        CAPTURE(changed);
                        CAPTURE(error.message);
                        CHECK(error.message.find(secret) == std::string::npos);
                        CHECK(error.help.find(secret) == std::string::npos);
                        CHECK(error.at.find(secret) == std::string::npos);
                        ++outputs;
                    }
                }
            }
        }
    }
    CHECK(outputs > 1000);
}
