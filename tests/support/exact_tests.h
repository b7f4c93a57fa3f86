// Tests for a module, written by machine: random records, and of each what every rule comes to.
#pragma once

#include "eval/reference.h"
#include "ir/ir.h"
#include "support/dice.h"
#include "support/random_record.h"
#include "value/record.h"

#include <string>
#include <utility>
#include <vector>

namespace keywright::test {

// The value of a field, as a sample holds it; it becomes a constant of the module.
inline ir::FieldValue field_value(ir::Module& module, const value::Record& record, std::size_t field) {
    const ir::Type& type = module.schema.fields[field].type;
    if (record.state(field) == value::State::kUnknown) return {ir::Given::kUnknown, {}};
    if (record.state(field) == value::State::kAbsent) return {ir::Given::kAbsent, {}};
    value::Value v = false;
    switch (type.kind) {
        case ir::Kind::kRecord: return {ir::Given::kPresent, {}};
        case ir::Kind::kBool: v = record.boolean(field); break;
        case ir::Kind::kInt: v = record.integer(field); break;
        case ir::Kind::kText: v = std::string{record.text(field)}; break;
        case ir::Kind::kEnum: v = value::EnumValue{record.enumerator(field)}; break;
        case ir::Kind::kNetwork: v = record.network(field); break;
        case ir::Kind::kInstant: v = record.instant(field); break;
        case ir::Kind::kDuration: v = record.duration(field); break;
        case ir::Kind::kSecret: v = record.secret(field); break;
        case ir::Kind::kSet:
            if (type.element == ir::Kind::kEnum) {
                v = value::EnumSet{record.enum_set(field)};
            } else if (type.element == ir::Kind::kNetwork) {
                const auto all = record.network_set(field);
                v = value::NetworkSet{all.begin(), all.end()};
            } else if (type.element == ir::Kind::kInt) {
                const auto all = record.int_set(field);
                v = value::IntSet{all.begin(), all.end()};
            } else {
                value::TextSet all;
                for (std::size_t i = 0; i < record.count(field); ++i) all.emplace_back(record.text_element(field, i));
                v = std::move(all);
            }
            break;
    }
    module.constants.push_back(std::move(v));
    return {ir::Given::kValue, ir::ConstId{module.constants.size() - 1}};
}

inline ir::Expectation expectation_of(const ir::Module& module, ir::RuleId rule, const eval::RuleDecision& decision) {
    ir::Expectation out;
    out.rules.push_back({rule, {}, {}});
    switch (decision.outcome) {
        case ir::Outcome::kNotApplicable: out.kind = ir::ExpectKind::kNotApplicable; break;
        case ir::Outcome::kPass: out.kind = ir::ExpectKind::kPasses; break;
        case ir::Outcome::kUndetermined: out.kind = ir::ExpectKind::kUndetermined; break;
        case ir::Outcome::kViolated: out.kind = ir::ExpectKind::kIncludes; break;
        case ir::Outcome::kExempt:
            out.kind = ir::ExpectKind::kExempt;
            out.by = module.rules[rule.index()].exemptions[decision.exempt_by].label;
            break;
    }
    return out;
}

// `strict` per cent of the rules have an expectation of their own in a test.
inline void add_exact_test(ir::Module& module, Dice& dice, const value::Record& record, Instant now, unsigned strict) {
    ir::Test test;
    test.name = "test " + std::to_string(module.tests.size());
    for (std::size_t i = 0; i < record.size(); ++i) test.record.push_back(field_value(module, record, i));
    const eval::Decision decided = eval::decide_reference(module, record, now);
    ir::TestCase one;
    one.at = now;
    for (std::size_t i = 0; i < module.rules.size(); ++i) {
        if (dice.chance(strict)) one.expectations.push_back(expectation_of(module, ir::RuleId{i}, decided.rules[i]));
    }
    if (dice.chance(50)) {
        ir::Expectation verdict;
        verdict.kind = ir::ExpectKind::kVerdict;
        verdict.verdicts.push_back(eval::verdict(module, decided));
        one.expectations.push_back(verdict);
    }
    if (dice.chance(20)) {
        const eval::Expiration expiration = eval::expiration(module, decided);
        ir::Expectation expires;
        expires.kind = ir::ExpectKind::kExpires;
        if (!expiration.none && expiration.at.is_point()) expires.instant = value::to_instant(expiration.at.earliest);
        if (expiration.none || expires.instant) one.expectations.push_back(expires);
    }
    test.cases.push_back(std::move(one));
    module.tests.push_back(std::move(test));
}

}  // namespace keywright::test
