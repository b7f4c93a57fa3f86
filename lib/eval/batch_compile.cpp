// From terms to operations on columns: which terms have columns, in what order they are computed, in which slots.
//
// What only one rule needs is computed right before that rule is decided, so that few slots live at a time. A term that
// doesn't fit columns is computed by a slice of scalar instructions, row by row. What stands inside one rule's part of
// a slice is computed only in rows where that rule's `when` may hold; such conditions come first of all.
#include "eval/batch_plan.h"
#include "eval/terms.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <map>

namespace keywright::eval::batch {
namespace {

using code::Code;
using code::Term;
using code::Terms;

constexpr std::uint32_t kNowhere = 0xffffffff;
constexpr std::uint32_t kFront = 0xfffffffe;  // needed by several rules
constexpr std::uint32_t kFirst = 0xfffffffd;  // needed to know where slices have to be computed

class Compiler {
public:
    Compiler(const ir::Module& module, Batch::Plan& out) : module_(module), terms_(module), out_(out) {}

    void compile() {
        roots_ = terms_.roots_of_rules();
        find_columns();
        place_slices();
        place_terms();
        compile_slices();
        fields();
        emit();
        assign_slots();
        find_needs(module_, out_);
    }

private:
    [[nodiscard]] const Term& term(std::uint32_t number) const { return terms_.all()[number]; }

    // Calls `visit(term)` for what rule `r` reads beside its `when`.
    template <class Visit>
    void for_each_root(std::size_t r, Visit visit) const {
        for (const Literal exemption : roots_[r].exemptions) visit(exemption >> 1U);
        const auto& expiry = module_.rules[r].expiry;
        if (!expiry) return visit(roots_[r].satisfied >> 1U);
        visit(roots_[r].since);
        visit(roots_[r].after);
        if (expiry->warn_before.valid()) visit(roots_[r].warn_before);
    }

    // --- which terms have columns -----------------------------------------------------------------------------------
    [[nodiscard]] bool is_plain(std::uint32_t field) const { return !module_.schema.fields[field].parent.valid(); }

    [[nodiscard]] bool has_columns(const Term& t) const {
        if (!t.free.empty()) return false;
        // The operand of a count or a length, if it is a field that isn't inside a nested record.
        const auto kind_read = [&](std::uint32_t of) {
            const bool plain = term(of).code == Code::kLoad && is_plain(term(of).a);
            return plain ? module_.schema.fields[term(of).a].type : ir::Type{};
        };
        switch (t.code) {
            case Code::kAnd:
            case Code::kFieldPresent:
            case Code::kFieldOneOf:
            case Code::kFieldBits:
            case Code::kFieldBetween:
            case Code::kFieldLength:
            case Code::kFieldFact:
            case Code::kFieldIsEmpty:
            case Code::kFieldIsBlank:
            case Code::kFieldAnyOpen:
            case Code::kNow: return true;
            case Code::kConstant: return terms_.constants()[t.m].sort == code::Sort::kRange;
            case Code::kLoadTime: return true;
            case Code::kLoad: return is_plain(t.a) && module_.schema.fields[t.a].type.kind == ir::Kind::kInt;
            case Code::kPresent: return columns_[t.a];
            case Code::kElseTime: return columns_[t.b];
            case Code::kEqual:
            case Code::kLess:
            case Code::kElse:
            case Code::kAdd:
            case Code::kSubtract: return columns_[t.a] && columns_[t.b];
            case Code::kCount: {
                const ir::Type type = kind_read(t.a);
                return type.kind == ir::Kind::kSet && type.element == ir::Kind::kEnum;
            }
            case Code::kLength: {
                const ir::Type type = kind_read(t.a);
                return type.kind == ir::Kind::kText || type.kind == ir::Kind::kSecret;
            }
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
        return false;
    }

    void find_columns() {
        columns_.assign(terms_.all().size(), true);
        loads_.assign(module_.schema.fields.size(), kNowhere);
        for (std::uint32_t i = code::kFirstTruth; i < terms_.all().size(); ++i) {
            columns_[i] = has_columns(term(i));
            if (term(i).code == Code::kLoadTime) loads_[term(i).a] = i;
        }
    }

    // The operands that are columns themselves, or come from a slice. `field else b` reads its field like any other.
    template <class Visit>
    void for_each_column(std::uint32_t number, Visit visit) const {
        const Term& t = term(number);
        if (t.code == Code::kCount || t.code == Code::kLength) return;  // read their field themselves
        if (t.code == Code::kElseTime) visit(loads_[t.a]);
        code::for_each_operand(t, [&](std::uint32_t operand, bool) { visit(operand); });
    }

    // --- where terms are computed -----------------------------------------------------------------------------------
    using Places = std::vector<std::uint32_t>;

    static void want(Places& places, std::uint32_t number, std::uint32_t place) {
        std::uint32_t& at = places[number];
        at = at == kNowhere || at == place ? place : kFront;
    }

    // Passes each place on to the operands.
    void spread(Places& places) const {
        for (auto i = static_cast<std::uint32_t>(places.size()); i-- > code::kFirstTruth;) {
            if (places[i] == kNowhere || !columns_[i]) continue;
            for_each_column(i, [&](std::uint32_t operand) { want(places, operand, places[i]); });
        }
    }

    // Which slices belong to one rule alone. A `when` belongs to none, since it says where slices are computed.
    void place_slices() {
        Places places(terms_.all().size(), kNowhere);
        for (std::size_t r = 0; r < roots_.size(); ++r) {
            want(places, roots_[r].when >> 1U, kFront);
            for_each_root(r, [&](std::uint32_t root) { want(places, root, static_cast<std::uint32_t>(r)); });
        }
        spread(places);
        has_section_.assign(roots_.size(), false);
        for (std::uint32_t i = code::kFirstTruth; i < places.size(); ++i) {
            if (!columns_[i] && places[i] < roots_.size()) has_section_[places[i]] = true;
        }
        // The conditions of sections, and all below them.
        first_.assign(terms_.all().size(), false);
        for (std::size_t r = 0; r < roots_.size(); ++r) {
            if (has_section_[r]) first_[roots_[r].when >> 1U] = true;
        }
        for (auto i = static_cast<std::uint32_t>(first_.size()); i-- > code::kFirstTruth;) {
            if (!first_[i] || !columns_[i]) continue;
            for_each_column(i, [&](std::uint32_t operand) { first_[operand] = true; });
        }
        slice_places_ = std::move(places);
    }

    void place_terms() {
        places_.assign(terms_.all().size(), kNowhere);
        for (std::size_t r = 0; r < roots_.size(); ++r) {
            const auto here = static_cast<std::uint32_t>(r);
            want(places_, roots_[r].when >> 1U, here);
            for_each_root(r, [&](std::uint32_t root) { want(places_, root, here); });
        }
        spread(places_);
        for (std::uint32_t i = code::kFirstTruth; i < places_.size(); ++i) {
            if (first_[i]) places_[i] = kFirst;
        }
    }

    // --- slices -----------------------------------------------------------------------------------------------------
    void compile_slices() {
        std::vector<std::vector<std::uint32_t>> sections(2);
        std::vector<Literal> guards(2, code::kTrueLiteral);
        std::vector<std::uint32_t> section_of(roots_.size(), 1);
        for (std::size_t r = 0; r < roots_.size(); ++r) {
            if (!has_section_[r]) continue;
            section_of[r] = static_cast<std::uint32_t>(sections.size());
            sections.emplace_back();
            guards.push_back(roots_[r].when);
        }
        for (std::uint32_t i = code::kFirstTruth; i < columns_.size(); ++i) {
            if (columns_[i] || slice_places_[i] == kNowhere) continue;
            const std::uint32_t at = slice_places_[i] < roots_.size() ? section_of[slice_places_[i]] : 1;
            sections[first_[i] ? 0 : at].push_back(i);
        }
        if (std::all_of(sections.begin(), sections.end(), [](const auto& list) { return list.empty(); })) return;
        std::vector<std::uint32_t> registers;
        Slice& slice = out_.slice;
        code::compile_slice(module_, terms_, sections, slice.image, registers);
        for (std::size_t s = 0; s < sections.size(); ++s) {
            Section section;
            section.when = guards[s];  // over terms as yet
            section.first_truth = static_cast<std::uint32_t>(slice.truths.size());
            section.first_number = static_cast<std::uint32_t>(slice.numbers.size());
            for (const std::uint32_t root : sections[s]) {
                if (code::shape_of(term(root).code).result == code::Part::kTruth) {
                    slice_truths_[root] = static_cast<std::uint32_t>(slice.truths.size());
                    slice.truths.push_back({registers[root], out_.truths++});
                } else {
                    slice_numbers_[root] = static_cast<std::uint32_t>(slice.numbers.size());
                    slice.numbers.push_back({registers[root]});
                }
            }
            section.truths = static_cast<std::uint32_t>(slice.truths.size()) - section.first_truth;
            section.numbers = static_cast<std::uint32_t>(slice.numbers.size()) - section.first_number;
            slice.sections.push_back(section);
        }
    }

    // --- fields -----------------------------------------------------------------------------------------------------
    [[nodiscard]] std::uint64_t all_values(std::uint32_t field) const {
        return code::unknown_cell(module_, module_.schema.fields[field].type).may;
    }

    // The elements that a question names, out of those that there are.
    [[nodiscard]] std::uint64_t asked(const Term& t) const {
        const std::uint64_t all = all_values(t.a);
        if (t.code == Code::kFieldBits) return t.m & all;
        return asks_the_others(t) ? all & ~t.m : all & t.m;
    }
    [[nodiscard]] bool asks_the_others(const Term& t) const {
        const std::uint64_t all = all_values(t.a);
        return std::popcount(all & t.m) > std::popcount(all & ~t.m);
    }

    void fields() {
        out_.fields.resize(module_.schema.fields.size());
        for (std::size_t f = 0; f < out_.fields.size(); ++f) {
            const ir::Type& type = module_.schema.fields[f].type;
            out_.fields[f].is_int = type.kind == ir::Kind::kInt;
            out_.fields[f].is_set = type.kind == ir::Kind::kSet;
            out_.fields[f].parent = module_.schema.fields[f].parent.value;
        }
        for (std::uint32_t i = code::kFirstTruth; i < places_.size(); ++i) {
            if (places_[i] == kNowhere || !columns_[i] || !splits(term(i))) continue;
            out_.fields[term(i).a].split.asked |= asked(term(i));
        }
        for (std::uint32_t f = 0; f < out_.fields.size(); ++f) {
            Split& split = out_.fields[f].split;
            if (split.asked == 0) continue;
            split.first = out_.planes;
            out_.planes += static_cast<std::uint32_t>(std::popcount(split.asked));
            Operation operation;
            operation.step = Step::kSplit;
            operation.a = f;
            out_.operations.push_back(operation);
        }
    }

    [[nodiscard]] bool splits(const Term& t) const {
        return t.code == Code::kFieldBits ||
               (t.code == Code::kFieldOneOf && module_.schema.fields[t.a].type.kind == ir::Kind::kEnum);
    }

    // --- operations -------------------------------------------------------------------------------------------------
    void emit() {
        std::vector<std::vector<std::uint32_t>> by_rule(roots_.size());
        std::vector<std::uint32_t> first, front;
        for (std::uint32_t i = code::kFirstTruth; i < places_.size(); ++i) {
            if (places_[i] == kNowhere) continue;
            auto& list = places_[i] == kFirst ? first : places_[i] == kFront ? front : by_rule[places_[i]];
            list.push_back(i);
        }
        numbers_.assign(places_.size(), kNowhere);
        const bool sliced = !out_.slice.sections.empty();
        const auto slice = [&](std::size_t from, std::size_t to, std::uint32_t which) {
            bool any = false;
            for (std::size_t s = from; s < to; ++s) {
                any = any || out_.slice.sections[s].truths != 0 || out_.slice.sections[s].numbers != 0;
            }
            if (!any) return;
            Operation operation;
            operation.step = Step::kSlice;
            operation.a = which;
            out_.operations.push_back(operation);
        };
        if (sliced) slice(0, 1, 0);
        for (const std::uint32_t one : first) emit(one);
        if (sliced) slice(1, out_.slice.sections.size(), 1);
        for (const std::uint32_t one : front) emit(one);
        for (std::size_t r = 0; r < roots_.size(); ++r) {
            for (const std::uint32_t one : by_rule[r]) emit(one);
            end_rule(r);
        }
    }

    void end_rule(std::size_t r) {
        const ir::Rule& from = module_.rules[r];
        const code::RuleRoots& roots = roots_[r];
        Rule rule;
        rule.when = roots.when;  // over terms as yet, as all literals here
        rule.satisfied = roots.satisfied;
        rule.first_exemption = static_cast<std::uint32_t>(out_.exemptions.size());
        rule.exemptions = static_cast<std::uint32_t>(roots.exemptions.size());
        out_.exemptions.insert(out_.exemptions.end(), roots.exemptions.begin(), roots.exemptions.end());
        for (const ir::Exemption& e : from.exemptions) rule.waivers += e.waiver == ir::Exemption::kNoWaiver ? 0 : 1;
        rule.place = out_.exemption_planes;
        out_.exemption_planes += rule.exemptions;
        rule.is_error = from.severity == Severity::kError;
        rule.expires = from.expiry.has_value();
        if (rule.expires) {
            rule.warns = from.expiry->warn_before.valid();
            rule.since = numbers_[roots.since];
            rule.after = numbers_[roots.after];
            if (rule.warns) rule.warn_before = numbers_[roots.warn_before];
            rule.deadlines = out_.expiring++;
        }
        out_.rules.push_back(rule);
        Operation operation;
        operation.step = Step::kRuleEnd;
        operation.result = static_cast<std::uint32_t>(r);
        out_.operations.push_back(operation);
        sources_.resize(out_.operations.size(), kNowhere);
    }

    // `result`, and literals among the operands, are terms as yet.
    void emit(std::uint32_t number) {
        const Term& t = term(number);
        Operation operation;
        operation.otherwise = t.otherwise;
        operation.a = t.a;
        operation.b = t.b;
        operation.m = t.m;
        operation.v = t.v;
        operation.result = number;
        const bool is_number = code::shape_of(t.code).result == code::Part::kCell;
        if (!columns_[number]) {
            if (!is_number) return;  // its slot is filled by the slice
            operation.step = Step::kFromSlice;
            operation.a = slice_numbers_.at(number);
        } else if (splits(t)) {
            elements(t, operation);
        } else {
            operation.step = step_of(t.code);
            if (t.code == Code::kConstant) {
                operation.m = out_.constants.size();
                out_.constants.push_back(terms_.constants()[t.m].low);
            }
            if (t.code == Code::kElseTime) operation.a = loads_[t.a];
            if (t.code == Code::kCount || t.code == Code::kLength) operation.a = term(t.a).a;
        }
        if (is_number) {
            numbers_[number] = out_.numbers++;
            out_.is_time.push_back(is_time(number));
        }
        out_.operations.push_back(operation);
        sources_.resize(out_.operations.size(), kNowhere);
        sources_.back() = number;
    }

    void elements(const Term& t, Operation& operation) {
        operation.step = Step::kElements;
        operation.b = static_cast<std::uint32_t>(out_.parts.size());
        operation.v = 0;
        const Split& split = out_.fields[t.a].split;
        const std::uint64_t named = asked(t);
        for (std::uint64_t left = named; left != 0; left &= left - 1) {
            const std::uint64_t bit = left & (~left + 1);
            const auto below = static_cast<std::uint32_t>(std::popcount(split.asked & (bit - 1)));
            const bool wanted = t.code == Code::kFieldBits && (t.v & bit) != 0;
            out_.parts.push_back({split.first + below, !wanted});
        }
        // None of the named ones; of an enum the others are meant, or the contrary is.
        if (t.code == Code::kFieldOneOf && !asks_the_others(t)) operation.v = 1;
        operation.m = out_.parts.size() - operation.b;
        // A set never has what isn't in its enumeration, or what the question doesn't look at.
        if (t.code == Code::kFieldBits && (t.v & ~named) != 0) {
            operation.m = 0;
            operation.v = 1;
        }
    }

    // Times are kept in whole seconds where that is possible, so they are told from ints. Terms don't say their type;
    // of a constant the node does.
    [[nodiscard]] bool is_time(std::uint32_t number) {
        if (times_.empty()) find_times();
        return times_[number];
    }

    void find_times() {
        times_.assign(terms_.all().size(), false);
        for (std::size_t i = 0; i < module_.nodes.size(); ++i) {
            const ir::Kind kind = module_.type(ir::NodeId{i}).kind;
            if (kind != ir::Kind::kInstant && kind != ir::Kind::kDuration) continue;
            if (module_.nodes[i].op != ir::Op::kDeadline) times_[terms_.cell(ir::NodeId{i})] = true;
        }
        for (std::uint32_t i = code::kFirstTruth; i < times_.size(); ++i) {
            const Code code = term(i).code;
            if (code == Code::kElseTime || code == Code::kLoadTime) times_[i] = true;
            if (code == Code::kElse || code == Code::kAdd || code == Code::kSubtract) times_[i] = times_[term(i).a];
        }
    }

    // --- slots ------------------------------------------------------------------------------------------------------
    // Calls `visit(term)` for each term that an operation reads.
    template <class Visit>
    void for_each_read(std::size_t operation, Visit visit) const {
        if (out_.operations[operation].step == Step::kRuleEnd) {
            const std::size_t r = out_.operations[operation].result;
            visit(roots_[r].when >> 1U);
            for_each_root(r, visit);
        } else if (sources_[operation] != kNowhere && columns_[sources_[operation]]) {
            for_each_column(sources_[operation], visit);
        }
    }

    void assign_slots() {
        std::vector<std::size_t> last(terms_.all().size(), 0);
        for (std::size_t i = 0; i < out_.operations.size(); ++i) {
            for_each_read(i, [&](std::uint32_t read) { last[read] = i; });
        }
        slots_.assign(terms_.all().size(), 0);
        slots_[1] = 1;
        for (const auto& [root, index] : slice_truths_) slots_[root] = out_.slice.truths[index].to;
        std::vector<std::uint32_t> free_truths, free_buffers;
        const auto take = [](std::vector<std::uint32_t>& free, std::uint32_t& count) {
            if (free.empty()) return count++;
            const std::uint32_t slot = free.back();
            free.pop_back();
            return slot;
        };
        std::vector<std::uint32_t> buffers(terms_.all().size(), kNowhere);
        for (std::size_t i = 0; i < out_.operations.size(); ++i) {
            Operation& operation = out_.operations[i];
            if (const std::uint32_t source = sources_[i]; source != kNowhere) {
                rewrite(operation);
                if (numbers_[source] == kNowhere) {
                    operation.result = slots_[source] = take(free_truths, out_.truths);
                } else {
                    operation.result = numbers_[source];
                    const bool uniform = operation.step == Step::kConstant || operation.step == Step::kNow;
                    if (!uniform) operation.buffer = buffers[source] = take(free_buffers, out_.buffers);
                }
            }
            // What is written never lies where something is read.
            for_each_read(i, [&](std::uint32_t read) {
                if (last[read] != i || read < code::kFirstTruth) return;
                last[read] = out_.operations.size();  // once, though it may be read twice
                if (buffers[read] != kNowhere) free_buffers.push_back(buffers[read]);
                if (numbers_[read] == kNowhere && columns_[read]) free_truths.push_back(slots_[read]);
            });
        }
        for (Rule& rule : out_.rules) {
            rule.when = in_slot(rule.when);
            rule.satisfied = in_slot(rule.satisfied);
        }
        for (Literal& exemption : out_.exemptions) exemption = in_slot(exemption);
        for (Section& section : out_.slice.sections) section.when = in_slot(section.when);
    }

    [[nodiscard]] Literal in_slot(Literal literal) const {
        return literal >> 1U < code::kFirstTruth ? literal : slots_[literal >> 1U] << 1U | (literal & 1U);
    }

    void rewrite(Operation& operation) const {
        switch (operation.step) {
            case Step::kAnd:
                operation.a = in_slot(operation.a);
                operation.b = in_slot(operation.b);
                return;
            case Step::kLess:
            case Step::kEqual:
            case Step::kElse:
            case Step::kAdd:
            case Step::kSubtract:
                operation.a = numbers_[operation.a];
                operation.b = numbers_[operation.b];
                return;
            case Step::kPresent: operation.a = numbers_[operation.a]; return;
            case Step::kIsThere:
            case Step::kTruth:
            case Step::kElements:
            case Step::kBetween:
            case Step::kLength:
            case Step::kFact:
            case Step::kBlank:
            case Step::kEmpty:
            case Step::kOpen:
            case Step::kConstant:
            case Step::kNow:
            case Step::kLoad:
            case Step::kCount:
            case Step::kLengthOf:
            case Step::kFromSlice:
            case Step::kSplit:
            case Step::kSlice:
            case Step::kRuleEnd: return;
        }
    }

    const ir::Module& module_;
    Terms terms_;
    Batch::Plan& out_;
    std::vector<code::RuleRoots> roots_;
    std::vector<bool> columns_;         // by term
    std::vector<bool> times_;           // by term
    std::vector<bool> first_;           // by term: below the `when` of a rule with a part in a slice
    std::vector<bool> has_section_;     // by rule
    std::vector<std::uint32_t> loads_;  // by field: the term that reads it
    Places slice_places_, places_;      // by term
    std::map<std::uint32_t, std::uint32_t> slice_truths_, slice_numbers_;  // by term
    std::vector<std::uint32_t> numbers_;                                   // by term
    std::vector<std::uint32_t> slots_;                                     // by term
    std::vector<std::uint32_t> sources_;                                   // by operation: its term
};

}  // namespace
}  // namespace keywright::eval::batch

namespace keywright::eval {

Batch::Plan::Plan(const ir::Module& module) {
    static std::atomic<std::uint64_t> last{0};
    id = ++last;
    batch::Compiler{module, *this}.compile();
}

}  // namespace keywright::eval
