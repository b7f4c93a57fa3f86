// Rule files as they were in a git revision.
#pragma once

#include "keywright/keywright.h"

#include <optional>
#include <string>

namespace keywright::command {

// The files below `root` (a path from the current folder) in `revision`, through the program git.
class RevisionFiles final : public FileSource {
public:
    RevisionFiles(std::string revision, std::string root) : revision_(std::move(revision)), root_(std::move(root)) {}
    [[nodiscard]] Result read(const std::string& path, std::size_t limit) const override;

private:
    std::string revision_, root_;
};

// Whether git knows a revision of that name here.
[[nodiscard]] bool is_revision(const std::string& name);

}  // namespace keywright::command
