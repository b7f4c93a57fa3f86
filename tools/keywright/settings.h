// What is in force: an option, else its variable of the environment, else keywright.toml, else the default.
#pragma once

#include "arguments.h"
#include "keywright/keywright.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keywright::command {

enum class Format : std::uint8_t { kPretty, kCompact, kJson, kNdjson, kGithub };

struct Settings {
    std::optional<std::string> rules;  // as given; `rules_path` finds what is meant without it
    std::map<std::string, std::string> params;
    std::vector<std::string> waivers;  // files and folders; none for a verb that takes none
    std::string input;
    Format format = Format::kPretty;
    std::string own_format;  // one that only some verbs have: as `junit` of `test`; `format` is then that of messages
    std::optional<std::string> output;
    std::optional<Severity> fail_on = Severity::kError;  // nothing: never
    bool quiet = false;
    bool progress = false;    // may be shown
    bool by_polling = false;  // changes of files are looked for, as the system doesn't tell of them
    Style style;              // of results
    Style messages;           // of what goes to standard error

    std::optional<std::string> at;

    std::optional<std::string> require_signature;  // a public key, or a file with one; signing.h
    std::string at_least;                          // version; empty: any
    std::optional<std::string> known_versions;     // a file, or `none`; nothing: that of the user
};

[[nodiscard]] Settings settle(const Arguments& arguments);

// The same from the command line alone, for what a build runs: neither keywright.toml nor KEYWRIGHT_… has a say, so a
// mistake in one of them, or whose machine it is, changes nothing.
[[nodiscard]] Settings settle_from_command_line(const Arguments& arguments);

// The instant to decide at. Without an option the system clock is read: here, and nowhere else.
[[nodiscard]] Instant instant_of(const Settings& settings);

// The pack to use: as given, else `rules/` here where it is a pack or holds exactly one.
[[nodiscard]] std::string rules_path(const Settings& settings);

// Where to look for rule files to test or format: as given, else `rules/` here.
[[nodiscard]] std::string rules_folder(const Settings& settings);

}  // namespace keywright::command
