#include "eval/cells.h"

#include "base/text.h"

#include <algorithm>
#include <bit>

namespace keywright::eval::code {
namespace {

__extension__ typedef unsigned __int128 Address;

constexpr Truth possibly(bool yes, bool no) { return static_cast<Truth>((yes ? 2U : 0U) | (no ? 1U : 0U)); }

// --- one walk along two sorted sets ---------------------------------------------------------------------------------

bool host(const value::Network& n) { return n.prefix == 128 || (n.prefix == 32 && n.family == 4); }
bool host(std::string_view) { return false; }
bool host(std::int64_t) { return false; }

// Elements that two sets have in common, and that only one has; `…_hosts`: those are all single hosts.
struct Comparison {
    bool common = false;
    std::size_t only_a = 0, only_b = 0;
    bool only_a_hosts = true, only_b_hosts = true;
    bool any_host_a = false, any_host_b = false;
};

template <class Set>
Comparison compare(const Set& a, std::size_t a_size, const Set& b, std::size_t b_size) {
    Comparison result;
    std::size_t i = 0, j = 0;
    while (i < a_size || j < b_size) {
        if (j == b_size || (i < a_size && a[i] < b[j])) {
            const bool is_host = host(a[i]);
            ++result.only_a;
            result.only_a_hosts &= is_host;
            result.any_host_a |= is_host;
            ++i;
        } else if (i == a_size || b[j] < a[i]) {
            const bool is_host = host(b[j]);
            ++result.only_b;
            result.only_b_hosts &= is_host;
            result.any_host_b |= is_host;
            ++j;
        } else {
            const bool is_host = host(a[i]);
            result.common = true;
            result.any_host_a |= is_host;
            result.any_host_b |= is_host;
            ++i;
            ++j;
        }
    }
    return result;
}

// A cell of networks, seen apart: the known blocks, and how many entries are masked.
struct Blocks {
    std::span<const value::Network> known;
    std::size_t masked = 0;
    bool listed = false;
    bool single = false;  // exactly one block, known or not

    explicit Blocks(const Cell& cell) : listed(cell.known), single(cell.sort == Sort::kNetwork) {
        if (!listed) return;
        std::size_t n = cell.networks.size();
        while (n > 0 && cell.networks[n - 1].masked) --n;
        known = cell.networks.first(n);
        masked = cell.networks.size() - n;
    }
    [[nodiscard]] bool surely_empty() const { return listed && known.empty() && masked == 0; }
    [[nodiscard]] bool surely_filled() const { return listed ? !surely_empty() : single; }
};

// Compares two sets of one sort; `masked_a`, `masked_b`: their masked entries. Both are listed.
Comparison compare(const Cell& a, const Cell& b, std::size_t& masked_a, std::size_t& masked_b) {
    masked_a = masked_b = 0;
    if (a.sort == Sort::kTexts) return compare(a.texts, a.texts.size(), b.texts, b.texts.size());
    if (a.sort == Sort::kInts) return compare(a.ints, a.ints.size(), b.ints, b.ints.size());
    const Blocks x{a}, y{b};
    masked_a = x.masked;
    masked_b = y.masked;
    return compare(x.known, x.known.size(), y.known, y.known.size());
}

bool surely_empty(const Cell& a) {
    if (!a.known) return false;
    if (a.sort == Sort::kTexts) return a.texts.size() == 0;
    if (a.sort == Sort::kInts) return a.ints.empty();
    return a.networks.empty();
}

// --- address space
// -----------------------------------------------------------------------------------------------------

Address first_address(const value::Network& n) { return (Address{n.high} << 64) | n.low; }

Address last_address(const value::Network& n) {
    const unsigned bits = (n.family == 4 ? 32U : 128U) - n.prefix;
    return first_address(n) | (bits >= 128 ? ~Address{0} : (Address{1} << bits) - 1);
}

// How many addresses of one family are in `a` and not in `b`, or `limit` if that is less. Blocks are nested or apart,
// and sorted by their first address, wider ones first.
std::size_t uncovered(std::span<const value::Network> a, std::span<const value::Network> b, std::uint8_t family,
                      std::size_t limit) {
    std::size_t total = 0;
    std::size_t start = 0;
    Address done = 0;  // addresses of `a` up to here are counted
    bool any_done = false;
    const auto add = [&](Address gap_minus_one) {
        if (gap_minus_one >= limit - total) return false;
        total += static_cast<std::size_t>(gap_minus_one) + 1;
        return total < limit;
    };
    for (const value::Network& block : a) {
        if (block.family != family) continue;
        const Address first = first_address(block), last = last_address(block);
        if (any_done && last <= done) continue;
        any_done = true;
        done = last;
        while (start < b.size() && (b[start].family != family || last_address(b[start]) < first)) ++start;
        Address position = first;
        bool full = false;
        for (std::size_t k = start; k < b.size() && !full && first_address(b[k]) <= last; ++k) {
            if (b[k].family != family || last_address(b[k]) < position) continue;
            if (first_address(b[k]) > position && !add(first_address(b[k]) - position - 1)) return limit;
            if (last_address(b[k]) >= last) {
                full = true;
            } else {
                position = last_address(b[k]) + 1;
            }
        }
        if (!full && !add(last - position)) return limit;
    }
    return total;
}

std::size_t uncovered(std::span<const value::Network> a, std::span<const value::Network> b, std::size_t limit) {
    const std::size_t v4 = uncovered(a, b, 4, limit);
    return v4 >= limit ? limit : v4 + uncovered(a, b, 6, limit - v4);
}

bool covers_everything(std::span<const value::Network> blocks) {
    constexpr value::Network kEverything[] = {{0, 0, 0, 4, false}, {0, 0, 0, 6, false}};
    return uncovered(kEverything, blocks, 1) == 0;
}

bool mixed_families(std::span<const value::Network> blocks) {
    return std::any_of(blocks.begin(), blocks.end(),
                       [&](const value::Network& n) { return n.family != blocks[0].family; });
}

// Some address is in a known block of each: one walk along both, dropping the block that ends before the other begins.
bool known_overlap(std::span<const value::Network> a, std::span<const value::Network> b, std::uint8_t family) {
    std::size_t i = 0, j = 0;
    while (i < a.size() && j < b.size()) {
        if (a[i].family != family) {
            ++i;
        } else if (b[j].family != family) {
            ++j;
        } else if (last_address(a[i]) < first_address(b[j])) {
            ++i;
        } else if (last_address(b[j]) < first_address(a[i])) {
            ++j;
        } else {
            return true;
        }
    }
    return false;
}

bool same_value(const Cell& a, const Cell& b) {
    if (!a.known || !b.known) return false;
    if (a.sort == Sort::kText) return a.text == b.text;
    std::size_t masked_a = 0, masked_b = 0;
    const Comparison c = compare(a, b, masked_a, masked_b);
    return c.only_a == 0 && c.only_b == 0 && masked_a == masked_b;
}

}  // namespace

Truth equal(const Cell& a, const Cell& b) {
    switch (a.sort) {
        case Sort::kTruth:
            if (a.truth == Truth::kUnknown || b.truth == Truth::kUnknown) return Truth::kUnknown;
            return truth_of(a.truth == b.truth);
        case Sort::kRange: {
            const bool one_point = a.low == a.high && b.low == b.high && a.low == b.low;
            return possibly(a.low <= b.high && b.low <= a.high, !one_point);
        }
        case Sort::kChoice: return possibly((a.may & b.may) != 0, std::popcount(a.may | b.may) != 1);
        case Sort::kMembers:
            return possibly(((a.must & ~b.may) | (b.must & ~a.may)) == 0,
                            a.must != a.may || b.must != b.may || a.may != b.may);
        case Sort::kText: return a.known && b.known ? truth_of(a.text == b.text) : Truth::kUnknown;
        case Sort::kNetwork:
        case Sort::kNetworks:
        case Sort::kTexts:
        case Sort::kInts: {
            if (!a.known || !b.known) return Truth::kUnknown;
            std::size_t masked_a = 0, masked_b = 0;
            const Comparison c = compare(a, b, masked_a, masked_b);
            const bool yes = c.only_a <= masked_b && c.only_b <= masked_a && c.only_a_hosts && c.only_b_hosts &&
                             (masked_a == 0 || masked_b > 0 || c.any_host_b) &&
                             (masked_b == 0 || masked_a > 0 || c.any_host_a);
            return possibly(yes, masked_a + masked_b + c.only_a + c.only_b > 0);
        }
        case Sort::kSecret:
        case Sort::kRecord: break;
    }
    return Truth::kUnknown;
}

Truth less(const Cell& a, const Cell& b) { return possibly(a.low < b.high, a.high >= b.low); }

Truth in(const Cell& a, const Cell& b) {
    switch (a.sort) {
        case Sort::kChoice: return possibly((a.may & b.may) != 0, (a.may & ~b.must) != 0);
        case Sort::kRange: {
            if (!b.known) return Truth::kUnknown;
            const auto begin = std::lower_bound(b.ints.begin(), b.ints.end(), a.low,
                                                [](std::int64_t element, Nanos bound) { return element < bound; });
            const auto end = std::upper_bound(begin, b.ints.end(), a.high,
                                              [](Nanos bound, std::int64_t element) { return bound < element; });
            return possibly(begin != end, Nanos{end - begin} < a.high - a.low + 1);
        }
        case Sort::kText: {
            if (surely_empty(b)) return Truth::kFalse;
            if (!a.known || !b.known) return Truth::kUnknown;
            std::size_t low = 0, high = b.texts.size();
            while (low < high) {
                const std::size_t middle = low + (high - low) / 2;
                if (b.texts[middle] < a.text) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return truth_of(low < b.texts.size() && b.texts[low] == a.text);
        }
        case Sort::kNetwork: return share(a, b);
        case Sort::kTruth:
        case Sort::kMembers:
        case Sort::kNetworks:
        case Sort::kTexts:
        case Sort::kInts:
        case Sort::kSecret:
        case Sort::kRecord: break;
    }
    return Truth::kUnknown;
}

Truth share(const Cell& a, const Cell& b) {
    if (a.sort == Sort::kMembers) return possibly((a.may & b.may) != 0, (a.must & b.must) == 0);
    if (surely_empty(a) || surely_empty(b)) return Truth::kFalse;
    if (!a.known || !b.known) return Truth::kUnknown;
    std::size_t masked_a = 0, masked_b = 0;
    const Comparison c = compare(a, b, masked_a, masked_b);
    if (c.common) return Truth::kTrue;
    const bool possible = (masked_a > 0 && (masked_b > 0 || c.any_host_b)) || (masked_b > 0 && c.any_host_a);
    return possibly(possible, true);
}

Truth subset(const Cell& a, const Cell& b) {
    if (a.sort == Sort::kMembers) return possibly((a.must & ~b.may) == 0, (a.may & ~b.must) != 0);
    if (surely_empty(a)) return Truth::kTrue;
    if (!a.known || !b.known) return Truth::kUnknown;
    std::size_t masked_a = 0, masked_b = 0;
    const Comparison c = compare(a, b, masked_a, masked_b);
    const bool yes = c.only_a <= masked_b && c.only_a_hosts && (masked_a == 0 || masked_b > 0 || c.any_host_b);
    return possibly(yes, c.only_a > 0 || masked_a > 0);
}

Truth within(const Cell& a, const Cell& b) {
    const Blocks x{a}, y{b};
    if (x.surely_empty()) return Truth::kTrue;
    if (x.listed && x.masked == 0 && y.listed) {
        // The common case, in one sweep.
        const std::size_t outside = uncovered(x.known, y.known, y.masked + 1);
        return possibly(outside <= y.masked && !y.surely_empty(), outside > 0);
    }
    bool no = !x.listed || x.masked > 0 ? !covers_everything(y.known) : false;
    if (!no) no = uncovered(x.known, y.known, 1) > 0;
    bool yes = true;
    if (x.listed && y.listed) {
        yes = !y.surely_empty() && uncovered(x.known, y.known, y.masked + 1) <= y.masked;
    } else if (x.listed && y.single) {
        yes = !mixed_families(x.known);
    } else if (!x.listed && x.single && y.listed) {
        yes = !y.surely_empty();
    }
    return possibly(yes, no);
}

Truth overlaps(const Cell& a, const Cell& b) {
    const Blocks x{a}, y{b};
    if (x.surely_empty() || y.surely_empty()) return Truth::kFalse;
    if (known_overlap(x.known, y.known, 4) || known_overlap(x.known, y.known, 6)) return Truth::kTrue;
    if (x.listed && y.listed && x.masked == 0 && y.masked == 0) return Truth::kFalse;
    if ((x.surely_filled() && covers_everything(y.known)) || (y.surely_filled() && covers_everything(x.known))) {
        return Truth::kTrue;
    }
    return Truth::kUnknown;
}

void count(const Cell& a, Cell& result) {
    result.sort = Sort::kRange;
    result.low = 0;
    result.high = kPlusInfinity;
    if (a.sort == Sort::kMembers) {
        result.low = std::popcount(a.must);
        result.high = std::popcount(a.may);
    } else if (a.known) {
        if (a.sort == Sort::kNetworks) {
            const Blocks blocks{a};
            const auto known = static_cast<Nanos>(blocks.known.size());
            result.low = known == 0 && blocks.masked > 0 ? 1 : known;
            result.high = known + static_cast<Nanos>(blocks.masked);
        } else {
            result.low = result.high = static_cast<Nanos>(a.sort == Sort::kInts ? a.ints.size() : a.texts.size());
        }
    }
}

void length(const Cell& a, Cell& result) {
    result.sort = Sort::kRange;
    result.low = 0;
    result.high = kPlusInfinity;
    if (a.sort == Sort::kSecret) {
        result.low = a.secret.length_min;
        if (a.secret.length_max != value::SecretFacts::kUnbounded) result.high = a.secret.length_max;
    } else if (a.known) {
        result.low = result.high = static_cast<Nanos>(base::count_scalars(a.text));
    }
}

void widen(Cell& a, const Cell& b) {
    switch (a.sort) {
        case Sort::kTruth:
            a.truth = static_cast<Truth>(static_cast<unsigned>(a.truth) | static_cast<unsigned>(b.truth));
            return;
        case Sort::kRange:
            a.low = std::min(a.low, b.low);
            a.high = std::max(a.high, b.high);
            return;
        case Sort::kChoice: a.may |= b.may; return;
        case Sort::kMembers:
            a.must &= b.must;
            a.may |= b.may;
            return;
        case Sort::kText:
        case Sort::kNetwork:
        case Sort::kNetworks:
        case Sort::kTexts:
        case Sort::kInts: a.known = same_value(a, b); return;
        case Sort::kSecret: {
            const unsigned differ = a.secret.facts ^ unsigned { b.secret.facts };
            const unsigned agreed = a.secret.known & b.secret.known & ~differ;
            a.secret.length_min = std::min(a.secret.length_min, b.secret.length_min);
            a.secret.length_max = std::max(a.secret.length_max, b.secret.length_max);
            a.secret.facts = static_cast<std::uint8_t>(a.secret.facts & agreed);
            a.secret.known = static_cast<std::uint8_t>(agreed);
            return;
        }
        case Sort::kRecord: return;
    }
}

namespace {

struct Fill {
    Cell cell;

    void operator()(bool v) { cell.sort = Sort::kTruth, cell.truth = truth_of(v); }
    void operator()(std::int64_t v) { point(v); }
    void operator()(const std::string& v) { cell.sort = Sort::kText, cell.text = v; }
    void operator()(value::EnumValue v) { cell.sort = Sort::kChoice, cell.may = std::uint64_t{1} << v.index; }
    void operator()(value::EnumSet v) { cell.sort = Sort::kMembers, cell.must = cell.may = v.bits; }
    void operator()(const value::Network& v) { cell.sort = Sort::kNetwork, cell.networks = {&v, 1}; }
    void operator()(const value::NetworkSet& v) { cell.sort = Sort::kNetworks, cell.networks = v; }
    void operator()(const value::TextSet& v) { cell.sort = Sort::kTexts, cell.texts.constant = v; }
    void operator()(const value::IntSet& v) { cell.sort = Sort::kInts, cell.ints = v; }
    void operator()(Instant v) { point(value::to_nanos(v)); }
    void operator()(Duration v) { point(value::to_nanos(v)); }
    void operator()(const value::SecretFacts& v) { cell.sort = Sort::kSecret, cell.secret = v; }

    void point(Nanos v) { cell.sort = Sort::kRange, cell.low = cell.high = v; }
};

std::uint64_t every_value(const ir::Module& module, ir::EnumId id) {
    const std::size_t n = module.enums[id.index()].values.size();
    return n == 0 ? 0 : ~std::uint64_t{0} >> (64 - n);
}

}  // namespace

Cell constant_cell(const value::Value& value) {
    Fill fill;
    fill.cell.known = true;
    std::visit(fill, value);
    return fill.cell;
}

Cell unknown_cell(const ir::Module& module, const ir::Type& type) {
    Cell cell;
    switch (type.kind) {
        case ir::Kind::kBool: cell.sort = Sort::kTruth; break;
        case ir::Kind::kInt:
            cell.sort = Sort::kRange;
            cell.low = type.min;
            cell.high = type.max;
            break;
        case ir::Kind::kInstant:
        case ir::Kind::kDuration: cell.sort = Sort::kRange; break;
        case ir::Kind::kText: cell.sort = Sort::kText; break;
        case ir::Kind::kEnum:
            cell.sort = Sort::kChoice;
            cell.may = every_value(module, type.enumeration);
            break;
        case ir::Kind::kNetwork: cell.sort = Sort::kNetwork; break;
        case ir::Kind::kSecret:
            cell.sort = Sort::kSecret;
            cell.secret = {0, value::SecretFacts::kUnbounded, 0, 0};
            break;
        case ir::Kind::kRecord: cell.sort = Sort::kRecord; break;
        case ir::Kind::kSet:
            if (type.element == ir::Kind::kEnum) {
                cell.sort = Sort::kMembers;
                cell.may = every_value(module, type.enumeration);
            } else {
                cell.sort = type.element == ir::Kind::kNetwork ? Sort::kNetworks
                            : type.element == ir::Kind::kText  ? Sort::kTexts
                                                               : Sort::kInts;
            }
            break;
    }
    return cell;
}

}  // namespace keywright::eval::code
