#include "input/json.h"

#include "base/text.h"
#include "diag/diag.h"
#include "input/member_names.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iterator>
#include <limits>
#include <optional>
#include <tuple>
#include <utility>

namespace keywright::input {

namespace {

using diag::Code;

// An iterator over the text that tells how far the parser has read; the parser copies it, so the place is kept outside.
class CountingIterator {
public:
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = const char&;

    CountingIterator(const char* at, std::size_t* consumed) : at_(at), consumed_(consumed) {}

    reference operator*() const { return *at_; }
    CountingIterator& operator++() {
        ++at_;
        ++*consumed_;
        return *this;
    }
    CountingIterator operator++(int) {
        CountingIterator before = *this;
        ++*this;
        return before;
    }
    friend bool operator!=(const CountingIterator& a, const CountingIterator& b) { return a.at_ != b.at_; }

private:
    const char* at_;
    std::size_t* consumed_;
};

[[nodiscard]] bool is_json_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// Places for people: an offset, and line and column (in bytes) where the text has more than one line.
[[nodiscard]] std::string place(std::string_view text, std::size_t offset) {
    offset = std::min(offset, text.size());
    std::string out = "at byte offset " + std::to_string(offset);
    if (text.find('\n') == std::string_view::npos) return out;
    const std::string_view before = text.substr(0, offset);
    const auto line = static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n')) + 1;
    const std::size_t start = before.rfind('\n');
    const std::size_t column = start == std::string_view::npos ? offset + 1 : offset - start;
    return out + " (line " + std::to_string(line) + ", column " + std::to_string(column) + ")";
}

[[nodiscard]] JsonError make_error(Code code, std::string_view text, std::size_t offset, std::string what,
                                   std::string pointer = {}) {
    what += ' ';
    what += place(text, offset);
    return {diag::text(code), std::move(what), std::move(pointer), offset};
}

// The four hexadecimal digits at `offset`, or nothing.
[[nodiscard]] std::optional<unsigned> hex4(std::string_view text, std::size_t offset) {
    if (text.size() < 4 || offset > text.size() - 4) return std::nullopt;
    unsigned value = 0;
    for (const char c : text.substr(offset, 4)) {
        value <<= 4;
        if (c >= '0' && c <= '9') {
            value |= static_cast<unsigned>(c - '0');
        } else if (c >= 'a' && c <= 'f') {
            value |= static_cast<unsigned>(c - 'a' + 10);
        } else if (c >= 'A' && c <= 'F') {
            value |= static_cast<unsigned>(c - 'A' + 10);
        } else {
            return std::nullopt;
        }
    }
    return value;
}

// What is wrong with the string that begins at `begin` (the parser only says that it is), or nothing where it is well
// formed.
[[nodiscard]] std::optional<JsonError> diagnose_string(std::string_view text, std::size_t begin) {
    for (std::size_t i = begin + 1; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '"') return std::nullopt;
        if (static_cast<unsigned char>(c) < 0x20) {
            return make_error(Code::kJsonSyntax, text, i, "control character inside a string");
        }
        if (c != '\\') continue;
        const std::size_t escape = i++;
        if (i == text.size()) break;
        if (text[i] != 'u') {
            if (std::string_view{"\"\\/bfnrt"}.find(text[i]) != std::string_view::npos) continue;
            return make_error(Code::kJsonSyntax, text, escape, "unknown escape inside a string");
        }
        const std::optional<unsigned> unit = hex4(text, i + 1);
        if (!unit) return make_error(Code::kJsonSyntax, text, escape, "`\\u` without four hexadecimal digits");
        i += 4;
        if (*unit < 0xd800 || *unit > 0xdfff) continue;
        const bool escape_follows = i + 2 < text.size() && text[i + 1] == '\\' && text[i + 2] == 'u';
        const std::optional<unsigned> second = escape_follows ? hex4(text, i + 3) : std::nullopt;
        if (*unit > 0xdbff || !second || *second < 0xdc00 || *second > 0xdfff) {
            return make_error(Code::kJsonSurrogate, text, escape, "a lone surrogate inside a string");
        }
        i += 6;
    }
    return make_error(Code::kJsonSyntax, text, text.size(), "the text ends inside a string");
}

// Names punctuation only: any other character may belong to a secret that lost its quotes.
[[nodiscard]] std::string describe_unexpected(char c) {
    switch (c) {
        case '{':
        case '}':
        case '[':
        case ']':
        case ',':
        case ':': return std::string{"unexpected `"} + c + "`";
        case '"': return "unexpected string";
        case '\'': return "a string must stand in double quotes, not in single ones, as";
        case '/':
        case '#': return "JSON has no comments, but one stands";
        default: return "neither a JSON value nor punctuation";
    }
}

}  // namespace

// Builds the document from the parser's events. Returning false from an event stops the parser.
class JsonBuilder {
public:
    JsonBuilder(std::string_view text, const Limits& limits, const std::size_t& consumed, JsonDocument& out,
                JsonError& error)
        : text_(text), limits_(limits), consumed_(consumed), out_(out), error_(error) {
        // Unescaped strings are never longer than the text. So the buffer never moves and leaves no copies of secrets
        // behind.
        out_.text_.reserve(text.size());
    }

    bool null() { return scalar(JsonKind::kNull, 0); }
    bool boolean(bool value) { return scalar(JsonKind::kBool, value ? 1 : 0); }
    bool number_integer(std::int64_t value) { return number(JsonKind::kInteger, value); }
    bool number_unsigned(std::uint64_t value) {
        if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
            return number(JsonKind::kNumber, 0);
        }
        return number(JsonKind::kInteger, static_cast<std::int64_t>(value));
    }
    bool number_float(double, const std::string&) { return number(JsonKind::kNumber, 0); }
    bool string(std::string& value) {
        const auto [begin, size] = keep(value);
        if (!add(JsonKind::kString)) return false;
        JsonDocument::Node& node = out_.nodes_.back();
        node.text_begin = begin;
        node.text_size = size;
        return finish(node, consumed_);
    }
    bool binary(nlohmann::json::binary_t&) { return false; }  // JSON text has none
    bool start_object(std::size_t) { return open(JsonKind::kObject); }
    bool start_array(std::size_t) { return open(JsonKind::kArray); }
    bool end_array() { return close(); }
    bool end_object() { return no_duplicates(frames_.back().node) && close(); }
    bool key(std::string& value) {
        std::tie(key_begin_, key_size_) = keep(value);
        key_pending_ = true;
        last_end_ = consumed_;
        return true;
    }

    bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception& why) {
        // The exception's text holds pieces of the input, so we look for ourselves. Only its number is used.
        constexpr int kNumberOverflow = 406;
        const std::size_t begin = offending_token();
        if (why.id == kNumberOverflow) {
            return refuse(Code::kNumberTooLarge, begin, "a number too large to be read stands");
        }
        if (frames_.empty() && !out_.nodes_.empty()) {
            return refuse(Code::kJsonTrailing, begin, "text after the JSON value");
        }
        if (begin >= text_.size()) {
            return refuse(Code::kJsonSyntax, text_.size(),
                          out_.nodes_.empty() ? "the text holds no JSON value" : "the text ends inside the JSON value");
        }
        if (text_[begin] == '"') {
            if (auto found = diagnose_string(text_, begin)) {
                error_ = std::move(*found);
                error_.pointer = pointer();
                return false;
            }
        }
        return refuse(Code::kJsonSyntax, begin, describe_unexpected(text_[begin]));
    }

private:
    struct Frame {
        JsonDocument::Index node;
        JsonDocument::Index last_child = JsonDocument::kNone;
    };

    // A document of this many values takes about a gigabyte; no honest one of the default size comes near.
    static constexpr std::size_t kMostNodes = std::size_t{1} << 24;

    bool refuse(Code code, std::size_t offset, std::string what) {
        error_ = make_error(code, text_, offset, std::move(what), pointer());
        return false;
    }

    [[nodiscard]] std::size_t skip_blanks(std::size_t at) const {
        while (at < text_.size() && is_json_blank(text_[at])) ++at;
        return at;
    }

    // Where the token that the parser didn't expect begins. A separator where one may stand isn't it.
    [[nodiscard]] std::size_t offending_token() const {
        const std::size_t at = skip_blanks(last_end_);
        if (at == text_.size()) return at;
        const bool after_value = !frames_.empty() && frames_.back().last_child != JsonDocument::kNone && !key_pending_;
        const bool separator = (text_[at] == ':' && key_pending_) || (text_[at] == ',' && after_value);
        return separator ? skip_blanks(at + 1) : at;
    }

    // Copies the text of a string and overwrites the parser's.
    std::pair<std::uint32_t, std::uint32_t> keep(std::string& value) {
        const auto begin = static_cast<std::uint32_t>(out_.text_.size());
        const auto size = static_cast<std::uint32_t>(value.size());
        out_.text_ += value;
        std::fill(value.begin(), value.end(), '\0');
        return {begin, size};
    }

    // Between the token before and a value that the parser accepted stand only blanks and one separator.
    [[nodiscard]] std::size_t value_begin() const {
        const std::size_t begin = skip_blanks(last_end_);
        const bool separator = begin < text_.size() && (text_[begin] == ',' || text_[begin] == ':');
        return separator ? skip_blanks(begin + 1) : begin;
    }

    bool add(JsonKind kind) {
        const std::size_t begin = value_begin();
        if (out_.nodes_.size() >= kMostNodes) {
            return refuse(Code::kJsonTooLarge, begin,
                          "more than " + std::to_string(kMostNodes) + " values; split the text before that");
        }
        JsonDocument::Node node;
        node.kind = kind;
        node.begin = static_cast<std::uint32_t>(begin);
        if (key_pending_) {
            node.key_begin = key_begin_;
            node.key_size = key_size_;
            key_pending_ = false;
        }
        const auto index = static_cast<JsonDocument::Index>(out_.nodes_.size());
        if (!frames_.empty()) {
            Frame& parent = frames_.back();
            ++out_.nodes_[parent.node].children;
            (parent.last_child == JsonDocument::kNone ? out_.nodes_[parent.node].first_child
                                                      : out_.nodes_[parent.last_child].next_sibling) = index;
            parent.last_child = index;
        }
        out_.nodes_.push_back(node);
        return true;
    }

    bool finish(JsonDocument::Node& node, std::size_t end) {
        node.end = static_cast<std::uint32_t>(end);
        last_end_ = end;
        return true;
    }

    bool scalar(JsonKind kind, std::int64_t value) {
        if (!add(kind)) return false;
        out_.nodes_.back().integer = value;
        return finish(out_.nodes_.back(), consumed_);
    }

    // The parser has to read one character past a number.
    bool number(JsonKind kind, std::int64_t value) {
        if (!scalar(kind, value)) return false;
        const std::size_t end = text_.find_first_not_of("+-.0123456789Ee", out_.nodes_.back().begin);
        return finish(out_.nodes_.back(), std::min(end, text_.size()));
    }

    bool open(JsonKind kind) {
        // Before the value is added, so that the place that is named is its own.
        if (frames_.size() >= limits_.json_depth) {
            return refuse(Code::kJsonTooDeep, value_begin(),
                          "arrays and objects nested deeper than " + std::to_string(limits_.json_depth) +
                              " levels (`json_depth`)");
        }
        if (!add(kind)) return false;
        frames_.push_back({static_cast<JsonDocument::Index>(out_.nodes_.size() - 1)});
        last_end_ = consumed_;
        return true;
    }

    bool close() {
        const JsonDocument::Index node = frames_.back().node;
        frames_.pop_back();
        return finish(out_.nodes_[node], consumed_);
    }

    bool no_duplicates(JsonDocument::Index object) {
        // Sorting finds the doubles of an object of any size; of those the one that stands first is reported.
        scratch_.clear();
        for (auto child = out_.first_child(object); child != JsonDocument::kNone; child = out_.next_sibling(child)) {
            scratch_.push_back(child);
        }
        std::sort(scratch_.begin(), scratch_.end(), [&](JsonDocument::Index a, JsonDocument::Index b) {
            const int order = out_.key(a).compare(out_.key(b));
            return order != 0 ? order < 0 : a < b;
        });
        JsonDocument::Index second = JsonDocument::kNone;
        for (std::size_t i = 1; i < scratch_.size(); ++i) {
            if (out_.key(scratch_[i - 1]) == out_.key(scratch_[i])) second = std::min(second, scratch_[i]);
        }
        if (second == JsonDocument::kNone) return true;
        const std::string_view name = out_.key(second);
        refuse(Code::kJsonDuplicate, out_.begin(second),
               "the member " + shown_name(name) + " stands twice in one object; its second value is");
        error_.pointer = base::printable(error_.pointer + "/" + pointer_step(name));
        return false;
    }

    // Without its colon, a string is no member's name yet: it may be a value, even a secret one, in the wrong place.
    [[nodiscard]] bool colon_follows() const {
        const std::size_t at = skip_blanks(last_end_);
        return at < text_.size() && text_[at] == ':';
    }

    // The place of the value that is being read. What the schema knows isn't known here, so only names that read like
    // names are part of it.
    [[nodiscard]] std::string pointer() const {
        std::string out;
        for (std::size_t i = 0; i < frames_.size(); ++i) {
            const Frame& frame = frames_[i];
            const JsonDocument::Index child = i + 1 < frames_.size() ? frames_[i + 1].node : JsonDocument::kNone;
            if (out_.kind(frame.node) == JsonKind::kArray) {
                const std::uint32_t count = out_.child_count(frame.node);
                out += '/';
                out += std::to_string(child == JsonDocument::kNone ? count : count - 1);
            } else if (child != JsonDocument::kNone) {
                out += '/';
                out += pointer_step(out_.key(child));
            } else if (key_pending_ && colon_follows()) {
                out += '/';
                out += pointer_step(std::string_view{out_.text_}.substr(key_begin_, key_size_));
            }
        }
        return base::printable(out);
    }

    std::string_view text_;
    const Limits& limits_;
    const std::size_t& consumed_;
    JsonDocument& out_;
    JsonError& error_;
    std::vector<Frame> frames_;
    std::vector<JsonDocument::Index> scratch_;
    std::size_t last_end_ = 0;
    std::uint32_t key_begin_ = 0, key_size_ = 0;
    bool key_pending_ = false;
};

std::string_view word(JsonKind kind) {
    switch (kind) {
        case JsonKind::kNull: return "null";
        case JsonKind::kBool: return "a boolean";
        case JsonKind::kInteger: return "an integer";
        case JsonKind::kNumber: return "a number";
        case JsonKind::kString: return "a string";
        case JsonKind::kArray: return "an array";
        case JsonKind::kObject: return "an object";
    }
    return {};
}

std::string_view JsonDocument::string(Index node) const {
    return std::string_view{text_}.substr(nodes_[node].text_begin, nodes_[node].text_size);
}

std::string_view JsonDocument::key(Index node) const {
    return std::string_view{text_}.substr(nodes_[node].key_begin, nodes_[node].key_size);
}

JsonDocument::Index JsonDocument::member(Index object, std::string_view name) const {
    if (kind(object) != JsonKind::kObject) return kNone;
    for (Index child = first_child(object); child != kNone; child = next_sibling(child)) {
        if (key(child) == name) return child;
    }
    return kNone;
}

JsonDocument::Index JsonDocument::find(Index from, std::string_view pointer) const {
    if (!is_json_pointer(pointer)) return kNone;
    Index at = from;
    std::string token;
    while (!pointer.empty() && at != kNone) {
        const std::size_t end = std::min(pointer.find('/', 1), pointer.size());
        token.clear();
        for (std::size_t i = 1; i < end; ++i) {
            if (pointer[i] == '~') {
                token += pointer[++i] == '0' ? '~' : '/';
            } else {
                token += pointer[i];
            }
        }
        pointer.remove_prefix(end);
        if (kind(at) == JsonKind::kObject) {
            at = member(at, token);
        } else if (kind(at) == JsonKind::kArray) {
            constexpr std::size_t kMostDigits = 9;
            const bool number = !token.empty() && token.size() <= kMostDigits &&
                                token.find_first_not_of("0123456789") == std::string::npos &&
                                (token.size() == 1 || token[0] != '0');
            if (!number) return kNone;
            std::size_t index = 0;
            for (const char c : token) index = index * 10 + static_cast<std::size_t>(c - '0');
            at = index < child_count(at) ? first_child(at) : kNone;
            for (; at != kNone && index > 0; --index) at = next_sibling(at);
        } else {
            return kNone;
        }
    }
    return at;
}

void JsonDocument::clear() {
    // Through a volatile pointer, or the compiler may drop a write that nothing reads.
    volatile char* bytes = text_.data();
    for (std::size_t i = 0; i < text_.size(); ++i) bytes[i] = '\0';
    text_.clear();
    nodes_.clear();
}

bool parse_json(std::string_view text, const Limits& limits, JsonDocument& out, JsonError& error) {
    out.clear();
    error = {};
    // Offsets of nodes have 32 bits, whatever the limit says.
    constexpr std::size_t kMostBytes = 0xffff'fff0;
    const std::size_t most = std::min(limits.document_bytes, kMostBytes);
    if (text.size() > most) {
        error = {diag::text(Code::kJsonTooLarge),
                 "the JSON text has " + std::to_string(text.size()) + " bytes, more than " + std::to_string(most) +
                     " (`document_bytes`)",
                 {},
                 0};
        return false;
    }
    if (text.substr(0, 3) == "\xEF\xBB\xBF") {
        error = make_error(Code::kJsonByteOrderMark, text, 0, "a byte order mark stands");
        return false;
    }
    if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) {
        error = make_error(Code::kJsonNul, text, nul, "a NUL stands");
        return false;
    }
    if (const auto invalid = base::find_invalid_utf8(text)) {
        error = make_error(Code::kJsonNotUtf8, text, *invalid, "bytes that are not UTF-8 begin");
        return false;
    }
    std::size_t consumed = 0;
    JsonBuilder builder{text, limits, consumed, out, error};
    const bool accepted = nlohmann::json::sax_parse(CountingIterator{text.data(), &consumed},
                                                    CountingIterator{text.data() + text.size(), &consumed}, &builder);
    if (accepted && !out.empty()) return true;
    // Some refusals come without an event of their own.
    if (error.code.empty()) error = make_error(Code::kJsonSyntax, text, consumed, "not JSON");
    out.clear();
    return false;
}

bool is_json_structure(std::string_view text) {
    // What makes a string's bytes or a lone surrogate wrong moves no bracket: plain letters take their place.
    std::string plain{text};
    for (std::size_t i = 0; i < plain.size(); ++i) {
        if (static_cast<unsigned char>(plain[i]) >= 0x80) plain[i] = 'x';
        if (plain[i] != '\\') continue;
        if (i + 1 < plain.size() && plain[i + 1] == 'u' && hex4(plain, i + 2)) {
            for (std::size_t k = i; k < i + 6; ++k) plain[k] = 'x';
        }
        ++i;
    }
    const bool out = nlohmann::json::accept(plain);
    std::ranges::fill(plain, '\0');  // it may hold secrets
    return out;
}

bool is_json_pointer(std::string_view text) {
    if (!text.empty() && text[0] != '/') return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '~') continue;
        ++i;
        if (i == text.size() || (text[i] != '0' && text[i] != '1')) return false;
    }
    return true;
}

}  // namespace keywright::input
