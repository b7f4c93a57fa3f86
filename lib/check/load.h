// The files of a pack: the entry file and everything it imports or extends, each parsed once, in an order in which what
// is imported comes before what imports it.
#pragma once

#include "base/source.h"
#include "diag/diag.h"
#include "keywright/limits.h"
#include "keywright/rules.h"
#include "syntax/tree.h"

#include <deque>
#include <string>
#include <vector>

namespace keywright::check {

struct LoadedFile {
    syntax::Tree tree;
    bool extended = false;  // reached only through `extend`: its `pack` is the base's
    bool entry = false;
};

struct Loaded {
    base::SourceSet sources;       // indexed by FileId; in order of reading
    std::deque<LoadedFile> files;  // imports first
    std::string unreadable;        // why the entry file can't be read, or empty
    bool incomplete = false;       // an import was reported: what it would declare is missing, not unknown
};

// `entry` is a path below `root` as `files` understands it; imports are resolved against the folder of the file they
// stand in and stay below `root` (both without `.` and `..`). Mistakes go to `sink`.
void load(const FileSource& files, const std::string& entry, const std::string& root, const Limits& limits,
          diag::Sink& sink, Loaded& out);

}  // namespace keywright::check
