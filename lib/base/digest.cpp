#include "base/digest.h"

#include <sodium/crypto_hash_sha256.h>

#include <array>

namespace keywright::base {

std::string sha256(std::string_view bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
    // A plain hash needs no set-up of the library and can't fail.
    (void)crypto_hash_sha256(hash.data(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    std::string out = "sha256:";
    for (const unsigned char byte : hash) {
        out += kDigits[byte >> 4];
        out += kDigits[byte & 0xf];
    }
    return out;
}

}  // namespace keywright::base
