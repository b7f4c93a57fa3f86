// What tests owe a pack: everything about its rules that some test should show, as a list.
//
// An obligation is met by a few *goals*, each by one case (a record at an instant): usually by one, that a condition
// alone decides by two that differ in it. Goals are what can be met, looked for, and generated.
#pragma once

#include "analysis/skeleton.h"
#include "ir/ir.h"

#include <cstdint>
#include <string>
#include <vector>

namespace keywright::analysis {

enum class Duty : std::uint8_t {
    kRule,       // it is decided, to something else than not applicable
    kOutcome,    // it comes out in this way
    kCondition,  // a condition of a decision is true, or is false
    kDecides,    // a condition alone decides (masking MC/DC)
    kBoundary,   // the two sides of a comparison are equal, or as close as may be
};

enum class Side : std::uint8_t { kNone, kTrue, kFalse, kBelow, kAt, kAbove };

// A part of a rule that is decided by conditions, or by time.
struct DecisionPoint {
    enum class Part : std::uint8_t { kWhen, kUnless, kRequire, kDeadline, kWarning } part = Part::kWhen;
    ir::RuleId rule;
    std::uint32_t exemption = 0;  // of kUnless
    ir::NodeId root;              // not valid for kDeadline and kWarning
    Skeleton skeleton;            // likewise without conditions
};

struct Goal {
    enum class Kind : std::uint8_t {
        kDecided,  // `rule` is exempt, passes or is violated
        kOutcome,  // `rule` has `outcome`; exempt by `exemption`; a pass without a warning
        kWarning,  // `rule` passes and is in its warning period
        kSide,     // at `point`, `condition` is `value`
        kDecides,  // at `point`, `condition` is `value`, and were it not, the decision would be the opposite
        kHolds,    // at `point`, `node` is true
    } kind = Kind::kDecided;
    ir::RuleId rule;
    ir::Outcome outcome = ir::Outcome::kViolated;
    std::uint32_t exemption = 0;
    std::uint32_t point = 0;      // index into Obligations::points, of the last three
    std::uint32_t condition = 0;  // index into the point's conditions
    bool value = false;
    bool positive = true;  // of kDecides: the decision is what the condition is; false: its negation
    ir::NodeId node;       // of Obligations::module
};

struct Obligation {
    Duty duty = Duty::kRule;
    ir::RuleId rule;
    std::uint32_t point = 0;  // index into Obligations::points, of the last three duties
    ir::NodeId subject;       // a condition or comparison; not valid for the others
    ir::Outcome outcome = ir::Outcome::kViolated;
    bool warning = false;  // of kOutcome: the warning period
    std::uint32_t exemption = 0;
    Side side = Side::kNone;
    ir::Span span;
    // Goals that meet it together; one list of them is enough. Indices into Obligations::goals.
    std::vector<std::vector<std::uint32_t>> ways;
};

// A condition has no value where it asks about something that is absent: where one of `given` is. What such a
// condition says doesn't matter, as another one guards it.
struct Presence {
    std::vector<ir::NodeId> given;  // `x is present`, nodes of Obligations::module
    bool exact = true;              // false: it may have a value nevertheless
};

class Obligations {
public:
    // In order of the rules, and within a rule by duty. Linear in the rules, but for defines, which count once for
    // every decision that uses them.
    explicit Obligations(const ir::Module& of);

    ir::Module module;  // the one measured, with the nodes that goals ask about behind its own
    std::vector<DecisionPoint> points;
    std::vector<std::vector<Presence>> presence;  // by point, by condition
    std::vector<Goal> goals;
    std::vector<Obligation> all;
};

// The members of the record that are read below `roots`, with the records around them.
[[nodiscard]] std::vector<ir::FieldId> fields_below(const ir::Module& module, const std::vector<ir::NodeId>& roots);
// Everything that decides the rule.
[[nodiscard]] std::vector<ir::NodeId> roots_of(const ir::Rule& rule);

}  // namespace keywright::analysis
