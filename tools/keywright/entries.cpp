#include "entries.h"

#include "files.h"
#include "messages.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <string_view>

namespace keywright::command {

namespace {

// Is there a line that begins with one of the two words? Cheap, and never wrong where there is a test in usual layout.
[[nodiscard]] bool mentions_tests(std::string_view text) {
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size() - 1);
        std::string_view line = text.substr(0, end + 1);
        text.remove_prefix(end + 1);
        line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
        for (const std::string_view word : {"test", "prove"}) {
            if (line.starts_with(word) && line.size() > word.size() &&
                std::string_view{" \t\r\n\""}.find(line[word.size()]) != std::string_view::npos) {
                return true;
            }
        }
    }
    return false;
}

}  // namespace

std::vector<std::string> paths_of(const Arguments& arguments, const Settings& settings) {
    std::vector<std::string> paths = arguments.words;
    if (paths.empty()) paths.push_back(rules_folder(settings));
    for (const std::string& path : paths) {
        if (!is_folder(path) && !is_file(path))
            fail(Status::kFile, "`" + path + "` can't be read: no such file or folder");
    }
    return paths;
}

std::vector<Entry> find_entries(const std::vector<std::string>& paths) {
    std::vector<Entry> entries;
    for (const std::string& path : paths) {
        if (!is_folder(path)) {
            entries.push_back({path, false});
            continue;
        }
        for (const std::string& file : rule_files(path)) {
            if (mentions_tests(read_file(file, Limits{}.rule_file_bytes))) entries.push_back({file, true});
        }
    }
    return entries;
}

std::vector<Suite> find_suites(const std::vector<std::string>& paths) {
    std::vector<Suite> suites;
    for (const std::string& path : paths) {
        if (!is_folder(path)) {
            suites.push_back({path, {}});
            continue;
        }
        const std::vector<std::string> files = rule_files(path);
        // The pack of a file is that of the nearest folder upward.
        std::map<std::string, Suite> by_folder;
        for (const std::string& file : files) {
            const std::filesystem::path at{file};
            if (at.filename() == "pack.kw") by_folder[at.parent_path().generic_string()].entry = file;
        }
        Suite loose;
        for (const std::string& file : files) {
            if (!mentions_tests(read_file(file, Limits{}.rule_file_bytes))) continue;
            std::filesystem::path folder = std::filesystem::path{file}.parent_path();
            while (!folder.empty() && !by_folder.contains(folder.generic_string())) {
                const std::filesystem::path up = folder.parent_path();
                folder = up == folder ? std::filesystem::path{} : up;
            }
            // Of the current folder the name is empty, too.
            const auto found = by_folder.find(folder.generic_string());
            Suite& suite = found == by_folder.end() ? loose : found->second;
            if (suite.entry.empty()) {
                suite.entry = file;
            } else if (suite.entry != file) {
                suite.also.push_back(file);
            }
        }
        for (auto& [folder, suite] : by_folder) suites.push_back(std::move(suite));
        if (!loose.entry.empty()) suites.push_back(std::move(loose));
    }
    return suites;
}

std::vector<Suite> find_packs(const std::vector<std::string>& paths) {
    for (const std::string& path : paths) {
        // Looking at nothing must not look like finding nothing.
        if (find_suites({path}).empty())
            fail(Status::kUsage, "there are no rules in `" + path + "`",
                 "name a rule file, or a folder with `pack.kw`");
    }
    return find_suites(paths);
}

// Nothing is run where a file has errors: a run without that file's tests would say less than it seems to.
std::vector<Pack> compile_all(const std::vector<Suite>& suites, const Settings& settings, const char* consequence) {
    std::vector<Pack> packs;
    DiagnosticsShown shown{settings};
    bool has_errors = false;
    for (const Suite& suite : suites) {
        packs.push_back(compile_pack(suite.entry, settings, suite.also));
        shown.show(packs.back());
        if (!packs.back().compiled.rules) has_errors = true;
    }
    if (has_errors) fail(Status::kRuleErrors, std::string{"rule files have errors, so "} + consequence);
    return packs;
}

std::vector<Pack> compile_all(const std::vector<Entry>& entries, const Settings& settings, const char* consequence) {
    std::vector<Suite> suites;
    for (const Entry& entry : entries) suites.push_back({entry.path, {}});
    return compile_all(suites, settings, consequence);
}

}  // namespace keywright::command
