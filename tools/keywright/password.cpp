#include "password.h"

#include "keywright/signature.h"
#include "keywright/text.h"
#include "status.h"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace keywright::command {

namespace {

// What an interruption has to put right before the program ends: else the terminal would go on without an echo.
int terminal = -1;
termios as_it_was{};

extern "C" void restore_and_end(int signal) {
    (void)::tcsetattr(terminal, TCSAFLUSH, &as_it_was);
    (void)std::signal(signal, SIG_DFL);
    (void)std::raise(signal);
}

// The terminal without its echo.
class Silent {
public:
    Silent() {
        terminal = ::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
        if (terminal < 0 || ::tcgetattr(terminal, &as_it_was) != 0) {
            fail(Status::kUsage, "there is no password, and no terminal to ask for it",
                 "set KEYWRIGHT_PASSWORD, or make a key with `--no-password`");
        }
        for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) (void)std::signal(signal, restore_and_end);
        termios silent = as_it_was;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        (void)::tcsetattr(terminal, TCSAFLUSH, &silent);
    }
    Silent(const Silent&) = delete;
    Silent& operator=(const Silent&) = delete;
    ~Silent() {
        (void)::tcsetattr(terminal, TCSAFLUSH, &as_it_was);
        for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) (void)std::signal(signal, SIG_DFL);
        ::close(terminal);
        terminal = -1;
    }

    [[nodiscard]] Password ask(const std::string& prompt) {
        say(prompt);
        std::string line;
        line.reserve(kMost);  // so that no copy of a part is left behind
        char byte = 0;
        while (line.size() < kMost) {
            const ssize_t count = ::read(terminal, &byte, 1);
            if (count < 0 && errno == EINTR) continue;
            if (count <= 0 || byte == '\n') break;
            line += byte;
        }
        say("\n");
        return Password{std::move(line)};
    }

private:
    static constexpr std::size_t kMost = 1024;
    void say(std::string_view text) { (void)!::write(terminal, text.data(), text.size()); }
};

}  // namespace

Password::~Password() { wipe(text_); }

Password ask_password(const std::string& of, bool twice) {
    const auto refuse_empty = [](const Password& password) {
        if (password.text().empty())
            fail(Status::kUsage, "the password is empty", "`--no-password` makes a key without one");
    };
    if (char* const value = std::getenv("KEYWRIGHT_PASSWORD"); value != nullptr) {
        Password out{value};
        // What this process starts, or leaves behind, has no need of it.
        ::explicit_bzero(value, std::strlen(value));
        ::unsetenv("KEYWRIGHT_PASSWORD");
        refuse_empty(out);
        return out;
    }
    Silent silent;
    Password out = silent.ask("password of " + printable(of) + ": ");
    refuse_empty(out);
    if (twice && silent.ask("the same again: ").text() != out.text()) fail(Status::kUsage, "the two passwords differ");
    return out;
}

}  // namespace keywright::command
