#include "analysis/forecast.h"

#include "input/assume.h"
#include "ir/operands.h"
#include "logic/search.h"

#include <algorithm>
#include <bit>
#include <set>
#include <tuple>
#include <utility>
#include <variant>

namespace keywright::analysis {

using ir::FieldId;
using ir::NodeId;
using ir::Op;
using ir::RuleId;

namespace {

constexpr std::uint64_t kSteps = 20'000;  // of one search for an edit
constexpr std::size_t kMostTrials = 64;   // edits of one member that are tried

Severity severity_of(const ir::Rule& rule, Standing standing) {
    const bool warns = standing == Standing::kWarning || standing == Standing::kPerhapsWarning;
    return warns ? std::min(rule.severity, Severity::kWarning) : rule.severity;
}

bool is_open(Standing standing) { return standing == Standing::kUndetermined || standing == Standing::kPerhapsWarning; }

ExpiresAt expires_at(const eval::InstantBounds& deadline) { return to_expires_at({false, deadline}); }

bool keeps_assumptions(const ir::Module& module, const value::Record& record, Instant now) {
    bool kept = true;
    input::find_broken_assumptions(module, record, now, [&](FieldId, const std::string&) { kept = false; });
    return kept;
}

// A member's value where it is given and has one.
std::optional<value::Value> value_of(const ir::Type& type, const value::Record& record, std::size_t i) {
    if (record.state(i) != value::State::kGiven) return std::nullopt;
    switch (type.kind) {
        case ir::Kind::kBool: return record.boolean(i);
        case ir::Kind::kInt: return record.integer(i);
        case ir::Kind::kText: return std::string{record.text(i)};
        case ir::Kind::kEnum: return value::EnumValue{record.enumerator(i)};
        case ir::Kind::kNetwork: return record.network(i);
        case ir::Kind::kInstant: return record.instant(i);
        case ir::Kind::kDuration: return record.duration(i);
        case ir::Kind::kSecret: return record.secret(i);
        case ir::Kind::kRecord: return std::nullopt;
        case ir::Kind::kSet: break;
    }
    if (type.element == ir::Kind::kEnum) return value::EnumSet{record.enum_set(i)};
    if (type.element == ir::Kind::kNetwork) {
        const auto all = record.network_set(i);
        return value::NetworkSet{all.begin(), all.end()};
    }
    if (type.element == ir::Kind::kInt) {
        const auto all = record.int_set(i);
        return value::IntSet{all.begin(), all.end()};
    }
    value::TextSet texts;
    for (std::size_t k = 0; k < record.count(i); ++k) texts.emplace_back(record.text_element(i, k));
    return texts;
}

// Every value of a type that has few of them.
std::optional<std::vector<value::Value>> few_values(const ir::Module& module, const ir::Type& type) {
    constexpr std::int64_t kFew = 64;
    constexpr std::size_t kFewMembers = 8;  // 256 sets
    std::vector<value::Value> out;
    if (type.kind == ir::Kind::kBool) return std::vector<value::Value>{false, true};
    if (type.kind == ir::Kind::kInt) {
        // The range may be all of 64 bits, so the difference is taken where it fits.
        if (Nanos{type.max} - type.min >= kFew) return std::nullopt;
        for (std::int64_t n = 0; n <= type.max - type.min; ++n) out.emplace_back(type.min + n);
        return out;
    }
    if (!type.enumeration.valid()) return std::nullopt;
    const std::size_t count = module.enums[type.enumeration.index()].values.size();
    if (type.kind == ir::Kind::kEnum) {
        for (std::uint32_t i = 0; i < count; ++i) out.emplace_back(value::EnumValue{i});
        return out;
    }
    if (type.kind != ir::Kind::kSet || type.element != ir::Kind::kEnum || count > kFewMembers) return std::nullopt;
    for (std::uint64_t bits = 0; bits < std::uint64_t{1} << count; ++bits) out.emplace_back(value::EnumSet{bits});
    return out;
}

}  // namespace

Standing standing_of(const eval::RuleDecision& decision) {
    switch (decision.outcome) {
        case ir::Outcome::kNotApplicable: return Standing::kNotApplicable;
        case ir::Outcome::kExempt: return Standing::kExempt;
        case ir::Outcome::kPass: break;
        case ir::Outcome::kViolated: return Standing::kViolated;
        case ir::Outcome::kUndetermined: return Standing::kUndetermined;
    }
    switch (decision.warning) {
        case eval::Truth::kFalse: return Standing::kPass;
        case eval::Truth::kTrue: return Standing::kWarning;
        case eval::Truth::kUnknown: return Standing::kPerhapsWarning;
    }
    return Standing::kPass;
}

Forecaster::Forecaster(const Explainer& explainer)
    : explainer_(explainer),
      module_(explainer.module),
      timeline_(explainer.module),
      all_(explainer.program.make_scratch()),
      one_(explainer.program.make_scratch()),
      exits_(explainer.module.rules.size()) {
    decision_.rules.resize(module_.rules.size());
}

void Forecaster::fill(const value::Record& record, Instant now, std::optional<Instant> until, RecordForecast& out) {
    explainer_.program.decide(record, now, all_, decision_.rules);
    out.verdict = static_cast<Verdict>(eval::verdict(module_, decision_));
    out.expires_at = to_expires_at(eval::expiration(module_, decision_));
    for (std::size_t r = 0; r < module_.rules.size(); ++r) {
        const ir::Rule& rule = module_.rules[r];
        const eval::RuleDecision& decision = decision_.rules[r];
        const Standing standing = standing_of(decision);
        out.now.push_back({rule.name, severity_of(rule, standing), standing});
        if (rule.expiry && decision.applies != eval::Truth::kFalse)
            out.expiries.push_back(expiry(record, now, RuleId{r}, decision));
    }
    find_changes(record, now, until, out);
}

void Forecaster::find_changes(const value::Record& record, Instant now, std::optional<Instant> until,
                              RecordForecast& out) {
    const Nanos start = value::to_nanos(now);
    const Nanos end = until ? std::min(value::to_nanos(*until), kEndOfTime) : kEndOfTime;
    const auto unreadable = timeline_.unreadable_from(record, start);
    // To know when an undetermined stretch ends, what comes behind the end of the view counts too.
    const Nanos last = unreadable ? *unreadable - 1 : kEndOfTime;
    const auto instants = timeline_.instants(record, start, last);
    if (!instants) {
        out.complete = false;
        return;
    }
    const std::size_t rules = module_.rules.size();
    std::vector<Standing> standing(rules);
    for (std::size_t r = 0; r < rules; ++r) standing[r] = out.now[r].standing;
    Verdict verdict = out.verdict;
    // Where each rule's and the verdict's last change stands, so that the next one can be noted there.
    constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);
    std::vector<std::size_t> latest(rules, kNowhere);
    const auto change_verdict = [&](Nanos at, Verdict to) {
        if (to == verdict) return;
        const Instant instant = value::to_instant(at);
        if (!out.verdicts.empty()) out.verdicts.back().until = instant;
        out.verdicts.push_back({instant, verdict, to, {}});
        verdict = to;
    };
    for (const Nanos at : *instants) {
        const Instant instant = value::to_instant(at);
        explainer_.program.decide(record, instant, all_, decision_.rules);
        for (std::size_t r = 0; r < rules; ++r) {
            const Standing to = standing_of(decision_.rules[r]);
            if (to == standing[r]) continue;
            if (latest[r] != kNowhere) out.changes[latest[r]].until = instant;
            latest[r] = out.changes.size();
            const ir::Rule& rule = module_.rules[r];
            RuleChange change{instant, rule.name, severity_of(rule, to), standing[r], to, {}, {}};
            if (is_open(to) && at <= end) {
                for (const FieldId field : explainer_.needed_fields(record, instant, RuleId{r}))
                    change.needs.push_back(module_.schema.fields[field.index()].pointer);
            }
            out.changes.push_back(std::move(change));
            standing[r] = to;
        }
        change_verdict(at, static_cast<Verdict>(eval::verdict(module_, decision_)));
    }
    if (unreadable) change_verdict(*unreadable, Verdict::kInvalid);
    const auto too_late = [&](const auto& change) { return value::to_nanos(change.at) > end; };
    std::erase_if(out.changes, too_late);
    std::erase_if(out.verdicts, too_late);
}

Expiry Forecaster::expiry(const value::Record& record, Instant now, RuleId id, const eval::RuleDecision& decision) {
    const ir::Rule& rule = module_.rules[id.index()];
    Expiry out;
    out.rule = rule.name;
    out.standing = standing_of(decision);
    out.severity = severity_of(rule, out.standing);
    out.deadline = expires_at(decision.deadline);
    if (decision.deadline.latest <= value::to_nanos(now)) return out;  // nothing helps any more
    for (const FieldId field : renewable(id)) {
        value::Record renewed = record;
        renewed.set_instant(field.index(), now);
        if (!keeps_assumptions(module_, renewed, now)) continue;
        const eval::RuleDecision then = decide(renewed, now, id);
        const bool ends = then.applies == eval::Truth::kFalse;
        if (!ends && then.deadline.earliest <= decision.deadline.earliest &&
            then.deadline.latest <= decision.deadline.latest)
            continue;
        out.renewals.push_back(
            {module_.schema.fields[field.index()].pointer, ends ? ExpiresAt{} : expires_at(then.deadline)});
    }
    // Beside what the rule reads: records that its members are in, and what may bound an unknown one of them.
    const std::vector<FieldId> read = explainer_.dependencies.fields(id);
    std::set<FieldId> concerned{read.begin(), read.end()};
    for (const ir::Assumption& a : module_.schema.assumptions) concerned.insert({a.lesser.field, a.greater.field});
    for (std::size_t f = 0; f < module_.schema.fields.size(); ++f) {
        const ir::Field& field = module_.schema.fields[f];
        if (field.immutable || (field.type.kind != ir::Kind::kRecord && !concerned.contains(FieldId{f}))) continue;
        if (auto found = escape(record, now, id, decision.deadline, FieldId{f}))
            out.escapes.push_back(*std::move(found));
    }
    return out;
}

// An instant that the schema puts before another member's is the past by nature: a key is created once, whatever is
// written into its record.
std::vector<FieldId> Forecaster::renewable(RuleId rule) const {
    std::set<FieldId> found;
    std::set<NodeId> seen;
    std::vector<NodeId> pending{module_.rules[rule.index()].expiry->since};
    while (!pending.empty()) {
        const NodeId id = pending.back();
        pending.pop_back();
        if (!seen.insert(id).second) continue;
        const ir::Node& node = module_.node(id);
        if (node.op == Op::kField && module_.type(id).kind == ir::Kind::kInstant) found.insert(FieldId{node.a});
        ir::for_each_operand(module_, node, [&](NodeId operand) { pending.push_back(operand); });
    }
    std::erase_if(found, [&](FieldId field) {
        return std::any_of(module_.schema.assumptions.begin(), module_.schema.assumptions.end(),
                           [&](const ir::Assumption& a) { return a.lesser.field == field && a.greater.field.valid(); });
    });
    return {found.begin(), found.end()};
}

const Forecaster::Exits& Forecaster::exits(RuleId rule) {
    std::optional<Exits>& known = exits_[rule.index()];
    if (known) return *known;
    known.emplace();
    logic::Draft draft{{&module_}};
    logic::Leaf leaf;
    leaf.claim = logic::Claim::kOutcome;
    leaf.rule = rule;
    leaf.outcome = ir::Outcome::kNotApplicable;
    const logic::Ref unasked = draft.leaf(leaf);
    leaf.outcome = ir::Outcome::kExempt;
    const logic::Ref exempt = draft.leaf(leaf);
    std::vector<logic::Ref> roots{draft.formulas.either(unasked, exempt), draft.constraint()};
    auto built = logic::Space::build(std::move(draft), roots, {});
    if (auto* space = std::get_if<logic::Space>(&built)) {
        known->root = space->formulas().both(roots[0], roots[1]);
        known->space.emplace(std::move(*space));
    }
    return *known;
}

std::vector<value::Record> Forecaster::trials(const value::Record& record, Instant now, RuleId rule, FieldId field) {
    const ir::Field& declared = module_.schema.fields[field.index()];
    const std::size_t f = field.index();
    std::vector<value::Record> out;
    if (declared.type.kind == ir::Kind::kRecord) {
        if (!declared.type.optional || record.state(f) == value::State::kAbsent) return out;
        out.push_back(record);
        out.back().set_absent(f);
        for (std::size_t i = f + 1; i < record.size(); ++i) {  // members follow their record
            const FieldId parent = module_.schema.fields[i].parent;
            if (parent.valid() && out.back().state(parent.index()) == value::State::kAbsent) out.back().set_absent(i);
        }
        return out;
    }
    // A member of a record that isn't there can't be edited alone.
    for (FieldId p = declared.parent; p.valid(); p = module_.schema.fields[p.index()].parent) {
        if (record.state(p.index()) != value::State::kGiven) return out;
    }
    // What has few values is tried out, which is exact whatever the rule asks.
    if (const auto few = few_values(module_, declared.type)) {
        std::vector<value::Value> values = *few;
        if (declared.type.kind == ir::Kind::kSet && record.state(f) == value::State::kGiven) {
            // The fewer values go into a set or leave it, the better; of as many, those that leave it.
            const std::uint64_t bits = record.enum_set(f);
            const auto price = [&](const value::Value& v) {
                const std::uint64_t to = std::get<value::EnumSet>(v).bits;
                return std::tuple{std::popcount(bits ^ to), std::popcount(to & ~bits), to};
            };
            std::sort(values.begin(), values.end(),
                      [&](const value::Value& a, const value::Value& b) { return price(a) < price(b); });
        }
        for (const value::Value& value : values) {
            out.push_back(record);
            out.back().set(f, value);
        }
        if (declared.type.optional) {
            out.push_back(record);
            out.back().set_absent(f);
        }
        return out;
    }
    const Exits& exits = this->exits(rule);
    if (!exits.space) return out;
    const logic::Space& space = *exits.space;
    const logic::Region here = space.region_of(record, now);
    if (space.is_empty(here)) return out;
    const std::uint32_t variable = space.draft().by_field[0][f];
    const logic::Region everything = space.everything();
    logic::Region start = here;
    std::vector<const logic::Dimension*> own;
    for (const logic::Dimension& d : space.dimensions()) {
        if (std::find(d.variables.begin(), d.variables.end(), variable) == d.variables.end()) continue;
        own.push_back(&d);
        for (std::uint32_t w = d.first_word; w < d.first_word + d.words; ++w) start[w] = everything[w];
    }
    if (own.empty()) return out;

    // Of each part that the search finds the cell that changes least.
    std::vector<std::pair<std::size_t, logic::Region>> cells;
    logic::Search search{space, exits.root, start, kSteps};
    logic::Region part;
    for (logic::Search::Step step = search.next(part);
         cells.size() < kMostTrials && (step == logic::Search::Step::kFound || step == logic::Search::Step::kOpaque);
         step = search.next(part)) {
        std::size_t changed = 0;
        for (const logic::Dimension* d : own) {
            bool stays = false;
            for (std::uint32_t w = d->first_word; w < d->first_word + d->words; ++w)
                stays = stays || (part[w] & here[w]) != 0;
            if (!stays) ++changed;
            bool taken = false;
            for (std::uint32_t w = d->first_word; w < d->first_word + d->words; ++w) {
                const std::uint64_t left = taken ? 0 : stays ? part[w] & here[w] : part[w];
                part[w] = left & (~left + 1);  // the lowest
                taken = taken || left != 0;
            }
        }
        if (changed > 0) cells.emplace_back(changed, part);
    }
    std::sort(cells.begin(), cells.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    for (const auto& [changed, cell] : cells) {
        const auto witness = space.witness(cell, now);
        if (!witness) continue;
        const value::Record& shown = witness->records[0];
        value::Record trial = record;
        if (shown.state(f) == value::State::kAbsent) {
            trial.set_absent(f);
        } else if (const auto value = value_of(declared.type, shown, f)) {
            trial.set(f, *value);
        } else {
            continue;
        }
        out.push_back(std::move(trial));
    }
    return out;
}

std::optional<Escape> Forecaster::escape(const value::Record& record, Instant now, RuleId rule,
                                         const eval::InstantBounds& deadline, FieldId field) {
    const std::size_t f = field.index();
    const ir::Field& declared = module_.schema.fields[f];
    std::vector<Instant> moments{now};
    for (const Nanos bound : {deadline.earliest, deadline.latest}) {
        if (bound > value::to_nanos(now) && bound <= kEndOfTime) moments.push_back(value::to_instant(bound));
    }
    for (const value::Record& trial : trials(record, now, rule, field)) {
        if (!keeps_assumptions(module_, trial, now)) continue;
        // What holds now has to hold when the deadline comes. A waiver keeps nothing from coming.
        const bool out = std::all_of(moments.begin(), moments.end(), [&](Instant moment) {
            return decide(trial, moment, rule).applies == eval::Truth::kFalse;
        });
        if (!out) continue;
        Escape found;
        found.field = declared.pointer;
        found.then = standing_of(decide(trial, now, rule));
        if (trial.state(f) == value::State::kAbsent) {
            found.value = "absent";
        } else if (declared.type.kind != ir::Kind::kSecret) {
            if (const auto value = value_of(declared.type, trial, f))
                found.value = ir::to_string(module_, declared.type, *value);
        }
        return found;
    }
    return std::nullopt;
}

}  // namespace keywright::analysis
