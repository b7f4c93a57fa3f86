// `keywright schema`: JSON Schema of a pack's record, and of our own documents.
#include "files.h"
#include "pack.h"
#include "verbs.h"

#include "keywright/render_analysis.h"
#include "keywright/render_audit.h"
#include "keywright/render_coverage.h"
#include "keywright/render_mutation.h"
#include "keywright/render_reports.h"
#include "keywright/render_trace.h"
#include "keywright/text.h"

#include <utility>

namespace keywright::command {

Status run_schema(const Arguments& arguments) {
    const Settings settings = settle(arguments);
    const std::string what = arguments.words.empty() ? "record" : arguments.words.front();
    struct Document {
        const char* name;
        std::string (*schema)();
    };
    static constexpr Document kDocuments[] = {
        {"report", report_schema},
        {"audit", audit_schema},
        {"forecast", forecast_schema},
        {"repair", repair_schema},
        {"guide", guide_schema},
        {"why", why_schema},
        {"tests", tests_schema},
        {"snapshot", snapshot_schema},
        {"mutation", mutation_schema},
        {"coverage", coverage_schema},
        {"trace", trace_schema},
        {"proofs", proofs_schema},
        {"diff", diff_schema},
        {"diagnostics", diagnostics_schema},
        {"lint", lint_schema},
        {"verification", verification_schema},
        {"known-versions", known_versions_schema},
    };
    std::string text;
    std::vector<std::string> names{"record"};
    for (const Document& document : kDocuments) {
        names.emplace_back(document.name);
        if (what == document.name) text = document.schema();
    }
    if (what == "record") text = load_pack(settings).compiled.rules->json_schema();
    if (text.empty()) {
        const std::string near = closest_word(what, names);
        std::string all;
        for (const std::string& name : names) all += (all.empty() ? "`" : ", `") + name + '`';
        fail(Status::kUsage, "there is no schema of `" + what + "`",
             near.empty() ? "there are " + all : "did you mean `" + near + "`?");
    }
    if (!text.ends_with('\n')) text += '\n';
    Output out{settings.output};
    out.write(text);
    out.finish();
    return Status::kClean;
}

}  // namespace keywright::command
