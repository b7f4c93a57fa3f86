#include "eval/operations.h"

#include "base/text.h"

#include <algorithm>
#include <bit>
#include <vector>

namespace keywright::eval::reference {
namespace {

__extension__ typedef unsigned __int128 Address;

// From "can it be true" and "can it be false"; one of them holds.
Truth truth_from(bool can_be_true, bool can_be_false) {
    if (can_be_true && can_be_false) return Truth::kUnknown;
    return truth_of(can_be_true);
}

bool is_anything(const Present& p) { return std::holds_alternative<Anything>(p); }

// --- sets of elements
// -------------------------------------------------------------------------------------------------

// A set, or a single element seen as a set of one: the elements that are known, and how many more there are of which
// only this is known, that each is one host.
template <class T>
struct Elements {
    enum class Form { kListed, kOneUnknown, kUnknown } form = Form::kListed;
    std::vector<T> known;
    std::size_t masked = 0;

    [[nodiscard]] bool listed() const { return form == Form::kListed; }
    [[nodiscard]] bool surely_empty() const { return listed() && known.empty() && masked == 0; }
    [[nodiscard]] bool surely_not_empty() const { return !surely_empty() && form != Form::kUnknown; }
    [[nodiscard]] bool has(const T& element) const {
        return std::find(known.begin(), known.end(), element) != known.end();
    }
};

bool is_host(const value::Network& n) { return n.prefix == (n.family == 4 ? 32 : 128); }
bool is_host(const std::string&) { return false; }
bool is_host(std::int64_t) { return false; }

// A masked entry may turn out to be one of these.
template <class T>
bool has_host(const Elements<T>& e) {
    return e.masked > 0 || std::any_of(e.known.begin(), e.known.end(), [](const T& x) { return is_host(x); });
}

Elements<value::Network> networks(const Present& p) {
    using Form = Elements<value::Network>::Form;
    Elements<value::Network> result;
    const auto insert = [&](const value::Network& n) {
        if (n.masked) {
            ++result.masked;
        } else {
            result.known.push_back(n);
        }
    };
    if (const auto* one = std::get_if<value::Network>(&p)) {
        insert(*one);
    } else if (const auto* set = std::get_if<value::NetworkSet>(&p)) {
        for (const value::Network& n : *set) insert(n);
    } else {
        result.form = std::get<Anything>(p).kind == ir::Kind::kNetwork ? Form::kOneUnknown : Form::kUnknown;
    }
    return result;
}

template <class T, class Set>
Elements<T> listed(const Set& set) {
    return {Elements<T>::Form::kListed, {set.begin(), set.end()}, 0};
}

template <class T>
Elements<T> unknown_set() {
    return {Elements<T>::Form::kUnknown, {}, 0};
}

template <class T>
Truth share(const Elements<T>& a, const Elements<T>& b) {
    for (const T& element : a.known) {
        if (b.has(element)) return Truth::kTrue;
    }
    if (a.surely_empty() || b.surely_empty()) return Truth::kFalse;
    if (!a.listed() || !b.listed()) return Truth::kUnknown;
    const bool possible = (a.masked > 0 && has_host(b)) || (b.masked > 0 && has_host(a));
    return possible ? Truth::kUnknown : Truth::kFalse;
}

// The known elements of `a` that are not known in `b`.
template <class T>
std::vector<T> missing(const Elements<T>& a, const Elements<T>& b) {
    std::vector<T> result;
    for (const T& element : a.known) {
        if (!b.has(element)) result.push_back(element);
    }
    return result;
}

// The masked entries of `b` can be filled in so that all of `elements` are among them.
template <class T>
bool can_be_masked_in(const std::vector<T>& elements, const Elements<T>& b) {
    return elements.size() <= b.masked &&
           std::all_of(elements.begin(), elements.end(), [](const T& x) { return is_host(x); });
}

template <class T>
Truth all_in(const Elements<T>& a, const Elements<T>& b) {
    if (a.surely_empty()) return Truth::kTrue;
    if (!a.listed() || !b.listed()) return Truth::kUnknown;
    const std::vector<T> outside = missing(a, b);
    // A masked entry of `a` may be a host that `b` doesn't hold, so with one the answer is never a definite yes.
    const bool can_be_false = a.masked > 0 || !outside.empty();
    const bool can_be_true = can_be_masked_in(outside, b) && (a.masked == 0 || has_host(b));
    return truth_from(can_be_true, can_be_false);
}

template <class T>
Truth same(const Elements<T>& a, const Elements<T>& b) {
    if (!a.listed() || !b.listed()) return Truth::kUnknown;
    const std::vector<T> only_a = missing(a, b);
    const std::vector<T> only_b = missing(b, a);
    const bool can_be_false = a.masked > 0 || b.masked > 0 || !only_a.empty() || !only_b.empty();
    const bool can_be_true = can_be_masked_in(only_a, b) && can_be_masked_in(only_b, a) &&
                             (a.masked == 0 || has_host(b)) && (b.masked == 0 || has_host(a));
    return truth_from(can_be_true, can_be_false);
}

// Applies one of the three relations above to the two sets, whatever their elements.
template <class Relation>
Truth relate(const Present& a, const Present& b, Relation relation) {
    const auto is = [&](const auto* tag) {
        using Type = std::remove_cvref_t<decltype(*tag)>;
        return std::holds_alternative<Type>(a) || std::holds_alternative<Type>(b);
    };
    if (is(static_cast<const value::TextSet*>(nullptr)) || is(static_cast<const value::IntSet*>(nullptr))) {
        if (is(static_cast<const value::TextSet*>(nullptr))) {
            const auto elements = [](const Present& p) {
                const auto* set = std::get_if<value::TextSet>(&p);
                return set != nullptr ? listed<std::string>(*set) : unknown_set<std::string>();
            };
            return relation(elements(a), elements(b));
        }
        const auto elements = [](const Present& p) {
            const auto* set = std::get_if<value::IntSet>(&p);
            return set != nullptr ? listed<std::int64_t>(*set) : unknown_set<std::int64_t>();
        };
        return relation(elements(a), elements(b));
    }
    return relation(networks(a), networks(b));  // two unknown sets of whatever come here too
}

// --- sets of addresses
// ------------------------------------------------------------------------------------------------

struct AddressRange {
    std::uint8_t family;
    Address first, last;
};

AddressRange range_of(const value::Network& n) {
    const Address first = (Address{n.high} << 64) | n.low;
    const unsigned host_bits = (n.family == 4 ? 32U : 128U) - n.prefix;
    const Address hosts = host_bits >= 128 ? ~Address{0} : (Address{1} << host_bits) - 1;
    return {n.family, first, first | hosts};
}

// How many addresses lie in `a` and in none of `b`, or `limit` if that is less. Every address of a family is cut out of
// the ranges that are left, one block of `b` after another.
std::size_t uncovered(const std::vector<value::Network>& a, const std::vector<value::Network>& b, std::size_t limit) {
    std::vector<AddressRange> left;
    const auto cut = [](std::vector<AddressRange> ranges, const AddressRange& hole) {
        std::vector<AddressRange> rest;
        for (const AddressRange& r : ranges) {
            if (r.family != hole.family || hole.last < r.first || r.last < hole.first) {
                rest.push_back(r);
                continue;
            }
            if (r.first < hole.first) rest.push_back({r.family, r.first, hole.first - 1});
            if (hole.last < r.last) rest.push_back({r.family, hole.last + 1, r.last});
        }
        return rest;
    };
    for (const value::Network& n : a) {
        left = cut(std::move(left), range_of(n));  // so that no address is counted twice
        left.push_back(range_of(n));
    }
    for (const value::Network& n : b) left = cut(std::move(left), range_of(n));
    std::size_t total = 0;
    for (const AddressRange& r : left) {
        if (r.last - r.first >= limit - total) return limit;
        total += static_cast<std::size_t>(r.last - r.first) + 1;
    }
    return total;
}

// Every address there is, of both families.
bool is_universe(const std::vector<value::Network>& blocks) {
    value::Network v4;
    value::Network v6;
    v6.family = 6;
    return uncovered({v4, v6}, blocks, 1) == 0;
}

bool has_family(const std::vector<value::Network>& blocks, std::uint8_t family) {
    return std::any_of(blocks.begin(), blocks.end(), [&](const value::Network& n) { return n.family == family; });
}

}  // namespace

// --- comparison, arithmetic
// ---------------------------------------------------------------------------------------------

Truth equal(const Present& a, const Present& b) {
    if (const auto* x = std::get_if<Truth>(&a)) {
        const auto y = std::get<Truth>(b);
        if (*x == Truth::kUnknown || y == Truth::kUnknown) return Truth::kUnknown;
        return truth_of(*x == y);
    }
    if (const auto* x = std::get_if<Range>(&a)) {
        const auto& y = std::get<Range>(b);
        const bool meet = x->low <= y.high && y.low <= x->high;
        return truth_from(meet, !(x->low == x->high && *x == y));
    }
    if (const auto* x = std::get_if<Choice>(&a)) {
        const auto& y = std::get<Choice>(b);
        return truth_from((x->possible & y.possible) != 0, !(std::has_single_bit(x->possible) && *x == y));
    }
    if (const auto* x = std::get_if<Membership>(&a)) {
        const auto& y = std::get<Membership>(b);
        const bool possible = (x->must & ~y.may) == 0 && (y.must & ~x->may) == 0;
        return truth_from(possible, !(x->must == x->may && *x == y));
    }
    if (std::holds_alternative<std::string>(a) || std::holds_alternative<std::string>(b)) {
        if (is_anything(a) || is_anything(b)) return Truth::kUnknown;
        return truth_of(std::get<std::string>(a) == std::get<std::string>(b));
    }
    if (is_anything(a) && is_anything(b)) return Truth::kUnknown;
    return relate(a, b, [](const auto& x, const auto& y) { return same(x, y); });
}

Truth less(const Present& a, const Present& b) {
    const auto& x = std::get<Range>(a);
    const auto& y = std::get<Range>(b);
    if (x.high < y.low) return Truth::kTrue;
    if (x.low >= y.high) return Truth::kFalse;
    return Truth::kUnknown;
}

Truth less_equal(const Present& a, const Present& b) {
    const auto& x = std::get<Range>(a);
    const auto& y = std::get<Range>(b);
    if (x.high <= y.low) return Truth::kTrue;
    if (x.low > y.high) return Truth::kFalse;
    return Truth::kUnknown;
}

Range add(const Present& a, const Present& b) {
    const auto& x = std::get<Range>(a);
    const auto& y = std::get<Range>(b);
    return {saturating_add(x.low, y.low), saturating_add(x.high, y.high)};
}

Range subtract(const Present& a, const Present& b) {
    const auto& y = std::get<Range>(b);
    return add(a, Range{-y.high, -y.low});
}

// --- sets
// ---------------------------------------------------------------------------------------------------------------

Truth in(const Present& element, const Present& set) {
    if (const auto* x = std::get_if<Choice>(&element)) {
        const auto& s = std::get<Membership>(set);
        return truth_from((x->possible & s.may) != 0, (x->possible & ~s.must) != 0);
    }
    if (const auto* x = std::get_if<Range>(&element)) {
        if (is_anything(set)) return Truth::kUnknown;
        Nanos inside = 0;
        for (const std::int64_t n : std::get<value::IntSet>(set)) {
            if (x->low <= n && n <= x->high) ++inside;
        }
        return truth_from(inside > 0, inside <= x->high - x->low);
    }
    const auto* text = std::get_if<std::string>(&element);
    const auto* texts = std::get_if<value::TextSet>(&set);
    if (text != nullptr && texts != nullptr)
        return share(listed<std::string>(value::TextSet{*text}), listed<std::string>(*texts));
    if (texts != nullptr) return texts->empty() ? Truth::kFalse : Truth::kUnknown;
    if (text != nullptr) return Truth::kUnknown;
    return share(networks(element), networks(set));
}

Truth share_element(const Present& a, const Present& b) {
    if (const auto* x = std::get_if<Membership>(&a)) {
        const auto& y = std::get<Membership>(b);
        return truth_from((x->may & y.may) != 0, (x->must & y.must) == 0);
    }
    return relate(a, b, [](const auto& x, const auto& y) { return share(x, y); });
}

Truth subset(const Present& a, const Present& b) {
    if (const auto* x = std::get_if<Membership>(&a)) {
        const auto& y = std::get<Membership>(b);
        return truth_from((x->must & ~y.may) == 0, (x->may & ~y.must) != 0);
    }
    return relate(a, b, [](const auto& x, const auto& y) { return all_in(x, y); });
}

Truth is_empty(const Present& a) {
    const Range n = count(a);
    return truth_from(n.low == 0, n.high > 0);
}

Range count(const Present& a) {
    if (const auto* x = std::get_if<Membership>(&a)) return {std::popcount(x->must), std::popcount(x->may)};
    if (const auto* x = std::get_if<value::TextSet>(&a)) return {Nanos(x->size()), Nanos(x->size())};
    if (const auto* x = std::get_if<value::IntSet>(&a)) return {Nanos(x->size()), Nanos(x->size())};
    if (std::holds_alternative<value::NetworkSet>(a)) {
        // Masked entries may be equal to each other and to known hosts.
        const auto elements = networks(a);
        const auto known = Nanos(elements.known.size());
        const auto masked = Nanos(elements.masked);
        return {std::max(known, Nanos{masked > 0 ? 1 : 0}), known + masked};
    }
    return {0, kPlusInfinity};
}

// --- networks
// -----------------------------------------------------------------------------------------------------------

Truth within(const Present& a, const Present& b) {
    using Form = Elements<value::Network>::Form;
    const auto x = networks(a);
    const auto y = networks(b);
    if (x.surely_empty()) return Truth::kTrue;

    // Some address may be outside: a known one, or, where `a` may hold any address, all that `b` doesn't surely cover.
    const bool wild = !x.listed() || x.masked > 0;
    const bool can_be_false =
        wild ? !is_universe(y.known) || uncovered(x.known, y.known, 1) > 0 : uncovered(x.known, y.known, 1) > 0;
    bool can_be_true = false;
    if (x.form == Form::kUnknown || y.form == Form::kUnknown) {
        can_be_true = true;  // `a` may be empty; `b` may be everything
    } else if (x.form == Form::kOneUnknown) {
        can_be_true = !y.surely_empty();
    } else if (y.form == Form::kOneUnknown) {
        can_be_true = !(has_family(x.known, 4) && has_family(x.known, 6));  // one block is of one family
    } else {
        // Masked entries of `a` may be hosts that `b` covers; those of `b` may be addresses of `a`, one each.
        can_be_true = !y.surely_empty() && uncovered(x.known, y.known, y.masked + 1) <= y.masked;
    }
    return truth_from(can_be_true, can_be_false);
}

Truth overlaps(const Present& a, const Present& b) {
    const auto x = networks(a);
    const auto y = networks(b);
    if (x.surely_empty() || y.surely_empty()) return Truth::kFalse;
    for (const value::Network& m : x.known) {
        for (const value::Network& n : y.known) {
            if (value::overlaps(m, n)) return Truth::kTrue;
        }
    }
    if (x.surely_not_empty() && is_universe(y.known)) return Truth::kTrue;
    if (y.surely_not_empty() && is_universe(x.known)) return Truth::kTrue;
    const bool settled = x.listed() && y.listed() && x.masked == 0 && y.masked == 0;
    return settled ? Truth::kFalse : Truth::kUnknown;
}

Truth is_open(const Present& a) {
    const auto* n = std::get_if<value::Network>(&a);
    if (n == nullptr) return Truth::kUnknown;
    if (n->masked) return Truth::kFalse;  // one host
    return truth_of(value::is_open(*n));
}

Truth is_private(const Present& a) {
    const auto* n = std::get_if<value::Network>(&a);
    if (n == nullptr || n->masked) return Truth::kUnknown;
    return truth_of(value::is_private(*n));
}

Range prefix_length(const Present& a) {
    const auto* n = std::get_if<value::Network>(&a);
    if (n == nullptr || n->masked) return {0, 128};
    return {n->prefix, n->prefix};
}

Choice family(const Present& a) {
    const auto* n = std::get_if<value::Network>(&a);
    if (n == nullptr || n->masked) return {3};
    return {n->family == 4 ? 1U : 2U};
}

// --- text and secrets
// ---------------------------------------------------------------------------------------------------

Range length(const Present& a) {
    if (const auto* text = std::get_if<std::string>(&a)) {
        const auto n = Nanos(base::count_scalars(*text));
        return {n, n};
    }
    if (const auto* secret = std::get_if<value::SecretFacts>(&a)) {
        const bool bounded = secret->length_max != value::SecretFacts::kUnbounded;
        return {secret->length_min, bounded ? Nanos{secret->length_max} : kPlusInfinity};
    }
    return {0, kPlusInfinity};
}

Truth is_blank(const Present& a) {
    const auto* text = std::get_if<std::string>(&a);
    return text != nullptr ? truth_of(base::is_blank(*text)) : Truth::kUnknown;
}

namespace {

template <class Question>
Truth ask(const Present& a, const Present& b, Question question) {
    const auto* x = std::get_if<std::string>(&a);
    const auto* y = std::get_if<std::string>(&b);
    return x != nullptr && y != nullptr ? truth_of(question(*x, *y)) : Truth::kUnknown;
}

}  // namespace

Truth starts_with(const Present& a, const Present& b) {
    return ask(a, b, [](const std::string& x, const std::string& y) { return x.starts_with(y); });
}

Truth ends_with(const Present& a, const Present& b) {
    return ask(a, b, [](const std::string& x, const std::string& y) { return x.ends_with(y); });
}

Truth like(const Present& a, const Present& b) {
    return ask(a, b, [](const std::string& x, const std::string& y) { return base::matches_glob(x, y); });
}

Truth has_fact(const Present& a, value::SecretFact fact) {
    const auto& secret = std::get<value::SecretFacts>(a);
    const auto bit = static_cast<std::uint8_t>(fact);
    if ((secret.known & bit) == 0) return Truth::kUnknown;
    return truth_of((secret.facts & bit) != 0);
}

}  // namespace keywright::eval::reference
