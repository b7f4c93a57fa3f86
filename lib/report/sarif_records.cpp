// Checked records as SARIF: a result for each violation, for each rule that can't be decided, and for each reason why a
// record can't be read.
#include "base/digest.h"
#include "keywright/render_reports.h"
#include "keywright/text.h"
#include "report/evidence_json.h"
#include "report/record_parts.h"
#include "report/sarif_parts.h"
#include "report/text_parts.h"

#include <map>

namespace keywright {

namespace {

using report::JsonWriter;
using report::SarifPlaces;
using report::SarifRule;
using report::SarifRules;

[[nodiscard]] std::string words_of(const CitedClause& cited) {
    return cited.document + ' ' + cited.clause + (cited.text.empty() ? "" : ": “" + cited.text + "”");
}

[[nodiscard]] std::string spaced(std::string text) {
    for (char& c : text) c = c == '_' ? ' ' : c;
    return text;
}

// The rules that the results are about, each with what the results tell of it.
[[nodiscard]] SarifRules rules_of(const Report& report) {
    SarifRules rules;
    const std::vector<std::string> tags = {"api-key", "configuration"};
    for (const RecordReport& record : report.results) {
        for (const RecordError& error : record.errors) {
            SarifRule& rule = rules[error.code];
            describe(rule, error.code, Severity::kError, error.message);
            rule.tags = {"api-key", "unreadable"};
        }
        for (const Violation& violation : record.violations) {
            SarifRule& rule = rules[violation.rule];
            rule.tags = tags;
            rule.severity = violation.severity;
            rule.title = spaced(violation.rule);
            rule.about.clear();
            for (const CitedClause& cited : violation.cites) {
                rule.about += (rule.about.empty() ? "" : "; ") + words_of(cited);
            }
            rule.help = violation.help.empty() ? std::string{} : report::sentence(printable(violation.help, 4000));
        }
        for (const Undetermined& open : record.undetermined) {
            SarifRule& rule = rules[open.rule];
            if (rule.title.empty()) rule.title = spaced(open.rule);
            rule.tags = tags;
            rule.severity = open.severity;
        }
    }
    for (const RecordReport& record : report.results) {
        for (const Exempted& exempted : record.exempt) {
            if (!exempted.waiver) continue;
            SarifRule& rule = rules[exempted.rule];
            if (rule.title.empty()) rule.title = spaced(exempted.rule);
            rule.tags = tags;
        }
    }
    return rules;
}

// Results of one rule about one record: known again as long as the record keeps its name and its file.
class Fingerprints {
public:
    [[nodiscard]] std::string of(const RecordReport& record, const std::string& rule) {
        const std::string subject = record.subject.empty() ? '#' + std::to_string(record.index) : record.subject;
        const std::string known = rule + '\n' + record.source + '\n' + subject;
        // Records of one name are told apart by their order.
        const std::string digest = base::sha256(known + '\n' + std::to_string(seen_[known]++));
        return digest.substr(digest.find(':') + 1, 32);
    }

private:
    std::map<std::string, std::size_t> seen_;
};

class Writer {
public:
    Writer(const Report& report, const std::vector<Compiled::File>& sources)
        : report_(report), places_(sources), rules_(rules_of(report)) {}

    [[nodiscard]] std::string run() {
        begin_sarif(json_, rules_, "check/" + printable(report_.rules.pack));
        for (const RecordReport& record : report_.results) write(record);
        json_.end_array();
        json_.key("properties").begin_object().key("rules").begin_object();
        json_.member("pack", printable(report_.rules.pack)).member("version", printable(report_.rules.version));
        json_.member("digest", report_.rules.digest).end_object();
        json_.member("evaluatedAt", to_string(report_.evaluated_at));
        if (report_.evidence) {
            json_.key("evidence");
            report::write(json_, *report_.evidence);
        }
        json_.end_object();
        report::end_sarif(json_);
        return json_.take() + '\n';
    }

private:
    void write(const RecordReport& record) {
        for (const RecordError& error : record.errors) {
            begin(record, error.code, Severity::kError,
                  (error.at.empty() ? "" : error.at + ": ") + error.message + '.' +
                      (error.help.empty() ? "" : ' ' + report::sentence(error.help)),
                  "invalid");
            json_.end_object();
        }
        for (const Violation& violation : record.violations) {
            std::string message = violation.message + '.';
            for (const Fact& fact : violation.because) {
                message += (&fact == &violation.because.front() ? " Because " : ", ") + report::line_of(fact);
            }
            if (!violation.because.empty()) message += '.';
            if (!violation.help.empty()) message += ' ' + report::sentence(violation.help);
            begin(record, violation.rule, violation.severity, message, "violated");
            if (!violation.rule_range.file.empty()) {
                json_.key("relatedLocations").begin_array().begin_object().key("id").number(1);
                places_.write(json_, violation.rule_range);
                json_.key("message").begin_object().member("text", "The rule.").end_object();
                json_.end_object().end_array();
            }
            json_.end_object();
        }
        // As severe as the rule: what might be violated has to be looked at like what is.
        for (const Undetermined& open : record.undetermined) {
            begin(record, open.rule, open.severity,
                  "it can't be decided: what is needed is " + report::joined(open.needs) + '.', "undetermined");
            json_.end_object();
        }
        // Somebody answers for it: shown, and not counted.
        for (const Exempted& exempted : record.exempt) {
            if (!exempted.waiver) continue;
            const std::string words = printable(report::words_of(*exempted.waiver), 4000);
            begin(record, exempted.rule, Severity::kInfo, "waived " + words + '.', "waived");
            json_.key("suppressions").begin_array().begin_object().member("kind", "external");
            json_.member("status", "accepted").member("justification", words + ", waiver " + printable(exempted.by));
            json_.end_object().end_array().end_object();
        }
    }

    // Opens a result and leaves it open.
    void begin(const RecordReport& record, const std::string& rule, Severity severity, const std::string& message,
               std::string_view outcome) {
        const std::string name = printable(report::name_of(record));
        report::write_result_head(json_, rules_, rule, severity, '\'' + name + "': " + printable(message, 4000));
        json_.key("locations").begin_array().begin_object().key("physicalLocation").begin_object();
        report::write_artifact(json_, record.source.empty() ? "-" : record.source);
        json_.key("region").begin_object().member("startLine", record.line == 0 ? 1 : record.line).end_object();
        json_.end_object().key("logicalLocations").begin_array().begin_object();
        json_.member("name", name).member("fullyQualifiedName", name + '#' + std::to_string(record.index));
        json_.member("kind", "object").end_object().end_array().end_object().end_array();
        report::write_fingerprint(json_, "keywrightRecord/v1",
                                  fingerprints_.of(record, rule + '\n' + std::string{outcome}));
        json_.key("properties").begin_object().member("outcome", outcome);
        json_.member("verdict", to_string(record.verdict)).end_object();
    }

    const Report& report_;
    SarifPlaces places_;
    SarifRules rules_;
    Fingerprints fingerprints_;
    JsonWriter json_{JsonWriter::Layout::kIndented};
};

}  // namespace

std::string to_sarif(const Report& report, const std::vector<Compiled::File>& sources) {
    return Writer{report, sources}.run();
}

}  // namespace keywright
