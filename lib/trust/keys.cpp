// Keys and their files. Everything that was secret is overwritten before it is let go.
#include "keywright/signature.h"
#include "trust/minisign.h"

#include <sodium/core.h>
#include <sodium/crypto_generichash.h>
#include <sodium/crypto_pwhash_scryptsalsa208sha256.h>
#include <sodium/crypto_sign.h>
#include <sodium/randombytes.h>
#include <sodium/utils.h>

#include <algorithm>
#include <utility>

namespace keywright {

namespace {

using trust::Bytes;

constexpr std::size_t kPublic = 2 + 8 + 32;
constexpr std::size_t kSecret = 2 + 2 + 2 + 32 + 8 + 8 + 8 + 64 + 32;
// Where the parts of a secret key stand.
constexpr std::size_t kKdf = 2, kCheckKind = 4, kSalt = 6, kOps = 38, kMemory = 46, kId = 54, kKey = 62, kCheck = 126;
constexpr std::size_t kHidden = kSecret - kId;  // what the password hides

// What new keys ask for: half a second and 256 MiB.
constexpr std::uint64_t kNewOps = std::uint64_t{1} << 23;
constexpr std::uint64_t kNewMemory = std::uint64_t{1} << 28;
// The most that is done for a file: what minisign itself asks for.
constexpr std::uint64_t kMostOps = std::uint64_t{1} << 25;
constexpr std::uint64_t kMostMemory = std::uint64_t{1} << 30;

// Bytes that are overwritten at their end.
class Wiped {
public:
    explicit Wiped(Bytes bytes) : bytes_(std::move(bytes)) {}
    Wiped(const Wiped&) = delete;
    Wiped& operator=(const Wiped&) = delete;
    ~Wiped() { sodium_memzero(bytes_.data(), bytes_.size()); }
    unsigned char* at(std::size_t offset) { return bytes_.data() + offset; }

private:
    Bytes bytes_;
};

[[nodiscard]] std::uint64_t number(const unsigned char* bytes) {
    std::uint64_t out = 0;
    for (std::size_t i = 8; i-- > 0;) out = out << 8 | bytes[i];
    return out;
}

void put(std::uint64_t number, unsigned char* bytes) {
    for (std::size_t i = 0; i < 8; ++i, number >>= 8) bytes[i] = static_cast<unsigned char>(number & 0xff);
}

// Hides what stands behind the memory limit, or shows it again. False: there isn't enough memory.
[[nodiscard]] bool apply_password(Wiped& key, std::string_view password) {
    Wiped stream{Bytes(kHidden)};
    if (crypto_pwhash_scryptsalsa208sha256(stream.at(0), kHidden, password.data(), password.size(), key.at(kSalt),
                                           number(key.at(kOps)),
                                           static_cast<std::size_t>(number(key.at(kMemory)))) != 0) {
        return false;
    }
    for (std::size_t i = 0; i < kHidden; ++i)
        *key.at(kId + i) = static_cast<unsigned char>(*key.at(kId + i) ^ *stream.at(i));
    return true;
}

// BLAKE2b-256 of algorithm, id and key: tells a wrong password.
[[nodiscard]] std::array<unsigned char, 32> check_of(Wiped& key) {
    std::array<unsigned char, 32> out{};
    Wiped all{Bytes(2 + 8 + 64)};
    std::copy_n(key.at(0), 2, all.at(0));
    std::copy_n(key.at(kId), 8 + 64, all.at(2));
    (void)crypto_generichash(out.data(), out.size(), all.at(0), 2 + 8 + 64, nullptr, 0);
    return out;
}

// The second half of a secret key has to be the public key that belongs to the first.
[[nodiscard]] bool is_whole(Wiped& key) {
    std::array<unsigned char, 32> point{};
    Wiped again{Bytes(64)};
    (void)crypto_sign_seed_keypair(point.data(), again.at(0), key.at(kKey));
    return sodium_memcmp(again.at(0), key.at(kKey), 64) == 0;
}

// The base64 of a file, with or without a comment before it.
[[nodiscard]] std::optional<std::string_view> payload(std::string_view text) {
    if (const auto two = trust::lines_of(text, 2)) {
        if (!(*two)[0].starts_with(trust::kUntrusted)) return std::nullopt;
        return (*two)[1];
    }
    if (const auto one = trust::lines_of(text, 1)) return (*one)[0];
    return std::nullopt;
}

}  // namespace

void wipe(std::string& text) {
    sodium_memzero(text.data(), text.size());
    text.clear();
}

std::string VerifyingKey::id_text() const { return trust::id_text(id.data()); }

std::string VerifyingKey::line() const {
    Bytes bytes = {'E', 'd'};
    bytes.insert(bytes.end(), id.begin(), id.end());
    bytes.insert(bytes.end(), point.begin(), point.end());
    return trust::to_base64(bytes.data(), bytes.size());
}

ReadVerifyingKey read_verifying_key(std::string_view text) {
    const auto line = payload(text);
    if (!line) return {{}, "it is not one line of base64, with a line `untrusted comment: …` before it or not"};
    const auto bytes = trust::from_base64(*line, kPublic);
    if (!bytes) {
        if (const auto secret = trust::from_base64(*line, kSecret)) {
            Wiped wiped{*secret};
            return {{}, "it is a secret key; the public one is in the file whose name ends in `.pub`"};
        }
        return {{}, "it is not base64 of a public key, which has 56 characters"};
    }
    if ((*bytes)[0] != 'E' || (*bytes)[1] != 'd') return {{}, "it is a key of an unknown kind"};
    VerifyingKey key;
    std::copy_n(bytes->begin() + 2, key.id.size(), key.id.begin());
    std::copy_n(bytes->begin() + 2 + 8, key.point.size(), key.point.begin());
    return {key, {}};
}

SigningKey::SigningKey(std::array<unsigned char, 8> id, const std::array<unsigned char, 64>& secret)
    : id_(id), secret_(secret) {}
SigningKey::SigningKey(SigningKey&& other) noexcept : id_(other.id_), secret_(other.secret_) { other.wipe(); }
SigningKey& SigningKey::operator=(SigningKey&& other) noexcept {
    if (this != &other) {
        id_ = other.id_;
        secret_ = other.secret_;
        other.wipe();
    }
    return *this;
}
SigningKey::~SigningKey() { wipe(); }
void SigningKey::wipe() { sodium_memzero(secret_.data(), secret_.size()); }

VerifyingKey SigningKey::verifying_key() const {
    VerifyingKey out;
    out.id = id_;
    std::copy_n(secret_.begin() + 32, out.point.size(), out.point.begin());
    return out;
}

ReadSigningKey read_signing_key(std::string_view text, std::optional<std::string_view> password) {
    const auto fail = [](std::string why) {
        ReadSigningKey out;
        out.error = std::move(why);
        return out;
    };
    const auto line = payload(text);
    if (!line) return fail("it is not a line `untrusted comment: …` and one of base64");
    auto bytes = trust::from_base64(*line, kSecret);
    if (!bytes) {
        return fail(trust::from_base64(*line, kPublic) ? "it is a public key; a pack is signed with the secret one"
                                                       : "it is not base64 of a secret key of minisign's");
    }
    Wiped key{std::move(*bytes)};
    const auto is = [&](std::size_t at, char first, char second) {
        return *key.at(at) == static_cast<unsigned char>(first) &&
               *key.at(at + 1) == static_cast<unsigned char>(second);
    };
    if (!is(0, 'E', 'd') || !is(kCheckKind, 'B', '2')) return fail("it is a key of an unknown kind");
    const bool plain = is(kKdf, '\0', '\0');
    if (!plain) {
        if (!is(kKdf, 'S', 'c')) return fail("it is encrypted in an unknown way");
        if (!password) {
            ReadSigningKey out;
            out.needs_password = true;
            out.error = "it is encrypted, and there is no password";
            return out;
        }
        if (number(key.at(kOps)) > kMostOps || number(key.at(kMemory)) > kMostMemory)
            return fail("its password asks for more time or memory than minisign's own keys do");
        if (!apply_password(key, *password)) return fail("there isn't enough memory to decrypt it");
    }
    // minisign leaves the check of a key without a password zero.
    const std::array<unsigned char, 32> check = check_of(key);
    const bool unchecked = plain && sodium_is_zero(key.at(kCheck), check.size()) == 1;
    if (!unchecked && sodium_memcmp(check.data(), key.at(kCheck), check.size()) != 0)
        return fail(plain ? "it is damaged" : "the password is wrong");
    if (!is_whole(key)) return fail("it is damaged");
    std::array<unsigned char, 8> id{};
    std::array<unsigned char, 64> secret{};
    std::copy_n(key.at(kId), id.size(), id.begin());
    std::copy_n(key.at(kKey), secret.size(), secret.begin());
    ReadSigningKey out;
    out.key.emplace(id, secret);
    sodium_memzero(secret.data(), secret.size());
    return out;
}

NewKey new_key(std::optional<std::string_view> password) {
    NewKey out;
    if (sodium_init() < 0) {
        out.error = "the system gives no randomness";
        return out;
    }
    Wiped key{Bytes(kSecret)};
    *key.at(0) = 'E';
    *key.at(1) = 'd';
    *key.at(kCheckKind) = 'B';
    *key.at(kCheckKind + 1) = '2';
    randombytes_buf(key.at(kId), 8);
    VerifyingKey verifying;
    (void)crypto_sign_keypair(verifying.point.data(), key.at(kKey));
    std::copy_n(key.at(kId), verifying.id.size(), verifying.id.begin());
    const std::array<unsigned char, 32> check = check_of(key);
    std::copy(check.begin(), check.end(), key.at(kCheck));
    if (password) {
        *key.at(kKdf) = 'S';
        *key.at(kKdf + 1) = 'c';
        randombytes_buf(key.at(kSalt), 32);
        put(kNewOps, key.at(kOps));
        put(kNewMemory, key.at(kMemory));
        if (!apply_password(key, *password)) {
            out.error = "there isn't enough memory to encrypt the key";
            return out;
        }
    }
    std::string line = trust::to_base64(key.at(0), kSecret);
    out.secret_file = std::string{trust::kUntrusted} + "keywright " + (password ? "encrypted " : "") + "secret key " +
                      verifying.id_text() + '\n' + line + '\n';
    wipe(line);
    out.public_file =
        std::string{trust::kUntrusted} + "keywright public key " + verifying.id_text() + '\n' + verifying.line() + '\n';
    return out;
}

}  // namespace keywright
