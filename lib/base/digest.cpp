#include "base/digest.h"

#include <sodium/crypto_hash_sha256.h>

#include <cstring>

namespace keywright::base {

namespace {

std::string hexadecimal(const unsigned char* bytes, std::size_t count) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string out;
    for (std::size_t i = 0; i < count; ++i) {
        out += kDigits[bytes[i] >> 4];
        out += kDigits[bytes[i] & 0xf];
    }
    return out;
}

crypto_hash_sha256_state read_state(const unsigned char* bytes) {
    crypto_hash_sha256_state state;
    std::memcpy(&state, bytes, sizeof state);
    return state;
}

}  // namespace

std::string sha256(std::string_view bytes) {
    std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
    // A plain hash needs no set-up of the library and can't fail.
    (void)crypto_hash_sha256(hash.data(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    return "sha256:" + hexadecimal(hash.data(), hash.size());
}

Sha256::Sha256() {
    static_assert(sizeof(crypto_hash_sha256_state) <= kStateBytes);
    crypto_hash_sha256_state state;
    (void)crypto_hash_sha256_init(&state);
    std::memcpy(state_.data(), &state, sizeof state);
}

void Sha256::add(std::string_view bytes) {
    crypto_hash_sha256_state state = read_state(state_.data());
    (void)crypto_hash_sha256_update(&state, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    std::memcpy(state_.data(), &state, sizeof state);
}

std::string Sha256::digest() const {
    crypto_hash_sha256_state state = read_state(state_.data());
    std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
    (void)crypto_hash_sha256_final(&state, hash.data());
    return "sha256:" + hexadecimal(hash.data(), hash.size());
}

}  // namespace keywright::base
