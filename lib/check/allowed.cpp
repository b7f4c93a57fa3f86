// `allow CODE [in SUBJECT] [until INSTANT] "reason"`: findings that the author has looked at.
#include "check/declarations.h"
#include "check/expressions.h"
#include "check/testing.h"

#include "base/text.h"

#include <fmt/format.h>

#include <algorithm>

namespace keywright::check {

using syntax::Cursor;
using syntax::Kind;

namespace {

// What an audit may find: warnings of compiling, and what is found in packs that compile.
bool is_finding(const diag::CodeInfo& info) {
    return info.code.starts_with("KW7") || (info.severity != Severity::kError && !info.code.starts_with("KW6"));
}

std::vector<std::string> finding_codes() {
    std::vector<std::string> out;
    for (const diag::CodeInfo& info : diag::all_codes()) {
        if (is_finding(info)) out.emplace_back(info.code);
    }
    return out;
}

// The names of everything that a finding may be about.
std::vector<std::string> subjects(const Context& context) {
    const ir::Module& m = context.module;
    std::vector<std::string> out{m.pack.name};
    for (const ir::Document& document : m.documents) {
        out.push_back(document.name);
        for (const ir::Clause& clause : document.clauses) {
            out.push_back(clause.id);
            out.push_back(document.name + " " + clause.id);
        }
    }
    for (const ir::Field& field : m.schema.fields) out.push_back(field.name);
    for (const auto& [name, value] : context.values) out.push_back(name);
    for (const ir::Rule& rule : m.rules) out.push_back(rule.name);
    for (const ir::Sample& sample : m.samples) out.push_back(sample.name);
    for (const ir::Test& test : m.tests) out.push_back(test.name);
    for (const ir::Proof& proof : m.proofs) out.push_back(proof.name);
    for (const ir::Adapter& adapter : m.adapters) out.push_back(adapter.name);
    for (const ir::Waiver& waiver : m.waivers) out.push_back(waiver.name);
    return out;
}

}  // namespace

void lower_allowed(Context& context, Cursor item) {
    if (item.cut_short()) return;
    ir::Allowed allowed;
    allowed.span = item.span();
    const Cursor code = item.child(Kind::kName);
    allowed.code = code.text();
    const std::vector<std::string> codes = finding_codes();
    if (std::find(codes.begin(), codes.end(), allowed.code) == codes.end()) {
        const auto all = diag::all_codes();
        const bool known =
            std::any_of(all.begin(), all.end(), [&](const diag::CodeInfo& info) { return info.code == allowed.code; });
        if (known) {
            context.sink
                .report(diag::Code::kUnknownFinding, code.span(),
                        fmt::format("`{}` is no finding of an audit", allowed.code), "can't be allowed")
                .help("an error makes the file unusable, so there is nothing to allow; mend it");
            return;
        }
        const std::string near = base::closest(allowed.code, codes);
        context.sink
            .report(diag::Code::kUnknownFinding, code.span(), fmt::format("there is no finding `{}`", allowed.code),
                    "not a finding")
            .help(near.empty() ? "findings have codes from KW7001 on; `keywright explain` lists them"
                               : fmt::format("did you mean `{}`?", near));
        return;
    }
    std::vector<Cursor> texts;
    Cursor subject;
    for (const Cursor c : item) {
        if (c.kind() == Kind::kClauseId) subject = c;
        if (c.kind() == Kind::kText) texts.push_back(c);
        if (c.kind() == Kind::kInstant) {
            allowed.until = instant_of(context, c);
            if (!allowed.until) return;
        }
    }
    if (texts.empty()) return;  // a syntax error that has been reported
    allowed.reason = string_literal(texts.back(), context.sink);
    if (base::is_blank(allowed.reason)) {
        context.sink
            .report(diag::Code::kUnknownFinding, texts.back().span(), "the finding is allowed for no reason", "empty")
            .help("say why it stays: whoever reads it next has to decide again");
        return;
    }
    if (subject) allowed.subject = subject.text();
    if (!subject && texts.size() == 2) {
        subject = texts.front();
        allowed.subject = string_literal(subject, context.sink);
    }
    if (subject) {
        const std::vector<std::string> names = subjects(context);
        if (std::find(names.begin(), names.end(), allowed.subject) == names.end())
            return context.unknown_name(subject.span(), "name", base::printable(allowed.subject), names);
    }
    context.module.allowed.push_back(std::move(allowed));
}

}  // namespace keywright::check
