// `keywright explain`: the page of a diagnostic.
#include "files.h"
#include "verbs.h"

#include "keywright/keywright.h"

#include <algorithm>

namespace keywright::command {

namespace {

// The first line of a page is its heading, `## KW2001: unknown name` or the like.
[[nodiscard]] std::string heading_of(const std::string& code) {
    const std::string page = explain(code).value_or("");
    std::string line = page.substr(0, page.find('\n'));
    line.erase(0, std::min(line.find_first_not_of("# "), line.size()));
    if (line.starts_with(code)) line.erase(0, code.size());
    line.erase(0, std::min(line.find_first_not_of(":-–— "), line.size()));
    return line.empty() ? code : code + "  " + line;
}

[[nodiscard]] std::string upper(std::string text) {
    for (char& c : text) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    return text;
}

}  // namespace

Status run_explain(const Arguments& arguments) {
    std::string text;
    if (arguments.words.empty()) {
        for (const std::string& code : diagnostic_codes()) text += heading_of(code) + '\n';
    } else {
        const std::string& code = arguments.words.front();
        const auto page = explain(upper(code));
        if (!page) {
            const std::string near = closest_code(code);
            fail(Status::kUsage, "there is no diagnostic `" + code + "`",
                 near.empty() ? "`keywright explain` lists them" : "did you mean `" + near + "`?");
        }
        text = *page;
        if (!text.ends_with('\n')) text += '\n';
    }
    Output out{arguments.output};
    out.write(text);
    out.finish();
    return Status::kClean;
}

}  // namespace keywright::command
