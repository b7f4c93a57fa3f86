// `keywright.toml`: what a project says once instead of on every command line.
//
//     rules   = "rules/desk"        # relative to this file
//     waivers = ["waivers/desk.kw"] # or one text: files or folders, relative to this file
//     input   = "request"
//     format  = "compact"
//     fail_on = "warning"
//     color   = "auto"
//     require_signature = "desk.pub"   # relative to this file, or the key itself
//
//     [params]
//     inactivity_limit = "14 days"
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace keywright::command {

struct Configuration {
    std::string path;  // empty: there is none
    std::optional<std::string> rules, input, format, fail_on, color;
    std::optional<std::string> require_signature;  // a public key, or the path of one as typed from here
    std::vector<std::string> waivers;
    std::map<std::string, std::string> params;
};

// Reads the nearest keywright.toml in the current folder or above it. A mistake in it is a `Failure`: an option that is
// passed over in silence may be the one that mattered.
[[nodiscard]] Configuration read_configuration();

}  // namespace keywright::command
