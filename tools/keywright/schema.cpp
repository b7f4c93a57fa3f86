// `keywright schema`: JSON Schema of a pack's record, and of our own documents.
#include "files.h"
#include "pack.h"
#include "verbs.h"

#include "keywright/render_analysis.h"
#include "keywright/text.h"

#include <utility>

namespace keywright::command {

Status run_schema(const Arguments& arguments) {
    const Settings settings = settle(arguments);
    const std::string what = arguments.words.empty() ? "record" : arguments.words.front();
    std::string text;
    if (what == "record") {
        text = load_pack(settings).compiled.rules->json_schema();
    } else if (what == "report") {
        text = report_schema();
    } else if (what == "tests") {
        text = tests_schema();
    } else if (what == "diagnostics") {
        text = diagnostics_schema();
    } else if (what == "proofs") {
        text = proofs_schema();
    } else if (what == "diff") {
        text = diff_schema();
    } else {
        const std::vector<std::string> names = {"record", "report", "tests", "diagnostics", "proofs", "diff"};
        const std::string near = closest_word(what, names);
        fail(Status::kUsage, "there is no schema of `" + what + "`",
             near.empty() ? "there are `record`, `report`, `tests`, `diagnostics`, `proofs` and `diff`" : "did you mean `" + near + "`?");
    }
    if (!text.ends_with('\n')) text += '\n';
    Output out{settings.output};
    out.write(text);
    out.finish();
    return Status::kClean;
}

}  // namespace keywright::command
