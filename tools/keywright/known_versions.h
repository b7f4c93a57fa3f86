// Which versions of signed packs this machine has seen, so that an older one is noticed.
#pragma once

#include "keywright/keywright.h"
#include "settings.h"

#include <string>
#include <vector>

namespace keywright::command {

// The file that holds them, locked for as long as this is there: whatever else looks at it waits. What can't be read,
// understood or written is a `Failure`, as a memory that is passed over is none.
class KnownVersions {
public:
    explicit KnownVersions(const Settings& settings);
    KnownVersions(const KnownVersions&) = delete;
    KnownVersions& operator=(const KnownVersions&) = delete;
    ~KnownVersions();

    [[nodiscard]] const std::vector<KnownVersion>& versions() const { return versions_; }
    // Writes the file anew where the version is newer than the one that is known.
    void remember(const KnownVersion& seen);

private:
    std::string path_;  // empty: there is no memory
    int lock_ = -1;
    std::vector<KnownVersion> versions_;
};

}  // namespace keywright::command
