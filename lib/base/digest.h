// SHA-256 (FIPS 180-4) of text, as lower-case hexadecimal with the prefix `sha256:`.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace keywright::base {

[[nodiscard]] std::string sha256(std::string_view bytes);

// The same of a text that comes in pieces. It can't be written down and taken up again: its state holds the last bytes
// as they are, and they may be a secret's.
class Sha256 {
public:
    Sha256();
    void add(std::string_view bytes);
    [[nodiscard]] std::string digest() const;  // of what was added so far

private:
    static constexpr std::size_t kStateBytes = 128;
    alignas(8) std::array<unsigned char, kStateBytes> state_{};
};

}  // namespace keywright::base
