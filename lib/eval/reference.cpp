#include "eval/reference.h"

#include "base/text.h"
#include "eval/evaluator.h"
#include "eval/operations.h"
#include "ir/operands.h"

#include <algorithm>
#include <bit>

namespace keywright::eval {
namespace reference {
namespace {

// What an operator yields whose operand isn't surely there.
Present nothing_known(const ir::Module& module, const ir::Type& type) {
    if (type.kind == ir::Kind::kInt) return Range{};
    return everything(module, type);
}

}  // namespace

Evaluator::Evaluator(const ir::Module& module, const value::Record& record, Instant now, const InstantBounds& deadline)
    : module_(module),
      fields_(module, record, now),
      now_(now),
      deadline_(deadline),
      variables_(module.variables.size()) {}

void Evaluator::prepare(ir::NodeId root) {
    std::vector<ir::NodeId> order, pending{root};
    while (!pending.empty()) {
        const ir::NodeId id = pending.back();
        pending.pop_back();
        if (!reached_.insert(id).second) continue;
        order.push_back(id);
        ir::for_each_operand(module_, module_.node(id), [&](ir::NodeId operand) { pending.push_back(operand); });
    }
    std::sort(order.begin(), order.end());
    for (const ir::NodeId id : order) {
        const ir::Node& node = module_.node(id);
        std::set<std::uint32_t> reads;
        if (node.op == ir::Op::kElement) reads.insert(node.a);
        const bool binds = node.op == ir::Op::kAny || node.op == ir::Op::kEvery || node.op == ir::Op::kNo;
        ir::for_each_operand(module_, node, [&](ir::NodeId operand) {
            const auto found = free_.find(operand);
            if (found == free_.end()) return;
            for (const std::uint32_t variable : found->second) {
                const bool bound_here = binds && operand.value == node.b && variable == node.c;
                if (!bound_here) reads.insert(variable);
            }
        });
        if (reads.empty()) {
            done_.emplace(id, compute(id));
        } else {
            free_.emplace(id, std::move(reads));
        }
    }
}

Abstract Evaluator::value(ir::NodeId id) {
    const auto found = done_.find(id);
    return found != done_.end() ? found->second : compute(id);
}

Truth Evaluator::truth(ir::NodeId id) {
    const Abstract v = value(id);
    return v.surely_present() ? std::get<Truth>(*v.present) : Truth::kUnknown;
}

std::optional<std::vector<Element>> Evaluator::elements(ir::NodeId set) {
    const Abstract v = value(set);
    if (!v.surely_present()) return std::nullopt;
    std::vector<Element> result;
    if (const auto* members = std::get_if<Membership>(&*v.present)) {
        for (std::uint32_t i = 0; i < 64; ++i) {
            const std::uint64_t bit = std::uint64_t{1} << i;
            if ((members->may & bit) == 0) continue;
            result.push_back({Choice{bit}, (members->must & bit) != 0 ? Truth::kTrue : Truth::kUnknown});
        }
    } else if (const auto* networks = std::get_if<value::NetworkSet>(&*v.present)) {
        for (const value::Network& n : *networks) result.push_back({n, Truth::kTrue});
    } else if (const auto* texts = std::get_if<value::TextSet>(&*v.present)) {
        for (const std::string& text : *texts) result.push_back({text, Truth::kTrue});
    } else if (const auto* ints = std::get_if<value::IntSet>(&*v.present)) {
        for (const std::int64_t n : *ints) result.push_back({Range{n, n}, Truth::kTrue});
    } else {
        return std::nullopt;
    }
    return result;
}

// The body (or its negation) holds for some element.
Truth Evaluator::any(const ir::Node& quantifier, bool negated_body) {
    const auto list = elements(ir::NodeId{quantifier.a});
    if (!list) return Truth::kUnknown;
    Truth found = Truth::kFalse;
    for (const Element& element : *list) {
        bind(quantifier.c, element);
        const Truth body = truth(ir::NodeId{quantifier.b});
        found = either(found, both(element.is_in, negated_body ? !body : body));
    }
    return found;
}

// The arm of the value that the scrutinee has; what all possible arms may be where it isn't known.
Abstract Evaluator::match(ir::NodeId id) {
    const auto operands = module_.list(module_.node(id));
    const Abstract scrutinee = value(operands[0]);
    const std::uint64_t possible =
        scrutinee.surely_present() ? std::get<Choice>(*scrutinee.present).possible : ~std::uint64_t{0};
    std::optional<Abstract> result;
    for (std::size_t i = 1; i < operands.size(); ++i) {
        if ((possible >> (i - 1) & 1U) == 0) continue;
        const Abstract arm = value(operands[i]);
        result = result ? join(*result, arm) : arm;
    }
    if (!scrutinee.surely_present()) result->present = nothing_known(module_, module_.type(id));
    return *result;
}

Abstract Evaluator::compute(ir::NodeId id) {
    const ir::Node& node = module_.node(id);
    const ir::NodeId a{node.a}, b{node.b};

    // Applies an operator to operands that must be there.
    const auto unary = [&](auto operation) -> Abstract {
        const Abstract x = value(a);
        if (!x.surely_present()) return surely(nothing_known(module_, module_.type(id)));
        return surely(operation(*x.present));
    };
    const auto binary = [&](auto operation) -> Abstract {
        const Abstract x = value(a), y = value(b);
        if (!x.surely_present() || !y.surely_present()) return surely(nothing_known(module_, module_.type(id)));
        return surely(operation(*x.present, *y.present));
    };

    switch (node.op) {
        case ir::Op::kConst: return surely(exactly(module_.constant(node.a)));
        case ir::Op::kParam: return surely(exactly(module_.constants[module_.params[node.a].value.index()]));
        case ir::Op::kField: return fields_.value(ir::FieldId{node.a});
        case ir::Op::kNow: return surely(exactly(now_));
        case ir::Op::kElement: return variables_[node.a];
        case ir::Op::kDeadline: return surely(Range{deadline_.earliest, deadline_.latest});
        case ir::Op::kDefine: return value(a);

        case ir::Op::kNot: return surely(!truth(a));
        case ir::Op::kAnd: {
            Truth all = Truth::kTrue;
            for (const ir::NodeId operand : module_.list(node)) all = both(all, truth(operand));
            return surely(all);
        }
        case ir::Op::kOr: {
            Truth some = Truth::kFalse;
            for (const ir::NodeId operand : module_.list(node)) some = either(some, truth(operand));
            return surely(some);
        }
        case ir::Op::kImplies: return surely(either(!truth(a), truth(b)));

        case ir::Op::kIsPresent: {
            const Abstract x = value(a);
            if (!x.present) return surely(Truth::kFalse);
            return surely(x.may_be_absent ? Truth::kUnknown : Truth::kTrue);
        }
        case ir::Op::kElse: {
            const Abstract x = value(a);
            if (x.surely_present()) return x;
            const Abstract y = value(b);
            if (!x.present) return y;
            return join(surely(*x.present), y);
        }

        case ir::Op::kEqual: return binary(equal);
        case ir::Op::kNotEqual: return binary([](const Present& x, const Present& y) { return !equal(x, y); });
        case ir::Op::kLess: return binary(less);
        case ir::Op::kLessEqual: return binary(less_equal);
        case ir::Op::kGreater: return binary([](const Present& x, const Present& y) { return less(y, x); });
        case ir::Op::kGreaterEqual: return binary([](const Present& x, const Present& y) { return less_equal(y, x); });
        case ir::Op::kAdd: return binary(add);
        case ir::Op::kSubtract: return binary(subtract);

        case ir::Op::kIn: return binary(in);
        case ir::Op::kHasAny: return binary(share_element);
        case ir::Op::kHasAll: return binary([](const Present& x, const Present& y) { return subset(y, x); });
        case ir::Op::kHasNone: return binary([](const Present& x, const Present& y) { return !share_element(x, y); });
        case ir::Op::kHasOnly: return binary(subset);
        case ir::Op::kIsEmpty: return unary(is_empty);
        case ir::Op::kCount: return unary(count);

        case ir::Op::kWithin: return binary(within);
        case ir::Op::kCovers: return binary([](const Present& x, const Present& y) { return within(y, x); });
        case ir::Op::kOverlaps: return binary(overlaps);
        case ir::Op::kIsOpen: return unary(is_open);
        case ir::Op::kIsPrivate: return unary(is_private);
        case ir::Op::kPrefixLength: return unary(prefix_length);
        case ir::Op::kFamily: return unary(family);

        case ir::Op::kLength: return unary(length);
        case ir::Op::kIsBlank: return unary(is_blank);
        case ir::Op::kStartsWith: return binary(starts_with);
        case ir::Op::kEndsWith: return binary(ends_with);
        case ir::Op::kLike: return binary(like);
        case ir::Op::kHasFact:
            return unary([&](const Present& x) { return has_fact(x, static_cast<value::SecretFact>(node.b)); });

        case ir::Op::kMatch: return match(id);
        case ir::Op::kAny: return surely(any(node, false));
        case ir::Op::kEvery: return surely(!any(node, true));
        case ir::Op::kNo: return surely(!any(node, false));
    }
    return absent();
}

namespace {

// An instant or duration that is surely there, or everything.
Range time_of(Evaluator& evaluator, ir::NodeId id) {
    const Abstract v = evaluator.value(id);
    return v.surely_present() ? std::get<Range>(*v.present) : Range{};
}

// `now` has reached an instant that lies somewhere in `at`.
Truth has_come(Nanos now, const Range& at) {
    if (now >= at.high) return Truth::kTrue;
    if (now < at.low) return Truth::kFalse;
    return Truth::kUnknown;
}

RuleDecision decide(const ir::Rule& rule, Evaluator& evaluator, Instant instant) {
    const Nanos now = value::to_nanos(instant);
    const auto evaluate = [&](ir::NodeId root) {
        if (root.valid()) evaluator.prepare(root);
        return root.valid() ? evaluator.truth(root) : Truth::kTrue;
    };
    RuleDecision decision;

    const Truth when = evaluate(rule.when);
    decision.applies = when;
    std::optional<std::uint16_t> exempt_by;
    Truth waived = Truth::kFalse;
    for (std::size_t i = 0; i < rule.exemptions.size(); ++i) {
        const Truth exempt = evaluate(rule.exemptions[i].condition);
        if (rule.exemptions[i].waiver == ir::Exemption::kNoWaiver)
            decision.applies = both(decision.applies, !exempt);
        else
            waived = either(waived, exempt);
        if (exempt == Truth::kTrue && !exempt_by) exempt_by = static_cast<std::uint16_t>(i);
    }

    Truth satisfied = Truth::kTrue;
    Range deadline;
    if (rule.expiry) {
        evaluator.prepare(rule.expiry->since);
        evaluator.prepare(rule.expiry->after);
        deadline = add(time_of(evaluator, rule.expiry->since), time_of(evaluator, rule.expiry->after));
        satisfied = !has_come(now, deadline);
        if (decision.applies != Truth::kFalse) decision.deadline = {deadline.low, deadline.high};
    } else {
        satisfied = evaluate(rule.requirement);
    }

    const Truth bound = both(decision.applies, !waived);
    switch (both(bound, !satisfied)) {
        case Truth::kTrue: decision.outcome = ir::Outcome::kViolated; return decision;
        case Truth::kUnknown: decision.outcome = ir::Outcome::kUndetermined; return decision;
        case Truth::kFalse: break;
    }
    if (when == Truth::kFalse) {
        decision.outcome = ir::Outcome::kNotApplicable;
    } else if (exempt_by) {
        decision.outcome = ir::Outcome::kExempt;
        decision.exempt_by = *exempt_by;
    } else {
        decision.outcome = ir::Outcome::kPass;
        if (rule.expiry && rule.expiry->warn_before.valid()) {
            evaluator.prepare(rule.expiry->warn_before);
            const Truth warned = has_come(now, subtract(deadline, time_of(evaluator, rule.expiry->warn_before)));
            // A rule that perhaps doesn't apply can't warn for sure.
            decision.warning = both(warned, bound);
        }
    }
    return decision;
}

}  // namespace
}  // namespace reference

Decision decide_reference(const ir::Module& module, const value::Record& record, Instant now) {
    reference::Evaluator evaluator{module, record, now};
    Decision decision;
    for (const ir::Rule& rule : module.rules) decision.rules.push_back(reference::decide(rule, evaluator, now));
    return decision;
}

RuleDecision decide_reference(const ir::Module& module, ir::RuleId rule, const value::Record& record, Instant now) {
    reference::Evaluator evaluator{module, record, now};
    return reference::decide(module.rules[rule.index()], evaluator, now);
}

Truth evaluate_reference(const ir::Module& module, ir::NodeId root, const value::Record& record, Instant now) {
    reference::Evaluator evaluator{module, record, now};
    evaluator.prepare(root);
    return evaluator.truth(root);
}

namespace reference {
namespace {

std::string enum_names(const ir::Module& module, const ir::Type& type, std::uint64_t bits) {
    return ir::to_string(module, type, value::EnumSet{bits});
}

// The words of a value that is settled, or `unknown`.
std::string words(const ir::Module& module, const ir::Type& type, const Abstract& v) {
    if (!v.present) return "absent";
    if (const auto* networks = std::get_if<value::NetworkSet>(&*v.present); networks != nullptr && v.surely_present()) {
        std::string out;
        for (const value::Network& n : *networks) out += (out.empty() ? "" : ", ") + value::to_string(n);
        return out.empty() ? "{}" : out;
    }
    if (const auto* network = std::get_if<value::Network>(&*v.present); network != nullptr && v.surely_present()) {
        return value::to_string(*network);
    }
    if (std::holds_alternative<value::SecretFacts>(*v.present)) return "(secret)";
    if (!is_settled(v)) return "unknown";
    if (const auto* truth = std::get_if<Truth>(&*v.present)) return *truth == Truth::kTrue ? "true" : "false";
    if (const auto* range = std::get_if<Range>(&*v.present)) {
        if (type.kind == ir::Kind::kInstant) return keywright::to_string(value::to_instant(range->low));
        if (type.kind == ir::Kind::kDuration) return keywright::to_string(value::to_duration(range->low));
        return std::to_string(static_cast<std::int64_t>(range->low));
    }
    if (const auto* choice = std::get_if<Choice>(&*v.present)) {
        return ir::to_string(module, type,
                             value::EnumValue{static_cast<std::uint32_t>(std::countr_zero(choice->possible))});
    }
    if (const auto* members = std::get_if<Membership>(&*v.present)) {
        if (members->may == 0) return "{}";
        const std::string braced = enum_names(module, type, members->may);
        return braced.substr(1, braced.size() - 2);
    }
    if (const auto* text = std::get_if<std::string>(&*v.present)) return base::printable(*text);
    std::string out;
    if (const auto* texts = std::get_if<value::TextSet>(&*v.present)) {
        for (const std::string& text : *texts) out += (out.empty() ? "" : ", ") + base::printable(text);
    } else if (const auto* ints = std::get_if<value::IntSet>(&*v.present)) {
        for (const std::int64_t n : *ints) out += (out.empty() ? "" : ", ") + std::to_string(n);
    } else {
        return "present";  // a nested record
    }
    return out.empty() ? "{}" : out;
}

}  // namespace
}  // namespace reference

std::string describe_reference(const ir::Module& module, ir::NodeId root, const value::Record& record, Instant now,
                               const InstantBounds& deadline) {
    reference::Evaluator evaluator{module, record, now, deadline};
    evaluator.prepare(root);
    return reference::words(module, module.type(root), evaluator.value(root));
}

}  // namespace keywright::eval
