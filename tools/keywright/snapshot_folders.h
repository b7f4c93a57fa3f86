// Folders of snapshot tests: records, and beside each the report that was recorded of it.
//
//     snapshots/snapshots.toml        the instant, the adapter, records that lie elsewhere
//     snapshots/treasury.json         a record; .ndjson and .jsonl hold several
//     snapshots/treasury.report.json  what was recorded of it
//
// snapshots.toml, in which only `at` has to be given:
//
//     at    = "2026-02-15T00:00:00Z"
//     input = "request"                 # adapter that reads the records; default: the canonical form
//     rules = "../../desk"              # default: the nearest folder upward with a pack.kw
//
//     [[record]]                        # of a record: where else it lies, or what else holds for it
//     file  = "../../../examples/kucoin/get_api_key.response.json"
//     input = "get_api_key"
//     at    = "2026-03-01T00:00:00Z"
//     name  = "reported"                # default: the file's name without its last ending
#pragma once

#include "keywright/keywright.h"

#include <optional>
#include <string>
#include <vector>

namespace keywright::command {

struct SnapshotRecord {
    std::string name;
    std::string file;       // the record, as one would type it from here
    std::string source;     // the same as seen from the folder: what the recording calls it
    std::string recording;  // as one would type it from here
    std::string input;
    Instant at;
};

struct SnapshotFolder {
    std::string path;
    std::string settings;                 // its snapshots.toml
    std::string rules;                    // the pack
    std::vector<SnapshotRecord> records;  // by name
    std::vector<std::string> orphans;     // recordings without a record
};

// The folders with a snapshots.toml in and below each of `paths` that is a folder, in order of path; hidden folders and
// links are passed over.
[[nodiscard]] std::vector<std::string> find_snapshot_folders(const std::vector<std::string>& paths);

// What there is in a folder. A mistake in its settings is a `Failure`. `rules` wins over what the settings say.
[[nodiscard]] SnapshotFolder read_snapshot_folder(const std::string& path, const std::optional<std::string>& rules);

}  // namespace keywright::command
