// The walk over rows: values that stand for themselves.
#include "input/rows_tokens.h"
#include "input/rows_walk.h"
#include "value/secret.h"
#include "value/time.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <variant>

namespace keywright::input {

RowWalk::Token RowWalk::null_member(Token token, std::uint32_t number) {
    const MemberForm form = plan_.members[number].form;
    if (!literal_at(token, "null")) return nullptr;
    if (form == MemberForm::kNullOnly || form == MemberForm::kPassedOver) return token + 1;
    if (form == MemberForm::kUnknownList) return nullptr;
    const FieldPlan& field = plan_.fields[number];
    if (field.null_is_missing) return set_missing(number) ? token + 1 : nullptr;
    if (!field.optional) return nullptr;
    set_absent(number);
    return token + 1;
}

RowWalk::Token RowWalk::value(Token token, std::uint32_t number, MemberForm form, std::size_t depth) {
    if (form == MemberForm::kUnknownList) return depth < plan_.depth ? unknown_list(token) : nullptr;
    if (form == MemberForm::kPassedOver) return pass_over(token, depth);
    if (form == MemberForm::kNullOnly) return nullptr;
    const FieldPlan& field = plan_.fields[number];
    if (plan_.members[number].has_none) [[unlikely]] {
        bool given_up = false;
        const Token behind = stands_for_none(token, field, given_up);
        if (given_up) return nullptr;
        if (behind != nullptr) {
            if (at(token) == '[' && depth >= plan_.depth) return nullptr;
            if (field.optional) {
                set_absent(number);
                return behind;
            }
            elements_ = 0;
            return field.kind == ir::Kind::kSet && finish_set(number, form) ? behind : nullptr;
        }
    }
    std::string_view raw;
    switch (form) {
        case MemberForm::kBool: {
            const bool holds = at(token) == 't';
            if (!literal_at(token, holds ? "true" : "false")) return nullptr;
            Column& column = store_.column(number);
            give(column);
            mark(column.truth, holds);
            if (column.whole) record_->set_bool(number, holds);
            return token + 1;
        }
        case MemberForm::kInt: {
            std::int64_t integer = 0;
            if (!integer_at(token, integer) || integer < field.min || integer > field.max) return nullptr;
            set_number(number, integer, 0);
            return token + 1;
        }
        case MemberForm::kText: return text_value(token, number);
        case MemberForm::kEnum: {
            if (!string_at(token, raw)) return nullptr;
            const WordsPlan& words = plan_.words[field.words];
            const std::uint32_t found = words.names.find(raw.data(), raw.size(), roomy(raw.data(), 8));
            if (found == NameTable::kNone) return nullptr;
            set_choice(number, static_cast<std::uint32_t>(std::countr_zero(words.bits[found])));
            return token + 1;
        }
        case MemberForm::kNetwork: {
            value::Network network;
            if (!string_at(token, raw) || !network_of(raw, network)) return nullptr;
            Column& column = store_.column(number);
            give(column);
            if (column.whole) record_->set_network(number, network);
            return token + 1;
        }
        case MemberForm::kEnumSet: return enum_set(token, number, depth);
        case MemberForm::kNetworkSet: return network_set(token, number, depth);
        case MemberForm::kTextSet:
        case MemberForm::kIntSet: return set(token, number, form, depth);
        case MemberForm::kInstant: {
            Instant instant;
            if (!string_at(token, raw)) return nullptr;
            if (!read_plain_instant(raw, instant)) {
                const auto read = value::read_instant(raw);  // an escape is a mistake to it
                const auto* known = std::get_if<Instant>(&read);
                if (known == nullptr) return nullptr;
                instant = *known;
            }
            set_number(number, instant.seconds, instant.nanoseconds);
            return token + 1;
        }
        case MemberForm::kDuration: {
            if (!string_at(token, raw)) return nullptr;
            const auto read = value::read_duration(raw);
            const auto* known = std::get_if<Duration>(&read);
            if (known == nullptr) return nullptr;
            set_number(number, known->seconds, known->nanoseconds);
            return token + 1;
        }
        case MemberForm::kInstantNumber: {
            std::int64_t count = 0;
            const Token behind = time_number(token, field, count);
            return behind != nullptr && instant_number(count, field, number) ? behind : nullptr;
        }
        case MemberForm::kDurationNumber: {
            std::int64_t count = 0;
            const Token behind = time_number(token, field, count);
            return behind != nullptr && duration_number(count, field, number) ? behind : nullptr;
        }
        case MemberForm::kSecret: return secret(token, number, depth);
        case MemberForm::kRecord: {
            if (at(token) != '{' || depth >= plan_.depth) return nullptr;
            Column& column = store_.column(number);
            give(column);
            if (column.whole) record_->set_present(number);
            return object(token, plan_.members[number].object, depth + 1);
        }
        case MemberForm::kUnknownList:
        case MemberForm::kPassedOver:
        case MemberForm::kNullOnly: break;
    }
    return nullptr;
}

RowWalk::Token RowWalk::text_value(Token token, std::uint32_t number) {
    std::string_view raw;
    if (!string_at(token, raw)) return nullptr;
    if (!has_escape(raw)) [[likely]] {
        set_text(number, raw);
        return token + 1;
    }
    unescaped_.clear();
    unescaped_.reserve(raw.size());
    if (!unescape(raw, unescaped_)) return nullptr;
    set_text(number, unescaped_);
    return token + 1;
}

RowWalk::Token RowWalk::secret(Token token, std::uint32_t number, std::size_t depth) {
    const char first = at(token);
    if (first == '{') {
        constexpr std::string_view kUndisclosed = R"({"$secret":{}})";
        constexpr std::size_t kTokens = 6, kLevels = 2;
        if (depth + kLevels > plan_.depth) return nullptr;
        const char* const begin = text_ + *token;
        value::SecretFacts facts = value::undisclosed_secret();
        if (roomy(begin, kUndisclosed.size()) && token + kTokens < end_ &&
            std::memcmp(begin, kUndisclosed.data(), kUndisclosed.size()) == 0) {
            token += kTokens;
        } else {
            token = secret_facts(token, facts);
            if (token == nullptr) return nullptr;
        }
        set_secret(number, facts);
        return token;
    }
    std::string_view raw;
    if (!string_at(token, raw)) return nullptr;
    if (!has_escape(raw)) {
        set_secret(number, value::facts_of(raw));
        return token + 1;
    }
    unescaped_.clear();
    unescaped_.reserve(raw.size());
    const bool right = unescape(raw, unescaped_);
    if (right) set_secret(number, value::facts_of(unescaped_));
    wipe(unescaped_);
    return right ? token + 1 : nullptr;
}

// `{"$secret":{…}}` as the strict reader takes it.
RowWalk::Token RowWalk::secret_facts(Token token, value::SecretFacts& out) const {
    struct Fact {
        std::string_view name;
        value::SecretFact bit;
        bool takes_room;  // at least one character of its own
    };
    static constexpr Fact kFacts[] = {
        {"has_space", value::SecretFact::kHasSpace, true},   {"has_digit", value::SecretFact::kHasDigit, true},
        {"has_upper", value::SecretFact::kHasUpper, true},   {"has_lower", value::SecretFact::kHasLower, true},
        {"has_symbol", value::SecretFact::kHasSymbol, true}, {"is_masked", value::SecretFact::kIsMasked, false},
    };
    constexpr std::size_t kOpening = 4;  // `{`, the name, `:`, `{`
    std::string_view raw;
    if (token + kOpening >= end_ || at(token + 2) != ':' || at(token + 3) != '{') return nullptr;
    if (!string_at(token + 1, raw) || raw != "$secret") return nullptr;
    token += kOpening;
    std::uint32_t rooms = 0;
    bool length_given = false;
    if (at(token) == '}') {
        ++token;
    } else {
        while (true) {
            if (token + 3 >= end_ || at(token + 1) != ':' || !string_at(token, raw)) return nullptr;
            if (raw == "length") {
                std::int64_t length = 0;
                if (length_given || !integer_at(token + 2, length)) return nullptr;
                if (length < 0 || length >= value::SecretFacts::kUnbounded) return nullptr;
                length_given = true;
                out.length_min = out.length_max = static_cast<std::uint32_t>(length);
            } else {
                const auto* const fact =
                    std::find_if(std::begin(kFacts), std::end(kFacts), [&](const Fact& f) { return f.name == raw; });
                if (fact == std::end(kFacts)) return nullptr;
                const auto bit = static_cast<std::uint8_t>(fact->bit);
                if ((out.known & bit) != 0) return nullptr;
                const bool holds = at(token + 2) == 't';
                if (!literal_at(token + 2, holds ? "true" : "false")) return nullptr;
                out.known = static_cast<std::uint8_t>(out.known | bit);
                if (holds) {
                    out.facts = static_cast<std::uint8_t>(out.facts | bit);
                    rooms += fact->takes_room ? 1 : 0;
                }
            }
            const char behind = at(token + 3);
            token += 4;
            if (behind == ',') continue;
            if (behind != '}') return nullptr;
            break;
        }
    }
    if (token >= end_ || at(token) != '}') return nullptr;
    const std::uint32_t least = std::max<std::uint32_t>(rooms, 1);
    if (!length_given) {
        out.length_min = least;
    } else if (out.facts != 0 && out.length_max < least) {
        return nullptr;
    }
    return token + 1;
}

RowWalk::Token RowWalk::time_number(Token token, const FieldPlan& field, std::int64_t& out) const {
    if (!field.unit_as_text) return integer_at(token, out) ? token + 1 : nullptr;
    std::string_view raw;
    if (!string_at(token, raw)) return nullptr;
    const char* end = nullptr;
    const char* const limit = raw.data() + raw.size();
    return read_plain_integer(raw.data(), limit, out, end) && end == limit ? token + 1 : nullptr;
}

bool RowWalk::instant_number(std::int64_t number, const FieldPlan& field, std::uint32_t to) {
    const auto unit =
        field.unit == ir::TimeUnit::kMilliseconds ? value::EpochUnit::kMilliseconds : value::EpochUnit::kSeconds;
    const auto read = value::read_epoch(number, unit);
    const auto* instant = std::get_if<Instant>(&read);
    if (instant == nullptr) return false;
    set_number(to, instant->seconds, instant->nanoseconds);
    return true;
}

bool RowWalk::duration_number(std::int64_t number, const FieldPlan& field, std::uint32_t to) {
    if (number < 0) return false;
    const value::Nanos nanos = value::Nanos{number} * field.unit_nanos;
    if (nanos / value::kNanosPerSecond > std::numeric_limits<std::int64_t>::max()) return false;
    const Duration duration = value::to_duration(nanos);
    set_number(to, duration.seconds, duration.nanoseconds);
    return true;
}

}  // namespace keywright::input
