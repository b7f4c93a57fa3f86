// Headers made of packs and of random modules, compiled, against the reference evaluator: every outcome, exemption,
// deadline, warning, verdict and expiration, on records with unknowns.
//
// KEYWRIGHT_INLINED_RECORDS: how many random records for each header.
#include "analysis/suite.h"
#include "differential/random_module.h"
#include "emit/terms_of_rules.h"
#include "eval/reference.h"
#include "inlined/cases.h"
#include "ir/given.h"
#include "support/random_record.h"

#include "cases.inc"

#include <doctest/doctest.h>

#include <cstdlib>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <type_traits>
#include <vector>

using namespace keywright;
using namespace keywright::test;

namespace {

std::size_t records_each() {
    const char* text = std::getenv("KEYWRIGHT_INLINED_RECORDS");
    return text != nullptr ? std::strtoull(text, nullptr, 10) : 6'000;
}

// Fills a header's record from one of the library's, and keeps what its views point to.
class Filler {
public:
    explicit Filler(const value::Record& from) : from_(from) {}

    template <class T>
    void operator()(std::size_t field, inlined::OptionalField<T>& to) {
        if (from_.state(field) == value::State::kAbsent) {
            to = inlined::absent;
        } else {
            (*this)(field, static_cast<inlined::Field<T>&>(to));
        }
    }
    // A field of a nested record that isn't there may be absent without being optional; the record around it decides.
    template <class T>
    void operator()(std::size_t field, inlined::Field<T>& to) {
        if (from_.state(field) != value::State::kGiven) {
            to = inlined::unknown;
        } else if constexpr (std::is_same_v<T, bool>) {
            to = from_.boolean(field);
        } else if constexpr (std::is_same_v<T, std::int64_t>) {
            to = from_.integer(field);
        } else if constexpr (std::is_same_v<T, std::string_view>) {
            to = from_.text(field);
        } else if constexpr (std::is_enum_v<T>) {
            to = static_cast<T>(from_.enumerator(field));
        } else if constexpr (std::is_same_v<T, inlined::Network>) {
            to = network(from_.network(field));
        } else if constexpr (std::is_same_v<T, inlined::Instant>) {
            to = inlined::Instant{from_.instant(field).seconds, from_.instant(field).nanoseconds};
        } else if constexpr (std::is_same_v<T, inlined::Duration>) {
            to = inlined::Duration{from_.duration(field).seconds, from_.duration(field).nanoseconds};
        } else if constexpr (std::is_same_v<T, inlined::Secret>) {
            const value::SecretFacts& s = from_.secret(field);
            to = inlined::Secret{s.length_min, s.length_max, s.known, s.facts};
        } else if constexpr (std::is_same_v<T, inlined::Present>) {
            to = inlined::present;
        } else if constexpr (std::is_same_v<T, inlined::Set<inlined::Network>>) {
            auto& list = networks_.emplace_back();
            for (const value::Network& n : from_.network_set(field)) list.push_back(network(n));
            to = T::of(list);
        } else if constexpr (std::is_same_v<T, inlined::Set<std::string_view>>) {
            auto& list = texts_.emplace_back();
            for (std::size_t i = 0; i < from_.count(field); ++i) list.push_back(from_.text_element(field, i));
            to = T::of(list);
        } else if constexpr (std::is_same_v<T, inlined::Set<std::int64_t>>) {
            auto& list = ints_.emplace_back();
            for (const std::int64_t n : from_.int_set(field)) list.push_back(n);
            to = T::of(list);
        } else {
            to = T::from_bits(from_.enum_set(field));
        }
    }

private:
    static inlined::Network network(const value::Network& n) {
        if (n.masked) return inlined::Network::hidden();
        if (n.family == 4) return inlined::Network::ipv4(static_cast<std::uint32_t>(n.low), n.prefix);
        return inlined::Network::ipv6(n.high, n.low, n.prefix);
    }
    const value::Record& from_;
    std::deque<std::vector<inlined::Network>> networks_;
    std::deque<std::vector<std::string_view>> texts_;
    std::deque<std::vector<std::int64_t>> ints_;
};

bool same(const inlined::Bounds& a, const eval::InstantBounds& b) {
    return a.earliest == b.earliest && a.latest == b.latest;
}

// What differs between a header's decision and the reference's, or nothing.
template <class Case>
std::string difference(const ir::Module& module, const value::Record& record, Instant now,
                       const eval::Decision& expected) {
    Filler filler{record};
    typename Case::Record filled;
    Case::each_field(filled, filler);
    const auto decision = Case::decide(filled, {now.seconds, now.nanoseconds});
    static_assert(std::is_trivially_copyable_v<decltype(decision)>);
    std::string out;
    for (std::size_t r = 0; r < module.rules.size(); ++r) {
        const eval::RuleDecision& rule = expected.rules[r];
        const inlined::RuleInfo& info = Case::rules[r];
        std::string wrong;
        if (static_cast<int>(decision.outcomes[r]) != static_cast<int>(rule.outcome)) {
            wrong += " outcome " + std::to_string(static_cast<int>(decision.outcomes[r])) + " is not " +
                     std::string{ir::word(rule.outcome)};
        }
        if (info.exempting != inlined::RuleInfo::kNone && decision.exempt_by[info.exempting] != rule.exempt_by) {
            wrong += " exemption";
        }
        if (info.deadline != inlined::RuleInfo::kNone) {
            const inlined::Deadline& deadline = decision.deadlines[info.deadline];
            if (static_cast<int>(deadline.applies) != static_cast<int>(rule.applies)) wrong += " applies";
            if (static_cast<int>(deadline.warning) != static_cast<int>(rule.warning)) wrong += " warning";
            if (!same(deadline.at, rule.deadline)) wrong += " deadline";
        }
        if (!wrong.empty()) out += module.rules[r].name + ":" + wrong + "\n";
    }
    if (static_cast<int>(decision.verdict) != static_cast<int>(eval::verdict(module, expected))) out += "verdict\n";
    const eval::Expiration expiration = eval::expiration(module, expected);
    if (decision.expiration.none != expiration.none || !same(decision.expiration.at, expiration.at)) {
        out += "expiration\n";
    }
    if (!out.empty()) out += describe(module, record) + "now: " + to_string(now) + "\n" + ir::dump(module);
    return out;
}

}  // namespace

static_assert(static_cast<int>(inlined::Outcome::kUndetermined) == static_cast<int>(ir::Outcome::kUndetermined) &&
              static_cast<int>(inlined::Verdict::kUndetermined) == static_cast<int>(ir::Verdict::kUndetermined));

TEST_CASE("inlined headers decide random records as the reference does") {
    const std::vector<InlinedCase> cases = inlined_cases();
    std::size_t at = 0, done = 0;
    std::size_t outcomes[5] = {};
    for_each_case([&]<class Case>(Case) {
        const InlinedCase& one = cases[at++];
        REQUIRE(one.name == Case::name);
        const ir::Module& module = *one.module;
        Dice dice{at};
        value::Record record;
        for (std::size_t i = 0; i < records_each(); ++i, ++done) {
            Instant now = dice.pick(instants());
            if (one.random || i % 2 == 0) {
                random_record(dice, module, false, record);
            } else {
                now = random_now(dice);
                random_record(dice, module, now, {.unknown = i % 4 == 1 ? 20U : 3U}, record);
            }
            const eval::Decision expected = eval::decide_reference(module, record, now);
            const std::string wrong = difference<Case>(module, record, now, expected);
            if (!wrong.empty()) FAIL(one.name << "\n" << wrong);
            for (const eval::RuleDecision& d : expected.rules) ++outcomes[static_cast<std::size_t>(d.outcome)];
        }
    });
    CHECK(at == cases.size());
    // The records reach every outcome, none of them rarely.
    for (const std::size_t count : outcomes) CHECK(count > done / 100);
    MESSAGE(done << " records: not applicable " << outcomes[0] << ", exempt " << outcomes[1] << ", pass " << outcomes[2]
                 << ", violated " << outcomes[3] << ", undetermined " << outcomes[4]);
}

TEST_CASE("inlined headers decide the records of the packs' own tests as the reference does") {
    const std::vector<InlinedCase> cases = inlined_cases();
    std::size_t at = 0;
    for_each_case([&]<class Case>(Case) {
        const InlinedCase& one = cases[at++];
        if (one.module->tests.empty()) return;
        const analysis::Suite suite{*one.module};
        REQUIRE(suite.cases.size() > 20);
        for (const analysis::Case& test : suite.cases) {
            if (!test.errors.empty()) continue;
            const value::Record& record = suite.records[test.record];
            const Instant now = test.expected->at;
            const std::string wrong =
                difference<Case>(*one.module, record, now, eval::decide_reference(*one.module, record, now));
            if (!wrong.empty()) FAIL(one.name << " " << one.module->tests[test.test].name << "\n" << wrong);
        }
    });
}

TEST_CASE("what a header says of missing members is what the schema says") {
    const std::vector<InlinedCase> cases = inlined_cases();
    std::size_t at = 0;
    for_each_case([&]<class Case>(Case) {
        const ir::Module& module = *cases[at++].module;
        const value::Record record = analysis::to_record(module, ir::nothing_given(module.schema));
        Filler filler{record};
        typename Case::Record filled, missing = Case::nothing_given();
        Case::each_field(filled, filler);
        std::vector<inlined::State> states, expected;
        Case::each_field(filled, [&](std::size_t, auto& field) { expected.push_back(field.state()); });
        Case::each_field(missing, [&](std::size_t, auto& field) { states.push_back(field.state()); });
        CHECK(states == expected);
        const inlined::Instant now{1'767'225'600, 0};
        CHECK(Case::decide(filled, now) == Case::decide(missing, now));
    });
}

TEST_CASE("the headers hold every operator that the compiled evaluator has") {
    using eval::code::Code;
    std::set<Code> found;
    for (const InlinedCase& one : inlined_cases()) {
        const emit::RuleTerms terms{*one.module};
        for (std::uint32_t i = 0; i < terms.terms().all().size(); ++i) {
            if (terms.is_needed(i)) found.insert(terms.term(i).code);
        }
    }
    for (int code = 0; code < static_cast<int>(Code::kLoopBegin); ++code) {
        CAPTURE(code);
        CHECK(found.contains(static_cast<Code>(code)));
    }
}

TEST_CASE("a table of rules tells names, severities and clauses") {
    const std::vector<InlinedCase> cases = inlined_cases();
    std::size_t at = 0;
    for_each_case([&]<class Case>(Case) {
        const ir::Module& module = *cases[at++].module;
        REQUIRE(Case::rules.size() == module.rules.size());
        for (std::size_t r = 0; r < module.rules.size(); ++r) {
            const ir::Rule& rule = module.rules[r];
            const inlined::RuleInfo& info = Case::rules[r];
            CHECK(info.name == rule.name);
            CHECK(static_cast<int>(info.severity) == static_cast<int>(rule.severity));
            REQUIRE(info.cites.size() == rule.cites.size());
            for (std::size_t c = 0; c < rule.cites.size(); ++c) {
                const ir::Document& document = module.documents[rule.cites[c].document.index()];
                CHECK(info.cites[c].document == document.name);
                CHECK(info.cites[c].clause == rule.cites[c].clause);
                bool stands = false;
                for (const ir::Clause& clause : document.clauses) {
                    stands = stands || (clause.id == info.cites[c].clause && clause.text == info.cites[c].text);
                }
                CHECK(stands);
            }
            REQUIRE(info.exemptions.size() == rule.exemptions.size());
            for (std::size_t e = 0; e < rule.exemptions.size(); ++e) {
                CHECK(info.exemptions[e] == rule.exemptions[e].label);
            }
        }
    });
}

// The compiler can decide, too.
namespace {

constexpr cases::tiny::Record resting_key() {
    cases::tiny::Record record = cases::tiny::nothing_given();
    record.permissions = {cases::tiny::Permissions::withdrawal};
    record.limits = inlined::absent;
    record.last_used_at = inlined::Instant{1'767'225'600, 0};
    return record;
}
constexpr cases::tiny::Decision decided = cases::tiny::decide(resting_key(), {1'769'817'600, 0});
static_assert(decided.verdict == inlined::Verdict::kViolation);
static_assert(decided.of(cases::tiny::Rule::withdrawal_needs_address) == inlined::Outcome::kViolated);
static_assert(decided.of(cases::tiny::Rule::resting_key_expires) == inlined::Outcome::kViolated);
static_assert(inlined::to_instant(decided.expiration.at.earliest) == inlined::Instant{1'769'817'600, 0});
static_assert(cases::tiny::decide({}, {0, 0}).verdict == inlined::Verdict::kUndetermined);

}  // namespace
