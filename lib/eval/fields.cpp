// What a compiled program knows of the fields of its schema, and the assumptions that bound those that are unknown.
#include "eval/terms.h"

#include <deque>
#include <map>
#include <utility>
#include <vector>

namespace keywright::eval::code {
namespace {

// By field: what it is compared with in an assumption, and strictness.
using Edges = std::vector<std::vector<std::pair<const ir::AssumeTerm*, bool>>>;

// Everything that bounds field `from`, on a path over fields that are surely there.
void reach(const ir::Module& module, Image& image, std::uint32_t from, const Edges& edges, bool upper) {
    std::map<std::pair<std::uint32_t, bool>, bool> seen;  // (field, strictly)
    std::deque<std::pair<std::uint32_t, bool>> pending{{from, false}};
    bool first = true;
    while (!pending.empty()) {
        const auto [at, strictly] = pending.front();
        pending.pop_front();
        if (!first && !image.fields[at].always_present) continue;
        first = false;
        for (const auto& [term, strict] : edges[at]) {
            const bool now_strict = strictly || strict;
            if (!term->field.valid()) {
                Bound bound;
                bound.side = term->is_now ? Bound::Side::kNow : Bound::Side::kConstant;
                if (!term->is_now) bound.constant = constant_cell(module.constants[term->constant.index()]).low;
                bound.upper = upper;
                bound.strict = now_strict;
                image.bounds.push_back(bound);
                continue;
            }
            const std::uint32_t field = term->field.value;
            if (seen[{field, now_strict}]) continue;
            seen[{field, now_strict}] = true;
            Bound bound;
            bound.side = Bound::Side::kField;
            bound.upper = upper;
            bound.strict = now_strict;
            bound.field = field;
            image.bounds.push_back(bound);
            pending.push_back({field, now_strict});
        }
    }
}

}  // namespace

void describe_fields(const ir::Module& module, Image& image) {
    const auto& all = module.schema.fields;
    image.fields.resize(all.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
        FieldInfo& info = image.fields[i];
        info.parent = all[i].parent.value;
        info.optional = all[i].type.optional;
        // A record stands before its members, so the parent's answer is there.
        info.always_present = !info.optional && (!all[i].parent.valid() || image.fields[info.parent].always_present);
        info.kind = all[i].type.kind;
        info.element = all[i].type.element;
        info.unknown = unknown_cell(module, all[i].type);
    }
    Edges up(all.size()), down(all.size());
    for (const ir::Assumption& a : module.schema.assumptions) {
        if (a.lesser.field.valid()) up[a.lesser.field.index()].push_back({&a.greater, a.strict});
        if (a.greater.field.valid()) down[a.greater.field.index()].push_back({&a.lesser, a.strict});
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
        image.fields[i].first_bound = static_cast<std::uint32_t>(image.bounds.size());
        if (!up[i].empty()) reach(module, image, static_cast<std::uint32_t>(i), up, true);
        if (!down[i].empty()) reach(module, image, static_cast<std::uint32_t>(i), down, false);
        image.fields[i].bounds = static_cast<std::uint32_t>(image.bounds.size()) - image.fields[i].first_bound;
    }
}

}  // namespace keywright::eval::code
