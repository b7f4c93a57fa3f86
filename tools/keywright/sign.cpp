// `keywright sign`: signs packs, and makes the keys for it.
#include "entries.h"
#include "files.h"
#include "messages.h"
#include "pack.h"
#include "password.h"
#include "verbs.h"

#include "keywright/signature.h"
#include "keywright/text.h"

#include <algorithm>
#include <filesystem>
#include <utility>

namespace keywright::command {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kKeyLimit = 4096;  // bytes of a key's file

void say(const Settings& settings, const std::string& text) {
    if (settings.quiet) return;
    Output out{{}};
    out.write(text);
    out.finish();
}

[[nodiscard]] std::string name_shown(const std::string& name) { return '`' + printable(name) + '`'; }

Status make_key(const Arguments& arguments, const Settings& settings) {
    if (!arguments.key.empty() || !arguments.words.empty())
        fail(Status::kUsage, "`--new-key` makes a key and signs nothing", "sign with it in a second call");
    const std::string secret_name = arguments.new_key + ".key";
    const std::string public_name = arguments.new_key + ".pub";
    const auto refuse = [](const std::string& name) {
        fail(Status::kFile, name_shown(name) + " is there already, and keys are never overwritten");
    };
    std::error_code error;
    for (const std::string& name : {secret_name, public_name}) {
        if (fs::symlink_status(name, error).type() != fs::file_type::not_found) refuse(name);
    }
    NewKey key;
    if (arguments.no_password) {
        key = new_key(std::nullopt);
    } else {
        const Password password = ask_password("the new key", true);
        key = new_key(std::string_view{password.text()});
    }
    if (!key.error.empty()) fail(Status::kFile, "no key was made: " + key.error);
    const bool written = write_new_file(secret_name, key.secret_file, true);
    wipe(key.secret_file);
    if (!written) refuse(secret_name);
    if (!write_new_file(public_name, key.public_file)) refuse(public_name);
    const auto made = read_verifying_key(key.public_file);
    say(settings, "key " + (made.key ? made.key->id_text() : std::string{}) + ": the secret one in " +
                      name_shown(secret_name) + ", the public one in " + name_shown(public_name) + '\n');
    return Status::kClean;
}

[[nodiscard]] SigningKey key_in(const std::string& name) {
    std::string text = read_file(name, kKeyLimit);
    ReadSigningKey read = read_signing_key(text);
    if (read.needs_password) {
        const Password password = ask_password(name, false);
        read = read_signing_key(text, std::string_view{password.text()});
    }
    wipe(text);
    if (!read.key) fail(Status::kUsage, name_shown(name) + " can't sign: " + read.error);
    return std::move(*read.key);
}

// The files of tests that belong to a pack: those below its folder.
[[nodiscard]] std::vector<std::string> tests_of(const std::string& path) {
    const std::string folder = is_folder(path) ? path : fs::path{path}.parent_path().string();
    const std::string entry = fs::path{is_folder(path) ? path + "/pack.kw" : path}.lexically_normal().generic_string();
    for (const Suite& suite : find_suites({folder.empty() ? "." : folder})) {
        std::vector<std::string> all = suite.also;
        all.push_back(suite.entry);
        std::error_code error;
        const auto is_entry = [&](const std::string& file) { return fs::equivalent(file, entry, error); };
        if (std::none_of(all.begin(), all.end(), is_entry)) continue;
        std::erase_if(all, is_entry);
        return all;
    }
    return {};
}

}  // namespace

Status run_sign(const Arguments& arguments) {
    Settings settings = settle(arguments);
    // What is signed here isn't signed yet.
    settings.require_signature.reset();
    if (!arguments.new_key.empty()) return make_key(arguments, settings);
    if (arguments.key.empty())
        fail(Status::kUsage, "no key to sign with is given", "name it with `--key`, or make one with `--new-key NAME`");
    if (arguments.no_password) fail(Status::kUsage, "`--no-password` is about a new key", "it goes with `--new-key`");
    if (!arguments.words.empty()) settings.rules = arguments.words.front();
    const std::string path = rules_path(settings);
    // Values of parameters are not a part of the pack, so `--set` and what stands for it have no say.
    CompileOptions options;
    options.root = find_root(path);
    if (arguments.tests) options.also = tests_of(path);
    options.waivers = waiver_files(settings.waivers);
    const Compiled compiled = compile_path(path, options);
    if (!compiled.unreadable.empty()) fail(Status::kFile, "the rules can't be read: " + compiled.unreadable.front());
    Pack shown{compiled, options.root};
    for (Diagnostic& diagnostic : shown.compiled.diagnostics) shown.relocate(diagnostic);
    for (Compiled::File& file : shown.compiled.files) file.path = shown.located(file.path);
    DiagnosticsShown{settings}.show(shown);
    if (!compiled.rules) fail(Status::kRuleErrors, "the rules have errors, so they are not signed");

    const Manifest manifest = manifest_of(compiled);
    if (!compare_versions(manifest.version, manifest.version)) {
        fail(Status::kRuleErrors, "the version " + name_shown(manifest.version) + " can't be compared with others",
             "write it in numbers and dots, such as `1.4.0`, so that an older one can be noticed");
    }
    const std::string text = to_text(manifest);
    if (const ReadManifest again = read_manifest(text); !again.manifest || *again.manifest != manifest) {
        fail(Status::kRuleErrors, "the pack has a name that a manifest can't hold: " + again.error,
             "names of files are plain text without control characters or backslashes");
    }
    const SigningKey key = key_in(arguments.key);
    const std::string id = key.verifying_key().id_text();
    const std::string signature = sign(
        key, text, "pack:" + manifest.pack + "\tversion:" + manifest.version + "\tfile:keywright.manifest\thashed");
    if (check_signature(text, signature, key.verifying_key()).state != SignatureOf::State::kValid)
        fail(Status::kFault, "the signature isn't valid");

    const fs::path folder = fs::path{shown.compiled.files.front().path}.parent_path();
    const std::string name = (folder / "keywright.manifest").generic_string();
    write_file(name, text);
    write_file(name + ".minisig", signature);
    say(settings, name_shown(name) + ": " + std::to_string(manifest.files.size()) +
                      (manifest.files.size() == 1 ? " file of " : " files of ") + printable(manifest.pack) + ' ' +
                      printable(manifest.version) + ", signed by the key " + id + '\n');
    return Status::kClean;
}

}  // namespace keywright::command
