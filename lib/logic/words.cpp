// Boxes in the words of the language.
#include "logic/regions.h"

#include "base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <functional>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

namespace keywright::logic {

using ir::Kind;

namespace {

using Classes = std::vector<bool>;

// A condition in words, and the classes of a dimension for which it holds.
struct Literal {
    std::string text;
    Classes holds;
    std::vector<std::string> needs;  // members that may be absent, and that the text reads
};

std::string quoted(const std::string& text) { return "\"" + base::printable(text, 60) + "\""; }

std::string blocks_of(const value::Value& v) {
    std::string out;
    for (const value::Network& n : std::get<value::NetworkSet>(v))
        out += (out.empty() ? "" : ", ") + value::to_string(n);
    return "{" + out + "}";
}

std::string word_of(value::SecretFact fact) {
    switch (fact) {
        case value::SecretFact::kHasSpace: return "has_space";
        case value::SecretFact::kHasDigit: return "has_digit";
        case value::SecretFact::kHasUpper: return "has_upper";
        case value::SecretFact::kHasLower: return "has_lower";
        case value::SecretFact::kHasSymbol: return "has_symbol";
        case value::SecretFact::kHasOther: return "has_other";
        case value::SecretFact::kIsMasked: break;  // said in other words
    }
    return {};
}

class Wording {
public:
    explicit Wording(const Space& space) : s_(space), d_(space.draft()) {}

    // The condition under which a configuration is in one of the classes; empty where it is in any case.
    std::string of(std::uint32_t dimension, const Region& box) {
        const Dimension& d = s_.dimensions()[dimension];
        Classes wanted(d.classes);
        bool all = true;
        for (std::uint32_t c = 0; c < d.classes; ++c) {
            wanted[c] = (box[d.first_word + c / 64] >> (c % 64) & 1U) != 0;
            all = all && wanted[c];
        }
        if (all) return {};
        const std::vector<Literal> literals = literals_of(dimension);
        const auto direct = cubes(d, literals, wanted);
        Classes others = wanted;
        others.flip();
        const auto opposite = cubes(d, literals, others);
        // The opposite may be easier to say: everything but a few things.
        std::size_t effort = weight(dimension, opposite);
        for (const Cube& cube : opposite) effort += is_settled(d, cube) || opposite_of(cube, literals) ? 0 : 1;
        if (effort < weight(dimension, direct)) {
            std::string out;
            for (const auto& cube : opposite)
                out += (out.empty() ? "" : " and ") + negation_of(dimension, cube, literals);
            return out;
        }
        std::string out;
        std::set<std::string> there;  // `x is absent or …`: after that it is there
        for (const auto& cube : direct) {
            const std::string text = guarded(dimension, cube, literals, there);
            if (cube.size() == 1 && text.ends_with(" is absent")) there.insert(text.substr(0, text.size() - 10));
            const bool is_compound = direct.size() > 1 && text.find(" and ") != std::string::npos;
            out += (out.empty() ? "" : " or ") + (is_compound ? "(" + text + ")" : text);
        }
        return direct.size() > 1 ? "(" + out + ")" : out;
    }

private:
    using Cube = std::vector<std::size_t>;  // literals, all of which hold

    [[nodiscard]] const std::string& name(std::uint32_t v) const { return d_.variables[v].name; }

    // Every element that a set may hold is settled.
    [[nodiscard]] bool is_settled(const Dimension& d, const Cube& cube) const {
        return d.kind == Dimension::Kind::kElements && d_.variables[d.variables.front()].type.element == Kind::kEnum &&
               cube.size() > 1 && cube.size() == d.elements.size() &&
               d.elements.size() == s_.element_classes(d.variables.front()).size();
    }

    // How much there is to read.
    [[nodiscard]] std::size_t weight(std::uint32_t dimension, const std::vector<Cube>& all) const {
        std::size_t n = 0;
        for (const Cube& cube : all) n += is_settled(s_.dimensions()[dimension], cube) ? 1 : cube.size();
        return n;
    }

    std::string number(std::uint32_t v, Nanos n) const {
        if (v != Draft::kNow && v != kNone && d_.variables[v].type.kind == Kind::kInt)
            return std::to_string(static_cast<std::int64_t>(n));
        if (v != Draft::kNow && v != kNone && d_.variables[v].type.kind == Kind::kDuration)
            return keywright::to_string(value::to_duration(n));
        return keywright::to_string(value::to_instant(n));
    }

    [[nodiscard]] std::string spelled(std::uint32_t v) const {
        return v == Draft::kNow ? "now" : v == kNone ? "0" : name(v);
    }

    // `x - y >= least`, or its opposite, as a person would put it.
    std::string comparison(const Draft::NumberComparison& c, bool truth) const {
        if (c.y == kNone || c.x == kNone) {
            // `x >= least`, or `-y >= least`: y <= -least.
            const std::uint32_t v = c.y == kNone ? c.x : c.y;
            const bool is_lower = (c.y == kNone) == truth;
            const Nanos bound = c.y == kNone ? (truth ? c.least : c.least - 1) : (truth ? -c.least : 1 - c.least);
            const bool is_int = v != Draft::kNow && d_.variables[v].type.kind == Kind::kInt;
            if (!is_lower && !is_int && (bound + 1) % value::kNanosPerSecond == 0)
                return fmt::format("{} < {}", spelled(v), number(v, bound + 1));
            return fmt::format("{} {} {}", spelled(v), is_lower ? ">=" : "<=", number(v, bound));
        }
        const bool is_int = c.x != Draft::kNow && d_.variables[c.x].type.kind == Kind::kInt;
        std::uint32_t x = c.x, y = c.y;
        Nanos least = c.least;
        bool is_least = truth;
        // With `now` in front, or so that the span is not negative.
        if (y == Draft::kNow || (x != Draft::kNow && least < 0)) {
            std::swap(x, y);
            least = -least;
            is_least = !is_least;
            // x - y <= least, or its opposite x - y > least
            return relation(x, y, least, is_least ? ">" : "<=", is_int);
        }
        return relation(x, y, least, is_least ? ">=" : "<", is_int);
    }

    // Whole seconds where the same can be said with them: more than 29.999999999 s is 30 s or more.
    [[nodiscard]] std::string relation(std::uint32_t x, std::uint32_t y, Nanos span, const char* sign,
                                       bool is_int) const {
        if (!is_int && span % value::kNanosPerSecond != 0 && (span + 1) % value::kNanosPerSecond == 0) {
            if (std::string_view{sign} == ">") return relation(x, y, span + 1, ">=", is_int);
            if (std::string_view{sign} == "<=") return relation(x, y, span + 1, "<", is_int);
        }
        if (span == 0) return fmt::format("{} {} {}", spelled(x), sign, spelled(y));
        const std::string amount =
            is_int ? std::to_string(static_cast<std::int64_t>(span)) : keywright::to_string(value::to_duration(span));
        return fmt::format("{} - {} {} {}", spelled(x), spelled(y), sign, amount);
    }

    // What `predicate` says of `subject`.
    std::string predicate(const std::string& subject, const Predicate& p, const Variable& v, bool truth) const {
        const auto pick = [&](const char* yes, const char* no) {
            return fmt::format("{} {}", subject, truth ? yes : no);
        };
        switch (p.ask) {
            case Ask::kIs:
                if (std::holds_alternative<bool>(p.value)) return (truth ? "" : "not ") + subject;
                if (const auto* e = std::get_if<value::EnumValue>(&p.value))
                    return fmt::format("{} {} {}", subject, truth ? "==" : "!=", enumerator(v, e->index));
                if (const auto* t = std::get_if<std::string>(&p.value))
                    return fmt::format("{} {} {}", subject, truth ? "==" : "!=", quoted(*t));
                return fmt::format("{} {} {}", subject,
                                   truth ? "==" : "!=", value::to_string(std::get<value::Network>(p.value)));
            case Ask::kAtLeast: return fmt::format("{} {} {}", subject, truth ? ">=" : "<", p.number);
            case Ask::kStartsWith:
                return negatable(truth,
                                 fmt::format("{} starts with {}", subject, quoted(std::get<std::string>(p.value))));
            case Ask::kEndsWith:
                return negatable(truth,
                                 fmt::format("{} ends with {}", subject, quoted(std::get<std::string>(p.value))));
            case Ask::kLike:
                return negatable(truth, fmt::format("{} like {}", subject, quoted(std::get<std::string>(p.value))));
            case Ask::kIsBlank: return pick("is blank", "is not blank");
            case Ask::kLength: return fmt::format("length({}) {} {}", subject, truth ? ">=" : "<", p.number);
            case Ask::kWithin: return negatable(truth, fmt::format("{} within {}", subject, blocks_of(p.value)));
            case Ask::kCovers: return negatable(truth, fmt::format("{} covers {}", subject, blocks_of(p.value)));
            case Ask::kOverlaps: return negatable(truth, fmt::format("{} overlaps {}", subject, blocks_of(p.value)));
            case Ask::kIsOpen: return pick("is open", "is not open");
            case Ask::kIsPrivate: return pick("is private", "is not private");
            case Ask::kIsIpv6: return fmt::format("family({}) == {}", subject, truth ? "ipv6" : "ipv4");
            case Ask::kPrefix: return fmt::format("prefix_length({}) {} {}", subject, truth ? ">=" : "<", p.number);
            case Ask::kFact: {
                if (p.number == static_cast<std::int64_t>(value::SecretFact::kIsMasked))
                    return pick("is masked", "is not masked");
                const std::string fact =
                    fmt::format("{}({})", word_of(static_cast<value::SecretFact>(p.number)), subject);
                return (truth ? "" : "not ") + fact;
            }
        }
        return {};
    }

    static std::string negatable(bool truth, const std::string& text) { return truth ? text : "not " + text; }

    [[nodiscard]] const std::string& enumerator(const Variable& v, std::uint32_t i) const {
        return d_.packs[v.owner]->enums[v.type.enumeration.index()].values[i];
    }

    // Everything that can be said of the dimension in one breath, what reads best first.
    std::vector<Literal> literals_of(std::uint32_t dimension) {
        const Dimension& d = s_.dimensions()[dimension];
        std::vector<Literal> out;
        std::vector<std::string> needs;
        const auto add = [&](std::string text, const std::function<bool(std::uint32_t)>& test) {
            Literal literal{std::move(text), Classes(d.classes), needs};
            for (std::uint32_t c = 0; c < d.classes; ++c) literal.holds[c] = test(c);
            out.push_back(std::move(literal));
        };
        const auto add_both = [&](const std::string& yes, const std::string& no,
                                  const std::function<bool(std::uint32_t)>& test) {
            add(yes, test);
            add(no, [&](std::uint32_t c) { return !test(c); });
        };
        if (d.kind == Dimension::Kind::kElements) {
            elements(d, add, add_both, needs);
            return out;
        }
        if (d.kind == Dimension::Kind::kMember) {
            const std::uint32_t v = d.variables.front();
            const Variable& member = d_.variables[v];
            const auto there = [&](std::uint32_t c) { return d.values[c].has_value(); };
            if (member.optional) add_both(name(v) + " is present", name(v) + " is absent", there);
            if (member.optional) needs = {name(v)};
            if (member.type.kind == Kind::kEnum) {
                for (std::uint32_t c = 0; c < d.classes; ++c) {
                    if (d.values[c])
                        add(name(v) + " == " + enumerator(member, std::get<value::EnumValue>(*d.values[c]).index),
                            [&](std::uint32_t k) { return k == c; });
                }
            }
            for (const Predicate& p : d_.predicates[v]) {
                add(predicate(name(v), p, member, true),
                    [&](std::uint32_t c) { return there(c) && holds(p, *d.values[c]); });
                add(predicate(name(v), p, member, false),
                    [&](std::uint32_t c) { return there(c) && !holds(p, *d.values[c]); });
            }
            return out;
        }
        for (std::size_t i = 1; i <= d.variables.size(); ++i) {
            if (!d.group.shows_presence[i]) continue;
            add_both(spelled(d.variables[i - 1]) + " is present", spelled(d.variables[i - 1]) + " is absent",
                     [&](std::uint32_t c) { return d.number_classes[c].present[i]; });
        }
        for (std::size_t i = 0; i < d.group.comparisons.size(); ++i) {
            const Comparison& inner = d.group.comparisons[i];
            const auto variable = [&](std::size_t n) { return n == 0 ? kNone : d.variables[n - 1]; };
            const Draft::NumberComparison c{variable(inner.x), variable(inner.y), inner.least};
            const auto there = [&](std::uint32_t k) {
                return d.number_classes[k].present[inner.x] && d.number_classes[k].present[inner.y];
            };
            needs.clear();
            for (const std::uint32_t v : {c.x, c.y}) {
                if (v != kNone && v != Draft::kNow && d_.variables[v].optional) needs.push_back(name(v));
            }
            add(comparison(c, true), [&](std::uint32_t k) { return there(k) && d.number_classes[k].truth[i]; });
            add(comparison(c, false), [&](std::uint32_t k) { return there(k) && !d.number_classes[k].truth[i]; });
        }
        return out;
    }

    template <class Add, class AddBoth>
    void elements(const Dimension& d, const Add& add, const AddBoth& add_both, std::vector<std::string>& needs) {
        const std::uint32_t v = d.variables.front();
        const Variable& member = d_.variables[v];
        const bool shows_absence = member.optional && d.counts.front().empty();
        if (shows_absence)
            add_both(name(v) + " is absent", name(v) + " is present", [](std::uint32_t c) { return c == 0; });
        if (d.elements.size() == 1 && d.elements.front() == kNone) return;
        if (member.optional) needs = {name(v)};
        const auto total = [&](std::uint32_t c) {
            std::uint32_t n = 0;
            for (const std::uint32_t k : d.counts[c]) n += k;
            return n;
        };
        const bool is_whole = !d.counts.back().empty() && d.elements.size() == s_.element_classes(v).size();
        if (is_whole) {
            add(name(v) + " is empty", [&](std::uint32_t c) { return !d.counts[c].empty() && total(c) == 0; });
            add(name(v) + " is not empty", [&](std::uint32_t c) { return total(c) > 0; });
        }
        // A set that is exactly its enum values.
        const bool is_enum = member.type.element == Kind::kEnum;
        for (std::size_t e = 0; e < d.elements.size(); ++e) {
            const ValueClass& element = s_.element_classes(v)[d.elements[e]];
            const auto at_least = [&, e](std::uint32_t n) {
                return [&, e, n](std::uint32_t c) { return e < d.counts[c].size() && d.counts[c][e] >= n; };
            };
            const std::uint32_t most =
                std::ranges::max(d.counts, {}, [&](const auto& row) { return row.empty() ? 0U : row[e]; })[e];
            const std::string what = is_enum ? enum_class(member, element) : value_class(v, member, element);
            const std::string no = is_enum ? fmt::format("{} has none of {{{}}}", name(v), what)
                                           : fmt::format("no n in {}: {}", name(v), what);
            const std::string yes = is_enum ? fmt::format("{} has any of {{{}}}", name(v), what)
                                            : fmt::format("any n in {}: {}", name(v), what);
            const auto some = at_least(1);
            add(yes, some);
            add(no, [&](std::uint32_t c) { return !d.counts[c].empty() && !some(c); });
            for (std::uint32_t n = 2; n <= most; ++n) {
                const auto many = at_least(n);
                add(fmt::format("{} or more of {}: {}", n, name(v), what), many);
                add(fmt::format("fewer than {} of {}: {}", n, name(v), what),
                    [&](std::uint32_t c) { return !many(c); });
            }
        }
    }

    std::string enum_class(const Variable& v, const ValueClass& element) const {
        // The values that answer alike.
        std::string out;
        for (std::uint32_t i = 0; i < 64; ++i) {
            if ((v.values.enumerators >> i & 1U) == 0) continue;
            const value::Value candidate = value::EnumValue{i};
            const auto& predicates = d_.predicates[static_cast<std::size_t>(&v - d_.variables.data())];
            bool same = true;
            for (std::size_t p = 0; p < predicates.size(); ++p)
                same = same && holds(predicates[p], candidate) == element.truth[p];
            if (same) out += (out.empty() ? "" : ", ") + enumerator(v, i);
        }
        return out;
    }

    // The shortest list of answers that no other class gives.
    std::string value_class(std::uint32_t v, const Variable& member, const ValueClass& element) {
        const auto& predicates = d_.predicates[v];
        if (predicates.empty()) return "true";
        std::vector<std::size_t> kept;
        for (std::size_t p = 0; p < predicates.size(); ++p) kept.push_back(p);
        const auto is_only = [&](const std::vector<std::size_t>& chosen) {
            return std::ranges::all_of(s_.element_classes(v), [&](const ValueClass& other) {
                return other.truth == element.truth ||
                       std::ranges::any_of(chosen, [&](std::size_t p) { return other.truth[p] != element.truth[p]; });
            });
        };
        for (std::size_t i = kept.size(); i-- > 0;) {
            std::vector<std::size_t> fewer = kept;
            fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
            if (is_only(fewer)) kept = std::move(fewer);
        }
        std::string out;
        for (const std::size_t p : kept)
            out += (out.empty() ? "" : " and ") + predicate("n", predicates[p], member, element.truth[p]);
        return out.empty() ? "true" : out;
    }

    // Conjunctions of literals that together hold exactly for `wanted`.
    std::vector<Cube> cubes(const Dimension& d, const std::vector<Literal>& literals, const Classes& wanted) const {
        const bool is_enum_set =
            d.kind == Dimension::Kind::kElements && d_.variables[d.variables.front()].type.element == Kind::kEnum;
        std::vector<Cube> out;
        Classes covered(wanted.size(), false);
        for (std::size_t c = 0; c < wanted.size(); ++c) {
            if (!wanted[c] || covered[c]) continue;
            Cube cube = prime(literals, wanted, covered, c);
            if (is_enum_set && cube.size() > 1) {
                // A set that is new here on its own is best shown as what it is.
                std::size_t fresh = 0;
                for (std::size_t k = 0; k < wanted.size(); ++k)
                    fresh += !covered[k] && inside(literals, cube, k) ? 1 : 0;
                if (fresh == 1) cube = settled(literals, c);
            }
            for (std::size_t k = 0; k < wanted.size(); ++k) covered[k] = covered[k] || inside(literals, cube, k);
            covered[c] = true;
            out.push_back(cube);
        }
        // What was said first may be part of what was said later.
        for (std::size_t i = out.size(); i-- > 0;) {
            bool needed = false;
            for (std::size_t k = 0; k < wanted.size() && !needed; ++k) {
                if (!wanted[k] || !inside(literals, out[i], k)) continue;
                needed = true;
                for (std::size_t j = 0; j < out.size(); ++j)
                    needed = needed && (j == i || !inside(literals, out[j], k));
            }
            if (!needed) out.erase(out.begin() + static_cast<std::ptrdiff_t>(i));
        }
        return out;
    }

    // For each element whether it is there, and nothing else.
    static Cube settled(const std::vector<Literal>& literals, std::size_t c) {
        Cube cube;
        for (std::size_t l = 0; l < literals.size(); ++l) {
            const std::string& text = literals[l].text;
            const bool is_one =
                text.find(" has any of {") != std::string::npos || text.find(" has none of {") != std::string::npos;
            if (is_one && literals[l].holds[c]) cube.push_back(l);
        }
        return cube;
    }

    static bool inside(const std::vector<Literal>& literals, const Cube& cube, std::size_t c) {
        return std::ranges::all_of(cube, [&](std::size_t l) { return literals[l].holds[c]; });
    }

    static bool implies(const std::vector<Literal>& literals, const Cube& cube, const Classes& wanted) {
        for (std::size_t c = 0; c < wanted.size(); ++c) {
            if (!wanted[c] && inside(literals, cube, c)) return false;
        }
        return true;
    }

    // A conjunction of as few literals as may be that holds for class `c` and for none that isn't wanted.
    // Of single literals the one that tells most that hasn't been told.
    static Cube prime(const std::vector<Literal>& literals, const Classes& wanted, const Classes& covered,
                      std::size_t c) {
        Cube cube;
        std::optional<std::size_t> best;
        std::size_t most = 0;
        for (std::size_t l = 0; l < literals.size(); ++l) {
            if (!literals[l].holds[c]) continue;
            cube.push_back(l);
            if (!implies(literals, {l}, wanted)) continue;
            // An empty set is best called so, and not by what none of its elements is.
            if (literals[l].text.ends_with(" is empty")) return {l};
            std::size_t fresh = 0;
            for (std::size_t k = 0; k < wanted.size(); ++k) fresh += literals[l].holds[k] && !covered[k] ? 1 : 0;
            if (fresh > most) {
                best = l;
                most = fresh;
            }
        }
        if (best) return {*best};
        for (std::size_t i = cube.size(); i-- > 0;) {
            Cube fewer = cube;
            fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
            if (implies(literals, fewer, wanted)) cube = std::move(fewer);
        }
        return cube;
    }

    // With the questions of presence that the language asks for before something is read.
    std::string guarded(std::uint32_t dimension, const Cube& cube, const std::vector<Literal>& literals,
                        const std::set<std::string>& there) const {
        std::set<std::string> asked = there;
        for (const std::size_t l : cube) {
            if (literals[l].text.ends_with(" is present"))
                asked.insert(literals[l].text.substr(0, literals[l].text.size() - 11));
        }
        std::string out;
        for (const std::size_t l : cube) {
            for (const std::string& name : literals[l].needs) {
                if (asked.insert(name).second) out += name + " is present and ";
            }
        }
        return out + conjunction(dimension, cube, literals);
    }

    // Literals of one kind about a set of enum are said together.
    std::string conjunction(std::uint32_t dimension, const Cube& cube, const std::vector<Literal>& literals) const {
        const Dimension& d = s_.dimensions()[dimension];
        const bool is_enum_set =
            d.kind == Dimension::Kind::kElements && d_.variables[d.variables.front()].type.element == Kind::kEnum;
        if (!is_enum_set) {
            std::string out;
            for (const std::size_t l : cube) out += (out.empty() ? "" : " and ") + literals[l].text;
            return out;
        }
        const std::string& set = name(d.variables.front());
        const std::string none = set + " has none of {", any = set + " has any of {";
        std::string in, out_of, rest;
        bool single = true;
        for (const std::size_t l : cube) {
            const std::string& text = literals[l].text;
            const auto body = [&](const std::string& head) {
                return text.substr(head.size(), text.size() - head.size() - 1);
            };
            if (text.starts_with(none)) {
                out_of += (out_of.empty() ? "" : ", ") + body(none);
            } else if (text.starts_with(any)) {
                single = single && body(any).find(',') == std::string::npos;
                in += (in.empty() ? "" : ", ") + body(any);
            } else {
                rest += (rest.empty() ? "" : " and ") + text;
            }
        }
        std::vector<std::string> parts;
        if (single && rest.empty() && is_settled(d, cube))
            return in.empty() ? set + " is empty" : set + " == {" + in + "}";
        if (!in.empty()) {
            const bool one = in.find(',') == std::string::npos;
            if (one) {
                parts.push_back(in + " in " + set);
            } else if (single) {
                parts.push_back(set + " has all of {" + in + "}");
            } else {
                for (const std::size_t l : cube) {
                    if (literals[l].text.starts_with(any)) parts.push_back(literals[l].text);
                }
            }
        }
        if (!out_of.empty())
            parts.push_back(out_of.find(',') == std::string::npos ? out_of + " not in " + set
                                                                  : set + " has none of {" + out_of + "}");
        if (!rest.empty()) parts.push_back(rest);
        std::string out;
        for (const std::string& part : parts) out += (out.empty() ? "" : " and ") + part;
        return out;
    }

    // The literal that says exactly the opposite of a cube, if there is one.
    static std::optional<std::size_t> opposite_of(const Cube& cube, const std::vector<Literal>& literals) {
        if (cube.size() != 1) return std::nullopt;
        Classes opposite = literals[cube.front()].holds;
        opposite.flip();
        for (std::size_t l = 0; l < literals.size(); ++l) {
            if (literals[l].holds == opposite) return l;
        }
        return std::nullopt;
    }

    std::string negation_of(std::uint32_t dimension, const Cube& cube, const std::vector<Literal>& literals) const {
        if (const auto l = opposite_of(cube, literals)) return conjunction(dimension, {*l}, literals);
        const std::string inner = guarded(dimension, cube, literals, {});
        const std::size_t equals = inner.find(" == ");
        if (equals != std::string::npos && inner.find(" and ") == std::string::npos)
            return inner.substr(0, equals) + " != " + inner.substr(equals + 4);
        return "not (" + inner + ")";
    }

    const Space& s_;
    const Draft& d_;
};

}  // namespace

std::vector<std::string> conditions(const Space& space, const Region& box) {
    Wording wording{space};
    std::vector<std::string> out;
    for (std::uint32_t d = 0; d < space.dimensions().size(); ++d) {
        if (std::string text = wording.of(d, box); !text.empty()) out.push_back(std::move(text));
    }
    return out;
}

std::string to_text(const std::vector<std::string>& conditions) {
    std::string out;
    for (const std::string& c : conditions) out += (out.empty() ? "" : " and ") + c;
    return out.empty() ? "every configuration" : out;
}

}  // namespace keywright::logic
