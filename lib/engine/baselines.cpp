// Baselines: findings that were there before, by fingerprint.
#include "keywright/lint.h"

#include "input/json.h"
#include "report/json_writer.h"

#include <fmt/format.h>

#include <map>
#include <set>
#include <utility>

namespace keywright {

namespace {

constexpr std::string_view kSchema = "keywright.baseline/1";

bool is_fingerprint(std::string_view text) {
    constexpr std::size_t kSize = 32;
    return text.size() == kSize && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// The fingerprints in `text`, or why there are none.
std::string read(std::string_view text, std::set<std::string>& out) {
    using input::JsonDocument;
    JsonDocument document;
    input::JsonError error;
    if (!input::parse_json(text, {}, document, error))
        return fmt::format("it isn't JSON: {}", error.message);
    const auto of_kind = [&](JsonDocument::Index node, input::JsonKind kind) {
        return node != JsonDocument::kNone && document.kind(node) == kind;
    };
    if (!of_kind(document.root(), input::JsonKind::kObject)) return "it is no JSON object";
    const auto schema = document.member(document.root(), "schema");
    if (!of_kind(schema, input::JsonKind::kString) || document.string(schema) != kSchema)
        return fmt::format("its `schema` is not `{}`", kSchema);
    const auto findings = document.member(document.root(), "findings");
    if (!of_kind(findings, input::JsonKind::kArray)) return "it has no list `findings`";
    std::size_t number = 0;
    for (auto one = document.first_child(findings); one != JsonDocument::kNone; one = document.next_sibling(one)) {
        const auto print =
            of_kind(one, input::JsonKind::kObject) ? document.member(one, "fingerprint") : JsonDocument::kNone;
        if (!of_kind(print, input::JsonKind::kString) || !is_fingerprint(document.string(print)))
            return fmt::format("`findings/{}` has no fingerprint of 32 hexadecimal digits", number);
        out.emplace(document.string(print));
        ++number;
    }
    return {};
}

}  // namespace

std::string to_baseline(const std::vector<LintReport>& reports) {
    // By fingerprint, so that moving lines changes nothing.
    std::map<std::string, const LintFinding*> findings;
    for (const LintReport& report : reports) {
        for (const LintFinding& finding : report.findings) {
            if (!finding.allowed) findings.emplace(finding.fingerprint, &finding);
        }
    }
    report::JsonWriter json{report::JsonWriter::Layout::kIndented};
    json.begin_object().member("schema", kSchema).key("findings").begin_array();
    for (const auto& [fingerprint, finding] : findings) {
        json.begin_object()
            .member("fingerprint", fingerprint)
            .member("code", finding->diagnostic.code)
            .member("kind", finding->kind)
            .member("name", finding->name)
            .end_object();
    }
    json.end_array().end_object();
    return json.take() + '\n';
}

BaselineUse apply_baseline(std::vector<LintReport>& reports, std::string_view baseline) {
    BaselineUse out;
    std::set<std::string> known;
    out.error = read(baseline, known);
    if (!out.error.empty()) return out;
    std::set<std::string> gone = known;
    for (LintReport& report : reports) {
        for (LintFinding& finding : report.findings) {
            finding.known = known.contains(finding.fingerprint);
            gone.erase(finding.fingerprint);
        }
    }
    out.gone.assign(gone.begin(), gone.end());
    return out;
}

}  // namespace keywright
