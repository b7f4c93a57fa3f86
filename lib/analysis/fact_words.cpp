// Facts in words.
#include "analysis/reasons.h"

#include "base/text.h"
#include "logic/search.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

namespace keywright::analysis {

using ir::FieldId;
using ir::Kind;
using logic::Ask;
using logic::Atom;
using logic::Draft;
using logic::Predicate;
using value::Nanos;
using value::State;

namespace {

constexpr std::size_t kListed = 3;  // elements that are named before the rest is counted
constexpr std::size_t kShown = 60;  // characters of a text

std::string quoted(std::string_view text) { return fmt::format("\"{}\"", base::printable(text, kShown)); }

std::string characters(std::int64_t n) { return fmt::format("{} {}", n, n == 1 ? "character" : "characters"); }

std::string_view words_of(value::SecretFact fact, bool truth) {
    switch (fact) {
        case value::SecretFact::kHasSpace: return truth ? "holds white space" : "holds no white space";
        case value::SecretFact::kHasDigit: return truth ? "holds a digit" : "holds no digit";
        case value::SecretFact::kHasUpper: return truth ? "holds an upper-case letter" : "holds no upper-case letter";
        case value::SecretFact::kHasLower: return truth ? "holds a lower-case letter" : "holds no lower-case letter";
        case value::SecretFact::kHasSymbol: return truth ? "holds a symbol" : "holds no symbol";
        case value::SecretFact::kHasOther:
            return truth ? "holds characters beyond ASCII" : "holds no characters beyond ASCII";
        case value::SecretFact::kIsMasked: return truth ? "is masked" : "is not masked";
    }
    return "is present";
}

// The value that a predicate compares with.
std::string constant_words(const ir::Module& module, const ir::Type& type, const value::Value& value) {
    if (const auto* network = std::get_if<value::Network>(&value)) return value::to_string(*network);
    if (const auto* set = std::get_if<value::NetworkSet>(&value)) {
        if (set->size() == 1) return value::to_string(set->front());
        std::string out;
        for (const value::Network& n : *set) out += (out.empty() ? "" : ", ") + value::to_string(n);
        return '{' + out + '}';
    }
    if (const auto* text = std::get_if<std::string>(&value)) return quoted(*text);
    if (const auto* e = std::get_if<value::EnumValue>(&value))
        return module.enums[type.enumeration.index()].values[e->index];
    if (const auto* i = std::get_if<std::int64_t>(&value)) return fmt::format("{}", *i);
    return std::get<bool>(value) ? "true" : "false";
}

// What answering a predicate so says of a value.
std::string predicate_words(const ir::Module& module, const ir::Type& type, const Predicate& p, bool truth) {
    const auto constant = [&] { return constant_words(module, type, p.value); };
    const auto either = [&](std::string_view yes, std::string_view no) {
        return fmt::format("{} {}", truth ? yes : no, constant());
    };
    switch (p.ask) {
        case Ask::kIs: return either("is", "is not");
        case Ask::kAtLeast: return fmt::format("is {} {}", truth ? "at least" : "less than", p.number);
        case Ask::kStartsWith: return either("starts with", "doesn't start with");
        case Ask::kEndsWith: return either("ends with", "doesn't end with");
        case Ask::kLike: return either("is like", "is not like");
        case Ask::kIsBlank: return truth ? "is blank" : "is not blank";
        case Ask::kLength:
            return truth ? fmt::format("has {} or more", characters(p.number))
                         : fmt::format("has fewer than {}", characters(p.number));
        case Ask::kWithin: return either("lies in", "doesn't lie in");
        case Ask::kCovers: return either("covers", "doesn't cover");
        case Ask::kOverlaps: return either("overlaps", "doesn't overlap");
        case Ask::kIsOpen: return truth ? "is open" : "is not open";
        case Ask::kIsPrivate: return truth ? "is private" : "is not private";
        case Ask::kIsIpv6: return truth ? "is IPv6" : "is IPv4";
        case Ask::kPrefix:
            return fmt::format("has a prefix {} {} bits", truth ? "of at least" : "shorter than", p.number);
        case Ask::kFact: return std::string{words_of(static_cast<value::SecretFact>(p.number), truth)};
    }
    return {};
}

// The elements of a set, as far as they are known, with their words.
std::vector<std::pair<value::Value, std::string>> elements_of(const ir::Module& module, const value::Record& record,
                                                              FieldId id) {
    std::vector<std::pair<value::Value, std::string>> out;
    const std::size_t f = id.index();
    const ir::Type& type = module.schema.fields[f].type;
    switch (type.element) {
        case Kind::kEnum:
            for (std::uint32_t i = 0; i < 64; ++i) {
                if ((record.enum_set(f) >> i & 1U) != 0)
                    out.emplace_back(value::EnumValue{i}, module.enums[type.enumeration.index()].values[i]);
            }
            break;
        case Kind::kNetwork:
            for (const value::Network& n : record.network_set(f)) {
                if (!n.masked) out.emplace_back(n, value::to_string(n));
            }
            break;
        case Kind::kText:
            for (std::size_t i = 0; i < record.count(f); ++i)
                out.emplace_back(std::string{record.text_element(f, i)}, quoted(record.text_element(f, i)));
            break;
        case Kind::kInt:
            for (const std::int64_t n : record.int_set(f)) out.emplace_back(n, fmt::format("{}", n));
            break;
        case Kind::kBool:
        case Kind::kSet:
        case Kind::kInstant:
        case Kind::kDuration:
        case Kind::kSecret:
        case Kind::kRecord: break;
    }
    return out;
}

std::string listed(const std::vector<std::string>& words) {
    std::string out;
    for (std::size_t i = 0; i < std::min(words.size(), kListed); ++i) out += (out.empty() ? "" : ", ") + words[i];
    if (words.size() > kListed) out += fmt::format(" and {} more", words.size() - kListed);
    return out;
}

std::size_t size_of(const ir::Module& module, const value::Record& record, FieldId id) {
    if (module.schema.fields[id.index()].type.element != Kind::kEnum) return record.count(id.index());
    std::size_t n = 0;
    for (std::uint64_t bits = record.enum_set(id.index()); bits != 0; bits &= bits - 1) ++n;
    return n;
}

Nanos number_in(const ir::Module& module, const value::Record& record, FieldId id) {
    const std::size_t f = id.index();
    const Kind kind = module.schema.fields[f].type.kind;
    if (kind == Kind::kInt) return record.integer(f);
    return kind == Kind::kInstant ? value::to_nanos(record.instant(f)) : value::to_nanos(record.duration(f));
}

std::string seen_from(Nanos instant, Nanos now) {
    if (instant == now) return "the instant of the evaluation";
    const Nanos apart = instant < now ? now - instant : instant - now;
    return fmt::format("{} {} the evaluation", to_string(value::to_duration(apart)),
                       instant < now ? "before" : "after");
}

// Facts about one space, in words.
class Words {
public:
    Words(const ir::Module& module, const RuleSpace& rule, const value::Record& record, Instant now)
        : module_(module), rule_(rule), space_(rule.space), draft_(rule.space.draft()), record_(record), now_(now) {}

    std::vector<FactWords> run(const std::vector<Literal>& facts, bool conditions) {
        std::map<std::uint32_t, std::vector<Literal>> of_sets;
        for (const Literal& fact : facts) {
            const Atom& atom = draft_.atoms[fact.atom];
            if (atom.kind == Atom::Kind::kDifference) {
                difference(fact, draft_.comparisons[atom.index]);
                continue;
            }
            const FieldId field = draft_.variables[atom.variable].fields[0];
            const Seen at = seen(module_, record_, field);
            if (at.state == State::kAbsent) {
                add(at.at, "is absent", {fact});
            } else if (atom.kind == Atom::Kind::kCounter) {
                of_sets[atom.variable].push_back(fact);
            } else if (atom.kind == Atom::Kind::kPresent) {
                add(field, "is present", {fact});
            } else {
                member(field, fact, draft_.predicates[atom.variable][atom.index]);
            }
        }
        for (const auto& [variable, about] : of_sets) set(variable, about);
        return take(conditions);
    }

private:
    void add(FieldId field, std::string text, const std::vector<Literal>& facts) {
        auto& into = found_[{field.value, std::move(text)}];
        into.insert(into.end(), facts.begin(), facts.end());
    }

    void member(FieldId field, const Literal& fact, const Predicate& p) {
        const std::size_t f = field.index();
        const ir::Type& type = module_.schema.fields[f].type;
        switch (type.kind) {
            case Kind::kText:
                if (p.ask == Ask::kIsBlank) return add(field, predicate_words(module_, type, p, fact.truth), {fact});
                if (p.ask == Ask::kLength)
                    return add(field,
                               "has " + characters(static_cast<std::int64_t>(base::count_scalars(record_.text(f)))),
                               {fact});
                return add(field, value_words(module_, record_, field), {fact});
            case Kind::kSecret: {
                const value::SecretFacts& s = record_.secret(f);
                if (p.ask == Ask::kLength && s.length_max == 0) return add(field, "is empty", {fact});
                // How long a secret is says more of it than needs saying; on which side of what is asked says enough.
                return add(field,
                           p.ask == Ask::kLength && fact.truth && p.number == 1
                               ? "is not empty"
                               : predicate_words(module_, type, p, fact.truth),
                           {fact});
            }
            case Kind::kNetwork: {
                if (record_.network(f).masked) return add(field, "is masked", {fact});
                std::string text = value_words(module_, record_, field);
                if (p.ask == Ask::kIsOpen && fact.truth) text += ", which restricts nothing";
                return add(field, std::move(text), {fact});
            }
            case Kind::kBool:
            case Kind::kInt:
            case Kind::kEnum:
            case Kind::kSet:
            case Kind::kInstant:
            case Kind::kDuration:
            case Kind::kRecord: break;
        }
        add(field, value_words(module_, record_, field), {fact});
    }

    void difference(const Literal& fact, const Draft::NumberComparison& c) {
        bool with_now = c.x == Draft::kNow || c.y == Draft::kNow;
        for (const std::uint32_t v : {c.x, c.y}) {
            if (v == logic::kNone || v == Draft::kNow) continue;
            const FieldId field = draft_.variables[v].fields[0];
            const Seen at = seen(module_, record_, field);
            if (at.state == State::kAbsent) return add(at.at, "is absent", {fact});
        }
        for (const std::uint32_t v : {c.x, c.y}) {
            if (v == logic::kNone || v == Draft::kNow) continue;
            const FieldId field = draft_.variables[v].fields[0];
            std::string text = value_words(module_, record_, field);
            if (with_now) text += ", " + seen_from(number_in(module_, record_, field), value::to_nanos(now_));
            add(field, std::move(text), {fact});
        }
    }

    // The record's elements of one class.
    [[nodiscard]] std::vector<std::string> members(std::uint32_t variable, std::uint32_t c) {
        const FieldId field = draft_.variables[variable].fields[0];
        const auto& predicates = draft_.predicates[variable];
        const auto& truth = space_.element_classes(variable)[c].truth;
        std::vector<std::string> out;
        for (const auto& [element, words] : elements_of(module_, record_, field)) {
            bool inside = true;
            for (std::size_t p = 0; p < predicates.size() && inside; ++p)
                inside = logic::holds(predicates[p], element) == truth[p];
            if (inside) out.push_back(words);
        }
        return out;
    }

    [[nodiscard]] ir::Type element_type(std::uint32_t variable) const {
        ir::Type type = draft_.variables[variable].type;
        type.kind = type.element;
        return type;
    }

    // `entry that restricts nothing and is IPv6`: what its answers say of an element.
    [[nodiscard]] std::string class_words(std::uint32_t variable, const std::vector<bool>& truth) const {
        const auto& predicates = draft_.predicates[variable];
        std::string yes, no;
        for (std::size_t p = 0; p < predicates.size(); ++p) {
            std::string& into = truth[p] ? yes : no;
            into += (into.empty() ? "" : " and ") +
                    predicate_words(module_, element_type(variable), predicates[p], truth[p]);
        }
        return yes.empty()                                                            ? no
               : no.empty() || draft_.variables[variable].type.element == Kind::kEnum ? yes
                                                                                      : yes + " and " + no;
    }

    void set(std::uint32_t variable, const std::vector<Literal>& facts) {
        const FieldId field = draft_.variables[variable].fields[0];
        const bool of_enum = draft_.variables[variable].type.element == Kind::kEnum;
        const std::string_view one = draft_.variables[variable].type.element == Kind::kNetwork ? "entry" : "element";
        const std::string_view some = one == "entry" ? "entries" : "elements";
        const auto& classes = space_.element_classes(variable);
        std::vector<std::string> contained;
        std::vector<Literal> containing, lacking;
        std::set<std::uint32_t> lacked;
        for (const Literal& fact : facts) {
            const Atom& atom = draft_.atoms[fact.atom];
            if (!fact.truth && atom.number == 1) {
                lacked.insert(atom.index);
                lacking.push_back(fact);
                continue;
            }
            const std::vector<std::string> known = members(variable, atom.index);
            if (fact.truth && atom.number == 1 && of_enum) {
                // One of its like is enough; of a set that nobody asks more about, any.
                contained.push_back(classes.size() == 1 ? "" : known.front());
                containing.push_back(fact);
                continue;
            }
            const std::string about = class_words(variable, classes[atom.index].truth);
            const std::string that = about.empty() || classes.size() == 1 ? "" : " that " + about;
            if (atom.number > 1) {
                add(field,
                    fmt::format("has {} {} {}{}", fact.truth ? "at least" : "fewer than", atom.number, some, that),
                    {fact});
            } else if (known.empty()) {
                add(field, fmt::format("has a masked {}", one), {fact});
            } else {
                std::string text = classes.size() == 1 ? "is not empty" : "contains " + known.front();
                const auto& predicates = draft_.predicates[variable];
                for (std::size_t p = 0; p < predicates.size(); ++p) {
                    if (predicates[p].ask == Ask::kIsOpen && classes[atom.index].truth[p])
                        text += ", which restricts nothing";
                }
                add(field, std::move(text), {fact});
            }
        }
        if (!containing.empty())
            add(field, classes.size() == 1 ? "is not empty" : fmt::format("contains {}", fmt::join(contained, ", ")),
                containing);
        if (lacked.empty()) return;
        // The whole truth is shorter than `has no entry that is not open`; values that are asked for are named.
        if (size_of(module_, record_, field) == 0 && (!of_enum || lacked.size() == classes.size()))
            return add(field, "is empty", lacking);
        lack(variable, field, lacked, lacking, one);
    }

    // No element of some classes: as one answer to one question where that comes to the same.
    void lack(std::uint32_t variable, FieldId field, const std::set<std::uint32_t>& lacked,
              const std::vector<Literal>& facts, std::string_view one) {
        const auto& classes = space_.element_classes(variable);
        const auto& predicates = draft_.predicates[variable];
        const ir::Type type = element_type(variable);
        for (std::size_t p = 0; p < predicates.size(); ++p) {
            for (const bool truth : {true, false}) {
                bool same = true;
                for (std::uint32_t c = 0; c < classes.size(); ++c)
                    same = same && (classes[c].truth[p] == truth) == lacked.contains(c);
                if (!same) continue;
                if (predicates[p].ask == Ask::kIs) {
                    const std::string value = constant_words(module_, type, predicates[p].value);
                    return add(field, (truth ? "does not contain " : "contains nothing but ") + value, facts);
                }
                return add(field,
                           fmt::format("has no {} that {}", one, predicate_words(module_, type, predicates[p], truth)),
                           facts);
            }
        }
        if (type.kind != Kind::kEnum) {
            for (const Literal& fact : facts) {
                add(field,
                    fmt::format("has no {} that {}", one,
                                class_words(variable, classes[draft_.atoms[fact.atom].index].truth)),
                    {fact});
            }
            return;
        }
        // Values that are asked for by name; and all the others together.
        std::vector<std::string> names, all;
        bool others = false;
        for (std::uint32_t c = 0; c < classes.size(); ++c) {
            std::string name;
            for (std::size_t p = 0; p < predicates.size(); ++p) {
                if (predicates[p].ask == Ask::kIs && classes[c].truth[p])
                    name = constant_words(module_, type, predicates[p].value);
            }
            if (lacked.contains(c) && name.empty()) others = true;
            if (lacked.contains(c) && !name.empty()) names.push_back(name);
            if (!lacked.contains(c) && !name.empty()) all.push_back(name);
        }
        if (others) {
            add(field, all.empty() ? "is empty" : fmt::format("contains nothing but {}", fmt::join(all, ", ")), facts);
        } else {
            add(field, fmt::format("does not contain {}", fmt::join(names, ", ")), facts);
        }
    }

    // The first condition that these facts alone decide, else the first that reads them.
    [[nodiscard]] ir::Span condition_of(const std::vector<Literal>& facts) const {
        logic::Region region = space_.everything();
        for (const Literal& fact : facts) space_.restrict(region, fact.atom, fact.truth);
        const ir::Span* reading = nullptr;
        for (const RuleSpace::Condition& condition : rule_.conditions) {
            const bool reads = std::any_of(facts.begin(), facts.end(), [&](const Literal& fact) {
                return std::binary_search(condition.atoms.begin(), condition.atoms.end(), fact.atom);
            });
            if (!reads) continue;
            if (reading == nullptr) reading = &condition.span;
            if (logic::Evaluation{space_, condition.formula}.of(region) != eval::Truth::kUnknown) return condition.span;
        }
        if (reading != nullptr) return *reading;
        return rule_.conditions.empty() ? ir::Span{}
                                        : rule_.conditions.back().span;  // what the deadline is counted from
    }

    std::vector<FactWords> take(bool conditions) {
        // That something is there goes without saying where its value is told.
        std::map<std::uint32_t, std::size_t> texts;
        for (const auto& [key, facts] : found_) ++texts[key.first];
        std::vector<FactWords> out;
        for (auto& [key, facts] : found_) {
            if (key.second == "is present" && texts[key.first] > 1) continue;
            out.push_back({FieldId{key.first}, key.second, conditions ? condition_of(facts) : ir::Span{}});
        }
        return out;
    }

    const ir::Module& module_;
    const RuleSpace& rule_;
    const logic::Space& space_;
    const Draft& draft_;
    const value::Record& record_;
    Instant now_;
    std::map<std::pair<std::uint32_t, std::string>, std::vector<Literal>> found_;  // by field and words
};

}  // namespace

std::string value_words(const ir::Module& module, const value::Record& record, FieldId id) {
    const Seen at = seen(module, record, id);
    if (at.state == State::kUnknown) return "is unknown";
    if (at.state == State::kAbsent) return "is absent";
    const std::size_t f = id.index();
    const ir::Type& type = module.schema.fields[f].type;
    switch (type.kind) {
        case Kind::kBool: return record.boolean(f) ? "is true" : "is false";
        case Kind::kInt: return fmt::format("is {}", record.integer(f));
        case Kind::kText:
            if (record.text(f).empty()) return "is empty";
            return base::is_blank(record.text(f)) ? "is blank" : "is " + quoted(record.text(f));
        case Kind::kEnum:
            return fmt::format("is {}", module.enums[type.enumeration.index()].values[record.enumerator(f)]);
        case Kind::kNetwork:
            return record.network(f).masked ? "is masked" : fmt::format("is {}", value::to_string(record.network(f)));
        case Kind::kInstant: return fmt::format("is {}", to_string(record.instant(f)));
        case Kind::kDuration: return fmt::format("is {}", to_string(record.duration(f)));
        case Kind::kSecret: {
            const value::SecretFacts& s = record.secret(f);
            const auto masked = static_cast<std::uint8_t>(value::SecretFact::kIsMasked);
            if (s.length_max == 0) return "is empty";
            if ((s.known & masked) != 0 && (s.facts & masked) != 0) return "is masked";
            return "is present";
        }
        case Kind::kRecord: return "is present";
        case Kind::kSet: break;
    }
    if (size_of(module, record, id) == 0) return "is empty";
    std::vector<std::string> words;
    for (const auto& [element, text] : elements_of(module, record, id)) words.push_back(text);
    const std::size_t masked = size_of(module, record, id) - words.size();
    std::string out = words.empty() ? "" : fmt::format("is {{{}}}", listed(words));
    if (masked > 0) out += fmt::format("{} {} masked", out.empty() ? "has" : ", and", masked);
    return out;
}

std::vector<FactWords> fact_words(const ir::Module& module, const RuleSpace& rule, const value::Record& record,
                                  Instant now, const std::vector<Literal>& facts, bool conditions) {
    return Words{module, rule, record, now}.run(facts, conditions);
}

}  // namespace keywright::analysis
