// What the rules ask of columns, in public words.
#include "engine/column_blocks.h"

#include <algorithm>

namespace keywright::engine {
namespace {

using ir::Kind;
using value::Aspect;

// The aspect that holds the value itself.
std::optional<ColumnAspect> whole_of(const ir::Type& type) {
    switch (type.kind) {
        case Kind::kBool: return ColumnAspect::kTruth;
        case Kind::kInt:
        case Kind::kInstant:
        case Kind::kDuration: return ColumnAspect::kNumber;
        case Kind::kEnum: return ColumnAspect::kChoice;
        case Kind::kText:
        case Kind::kNetwork: return ColumnAspect::kTexts;
        case Kind::kSecret: return ColumnAspect::kFacts;  // and kLength
        case Kind::kRecord: return std::nullopt;
        case Kind::kSet: break;
    }
    if (type.element == Kind::kEnum) return ColumnAspect::kMembers;
    return type.element == Kind::kInt ? ColumnAspect::kElements : ColumnAspect::kTexts;
}

ColumnAspect public_aspect(Aspect aspect) {
    switch (aspect) {
        case Aspect::kTruth: return ColumnAspect::kTruth;
        case Aspect::kChoice: return ColumnAspect::kChoice;
        case Aspect::kMembers: return ColumnAspect::kMembers;
        case Aspect::kNumber: return ColumnAspect::kNumber;
        case Aspect::kBlank: return ColumnAspect::kBlank;
        case Aspect::kEmpty: return ColumnAspect::kEmpty;
        case Aspect::kOpen: return ColumnAspect::kOpen;
        case Aspect::kLength: return ColumnAspect::kLength;
        case Aspect::kFacts: return ColumnAspect::kFacts;
        case Aspect::kWhole: break;
    }
    return ColumnAspect::kTexts;
}

}  // namespace

std::vector<FieldNeed> field_needs(const ir::Module& module, const eval::Batch& batch) {
    std::vector<FieldNeed> needs(module.schema.fields.size());
    for (std::size_t f = 0; f < needs.size(); ++f) {
        needs[f].read = batch.reads(f);
        needs[f].aspects = batch.needs()[f];
    }
    const auto compared = [&](const ir::AssumeTerm& term) {
        if (!term.field.valid()) return;
        needs[term.field.index()].read = true;
        needs[term.field.index()].aspects.add(Aspect::kNumber);
    };
    for (const ir::Assumption& assumption : module.schema.assumptions) {
        compared(assumption.lesser);
        compared(assumption.greater);
    }
    for (std::size_t f = 0; f < needs.size(); ++f) {
        const ir::Field& field = module.schema.fields[f];
        const auto ask = [&](ColumnAspect aspect) {
            auto& asked = needs[f].asked;
            if (std::find(asked.begin(), asked.end(), aspect) == asked.end()) asked.push_back(aspect);
        };
        for (std::size_t a = 0; a < value::kAspects; ++a) {
            const auto aspect = static_cast<Aspect>(a);
            if (!needs[f].aspects.has(aspect)) continue;
            if (aspect != Aspect::kWhole) {
                ask(public_aspect(aspect));
            } else if (const auto whole = whole_of(field.type)) {
                ask(*whole);
                if (field.type.kind == Kind::kSecret) ask(ColumnAspect::kLength);
            }
        }
        if (!needs[f].read) continue;
        // That something isn't optional is judged by whether the records around it are there.
        for (ir::FieldId at = field.parent; at.valid(); at = module.schema.fields[at.index()].parent) {
            needs[at.index()].read = true;
        }
    }
    return needs;
}

}  // namespace keywright::engine
