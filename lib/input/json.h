// Strict JSON: RFC 8259 narrowed by I-JSON (RFC 7493) to what no two readers understand differently.
//
// Refused, each with a code and the byte offset: a byte order mark, NUL, malformed UTF-8, lone surrogates, members of
// one name in one object, text after the document, nesting beyond a limit. Integers keep 64 bits exactly; a number that
// is not such an integer is kept only as "a number" (its text is never interpreted), so that members that are passed
// over may hold one.
#pragma once

#include "keywright/limits.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace keywright::input {

enum class JsonKind : std::uint8_t { kNull, kBool, kInteger, kNumber, kString, kArray, kObject };

[[nodiscard]] std::string_view word(JsonKind kind);  // `an integer`, `an object`, …

// A document in one vector. Children of an array or object are found through `first_child` and `next_sibling`.
class JsonDocument {
public:
    using Index = std::uint32_t;
    static constexpr Index kNone = 0xffffffff;

    JsonDocument() = default;
    JsonDocument(const JsonDocument&) = delete;
    JsonDocument& operator=(const JsonDocument&) = delete;
    ~JsonDocument() { clear(); }

    [[nodiscard]] bool empty() const { return nodes_.empty(); }
    [[nodiscard]] Index root() const { return 0; }
    [[nodiscard]] JsonKind kind(Index node) const { return nodes_[node].kind; }
    [[nodiscard]] bool boolean(Index node) const { return nodes_[node].integer != 0; }
    [[nodiscard]] std::int64_t integer(Index node) const { return nodes_[node].integer; }
    [[nodiscard]] std::string_view string(Index node) const;  // of a string, unescaped
    [[nodiscard]] std::string_view key(Index node) const;     // of a member of an object, unescaped
    [[nodiscard]] Index first_child(Index node) const { return nodes_[node].first_child; }
    [[nodiscard]] Index next_sibling(Index node) const { return nodes_[node].next_sibling; }
    [[nodiscard]] std::uint32_t child_count(Index node) const { return nodes_[node].children; }
    [[nodiscard]] Index member(Index object, std::string_view key) const;  // kNone where missing; linear
    // The node a JSON Pointer (RFC 6901) leads to from `from`, or kNone.
    [[nodiscard]] Index find(Index from, std::string_view pointer) const;
    // Byte range of the value in the text that was parsed.
    [[nodiscard]] std::size_t begin(Index node) const { return nodes_[node].begin; }
    [[nodiscard]] std::size_t end(Index node) const { return nodes_[node].end; }

    void clear();  // keeps capacity; overwrites the text, which may have held secrets

private:
    friend class JsonBuilder;
    struct Node {
        JsonKind kind = JsonKind::kNull;
        std::uint32_t key_begin = 0, key_size = 0;
        std::uint32_t text_begin = 0, text_size = 0;
        std::uint32_t children = 0;
        Index first_child = kNone, next_sibling = kNone;
        std::int64_t integer = 0;
        std::uint32_t begin = 0, end = 0;
    };
    std::vector<Node> nodes_;
    std::string text_;
};

struct JsonError {
    std::string code;        // of the diagnostics registry, empty: none
    std::string message;     // our own words; never holds text of the input's values
    std::string pointer;     // JSON Pointer of the value concerned, where one can be named
    std::size_t offset = 0;  // byte offset in the text
};

// Parses one document into `out`. Returns false and fills `error` where it is refused. Linear in the text; no
// recursion.
[[nodiscard]] bool parse_json(std::string_view text, const Limits& limits, JsonDocument& out, JsonError& error);

// Whether a text that `parse_json` refuses is JSON all the same as far as brackets, quotes and commas go, so that what
// stands behind it is where it seems to be. Doesn't say yes where that is in doubt. Linear in the text.
[[nodiscard]] bool is_json_structure(std::string_view text);

// Is `text` a well-formed JSON Pointer (RFC 6901)?
[[nodiscard]] bool is_json_pointer(std::string_view text);

}  // namespace keywright::input
