// The files of a new pack. They lie in tools/keywright/init, where the tests check them as they would any pack.
#pragma once

#include <string_view>
#include <vector>

namespace keywright::command {

struct InitFile {
    std::string_view name, text;
};

[[nodiscard]] const std::vector<InitFile>& init_files();

}  // namespace keywright::command
