#include "analysis/class_words.h"

#include "base/text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdint>

namespace keywright::analysis {

using logic::Ask;
using logic::Predicate;

namespace {

std::string quoted_value(const value::Value& v) {
    if (const auto* text = std::get_if<std::string>(&v)) return fmt::format("\"{}\"", base::printable(*text, 60));
    if (const auto* network = std::get_if<value::Network>(&v)) return value::to_string(*network);
    if (const auto* networks = std::get_if<value::NetworkSet>(&v)) {
        std::vector<std::string> all;
        for (const value::Network& n : *networks) all.push_back(value::to_string(n));
        return fmt::format("{{{}}}", fmt::join(all, ", "));
    }
    if (const auto* number = std::get_if<std::int64_t>(&v)) return std::to_string(*number);
    return {};
}

std::string fact_in_words(std::int64_t fact, bool truth) {
    const char* what = "characters outside ASCII";
    switch (static_cast<value::SecretFact>(fact)) {
        case value::SecretFact::kHasSpace: what = "white space"; break;
        case value::SecretFact::kHasDigit: what = "a digit"; break;
        case value::SecretFact::kHasUpper: what = "an upper-case letter"; break;
        case value::SecretFact::kHasLower: what = "a lower-case letter"; break;
        case value::SecretFact::kHasSymbol: what = "a symbol"; break;
        case value::SecretFact::kHasOther: break;
        case value::SecretFact::kIsMasked: return truth ? "masked" : "not masked";
    }
    return fmt::format("{} {}", truth ? "with" : "without", what);
}

}  // namespace

std::string class_in_words(const std::vector<Predicate>& predicates, const std::vector<bool>& truth) {
    for (std::size_t i = 0; i < predicates.size(); ++i) {
        if (predicates[i].ask == Ask::kIs && truth[i]) return quoted_value(predicates[i].value);
    }
    std::vector<std::string> words;
    std::int64_t least = INT64_MIN, below = INT64_MAX;
    for (std::size_t i = 0; i < predicates.size(); ++i) {
        const Predicate& p = predicates[i];
        const bool yes = truth[i];
        const char* no = yes ? "" : "not ";
        switch (p.ask) {
            case Ask::kIs: words.push_back(fmt::format("not {}", quoted_value(p.value))); break;
            case Ask::kAtLeast:
            case Ask::kLength:
            case Ask::kPrefix:
                if (yes) least = std::max(least, p.number);
                if (!yes) below = std::min(below, p.number);
                break;
            case Ask::kStartsWith: words.push_back(fmt::format("{}starting with {}", no, quoted_value(p.value))); break;
            case Ask::kEndsWith: words.push_back(fmt::format("{}ending with {}", no, quoted_value(p.value))); break;
            case Ask::kLike: words.push_back(fmt::format("{}like {}", no, quoted_value(p.value))); break;
            case Ask::kIsBlank: words.emplace_back(yes ? "blank" : "not blank"); break;
            case Ask::kWithin: words.push_back(fmt::format("{}inside {}", no, quoted_value(p.value))); break;
            case Ask::kCovers: words.push_back(fmt::format("{}holding all of {}", no, quoted_value(p.value))); break;
            case Ask::kOverlaps: words.push_back(fmt::format("{}overlapping {}", no, quoted_value(p.value))); break;
            case Ask::kIsOpen: words.emplace_back(yes ? "open to almost anyone" : "not open"); break;
            case Ask::kIsPrivate: words.emplace_back(yes ? "private" : "not private"); break;
            case Ask::kIsIpv6: words.emplace_back(yes ? "IPv6" : "IPv4"); break;
            case Ask::kFact: words.push_back(fact_in_words(p.number, yes)); break;
        }
    }
    if (least != INT64_MIN || below != INT64_MAX) {
        const bool length = std::ranges::any_of(predicates, [](const Predicate& p) { return p.ask == Ask::kLength; });
        const bool prefix = std::ranges::any_of(predicates, [](const Predicate& p) { return p.ask == Ask::kPrefix; });
        const std::string unit = length ? " characters" : "";
        const std::string front = prefix ? "prefix length " : "";
        if (least != INT64_MIN && below != INT64_MAX)
            words.push_back(fmt::format("{}{} to {}{}", front, least, below - 1, unit));
        else if (least != INT64_MIN)
            words.push_back(fmt::format("{}at least {}{}", front, least, unit));
        else
            words.push_back(fmt::format("{}at most {}{}", front, below - 1, unit));
    }
    return fmt::format("{}", fmt::join(words, ", "));
}

}  // namespace keywright::analysis
