// The word for each kind of thing in the IR, as the language spells it.
#include "ir/ir.h"

namespace keywright::ir {

std::string_view word(Op op) {
    switch (op) {
#define KW_OPERATOR(name, spelling, operands, doc) \
    case Op::k##name: return spelling;
#include "ir/operators.def"
#undef KW_OPERATOR
    }
    return {};
}

std::string_view word(Kind kind) {
    switch (kind) {
        case Kind::kBool: return "bool";
        case Kind::kInt: return "int";
        case Kind::kText: return "text";
        case Kind::kEnum: return "one of";
        case Kind::kSet: return "set";
        case Kind::kNetwork: return "network";
        case Kind::kInstant: return "instant";
        case Kind::kDuration: return "duration";
        case Kind::kSecret: return "secret";
        case Kind::kRecord: return "record";
    }
    return {};
}

std::string_view word(ClauseKind kind) {
    switch (kind) {
        case ClauseKind::kMust: return "must";
        case ClauseKind::kMustNot: return "must_not";
        case ClauseKind::kShould: return "should";
        case ClauseKind::kShouldNot: return "should_not";
        case ClauseKind::kMay: return "may";
        case ClauseKind::kFact: return "fact";
        case ClauseKind::kExemption: return "exemption";
        case ClauseKind::kNote: return "note";
    }
    return {};
}

std::string_view word(Verdict verdict) {
    switch (verdict) {
        case Verdict::kCompliant: return "compliant";
        case Verdict::kViolation: return "violation";
        case Verdict::kUndetermined: return "undetermined";
        case Verdict::kInvalid: return "invalid";
    }
    return {};
}

std::string_view word(ClaimKind kind) {
    switch (kind) {
        case ClaimKind::kNever: return "never";
        case ClaimKind::kAlways: return "always";
        case ClaimKind::kVerdict: return "verdict is";
        case ClaimKind::kHolds: return {};
        case ClaimKind::kNeverLooser: return "never looser than";
        case ClaimKind::kNeverStricter: return "never stricter than";
        case ClaimKind::kSameVerdict: return "same verdict as";
    }
    return {};
}

std::string_view word(Outcome outcome) {
    switch (outcome) {
        case Outcome::kNotApplicable: return "not_applicable";
        case Outcome::kExempt: return "exempt";
        case Outcome::kPass: return "pass";
        case Outcome::kViolated: return "violated";
        case Outcome::kUndetermined: return "undetermined";
    }
    return {};
}

}  // namespace keywright::ir
