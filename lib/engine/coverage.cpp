// What tests cover, as the public header tells it; what several entry files of one pack show is put together here.
#include "keywright/coverage.h"

#include "analysis/coverage.h"
#include "engine/solvers.h"
#include "engine/state.h"
#include "report/record_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <tuple>
#include <utility>

namespace keywright {

namespace {

// One entry file.
struct Source {
    Source(const Rules::State& of, const CoverageEntry& entry, const CoverageOptions& options)
        : state(of), obligations(of.module), suite(of.module) {
        const auto counts = [&](const analysis::Case& one) {
            const ir::Test& test = state.module.tests[one.test];
            if (entry.own_tests_only && test.file != base::FileId{0}) return false;
            return test.name.find(options.filter) != std::string::npos;
        };
        seen = analysis::sightings(obligations, suite, counts);
        numbers.resize(suite.cases.size());
        for (const analysis::Case& one : suite.cases) used.push_back(one.errors.empty() && counts(one));
    }

    const Rules::State& state;
    analysis::Obligations obligations;
    analysis::Suite suite;
    analysis::Sightings seen;
    std::vector<bool> used;              // by case
    std::vector<std::uint32_t> numbers;  // of those, in Coverage::cases
    std::unique_ptr<analysis::Feasibility> feasibility;
};

// Tells obligations of one entry file from each other, and finds the same one in another.
using Key = std::tuple<std::string, std::string, std::size_t, analysis::Duty, std::string, std::string, std::string,
                       std::size_t, analysis::Side>;

Key key_of(const Source& source, const analysis::Obligation& o) {
    const ir::Module& module = source.state.module;
    const ir::Rule& rule = module.rules[o.rule.index()];
    const SourceRange place = source.state.sources.range(rule.span);
    const SourceRange subject = source.state.sources.range(o.span);
    // Two exemptions may be worded alike.
    const bool at_point = o.duty != analysis::Duty::kRule && o.duty != analysis::Duty::kOutcome;
    const std::uint32_t number = at_point ? source.obligations.points[o.point].exemption : o.exemption;
    return {fmt::format("{} {}", module.pack.name, module.pack.version),
            fmt::format("{} {}", place.file, rule.name),
            place.begin,
            o.duty,
            fmt::format("{} {}", number, analysis::place_of(source.obligations, o)),
            analysis::subject_of(source.obligations, o),
            subject.file,
            subject.begin,
            o.side};
}

std::string_view words_of(analysis::Side side) {
    switch (side) {
        case analysis::Side::kNone: return "";
        case analysis::Side::kTrue: return "true";
        case analysis::Side::kFalse: return "false";
        case analysis::Side::kBelow: return "just below";
        case analysis::Side::kAt: return "at";
        case analysis::Side::kAbove: return "just above";
    }
    return {};
}

Duty to_duty(analysis::Duty duty) {
    switch (duty) {
        case analysis::Duty::kRule: return Duty::kRule;
        case analysis::Duty::kOutcome: return Duty::kOutcome;
        case analysis::Duty::kCondition: return Duty::kCondition;
        case analysis::Duty::kDecides: return Duty::kDecides;
        case analysis::Duty::kBoundary: return Duty::kBoundary;
    }
    return Duty::kRule;
}

Covered to_covered(analysis::Judged::State state) {
    switch (state) {
        case analysis::Judged::State::kCovered: return Covered::kCovered;
        case analysis::Judged::State::kMissing: return Covered::kMissing;
        case analysis::Judged::State::kImpossible: return Covered::kImpossible;
        case analysis::Judged::State::kUnknown: return Covered::kUnknown;
    }
    return Covered::kUnknown;
}

class Measuring {
public:
    Measuring(const std::vector<CoverageEntry>& entries, const CoverageOptions& options) : options_(options) {
        for (const CoverageEntry& entry : entries) sources_.emplace_back(entry.rules.state(), entry, options);
    }

    Coverage run() {
        collect_cases();
        // The goals of an obligation are the same in all entry files, in the same order; what cases of the others show
        // is added to the first that has it.
        struct Owner {
            Source* source;
            const analysis::Obligation* obligation;
        };
        std::vector<Owner> owners;
        std::map<std::pair<Key, std::size_t>, std::size_t> known;
        for (Source& source : sources_) {
            std::map<Key, std::size_t> alike;  // within one entry file, what is spelt at one place counts up
            for (auto& cases : source.seen) {
                for (std::uint32_t& one : cases) one = source.numbers[one];
            }
            for (const analysis::Obligation& o : source.obligations.all) {
                Key key = key_of(source, o);
                const std::size_t number = alike[key]++;
                const auto [at, is_new] = known.try_emplace({std::move(key), number}, owners.size());
                if (is_new) {
                    owners.push_back({&source, &o});
                } else {
                    add(*owners[at->second].source, *owners[at->second].obligation, source, o);
                }
            }
        }
        const auto test_of = [&](std::uint32_t one) { return tests_[one]; };
        for (const Owner& owner : owners) out_.obligations.push_back(result(*owner.source, *owner.obligation, test_of));
        return std::move(out_);
    }

private:
    void collect_cases() {
        std::uint32_t tests = 0;
        for (Source& source : sources_) {
            for (std::size_t i = 0; i < source.suite.cases.size(); ++i) {
                if (!source.used[i]) continue;
                const analysis::Case& one = source.suite.cases[i];
                const ir::Test& test = source.state.module.tests[one.test];
                source.numbers[i] = static_cast<std::uint32_t>(out_.cases.size());
                out_.cases.push_back({test.name, source.state.sources.range(test.span), one.expected->at});
                tests_.push_back(tests + one.test);
            }
            tests += static_cast<std::uint32_t>(source.state.module.tests.size());
        }
    }

    static void add(Source& to, const analysis::Obligation& into, const Source& from, const analysis::Obligation& o) {
        if (into.ways.size() != o.ways.size()) return;
        for (std::size_t w = 0; w < o.ways.size(); ++w) {
            for (std::size_t g = 0; g < o.ways[w].size() && g < into.ways[w].size(); ++g) {
                const auto& seen = from.seen[o.ways[w][g]];
                auto& all = to.seen[into.ways[w][g]];
                all.insert(all.end(), seen.begin(), seen.end());
            }
        }
    }

    analysis::Feasibility* feasibility(Source& source) {
        if (!options_.ask) return nullptr;
        if (!source.feasibility) {
            const AnalysisBudget& b = options_.budget;
            source.feasibility = std::make_unique<analysis::Feasibility>(
                source.obligations, solvers_.get(), logic::Budget{b.steps, b.milliseconds, b.megabytes});
        }
        return source.feasibility.get();
    }

    CoverageObligation result(Source& source, const analysis::Obligation& o,
                              const std::function<std::uint32_t(std::uint32_t)>& test_of) {
        analysis::Judged judged = analysis::judge(o, source.seen, feasibility(source), test_of);
        CoverageObligation out;
        out.duty = to_duty(o.duty);
        out.state = to_covered(judged.state);
        out.rule = source.state.module.rules[o.rule.index()].name;
        out.decision = analysis::place_of(source.obligations, o);
        out.subject = analysis::subject_of(source.obligations, o);
        out.side = words_of(o.side);
        out.range = source.state.sources.range(o.span);
        out.covered_by.assign(judged.cases.begin(), judged.cases.end());
        for (const std::uint32_t goal : judged.missing) {
            const logic::Witness& witness = *source.feasibility->find(goal).witness;
            out.examples.push_back({report::to_json(source.state.module, witness.records.front()), witness.now});
        }
        out.reason = std::move(judged.reason);
        return out;
    }

    const CoverageOptions& options_;
    const engine::AllSolvers solvers_;
    std::deque<Source> sources_;  // their parts refer to each other
    std::vector<std::uint32_t> tests_;
    Coverage out_;
};

CoverageCount count_of(const Coverage& coverage, const std::optional<Duty>& duty) {
    CoverageCount out;
    for (const CoverageObligation& o : coverage.obligations) {
        if (duty && o.duty != *duty) continue;
        out.covered += o.state == Covered::kCovered ? 1 : 0;
        out.impossible += o.state == Covered::kImpossible ? 1 : 0;
        out.unknown += o.state == Covered::kUnknown ? 1 : 0;
        out.possible += o.state != Covered::kImpossible ? 1 : 0;
    }
    return out;
}

}  // namespace

CoverageCount Coverage::count() const { return count_of(*this, std::nullopt); }
CoverageCount Coverage::count(Duty duty) const { return count_of(*this, duty); }

Coverage measure_coverage(const std::vector<CoverageEntry>& entries, const CoverageOptions& options) {
    Coverage out = Measuring{entries, options}.run();
    if (!entries.empty()) out.rules = entries.front().rules.identity();
    return out;
}

Coverage measure_coverage(const Rules& rules, const CoverageOptions& options) {
    return measure_coverage(std::vector<CoverageEntry>{{rules, false}}, options);
}

std::string_view to_string(Duty duty) {
    switch (duty) {
        case Duty::kRule: return "rule";
        case Duty::kOutcome: return "outcome";
        case Duty::kCondition: return "condition";
        case Duty::kDecides: return "decides";
        case Duty::kBoundary: return "boundary";
    }
    return {};
}

std::string_view to_string(Covered state) {
    switch (state) {
        case Covered::kCovered: return "covered";
        case Covered::kMissing: return "missing";
        case Covered::kImpossible: return "impossible";
        case Covered::kUnknown: return "unknown";
    }
    return {};
}

std::string outcome_words(const CoverageObligation& o) {
    if (o.subject == "pass") return "passing";
    if (o.subject == "warning") return "about to expire";
    if (o.subject == "not_applicable") return "not applicable";
    return o.subject;
}

std::string to_words(const CoverageObligation& o) {
    const bool is = o.state == Covered::kCovered;
    const bool cannot = o.state == Covered::kImpossible;
    const char* const verb = is ? "is" : cannot ? "can't be" : "is never";
    switch (o.duty) {
        case Duty::kRule: return fmt::format("the rule {} decided", verb);
        case Duty::kOutcome: return fmt::format("the rule {} {}", verb, outcome_words(o));
        case Duty::kCondition: return fmt::format("{}: `{}` {} {}", o.decision, o.subject, verb, o.side);
        case Duty::kDecides:
            return fmt::format("{}: `{}` {}", o.decision, o.subject,
                               is       ? "decides alone"
                               : cannot ? "can't decide alone"
                                        : "never decides alone");
        case Duty::kBoundary:
            return fmt::format("{}: `{}` {} tried {}", o.decision, o.subject, verb,
                               o.side == "at" ? "at the boundary" : o.side);
    }
    return {};
}

}  // namespace keywright
