#include "analysis/mutants.h"

#include "analysis/source_edit.h"
#include "analysis/variants.h"
#include "eval/terms.h"
#include "ir/edit.h"
#include "ir/operands.h"
#include "ir/presence.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

namespace keywright::analysis {

using ir::FieldId;
using ir::NodeId;
using ir::Op;
using ir::RuleId;

namespace {

ir::Module without_tests(const ir::Module& module) {
    ir::Module out = module;
    out.samples.clear();
    out.tests.clear();
    out.proofs.clear();
    out.adapters.clear();
    for (ir::Rule& rule : out.rules) rule.accepted_gaps.clear();
    return out;
}

// `n < 6` is `n <= 5`, and so on: of a whole number one of the two steps is the same as another operator.
bool is_another_comparison(const ir::Module& module, NodeId around, NodeId constant, const ir::Node& variant) {
    if (!around.valid() || variant.op != Op::kConst) return false;
    const ir::Node& comparison = module.node(around);
    const auto* before = std::get_if<std::int64_t>(&module.constant(module.node(constant).a));
    const auto* after = std::get_if<std::int64_t>(&module.constant(variant.a));
    if (before == nullptr || after == nullptr) return false;
    const bool is_right = comparison.b == constant.value;
    bool upwards = false;  // the step that another operator makes, where the constant stands on the right
    switch (comparison.op) {
        case Op::kLess:
        case Op::kGreaterEqual: upwards = true; break;
        case Op::kLessEqual:
        case Op::kGreater: break;
        default: return false;  // NOLINT: the others have no such pair
    }
    return (*after > *before) == (is_right ? upwards : !upwards);
}

class Maker {
public:
    Maker(const ir::Module& module, const base::SourceSet* sources) : original_(module), edits_(sources) {
        out_.module = without_tests(module);
        out_.originals = module.rules.size();
        for (const ir::Rule& rule : module.rules) below_.push_back(ir::nodes_below(module, ir::roots_of(rule)));
    }

    Mutants run() {
        params();
        defines();
        for (std::size_t i = 0; i < original_.rules.size(); ++i) rule(RuleId{i});
        drop_copies_of_others();
        name_all();
        return std::move(out_);
    }

private:
    // An expression as it is written in one place: the nodes under `root` down to where defines are named.
    struct Written {
        std::vector<NodeId> nodes;           // what an operator reads comes behind it
        std::map<NodeId, NodeId> around;     // the node that reads it, the first of several
        std::map<NodeId, unsigned> readers;  // how many: a link of a chain of comparisons has two
    };
    [[nodiscard]] Written written(NodeId root) const {
        Written out;
        std::vector<NodeId> pending{root};
        while (!pending.empty()) {
            const NodeId id = pending.back();
            pending.pop_back();
            if (std::ranges::find(out.nodes, id) != out.nodes.end()) continue;
            out.nodes.push_back(id);
            const ir::Node& node = original_.node(id);
            if (node.op == Op::kDefine) continue;
            std::vector<NodeId> operands;
            ir::for_each_operand(original_, node, [&](NodeId operand) {
                out.around.try_emplace(operand, id);
                ++out.readers[operand];
                operands.push_back(operand);
            });
            pending.insert(pending.end(), operands.rbegin(), operands.rend());
        }
        return out;
    }

    // --- what is made of it
    Mutant& add(MutantOperator op, std::string place) {
        places_.push_back(std::move(place));
        out_.all.emplace_back().op = op;
        return out_.all.back();
    }

    static void tell(Mutant& mutant, SourceEdit edit) {
        mutant.span = edit.span;
        mutant.what = edit.after.empty() ? fmt::format("without `{}`", edit.before)
                                         : fmt::format("`{}` becomes `{}`", edit.before, edit.after);
        mutant.before = std::move(edit.before);
        mutant.after = std::move(edit.after);
    }

    // A changed rule, if the checker would take it.
    [[nodiscard]] bool mutate(std::vector<MutatedRule>& rules, RuleId original, ir::Rule rule,
                              std::vector<std::uint16_t> exemptions) {
        if (!ir::is_acceptable(out_.module, rule)) return false;
        rules.push_back({original, RuleId{out_.module.rules.size()}, std::move(exemptions)});
        out_.module.rules.push_back(std::move(rule));
        return true;
    }
    [[nodiscard]] static std::vector<std::uint16_t> as_they_are(const ir::Rule& rule) {
        std::vector<std::uint16_t> out;
        for (std::size_t i = 0; i < rule.exemptions.size(); ++i) out.push_back(static_cast<std::uint16_t>(i));
        return out;
    }

    // Every rule that reads one of the nodes, with others in their place.
    [[nodiscard]] std::vector<MutatedRule> everywhere(ir::Replacement& replacement, const std::vector<NodeId>& nodes) {
        std::vector<MutatedRule> out;
        const std::size_t first = out_.module.rules.size();
        for (std::size_t i = 0; i < original_.rules.size(); ++i) {
            const bool reads = std::ranges::any_of(
                nodes, [&](NodeId id) { return std::binary_search(below_[i].begin(), below_[i].end(), id); });
            if (!reads) continue;
            ir::Rule changed = replacement(out_.module.rules[i]);
            std::vector<std::uint16_t> exemptions = as_they_are(changed);
            if (!mutate(out, RuleId{i}, std::move(changed), std::move(exemptions))) {
                out_.module.rules.resize(first);
                return {};
            }
        }
        return out;
    }

    void rule_without(MutantOperator op, RuleId id, ir::Rule changed, std::vector<std::uint16_t> exemptions,
                      SourceEdit edit) {
        std::vector<MutatedRule> rules;
        if (!mutate(rules, id, std::move(changed), std::move(exemptions))) return;
        Mutant& mutant = add(op, original_.rules[id.index()].name);
        mutant.rules = std::move(rules);
        tell(mutant, std::move(edit));
    }

    // Mistakes inside one expression.
    void expression(const std::string& place, NodeId root) {
        if (!root.valid()) return;
        const Written here = written(root);
        const auto around = [&](NodeId id) {
            const auto at = here.around.find(id);
            return id == root || at == here.around.end() ? NodeId{} : at->second;
        };
        for (const NodeId id : here.nodes) {
            const NodeId outer = around(id);
            const bool negatable = !outer.valid() || original_.node(outer).op != Op::kNot;
            for (const Variant& variant : variants_of(out_.module, id, negatable)) {
                if (is_constant(id) && here.readers.contains(id) && here.readers.at(id) == 1 &&
                    is_another_comparison(out_.module, outer, id, out_.module.node(variant.node)))
                    continue;
                ir::Replacement replacement{out_.module, {{id, variant.node}}};
                std::vector<MutatedRule> rules = everywhere(replacement, {id});
                if (rules.empty()) continue;
                Mutant& mutant = add(variant.op, place);
                mutant.rules = std::move(rules);
                tell(mutant,
                     edits_.replaced(out_.module, root, id, around, [&](NodeId node) { return replacement(node); }));
            }
        }
    }

    [[nodiscard]] bool is_constant(NodeId id) const { return original_.node(id).op == Op::kConst; }

    void params() {
        for (std::size_t p = 0; p < original_.params.size(); ++p) {
            const ir::Param& param = original_.params[p];
            if (!param.value.valid()) continue;
            std::vector<NodeId> reads;
            for (std::size_t i = 0; i < original_.nodes.size(); ++i) {
                if (original_.nodes[i].op == Op::kParam && original_.nodes[i].a == p) reads.push_back(NodeId{i});
            }
            const value::Value& value = original_.constants[param.value.index()];
            const std::string before = ir::to_literal(original_, param.type, value);
            for (auto& [op, other] : variants_of(original_, param.type, value)) {
                const std::string after = ir::to_literal(original_, param.type, other);
                std::vector<std::pair<NodeId, NodeId>> pairs;
                ir::Editor editor{out_.module};
                for (const NodeId read : reads) {
                    // The range of a parameter is that of its type, so comparisons with it aren't decided by its value.
                    const NodeId constant = editor.add_constant(other, param.type, original_.node(read).span);
                    out_.module.nodes[constant.index()].type = editor.intern(param.type);
                    pairs.emplace_back(read, constant);
                }
                ir::Replacement replacement{out_.module, pairs};
                std::vector<MutatedRule> rules = everywhere(replacement, reads);
                if (rules.empty()) continue;
                Mutant& mutant = add(op, param.name);
                mutant.rules = std::move(rules);
                tell(mutant, edits_.param(param, before, after));
            }
        }
    }

    void defines() {
        for (const ir::Define& define : original_.defines) expression(define.name, define.root);
    }

    void rule(RuleId id) {
        const ir::Rule& rule = original_.rules[id.index()];
        const ir::Rule plain = out_.module.rules[id.index()];
        for (const Severity other : {Severity::kError, Severity::kWarning, Severity::kInfo}) {
            const bool is_near = rule.severity == Severity::kWarning || other == Severity::kWarning;
            if (other == rule.severity || !is_near) continue;
            ir::Rule changed = plain;
            changed.severity = other;
            rule_without(MutantOperator::kSeverity, id, changed, as_they_are(rule), edits_.severity(rule, other));
        }
        if (rule.when.valid()) {
            ir::Rule changed = plain;
            changed.when = {};
            rule_without(MutantOperator::kDropWhen, id, changed, as_they_are(rule),
                         edits_.without_clause(original_, "when", rule.when, {}));
            expression(rule.name, rule.when);
        }
        for (std::size_t i = 0; i < rule.exemptions.size(); ++i) {
            const ir::Exemption& exemption = rule.exemptions[i];
            const auto at = static_cast<std::ptrdiff_t>(i);
            ir::Rule changed = plain;
            changed.exemptions.erase(changed.exemptions.begin() + at);
            std::vector<std::uint16_t> exemptions = as_they_are(rule);
            exemptions.erase(exemptions.begin() + at);
            rule_without(MutantOperator::kDropExemption, id, changed, std::move(exemptions),
                         edits_.without_clause(original_, "unless", exemption.condition, exemption.cites));
            expression(rule.name, exemption.condition);
        }
        requirement(id, plain);
        if (!rule.expiry) return;
        expression(rule.name, rule.expiry->after);
        expression(rule.name, rule.expiry->since);
        if (!rule.expiry->warn_before.valid()) return;
        ir::Rule changed = plain;
        changed.expiry->warn_before = {};
        rule_without(MutantOperator::kDropWarning, id, changed, as_they_are(rule),
                     edits_.without_warning(original_, *rule.expiry));
        expression(rule.name, rule.expiry->warn_before);
    }

    // Several `require` and `forbid` are one conjunction, which spans the rule with its name.
    void requirement(RuleId id, const ir::Rule& plain) {
        const ir::Rule& rule = original_.rules[id.index()];
        if (!rule.requirement.valid()) return;
        const ir::Node& root = original_.node(rule.requirement);
        const bool is_joined = root.op == Op::kAnd && root.span.valid() && rule.span.valid() &&
                               root.span.begin <= rule.span.begin && rule.span.end <= root.span.end;
        if (!is_joined) {
            expression(rule.name, rule.requirement);
            return;
        }
        const auto list = original_.list(root);
        const std::vector<NodeId> conjuncts{list.begin(), list.end()};
        for (std::size_t i = 0; i < conjuncts.size(); ++i) {
            std::vector<NodeId> kept = conjuncts;
            kept.erase(kept.begin() + static_cast<std::ptrdiff_t>(i));
            ir::Rule changed = plain;
            ir::Editor editor{out_.module};
            changed.requirement =
                kept.size() == 1 ? kept.front() : editor.add_list(Op::kAnd, root.type, root.span, kept);
            rule_without(MutantOperator::kDropRequirement, id, changed, as_they_are(rule),
                         edits_.without_clause(original_, "require", conjuncts[i], {}));
            expression(rule.name, conjuncts[i]);
        }
    }

    // --- fields, of the mutants that are left
    void fields() {
        for (std::size_t i = 0; i < original_.rules.size(); ++i) {
            std::set<FieldId> seen;
            for (const NodeId id : below_[i]) {
                const ir::Node& node = original_.node(id);
                if (node.op != Op::kField || !seen.insert(FieldId{node.a}).second) continue;
                const ir::Field& field = original_.schema.fields[node.a];
                if (field.type.optional) {
                    slip(RuleId{i}, FieldId{node.a}, MutantOperator::kAbsentAsUnknown, "an absent `{}` is unknown");
                    slip(RuleId{i}, FieldId{node.a}, MutantOperator::kUnknownAsAbsent, "an unknown `{}` is absent");
                }
                if (field.type.kind == ir::Kind::kSet)
                    slip(RuleId{i}, FieldId{node.a}, MutantOperator::kUnknownAsEmpty, "an unknown `{}` is empty");
            }
        }
    }

    void slip(RuleId rule, FieldId field, MutantOperator op, std::string_view words) {
        const ir::Rule& original = original_.rules[rule.index()];
        Mutant& mutant = add(op, original.name);
        mutant.rules.push_back({rule, rule, as_they_are(original)});
        mutant.field = field;
        mutant.span = original.span;
        mutant.before = original.name;
        mutant.what = fmt::format("to `{}`, {}", original.name,
                                  fmt::format(fmt::runtime(words), original_.schema.fields[field.index()].name));
    }

    // --- the same meaning
    // Terms are equal only where they mean the same on every record, with unknown fields too.
    void drop_copies_of_others() {
        eval::code::Terms terms{out_.module};
        using Meaning = std::vector<std::uint32_t>;
        const auto meaning_of = [&](RuleId id, const std::vector<std::uint16_t>& exemptions) {
            const ir::Rule& rule = out_.module.rules[id.index()];
            Meaning m{static_cast<std::uint32_t>(rule.severity)};
            const auto truth = [&](NodeId node) {
                m.push_back(node.valid() ? terms.truth(node) : eval::code::kTrueLiteral);
            };
            const auto cell = [&](NodeId node) { m.push_back(node.valid() ? terms.cell(node) + 1 : 0); };
            truth(rule.when);
            truth(rule.requirement);
            cell(rule.expiry ? rule.expiry->after : NodeId{});
            cell(rule.expiry ? rule.expiry->since : NodeId{});
            cell(rule.expiry ? rule.expiry->warn_before : NodeId{});
            for (std::size_t i = 0; i < rule.exemptions.size(); ++i) {
                m.push_back(exemptions[i]);
                truth(rule.exemptions[i].condition);
            }
            return m;
        };
        std::set<std::vector<std::pair<std::uint32_t, Meaning>>> known;
        std::vector<Mutant> kept;
        std::vector<std::string> places;
        std::vector<ir::Rule> copies;
        for (std::size_t i = 0; i < out_.all.size(); ++i) {
            Mutant& mutant = out_.all[i];
            std::vector<std::pair<std::uint32_t, Meaning>> meaning;
            std::vector<MutatedRule> changed;
            for (MutatedRule& rule : mutant.rules) {
                Meaning copy = meaning_of(rule.copy, rule.exemptions);
                const ir::Rule& original = out_.module.rules[rule.original.index()];
                if (copy == meaning_of(rule.original, as_they_are(original))) continue;
                meaning.emplace_back(rule.original.value, std::move(copy));
                changed.push_back(std::move(rule));
            }
            if (changed.empty() || !known.insert(std::move(meaning)).second) continue;
            for (MutatedRule& rule : changed) {
                copies.push_back(std::move(out_.module.rules[rule.copy.index()]));
                rule.copy = RuleId{out_.originals + copies.size() - 1};
            }
            mutant.rules = std::move(changed);
            kept.push_back(std::move(mutant));
            places.push_back(std::move(places_[i]));
        }
        out_.module.rules.resize(out_.originals);
        for (ir::Rule& rule : out_.module.rules) forget_texts(rule);
        for (ir::Rule& copy : copies) forget_texts(copy);
        for (ir::Rule& copy : copies) out_.module.rules.push_back(std::move(copy));
        out_.all = std::move(kept);
        places_ = std::move(places);
        fields();
    }

    static void forget_texts(ir::Rule& rule) {
        rule.message.clear();
        rule.help.clear();
    }

    // By place in the source, the larger expression first; what has none stays in the order in which it was made.
    void name_all() {
        std::vector<std::size_t> order;
        for (std::size_t i = 0; i < out_.all.size(); ++i) order.push_back(i);
        const auto key = [&](std::size_t i) {
            const Mutant& m = out_.all[i];
            return std::tuple{m.span.file.value, m.span.begin, ~m.span.end, i};
        };
        std::ranges::sort(order, {}, key);
        std::map<std::string, unsigned> numbers;
        std::vector<Mutant> sorted;
        for (const std::size_t i : order) {
            Mutant& mutant = out_.all[i];
            const std::string name = fmt::format("{}/{}", places_[i], to_string(mutant.op));
            mutant.id = fmt::format("{}/{}", name, ++numbers[name]);
            sorted.push_back(std::move(mutant));
        }
        out_.all = std::move(sorted);
    }

    const ir::Module& original_;
    SourceEdits edits_;
    Mutants out_;
    std::vector<std::string> places_;         // by mutant: the rule, define or parameter that it is in
    std::vector<std::vector<NodeId>> below_;  // by rule
};

// Members of a nested record follow it without a gap.
void set_absent(const ir::Module& module, value::Record& record, std::size_t field) {
    record.set_absent(field);
    for (std::size_t i = field + 1; i < record.size(); ++i) {
        const FieldId parent = module.schema.fields[i].parent;
        if (parent.valid() && record.state(parent.index()) == value::State::kAbsent) record.set_absent(i);
    }
}

void set_unknown(const ir::Module& module, value::Record& record, std::size_t field) {
    record.set_unknown(field);
    for (std::size_t i = field + 1; i < record.size(); ++i) {
        const FieldId parent = module.schema.fields[i].parent;
        if (parent.valid() && record.state(parent.index()) == value::State::kUnknown) record.set_unknown(i);
    }
}

void set_empty(value::Record& record, std::size_t field, ir::Kind element) {
    switch (element) {
        case ir::Kind::kEnum: record.set_enum_set(field, 0); return;
        case ir::Kind::kNetwork: record.set_network_set(field, {}); return;
        case ir::Kind::kInt: record.set_int_set(field, {}); return;
        case ir::Kind::kText: record.set_text_set(field, {}); return;
        case ir::Kind::kBool:
        case ir::Kind::kSet:
        case ir::Kind::kInstant:
        case ir::Kind::kDuration:
        case ir::Kind::kSecret:
        case ir::Kind::kRecord: return;  // there are no sets of these
    }
}

}  // namespace

bool Mutants::sees_otherwise(const Mutant& mutant, const value::Record& record) const {
    if (!mutant.field.valid()) return false;
    const std::size_t field = mutant.field.index();
    // What stands in a record of which nothing is known isn't there on its own.
    const FieldId parent = module.schema.fields[field].parent;
    if (parent.valid() && record.state(parent.index()) != value::State::kGiven) return false;
    const value::State slip =
        mutant.op == MutantOperator::kAbsentAsUnknown ? value::State::kAbsent : value::State::kUnknown;
    return record.state(field) == slip;
}

void Mutants::look(const Mutant& mutant, value::Record& record) const {
    if (!sees_otherwise(mutant, record)) return;
    const std::size_t field = mutant.field.index();
    if (mutant.op == MutantOperator::kAbsentAsUnknown) set_unknown(module, record, field);
    if (mutant.op == MutantOperator::kUnknownAsAbsent) set_absent(module, record, field);
    if (mutant.op == MutantOperator::kUnknownAsEmpty)
        set_empty(record, field, module.schema.fields[field].type.element);
}

std::string_view to_string(MutantOperator op) {
    switch (op) {
        case MutantOperator::kDropWhen: return "drop_when";
        case MutantOperator::kDropExemption: return "drop_exemption";
        case MutantOperator::kDropRequirement: return "drop_requirement";
        case MutantOperator::kDropWarning: return "drop_warning";
        case MutantOperator::kSeverity: return "severity";
        case MutantOperator::kDropOperand: return "drop_operand";
        case MutantOperator::kDropAlternative: return "drop_alternative";
        case MutantOperator::kNegate: return "negate";
        case MutantOperator::kConnective: return "connective";
        case MutantOperator::kImplication: return "implication";
        case MutantOperator::kComparison: return "comparison";
        case MutantOperator::kArithmetic: return "arithmetic";
        case MutantOperator::kConstant: return "constant";
        case MutantOperator::kEnumValue: return "enum_value";
        case MutantOperator::kDropElement: return "drop_element";
        case MutantOperator::kPrefix: return "prefix";
        case MutantOperator::kSetRelation: return "set_relation";
        case MutantOperator::kQuantifier: return "quantifier";
        case MutantOperator::kNetworkRelation: return "network_relation";
        case MutantOperator::kTextRelation: return "text_relation";
        case MutantOperator::kAbsentAsUnknown: return "absent_as_unknown";
        case MutantOperator::kUnknownAsAbsent: return "unknown_as_absent";
        case MutantOperator::kUnknownAsEmpty: return "unknown_as_empty";
    }
    return {};
}

Mutants make_mutants(const ir::Module& module, const base::SourceSet* sources) { return Maker{module, sources}.run(); }

}  // namespace keywright::analysis
