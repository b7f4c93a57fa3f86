// Deciding columns that came from elsewhere.
#include "keywright/columns.h"

#include "engine/column_blocks.h"
#include "engine/state.h"

#include <algorithm>
#include <utility>

namespace keywright {

std::string_view to_string(ColumnAspect aspect) {
    switch (aspect) {
        case ColumnAspect::kTruth: return "truth";
        case ColumnAspect::kChoice: return "choice";
        case ColumnAspect::kMembers: return "members";
        case ColumnAspect::kNumber: return "number";
        case ColumnAspect::kBlank: return "blank";
        case ColumnAspect::kEmpty: return "empty";
        case ColumnAspect::kOpen: return "open";
        case ColumnAspect::kLength: return "length";
        case ColumnAspect::kFacts: return "facts";
        case ColumnAspect::kTexts: return "texts";
        case ColumnAspect::kElements: return "elements";
    }
    return {};
}

struct ColumnDecisions::State {
    struct Bits {
        std::vector<std::uint64_t> violated, undetermined, exempt, pass, warns, perhaps_warns;
    };
    std::vector<Verdict> verdicts;
    std::vector<Bits> rules;
    eval::BlockDecision block;
    // Of the decider that was last asked.
    std::shared_ptr<const void> decider;
    eval::Batch::Scratch scratch;
};

ColumnDecisions::ColumnDecisions() : state_(std::make_unique<State>()) {}
ColumnDecisions::~ColumnDecisions() = default;
ColumnDecisions::ColumnDecisions(ColumnDecisions&&) noexcept = default;
ColumnDecisions& ColumnDecisions::operator=(ColumnDecisions&&) noexcept = default;

std::span<const Verdict> ColumnDecisions::verdicts() const { return state_->verdicts; }

RuleBitmaps ColumnDecisions::rule(std::size_t number) const {
    const State::Bits& bits = state_->rules[number];
    return {bits.violated, bits.undetermined, bits.exempt, bits.pass, bits.warns, bits.perhaps_warns};
}

struct ColumnDecider::State {
    explicit State(const Rules& of)
        : rules(of), module(of.state().module), batch(module), needs(engine::field_needs(module, batch)) {
        for (std::size_t f = 0; f < needs.size(); ++f) {
            if (!needs[f].read) continue;
            const ir::Field& field = module.schema.fields[f];
            ColumnNeed need{field.name, needs[f].asked, {}, field.type.optional};
            const bool is_enum = field.type.kind == ir::Kind::kEnum ||
                                 (field.type.kind == ir::Kind::kSet && field.type.element == ir::Kind::kEnum);
            if (is_enum) need.values = module.enums[field.type.enumeration.index()].values;
            asked.push_back(std::move(need));
        }
    }

    Rules rules;  // keeps the module
    const ir::Module& module;
    eval::Batch batch;
    std::vector<engine::FieldNeed> needs;
    std::vector<ColumnNeed> asked;
};

ColumnDecider::ColumnDecider(const Rules& rules) : state_(std::make_shared<const State>(rules)) {}

std::span<const ColumnNeed> ColumnDecider::needs() const { return state_->asked; }

std::optional<ColumnProblem> ColumnDecider::decide(std::size_t rows, std::span<const Column> columns, Instant now,
                                                   ColumnDecisions& out) const {
    ColumnDecisions::State& into = *out.state_;
    into.verdicts.clear();
    into.rules.clear();
    if (into.decider != state_) {
        into.scratch = state_->batch.make_scratch();
        into.decider = state_;
    }
    engine::ColumnBlocks blocks{state_->module, state_->needs};
    if (auto wrong = blocks.open(rows, columns)) return wrong;
    std::vector<Verdict> verdicts(rows);
    std::vector<ColumnDecisions::State::Bits> rules(state_->module.rules.size());
    const std::size_t words = (rows + 63) / 64;
    for (auto& rule : rules) {
        for (auto* plane :
             {&rule.violated, &rule.undetermined, &rule.exempt, &rule.pass, &rule.warns, &rule.perhaps_warns}) {
            plane->resize(words);
        }
    }
    for (std::size_t first = 0; first < rows; first += value::kBlockRows) {
        value::Columns block;
        eval::PlaneWords invalid{};
        if (auto wrong = blocks.block(first, now, block, invalid)) return wrong;
        state_->batch.decide(block, now, into.scratch, into.block);
        const std::size_t word = first / 64, in_block = (block.rows + 63) / 64;
        for (std::size_t r = 0; r < rules.size(); ++r) {
            const eval::RuleOutcomes& from = into.block.rule(r);
            const auto keep = [&](const eval::PlaneWords& plane, std::vector<std::uint64_t>& to) {
                for (std::size_t w = 0; w < in_block; ++w) to[word + w] = plane[w] & ~invalid[w];
            };
            keep(from.violated, rules[r].violated);
            keep(from.undetermined, rules[r].undetermined);
            keep(from.exempt, rules[r].exempt);
            keep(from.pass, rules[r].pass);
            keep(from.warns, rules[r].warns);
            keep(from.perhaps_warns, rules[r].perhaps_warns);
        }
        for (std::size_t i = 0; i < block.rows; ++i) {
            const auto in = [&](const eval::PlaneWords& plane) { return (plane[i / 64] >> (i % 64) & 1U) != 0; };
            verdicts[first + i] = in(invalid)                     ? Verdict::kInvalid
                                  : in(into.block.violation())    ? Verdict::kViolation
                                  : in(into.block.undetermined()) ? Verdict::kUndetermined
                                                                  : Verdict::kCompliant;
        }
    }
    into.verdicts = std::move(verdicts);
    into.rules = std::move(rules);
    return std::nullopt;
}

}  // namespace keywright
