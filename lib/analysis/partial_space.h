// Records of which not everything is known, taken apart into finitely many classes that rules treat alike.
//
// The finite abstraction (logic::Space) is about complete configurations. A rule decides an incomplete one by the
// classes of what is given, and by bounds on what isn't: the schema's ranges and assumptions. So each comparison of
// numbers is asked of the bounds too, and then all records that have the same fields unknown and the rest in the same
// classes come out alike.
#pragma once

#include "ir/ir.h"
#include "logic/space.h"
#include "value/record.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace keywright::analysis {

class PartialSpace {
public:
    // Everything that the rules of `module`, which must outlive this, ask. Nothing where that can't be put into
    // classes.
    [[nodiscard]] static std::optional<PartialSpace> build(const ir::Module& module, std::string& reason);

    // How many records `visit` would see at most; huge numbers are cut off.
    [[nodiscard]] std::uint64_t size() const;

    // Calls `visit(record, now)` for a record of every class, complete ones first, until it answers false. Returns
    // whether all were seen. Only for a size that one can wait for.
    bool each(const std::function<bool(const value::Record&, Instant)>& visit) const;

    // Whether every class is homogeneous: no condition hangs on what classes can't express.
    [[nodiscard]] bool is_exact() const { return exact_; }

private:
    PartialSpace(const ir::Module& module, logic::Space space) : module_(&module), space_(std::move(space)) {}

    // What may be known of a field beside its value.
    struct Member {
        std::size_t field = 0;
        std::uint32_t variable = 0;
        unsigned ways = 2;  // in full, not at all; of a secret and of a set of networks: in part
    };
    [[nodiscard]] bool blur(const Member& member, unsigned way, value::Record& record) const;
    class Configurations;
    bool each_class(const std::vector<unsigned>& ways, Configurations& configurations,
                    const std::function<bool(const value::Record&, Instant)>& visit) const;

    const ir::Module* module_;
    logic::Space space_;
    std::vector<Member> members_;
    bool exact_ = true;
};

}  // namespace keywright::analysis
