// Which rule files a verb looks at, where files and folders may be named.
//
// A file is looked at as it stands, with all it imports. Of a folder every file that holds tests or proofs is compiled
// as an entry of its own, and only its own count there, so that none is counted twice because two files import it.
#pragma once

#include "arguments.h"
#include "pack.h"
#include "settings.h"

#include <string>
#include <vector>

namespace keywright::command {

struct Entry {
    std::string path;
    bool own_only = false;  // leave out tests and proofs of imported files
};

// The files and folders that were named, else those in force. What doesn't exist is a `Failure`.
[[nodiscard]] std::vector<std::string> paths_of(const Arguments& arguments, const Settings& settings);

[[nodiscard]] std::vector<Entry> find_entries(const std::vector<std::string>& paths);

// A pack together with all its tests, for what is said of them as a whole: how much they cover, what they would notice.
struct Suite {
    std::string entry;              // the pack, or the first of its files with tests
    std::vector<std::string> also;  // further files with tests
};

// Of a folder every pack in and below it (a folder with `pack.kw`), with the files in and below that folder that hold
// tests; files with tests that lie in no such folder together; a file by itself.
[[nodiscard]] std::vector<Suite> find_suites(const std::vector<std::string>& paths);
// The same for what is said of rules, whether or not they have tests: a `Failure` where one of the paths holds none.
[[nodiscard]] std::vector<Suite> find_packs(const std::vector<std::string>& paths);

// Compiles them all and shows their diagnostics. A `Failure` where one has errors; `consequence` says what that means.
[[nodiscard]] std::vector<Pack> compile_all(const std::vector<Entry>& entries, const Settings& settings,
                                            const char* consequence);
[[nodiscard]] std::vector<Pack> compile_all(const std::vector<Suite>& suites, const Settings& settings,
                                            const char* consequence);

}  // namespace keywright::command
