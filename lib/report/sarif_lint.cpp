// Audits of rule files as SARIF: a result for each finding, also for those that are allowed or known, which are marked
// as suppressed; and a notification for each question that wasn't settled.
#include "keywright/render_reports.h"
#include "keywright/text.h"
#include "report/sarif_parts.h"

namespace keywright {

namespace {

using report::JsonWriter;
using report::SarifPlaces;
using report::SarifRules;

[[nodiscard]] SarifRules rules_of(const std::vector<LintReport>& reports) {
    SarifRules rules;
    for (const LintReport& report : reports) {
        for (const LintFinding& finding : report.findings) {
            auto& rule = rules[finding.diagnostic.code];
            describe(rule, finding.diagnostic.code, finding.diagnostic.severity, finding.diagnostic.message);
            rule.tags = {"rule-file"};
            if (!finding.kind.empty()) rule.tags.push_back(printable(finding.kind));
        }
    }
    return rules;
}

void write_suppressions(JsonWriter& json, const SarifPlaces& places, const LintFinding& finding) {
    json.key("suppressions").begin_array();
    if (finding.allowed) {
        std::string why = printable(finding.allowed->reason, 4000);
        if (finding.allowed->until) why += " (until " + to_string(*finding.allowed->until) + ')';
        json.begin_object().member("kind", "inSource").member("status", "accepted").member("justification", why);
        if (!finding.allowed->range.file.empty()) {
            json.key("location").begin_object();
            places.write(json, finding.allowed->range);
            json.end_object();
        }
        json.end_object();
    }
    if (finding.known) {
        json.begin_object().member("kind", "external").member("status", "accepted");
        json.member("justification", "It stands in the baseline.").end_object();
    }
    json.end_array();
}

void write(JsonWriter& json, const SarifRules& rules, const SarifPlaces& places, const LintFinding& finding) {
    const Diagnostic& diagnostic = finding.diagnostic;
    std::string message = report::sentence(printable(diagnostic.message, 4000));
    if (!diagnostic.help.empty()) message += ' ' + report::sentence(printable(diagnostic.help, 4000));
    report::write_result_head(json, rules, diagnostic.code, diagnostic.severity, message);
    json.key("locations").begin_array();
    if (!diagnostic.labels.empty()) {
        json.begin_object();
        places.write(json, diagnostic.labels.front().range);
        if (!finding.name.empty()) {
            json.key("logicalLocations").begin_array().begin_object().member("name", printable(finding.name));
            json.member("fullyQualifiedName",
                        printable((finding.kind.empty() ? "" : finding.kind + ' ') + finding.name));
            json.member("kind", "member").end_object().end_array();
        }
        json.end_object();
    }
    json.end_array();
    if (diagnostic.labels.size() > 1) {
        json.key("relatedLocations").begin_array();
        for (std::size_t i = 1; i < diagnostic.labels.size(); ++i) {
            const Label& label = diagnostic.labels[i];
            json.begin_object().key("id").number(i);
            places.write(json, label.range);
            if (!label.text.empty()) {
                json.key("message").begin_object();
                json.member("text", report::sentence(printable(label.text, 4000))).end_object();
            }
            json.end_object();
        }
        json.end_array();
    }
    report::write_fingerprint(json, "keywrightFinding/v1", finding.fingerprint);
    if (diagnostic.fix && places.can_fix(*diagnostic.fix)) {
        places.write_fix(json, *diagnostic.fix, printable(diagnostic.help, 4000));
    }
    write_suppressions(json, places, finding);
    json.end_object();
}

}  // namespace

std::string to_sarif(const std::vector<LintReport>& reports, const std::vector<Compiled::File>& sources) {
    const SarifRules rules = rules_of(reports);
    const SarifPlaces places{sources};
    std::vector<std::string> undecided;
    for (const LintReport& report : reports)
        undecided.insert(undecided.end(), report.undecided.begin(), report.undecided.end());
    JsonWriter json{JsonWriter::Layout::kIndented};
    begin_sarif(json, rules, "lint", undecided);
    for (const LintReport& report : reports) {
        for (const LintFinding& finding : report.findings) write(json, rules, places, finding);
    }
    json.end_array();
    json.key("properties").begin_object().key("packs").begin_array();
    for (const LintReport& report : reports) {
        json.begin_object().member("pack", printable(report.rules.pack));
        json.member("version", printable(report.rules.version)).member("digest", report.rules.digest).end_object();
    }
    json.end_array().end_object();
    report::end_sarif(json);
    return json.take() + '\n';
}

}  // namespace keywright
