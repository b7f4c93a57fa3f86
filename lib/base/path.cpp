#include "base/path.h"

#include <algorithm>

namespace keywright::base {

std::optional<std::string> resolve_path(std::string_view folder, std::string_view to, std::string_view root) {
    // A control character is no part of an honest name, and a NUL would cut it short.
    if (std::any_of(to.begin(), to.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; })) return {};
    if (to.empty() || to.front() == '/' || to.find('\\') != std::string_view::npos ||
        to.find(':') != std::string_view::npos)
        return {};
    std::string path{folder};
    while (!to.empty()) {
        const std::size_t slash = to.find('/');
        const std::string_view part = to.substr(0, slash);
        to = slash == std::string_view::npos ? std::string_view{} : to.substr(slash + 1);
        if (part.empty() || part == ".") continue;
        if (part == "..") {
            if (path == root || path.empty() || path == "/") return {};
            const std::size_t cut = path.rfind('/');
            path = cut == std::string::npos ? std::string{} : path.substr(0, cut == 0 ? 1 : cut);
            continue;
        }
        if (!path.empty() && path.back() != '/') path += '/';
        path += part;
    }
    const bool below = root.empty() || (path.starts_with(root) &&
                                        (path.size() == root.size() || path[root.size()] == '/' || root.back() == '/'));
    if (!below) return {};
    return path;
}

std::string_view folder_of(std::string_view path) {
    const std::size_t slash = path.rfind('/');
    if (slash == std::string_view::npos) return {};
    return path.substr(0, slash == 0 ? 1 : slash);
}

}  // namespace keywright::base
