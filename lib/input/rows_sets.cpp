// The walk through arrays: sets, the list of unknown fields, and values that are passed over.
#include "input/rows_tokens.h"
#include "input/rows_walk.h"

#include <algorithm>

namespace keywright::input {

namespace {

// Beyond so many, doubles are looked for by sorting.
constexpr std::size_t kFew = 8;

[[nodiscard]] std::string_view trim(std::string_view text) {
    constexpr std::string_view kBlanks = " \t\n\v\f\r";
    const std::size_t begin = text.find_first_not_of(kBlanks);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

template <class T>
[[nodiscard]] bool has_doubles_sorted(std::vector<T>& values) {
    std::sort(values.begin(), values.end());
    return std::adjacent_find(values.begin(), values.end()) != values.end();
}

}  // namespace

// The commonest kinds of sets have loops of their own, which hand over to `set` where there is anything special.
RowWalk::Token RowWalk::enum_set(Token token, std::uint32_t number, std::size_t depth) {
    if (at(token) != '[' || depth >= plan_.depth) return set(token, number, MemberForm::kEnumSet, depth);
    const FieldPlan& field = plan_.fields[number];
    const WordsPlan& words = plan_.words[field.words];
    std::uint64_t seen = 0, bits = 0;
    std::size_t elements = 0;
    if (++token >= end_) return nullptr;
    if (at(token) == ']') {
        ++token;
    } else {
        while (true) {
            // The element, what comes behind it, and the end of the record.
            std::string_view raw;
            if (token + 2 >= end_ || !string_at(token, raw)) return nullptr;
            const std::uint32_t found = words.names.find(raw.data(), raw.size(), roomy(raw.data(), 8));
            if (found == NameTable::kNone) return nullptr;
            // By their spelling: two native names may stand for one value.
            const std::uint64_t bit = std::uint64_t{1} << found;
            if ((seen & bit) != 0) return nullptr;
            seen |= bit;
            bits |= words.bits[found];
            ++elements;
            const char behind = at(token + 1);
            token += 2;
            if (behind == ',') continue;
            if (behind != ']') return nullptr;
            break;
        }
    }
    if (elements > plan_.set_elements) return nullptr;
    set_members(number, bits);
    return token;
}

RowWalk::Token RowWalk::network_set(Token token, std::uint32_t number, std::size_t depth) {
    if (at(token) != '[' || depth >= plan_.depth) return set(token, number, MemberForm::kNetworkSet, depth);
    networks_.clear();
    if (++token >= end_) return nullptr;
    if (at(token) == ']') {
        ++token;
    } else {
        while (true) {
            std::string_view raw;
            if (token + 2 >= end_ || !string_at(token, raw)) return nullptr;
            if (!network_of(raw, networks_.emplace_back())) return nullptr;
            const char behind = at(token + 1);
            token += 2;
            if (behind == ',') continue;
            if (behind != ']') return nullptr;
            break;
        }
    }
    elements_ = networks_.size();
    return finish_set(number, MemberForm::kNetworkSet) ? token : nullptr;
}

// `token` begins the value of a set.
RowWalk::Token RowWalk::set(Token token, std::uint32_t number, MemberForm form, std::size_t depth) {
    const FieldPlan& field = plan_.fields[number];
    elements_ = 0;
    words_seen_ = bits_ = 0;
    networks_.clear();
    integers_.clear();
    texts_.clear();
    std::string_view raw;
    if (at(token) != '[') {
        if (!field.split || !string_at(token, raw) || has_escape(raw) || !pieces(raw, field, form)) return nullptr;
        return finish_set(number, form) ? token + 1 : nullptr;
    }
    if (depth >= plan_.depth) return nullptr;
    const Token opening = token++;
    if (token >= end_) return nullptr;
    if (at(token) == ']') return finish_set(number, form) ? token + 1 : nullptr;
    bool escaped = false;
    while (true) {
        // The element, what comes behind it, and the end of the record.
        if (token + 2 >= end_) return nullptr;
        if (form == MemberForm::kIntSet) {
            std::int64_t integer = 0;
            if (!integer_at(token, integer) || integer < field.min || integer > field.max) return nullptr;
            integers_.push_back(integer);
            ++elements_;
        } else {
            if (!string_at(token, raw)) return nullptr;
            if (form == MemberForm::kTextSet) {
                escaped = escaped || has_escape(raw);
                texts_.push_back(raw);
                ++elements_;
            } else if (!element(raw, field, form)) {
                return nullptr;
            }
        }
        const char behind = at(token + 1);
        token += 2;
        if (behind == ',') continue;
        if (behind != ']') return nullptr;
        break;
    }
    if (escaped) {
        unescaped_.clear();
        unescaped_.reserve(token[-1] - *opening);  // so that it never moves
        for (std::string_view& text : texts_) {
            const std::size_t begin = unescaped_.size();
            if (!unescape(text, unescaped_)) return nullptr;
            text = std::string_view{unescaped_}.substr(begin);
        }
    }
    return finish_set(number, form) ? token : nullptr;
}

bool RowWalk::element(std::string_view raw, const FieldPlan& field, MemberForm form) {
    ++elements_;
    if (form == MemberForm::kNetworkSet) {
        value::Network network;
        if (!network_of(raw, network)) return false;
        networks_.push_back(network);
        return true;
    }
    const WordsPlan& words = plan_.words[field.words];
    const std::uint32_t found = words.names.find(raw.data(), raw.size(), roomy(raw.data(), 8));
    if (found == NameTable::kNone) return false;
    // By their spelling: two native names may stand for one value.
    const std::uint64_t bit = std::uint64_t{1} << found;
    if ((words_seen_ & bit) != 0) return false;
    words_seen_ |= bit;
    bits_ |= words.bits[found];
    return true;
}

// The elements of a text that is split.
bool RowWalk::pieces(std::string_view raw, const FieldPlan& field, MemberForm form) {
    std::size_t begin = 0;
    while (true) {
        const std::size_t end = field.separator.empty() ? std::string_view::npos : raw.find(field.separator, begin);
        const std::string_view piece = trim(raw.substr(begin, end == std::string_view::npos ? end : end - begin));
        if (piece.empty()) return false;
        if (form == MemberForm::kTextSet) {
            texts_.push_back(piece);
            ++elements_;
        } else if (form == MemberForm::kIntSet) {
            std::int64_t integer = 0;
            const char* stop = nullptr;
            const char* const limit = piece.data() + piece.size();
            if (!read_plain_integer(piece.data(), limit, integer, stop) || stop != limit) return false;
            if (integer < field.min || integer > field.max) return false;
            integers_.push_back(integer);
            ++elements_;
        } else if (!element(piece, field, form)) {
            return false;
        }
        if (elements_ > plan_.set_elements) return false;
        if (end == std::string_view::npos) return true;
        begin = end + field.separator.size();
    }
}

// The elements that were gathered, into the column. False where one of them stands there twice, or there are too many.
bool RowWalk::finish_set(std::uint32_t number, MemberForm form) {
    if (elements_ > plan_.set_elements) return false;
    if (elements_ == 0) {
        bits_ = 0;
        networks_.clear();
        integers_.clear();
        texts_.clear();
    }
    Column& column = store_.column(number);
    switch (form) {
        case MemberForm::kEnumSet: set_members(number, bits_); return true;
        case MemberForm::kNetworkSet: {
            const auto same = [](const value::Network& a, const value::Network& b) {
                return !a.masked && !b.masked && a == b;  // two masked addresses may be two hosts
            };
            if (networks_.size() <= kFew) {
                for (std::size_t i = 1; i < networks_.size(); ++i) {
                    for (std::size_t j = 0; j < i; ++j) {
                        if (same(networks_[i], networks_[j])) return false;
                    }
                }
            } else {
                sorted_networks_ = networks_;
                std::sort(sorted_networks_.begin(), sorted_networks_.end());
                if (std::adjacent_find(sorted_networks_.begin(), sorted_networks_.end(), same) !=
                    sorted_networks_.end()) {
                    return false;
                }
            }
            set_networks(number, networks_);
            return true;
        }
        case MemberForm::kIntSet:
            if (has_doubles_sorted(integers_)) return false;
            give(column);
            mark(column.empty, integers_.empty());
            if (column.whole) record_->set_int_set(number, integers_);
            return true;
        case MemberForm::kTextSet:
            if (has_doubles_sorted(texts_)) return false;
            give(column);
            mark(column.empty, texts_.empty());
            if (column.whole) record_->set_text_set(number, texts_);
            return true;
        case MemberForm::kBool:
        case MemberForm::kInt:
        case MemberForm::kText:
        case MemberForm::kEnum:
        case MemberForm::kNetwork:
        case MemberForm::kInstant:
        case MemberForm::kInstantNumber:
        case MemberForm::kDuration:
        case MemberForm::kDurationNumber:
        case MemberForm::kSecret:
        case MemberForm::kRecord:
        case MemberForm::kUnknownList:
        case MemberForm::kPassedOver:
        case MemberForm::kNullOnly: break;
    }
    return false;
}

// Where the value is one of the texts that stand for nothing, or a list of just one of them, the token behind it; where
// it isn't, 0. A text with escapes is given up on, since it isn't compared as it stands.
RowWalk::Token RowWalk::stands_for_none(Token token, const FieldPlan& field, bool& given_up) const {
    Token behind = token + 1;
    if (at(token) == '[') {
        if (token + 3 >= end_ || at(token + 2) != ']') return nullptr;
        ++token;
        behind = token + 2;
    }
    std::string_view text;
    if (at(token) == '"') {
        given_up = !string_at(token, text) || has_escape(text);
        if (given_up) return nullptr;
        if (field.split) text = trim(text);
    } else {
        std::int64_t integer = 0;
        if (!integer_at(token, integer)) return nullptr;
        // Its plain spelling is the only one that is taken.
        const char* const begin = text_ + *token;
        const char* end = begin + 1;
        while (end < text_ + token[1] && static_cast<unsigned char>(*end - '0') <= 9) ++end;
        text = {begin, static_cast<std::size_t>(end - begin)};
    }
    return std::find(field.none.begin(), field.none.end(), text) != field.none.end() ? behind : nullptr;
}

RowWalk::Token RowWalk::unknown_list(Token token) {
    if (at(token) != '[') return nullptr;
    any_listed_ = true;
    std::fill(listed_.begin(), listed_.end(), 0);
    if (++token >= end_) return nullptr;
    if (at(token) == ']') return token + 1;
    while (true) {
        std::string_view raw;
        if (token + 2 >= end_ || !string_at(token, raw)) return nullptr;
        const std::uint32_t field = plan_.field_names.find(raw.data(), raw.size(), roomy(raw.data(), 8));
        if (field == NameTable::kNone) return nullptr;
        std::uint64_t& listed = listed_[field / 64];
        const std::uint64_t bit = std::uint64_t{1} << (field % 64);
        if ((listed & bit) != 0) return nullptr;
        listed |= bit;
        const char behind = at(token + 1);
        token += 2;
        if (behind == ',') continue;
        return behind == ']' ? token : nullptr;
    }
}

// Any value, which is checked and nothing else; it stands in an object at `depth`. Objects of more than a few members
// are left to the strict reader, which finds doubles by sorting, and so is what is nested very deeply.
RowWalk::Token RowWalk::pass_over(Token token, std::size_t depth) {
    constexpr std::size_t kMostMembers = 16, kMostDepth = 64;
    if (token + 1 >= end_ || *token >= limit_) return nullptr;
    std::string_view raw;
    const auto string_is_right = [&](Token at_token) {
        return string_at(at_token, raw) && (!has_escape(raw) || escapes_are_right(raw));
    };
    switch (at(token)) {
        case '"': return string_is_right(token) ? token + 1 : nullptr;
        case 't': return literal_at(token, "true") ? token + 1 : nullptr;
        case 'f': return literal_at(token, "false") ? token + 1 : nullptr;
        case 'n': return literal_at(token, "null") ? token + 1 : nullptr;
        case '[':
        case '{': break;
        default: {
            std::int64_t integer = 0;
            return integer_at(token, integer) ? token + 1 : nullptr;
        }
    }
    const bool array = at(token) == '[';
    const char closing = array ? ']' : '}';
    if (++depth > std::min(plan_.depth, kMostDepth)) return nullptr;
    if (++token >= end_) return nullptr;
    if (at(token) == closing) return token + 1;
    const std::size_t first_name = names_.size();
    while (true) {
        if (!array) {
            if (token + 3 >= end_ || at(token + 1) != ':' || !string_at(token, raw) || has_escape(raw)) break;
            const auto begin = names_.begin() + static_cast<std::ptrdiff_t>(first_name);
            if (names_.size() - first_name >= kMostMembers || std::find(begin, names_.end(), raw) != names_.end()) {
                break;
            }
            names_.push_back(raw);
            token += 2;
        }
        token = pass_over(token, depth);
        if (token == nullptr || token >= end_) break;
        const char behind = at(token++);
        if (behind == ',') continue;
        if (behind != closing) break;
        names_.resize(first_name);
        return token;
    }
    names_.resize(first_name);
    return nullptr;
}

}  // namespace keywright::input
