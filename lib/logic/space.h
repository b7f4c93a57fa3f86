// The finite abstraction: every configuration falls into one of finitely many cells, and configurations of one cell are
// treated alike by everything that the space was built for.
//
// A space is a product of dimensions that don't depend on one another: one for each member, or each element that a
// large set may hold, or each group of numbers that are compared with one another. A dimension has classes, and each
// class a member that shows it. Dimensions are independent by construction, so the number of cells is the product of
// their classes and no cell need ever be listed.
#pragma once

#include "logic/decimal.h"
#include "logic/draft.h"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace keywright::logic {

// For each dimension the classes that are still possible, one bit each.
using Region = std::vector<std::uint64_t>;

struct Dimension {
    enum class Kind : std::uint8_t {
        kMember,    // one member that is no set and no number
        kElements,  // how many elements of some classes a set holds
        kNumbers,   // numbers that are compared with one another
    } kind = Kind::kMember;
    std::vector<std::uint32_t> variables;
    std::uint32_t classes = 0;
    std::uint32_t first_word = 0, words = 0;  // in a Region

    // kMember, by class: nothing where it is absent.
    std::vector<std::optional<value::Value>> values;
    // kElements: the element classes that it counts, and by class how many of each; none at all where it is absent.
    std::vector<std::uint32_t> elements;
    std::vector<std::vector<std::uint32_t>> counts;
    // kNumbers: number i of the group is variables[i - 1]; `now` is one of them where it is compared.
    NumberGroup group;
    std::vector<NumberClass> number_classes;
    bool relative = false;  // every class can occur at any `now`: only distances from `now` are compared
};

class Space {
public:
    struct Bounds {
        std::size_t classes = 1u << 16;      // of one dimension
        std::size_t joint_elements = 4'096;  // combinations of elements that are still listed in one dimension
    };

    // Builds the space of everything that `draft` asks; `roots` are rewritten to formulas over it, and the last of them
    // is what every configuration keeps to. Nothing where it is too large, and why.
    [[nodiscard]] static std::variant<Space, std::string> build(Draft draft, std::vector<Ref>& roots,
                                                                const Bounds& bounds);

    [[nodiscard]] Region everything() const;
    [[nodiscard]] bool is_empty(const Region& region) const;
    // Cells of a region.
    [[nodiscard]] Decimal count(const Region& region) const;

    // What the atom says of all cells of a region: true, false, or of some one and of some the other.
    [[nodiscard]] eval::Truth truth(const Region& region, std::uint32_t atom) const;
    // Leaves only the classes for which the atom is so.
    void restrict(Region& region, std::uint32_t atom, bool truth) const;

    // A configuration of the region: of each dimension the first class that is left. `wish` is the instant that it had
    // best be looked at. Nothing where the instants of its classes don't go together (never, for a sound space).
    [[nodiscard]] std::optional<Witness> witness(const Region& region, Instant wish) const;

    // The cells that `record` (of pack `pack`) at `now` may be in: one where everything asked about is known.
    [[nodiscard]] Region region_of(const value::Record& record, Instant now, std::uint32_t pack = 0) const;

    [[nodiscard]] const Draft& draft() const { return draft_; }
    [[nodiscard]] Formulas& formulas() { return draft_.formulas; }
    [[nodiscard]] const Formulas& formulas() const { return draft_.formulas; }
    [[nodiscard]] const std::vector<Dimension>& dimensions() const { return dimensions_; }
    [[nodiscard]] std::uint32_t dimension_of(std::uint32_t atom) const { return places_[atom].dimension; }
    // The classes of an element of the set `variable`.
    [[nodiscard]] const std::vector<ValueClass>& element_classes(std::uint32_t variable) const {
        return element_classes_[variable];
    }
    [[nodiscard]] Ref constraint() const { return constraint_; }
    [[nodiscard]] std::size_t words() const { return words_; }

private:
    struct Place {
        std::uint32_t dimension = kNone;   // kNone: opaque
        std::vector<std::uint64_t> holds;  // by class
    };

    explicit Space(Draft draft) : draft_(std::move(draft)) {}
    friend class SpaceBuilder;

    Draft draft_;
    std::vector<Dimension> dimensions_;
    std::vector<Place> places_;  // by atom
    std::vector<std::vector<ValueClass>> element_classes_;
    Ref constraint_ = kTop;
    std::size_t words_ = 0;
};

}  // namespace keywright::logic
