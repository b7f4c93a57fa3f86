#include "analysis/partial_space.h"

#include "ir/edit.h"
#include "ir/operands.h"
#include "logic/search.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>
#include <variant>

namespace keywright::analysis {

using logic::Draft;
using logic::kNone;
using logic::Nanos;

namespace {

constexpr std::uint64_t kMany = std::numeric_limits<std::uint64_t>::max();
constexpr std::size_t kMostComparisons = 64;

std::uint64_t times(std::uint64_t a, std::uint64_t b) { return b != 0 && a > kMany / b ? kMany : a * b; }

// What bounds numbers: `x - y >= least`. Assumptions, and the ranges of ints.
std::vector<Draft::NumberComparison> bounds_of(const Draft& draft) {
    std::vector<Draft::NumberComparison> out = draft.facts;
    for (std::uint32_t v = 0; v < draft.variables.size(); ++v) {
        const logic::Variable& member = draft.variables[v];
        if (member.type.kind != ir::Kind::kInt) continue;
        out.push_back({v, kNone, member.values.min});
        out.push_back({kNone, v, -Nanos{member.values.max}});
    }
    return out;
}

// Every comparison with a number in it replaced by what bounds it. False where that goes on for too long.
bool ask_of_bounds(Draft& draft) {
    const std::vector<Draft::NumberComparison> bounds = bounds_of(draft);
    std::set<Draft::NumberComparison> known;
    std::vector<Draft::NumberComparison> pending = draft.comparisons;
    const auto add = [&](std::uint32_t x, std::uint32_t y, Nanos least) {
        if (x == y) return;
        if (x > y) {  // as the draft keeps them
            std::swap(x, y);
            least = 1 - least;
        }
        pending.push_back({x, y, least});
    };
    while (!pending.empty()) {
        const Draft::NumberComparison c = pending.back();
        pending.pop_back();
        if (!known.insert(c).second) continue;
        if (known.size() > kMostComparisons) return false;
        for (const Draft::NumberComparison& b : bounds) {
            // `x - z >= k` bounds x from below and z from above.
            if (b.x == c.x && c.x != kNone) add(b.y, c.y, c.least - b.least);
            if (b.y == c.x && c.x != kNone) add(b.x, c.y, c.least + b.least);
            if (b.x == c.y && c.y != kNone) add(c.x, b.y, c.least + b.least);
            if (b.y == c.y && c.y != kNone) add(c.x, b.x, c.least - b.least);
        }
    }
    const std::set<Draft::NumberComparison> asked(draft.comparisons.begin(), draft.comparisons.end());
    for (const Draft::NumberComparison& c : known) {
        if (asked.contains(c)) continue;
        draft.comparisons.push_back(c);
        (void)draft.atom(
            {logic::Atom::Kind::kDifference, kNone, static_cast<std::uint32_t>(draft.comparisons.size() - 1), 0});
    }
    return true;
}

bool is_quantifier(ir::Op op) { return op == ir::Op::kAny || op == ir::Op::kEvery || op == ir::Op::kNo; }

// What holds of nodes and all below them.
struct Below {
    std::set<std::uint32_t> variables;  // of quantifiers around it
    bool counts = false;                // it asks for the elements of a set
    bool reads = false;                 // it reads a field
};

// Asks for every condition on its own, so that none is passed over because another decides the outcome wherever all is
// known. False where one is decided by its form alone and yet looks at elements: what it hangs on where something is
// unknown isn't asked then.
bool ask_all(const ir::Module& module, Draft& draft, std::vector<logic::Ref>& roots) {
    std::vector<ir::NodeId> all;
    for (const ir::Rule& rule : module.rules) {
        const auto own = ir::roots_of(rule);
        all.insert(all.end(), own.begin(), own.end());
    }
    bool exact = true;
    std::map<ir::NodeId, Below> below;
    for (const ir::NodeId id : ir::nodes_below(module, all)) {
        const ir::Node& node = module.node(id);
        Below here;
        if (node.op == ir::Op::kElement) here.variables.insert(node.a);
        here.counts = is_quantifier(node.op);
        here.reads = node.op == ir::Op::kField;
        ir::for_each_operand(module, node, [&](ir::NodeId operand) {
            const Below& inner = below.at(operand);
            here.variables.insert(inner.variables.begin(), inner.variables.end());
            here.counts = here.counts || inner.counts;
            here.reads = here.reads || inner.reads;
        });
        if (is_quantifier(node.op)) here.variables.erase(node.c);
        const ir::Type& type = module.type(id);
        if (type.kind == ir::Kind::kBool && !type.optional && here.variables.empty()) {
            logic::Leaf leaf;
            leaf.claim = logic::Claim::kHolds;
            leaf.node = id;
            const logic::Ref ref = draft.leaf(leaf);
            roots.push_back(ref);
            exact = exact && !(here.counts && here.reads && (ref == logic::kTop || ref == logic::kBottom));
        }
        below.emplace(id, std::move(here));
    }
    for (std::size_t i = 0; i < module.rules.size(); ++i) {
        logic::Leaf leaf;
        leaf.rule = ir::RuleId{i};
        leaf.claim = logic::Claim::kOutcome;
        leaf.outcome = ir::Outcome::kViolated;
        roots.push_back(draft.leaf(leaf));
        leaf.claim = logic::Claim::kWarning;
        roots.push_back(draft.leaf(leaf));
    }
    return exact;
}

}  // namespace

std::optional<PartialSpace> PartialSpace::build(const ir::Module& module, std::string& reason) {
    Draft draft{{&module}};
    std::vector<logic::Ref> roots;
    const bool asked_all = ask_all(module, draft, roots);
    const bool understood = asked_all && draft.opaque == 0;
    const bool bounded = ask_of_bounds(draft);
    roots.push_back(draft.constraint());
    logic::Space::Bounds limits;
    limits.classes = 4'096;
    auto built = logic::Space::build(std::move(draft), roots, limits);
    if (auto* problem = std::get_if<std::string>(&built)) {
        reason = std::move(*problem);
        return std::nullopt;
    }
    PartialSpace out{module, std::move(std::get<logic::Space>(built))};
    // Where assumptions contradict each other there is no configuration, yet a record that says nothing breaks none.
    const auto& dimensions = out.space_.dimensions();
    const bool is_empty = std::ranges::any_of(dimensions, [](const logic::Dimension& d) { return d.classes == 0; });
    if (is_empty) {
        reason = "no configuration keeps to the assumptions of the schema";
        return std::nullopt;
    }
    out.exact_ = understood && bounded;

    std::set<std::uint32_t> asked;
    for (const logic::Dimension& dimension : out.space_.dimensions()) {
        if (dimension.classes > 1) asked.insert(dimension.variables.begin(), dimension.variables.end());
    }
    const auto& by_field = out.space_.draft().by_field.front();
    for (const ir::NodeId id : ir::nodes_below(module, [&] {
             std::vector<ir::NodeId> all;
             for (const ir::Rule& rule : module.rules) {
                 const auto own = ir::roots_of(rule);
                 all.insert(all.end(), own.begin(), own.end());
             }
             return all;
         }())) {
        if (module.node(id).op == ir::Op::kField) asked.insert(by_field[module.node(id).a]);
    }
    for (const std::uint32_t variable : asked) {
        if (variable >= out.space_.draft().variables.size()) continue;  // `now`
        const logic::Variable& v = out.space_.draft().variables[variable];
        const bool in_part = v.type.kind == ir::Kind::kSecret || v.type.kind == ir::Kind::kNetwork ||
                             (v.type.kind == ir::Kind::kSet && v.type.element == ir::Kind::kNetwork);
        out.members_.push_back({v.fields[0].index(), variable, in_part ? 3U : 2U});
    }
    return out;
}

std::uint64_t PartialSpace::size() const {
    std::uint64_t all = 1;
    for (const logic::Dimension& dimension : space_.dimensions()) {
        std::uint64_t here = dimension.classes;
        for (const Member& member : members_) {
            if (std::ranges::find(dimension.variables, member.variable) == dimension.variables.end()) continue;
            // Where it is unknown its class makes no difference; numbers stand together and are gone through for each.
            if (dimension.kind == logic::Dimension::Kind::kNumbers)
                here = times(here, 2);
            else
                here += here * (member.ways - 2U) + 1;
        }
        all = times(all, std::max<std::uint64_t>(1, here));
    }
    return all;
}

// False where the record can't be known in that way.
bool PartialSpace::blur(const Member& member, unsigned way, value::Record& record) const {
    const std::size_t field = member.field;
    if (way == 0) return true;
    const ir::FieldId parent = module_->schema.fields[field].parent;
    if (parent.valid() && record.state(parent.index()) == value::State::kUnknown) {
        record.set_unknown(field);
        return true;
    }
    if (way == 1) {
        record.set_unknown(field);
        for (std::size_t i = field + 1; i < record.size(); ++i) {
            const ir::FieldId outer = module_->schema.fields[i].parent;
            if (outer.valid() && record.state(outer.index()) == value::State::kUnknown) record.set_unknown(i);
        }
        return true;
    }
    if (record.state(field) != value::State::kGiven) return false;
    value::Network masked;
    masked.masked = true;
    switch (module_->schema.fields[field].type.kind) {
        case ir::Kind::kSecret: record.set_secret(field, value::undisclosed_secret()); return true;
        case ir::Kind::kNetwork: record.set_network(field, masked); return true;
        default: {
            const auto given = record.network_set(field);
            std::vector<value::Network> all{given.begin(), given.end()};
            all.push_back(masked);
            record.set_network_set(field, all);
            return true;
        }
    }
}

// Complete configurations by the classes that they are of: each comes up once for every way in which it may be known.
class PartialSpace::Configurations {
public:
    explicit Configurations(const logic::Space& space) : space_(space), kept_(space, space.constraint()) {}

    [[nodiscard]] const logic::Witness* of(const std::vector<std::uint32_t>& classes) {
        const auto& dimensions = space_.dimensions();
        std::uint64_t number = 0;
        for (std::size_t d = 0; d < dimensions.size(); ++d) number = number * dimensions[d].classes + classes[d];
        const auto [at, is_new] = known_.try_emplace(number);
        if (is_new) {
            logic::Region region(space_.words(), 0);
            for (std::size_t d = 0; d < dimensions.size(); ++d)
                region[dimensions[d].first_word + classes[d] / 64] |= std::uint64_t{1} << (classes[d] % 64);
            if (kept_.of(region) != eval::Truth::kFalse)
                at->second = space_.witness(region, Instant{1'767'225'600, 0});  // 2026-01-01 reads well
        }
        return at->second ? &*at->second : nullptr;
    }

private:
    const logic::Space& space_;
    logic::Evaluation kept_;
    std::unordered_map<std::uint64_t, std::optional<logic::Witness>> known_;
};

bool PartialSpace::each_class(const std::vector<unsigned>& ways, Configurations& configurations,
                              const std::function<bool(const value::Record&, Instant)>& visit) const {
    const auto& dimensions = space_.dimensions();
    // A dimension of which all is unknown has one class that matters.
    std::vector<std::uint32_t> classes(dimensions.size(), 1), at(dimensions.size(), 0);
    for (std::size_t d = 0; d < dimensions.size(); ++d) {
        const bool is_unknown = std::ranges::all_of(dimensions[d].variables, [&](std::uint32_t v) {
            const auto member = std::ranges::find(members_, v, &Member::variable);
            return member != members_.end() && ways[static_cast<std::size_t>(member - members_.begin())] == 1;
        });
        if (!is_unknown) classes[d] = dimensions[d].classes;
    }
    value::Record record;
    while (true) {
        if (const logic::Witness* witness = configurations.of(at)) {
            record = witness->records.front();
            bool possible = true;
            for (std::size_t m = 0; m < members_.size(); ++m) possible = possible && blur(members_[m], ways[m], record);
            if (possible && !visit(record, witness->now)) return false;
        }
        std::size_t d = 0;
        for (; d < dimensions.size(); ++d) {
            if (++at[d] < classes[d]) break;
            at[d] = 0;
        }
        if (d == dimensions.size()) return true;
    }
}

bool PartialSpace::each(const std::function<bool(const value::Record&, Instant)>& visit) const {
    // Few unknown fields first: such a record is easier to read. A way for each member, as the digits of a number.
    std::uint64_t count = 1;
    for (const Member& member : members_) count *= member.ways;
    const auto digits = [&](std::uint64_t number) {
        std::vector<unsigned> ways;
        for (const Member& member : members_) {
            ways.push_back(static_cast<unsigned>(number % member.ways));
            number /= member.ways;
        }
        return ways;
    };
    std::vector<std::pair<std::size_t, std::uint64_t>> order;
    for (std::uint64_t number = 0; number < count; ++number) {
        const auto ways = digits(number);
        const auto known = std::ranges::count(ways, 0U);
        order.emplace_back(ways.size() - static_cast<std::size_t>(known), number);
    }
    std::sort(order.begin(), order.end());
    Configurations configurations{space_};
    return std::ranges::all_of(
        order, [&](const auto& next) { return each_class(digits(next.second), configurations, visit); });
}

}  // namespace keywright::analysis
