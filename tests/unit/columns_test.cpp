// Deciding columns from elsewhere: the same answers as for records, and refusals of what is no record.
#include "keywright/columns.h"

#include "check/check.h"
#include "engine/state.h"
#include "support/compiling.h"
#include "support/random_record.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

using namespace keywright;
using namespace keywright::test;

namespace {

Rules compiled(std::string_view text) {
    const Compiled result = compile_text(text);
    REQUIRE_MESSAGE(result.rules, describe(result.diagnostics));
    return *result.rules;
}

// The columns of some records, with exactly what `needs` names; texts of a key's owner once as such, once as what is
// asked of them.
class PublicColumns {
public:
    PublicColumns(const ir::Module& module, std::span<const ColumnNeed> needs, std::span<const value::Record> records,
                  bool as_texts) {
        stores_.resize(needs.size());
        const std::size_t words = (records.size() + 63) / 64;
        for (std::size_t n = 0; n < needs.size(); ++n) {
            const auto found = std::ranges::find(module.schema.fields, needs[n].field, &ir::Field::name);
            const auto f = static_cast<std::size_t>(found - module.schema.fields.begin());
            Store& s = stores_[n];
            for (auto* plane : {&s.given, &s.unknown, &s.truth, &s.blank, &s.empty, &s.open}) plane->assign(words, 0);
            s.offsets.push_back(0);
            for (std::size_t row = 0; row < records.size(); ++row) add(found->type, f, records[row], row, s);
            s.views.assign(s.texts.begin(), s.texts.end());
            columns_.push_back(column(needs[n], s, found->type, as_texts));
        }
    }

    [[nodiscard]] std::vector<Column>& columns() { return columns_; }

private:
    struct Store {
        std::vector<std::uint64_t> given, unknown, truth, members, blank, empty, open;
        std::vector<std::uint8_t> choice, known_facts, facts;
        std::vector<std::int64_t> numbers;
        std::vector<std::uint32_t> nanoseconds, lengths, longest, offsets;
        std::vector<std::string> texts;
        std::vector<std::string_view> views;
    };

    static void set(std::vector<std::uint64_t>& plane, std::size_t row, bool value) {
        if (value) plane[row / 64] |= std::uint64_t{1} << (row % 64);
    }

    static void add(const ir::Type& type, std::size_t f, const value::Record& r, std::size_t row, Store& s) {
        const bool given = r.state(f) == value::State::kGiven;
        set(s.given, row, given);
        set(s.unknown, row, r.state(f) == value::State::kUnknown);
        const auto is = [&](ir::Kind kind) { return given && type.kind == kind; };
        set(s.truth, row, is(ir::Kind::kBool) && r.boolean(f));
        s.choice.push_back(is(ir::Kind::kEnum) ? static_cast<std::uint8_t>(r.enumerator(f)) : 200);
        const bool time = type.kind == ir::Kind::kInstant || type.kind == ir::Kind::kDuration;
        const value::SecretFacts facts = is(ir::Kind::kSecret) ? r.secret(f) : value::SecretFacts{9, 0, 0, 9};
        s.known_facts.push_back(facts.known);
        s.facts.push_back(facts.facts);
        s.longest.push_back(facts.length_max);
        if (type.kind == ir::Kind::kSet && type.element != ir::Kind::kEnum) {
            const std::size_t count = given ? r.count(f) : 0;
            bool open = false;
            for (std::size_t k = 0; k < count; ++k) {
                if (type.element == ir::Kind::kInt) {
                    s.numbers.push_back(r.int_set(f)[k]);
                } else if (type.element == ir::Kind::kText) {
                    s.texts.emplace_back(r.text_element(f, k));
                } else {
                    const value::Network& n = r.network_set(f)[k];
                    s.texts.push_back(n.masked ? "203.**.154" : value::to_string(n));
                    open = open || (!n.masked && value::is_open(n));
                }
            }
            set(s.open, row, open);
            set(s.empty, row, given && count == 0);
            s.offsets.push_back(s.offsets.back() + static_cast<std::uint32_t>(count));
            return;
        }
        s.members.push_back(is(ir::Kind::kSet) ? r.enum_set(f) : ~std::uint64_t{0});
        s.numbers.push_back(!given ? INT64_MIN : time ? r.instant(f).seconds : r.integer(f));
        s.nanoseconds.push_back(given && time ? r.instant(f).nanoseconds : 4'000'000'000U);
        const bool network = is(ir::Kind::kNetwork);
        s.texts.emplace_back(is(ir::Kind::kText)   ? std::string{r.text(f)}
                             : !network            ? "\xff"
                             : r.network(f).masked ? "203.**.154"
                                                   : value::to_string(r.network(f)));
        const auto blank = [](std::string_view text) {
            return std::ranges::all_of(text, [](char c) { return c == ' ' || c == '\t' || c == '\n'; });
        };
        set(s.blank, row, is(ir::Kind::kText) && blank(r.text(f)));
        std::size_t scalars = 0;
        if (is(ir::Kind::kText))
            scalars = static_cast<std::size_t>(std::ranges::count_if(
                r.text(f), [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
        s.lengths.push_back(is(ir::Kind::kText) ? static_cast<std::uint32_t>(scalars) : facts.length_min);
    }

    static Column column(const ColumnNeed& need, const Store& s, const ir::Type& type, bool as_texts) {
        Column c{.field = need.field, .given = s.given, .unknown = s.unknown};
        for (const ColumnAspect aspect : need.aspects) {
            const bool from_texts = as_texts && type.kind != ir::Kind::kSecret;
            switch (aspect) {
                case ColumnAspect::kTruth: c.truth = s.truth; break;
                case ColumnAspect::kChoice: c.choice = s.choice; break;
                case ColumnAspect::kMembers: c.members = s.members; break;
                case ColumnAspect::kNumber:
                    c.numbers = s.numbers;
                    if (type.kind != ir::Kind::kInt) c.nanoseconds = s.nanoseconds;
                    break;
                case ColumnAspect::kBlank:
                case ColumnAspect::kEmpty:
                case ColumnAspect::kOpen:
                    if (from_texts) {
                        c.texts = s.views;
                        if (type.kind == ir::Kind::kSet) c.offsets = s.offsets;
                    } else if (aspect == ColumnAspect::kBlank) {
                        c.blank = s.blank;
                    } else if (aspect == ColumnAspect::kEmpty) {
                        c.empty = s.empty;
                    } else {
                        c.open = s.open;
                    }
                    break;
                case ColumnAspect::kLength:
                    if (from_texts) {
                        c.texts = s.views;
                    } else {
                        c.lengths = s.lengths;
                        if (type.kind == ir::Kind::kSecret) c.longest = s.longest;
                    }
                    break;
                case ColumnAspect::kFacts:
                    c.known_facts = s.known_facts;
                    c.facts = s.facts;
                    break;
                case ColumnAspect::kTexts:
                    c.texts = s.views;
                    if (type.kind == ir::Kind::kSet) c.offsets = s.offsets;
                    break;
                case ColumnAspect::kElements:
                    c.numbers = s.numbers;
                    c.offsets = s.offsets;
                    break;
            }
        }
        return c;
    }

    std::vector<Store> stores_;
    std::vector<Column> columns_;
};

bool has(Bitmap bitmap, std::size_t row) { return (bitmap[row / 64] >> (row % 64) & 1U) != 0; }

// Every row of random records against the compiled evaluator.
void compare(const Rules& rules, std::size_t rows, bool as_texts, std::uint64_t seed) {
    Dice dice{seed};
    const ir::Module& module = rules.state().module;
    const Instant now = random_now(dice);
    const ColumnDecider decider{rules};
    std::vector<value::Record> records(rows);
    for (value::Record& record : records) random_record(dice, module, now, {}, record);
    PublicColumns columns{module, decider.needs(), records, as_texts};
    ColumnDecisions decisions;
    const auto problem = decider.decide(rows, columns.columns(), now, decisions);
    REQUIRE_MESSAGE(!problem, problem->message);
    REQUIRE(decisions.verdicts().size() == rows);
    const eval::Program program{module};
    auto scratch = program.make_scratch();
    std::vector<eval::RuleDecision> out(module.rules.size());
    std::size_t wrong = 0;
    for (std::size_t row = 0; row < rows; ++row) {
        program.decide(records[row], now, scratch, out);
        eval::Decision decision{out};
        if (static_cast<int>(decisions.verdicts()[row]) != static_cast<int>(eval::verdict(module, decision))) ++wrong;
        for (std::size_t r = 0; r < out.size(); ++r) {
            const RuleBitmaps bits = decisions.rule(r);
            const bool same = has(bits.violated, row) == (out[r].outcome == ir::Outcome::kViolated) &&
                              has(bits.undetermined, row) == (out[r].outcome == ir::Outcome::kUndetermined) &&
                              has(bits.exempt, row) == (out[r].outcome == ir::Outcome::kExempt) &&
                              has(bits.pass, row) == (out[r].outcome == ir::Outcome::kPass) &&
                              has(bits.warns, row) == (out[r].warning == eval::Truth::kTrue) &&
                              has(bits.perhaps_warns, row) == (out[r].warning == eval::Truth::kUnknown);
            if (!same) ++wrong;
        }
    }
    CHECK(wrong == 0);
}

constexpr std::string_view kFields =
    "    name: text?\n"
    "    flagged: bool\n"
    "    permissions: set of { read, trade, withdraw }\n"
    "    kind: one of { bot, human }?\n"
    "    addresses: set of network\n"
    "    gate: network\n"
    "    tags: set of text\n"
    "    ports: set of int 0..65535\n"
    "    token: secret?\n"
    "    retries: int 0..9\n"
    "    limits: { daily: int 0..100, seen: instant? }?\n"
    "    created: instant\n"
    "    used: instant?\n"
    "    idle: duration\n"
    "    assume created <= used <= now";

constexpr std::string_view kRules = R"(
define open = any n in addresses: n is open
rule named { severity error require name is present and name is not blank message "m" }
rule short { severity warning when name is present require length(name) <= 2 message "m" }
rule closed { severity error when withdraw in permissions unless flagged require not open message "m" }
rule bots { severity error when kind is present and kind == bot require permissions has only {read, trade} message "m" }
rule inside { severity error require every n in addresses: n within gate message "m" }
rule gated { severity error require gate is not open message "m" }
rule tagged { severity error when tags is not empty require any t in tags: t starts with "b" message "m" }
rule ported { severity warning require no p in ports: p < retries message "m" }
rule secret { severity error when token is present require token is not masked and length(token) >= 3 message "m" }
rule limited { severity error when limits is present require limits.daily <= 10 message "m" }
rule counted { severity info require count(permissions) <= retries message "m" }
rule old {
    severity error
    unless flagged
    expire 30 days after (used else created) warn 7 days before
    message "m"
}
rule idling { severity warning require idle < 10 days or now - created < idle message "m" }
)";

}  // namespace

TEST_CASE("the example of the header") {
    const Rules rules = compiled(pack_text("    permissions: set of { read, trade }\n    flagged: bool",
                                           "rule quiet { severity error when trade in permissions require not flagged "
                                           "message \"m\" }"));
    const Instant now = at("2026-01-31T00:00:00Z");

    ColumnDecider decider{rules};
    const std::vector<std::uint64_t> permissions{0b001, 0b010, 0b011};  // bit i: value i of the set
    const std::vector<std::uint64_t> flagged{0b010}, unknown{0b100};    // bit i: row i
    const std::vector<Column> columns{
        {.field = "permissions", .members = permissions},
        {.field = "flagged", .unknown = unknown, .truth = flagged},
    };
    ColumnDecisions decisions;
    const auto problem = decider.decide(3, columns, now, decisions);
    REQUIRE(!problem);
    CHECK(decisions.verdicts()[0] == Verdict::kCompliant);
    CHECK(decisions.verdicts()[1] == Verdict::kViolation);
    CHECK(decisions.verdicts()[2] == Verdict::kUndetermined);
    CHECK(decisions.rule(0).violated[0] == 0b010);
    CHECK(decisions.rule(0).undetermined[0] == 0b100);
    CHECK(decisions.rule(0).pass[0] == 0);
}

TEST_CASE("columns are decided as records are") {
    const Rules own = compiled(pack_text(kFields, kRules));
    for (const std::size_t rows : {std::size_t{0}, std::size_t{1}, std::size_t{63}, std::size_t{64}, std::size_t{65},
                                   std::size_t{1023}, std::size_t{1024}, std::size_t{1025}, std::size_t{3000}}) {
        for (const bool as_texts : {false, true}) {
            compare(kucoin(), rows, as_texts, rows + 1);
            compare(own, rows, as_texts, rows + 2);
        }
    }
}

TEST_CASE("needs name what rules and assumptions ask of fields") {
    const ColumnDecider decider{compiled(pack_text(kFields, kRules))};
    std::map<std::string, std::string> asked;
    for (const ColumnNeed& need : decider.needs()) {
        for (const ColumnAspect aspect : need.aspects) asked[need.field] += std::string{to_string(aspect)} + ' ';
        asked[need.field] += need.optional ? "?" : "";
    }
    CHECK(asked["name"] == "blank length ?");
    CHECK(asked["flagged"] == "truth ");
    CHECK(asked["permissions"] == "members ");
    CHECK(asked["addresses"] == "open texts ");
    CHECK(asked["gate"] == "texts ");
    CHECK(asked["tags"] == "empty texts ");
    CHECK(asked["ports"] == "elements ");
    CHECK(asked["token"] == "length facts ?");
    CHECK(asked["limits"] == "?");
    CHECK(asked["limits.daily"] == "number ");
    CHECK(asked["created"] == "number ");
    CHECK(asked.count("limits.seen") == 0);
}

TEST_CASE("what is no record is refused, and nothing decided") {
    const Rules rules = compiled(pack_text(kFields, kRules));
    const ColumnDecider decider{rules};
    const ir::Module& module = rules.state().module;
    constexpr std::size_t kRows = 1100;
    Dice dice{5};
    const Instant now = random_now(dice);
    std::vector<value::Record> records(kRows);
    for (value::Record& record : records) {
        do random_record(dice, module, now, {.unknown = 0, .absent = 0, .partly_known = true}, record);
        while (record.count(4) == 0);  // an address in each
    }
    ColumnDecisions decisions;
    // Changes one column, and says what is wrong then.
    const auto refusal = [&](std::string_view field, auto change, bool as_texts = false) -> std::string {
        PublicColumns columns{module, decider.needs(), records, as_texts};
        change(*std::ranges::find(columns.columns(), field, &Column::field));
        const auto problem = decider.decide(kRows, columns.columns(), now, decisions);
        CHECK((!problem || decisions.verdicts().empty()));
        if (!problem) return "none";
        return problem->message + (problem->row ? " in " + std::to_string(*problem->row) : "");
    };
    CHECK(refusal("name", [](Column&) {}) == "none");
    CHECK(refusal("name", [](Column& c) { c.field = "nam"; }) == "the schema has no field `nam`");
    CHECK(refusal("name", [](Column& c) { c.field = "kind"; }) == "there are two columns for field `kind`");
    CHECK(refusal("name", [](Column& c) { c.field = "limits.seen"; }) ==
          "there is no column for field `name`, which the rules read");
    CHECK(refusal("flagged", [](Column& c) { c.truth = c.truth.first(17); }) ==
          "`truth` of field `flagged` has 17 elements, 1100 rows need 18");
    CHECK(refusal("flagged", [](Column& c) { c.truth = {}; }) == "field `flagged` lacks `truth`");
    CHECK(refusal("flagged", [](Column& c) { c.given = c.given.first(3); }) ==
          "`given` of field `flagged` has 3 elements, 1100 rows need 18");
    CHECK(refusal("kind", [](Column& c) { c.choice = c.choice.first(kRows - 1); }) ==
          "`choice` of field `kind` has 1099 elements, 1100 rows need 1100");
    CHECK(refusal("created", [](Column& c) { c.nanoseconds = c.nanoseconds.first(1); }) ==
          "`nanoseconds` of field `created` has 1 elements, 1100 rows need 1100");
    CHECK(refusal("token", [](Column& c) { c.facts = {}; }) == "field `token` lacks `facts`");
    CHECK(refusal("ports", [](Column& c) { c.offsets = {}; }) == "field `ports` lacks `offsets`");
    CHECK(refusal("addresses", [](Column& c) {
              c.texts = c.texts.first(1);
          }).starts_with("`texts` of field `addresses` has 1 elements"));

    std::vector<std::uint64_t> bits(18, 0), all(18, ~std::uint64_t{0});
    bits[17] = 2;
    CHECK(refusal("flagged", [&](Column& c) { c.unknown = bits; }) ==
          "field `flagged` is given and unknown at once in 1089");
    CHECK(refusal("flagged", [&](Column& c) { c.given = bits; }) ==
          "field `flagged` is absent, and it isn't optional in 0");
    CHECK(refusal("limits", [&](Column& c) { c.given = bits; }) == "none");  // its members go with it

    std::vector<std::uint8_t> choice(kRows, 0);
    choice[1050] = 2;
    CHECK(refusal("kind", [&](Column& c) { c.choice = choice; }) ==
          "field `kind` has a number that is none of its values in 1050");
    choice[1050] = 255;
    CHECK(refusal("kind", [&](Column& c) { c.choice = choice; }) ==
          "field `kind` has a number that is none of its values in 1050");
    std::vector<std::uint64_t> members(kRows, 7);
    members[3] = 8;
    CHECK(refusal("permissions", [&](Column& c) { c.members = members; }) ==
          "field `permissions` has a bit that is none of its values in 3");
    std::vector<std::int64_t> numbers(kRows, 1);
    numbers[9] = 10;
    CHECK(refusal("retries", [&](Column& c) { c.numbers = numbers; }) ==
          "field `retries` has a number outside 0..9 in 9");
    numbers[9] = value::kLastSecond + 1;
    CHECK(refusal("created", [&](Column& c) { c.numbers = numbers; }) ==
          "field `created` has an instant outside the years 1970 to 9999 in 9");
    std::vector<std::uint32_t> parts(kRows, 0);
    parts[1099] = 1'000'000'000;
    CHECK(refusal("idle", [&](Column& c) { c.nanoseconds = parts; }) ==
          "field `idle` has a second with more than 999 999 999 nanoseconds in 1099");
    std::vector<std::uint8_t> facts(kRows, 0);
    facts[0] = 128;
    CHECK(refusal("token", [&](Column& c) { c.facts = facts; }) ==
          "field `token` has a fact that is said to be unknown in 0");
    std::vector<std::uint32_t> lengths(kRows, 5), longest(kRows, 5);
    longest[2] = 4;
    CHECK(refusal("token", [&](Column& c) { c.lengths = lengths, c.longest = longest; }) ==
          "field `token` has a least length above the greatest one in 2");

    std::vector<std::string_view> texts(kRows, "10.0.0.1");
    texts[1024] = "10.0.0.01";
    CHECK(refusal("gate", [&](Column& c) { c.texts = texts; }) ==
          "field `gate` has a text that is not a network in 1024");
    texts.assign(kRows, "a");
    texts[7] = "\xc3";
    CHECK(
        refusal("name", [&](Column& c) { c.texts = texts; }, true) == "field `name` has a text that isn't UTF-8 in 7");
    std::vector<std::uint32_t> offsets(kRows + 1, 0);
    offsets[4] = 1;
    CHECK(refusal("tags", [&](Column& c) { c.offsets = offsets; }).starts_with("`offsets` of field `tags` descend"));
    offsets.assign(kRows + 1, 5000);
    offsets[0] = 0;
    texts.assign(5000, "10.0.0.1");
    CHECK(refusal("addresses", [&](Column& c) { c.offsets = offsets, c.texts = texts; }) ==
          "field `addresses` has more than 4096 elements in 0");
    // The text of a secret is shown to nobody, whatever is wrong with it.
    texts.assign(kRows, "hunter2\xff");
    CHECK(refusal("token", [&](Column& c) { c.texts = texts; }) == "field `token` has a text that isn't UTF-8 in 0");
}

TEST_CASE("a record that breaks an assumption is invalid, and no rule is asked") {
    const Rules rules = compiled(pack_text("    made: instant\n    used: instant?\n    assume made <= used <= now",
                                           "rule used { severity error require used is present message \"m\" }"));
    const std::vector<std::int64_t> made{100, 100, 100, 100}, used{100, 99, 5000, 7};
    const std::vector<std::uint64_t> given{0b0111};
    ColumnDecisions decisions;
    const std::vector<Column> columns{{.field = "made", .numbers = made},
                                      {.field = "used", .given = given, .numbers = used}};
    REQUIRE(!ColumnDecider{rules}.decide(4, columns, Instant{4000, 0}, decisions));
    const std::vector<Verdict> expected{Verdict::kCompliant, Verdict::kInvalid, Verdict::kInvalid, Verdict::kViolation};
    CHECK(std::ranges::equal(decisions.verdicts(), expected));
    CHECK(decisions.rule(0).pass[0] == 0b0001);
    CHECK(decisions.rule(0).violated[0] == 0b1000);
}

TEST_CASE("decisions are reused, and tell of the last call alone") {
    const Rules one = compiled(pack_text("    a: bool", "rule r { severity error require a message \"m\" }"));
    const Rules two =
        compiled(pack_text("    a: bool", "rule r { severity error unless not a require not a message \"m\" }"));
    const std::vector<std::uint64_t> truth{0b01};
    const std::vector<Column> columns{{.field = "a", .truth = truth}};
    ColumnDecisions decisions;
    REQUIRE(!ColumnDecider{two}.decide(2, columns, {}, decisions));
    CHECK(decisions.rule(0).exempt[0] == 0b10);
    CHECK(decisions.rule(0).violated[0] == 0b01);
    REQUIRE(!ColumnDecider{one}.decide(2, columns, {}, decisions));
    CHECK(decisions.rule(0).exempt[0] == 0);
    CHECK(decisions.rule(0).violated[0] == 0b10);
    CHECK(ColumnDecider{one}.decide(2, {}, {}, decisions));
    CHECK(decisions.verdicts().empty());
}
