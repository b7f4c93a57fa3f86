// The README tells the truth: each `$ keywright …` in a console fence is run, and prints what stands below it.
// With KEYWRIGHT_UPDATE=1 the outputs in the README are rewritten instead.
#include <doctest/doctest.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace {

const std::string kReadme = KEYWRIGHT_SOURCE_DIR "/README.md";

std::string read(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::stringstream out;
    out << in.rdbuf();
    return out.str();
}

// Standard output of a shell command at the project's root.
std::string run(const std::string& command) {
    const std::string line = "cd '" KEYWRIGHT_SOURCE_DIR "' && " + command + " 2>/dev/null";
    std::FILE* pipe = ::popen(line.c_str(), "r");
    REQUIRE(pipe != nullptr);
    std::string out;
    char block[4096];
    for (std::size_t n = 0; (n = std::fread(block, 1, sizeof block, pipe)) > 0;) out.append(block, n);
    ::pclose(pipe);
    return out;
}

}  // namespace

TEST_CASE("the outputs in the README are those of the command") {
    const std::string text = read(kReadme);
    std::istringstream lines(text);
    std::string rebuilt;
    std::size_t commands = 0;
    bool in_console = false;
    std::string command, expected;
    const auto close = [&] {
        if (command.empty()) return;
        ++commands;
        const std::string actual = run(KEYWRIGHT_COMMAND + command.substr(std::string_view{"$ keywright"}.size()));
        INFO(command);
        CHECK_FALSE(actual.empty());
        if (std::getenv("KEYWRIGHT_UPDATE") == nullptr) CHECK(actual == expected);
        rebuilt += actual;
        command.clear();
        expected.clear();
    };
    for (std::string line; std::getline(lines, line);) {
        const bool fence = line.starts_with("```");
        if (in_console && (fence || line.starts_with("$ "))) close();
        if (fence) in_console = line == "```console";
        if (in_console && line.starts_with("$ keywright ")) {
            command = line;
            rebuilt += line + "\n";
        } else if (in_console && !command.empty()) {
            expected += line + "\n";
        } else {
            rebuilt += line + "\n";
        }
    }
    CHECK(commands >= 5);
    if (std::getenv("KEYWRIGHT_UPDATE") != nullptr) std::ofstream(kReadme, std::ios::binary) << rebuilt;
}
