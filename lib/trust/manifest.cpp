// The manifest of a pack: a text that lists its files.
//
//     keywright.manifest/1
//     pack kucoin_tr.create_api
//     version 1.0.0
//     entry pack.kw
//     rules 1234 sha256:… adapters.kw
//     test 567 sha256:… tests/expiry.kw
//
// There is one way to write one: whatever reads back as something else than it was isn't a manifest.
#include "base/digest.h"
#include "base/text.h"
#include "keywright/signature.h"

#include <algorithm>
#include <charconv>
#include <filesystem>

namespace keywright {

namespace {

constexpr std::string_view kFirst = "keywright.manifest/1";

[[nodiscard]] std::string_view to_string(ManifestFile::Role role) {
    switch (role) {
        case ManifestFile::Role::kRules: return "rules";
        case ManifestFile::Role::kTest: return "test";
        case ManifestFile::Role::kWaiver: return "waiver";
    }
    return {};
}

// `rules.kw`, `tests/a.kw`, `../common/base.kw`: relative, steps up only at its beginning, nothing that nobody sees.
[[nodiscard]] bool is_plain_path(std::string_view path) {
    if (path.empty() || base::find_invalid_utf8(path) || path.find('\\') != std::string_view::npos) return false;
    for (std::size_t offset = 0; offset < path.size();) {
        const char32_t scalar = base::next_scalar(path, offset);
        if (base::is_invisible(scalar) || scalar == U'\n' || scalar == U'\r' || scalar == U'\t') return false;
    }
    bool down = false;
    while (true) {
        const std::size_t end = std::min(path.find('/'), path.size());
        const std::string_view step = path.substr(0, end);
        if (step.empty() || step == "." || (step == ".." && down)) return false;
        if (step != "..") down = true;
        if (end == path.size()) return down;
        path.remove_prefix(end + 1);
    }
}

[[nodiscard]] bool is_plain_word(std::string_view text) {
    return !text.empty() && !base::find_invalid_utf8(text) &&
           std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) <= 0x20; });
}

[[nodiscard]] bool is_digest(std::string_view text) {
    constexpr std::string_view kPrefix = "sha256:";
    return text.size() == kPrefix.size() + 64 && text.starts_with(kPrefix) &&
           text.substr(kPrefix.size()).find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// The text in front of the next space, taken off `line` with it.
[[nodiscard]] std::string_view take_word(std::string_view& line) {
    const std::size_t end = std::min(line.find(' '), line.size());
    const std::string_view word = line.substr(0, end);
    line.remove_prefix(std::min(end + 1, line.size()));
    return word;
}

[[nodiscard]] std::optional<ManifestFile> read_file_line(std::string_view line) {
    ManifestFile out;
    const std::string_view role = take_word(line);
    bool known = false;
    for (const auto candidate : {ManifestFile::Role::kRules, ManifestFile::Role::kTest, ManifestFile::Role::kWaiver}) {
        if (role != to_string(candidate)) continue;
        out.role = candidate;
        known = true;
    }
    const std::string_view bytes = take_word(line);
    const auto [end, error] = std::from_chars(bytes.data(), bytes.data() + bytes.size(), out.bytes);
    out.digest = take_word(line);
    out.path = line;
    if (!known || error != std::errc{} || end != bytes.data() + bytes.size() || !is_digest(out.digest) ||
        !is_plain_path(out.path)) {
        return std::nullopt;
    }
    return out;
}

}  // namespace

const ManifestFile* Manifest::find(std::string_view path) const {
    const auto found = std::find_if(files.begin(), files.end(), [&](const ManifestFile& f) { return f.path == path; });
    return found == files.end() ? nullptr : &*found;
}

Manifest manifest_of(const Compiled& compiled) {
    Manifest out;
    if (!compiled.rules || compiled.files.empty()) return out;
    const RulesIdentity identity = compiled.rules->identity();
    out.pack = identity.pack;
    out.version = identity.version;
    const std::filesystem::path entry{compiled.files.front().path};
    out.entry = entry.filename().generic_string();
    for (std::size_t i = 0; i < compiled.files.size(); ++i) {
        const Compiled::File& file = compiled.files[i];
        if (file.given) continue;
        // Waivers may lie anywhere, so they go by their name.
        const auto path = file.waivers ? std::filesystem::path{file.path}.filename()
                                       : std::filesystem::path{file.path}.lexically_relative(entry.parent_path());
        const auto role = file.waivers            ? ManifestFile::Role::kWaiver
                          : i < compiled.of_entry ? ManifestFile::Role::kRules
                                                  : ManifestFile::Role::kTest;
        out.files.push_back({role, path.generic_string(), file.text.size(), base::sha256(file.text)});
    }
    std::sort(out.files.begin(), out.files.end(),
              [](const ManifestFile& a, const ManifestFile& b) { return a.path < b.path; });
    return out;
}

std::string to_text(const Manifest& manifest) {
    std::string out{kFirst};
    out += "\npack " + manifest.pack + "\nversion " + manifest.version + "\nentry " + manifest.entry + '\n';
    for (const ManifestFile& file : manifest.files) {
        out += to_string(file.role);
        out += ' ' + std::to_string(file.bytes) + ' ' + file.digest + ' ' + file.path + '\n';
    }
    return out;
}

ReadManifest read_manifest(std::string_view text) {
    Manifest out;
    std::size_t number = 0;
    const auto fail = [&](const std::string& why) {
        return ReadManifest{{}, "line " + std::to_string(number) + ": " + why};
    };
    std::string_view rest = text;
    while (!rest.empty()) {
        ++number;
        const std::size_t end = rest.find('\n');
        if (end == std::string_view::npos) return fail("it has no line break");
        std::string_view line = rest.substr(0, end);
        rest.remove_prefix(end + 1);
        if (number == 1) {
            if (line != kFirst) return fail("a manifest begins with `" + std::string{kFirst} + '`');
            continue;
        }
        if (number <= 4) {
            const std::string_view words[] = {"pack", "version", "entry"};
            std::string* const members[] = {&out.pack, &out.version, &out.entry};
            const std::size_t i = number - 2;
            if (take_word(line) != words[i] || !is_plain_word(line) ||
                (i == 2 && (!is_plain_path(line) || line.find('/') != std::string_view::npos))) {
                return fail("here stands `" + std::string{words[i]} + "` with one word");
            }
            *members[i] = line;
            continue;
        }
        auto file = read_file_line(line);
        if (!file) return fail("a file is written as `rules BYTES sha256:… PATH`, or `test` or `waiver` in front");
        if (!out.files.empty() && !(out.files.back().path < file->path)) return fail("the files are not in order");
        out.files.push_back(std::move(*file));
    }
    if (number < 5) return fail("a manifest has a pack, a version, an entry file and files");
    if (out.find(out.entry) == nullptr) return fail("the entry file is not among the files");
    // One spelling of each manifest: `007` bytes, say, would be another.
    if (to_text(out) != text) return fail("a number is spelt in another way than manifests spell it");
    return {std::move(out), {}};
}

}  // namespace keywright
