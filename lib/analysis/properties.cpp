#include "analysis/properties.h"

#include "logic/question.h"
#include "logic/search.h"
#include "value/time.h"

#include <algorithm>
#include <optional>
#include <random>
#include <utility>
#include <variant>

namespace keywright::analysis {

namespace {

using logic::Dimension;
using logic::Draft;
using logic::Nanos;
using logic::Ref;
using logic::Region;
using logic::Search;
using logic::Space;

constexpr std::size_t kParts = 32;                  // of one goal that are told apart
constexpr std::size_t kMostRules = 128;             // of which every outcome is a goal of its own
constexpr std::uint64_t kSteps = 2'000;             // of the search for one goal
constexpr std::uint64_t kStepsOfProof = 1'000'000;  // of that for any record at all
constexpr std::size_t kFruitless = 64;  // draws in a row that the evaluator doesn't confirm before it is given up

logic::Question question_of(const ir::Module& module, ir::NodeId where) {
    logic::Question q;
    q.packs.push_back(&module);
    if (where.valid()) {
        logic::Leaf leaf;
        leaf.node = where;
        (void)q.leaf(leaf);
    } else {
        (void)q.conjunction({});
    }
    return q;
}

class Drawing {
public:
    Drawing(const ir::Module& module, ir::NodeId where, Instant now, std::uint64_t seed)
        : module_(module), question_(question_of(module, where)), now_(now), random_(seed) {}

    Drawn run(std::uint32_t count) {
        Drawn out;
        if (!build(module_.rules.size() <= kMostRules) && !build(false)) {
            out.problem = "no configuration can be drawn: " + problem_;
            return out;
        }
        find_parts();
        if (goals_.empty()) {
            out.problem = none_ ? "no configuration meets the condition" : "no configuration was found: " + problem_;
            return out;
        }
        std::size_t fruitless = 0;
        for (std::size_t i = 0; out.records.size() < count; ++i) {
            const auto& parts = goals_[i % goals_.size()];
            auto record = draw_from(parts[below(parts.size())]);
            if (record) {
                fruitless = 0;
                out.records.push_back(std::move(*record));
            } else if (++fruitless == kFruitless * goals_.size()) {
                out.records.clear();
                out.problem = "no configuration was found that the evaluator confirms";
                break;
            }
        }
        return out;
    }

private:
    std::uint64_t below(std::uint64_t n) { return random_() % n; }

    bool build(bool with_rules) {
        Draft draft{{&module_}};
        std::vector<Ref> roots{draft.question(question_)};
        if (with_rules) {
            using ir::Outcome;
            for (std::size_t i = 0; i < module_.rules.size(); ++i) {
                for (const Outcome o :
                     {Outcome::kViolated, Outcome::kPass, Outcome::kExempt, Outcome::kNotApplicable}) {
                    logic::Leaf leaf;
                    leaf.claim = logic::Claim::kOutcome;
                    leaf.rule = ir::RuleId{i};
                    leaf.outcome = o;
                    roots.push_back(draft.leaf(leaf));
                }
            }
        }
        roots.push_back(draft.constraint());
        auto built = Space::build(std::move(draft), roots, {});
        if (auto* problem = std::get_if<std::string>(&built)) {
            problem_ = std::move(*problem);
            return false;
        }
        space_.emplace(std::move(std::get<Space>(built)));
        roots_ = std::move(roots);
        return true;
    }

    // The classes of numbers that can occur at this instant.
    [[nodiscard]] Region now_only() const {
        Region region = space_->everything();
        for (const Dimension& d : space_->dimensions()) {
            if (d.kind != Dimension::Kind::kNumbers) continue;
            for (std::uint32_t c = 0; c < d.classes; ++c) {
                if (!numbers_of(d, c)) region[d.first_word + c / 64] &= ~(std::uint64_t{1} << (c % 64));
            }
        }
        return region;
    }

    // What is known of the numbers of a class at this instant.
    [[nodiscard]] std::optional<logic::Differences> numbers_of(const Dimension& d, std::uint32_t c) const {
        auto known = d.group.bounds_of(d.number_classes[c]);
        const auto at = std::ranges::find(d.variables, Draft::kNow);
        if (!known || at == d.variables.end()) return known;
        const auto i = static_cast<std::size_t>(at - d.variables.begin()) + 1;
        const Nanos now = value::to_nanos(now_);
        if (!known->require(i, 0, now) || !known->require(0, i, -now)) return {};
        return known;
    }

    // For the condition alone, and with each outcome of each rule: regions in which it holds.
    void find_parts() {
        logic::Formulas& formulas = space_->formulas();
        const Ref base = formulas.both(roots_.front(), roots_.back());
        const Region start = now_only();
        none_ = true;
        const auto look = [&](Ref goal, std::uint64_t steps, bool is_base) {
            std::vector<Region> parts;
            Search search{*space_, goal, start, steps};
            for (Region part; parts.size() < kParts;) {
                const Search::Step step = search.next(part);
                if (step == Search::Step::kExhausted && is_base) none_ = false, problem_ = "the search was too long";
                if (step == Search::Step::kDone || step == Search::Step::kExhausted) break;
                parts.push_back(part);
            }
            if (!parts.empty()) goals_.push_back(std::move(parts));
        };
        if (space_->is_empty(start)) return;
        look(base, kStepsOfProof, true);
        if (goals_.empty()) return;
        for (std::size_t i = 1; i + 1 < roots_.size(); ++i) look(formulas.both(base, roots_[i]), kSteps, false);
    }

    // A number between two bounds; half of them on a border.
    Nanos number_in(Nanos low, Nanos high, Nanos easy, Nanos step) {
        switch (below(4)) {
            case 0: return low;
            case 1: return high;
            case 2: return std::clamp(easy, low, high);
            default: break;  // NOLINT: the rest is anything between
        }
        const auto steps = static_cast<std::uint64_t>((high - low) / step);
        return low + Nanos{steps == UINT64_MAX ? random_() : below(steps + 1)} * step;
    }

    std::optional<value::Record> draw_from(const Region& part) {
        Region cell = part;
        std::vector<std::uint32_t> chosen;
        for (const Dimension& d : space_->dimensions()) {
            std::vector<std::uint32_t> classes;
            for (std::uint32_t c = 0; c < d.classes; ++c) {
                if ((part[d.first_word + c / 64] >> (c % 64) & 1U) != 0) classes.push_back(c);
            }
            const std::uint32_t c = classes[below(classes.size())];
            chosen.push_back(c);
            for (std::uint32_t w = 0; w < d.words; ++w)
                cell[d.first_word + w] = w == c / 64 ? std::uint64_t{1} << (c % 64) : 0;
        }
        auto witness = space_->witness(cell, now_);
        if (!witness) return {};
        value::Record record = std::move(witness->records.front());
        for (std::size_t i = 0; i < chosen.size(); ++i) {
            if (!vary_numbers(space_->dimensions()[i], chosen[i], record)) return {};
        }
        if (!logic::confirms(question_, {{record}, now_})) return {};
        return record;
    }

    // Other numbers of the same class, at this instant.
    bool vary_numbers(const Dimension& d, std::uint32_t c, value::Record& record) {
        if (d.kind != Dimension::Kind::kNumbers) return true;
        auto known = numbers_of(d, c);
        if (!known) return false;
        for (std::size_t i = 1; i <= d.variables.size(); ++i) {
            const std::uint32_t v = d.variables[i - 1];
            if (v == Draft::kNow || !d.number_classes[c].present[i]) continue;
            const ir::FieldId field = space_->draft().variables[v].fields[0];
            if (record.state(field.index()) != value::State::kGiven) continue;
            const ir::Kind kind = space_->draft().variables[v].type.kind;
            const bool is_instant = kind == ir::Kind::kInstant;
            const Nanos easy = is_instant ? value::to_nanos(now_) : 0;
            const Nanos step = kind == ir::Kind::kInt ? 1 : Nanos{1'000'000'000} * 3'600;
            const Nanos number = number_in(known->least(i, 0), known->most(i, 0), easy, step);
            if (!known->require(i, 0, number) || !known->require(0, i, -number)) return false;
            if (kind == ir::Kind::kInt) record.set_int(field.index(), static_cast<std::int64_t>(number));
            if (is_instant) record.set_instant(field.index(), value::to_instant(number));
            if (kind == ir::Kind::kDuration) record.set_duration(field.index(), value::to_duration(number));
        }
        return true;
    }

    const ir::Module& module_;
    logic::Question question_;
    Instant now_;
    std::mt19937_64 random_;
    std::optional<Space> space_;
    std::vector<Ref> roots_;
    std::vector<std::vector<Region>> goals_;
    std::string problem_;
    bool none_ = false;
};

}  // namespace

Drawn draw(const ir::Module& module, ir::NodeId where, Instant now, std::uint32_t count, std::uint64_t seed) {
    return Drawing{module, where, now, seed}.run(count);
}

bool is_drawable(const ir::Module& module, ir::NodeId where, const value::Record& record, Instant now) {
    return logic::confirms(question_of(module, where), {{record}, now});
}

}  // namespace keywright::analysis
