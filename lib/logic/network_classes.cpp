#include "logic/predicate.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>

namespace keywright::logic {
namespace {

using value::Network;
__extension__ typedef unsigned __int128 Address;

struct Block {
    Address first = 0;
    unsigned prefix = 0;
    friend bool operator<(const Block& a, const Block& b) {
        return a.prefix != b.prefix ? a.prefix < b.prefix : a.first < b.first;
    }
};

unsigned width(std::uint8_t family) { return family == 4 ? 32U : 128U; }

Network network_of(std::uint8_t family, Address first, unsigned prefix) {
    Network n;
    n.family = family;
    n.prefix = static_cast<std::uint8_t>(prefix);
    const unsigned host_bits = width(family) - prefix;
    const Address hosts = host_bits >= 128 ? ~Address{0} : (Address{1} << host_bits) - 1;
    first &= ~hosts;
    n.high = family == 4 ? 0 : static_cast<std::uint64_t>(first >> 64);
    n.low = static_cast<std::uint64_t>(first);
    return n;
}

Address address_of(const Network& n) { return (Address{n.high} << 64) | n.low; }

Network parsed(const char* text) { return std::get<Network>(value::parse_network(text, false)); }

// The blocks of one family that differ in relation to the named ones. A block is a beginning of a named address, or it
// branches off such a beginning, or it lies inside a named block; of those that branch off or lie inside together, only
// the prefix length can matter.
class Trie {
public:
    Trie(std::uint8_t family, const std::set<unsigned>& cuts) : family_(family), cuts_(cuts) {}

    void name(const Network& n) {
        if (n.family != family_) return;
        for (unsigned p = 0; p <= n.prefix; ++p) nodes_.insert({address_of(network_of(family_, address_of(n), p)), p});
    }

    void collect(std::size_t members, std::vector<value::Value>& out) const {
        std::set<Block> nodes = nodes_;
        nodes.insert({0, 0});
        for (const Block& node : nodes) {
            add(out, node.first, node.prefix);
            if (node.prefix == width(family_)) continue;
            const Address half = Address{1} << (width(family_) - node.prefix - 1);
            for (const Address first : {node.first, node.first + half}) {
                if (!nodes.contains({first, node.prefix + 1})) below(out, first, node.prefix + 1, members);
            }
        }
    }

private:
    // Blocks of a part that holds no named one: of each stretch of prefix lengths some.
    void below(std::vector<value::Value>& out, Address first, unsigned prefix, std::size_t members) const {
        std::vector<unsigned> starts{prefix};
        for (const unsigned cut : cuts_) {
            if (cut > prefix && cut <= width(family_)) starts.push_back(cut);
        }
        for (std::size_t i = 0; i < starts.size(); ++i) {
            const unsigned last = i + 1 < starts.size() ? starts[i + 1] - 1 : width(family_);
            // Hosts are what people write, so the longest prefix comes first.
            std::size_t found = 0;
            for (unsigned p = last; p + 1 > starts[i] && found < members; --p) {
                const unsigned free_bits = p - prefix;
                const std::size_t tries = members + 3;
                const std::size_t there = free_bits >= 16 ? tries : std::min(tries, std::size_t{1} << free_bits);
                for (std::size_t k = 0; k < there && found < members; ++k) {
                    // Patterns that keep clear of what readers refuse: first the ordinary one, then bits set in front.
                    const Address inside = Address{free_bits > 0 ? (k + 1) % there : 0} << (width(family_) - p);
                    if (add(out, first | inside, p)) {
                        ++found;
                    } else if (free_bits > 0 &&
                               add(out, first | inside | (Address{1} << (width(family_) - prefix - 1)), p)) {
                        ++found;
                    }
                }
                if (p == 0) break;
            }
        }
    }

    bool add(std::vector<value::Value>& out, Address first, unsigned prefix) const {
        const Network n = network_of(family_, first, prefix);
        if (value::is_mapped(n)) return false;  // readers refuse those, so no configuration holds them
        out.emplace_back(n);
        return true;
    }

    std::uint8_t family_;
    const std::set<unsigned>& cuts_;
    std::set<Block> nodes_;
};

}  // namespace

std::vector<value::Value> network_candidates(std::span<const Predicate> predicates, std::size_t members) {
    static const std::array kLikely = {"203.0.113.7", "198.51.100.0/24", "10.0.0.7", "10.0.0.0/8", "0.0.0.0/0",
                                       "2001:db8::7", "2001:db8::/32",   "fd00::7",  "::/0",       "0.0.0.0",
                                       "::"};
    std::vector<value::Value> out;
    for (const char* text : kLikely) out.emplace_back(parsed(text));

    std::vector<Network> named;
    std::set<unsigned> cuts;
    for (const Predicate& p : predicates) {
        switch (p.ask) {
            case Ask::kIs: named.push_back(std::get<Network>(p.value)); break;
            case Ask::kWithin:
            case Ask::kCovers:
            case Ask::kOverlaps:
                for (const Network& n : std::get<value::NetworkSet>(p.value)) named.push_back(n);
                break;
            case Ask::kIsOpen:  // by prefix length, and the unspecified addresses
                cuts.insert({8, 16});
                named.push_back(parsed("0.0.0.0"));
                named.push_back(parsed("::"));
                break;
            case Ask::kIsPrivate:  // RFC 1918, RFC 4193
                for (const char* text : {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"})
                    named.push_back(parsed(text));
                break;
            case Ask::kPrefix:
                if (p.number > 0 && p.number <= 128) cuts.insert(static_cast<unsigned>(p.number));
                break;
            case Ask::kAtLeast:
            case Ask::kStartsWith:
            case Ask::kEndsWith:
            case Ask::kLike:
            case Ask::kIsBlank:
            case Ask::kLength:
            case Ask::kIsIpv6:
            case Ask::kFact: break;
        }
    }
    for (const std::uint8_t family : {std::uint8_t{4}, std::uint8_t{6}}) {
        Trie trie{family, cuts};
        for (const Network& n : named) trie.name(n);
        trie.collect(members, out);
    }
    return out;
}

}  // namespace keywright::logic
