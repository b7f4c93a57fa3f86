// Writes pages, and logs of SARIF, for others to look at into a folder: `keywright_pages FOLDER`.
#include "support/reports.h"

#include "keywright/render_audit.h"
#include "keywright/render_reports.h"
#include "keywright/render_trace.h"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>

using namespace keywright;

namespace {

bool write(const std::filesystem::path& path, const std::string& text) {
    std::ofstream out(path, std::ios::binary);
    out << text;
    return out.good();
}

// Many records with expiries, in every verdict.
Report large_report(std::size_t count) {
    const Report sample = test::sample_report();
    Report out = sample;
    out.results.clear();
    for (std::size_t i = 0; i < count; ++i) {
        RecordReport record = sample.results[i % sample.results.size()];
        record.index = i;
        record.line = i + 1;
        if (!record.subject.empty()) record.subject += ' ' + std::to_string(i);
        if (record.expires_at.kind == ExpiresAt::Kind::kAt) {
            const auto days = static_cast<std::int64_t>(i * i % 90);
            record.expires_at.earliest->seconds += (days - 20) * 86'400;
            record.expires_at.latest = record.expires_at.earliest;
        }
        out.results.push_back(std::move(record));
    }
    return out;
}

}  // namespace

int main(int count, char** words) {
    if (count != 2) return 64;
    const std::filesystem::path folder = words[1];
    std::filesystem::create_directories(folder);
    const std::string text = "edition 1\n\nrule a {\n    require x\n}\n";
    LintFinding error = test::finding("KW2001", "unknown name `x`", "desk/rules.kw", text, 32, 33, Severity::kError);
    error.diagnostic.fix = Fix{error.diagnostic.labels[0].range, "y"};
    const LintFinding warning = test::finding("KW2002", "`a` is declared twice", "desk/rules.kw", text, 11, 17);
    LintFinding allowed = test::finding("KW3002", "`x` may be absent here", "desk/rules.kw", text, 32, 33);
    allowed.allowed = Suppression{"the desk has seen it", parse_instant("2027-01-01T00:00:00Z"), {}};
    const std::vector<LintReport> audit = {
        test::lint_report({error, warning, allowed}, {"is `a` ever violated? the budget ran out"})};
    const bool written = write(folder / "records.html", to_html(test::sample_report())) &&
                         write(folder / "inventory.html", to_html(large_report(400))) &&
                         write(folder / "large.html", to_html(large_report(100'000))) &&
                         write(folder / "summary.html", to_html(test::audit_of(test::sample_report()))) &&
                         write(folder / "hostile-summary.html", to_html(test::hostile_inventory())) &&
                         write(folder / "audit.html", to_html(audit, {{"desk/rules.kw", text}})) &&
                         write(folder / "trace.html", to_html({test::sample_trace()})) &&
                         write(folder / "hostile-trace.html", to_html({test::hostile_trace()})) &&
                         write(folder / "records.sarif", to_sarif(test::sample_report())) &&
                         write(folder / "audit.sarif", to_sarif(audit, {{"desk/rules.kw", text}})) &&
                         write(folder / "hostile-records.sarif", to_sarif(test::hostile_report())) &&
                         write(folder / "hostile-records.html", to_html(test::hostile_report())) &&
                         write(folder / "hostile-audit.html",
                               to_html(test::hostile_audit(), {{test::hostile(), test::hostile() + "\n"}}));
    if (!written) std::cerr << "the pages can't be written\n";
    return written ? 0 : 74;
}
