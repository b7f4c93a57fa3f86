// A rule pack as the command compiles it: from disk, with places as one would type them from the current folder.
#pragma once

#include "keywright/keywright.h"
#include "settings.h"

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace keywright::command {

struct Pack {
    Compiled compiled;
    std::string root;        // the folder that imports may not leave
    std::string entry = {};  // the entry file as the library names it: below the root

    // The library names files as they lie below the root; people want to open them from where they stand.
    [[nodiscard]] std::string located(const std::string& file) const;
    void relocate(SourceRange& range) const;
    void relocate(Diagnostic& diagnostic) const;
    void relocate(RecordReport& record) const;
};

// The files of waivers at `paths`, which are files or folders: of a folder, each `.kw` file in and below it.
[[nodiscard]] std::vector<std::string> waiver_files(const std::vector<std::string>& paths);

// Compiles the pack at `path`, with the waivers in force and with the files `also` that belong to it without being
// imported: its tests. What can't be read is a `Failure`; errors of rule files are left in `compiled`.
// Where a signature is required and isn't there, `compiled` has no rules, and its diagnostics say why. `Scope::kTests`
// also takes a signed file of the pack by itself, which is enough to run its tests but not to decide a record.
enum class Scope : std::uint8_t { kPack, kTests };
[[nodiscard]] Pack compile_pack(const std::string& path, const Settings& settings,
                                const std::vector<std::string>& also = {}, Scope scope = Scope::kTests);

// Shows what the files' author should know (warnings unless quiet), each thing once however many packs share the file.
class DiagnosticsShown {
public:
    explicit DiagnosticsShown(const Settings& settings) : settings_(settings) {}
    void show(const Pack& pack);

private:
    const Settings& settings_;
    std::set<std::string> shown_;
};

// Both for a verb that needs one pack: `Failure` with status 3 where it has errors.
[[nodiscard]] Pack load_pack(const Settings& settings);

}  // namespace keywright::command
