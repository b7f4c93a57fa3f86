// What a plan asks of columns, and which operations instructions have.
#include "eval/batch_plan.h"
#include "eval/terms.h"

namespace keywright::eval::batch {

using code::Code;

Step step_of(Code code) {
    switch (code) {
        case Code::kAnd: return Step::kAnd;
        case Code::kFieldPresent: return Step::kIsThere;
        case Code::kFieldOneOf: return Step::kTruth;
        case Code::kFieldBetween: return Step::kBetween;
        case Code::kFieldLength: return Step::kLength;
        case Code::kFieldFact: return Step::kFact;
        case Code::kFieldIsEmpty: return Step::kEmpty;
        case Code::kFieldIsBlank: return Step::kBlank;
        case Code::kFieldAnyOpen: return Step::kOpen;
        case Code::kPresent: return Step::kPresent;
        case Code::kEqual: return Step::kEqual;
        case Code::kLess: return Step::kLess;
        case Code::kConstant: return Step::kConstant;
        case Code::kNow: return Step::kNow;
        case Code::kLoad:
        case Code::kLoadTime: return Step::kLoad;
        case Code::kElse:
        case Code::kElseTime: return Step::kElse;
        case Code::kAdd: return Step::kAdd;
        case Code::kSubtract: return Step::kSubtract;
        case Code::kCount: return Step::kCount;
        case Code::kLength: return Step::kLengthOf;
        case Code::kFieldBits:
        case Code::kCellTruth:
        case Code::kIn:
        case Code::kShare:
        case Code::kSubset:
        case Code::kWithin:
        case Code::kOverlaps:
        case Code::kIsOpen:
        case Code::kIsPrivate:
        case Code::kIsBlank:
        case Code::kStartsWith:
        case Code::kEndsWith:
        case Code::kLike:
        case Code::kHasFact:
        case Code::kAny:
        case Code::kElement:
        case Code::kPrefixLength:
        case Code::kFamily:
        case Code::kTruthCell:
        case Code::kMatch:
        case Code::kLoopBegin:
        case Code::kLoopNext:
        case Code::kRuleStart:
        case Code::kRuleEnd:
        case Code::kEnd: break;
    }
    return Step::kAnd;
}

namespace {

class Needs {
public:
    Needs(const ir::Module& module, Batch::Plan& out) : module_(module), out_(out) {}

    void all() {
        out_.needs.assign(out_.fields.size(), {});
        code::describe_fields(module_, out_.image);
        for (const Operation& operation : out_.operations) {
            switch (operation.step) {
                case Step::kIsThere: read(operation.a); break;
                case Step::kTruth: read(operation.a, value::Aspect::kTruth); break;
                case Step::kElements:
                    read(operation.a,
                         out_.fields[operation.a].is_set ? value::Aspect::kMembers : value::Aspect::kChoice);
                    break;
                case Step::kBetween: read(operation.a, value::Aspect::kNumber); break;
                case Step::kLength:
                case Step::kLengthOf: read(operation.a, value::Aspect::kLength); break;
                case Step::kFact: read(operation.a, value::Aspect::kFacts); break;
                case Step::kBlank: read(operation.a, value::Aspect::kBlank); break;
                case Step::kEmpty: read(operation.a, value::Aspect::kEmpty); break;
                case Step::kOpen: read(operation.a, value::Aspect::kOpen); break;
                case Step::kLoad:
                    read(operation.a, value::Aspect::kNumber);
                    for_each_bound(operation.a, [&](std::uint32_t f) { read(f, value::Aspect::kNumber); });
                    break;
                case Step::kCount: read(operation.a, value::Aspect::kMembers); break;
                case Step::kAnd:
                case Step::kLess:
                case Step::kEqual:
                case Step::kPresent:
                case Step::kConstant:
                case Step::kNow:
                case Step::kElse:
                case Step::kAdd:
                case Step::kSubtract:
                case Step::kFromSlice:
                case Step::kSplit:
                case Step::kSlice:
                case Step::kRuleEnd: break;
            }
        }
        for (const code::Instruction& i : out_.slice.image.instructions) {
            if (!reads_field(i.code)) continue;
            out_.reads_records = true;
            read(i.a, value::Aspect::kWhole);
            if (i.code == Code::kLoad || i.code == Code::kLoadTime || i.code == Code::kElseTime) {
                for_each_bound(i.a, [&](std::uint32_t f) { read(f, value::Aspect::kWhole); });
            }
        }
        for (std::uint32_t f = 0; f < out_.fields.size(); ++f) {
            if (out_.fields[f].read) out_.reads.push_back(f);
        }
    }

private:
    template <class Visit>
    void for_each_bound(std::uint32_t field, Visit visit) const {
        const code::FieldInfo& info = out_.image.fields[field];
        for (std::uint32_t k = 0; k < info.bounds; ++k) {
            const code::Bound& bound = out_.image.bounds[info.first_bound + k];
            if (bound.side == code::Bound::Side::kField) visit(bound.field);
        }
    }

    static bool reads_field(Code code) {
        switch (code) {
            case Code::kFieldPresent:
            case Code::kFieldOneOf:
            case Code::kFieldBits:
            case Code::kFieldBetween:
            case Code::kFieldLength:
            case Code::kFieldFact:
            case Code::kFieldIsEmpty:
            case Code::kFieldIsBlank:
            case Code::kFieldAnyOpen:
            case Code::kLoad:
            case Code::kLoadTime:
            case Code::kElseTime: return true;
            case Code::kAnd:
            case Code::kCellTruth:
            case Code::kPresent:
            case Code::kEqual:
            case Code::kLess:
            case Code::kIn:
            case Code::kShare:
            case Code::kSubset:
            case Code::kWithin:
            case Code::kOverlaps:
            case Code::kIsOpen:
            case Code::kIsPrivate:
            case Code::kIsBlank:
            case Code::kStartsWith:
            case Code::kEndsWith:
            case Code::kLike:
            case Code::kHasFact:
            case Code::kAny:
            case Code::kConstant:
            case Code::kNow:
            case Code::kElement:
            case Code::kElse:
            case Code::kAdd:
            case Code::kSubtract:
            case Code::kCount:
            case Code::kPrefixLength:
            case Code::kFamily:
            case Code::kLength:
            case Code::kTruthCell:
            case Code::kMatch:
            case Code::kLoopBegin:
            case Code::kLoopNext:
            case Code::kRuleStart:
            case Code::kRuleEnd:
            case Code::kEnd: break;
        }
        return false;
    }

    // A field is as its record is where that isn't given, so the records around it are looked at too.
    void read(std::uint32_t field) {
        for (std::uint32_t at = field; at != ir::FieldId::kNone; at = out_.fields[at].parent)
            out_.fields[at].read = true;
    }
    void read(std::uint32_t field, value::Aspect aspect) {
        read(field);
        if (aspect != value::Aspect::kWhole) return out_.needs[field].add(aspect);
        for (std::uint32_t at = field; at != ir::FieldId::kNone; at = out_.fields[at].parent)
            out_.needs[at].add(aspect);
    }

    const ir::Module& module_;
    Batch::Plan& out_;
};

}  // namespace

void find_needs(const ir::Module& module, Batch::Plan& plan) { Needs{module, plan}.all(); }

}  // namespace keywright::eval::batch
