// The forecast as a function of time against deciding at every instant that could matter, and at others.
//
// KEYWRIGHT_DIFFERENTIAL_PAIRS: how many pairs of record and rule; KEYWRIGHT_DIFFERENTIAL_SEED: the first seed.
#include "analysis/forecast.h"
#include "differential/random_module.h"
#include "engine/records.h"
#include "engine/state.h"
#include "eval/program.h"
#include "eval/reference.h"
#include "input/assume.h"
#include "support/compiling.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

using namespace keywright;
using namespace keywright::test;
using value::Nanos;

namespace {

std::uint64_t setting(const char* name, std::uint64_t otherwise) {
    const char* text = std::getenv(name);
    return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

bool readable(const ir::Module& module, const value::Record& record, Instant at) {
    bool kept = true;
    input::find_broken_assumptions(module, record, at, [&](ir::FieldId, const std::string&) { kept = false; });
    return kept;
}

// What the forecast says of one instant. Asked in ascending order.
class Reader {
public:
    explicit Reader(const RecordForecast& forecast) : forecast_(forecast), verdict(forecast.verdict) {
        for (const RuleStanding& rule : forecast.now) {
            index_[rule.rule] = standings.size();
            standings.push_back(rule.standing);
        }
    }
    void move_to(Instant at) {
        for (; next_ < forecast_.changes.size() && forecast_.changes[next_].at <= at; ++next_) {
            const RuleChange& change = forecast_.changes[next_];
            Standing& standing = standings[index_.at(change.rule)];
            CHECK(standing == change.from);
            CHECK(change.from != change.to);
            standing = change.to;
        }
        for (; next_verdict_ < forecast_.verdicts.size() && forecast_.verdicts[next_verdict_].at <= at;
             ++next_verdict_) {
            CHECK(verdict == forecast_.verdicts[next_verdict_].from);
            verdict = forecast_.verdicts[next_verdict_].to;
        }
    }

private:
    const RecordForecast& forecast_;
    std::map<std::string, std::size_t> index_;
    std::size_t next_ = 0, next_verdict_ = 0;

public:
    std::vector<Standing> standings;
    Verdict verdict;
};

// Every instant near a sum or difference of up to three times that the module or the record names, far more than the
// forecast looks at, and found without looking at expressions.
std::set<Nanos> guesses(Dice& dice, const ir::Module& module, const value::Record& record, Nanos now) {
    std::vector<Nanos> instants{now}, spans{0};
    const auto add = [&](const value::Value& v) {
        if (const auto* i = std::get_if<Instant>(&v)) instants.push_back(value::to_nanos(*i));
        if (const auto* d = std::get_if<Duration>(&v)) spans.push_back(value::to_nanos(*d));
    };
    for (const value::Value& constant : module.constants) add(constant);
    for (std::size_t f = 0; f < record.size(); ++f) {
        if (record.state(f) != value::State::kGiven) continue;
        if (module.schema.fields[f].type.kind == ir::Kind::kInstant) add(record.instant(f));
        if (module.schema.fields[f].type.kind == ir::Kind::kDuration) add(record.duration(f));
    }
    const auto tidy = [](std::vector<Nanos>& list, std::size_t most) {
        std::sort(list.begin(), list.end());
        list.erase(std::unique(list.begin(), list.end()), list.end());
        if (list.size() > most) list.resize(most);
    };
    tidy(instants, 8);
    std::vector<Nanos> sums = spans;
    for (const Nanos a : spans) {
        for (const Nanos b : spans) sums.insert(sums.end(), {a + b, a - b, -a - b, -a});
    }
    for (const Nanos a : instants) {
        for (const Nanos b : instants) sums.push_back(a - b);
    }
    tidy(sums, 400);
    std::set<Nanos> all;
    for (const Nanos i : instants) {
        for (const Nanos s : sums) {
            for (const Nanos step : {-1, 0, 1}) {
                const Nanos t = i + s + step;
                if (t > now && t <= analysis::kEndOfTime) all.insert(t);
            }
        }
    }
    for (int i = 0; i < 20; ++i) {
        const Nanos spread = Nanos{1} << (10 + dice.below(58));
        all.insert(std::min(analysis::kEndOfTime, now + 1 + static_cast<Nanos>(dice.next()) % spread));
    }
    all.insert(analysis::kEndOfTime);
    return all;
}

// What deciding says at `at`, compared with the forecast; says everything where they differ.
bool agrees(const ir::Module& module, const value::Record& record, const std::vector<eval::RuleDecision>& decided,
            const Reader& reader, Instant at) {
    const eval::Decision decision{decided};
    if (reader.verdict != static_cast<Verdict>(eval::verdict(module, decision))) return false;
    for (std::size_t r = 0; r < decided.size(); ++r) {
        if (reader.standings[r] != analysis::standing_of(decided[r])) {
            FAIL_CHECK("rule " << r << " at " << to_string(at) << ": forecast " << to_string(reader.standings[r])
                               << ", decided " << to_string(analysis::standing_of(decided[r])) << "\n"
                               << ir::dump(module) << test::describe(module, record));
            return false;
        }
    }
    return true;
}

struct Counts {
    std::size_t tried = 0, missed = 0, pairs = 0, changes = 0, asked = 0, incomplete = 0, unreadable = 0, escapes = 0,
                renewals = 0;
};

// Every value of a type that has few; nothing of others.
std::vector<value::Value> few_values(const ir::Module& module, const ir::Type& type) {
    std::vector<value::Value> all;
    if (type.kind == ir::Kind::kBool) all = {true, false};
    if (type.kind == ir::Kind::kInt && type.min >= -3 && type.max <= 6) {
        for (std::int64_t n = type.min; n <= type.max; ++n) all.emplace_back(n);
    }
    if (!type.enumeration.valid()) return all;
    const std::size_t n = module.enums[type.enumeration.index()].values.size();
    if (type.kind == ir::Kind::kEnum) {
        for (std::uint32_t i = 0; i < n; ++i) all.emplace_back(value::EnumValue{i});
    } else if (type.kind == ir::Kind::kSet) {
        for (std::uint64_t bits = 0; bits < std::uint64_t{1} << n; ++bits) all.emplace_back(value::EnumSet{bits});
    }
    return all;
}

// An expiry's escapes against trying every value of the members that have few of them. Whatever is found has to be
// there; of what is there, that which isn't found is counted.
void compare_escapes(const ir::Module& module, const value::Record& record, Instant now, const Expiry& expiry,
                     Counts& counts) {
    std::size_t r = 0;
    while (module.rules[r].name != expiry.rule) ++r;
    const eval::RuleDecision before = eval::decide_reference(module, record, now).rules[r];
    if (before.deadline.latest <= value::to_nanos(now)) {
        CHECK(expiry.escapes.empty());
        return;
    }
    std::vector<Instant> moments{now};
    for (const Nanos bound : {before.deadline.earliest, before.deadline.latest}) {
        if (bound > value::to_nanos(now) && bound <= analysis::kEndOfTime) moments.push_back(value::to_instant(bound));
    }
    for (std::size_t f = 0; f < record.size(); ++f) {
        const ir::Field& field = module.schema.fields[f];
        const bool found = std::any_of(expiry.escapes.begin(), expiry.escapes.end(),
                                       [&](const Escape& e) { return e.field == field.pointer; });
        if (field.immutable) CHECK_FALSE(found);
        const std::vector<value::Value> values = few_values(module, field.type);
        if (values.empty() || field.parent.valid() || field.immutable) continue;
        bool there = false;
        const auto attempt = [&](const value::Record& trial) {
            bool exits = readable(module, trial, now);
            for (const Instant moment : moments) {
                const ir::Outcome outcome = eval::decide_reference(module, trial, moment).rules[r].outcome;
                exits = exits && (outcome == ir::Outcome::kNotApplicable || outcome == ir::Outcome::kExempt);
            }
            there = there || exits;
        };
        for (const value::Value& value : values) {
            value::Record trial = record;
            trial.set(f, value);
            attempt(trial);
        }
        if (field.type.optional) {
            value::Record trial = record;
            trial.set_absent(f);
            attempt(trial);
        }
        if (found) CHECK(there);
        ++counts.tried;
        if (there && !found) ++counts.missed;
    }
}

// Compares one record's forecast with deciding; false where they differ.
bool compare(Dice& dice, const ir::Module& module, const eval::Program& program, analysis::Forecaster& forecaster,
             const value::Record& record, Instant now, bool by_reference, Counts& counts) {
    RecordForecast forecast;
    forecaster.fill(record, now, {}, forecast);
    counts.pairs += module.rules.size();
    if (!forecast.complete) {
        ++counts.incomplete;
        return true;
    }
    counts.changes += forecast.changes.size();
    CHECK(std::is_sorted(forecast.changes.begin(), forecast.changes.end(),
                         [](const RuleChange& a, const RuleChange& b) { return a.at < b.at; }));
    const Nanos start = value::to_nanos(now);
    std::set<Nanos> instants = guesses(dice, module, record, start);
    for (const RuleChange& change : forecast.changes) {
        for (const Nanos step : {-1, 0, 1}) {
            const Nanos t = value::to_nanos(change.at) + step;
            if (t > start && t <= analysis::kEndOfTime) instants.insert(t);
        }
    }
    auto scratch = program.make_scratch();
    std::vector<eval::RuleDecision> decided(module.rules.size());
    Reader reader{forecast};
    for (const Nanos t : instants) {
        const Instant at = value::to_instant(t);
        reader.move_to(at);
        if (!readable(module, record, at)) {
            ++counts.unreadable;
            CHECK(reader.verdict == Verdict::kInvalid);
            continue;
        }
        if (by_reference) {
            decided = eval::decide_reference(module, record, at).rules;
        } else {
            program.decide(record, at, scratch, decided);
        }
        ++counts.asked;
        if (!agrees(module, record, decided, reader, at)) return false;
    }
    for (const Expiry& expiry : forecast.expiries) {
        compare_escapes(module, record, now, expiry, counts);
        counts.escapes += expiry.escapes.size();
        counts.renewals += expiry.renewals.size();
    }
    return true;
}

}  // namespace

TEST_CASE("a forecast says what deciding says at every instant to come") {
    const std::uint64_t pairs = setting("KEYWRIGHT_DIFFERENTIAL_PAIRS", 4'000);
    const std::uint64_t first = setting("KEYWRIGHT_DIFFERENTIAL_SEED", 1);
    Counts counts;
    value::Record record;
    for (std::uint64_t seed = first; counts.pairs < pairs; ++seed) {
        Dice dice{seed * 7'919};
        Shape shape;
        shape.small = dice.chance(50);  // mostly instants
        shape.fields = 2 + dice.below(7);
        shape.rules = 1 + dice.below(4);
        shape.depth = 1 + static_cast<unsigned>(dice.below(4));
        const ir::Module module = random_module(dice, shape);
        const eval::Program program{module};
        const analysis::Dependencies dependencies{module};
        analysis::Forecaster forecaster{{module, program, dependencies}};
        for (int k = 0; k < 6; ++k) {
            random_record(dice, module, shape.small, record);
            const Instant now = dice.pick(instants());
            if (!readable(module, record, now)) continue;
            CAPTURE(seed);
            if (!compare(dice, module, program, forecaster, record, now, dice.chance(10), counts)) return;
        }
    }
    MESSAGE(counts.pairs << " pairs of record and rule, " << counts.changes << " changes, " << counts.asked
                         << " instants, " << counts.unreadable << " of them unreadable, " << counts.incomplete
                         << " records given up, " << counts.escapes << " escapes (" << counts.missed << " missed of "
                         << counts.tried << " members tried), " << counts.renewals << " renewals");
    CHECK(counts.missed == 0);
    CHECK(counts.tried > 0);
    CHECK(counts.changes > counts.pairs / 100);
    CHECK(counts.incomplete < counts.pairs / 100);
    CHECK(counts.unreadable > 0);
}

TEST_CASE("forecasts of KuCoin's samples, tests and examples, and of what is unknown in them") {
    Dice dice{1};
    Counts counts;
    std::size_t number = 0;
    bool first_file = true;
    // All of them where more was asked for.
    const std::size_t stride = std::getenv("KEYWRIGHT_DIFFERENTIAL_PAIRS") == nullptr ? 7 : 1;
    const auto compare_all = [&](const Rules& rules, analysis::Forecaster& forecaster, const value::Record& record) {
        const Rules::State& state = rules.state();
        // As it is, and with each member unknown in turn.
        for (std::size_t f = 0; f <= record.size(); ++f) {
            if (f < record.size() && (f + number) % stride != 0) continue;
            value::Record trial = record;
            if (f < record.size()) trial.set_unknown(f);
            for (const char* text :
                 {"2026-01-01T00:00:00Z", "2026-01-25T06:30:00.000000001Z", "2026-02-15T00:00:00Z"}) {
                if (!readable(state.module, trial, at(text))) continue;
                REQUIRE(compare(dice, state.module, state.program, forecaster, trial, at(text), false, counts));
            }
        }
        ++number;
    };
    for (const std::string& file : rule_files("rules/kucoin_tr/tests")) {
        CompileOptions options;
        options.root = KEYWRIGHT_SOURCE_DIR "/rules/kucoin_tr";
        const Compiled compiled = compile_path(std::string{KEYWRIGHT_SOURCE_DIR "/"} + file, options);
        CAPTURE(file);
        if (file.ends_with("/samples.kw")) continue;  // the others import it; it is no pack
        REQUIRE(compiled.rules.has_value());
        const ir::Module& module = compiled.rules->state().module;
        analysis::Forecaster forecaster{compiled.rules->state().explainer()};
        const auto given = [&](const std::vector<ir::FieldValue>& fields) {
            value::Record record;
            record.reset(fields.size());
            for (std::size_t f = 0; f < fields.size(); ++f) {
                switch (fields[f].given) {
                    case ir::Given::kUnknown: break;
                    case ir::Given::kAbsent: record.set_absent(f); break;
                    case ir::Given::kPresent: record.set_present(f); break;
                    case ir::Given::kValue: record.set(f, module.constants[fields[f].value.index()]); break;
                }
            }
            return record;
        };
        if (std::exchange(first_file, false)) {
            for (const ir::Sample& sample : module.samples)
                compare_all(*compiled.rules, forecaster, given(sample.fields));
        }
        for (const ir::Test& test : module.tests) compare_all(*compiled.rules, forecaster, given(test.record));
    }
    analysis::Forecaster forecaster{kucoin().state().explainer()};
    for (const auto& [file, adapter] :
         std::map<std::string, std::string>{{"inventory.ndjson", ""},
                                            {"spot_key.json", ""},
                                            {"compliant_key.json", ""},
                                            {"request.json", "request"},
                                            {"get_api_key.response.json", "get_api_key"}}) {
        CheckOptions options;
        options.now = at("2026-02-15T00:00:00Z");
        options.adapter = adapter;
        if (file.ends_with(".ndjson")) options.form = CheckOptions::Form::kLines;
        std::size_t read_ones = 0;
        engine::each_record(kucoin().state(), project_file("examples/kucoin/" + file), options,
                            [&](input::ReadRecord& read, RecordReport& report) {
                                if (!report.errors.empty()) return;
                                ++read_ones;
                                compare_all(kucoin(), forecaster, read.record);
                            });
        CAPTURE(file);
        CHECK(read_ones > 0);
    }
    MESSAGE(number << " records and variants of them, " << counts.pairs << " pairs of record and rule, "
                   << counts.changes << " changes, " << counts.asked << " instants, " << counts.escapes << " escapes, "
                   << counts.renewals << " renewals");
    CHECK(counts.changes > 0);
    CHECK(counts.escapes > 0);
    CHECK(counts.missed == 0);
    CHECK(counts.renewals > 0);
    CHECK(counts.incomplete == 0);
}

// Random modules seldom compare `now` with an unknown instant that assumptions bound; these do little else.
TEST_CASE("unknown instants between bounds") {
    Counts counts;
    const std::uint64_t rounds = std::max<std::uint64_t>(setting("KEYWRIGHT_DIFFERENTIAL_PAIRS", 4'000) / 50, 1);
    for (std::uint64_t round = 0; round < rounds; ++round) {
        Dice dice{round + 77};
        const std::vector<std::string> names{"a", "b", "c", "d", "now"};
        const std::vector<std::string> orders{"<", "<=", ">", ">=", "==", "!="};
        std::string fields;
        for (std::size_t f = 0; f < 4; ++f) fields += names[f] + ": instant\n";
        for (std::size_t n = 1 + dice.below(4); n > 0; --n) {
            const std::size_t x = dice.below(4);
            const std::size_t y = (x + 1 + dice.below(4)) % 5;
            fields += "assume " + names[x] + (dice.chance(30) ? " < " : " <= ") + names[y] + "\n";
        }
        std::string rules;
        for (int r = 0; r < 4; ++r) {
            const std::string span = std::to_string(1 + dice.below(40)) + " days";
            const std::string name = "rule r" + std::to_string(r) + " { ";
            if (dice.chance(40)) {
                rules += name + "expire " + span + " after " + names[dice.below(4)] +
                         " warn 3 days before message \"m\" }\n";
            } else {
                rules += name + "require now " + dice.pick(orders) + ' ' + names[dice.below(4)] +
                         (dice.chance(50) ? " + " : " - ") + span + " message \"m\" }\n";
            }
        }
        const Compiled compiled = compile_text(pack_text(fields, rules));
        if (!compiled.rules) continue;  // assumptions in a circle
        const Rules::State& state = compiled.rules->state();
        analysis::Forecaster forecaster{state.explainer()};
        for (int k = 0; k < 6; ++k) {
            value::Record record;
            random_record(dice, state.module, true, record);
            record.set_unknown(dice.below(4));
            const Instant now = dice.pick(instants());
            if (!readable(state.module, record, now)) continue;
            CAPTURE(round);
            if (!compare(dice, state.module, state.program, forecaster, record, now, dice.chance(10), counts)) return;
        }
    }
    MESSAGE(counts.pairs << " pairs of record and rule, " << counts.changes << " changes, " << counts.asked
                         << " instants");
    CHECK(counts.changes > 0);
}
