#include "check/literals.h"

#include "base/text.h"
#include "value/network.h"
#include "value/time.h"

#include <fmt/format.h>

#include <charconv>

namespace keywright::check {

namespace {

using syntax::Cursor;
using syntax::Kind;

void append_utf8(std::string& out, char32_t c) {
    const auto byte = [](char32_t b) { return static_cast<char>(static_cast<unsigned char>(b)); };
    if (c < 0x80) {
        out += byte(c);
    } else if (c < 0x800) {
        out += byte(0xC0 | (c >> 6));
        out += byte(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        out += byte(0xE0 | (c >> 12));
        out += byte(0x80 | ((c >> 6) & 0x3F));
        out += byte(0x80 | (c & 0x3F));
    } else {
        out += byte(0xF0 | (c >> 18));
        out += byte(0x80 | ((c >> 12) & 0x3F));
        out += byte(0x80 | ((c >> 6) & 0x3F));
        out += byte(0x80 | (c & 0x3F));
    }
}

std::string unescape(std::string_view raw, base::Span span, std::string_view extra, diag::Sink& sink) {
    std::string out;
    for (std::size_t i = 0; i < raw.size(); ++i) {
        if (raw[i] != '\\' || i + 1 == raw.size()) {
            out += raw[i];
            continue;
        }
        const auto begin = static_cast<std::uint32_t>(span.begin + i);
        const char c = raw[++i];
        if (c == '"' || c == '\\' || extra.find(c) != std::string_view::npos) {
            out += c;
        } else if (c == 'n') {
            out += '\n';
        } else if (c == 't') {
            out += '\t';
        } else if (c == 'u' && i + 1 < raw.size() && raw[i + 1] == '{') {
            const std::size_t close = raw.find('}', i);
            std::uint32_t scalar = 0;
            const char* first = raw.data() + i + 2;
            const char* last = raw.data() + (close == std::string_view::npos ? i + 2 : close);
            const auto read = std::from_chars(first, last, scalar, 16);
            const bool fits = read.ec == std::errc{} && read.ptr == last && first != last && scalar <= 0x10FFFF &&
                              !(scalar >= 0xD800 && scalar < 0xE000);
            if (!fits) {
                const auto end = static_cast<std::uint32_t>(
                    span.begin + std::min(raw.size(), close == std::string_view::npos ? i + 1 : close + 1));
                sink.report(diag::Code::kBadEscape, {span.file, begin, end}, "not a Unicode scalar value",
                            "this escape")
                    .help("write `\\u{…}` with one to six hexadecimal digits up to 10FFFF, no surrogates");
            } else {
                append_utf8(out, scalar);
            }
            if (close == std::string_view::npos) continue;
            i = close;
        } else {
            std::size_t size = i;
            static_cast<void>(base::next_scalar(raw, size));
            sink.report(diag::Code::kBadEscape, {span.file, begin, static_cast<std::uint32_t>(span.begin + size)},
                        fmt::format("unknown escape `\\{}`", base::printable(raw.substr(i, size - i))), "this escape")
                .help(extra.empty() ? "there are `\\\"`, `\\\\`, `\\n`, `\\t` and `\\u{…}`"
                                    : "there are `\\\"`, `\\\\`, `\\{`, `\\n`, `\\t` and `\\u{…}`");
            i = size - 1;
        }
    }
    return out;
}

std::optional<std::int64_t> integer_of(std::string_view digits, bool negative) {
    std::string text = negative ? "-" : "";
    for (const char c : digits) {
        if (c != '_') text += c;
    }
    std::int64_t out = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), out);
    if (read.ec != std::errc{} || read.ptr != text.data() + text.size()) return {};
    return out;
}

std::string_view reason(value::TimeError error) {
    switch (error) {
        case value::TimeError::kSyntax: return "it is not an RFC 3339 date and time";
        case value::TimeError::kMissingOffset: return "it has no offset from UTC";
        case value::TimeError::kImpossibleDate: return "there is no such day";
        case value::TimeError::kImpossibleTime: return "there is no such time of day";
        case value::TimeError::kLeapSecond: return "there can be no leap second then";
        case value::TimeError::kRange: return "it lies outside the years 1970 to 9999";
        case value::TimeError::kPrecision: return "it is finer than a nanosecond";
        case value::TimeError::kUnit: return "its unit is not the declared one";
        case value::TimeError::kInexact: return "years and months have no exact length";
    }
    return {};
}

std::string_view reason(value::NetworkError error) {
    switch (error) {
        case value::NetworkError::kSyntax: return "it is neither an address nor a block";
        case value::NetworkError::kLeadingZero: return "a number has a leading zero, which some readers take for octal";
        case value::NetworkError::kZone: return "it names a zone";
        case value::NetworkError::kMapped: return "it is an IPv4 address written as IPv6";
        case value::NetworkError::kWhiteSpace: return "it holds white space";
        case value::NetworkError::kPrefix: return "its prefix length does not fit";
        case value::NetworkError::kHostBits: return "it has bits set behind its prefix";
    }
    return {};
}

}  // namespace

std::string string_literal(Cursor token, diag::Sink& sink) {
    std::string_view raw = token.text();
    base::Span span = token.span();
    raw = raw.substr(1, raw.size() - 2);
    span.begin += 1;
    return unescape(raw, span, {}, sink);
}

std::string template_text(Cursor token, diag::Sink& sink) { return unescape(token.text(), token.span(), "{}", sink); }

std::optional<TypedValue> literal_value(Cursor literal, bool allow_masked, diag::Sink& sink) {
    bool negative = false;
    for (const Cursor token : literal) {
        switch (token.kind()) {
            case Kind::kPunctuation: negative = true; break;
            case Kind::kWord: return TypedValue{token.text() == "true", {.kind = ir::Kind::kBool}};
            case Kind::kText: return TypedValue{string_literal(token, sink), {.kind = ir::Kind::kText}};
            case Kind::kInstant: {
                const auto read = value::read_instant(token.text());
                if (const auto* instant = std::get_if<Instant>(&read))
                    return TypedValue{*instant, {.kind = ir::Kind::kInstant}};
                sink.report(diag::Code::kBadInstant, token.span(),
                            fmt::format("`{}` is not an instant: {}", token.text(),
                                        reason(std::get<value::TimeError>(read))),
                            "here")
                    .help("write it like `2026-01-31T00:00:00Z`");
                return {};
            }
            case Kind::kNetwork: {
                const auto read = value::parse_network(token.text(), allow_masked);
                if (const auto* network = std::get_if<value::Network>(&read))
                    return TypedValue{*network, {.kind = ir::Kind::kNetwork}};
                const auto& failure = std::get<value::NetworkFailure>(read);
                const bool masked = token.text().find('*') != std::string_view::npos;
                auto diagnostic = sink.report(
                    diag::Code::kBadNetwork, token.span(),
                    masked && !allow_masked
                        ? fmt::format("`{}` is a masked address, which only a record can have", token.text())
                        : fmt::format("`{}` is not a network: {}", token.text(), reason(failure.error)),
                    "here");
                if (!failure.suggestion.empty())
                    diagnostic.help(fmt::format("did you mean `{}`?", failure.suggestion))
                        .fix(token.span(), failure.suggestion);
                return {};
            }
            case Kind::kInteger: {
                const auto number = integer_of(token.text(), negative);
                if (!number) {
                    sink.report(diag::Code::kBadNumber, literal.span(), "the number does not fit in 64 bits", "here");
                    return {};
                }
                const std::string_view unit = literal.token(Kind::kWord);
                if (unit.empty()) return TypedValue{*number, {.kind = ir::Kind::kInt, .min = *number, .max = *number}};
                const value::Nanos nanos = value::Nanos{*number} * *value::unit_nanos(unit);
                // A bound far above any real policy keeps every sum inside 128 bits and every duration inside 64 bits
                // of seconds.
                constexpr value::Nanos kLimit = value::Nanos{10'000} * 366 * 86'400 * value::kNanosPerSecond;
                if (nanos > kLimit || nanos < -kLimit) {
                    sink.report(diag::Code::kBadDuration, literal.span(),
                                "the duration is longer than ten thousand years", "here");
                    return {};
                }
                return TypedValue{value::to_duration(nanos), {.kind = ir::Kind::kDuration}};
            }
            default: break;
        }
    }
    return {};
}

}  // namespace keywright::check
