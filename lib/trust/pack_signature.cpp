// Is a compiled pack what was signed?
#include "base/digest.h"
#include "base/text.h"
#include "diag/diag.h"
#include "keywright/signature.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

namespace keywright {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLimit = std::size_t{1} << 20;  // bytes of a manifest or signature
constexpr const char* kManifest = "keywright.manifest";
constexpr const char* kSignature = "keywright.manifest.minisig";

[[nodiscard]] std::string shown(std::string_view text) { return base::printable(text); }

class Check {
public:
    Check(const FileSource& files, const Compiled& compiled, const SignatureOptions& options)
        : files_(files), compiled_(compiled), options_(options) {}

    PackSignature run() {
        if (compiled_.files.empty()) {
            report(diag::Code::kUnsigned, "nothing was compiled, so there is no signature", {});
            return std::move(out_);
        }
        const std::string entry = compiled_.files.front().path;
        const auto text = find_manifest(entry);
        if (!text) return std::move(out_);
        const auto manifest = signed_manifest(*text);
        if (!manifest) return std::move(out_);
        const std::string seen = from_folder(entry);
        is_pack_ = seen == manifest->entry;
        const ManifestFile* const listed = manifest->find(seen);
        const bool as_test = options_.tests && listed != nullptr;
        if (!is_pack_ && !as_test) {
            report(diag::Code::kNotAsSigned,
                   fmt::format("what is signed is the pack with the entry file `{}`, not `{}`", shown(manifest->entry),
                               shown(seen)),
                   "name the pack, not one of its files");
        }
        compare_files(*manifest);
        compare_identity(*manifest);
        compare_versions_seen(*manifest);
        if (out_.diagnostics.empty()) out_.manifest = *manifest;
        return std::move(out_);
    }

private:
    void report(diag::Code code, std::string message, std::string help) {
        const diag::CodeInfo& info = diag::info(code);
        Diagnostic diagnostic;
        diagnostic.code = info.code;
        diagnostic.severity = info.severity;
        diagnostic.message = std::move(message);
        diagnostic.help = std::move(help);
        out_.diagnostics.push_back(std::move(diagnostic));
    }

    [[nodiscard]] std::string below_folder(const char* name) const {
        return folder_.empty() ? name : (fs::path{folder_} / name).generic_string();
    }
    [[nodiscard]] std::string from_folder(const std::string& path) const {
        return fs::path{path}.lexically_relative(fs::path{folder_}).generic_string();
    }

    // The manifest beside the entry file, and of a test that in the nearest folder upward, too.
    std::optional<std::string> find_manifest(const std::string& entry) {
        fs::path folder = fs::path{entry}.parent_path();
        const std::string nearest = folder.generic_string();
        while (true) {
            folder_ = folder.generic_string();
            FileSource::Result read = files_.read(below_folder(kManifest), kLimit);
            if (read.text) {
                if (read.text->size() <= kLimit) return std::move(read.text);
                report(diag::Code::kBadManifest,
                       fmt::format("`{}` is larger than {} bytes", shown(below_folder(kManifest)), kLimit), {});
                return std::nullopt;
            }
            if (!options_.tests || folder.empty() || folder == folder.parent_path()) break;
            folder = folder.parent_path();
        }
        folder_ = nearest;
        report(diag::Code::kUnsigned,
               fmt::format("the pack is not signed: there is no `{}`", shown(below_folder(kManifest))),
               "`keywright sign PACK --key FILE` signs a pack; without `--require-signature` none is asked for");
        return std::nullopt;
    }

    std::optional<Manifest> signed_manifest(const std::string& text) {
        const std::string name = shown(below_folder(kSignature));
        const FileSource::Result signature = files_.read(below_folder(kSignature), kLimit);
        if (!signature.text) {
            report(diag::Code::kUnsigned, fmt::format("the pack is not signed: there is a manifest, but no `{}`", name),
                   "`keywright sign PACK --key FILE` writes both");
            return std::nullopt;
        }
        const SignatureOf by = check_signature(text, *signature.text, options_.key);
        switch (by.state) {
            case SignatureOf::State::kValid: break;
            case SignatureOf::State::kMalformed:
                report(diag::Code::kBadSignature, fmt::format("`{}` is no signature: {}", name, by.error),
                       "get the pack anew from whoever signed it");
                return std::nullopt;
            case SignatureOf::State::kOtherKey:
                report(diag::Code::kOtherKey,
                       fmt::format("the pack is signed by the key {}, and a signature by the key {} is required",
                                   by.key_id, options_.key.id_text()),
                       "if you trust whoever has that key, require a signature by it");
                return std::nullopt;
            case SignatureOf::State::kWrong:
                report(diag::Code::kBadSignature,
                       fmt::format("the signature in `{}` is not of this manifest: one of them was changed", name),
                       "get the pack anew from whoever signed it");
                return std::nullopt;
        }
        ReadManifest read = read_manifest(text);
        if (!read.manifest) {
            report(diag::Code::kBadManifest,
                   fmt::format("`{}` can't be read: {}", shown(below_folder(kManifest)), read.error),
                   "`keywright sign PACK --key FILE` writes it anew");
        }
        return std::move(read.manifest);
    }

    void compare_files(const Manifest& manifest) {
        const std::string help = "get the pack anew, or sign it again if the change is yours";
        std::set<std::string> there;
        for (const Compiled::File& file : compiled_.files) {
            if (file.given) continue;
            if (file.waivers) {
                compare_waivers(manifest, file);
                continue;
            }
            const std::string path = from_folder(file.path);
            there.insert(path);
            const ManifestFile* const listed = manifest.find(path);
            if (listed == nullptr) {
                report(diag::Code::kNotAsSigned,
                       fmt::format("`{}` was added: the manifest doesn't have it", shown(path)), help);
            } else if (listed->bytes != file.text.size() || listed->digest != base::sha256(file.text)) {
                report(diag::Code::kNotAsSigned, fmt::format("`{}` was changed since it was signed", shown(path)),
                       help);
            }
        }
        // A pack with mistakes may stop short of its own files; then it isn't used anyway.
        if (!compiled_.rules || !is_pack_) return;
        for (const ManifestFile& file : manifest.files) {
            if (file.role != ManifestFile::Role::kRules || there.contains(file.path)) continue;
            report(diag::Code::kNotAsSigned,
                   fmt::format("`{}` is missing: it was signed as a part of the pack", shown(file.path)), help);
        }
    }

    // Whoever may add a waiver may excuse a key, so a file of waivers is signed with the pack; where it lies doesn't
    // matter.
    void compare_waivers(const Manifest& manifest, const Compiled::File& file) {
        const std::string digest = base::sha256(file.text);
        for (const ManifestFile& listed : manifest.files) {
            if (listed.role == ManifestFile::Role::kWaiver && listed.digest == digest) return;
        }
        report(diag::Code::kNotAsSigned,
               fmt::format("`{}` holds waivers that are not signed with the pack",
                           shown(fs::path{file.path}.filename().generic_string())),
               "`keywright sign --waivers PATH` signs them with it, if they are yours");
    }

    void compare_identity(const Manifest& manifest) {
        if (!compiled_.rules || !is_pack_) return;
        const RulesIdentity identity = compiled_.rules->identity();
        if (identity.pack == manifest.pack && identity.version == manifest.version) return;
        report(diag::Code::kBadManifest,
               fmt::format("the manifest is of `{} {}`, and the pack is `{} {}`", shown(manifest.pack),
                           shown(manifest.version), shown(identity.pack), shown(identity.version)),
               "`keywright sign PACK --key FILE` writes it anew");
    }

    void compare_versions_seen(const Manifest& manifest) {
        if (!compare_versions(manifest.version, manifest.version)) {
            report(diag::Code::kVersionOrder,
                   fmt::format("whether the version `{}` is an older one can't be told", shown(manifest.version)),
                   "a signed pack has a version of numbers and dots, such as `1.4.0`");
            return;
        }
        if (!options_.at_least.empty() && !is_at_least(manifest.version, options_.at_least)) {
            report(diag::Code::kOlderVersion,
                   fmt::format("the pack has the version {}, and at least {} is required", shown(manifest.version),
                               shown(options_.at_least)),
                   "get the newer version");
        }
        for (const KnownVersion& known : options_.known) {
            if (known.key != options_.key.line() || known.pack != manifest.pack) continue;
            if (is_at_least(manifest.version, known.version)) continue;
            report(diag::Code::kOlderVersion,
                   fmt::format("the pack has the version {}, and {} by the same key was seen before",
                               shown(manifest.version), shown(known.version)),
                   "get the newer version; who puts an old one in its place may want its mistakes back");
        }
    }

    [[nodiscard]] static bool is_at_least(std::string_view version, std::string_view least) {
        const auto order = compare_versions(version, least);
        return order && *order != std::strong_ordering::less;
    }

    const FileSource& files_;
    const Compiled& compiled_;
    const SignatureOptions& options_;
    std::string folder_;    // of the manifest
    bool is_pack_ = false;  // what was compiled is the pack itself, not one of its tests
    PackSignature out_;
};

}  // namespace

PackSignature check_signature(const FileSource& files, const Compiled& compiled, const SignatureOptions& options) {
    return Check{files, compiled, options}.run();
}

}  // namespace keywright
