// Values of a record, read from text that is already unescaped, by the rules of the product's reader.
#pragma once

#include "judgement.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

namespace validators {

enum Member : std::uint8_t {
    kId,
    kName,
    kUsage,
    kApp,
    kPermissions,
    kIpAllowlist,
    kPassphrase,
    kPassphraseKnown,
    kApiSecret,
    kCreatedAt,
    kLastUsedAt,
    kVerification,
    kUnknownList,
    kMembers
};
inline constexpr std::string_view kMemberNames[kMembers] = {
    "id",          "name",         "usage",        "app",
    "permissions", "ip_allowlist", "passphrase",   "passphrase_known",
    "api_secret",  "created_at",   "last_used_at", "verification",
    "$unknown"};

// kMembers where there is no such member. The length and one letter tell them apart.
inline Member member_of(std::string_view name) {
    Member guess = kMembers;
    switch (name.size()) {
        case 2: guess = kId; break;
        case 3: guess = kApp; break;
        case 4: guess = kName; break;
        case 5: guess = kUsage; break;
        case 8: guess = kUnknownList; break;
        case 10: guess = name[0] == 'p' ? kPassphrase : name[0] == 'a' ? kApiSecret : kCreatedAt; break;
        case 11: guess = kPermissions; break;
        case 12: guess = name[0] == 'i' ? kIpAllowlist : name[0] == 'l' ? kLastUsedAt : kVerification; break;
        case 16: guess = kPassphraseKnown; break;
        default: return kMembers;
    }
    return kMemberNames[guess] == name ? guess : kMembers;
}

// The bit of a word, 0 where it is none. The first letter tells them apart.
inline std::uint8_t permission_of(std::string_view word) {
    if (word.empty()) return 0;
    const auto is = [&](std::string_view name, std::uint8_t bit) { return word == name ? bit : std::uint8_t{0}; };
    switch (word[0]) {
        case 'g': return is("general", kGeneral);
        case 's': return is("spot", kSpot);
        case 'm': return is("margin", kMargin);
        case 'f': return is("futures", kFutures);
        case 'e': return is("earn", kEarn);
        case 't': return is("transfer", kTransfer);
        case 'w': return is("withdrawal", kWithdrawal);
        default: return 0;
    }
}
inline std::uint8_t proof_of(std::string_view word) {
    if (word == "trading_password") return kTradingPassword;
    if (word == "email_code") return kEmailCode;
    if (word == "totp") return kTotp;
    return word == "sms_code" ? std::uint8_t{kSmsCode} : std::uint8_t{0};
}

// Nothing but white space of Unicode, or empty. The text is valid UTF-8.
inline bool is_blank(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c == ' ' || (c >= 9 && c <= 13)) {
            ++i;
            continue;
        }
        const std::string_view rest = text.substr(i);
        if (rest.starts_with("\xc2\x85") || rest.starts_with("\xc2\xa0")) {
            i += 2;
            continue;
        }
        const auto last = static_cast<unsigned char>(rest.size() > 2 ? rest[2] : 0);
        const bool blank =
            rest.starts_with("\xe1\x9a\x80") || rest.starts_with("\xe3\x80\x80") || rest.starts_with("\xe2\x81\x9f") ||
            (rest.starts_with("\xe2\x80") && (last <= 0x8a || last == 0xa8 || last == 0xa9 || last == 0xaf));
        if (!blank) return false;
        i += 3;
    }
    return true;
}

// `203.**.154`, three stars in a row, or nothing but stars.
inline bool is_masked(std::string_view secret) {
    return !secret.empty() &&
           (secret.find("***") != std::string_view::npos || secret.find_first_not_of('*') == std::string_view::npos);
}

// --- networks --------------------------------------------------------------------------------------------------------
struct Network {
    std::array<unsigned char, 16> address{};
    std::uint8_t prefix = 0, family = 0;  // family 0: masked, one host that isn't known
    friend bool operator==(const Network&, const Network&) = default;
};

// A number of at most three digits without leading zeros; moves `at` behind it. Above `most`: no number.
inline std::optional<unsigned> small_number(const char*& at, const char* end, unsigned most) {
    const char* p = at;
    unsigned number = 0;
    while (p != end && p - at < 3 && *p >= '0' && *p <= '9') number = number * 10 + static_cast<unsigned>(*p++ - '0');
    if (p == at || (p - at > 1 && *at == '0') || number > most) return std::nullopt;
    at = p;
    return number;
}

inline std::optional<Network> read_network(std::string_view text) {
    Network out;
    const char* at = text.data();
    const char* const end = at + text.size();
    unsigned bits = 32;
    if (text.find(':') == std::string_view::npos) {
        for (std::size_t i = 0; i < 4; ++i) {
            if (i > 0 && (at == end || *at++ != '.')) return std::nullopt;
            if (i == 1 && end - at > 3 && at[0] == '*' && at[1] == '*' && at[2] == '.') {
                at += 3;
                if (!small_number(at, end, 255) || at != end) return std::nullopt;
                return Network{};
            }
            const auto number = small_number(at, end, 255);
            if (!number) return std::nullopt;
            out.address[i] = static_cast<unsigned char>(*number);
        }
        out.family = 4;
    } else {
        std::array<char, 46> copy{};
        const std::size_t size = std::min(text.find('/'), text.size());
        if (size >= copy.size() || text.find('\0') != std::string_view::npos) return std::nullopt;
        std::copy_n(text.begin(), size, copy.begin());
        if (inet_pton(AF_INET6, copy.data(), out.address.data()) != 1) return std::nullopt;
        at += size;
        out.family = 6;
        bits = 128;
        // IPv4 within IPv6 is refused, all but `::` and `::1`.
        if (std::all_of(out.address.begin(), out.address.begin() + 10, [](unsigned char c) { return c == 0; })) {
            const bool mapped = out.address[10] == 0xff && out.address[11] == 0xff;
            const bool compatible = out.address[10] == 0 && out.address[11] == 0;
            const bool low =
                out.address[12] == 0 && out.address[13] == 0 && out.address[14] == 0 && out.address[15] <= 1;
            if (mapped || (compatible && !low)) return std::nullopt;
        }
    }
    out.prefix = static_cast<std::uint8_t>(bits);
    if (at == end) return out;
    if (*at++ != '/') return std::nullopt;
    const auto prefix = small_number(at, end, bits);
    if (!prefix || at != end) return std::nullopt;
    out.prefix = static_cast<std::uint8_t>(*prefix);
    for (unsigned bit = *prefix; bit < bits; ++bit) {
        if ((out.address[bit / 8] >> (7 - bit % 8) & 1) != 0) return std::nullopt;  // bits of a host
    }
    return out;
}

inline bool is_open(const Network& network) {
    if (network.family == 0) return false;
    if (network.prefix < (network.family == 4 ? 8 : 16)) return true;
    return network.prefix == (network.family == 4 ? 32 : 128) &&
           std::all_of(network.address.begin(), network.address.end(), [](unsigned char c) { return c == 0; });
}

// --- instants --------------------------------------------------------------------------------------------------------
struct Instant {
    std::int64_t second = 0;
    std::uint32_t nanosecond = 0;
    friend auto operator<=>(const Instant&, const Instant&) = default;
};

constexpr std::int64_t days_before(std::int64_t year, std::int64_t month, std::int64_t day) {
    const std::int64_t march_year = month <= 2 ? year - 1 : year;
    const std::int64_t of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    return march_year * 365 + march_year / 4 - march_year / 100 + march_year / 400 + of_year - 719'468;
}
constexpr std::int64_t days_in(std::int64_t year, std::int64_t month) {
    if (month == 2) return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

// RFC 3339 with an offset, years 1970 to 9999, at most nine digits of a fraction.
inline std::optional<Instant> read_instant(std::string_view text) {
    if (text.size() < 20) return std::nullopt;
    const auto digits = [&](std::size_t at, std::size_t count) {
        std::int64_t number = 0;
        for (std::size_t i = at; i < at + count; ++i) {
            if (text[i] < '0' || text[i] > '9') return std::int64_t{-1};
            number = number * 10 + (text[i] - '0');
        }
        return number;
    };
    const auto is = [&](std::size_t at, char a, char b) { return text[at] == a || text[at] == b; };
    const std::int64_t year = digits(0, 4), month = digits(5, 2), day = digits(8, 2), hour = digits(11, 2),
                       minute = digits(14, 2), second = digits(17, 2);
    if (year < 0 || month < 1 || month > 12 || day < 1 || day > days_in(year, month) || hour < 0 || hour > 23 ||
        minute < 0 || minute > 59 || second < 0 || second > 60 || !is(4, '-', '-') || !is(7, '-', '-') ||
        !is(10, 'T', 't') || !is(13, ':', ':') || !is(16, ':', ':'))
        return std::nullopt;
    std::size_t at = 19;
    std::uint32_t nanosecond = 0;
    if (text[at] == '.') {
        std::uint32_t unit = 100'000'000;
        const std::size_t first = ++at;
        for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, unit /= 10)
            nanosecond += static_cast<std::uint32_t>(text[at] - '0') * unit;
        if (at == first || at - first > 9) return std::nullopt;
    }
    std::int64_t offset = 0;
    if (at + 1 == text.size() && is(at, 'Z', 'z')) {
    } else if (at + 6 == text.size() && is(at, '+', '-') && text[at + 3] == ':') {
        const std::int64_t hours = digits(at + 1, 2), minutes = digits(at + 4, 2);
        if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return std::nullopt;
        offset = (hours * 60 + minutes) * (text[at] == '-' ? -60 : 60);
    } else {
        return std::nullopt;
    }
    const std::int64_t days = days_before(year, month, day);
    const std::int64_t at_second = days * 86'400 + hour * 3'600 + minute * 60 + second - offset;
    if (second == 60) {  // a leap second ends a half-year in UTC
        if (at_second % 86'400 != 0) return std::nullopt;
        const std::int64_t next = at_second / 86'400;
        bool fits = false;
        for (std::int64_t y = year - 1; y <= year + 1; ++y)
            fits = fits || next == days_before(y, 1, 1) || next == days_before(y, 7, 1);
        if (!fits) return std::nullopt;
    }
    if (at_second < 0 || at_second > 253'402'300'799) return std::nullopt;
    return Instant{at_second, nanosecond};
}

// Where the last use may lie, both ends included.
struct Span {
    Instant earliest, latest;
};

inline constexpr std::int64_t kDay = 86'400;

// Thirty and twenty-three days after a time that lies in the span, judged at `now`.
inline Idle idle_since(const Span& span, Instant now) {
    const auto come = [&](std::int64_t days) {
        const auto over = [&](Instant since) { return Instant{since.second + days * kDay, since.nanosecond} <= now; };
        return Truth{over(span.earliest) ? 1U : 0U, over(span.latest) ? 0U : 1U};
    };
    return {come(30), come(23)};
}

// What is known of one instant of a record.
struct When {
    enum State : std::uint8_t { kGiven, kAbsent, kUnknown } state = kUnknown;
    Instant at{};
};

// `last_used_at else created_at else now`, under created <= used <= now.
inline Span last_activity(const When& created, const When& used, Instant now) {
    constexpr Instant kFirst{0, 0};
    if (used.state == When::kGiven) return {used.at, used.at};
    Span without{now, now};  // if it was never used
    if (created.state == When::kGiven) without = {created.at, created.at};
    if (created.state == When::kUnknown) without = {kFirst, now};
    if (used.state == When::kAbsent) return without;
    const Span used_then{created.state == When::kGiven ? created.at : kFirst, now};
    return {std::min(without.earliest, used_then.earliest), std::max(without.latest, used_then.latest)};
}

}  // namespace validators
