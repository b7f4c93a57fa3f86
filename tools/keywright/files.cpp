#include "files.h"

#include "status.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>

namespace keywright::command {

namespace fs = std::filesystem;

std::string reason_of(int error) {
    switch (error) {
        case ENOENT: return "no such file";
        case EISDIR: return "it is a folder";
        case EACCES: return "permission denied";
        default: return std::generic_category().message(error);
    }
}

namespace {

constexpr std::size_t kBlock = std::size_t{1} << 16;

[[noreturn]] void fail_to(const char* verb, const std::string& path, int error) {
    fail(Status::kFile, "`" + path + "` can't be " + verb + ": " + reason_of(error));
}

class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (number_ > STDERR_FILENO) ::close(number_);
    }
    [[nodiscard]] int number() const { return number_; }
    // Closing may be the first to hear of a full disk.
    [[nodiscard]] bool close() { return ::close(std::exchange(number_, -1)) == 0; }

private:
    int number_;
};

[[nodiscard]] bool write_all(int descriptor, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(descriptor, text.data(), text.size());
        if (written < 0) {
            if (errno == EINTR) continue;
            return false;
        }
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

// Removes a temporary file unless it was renamed.
class Temporary {
public:
    explicit Temporary(std::string path) : path_(std::move(path)) {}
    Temporary(const Temporary&) = delete;
    Temporary& operator=(const Temporary&) = delete;
    ~Temporary() {
        if (!path_.empty()) ::unlink(path_.c_str());
    }
    void keep() { path_.clear(); }

private:
    std::string path_;
};

// What is left of an open file, at most `limit + 1` bytes.
[[nodiscard]] std::string read_all(int descriptor, const struct stat& about, const std::string& name,
                                   std::size_t limit) {
    std::string text;
    if (S_ISREG(about.st_mode)) text.reserve(std::min(limit, static_cast<std::size_t>(about.st_size)) + kBlock);
    while (text.size() <= limit) {
        const std::size_t before = text.size();
        const std::size_t wanted = std::min(kBlock, limit + 1 - before);
        text.resize(before + wanted);
        const ssize_t count = ::read(descriptor, text.data() + before, wanted);
        text.resize(before + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
        if (count == 0) break;
        if (count < 0 && errno != EINTR) fail_to("read", name, errno);
    }
    return text;
}

[[nodiscard]] mode_t mode_of_new_files() {
    const mode_t mask = ::umask(0);
    ::umask(mask);
    return static_cast<mode_t>(0666 & ~mask);
}

}  // namespace

std::string read_file(const std::string& path, std::size_t limit) {
    const bool standard = path == "-";
    const Descriptor file{standard ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    const std::string name = standard ? "standard input" : path;
    if (file.number() < 0) fail_to("read", name, errno);
    struct stat about{};
    if (::fstat(file.number(), &about) != 0) fail_to("read", name, errno);
    if (S_ISDIR(about.st_mode)) fail_to("read", name, EISDIR);
    return read_all(file.number(), about, name, limit);
}

void write_file(const std::string& path, std::string_view text) {
    struct stat about{};
    const bool exists = ::stat(path.c_str(), &about) == 0;
    if (exists && S_ISDIR(about.st_mode)) fail_to("written", path, EISDIR);
    if (exists && !S_ISREG(about.st_mode)) {
        Descriptor file{::open(path.c_str(), O_WRONLY | O_CLOEXEC)};
        if (file.number() < 0 || !write_all(file.number(), text)) fail_to("written", path, errno);
        return;
    }
    std::error_code error;
    std::string target = path;
    if (exists) {
        target = fs::canonical(path, error).string();
        if (error) fail_to("written", path, error.value());
        // A read-only file was made so on purpose; a rename wouldn't ask.
        if (::access(target.c_str(), W_OK) != 0) fail_to("written", path, errno);
    }
    const fs::path folder = fs::path{target}.parent_path();
    std::string name = ((folder.empty() ? fs::path{"."} : folder) / ".keywright-XXXXXX").string();
    Descriptor file{::mkostemp(name.data(), O_CLOEXEC)};
    if (file.number() < 0) fail_to("written", path, errno);
    Temporary temporary{name};
    const mode_t mode = exists ? about.st_mode & 07777 : mode_of_new_files();
    if (!write_all(file.number(), text) || ::fchmod(file.number(), mode) != 0 || ::fsync(file.number()) != 0 ||
        !file.close() || ::rename(name.c_str(), target.c_str()) != 0) {
        fail_to("written", path, errno);
    }
    temporary.keep();
}

bool write_new_file(const std::string& path, std::string_view text, bool secret) {
    constexpr mode_t kSecret = 0600;
    Descriptor file{::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, secret ? kSecret : 0666)};
    if (file.number() < 0) {
        if (errno == EEXIST) return false;
        fail_to("written", path, errno);
    }
    Temporary half{path};
    if (!write_all(file.number(), text) || ::fsync(file.number()) != 0 || !file.close())
        fail_to("written", path, errno);
    half.keep();
    return true;
}

std::optional<std::string> read_regular_file(const std::string& path, std::size_t limit) {
    // A pipe without a writer would be waited for, so it isn't opened before it is known what it is.
    const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)};
    if (file.number() < 0) {
        if (errno == ENOENT || errno == ENOTDIR || errno == ELOOP || errno == ENXIO || errno == ENAMETOOLONG)
            return std::nullopt;
        fail_to("read", path, errno);
    }
    struct stat about{};
    if (::fstat(file.number(), &about) != 0) fail_to("read", path, errno);
    if (!S_ISREG(about.st_mode)) return std::nullopt;
    return read_all(file.number(), about, path, limit);
}

bool is_folder(const std::string& path) {
    std::error_code error;
    return fs::is_directory(path, error);
}

bool is_file(const std::string& path) {
    std::error_code error;
    return fs::exists(path, error) && !fs::is_directory(path, error);
}

std::string signature_of(const std::string& path) {
    struct stat about{};
    if (::stat(path.c_str(), &about) != 0) return path;
    const auto part = [](auto number) { return ' ' + std::to_string(number); };
    return path + part(about.st_dev) + part(about.st_ino) + part(about.st_size) + part(about.st_ctim.tv_sec) +
           part(about.st_ctim.tv_nsec);
}

std::optional<std::string> find_configuration(const std::string& folder) {
    std::error_code error;
    fs::path here = fs::canonical(folder, error);
    if (error) return std::nullopt;
    while (true) {
        const fs::path candidate = here / "keywright.toml";
        if (fs::is_regular_file(candidate, error)) return candidate.string();
        if (!here.has_relative_path()) return std::nullopt;
        here = here.parent_path();
    }
}

std::string find_root(const std::string& path) {
    std::error_code error;
    fs::path folder = fs::canonical(path, error);
    if (error) return {};
    if (!fs::is_directory(folder, error)) folder = folder.parent_path();
    if (const auto configuration = find_configuration(folder.string())) {
        return fs::path{*configuration}.parent_path().string();
    }
    for (fs::path here = folder; here.has_relative_path(); here = here.parent_path()) {
        if (here.filename() == "rules") return here.string();
    }
    return folder.string();
}

std::vector<std::string> rule_files(const std::string& folder) {
    std::vector<std::string> out;
    std::error_code error;
    fs::recursive_directory_iterator walk{folder, error};
    if (error) fail_to("read", folder, error.value());
    while (walk != fs::recursive_directory_iterator{}) {
        const fs::path& path = walk->path();
        const fs::file_status status = walk->symlink_status(error);
        if (!error && fs::is_directory(status) && path.filename().string().starts_with('.')) {
            walk.disable_recursion_pending();
        } else if (!error && fs::is_regular_file(status) && path.extension() == ".kw") {
            out.push_back(path.lexically_normal().generic_string());
        }
        walk.increment(error);
        if (error) fail_to("read", folder, error.value());
    }
    std::sort(out.begin(), out.end());
    return out;
}

std::string seen_from_here(const std::string& folder, const std::string& path) {
    std::error_code error;
    const fs::path whole = (fs::path{folder} / path).lexically_normal();
    const fs::path here = fs::current_path(error);
    if (error) return whole.generic_string();
    const fs::path relative = whole.lexically_relative(here);
    // From outside, the way through `..` tells less than the whole path.
    if (relative.empty() || *relative.begin() == "..") return whole.generic_string();
    return relative.generic_string();
}

void Output::write(std::string_view text) {
    pending_ += text;
    if (!path_ && pending_.size() >= kBlock) flush();
}

void Output::finish() {
    if (path_) {
        write_file(*path_, pending_);
        pending_.clear();
    } else {
        flush();
    }
}

void Output::flush() {
    if (!write_all(STDOUT_FILENO, pending_)) {
        // Nobody listens any more, and so there is nobody to tell.
        if (errno == EPIPE) fail(Status::kFile, {});
        fail_to("written", "standard output", errno);
    }
    pending_.clear();
}

}  // namespace keywright::command
