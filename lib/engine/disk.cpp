#include "engine/disk.h"

#include <filesystem>
#include <fstream>
#include <system_error>

namespace keywright::engine {

namespace fs = std::filesystem;

namespace {

bool is_below(const fs::path& path, const fs::path& root) {
    auto p = path.begin();
    for (auto r = root.begin(); r != root.end(); ++r) {
        if (r->empty()) continue;  // a trailing slash
        if (p == path.end() || *p != *r) return false;
        ++p;
    }
    return true;
}

}  // namespace

FileSource::Result DiskFiles::read(const std::string& path, std::size_t limit) const {
    std::error_code error;
    const fs::path root = fs::canonical(root_, error);
    if (error) return {{}, error.message()};
    const fs::path real = fs::canonical(root / path, error);
    if (error) return {{}, error == std::errc::no_such_file_or_directory ? "no such file" : error.message()};
    if (!is_below(real, root)) return {{}, "it is a link that leads out of the rules root"};
    if (fs::is_directory(real, error)) return {{}, "it is a folder"};
    if (!fs::is_regular_file(real, error)) return {{}, "it is not a regular file"};
    std::ifstream in(real, std::ios::binary);
    if (!in) return {{}, "it can't be opened"};
    std::string text;
    char block[65536];
    while (text.size() <= limit) {
        in.read(block, static_cast<std::streamsize>(std::min(sizeof block, limit + 1 - text.size())));
        text.append(block, static_cast<std::size_t>(in.gcount()));
        if (!in) break;
    }
    if (in.bad()) return {{}, "it can't be read"};
    return {std::move(text), {}};
}

Located locate(const std::string& path, const std::string& root) {
    std::error_code error;
    fs::path file = fs::canonical(path, error);
    if (error)
        return {{}, {}, error == std::errc::no_such_file_or_directory ? "no such file or folder" : error.message()};
    if (fs::is_directory(file, error)) {
        file /= "pack.kw";
        if (!fs::exists(file, error)) return {{}, {}, "the folder has no pack.kw"};
        file = fs::canonical(file, error);
        if (error) return {{}, {}, error.message()};
    }
    const fs::path base = root.empty() ? file.parent_path() : fs::canonical(root, error);
    if (error) return {{}, {}, "the rules root: " + error.message()};
    if (!is_below(file, base)) return {{}, {}, "it lies outside the rules root"};
    return {base.string(), fs::relative(file, base, error).generic_string(), {}};
}

}  // namespace keywright::engine
