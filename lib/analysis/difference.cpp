#include "analysis/difference.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <set>
#include <utility>

namespace keywright::analysis {
namespace {

using logic::Claim;
using logic::Leaf;
using logic::Question;

const ir::Field* field_named(const ir::Module& module, const std::string& name) {
    const auto at = std::ranges::find(module.schema.fields, name, &ir::Field::name);
    return at == module.schema.fields.end() ? nullptr : &*at;
}

std::string missing(const ir::Module& module, const ir::Field& field) {
    switch (field.missing) {
        case ir::Missing::kUnknown: return "unknown";
        case ir::Missing::kAbsent: return "absent";
        case ir::Missing::kValue:
            return ir::to_string(module, field.type, module.constants[field.missing_value.index()]);
    }
    return {};
}

std::vector<std::string> schema_differences(const ir::Module& before, const ir::Module& after) {
    std::vector<std::string> out;
    for (const ir::Field& old : before.schema.fields) {
        const ir::Field* now = field_named(after, old.name);
        if (now == nullptr) {
            out.push_back(fmt::format("field `{}` is gone", old.name));
            continue;
        }
        const std::string was_type = ir::to_string(before, old.type), is_type = ir::to_string(after, now->type);
        if (was_type != is_type) out.push_back(fmt::format("field `{}` was {}, is {}", old.name, was_type, is_type));
        const std::string was = missing(before, old), is = missing(after, *now);
        if (was != is) out.push_back(fmt::format("a missing `{}` meant {}, means {}", old.name, was, is));
    }
    for (const ir::Field& now : after.schema.fields) {
        if (field_named(before, now.name) == nullptr)
            out.push_back(fmt::format("field `{}` is new: {}", now.name, ir::to_string(after, now.type)));
    }
    return out;
}

std::set<std::string> assumptions(const ir::Module& module) {
    std::set<std::string> out;
    const auto side = [&](const ir::AssumeTerm& term) -> std::string {
        if (term.is_now) return "now";
        if (term.field.valid()) return module.schema.fields[term.field.index()].name;
        const value::Value& v = module.constants[term.constant.index()];
        if (const auto* t = std::get_if<Instant>(&v)) return keywright::to_string(*t);
        if (const auto* d = std::get_if<Duration>(&v)) return keywright::to_string(*d);
        if (const auto* i = std::get_if<std::int64_t>(&v)) return std::to_string(*i);
        return "?";
    };
    for (const ir::Assumption& a : module.schema.assumptions)
        out.insert(fmt::format("{} {} {}", side(a.lesser), a.strict ? "<" : "<=", side(a.greater)));
    return out;
}

ir::RuleId rule_named(const ir::Module& module, const std::string& name) {
    const auto at = std::ranges::find(module.rules, name, &ir::Rule::name);
    return at == module.rules.end() ? ir::RuleId{} : ir::RuleId{static_cast<std::size_t>(at - module.rules.begin())};
}

std::vector<std::string> declared_differences(const ir::Module& before, const ir::Module& after) {
    std::vector<std::string> out;
    for (const ir::Param& old : before.params) {
        const auto now = std::ranges::find(after.params, old.name, &ir::Param::name);
        const std::string was = ir::to_string(before, old.type, before.constants[old.value.index()]);
        if (now == after.params.end()) {
            out.push_back(fmt::format("parameter `{}` ({}) is gone", old.name, was));
            continue;
        }
        const std::string is = ir::to_string(after, now->type, after.constants[now->value.index()]);
        if (was != is) out.push_back(fmt::format("parameter `{}` was {}, is {}", old.name, was, is));
    }
    for (const ir::Param& now : after.params) {
        if (std::ranges::find(before.params, now.name, &ir::Param::name) == before.params.end())
            out.push_back(fmt::format("parameter `{}` is new: {}", now.name,
                                      ir::to_string(after, now.type, after.constants[now.value.index()])));
    }
    for (const ir::Rule& old : before.rules) {
        const ir::RuleId now = rule_named(after, old.name);
        if (!now.valid()) {
            out.push_back(fmt::format("rule `{}` is gone", old.name));
        } else if (after.rules[now.index()].severity != old.severity) {
            out.push_back(fmt::format("rule `{}` was of severity {}, is {}", old.name,
                                      keywright::to_string(old.severity),
                                      keywright::to_string(after.rules[now.index()].severity)));
        }
    }
    for (const ir::Rule& now : after.rules) {
        if (!rule_named(before, now.name).valid()) out.push_back(fmt::format("rule `{}` is new", now.name));
    }
    const auto was = assumptions(before), is = assumptions(after);
    for (const std::string& a : was) {
        if (!is.contains(a)) out.push_back(fmt::format("`{}` is no longer assumed", a));
    }
    for (const std::string& a : is) {
        if (!was.contains(a)) out.push_back(fmt::format("`{}` is now assumed", a));
    }
    return out;
}

class Comparing {
public:
    Comparing(const ir::Module& before, const ir::Module& after, const logic::Budget& budget)
        : before_(before), after_(after), budget_(budget) {}

    // What `claim` says of the one pack and not of the other; nothing where a pack can't say it.
    OutcomeDifference change(const std::function<std::optional<Leaf>(std::uint32_t)>& claim) {
        return {one_but_not(claim, 1, 0), one_but_not(claim, 0, 1)};
    }

private:
    Described one_but_not(const std::function<std::optional<Leaf>(std::uint32_t)>& claim, std::uint32_t yes,
                          std::uint32_t no) {
        const auto wanted = claim(yes), unwanted = claim(no);
        if (!wanted) return {};
        Question q;
        q.packs = {&before_, &after_};
        std::vector<std::uint32_t> all{q.leaf(*wanted)};
        if (unwanted) all.push_back(q.negation(q.leaf(*unwanted)));
        (void)q.conjunction(std::move(all));
        return describe(q, budget_);
    }

    const ir::Module& before_;
    const ir::Module& after_;
    const logic::Budget& budget_;
};

}  // namespace

Difference difference(const ir::Module& before, const ir::Module& after, const logic::Budget& budget) {
    Difference out;
    out.schema = schema_differences(before, after);
    out.declared = declared_differences(before, after);
    std::vector<std::string> names;
    for (const ir::Rule& rule : before.rules) names.push_back(rule.name);
    for (const ir::Rule& rule : after.rules) {
        if (!rule_named(before, rule.name).valid()) names.push_back(rule.name);
    }
    Comparing comparing{before, after, budget};
    for (const std::string& name : names) {
        RuleDifference rule{name, rule_named(before, name), rule_named(after, name), {}, {}};
        const auto claim = [&](Claim kind) {
            return [&, kind](std::uint32_t pack) -> std::optional<Leaf> {
                const ir::RuleId id = pack == 0 ? rule.before : rule.after;
                if (!id.valid()) return std::nullopt;
                Leaf leaf;
                leaf.pack = pack;
                leaf.claim = kind;
                leaf.rule = id;
                leaf.outcome = ir::Outcome::kViolated;
                return leaf;
            };
        };
        rule.violated = comparing.change(claim(Claim::kOutcome));
        rule.warning = comparing.change(claim(Claim::kWarning));
        if (rule.violated.any() || rule.warning.any() || !rule.violated.complete() || !rule.warning.complete())
            out.rules.push_back(std::move(rule));
    }
    out.violation = comparing.change([](std::uint32_t pack) -> std::optional<Leaf> {
        Leaf leaf;
        leaf.pack = pack;
        leaf.claim = Claim::kVerdict;
        leaf.verdict = ir::Verdict::kViolation;
        return leaf;
    });
    return out;
}

}  // namespace keywright::analysis
