#include "analysis/explain.h"

#include "base/text.h"
#include "eval/reference.h"
#include "ir/operands.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace keywright::analysis {

using ir::FieldId;
using ir::NodeId;
using ir::Op;

namespace {

// Every node below `roots`, each once. Defines share nodes, so a plain walk could take exponential time.
std::vector<NodeId> reachable(const ir::Module& module, std::vector<NodeId> roots) {
    std::vector<NodeId> out;
    std::set<std::uint32_t> seen;
    while (!roots.empty()) {
        const NodeId id = roots.back();
        roots.pop_back();
        if (!id.valid() || !seen.insert(id.value).second) continue;
        out.push_back(id);
        ir::for_each_operand(module, module.node(id), [&](NodeId operand) { roots.push_back(operand); });
    }
    return out;
}

std::vector<NodeId> roots_of(const ir::Rule& rule) {
    std::vector<NodeId> out{rule.when, rule.requirement};
    for (const ir::Exemption& exemption : rule.exemptions) out.push_back(exemption.condition);
    if (rule.expiry) {
        out.push_back(rule.expiry->after);
        out.push_back(rule.expiry->since);
        out.push_back(rule.expiry->warn_before);
    }
    return out;
}

// The field that a node is another name of, if any.
FieldId field_below(const ir::Module& module, NodeId id) {
    while (module.node(id).op == Op::kDefine) id = module.operand_a(id);
    return module.node(id).op == Op::kField ? FieldId{module.node(id).a} : FieldId{};
}

std::string join_values(const ir::Module& module, ir::EnumId enumeration, std::uint64_t bits) {
    std::string out;
    const auto& values = module.enums[enumeration.index()].values;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if ((bits >> i & 1U) == 0) continue;
        if (!out.empty()) out += ", ";
        out += values[i];
    }
    return out;
}

// What the rule asks of a set of enum values: which of them it looks for, and whether it looks at the set as a whole.
struct Interest {
    std::uint64_t asked = 0;
    bool whole = false;
};

Interest interest_in(const ir::Module& module, const std::vector<NodeId>& nodes, FieldId field) {
    Interest out;
    const auto constant_bits = [&](NodeId id) -> std::optional<std::uint64_t> {
        const ir::Node* node = &module.node(id);
        while (node->op == Op::kDefine) node = &module.node(NodeId{node->a});
        const value::Value* value = nullptr;
        if (node->op == Op::kConst) value = &module.constant(node->a);
        if (node->op == Op::kParam) value = &module.constants[module.params[node->a].value.index()];
        if (value == nullptr) return {};
        if (const auto* set = std::get_if<value::EnumSet>(value)) return set->bits;
        if (const auto* one = std::get_if<value::EnumValue>(value)) return std::uint64_t{1} << one->index;
        return {};
    };
    for (const NodeId id : nodes) {
        const ir::Node& node = module.node(id);
        switch (node.op) {
            case Op::kIn:
            case Op::kHasAny:
            case Op::kHasAll:
            case Op::kHasNone: {
                const bool membership = node.op == Op::kIn;
                if (field_below(module, NodeId{membership ? node.b : node.a}) != field) break;
                const auto bits = constant_bits(NodeId{membership ? node.a : node.b});
                if (bits)
                    out.asked |= *bits;
                else
                    out.whole = true;
                break;
            }
            case Op::kEqual:
            case Op::kNotEqual:
            case Op::kHasOnly:
            case Op::kIsEmpty:
            case Op::kCount:
            case Op::kAny:
            case Op::kEvery:
            case Op::kNo:
                ir::for_each_operand(module, node, [&](NodeId operand) {
                    out.whole = out.whole || field_below(module, operand) == field;
                });
                break;
            case Op::kConst:
            case Op::kParam:
            case Op::kField:
            case Op::kNow:
            case Op::kElement:
            case Op::kDeadline:
            case Op::kDefine:
            case Op::kNot:
            case Op::kAnd:
            case Op::kOr:
            case Op::kImplies:
            case Op::kIsPresent:
            case Op::kElse:
            case Op::kLess:
            case Op::kLessEqual:
            case Op::kGreater:
            case Op::kGreaterEqual:
            case Op::kAdd:
            case Op::kSubtract:
            case Op::kWithin:
            case Op::kCovers:
            case Op::kOverlaps:
            case Op::kIsOpen:
            case Op::kIsPrivate:
            case Op::kPrefixLength:
            case Op::kFamily:
            case Op::kLength:
            case Op::kIsBlank:
            case Op::kStartsWith:
            case Op::kEndsWith:
            case Op::kLike:
            case Op::kHasFact:
            case Op::kMatch: break;
        }
    }
    return out;
}

bool asks(const ir::Module& module, const std::vector<NodeId>& nodes, FieldId field, Op op, std::uint32_t b = 0) {
    return std::any_of(nodes.begin(), nodes.end(), [&](NodeId id) {
        const ir::Node& node = module.node(id);
        return node.op == op && (op != Op::kHasFact || node.b == b) && field_below(module, NodeId{node.a}) == field;
    });
}

std::string fact_of_networks(const value::Record& record, FieldId field) {
    const auto all = record.network_set(field.index());
    if (all.empty()) return "is empty";
    for (const value::Network& network : all) {
        if (!network.masked && value::is_open(network))
            return fmt::format("contains {}, which restricts nothing", value::to_string(network));
    }
    const auto masked =
        static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [](const auto& n) { return n.masked; }));
    std::string out = fmt::format("has {} {}", all.size(), all.size() == 1 ? "entry" : "entries");
    if (masked > 0) out += fmt::format(", {} masked", masked);
    return out;
}

std::string fact_of_secret(const ir::Module& module, const std::vector<NodeId>& nodes, const value::SecretFacts& secret,
                           FieldId field) {
    const auto masked = static_cast<std::uint8_t>(value::SecretFact::kIsMasked);
    if (secret.length_max == 0) return "is empty";
    if (asks(module, nodes, field, Op::kHasFact, masked) && (secret.known & masked) != 0) {
        return (secret.facts & masked) != 0 ? "is masked" : "is not masked";
    }
    return "is present";
}

Instant instant_of(eval::Nanos nanos) { return value::to_instant(nanos); }

// Errors first, then by order of the rules.
template <class Finding>
void heaviest_first(std::vector<Finding>& findings) {
    std::vector<Finding> out;
    out.reserve(findings.size());
    for (const Severity severity : {Severity::kError, Severity::kWarning, Severity::kInfo}) {
        for (Finding& one : findings) {
            if (one.severity == severity) out.push_back(std::move(one));
        }
    }
    findings = std::move(out);
}

std::string render(const ir::Module& module, const ir::Template& pieces, const value::Record& record, Instant now,
                   const eval::InstantBounds& deadline) {
    std::string out;
    for (const ir::TemplatePiece& piece : pieces) {
        out += piece.node.valid() ? eval::describe_reference(module, piece.node, record, now, deadline) : piece.text;
    }
    return out;
}

}  // namespace

std::vector<FieldId> Dependencies::fields(ir::RuleId rule) const {
    std::set<FieldId> fields;
    for (const NodeId id : reachable(*module_, roots_of(module_->rules[rule.index()]))) {
        if (module_->node(id).op == Op::kField) fields.insert(FieldId{module_->node(id).a});
    }
    return {fields.begin(), fields.end()};
}

std::vector<FieldId> Explainer::decisive_fields(const value::Record& record, Instant now, ir::RuleId rule,
                                                const eval::RuleDecision& decision) const {
    std::vector<FieldId> kept;
    value::Record current = record;
    // What the rule doesn't read can't matter, except by bounding what it reads: start from the rule's own fields.
    const auto own = dependencies.fields(rule);
    for (std::size_t i = 0; i < record.size(); ++i) {
        if (!std::binary_search(own.begin(), own.end(), FieldId{i})) current.set_unknown(i);
    }
    auto scratch = program.make_scratch();
    const auto still = [&](const value::Record& trial) {
        const eval::RuleDecision d = program.decide_rule(trial, now, scratch, rule);
        return d.outcome == decision.outcome && d.warning == decision.warning;
    };
    if (!still(current)) current = record;
    for (std::size_t i = record.size(); i-- > 0;) {
        if (current.state(i) == value::State::kUnknown) continue;
        value::Record trial = current;
        trial.set_unknown(i);
        if (still(trial))
            current = std::move(trial);
        else
            kept.push_back(FieldId{i});
    }
    std::reverse(kept.begin(), kept.end());
    return kept;
}

std::vector<FieldId> Explainer::needed_fields(const value::Record& record, Instant now, ir::RuleId id) const {
    const ir::Rule& rule = module.rules[id.index()];
    std::set<FieldId> fields;
    const auto add = [&](NodeId node) {
        if (!node.valid()) return;
        const auto more = eval::unsettled_fields(module, node, record, now);
        fields.insert(more.begin(), more.end());
    };
    for (const NodeId root : roots_of(rule)) {
        if (!root.valid()) continue;
        if (module.type(root).kind != ir::Kind::kBool ||
            eval::evaluate_reference(module, root, record, now) == eval::Truth::kUnknown)
            add(root);
    }
    return {fields.begin(), fields.end()};
}

std::string Explainer::fact(const value::Record& record, ir::RuleId rule, FieldId id) const {
    const ir::Field& field = module.schema.fields[id.index()];
    const std::size_t i = id.index();
    switch (record.state(i)) {
        case value::State::kUnknown: return "is unknown";
        case value::State::kAbsent: return "is absent";
        case value::State::kGiven: break;
    }
    const auto nodes = reachable(module, roots_of(module.rules[rule.index()]));
    switch (field.type.kind) {
        case ir::Kind::kBool: return record.boolean(i) ? "is true" : "is false";
        case ir::Kind::kInt: return fmt::format("is {}", record.integer(i));
        case ir::Kind::kText:
            return base::is_blank(record.text(i)) ? "is blank"
                                                  : fmt::format("is \"{}\"", base::printable(record.text(i), 60));
        case ir::Kind::kEnum:
            return fmt::format("is {}", module.enums[field.type.enumeration.index()].values[record.enumerator(i)]);
        case ir::Kind::kNetwork:
            return record.network(i).masked ? "is masked" : fmt::format("is {}", value::to_string(record.network(i)));
        case ir::Kind::kInstant: return fmt::format("is {}", to_string(record.instant(i)));
        case ir::Kind::kDuration: return fmt::format("is {}", to_string(record.duration(i)));
        case ir::Kind::kSecret: return fact_of_secret(module, nodes, record.secret(i), id);
        case ir::Kind::kRecord: return "is present";
        case ir::Kind::kSet: break;
    }
    switch (field.type.element) {
        case ir::Kind::kEnum: {
            const std::uint64_t bits = record.enum_set(i);
            if (bits == 0) return "is empty";
            const Interest interest = interest_in(module, nodes, id);
            if (interest.whole || interest.asked == 0)
                return fmt::format("is {{{}}}", join_values(module, field.type.enumeration, bits));
            if ((bits & interest.asked) != 0)
                return fmt::format("contains {}", join_values(module, field.type.enumeration, bits & interest.asked));
            return fmt::format("does not contain {}", join_values(module, field.type.enumeration, interest.asked));
        }
        case ir::Kind::kNetwork: return fact_of_networks(record, id);
        case ir::Kind::kText:
        case ir::Kind::kInt:
        case ir::Kind::kBool:
        case ir::Kind::kSet:
        case ir::Kind::kInstant:
        case ir::Kind::kDuration:
        case ir::Kind::kSecret:
        case ir::Kind::kRecord:
            return record.count(i) == 0
                       ? "is empty"
                       : fmt::format("has {} {}", record.count(i), record.count(i) == 1 ? "element" : "elements");
    }
    return {};
}

std::vector<FactWords> Explainer::because(const value::Record& record, Instant now, ir::RuleId rule,
                                          const eval::RuleDecision& decision) const {
    if (reasons != nullptr) {
        if (const auto facts = reasons->minimal(record, now, rule, decision))
            return reasons->words(record, now, rule, *facts, false);
    }
    std::vector<FactWords> out;
    for (const FieldId field : decisive_fields(record, now, rule, decision))
        out.push_back({field, fact(record, rule, field), {}});
    return out;
}

std::optional<WaiverUsed> waiver_used(const ir::Module& module, const ir::Exemption& exemption) {
    if (exemption.waiver == ir::Exemption::kNoWaiver) return std::nullopt;
    const ir::Waiver& waiver = module.waivers[exemption.waiver];
    return WaiverUsed{waiver.owner, waiver.reason, waiver.ticket, waiver.until};
}

ExpiresAt to_expires_at(const eval::Expiration& expiration) {
    ExpiresAt out;
    if (expiration.none) return out;
    out.kind = expiration.at.is_point() ? ExpiresAt::Kind::kAt : ExpiresAt::Kind::kBetween;
    if (expiration.at.has_earliest()) out.earliest = instant_of(expiration.at.earliest);
    if (expiration.at.has_latest()) out.latest = instant_of(expiration.at.latest);
    return out;
}

void Explainer::fill(const value::Record& record, Instant now, const eval::Decision& decision,
                     const base::SourceSet& sources, RecordReport& report) const {
    report.verdict = static_cast<Verdict>(eval::verdict(module, decision));
    report.expires_at = to_expires_at(eval::expiration(module, decision));
    const auto pointer = [&](FieldId field) { return module.schema.fields[field.index()].pointer; };
    for (std::size_t i = 0; i < module.rules.size(); ++i) {
        const ir::Rule& rule = module.rules[i];
        const ir::RuleId id{i};
        const eval::RuleDecision& d = decision.rules[i];
        const Severity warning_severity = std::min(rule.severity, Severity::kWarning);
        const bool violated = d.outcome == ir::Outcome::kViolated;
        if (violated || d.warning == eval::Truth::kTrue) {
            Violation violation;
            violation.rule = rule.name;
            violation.severity = violated ? rule.severity : warning_severity;
            violation.message = render(module, rule.message, record, now, d.deadline);
            violation.help = render(module, rule.help, record, now, d.deadline);
            for (const ir::Citation& citation : rule.cites) {
                const ir::Document& document = module.documents[citation.document.index()];
                const auto clause = std::find_if(document.clauses.begin(), document.clauses.end(),
                                                 [&](const ir::Clause& c) { return c.id == citation.clause; });
                violation.cites.push_back(
                    {document.name, citation.clause, clause == document.clauses.end() ? std::string{} : clause->text});
            }
            for (const FactWords& words : because(record, now, id, d)) {
                // Two facts may be about one field.
                if (violation.fields.empty() || violation.fields.back() != pointer(words.field))
                    violation.fields.push_back(pointer(words.field));
                violation.because.push_back({pointer(words.field), words.text});
            }
            if (rule.expiry && d.deadline.is_point()) violation.deadline = instant_of(d.deadline.earliest);
            violation.rule_range = sources.range(rule.span);
            report.violations.push_back(std::move(violation));
        }
        if (d.outcome == ir::Outcome::kUndetermined || (!violated && d.warning == eval::Truth::kUnknown)) {
            Undetermined one;
            one.rule = rule.name;
            one.severity = d.outcome == ir::Outcome::kUndetermined ? rule.severity : warning_severity;
            for (const FieldId field : needed_fields(record, now, id)) one.needs.push_back(pointer(field));
            report.undetermined.push_back(std::move(one));
        }
        if (d.outcome == ir::Outcome::kExempt) {
            const ir::Exemption& by = rule.exemptions[d.exempt_by];
            report.exempt.push_back({rule.name, by.label, waiver_used(module, by)});
        }
    }
    heaviest_first(report.violations);
    heaviest_first(report.undetermined);
}

}  // namespace keywright::analysis
