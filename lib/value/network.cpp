#include "value/network.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

namespace keywright::value {

namespace {

// IPv4 takes part as the last 32 of 128 bits, so that one arithmetic serves both families.
__extension__ typedef unsigned __int128 Bits;

constexpr std::size_t kLongestAddress = 45;  // INET6_ADDRSTRLEN without the final NUL

[[nodiscard]] constexpr Bits address(const Network& network) { return (Bits{network.high} << 64) | network.low; }

[[nodiscard]] constexpr unsigned width(std::uint8_t family) { return family == 4 ? 32 : 128; }

// The host bits of a block, all set.
[[nodiscard]] constexpr Bits host_mask(unsigned family_width, unsigned prefix) {
    const unsigned host_bits = family_width - prefix;
    return host_bits >= 128 ? ~Bits{0} : (Bits{1} << host_bits) - 1;
}

[[nodiscard]] constexpr Bits last_address(const Network& network) {
    return address(network) | host_mask(width(network.family), network.prefix);
}

[[nodiscard]] Network make(std::uint8_t family, Bits bits, unsigned prefix) {
    Network out;
    out.high = static_cast<std::uint64_t>(bits >> 64);
    out.low = static_cast<std::uint64_t>(bits);
    out.prefix = static_cast<std::uint8_t>(prefix);
    out.family = family;
    return out;
}

[[nodiscard]] constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

[[nodiscard]] constexpr bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

[[nodiscard]] std::string_view trim(std::string_view text) {
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    return text;
}

// One to three digits without a leading zero, at most `most`.
[[nodiscard]] std::optional<unsigned> small_number(std::string_view text, unsigned most) {
    if (text.empty() || text.size() > 3 || (text.size() > 1 && text[0] == '0')) return std::nullopt;
    unsigned number = 0;
    for (const char c : text) {
        if (!is_digit(c)) return std::nullopt;
        number = number * 10 + static_cast<unsigned>(c - '0');
    }
    if (number > most) return std::nullopt;
    return number;
}

// `203.**.154`: the middle is hidden. A lone `*` isn't read as masked: elsewhere it means every address.
[[nodiscard]] bool is_masked_form(std::string_view text) {
    const std::size_t stars = text.find(".**.");
    if (stars == std::string_view::npos) return false;
    return small_number(text.substr(0, stars), 255) && small_number(text.substr(stars + 4), 255);
}

// Four groups of digits, one of which has a leading zero.
[[nodiscard]] bool has_leading_zero(std::string_view text) {
    bool found = false;
    std::size_t groups = 1;
    std::size_t start = 0;
    for (std::size_t i = 0; i <= text.size(); ++i) {
        if (i < text.size() && is_digit(text[i])) continue;
        if (i == start) return false;
        if (i - start > 1 && text[start] == '0') found = true;
        start = i + 1;
        if (i == text.size()) break;
        if (text[i] != '.') return false;
        ++groups;
    }
    return found && groups == 4;
}

[[nodiscard]] std::optional<Network> read_address(std::string_view text) {
    if (text.empty() || text.size() > kLongestAddress || text.find('\0') != std::string_view::npos) return std::nullopt;
    std::array<char, kLongestAddress + 1> terminated{};
    std::copy(text.begin(), text.end(), terminated.begin());
    std::array<unsigned char, 16> bytes{};
    const bool is_v6 = text.find(':') != std::string_view::npos;
    if (inet_pton(is_v6 ? AF_INET6 : AF_INET, terminated.data(), bytes.data()) != 1) return std::nullopt;
    Bits bits = 0;
    const std::size_t size = is_v6 ? 16 : 4;
    for (std::size_t i = 0; i < size; ++i) bits = (bits << 8) | bytes[i];
    return make(is_v6 ? 6 : 4, bits, is_v6 ? 128 : 32);
}

[[nodiscard]] NetworkFailure fail(NetworkError error, std::string suggestion = {}) {
    return {error, std::move(suggestion)};
}

void append_v4(std::string& out, std::uint64_t bits) {
    for (int shift = 24; shift >= 0; shift -= 8) {
        out += std::to_string((bits >> shift) & 0xff);
        if (shift > 0) out += '.';
    }
}

// RFC 5952: lower case, no leading zeros, the first longest run of at least two zero groups as `::`.
void append_v6(std::string& out, Bits bits) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    constexpr std::size_t kGroups = 8;
    std::array<unsigned, kGroups> groups{};
    for (std::size_t i = 0; i < kGroups; ++i)
        groups[i] = static_cast<unsigned>(bits >> (16 * (kGroups - 1 - i))) & 0xffff;
    std::size_t best = kGroups;
    std::size_t best_size = 1;
    for (std::size_t i = 0; i < kGroups; ++i) {
        std::size_t end = i;
        while (end < kGroups && groups[end] == 0) ++end;
        if (end - i > best_size) {
            best = i;
            best_size = end - i;
        }
    }
    bool separate = false;
    for (std::size_t i = 0; i < kGroups; ++i) {
        if (i == best) {
            out += "::";
            i += best_size - 1;
            separate = false;
            continue;
        }
        if (separate) out += ':';
        separate = true;
        bool started = false;
        for (int shift = 12; shift >= 0; shift -= 4) {
            const unsigned digit = (groups[i] >> shift) & 0xf;
            started = started || digit != 0 || shift == 0;
            if (started) out += kDigits[digit];
        }
    }
}

}  // namespace

bool is_mapped(const Network& network) {
    if (network.family != 6 || network.high != 0) return false;
    const std::uint64_t group = network.low >> 32;
    return group == 0xffff || (group == 0 && network.low > 1);
}

std::variant<Network, NetworkFailure> parse_network(std::string_view text, bool allow_masked) {
    // Everything below copies or scans only a bounded piece; the bound leaves room for blanks, a zone and a prefix.
    constexpr std::size_t kLongest = 256;
    if (text.empty() || text.size() > kLongest) return fail(NetworkError::kSyntax);
    if (std::any_of(text.begin(), text.end(), is_blank)) {
        const std::string_view trimmed = trim(text);
        const bool mends = std::holds_alternative<Network>(
            parse_network(trimmed.find_first_of(" \t\n\v\f\r") == std::string_view::npos ? trimmed : std::string_view{},
                          allow_masked));
        return fail(NetworkError::kWhiteSpace, mends ? std::string{trimmed} : std::string{});
    }
    if (allow_masked && is_masked_form(text)) {
        Network out;
        out.masked = true;
        return out;
    }
    const std::size_t slash = text.find('/');
    const std::string_view address_text = text.substr(0, slash);
    if (const std::size_t zone = address_text.find('%'); zone != std::string_view::npos) {
        std::string mended{address_text.substr(0, zone)};
        if (!read_address(mended)) return fail(NetworkError::kSyntax);
        if (slash != std::string_view::npos) mended += text.substr(slash);
        const bool mends = std::holds_alternative<Network>(parse_network(mended, false));
        return fail(NetworkError::kZone, mends ? std::move(mended) : std::string{});
    }
    if (has_leading_zero(address_text)) return fail(NetworkError::kLeadingZero);
    const std::optional<Network> single = read_address(address_text);
    if (!single) return fail(NetworkError::kSyntax);
    if (is_mapped(*single)) {
        std::string v4;
        append_v4(v4, single->low & 0xffffffff);
        return fail(NetworkError::kMapped, slash == std::string_view::npos ? std::move(v4) : std::string{});
    }
    if (slash == std::string_view::npos) return *single;

    const std::string_view prefix_text = text.substr(slash + 1);
    const std::optional<unsigned> prefix = small_number(prefix_text, width(single->family));
    if (!prefix) {
        const bool digits = !prefix_text.empty() && std::all_of(prefix_text.begin(), prefix_text.end(), is_digit);
        if (!digits) return fail(NetworkError::kSyntax);
        const std::size_t significant = prefix_text.find_first_not_of('0');
        if (prefix_text[0] != '0' || prefix_text.size() == 1) return fail(NetworkError::kPrefix);
        const std::string_view shorter = significant == std::string_view::npos ? "0" : prefix_text.substr(significant);
        std::string mended{address_text};
        mended += '/';
        mended += shorter;
        const bool mends = std::holds_alternative<Network>(parse_network(mended, false));
        return fail(NetworkError::kLeadingZero, mends ? std::move(mended) : std::string{});
    }
    const Bits bits = address(*single);
    const Bits block = bits & ~host_mask(width(single->family), *prefix);
    const Network network = make(single->family, block, *prefix);
    if (block != bits) return fail(NetworkError::kHostBits, to_string(network));
    return network;
}

std::string to_string(const Network& network) {
    if (network.masked) return "(masked)";
    std::string out;
    if (network.family == 4) {
        append_v4(out, network.low);
    } else {
        append_v6(out, address(network));
    }
    if (network.prefix != width(network.family)) {
        out += '/';
        out += std::to_string(network.prefix);
    }
    return out;
}

bool covers(const Network& outer, const Network& inner) {
    return outer.family == inner.family && outer.prefix <= inner.prefix && address(outer) <= address(inner) &&
           last_address(inner) <= last_address(outer);
}

bool overlaps(const Network& a, const Network& b) {
    // Two blocks are either apart or one inside the other.
    return covers(a, b) || covers(b, a);
}

bool covered_by(const Network& inner, std::span<const Network> outer) {
    // Walks from the first address of `inner` upwards; each step uses up one block at least.
    const Bits last = last_address(inner);
    Bits next = address(inner);
    while (true) {
        bool found = false;
        Bits reach = 0;
        for (const Network& block : outer) {
            if (block.masked || block.family != inner.family) continue;
            if (address(block) > next || last_address(block) < next) continue;
            reach = found ? std::max(reach, last_address(block)) : last_address(block);
            found = true;
        }
        if (!found) return false;
        if (reach >= last) return true;
        next = reach + 1;
    }
}

bool is_open(const Network& network) {
    if (network.masked) return false;
    const unsigned least = network.family == 4 ? 8 : 16;
    const bool unspecified = address(network) == 0 && network.prefix == width(network.family);
    return network.prefix < least || unspecified;
}

bool is_private(const Network& network) {
    if (network.masked) return false;
    static const std::array<Network, 4> kPrivate = {
        make(4, 0x0a000000, 8),
        make(4, 0xac100000, 12),
        make(4, 0xc0a80000, 16),
        make(6, Bits{0xfc00} << 112, 7),
    };
    return std::any_of(kPrivate.begin(), kPrivate.end(), [&](const Network& block) { return covers(block, network); });
}

}  // namespace keywright::value
