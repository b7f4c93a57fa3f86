// The operators that inlined headers call, against those of the compiled evaluator, cell by cell.
#include "eval/cells.h"
#include "keywright/inlined.h"
#include "support/dice.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <deque>
#include <string>
#include <vector>

using namespace keywright;
using namespace keywright::test;
namespace logic = inlined::logic;

namespace {

// One value as both have it. What the cells point to lives in the pool.
template <class C>
struct Both {
    eval::code::Cell theirs;
    C ours;
};

struct Pool {
    std::deque<std::vector<value::Network>> networks;
    std::deque<std::vector<inlined::Network>> our_networks;
    std::deque<std::vector<std::string>> texts;
    std::deque<std::vector<std::string_view>> views;
    std::deque<std::vector<std::int64_t>> ints;

    void clear() { *this = {}; }
};

int bits(logic::Kleene t) { return static_cast<int>(logic::to_truth(t)); }
int bits(eval::Truth t) { return static_cast<int>(t); }

value::Network random_network(Dice& dice) {
    value::Network n;
    if (dice.chance(15)) {
        n.masked = true;
        return n;
    }
    // Few addresses, at both ends of the space, so that blocks nest, touch and cover everything together.
    n.family = dice.chance(60) ? 4 : 6;
    const unsigned width = n.family == 4 ? 32 : 128;
    static constexpr unsigned kBack[] = {0, 0, 0, 1, 1, 2, 30, 31, 32};
    const unsigned back = std::min(width, kBack[dice.below(9)]);
    n.prefix = static_cast<std::uint8_t>(width - back);
    if (n.family == 6 && dice.chance(30)) n.prefix = static_cast<std::uint8_t>(dice.below(3));
    const std::uint64_t low = dice.chance(50) ? dice.below(4) : ~std::uint64_t{0} - dice.below(4);
    const inlined::Network made = n.family == 4
                                      ? inlined::Network::ipv4(static_cast<std::uint32_t>(low), n.prefix)
                                      : inlined::Network::ipv6(dice.chance(50) ? 0 : ~std::uint64_t{0}, low, n.prefix);
    n.high = made.high();
    n.low = made.low();
    return n;
}

inlined::Network to_ours(const value::Network& n) {
    if (n.masked) return inlined::Network::hidden();
    if (n.family == 4) return inlined::Network::ipv4(static_cast<std::uint32_t>(n.low), n.prefix);
    return inlined::Network::ipv6(n.high, n.low, n.prefix);
}

class Random {
public:
    explicit Random(std::uint64_t seed) : dice(seed) {}

    Both<logic::RangeCell> range() {
        eval::Nanos ends[2];
        for (eval::Nanos& end : ends) {
            end = static_cast<eval::Nanos>(dice.below(9)) - 4;
            if (dice.chance(10)) end *= eval::Nanos{1} << (60 + dice.below(60));
            if (dice.chance(5)) end = dice.chance(50) ? eval::kMinusInfinity : eval::kPlusInfinity;
        }
        if (dice.chance(40)) ends[1] = ends[0];
        if (ends[0] > ends[1]) std::swap(ends[0], ends[1]);
        Both<logic::RangeCell> both;
        both.theirs.sort = eval::code::Sort::kRange;
        both.theirs.low = both.ours.low = ends[0];
        both.theirs.high = both.ours.high = ends[1];
        return both;
    }
    Both<logic::ChoiceCell> choice() {
        Both<logic::ChoiceCell> both;
        both.theirs.sort = eval::code::Sort::kChoice;
        both.theirs.may = both.ours.may = 1 + dice.below(7);
        return both;
    }
    Both<logic::MembersCell> members() {
        Both<logic::MembersCell> both;
        both.theirs.sort = eval::code::Sort::kMembers;
        both.theirs.may = both.ours.may = dice.below(8);
        both.theirs.must = both.ours.must = dice.chance(50) ? both.theirs.may : dice.below(8) & both.theirs.may;
        return both;
    }
    Both<logic::NetworkCell> network() {
        Both<logic::NetworkCell> both;
        both.theirs.sort = eval::code::Sort::kNetwork;
        both.theirs.known = both.ours.known = dice.chance(80);
        if (!both.ours.known) return both;
        const auto& list = pool.networks.emplace_back(std::vector{random_network(dice)});
        both.theirs.networks = list;
        both.ours.network = to_ours(list[0]);
        return both;
    }
    Both<logic::SetCell<inlined::Network>> networks() {
        Both<logic::SetCell<inlined::Network>> both;
        both.theirs.sort = eval::code::Sort::kNetworks;
        both.theirs.known = both.ours.known = dice.chance(85);
        if (!both.ours.known) return both;
        auto& list = pool.networks.emplace_back();
        auto& ours = pool.our_networks.emplace_back();
        for (std::size_t n = dice.below(5); n > 0; --n)
            ours.push_back(to_ours(list.emplace_back(random_network(dice))));
        std::sort(list.begin(), list.end(), [](const value::Network& a, const value::Network& b) {
            return a.masked != b.masked ? b.masked : a < b;
        });
        list.erase(std::unique(list.begin(), list.end(),
                               [](const value::Network& a, const value::Network& b) { return !a.masked && a == b; }),
                   list.end());
        both.theirs.networks = list;
        both.ours.elements = inlined::Set<inlined::Network>::of(ours).elements();
        CHECK(both.ours.elements.size() == list.size());
        return both;
    }
    Both<logic::TextCell> text() {
        Both<logic::TextCell> both;
        both.theirs.sort = eval::code::Sort::kText;
        both.theirs.known = both.ours.known = dice.chance(80);
        static const std::vector<std::string_view> kTexts{"", "a", "b", "ab"};
        if (both.ours.known) both.theirs.text = both.ours.text = dice.pick(kTexts);
        return both;
    }
    Both<logic::SetCell<std::string_view>> texts() {
        Both<logic::SetCell<std::string_view>> both;
        both.theirs.sort = eval::code::Sort::kTexts;
        both.theirs.known = both.ours.known = dice.chance(85);
        if (!both.ours.known) return both;
        static const std::vector<std::string> kTexts{"", "a", "b", "ab"};
        auto& list = pool.texts.emplace_back();
        for (const std::string& one : kTexts) {
            if (dice.chance(50)) list.push_back(one);
        }
        std::sort(list.begin(), list.end());
        auto& views = pool.views.emplace_back(list.begin(), list.end());
        both.theirs.texts.constant = list;
        both.ours.elements = views;
        return both;
    }
    Both<logic::SetCell<std::int64_t>> ints() {
        Both<logic::SetCell<std::int64_t>> both;
        both.theirs.sort = eval::code::Sort::kInts;
        both.theirs.known = both.ours.known = dice.chance(85);
        if (!both.ours.known) return both;
        auto& list = pool.ints.emplace_back();
        for (std::int64_t n = -4; n < 5; ++n) {
            if (dice.chance(40)) list.push_back(n);
        }
        both.theirs.ints = both.ours.elements = list;
        return both;
    }
    Both<logic::SecretCell> secret() {
        Both<logic::SecretCell> both;
        both.theirs.sort = eval::code::Sort::kSecret;
        value::SecretFacts& s = both.theirs.secret;
        s.length_min = static_cast<std::uint32_t>(dice.below(4));
        s.length_max = dice.chance(30) ? value::SecretFacts::kUnbounded : s.length_min + (dice.chance(30) ? 1U : 0U);
        s.known = static_cast<std::uint8_t>(dice.below(128));
        s.facts = static_cast<std::uint8_t>(dice.below(128) & s.known);
        both.ours.secret = {s.length_min, s.length_max, s.known, s.facts};
        return both;
    }
    Both<logic::TruthCell> truth() {
        Both<logic::TruthCell> both;
        both.theirs.sort = eval::code::Sort::kTruth;
        both.theirs.truth = static_cast<eval::Truth>(1 + dice.below(3));
        const auto t = static_cast<unsigned>(both.theirs.truth);
        both.ours.truth = {t & 1U, t >> 1U};
        return both;
    }

    Dice dice;
    Pool pool;
};

constexpr int kPairs = 20'000;

// Asks both the same of `kPairs` pairs, and sees to it that every answer that comes out does so for both.
template <class MakeA, class MakeB, class Theirs, class Ours>
void compare(const char* what, MakeA make_a, MakeB make_b, Theirs theirs, Ours ours) {
    Random random{42};
    int answers[4] = {}, wrong = 0;
    for (int i = 0; i < kPairs; ++i) {
        if (i % 256 == 0) random.pool.clear();
        const auto a = make_a(random);
        const auto b = make_b(random);
        const int expected = bits(theirs(a.theirs, b.theirs));
        ++answers[expected];
        if (bits(ours(a.ours, b.ours)) != expected) ++wrong;
    }
    CAPTURE(what);
    CHECK(wrong == 0);
    for (int answer = 1; answer < 4; ++answer) {
        CAPTURE(answer);
        CHECK(answers[answer] > kPairs / 1000);
    }
}

#define ASK(a, b, theirs, ours)                                                                       \
    compare(                                                                                          \
        #ours " of " #a " and " #b, [](Random& r) { return r.a(); }, [](Random& r) { return r.b(); }, \
        [](const auto& x, const auto& y) { return eval::code::theirs(x, y); },                        \
        [](const auto& x, const auto& y) { return logic::ours(x, y); })

// `widen`, as the answer whether both leave the same possible.
template <class Make, class Same>
void compare_widened(Make make, Same same) {
    Random random{7};
    for (int i = 0; i < kPairs; ++i) {
        if (i % 256 == 0) random.pool.clear();
        auto a = make(random);
        const auto b = make(random);
        eval::code::widen(a.theirs, b.theirs);
        logic::widen(a.ours, b.ours);
        if (!same(a)) FAIL("widened otherwise, pair " << i);
    }
}

}  // namespace

TEST_CASE("inlined questions answer as the evaluator's do") {
    ASK(range, range, equal, equal);
    ASK(choice, choice, equal, equal);
    ASK(members, members, equal, equal);
    ASK(text, text, equal, equal);
    ASK(truth, truth, equal, equal);
    ASK(network, network, equal, equal);
    ASK(networks, networks, equal, equal);
    ASK(texts, texts, equal, equal);
    ASK(ints, ints, equal, equal);
    ASK(range, range, less, less);
    ASK(choice, members, in, in);
    ASK(range, ints, in, in);
    ASK(text, texts, in, in);
    ASK(network, networks, in, in);
    ASK(members, members, share, share);
    ASK(networks, networks, share, share);
    ASK(texts, texts, share, share);
    ASK(ints, ints, share, share);
    ASK(members, members, subset, subset);
    ASK(networks, networks, subset, subset);
    ASK(texts, texts, subset, subset);
    ASK(ints, ints, subset, subset);
    ASK(network, network, within, within);
    ASK(network, networks, within, within);
    ASK(networks, network, within, within);
    ASK(networks, networks, within, within);
    ASK(network, network, overlaps, overlaps);
    ASK(network, networks, overlaps, overlaps);
    ASK(networks, network, overlaps, overlaps);
    ASK(networks, networks, overlaps, overlaps);
}

TEST_CASE("what is possible of two values is what the evaluator makes of them") {
    const auto lists = [](const auto& a) { return a.theirs.known == a.ours.known; };
    compare_widened([](Random& r) { return r.range(); },
                    [](const auto& a) { return a.theirs.low == a.ours.low && a.theirs.high == a.ours.high; });
    compare_widened([](Random& r) { return r.choice(); }, [](const auto& a) { return a.theirs.may == a.ours.may; });
    compare_widened([](Random& r) { return r.members(); },
                    [](const auto& a) { return a.theirs.may == a.ours.may && a.theirs.must == a.ours.must; });
    compare_widened([](Random& r) { return r.truth(); },
                    [](const auto& a) { return bits(a.theirs.truth) == bits(a.ours.truth); });
    compare_widened([](Random& r) { return r.secret(); },
                    [](const auto& a) {
                        const value::SecretFacts& s = a.theirs.secret;
                        const inlined::Secret& o = a.ours.secret;
                        return s.length_min == o.length_min && s.length_max == o.length_max && s.known == o.known &&
                               s.facts == o.facts;
                    });
    compare_widened([](Random& r) { return r.text(); }, lists);
    compare_widened([](Random& r) { return r.network(); }, lists);
    compare_widened([](Random& r) { return r.networks(); }, lists);
    compare_widened([](Random& r) { return r.texts(); }, lists);
    compare_widened([](Random& r) { return r.ints(); }, lists);
}

TEST_CASE("inlined counts, lengths and sums are the evaluator's") {
    Random random{5};
    const auto same = [](const logic::RangeCell& ours, const eval::code::Cell& theirs) {
        return ours.low == theirs.low && ours.high == theirs.high;
    };
    int wrong = 0;
    for (int i = 0; i < kPairs; ++i) {
        if (i % 256 == 0) random.pool.clear();
        eval::code::Cell result;
        const auto count = [&](const auto& a) {
            eval::code::count(a.theirs, result);
            if (!same(logic::count(a.ours), result)) ++wrong;
        };
        count(random.members());
        count(random.networks());
        count(random.texts());
        count(random.ints());
        const auto length = [&](const auto& a) {
            eval::code::length(a.theirs, result);
            if (!same(logic::length(a.ours), result)) ++wrong;
        };
        length(random.text());
        length(random.secret());
        const auto a = random.range(), b = random.range();
        const eval::code::Range x{a.ours.low, a.ours.high}, y{b.ours.low, b.ours.high};
        const logic::RangeCell sum = logic::add(a.ours, b.ours), rest = logic::subtract(a.ours, b.ours);
        if (sum.low != add(x, y).low || sum.high != add(x, y).high) ++wrong;
        if (rest.low != subtract(x, y).low || rest.high != subtract(x, y).high) ++wrong;
    }
    CHECK(wrong == 0);
}
