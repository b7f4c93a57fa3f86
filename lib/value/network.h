// IPv4 and IPv6 addresses and CIDR blocks, in one canonical form.
//
// Text is read by strict rules, because the loose ones have three meanings (`010.0.0.1` is an error to
// inet_pton, 8.0.0.1 to getaddrinfo, 10.0.0.1 to PostgreSQL): what inet_pton accepts, optionally `/` and a prefix
// length without leading zeros, no zone, no IPv4-mapped or -compatible IPv6 form, no host bits. A masked address
// (`203.**.154`) is an entry that exists and whose value is not known.
#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace keywright::value {

// A block of addresses. Value type, 24 bytes. For IPv4 the address stands in the low 32 bits of `low`.
struct Network {
    std::uint64_t high = 0, low = 0;  // first address, host bits zero
    std::uint8_t prefix = 0;          // 0..32 or 0..128
    std::uint8_t family = 4;          // 4 or 6
    bool masked = false;              // exists, value unknown: the other members mean nothing

    friend constexpr auto operator<=>(const Network&, const Network&) = default;
};

enum class NetworkError : std::uint8_t {
    kSyntax,       // not an address
    kLeadingZero,  // `010.0.0.1`, `/08`
    kZone,         // `fe80::1%eth0`
    kMapped,       // `::ffff:1.2.3.4`, `::1.2.3.4`
    kWhiteSpace,   // ` 1.2.3.4`
    kPrefix,       // `/33`
    kHostBits,     // `10.0.0.1/8`; `suggestion` holds the block meant
};

struct NetworkFailure {
    NetworkError error;
    std::string suggestion;  // the corrected text where there is one, else empty
};

// Reads a network by the rules above, masked forms included where `allow_masked`. Linear in the text.
[[nodiscard]] std::variant<Network, NetworkFailure> parse_network(std::string_view text, bool allow_masked);

// IPv4 within IPv6: ::ffff:0:0/96 and, but for `::` and `::1`, ::/96 (RFC 4291 section 2.5.5). Refused as text.
[[nodiscard]] bool is_mapped(const Network& network);

// Canonical text: RFC 5952 for IPv6, `/prefix` unless it is a single address; `(masked)` for a masked entry.
[[nodiscard]] std::string to_string(const Network& network);

// --- questions about known (not masked) networks; each O(1) unless said otherwise
// ------------------------------------- Every address of `inner` is in `outer`.
[[nodiscard]] bool covers(const Network& outer, const Network& inner);
// Some address is in both.
[[nodiscard]] bool overlaps(const Network& a, const Network& b);
// Every address of `inner` is in some block of `outer` (jointly: 10.0.0.0/9 and 10.128.0.0/9 cover 10.0.0.0/8); masked
// entries of `outer` are passed over. O(n^2), no allocation.
[[nodiscard]] bool covered_by(const Network& inner, std::span<const Network> outer);
// So wide that it restricts nothing: shorter than /8 (IPv4) or /16 (IPv6), or an unspecified address. A masked entry is
// one host, so it isn't open.
[[nodiscard]] bool is_open(const Network& network);
// Wholly inside private-use space: RFC 1918, or RFC 4193 (fc00::/7).
[[nodiscard]] bool is_private(const Network& network);

}  // namespace keywright::value
