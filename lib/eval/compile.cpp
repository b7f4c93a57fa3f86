// From terms to instructions: which terms are needed, where each is computed, in which register.
//
// What only one rule needs stands inside that rule, behind the jump that is taken when its `when` is false; what
// several need, and every `when`, stands before the first rule. Inside a loop stands only what reads its variable.
#include "eval/code.h"
#include "eval/terms.h"

#include <algorithm>
#include <bit>
#include <map>
#include <unordered_set>

namespace keywright::eval::code {
namespace {

constexpr std::uint32_t kNowhere = 0xffffffff;
constexpr std::uint32_t kFront = 0xfffffffe;  // before the first rule

class Compiler {
public:
    Compiler(const ir::Module& module, Terms& terms, Image& out) : module_(module), terms_(terms), out_(out) {}

    void compile() {
        describe_fields(module_, out_);
        roots_ = terms_.roots_of_rules();
        place();
        emit_all();
    }

    void slice(std::span<const std::vector<std::uint32_t>> sections, std::vector<std::uint32_t>& registers) {
        describe_fields(module_, out_);
        places_.assign(terms_.all().size(), kNowhere);
        for (std::size_t s = 0; s < sections.size(); ++s) {
            for (const std::uint32_t term : sections[s]) want(term, static_cast<std::uint32_t>(s));
        }
        spread(sections.size(), false);
        start_emitting();
        for (std::size_t s = 0; s < sections.size(); ++s) {
            out_.instructions.emplace_back().code = Code::kEnd;
            out_.sections.push_back(static_cast<std::uint32_t>(out_.instructions.size()));
            emit_place(s);
        }
        out_.instructions.emplace_back().code = Code::kEnd;
        registers = registers_;
    }

private:
    void want(std::uint32_t term, std::uint32_t place) {
        std::uint32_t& at = places_[term];
        at = at == kNowhere || at == place ? place : kFront;
    }

    void place() {
        places_.assign(terms_.all().size(), kNowhere);
        for (std::size_t r = 0; r < roots_.size(); ++r) {
            const auto here = static_cast<std::uint32_t>(r);
            want(roots_[r].when >> 1U, kFront);
            for (const Literal exemption : roots_[r].exemptions) want(exemption >> 1U, here);
            if (module_.rules[r].expiry) {
                want(roots_[r].since, here);
                want(roots_[r].after, here);
                if (module_.rules[r].expiry->warn_before.valid()) want(roots_[r].warn_before, here);
            } else {
                want(roots_[r].satisfied >> 1U, here);
            }
        }
        spread(roots_.size(), true);
    }

    // From what is wanted to all that it takes. `sections`: how many places there are beside the front.
    void spread(std::size_t sections, bool with_rows) {
        registers_.assign(terms_.all().size(), 0);
        by_place_.resize(sections + 1);
        std::map<std::uint32_t, std::vector<std::uint32_t>> by_field;  // the terms that become rows
        for (std::uint32_t i = static_cast<std::uint32_t>(terms_.all().size()); i-- > kFirstTruth;) {
            if (places_[i] == kNowhere) continue;
            const Term& term = terms_.all()[i];
            for_each_operand(term, [&](std::uint32_t operand, bool) { want(operand, places_[i]); });
            if (with_rows && in_row(term)) {
                by_field[term.a].push_back(i);
                continue;
            }
            assign_register(i);
            const std::size_t place = places_[i] == kFront ? sections : places_[i];
            if (term.free.empty()) by_place_[place].push_back(i);
        }
        for (const auto& [field, terms] : by_field) rows(field, terms);
    }

    // --- rows
    // ----------------------------------------------------------------------------------------------------------- How
    // many bits say a field's value: as many as the table may be indexed by.
    [[nodiscard]] unsigned value_bits(std::uint32_t field) const {
        const FieldInfo& info = out_.fields[field];
        if (info.kind == ir::Kind::kBool) return 1;
        const auto values = static_cast<unsigned>(std::bit_width(info.unknown.may));
        if (info.kind == ir::Kind::kEnum) return values <= 1 ? 0 : static_cast<unsigned>(std::bit_width(values - 1));
        return info.unknown.sort == Sort::kMembers ? values : 0;
    }

    [[nodiscard]] bool in_row(const Term& term) const {
        constexpr unsigned kMostBits = 8;
        if (term.code == Code::kFieldPresent) return true;
        return (term.code == Code::kFieldOneOf || term.code == Code::kFieldBits) && value_bits(term.a) <= kMostBits;
    }

    static Truth answer(const Term& term, std::uint64_t value) {
        if (term.code == Code::kFieldOneOf) return truth_of((term.m >> value & 1U) != 0);
        if (term.code == Code::kFieldBits) return truth_of((value & term.m) == term.v);
        return Truth::kTrue;
    }

    void rows(std::uint32_t field, const std::vector<std::uint32_t>& terms) {
        const unsigned bits = value_bits(field) <= 8 ? value_bits(field) : 0;
        for (std::size_t begin = 0; begin < terms.size(); begin += kRowWidth) {
            const std::size_t end = std::min(terms.size(), begin + kRowWidth);
            Row row;
            row.field = field;
            row.result = out_.truths;
            row.first = static_cast<std::uint32_t>(out_.answers.size());
            row.mask = (1U << bits) - 1;
            out_.truths += kRowWidth;
            RowAnswers unknown, absent;
            unknown.fill(Truth::kUnknown);
            absent.fill(Truth::kUnknown);
            out_.answers.resize(out_.answers.size() + row.mask + 1, unknown);
            for (std::size_t k = begin; k < end; ++k) {
                const Term& term = terms_.all()[terms[k]];
                registers_[terms[k]] = row.result + static_cast<std::uint32_t>(k - begin);
                for (std::uint32_t value = 0; value <= row.mask; ++value) {
                    out_.answers[row.first + value][k - begin] = answer(term, value);
                }
                unknown[k - begin] = term.otherwise;
                if (term.code == Code::kFieldPresent) absent[k - begin] = Truth::kFalse;
            }
            out_.answers.push_back(unknown);
            out_.answers.push_back(absent);
            out_.rows.push_back(row);
        }
    }

    // A loop's variable has one cell, whatever the loop.
    void assign_register(std::uint32_t number) {
        const Term& term = terms_.all()[number];
        if (shape_of(term.code).result == Part::kTruth) {
            registers_[number] = out_.truths++;
            return;
        }
        if (term.code == Code::kElement) {
            registers_[number] = element_cell(static_cast<std::uint32_t>(term.m));
            return;
        }
        registers_[number] = static_cast<std::uint32_t>(out_.cells.size());
        out_.cells.emplace_back();
        if (term.code == Code::kNow) out_.now_cell = registers_[number];
        if (term.code == Code::kConstant) out_.cells.back() = terms_.constants()[term.m];
    }

    std::uint32_t element_cell(std::uint32_t variable) {
        const auto [found, is_new] = element_cells_.emplace(variable, static_cast<std::uint32_t>(out_.cells.size()));
        if (is_new) out_.cells.emplace_back();
        return found->second;
    }

    // --- instructions
    // ---------------------------------------------------------------------------------------------------
    [[nodiscard]] Literal in_register(Literal literal) const {
        const std::uint32_t term = literal >> 1U;
        return term < kFirstTruth ? literal : (registers_[term] << 1U) | (literal & 1U);
    }

    void start_emitting() {
        out_.prototypes = terms_.prototypes();
        emitted_.assign(terms_.all().size(), false);
        emitted_[0] = emitted_[1] = true;
        assign_phases();
        emit_place(by_place_.size() - 1);
    }

    void emit_all() {
        start_emitting();
        for (std::size_t r = 0; r < roots_.size(); ++r) {
            out_.sections.push_back(static_cast<std::uint32_t>(out_.instructions.size()));
            emit_rule(r);
        }
        out_.sections.push_back(static_cast<std::uint32_t>(out_.instructions.size()));
        out_.instructions.emplace_back().code = Code::kEnd;
    }

    // Conjunctions that stand side by side are computed in one loop. So as many as can be come together: the terms of a
    // place go by phase, in even phases everything else, in odd ones the conjunctions that need no more than what went
    // before. What stands inside a loop hands on the phase of what it needs to the loop.
    void assign_phases() {
        phases_.assign(terms_.all().size(), 0);
        for (std::uint32_t i = kFirstTruth; i < phases_.size(); ++i) {
            const Term& term = terms_.all()[i];
            std::uint32_t phase = 0;
            for_each_operand(term, [&](std::uint32_t operand, bool) {
                if (places_[operand] == places_[i]) phase = std::max(phase, phases_[operand]);
            });
            const bool odd = term.code == Code::kAnd;
            if (term.free.empty() && (phase & 1U) != (odd ? 1U : 0U)) ++phase;
            phases_[i] = phase;
        }
    }

    void emit_place(std::size_t place) {
        auto& list = by_place_[place];
        std::sort(list.begin(), list.end(), [&](std::uint32_t a, std::uint32_t b) {
            return std::pair{phases_[a], a} < std::pair{phases_[b], b};
        });
        for (const std::uint32_t term : list) emit(term);
    }

    void emit_rule(std::size_t r) {
        const RuleRoots& roots = roots_[r];
        const ir::Rule& rule = module_.rules[r];
        RuleInfo info;
        info.when = in_register(roots.when);
        info.first_exemption = static_cast<std::uint32_t>(out_.literals.size());
        info.exemptions = static_cast<std::uint32_t>(roots.exemptions.size());
        for (const Literal exemption : roots.exemptions) out_.literals.push_back(in_register(exemption));
        for (const ir::Exemption& e : rule.exemptions) info.waivers += e.waiver == ir::Exemption::kNoWaiver ? 0 : 1;
        info.satisfied = in_register(roots.satisfied);
        if (rule.expiry) {
            info.since = registers_[roots.since];
            info.after = registers_[roots.after];
            info.warns = rule.expiry->warn_before.valid();
            if (info.warns) info.warn_before = registers_[roots.warn_before];
        }
        info.expires = rule.expiry.has_value();
        out_.rules.push_back(info);

        // A conjunction or two cost less than a jump.
        const bool plain = !rule.expiry && rule.exemptions.empty();
        const bool cheap = by_place_[r].size() <= 2 &&
                           std::all_of(by_place_[r].begin(), by_place_[r].end(),
                                       [&](std::uint32_t term) { return terms_.all()[term].code == Code::kAnd; });
        const bool jumps = roots.when != kTrueLiteral && !(plain && cheap);
        const std::size_t start = out_.instructions.size();
        Instruction instruction;
        instruction.result = static_cast<std::uint32_t>(r);
        instruction.a = info.when;
        instruction.b = info.satisfied;
        if (jumps) {
            instruction.code = Code::kRuleStart;
            out_.instructions.push_back(instruction);
        }
        emit_place(r);
        if (plain) {
            out_.plain_rules.push_back({static_cast<std::uint32_t>(r), info.when >> 1U, info.satisfied >> 1U,
                                        (info.when & 1U) << 4U | (info.satisfied & 1U) << 5U});
        } else {
            instruction.code = Code::kRuleEnd;
            out_.instructions.push_back(instruction);
        }
        if (jumps) out_.instructions[start].m = out_.instructions.size() - start;
    }

    void emit(std::uint32_t number) {
        const Term& term = terms_.all()[number];
        emitted_[number] = true;
        if (term.code == Code::kConstant || term.code == Code::kElement || term.code == Code::kNow) return;
        if (term.code == Code::kAny) {
            emit_loop(number);
            return;
        }
        const Shape shape = shape_of(term.code);
        Instruction i;
        i.code = term.code;
        i.otherwise = term.otherwise;
        i.result = registers_[number];
        i.a = operand(shape.a, term.a);
        i.b = operand(shape.b, term.b);
        i.m = term.m;
        i.v = term.v;
        if (term.code == Code::kAnd) {
            // Registers, and where the table of what is negated begins.
            i.m = ((i.a & 1U) | (i.b & 1U) << 1U) << 4U;
            i.a >>= 1U;
            i.b >>= 1U;
        }
        if (term.code == Code::kMatch) {
            i.b = static_cast<std::uint32_t>(out_.arms.size());
            i.m = term.arms.size();
            for (const std::uint32_t arm : term.arms) out_.arms.push_back(registers_[arm]);
        }
        out_.instructions.push_back(i);
    }

    [[nodiscard]] std::uint32_t operand(Part part, std::uint32_t value) const {
        switch (part) {
            case Part::kCell: return registers_[value];
            case Part::kLiteral: return in_register(value);
            case Part::kNone:
            case Part::kTruth: break;
        }
        return value;
    }

    // Recursion as deep as quantifiers are nested.
    void emit_loop(std::uint32_t number) {
        const Term& term = terms_.all()[number];
        const auto loop = static_cast<std::uint32_t>(out_.loops.size());
        LoopInfo info;
        info.set = registers_[term.a];
        info.element = element_cell(static_cast<std::uint32_t>(term.m));
        info.body = in_register(term.b);
        info.result = registers_[number];
        out_.loops.push_back(info);

        Instruction begin;
        begin.code = Code::kLoopBegin;
        begin.result = loop;
        out_.instructions.push_back(begin);
        const std::size_t body = out_.instructions.size();
        const std::vector<std::uint32_t> inside = body_of(term);
        for (const std::uint32_t one : inside) emit(one);
        for (const std::uint32_t one : inside) emitted_[one] = false;  // the loop may run no time at all
        Instruction next;
        next.code = Code::kLoopNext;
        next.result = loop;
        next.m = out_.instructions.size() - body;
        out_.instructions.push_back(next);
        out_.loops[loop].length = static_cast<std::uint32_t>(out_.instructions.size() - body + 1);
    }

    // The terms that a loop must compute: those below its body that read a variable and aren't computed yet. What
    // stands below the body of a loop inside is left to that loop.
    [[nodiscard]] std::vector<std::uint32_t> body_of(const Term& loop) const {
        std::vector<std::uint32_t> found, pending{loop.b >> 1U};
        std::unordered_set<std::uint32_t> seen;
        while (!pending.empty()) {
            const std::uint32_t at = pending.back();
            pending.pop_back();
            const Term& term = terms_.all()[at];
            if (at < kFirstTruth || term.free.empty() || emitted_[at]) continue;
            if (!seen.insert(at).second) continue;
            found.push_back(at);
            for_each_operand(term, [&](std::uint32_t operand, bool is_literal) {
                if (term.code != Code::kAny || !is_literal) pending.push_back(operand);
            });
        }
        std::sort(found.begin(), found.end());
        return found;
    }

    const ir::Module& module_;
    Terms& terms_;
    Image& out_;
    std::vector<RuleRoots> roots_;
    std::vector<std::uint32_t> places_;                 // by term: a rule, `kFront` or `kNowhere`
    std::vector<std::uint32_t> registers_;              // by term
    std::vector<std::vector<std::uint32_t>> by_place_;  // terms outside loops; the last is `kFront`
    std::vector<std::uint32_t> phases_;                 // by term
    std::vector<bool> emitted_;
    std::map<std::uint32_t, std::uint32_t> element_cells_;  // by variable
};

}  // namespace

void compile(const ir::Module& module, Image& image) {
    Terms terms{module};
    Compiler{module, terms, image}.compile();
}

void compile_slice(const ir::Module& module, Terms& terms, std::span<const std::vector<std::uint32_t>> sections,
                   Image& image, std::vector<std::uint32_t>& registers) {
    Compiler{module, terms, image}.slice(sections, registers);
}

void only(const Image& image, std::uint32_t rule, std::vector<Instruction>& out) {
    const auto at = [&](std::uint32_t position) { return image.instructions.begin() + position; };
    out.assign(at(0), at(image.sections.front()));
    out.insert(out.end(), at(image.sections[rule]), at(image.sections[rule + 1]));
    out.emplace_back().code = Code::kEnd;
}

}  // namespace keywright::eval::code
