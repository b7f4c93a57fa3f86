// The documents tell the truth: what stands in their console fences is run, and prints what stands below it.
//
//     ```console               lines `$ COMMAND` (and `> …`, where it goes on), each followed by its standard output
//     ```kw file=NAME          a rule file that the commands after it use, in canonical layout
//     ```kw of=NAME            lines of a rule file of the project, in their order there
//
// All commands of a document run in order, by bash, in one copy of rules/ and examples/ of its own, with `keywright` on
// PATH. No command may use git. With KEYWRIGHT_UPDATE=1 the outputs in the documents are rewritten instead.
#include "program.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

using namespace keywright::cli;

namespace fs = std::filesystem;

namespace {

const fs::path kSource{KEYWRIGHT_SOURCE_DIR};

std::string read(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    REQUIRE(in.good());
    return {std::istreambuf_iterator<char>(in), {}};
}

bool is_updating() { return std::getenv("KEYWRIGHT_UPDATE") != nullptr; }

// Fences whose lines are read, not run: commands without output, configuration and code of others.
const std::set<std::string>& shown_only() {
    static const std::set<std::string> out{"sh", "cpp", "cmake", "toml", "yaml", "groovy", "text", "diff"};
    return out;
}

// `kw file=rules/x.kw` → `rules/x.kw`; empty where the fence has no such option.
std::string option(const std::string& info, const std::string& name) {
    std::istringstream words{info};
    for (std::string word; words >> word;) {
        if (word.starts_with(name + "=")) return word.substr(name.size() + 1);
    }
    return {};
}

bool has_lines(const std::string& text, const std::string& wanted) {
    std::istringstream lines{wanted}, all{text};
    for (std::string line, other; std::getline(lines, line);) {
        do {
            if (!std::getline(all, other)) return false;
        } while (other != line);
    }
    return true;
}

// Goes through a document line by line, and writes it again with what the commands print now.
class Document {
public:
    explicit Document(const std::string& name) : name_(name) {
        for (const char* folder : {"rules", "examples"})
            fs::copy(kSource / folder, fs::path{scratch_.path()} / folder, fs::copy_options::recursive);
        run_all(read(kSource / name));
    }

    std::size_t commands = 0;

private:
    void run_all(const std::string& text) {
        std::istringstream lines{text};
        for (std::string line; std::getline(lines, line);) {
            ++number_;
            if (line.starts_with("```")) {
                is_inside_ ? close() : open(line.substr(3));
                keep(line);
            } else if (!is_inside_) {
                keep(line);
            } else if (info_ != "console") {
                body_ += line + "\n";
                // Nobody would see that such an output is out of date.
                if (line.starts_with("$ ")) fault("a prompt outside a console fence");
                keep(line);
            } else if (line.starts_with("$ ")) {
                finish_command();
                command_ = line.substr(2);
                is_command_open_ = true;
                keep(line);
            } else if (is_command_open_ && line.starts_with("> ")) {
                command_ += "\n" + line.substr(2);
                keep(line);
            } else if (command_.empty()) {
                fault("a line of a console fence that belongs to no `$ ` before it");
                keep(line);
            } else {
                is_command_open_ = false;
                expected_ += line + "\n";
            }
        }
        if (is_inside_) fault("a fence that is never closed");
        for (const std::string& file : unused_) FAIL_CHECK(std::string{name_ + ": no command uses " + file});
        if (is_updating() && rebuilt_ != text) std::ofstream(kSource / name_, std::ios::binary) << rebuilt_;
    }

    void open(const std::string& info) {
        is_inside_ = true;
        info_ = info;
        body_.clear();
        const bool is_rules = !option(info, "file").empty() || !option(info, "of").empty();
        if (info != "console" && !is_rules && !shown_only().contains(info))
            fault("a fence of unknown kind `" + info + "`");
    }

    void close() {
        finish_command();
        is_inside_ = false;
        if (const std::string file = option(info_, "file"); !file.empty()) {
            const std::string path = scratch_.write(file, body_);
            const Result layout = keywright::cli::run({"fmt", "--check", path});
            if (layout.status != 0) fault("a rule file that isn't laid out as `keywright fmt` does: " + layout.err);
            unused_.insert(file);
        }
        if (const std::string file = option(info_, "of"); !file.empty()) {
            if (!has_lines(read(kSource / file), body_)) fault("not lines of " + file + " in their order");
        }
    }

    void finish_command() {
        if (command_.empty()) return;
        ++commands;
        std::erase_if(unused_, [&](const std::string& file) { return command_.find(file) != std::string::npos; });
        const Result result = shell(command_, last_status_);
        INFO(name_, ", above line ", number_, ": $ ", command_);
        // A finding gives 1 to 3, and a pipe that nobody reads any more ends its writer.
        const bool is_expected = (result.status >= 0 && result.status <= 3) || result.status == 141;
        CHECK_MESSAGE(is_expected, "exit status ", result.status, ": ", result.err);
        if (!is_updating()) CHECK(result.out == expected_);
        last_status_ = result.status;
        rebuilt_ += result.out;
        if (!result.out.empty() && result.out.back() != '\n') rebuilt_ += "\n";
        command_.clear();
        expected_.clear();
        is_command_open_ = false;
    }

    [[nodiscard]] Result shell(const std::string& command, int last_status) const {
        Run how;
        how.folder = scratch_.path();
        how.environment = {{"LC_ALL", "C.UTF-8"}, {"HOME", scratch_.path()}};
        const std::string command_folder = fs::path{KEYWRIGHT_COMMAND}.parent_path().string();
        return run_program("/bin/bash",
                           {"-c", "PATH='" + command_folder + "':$PATH\nset -o pipefail\n(exit " +
                                      std::to_string(last_status) + ")\n" + command},
                           how);
    }

    void keep(const std::string& line) { rebuilt_ += line + "\n"; }
    void fault(const std::string& what) const {
        FAIL_CHECK(std::string{name_ + ":" + std::to_string(number_) + ": " + what});
    }

    std::string name_;
    Folder scratch_;
    std::size_t number_ = 0;
    bool is_inside_ = false;        // of a fence
    std::string info_;              // what stands behind its back-ticks
    std::string body_;              // its lines, but for those of a console
    bool is_command_open_ = false;  // the line before was a command's
    std::string command_, expected_, rebuilt_;
    int last_status_ = 0;
    std::set<std::string> unused_;  // rule files that no command has used yet
};

}  // namespace

TEST_CASE("the outputs in the README are those of the command") { CHECK(Document{"README.md"}.commands >= 15); }

TEST_CASE("the guide to changing a policy can be followed to the letter") {
    CHECK(Document{"docs/changing-a-policy.md"}.commands >= 15);
}

TEST_CASE("the outputs in the page about rules in a program are those of the command") {
    CHECK(Document{"docs/embedding.md"}.commands >= 2);
}

TEST_CASE("the outputs in the pages about waivers and overlays are those of the command") {
    CHECK(Document{"docs/waivers.md"}.commands >= 5);
    CHECK(Document{"docs/overlays.md"}.commands >= 6);
}

TEST_CASE("the outputs in the pages about tests are those of the command") {
    for (const char* page : {"docs/testing.md", "docs/coverage.md", "docs/mutation.md", "docs/reports.md"}) {
        CAPTURE(page);
        CHECK(Document{page}.commands >= 1);
    }
}

TEST_CASE("the outputs in the page about audits are those of the command") {
    CHECK(Document{"docs/linting.md"}.commands >= 5);
}

TEST_CASE("the outputs in the page about inventories are those of the command") {
    CHECK(Document{"docs/audit.md"}.commands >= 3);
}

TEST_CASE("the page about traceability can be followed to the letter") {
    CHECK(Document{"docs/tracing.md"}.commands >= 10);
}

TEST_CASE("the outputs in the pages about evidence, signatures and CI are those of the command") {
    for (const char* page : {"docs/evidence.md", "docs/signatures.md", "docs/ci.md"}) {
        CAPTURE(page);
        CHECK(Document{page}.commands >= 2);
    }
}
