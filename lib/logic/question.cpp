#include "logic/question.h"

#include "eval/reference.h"

#include <utility>

namespace keywright::logic {
namespace {

std::uint32_t add(std::vector<Term>& terms, Term term) {
    terms.push_back(std::move(term));
    return static_cast<std::uint32_t>(terms.size() - 1);
}

// One side of an assumption: where it is surely known, its value.
std::optional<value::Nanos> side(const ir::Module& module, const value::Record& record, Instant now,
                                 const ir::AssumeTerm& term) {
    if (term.is_now) return value::to_nanos(now);
    if (!term.field.valid()) {
        const value::Value& constant = module.constants[term.constant.index()];
        if (const auto* i = std::get_if<std::int64_t>(&constant)) return value::Nanos{*i};
        if (const auto* t = std::get_if<Instant>(&constant)) return value::to_nanos(*t);
        if (const auto* d = std::get_if<Duration>(&constant)) return value::to_nanos(*d);
        return {};
    }
    const std::size_t field = term.field.index();
    if (record.state(field) != value::State::kGiven) return {};
    const ir::Kind kind = module.schema.fields[field].type.kind;
    if (kind == ir::Kind::kInt) return value::Nanos{record.integer(field)};
    if (kind == ir::Kind::kInstant) return value::to_nanos(record.instant(field));
    return value::to_nanos(record.duration(field));
}

// The years that readers take: 1970 to 9999.
bool is_readable(Instant t) { return t.seconds >= 0 && t.seconds <= value::kLastSecond; }

// Every field is given or absent as its type permits, nothing about it is left open, and no assumption is broken.
bool is_configuration(const ir::Module& module, const value::Record& record, Instant now) {
    const auto& fields = module.schema.fields;
    if (record.size() != fields.size() || !is_readable(now)) return false;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const ir::Field& field = fields[i];
        const bool inside = !field.parent.valid() || record.state(field.parent.index()) == value::State::kGiven;
        switch (record.state(i)) {
            case value::State::kUnknown: return false;
            case value::State::kAbsent:
                if (inside && !field.type.optional) return false;
                continue;
            case value::State::kGiven:
                if (!inside) return false;
                break;
        }
        const ir::Type& type = field.type;
        if (type.kind == ir::Kind::kNetwork && record.network(i).masked) return false;
        if (type.kind == ir::Kind::kInt && (record.integer(i) < type.min || record.integer(i) > type.max)) return false;
        if (type.kind == ir::Kind::kDuration && value::to_nanos(record.duration(i)) < 0) return false;
        if (type.kind == ir::Kind::kInstant && !is_readable(record.instant(i))) return false;
        if (type.kind == ir::Kind::kSecret) {
            const value::SecretFacts& secret = record.secret(i);
            if (secret.length_min != secret.length_max || secret.known != 0x7f) return false;
        }
        if (type.kind == ir::Kind::kSet && type.element == ir::Kind::kNetwork) {
            for (const value::Network& network : record.network_set(i)) {
                if (network.masked) return false;
            }
        }
        if (type.kind == ir::Kind::kSet && type.element == ir::Kind::kInt) {
            for (const std::int64_t element : record.int_set(i)) {
                if (element < type.min || element > type.max) return false;
            }
        }
    }
    for (const ir::Assumption& assumption : module.schema.assumptions) {
        const auto lesser = side(module, record, now, assumption.lesser);
        const auto greater = side(module, record, now, assumption.greater);
        if (!lesser || !greater) continue;
        if (assumption.strict ? *lesser >= *greater : *lesser > *greater) return false;
    }
    return true;
}

struct Facts {
    eval::Decision decision;
    ir::Verdict verdict;
};

bool holds(const Question& question, const Witness& witness, const std::vector<Facts>& facts, const Leaf& leaf) {
    const ir::Module& module = *question.packs[leaf.pack];
    const value::Record& record = witness.records[leaf.pack];
    const Facts& known = facts[leaf.pack];
    switch (leaf.claim) {
        case Claim::kHolds:
            return eval::evaluate_reference(module, leaf.node, record, witness.now) == eval::Truth::kTrue;
        case Claim::kOutcome: return known.decision.rules[leaf.rule.index()].outcome == leaf.outcome;
        case Claim::kExempt:
            return eval::evaluate_reference(module,
                                            module.rules[leaf.rule.index()].exemptions[leaf.exemption].condition,
                                            record, witness.now) == eval::Truth::kTrue;
        case Claim::kWarning: {
            const eval::RuleDecision& rule = known.decision.rules[leaf.rule.index()];
            return rule.outcome == ir::Outcome::kPass && rule.warning == eval::Truth::kTrue;
        }
        case Claim::kVerdict: return known.verdict == leaf.verdict;
    }
    return false;
}

}  // namespace

std::uint32_t Question::leaf(Leaf leaf) { return add(terms, {Term::Op::kLeaf, leaf, {}}); }

std::uint32_t Question::negation(std::uint32_t term) { return add(terms, {Term::Op::kNot, {}, {term}}); }

std::uint32_t Question::conjunction(std::vector<std::uint32_t> operands) {
    return add(terms, {Term::Op::kAnd, {}, std::move(operands)});
}

std::uint32_t Question::disjunction(std::vector<std::uint32_t> operands) {
    return add(terms, {Term::Op::kOr, {}, std::move(operands)});
}

bool confirms(const Question& question, const Witness& witness) {
    if (witness.records.size() != question.packs.size() || question.terms.empty()) return false;
    std::vector<Facts> facts;
    for (std::size_t i = 0; i < question.packs.size(); ++i) {
        const ir::Module& module = *question.packs[i];
        if (!is_configuration(module, witness.records[i], witness.now)) return false;
        eval::Decision decision = eval::decide_reference(module, witness.records[i], witness.now);
        const ir::Verdict verdict = eval::verdict(module, decision);
        facts.push_back({std::move(decision), verdict});
    }
    std::vector<bool> truth;
    for (const Term& term : question.terms) {
        bool value = true;
        switch (term.op) {
            case Term::Op::kTrue: break;
            case Term::Op::kLeaf: value = holds(question, witness, facts, term.leaf); break;
            case Term::Op::kNot: value = !truth[term.operands[0]]; break;
            case Term::Op::kAnd:
                for (const std::uint32_t operand : term.operands) value = value && truth[operand];
                break;
            case Term::Op::kOr:
                value = false;
                for (const std::uint32_t operand : term.operands) value = value || truth[operand];
                break;
        }
        truth.push_back(value);
    }
    return truth.back();
}

}  // namespace keywright::logic
