#include "analysis/coverage.h"

#include <fmt/format.h>

#include <algorithm>

namespace keywright::analysis {

Sightings sightings(const Obligations& obligations, const Suite& suite,
                    const std::function<bool(const Case&)>& counts) {
    Sightings out(obligations.goals.size());
    Meter meter{obligations};
    for (std::uint32_t i = 0; i < suite.cases.size(); ++i) {
        const Case& one = suite.cases[i];
        if (!one.errors.empty() || one.drawn || !counts(one)) continue;
        const std::vector<bool> met = meter.met(suite.records[one.record], one.expected->at);
        for (std::size_t g = 0; g < met.size(); ++g) {
            if (met[g]) out[g].push_back(i);
        }
    }
    return out;
}

namespace {

using Cases = std::vector<std::uint32_t>;

// One case of each, of the same test if there are such, else the first.
Cases pair_of(const Cases& a, const Cases& b, const std::function<std::uint32_t(std::uint32_t)>& test_of) {
    // Cases stand in order of their tests.
    for (std::size_t i = 0, k = 0; i < a.size() && k < b.size();) {
        const std::uint32_t x = test_of(a[i]), y = test_of(b[k]);
        if (x == y) return {a[i], b[k]};
        ++(x < y ? i : k);
    }
    return {a.front(), b.front()};
}

}  // namespace

Judged judge(const Obligation& obligation, const Sightings& seen, Feasibility* feasibility,
             const std::function<std::uint32_t(std::uint32_t)>& test_of) {
    Judged out;
    for (const auto& way : obligation.ways) {
        if (!std::ranges::all_of(way, [&](std::uint32_t goal) { return !seen[goal].empty(); })) continue;
        out.state = Judged::State::kCovered;
        out.cases = way.size() == 1 ? seen[way.front()] : pair_of(seen[way[0]], seen[way[1]], test_of);
        return out;
    }
    if (feasibility == nullptr) return out;
    std::vector<bool> met;
    for (const Cases& cases : seen) met.push_back(!cases.empty());
    Feasibility::Prospect prospect = feasibility->prospect(obligation, met);
    switch (prospect.possible) {
        case logic::Answer::kYes: out.missing = std::move(prospect.missing); break;
        case logic::Answer::kNo: out.state = Judged::State::kImpossible; break;
        case logic::Answer::kUnknown:
            out.state = Judged::State::kUnknown;
            out.reason = std::move(prospect.reason);
            break;
    }
    return out;
}

std::string place_of(const Obligations& obligations, const Obligation& obligation) {
    if (obligation.duty == Duty::kRule || obligation.duty == Duty::kOutcome) return {};
    const DecisionPoint& point = obligations.points[obligation.point];
    switch (point.part) {
        case DecisionPoint::Part::kWhen: return "when";
        case DecisionPoint::Part::kUnless:
            return fmt::format("unless {}",
                               obligations.module.rules[point.rule.index()].exemptions[point.exemption].label);
        case DecisionPoint::Part::kRequire: return "require";
        case DecisionPoint::Part::kDeadline:
        case DecisionPoint::Part::kWarning: return "expire";
    }
    return {};
}

std::string subject_of(const Obligations& obligations, const Obligation& obligation) {
    if (obligation.subject.valid()) return ir::to_text(obligations.module, obligation.subject);
    switch (obligation.duty) {
        case Duty::kRule: return "decided";
        case Duty::kOutcome:
            switch (obligation.outcome) {
                case ir::Outcome::kPass: return obligation.warning ? "warning" : "pass";
                case ir::Outcome::kExempt:
                    return fmt::format(
                        "exempt by {}",
                        obligations.module.rules[obligation.rule.index()].exemptions[obligation.exemption].label);
                case ir::Outcome::kNotApplicable:
                case ir::Outcome::kViolated:
                case ir::Outcome::kUndetermined: return std::string{ir::word(obligation.outcome)};
            }
            break;
        case Duty::kCondition:
        case Duty::kDecides: break;  // have a subject
        case Duty::kBoundary:
            return obligations.points[obligation.point].part == DecisionPoint::Part::kDeadline ? "deadline"
                                                                                               : "start of the warning";
    }
    return {};
}

}  // namespace keywright::analysis
