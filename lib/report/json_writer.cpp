#include "report/json_writer.h"

#include "base/text.h"

#include <cstdint>

namespace keywright::report {

namespace {

void append_unit(std::string& out, std::uint32_t unit) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    out += "\\u";
    for (int shift = 12; shift >= 0; shift -= 4) out += kDigits[(unit >> shift) & 0xf];
}

void append_escaped(std::string& out, char32_t scalar) {
    if (scalar < 0x10000) {
        append_unit(out, static_cast<std::uint32_t>(scalar));
        return;
    }
    const std::uint32_t rest = static_cast<std::uint32_t>(scalar) - 0x10000;
    append_unit(out, 0xd800 + (rest >> 10));
    append_unit(out, 0xdc00 + (rest & 0x3ff));
}

}  // namespace

JsonWriter& JsonWriter::key(std::string_view name) {
    string(name);
    out_ += layout_ == Layout::kIndented ? ": " : ":";
    after_key_ = true;
    return *this;
}

JsonWriter& JsonWriter::string(std::string_view text) {
    before_value();
    out_ += '"';
    std::size_t offset = 0;
    while (offset < text.size()) {
        const std::size_t start = offset;
        const char32_t scalar = base::next_scalar(text, offset);
        switch (scalar) {
            case U'"': out_ += "\\\""; break;
            case U'\\': out_ += "\\\\"; break;
            case U'\n': out_ += "\\n"; break;
            case U'\r': out_ += "\\r"; break;
            case U'\t': out_ += "\\t"; break;
            default:
                if (base::is_invisible(scalar)) {
                    append_escaped(out_, scalar);
                } else if (scalar == 0xfffd) {
                    out_ += "\xef\xbf\xbd";  // also stands for bytes that are not UTF-8
                } else {
                    out_ += text.substr(start, offset - start);
                }
        }
    }
    out_ += '"';
    return *this;
}

JsonWriter& JsonWriter::number(std::size_t number) {
    before_value();
    out_ += std::to_string(number);
    return *this;
}

JsonWriter& JsonWriter::integer(std::int64_t number) {
    before_value();
    out_ += std::to_string(number);
    return *this;
}

JsonWriter& JsonWriter::boolean(bool value) {
    before_value();
    out_ += value ? "true" : "false";
    return *this;
}

JsonWriter& JsonWriter::json(std::string_view text) {
    before_value();
    out_ += text;
    return *this;
}

JsonWriter& JsonWriter::null() {
    before_value();
    out_ += "null";
    return *this;
}

JsonWriter& JsonWriter::strings(const std::vector<std::string>& texts) {
    begin_array();
    for (const std::string& text : texts) string(text);
    return end_array();
}

JsonWriter& JsonWriter::begin(char bracket) {
    before_value();
    out_ += bracket;
    has_elements_.push_back(false);
    return *this;
}

JsonWriter& JsonWriter::end(char bracket) {
    const bool had_elements = has_elements_.back();
    has_elements_.pop_back();
    if (had_elements) new_line();
    out_ += bracket;
    return *this;
}

void JsonWriter::before_value() {
    if (after_key_) {
        after_key_ = false;
        return;
    }
    if (has_elements_.empty()) return;
    if (has_elements_.back()) out_ += ',';
    has_elements_.back() = true;
    new_line();
}

void JsonWriter::new_line() {
    if (layout_ == Layout::kLine) return;
    out_ += '\n';
    out_.append(2 * has_elements_.size(), ' ');
}

}  // namespace keywright::report
