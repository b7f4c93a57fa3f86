// How versions stand to each other.
#include "keywright/signature.h"

#include <algorithm>

namespace keywright {

namespace {

// The digits of the next part, taken off `rest`; nothing where there are none, or a needless zero leads them.
[[nodiscard]] std::optional<std::string_view> next_part(std::string_view& rest) {
    const std::size_t end = std::min(rest.find('.'), rest.size());
    const std::string_view part = rest.substr(0, end);
    if (part.empty() || part.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
    if (part.size() > 1 && part.front() == '0') return std::nullopt;
    if (end + 1 == rest.size()) return std::nullopt;  // a dot at the end
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return part;
}

}  // namespace

std::optional<std::strong_ordering> compare_versions(std::string_view a, std::string_view b) {
    if (a.empty() || b.empty()) return std::nullopt;
    std::optional<std::strong_ordering> out = std::strong_ordering::equal;
    // To the end of both, as the rest of one may be no number.
    while (!a.empty() || !b.empty()) {
        const auto left = a.empty() ? std::optional<std::string_view>{"0"} : next_part(a);
        const auto right = b.empty() ? std::optional<std::string_view>{"0"} : next_part(b);
        if (!left || !right) return std::nullopt;
        if (*out != std::strong_ordering::equal) continue;
        // Without leading zeros the longer number is the greater, whatever fits into an integer.
        out = left->size() <=> right->size();
        if (*out == std::strong_ordering::equal) out = left->compare(*right) <=> 0;
    }
    return out;
}

bool remember(std::vector<KnownVersion>& versions, const KnownVersion& seen) {
    for (KnownVersion& known : versions) {
        if (known.key != seen.key || known.pack != seen.pack) continue;
        const auto order = compare_versions(known.version, seen.version);
        if (!order || *order != std::strong_ordering::less) return false;
        known.version = seen.version;
        return true;
    }
    versions.push_back(seen);
    std::sort(versions.begin(), versions.end(), [](const KnownVersion& a, const KnownVersion& b) {
        return a.key != b.key ? a.key < b.key : a.pack < b.pack;
    });
    return true;
}

}  // namespace keywright
