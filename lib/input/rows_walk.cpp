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
    // A guess is always a member of the object at hand: others may have the same name.
    for (std::size_t object = 0; object < plan.objects.size(); ++object) {
        const std::vector<std::uint32_t>& members = plan.objects[object].members;
        for (std::size_t i = 0; i < members.size(); ++i) next_[members[i]] = members[(i + 1) % members.size()];
        if (!members.empty()) first_[object] = members.front();
    }
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
    for (std::uint64_t& word : seen_) word = 0;  // mostly one
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
    if (plan_.objects[number].members.empty()) return nullptr;
    std::uint32_t* guess = &first_[number];
    std::uint64_t seen = 0;  // of the first 64 members
    while (true) {
        // A name, a colon, a value, and what comes behind it.
        if (token + 3 >= end) return nullptr;
        std::uint32_t which = *guess;
        const char* const begin = text + token[0];
        if (!is_spelled(begin, token[1] + 1 - token[0], static_cast<std::size_t>(readable_end_ - begin),
                        members[which])) [[unlikely]] {
            // Where a member is left out, it is the one behind it. The guess stays, as others may hold that member.
            constexpr int kMostLeftOut = 3;
            const std::size_t size = token[1] + 1 - token[0];
            const auto left = static_cast<std::size_t>(readable_end_ - begin);
            int left_out = 0;
            do {
                which = next[which];
            } while (!is_spelled(begin, size, left, members[which]) && ++left_out < kMostLeftOut);
            if (left_out == kMostLeftOut) {
                which = member_named(token, number);
                if (which == NameTable::kNone) return nullptr;
                *guess = which;
            }
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
