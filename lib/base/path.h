// Paths of rule files as their authors write them: relative, with `/` between folders.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace keywright::base {

// `folder` joined with the relative path `to`, without `.` and `..`; nothing where it is absolute or leaves `root`.
[[nodiscard]] std::optional<std::string> resolve_path(std::string_view folder, std::string_view to,
                                                      std::string_view root);

// What stands before the last `/`; of a path in the file system's root, `/`.
[[nodiscard]] std::string_view folder_of(std::string_view path);

}  // namespace keywright::base
