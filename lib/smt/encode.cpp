// The variables of a configuration, the rules' outcomes, and the question's formula. Expressions: expression.cpp.
#include "smt/encode.h"

#include <algorithm>
#include <limits>

namespace keywright::smt {

namespace {

using ir::Kind;

constexpr value::Nanos kNanosPerMilli = 1'000'000;
constexpr int kComfortableLength = 64;

bool is_enumerated(const ir::Type& type) {
    return type.kind == Kind::kEnum || (type.kind == Kind::kSet && type.element == Kind::kEnum);
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
        index_.emplace_back();
        for (std::size_t i = 0; i < question.packs[pack]->schema.fields.size(); ++i) add_field(pack, i);
    }
    if (question.packs.size() == 2) {
        // One configuration: a shared field is there for both packs or for neither, also where only one of them knows
        // the record around it; and where they know no value in common, it isn't there.
        const auto& fields = question.packs[0]->schema.fields;
        for (std::size_t i = 0; i < fields.size(); ++i) {
            for (std::size_t j = 0; j < index_[1].size(); ++j) {
                if (index_[1][j] != index_[0][i]) continue;
                const expr here = present(0, ir::FieldId{i}), there = present(1, ir::FieldId{j});
                if (!z3::eq(here, there)) constraints_.push_back(here == there);
                const Field& shared = fields_[index_[0][i]];
                const bool none = (fields[i].type.kind == Kind::kEnum && shared.values == 0) ||
                                  (fields[i].type.kind == Kind::kInt && shared.min > shared.max);
                if (none) constraints_.push_back(builder_.negation(here));
            }
        }
    }
    for (std::uint32_t pack = 0; pack < question.packs.size(); ++pack) {
        for (const ir::Assumption& assumption : question.packs[pack]->schema.assumptions) assume(pack, assumption);
    }
}

void Variables::add_field(std::uint32_t pack, std::size_t field_index) {
    const ir::Module& module = *question_.packs[pack];
    const ir::Field& field = module.schema.fields[field_index];
    // A field may be called `now`, too.
    const std::string name = field.name == "now" ? "now@field" : field.name;
    for (std::size_t i = 0; pack == 1 && i < index_[0].size(); ++i) {
        const ir::Field& owners = question_.packs[0]->schema.fields[i];
        if (owners.name != field.name || owners.type.kind != field.type.kind ||
            owners.type.element != field.type.element) {
            continue;
        }
        const std::size_t shared = index_[0][i];
        names_[shared] = name;
        index_.back().push_back(shared);
        share(fields_[shared], pack, field, owners);
        return;
    }
    Field& made = fields_.emplace_back();
    made.free = field.type.optional;
    made.owner = pack;
    made.min = field.type.min;
    made.max = field.type.max;
    if (is_enumerated(field.type)) {
        const std::size_t n = module.enums[field.type.enumeration.index()].values.size();
        made.values = n >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << n) - 1;
    }
    names_.push_back(question_.packs.size() == 1 ? name : name + '@' + std::to_string(pack + 1));
    index_.back().push_back(fields_.size() - 1);
}

void Variables::share(Field& shared, std::uint32_t pack, const ir::Field& field, const ir::Field& owners) {
    shared.free = shared.free && field.type.optional;
    shared.min = std::max(shared.min, field.type.min);
    shared.max = std::min(shared.max, field.type.max);
    if (!is_enumerated(field.type)) return;
    const auto& ours = question_.packs[shared.owner]->enums[owners.type.enumeration.index()].values;
    const auto& theirs = question_.packs[pack]->enums[field.type.enumeration.index()].values;
    shared.renumbered = ours != theirs;
    shared.values = 0;
    for (const std::string& value : theirs) {
        const auto found = std::find(ours.begin(), ours.end(), value);
        if (found == ours.end()) {
            shared.numbers.emplace_back();
            continue;
        }
        const auto number = static_cast<std::uint32_t>(found - ours.begin());
        shared.numbers.emplace_back(number);
        shared.values |= std::uint64_t{1} << number;
    }
}

Terms Variables::parts(std::uint32_t pack, std::size_t id) const {
    const Field& field = fields_[index_[pack][id]];
    const ir::Type& type = question_.packs[pack]->schema.fields[id].type;
    if (!field.renumbered || pack == field.owner || !is_enumerated(type)) return field.parts;
    if (type.kind == Kind::kSet) {
        Terms out;
        for (const auto& number : field.numbers) {
            out.push_back(number ? field.parts[*number] : builder_.truth(false));
        }
        return out;
    }
    expr out = builder_.number(0);
    for (std::size_t i = 0; i < field.numbers.size(); ++i) {
        if (!field.numbers[i]) continue;
        out = builder_.choose(field.parts[0] == builder_.number(*field.numbers[i]),
                              builder_.number(static_cast<value::Nanos>(i)), out);
    }
    return {out};
}

expr Variables::present(std::uint32_t pack, ir::FieldId id) {
    const ir::Field& field = question_.packs[pack]->schema.fields[id.index()];
    expr around = field.parent.valid() ? present(pack, field.parent) : builder_.truth(true);
    const std::size_t index = index_[pack][id.index()];
    if (!fields_[index].free) return around;
    std::optional<expr>& given = fields_[index].given;
    if (!given) given = builder_.context().bool_const((names_[index] + "?").c_str());
    return builder_.both(around, *given);
}

Terms Variables::variable(const Field& field, const ir::Type& type, Kind kind, const std::string& name,
                          const expr& present) {
    const ir::Module& module = *question_.packs[field.owner];
    z3::context& z3 = builder_.context();
    const auto constrain = [&](const expr& term) { constraints_.push_back(builder_.implies(present, term)); };
    switch (kind) {
        case Kind::kBool: {
            const expr value = z3.bool_const(name.c_str());
            return {value, !value};
        }
        case Kind::kInt: {
            const expr value = z3.int_const(name.c_str());
            constrain(value >= builder_.number(field.min) && value <= builder_.number(field.max));
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
            for (std::size_t i = 0; i < values.size(); ++i) {
                if ((field.values >> i & 1U) == 0) constrain(value != builder_.number(static_cast<value::Nanos>(i)));
            }
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
            for (unsigned i = 0; i < values.size(); ++i) {
                out.push_back((field.values >> i & 1U) != 0 ? bits.extract(i, i) == z3.bv_val(1, 1)
                                                            : builder_.truth(false));
            }
            legend_.push_back(name + ": bit " + listing(values));
            return out;
        }
    }
    return {};
}

Value Variables::value(std::uint32_t pack, ir::FieldId id) {
    const std::size_t index = index_[pack][id.index()];
    const expr there = present(pack, id);
    Field& field = fields_[index];
    const ir::Type& own = question_.packs[pack]->schema.fields[id.index()].type;
    if (!field.made) {
        field.made = true;
        // Enumerations are the owner's, whichever pack asks first.
        ir::Type type = own;
        for (std::size_t i = 0; i < index_[field.owner].size(); ++i) {
            if (index_[field.owner][i] == index) type = question_.packs[field.owner]->schema.fields[i].type;
        }
        if (type.kind != Kind::kSet || type.element == Kind::kEnum) {
            field.parts = variable(field, type, type.kind, names_[index], there);
        } else {
            const std::uint32_t slots = type.element == Kind::kNetwork ? demand_.networks
                                        : type.element == Kind::kText  ? demand_.texts
                                                                       : demand_.ints;
            for (std::uint32_t i = 0; i < slots; ++i) {
                const std::string name = names_[index] + '[' + std::to_string(i) + ']';
                const expr in = builder_.context().bool_const((name + "?").c_str());
                const Terms element = variable(field, type, type.element, name, builder_.both(there, in));
                for (const Entry& other : field.entries) {
                    constraints_.push_back(
                        builder_.implies(in, builder_.negation(builder_.equal(other.element, element))));
                }
                if (!field.entries.empty()) constraints_.push_back(builder_.implies(in, field.entries.back().in));
                field.entries.push_back({in, element});
            }
        }
    }
    return {builder_.truth(true), there, parts(pack, id.index()), field.entries};
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
