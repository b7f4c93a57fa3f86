// A diagnostic of a rule file for people: message, the lines it is about with the place underlined, help, fix.
#include "keywright/text.h"
#include "report/page.h"
#include "report/snippets.h"

#include <algorithm>

namespace keywright {

namespace {

using report::Ink;
using report::ink_of;
using report::Page;
using report::Snippets;
using report::words_of;

void write_note(Page& page, std::size_t gutter, std::string_view kind, std::string_view text) {
    page.spaces(gutter).ink(Ink::kBlue, " = ").ink(Ink::kCyan, kind).plain(": ");
    page.prose(text, gutter + 5 + kind.size()).line();
}

}  // namespace

std::string to_pretty(const Diagnostic& diagnostic, const std::vector<Compiled::File>& files, const Style& style) {
    Page page{style};
    const Ink ink = ink_of(diagnostic.severity);
    page.ink(ink, to_string(diagnostic.severity)).ink(ink, "[").name(diagnostic.code, ink).ink(ink, "]");
    page.ink(Ink::kBold, ": ").prose(diagnostic.message, 4, Ink::kBold).line();
    std::size_t last = 0;
    for (const Label& label : diagnostic.labels) last = std::max(last, label.range.line);
    const std::size_t gutter = std::max<std::size_t>(std::to_string(last).size(), diagnostic.labels.size() > 1 ? 3 : 1);
    Snippets snippets{page, files, gutter};
    bool primary = true;
    for (const Label& label : diagnostic.labels) {
        snippets.show(label, primary, ink);
        primary = false;
    }
    if (!diagnostic.labels.empty() && (!diagnostic.help.empty() || diagnostic.fix)) snippets.bar("").line();
    if (!diagnostic.help.empty()) write_note(page, gutter, "help", diagnostic.help);
    if (diagnostic.fix) write_note(page, gutter, "fix", words_of(*diagnostic.fix, files));
    return page.take();
}

}  // namespace keywright
