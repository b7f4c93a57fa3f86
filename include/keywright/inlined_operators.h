// The operators of rules over cells, for headers made by `keywright embed --inline`; see inlined_logic.h.
#pragma once

#include "keywright/inlined_logic.h"

namespace keywright::inlined {

constexpr Secret Secret::of(std::string_view text) {
    unsigned facts = 0;
    std::size_t length = 0, stars = 0, most_stars = 0;
    for (std::size_t offset = 0; offset < text.size(); ++length) {
        const char32_t c = logic::next_scalar(text, offset);
        if (logic::is_white_space(c)) facts |= kHasSpace;
        if (c < 0x20 || c > 0x7e) {
            facts |= kHasOther;
        } else if (c >= '0' && c <= '9') {
            facts |= kHasDigit;
        } else if (c >= 'A' && c <= 'Z') {
            facts |= kHasUpper;
        } else if (c >= 'a' && c <= 'z') {
            facts |= kHasLower;
        } else if (c != ' ') {
            facts |= kHasSymbol;
        }
        stars = c == '*' ? stars + 1 : 0;
        most_stars = std::max(most_stars, stars);
    }
    if (length > 0 && (most_stars >= 3 || most_stars == length)) facts |= kIsMasked;
    const auto bounded = static_cast<std::uint32_t>(std::min<std::size_t>(length, kUnbounded));
    return {bounded, bounded, 127, static_cast<std::uint8_t>(facts)};
}

}  // namespace keywright::inlined

namespace keywright::inlined::logic {

// --- arithmetic: what is at or beyond an infinity stays there --------------------------------------------------------

[[nodiscard]] constexpr bool is_small(Nanos x) {
    constexpr std::int64_t kFar = std::int64_t{1} << 54;
    return static_cast<std::uint64_t>(static_cast<std::int64_t>(x >> 64) + kFar) < static_cast<std::uint64_t>(2 * kFar);
}
[[nodiscard]] constexpr Nanos sum(Nanos x, Nanos y) {
    if (is_small(x) && is_small(y)) return x + y;
    if (x <= kMinusInfinity || y <= kMinusInfinity) return kMinusInfinity;
    if (x >= kPlusInfinity || y >= kPlusInfinity) return kPlusInfinity;
    return std::clamp(x + y, kMinusInfinity, kPlusInfinity);
}
[[nodiscard]] constexpr RangeCell add(const RangeCell& a, const RangeCell& b) {
    if (!a.there() || !b.there()) return {};
    return range(sum(a.low, b.low), sum(a.high, b.high));
}
[[nodiscard]] constexpr RangeCell subtract(const RangeCell& a, const RangeCell& b) {
    if (!a.there() || !b.there()) return {};
    return range(sum(a.low, -b.high), sum(a.high, -b.low));
}

// --- sets, compared by one walk along both ---------------------------------------------------------------------------

struct Comparison {
    bool common = false;
    std::size_t only_a = 0, only_b = 0;             // how many elements only one has
    bool only_a_hosts = true, only_b_hosts = true;  // those are all single hosts
    bool any_host_a = false, any_host_b = false;    // some element of it is
    std::size_t hidden_a = 0, hidden_b = 0;         // networks that are there, and not known
};

[[nodiscard]] constexpr bool is_host(const Network& n) { return n.prefix() == (n.family() == 4 ? 32U : 128U); }
[[nodiscard]] constexpr bool is_host(std::string_view) { return false; }
[[nodiscard]] constexpr bool is_host(std::int64_t) { return false; }

// Takes hidden entries, which come last, off `list` and counts them.
[[nodiscard]] constexpr std::size_t take_hidden(Networks& list) {
    std::size_t known = list.size();
    while (known > 0 && list[known - 1].is_hidden()) --known;
    const std::size_t hidden = list.size() - known;
    list = list.first(known);
    return hidden;
}

template <class T>
[[nodiscard]] constexpr Comparison compare(std::span<const T> a, std::span<const T> b) {
    Comparison c;
    if constexpr (std::is_same_v<T, Network>) {
        c.hidden_a = take_hidden(a);
        c.hidden_b = take_hidden(b);
    }
    std::size_t i = 0, j = 0;
    while (i < a.size() || j < b.size()) {
        if (j == b.size() || (i < a.size() && a[i] < b[j])) {
            const bool host = is_host(a[i++]);
            ++c.only_a;
            c.only_a_hosts = c.only_a_hosts && host;
            c.any_host_a = c.any_host_a || host;
        } else if (i == a.size() || b[j] < a[i]) {
            const bool host = is_host(b[j++]);
            ++c.only_b;
            c.only_b_hosts = c.only_b_hosts && host;
            c.any_host_b = c.any_host_b || host;
        } else {
            const bool host = is_host(a[i++]);
            ++j;
            c.common = true;
            c.any_host_a = c.any_host_a || host;
            c.any_host_b = c.any_host_b || host;
        }
    }
    return c;
}

template <class T>
[[nodiscard]] constexpr std::span<const T> elements_of(const SetCell<T>& cell) {
    return cell.elements;
}
[[nodiscard]] constexpr Networks elements_of(const NetworkCell& cell) { return {&cell.network, 1}; }

template <class A>
[[nodiscard]] constexpr bool surely_empty(const A& a) {
    return a.known && elements_of(a).empty();
}

// --- questions of two values that are there --------------------------------------------------------------------------

[[nodiscard]] constexpr Kleene equal_values(const TruthCell& a, const TruthCell& b) {
    return either(both(a.truth, b.truth), both(!a.truth, !b.truth));
}
[[nodiscard]] constexpr Kleene equal_values(const RangeCell& a, const RangeCell& b) {
    const bool one_point = a.low == a.high && b.low == b.high && a.low == b.low;
    return possibly(a.low <= b.high && b.low <= a.high, !one_point);
}
[[nodiscard]] constexpr Kleene equal_values(const ChoiceCell& a, const ChoiceCell& b) {
    return possibly((a.may & b.may) != 0, std::popcount(a.may | b.may) != 1);
}
[[nodiscard]] constexpr Kleene equal_values(const MembersCell& a, const MembersCell& b) {
    return possibly(((a.must & ~b.may) | (b.must & ~a.may)) == 0, a.must != a.may || b.must != b.may || a.may != b.may);
}
[[nodiscard]] constexpr Kleene equal_values(const TextCell& a, const TextCell& b) {
    return a.known && b.known ? truth_of(a.text == b.text) : kUnknown;
}
// Sets, and single networks.
template <class A, class B>
    requires requires(A a, B b) { elements_of(a), elements_of(b); }
[[nodiscard]] constexpr Kleene equal_values(const A& a, const B& b) {
    if (!a.known || !b.known) return kUnknown;
    const Comparison c = compare(elements_of(a), elements_of(b));
    const bool yes = c.only_a <= c.hidden_b && c.only_b <= c.hidden_a && c.only_a_hosts && c.only_b_hosts &&
                     (c.hidden_a == 0 || c.hidden_b > 0 || c.any_host_b) &&
                     (c.hidden_b == 0 || c.hidden_a > 0 || c.any_host_a);
    return possibly(yes, c.hidden_a + c.hidden_b + c.only_a + c.only_b > 0);
}

[[nodiscard]] constexpr Kleene shared(const MembersCell& a, const MembersCell& b) {
    return possibly((a.may & b.may) != 0, (a.must & b.must) == 0);
}
template <class A, class B>
[[nodiscard]] constexpr Kleene shared(const A& a, const B& b) {
    if (surely_empty(a) || surely_empty(b)) return kFalse;
    if (!a.known || !b.known) return kUnknown;
    const Comparison c = compare(elements_of(a), elements_of(b));
    if (c.common) return kTrue;
    return possibly((c.hidden_a > 0 && (c.hidden_b > 0 || c.any_host_b)) || (c.hidden_b > 0 && c.any_host_a), true);
}

[[nodiscard]] constexpr Kleene contained(const MembersCell& a, const MembersCell& b) {
    return possibly((a.must & ~b.may) == 0, (a.may & ~b.must) != 0);
}
template <class A, class B>
[[nodiscard]] constexpr Kleene contained(const A& a, const B& b) {
    if (surely_empty(a)) return kTrue;
    if (!a.known || !b.known) return kUnknown;
    const Comparison c = compare(elements_of(a), elements_of(b));
    const bool yes = c.only_a <= c.hidden_b && c.only_a_hosts && (c.hidden_a == 0 || c.hidden_b > 0 || c.any_host_b);
    return possibly(yes, c.only_a > 0 || c.hidden_a > 0);
}

[[nodiscard]] constexpr Kleene element_in(const ChoiceCell& a, const MembersCell& b) {
    return possibly((a.may & b.may) != 0, (a.may & ~b.must) != 0);
}
[[nodiscard]] constexpr Kleene element_in(const RangeCell& a, const SetCell<std::int64_t>& b) {
    if (!b.known) return kUnknown;
    Nanos hits = 0;
    for (const std::int64_t n : b.elements) hits += a.low <= n && n <= a.high ? 1 : 0;
    return possibly(hits > 0, hits < a.high - a.low + 1);
}
[[nodiscard]] constexpr Kleene element_in(const TextCell& a, const SetCell<std::string_view>& b) {
    if (surely_empty(b)) return kFalse;
    if (!a.known || !b.known) return kUnknown;
    return truth_of(std::binary_search(b.elements.begin(), b.elements.end(), a.text));
}
[[nodiscard]] constexpr Kleene element_in(const NetworkCell& a, const SetCell<Network>& b) { return shared(a, b); }

// A network or a set of them, seen apart: the known blocks, and how many entries are hidden.
struct Blocks {
    Networks known;
    std::size_t hidden = 0;
    bool listed, single;  // single: exactly one block, known or not

    template <class A>
    constexpr explicit Blocks(const A& cell) : listed(cell.known), single(std::is_same_v<A, NetworkCell>) {
        if (!listed) return;
        known = elements_of(cell);
        hidden = take_hidden(known);
    }
    [[nodiscard]] constexpr bool surely_empty() const { return listed && known.empty() && hidden == 0; }
    [[nodiscard]] constexpr bool surely_filled() const { return listed ? !surely_empty() : single; }
    [[nodiscard]] constexpr bool one_family() const {
        return std::all_of(known.begin(), known.end(),
                           [&](const Network& n) { return n.family() == known[0].family(); });
    }
};

[[nodiscard]] constexpr Kleene blocks_within(const Blocks& x, const Blocks& y) {
    if (x.surely_empty()) return kTrue;
    if (x.listed && x.hidden == 0 && y.listed) {
        const std::size_t outside = uncovered(x.known, y.known, y.hidden + 1);
        return possibly(outside <= y.hidden && !y.surely_empty(), outside > 0);
    }
    bool no = (!x.listed || x.hidden > 0) && !covers_everything(y.known);
    no = no || uncovered(x.known, y.known, 1) > 0;
    bool yes = true;
    if (x.listed && y.listed) {
        yes = !y.surely_empty() && uncovered(x.known, y.known, y.hidden + 1) <= y.hidden;
    } else if (x.listed && y.single) {
        yes = x.one_family();
    } else if (!x.listed && x.single && y.listed) {
        yes = !y.surely_empty();
    }
    return possibly(yes, no);
}
[[nodiscard]] constexpr Kleene blocks_overlap(const Blocks& x, const Blocks& y) {
    if (x.surely_empty() || y.surely_empty()) return kFalse;
    if (overlap(x.known, y.known, 4) || overlap(x.known, y.known, 6)) return kTrue;
    if (x.listed && y.listed && x.hidden == 0 && y.hidden == 0) return kFalse;
    if ((x.surely_filled() && covers_everything(y.known)) || (y.surely_filled() && covers_everything(x.known))) {
        return kTrue;
    }
    return kUnknown;
}

// --- questions: unknown where an operand may be absent ---------------------------------------------------------------

[[nodiscard]] constexpr Kleene truth(const TruthCell& a) { return a.there() ? a.truth : kUnknown; }
[[nodiscard]] constexpr Kleene is_present(const Cell& a) { return possibly(a.may_be_present, a.may_be_absent); }
template <class A, class B>
[[nodiscard]] constexpr Kleene equal(const A& a, const B& b) {
    return a.there() && b.there() ? equal_values(a, b) : kUnknown;
}
[[nodiscard]] constexpr Kleene less(const RangeCell& a, const RangeCell& b) {
    return a.there() && b.there() ? possibly(a.low < b.high, a.high >= b.low) : kUnknown;
}
template <class A, class B>
[[nodiscard]] constexpr Kleene in(const A& a, const B& b) {
    return a.there() && b.there() ? element_in(a, b) : kUnknown;
}
template <class A, class B>
[[nodiscard]] constexpr Kleene share(const A& a, const B& b) {
    return a.there() && b.there() ? shared(a, b) : kUnknown;
}
template <class A, class B>
[[nodiscard]] constexpr Kleene subset(const A& a, const B& b) {
    return a.there() && b.there() ? contained(a, b) : kUnknown;
}
template <class A, class B>
[[nodiscard]] constexpr Kleene within(const A& a, const B& b) {
    return a.there() && b.there() ? blocks_within(Blocks{a}, Blocks{b}) : kUnknown;
}
template <class A, class B>
[[nodiscard]] constexpr Kleene overlaps(const A& a, const B& b) {
    return a.there() && b.there() ? blocks_overlap(Blocks{a}, Blocks{b}) : kUnknown;
}
[[nodiscard]] constexpr Kleene is_open(const NetworkCell& a) {
    return a.there() && a.known ? truth_of(is_open(a.network)) : kUnknown;
}
[[nodiscard]] constexpr Kleene is_private(const NetworkCell& a) {
    return a.there() && a.known && !a.network.is_hidden() ? truth_of(is_private(a.network)) : kUnknown;
}
[[nodiscard]] constexpr Kleene is_blank(const TextCell& a) {
    return a.there() && a.known ? truth_of(is_blank(a.text)) : kUnknown;
}
[[nodiscard]] constexpr bool both_known(const TextCell& a, const TextCell& b) {
    return a.there() && b.there() && a.known && b.known;
}
[[nodiscard]] constexpr Kleene starts_with(const TextCell& a, const TextCell& b) {
    return both_known(a, b) ? truth_of(a.text.starts_with(b.text)) : kUnknown;
}
[[nodiscard]] constexpr Kleene ends_with(const TextCell& a, const TextCell& b) {
    return both_known(a, b) ? truth_of(a.text.ends_with(b.text)) : kUnknown;
}
[[nodiscard]] constexpr Kleene like(const TextCell& a, const TextCell& b) {
    return both_known(a, b) ? truth_of(matches_glob(a.text, b.text)) : kUnknown;
}
[[nodiscard]] constexpr Kleene has_fact(const SecretCell& a, unsigned fact) {
    return a.there() ? has_fact(a.secret, fact) : kUnknown;
}

// --- values; `everything` is what is possible where the operand may be absent ----------------------------------------

[[nodiscard]] constexpr RangeCell count(const MembersCell& a) {
    return a.there() ? range(std::popcount(a.must), std::popcount(a.may)) : RangeCell{};
}
template <class T>
[[nodiscard]] constexpr RangeCell count(const SetCell<T>& a) {
    if (!a.there()) return {};
    if (!a.known) return range(0, kPlusInfinity);
    std::size_t hidden = 0;
    std::span<const T> known = a.elements;
    if constexpr (std::is_same_v<T, Network>) hidden = take_hidden(known);
    const auto high = static_cast<Nanos>(a.elements.size());
    return range(known.empty() && hidden > 0 ? Nanos{1} : static_cast<Nanos>(known.size()), high);
}
[[nodiscard]] constexpr RangeCell length(const TextCell& a) {
    if (!a.there()) return {};
    return a.known ? cell_of(count_scalars(a.text)) : range(0, kPlusInfinity);
}
[[nodiscard]] constexpr RangeCell length(const SecretCell& a) {
    if (!a.there()) return {};
    const bool bounded = a.secret.length_max != Secret::kUnbounded;
    return range(a.secret.length_min, bounded ? Nanos{a.secret.length_max} : kPlusInfinity);
}
[[nodiscard]] constexpr RangeCell prefix_length(const NetworkCell& a) {
    if (!a.there()) return {};
    return a.known && !a.network.is_hidden() ? range(a.network.prefix(), a.network.prefix()) : range(0, 128);
}
[[nodiscard]] constexpr ChoiceCell family(const NetworkCell& a) {
    if (!a.there() || !a.known || a.network.is_hidden()) return choice(3);
    return choice(a.network.family() == 4 ? 1 : 2);
}

// `a` becomes what is possible where the value is that of `a` or that of `b`.
constexpr void widen(TruthCell& a, const TruthCell& b) {
    a.truth = {a.truth.no | b.truth.no, a.truth.yes | b.truth.yes};
}
constexpr void widen(RangeCell& a, const RangeCell& b) {
    a.low = std::min(a.low, b.low);
    a.high = std::max(a.high, b.high);
}
constexpr void widen(ChoiceCell& a, const ChoiceCell& b) { a.may |= b.may; }
constexpr void widen(MembersCell& a, const MembersCell& b) {
    a.must &= b.must;
    a.may |= b.may;
}
constexpr void widen(TextCell& a, const TextCell& b) { a.known = a.known && b.known && a.text == b.text; }
template <class A>
    requires requires(A a) { elements_of(a); }
constexpr void widen(A& a, const A& b) {
    if (!a.known || !b.known) {
        a.known = false;
        return;
    }
    const Comparison c = compare(elements_of(a), elements_of(b));
    a.known = c.only_a == 0 && c.only_b == 0 && c.hidden_a == c.hidden_b;
}
constexpr void widen(SecretCell& a, const SecretCell& b) {
    const unsigned agreed = a.secret.known & b.secret.known & ~(unsigned{a.secret.facts} ^ b.secret.facts);
    a.secret.length_min = std::min(a.secret.length_min, b.secret.length_min);
    a.secret.length_max = std::max(a.secret.length_max, b.secret.length_max);
    a.secret.facts = static_cast<std::uint8_t>(a.secret.facts & agreed);
    a.secret.known = static_cast<std::uint8_t>(agreed);
}

template <class C>
[[nodiscard]] constexpr C otherwise(const C& a, const C& b) {
    if (a.there()) return a;
    if (!a.may_be_present) return b;
    C result = a;
    if (b.may_be_present) widen(result, b);
    result.may_be_absent = b.may_be_absent;
    return result;
}

// `match`: what is possible over all arms that are.
template <class C>
class Arms {
public:
    constexpr Arms(const ChoiceCell& scrutinee, unsigned arms)
        : there_(scrutinee.there()),
          possible_((arms >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << arms) - 1) &
                    (scrutinee.there() ? scrutinee.may : ~std::uint64_t{0})) {}
    constexpr void arm(unsigned number, const C& arm) {
        if ((possible_ >> number & 1U) == 0) return;
        const bool may_be_absent = arm.may_be_absent || (!first_ && result_.may_be_absent);
        if (first_ || !result_.may_be_present) {
            result_ = arm;
        } else if (arm.may_be_present) {
            widen(result_, arm);
        }
        result_.may_be_absent = may_be_absent;
        first_ = false;
    }
    [[nodiscard]] constexpr C result(C everything) const {
        if (there_) return result_;
        everything.may_be_absent = result_.may_be_absent;
        return everything;
    }

private:
    bool there_, first_ = true;
    std::uint64_t possible_;
    C result_{};
};

// --- rules -----------------------------------------------------------------------------------------------------------

// What the verdict hangs on.
struct Tally {
    std::uint32_t violated = 0, undetermined = 0;

    [[nodiscard]] constexpr Verdict verdict() const {
        if (violated != 0) return Verdict::kViolation;
        return undetermined != 0 ? Verdict::kUndetermined : Verdict::kCompliant;
    }
};

// Outcomes by what is possible: no violation (1), a violation (2), either (3); plus 4 where `when` may hold.
inline constexpr std::array<Outcome, 8> kOutcomes = {
    Outcome::kNotApplicable, Outcome::kNotApplicable, Outcome::kViolated, Outcome::kUndetermined,
    Outcome::kNotApplicable, Outcome::kPass,          Outcome::kViolated, Outcome::kUndetermined};

// The outcome of a rule, exemptions left aside; `bound`: it applies, and nothing excuses the record from it.
template <Severity kSeverity>
[[nodiscard]] constexpr Outcome conclude(Kleene when, Kleene bound, Kleene holds, Tally& tally) {
    const Kleene violated = both(bound, !holds);
    if constexpr (kSeverity == Severity::kError) {
        tally.violated |= violated.yes & ~violated.no;
        tally.undetermined |= violated.yes & violated.no;
    }
    return kOutcomes[violated.no | violated.yes << 1U | when.yes << 2U];
}

[[nodiscard]] constexpr Kleene reached(Nanos now, const RangeCell& at) {
    return possibly(now >= at.low, now < at.high);
}

template <std::size_t kDeadlines>
[[nodiscard]] constexpr Expiration soonest(const std::array<Deadline, kDeadlines>& deadlines) {
    Expiration result;
    Bounds at{kPlusInfinity, kPlusInfinity};
    for (const Deadline& one : deadlines) {
        if (one.applies == Truth::kFalse) continue;
        result.none = false;
        at.earliest = std::min(at.earliest, one.at.earliest);
        // One that only perhaps applies may never come due.
        if (one.applies == Truth::kTrue) at.latest = std::min(at.latest, one.at.latest);
    }
    if (!result.none) result.at = at;
    return result;
}

}  // namespace keywright::inlined::logic
