#include "snapshot_folders.h"

#include "files.h"
#include "inputs.h"
#include "keywright/text.h"
#include "status.h"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <set>
#include <sstream>
#include <string_view>
#include <system_error>

namespace keywright::command {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kLimit = std::size_t{1} << 20;
constexpr std::string_view kSettings = "snapshots.toml";
constexpr std::string_view kRecording = ".report.json";

// What is said of all records, or of one.
struct Said {
    std::optional<std::string> rules, file, name, input;
    std::optional<Instant> at;
};

class Reader {
public:
    explicit Reader(const std::string& path) : path_(path) {}

    Said general;
    std::vector<std::pair<Said, std::size_t>> records;  // with their lines

    void read(const toml::table& table) {
        for (const auto& [key, node] : table) {
            const std::string_view name = key.str();
            if (name != "record") {
                read_member(general, name, node, {"at", "input", "rules"}, "`at`, `input`, `rules` and `[[record]]`");
                continue;
            }
            const toml::array* list = node.as_array();
            if (list == nullptr)
                refuse(node, "`record` is a list of tables", "write `[[record]]` on a line of its own");
            for (const toml::node& element : *list) {
                const toml::table* record = element.as_table();
                if (record == nullptr) refuse(element, "`record` is a list of tables", "write `[[record]]`");
                Said said;
                for (const auto& [member, value] : *record)
                    read_member(said, member.str(), value, {"file", "name", "at", "input"},
                                "`file`, `name`, `at` and `input`");
                if (!said.file) refuse(element, "the record has no `file`", "say where it lies");
                records.emplace_back(std::move(said), element.source().begin.line);
            }
        }
    }

    [[noreturn]] void refuse_line(std::size_t line, const std::string& what, std::string help) const {
        fail(Status::kUsage, path_ + ":" + std::to_string(line) + ": " + what, std::move(help));
    }

private:
    void read_member(Said& said, std::string_view name, const toml::node& node, std::vector<std::string> names,
                     const std::string& all) const {
        if (std::find(names.begin(), names.end(), name) == names.end()) {
            const std::string near = closest_word(name, names);
            refuse(node, "there is no key `" + std::string{name} + "`",
                   near.empty() ? "the keys are " + all : "did you mean `" + near + "`?");
        }
        if (name == "at") {
            said.at = instant_of(node);
            return;
        }
        const auto text = node.value_exact<std::string>();
        if (!text) refuse(node, "`" + std::string{name} + "` is a text", "put it in quotes");
        (name == "rules" ? said.rules : name == "file" ? said.file : name == "name" ? said.name : said.input) = *text;
    }

    // In quotes, or as TOML writes it.
    Instant instant_of(const toml::node& node) const {
        std::string text = node.value_exact<std::string>().value_or("");
        if (const auto given = node.value_exact<toml::date_time>()) {
            std::ostringstream out;
            out << *given;
            text = out.str();
        }
        const auto instant = parse_instant(text);
        if (!instant) refuse(node, "`at` is not an instant", "write it as in `2026-01-31T00:00:00Z`");
        return *instant;
    }

    [[noreturn]] void refuse(const toml::node& node, const std::string& what, std::string help) const {
        refuse_line(node.source().begin.line, what, std::move(help));
    }

    const std::string& path_;
};

[[nodiscard]] std::vector<std::string> names_in(const std::string& folder) {
    std::vector<std::string> out;
    std::error_code error;
    for (fs::directory_iterator entry{folder, error}, end; !error && entry != end; entry.increment(error)) {
        std::error_code ignored;
        const std::string name = entry->path().filename().string();
        if (!name.starts_with('.') && entry->is_regular_file(ignored)) out.push_back(name);
    }
    if (error) fail(Status::kFile, "`" + folder + "` can't be read: " + error.message());
    std::sort(out.begin(), out.end());
    return out;
}

[[nodiscard]] bool is_recording(std::string_view name) { return name.ends_with(kRecording); }

[[nodiscard]] bool is_record(std::string_view name) {
    return (name.ends_with(".json") || holds_lines(name)) && !is_recording(name);
}

[[nodiscard]] std::string pack_above(const std::string& folder) {
    std::error_code error;
    for (fs::path here = fs::canonical(folder, error); !error; here = here.parent_path()) {
        if (is_file((here / "pack.kw").string()))
            return seen_from_here(here.parent_path().string(), here.filename().string());
        if (!here.has_relative_path()) break;
    }
    fail(Status::kUsage, "no pack belongs to the snapshots in `" + folder + "`",
         "name it with `rules` in snapshots.toml, or with `--rules`");
}

}  // namespace

std::vector<std::string> find_snapshot_folders(const std::vector<std::string>& paths) {
    std::set<std::string> out;
    for (const std::string& path : paths) {
        if (!is_folder(path)) continue;
        if (is_file(path + '/' + std::string{kSettings}))
            out.insert(fs::path{path}.lexically_normal().generic_string());
        std::error_code error;
        fs::recursive_directory_iterator walk{path, error};
        while (!error && walk != fs::recursive_directory_iterator{}) {
            std::error_code ignored;
            if (walk->path().filename().string().starts_with('.')) {
                if (fs::is_directory(walk->symlink_status(ignored))) walk.disable_recursion_pending();
            } else if (walk->path().filename() == kSettings && walk->is_regular_file(ignored)) {
                out.insert(walk->path().parent_path().lexically_normal().generic_string());
            }
            walk.increment(error);
        }
        if (error) fail(Status::kFile, "`" + path + "` can't be read: " + error.message());
    }
    std::set<std::string> plain;  // `rules/desk/` is `rules/desk`
    for (std::string path : out) {
        while (path.size() > 1 && path.ends_with('/')) path.pop_back();
        plain.insert(std::move(path));
    }
    return {plain.begin(), plain.end()};
}

SnapshotFolder read_snapshot_folder(const std::string& path, const std::optional<std::string>& rules) {
    SnapshotFolder out;
    out.path = path;
    out.settings = (fs::path{path} / kSettings).lexically_normal().generic_string();
    if (!is_file(out.settings))
        fail(Status::kUsage, "there is no snapshots.toml in `" + path + "`",
             "it says when the records are judged, as in `at = \"2026-01-31T00:00:00Z\"`");
    const std::string text = read_file(out.settings, kLimit);
    if (text.size() > kLimit) fail(Status::kUsage, "`" + out.settings + "` is larger than 1 MiB");
    Reader reader{out.settings};
    try {
        reader.read(toml::parse(std::string_view{text}));
    } catch (const toml::parse_error& error) {
        reader.refuse_line(error.source().begin.line, "this is not TOML", std::string{error.description()});
    }
    out.rules = rules                  ? *rules
                : reader.general.rules ? seen_from_here((fs::current_path() / path).string(), *reader.general.rules)
                                       : pack_above(path);

    const std::vector<std::string> names = names_in(path);
    std::map<std::string, std::pair<Said, std::size_t>> said;  // by normalised path
    for (auto& [record, line] : reader.records) {
        const std::string file = fs::path{*record.file}.lexically_normal().generic_string();
        if (!said.try_emplace(file, std::pair{record, line}).second)
            reader.refuse_line(line, "`" + file + "` stands twice", "one `[[record]]` a file");
    }
    for (const std::string& name : names) {
        if (is_record(name)) said.try_emplace(name, std::pair{Said{}, std::size_t{0}});
    }
    std::map<std::string, SnapshotRecord> records;
    for (const auto& [source, pair] : said) {
        const auto& [about, line] = pair;
        SnapshotRecord record;
        record.name = about.name.value_or(fs::path{source}.stem().string());
        record.file = seen_from_here((fs::current_path() / path).string(), source);
        record.source = source;
        record.recording =
            (fs::path{path} / (record.name + std::string{kRecording})).lexically_normal().generic_string();
        record.input = about.input.value_or(reader.general.input.value_or(""));
        if (record.name.empty() || record.name.starts_with('.') || record.name.find('/') != std::string::npos)
            reader.refuse_line(line, "`" + record.name + "` can't be a snapshot's name", "it is part of a file's name");
        if (!about.at && !reader.general.at)
            reader.refuse_line(std::max<std::size_t>(line, 1), "nothing says when `" + source + "` is judged",
                               "write `at = \"2026-01-31T00:00:00Z\"` at the top, or below its `[[record]]`");
        record.at = about.at ? *about.at : *reader.general.at;
        std::string name = record.name;
        if (!records.try_emplace(name, std::move(record)).second)
            reader.refuse_line(std::max<std::size_t>(line, 1), "two records are called `" + name + "`",
                               "give one of them another `name` below its `[[record]]`");
    }
    for (const std::string& name : names) {
        if (!is_recording(name)) continue;
        if (!records.contains(name.substr(0, name.size() - kRecording.size()))) out.orphans.push_back(name);
    }
    for (auto& [name, record] : records) out.records.push_back(std::move(record));
    return out;
}

}  // namespace keywright::command
