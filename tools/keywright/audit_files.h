// The files that an audit writes as it goes: full results, and a checkpoint to go on from.
#pragma once

#include "keywright/audit.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keywright::command {

// Results grow in the file itself, so that what was decided isn't lost with the program.
class ResultsFile {
public:
    // Made anew, or what is behind the first `keep` bytes cut off. A `Failure` where it can't be written to.
    ResultsFile(std::string path, std::optional<std::uint64_t> keep);
    ~ResultsFile();
    ResultsFile(const ResultsFile&) = delete;
    ResultsFile& operator=(const ResultsFile&) = delete;

    void write(std::string_view text);  // a `Failure` where the disk is full
    void sync();                        // what was written is on the disk
    void close();
    [[nodiscard]] std::uint64_t size() const { return size_; }

private:
    [[noreturn]] void fail_to_write(int error) const;
    std::string path_;
    int descriptor_ = -1;
    std::uint64_t size_ = 0;
    bool regular_ = false;
};

// What a file is known by later: its size, and a digest of its beginning.
struct FileIdentity {
    std::string path;
    std::uint64_t size = 0;
    std::string head;
    friend bool operator==(const FileIdentity&, const FileIdentity&) = default;
};

// A `Failure` where it isn't a regular file, which alone can be read again.
[[nodiscard]] FileIdentity identify(const std::string& path);

// Whether two paths lead to one file.
[[nodiscard]] bool is_same_file(const std::string& a, const std::string& b);

struct Checkpoint {
    std::vector<FileIdentity> inputs;
    std::string at;       // the instant decided at
    std::string results;  // path; empty: none
    std::uint64_t results_size = 0;
    std::string tally;
};

void write_checkpoint(const std::string& path, const Checkpoint& checkpoint);
// Nothing where there is no such file. A `Failure` where it isn't a checkpoint, or damaged.
[[nodiscard]] std::optional<Checkpoint> read_checkpoint(const std::string& path);

}  // namespace keywright::command
