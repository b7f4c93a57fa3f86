// The variables of a configuration, the rules' outcomes, and the question's formula. Expressions: expression.cpp.
#include "smt/encode.h"

#include <algorithm>
#include <limits>

namespace keywright::smt {

namespace {

using ir::Kind;

constexpr value::Nanos kNanosPerMilli = 1'000'000;
constexpr int kComfortableLength = 64;

// The same type of the same values, whatever the modules call the enumeration.
bool same_type(const ir::Module& a, const ir::Field& x, const ir::Module& b, const ir::Field& y) {
    ir::Type s = x.type, t = y.type;
    const bool enumerated = s.kind == Kind::kEnum || (s.kind == Kind::kSet && s.element == Kind::kEnum);
    if (enumerated && s.enumeration.valid() && t.enumeration.valid() &&
        a.enums[s.enumeration.index()].values != b.enums[t.enumeration.index()].values) {
        return false;
    }
    s.enumeration = t.enumeration = {};
    return s == t;
}

std::string listing(const std::vector<std::string>& values) {
    std::string out;
    for (std::size_t i = 0; i < values.size(); ++i) {
        out += (i == 0 ? "" : ", ") + std::to_string(i) + " " + values[i];
    }
    return out;
}

}  // namespace

Variables::Variables(Builder& builder, const logic::Question& question, const Demand& demand)
    : builder_(builder), question_(question), demand_(demand), now_(builder.context().int_const("now")) {
    constraints_.push_back(now_ >= 0);
    constraints_.push_back(now_ < builder_.number(value::Nanos{value::kLastSecond + 1} * value::kNanosPerSecond));
    for (std::uint32_t pack = 0; pack < question.packs.size(); ++pack) {
        const ir::Module& module = *question.packs[pack];
        index_.emplace_back();
        for (const ir::Field& field : module.schema.fields) {
            std::optional<std::size_t> shared;
            if (pack == 1) {
                const ir::Module& other = *question.packs[0];
                for (std::size_t i = 0; i < other.schema.fields.size(); ++i) {
                    const ir::Field& theirs = other.schema.fields[i];
                    if (theirs.name == field.name && same_type(other, theirs, module, field)) shared = index_[0][i];
                }
            }
            if (shared) {
                names_[*shared] = field.name == "now" ? "now@field" : field.name;
            } else {
                fields_.emplace_back();
                // A field may be called `now`, too.
                const std::string name = field.name == "now" ? "now@field" : field.name;
                names_.push_back(question.packs.size() == 1 ? name : name + '@' + std::to_string(pack + 1));
            }
            index_.back().push_back(shared ? *shared : fields_.size() - 1);
        }
    }
    if (question.packs.size() == 2) {
        // One configuration: a shared field is there for both packs or for neither, also where only one of them knows
        // the record around it, or knows that it may be absent.
        const auto& fields = question.packs[0]->schema.fields;
        for (std::size_t i = 0; i < fields.size(); ++i) {
            for (std::size_t j = 0; j < index_[1].size(); ++j) {
                if (index_[1][j] != index_[0][i]) continue;
                const expr here = present(0, ir::FieldId{i}), there = present(1, ir::FieldId{j});
                if (!z3::eq(here, there)) constraints_.push_back(here == there);
            }
        }
    }
    for (std::uint32_t pack = 0; pack < question.packs.size(); ++pack) {
        for (const ir::Assumption& assumption : question.packs[pack]->schema.assumptions) assume(pack, assumption);
    }
}

expr Variables::present(std::uint32_t pack, ir::FieldId id) {
    const ir::Field& field = question_.packs[pack]->schema.fields[id.index()];
    expr around = field.parent.valid() ? present(pack, field.parent) : builder_.truth(true);
    if (!field.type.optional) return around;
    const std::size_t index = index_[pack][id.index()];
    std::optional<expr>& given = fields_[index].given;
    if (!given) given = builder_.context().bool_const((names_[index] + "?").c_str());
    return builder_.both(around, *given);
}

Terms Variables::variable(const ir::Module& module, const ir::Type& type, Kind kind, const std::string& name,
                          const expr& present) {
    z3::context& z3 = builder_.context();
    const auto constrain = [&](const expr& term) { constraints_.push_back(builder_.implies(present, term)); };
    switch (kind) {
        case Kind::kBool: {
            const expr value = z3.bool_const(name.c_str());
            return {value, !value};
        }
        case Kind::kInt: {
            const expr value = z3.int_const(name.c_str());
            constrain(value >= builder_.number(type.min) && value <= builder_.number(type.max));
            return {value};
        }
        case Kind::kText: {
            const expr value = z3.string_const(name.c_str());
            comfort_.push_back(value.length() <= kComfortableLength);
            return {value};
        }
        case Kind::kEnum: {
            const expr value = z3.int_const(name.c_str());
            const auto& values = module.enums[type.enumeration.index()].values;
            constrain(value >= 0 && value < builder_.number(static_cast<std::int64_t>(values.size())));
            legend_.push_back(name + ": " + listing(values));
            return {value};
        }
        case Kind::kNetwork: {
            Terms value{z3.bool_const((name + ".ipv6").c_str()), z3.bv_const((name + ".address").c_str(), 128),
                        z3.bv_const((name + ".fixed").c_str(), 8)};
            constrain(builder_.is_network(value));
            legend_.push_back(name + ": fixed is the prefix length, of IPv4 96 more");
            return value;
        }
        case Kind::kInstant: {
            const expr value = z3.int_const(name.c_str());
            constrain(value >= 0 &&
                      value < builder_.number(value::Nanos{value::kLastSecond + 1} * value::kNanosPerSecond));
            return {value};
        }
        case Kind::kDuration: {
            // Readers take whole seconds, or milliseconds where the field or an adapter says so, and nothing negative.
            const expr millis = z3.int_const((name + ".milliseconds").c_str());
            constexpr value::Nanos kMost = value::Nanos{std::numeric_limits<std::int64_t>::max()} * 1'000;
            constrain(millis >= 0 && millis <= builder_.number(kMost));
            return {millis * builder_.number(kNanosPerMilli)};
        }
        case Kind::kSecret: {
            Terms value{z3.int_const((name + ".length").c_str())};
            for (const char* fact :
                 {"has_space", "has_digit", "has_upper", "has_lower", "has_symbol", "has_other", "is_masked"}) {
                value.push_back(z3.bool_const((name + "." + fact).c_str()));
            }
            // The greatest number stands for "no bound" in a record.
            constrain(builder_.is_secret(value) && value[0] < builder_.number(value::SecretFacts::kUnbounded));
            comfort_.push_back(value[0] <= kComfortableLength);
            return value;
        }
        case Kind::kRecord: return {};
        case Kind::kSet: {
            const auto& values = module.enums[type.enumeration.index()].values;
            const expr bits = z3.bv_const(name.c_str(), static_cast<unsigned>(values.size()));
            Terms out;
            for (unsigned i = 0; i < values.size(); ++i) out.push_back(bits.extract(i, i) == z3.bv_val(1, 1));
            legend_.push_back(name + ": bit " + listing(values));
            return out;
        }
    }
    return {};
}

Value Variables::value(std::uint32_t pack, ir::FieldId id) {
    const ir::Module& module = *question_.packs[pack];
    const ir::Type& type = module.schema.fields[id.index()].type;
    const std::size_t index = index_[pack][id.index()];
    const expr there = present(pack, id);
    Field& field = fields_[index];
    if (!field.made) {
        field.made = true;
        if (type.kind != Kind::kSet || type.element == Kind::kEnum) {
            field.parts = variable(module, type, type.kind, names_[index], there);
        } else {
            const std::uint32_t slots = type.element == Kind::kNetwork ? demand_.networks
                                        : type.element == Kind::kText  ? demand_.texts
                                                                       : demand_.ints;
            for (std::uint32_t i = 0; i < slots; ++i) {
                const std::string name = names_[index] + '[' + std::to_string(i) + ']';
                const expr in = builder_.context().bool_const((name + "?").c_str());
                const Terms element = variable(module, type, type.element, name, builder_.both(there, in));
                for (const Entry& other : field.entries) {
                    constraints_.push_back(
                        builder_.implies(in, builder_.negation(builder_.equal(other.element, element))));
                }
                if (!field.entries.empty()) constraints_.push_back(builder_.implies(in, field.entries.back().in));
                field.entries.push_back({in, element});
            }
        }
    }
    return {builder_.truth(true), there, field.parts, field.entries};
}

std::optional<Value> Variables::side(std::uint32_t pack, const ir::AssumeTerm& term) {
    const auto point = [&](const expr& number) {
        return Value{builder_.truth(true), builder_.truth(true), {number}, {}};
    };
    if (term.is_now) return point(now_);
    if (term.field.valid()) return value(pack, term.field);
    const value::Value& constant = question_.packs[pack]->constants[term.constant.index()];
    if (const auto* i = std::get_if<std::int64_t>(&constant)) return point(builder_.number(*i));
    if (const auto* t = std::get_if<Instant>(&constant)) return point(builder_.number(value::to_nanos(*t)));
    if (const auto* d = std::get_if<Duration>(&constant)) return point(builder_.number(value::to_nanos(*d)));
    return std::nullopt;
}

void Variables::assume(std::uint32_t pack, const ir::Assumption& assumption) {
    const auto lesser = side(pack, assumption.lesser);
    const auto greater = side(pack, assumption.greater);
    if (!lesser || !greater) return;
    const expr both = builder_.both(lesser->present, greater->present);
    const expr &a = lesser->parts[0], &b = greater->parts[0];
    constraints_.push_back(builder_.implies(both, assumption.strict ? a < b : a <= b));
}

namespace {

// Strong Kleene logic on pairs.
class Kleene {
public:
    explicit Kleene(Builder& builder) : builder_(builder) {}
    [[nodiscard]] Truth constant(bool value) { return {builder_.truth(value), builder_.truth(!value)}; }
    [[nodiscard]] Truth undecided() { return {builder_.truth(false), builder_.truth(false)}; }
    [[nodiscard]] static Truth negation(const Truth& a) { return {a.no, a.yes}; }
    [[nodiscard]] Truth both(const Truth& a, const Truth& b) {
        return {builder_.both(a.yes, b.yes), builder_.either(a.no, b.no)};
    }
    [[nodiscard]] Truth either(const Truth& a, const Truth& b) {
        return {builder_.either(a.yes, b.yes), builder_.both(a.no, b.no)};
    }

private:
    Builder& builder_;
};

class Rules {
public:
    Rules(Builder& builder, Variables& variables, const ir::Module& module, std::uint32_t pack)
        : builder_(builder),
          kleene_(builder),
          now_(variables.now()),
          module_(module),
          expressions_(builder, variables, module, pack) {}

    [[nodiscard]] const std::string& reason() const { return expressions_.reason(); }
    [[nodiscard]] Truth holds(ir::NodeId node) { return expressions_.truth(node); }

    [[nodiscard]] Truth exempts(const ir::Rule& rule) {
        Truth some = kleene_.constant(false);
        for (const ir::Exemption& e : rule.exemptions) some = kleene_.either(some, expressions_.truth(e.condition));
        return some;
    }

    [[nodiscard]] Truth applies(const ir::Rule& rule) {
        return kleene_.both(expressions_.truth(rule.when), Kleene::negation(exempts(rule)));
    }

    [[nodiscard]] Truth satisfied(const ir::Rule& rule) {
        return rule.expiry ? Kleene::negation(come(deadline(*rule.expiry))) : expressions_.truth(rule.requirement);
    }

    [[nodiscard]] Truth violated(const ir::Rule& rule) {
        return kleene_.both(applies(rule), Kleene::negation(satisfied(rule)));
    }

    [[nodiscard]] Truth outcome(const ir::Rule& rule, ir::Outcome outcome) {
        switch (outcome) {
            case ir::Outcome::kNotApplicable: return Kleene::negation(expressions_.truth(rule.when));
            case ir::Outcome::kExempt: return kleene_.both(expressions_.truth(rule.when), exempts(rule));
            case ir::Outcome::kPass: return kleene_.both(applies(rule), satisfied(rule));
            case ir::Outcome::kViolated: return violated(rule);
            case ir::Outcome::kUndetermined: break;
        }
        return kleene_.undecided();
    }

    [[nodiscard]] Truth warns(const ir::Rule& rule) {
        if (!rule.expiry || !rule.expiry->warn_before.valid()) return kleene_.constant(false);
        const Truth warned = come(minus(deadline(*rule.expiry), expressions_.value(rule.expiry->warn_before)));
        return kleene_.both(outcome(rule, ir::Outcome::kPass), warned);
    }

    [[nodiscard]] Truth verdict(ir::Verdict verdict) {
        Truth violation = kleene_.constant(false);
        for (const ir::Rule& rule : module_.rules) {
            if (rule.severity == Severity::kError) violation = kleene_.either(violation, violated(rule));
        }
        switch (verdict) {
            case ir::Verdict::kViolation: return violation;
            case ir::Verdict::kCompliant: return Kleene::negation(violation);
            case ir::Verdict::kUndetermined:
            case ir::Verdict::kInvalid: break;
        }
        return kleene_.undecided();
    }

private:
    // An instant, and whether it is one.
    struct Point {
        expr known, at;
    };
    [[nodiscard]] expr there(const Value& v) { return builder_.both(v.known, v.present); }
    [[nodiscard]] Point deadline(const ir::Expiry& expiry) {
        const Value since = expressions_.value(expiry.since), after = expressions_.value(expiry.after);
        return {builder_.both(there(since), there(after)), since.parts[0] + after.parts[0]};
    }
    [[nodiscard]] Point minus(const Point& point, const Value& by) {
        return {builder_.both(point.known, there(by)), point.at - by.parts[0]};
    }
    [[nodiscard]] Truth come(const Point& point) {
        return {builder_.both(point.known, now_ >= point.at), builder_.both(point.known, now_ < point.at)};
    }

    Builder& builder_;
    Kleene kleene_;
    expr now_;
    const ir::Module& module_;
    Expressions expressions_;
};

Truth leaf_truth(Rules& rules, const ir::Module& module, const logic::Leaf& leaf) {
    switch (leaf.claim) {
        case logic::Claim::kHolds: return rules.holds(leaf.node);
        case logic::Claim::kOutcome: return rules.outcome(module.rules[leaf.rule.index()], leaf.outcome);
        case logic::Claim::kExempt:
            return rules.holds(module.rules[leaf.rule.index()].exemptions[leaf.exemption].condition);
        case logic::Claim::kWarning: return rules.warns(module.rules[leaf.rule.index()]);
        case logic::Claim::kVerdict: return rules.verdict(leaf.verdict);
    }
    return rules.holds({});
}

}  // namespace

Encoding encode(Builder& builder, Variables& variables, const logic::Question& question) {
    std::vector<Rules> rules;
    rules.reserve(question.packs.size());
    for (std::uint32_t pack = 0; pack < question.packs.size(); ++pack) {
        rules.emplace_back(builder, variables, *question.packs[pack], pack);
    }
    Kleene kleene{builder};
    std::vector<Truth> truths;
    for (const logic::Term& term : question.terms) {
        Truth truth = kleene.constant(true);
        switch (term.op) {
            case logic::Term::Op::kTrue: break;
            case logic::Term::Op::kLeaf:
                truth = leaf_truth(rules[term.leaf.pack], *question.packs[term.leaf.pack], term.leaf);
                break;
            case logic::Term::Op::kNot: truth = Kleene::negation(truths[term.operands[0]]); break;
            case logic::Term::Op::kAnd:
                for (const std::uint32_t operand : term.operands) truth = kleene.both(truth, truths[operand]);
                break;
            case logic::Term::Op::kOr:
                truth = kleene.constant(false);
                for (const std::uint32_t operand : term.operands) truth = kleene.either(truth, truths[operand]);
                break;
        }
        truths.push_back(truth);
    }
    Encoding out{truths.back(), {}};
    for (const Rules& r : rules) {
        if (out.reason.empty()) out.reason = r.reason();
    }
    return out;
}

}  // namespace keywright::smt
