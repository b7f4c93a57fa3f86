// KW7022: a part of the pack that nothing uses, where the compiler doesn't see it.
//
// The compiler reports names that stand nowhere else (KW2007). What stands only in something that is itself unused
// it passes over, and samples outside the entry file, which other files may be using. With the whole pack in view,
// these are known: parameters, defines and samples that lead to no rule, waiver, proof or test, and documents of which
// no clause is cited although rules could check it. Samples outside the folder of the entry file are left to the packs
// that they are shared with.
#include "base/path.h"
#include "lint/checks.h"
#include "lint/removal.h"
#include "lint/written.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

namespace keywright::lint {

using syntax::Cursor;
using syntax::Kind;

namespace {

void unused(const Subject& subject, Findings& findings, std::string_view kind, std::string_view what,
            const std::string& name, base::Span span) {
    findings
        .report(diag::Code::kUnusedPart, {kind, name}, span,
                fmt::format("{} `{}` is used only by what is never used itself", what, name), "declared here")
        .key("only by unused")
        .help("remove it, and what uses it")
        .fix(removable(subject, span), "");
}

// Parameters and defines that something names, and that still lead nowhere.
void named_in_vain(const Subject& subject, Findings& findings) {
    const ir::Module& module = subject.module;
    const std::vector<bool> reached = reached_by_all(subject.waived);
    std::vector<bool> named_params(module.params.size()), named_defines(module.defines.size());
    std::vector<bool> live_params(module.params.size()), live_defines(module.defines.size());
    for (std::size_t i = 0; i < module.nodes.size(); ++i) {
        const ir::Node& node = module.nodes[i];
        if (node.op == ir::Op::kParam) {
            named_params[node.a] = true;
            if (reached[i]) live_params[node.a] = true;
        } else if (node.op == ir::Op::kDefine) {
            named_defines[node.b] = true;
            if (reached[i]) live_defines[node.b] = true;
        }
    }
    for (std::size_t i = 0; i < module.params.size(); ++i) {
        if (!named_params[i] || live_params[i]) continue;
        unused(subject, findings, "param", "parameter", module.params[i].name, module.params[i].span);
    }
    for (std::size_t i = 0; i < module.defines.size(); ++i) {
        if (!named_defines[i] || live_defines[i]) continue;
        unused(subject, findings, "define", "define", module.defines[i].name, module.defines[i].span);
    }
}

// The sample or schema that a configuration begins with.
std::string_view start_of(Cursor item) {
    const Cursor configuration = item.child(Kind::kConfiguration);
    return configuration ? configuration.token(Kind::kName) : std::string_view{};
}

// It stands outside the folder of the entry file: other packs use it too.
bool is_shared(const Subject& subject, base::FileId file) {
    const std::string_view home = base::folder_of(subject.sources.file(base::FileId{std::size_t{0}}).path());
    const std::string_view path = subject.sources.file(file).path();
    return !home.empty() && home != "/" && !(path.starts_with(home) && path.substr(home.size()).starts_with('/'));
}

void samples(const Subject& subject, Findings& findings) {
    const ir::Module& module = subject.module;
    if (module.tests.empty()) return;  // then samples are there for tests that aren't compiled along
    std::map<std::string_view, std::string_view> based_on;
    std::set<std::string_view> given, named;
    for (const syntax::Tree& tree : subject.trees()) {
        const std::vector<syntax::Element>& all = tree.elements();
        for (std::size_t i = 0; i < all.size(); ++i) {
            if (all[i].kind != Kind::kSample && all[i].kind != Kind::kGiven) continue;
            const Cursor item{tree, i};
            const std::string_view start = start_of(item);
            named.insert(start);
            if (all[i].kind == Kind::kSample) {
                based_on.emplace(item.token(Kind::kName), start);
            } else {
                given.insert(start);
            }
        }
    }
    // What a sample in use is made from is in use.
    std::set<std::string_view> live;
    for (std::string_view name : given) {
        while (live.insert(name).second) {
            const auto found = based_on.find(name);
            if (found == based_on.end()) break;
            name = found->second;
        }
    }
    for (const ir::Sample& sample : module.samples) {
        if (live.contains(sample.name) || is_shared(subject, sample.span.file)) continue;
        if (named.contains(sample.name)) {
            unused(subject, findings, "sample", "sample", sample.name, sample.span);
        } else if (sample.span.file != base::FileId{std::size_t{0}}) {  // there the compiler has reported it
            findings
                .report(diag::Code::kUnusedPart, {"sample", sample.name}, sample.span,
                        fmt::format("no test uses the sample `{}`", sample.name), "declared here")
                .key("no test")
                .help("remove it, or test what it shows")
                .fix(removable(subject, sample.span), "");
        }
    }
}

void documents(const Subject& subject, Findings& findings) {
    const ir::Module& module = subject.module;
    std::vector<bool> cited(module.documents.size());
    const auto note = [&](const std::vector<ir::Citation>& cites) {
        for (const ir::Citation& citation : cites) cited[citation.document.index()] = true;
    };
    for (const ir::Rule& rule : module.rules) {
        note(rule.cites);
        for (const ir::Exemption& exemption : rule.exemptions) note(exemption.cites);
    }
    for (const ir::Define& define : module.defines) note(define.cites);
    for (const ir::Field& field : module.schema.fields) note(field.cites);
    for (std::size_t i = 0; i < module.documents.size(); ++i) {
        const ir::Document& document = module.documents[i];
        const bool checkable = std::any_of(document.clauses.begin(), document.clauses.end(),
                                           [](const ir::Clause& clause) { return !clause.not_checkable; });
        if (cited[i] || !checkable) continue;
        findings
            .report(diag::Code::kUnusedPart, {"document", document.name}, document.span,
                    fmt::format("nothing cites the document `{}`", document.name), "declared here")
            .key("no citation")
            .help("cite its clauses where they are enforced, or say of each why it can't be: `not_checkable \"…\"`");
    }
}

}  // namespace

void unused_part(const Subject& subject, Findings& findings) {
    named_in_vain(subject, findings);
    samples(subject, findings);
    documents(subject, findings);
}

}  // namespace keywright::lint
