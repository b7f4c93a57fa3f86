// Which members an object may have, as a tree of names, and the report of those it may not have. Nothing in a record is
// passed over silently: what no one reads must be named.
#pragma once

#include "input/decode.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace keywright::input {

class MemberTree {
public:
    // How a member is used. Members on the way to one are `kOnTheWay`: only what is named below them may stand there.
    enum class Use : std::uint8_t {
        kOnTheWay,
        kRecord,    // the same, and its own type is checked by whoever reads it
        kWhole,     // whatever stands there is read or passed over
        kNullOnly,  // only null may stand there
    };

    MemberTree();

    // Adds the member at `pointer` (RFC 6901). Of two uses of one member the later in the list above stands, but for
    // kNullOnly.
    void add(std::string_view pointer, Use use);
    // Allows the member `name` beside each member on the way to `pointer`.
    void allow_beside(std::string_view pointer, std::string_view name);

    // Reports the members below `object`, which stands at `path` below the record, that the tree doesn't hold.
    void check(Context& context, JsonDocument::Index object, const std::string& path) const;

private:
    struct Node {
        std::string name;
        Use use = Use::kOnTheWay;
        std::vector<std::size_t> children;
    };
    std::vector<Node> nodes_;

    [[nodiscard]] std::size_t child_of(std::size_t node, std::string_view name) const;  // 0 where there is none
    std::size_t add_child(std::size_t node, std::string_view name);
    void check_value(Context& context, std::size_t node, JsonDocument::Index value, const std::string& path) const;
    void check_below(Context& context, std::size_t node, JsonDocument::Index value, const std::string& path) const;
};

// The names a JSON Pointer is made of, unescaped.
[[nodiscard]] std::vector<std::string> pointer_names(std::string_view pointer);

}  // namespace keywright::input
