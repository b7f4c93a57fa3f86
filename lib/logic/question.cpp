#include "logic/question.h"

#include "eval/reference.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
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

// Whether a field that two packs share has the same value for both. Enumeration values agree by name.
bool is_one(const Question& question, const Witness& witness, std::size_t x, std::size_t y) {
    const ir::Module &a = *question.packs[0], &b = *question.packs[1];
    const value::Record &r = witness.records[0], &s = witness.records[1];
    const ir::Type &type = a.schema.fields[x].type, &other = b.schema.fields[y].type;
    if (r.state(x) != s.state(y)) return false;
    if (r.state(x) != value::State::kGiven) return true;
    const auto name = [](const ir::Module& module, const ir::Type& t, std::uint32_t value) -> const std::string& {
        return module.enums[t.enumeration.index()].values[value];
    };
    switch (type.kind) {
        case ir::Kind::kBool: return r.boolean(x) == s.boolean(y);
        case ir::Kind::kInt: return r.integer(x) == s.integer(y);
        case ir::Kind::kText: return r.text(x) == s.text(y);
        case ir::Kind::kEnum: return name(a, type, r.enumerator(x)) == name(b, other, s.enumerator(y));
        case ir::Kind::kNetwork: return r.network(x) == s.network(y);
        case ir::Kind::kInstant: return r.instant(x) == s.instant(y);
        case ir::Kind::kDuration: return r.duration(x) == s.duration(y);
        case ir::Kind::kSecret: return r.secret(x) == s.secret(y);
        case ir::Kind::kRecord: return true;
        case ir::Kind::kSet: break;
    }
    switch (type.element) {
        case ir::Kind::kEnum: {
            std::set<std::string_view> ours, theirs;
            const auto collect = [&](const ir::Module& module, const ir::Type& t, std::uint64_t bits, auto& into) {
                for (std::uint32_t i = 0; bits >> i != 0; ++i) {
                    if ((bits >> i & 1U) != 0) into.insert(name(module, t, i));
                    if (i == 63) break;
                }
            };
            collect(a, type, r.enum_set(x), ours);
            collect(b, other, s.enum_set(y), theirs);
            return ours == theirs;
        }
        case ir::Kind::kNetwork: return std::ranges::equal(r.network_set(x), s.network_set(y));
        case ir::Kind::kInt: return std::ranges::equal(r.int_set(x), s.int_set(y));
        default: break;  // NOLINT: the only other sets are of text
    }
    bool same = r.count(x) == s.count(y);
    for (std::size_t i = 0; same && i < r.count(x); ++i) same = r.text_element(x, i) == s.text_element(y, i);
    return same;
}

// Whether the records of two packs are one configuration.
bool is_one(const Question& question, const Witness& witness) {
    if (question.packs.size() < 2) return true;
    std::map<std::string_view, std::size_t> by_name;
    const auto& theirs = question.packs[1]->schema.fields;
    for (std::size_t y = 0; y < theirs.size(); ++y) by_name.emplace(theirs[y].name, y);
    const auto& ours = question.packs[0]->schema.fields;
    for (std::size_t x = 0; x < ours.size(); ++x) {
        const auto found = by_name.find(ours[x].name);
        if (found == by_name.end()) continue;
        const ir::Type &a = ours[x].type, &b = theirs[found->second].type;
        if (a.kind == b.kind && a.element == b.element && !is_one(question, witness, x, found->second)) return false;
    }
    return true;
}

// What the evaluator says of one pack's record. Rules are decided when they are asked for: a pack may have many, and
// most questions are about one or two.
class Facts {
public:
    Facts(const ir::Module& module, const value::Record& record, Instant now)
        : module_(module), record_(record), now_(now) {}

    [[nodiscard]] bool holds(const Leaf& leaf) {
        switch (leaf.claim) {
            case Claim::kHolds: return is_true(leaf.node);
            case Claim::kOutcome: return rule(leaf.rule).outcome == leaf.outcome;
            case Claim::kExempt: return is_true(module_.rules[leaf.rule.index()].exemptions[leaf.exemption].condition);
            case Claim::kWarning:
                return rule(leaf.rule).outcome == ir::Outcome::kPass && rule(leaf.rule).warning == eval::Truth::kTrue;
            case Claim::kVerdict: return verdict() == leaf.verdict;
        }
        return false;
    }

private:
    [[nodiscard]] bool is_true(ir::NodeId node) const {
        return eval::evaluate_reference(module_, node, record_, now_) == eval::Truth::kTrue;
    }
    [[nodiscard]] const eval::RuleDecision& rule(ir::RuleId id) {
        if (whole_) return whole_->rules[id.index()];
        const auto [at, is_new] = rules_.try_emplace(id);
        if (is_new) at->second = eval::decide_reference(module_, id, record_, now_);
        // So many that one pass over all of them costs less.
        if (rules_.size() == kMostAlone) whole_ = eval::decide_reference(module_, record_, now_);
        return at->second;
    }
    [[nodiscard]] ir::Verdict verdict() {
        if (!whole_) whole_ = eval::decide_reference(module_, record_, now_);
        return eval::verdict(module_, *whole_);
    }

    static constexpr std::size_t kMostAlone = 16;
    const ir::Module& module_;
    const value::Record& record_;
    Instant now_;
    std::map<ir::RuleId, eval::RuleDecision> rules_;
    std::optional<eval::Decision> whole_;
};

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
        facts.emplace_back(module, witness.records[i], witness.now);
    }
    if (!is_one(question, witness)) return false;
    std::vector<bool> truth;
    for (const Term& term : question.terms) {
        bool value = true;
        switch (term.op) {
            case Term::Op::kTrue: break;
            case Term::Op::kLeaf: value = facts[term.leaf.pack].holds(term.leaf); break;
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
