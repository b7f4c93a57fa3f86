// Reading inputs of any size a stretch at a time: files, pipes and devices, compressed by gzip or zstd or not.
//
// Whether it is compressed is told by the first bytes, not by the name. Several gzip members and zstd frames one behind
// the other are one text. What goes wrong on the way is a value, as what was read before is worth keeping.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace keywright::command {

class Stream {
public:
    // `-` is standard input. A `Failure` where it can't be opened.
    explicit Stream(const std::string& path);
    ~Stream();
    Stream(Stream&&) noexcept;
    Stream& operator=(Stream&&) noexcept;

    // Puts the next bytes of the text into `room`; as many as fit, unless less comes from a pipe. 0: it ends, is
    // interrupted (see `interrupted`), or can't be read on (see `problem`).
    [[nodiscard]] std::size_t read(std::span<char> room);
    // Goes `bytes` of text further; of a file that isn't compressed without reading them. False as for `problem`.
    [[nodiscard]] bool skip(std::uint64_t bytes);

    [[nodiscard]] const std::optional<std::string>& problem() const;  // `` `keys.gz` … at byte N ``
    [[nodiscard]] bool interrupted() const;

    [[nodiscard]] const std::string& name() const;            // for people
    [[nodiscard]] std::uint64_t taken() const;                // bytes read, compressed where it is
    [[nodiscard]] std::optional<std::uint64_t> size() const;  // of a regular file, when it was opened

private:
    struct State;
    std::unique_ptr<State> state_;
};

// From here on SIGINT and SIGTERM don't end the program at once, but make `Stream::read` return. The second one ends
// it.
void heed_interrupts();
[[nodiscard]] bool was_interrupted();

}  // namespace keywright::command
