// A file in blocks of whole lines, read into one buffer that stays in the cache. And what all programs here share.
#pragma once

#include "values.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

namespace validators {

class Blocks {
public:
    static constexpr std::size_t kPadding = 64;  // readable bytes behind each block, as simdjson wants

    Blocks(const char* path, std::size_t size) : file_(open(path, O_RDONLY)), size_(size), buffer_(size + kPadding) {
        if (file_ < 0) fail(path);
    }
    ~Blocks() { close(file_); }
    Blocks(const Blocks&) = delete;
    Blocks& operator=(const Blocks&) = delete;

    // The next block, with a NUL behind it; empty at the end of the file. Valid until the next call.
    [[nodiscard]] std::string_view next() {
        if (done_ > 0) buffer_[done_] = behind_;
        std::memmove(buffer_.data(), buffer_.data() + done_, filled_ - done_);
        filled_ -= done_;
        done_ = 0;
        while (true) {
            while (!ended_ && filled_ < size_) {
                const ssize_t got = read(file_, buffer_.data() + filled_, size_ - filled_);
                if (got < 0) fail("read");
                ended_ = got == 0;
                filled_ += static_cast<std::size_t>(got);
            }
            const void* last = ended_ ? nullptr : memrchr(buffer_.data(), '\n', filled_);
            if (ended_) done_ = filled_;
            if (last != nullptr) done_ = static_cast<std::size_t>(static_cast<const char*>(last) - buffer_.data()) + 1;
            if (done_ > 0 || ended_) {
                behind_ = std::exchange(buffer_[done_], '\0');
                return {buffer_.data(), done_};
            }
            size_ *= 2;  // a line longer than a block
            buffer_.resize(size_ + kPadding);
        }
    }

private:
    [[noreturn]] static void fail(const char* what) {
        std::perror(what);
        std::exit(74);
    }
    int file_;
    std::size_t size_, filled_ = 0, done_ = 0;
    bool ended_ = false;
    char behind_ = 0;  // what stood where the NUL is
    std::vector<char> buffer_;
};

// Calls `line` for each line that isn't blank.
template <class Line>
void for_each_line(std::string_view block, Line&& line) {
    while (!block.empty()) {
        const std::size_t size = std::min(block.find('\n'), block.size());
        const std::string_view text = block.substr(0, size);
        if (text.find_first_not_of(" \t\r") != std::string_view::npos) line(text);
        block.remove_prefix(std::min(size + 1, block.size()));
    }
}

struct Arguments {
    const char* file;
    Instant now;
};

// FILE INSTANT
inline Arguments arguments(int count, char** words) {
    const auto now = count == 3 ? read_instant(words[2]) : std::nullopt;
    if (!now) {
        std::fprintf(stderr, "usage: %s FILE INSTANT\n", words[0]);
        std::exit(64);
    }
    return {words[1], *now};
}

}  // namespace validators
