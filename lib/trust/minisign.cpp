#include "trust/minisign.h"

#include "base/text.h"
#include "keywright/signature.h"

#include <sodium/crypto_generichash.h>
#include <sodium/crypto_sign.h>
#include <sodium/utils.h>

#include <algorithm>

namespace keywright {

namespace trust {

std::optional<Bytes> from_base64(std::string_view text, std::size_t size) {
    // libsodium 1.0.18 takes some bytes above 0x7f for digits.
    constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";
    if (text.find_first_not_of(kDigits) != std::string_view::npos) return std::nullopt;
    Bytes out(size + 3);  // a little more, so that a longer text is told from one that fits
    std::size_t written = 0;
    const char* end = nullptr;
    const int failed = sodium_base642bin(out.data(), out.size(), text.data(), text.size(), nullptr, &written, &end,
                                         sodium_base64_VARIANT_ORIGINAL);
    if (failed != 0 || end != text.data() + text.size() || written != size) {
        sodium_memzero(out.data(), out.size());
        return std::nullopt;
    }
    out.resize(size);
    return out;
}

std::string to_base64(const unsigned char* bytes, std::size_t size) {
    std::string out(sodium_base64_encoded_len(size, sodium_base64_VARIANT_ORIGINAL), '\0');
    (void)sodium_bin2base64(out.data(), out.size(), bytes, size, sodium_base64_VARIANT_ORIGINAL);
    out.pop_back();  // its NUL
    return out;
}

std::optional<std::vector<std::string_view>> lines_of(std::string_view text, std::size_t count) {
    if (text.find('\0') != std::string_view::npos) return std::nullopt;
    std::vector<std::string_view> out;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (out.size() == count) return std::nullopt;
        out.push_back(line);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    if (out.size() != count) return std::nullopt;
    return out;
}

std::string id_text(const unsigned char* id) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string out;
    for (std::size_t i = 8; i-- > 0;) {
        out += kDigits[id[i] >> 4];
        out += kDigits[id[i] & 0xf];
    }
    return out;
}

namespace {

constexpr std::size_t kSignature = crypto_sign_BYTES;

[[nodiscard]] Bytes prehashed(std::string_view text) {
    Bytes out(crypto_generichash_BYTES_MAX);
    (void)crypto_generichash(out.data(), out.size(), reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                             nullptr, 0);
    return out;
}

// What the second signature is of.
[[nodiscard]] Bytes with_comment(const unsigned char* signature, std::string_view comment) {
    Bytes out(kSignature + comment.size());
    std::copy_n(signature, kSignature, out.begin());
    std::copy(comment.begin(), comment.end(), out.begin() + kSignature);
    return out;
}

[[nodiscard]] bool is_signature_of(const unsigned char* signature, const Bytes& text, const VerifyingKey& key) {
    return crypto_sign_verify_detached(signature, text.data(), text.size(), key.point.data()) == 0;
}

}  // namespace

}  // namespace trust

std::string sign(const SigningKey& key, std::string_view text, std::string_view trusted_comment) {
    using namespace trust;
    std::string comment{trusted_comment.substr(0, trusted_comment.find_first_of(std::string_view{"\r\n\0", 3}))};
    const VerifyingKey by = key.verifying_key();
    constexpr std::size_t kAt = 2 + 8;
    Bytes line(kAt + kSignature);
    line[0] = 'E';
    line[1] = 'D';
    std::copy(by.id.begin(), by.id.end(), line.begin() + 2);
    const Bytes hash = prehashed(text);
    (void)crypto_sign_detached(line.data() + kAt, nullptr, hash.data(), hash.size(), key.secret().data());
    std::array<unsigned char, kSignature> over_all{};
    const Bytes all = with_comment(line.data() + kAt, comment);
    (void)crypto_sign_detached(over_all.data(), nullptr, all.data(), all.size(), key.secret().data());
    std::string out{kUntrusted};
    out += "signature by keywright, key " + by.id_text() + '\n' + to_base64(line.data(), line.size()) + '\n';
    out += std::string{kTrusted} + comment + '\n' + to_base64(over_all.data(), over_all.size()) + '\n';
    return out;
}

SignatureOf check_signature(std::string_view text, std::string_view minisig, const VerifyingKey& key) {
    using namespace trust;
    SignatureOf out;
    const auto malformed = [&](const char* why) {
        out.state = SignatureOf::State::kMalformed;
        out.error = why;
        return out;
    };
    const auto lines = lines_of(minisig, 4);
    if (!lines) return malformed("it doesn't have four lines");
    if (!(*lines)[0].starts_with(kUntrusted)) return malformed("its first line is no `untrusted comment: …`");
    if (!(*lines)[2].starts_with(kTrusted)) return malformed("its third line is no `trusted comment: …`");
    const auto line = from_base64((*lines)[1], 2 + 8 + kSignature);
    const auto over_all = from_base64((*lines)[3], kSignature);
    if (!line || !over_all) return malformed("its signature is not base64 of the right length");
    const bool hashed = (*line)[0] == 'E' && (*line)[1] == 'D';
    if (!hashed && !((*line)[0] == 'E' && (*line)[1] == 'd')) return malformed("it is of an unknown kind");
    out.key_id = id_text(line->data() + 2);
    if (!std::equal(key.id.begin(), key.id.end(), line->data() + 2)) {
        out.state = SignatureOf::State::kOtherKey;
        return out;
    }
    const unsigned char* const signature = line->data() + 2 + 8;
    const std::string_view comment = (*lines)[2].substr(kTrusted.size());
    const Bytes of = hashed ? prehashed(text) : Bytes{text.begin(), text.end()};
    if (!is_signature_of(signature, of, key) ||
        !is_signature_of(over_all->data(), with_comment(signature, comment), key)) {
        out.state = SignatureOf::State::kWrong;
        return out;
    }
    out.state = SignatureOf::State::kValid;
    out.trusted_comment = comment;
    return out;
}

}  // namespace keywright
