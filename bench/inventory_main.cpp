// keywright_inventory: writes an inventory of keys to standard output. See bench/README.md.
#include "generated_pack.h"
#include "generated_records.h"
#include "inventory.h"

#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <system_error>

namespace {

using keywright::bench::InventoryShape;

constexpr const char* kUsage =
    "usage: keywright_inventory [--records N] [--seed S] [--violations F] [--unknown F] [--shuffle 0|1]\n"
    "                           [--long-strings F] [--escapes F] [--invalid F] [--form ndjson|array] [--at SECONDS]\n"
    "       keywright_inventory --generated [--records N] [--seed S]     records of the generated pack\n"
    "       keywright_inventory --generated-pack RULES                   that pack itself\n"
    "shares F are from 0 to 1; the rate goes to standard error\n";

[[noreturn]] void refuse(const std::string& message) {
    std::fprintf(stderr, "keywright_inventory: %s\n%s", message.c_str(), kUsage);
    std::exit(64);
}

std::uint64_t whole(std::string_view option, std::string_view text) {
    std::uint64_t number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (read.ec != std::errc{} || read.ptr != text.data() + text.size())
        refuse("`" + std::string{option} + "` takes a whole number");
    return number;
}

// A share in millionths. No floating point, so that every machine reads the same.
std::uint32_t share(std::string_view option, std::string_view text) {
    const std::size_t point = text.find('.');
    std::string digits{text.substr(0, point)};
    std::string behind{point == std::string_view::npos ? std::string_view{} : text.substr(point + 1)};
    if (behind.size() > 6) refuse("`" + std::string{option} + "` has more than six digits behind the point");
    behind.resize(6, '0');
    const std::uint64_t number = whole(option, digits + behind);
    if (number > 1'000'000) refuse("`" + std::string{option} + "` takes a share from 0 to 1");
    return static_cast<std::uint32_t>(number);
}

// Standard output in large pieces. A closed pipe ends the program.
class Sink {
public:
    std::string text;
    std::uint64_t bytes = 0;
    void flush() {
        if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) {
            std::fprintf(stderr, "keywright_inventory: can't write: %s\n", std::strerror(errno));
            std::exit(74);
        }
        bytes += text.size();
        text.clear();
    }
    void flush_if_full() {
        if (text.size() >= std::size_t{1} << 20U) flush();
    }
};

}  // namespace

int main(int count, char** words) {
    InventoryShape shape;
    std::uint64_t records = 100'000;
    bool array = false, generated = false;
    for (int i = 1; i < count; ++i) {
        const std::string_view option = words[i];
        if (option == "--generated") {
            generated = true;
            continue;
        }
        if (option == "--help") {
            std::fputs(kUsage, stdout);
            return 0;
        }
        if (++i == count) refuse("`" + std::string{option} + "` takes a value, or isn't known");
        const std::string_view value = words[i];
        if (option == "--records") {
            records = whole(option, value);
        } else if (option == "--seed") {
            shape.seed = whole(option, value);
        } else if (option == "--violations") {
            shape.violations = share(option, value);
        } else if (option == "--unknown") {
            shape.unknown = share(option, value);
        } else if (option == "--shuffle") {
            shape.shuffle = whole(option, value) != 0;
        } else if (option == "--long-strings") {
            shape.long_strings = share(option, value);
        } else if (option == "--escapes") {
            shape.escapes = share(option, value);
        } else if (option == "--invalid") {
            shape.invalid = share(option, value);
        } else if (option == "--at") {
            shape.at = static_cast<std::int64_t>(whole(option, value));
            if (shape.at < 200'000'000 || shape.at > 253'402'300'799)
                refuse("`--at` takes seconds since 1970 of the years 1976 to 9999");
        } else if (option == "--form") {
            if (value != "ndjson" && value != "array") refuse("`--form` is ndjson or array");
            array = value == "array";
        } else if (option == "--generated-pack") {
            std::fputs(keywright::bench::generated_pack(whole(option, value)).c_str(), stdout);
            return 0;
        } else {
            refuse("unknown option `" + std::string{option} + "`");
        }
    }

    const auto start = std::chrono::steady_clock::now();
    Sink sink;
    if (array) sink.text += "[\n";
    for (std::uint64_t i = 0; i < records; ++i) {
        if (generated) {
            keywright::bench::append_generated_record(shape.seed, i, shape.at, sink.text);
        } else {
            (void)keywright::bench::append_record(shape, i, sink.text);
        }
        sink.text += array && i + 1 < records ? ",\n" : "\n";
        sink.flush_if_full();
    }
    if (array) sink.text += "]\n";
    sink.flush();
    if (std::fflush(stdout) != 0) return 74;
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    std::fprintf(stderr, "%llu records, %.1f MB, %.0f bytes a record, %.0f MB/s\n",
                 static_cast<unsigned long long>(records), static_cast<double>(sink.bytes) / 1e6,
                 records == 0 ? 0.0 : static_cast<double>(sink.bytes) / static_cast<double>(records),
                 static_cast<double>(sink.bytes) / 1e6 / took.count());
    return 0;
}
