#include "input/rows_walk.h"

#include "base/text.h"
#include "input/rows_tokens.h"
#include "value/secret.h"
#include "value/time.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <variant>

namespace keywright::input {

using value::Aspect;

namespace {

[[nodiscard]] bool test(const std::vector<std::uint64_t>& bits, std::uint32_t number) {
    return (bits[number / 64] >> (number % 64) & 1U) != 0;
}
void set_bit(std::vector<std::uint64_t>& bits, std::uint32_t number) {
    bits[number / 64] |= std::uint64_t{1} << (number % 64);
}

}  // namespace

RowWalk::RowWalk(const RowPlan::Plan& plan)
    : plan_(plan),
      store_(plan),
      seen_((plan.members.size() + 63) / 64),
      listed_(seen_.size()),
      next_(plan.members.size()),
      first_(plan.objects.size()),
      is_field_(seen_.size()) {
    for (std::uint32_t field = 0; field < plan.fields.size(); ++field) set_bit(is_field_, field);
}

void RowWalk::take(std::string_view text, std::string_view around, const std::uint32_t* tokens, std::size_t count,
                   std::size_t depth) {
    text_ = text.data();
    readable_end_ = around.data() + around.size();
    tokens_ = tokens;
    end_ = tokens + count;
    depth_ = depth;
}

// --- values into columns --------------------------------------------------------------------------------------------

void RowWalk::set_absent(std::uint32_t number) {
    if (store_.column(number).whole) record_->set_absent(number);
}

void RowWalk::set_unknown(std::uint32_t number) {
    Column& column = store_.column(number);
    column.unknown[word_] |= bit_;
    if (column.whole) record_->set_unknown(number);
}

inline void RowWalk::set_text(std::uint32_t number, std::string_view text) {
    Column& column = store_.column(number);
    give(column);
    if (column.blank != nullptr) {
        // A visible first letter settles it.
        const unsigned first = text.empty() ? 0 : static_cast<unsigned char>(text[0]);
        mark(column.blank, !(first > 0x20 && first < 0x7f) && base::is_blank(text));
    }
    if (column.length_min != nullptr) {
        const auto length = static_cast<std::uint32_t>(base::count_scalars(text));
        column.length_min[row_] = column.length_max[row_] = length;
    }
    if (column.whole) record_->set_text(number, text);
}

void RowWalk::set_secret(std::uint32_t number, const value::SecretFacts& facts) {
    Column& column = store_.column(number);
    give(column);
    if (column.length_min != nullptr) {
        column.length_min[row_] = facts.length_min;
        column.length_max[row_] = facts.length_max;
    }
    if (column.known_facts != nullptr) {
        column.known_facts[row_] = facts.known;
        column.facts[row_] = facts.facts;
    }
    if (column.whole) record_->set_secret(number, facts);
}

inline void RowWalk::set_choice(std::uint32_t number, std::uint32_t index) {
    Column& column = store_.column(number);
    give(column);
    if (column.choice != nullptr) column.choice[row_] = static_cast<std::uint8_t>(index);
    if (column.whole) record_->set_enum(number, index);
}

inline void RowWalk::set_number(std::uint32_t number, std::int64_t seconds, std::uint32_t nanoseconds) {
    Column& column = store_.column(number);
    give(column);
    if (column.number != nullptr) column.number[row_] = seconds;
    if (column.nanosecond != nullptr) {
        column.nanosecond[row_] = nanoseconds;
        column.fractional = column.fractional || nanoseconds != 0;
    }
    if (!column.whole) return;
    const ir::Kind kind = plan_.fields[number].kind;
    if (kind == ir::Kind::kInt) {
        record_->set_int(number, seconds);
    } else if (kind == ir::Kind::kInstant) {
        record_->set_instant(number, {seconds, nanoseconds});
    } else {
        record_->set_duration(number, {seconds, nanoseconds});
    }
}

void RowWalk::set_constant(std::uint32_t number, const value::Value& constant) {
    struct Setter {
        RowWalk& walk;
        std::uint32_t number;

        [[nodiscard]] Column& column() const { return walk.store_.column(number); }
        // What the columns hold of it beside its being given is set by whoever asks for more than the record.
        void plain() const {
            walk.give(column());
            if (column().whole) walk.record_->set(number, *value);
        }
        void operator()(bool v) const {
            plain();
            walk.mark(column().truth, v);
        }
        void operator()(std::int64_t v) const { walk.set_number(number, v, 0); }
        void operator()(const std::string& v) const { walk.set_text(number, v); }
        void operator()(value::EnumValue v) const { walk.set_choice(number, v.index); }
        void operator()(value::EnumSet v) const { walk.set_members(number, v.bits); }
        void operator()(const value::Network&) const { plain(); }
        void operator()(const value::NetworkSet& v) const { walk.set_networks(number, v); }
        void operator()(const value::TextSet& v) const {
            plain();
            walk.mark(column().empty, v.empty());
        }
        void operator()(const value::IntSet& v) const {
            plain();
            walk.mark(column().empty, v.empty());
        }
        void operator()(Instant v) const { walk.set_number(number, v.seconds, v.nanoseconds); }
        void operator()(Duration v) const { walk.set_number(number, v.seconds, v.nanoseconds); }
        void operator()(const value::SecretFacts& v) const { walk.set_secret(number, v); }

        const value::Value* value;
    };
    std::visit(Setter{*this, number, &constant}, constant);
}

bool RowWalk::set_missing(std::uint32_t number) {
    const Default& missing = plan_.fields[number].missing;
    switch (missing.meaning) {
        case Default::Meaning::kUnknown: set_unknown(number); return true;
        case Default::Meaning::kAbsent: set_absent(number); return true;
        case Default::Meaning::kValue: set_constant(number, *missing.value); return true;
        case Default::Meaning::kRefused: break;
    }
    return false;
}

// --- a record -------------------------------------------------------------------------------------------------------

std::size_t RowWalk::record(std::size_t first, std::size_t limit, std::size_t row) {
    row_ = row;
    word_ = row / 64;
    bit_ = std::uint64_t{1} << (row % 64);
    limit_ = limit;
    store_.open(row);
    record_ = plan_.whole ? &store_.record(row) : nullptr;
    std::fill(seen_.begin(), seen_.end(), 0);
    any_listed_ = false;
    const std::size_t depth = depth_ + 1;
    if (depth > plan_.depth) return 0;
    const Token behind = object(tokens_ + first, 0, depth);
    if (behind == nullptr || behind[-1] >= limit || !finish()) return 0;
    return static_cast<std::size_t>(behind - tokens_);
}

namespace {

// Eight bytes and more from `begin` are those of the name of `member` and the colon behind it; `size` bytes lie between
// the opening quote and the byte behind the colon. `left`: how many bytes may be read.
[[nodiscard]] inline bool is_spelled(const char* begin, std::size_t size, std::size_t left, const MemberPlan& member) {
    if (size != member.size) return false;
    if (size < 8) return kLowFirst && left >= 8 && (load8(begin) & member.mask) == member.head;
    if (load8(begin) != member.head || load8(begin + size - 8) != member.tail) return false;
    return size <= 16 || std::memcmp(begin + 8, member.spelled.data() + 8, size - 16) == 0;
}

}  // namespace

// `token` is the opening brace, which stands at `depth`. What members of `this` say is kept at hand: the compiler must
// take every write into a column for one into them.
RowWalk::Token RowWalk::object(Token token, std::uint32_t number, std::size_t depth) {
    const char* const text = text_;
    const Token end = end_;
    const MemberPlan* const members = plan_.members.data();
    std::uint32_t* const next = next_.data();
    if (++token >= end) return nullptr;
    if (text[*token] == '}') return token + 1;
    std::uint32_t* guess = &first_[number];
    std::uint64_t seen = 0;  // of the first 64 members
    while (true) {
        // A name, a colon, a value, and what comes behind it.
        if (token + 3 >= end) return nullptr;
        std::uint32_t which = *guess;
        const char* const begin = text + token[0];
        if (!is_spelled(begin, token[1] + 1 - token[0], static_cast<std::size_t>(readable_end_ - begin),
                        members[which])) [[unlikely]] {
            which = member_named(token, number);
            if (which == NameTable::kNone) return nullptr;
            *guess = which;
        }
        guess = next + which;
        const std::uint64_t bit = std::uint64_t{1} << (which % 64);
        if (which < 64) [[likely]] {
            if ((seen & bit) != 0) return nullptr;
            seen |= bit;
        } else {
            std::uint64_t& others = seen_[which / 64];
            if ((others & bit) != 0) return nullptr;
            others |= bit;
        }
        token = member(token + 2, which, members[which], depth);
        if (token == nullptr || token >= end) return nullptr;
        const char behind = text[*token++];
        if (behind == ',') continue;
        if (behind != '}') return nullptr;
        seen_[0] |= seen;
        return token;
    }
}

// The value of a member. What stands in most records most often is read here.
inline RowWalk::Token RowWalk::member(Token token, std::uint32_t number, const MemberPlan& member, std::size_t depth) {
    const char* const begin = text_ + token[0];
    if (*begin == 'n') return null_member(token, number);
    if (member.has_none) [[unlikely]] {
        return value(token, number, member.form, depth);
    }
    switch (member.form) {
        case MemberForm::kText: {
            const char* const end = text_ + token[1] - 1;
            if (*begin != '"' || *end != '"' || end == begin) break;
            const std::string_view raw{begin + 1, static_cast<std::size_t>(end - begin - 1)};
            if (has_escape(raw, roomy(begin + 1, 16))) break;
            set_text(number, raw);
            return token + 1;
        }
        case MemberForm::kInstant: {
            const char* const end = text_ + token[1] - 1;
            Instant instant;
            if (*begin != '"' || *end != '"' || end == begin) break;
            if (!read_plain_instant({begin + 1, static_cast<std::size_t>(end - begin - 1)}, instant)) break;
            set_number(number, instant.seconds, instant.nanoseconds);
            return token + 1;
        }
        case MemberForm::kEnumSet: return enum_set(token, number, depth);
        case MemberForm::kNetworkSet: return network_set(token, number, depth);
        case MemberForm::kSecret: return secret(token, number, depth);
        case MemberForm::kEnum: {
            std::string_view raw;
            if (!string_at(token, raw)) return nullptr;
            const WordsPlan& words = plan_.words[member.words];
            const std::uint32_t found = words.names.find(raw.data(), raw.size(), roomy(raw.data(), 8));
            if (found == NameTable::kNone) return nullptr;
            set_choice(number, static_cast<std::uint32_t>(std::countr_zero(words.bits[found])));
            return token + 1;
        }
        case MemberForm::kBool:
        case MemberForm::kInt:
        case MemberForm::kNetwork:
        case MemberForm::kTextSet:
        case MemberForm::kIntSet:
        case MemberForm::kInstantNumber:
        case MemberForm::kDuration:
        case MemberForm::kDurationNumber:
        case MemberForm::kRecord:
        case MemberForm::kUnknownList:
        case MemberForm::kPassedOver:
        case MemberForm::kNullOnly: break;
    }
    return value(token, number, member.form, depth);
}

// Which member of an object has the name at `token`; kNone where none has.
std::uint32_t RowWalk::member_named(Token token, std::uint32_t object_number) const {
    const ObjectPlan& plan = plan_.objects[object_number];
    std::string_view raw;
    if (at(token + 1) != ':' || !string_at(token, raw)) return NameTable::kNone;
    const std::uint32_t found = plan.names.find(raw.data(), raw.size(), roomy(raw.data(), 8));
    return found == NameTable::kNone ? found : plan.members[found];
}

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

// --- single values --------------------------------------------------------------------------------------------------

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

// --- what is missing, and what is assumed ---------------------------------------------------------------------------

bool RowWalk::finish() {
    for (std::size_t word = 0; word < seen_.size(); ++word) {
        std::uint64_t left = is_field_[word] & ~seen_[word];
        if (!any_listed_) left &= ~plan_.plainly_absent[word];
        while (left != 0) {
            const auto number =
                static_cast<std::uint32_t>(word * 64 + static_cast<std::size_t>(std::countr_zero(left)));
            left &= left - 1;
            if (!missing_field(number)) return false;
        }
        if (any_listed_ && (listed_[word] & seen_[word]) != 0) return false;  // it says something of it all the same
    }
    return plan_.assumptions.empty() || assumptions_hold();
}

// In order of the fields, so that what is known of a nested record comes before its members.
bool RowWalk::missing_field(std::uint32_t number) {
    const FieldPlan& field = plan_.fields[number];
    const bool listed = any_listed_ && test(listed_, number);
    if (field.parent != UINT32_MAX) {
        const Column& parent = store_.column(field.parent);
        if ((parent.unknown[word_] & bit_) != 0) {
            set_unknown(number);
            return true;
        }
        if ((parent.given[word_] & bit_) == 0) {
            set_absent(number);
            return !listed;  // there can't be anything unknown inside what isn't there
        }
    }
    if (listed) {
        set_unknown(number);
        return field.may_be_listed;
    }
    return set_missing(number);
}

bool RowWalk::assumptions_hold() {
    using Kind = AssumedTerm::Kind;
    const auto is_known = [&](const AssumedTerm& term) {
        return term.kind != Kind::kField || (store_.column(term.field).given[word_] & bit_) != 0;
    };
    const auto seconds = [&](const AssumedTerm& term) {
        if (term.kind == Kind::kField) return store_.column(term.field).number[row_];
        return term.kind == Kind::kNow ? now_.seconds : term.number;
    };
    const auto nanoseconds = [&](const AssumedTerm& term) {
        if (term.kind == Kind::kNow) return now_.nanoseconds;
        if (term.kind == Kind::kConstant) return term.nanosecond;
        const std::uint32_t* const parts = store_.column(term.field).nanosecond;
        return parts != nullptr ? parts[row_] : 0;
    };
    for (const auto& [lesser, greater, strict] : plan_.assumptions) {
        if (!is_known(lesser) || !is_known(greater)) continue;
        const std::int64_t a = seconds(lesser), b = seconds(greater);
        if (a < b) [[likely]] {
            continue;
        }
        if (a > b) return false;
        const std::uint32_t a_part = nanoseconds(lesser), b_part = nanoseconds(greater);
        if (strict ? a_part >= b_part : a_part > b_part) return false;
    }
    return true;
}

}  // namespace keywright::input
