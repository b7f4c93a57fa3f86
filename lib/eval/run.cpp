// The interpreter: one pass over the instructions, jumping over rules that don't apply and back in loops.
#include "eval/cells.h"
#include "eval/code.h"

#include "base/text.h"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace keywright::eval::code {
namespace {

constexpr unsigned bits_of(Truth t) { return static_cast<unsigned>(t); }

constexpr Truth literal_value(unsigned t, bool negated) {
    return negated ? !static_cast<Truth>(t) : static_cast<Truth>(t);
}

// Kleene's conjunction by table: [16 * what is negated + 4 * a + b].
constexpr std::array<Truth, 64> kConjunction = [] {
    std::array<Truth, 64> table{};
    for (unsigned i = 0; i < 64; ++i) {
        table[i] = both(literal_value(i >> 2U & 3U, (i & 16U) != 0), literal_value(i & 3U, (i & 32U) != 0));
    }
    return table;
}();

// What is decided of a rule without exemptions and expiry: [16 * what is negated + 4 * when + requirement], as the
// bytes that a decision begins with, up to the padding before its deadline: so many that they are copied in one go.
using Head = std::array<std::uint8_t, 8>;
static_assert(offsetof(RuleDecision, exempt_by) + sizeof(RuleDecision::exempt_by) <= sizeof(Head) &&
              sizeof(Head) <= offsetof(RuleDecision, deadline));
static_assert(std::is_trivially_copyable_v<RuleDecision> && std::is_standard_layout_v<RuleDecision>);
constexpr std::array<Head, 64> kPlainRule = [] {
    std::array<Head, 64> table{};
    for (unsigned i = 0; i < 64; ++i) {
        const Truth when = literal_value(i >> 2U & 3U, (i & 16U) != 0);
        const Truth holds = literal_value(i & 3U, (i & 32U) != 0);
        const Truth violated = both(when, !holds);
        const ir::Outcome outcome = violated == Truth::kTrue      ? ir::Outcome::kViolated
                                    : violated == Truth::kUnknown ? ir::Outcome::kUndetermined
                                    : when == Truth::kFalse       ? ir::Outcome::kNotApplicable
                                                                  : ir::Outcome::kPass;
        table[i][offsetof(RuleDecision, outcome)] = static_cast<std::uint8_t>(outcome);
        table[i][offsetof(RuleDecision, warning)] = static_cast<std::uint8_t>(Truth::kFalse);
        table[i][offsetof(RuleDecision, applies)] = static_cast<std::uint8_t>(when);
    }
    return table;
}();

constexpr RuleDecision kNotApplicable = [] {
    RuleDecision decision;
    decision.outcome = ir::Outcome::kNotApplicable;
    decision.applies = Truth::kFalse;
    return decision;
}();

class Run {
public:
    Run(const Image& program, const value::Record& record, Instant now, const Workspace& workspace)
        : program_(program),
          record_(record),
          now_(value::to_nanos(now)),
          instructions_(workspace.instructions),
          truths_(workspace.truths),
          cells_(workspace.cells),
          loops_(workspace.loops),
          out_(workspace.out) {
        if (program.now_cell != Image::kNoCell) set_number(cells_[program.now_cell], now_);
    }

    void all();

private:
    [[nodiscard]] Truth truth(Literal literal) const {
        return kConjunction[((literal & 1U) << 4U) + bits_of(truths_[literal >> 1U]) * 4 + bits_of(Truth::kTrue)];
    }
    static void set_number(Cell& cell, Nanos number) {
        cell.sort = Sort::kRange;
        cell.low = cell.high = number;
        cell.may_be_absent = false;
        cell.may_be_present = true;
    }
    // Numbers are by far the most that is copied.
    static void copy(const Cell& from, Cell& to) {
        if (from.sort == Sort::kRange) {
            to.sort = Sort::kRange;
            to.low = from.low;
            to.high = from.high;
            to.may_be_absent = from.may_be_absent;
            to.may_be_present = from.may_be_present;
        } else {
            to = from;
        }
    }
    [[nodiscard]] static bool there(const Cell& cell) { return !cell.may_be_absent; }

    // A question whose operands must be there; else its answer is unknown.
    template <class Question>
    void ask(const Instruction& i, Question question) {
        const Cell& a = cells_[i.a];
        truths_[i.result] = there(a) ? question(a) : Truth::kUnknown;
    }
    template <class Question>
    void ask_both(const Instruction& i, Question question) {
        const Cell& a = cells_[i.a];
        const Cell& b = cells_[i.b];
        truths_[i.result] = there(a) && there(b) ? question(a, b) : Truth::kUnknown;
    }
    // The same for values; what is not known is the prototype.
    template <class Operation>
    void compute(const Instruction& i, Operation operation) {
        const Cell& a = cells_[i.a];
        Cell& result = cells_[i.result];
        result.may_be_absent = false;
        if (there(a)) {
            operation(a, result);
        } else {
            result = program_.prototypes[i.v];
        }
    }
    // A question about one field: what its value says, or `otherwise` where it is unknown.
    template <class Question>
    void ask_field(const Instruction& i, Question question) {
        const value::State state = record_.state(i.a);
        if (state == value::State::kGiven) {
            truths_[i.result] = question(i.a);
        } else {
            truths_[i.result] = state == value::State::kUnknown ? i.otherwise : Truth::kUnknown;
        }
    }

    void read_rows();
    [[nodiscard]] value::State state(std::uint32_t field) const;
    [[nodiscard]] bool may_be_absent(std::uint32_t field) const;
    // An int, an instant or a duration; the last two are kept alike.
    [[nodiscard]] Nanos number(std::uint32_t field) const {
        if (program_.fields[field].kind == ir::Kind::kInt) return record_.integer(field);
        return value::to_nanos(record_.instant(field));
    }
    void load(std::uint32_t field, Cell& cell) const;
    void bound(const FieldInfo& info, Cell& cell) const;
    void otherwise(const Cell& a, const Cell& b, Cell& result) const;
    void match(const Instruction& i);
    [[nodiscard]] Truth any_open(std::uint32_t field) const;
    [[nodiscard]] Truth length_between(const Instruction& i, std::uint32_t field) const;

    [[nodiscard]] bool start_loop(const LoopInfo& info, LoopState& state);
    [[nodiscard]] bool next_in_loop(const LoopInfo& info, LoopState& state);
    [[nodiscard]] bool take_element(const LoopInfo& info, LoopState& state);

    // The sum of two numbers, each of which may be absent.
    [[nodiscard]] static Range plus(const Cell& a, const Cell& b) {
        if (!there(a) || !there(b)) return {kMinusInfinity, kPlusInfinity};
        return add({a.low, a.high}, {b.low, b.high});
    }
    [[nodiscard]] Truth reached(const Range& at) const {
        if (now_ >= at.high) return Truth::kTrue;
        return now_ < at.low ? Truth::kFalse : Truth::kUnknown;
    }
    void end_plain_rules();
    void end_rule(const Instruction& i);
    inline Truth conclude(RuleDecision& decision, const RuleInfo& info, Truth holds) const;

    const Image& program_;
    const value::Record& record_;
    const Nanos now_;
    const Instruction* instructions_;
    Truth* truths_;
    Cell* cells_;
    LoopState* loops_;
    RuleDecision* out_;
};

void Run::all() {
    read_rows();
    for (const Instruction* i = instructions_;; ++i) {
        if (i->code > Code::kEnd) __builtin_unreachable();
        switch (i->code) {
            case Code::kAnd:
                for (;; ++i) {  // they often follow each other
                    truths_[i->result] = kConjunction[i->m + bits_of(truths_[i->a]) * 4 + bits_of(truths_[i->b])];
                    if (i[1].code != Code::kAnd) break;
                }
                break;
            case Code::kCellTruth: ask(*i, [](const Cell& a) { return a.truth; }); break;

            case Code::kFieldPresent: {
                const value::State state = record_.state(i->a);
                truths_[i->result] =
                    state == value::State::kUnknown ? i->otherwise : truth_of(state == value::State::kGiven);
                break;
            }
            case Code::kFieldOneOf:
                ask_field(*i, [&](std::uint32_t f) { return truth_of((i->m >> record_.enumerator(f) & 1U) != 0); });
                break;
            case Code::kFieldBits:
                ask_field(*i, [&](std::uint32_t f) { return truth_of((record_.enum_set(f) & i->m) == i->v); });
                break;
            case Code::kFieldBetween:
                ask_field(*i, [&](std::uint32_t f) {
                    const std::int64_t n = record_.integer(f);
                    return truth_of(static_cast<std::int64_t>(i->m) <= n && n <= static_cast<std::int64_t>(i->v));
                });
                break;
            case Code::kFieldIsEmpty:
                ask_field(*i, [&](std::uint32_t f) { return truth_of(record_.count(f) == 0); });
                break;
            case Code::kFieldLength: ask_field(*i, [&](std::uint32_t f) { return length_between(*i, f); }); break;
            case Code::kFieldFact:
                ask_field(*i, [&](std::uint32_t f) {
                    const value::SecretFacts& facts = record_.secret(f);
                    return (facts.known & i->m) != 0 ? truth_of((facts.facts & i->m) != 0) : Truth::kUnknown;
                });
                break;
            case Code::kFieldIsBlank:
                ask_field(*i, [&](std::uint32_t f) {
                    const std::string_view text = record_.text(f);
                    const bool starts_visibly = !text.empty() && text[0] > ' ' && text[0] < '\x7f';
                    return truth_of(!starts_visibly && base::is_blank(text));
                });
                break;
            case Code::kFieldAnyOpen: ask_field(*i, [&](std::uint32_t f) { return any_open(f); }); break;

            case Code::kPresent: {
                const Cell& a = cells_[i->a];
                truths_[i->result] = !a.may_be_absent   ? Truth::kTrue
                                     : a.may_be_present ? Truth::kUnknown
                                                        : Truth::kFalse;
                break;
            }
            case Code::kEqual: ask_both(*i, equal); break;
            case Code::kLess: ask_both(*i, less); break;
            case Code::kIn: ask_both(*i, in); break;
            case Code::kShare: ask_both(*i, share); break;
            case Code::kSubset: ask_both(*i, subset); break;
            case Code::kWithin: ask_both(*i, within); break;
            case Code::kOverlaps: ask_both(*i, overlaps); break;
            case Code::kIsOpen:
                ask(*i, [](const Cell& a) {
                    if (!a.known) return Truth::kUnknown;
                    return truth_of(!a.networks[0].masked && value::is_open(a.networks[0]));
                });
                break;
            case Code::kIsPrivate:
                ask(*i, [](const Cell& a) {
                    if (!a.known || a.networks[0].masked) return Truth::kUnknown;
                    return truth_of(value::is_private(a.networks[0]));
                });
                break;
            case Code::kIsBlank:
                ask(*i, [](const Cell& a) { return a.known ? truth_of(base::is_blank(a.text)) : Truth::kUnknown; });
                break;
            case Code::kStartsWith:
                ask_both(*i, [](const Cell& a, const Cell& b) {
                    return a.known && b.known ? truth_of(a.text.starts_with(b.text)) : Truth::kUnknown;
                });
                break;
            case Code::kEndsWith:
                ask_both(*i, [](const Cell& a, const Cell& b) {
                    return a.known && b.known ? truth_of(a.text.ends_with(b.text)) : Truth::kUnknown;
                });
                break;
            case Code::kLike:
                ask_both(*i, [](const Cell& a, const Cell& b) {
                    return a.known && b.known ? truth_of(base::matches_glob(a.text, b.text)) : Truth::kUnknown;
                });
                break;
            case Code::kHasFact:
                ask(*i, [&](const Cell& a) {
                    return (a.secret.known & i->m) != 0 ? truth_of((a.secret.facts & i->m) != 0) : Truth::kUnknown;
                });
                break;

            case Code::kLoadTime:
                if (record_.state(i->a) == value::State::kGiven) {
                    set_number(cells_[i->result], value::to_nanos(record_.instant(i->a)));
                } else {
                    load(i->a, cells_[i->result]);
                }
                break;
            case Code::kLoad: load(i->a, cells_[i->result]); break;
            case Code::kElse: otherwise(cells_[i->a], cells_[i->b], cells_[i->result]); break;
            case Code::kElseTime:
                if (record_.state(i->a) == value::State::kGiven) {
                    set_number(cells_[i->result], value::to_nanos(record_.instant(i->a)));
                } else {
                    Cell time;
                    load(i->a, time);
                    otherwise(time, cells_[i->b], cells_[i->result]);
                }
                break;
            case Code::kAdd:
            case Code::kSubtract: {
                const Cell& a = cells_[i->a];
                const Cell& b = cells_[i->b];
                Cell& result = cells_[i->result];
                Range range;
                if (there(a) && there(b)) {
                    range = i->code == Code::kAdd ? add({a.low, a.high}, {b.low, b.high})
                                                  : subtract({a.low, a.high}, {b.low, b.high});
                }
                result.sort = Sort::kRange;
                result.low = range.low;
                result.high = range.high;
                break;
            }
            case Code::kCount: compute(*i, count); break;
            case Code::kLength: compute(*i, length); break;
            case Code::kPrefixLength:
                compute(*i, [](const Cell& a, Cell& result) {
                    const bool known = a.known && !a.networks[0].masked;
                    result.sort = Sort::kRange;
                    result.low = known ? a.networks[0].prefix : 0;
                    result.high = known ? a.networks[0].prefix : 128;
                });
                break;
            case Code::kFamily:
                compute(*i, [](const Cell& a, Cell& result) {
                    const bool known = a.known && !a.networks[0].masked;
                    result.sort = Sort::kChoice;
                    result.may = !known ? 3 : a.networks[0].family == 4 ? 1 : 2;
                });
                break;
            case Code::kTruthCell: {
                Cell& result = cells_[i->result];
                result.sort = Sort::kTruth;
                result.truth = truth(i->a);
                result.may_be_absent = false;
                break;
            }
            case Code::kMatch: match(*i); break;

            case Code::kLoopBegin: {
                const LoopInfo& info = program_.loops[i->result];
                if (!start_loop(info, loops_[i->result])) i += info.length - 1;
                break;
            }
            case Code::kLoopNext:
                if (next_in_loop(program_.loops[i->result], loops_[i->result])) i -= i->m + 1;
                break;
            case Code::kRuleStart:
                if (truth(i->a) == Truth::kFalse) {
                    out_[i->result] = kNotApplicable;
                    i += i->m - 1;
                }
                break;
            case Code::kRuleEnd: end_rule(*i); break;
            case Code::kEnd: end_plain_rules(); return;

            case Code::kConstant:  // never emitted
            case Code::kNow:
            case Code::kElement:
            case Code::kAny: break;
        }
    }
}

// One look at a field answers all plain questions about it.
void Run::read_rows() {
    Truth* const truths = truths_;
    const RowAnswers* const answers = program_.answers.data();
    const value::Record& record = record_;
    for (const Row *row = program_.rows.data(), *end = row + program_.rows.size(); row != end; ++row) {
        const value::State state = record.state(row->field);
        const auto value = static_cast<std::uint32_t>(record.enum_set(row->field)) & row->mask;
        const std::uint32_t other = row->mask + 1 + static_cast<std::uint32_t>(state);
        const std::uint32_t index = row->first + (state == value::State::kGiven ? value : other);
        std::memcpy(truths + row->result, answers + index, kRowWidth);
    }
}
static_assert(static_cast<int>(value::State::kUnknown) == 0 && static_cast<int>(value::State::kAbsent) == 1,
              "the answers for unknown and absent stand in this order");

// --- fields
// -------------------------------------------------------------------------------------------------------------

value::State Run::state(std::uint32_t field) const {
    value::State result = record_.state(field);
    // The outermost record that isn't given decides.
    for (std::uint32_t at = program_.fields[field].parent; at != ir::FieldId::kNone; at = program_.fields[at].parent) {
        if (const value::State outer = record_.state(at); outer != value::State::kGiven) result = outer;
    }
    return result;
}

bool Run::may_be_absent(std::uint32_t field) const {
    for (;;) {
        const FieldInfo& info = program_.fields[field];
        if (info.optional) return true;
        if (info.parent == ir::FieldId::kNone || state(info.parent) != value::State::kUnknown) return false;
        field = info.parent;
    }
}

// Narrows an unknown number by what the schema assumes.
void Run::bound(const FieldInfo& info, Cell& cell) const {
    Nanos low = cell.low, high = cell.high;
    const std::span<const Bound> bounds{program_.bounds.data() + info.first_bound, info.bounds};
    for (const Bound& one : bounds) {
        Nanos other = one.side == Bound::Side::kNow ? now_ : one.constant;
        if (one.side == Bound::Side::kField) {
            const value::State state_of_other = state(one.field);
            if (state_of_other == value::State::kGiven) {
                other = number(one.field);
            } else if (state_of_other == value::State::kUnknown && program_.fields[one.field].always_present) {
                const Cell& all = program_.fields[one.field].unknown;
                other = one.upper ? all.high : all.low;
                if (other <= kMinusInfinity || other >= kPlusInfinity) continue;
            } else {
                continue;
            }
        }
        if (one.upper) {
            const Nanos limit = one.strict ? other - 1 : other;
            if (limit < high) high = limit;
        } else {
            const Nanos limit = one.strict ? other + 1 : other;
            if (limit > low) low = limit;
        }
    }
    if (low > high) return;  // the record breaks an assumption, so none is relied on
    cell.low = low;
    cell.high = high;
}

void Run::load(std::uint32_t field, Cell& cell) const {
    const FieldInfo& info = program_.fields[field];
    const value::State of_field = info.parent == ir::FieldId::kNone ? record_.state(field) : state(field);
    cell.sort = info.unknown.sort;
    if (of_field == value::State::kAbsent) {
        cell.may_be_absent = true;
        cell.may_be_present = false;
        return;
    }
    cell.may_be_present = true;
    cell.may_be_absent = false;
    if (of_field == value::State::kUnknown) {
        copy(info.unknown, cell);
        cell.may_be_absent = may_be_absent(field);
        if (info.bounds != 0 && cell.sort == Sort::kRange) bound(info, cell);
        return;
    }
    cell.known = true;
    switch (cell.sort) {
        case Sort::kTruth: cell.truth = truth_of(record_.boolean(field)); return;
        case Sort::kRange: cell.low = cell.high = number(field); return;
        case Sort::kChoice: cell.may = std::uint64_t{1} << record_.enumerator(field); return;
        case Sort::kMembers: cell.must = cell.may = record_.enum_set(field); return;
        case Sort::kText: cell.text = record_.text(field); return;
        case Sort::kNetwork: cell.networks = {&record_.network(field), 1}; return;
        case Sort::kNetworks: cell.networks = record_.network_set(field); return;
        case Sort::kTexts: cell.texts = {&record_, field, {}}; return;
        case Sort::kInts: cell.ints = record_.int_set(field); return;
        case Sort::kSecret: cell.secret = record_.secret(field); return;
        case Sort::kRecord: return;
    }
}

Truth Run::length_between(const Instruction& i, std::uint32_t field) const {
    const auto low = static_cast<std::int64_t>(i.m), high = static_cast<std::int64_t>(i.v);
    std::int64_t shortest = 0, longest = 0;
    if (program_.fields[field].kind == ir::Kind::kSecret) {
        const value::SecretFacts& facts = record_.secret(field);
        shortest = facts.length_min;
        longest = facts.length_max != value::SecretFacts::kUnbounded ? std::int64_t{facts.length_max} : INT64_MAX;
    } else {
        shortest = longest = static_cast<std::int64_t>(base::count_scalars(record_.text(field)));
    }
    if (longest < low || high < shortest) return Truth::kFalse;
    return low <= shortest && longest <= high ? Truth::kTrue : Truth::kUnknown;
}

Truth Run::any_open(std::uint32_t field) const {
    if (record_.count(field) == 0) return Truth::kFalse;
    for (const value::Network& n : record_.network_set(field)) {
        if (!n.masked && value::is_open(n)) return Truth::kTrue;
    }
    return Truth::kFalse;
}

// --- choice and loops
// -----------------------------------------------------------------------------------------------------

void Run::otherwise(const Cell& a, const Cell& b, Cell& result) const {
    if (there(a)) {
        copy(a, result);
    } else if (!a.may_be_present) {
        copy(b, result);
    } else {
        copy(a, result);
        if (b.may_be_present) widen(result, b);
        result.may_be_absent = b.may_be_absent;
    }
}

// An enum has a value at least, so there is a possible arm.
void Run::match(const Instruction& i) {
    const Cell& scrutinee = cells_[i.a];
    Cell& result = cells_[i.result];
    const std::uint64_t arms = i.m >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << i.m) - 1;
    std::uint64_t possible = there(scrutinee) ? scrutinee.may & arms : arms;
    bool first = true;
    for (; possible != 0; possible &= possible - 1) {
        const Cell& arm = cells_[program_.arms[i.b + static_cast<unsigned>(std::countr_zero(possible))]];
        const bool absent = arm.may_be_absent || (!first && result.may_be_absent);
        if (first || !result.may_be_present) {
            result = arm;
        } else if (arm.may_be_present) {
            widen(result, arm);
        }
        result.may_be_absent = absent;
        first = false;
    }
    if (there(scrutinee)) return;
    const bool absent = result.may_be_absent;
    result = program_.prototypes[i.v];
    result.may_be_absent = absent;
}

// Puts the element at `state.position`, or the next one that may be in the set, into the loop's cell; false past the
// last.
bool Run::take_element(const LoopInfo& info, LoopState& state) {
    const Cell& set = cells_[info.set];
    Cell& element = cells_[info.element];
    const auto position = static_cast<std::size_t>(state.position);
    switch (set.sort) {
        case Sort::kMembers: {
            const std::uint64_t left = position >= 64 ? 0 : set.may >> position << position;
            if (left == 0) return false;
            state.position = static_cast<unsigned>(std::countr_zero(left));
            element.sort = Sort::kChoice;
            element.may = left & (~left + 1);
            return true;
        }
        case Sort::kNetworks:
            if (position >= set.networks.size()) return false;
            element.sort = Sort::kNetwork;
            element.networks = set.networks.subspan(position, 1);
            break;
        case Sort::kTexts:
            if (position >= set.texts.size()) return false;
            element.sort = Sort::kText;
            element.text = set.texts[position];
            break;
        case Sort::kInts:
            if (position >= set.ints.size()) return false;
            element.sort = Sort::kRange;
            element.low = element.high = set.ints[position];
            break;
        case Sort::kTruth:
        case Sort::kRange:
        case Sort::kChoice:
        case Sort::kText:
        case Sort::kNetwork:
        case Sort::kSecret:
        case Sort::kRecord: return false;
    }
    element.known = true;
    return true;
}

bool Run::start_loop(const LoopInfo& info, LoopState& state) {
    const Cell& set = cells_[info.set];
    truths_[info.result] = Truth::kFalse;
    if (!there(set) || (set.sort != Sort::kMembers && !set.known)) {
        truths_[info.result] = Truth::kUnknown;
        return false;
    }
    state.position = 0;
    state.found = Truth::kFalse;
    return take_element(info, state);
}

bool Run::next_in_loop(const LoopInfo& info, LoopState& state) {
    const Cell& set = cells_[info.set];
    Truth here = truth(info.body);
    if (set.sort == Sort::kMembers && (set.must >> state.position & 1U) == 0) here = both(here, Truth::kUnknown);
    state.found = either(state.found, here);
    truths_[info.result] = state.found;
    if (state.found == Truth::kTrue) return false;
    ++state.position;
    return take_element(info, state);
}

// --- rules
// ----------------------------------------------------------------------------------------------------------------

// The deadline of a plain rule is never touched, so it stays what the caller's `RuleDecision` began with. Copying it, a
// constant, would be the greater part of the work.
void Run::end_plain_rules() {
    const Truth* const truths = truths_;
    RuleDecision* const out = out_;
    for (const PlainRule *rule = program_.plain_rules.data(), *end = rule + program_.plain_rules.size(); rule != end;
         ++rule) {
        const Head& head =
            kPlainRule[rule->negated + bits_of(truths[rule->when]) * 4 + bits_of(truths[rule->satisfied])];
        std::memcpy(static_cast<void*>(out + rule->rule), head.data(), head.size());
    }
}

// Everything but what `expire` adds; `decision` is that of a rule that isn't applicable. Returns whether the record is
// bound by the rule: it applies, and no waiver excuses the record from it.
Truth Run::conclude(RuleDecision& decision, const RuleInfo& info, Truth holds) const {
    const std::span<const Literal> exemptions{program_.literals.data() + info.first_exemption, info.exemptions};
    const Truth when = truth(info.when);
    Truth applies = when;
    const auto unless = [&](std::span<const Literal> some) {
        for (const Literal exemption : some) {
            // `applies` and not the exemption; the table negates its second operand at 32.
            applies =
                kConjunction[((~exemption & 1U) << 5U) + bits_of(applies) * 4 + bits_of(truths_[exemption >> 1U])];
        }
    };
    unless(exemptions.first(info.exemptions - info.waivers));
    decision.applies = applies;
    unless(exemptions.last(info.waivers));
    const Truth violated = both(applies, !holds);
    if (violated != Truth::kFalse) {
        decision.outcome = violated == Truth::kTrue ? ir::Outcome::kViolated : ir::Outcome::kUndetermined;
        return applies;
    }
    if (when == Truth::kFalse) return applies;
    decision.outcome = ir::Outcome::kPass;
    for (std::size_t k = 0; k < exemptions.size(); ++k) {
        if (truth(exemptions[k]) != Truth::kTrue) continue;
        decision.outcome = ir::Outcome::kExempt;
        decision.exempt_by = static_cast<std::uint16_t>(k);
        break;
    }
    return applies;
}

void Run::end_rule(const Instruction& i) {
    const RuleInfo& info = program_.rules[i.result];
    RuleDecision& decision = out_[i.result];
    decision = kNotApplicable;
    if (!info.expires) {
        (void)conclude(decision, info, truth(info.satisfied));
        return;
    }
    const Range deadline = plus(cells_[info.since], cells_[info.after]);
    const Truth bound = conclude(decision, info, !reached(deadline));
    if (decision.applies == Truth::kFalse) return;
    decision.deadline = {deadline.low, deadline.high};
    if (info.warns && decision.outcome == ir::Outcome::kPass) {
        const Cell& before = cells_[info.warn_before];
        const Range from = subtract(deadline, there(before) ? Range{before.low, before.high} : Range{});
        decision.warning = both(reached(from), bound);
    }
}

}  // namespace

void run(const Image& image, const value::Record& record, Instant now, const Workspace& workspace) {
    Run{image, record, now, workspace}.all();
}

}  // namespace keywright::eval::code
