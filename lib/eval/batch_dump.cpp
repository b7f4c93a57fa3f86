// A plan as text: one line an operation.
#include "eval/batch_plan.h"

#include <string>

namespace keywright::eval {
namespace {

using batch::Operation;
using batch::Step;

std::string number(std::uint64_t n) { return std::to_string(n); }

std::string literal(code::Literal l) {
    const std::string sign = (l & 1U) != 0 ? "!" : "";
    if (l >> 1U == 0) return (l & 1U) != 0 ? "false" : "true";
    if (l >> 1U == 1) return "unknown";
    return sign + 't' + number(l >> 1U);
}

std::string range(const Operation& o) {
    return ' ' + std::to_string(static_cast<std::int64_t>(o.m)) + ".." + std::to_string(static_cast<std::int64_t>(o.v));
}

std::string elements(const Batch::Plan& plan, const Operation& o) {
    std::string out = o.v != 0 ? " not" : "";
    for (std::uint64_t k = 0; k < o.m; ++k) {
        const batch::Part& part = plan.parts[o.b + k];
        out += (part.negated ? " !p" : " p") + number(part.plane);
    }
    return out;
}

std::string rule(const Batch::Plan& plan, const Operation& o) {
    const batch::Rule& rule = plan.rules[o.result];
    std::string out = "rule " + number(o.result) + " when " + literal(rule.when);
    for (std::uint32_t k = 0; k < rule.exemptions; ++k) {
        out += (k + rule.waivers < rule.exemptions ? " unless " : " waived ") +
               literal(plan.exemptions[rule.first_exemption + k]);
    }
    if (!rule.expires) return out + " holds " + literal(rule.satisfied);
    out += " expires n" + number(rule.since) + " + n" + number(rule.after);
    return rule.warns ? out + " warns n" + number(rule.warn_before) : out;
}

std::string line(const Batch::Plan& plan, const Operation& o) {
    const std::string field = " f" + number(o.a);
    const std::string truth = 't' + number(o.result) + " = ", result = 'n' + number(o.result) + " = ";
    const std::string numbers = " n" + number(o.a) + " n" + number(o.b);
    switch (o.step) {
        case Step::kAnd: return truth + "and " + literal(o.a) + ' ' + literal(o.b);
        case Step::kIsThere: return truth + "is there" + field;
        case Step::kTruth: return truth + "truth" + field + " mask " + number(o.m);
        case Step::kElements: return truth + "elements" + field + elements(plan, o);
        case Step::kBetween: return truth + "between" + field + range(o);
        case Step::kLength: return truth + "length" + field + range(o);
        case Step::kFact: return truth + "fact" + field + ' ' + number(o.m);
        case Step::kBlank: return truth + "blank" + field;
        case Step::kEmpty: return truth + "empty" + field;
        case Step::kOpen: return truth + "open" + field;
        case Step::kLess: return truth + "less" + numbers;
        case Step::kEqual: return truth + "equal" + numbers;
        case Step::kPresent: return truth + "present n" + number(o.a);
        case Step::kConstant: return result + "constant";
        case Step::kNow: return result + "now";
        case Step::kLoad: return result + "load" + field;
        case Step::kElse: return result + "else" + numbers;
        case Step::kAdd: return result + "add" + numbers;
        case Step::kSubtract: return result + "subtract" + numbers;
        case Step::kCount: return result + "count" + field;
        case Step::kLengthOf: return result + "length of" + field;
        case Step::kFromSlice: return result + "slice " + number(o.a);
        case Step::kSplit: return "split" + field + " into p" + number(plan.fields[o.a].split.first) + "..";
        case Step::kSlice: return o.a == 0 ? "slice of conditions" : "slices";
        case Step::kRuleEnd: return rule(plan, o);
    }
    return {};
}

}  // namespace

std::string Batch::dump() const {
    const Plan& plan = *plan_;
    std::string out = "slots: " + number(plan.truths) + " truths, " + number(plan.buffers) + " numbers, " +
                      number(plan.planes) + " elements\n";
    for (const Operation& o : plan.operations) out += line(plan, o) + '\n';
    for (const batch::Section& section : plan.slice.sections) {
        if (section.truths == 0 && section.numbers == 0) continue;
        out += "row by row when " + literal(section.when) + ':';
        for (std::uint32_t k = 0; k < section.truths; ++k) {
            out += " t" + number(plan.slice.truths[section.first_truth + k].to);
        }
        for (std::uint32_t k = 0; k < section.numbers; ++k) out += " slice " + number(section.first_number + k);
        out += '\n';
    }
    return out;
}

}  // namespace keywright::eval
