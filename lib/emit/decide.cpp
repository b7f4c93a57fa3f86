// `decide`: the terms of the rules, each as one line, and the rules' outcomes from them.
#include "emit/header.h"
#include "emit/literals.h"
#include "emit/terms_of_rules.h"
#include "emit/values.h"
#include "eval/code.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>
#include <utility>

namespace keywright::emit {

namespace {

using eval::Truth;
using eval::code::Code;
using eval::code::kFirstTruth;
using eval::code::Literal;
using eval::code::Sort;
using eval::code::Term;

class Writer {
public:
    Writer(const ir::Module& module, const Names& names, std::size_t longest)
        : module_(module), rules_(module), values_(module, names, rules_.terms().constants()), longest_(longest) {}

    std::string write() {
        sorts();
        emitted_.assign(rules_.terms().all().size(), false);
        shared_.assign(rules_.terms().all().size(), false);
        std::size_t terms = rules_.in_front().size();
        for (std::size_t r = 0; r < module_.rules.size(); ++r) terms += rules_.of_rule(r).size() + 1;
        std::string parts;
        const std::string body = terms > longest_ ? in_parts(parts) : in_one();
        const std::string &constants = values_.constants_text(), &functions = values_.functions_text();
        std::string out;
        if (!constants.empty() || !functions.empty() || !parts.empty()) {
            out += "namespace inside {\n\nnamespace logic = inlined::logic;\n\n";
            for (const std::string& part : {constants, functions, parts}) out += part + (part.empty() ? "" : "\n");
            out += "}  // namespace inside\n\n";
        }
        out +=
            "// Decides one record at `now`. Allocates nothing; time is linear in the rules and in the elements of "
            "sets.\n"
            "[[nodiscard]] constexpr Decision decide([[maybe_unused]] const Record& record,\n"
            "                                        [[maybe_unused]] inlined::Instant now) {\n"
            "    namespace logic = inlined::logic;\n"
            "    [[maybe_unused]] const inlined::Nanos at = inlined::to_nanos(now);\n"
            "    [[maybe_unused]] logic::Tally tally;\n"
            "    Decision decision;\n" +
            body;
        if (slots_.deadlines > 0) out += "    decision.expiration = logic::soonest(decision.deadlines);\n";
        return out +
               "    decision.verdict = tally.verdict();\n"
               "    return decision;\n"
               "}\n";
    }

private:
    // --- one function or many ----------------------------------------------------------------------------------------

    std::string in_one() {
        std::string body;
        for (const std::uint32_t number : rules_.in_front()) body += term(number, 1);
        for (std::size_t r = 0; r < module_.rules.size(); ++r) body += rule(r);
        return body;
    }

    // Compilers take more than linear time for a long function, so it is taken apart. What several rules need stands in
    // a struct then.
    std::string in_parts(std::string& parts) {
        std::string members, body = "    inside::Shared shared;\n", lines;
        std::size_t held = 0, part = 0;
        const auto close = [&](std::string_view shared, std::string_view more, std::string_view arguments) {
            if (lines.empty()) return;
            parts += fmt::format(
                "constexpr void part{}([[maybe_unused]] const Record& record, [[maybe_unused]] inlined::Nanos at,\n"
                "    [[maybe_unused]] {}Shared& shared{}) {{\n{}}}\n",
                part, shared, more, lines);
            body += fmt::format("    inside::part{}(record, at, shared{});\n", part, arguments);
            ++part;
            lines.clear();
            held = 0;
        };
        for (const std::uint32_t number : rules_.in_front()) {
            shared_[number] = true;
            lines += term(number, 1);
            const Code code = rules_.term(number).code;
            if (code == Code::kConstant || code == Code::kNow) continue;
            const bool is_truth = eval::code::shape_of(code).result == eval::code::Part::kTruth;
            members += is_truth ? fmt::format("    logic::Kleene t{};\n", number)
                                : fmt::format("    {} c{};\n", cell_type(sorts_[number]), number);
            if (++held >= longest_) close("", "", "");
        }
        close("", "", "");
        for (std::size_t r = 0; r < module_.rules.size(); ++r) {
            lines += rule(r);
            held += rules_.of_rule(r).size() + 1;
            if (held < longest_ && r + 1 < module_.rules.size()) continue;
            close("const ", ",\n    [[maybe_unused]] Decision& decision, [[maybe_unused]] logic::Tally& tally",
                  ", decision, tally");
        }
        parts = "struct Shared {\n" + members + "};\n" + parts;
        return body;
    }

    // How the truth or the cell of a term is called, and what stands before that where it is computed.
    [[nodiscard]] std::string name(char letter, std::uint32_t number) const {
        return fmt::format("{}{}{}", shared_[number] ? "shared." : "", letter, number);
    }
    [[nodiscard]] std::string declared(const std::string& type, char letter, std::uint32_t number) const {
        return (shared_[number] ? "" : type + " ") + name(letter, number);
    }

    // --- what terms are ----------------------------------------------------------------------------------------------

    void sorts() {
        const auto& all = rules_.terms().all();
        sorts_.assign(all.size(), Sort::kTruth);
        for (std::uint32_t number = kFirstTruth; number < all.size(); ++number) {
            sorts_[number] = sort_of(all[number]);
        }
    }

    [[nodiscard]] Sort sort_of(const Term& term) const {
        switch (term.code) {
            case Code::kConstant: return rules_.terms().constants()[term.m].sort;
            case Code::kElement: return eval::code::unknown_cell(module_, module_.variables[term.m]).sort;
            case Code::kLoad:
            case Code::kLoadTime: return values_.field(term.a).unknown.sort;
            case Code::kElse: return sorts_[term.a];
            case Code::kMatch: return sorts_[term.arms.front()];
            case Code::kFamily: return Sort::kChoice;
            case Code::kNow:
            case Code::kElseTime:
            case Code::kAdd:
            case Code::kSubtract:
            case Code::kCount:
            case Code::kPrefixLength:
            case Code::kLength: return Sort::kRange;
            case Code::kAnd:
            case Code::kCellTruth:
            case Code::kFieldPresent:
            case Code::kFieldOneOf:
            case Code::kFieldBits:
            case Code::kFieldBetween:
            case Code::kFieldLength:
            case Code::kFieldFact:
            case Code::kFieldIsEmpty:
            case Code::kFieldIsBlank:
            case Code::kFieldAnyOpen:
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
            case Code::kTruthCell:
            case Code::kLoopBegin:
            case Code::kLoopNext:
            case Code::kRuleStart:
            case Code::kRuleEnd:
            case Code::kEnd: break;
        }
        return Sort::kTruth;
    }

    [[nodiscard]] std::string truth(Literal literal) const {
        const std::uint32_t number = literal >> 1U;
        if (literal == eval::code::kTrueLiteral) return "logic::kTrue";
        if (literal == eval::code::kFalseLiteral) return "logic::kFalse";
        if (number < kFirstTruth) return "logic::kUnknown";
        return ((literal & 1U) != 0 ? "!" : "") + name('t', number);
    }

    // The name or the text of a cell.
    [[nodiscard]] std::string cell(std::uint32_t number) {
        const Term& term = rules_.term(number);
        if (term.code == Code::kConstant) return values_.constant(term.m);
        if (term.code == Code::kElement) return fmt::format("e{}", term.m);
        if (term.code == Code::kNow) return "logic::cell_of(at)";
        return name('c', number);
    }

    // --- lines -------------------------------------------------------------------------------------------------------

    [[nodiscard]] static std::string indent(unsigned depth) { return std::string(std::size_t{depth} * 4, ' '); }

    // A question about a field, with what its answer is where the field is unknown.
    [[nodiscard]] std::string ask(std::string_view function, const Term& term, std::string_view more = {}) const {
        return fmt::format("logic::{}({}{}{})", function, values_.member(term.a), more,
                           term.otherwise == Truth::kUnknown ? "" : ", " + spelled(term.otherwise));
    }
    [[nodiscard]] std::string call(std::string_view function, const Term& term) {
        return fmt::format("logic::{}({})", function, cell(term.a));
    }
    [[nodiscard]] std::string call_both(std::string_view function, const Term& term) {
        return fmt::format("logic::{}({}, {})", function, cell(term.a), cell(term.b));
    }

    [[nodiscard]] std::string expression(const Term& term) {
        const auto pair = [&] { return fmt::format(", {}, {}", literal(term.m), literal(term.v)); };
        const auto ends = [&] {
            return fmt::format(", {}, {}", literal(static_cast<std::int64_t>(term.m)),
                               literal(static_cast<std::int64_t>(term.v)));
        };
        switch (term.code) {
            case Code::kAnd: return fmt::format("logic::both({}, {})", truth(term.a), truth(term.b));
            case Code::kCellTruth: return call("truth", term);
            case Code::kFieldPresent:
                return fmt::format("logic::is_present({}.state(), {})", values_.member(term.a),
                                   spelled(term.otherwise));
            case Code::kFieldOneOf: return ask("one_of", term, ", " + literal(term.m));
            case Code::kFieldBits: return ask("bits", term, pair());
            case Code::kFieldBetween: return ask("between", term, ends());
            case Code::kFieldLength: return ask("length_between", term, ends());
            case Code::kFieldFact:
                return fmt::format("logic::has_fact({}, {})", values_.member(term.a), literal(term.m));
            case Code::kFieldIsEmpty: return ask("is_empty", term);
            case Code::kFieldIsBlank: return ask("is_blank", term);
            case Code::kFieldAnyOpen: return ask("any_open", term);
            case Code::kPresent: return call("is_present", term);
            case Code::kEqual: return call_both("equal", term);
            case Code::kLess: return call_both("less", term);
            case Code::kIn: return call_both("in", term);
            case Code::kShare: return call_both("share", term);
            case Code::kSubset: return call_both("subset", term);
            case Code::kWithin: return call_both("within", term);
            case Code::kOverlaps: return call_both("overlaps", term);
            case Code::kIsOpen: return call("is_open", term);
            case Code::kIsPrivate: return call("is_private", term);
            case Code::kIsBlank: return call("is_blank", term);
            case Code::kStartsWith: return call_both("starts_with", term);
            case Code::kEndsWith: return call_both("ends_with", term);
            case Code::kLike: return call_both("like", term);
            case Code::kHasFact: return fmt::format("logic::has_fact({}, {})", cell(term.a), literal(term.m));
            case Code::kLoad:
            case Code::kLoadTime: return values_.load(term.a);
            case Code::kElse: return call_both("otherwise", term);
            case Code::kElseTime: return fmt::format("logic::otherwise({}, {})", values_.load(term.a), cell(term.b));
            case Code::kAdd: return call_both("add", term);
            case Code::kSubtract: return call_both("subtract", term);
            case Code::kCount: return call("count", term);
            case Code::kPrefixLength: return call("prefix_length", term);
            case Code::kFamily: return call("family", term);
            case Code::kLength: return call("length", term);
            case Code::kTruthCell: return fmt::format("logic::cell_of({})", truth(term.a));
            case Code::kConstant:  // stand where they are read
            case Code::kNow:
            case Code::kElement:
            case Code::kAny:  // statements
            case Code::kMatch:
            case Code::kLoopBegin:  // no terms
            case Code::kLoopNext:
            case Code::kRuleStart:
            case Code::kRuleEnd:
            case Code::kEnd: break;
        }
        return {};
    }

    [[nodiscard]] std::string term(std::uint32_t number, unsigned depth) {
        const Term& term = rules_.term(number);
        emitted_[number] = true;
        const std::string space = indent(depth);
        switch (term.code) {
            case Code::kConstant:
            case Code::kElement:
            case Code::kNow: return {};
            case Code::kAny: return loop(number, depth);
            case Code::kMatch: {
                const std::string type = cell_type(sorts_[number]);
                std::string out = fmt::format("{}logic::Arms<{}> a{}{{{}, {}}};\n", space, type, number, cell(term.a),
                                              term.arms.size());
                for (std::size_t i = 0; i < term.arms.size(); ++i) {
                    out += fmt::format("{}a{}.arm({}, {});\n", space, number, i, cell(term.arms[i]));
                }
                return out + fmt::format("{}{} = a{}.result({});\n", space, declared("const " + type, 'c', number),
                                         number, everything(rules_.terms().prototypes()[term.v]));
            }
            default: break;
        }
        if (eval::code::shape_of(term.code).result == eval::code::Part::kTruth) {
            return fmt::format("{}{} = {};\n", space, declared("const logic::Kleene", 't', number), expression(term));
        }
        return fmt::format("{}{} = {};\n", space, declared("const " + cell_type(sorts_[number]), 'c', number),
                           expression(term));
    }

    // --- loops -------------------------------------------------------------------------------------------------------

    // Recursion as deep as quantifiers are nested.
    [[nodiscard]] std::string loop(std::uint32_t number, unsigned depth) {
        const Term& term = rules_.term(number);
        const std::string space = indent(depth), set = cell(term.a), found = name('t', number);
        const Sort sort = sorts_[term.a];
        std::string out = fmt::format("{}{} = logic::kUnknown;\n", space, declared("logic::Kleene", 't', number));
        const std::string known = sort == Sort::kMembers ? "" : fmt::format(" && {}.known", set);
        out += fmt::format("{}if ({}.there(){}) {{\n{}    {} = logic::kFalse;\n", space, set, known, space, found);
        std::string here = truth(term.b);
        if (sort == Sort::kMembers) {
            out += fmt::format(
                "{0}    for (std::uint64_t left{1} = {2}.may; left{1} != 0 && !logic::is_true({4}); left{1} &= "
                "left{1} - 1) {{\n"
                "{0}        [[maybe_unused]] const logic::ChoiceCell e{3} = logic::choice(left{1} & (~left{1} + 1));\n",
                space, number, set, term.m, found);
            // An element that is only perhaps in the set.
            here =
                fmt::format("(e{1}.may & {2}.must) != 0 ? {0} : logic::both({0}, logic::kUnknown)", here, term.m, set);
        } else {
            out += fmt::format(
                "{0}    for (const auto& one{1} : {2}.elements) {{\n"
                "{0}        [[maybe_unused]] const auto e{3} = logic::cell_of(one{1});\n",
                space, number, set, term.m);
        }
        const std::vector<std::uint32_t> inside = body_of(term);
        for (const std::uint32_t one : inside) out += this->term(one, depth + 2);
        for (const std::uint32_t one : inside) emitted_[one] = false;  // their names end with the loop
        out += fmt::format("{0}        {1} = logic::either({1}, {2});\n", space, found, here);
        if (sort != Sort::kMembers) out += fmt::format("{}        if (logic::is_true({})) break;\n", space, found);
        return out + space + "    }\n" + space + "}\n";
    }

    // The terms that a loop must compute: those below its body that read a variable and aren't computed yet. What
    // stands below the body of a loop inside is left to that loop.
    [[nodiscard]] std::vector<std::uint32_t> body_of(const Term& loop) const {
        std::vector<std::uint32_t> found, pending{loop.b >> 1U};
        std::unordered_set<std::uint32_t> seen;
        while (!pending.empty()) {
            const std::uint32_t at = pending.back();
            pending.pop_back();
            if (at < kFirstTruth || emitted_[at] || rules_.term(at).free.empty()) continue;
            if (!seen.insert(at).second) continue;
            found.push_back(at);
            const Term& term = rules_.term(at);
            eval::code::for_each_operand(term, [&](std::uint32_t operand, bool is_literal) {
                if (term.code != Code::kAny || !is_literal) pending.push_back(operand);
            });
        }
        std::sort(found.begin(), found.end());
        return found;
    }

    // --- rules -------------------------------------------------------------------------------------------------------

    [[nodiscard]] bool is_cheap(const std::vector<std::uint32_t>& terms) const {
        constexpr std::size_t kFew = 6;
        return terms.size() <= kFew && std::all_of(terms.begin(), terms.end(), [&](std::uint32_t number) {
                   const Code code = rules_.term(number).code;
                   return code == Code::kAnd || code == Code::kFieldPresent || code == Code::kFieldOneOf ||
                          code == Code::kFieldBits;
               });
    }

    [[nodiscard]] std::string rule(std::size_t r) {
        const ir::Rule& rule = module_.rules[r];
        const eval::code::RuleRoots& roots = rules_.roots()[r];
        const bool plain = !rule.expiry && rule.exemptions.empty();
        const bool skips = roots.when != eval::code::kTrueLiteral && !(plain && is_cheap(rules_.of_rule(r)));
        std::string out = fmt::format("    // {}\n", in_comment(rule.name));
        out += skips ? fmt::format("    if (logic::may_be_true({})) {{\n", truth(roots.when)) : "    {\n";
        for (const std::uint32_t number : rules_.of_rule(r)) out += term(number, 2);
        const std::string outcome = fmt::format("decision.outcomes[{}]", r);
        const char* severity = rule.severity == Severity::kError     ? "kError"
                               : rule.severity == Severity::kWarning ? "kWarning"
                                                                     : "kInfo";
        // Waivers come last: what they excuse applies all the same.
        std::string applies = truth(roots.when), bound;
        for (std::size_t e = 0; e < rule.exemptions.size(); ++e) {
            if (rule.exemptions[e].waiver == ir::Exemption::kNoWaiver) {
                applies = fmt::format("logic::both({}, {})", applies, truth(roots.exemptions[e] ^ 1U));
            } else {
                bound = fmt::format("logic::both({}, {})", bound.empty() ? "applies" : bound,
                                    truth(roots.exemptions[e] ^ 1U));
            }
        }
        if (bound.empty()) bound = "applies";
        std::string holds = truth(roots.satisfied);
        if (!plain) out += fmt::format("        const logic::Kleene applies = {};\n", applies);
        if (rule.expiry) {
            out += fmt::format("        const logic::RangeCell deadline = logic::add({}, {});\n", cell(roots.since),
                               cell(roots.after));
            holds = "!logic::reached(at, deadline)";
        }
        if (!plain && bound != "applies") {
            out += fmt::format("        const logic::Kleene bound = {};\n", bound);
            bound = "bound";
        }
        out += fmt::format("        {} = logic::conclude<inlined::Severity::{}>({}, {}, {}, tally);\n", outcome,
                           severity, truth(roots.when), plain ? truth(roots.when) : bound, holds);
        if (!rule.exemptions.empty()) {
            out += fmt::format("        if ({} == inlined::Outcome::kPass) {{\n", outcome);
            for (std::size_t e = 0; e < rule.exemptions.size(); ++e) {
                out += fmt::format(
                    "            {}if (logic::is_true({})) {{\n"
                    "                {} = inlined::Outcome::kExempt;\n"
                    "                decision.exempt_by[{}] = {};\n",
                    e == 0 ? "" : "} else ", truth(roots.exemptions[e]), outcome, slots_.exempting[r], e);
            }
            out += "            }\n        }\n";
        }
        if (rule.expiry) {
            const std::string slot = fmt::format("decision.deadlines[{}]", slots_.deadline[r]);
            out += fmt::format(
                "        if (logic::may_be_true(applies)) {{\n"
                "            {0}.at = {{deadline.low, deadline.high}};\n"
                "            {0}.applies = logic::to_truth(applies);\n"
                "        }}\n",
                slot);
            if (rule.expiry->warn_before.valid()) {
                out += fmt::format(
                    "        if ({} == inlined::Outcome::kPass) {{\n"
                    "            const logic::RangeCell from = logic::subtract(deadline, {});\n"
                    "            {}.warning = logic::to_truth(logic::both(logic::reached(at, from), {}));\n"
                    "        }}\n",
                    outcome, cell(roots.warn_before), slot, bound);
            }
        }
        return out + "    }\n";
    }

    const ir::Module& module_;
    RuleTerms rules_;
    Values values_;
    const Slots slots_{module_};
    const std::size_t longest_;  // terms and rules of one function
    std::vector<Sort> sorts_;    // by term
    std::vector<bool> emitted_;  // by term: its name can be read at this place
    std::vector<bool> shared_;   // by term: it stands in `Shared`
};

}  // namespace

std::string decide_text(const ir::Module& module, const Names& names, std::size_t longest_function) {
    return Writer{module, names, longest_function}.write();
}

}  // namespace keywright::emit
