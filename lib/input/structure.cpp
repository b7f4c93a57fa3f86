#include "input/structure.h"

#include <simdjson.h>

#include <algorithm>

namespace keywright::input {

namespace {

// What an index without tokens points to, until there is a text.
constexpr std::uint32_t kNothing = 0;

// The text ends inside a character. It isn't UTF-8 then, and simdjson's code for machines without vectors would look
// for the rest of the character behind the end.
[[nodiscard]] bool ends_in_character(std::string_view text) {
    for (std::size_t back = 1; back <= std::min<std::size_t>(3, text.size()); ++back) {
        const auto byte = static_cast<unsigned char>(text[text.size() - back]);
        if ((byte & 0xc0U) == 0x80) continue;
        return byte >= 0xc0 && back < (byte >= 0xf0 ? 4U : byte >= 0xe0 ? 3U : 2U);
    }
    return false;
}

}  // namespace

struct Structure::Parser {
    std::unique_ptr<simdjson::internal::dom_parser_implementation> implementation;
};

Structure::Structure() : parser_(std::make_unique<Parser>()), tokens_(&kNothing) {}
Structure::~Structure() = default;
Structure::Structure(Structure&&) noexcept = default;
Structure& Structure::operator=(Structure&&) noexcept = default;

bool Structure::index(std::string_view text) {
    // Nesting is bounded by the walk, which doesn't use the parser's own.
    constexpr std::size_t kDepth = 1;
    constexpr std::size_t kLeast = 4096;
    tokens_ = &kNothing;
    count_ = 0;
    if (text.empty()) return true;
    if (text.size() >= simdjson::SIMDJSON_MAXSIZE_BYTES || ends_in_character(text)) return false;
    auto& parser = parser_->implementation;
    if (!parser || parser->capacity() < text.size()) {
        // By half as much again, so that texts that grow little by little don't allocate every time.
        const std::size_t known = parser ? parser->capacity() : 0;
        const std::size_t capacity =
            std::min<std::size_t>(std::max({kLeast, text.size(), known + known / 2}), simdjson::SIMDJSON_MAXSIZE_BYTES);
        parser.reset();  // the old index is given back first
        if (simdjson::get_active_implementation()->create_dom_parser_implementation(capacity, kDepth, parser) !=
            simdjson::SUCCESS) {
            parser.reset();
            return false;
        }
    }
    const simdjson::error_code error =
        parser->stage1(reinterpret_cast<const std::uint8_t*>(text.data()), text.size(), simdjson::stage1_mode::regular);
    if (error != simdjson::SUCCESS && error != simdjson::EMPTY) return false;  // empty: blanks alone
    tokens_ = parser->structural_indexes.get();
    count_ = parser->n_structural_indexes;
    // The parser says so itself; the walk must be able to rely on it.
    parser->structural_indexes[count_] = static_cast<std::uint32_t>(text.size());
    return true;
}

}  // namespace keywright::input
