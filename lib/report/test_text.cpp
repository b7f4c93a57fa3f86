// Results of `test` blocks for people.
#include "keywright/text.h"
#include "report/failure_lines.h"
#include "report/text_parts.h"

#include <algorithm>
#include <string_view>

namespace keywright {

namespace {

using report::counted;
using report::Ink;
using report::Page;

void write_difference(Page& page, std::string_view difference) {
    while (!difference.empty()) {
        const std::string_view line = difference.substr(0, difference.find('\n'));
        difference.remove_prefix(std::min(line.size() + 1, difference.size()));
        const Ink ink = line.starts_with('+')   ? Ink::kGreen
                        : line.starts_with('-') ? Ink::kRed
                        : line.starts_with('@') ? Ink::kCyan
                                                : Ink::kPlain;
        page.spaces(4).ink(ink, printable_line(line, report::kProseLimit)).line();
    }
}

}  // namespace

std::string to_pretty(const TestResult& test, const Style& style) {
    if (test.passed) return {};
    Page page{style};
    page.ink(Ink::kRed, "✗ failed").plain("  ").name(test.name, Ink::kBold).plain("  ");
    write_place(page, test.range);
    page.line();
    for (const TestResult::Failure& failure : test.failures) {
        std::string_view before;
        for (const auto& [label, text] : report::lines_of(failure)) {
            page.label(label == before ? std::string_view{} : label, 4, 14).prose(text, 14);
            if (label == "expected") {
                page.plain("  ");
                write_place(page, failure.range);
            }
            page.line();
            before = label;
        }
        write_difference(page, failure.difference);
    }
    return page.take();
}

std::string to_pretty(const std::vector<TestedPack>& run, const Style& style) {
    std::size_t passed = 0;
    std::size_t failed = 0;
    std::size_t proofs = 0;
    for (const TestedPack& pack : run) {
        for (const TestResult& test : pack.tests) ++(test.passed ? passed : failed);
        proofs += pack.proofs.size();
    }
    Page page{style};
    page.ink(passed > 0 ? Ink::kGreen : Ink::kPlain, std::to_string(passed) + " passed").plain(", ");
    page.ink(failed > 0 ? Ink::kRed : Ink::kPlain, std::to_string(failed) + " failed");
    if (proofs > 0) {
        page.plain("; ").plain(counted(proofs, "statement", "statements")).plain(" that `keywright prove` decides");
    }
    page.line();
    return page.take();
}

}  // namespace keywright
