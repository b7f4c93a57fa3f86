// Writes JSON in the order in which it is told, either on one line or indented by two spaces.
//
// Beside what JSON demands, every character without a visible form is escaped, so that a JSON text is as harmless on a
// terminal as the other formats. Malformed UTF-8 becomes U+FFFD.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace keywright::report {

class JsonWriter {
public:
    enum class Layout : bool { kLine, kIndented };
    explicit JsonWriter(Layout layout) : layout_(layout) {}

    JsonWriter& begin_object() { return begin('{'); }
    JsonWriter& end_object() { return end('}'); }
    JsonWriter& begin_array() { return begin('['); }
    JsonWriter& end_array() { return end(']'); }
    JsonWriter& key(std::string_view name);
    JsonWriter& string(std::string_view text);
    JsonWriter& number(std::size_t number);
    JsonWriter& integer(std::int64_t number);
    JsonWriter& boolean(bool value);
    JsonWriter& null();
    JsonWriter& json(std::string_view text);  // a value that is JSON already, on one line

    // A member whose value is a string or a number.
    JsonWriter& member(std::string_view name, std::string_view text) { return key(name).string(text); }
    JsonWriter& member(std::string_view name, std::size_t value) { return key(name).number(value); }
    JsonWriter& strings(const std::vector<std::string>& texts);

    // The text since the last call, without a line break at its end.
    [[nodiscard]] std::string take() { return std::exchange(out_, {}); }

private:
    JsonWriter& begin(char bracket);
    JsonWriter& end(char bracket);
    void before_value();
    void new_line();

    Layout layout_;
    std::string out_;
    std::vector<bool> has_elements_;  // of each open array or object
    bool after_key_ = false;
};

}  // namespace keywright::report
