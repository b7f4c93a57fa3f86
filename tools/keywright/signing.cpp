#include "signing.h"

#include "files.h"
#include "known_versions.h"
#include "status.h"

#include <functional>
#include <iterator>
#include <utility>

namespace keywright::command {

namespace {

constexpr std::size_t kLimit = 4096;  // bytes of a key's file

// The key itself, or the file that holds it.
[[nodiscard]] VerifyingKey key_of(const std::string& given) {
    if (const auto read = read_verifying_key(given); read.key) return *read.key;
    const ReadSigningKey secret = read_signing_key(given);
    // A name that is a secret key mustn't be shown as the name of a file that isn't there.
    if (secret.key || secret.needs_password)
        fail(Status::kUsage, "`--require-signature` was given a secret key",
             "it takes the public one, and the secret one is to be replaced, as others may have seen it");
    std::string text = read_file(given, kLimit);
    ReadVerifyingKey read = read_verifying_key(text);
    wipe(text);  // it may be the wrong one of the two files
    if (!read.key) fail(Status::kUsage, "`" + given + "` is no public key: " + read.error);
    return *read.key;
}

void require(Compiled& compiled, const Settings& settings, SignatureOptions options,
             const std::function<PackSignature(const SignatureOptions&)>& check) {
    KnownVersions memory{settings};
    options.key = key_of(*settings.require_signature);
    options.at_least = settings.at_least;
    options.known = memory.versions();
    PackSignature result = check(options);
    if (result.manifest) {
        // Only what can be used was seen: a pack with mistakes may be an unfinished one.
        if (compiled.rules) memory.remember({options.key.line(), result.manifest->pack, result.manifest->version});
        return;
    }
    compiled.rules.reset();
    std::vector<Diagnostic> all = std::move(result.diagnostics);
    std::move(compiled.diagnostics.begin(), compiled.diagnostics.end(), std::back_inserter(all));
    compiled.diagnostics = std::move(all);
}

}  // namespace

void require_signature(Compiled& compiled, const std::string& root, const Settings& settings, Scope scope) {
    if (!settings.require_signature) return;
    SignatureOptions options;
    options.tests = scope == Scope::kTests;
    require(compiled, settings, options,
            [&](const SignatureOptions& all) { return check_signature(root, compiled, all); });
}

void require_signature(Compiled& compiled, const FileSource& files, const Settings& settings) {
    if (!settings.require_signature) return;
    require(compiled, settings, {}, [&](const SignatureOptions& all) { return check_signature(files, compiled, all); });
}

}  // namespace keywright::command
