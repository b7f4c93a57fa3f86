// Files that somebody else may have written: keys, signatures, manifests, memories of versions, heads of reports.
// Whatever they hold, each is read or refused with a reason, and what is read is written the same again.
#include "fuzz/law.h"
#include "keywright/signature.h"
#include "keywright/verify.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace {

using namespace keywright;
using fuzz::law;

void read_all(std::string_view text) {
    const ReadVerifyingKey key = read_verifying_key(text);
    law(key.key.has_value() == key.error.empty(), "key.key.has_value() == key.error.empty()");
    if (key.key)
        law(read_verifying_key(key.key->line()).key == key.key, "read_verifying_key(key.key->line()).key == key.key");

    const ReadSigningKey secret = read_signing_key(text);
    law(secret.key.has_value() == secret.error.empty(), "secret.key.has_value() == secret.error.empty()");

    const SignatureOf signature = check_signature("text", text, VerifyingKey{});
    law((signature.state == SignatureOf::State::kMalformed) == !signature.error.empty(),
        "(signature.state == SignatureOf::State::kMalformed) == !signature.error.empty()");
    law(signature.state != SignatureOf::State::kValid, "signature.state != SignatureOf::State::kValid");

    const ReadManifest manifest = read_manifest(text);
    law(manifest.manifest.has_value() == manifest.error.empty(),
        "manifest.manifest.has_value() == manifest.error.empty()");
    if (manifest.manifest) law(to_text(*manifest.manifest) == text, "to_text(*manifest.manifest) == text");

    const ReadKnownVersions versions = read_known_versions(text);
    if (versions.error.empty())
        law(read_known_versions(to_json(versions.versions)).versions == versions.versions,
            "read_known_versions(to_json(versions.versions)).versions == versions.versions");

    const std::size_t half = text.size() / 2;
    const auto forward = compare_versions(text.substr(0, half), text.substr(half));
    const auto back = compare_versions(text.substr(half), text.substr(0, half));
    law(forward.has_value() == back.has_value(), "forward.has_value() == back.has_value()");
    if (forward)
        law((*forward == std::strong_ordering::less) == (*back == std::strong_ordering::greater),
            "(*forward == std::strong_ordering::less) == (*back == std::strong_ordering::greater)");

    const ReadReport report = read_report(text);
    law(report.report.has_value() == report.error.empty(), "report.report.has_value() == report.error.empty()");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    read_all(fuzz::text_of(data, size));
    return 0;
}
