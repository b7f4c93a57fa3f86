// Only simdjson's first stage: where the tokens of a file begin. Nobody who reads JSON with it can be faster.
#include "blocks.h"

#include <simdjson.h>

int main(int count, char** words) {
    const validators::Arguments arguments = validators::arguments(count, words);
    constexpr std::size_t kBlock = 512 << 10;
    validators::Blocks blocks{arguments.file, kBlock};
    std::unique_ptr<simdjson::internal::dom_parser_implementation> parser;
    if (simdjson::get_active_implementation()->create_dom_parser_implementation(kBlock, 64, parser) !=
        simdjson::SUCCESS)
        return 70;
    std::uint64_t tokens = 0, bad = 0;
    for (std::string_view block = blocks.next(); !block.empty(); block = blocks.next()) {
        if (block.size() > parser->capacity() && parser->set_capacity(block.size()) != simdjson::SUCCESS) return 70;
        const auto error = parser->stage1(reinterpret_cast<const std::uint8_t*>(block.data()), block.size(),
                                          simdjson::stage1_mode::regular);
        bad += error == simdjson::SUCCESS ? 0 : 1;
        tokens += parser->n_structural_indexes;
    }
    std::printf("{\"tokens\": %llu, \"bad_blocks\": %llu}\n", static_cast<unsigned long long>(tokens),
                static_cast<unsigned long long>(bad));
    return 0;
}
