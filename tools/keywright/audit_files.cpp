#include "audit_files.h"

#include "files.h"
#include "keywright/keywright.h"
#include "status.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <charconv>
#include <utility>

namespace keywright::command {

namespace {

constexpr std::string_view kFormat = "keywright.checkpoint/1\n";
constexpr std::size_t kHead = std::size_t{1} << 16;
constexpr std::size_t kMostBytes = std::size_t{1} << 30;  // of a checkpoint

[[nodiscard]] std::string digest_of(std::string_view text) { return input_evidence(text, {}).digest; }

void append(std::string& out, std::string_view text) {
    out += std::to_string(text.size()) + ':';
    out += text;
}

// Takes off the front what `append` wrote; nothing where that isn't there.
[[nodiscard]] std::optional<std::string> take(std::string_view& text) {
    std::size_t size = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size);
    const auto digits = static_cast<std::size_t>(end - text.data());
    if (error != std::errc{} || digits >= text.size() || text[digits] != ':' || size > text.size() - digits - 1)
        return std::nullopt;
    std::string out{text.substr(digits + 1, size)};
    text.remove_prefix(digits + 1 + size);
    return out;
}

[[nodiscard]] std::optional<std::uint64_t> take_number(std::string_view& text) {
    const auto digits = take(text);
    std::uint64_t out = 0;
    if (!digits || std::from_chars(digits->data(), digits->data() + digits->size(), out).ec != std::errc{})
        return std::nullopt;
    return out;
}

}  // namespace

ResultsFile::ResultsFile(std::string path, std::optional<std::uint64_t> keep) : path_(std::move(path)) {
    const int flags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY | (keep ? 0 : O_TRUNC);
    descriptor_ = ::open(path_.c_str(), flags, 0666);
    struct stat about{};
    if (descriptor_ < 0 || ::fstat(descriptor_, &about) != 0) fail_to_write(errno);
    regular_ = S_ISREG(about.st_mode);
    if (!keep) return;
    if (!regular_ || static_cast<std::uint64_t>(about.st_size) < *keep) {
        fail(Status::kFile, "`" + path_ + "` is shorter than the results were when the audit stopped",
             "begin anew, without --resume");
    }
    size_ = *keep;
    if (::ftruncate(descriptor_, static_cast<off_t>(size_)) != 0 ||
        ::lseek(descriptor_, static_cast<off_t>(size_), SEEK_SET) < 0) {
        fail_to_write(errno);
    }
}

ResultsFile::~ResultsFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

void ResultsFile::fail_to_write(int error) const {
    fail(Status::kFile, "`" + path_ + "` can't be written at byte " + std::to_string(size_) + ": " + reason_of(error));
}

void ResultsFile::write(std::string_view text) {
    while (!text.empty()) {
        const ssize_t count = ::write(descriptor_, text.data(), text.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) fail_to_write(errno);
        size_ += static_cast<std::uint64_t>(count);
        text.remove_prefix(static_cast<std::size_t>(count));
    }
}

void ResultsFile::sync() {
    if (regular_ && ::fdatasync(descriptor_) != 0) fail_to_write(errno);
}

void ResultsFile::close() {
    if (::close(std::exchange(descriptor_, -1)) != 0) fail_to_write(errno);
}

FileIdentity identify(const std::string& path) {
    struct stat about{};
    const auto head = read_regular_file(path, kHead - 1);
    if (!head || ::stat(path.c_str(), &about) != 0) {
        fail(Status::kUsage,
             "an audit with a checkpoint needs inputs that can be read again, and `" + path + "` can't be",
             "leave --checkpoint out, or write the input to a file first");
    }
    return {path, static_cast<std::uint64_t>(about.st_size), digest_of(*head)};
}

bool is_same_file(const std::string& a, const std::string& b) {
    struct stat one{}, other{};
    return ::stat(a.c_str(), &one) == 0 && ::stat(b.c_str(), &other) == 0 && one.st_dev == other.st_dev &&
           one.st_ino == other.st_ino;
}

void write_checkpoint(const std::string& path, const Checkpoint& checkpoint) {
    std::string out{kFormat};
    append(out, std::to_string(checkpoint.inputs.size()));
    for (const FileIdentity& input : checkpoint.inputs) {
        append(out, input.path);
        append(out, std::to_string(input.size));
        append(out, input.head);
    }
    append(out, checkpoint.at);
    append(out, checkpoint.results);
    append(out, std::to_string(checkpoint.results_size));
    append(out, checkpoint.tally);
    out += digest_of(out);
    write_file(path, out);
}

std::optional<Checkpoint> read_checkpoint(const std::string& path) {
    const auto text = read_regular_file(path, kMostBytes);
    if (!text) {
        if (is_file(path) || is_folder(path))
            fail(Status::kFile, "`" + path + "` can't be read: it is no regular file");
        return std::nullopt;
    }
    const std::size_t digest = digest_of({}).size();
    const auto damaged = [&]() -> std::optional<Checkpoint> {
        fail(Status::kFile, "`" + path + "` is no checkpoint of an audit, or it is damaged",
             "begin anew, without --resume");
    };
    std::string_view rest = *text;
    if (!rest.starts_with(kFormat) || rest.size() < digest) return damaged();
    const std::string_view body = rest.substr(0, rest.size() - digest);
    if (digest_of(body) != rest.substr(body.size())) return damaged();
    rest = body.substr(kFormat.size());
    Checkpoint out;
    const auto count = take_number(rest);
    if (!count) return damaged();
    for (std::uint64_t i = 0; i < *count; ++i) {
        auto name = take(rest);
        const auto size = take_number(rest);
        auto head = take(rest);
        if (!name || !size || !head) return damaged();
        out.inputs.push_back({*std::move(name), *size, *std::move(head)});
    }
    auto at = take(rest);
    auto results = take(rest);
    const auto size = take_number(rest);
    auto tally = take(rest);
    if (!at || !results || !size || !tally || !rest.empty()) return damaged();
    out.at = *std::move(at);
    out.results = *std::move(results);
    out.results_size = *size;
    out.tally = *std::move(tally);
    return out;
}

}  // namespace keywright::command
