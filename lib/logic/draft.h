// Conditions taken apart: what a list of expressions and outcomes asks of each member of a configuration.
//
// A draft turns expressions of one or two packs into one formula graph whose leaves are atoms: questions about a single
// member, about one element of a set, or about the difference of two numbers. What can't be put that way (two texts
// compared with each other, products of …) becomes an opaque atom: it keeps its place in the formula, and an answer
// that hangs on it is `unknown`.
#pragma once

#include "logic/differences.h"
#include "logic/formula.h"
#include "logic/predicate.h"
#include "logic/question.h"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace keywright::logic {

constexpr std::uint32_t kNone = 0xffffffff;

// A member of the configuration, of one pack or shared by both.
struct Variable {
    std::string name;
    ir::Type type;            // as the pack `owner` declares it, without `optional`
    std::uint32_t owner = 0;  // whose enumeration it is numbered by
    std::array<ir::FieldId, 2> fields;
    bool optional = false;  // it, or a record around it, may be absent
    bool is_free = false;   // inside its record it may be absent
    std::uint32_t parent = kNone;
    Values values;  // of the member, or of its elements where it is a set
};

struct Atom {
    enum class Kind : std::uint8_t {
        kPresent,     // `variable` is there
        kPredicate,   // `variable` is there and answers yes to its predicate number `index`
        kElement,     // the element that quantifier `variable` is at answers yes to predicate `index` of its set
        kCount,       // the set `variable` has `number` or more elements
        kDifference,  // comparison number `index`
        kOpaque,      // not understood; each has a `number` of its own
        kCounter,     // (of a finished space) at least `number` elements of class `index` are in the set `variable`
    } kind = Kind::kPresent;
    std::uint32_t variable = kNone;
    std::uint32_t index = 0;
    std::uint64_t number = 0;
    friend auto operator<=>(const Atom&, const Atom&) = default;
};

class Lowering;

class Draft {
public:
    explicit Draft(std::vector<const ir::Module*> packs);

    [[nodiscard]] Ref leaf(const Leaf& leaf);
    [[nodiscard]] Ref question(const Question& question);

    // The same, were the boolean expression `node` the constant `value`. What doesn't hang on it is the same formula as
    // in `leaf`, conditions that aren't understood included.
    [[nodiscard]] Ref leaf_without(const Leaf& leaf, ir::NodeId node, bool value);

    // What every configuration keeps to: members of a record that is absent are absent.
    [[nodiscard]] Ref constraint();

    // From now on a space tells every value of the variable apart, as far as there are few; of a set at least whether
    // it holds anything of each class. The root has to be built, too. False where values stay together.
    struct Apart {
        Ref root = kTop;
        bool all = false;
    };
    [[nodiscard]] Apart tell_apart(std::uint32_t variable);

    static constexpr std::uint32_t kNow = 0xfffffffe;  // as a variable of comparisons
    // `x - y >= least` of variables; kNone is zero.
    struct NumberComparison {
        std::uint32_t x = kNone, y = kNone;
        Nanos least = 0;
        friend auto operator<=>(const NumberComparison&, const NumberComparison&) = default;
    };

    std::vector<const ir::Module*> packs;
    Formulas formulas;
    std::vector<Variable> variables;
    std::vector<std::vector<std::uint32_t>> by_field;  // by pack, by field: the variable
    std::vector<Atom> atoms;
    std::vector<std::vector<Predicate>> predicates;  // by variable; of its elements where it is a set
    std::vector<std::uint32_t> quantified;           // by quantifier: the set it ranges over
    std::vector<NumberComparison> comparisons;       // asked
    std::vector<NumberComparison> facts;             // assumed
    std::uint64_t opaque = 0;                        // atoms that aren't understood, so far
    std::set<std::uint32_t> unclear;  // variables that something reads which isn't understood, or is only in part
    std::vector<std::uint64_t> most_counted;  // by variable: the largest count that is asked about

    [[nodiscard]] Ref atom(const Atom& atom);
    [[nodiscard]] bool knows(const Atom& atom) const { return known_atoms_.contains(atom); }

private:
    friend class Lowering;
    [[nodiscard]] Ref lower(const Leaf& leaf, Lowering& lowering);
    void add_variables(std::uint32_t pack);
    void add_assumptions(std::uint32_t pack);

    std::map<Atom, std::uint32_t> known_atoms_;
    std::map<NumberComparison, std::uint32_t> known_comparisons_;
    std::vector<std::map<std::uint64_t, Ref>> lowered_;             // by pack: closed boolean nodes
    std::vector<std::map<std::pair<ir::RuleId, bool>, Ref>> come_;  // by pack: deadlines of rules, and their warnings
};

}  // namespace keywright::logic
