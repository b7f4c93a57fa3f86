// Waivers: each becomes one more exemption of the rule that it waives, behind the rule's own. So nothing that reads
// rules has to know what a waiver is, but for those who tell who exempted.
#include "check/declarations.h"
#include "check/expressions.h"
#include "check/testing.h"

#include "base/digest.h"
#include "base/text.h"

#include <fmt/format.h>

#include <map>
#include <optional>
#include <string>
#include <utility>

namespace keywright::check {

using syntax::Cursor;
using syntax::Kind;

namespace {

// `eval::RuleDecision` counts a rule's exemptions in sixteen bits.
constexpr std::size_t kMostExemptions = 0xFFFF;

// What `waiver NAME { … }` says, part by part, with the first of each where it stands several times.
class Parts {
public:
    Parts(Context& context, Cursor item) : context_(context) {
        for (const Cursor c : item) {
            broken_ = broken_ || c.kind() == Kind::kError || c.cut_short();
            if (c.kind() != Kind::kWaives && c.kind() != Kind::kWhen && c.kind() != Kind::kEntry) continue;
            const std::string word{c.token(Kind::kWord)};
            const auto [at, fresh] = parts_.try_emplace(word, c);
            if (fresh) continue;
            context.sink
                .report(diag::Code::kDuplicateClause, c.span(), fmt::format("`{}` stands twice", word), "again here")
                .note(at->second.span(), "first here");
        }
    }

    // What can't be told apart from a mistake isn't reported as missing too.
    [[nodiscard]] bool is_broken() const { return broken_; }

    [[nodiscard]] Cursor get(const std::string& word) const {
        const auto found = parts_.find(word);
        return found == parts_.end() ? Cursor{} : found->second;
    }

    [[nodiscard]] std::string text(const std::string& word) const {
        const Cursor part = get(word);
        return part ? string_literal(part.child(Kind::kText), context_.sink) : std::string{};
    }

    [[nodiscard]] bool has_all(Cursor name) const {
        bool all = true;
        for (const auto& [word, help] : kNeeded) {
            if (get(word)) continue;
            all = false;
            if (broken_) continue;
            context_.sink
                .report(diag::Code::kIncompleteWaiver, name.span(),
                        fmt::format("waiver `{}` has no `{}`", name.text(), word), "this waiver")
                .help(help);
        }
        return all;
    }

private:
    static constexpr std::pair<const char*, const char*> kNeeded[] = {
        {"waives", "add `waives RULE`: a waiver is about one rule"},
        {"when", "add `when CONDITION`: the records that it covers"},
        {"reason", "add `reason \"…\"`: every report that uses the waiver shows it"},
        {"until", "add `until INSTANT`: from that instant on it no longer exempts"},
    };

    Context& context_;
    std::map<std::string, Cursor> parts_;
    bool broken_ = false;
};

Cursor condition_of(Cursor when) {
    for (const Cursor c : when) {
        if (!syntax::is_token(c.kind())) return c;
    }
    return {};
}

}  // namespace

void refuse_strays(Context& context, const LoadedFile& file) {
    for (const Cursor item : Cursor{file.tree, 0}) {
        const bool is_waiver = item.kind() == Kind::kWaiver;
        if (!file.waivers) {
            if (!is_waiver) continue;
            context.sink
                .report(diag::Code::kStrayWaiver, item.child(Kind::kName).span(),
                        fmt::format("waiver `{}` stands among the rules", item.token(Kind::kName)), "this waiver")
                .help(
                    "move it to a file of its own and name that one with `--waivers`: what a pack allows must not "
                    "hang on a file that it imports unseen");
            continue;
        }
        const bool belongs = is_waiver || item.kind() == Kind::kAllow || item.kind() == Kind::kEdition ||
                             item.kind() == Kind::kError || syntax::is_token(item.kind());
        if (belongs) continue;
        const std::string_view word = item.token(Kind::kWord);
        context.sink
            .report(diag::Code::kNotAWaiver, item.span(), fmt::format("`{}` in a file of waivers", word),
                    "not a waiver")
            .help(
                "a file given as waivers holds `waiver` and `allow` alone; rules and what they need stand in the pack");
    }
}

namespace {

void lower_waiver(Context& context, Cursor item, const std::string& digest) {
    const Cursor name = item.child(Kind::kName);
    const auto [known, fresh] = context.waivers.try_emplace(std::string{name.text()},
                                                            static_cast<std::uint32_t>(context.module.waivers.size()));
    if (!fresh) {
        context.duplicate(name.span(), context.module.waivers[known->second].span, "waiver", name.text());
        return;
    }
    ir::Waiver waiver;
    waiver.name = name.text();
    waiver.doc = item.doc();
    waiver.span = name.span();
    waiver.digest = digest;
    const Parts parts{context, item};
    const bool whole = parts.has_all(name);
    waiver.owner = parts.text("owner");
    waiver.reason = parts.text("reason");
    waiver.ticket = parts.text("ticket");
    if (const Cursor reason = parts.get("reason"); reason && base::is_blank(waiver.reason)) {
        context.sink
            .report(diag::Code::kIncompleteWaiver, reason.child(Kind::kText).span(),
                    fmt::format("waiver `{}` gives a blank reason", name.text()), "nothing stands here")
            .help("say why the records that it covers may violate the rule");
    }
    std::optional<Instant> until;
    if (const Cursor part = parts.get("until")) until = instant_of(context, part.child(Kind::kInstant));
    std::optional<std::uint32_t> rule;
    if (const Cursor part = parts.get("waives")) rule = rule_named(context, part.child(Kind::kName));
    Expressions expressions{context};
    if (const Cursor part = parts.get("when")) waiver.condition = expressions.condition(condition_of(part));

    if (whole && !parts.is_broken() && until && rule && waiver.condition.valid()) {
        waiver.until = *until;
        waiver.rule = ir::RuleId{*rule};
        ir::Rule& waived = context.module.rules[*rule];
        if (waived.exemptions.size() >= kMostExemptions) {
            context.sink
                .report(diag::Code::kTooComplex, name.span(),
                        fmt::format("rule `{}` has more than {} exemptions", waived.name, kMostExemptions), "one more")
                .note(waived.span, "the rule");
            return;
        }
        // `C and now < until`: unknown where `C` is, and over exactly at `until`.
        const base::Span end = parts.get("until").span();
        const ir::NodeId now = context.add_node(ir::Op::kNow, kInstantType, end);
        const ir::NodeId limit = context.add_const_node(kInstantType, *until, end);
        ir::NodeId in_time, both;
        if (now.valid() && limit.valid())
            in_time = context.add_node(ir::Op::kLess, kBoolType, end, now.value, limit.value);
        if (in_time.valid())
            both = context.add_list_node(ir::Op::kAnd, kBoolType, item.span(), {waiver.condition, in_time});
        if (both.valid()) {
            ir::Exemption exemption;
            exemption.condition = both;
            exemption.label = waiver.name;
            exemption.span = name.span();
            exemption.waiver = known->second;
            waived.exemptions.push_back(std::move(exemption));
        }
    }
    context.module.waivers.push_back(std::move(waiver));
}

}  // namespace

void lower_waivers(Context& context, const LoadedFile& file) {
    const std::string digest = base::sha256(file.tree.text());
    for (const Cursor item : Cursor{file.tree, 0}) {
        if (item.kind() == Kind::kWaiver) lower_waiver(context, item, digest);
    }
}

}  // namespace keywright::check
