// The files of a pack: the entry file and everything it imports or extends, each parsed once, in an order in which what
// is imported comes before what imports it.
#pragma once

#include "base/source.h"
#include "diag/diag.h"
#include "keywright/limits.h"
#include "keywright/rules.h"
#include "syntax/tree.h"

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keywright::check {

struct LoadedFile {
    syntax::Tree tree;
    bool extended = false;  // reached only through `extend`: its `pack` is the base's
    bool entry = false;
    bool waivers = false;  // given as a file of waivers
};

struct Loaded {
    std::string root;              // imports stay below it
    std::size_t files_before = 0;  // of other packs of the same compilation: they count against `rule_files` too
    base::SourceSet sources;       // indexed by FileId; in order of reading
    std::size_t of_entry = 0;      // how many of these the entry file reaches; they come first
    std::deque<LoadedFile> files;  // imports first
    std::string unreadable;        // why the entry file, or one given along, can't be read, or empty
    std::string unreadable_path;   // which one
    bool incomplete = false;       // an import was reported: what it would declare is missing, not unknown
};

// The path that `to` means in `file`, by the rules of imports: relative to the file's folder, below the root, without
// `.` and `..`. Nothing where it is absolute or leaves the root.
[[nodiscard]] std::optional<std::string> path_from(const Loaded& loaded, base::FileId file, std::string_view to);

// Reports that the limit `rule_files` is reached; `several`: by a pack together with those it is compared with.
void report_too_many_files(diag::Sink& sink, base::Span span, const Limits& limits, bool several);

// `entry` is a path below `root` as `files` understands it; imports are resolved against the folder of the file they
// stand in and stay below `root` (both without `.` and `..`). Mistakes go to `sink`.
// The files `also` come after it, as if one more file imported them, and then those of `waivers`, whose imports aren't
// followed.
void load(const FileSource& files, const std::string& entry, const std::vector<std::string>& also,
          const std::vector<std::string>& waivers, const std::string& root, const Limits& limits, diag::Sink& sink,
          Loaded& out);

}  // namespace keywright::check
