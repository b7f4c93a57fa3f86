#include "emit/literals.h"

#include "eval/decision.h"

#include <fmt/format.h>

#include <limits>

namespace keywright::emit {

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (byte < 0x20 || byte >= 0x7f || c == '?') {
            // Three digits, which nothing that follows can lengthen; `?` too, on account of trigraphs.
            out += '\\';
            for (int shift = 6; shift >= 0; shift -= 3) out += static_cast<char>('0' + ((byte >> shift) & 7));
        } else {
            out += c;
        }
    }
    return out + '"';
}

std::string view(std::string_view text) { return fmt::format("std::string_view{{{}, {}}}", quoted(text), text.size()); }

std::string in_comment(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool plain = c >= 0x20 && c < 0x7f && c != '\\' && c != '?';
        out += plain ? c : '.';
    }
    return out;
}

std::string literal(std::int64_t number) {
    // The least of all has no literal of its own.
    if (number == std::numeric_limits<std::int64_t>::min()) return "INT64_MIN";
    return fmt::format("std::int64_t{{{}}}", number);
}

std::string literal(std::uint64_t number) { return fmt::format("0x{:x}U", number); }

std::string nanos(value::Nanos number) {
    if (number == eval::kMinusInfinity) return "inlined::kMinusInfinity";
    if (number == eval::kPlusInfinity) return "inlined::kPlusInfinity";
    if (number > std::numeric_limits<std::int64_t>::min() && number <= std::numeric_limits<std::int64_t>::max()) {
        return fmt::format("inlined::Nanos{{{}}}", static_cast<std::int64_t>(number));
    }
    const auto high = static_cast<std::int64_t>(number >> 64);
    return fmt::format("logic::wide({}, {})", literal(high), literal(static_cast<std::uint64_t>(number)));
}

std::string network(const value::Network& network) {
    if (network.masked) return "inlined::Network::hidden()";
    if (network.family == 4) {
        return fmt::format("inlined::Network::ipv4(0x{:08x}U, {})", network.low, network.prefix);
    }
    return fmt::format("inlined::Network::ipv6({}, {}, {})", literal(network.high), literal(network.low),
                       network.prefix);
}

}  // namespace keywright::emit
