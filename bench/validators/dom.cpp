// The rules over simdjson's DOM, line by line.
#include "blocks.h"
#include "dom_key.h"

int main(int count, char** words) {
    const validators::Arguments arguments = validators::arguments(count, words);
    validators::Blocks blocks{arguments.file, 512 << 10};
    validators::Tally tally;
    validators::Key key;
    simdjson::dom::parser parser;
    for (std::string_view block = blocks.next(); !block.empty(); block = blocks.next()) {
        validators::for_each_line(
            block, [&](std::string_view line) { validators::count_line(parser, key, line, arguments.now, tally); });
    }
    tally.print();
    return 0;
}
