// Rule files on disk. Nothing but regular files below the root is read: no devices, no links that lead out.
#pragma once

#include "keywright/rules.h"

#include <string>

namespace keywright::engine {

class DiskFiles final : public FileSource {
public:
    // `root` is an existing folder; paths given to `read` are relative to it.
    explicit DiskFiles(std::string root) : root_(std::move(root)) {}
    [[nodiscard]] Result read(const std::string& path, std::size_t limit) const override;

private:
    std::string root_;
};

// A path split for compiling: the real root folder, and the entry file below it. `error` says why it can't be.
struct Located {
    std::string root, entry, error;
};

// `path` is a rule file, or a folder with `pack.kw`; `root` is a folder that holds it, or empty for the file's own
// folder.
[[nodiscard]] Located locate(const std::string& path, const std::string& root);

}  // namespace keywright::engine
