// Rule text of any kind: the parser loses no byte, a pack with an error gives no rules, the layout changes no meaning,
// and what compiles can be dumped, tested and asked.
#include "base/source.h"
#include "base/text.h"
#include "diag/diag.h"
#include "fuzz/law.h"
#include "keywright/keywright.h"
#include "syntax/parse.h"

#include <string>

using namespace keywright;
using fuzz::law;

namespace {

// Text that begins with `~` stands behind this, so that the fuzzer needn't find a schema first.
constexpr std::string_view kHead = R"(edition 1
pack p { version "1" title "t" }
document guide { title "g" clause 1 must "x" clause 2.a may "y" }
schema key {
  a: bool
  b: bool? = absent
  u: one of { x, y }
  s: set of { x, y, z } = {}
  n: int 0..9
  m: int?
  t: text?
  ips: set of network = {}
  tags: set of text = {}
  k: secret?
  at: instant?
  d: duration
  r: { q: int?, w: { v: bool }? }?
  assume at <= now
}
param p = 30 days
define f = u == x
sample good = key { a: true, n: 3, ips: {1.2.3.4}, r: { q: 3 } }
)";

constexpr const char* kRecords[] = {
    "{}",
    R"({"a": true, "u": "x", "n": 3, "m": null, "t": "b", "ips": ["10.0.0.0/8"], "k": "q", "at": null, "d": "P3D", "r": null})",
    R"({"a": false, "u": "y", "n": 9, "t": null, "at": "2026-01-01T00:00:00Z", "r": {"q": 1, "w": {"v": false}}})",
};

void check_reports(const Rules& rules) {
    for (const char* record : kRecords) {
        CheckOptions options;
        options.now = {1'769'817'600, 0};
        const Report report = rules.check(record, options);
        law(report.results.size() == 1, "one record, one result");
        static_cast<void>(to_json(report));
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input = fuzz::text_of(data, size);
    const std::string text =
        input.starts_with('~') ? std::string{kHead} + std::string{input.substr(1)} : std::string{input};

    base::SourceSet sources;
    const base::FileId id = sources.add("rules.kw", text);
    diag::Sink sink{100};
    syntax::ParseStatistics statistics;
    const syntax::Tree tree = syntax::parse(sources, id, {}, sink, &statistics);
    law(syntax::reproduce(tree) == text, "the tree reproduces the text");
    law(statistics.invocations <= 400 * text.size() + 10'000, "the work is linear in the text");

    const Compiled compiled = compile_text(text);
    bool errors = false;
    for (const Diagnostic& d : compiled.diagnostics) {
        errors = errors || d.severity == Severity::kError;
        law(fuzz::is_one_plain_line(d.message) && fuzz::is_one_plain_line(d.help), "a message is one plain line");
        law(d.labels.empty() || d.labels[0].range.end <= text.size(), "a label lies in its file");
        static_cast<void>(to_pretty(d, compiled.files));
    }
    law(compiled.rules.has_value() == !errors, "a pack with an error gives no rules, another gives some");
    law(!sink.has_errors() || errors, "no syntax error is lost");

    const Formatted formatted = format(text);
    law(formatted.text.has_value() == !sink.has_errors(), "what parses has a layout");
    if (formatted.text) {
        const Formatted again = format(*formatted.text);
        law(again.text == formatted.text, "a layout is its own layout");
        law(compile_text(*formatted.text).rules.has_value() == !errors, "the layout changes no meaning");
    }
    if (compiled.rules) {
        static_cast<void>(compiled.rules->dump());
        static_cast<void>(compiled.rules->json_schema());
        static_cast<void>(compiled.rules->run_tests());
        check_reports(*compiled.rules);
    }
    return 0;
}
