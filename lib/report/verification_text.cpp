// Whether a report holds, for people, and one line a finding.
#include "keywright/render_verification.h"
#include "keywright/text.h"
#include "report/page.h"

#include <algorithm>

namespace keywright {

namespace {

using report::counted;
using report::Ink;
using report::Page;

constexpr std::size_t kBody = 2;
constexpr std::size_t kValue = 14;

// Digests are shown in short, values whole.
[[nodiscard]] std::string shown(const std::string& text) {
    return text.starts_with("sha256:") ? short_digest(text) : printable(text);
}

[[nodiscard]] std::string words_of(const EvidenceChange& change) {
    std::string out = change.name.empty() ? std::string{} : '`' + printable(change.name) + "` ";
    if (change.was.empty()) return out + "is here, but not in the report (" + shown(change.is) + ')';
    if (change.is.empty()) return out + "is in the report, but not here (" + shown(change.was) + ')';
    return out + "was " + shown(change.was) + " and is " + shown(change.is);
}

[[nodiscard]] std::string words_of(const ChangedVerdict& change) {
    if (change.was.empty()) return "is new: " + printable(change.is);
    if (change.is.empty()) return "is gone: was " + printable(change.was);
    return printable(change.was) + " is " + printable(change.is) + " now";
}

[[nodiscard]] std::string words_of_difference(const Verification& verification) {
    if (verification.differs_at.empty()) return "the layout: the same JSON in other bytes";
    std::string out = '`' + printable(verification.differs_at) + "` ";
    if (verification.was.empty()) return out + "isn't in the report, and is " + verification.is;
    if (verification.is.empty()) return out + "was " + verification.was + ", and isn't there now";
    return out + "was " + verification.was + " and is " + verification.is;
}

[[nodiscard]] bool has_changes(const Verification& verification) {
    return std::any_of(verification.changes.begin(), verification.changes.end(),
                       [](const EvidenceChange& change) { return change.part != EvidenceChange::Part::kTool; });
}

// Something came out otherwise, if only its layout.
[[nodiscard]] bool came_out_otherwise(const Verification& verification) {
    return verification.decided && verification.holds == Holds::kNo &&
           (!verification.differs_at.empty() || !has_changes(verification));
}

}  // namespace

std::string to_pretty(const Verification& verification, const ReportClaim& claim, std::string_view name,
                      const Style& style) {
    Page page{style};
    switch (verification.holds) {
        case Holds::kYes: page.ink(Ink::kGreen, "✓ holds"); break;
        case Holds::kNo: page.ink(Ink::kRed, "✗ does not hold"); break;
        case Holds::kUnknown: page.ink(Ink::kYellow, "? can't be told"); break;
    }
    page.plain("  ").name(name, Ink::kBold).plain("  ").name(claim.rules.pack, Ink::kDim).plain(" ");
    page.name(claim.rules.version, Ink::kDim).ink(Ink::kDim, ", at " + to_string(claim.evaluated_at)).line();
    for (const EvidenceChange& change : verification.changes)
        page.label(to_string(change.part), kBody, kValue).prose(words_of(change), kValue).line();
    for (const std::string& source : verification.missing) page.label("missing", kBody, kValue).name(source).line();
    if (came_out_otherwise(verification))
        page.label("differs", kBody, kValue).prose(words_of_difference(verification), kValue).line();
    for (const ChangedVerdict& change : verification.verdicts) {
        page.label("verdict", kBody, kValue);
        if (!change.subject.empty()) page.name(change.subject, Ink::kBold).plain("  ");
        page.name(change.source).plain('#' + std::to_string(change.index)).plain("  ");
        page.prose(words_of(change), kValue).line();
    }
    if (verification.decided && verification.holds == Holds::kNo && !came_out_otherwise(verification))
        page.spaces(kBody).plain("decided again: every result is the same").line();
    if (verification.holds == Holds::kYes) {
        page.spaces(kBody).prose("decided again from the same rules and " +
                                     counted(claim.evidence.inputs.size(), "input", "inputs") +
                                     ": byte for byte the same",
                                 kBody);
        page.line();
    } else if (!verification.decided) {
        page.spaces(kBody).plain("nothing was decided again, as inputs are missing").line();
    }
    return page.take();
}

std::string to_compact(const Verification& verification, std::string_view name) {
    const std::string start = printable_line(name) + ": ";
    std::string out;
    for (const EvidenceChange& change : verification.changes)
        out += start + std::string{to_string(change.part)} + ": " + words_of(change) + '\n';
    for (const std::string& source : verification.missing) out += start + "missing: " + printable(source) + '\n';
    if (came_out_otherwise(verification)) out += start + "differs: " + words_of_difference(verification) + '\n';
    for (const ChangedVerdict& change : verification.verdicts) {
        out += start + "verdict: " + printable(change.source) + '#' + std::to_string(change.index) + ' ' +
               printable(change.subject) + ": " + words_of(change) + '\n';
    }
    return out + start + std::string{to_string(verification.holds)} + '\n';
}

std::string to_pretty(const Evidence& evidence, const RulesIdentity& rules, const Style& style) {
    constexpr std::size_t kMost = 4;
    Page page{style};
    std::string line = "digests: rules " + short_digest(rules.digest);
    if (!evidence.inputs.empty()) line += evidence.inputs.size() == 1 ? ", input" : ", inputs";
    for (std::size_t i = 0; i < std::min(evidence.inputs.size(), kMost); ++i)
        line += ' ' + short_digest(evidence.inputs[i].digest);
    if (evidence.inputs.size() > kMost) line += " and " + std::to_string(evidence.inputs.size() - kMost) + " more";
    page.ink(Ink::kDim, line).line();
    return page.take();
}

}  // namespace keywright
