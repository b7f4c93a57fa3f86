// Only parses: every line into simdjson's DOM, and nothing is asked of it.
#include "blocks.h"

#include <simdjson.h>

int main(int count, char** words) {
    const validators::Arguments arguments = validators::arguments(count, words);
    validators::Blocks blocks{arguments.file, 512 << 10};
    simdjson::dom::parser parser;
    std::uint64_t records = 0, bad = 0;
    for (std::string_view block = blocks.next(); !block.empty(); block = blocks.next()) {
        validators::for_each_line(block, [&](std::string_view line) {
            ++records;
            bad += parser.parse(line.data(), line.size(), false).error() == simdjson::SUCCESS ? 0 : 1;
        });
    }
    std::printf("{\"records\": %llu, \"bad\": %llu}\n", static_cast<unsigned long long>(records),
                static_cast<unsigned long long>(bad));
    return 0;
}
