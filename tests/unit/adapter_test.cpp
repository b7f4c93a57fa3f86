// Native records: envelopes, sources of fields, what the owner adds, and that nothing is passed over silently.
#include "input/reader.h"

#include "unit/records.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace records;
using input::DocumentForm;
using ir::FieldSource;
using ir::SourceKind;
using value::State;

namespace {

const ir::Module& schema() {
    static const ir::Module out = module();
    return out;
}

std::size_t at(std::string_view name) { return field(schema(), name); }

FieldSource source(std::string_view name, SourceKind kind, std::string path = {}) {
    FieldSource out;
    out.field = ir::FieldId{at(name)};
    out.kind = kind;
    out.path = std::move(path);
    return out;
}

// Much like the answer of a real exchange: permissions and addresses as comma lists, milliseconds, an envelope.
ir::Adapter exchange() {
    ir::Adapter out;
    out.name = "exchange";
    out.at = "/data";
    out.checks.push_back({"/code", "200000", {}});
    out.envelope_ignore = {"msg"};
    out.ignore = {"/uid", "/meta/trace"};
    out.sources.push_back(source("name", SourceKind::kMember, "/remark"));
    FieldSource permissions = source("permissions", SourceKind::kMember, "/permission");
    permissions.split = true;
    permissions.separator = ",";
    permissions.has_map = true;
    permissions.map = {{"General", 0}, {"Spot", 1}, {"Trade", 1}, {"Trade", 2}, {"Transfer", 4}, {"InnerTransfer", 3}};
    permissions.on_missing = FieldSource::OnMissing::kRequired;
    out.sources.push_back(permissions);
    FieldSource addresses = source("ip_allowlist", SourceKind::kMember, "/ipWhitelist");
    addresses.split = true;
    addresses.separator = ",";
    addresses.none = {"", "*", "-1"};
    out.sources.push_back(addresses);
    FieldSource created = source("created_at", SourceKind::kMember, "/createdAt");
    created.unit = ir::TimeUnit::kMilliseconds;
    out.sources.push_back(created);
    FieldSource used = source("last_used_at", SourceKind::kMember, "/meta/lastUsed");
    used.unit = ir::TimeUnit::kSeconds;
    used.unit_as_text = true;
    used.none = {"0", "-1"};
    used.on_missing = FieldSource::OnMissing::kAbsent;
    out.sources.push_back(used);
    out.sources.push_back(source("usage", SourceKind::kUnknown));
    out.sources.push_back(source("id", SourceKind::kAbsent));
    FieldSource retries = source("retries", SourceKind::kConstant);
    retries.constant = ir::ConstId{std::size_t{3}};
    out.sources.push_back(retries);
    return out;
}

std::string wrap(const std::string& record) { return R"({"code":"200000","msg":"","data":)" + record + "}"; }

std::string problems_of(const std::string& record, const ir::Adapter& adapter = exchange()) {
    return problems(read(schema(), wrap(record), DocumentForm::kAuto, &adapter));
}

std::string document_problems(std::string_view text, const ir::Adapter& adapter = exchange()) {
    return problems(read(schema(), text, DocumentForm::kAuto, &adapter));
}

input::ReadRecord good(const std::string& record, const ir::Adapter& adapter = exchange()) {
    auto out = read(schema(), wrap(record), DocumentForm::kAuto, &adapter);
    CAPTURE(record);
    REQUIRE(problems(out) == "");
    return out[0];
}

State state(const input::ReadRecord& read, std::string_view name) { return read.record.state(at(name)); }

}  // namespace

TEST_CASE("a native record is read through its sources") {
    const auto out = good(R"({"remark":"bot","permission":"Spot, General","ipWhitelist":"203.**.154,10.0.0.0/8",
                              "createdAt":1700000000123,"uid":7,"meta":{"trace":"x","lastUsed":"1700000000"}})");
    CHECK(out.subject == "bot");
    CHECK(out.record.enum_set(at("permissions")) == 0b11);
    REQUIRE(out.record.network_set(at("ip_allowlist")).size() == 2);
    CHECK(out.record.network_set(at("ip_allowlist"))[1].masked);
    CHECK(out.record.instant(at("created_at")) == Instant{1'700'000'000, 123'000'000});
    CHECK(out.record.instant(at("last_used_at")) == Instant{1'700'000'000, 0});
    CHECK(state(out, "usage") == State::kUnknown);
    CHECK(state(out, "id") == State::kAbsent);
    CHECK(out.record.integer(at("retries")) == 4);
    CHECK(state(out, "tags") == State::kUnknown);  // no source
    CHECK(state(out, "passphrase") ==
          State::kUnknown);  // though a missing member of a canonical record would be absent
    CHECK(out.pointers[at("ip_allowlist")] == "/ip_allowlist");
}

TEST_CASE("a missing native member means what its source says, else what the schema says") {
    const auto out = good(R"({"permission":"General"})");
    CHECK(state(out, "name") == State::kAbsent);          // the schema
    CHECK(state(out, "ip_allowlist") == State::kGiven);   // the schema
    CHECK(state(out, "created_at") == State::kUnknown);   // the schema
    CHECK(state(out, "last_used_at") == State::kAbsent);  // the source
    CHECK(state(good(R"({"permission":"General","createdAt":null})"), "created_at") == State::kUnknown);
    CHECK(problems_of("{}") == "KW6029@/data/permission");
    CHECK(problems_of(R"({"permission":null})") == "KW6029@/data/permission");
    ir::Adapter adapter = exchange();
    adapter.sources[1].on_missing = FieldSource::OnMissing::kUnknown;
    CHECK(state(good("{}", adapter), "permissions") == State::kUnknown);
    adapter.sources[1].on_missing = FieldSource::OnMissing::kValue;
    adapter.sources[1].missing_value = ir::ConstId{std::size_t{0}};
    CHECK(state(good("{}", adapter), "permissions") == State::kGiven);
}

TEST_CASE("texts that mean none are absence or the empty set") {
    for (const char* none : {R"("")", R"(" ")", R"("*")", R"(["*"])", "-1", R"(["-1"])"}) {
        const auto out = good(R"({"permission":"General","ipWhitelist":)" + std::string{none} + "}");
        CHECK(state(out, "ip_allowlist") == State::kGiven);
        CHECK(out.record.count(at("ip_allowlist")) == 0);
    }
    CHECK(state(good(R"({"permission":"General","meta":{"lastUsed":"0"}})"), "last_used_at") == State::kAbsent);
    CHECK(state(good(R"({"permission":"General","meta":{"lastUsed":0}})"), "last_used_at") == State::kAbsent);
    CHECK(problems_of(R"({"permission":"General","ipWhitelist":"*,1.2.3.4"})") == "KW6019@/data/ipWhitelist");
    CHECK(problems_of(R"({"permission":"General","ipWhitelist":["*","1.2.3.4"]})") == "KW6019@/data/ipWhitelist/0");
    CHECK(problems_of(R"({"permission":""})") == "KW6016@/data/permission");  // here nothing means none
    CHECK(problems_of(R"({"permission":"General,,Spot"})") == "KW6016@/data/permission");
}

TEST_CASE("native names are spelled exactly, may stand for several values, and arrays serve as well") {
    CHECK(good(R"({"permission":"Trade"})").record.enum_set(at("permissions")) == 0b110);
    CHECK(good(R"({"permission":["Trade","Spot"]})").record.enum_set(at("permissions")) == 0b110);
    CHECK(good(R"({"permission":[]})").record.enum_set(at("permissions")) == 0);
    CHECK(problems_of(R"({"permission":"general"})") == "KW6016@/data/permission");
    CHECK(problems_of(R"({"permission":["General","Spto"]})") == "KW6016@/data/permission/1");
    CHECK(problems_of(R"({"permission":"Spot,Spot"})") == "KW6017@/data/permission");
    CHECK(problems_of(R"({"permission":7})") == "KW6012@/data/permission");
    const ir::Adapter adapter = exchange();
    const auto out = read(schema(), wrap(R"({"permission":"Spto"})"), DocumentForm::kAuto, &adapter);
    CHECK(out[0].errors[0].help.find("did you mean `Spot`?") == 0);
    CHECK(problems_of("{\"permission\":\"S\u0440ot\"}") == "KW6031@/data/permission");
}

TEST_CASE("times come in the source's unit") {
    CHECK(problems_of(R"({"permission":"Spot","createdAt":1700000000})") == "KW6022@/data/createdAt");
    CHECK(problems_of(R"({"permission":"Spot","createdAt":"1700000000000"})") == "KW6012@/data/createdAt");
    CHECK(problems_of(R"({"permission":"Spot","meta":{"lastUsed":1700000000}})") == "KW6012@/data/meta/lastUsed");
    CHECK(problems_of(R"({"permission":"Spot","meta":{"lastUsed":"017"}})") == "KW6012@/data/meta/lastUsed");
    CHECK(problems_of(R"({"permission":"Spot","meta":{"lastUsed":"1700000000000"}})") == "KW6022@/data/meta/lastUsed");
}

TEST_CASE("members that no one reads are named, nested ones too") {
    CHECK(problems_of(R"({"permission":"Spot","ipwhitelist":""})") == "KW6011@/data/ipwhitelist");
    CHECK(problems_of(R"({"permission":"Spot","meta":{"lastUsd":"0","trace":{"any":[1]}}})") ==
          "KW6011@/data/meta/lastUsd");
    CHECK(problems_of(R"({"permission":"Spot","meta":7})") ==
          "KW6012@/data/meta");  // its members can't just be missing
    CHECK(problems_of(R"({"permission":"Spot","meta":null})") == "");
    CHECK(problems_of(R"({"permission":"Spot","usage":"third_party"})") ==
          "KW6011@/data/usage");  // canonical, but not here
    CHECK(problems_of(R"({"permission":"Spot","$unknown":["name"]})") == "KW6011@/data/$unknown");
    CHECK(document_problems(R"({"code":"200000","data":{"permission":"Spot"},"date":1})") == "KW6011@/date");
}

TEST_CASE("the envelope leads to the records or says why not") {
    const ir::Adapter adapter = exchange();
    const auto two =
        read(schema(), wrap(R"([{"permission":"Spot"},7,{"permission":"x"}])"), DocumentForm::kAuto, &adapter);
    REQUIRE(two.size() == 3);
    CHECK(two[0].errors.empty());
    CHECK(two[1].errors[0].code == "KW6010");
    CHECK(two[1].errors[0].at == "/data/1");
    CHECK(two[2].errors[0].at == "/data/2/permission");
    CHECK(read(schema(), wrap("[]"), DocumentForm::kAuto, &adapter).empty());
    CHECK(document_problems(R"({"code":"400006","msg":"no","data":{"permission":"Spot"}})") == "KW6028@/code");
    CHECK(document_problems(R"({"code":"400006","msg":"no"})") == "KW6028@/code");
    CHECK(document_problems(R"({"code":200000,"data":{"permission":"Spot"}})") == "KW6028@/code");
    CHECK(document_problems(R"({"data":{"permission":"Spot"}})") == "KW6028@/code");
    CHECK(document_problems(R"({"code":"200000"})") == "KW6027@/data");
    CHECK(document_problems(R"({"code":"200000","data":null})") == "KW6027@/data");
    CHECK(document_problems("[]") == "KW6028@/code");
    const auto refused = read(schema(), "{\"code\":\"4\\u001b\"}", DocumentForm::kAuto, &adapter);
    CHECK(refused[0].errors[0].message == "`/code` must be `200000`, not `4\\u{1b}`");
    const auto lines = read(schema(), wrap(R"({"permission":"Spot"})") + "\n" + wrap(R"([{"permission":"Spot"}])"),
                            DocumentForm::kLines, &adapter);
    REQUIRE(lines.size() == 2);
    CHECK(lines[1].errors.empty());
}

TEST_CASE("where the envelope may be left out, the root is the record") {
    ir::Adapter adapter = exchange();
    adapter.at_optional = true;
    CHECK(document_problems(R"({"permission":"Spot"})", adapter) == "");
    CHECK(document_problems(R"([{"permission":"Spot"}])", adapter) == "");
    CHECK(document_problems(wrap(R"({"permission":"Spot"})"), adapter) == "");
    CHECK(document_problems(R"({"code":"4","data":{"permission":"Spot"}})", adapter) == "KW6028@/code");
    // An answer without data must not pass for a record.
    CHECK(document_problems(R"({"code":"400006","permission":"Spot"})", adapter) == "KW6011@/code");
}

TEST_CASE("members beside the records are passed over at each level on the way to them") {
    ir::Adapter adapter = exchange();
    adapter.at = "/data/items";
    adapter.envelope_ignore = {"msg", "/data/page"};
    CHECK(document_problems(
              R"({"code":"200000","msg":1,"data":{"msg":2,"page":{"n":1},"items":[{"permission":"Spot"}]}})",
              adapter) == "");
    CHECK(document_problems(R"({"code":"200000","page":1,"data":{"pages":1,"items":[{"permission":"Spot"}]}})",
                            adapter) == "KW6011@/page KW6011@/data/pages");
}

TEST_CASE("the owner may supply what the source can't know, and only that") {
    const auto out = good(R"({"permission":"Spot","$facts":{"usage":"third_party","ttl":"P1D","limits":{"daily":7},
                              "passphrase":{"$secret":{}}}})");
    CHECK(out.record.enumerator(at("usage")) == 1);
    CHECK(out.record.duration(at("ttl")) == Duration{86'400, 0});
    CHECK(state(out, "limits") == State::kGiven);
    CHECK(out.record.integer(at("limits.daily")) == 7);
    CHECK(state(out, "limits.seen_at") == State::kUnknown);
    CHECK(out.record.secret(at("passphrase")) == value::undisclosed_secret());
    const auto facts = [&](const std::string& text) {
        return problems_of(R"({"permission":"Spot","$facts":)" + text + "}");
    };
    CHECK(facts(R"({"permissions":[]})") == "KW6032@/data/$facts/permissions");
    CHECK(facts(R"({"id":"x"})") == "KW6032@/data/$facts/id");
    CHECK(facts(R"({"retries":1})") == "KW6032@/data/$facts/retries");
    CHECK(facts(R"({"name":null})") == "KW6032@/data/$facts/name");
    CHECK(facts(R"({"usge":"third_party"})") == "KW6011@/data/$facts/usge");
    CHECK(facts(R"({"usage":"x"})") == "KW6016@/data/$facts/usage");
    CHECK(facts(R"({"usage":null})") == "KW6013@/data/$facts/usage");
    CHECK(facts(R"({"limits":{"dayly":1}})") == "KW6011@/data/$facts/limits/dayly");
    CHECK(facts("7") == "KW6032@/data/$facts");
    CHECK(facts("null") == "KW6032@/data/$facts");
}

TEST_CASE("a canonical adapter reads the rest as the schema says") {
    ir::Adapter adapter;
    adapter.name = "request";
    adapter.canonical = true;
    adapter.sources.push_back(source("created_at", SourceKind::kAbsent));
    adapter.sources.push_back(source("last_used_at", SourceKind::kUnknown));
    adapter.sources.push_back(source("name", SourceKind::kMember, "/label"));
    adapter.subject = ir::FieldId{at("id")};
    const auto all =
        read(schema(), R"({"id":"7","label":"bot","permissions":["spot"],"limits":{"daily":1},"created_at":null,
                                       "$unknown":["usage","home"],"$facts":{"last_used_at":null}})",
             DocumentForm::kAuto, &adapter);
    REQUIRE(problems(all) == "");
    const auto& out = all[0];
    CHECK(out.subject == "7");  // the adapter's choice comes first
    CHECK(out.record.text(at("name")) == "bot");
    CHECK(out.record.enum_set(at("permissions")) == 0b10);
    CHECK(state(out, "created_at") == State::kAbsent);
    CHECK(state(out, "last_used_at") == State::kAbsent);
    CHECK(out.record.integer(at("limits.daily")) == 1);
    CHECK(out.record.count(at("ip_allowlist")) == 0);
    // Given although the source says that it never is: not to be dropped silently.
    CHECK(document_problems(R"({"created_at":"2020-01-01T00:00:00Z"})", adapter) == "KW6011@/created_at");
    CHECK(document_problems(R"({"last_used_at":null})", adapter) == "KW6011@/last_used_at");
    CHECK(document_problems(R"({"name":"x"})", adapter) == "KW6011@/name");
    CHECK(document_problems(R"({"$unknown":["created_at"]})", adapter) == "KW6026@/created_at");
    CHECK(document_problems(R"({"$unknown":["name"],"label":"x"})", adapter) == "KW6026@/name");
    CHECK(document_problems(R"({"$unknown":["name"]})", adapter) == "");
    CHECK(document_problems(R"({"$facts":{"permissions":[]}})", adapter) == "KW6032@/$facts/permissions");
    CHECK(document_problems(R"({"limits":{"x":1}})", adapter) == "KW6011@/limits/x");
    CHECK(document_problems(R"({"limits":7})", adapter) == "KW6012@/limits");
}

TEST_CASE("a nested record of which a member is known is there") {
    ir::Adapter adapter;
    adapter.sources.push_back(source("limits.daily", SourceKind::kMember, "/max"));
    const auto with = read(schema(), R"({"max":3})", DocumentForm::kAuto, &adapter);
    REQUIRE(problems(with) == "");
    CHECK(with[0].record.state(at("limits")) == State::kGiven);
    CHECK(with[0].record.state(at("limits.seen_at")) == State::kUnknown);
    const auto without = read(schema(), "{}", DocumentForm::kAuto, &adapter);
    CHECK(without[0].record.state(at("limits")) == State::kUnknown);
    adapter.sources.push_back(source("limits", SourceKind::kAbsent));
    CHECK(read(schema(), "{}", DocumentForm::kAuto, &adapter)[0].record.state(at("limits.daily")) == State::kAbsent);
}

TEST_CASE("booleans and numbers may be mapped, too") {
    ir::Adapter adapter;
    FieldSource usage = source("usage", SourceKind::kMember, "/type");
    usage.has_map = true;
    usage.map = {{"1", 0}, {"2", 1}, {"true", 1}};
    adapter.sources.push_back(usage);
    const auto value_of = [&](std::string_view text) {
        const auto out = read(schema(), text, DocumentForm::kAuto, &adapter);
        REQUIRE(problems(out) == "");
        return out[0].record.enumerator(at("usage"));
    };
    CHECK(value_of(R"({"type":2})") == 1);
    CHECK(value_of(R"({"type":"1"})") == 0);
    CHECK(value_of(R"({"type":true})") == 1);
    CHECK(document_problems(R"({"type":3})", adapter) == "KW6016@/type");
}

TEST_CASE("assumptions point at the native member") {
    ir::Module with = module();
    ir::Assumption assumption;
    assumption.lesser.field = ir::FieldId{at("created_at")};
    assumption.greater.is_now = true;
    with.schema.assumptions.push_back(assumption);
    const ir::Adapter adapter = exchange();
    const auto out =
        read(with, wrap(R"([{"permission":"Spot","createdAt":1900000000000}])"), DocumentForm::kAuto, &adapter);
    CHECK(problems(out) == "KW6024@/data/0/createdAt");
    CHECK(out[0].errors[0].message == "`created_at` lies in the future");
}

TEST_CASE("a secret in a native record never reaches an error") {
    ir::Adapter adapter = exchange();
    adapter.sources.push_back(source("passphrase", SourceKind::kMember, "/pass"));
    for (const char* record : {R"({"permission":"x","pass":"hunter2Zq9"})", R"({"pass":["hunter2Zq9"]})",
                               R"({"permission":"Spot","pas":"hunter2Zq9"})", R"({"pass":{"$secret":"hunter2Zq9"}})",
                               R"({"permission":"Spot","$facts":{"passphrase":"hunter2Zq9"}})",
                               R"({"permission":"Spot","$facts":"hunter2Zq9"})", R"({"remark":{"x":"hunter2Zq9"}})",
                               R"({"meta":"hunter2Zq9"})", R"(["hunter2Zq9"])"}) {
        const auto out = read(schema(), wrap(record), DocumentForm::kAuto, &adapter);
        REQUIRE(out.size() == 1);
        CHECK_FALSE(out[0].errors.empty());
        for (const RecordError& error : out[0].errors) {
            CHECK((error.message + error.help + error.at).find("hunter2") == std::string::npos);
        }
    }
}
