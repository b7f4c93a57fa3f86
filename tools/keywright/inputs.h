// What a verb reads records from: files, or standard input.
#pragma once

#include "keywright/keywright.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace keywright::command {

// The text of one input. It may hold secrets, so it is overwritten when it is done with.
class Input {
public:
    Input(std::string name, std::string text) : name_(std::move(name)), text_(std::move(text)) {}
    Input(Input&&) noexcept = default;
    Input& operator=(Input&&) noexcept = default;
    Input(const Input&) = delete;
    Input& operator=(const Input&) = delete;
    ~Input() { wipe(); }

    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] std::string_view text() const { return text_; }
    void wipe();

private:
    std::string name_, text_;
};

// One record a line, as the name of the file says.
[[nodiscard]] bool holds_lines(std::string_view name);

// The texts of all files, `-` for standard input; of none, standard input. What can't be read is a `Failure`.
[[nodiscard]] std::vector<Input> read_inputs(std::vector<std::string> names);

// A `Failure` where the pack has no adapter of that name; an empty name is the canonical form.
void refuse_unknown_adapter(const Rules& rules, const std::string& name);

}  // namespace keywright::command
