// The password of a signing key: from the environment, or from the terminal without showing it.
#pragma once

#include <string>

namespace keywright::command {

// A text that is overwritten at its end.
class Password {
public:
    explicit Password(std::string text) : text_(std::move(text)) {}
    Password(Password&&) noexcept = default;
    Password& operator=(Password&&) = delete;
    Password(const Password&) = delete;
    Password& operator=(const Password&) = delete;
    ~Password();
    [[nodiscard]] const std::string& text() const { return text_; }

private:
    std::string text_;
};

// KEYWRIGHT_PASSWORD, which is taken out of the environment; else what is typed on the terminal, asked twice for a new
// key. A `Failure` where there is neither, where the two differ, or where it is empty.
[[nodiscard]] Password ask_password(const std::string& of, bool twice);

}  // namespace keywright::command
