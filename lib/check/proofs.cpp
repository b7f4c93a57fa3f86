// Proofs: claims about every record.
#include "check/declarations.h"
#include "check/expressions.h"
#include "check/testing.h"

#include "base/text.h"

#include <fmt/format.h>

namespace keywright::check {

using syntax::Cursor;
using syntax::Kind;

namespace {

// `never looser than "PATH"` and the like; the path is that of another pack's entry file.
bool add_comparison(Context& context, Cursor path, const std::vector<Cursor>& words, ir::Proof& proof) {
    proof.kind = words[0].text() == "same"     ? ir::ClaimKind::kSameVerdict
                 : words[1].text() == "looser" ? ir::ClaimKind::kNeverLooser
                                               : ir::ClaimKind::kNeverStricter;
    const std::string to = string_literal(path, context.sink);
    const auto target = path_from(context.loaded, path.span().file, to);
    if (!target) {
        context.sink
            .report(diag::Code::kImportOutside, path.span(),
                    fmt::format("`{}` leads out of the rules root", base::printable(to)), "this path")
            .help("paths to another pack are relative and stay inside the rules root, as those of imports do");
        return false;
    }
    proof.other = *target;
    proof.other_span = path.span();
    return true;
}

}  // namespace

void lower_proof(Context& context, Cursor item) {
    ir::Proof proof;
    const Cursor title = item.child(Kind::kText);
    proof.name = string_literal(title, context.sink);
    proof.span = title.span();
    if (const auto [at, fresh] = context.proofs.try_emplace(proof.name, title.span()); !fresh) {
        context.duplicate(title.span(), at->second, "proof", base::printable(proof.name));
        return;
    }
    Expressions expressions{context};
    for (const Cursor c : item) {
        if (syntax::is_token(c.kind())) continue;
        if (c.kind() != Kind::kClaim) {
            proof.where = expressions.condition(c);
            if (!proof.where.valid()) return;
            expressions.assume(proof.where, true);
            continue;
        }
        const auto all = c.children();
        if (all.empty()) return;
        const bool words = all.front().kind() == Kind::kWord;
        if (const Cursor path = c.child(Kind::kText); words && path) {
            if (!add_comparison(context, path, all, proof)) return;
        } else if (words && all.front().text() == "verdict") {
            proof.kind = ir::ClaimKind::kVerdict;
            for (std::size_t i = 2; i < all.size(); i += 2) proof.verdicts.push_back(verdict_named(all[i].text()));
        } else if (words) {
            proof.kind = all.front().text() == "never" ? ir::ClaimKind::kNever : ir::ClaimKind::kAlways;
            const auto rule = rule_named(context, all.back());
            if (!rule) return;
            proof.rule = ir::RuleId{*rule};
        } else {
            proof.kind = ir::ClaimKind::kHolds;
            proof.condition = expressions.condition(all.front());
            if (!proof.condition.valid()) return;
        }
        context.module.proofs.push_back(std::move(proof));
        return;
    }
}

}  // namespace keywright::check
