// Signed packs: who wrote these rules, and are they all there?
//
// A signed pack has two files beside its entry file: `keywright.manifest`, which lists every file of the pack with size
// and digest, and `keywright.manifest.minisig`, a detached ed25519 signature of it in the format of minisign
// (https://jedisct1.github.io/minisign/), which that program makes and checks too.
//
//     auto key = keywright::read_verifying_key("RWQSV6yn…");
//     auto compiled = keywright::compile_path("rules/desk", {.root = "rules"});
//     auto check = keywright::check_signature("rules", compiled, {.key = *key.key});
//     if (!check.diagnostics.empty()) …    // KW8xxx: decide nothing
//
// What is compared with the manifest are the texts that were compiled, not the files as they are by then, so there is
// no moment in which one could be exchanged. An older version of a pack is signed as well as a newer one; `known` and
// `at_least` are there to refuse it.
//
// Signing keys are kept in one place, overwritten when they are done with, and shown by nothing here.
#pragma once

#include "keywright/diagnostic.h"
#include "keywright/rules.h"

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keywright {

// --- keys ------------------------------------------------------------------------------------------------------------

// A public key. Whoever has it can tell whether a signature is by the signing key of the same id.
struct VerifyingKey {
    std::array<unsigned char, 8> id{};
    std::array<unsigned char, 32> point{};

    [[nodiscard]] std::string id_text() const;  // 16 hexadecimal digits, as minisign shows it
    [[nodiscard]] std::string line() const;     // base64, 56 characters beginning with `RW`
    friend bool operator==(const VerifyingKey&, const VerifyingKey&) = default;
};

struct ReadVerifyingKey {
    std::optional<VerifyingKey> key;
    std::string error;  // why there is none; never holds the text
};

// From the line of base64 alone, or a file of minisign's with a comment before it.
[[nodiscard]] ReadVerifyingKey read_verifying_key(std::string_view text);

// A secret key. It can be moved but not copied, and is overwritten at its end.
class SigningKey {
public:
    SigningKey(std::array<unsigned char, 8> id, const std::array<unsigned char, 64>& secret);
    SigningKey(SigningKey&& other) noexcept;
    SigningKey& operator=(SigningKey&& other) noexcept;
    SigningKey(const SigningKey&) = delete;
    SigningKey& operator=(const SigningKey&) = delete;
    ~SigningKey();

    [[nodiscard]] VerifyingKey verifying_key() const;
    [[nodiscard]] const std::array<unsigned char, 64>& secret() const { return secret_; }

private:
    void wipe();
    std::array<unsigned char, 8> id_{};
    std::array<unsigned char, 64> secret_{};
};

struct ReadSigningKey {
    std::optional<SigningKey> key;
    bool needs_password = false;  // it is encrypted, and no password was given
    std::string error;            // why there is no key; never holds the text or the password
};

// From a file of minisign's. With a password it takes as long and as much memory as the file asks for, at most 1 GiB.
[[nodiscard]] ReadSigningKey read_signing_key(std::string_view text,
                                              std::optional<std::string_view> password = std::nullopt);

// A new pair of keys as files of minisign's. The secret one is encrypted with the password, if there is one: scrypt
// with 256 MiB. `wipe` it when it is written.
struct NewKey {
    std::string secret_file, public_file;
    std::string error;  // the system gave no randomness, or no memory
};
[[nodiscard]] NewKey new_key(std::optional<std::string_view> password);

// Overwrites a text that held a secret, and empties it.
void wipe(std::string& text);

// --- signatures ------------------------------------------------------------------------------------------------------

// The text of a `.minisig` file for `text`: prehashed (`ED`), with a trusted comment of one line. The same key and
// texts give the same signature.
[[nodiscard]] std::string sign(const SigningKey& key, std::string_view text, std::string_view trusted_comment);

struct SignatureOf {
    enum class State : std::uint8_t {
        kValid,
        kMalformed,  // not in the format
        kOtherKey,   // by a key of another id
        kWrong,      // by nobody: the text, the signature or the comment was changed
    };
    State state = State::kMalformed;
    std::string key_id;           // of the key that it names, where it could be read
    std::string trusted_comment;  // only where it is valid
    std::string error;            // of a malformed one: what is wrong with it
};

// Checks a `.minisig` file: prehashed ones, and those of the legacy kind (`Ed`). Linear in the texts.
[[nodiscard]] SignatureOf check_signature(std::string_view text, std::string_view minisig, const VerifyingKey& key);

// --- manifests -------------------------------------------------------------------------------------------------------

struct ManifestFile {
    enum class Role : std::uint8_t { kRules, kTest, kWaiver };
    Role role = Role::kRules;
    std::string path;  // seen from the manifest's folder
    std::uint64_t bytes = 0;
    std::string digest;  // `sha256:…`
    friend bool operator==(const ManifestFile&, const ManifestFile&) = default;
};

struct Manifest {
    std::string pack, version, entry;  // the entry file lies in the manifest's folder
    std::vector<ManifestFile> files;   // by path
    [[nodiscard]] const ManifestFile* find(std::string_view path) const;
    friend bool operator==(const Manifest&, const Manifest&) = default;
};

// The files behind `compiled`, which has no errors: those that its entry file reaches as rules, and those given along
// (`CompileOptions::also`) as tests.
[[nodiscard]] Manifest manifest_of(const Compiled& compiled);
[[nodiscard]] std::string to_text(const Manifest& manifest);

struct ReadManifest {
    std::optional<Manifest> manifest;
    std::string error;
};
// Accepts exactly what `to_text` writes.
[[nodiscard]] ReadManifest read_manifest(std::string_view text);

// --- versions --------------------------------------------------------------------------------------------------------

// How two versions stand to each other: numbers parted by dots, of any length; a part that is missing is 0. Nothing
// where one of them is anything else, such as `1.0-beta`.
[[nodiscard]] std::optional<std::strong_ordering> compare_versions(std::string_view a, std::string_view b);

// The newest version seen of a pack that is signed by a key.
struct KnownVersion {
    std::string key;  // `VerifyingKey::line`
    std::string pack, version;
    friend bool operator==(const KnownVersion&, const KnownVersion&) = default;
};

struct ReadKnownVersions {
    std::vector<KnownVersion> versions;
    std::string error;  // empty: it was read
};

// The document `keywright.known-versions/1`.
[[nodiscard]] ReadKnownVersions read_known_versions(std::string_view json);
[[nodiscard]] std::string to_json(const std::vector<KnownVersion>& versions);
[[nodiscard]] std::string known_versions_schema();
// Puts down that a version was seen. Tells whether that changed anything.
[[nodiscard]] bool remember(std::vector<KnownVersion>& versions, const KnownVersion& seen);

// --- packs -----------------------------------------------------------------------------------------------------------

struct SignatureOptions {
    VerifyingKey key;
    // Also accept what a signed test of the pack compiles to, for running that. Else only the whole pack will do.
    bool tests = false;
    std::string at_least = {};             // no older version than this; empty: any
    std::vector<KnownVersion> known = {};  // no older version than was seen before
};

struct PackSignature {
    std::optional<Manifest> manifest;     // where the pack is as it was signed
    std::vector<Diagnostic> diagnostics;  // KW8xxx: why it isn't, or why it is refused
};

// Is all that was compiled signed by the key, and the version new enough? `files` is where it was compiled from. Linear
// in the files.
[[nodiscard]] PackSignature check_signature(const FileSource& files, const Compiled& compiled,
                                            const SignatureOptions& options);
// The same for `compile_path`, with the root that was given to it (which mustn't be empty).
[[nodiscard]] PackSignature check_signature(const std::string& root, const Compiled& compiled,
                                            const SignatureOptions& options);

}  // namespace keywright
