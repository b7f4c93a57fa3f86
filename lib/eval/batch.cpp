// The public face of the batch evaluator, and what a block's decision says of one row.
#include "eval/batch.h"

#include "eval/batch_state.h"

#include <algorithm>
#include <cassert>

namespace keywright::eval {

// --- decisions ------------------------------------------------------------------------------------------------------

void BlockDecision::Store::prepare(BlockDecision& decision, const Batch::Plan& plan, std::size_t rows) {
    decision.rows_ = rows;
    if (decision.plan_ == plan.id) return;
    decision.plan_ = plan.id;
    decision.rules_.assign(plan.rules.size(), {});
    decision.exempt_by_.resize(plan.exemption_planes);
    decision.first_exemption_.resize(plan.rules.size() + 1);
    decision.deadline_of_.resize(plan.rules.size());
    decision.deadlines_.resize(plan.expiring);
    for (std::size_t r = 0; r < plan.rules.size(); ++r) {
        const batch::Rule& rule = plan.rules[r];
        decision.first_exemption_[r] = rule.place;
        decision.deadline_of_[r] = rule.expires ? rule.deadlines : kNone;
        if (rule.expires) decision.deadlines_[rule.deadlines].rule = static_cast<std::uint32_t>(r);
    }
    decision.first_exemption_.back() = plan.exemption_planes;
}

InstantBounds BlockDecision::deadline(std::size_t rule, std::size_t row) const {
    assert(deadline_of_[rule] != kNone && row < rows_);
    const Deadlines& deadlines = deadlines_[deadline_of_[rule]];
    if (deadlines.wide) {
        return {deadlines.wide_low[row], deadlines.point ? deadlines.wide_low[row] : deadlines.wide_high[row]};
    }
    const auto exact = [&](std::int64_t number) {
        if (number == batch::Ends<std::int64_t>::kLow) return kMinusInfinity;
        if (number == batch::Ends<std::int64_t>::kHigh) return kPlusInfinity;
        return Nanos{number} * deadlines.unit;
    };
    const Nanos earliest = exact(deadlines.low[row]);
    return {earliest, deadlines.point ? earliest : exact(deadlines.high[row])};
}

void BlockDecision::row(std::size_t row, std::span<RuleDecision> out) const {
    assert(row < rows_ && out.size() == rules_.size());
    const std::size_t w = row / 64, bit = row % 64;
    const auto in = [&](const PlaneWords& plane) { return (plane[w] >> bit & 1U) != 0; };
    for (std::size_t r = 0; r < out.size(); ++r) {
        const RuleOutcomes& rule = rules_[r];
        RuleDecision& decision = out[r];
        decision = {};
        decision.outcome = in(rule.violated)       ? ir::Outcome::kViolated
                           : in(rule.undetermined) ? ir::Outcome::kUndetermined
                           : in(rule.exempt)       ? ir::Outcome::kExempt
                           : in(rule.pass)         ? ir::Outcome::kPass
                                                   : ir::Outcome::kNotApplicable;
        decision.applies = static_cast<Truth>((in(rule.may_apply) ? 2U : 0U) | (in(rule.may_not_apply) ? 1U : 0U));
        if (in(rule.warns)) decision.warning = Truth::kTrue;
        if (in(rule.perhaps_warns)) decision.warning = Truth::kUnknown;
        if (decision.outcome == ir::Outcome::kExempt) {
            const auto planes = exempt_by(r);
            for (std::size_t k = 0; k < planes.size(); ++k) {
                if (in(planes[k])) decision.exempt_by = static_cast<std::uint16_t>(k);
            }
        }
        if (deadline_of_[r] != kNone && decision.applies != Truth::kFalse) decision.deadline = deadline(r, row);
    }
}

Expiration BlockDecision::expiration(std::size_t row) const {
    const std::size_t w = row / 64, bit = row % 64;
    Expiration result;
    if ((may_expire_[w] >> bit & 1U) == 0) return result;
    result.at = {kPlusInfinity, kPlusInfinity};
    for (const Deadlines& one : deadlines_) {
        const RuleOutcomes& rule = rules_[one.rule];
        if ((rule.may_apply[w] >> bit & 1U) == 0) continue;
        result.none = false;
        const InstantBounds at = deadline(one.rule, row);
        result.at.earliest = std::min(result.at.earliest, at.earliest);
        // As in `eval::expiration`: what only perhaps applies may never come due.
        if ((rule.may_not_apply[w] >> bit & 1U) == 0) result.at.latest = std::min(result.at.latest, at.latest);
    }
    return result;
}

// --- evaluation -----------------------------------------------------------------------------------------------------

namespace batch {

value::State state_of(const Block& block, const std::vector<FieldState>& fields, std::uint32_t field, std::size_t row) {
    const auto own = [&](std::uint32_t at) {
        const std::uint64_t bit = std::uint64_t{1} << (row % 64);
        if ((fields[at].given[row / 64] & bit) != 0) return value::State::kGiven;
        return (fields[at].unknown[row / 64] & bit) != 0 ? value::State::kUnknown : value::State::kAbsent;
    };
    value::State result = own(field);
    // The outermost record that isn't given decides.
    for (std::uint32_t at = block.plan.fields[field].parent; at != ir::FieldId::kNone;
         at = block.plan.fields[at].parent) {
        if (const value::State outer = own(at); outer != value::State::kGiven) result = outer;
    }
    return result;
}

code::Range unknown_number(const Block& block, const std::vector<FieldState>& fields, std::uint32_t field,
                           std::size_t row) {
    const code::Image& image = block.plan.image;
    const code::FieldInfo& info = image.fields[field];
    const code::Range all{info.unknown.low, info.unknown.high};
    code::Range range = all;
    for (std::uint32_t k = 0; k < info.bounds; ++k) {
        const code::Bound& bound = image.bounds[info.first_bound + k];
        Nanos other = bound.side == code::Bound::Side::kNow ? block.now : bound.constant;
        if (bound.side == code::Bound::Side::kField) {
            const value::State state = state_of(block, fields, bound.field, row);
            if (state == value::State::kGiven) {
                const value::ColumnView& column = block.columns.fields[bound.field];
                other = column.number[row];
                if (!block.plan.fields[bound.field].is_int) {
                    const std::int64_t part = column.nanosecond.empty() ? 0 : column.nanosecond[row];
                    other = other * value::kNanosPerSecond + part;
                }
            } else if (state == value::State::kUnknown && image.fields[bound.field].always_present) {
                const code::Cell& every = image.fields[bound.field].unknown;
                other = bound.upper ? every.high : every.low;
                if (other <= kMinusInfinity || other >= kPlusInfinity) continue;
            } else {
                continue;
            }
        }
        if (bound.upper) {
            range.high = std::min(range.high, bound.strict ? other - 1 : other);
        } else {
            range.low = std::max(range.low, bound.strict ? other + 1 : other);
        }
    }
    // The record breaks an assumption, so none is relied on.
    return range.low > range.high ? all : range;
}

}  // namespace batch

Batch::Batch(const ir::Module& module) : plan_(std::make_unique<const Plan>(module)) {}
Batch::~Batch() = default;
Batch::Batch(Batch&&) noexcept = default;
Batch& Batch::operator=(Batch&&) noexcept = default;

Batch::Scratch::Scratch() = default;
Batch::Scratch::~Scratch() = default;
Batch::Scratch::Scratch(Scratch&&) noexcept = default;
Batch::Scratch& Batch::Scratch::operator=(Scratch&&) noexcept = default;

std::span<const value::Aspects> Batch::needs() const { return plan_->needs; }
bool Batch::reads(std::size_t field) const { return plan_->fields[field].read; }

std::size_t Batch::levels() { return batch::kernels().size(); }

Batch::Scratch Batch::make_scratch(std::size_t level) const {
    assert(level < levels());
    Scratch scratch;
    scratch.buffers_ = std::make_unique<Scratch::Buffers>();
    Scratch::Buffers& buffers = *scratch.buffers_;
    buffers.level = level;
    buffers.truths.resize(plan_->truths);
    buffers.truths[0].yes.fill(~std::uint64_t{0});
    buffers.truths[0].no.fill(0);
    buffers.truths[1].yes.fill(~std::uint64_t{0});
    buffers.truths[1].no.fill(~std::uint64_t{0});
    buffers.planes.resize(plan_->planes);
    buffers.fields.resize(plan_->fields.size());
    buffers.narrow.all.resize(plan_->numbers);
    buffers.narrow.arrays.resize((std::size_t{plan_->buffers} + 1) * 2 * batch::kRows);
    const batch::Slice& slice = plan_->slice;
    buffers.registers.assign(slice.image.truths, Truth::kUnknown);
    buffers.registers[0] = Truth::kTrue;
    buffers.cells = slice.image.cells;
    buffers.loops.resize(slice.image.loops.size());
    buffers.nothing.reset(plan_->fields.size());
    buffers.answers.resize(slice.truths.size() * 64);
    buffers.guards.resize(slice.sections.size());
    buffers.numbers.resize(slice.numbers.size());
    for (batch::SliceRow& number : buffers.numbers) {
        number.low.resize(batch::kRows);
        number.high.resize(batch::kRows);
    }
    return scratch;
}

void Batch::decide(const value::Columns& columns, Instant now, Scratch& scratch, BlockDecision& out) const {
    assert(columns.rows <= batch::kRows && columns.fields.size() == plan_->fields.size());
    assert(!plan_->reads_records || columns.records.size() >= columns.rows);
    Scratch::Buffers& buffers = *scratch.buffers_;
    BlockDecision::Store::prepare(out, *plan_, columns.rows);
    BlockDecision::Store store{out};
    batch::Block block{*plan_, columns, value::to_nanos(now), now, columns.rows, (columns.rows + 63) / 64, {}};
    for (std::size_t w = 0; w < block.words; ++w) block.valid[w] = ~std::uint64_t{0};
    if (columns.rows % 64 != 0) block.valid[block.words - 1] = ~std::uint64_t{0} >> (64 - columns.rows % 64);
    for (const std::uint32_t f : plan_->reads) {
        batch::FieldState& state = buffers.fields[f];
        const auto whole = [&](value::Plane plane, PlaneWords& copy) {
            if (plane.size() >= batch::kWords) return plane.data();
            std::fill(std::copy(plane.begin(), plane.end(), copy.begin()), copy.end(), 0);
            return static_cast<const std::uint64_t*>(copy.data());
        };
        state.given = whole(columns.fields[f].given, state.given_copy);
        state.unknown = whole(columns.fields[f].unknown, state.unknown_copy);
        std::uint64_t missing = 0;
        for (std::size_t w = 0; w < batch::kWords; ++w) missing |= block.valid[w] & ~state.given[w];
        state.everywhere = missing == 0;
    }
    buffers.sliced[0] = buffers.sliced[1] = false;
    const batch::Kernels& kernels = *batch::kernels()[buffers.level];
    // Whole seconds need no arithmetic to be read; nearly all that is left fits nanoseconds in 64 bits.
    if (kernels.narrow(block, value::kNanosPerSecond, buffers, store)) return;
    if (kernels.narrow(block, 1, buffers, store)) return;
    if (buffers.wide.arrays.empty()) {
        buffers.wide.all.resize(plan_->numbers);
        buffers.wide.arrays.resize((std::size_t{plan_->buffers} + 1) * 2 * batch::kRows);
    }
    [[maybe_unused]] const bool decided = kernels.wide(block, 1, buffers, store);
    assert(decided);
}

}  // namespace keywright::eval
