#include "lint/lint.h"

#include "base/digest.h"
#include "base/text.h"
#include "lint/checks.h"
#include "lint/removal.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

namespace keywright::lint {

namespace {

struct Keyed {
    LintFinding finding;
    std::string key;
};

LintFinding to_finding(const Subject& subject, Found& found) {
    LintFinding out;
    const diag::CodeInfo& info = diag::info(found.code);
    out.diagnostic.code = info.code;
    out.diagnostic.severity = info.severity;
    out.diagnostic.message = std::move(found.message);
    for (diag::Note& note : found.notes) {
        out.diagnostic.labels.push_back({subject.sources.range(note.span), std::move(note.text)});
    }
    out.diagnostic.help = std::move(found.help);
    for (Found::Fix& fix : found.fixes) {
        out.diagnostic.fix = Fix{subject.sources.range(fix.span), std::move(fix.replacement)};
    }
    out.kind = std::move(found.kind);
    out.name = std::move(found.name);
    return out;
}

// Whatever is never used can go, and nothing is judged otherwise.
void add_removal(const Subject& subject, base::FileId file, LintFinding& finding) {
    const SourceRange& at = finding.diagnostic.labels.front().range;
    const base::Span all =
        removable(subject, {file, static_cast<std::uint32_t>(at.begin), static_cast<std::uint32_t>(at.end)});
    if (all.valid()) finding.diagnostic.fix = Fix{subject.sources.range(all), ""};
}

// A parameter that nothing uses yet isn't removed where another fix writes its name in the place of a number.
void keep_what_is_put_to_use(std::vector<Keyed>& all) {
    std::set<std::string, std::less<>> wanted;
    for (const Keyed& one : all) {
        const Diagnostic& d = one.finding.diagnostic;
        if (d.code == diag::text(diag::Code::kMagicNumber) && d.fix) wanted.insert(d.fix->replacement);
    }
    for (Keyed& one : all) {
        Diagnostic& d = one.finding.diagnostic;
        if (d.code == diag::text(diag::Code::kUnused) && wanted.contains(one.key)) d.fix.reset();
    }
}

// The words of a text, so that its layout tells nothing apart.
std::string without_layout(std::string_view text) {
    std::string out;
    bool blank = false;
    for (const char c : text) {
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
            blank = !out.empty();
            continue;
        }
        if (std::exchange(blank, false)) out += ' ';
        out += c;
    }
    return out;
}

// Digests of what makes a finding the same one tomorrow. The n-th of several that nothing else tells apart has its
// number in it.
void add_fingerprints(std::vector<Keyed>& all) {
    std::map<std::string, std::size_t> seen;
    for (Keyed& one : all) {
        const std::string key = without_layout(one.key);
        std::string text = "1";
        for (const std::string& part : {one.finding.diagnostic.code, one.finding.kind, one.finding.name, key}) {
            text += fmt::format(" {} {}", part.size(), part);
        }
        const std::size_t number = seen[text]++;
        constexpr std::size_t kPrefix = std::string_view{"sha256:"}.size();
        one.finding.fingerprint = base::sha256(fmt::format("{} {}", text, number)).substr(kPrefix, 32);
    }
}

auto place_of(const LintFinding& finding) {
    const Diagnostic& d = finding.diagnostic;
    const SourceRange where = d.labels.empty() ? SourceRange{} : d.labels.front().range;
    return std::tuple{where.file, where.begin, where.end, d.code, d.message};
}

// Whether `allowed` speaks of `finding`, whatever its term.
bool speaks_of(const Subject& subject, const ir::Allowed& allowed, const LintFinding& finding) {
    if (allowed.code != finding.diagnostic.code) return false;
    if (allowed.subject.empty()) {
        return !finding.diagnostic.labels.empty() &&
               finding.diagnostic.labels.front().range.file == subject.sources.file(allowed.span.file).path();
    }
    // A clause is named with its document or without.
    return finding.name == allowed.subject ||
           (finding.kind == "clause" && finding.name.ends_with(" " + allowed.subject));
}

class Allowances {
public:
    Allowances(const Subject& subject, std::vector<Keyed>& all) : subject_(subject), all_(all) {}

    void apply() {
        const std::vector<ir::Allowed>& allowed = subject_.waived.allowed;
        std::vector<bool> used(allowed.size()), over(allowed.size());
        for (std::size_t i = 0; i < allowed.size(); ++i) {
            over[i] = subject_.now && allowed[i].until && *allowed[i].until <= *subject_.now;
        }
        for (Keyed& one : all_) {
            for (std::size_t i = 0; i < allowed.size(); ++i) {
                if (!speaks_of(subject_, allowed[i], one.finding)) continue;
                used[i] = true;
                if (over[i] || one.finding.allowed) continue;
                one.finding.allowed =
                    Suppression{allowed[i].reason, allowed[i].until, subject_.sources.range(allowed[i].span)};
            }
        }
        Findings findings{subject_};
        for (std::size_t i = 0; i < allowed.size(); ++i) {
            if (!used[i]) unused(findings, allowed[i]);
            if (used[i] && over[i]) expired(findings, allowed[i]);
        }
        for (Found& found : findings.take()) {
            std::string key = found.key;
            all_.push_back({to_finding(subject_, found), std::move(key)});
        }
    }

private:
    static std::string name_of(const ir::Allowed& allowed) {
        return allowed.subject.empty() ? allowed.code : allowed.code + " in " + allowed.subject;
    }
    static void unused(Findings& findings, const ir::Allowed& allowed) {
        findings
            .report(diag::Code::kUnusedAllow, {"allow", name_of(allowed)}, allowed.span,
                    fmt::format("there is no finding {} here to allow", allowed.code), "allows nothing")
            .key(name_of(allowed))
            .help("remove it: the next such finding should be seen")
            .fix(allowed.span, "");
    }
    static void expired(Findings& findings, const ir::Allowed& allowed) {
        findings
            .report(diag::Code::kExpiredAllow, {"allow", name_of(allowed)}, allowed.span,
                    fmt::format("findings {} were allowed until {}", allowed.code, to_string(*allowed.until)), "over")
            .key(name_of(allowed))
            .help("mend what is found, or look at it again and allow it anew");
    }

    const Subject& subject_;
    std::vector<Keyed>& all_;
};

}  // namespace

Linted run(const Subject& subject, const std::vector<Diagnostic>& warnings) {
    std::vector<Keyed> all;
    for (const Diagnostic& warning : warnings) {
        if (warning.severity == Severity::kError || warning.labels.empty()) continue;
        for (std::size_t i = 0; i < subject.sources.size(); ++i) {
            const base::Source& source = subject.sources.file(base::FileId{i});
            const SourceRange& range = warning.labels.front().range;
            if (source.path() != range.file || !subject.owns(base::FileId{i})) continue;
            Keyed& one = all.emplace_back();
            one.finding.diagnostic = warning;
            if (warning.code == diag::text(diag::Code::kUnused)) add_removal(subject, base::FileId{i}, one.finding);
            one.key = source.text().substr(range.begin, range.end - range.begin);
            one.finding.name = one.key;
            break;
        }
    }
    Findings findings{subject};
    for (const Check check : all_checks()) check(subject, findings);
    for (Found& found : findings.take()) {
        std::string key = found.key;
        all.push_back({to_finding(subject, found), std::move(key)});
    }
    keep_what_is_put_to_use(all);
    Allowances{subject, all}.apply();
    std::sort(all.begin(), all.end(), [](const Keyed& a, const Keyed& b) {
        return std::tuple{place_of(a.finding), a.finding.name, a.key} <
               std::tuple{place_of(b.finding), b.finding.name, b.key};
    });
    add_fingerprints(all);
    Linted out;
    for (Keyed& one : all) out.findings.push_back(std::move(one.finding));
    for (const analysis::Undecided& open : subject.defects().undecided) {
        out.undecided.push_back(fmt::format("whether {}: {}", open.question, open.reason));
    }
    for (std::string& open : findings.take_undecided()) out.undecided.push_back(std::move(open));
    return out;
}

}  // namespace keywright::lint
