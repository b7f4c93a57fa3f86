#include "analysis/affected.h"

#include "ir/operands.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace keywright::analysis {

namespace {

// A text that two things share exactly where they are the same: numbers and texts one after another, each of a length
// that what stands before it tells.
class Key {
public:
    void number(std::uint64_t value) {
        for (int i = 0; i < 8; ++i) out_ += static_cast<char>(value >> (8 * i) & 0xff);
    }
    void number(std::int64_t value) { number(static_cast<std::uint64_t>(value)); }
    void number(std::uint32_t value) { number(std::uint64_t{value}); }
    void number(bool value) { number(std::uint64_t{value}); }
    template <class E>
        requires std::is_enum_v<E>
    void number(E value) {
        number(static_cast<std::uint64_t>(value));
    }
    void text(std::string_view text) {
        number(std::uint64_t{text.size()});
        out_ += text;
    }
    [[nodiscard]] std::string take() { return std::move(out_); }

private:
    std::string out_;
};

// Whoever adds a member to one of the structures that are taken apart with `auto& […]` below is stopped here by the
// compiler: a member that made a difference and wasn't compared would keep results that are no longer true.

void add(Key& key, Instant at) {
    key.number(at.seconds);
    key.number(at.nanoseconds);
}

void add(Key& key, const value::Network& network) {
    key.number(network.high);
    key.number(network.low);
    key.number(std::uint32_t{network.prefix} << 16 | std::uint32_t{network.family} << 8 | (network.masked ? 1u : 0u));
}

struct AddValue {
    Key& key;
    void operator()(bool value) { key.number(value); }
    void operator()(std::int64_t value) { key.number(value); }
    void operator()(const std::string& value) { key.text(value); }
    void operator()(value::EnumValue value) { key.number(value.index); }
    void operator()(value::EnumSet value) { key.number(value.bits); }
    void operator()(const value::Network& value) { add(key, value); }
    void operator()(const value::NetworkSet& value) {
        key.number(std::uint64_t{value.size()});
        for (const value::Network& network : value) add(key, network);
    }
    void operator()(const value::TextSet& value) {
        key.number(std::uint64_t{value.size()});
        for (const std::string& text : value) key.text(text);
    }
    void operator()(const value::IntSet& value) {
        key.number(std::uint64_t{value.size()});
        for (const std::int64_t number : value) key.number(number);
    }
    void operator()(Instant value) { add(key, value); }
    void operator()(Duration value) {
        key.number(value.seconds);
        key.number(value.nanoseconds);
    }
    void operator()(const value::SecretFacts& value) {
        key.number(std::uint64_t{value.length_min} << 32 | value.length_max);
        key.number(std::uint32_t{value.known} << 8 | value.facts);
    }
};

void add(Key& key, const value::Value& value) {
    key.number(std::uint64_t{value.index()});
    std::visit(AddValue{key}, value);
}

void add(Key& key, const ir::Type& type) {
    const auto& [kind, optional, element, enumeration, min, max] = type;
    key.number(kind);
    key.number(optional);
    key.number(element);
    key.number(enumeration.value);
    key.number(min);
    key.number(max);
}

void add(Key& key, const ir::Module& module, ir::ConstId constant) {
    key.number(constant.valid());
    if (constant.valid()) add(key, module.constants[constant.index()]);
}

// The fields, what is assumed of them, and the enumerations: what numbers mean in everything else.
[[nodiscard]] std::string key_of_schema(const ir::Module& module) {
    Key key;
    key.number(std::uint64_t{module.enums.size()});
    for (const ir::Enumeration& enumeration : module.enums) {
        key.number(std::uint64_t{enumeration.values.size()});
        for (const std::string& value : enumeration.values) key.text(value);
    }
    key.number(std::uint64_t{module.schema.fields.size()});
    for (const ir::Field& field : module.schema.fields) {
        key.text(field.name);
        add(key, field.type);
        key.number(field.parent.value);
        key.number(field.missing);
        add(key, module, field.missing_value);
    }
    for (const ir::Assumption& assumption : module.schema.assumptions) {
        key.number(assumption.strict);
        for (const ir::AssumeTerm* term : {&assumption.lesser, &assumption.greater}) {
            key.number(term->field.value);
            key.number(term->is_now);
            add(key, module, term->constant);
        }
    }
    return key.take();
}

// Expressions of two modules with the same schema. Equal texts get the same number, so that a define that is used in
// many places is gone through once.
using Numbers = std::map<std::string, std::uint64_t>;

class Expressions {
public:
    Expressions(const ir::Module& module, Numbers& numbers) : module_(module) {
        // A define's expression stands ahead of all that use it.
        std::vector<std::pair<ir::NodeId, std::size_t>> roots;
        for (std::size_t i = 0; i < module.defines.size(); ++i) roots.emplace_back(module.defines[i].root, i);
        std::sort(roots.begin(), roots.end());
        defines_.resize(module.defines.size());
        for (const auto& [root, define] : roots) {
            Key key;
            add_to(key, root);
            defines_[define] = numbers.try_emplace(key.take(), numbers.size()).first->second;
        }
    }

    // From the root down; each operator tells how many operands follow. Quantifiers are numbered as they come, since
    // those of the module count what stands elsewhere.
    void add_to(Key& key, ir::NodeId root) {
        key.number(root.valid());
        if (!root.valid()) return;
        std::map<std::uint32_t, std::uint32_t> variables;
        const auto variable = [&](std::uint32_t number) {
            key.number(variables.try_emplace(number, static_cast<std::uint32_t>(variables.size())).first->second);
        };
        std::vector<ir::NodeId> open = {root};
        while (!open.empty()) {
            const ir::NodeId id = open.back();
            open.pop_back();
            const ir::Node& node = module_.node(id);
            key.number(node.op);
            add(key, module_.type(id));
            if (node.op == ir::Op::kDefine) {
                key.number(defines_[node.b]);
                continue;
            }
            if (node.op == ir::Op::kConst) add(key, module_.constant(node.a));
            if (node.op == ir::Op::kParam) add(key, module_, module_.params[node.a].value);
            if (node.op == ir::Op::kField) key.number(node.a);
            if (node.op == ir::Op::kElement) variable(node.a);
            if (node.op == ir::Op::kHasFact) key.number(node.b);
            if (node.op == ir::Op::kAny || node.op == ir::Op::kEvery || node.op == ir::Op::kNo) variable(node.c);
            const std::size_t first = open.size();
            ir::for_each_operand(module_, node, [&](ir::NodeId operand) { open.push_back(operand); });
            key.number(std::uint64_t{open.size() - first});
        }
    }

private:
    const ir::Module& module_;
    std::vector<std::uint64_t> defines_;
};

// Everything that the outcome of a rule hangs on.
[[nodiscard]] std::string key_of_rule(const ir::Rule& rule, Expressions& expressions) {
    Key key;
    key.number(rule.severity);
    expressions.add_to(key, rule.when);
    key.number(std::uint64_t{rule.exemptions.size()});
    for (const ir::Exemption& exemption : rule.exemptions) {
        key.text(exemption.label);
        expressions.add_to(key, exemption.condition);
    }
    expressions.add_to(key, rule.requirement);
    key.number(rule.expiry.has_value());
    if (rule.expiry) {
        expressions.add_to(key, rule.expiry->after);
        expressions.add_to(key, rule.expiry->since);
        expressions.add_to(key, rule.expiry->warn_before);
    }
    return key.take();
}

struct RuleKey {
    std::string key;
    bool expires = false;
    friend bool operator==(const RuleKey&, const RuleKey&) = default;
};
using Rules = std::map<std::string, RuleKey, std::less<>>;  // by name

[[nodiscard]] Rules keys_of_rules(const ir::Module& module, Numbers& numbers) {
    Expressions expressions{module, numbers};
    Rules out;
    for (const ir::Rule& rule : module.rules)
        out[rule.name] = {key_of_rule(rule, expressions), rule.expiry.has_value()};
    return out;
}

void add(Key& key, const ir::Module& module, const std::vector<ir::Assignment>& changes) {
    key.number(std::uint64_t{changes.size()});
    for (const ir::Assignment& change : changes) {
        key.number(change.field.value);
        key.number(change.value.given);
        add(key, module, change.value.value);
    }
}

void add(Key& key, const ir::Module& module, const ir::Expectation& expectation) {
    [[maybe_unused]] const auto& [kind, rules, exactly, severity, verdicts, needs, needs_given, by, instant, span,
                                  errors, repair] = expectation;
    key.number(kind);
    key.number(std::uint64_t{rules.size()});
    for (const ir::ExpectedRule& rule : rules) {
        key.text(module.rules[rule.rule.index()].name);
        key.number(rule.severity ? static_cast<std::uint64_t>(*rule.severity) + 1 : std::uint64_t{0});
    }
    key.number(exactly);
    key.number(severity ? static_cast<std::uint64_t>(*severity) + 1 : std::uint64_t{0});
    key.number(std::uint64_t{verdicts.size()});
    for (const ir::Verdict verdict : verdicts) key.number(verdict);
    key.number(std::uint64_t{needs.size()});
    for (const ir::FieldId field : needs) key.number(field.value);
    key.number(needs_given);
    key.text(by);
    key.number(instant.has_value());
    if (instant) add(key, *instant);
    key.number(std::uint64_t{errors.size()});
    for (const ir::ExpectedError& error : errors) {
        key.text(error.code);
        key.number(error.at.has_value());
        if (error.at) key.text(*error.at);
    }
    add(key, module, repair);
}

// Tests whose records come from elsewhere than their own text (drawn, read through an adapter, made of every
// combination that a condition lets through) are run again whatever changed.
[[nodiscard]] bool is_always_run(const ir::Test& test) {
    return !test.axes.empty() || test.where.valid() || test.property || test.json;
}

// Of a test that isn't always run.
[[nodiscard]] std::string key_of_test(const ir::Module& module, const ir::Test& test) {
    [[maybe_unused]] const auto& [name, record, cases, file, span, axes, where, property, json] = test;
    Key key;
    key.number(std::uint64_t{record.size()});
    for (const ir::FieldValue& field : record) {
        key.number(field.given);
        add(key, module, field.value);
    }
    for (const ir::TestCase& one : cases) {
        [[maybe_unused]] const auto& [at, expectations, case_span, row, cells] = one;
        add(key, at);
        key.number(row);
        add(key, module, cells);
        key.number(std::uint64_t{expectations.size()});
        for (const ir::Expectation& expectation : expectations) add(key, module, expectation);
    }
    return key.take();
}

// What changed between the rules of two modules.
class Changes {
public:
    Changes(const Rules& before, const Rules& after) : before_(before), after_(after), any_(before != after) {
        const auto expiring = [](const Rules& rules) {
            Rules out;
            for (const auto& [name, rule] : rules) {
                if (rule.expires) out.emplace(name, rule);
            }
            return out;
        };
        expiry_ = any_ && expiring(before) != expiring(after);
    }

    [[nodiscard]] bool reach(const ir::Module& module, const ir::Test& test) const {
        return std::ranges::any_of(test.cases, [&](const ir::TestCase& one) {
            return std::ranges::any_of(one.expectations,
                                       [&](const ir::Expectation& e) { return reach_expectation(module, e); });
        });
    }

private:
    [[nodiscard]] bool reach_expectation(const ir::Module& module, const ir::Expectation& expectation) const {
        switch (expectation.kind) {
            // What they say of the rules that they name holds only if no other is violated.
            case ir::ExpectKind::kViolated:
            case ir::ExpectKind::kNone:
            case ir::ExpectKind::kVerdict: return any_;
            case ir::ExpectKind::kExpires: return expiry_;
            case ir::ExpectKind::kInvalid:
            case ir::ExpectKind::kRepaired: return true;
            case ir::ExpectKind::kIncludes:
            case ir::ExpectKind::kUndetermined:
            case ir::ExpectKind::kExempt:
            case ir::ExpectKind::kPasses:
            case ir::ExpectKind::kNotApplicable:
                return std::ranges::any_of(expectation.rules, [&](const ir::ExpectedRule& rule) {
                    const std::string& name = module.rules[rule.rule.index()].name;
                    const auto was = before_.find(name);
                    return was == before_.end() || was->second != after_.find(name)->second;
                });
        }
        return true;
    }

    const Rules& before_;
    const Rules& after_;
    bool any_;
    bool expiry_ = false;
};

}  // namespace

std::vector<bool> unaffected_tests(const ir::Module& before, const ir::Module& after) {
    std::vector<bool> out(after.tests.size());
    if (key_of_schema(before) != key_of_schema(after)) return out;
    Numbers numbers;
    const Rules rules_before = keys_of_rules(before, numbers);
    const Rules rules_after = keys_of_rules(after, numbers);
    const Changes changes{rules_before, rules_after};
    std::map<std::string_view, const ir::Test*> by_name;
    for (const ir::Test& test : before.tests) by_name.emplace(test.name, &test);
    for (std::size_t i = 0; i < after.tests.size(); ++i) {
        const ir::Test& test = after.tests[i];
        const auto was = by_name.find(test.name);
        out[i] = was != by_name.end() && !is_always_run(*was->second) && !is_always_run(test) &&
                 key_of_test(before, *was->second) == key_of_test(after, test) && !changes.reach(after, test);
    }
    return out;
}

}  // namespace keywright::analysis
