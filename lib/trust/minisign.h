// The file formats of minisign, byte by byte: what keys.cpp and minisign.cpp share.
//
//     public key   untrusted comment: …⏎ base64("Ed" id:8 point:32)
//     secret key   untrusted comment: …⏎ base64("Ed" kdf:2 "B2" salt:32 opslimit:8 memlimit:8 id:8 secret:64 check:32)
//     signature    untrusted comment: …⏎ base64(("ED"|"Ed") id:8 signature:64)⏎
//                  trusted comment: …⏎ base64(signature of signature and comment:64)
//
// Numbers are little-endian. What stands behind the memory limit of a secret key is xored with what scrypt makes of the
// password (kdf `Sc`), or plain (two zero bytes). An `ED` signature is one of the text's BLAKE2b-512.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keywright::trust {

using Bytes = std::vector<unsigned char>;

// Canonical base64 with padding of exactly `size` bytes, or nothing.
[[nodiscard]] std::optional<Bytes> from_base64(std::string_view text, std::size_t size);
[[nodiscard]] std::string to_base64(const unsigned char* bytes, std::size_t size);

// The lines of a text that ends with a line break or without one, `\r\n` too; nothing where there are other than
// `count`, or a NUL.
[[nodiscard]] std::optional<std::vector<std::string_view>> lines_of(std::string_view text, std::size_t count);

// An id as minisign shows it: a number in 16 hexadecimal digits, the last byte first.
[[nodiscard]] std::string id_text(const unsigned char* id);

inline constexpr std::string_view kUntrusted = "untrusted comment: ";
inline constexpr std::string_view kTrusted = "trusted comment: ";

}  // namespace keywright::trust
