// The command's dealings with the disk and the standard streams. What goes wrong is a `Failure` with status 74.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keywright::command {

// The text of a file, or of standard input for `-`; at most `limit + 1` bytes, so that who asks can tell too much.
[[nodiscard]] std::string read_file(const std::string& path, std::size_t limit);

// Writes a temporary file beside `path` and renames it, so that nobody ever sees half a file. The mode of a file that
// is replaced stays, a link goes on pointing where it did, and what isn't a regular file is written to as it is.
void write_file(const std::string& path, std::string_view text);

// Writes a file that isn't there yet, so that nobody else can have opened it. False: there is something of that name.
[[nodiscard]] bool write_new_file(const std::string& path, std::string_view text, bool secret = false);

// The text of a regular file, at most `limit + 1` bytes; nothing where there is none of that name, or something else: a
// device, a pipe, a folder. For names that somebody else chose.
[[nodiscard]] std::optional<std::string> read_regular_file(const std::string& path, std::size_t limit);

// Why a call of the system failed, for people.
[[nodiscard]] std::string reason_of(int error);

[[nodiscard]] bool is_folder(const std::string& path);
[[nodiscard]] bool is_file(const std::string& path);

// A text that differs where the file at `path` was written, replaced or removed.
[[nodiscard]] std::string signature_of(const std::string& path);

// The nearest `keywright.toml` in `folder` or above it.
[[nodiscard]] std::optional<std::string> find_configuration(const std::string& folder);

// Where imports of the rule file or folder `path` may reach: the nearest folder upward with a keywright.toml, else the
// nearest one named `rules`, else the folder of `path`. Empty where `path` doesn't exist.
[[nodiscard]] std::string find_root(const std::string& path);

// Every `.kw` file in and below a folder, in order of path; hidden folders and links are passed over.
[[nodiscard]] std::vector<std::string> rule_files(const std::string& folder);

// `path`, which lies in `folder`, as one would type it from the current folder.
[[nodiscard]] std::string seen_from_here(const std::string& folder, const std::string& path);

// Where results go: standard output as they come, or a file that appears when all is done.
class Output {
public:
    explicit Output(std::optional<std::string> path) : path_(std::move(path)) {}
    void write(std::string_view text);
    void finish();  // has to be called, as a destructor can't report a full disk

private:
    void flush();
    std::optional<std::string> path_;
    std::string pending_;
};

}  // namespace keywright::command
