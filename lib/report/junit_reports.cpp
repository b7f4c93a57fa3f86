// Checked records, and audits of rule files, as JUnit XML (junit.cpp tells of the format).
#include "keywright/render_reports.h"
#include "report/lint_numbers.h"
#include "report/markup.h"
#include "report/record_parts.h"

#include <map>

namespace keywright {

namespace {

using report::Markup;

constexpr std::string_view kHead = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites";

// What a test suite counts.
struct Counts {
    std::size_t tests = 0, failures = 0, errors = 0, skipped = 0;

    void add(const Counts& other) {
        tests += other.tests;
        failures += other.failures;
        errors += other.errors;
        skipped += other.skipped;
    }
};

void write_totals(Markup& xml, const Counts& counts) {
    xml.raw(kHead).attribute("name", "keywright").attribute("tests", counts.tests);
    xml.attribute("failures", counts.failures).attribute("errors", counts.errors).attribute("time", "0").raw(">\n");
}

void open_suite(Markup& xml, std::string_view name, const RulesIdentity& rules, const Counts& counts) {
    xml.raw("  <testsuite").attribute("name", name).attribute("package", rules.pack).attribute("tests", counts.tests);
    xml.attribute("failures", counts.failures).attribute("errors", counts.errors);
    xml.attribute("skipped", counts.skipped).attribute("time", "0").raw(">\n");
}

// A name is what readers tell cases by, so an empty one gets a word.
[[nodiscard]] std::string_view or_none(std::string_view name) { return name.empty() ? "(none)" : name; }

struct Case {
    std::string classname, name, file;
    std::size_t line = 0;
};

void open_case(Markup& xml, const Case& about) {
    xml.raw("    <testcase").attribute("classname", or_none(about.classname)).attribute("name", or_none(about.name));
    if (!about.file.empty()) xml.attribute("file", about.file);
    if (about.line > 0) xml.attribute("line", about.line);
    xml.attribute("time", "0");
}

void write_problem(Markup& xml, std::string_view element, std::string_view message, std::string_view type,
                   const std::vector<std::string>& lines) {
    xml.raw(">\n      <").raw(element).attribute("message", message).attribute("type", type).raw(">");
    for (const std::string& line : lines) xml.line(line);
    xml.raw("</").raw(element).raw(">\n    </testcase>\n");
}

// --- records ---------------------------------------------------------------------------------------------------------

enum class Ending : std::uint8_t { kPassed, kFailed, kOpen };

[[nodiscard]] Ending ending_of(const RecordReport& record) {
    if (record.verdict == Verdict::kViolation) return Ending::kFailed;
    // As for the exit status: a rule of any severity that can't be decided isn't known to be in order.
    if (record.verdict != Verdict::kCompliant || !record.undetermined.empty()) return Ending::kOpen;
    return Ending::kPassed;
}

[[nodiscard]] std::vector<std::string> lines_of(const RecordReport& record) {
    std::vector<std::string> out;
    for (const RecordError& error : record.errors) out.push_back(report::line_of(error));
    for (const Violation& violation : record.violations) {
        out.push_back(report::line_of(violation));
        for (const Fact& fact : violation.because) out.push_back("  because " + report::line_of(fact));
        if (!violation.help.empty()) out.push_back("  help: " + violation.help);
    }
    for (const Undetermined& open : record.undetermined) out.push_back(report::line_of(open));
    for (const Exempted& exempted : record.exempt) {
        if (exempted.waiver) out.push_back(report::line_of(exempted));
    }
    return out;
}

void write(Markup& xml, const RulesIdentity& rules, const RecordReport& record) {
    open_case(xml, {rules.pack, '#' + std::to_string(record.index) + ' ' + record.subject, record.source, record.line});
    const std::vector<std::string> lines = lines_of(record);
    switch (ending_of(record)) {
        case Ending::kPassed:
            if (!is_waived(record)) {
                xml.raw("/>\n");
                return;
            }
            // It passes because somebody answers for it.
            xml.raw(">\n      <system-out>");
            for (const std::string& line : lines) xml.line(line);
            xml.raw("</system-out>\n    </testcase>\n");
            return;
        case Ending::kFailed:
            write_problem(xml, "failure", record.violations.front().message, record.violations.front().rule, lines);
            return;
        case Ending::kOpen:
            write_problem(xml, "error", lines.empty() ? "undecided" : lines.front(), to_string(record.verdict), lines);
            return;
    }
}

// --- rule files ------------------------------------------------------------------------------------------------------

[[nodiscard]] Counts counts_of(const LintReport& report) {
    report::LintNumbers numbers;
    numbers.add(report);
    Counts out;
    out.failures = numbers.findings();
    out.skipped = numbers.allowed + numbers.known;
    out.errors = numbers.undecided;
    out.tests = out.failures + out.skipped + out.errors + (out.failures + out.errors == 0 ? 1 : 0);
    return out;
}

void write(Markup& xml, const LintFinding& finding) {
    const Diagnostic& diagnostic = finding.diagnostic;
    Case about{diagnostic.code, finding.kind, {}, 0};
    if (!finding.name.empty()) about.name += (about.name.empty() ? "" : " ") + finding.name;
    about.name += (about.name.empty() ? "" : ": ") + diagnostic.message;
    std::vector<std::string> lines;
    if (!diagnostic.labels.empty()) {
        const SourceRange& range = diagnostic.labels.front().range;
        about.file = range.file;
        about.line = range.line;
        lines.push_back(range.file + ':' + std::to_string(range.line) + ':' + std::to_string(range.column + 1));
    }
    open_case(xml, about);
    if (!finding.counts()) {
        xml.raw(">\n      <skipped")
            .attribute("message", finding.allowed ? "allowed: " + finding.allowed->reason : "in the baseline");
        xml.raw("/>\n    </testcase>\n");
        return;
    }
    lines.push_back(std::string{to_string(diagnostic.severity)} + '[' + diagnostic.code + "]: " + diagnostic.message);
    if (!diagnostic.help.empty()) lines.push_back("help: " + diagnostic.help);
    write_problem(xml, "failure", diagnostic.message, diagnostic.code, lines);
}

}  // namespace

std::string to_junit(const Report& report) {
    // A suite for each source, in order of appearance; records of one source come together.
    struct Suite {
        Counts counts;
        Markup cases;
    };
    std::vector<std::string> order;
    std::map<std::string, Suite> suites;
    Counts all;
    for (const RecordReport& record : report.results) {
        const auto [at, is_new] = suites.try_emplace(record.source);
        if (is_new) order.push_back(record.source);
        const Ending ending = ending_of(record);
        const Counts one{1, ending == Ending::kFailed ? 1u : 0u, ending == Ending::kOpen ? 1u : 0u, 0};
        at->second.counts.add(one);
        all.add(one);
        write(at->second.cases, report.rules, record);
    }
    Markup xml;
    write_totals(xml, all);
    for (const std::string& source : order) {
        Suite& suite = suites.at(source);
        open_suite(xml, or_none(source), report.rules, suite.counts);
        xml.raw(suite.cases.take()).raw("  </testsuite>\n");
    }
    return xml.raw("</testsuites>\n").take();
}

std::string to_junit(const std::vector<LintReport>& reports) {
    Counts all;
    for (const LintReport& report : reports) all.add(counts_of(report));
    Markup xml;
    write_totals(xml, all);
    for (const LintReport& report : reports) {
        const Counts counts = counts_of(report);
        open_suite(xml, or_none(report.rules.pack), report.rules, counts);
        for (const LintFinding& finding : report.findings) write(xml, finding);
        for (const std::string& question : report.undecided) {
            open_case(xml, {"undecided", question, {}, 0});
            write_problem(xml, "error", question, "undecided", {});
        }
        if (counts.failures + counts.errors == 0) {
            open_case(xml, {report.rules.pack, "no findings", {}, 0});
            xml.raw("/>\n");
        }
        xml.raw("  </testsuite>\n");
    }
    return xml.raw("</testsuites>\n").take();
}

}  // namespace keywright
