// Runs the built command, and gives it folders to work in.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keywright::cli {

struct Result {
    int status = -1;  // exit status, or -1 where a signal ended it
    int signal = 0;
    std::string out, err;
};

struct Run {
    std::string input;   // standard input
    std::string folder;  // to run in; empty: the root of the repository
    std::map<std::string, std::string> environment;
    std::optional<std::string> output_to;  // a file as standard output
    bool output_closed = false;            // standard output is a pipe that nobody reads
};

// Runs the command with an environment of nothing but PATH and what is given.
[[nodiscard]] Result run(const std::vector<std::string>& arguments, const Run& how = {});
// The same of another program, by its whole path.
[[nodiscard]] Result run_program(const std::string& program, const std::vector<std::string>& arguments, const Run& how);
// The command from a line as one would type it; words are parted at spaces.
[[nodiscard]] Result run(const std::string& line, const Run& how = {});

// The command while it runs, with both of its streams in one pipe. Killed at the end, if it is still there.
class Running {
public:
    Running(const std::string& line, const Run& how);
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;
    ~Running();
    // All that was written since the last call, as soon as `text` is in it; what there is where it doesn't come within
    // ten seconds or the program ends.
    [[nodiscard]] std::string until(const std::string& text);
    // Sends SIGINT, so often within milliseconds, and waits for the end: the exit status, or -1 where it ended in another
    // way.
    [[nodiscard]] int interrupt(int times = 1);

private:
    int pid_ = -1;
    int out_ = -1;
};

// A folder that is gone at the end.
class Folder {
public:
    Folder();
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder();
    [[nodiscard]] const std::string& path() const { return path_; }
    // Writes a file, with the folders it lies in; returns its whole path.
    std::string write(const std::string& name, const std::string& text) const;
    [[nodiscard]] std::string read(const std::string& name) const;
    [[nodiscard]] std::vector<std::string> names() const;  // of the files right in it, sorted
    // Runs the command in it.
    Result operator()(const std::string& line, Run how = {}) const;

private:
    std::string path_;
};

[[nodiscard]] bool holds(std::string_view text, std::string_view part);
// The text with the first `from` in it made `to`; throws where there is none.
[[nodiscard]] std::string replaced(std::string text, std::string_view from, std::string_view to);

}  // namespace keywright::cli
