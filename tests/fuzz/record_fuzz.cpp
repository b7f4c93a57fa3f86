// JSON of any kind against a pack with every type: reports are consistent, hold nothing that acts on a terminal, never
// the text of a secret, and a record in a list is what it is alone.
#include "fuzz/law.h"
#include "keywright/keywright.h"

#include <algorithm>
#include <string>
#include <vector>

using namespace keywright;
using fuzz::law;

namespace {

constexpr std::string_view kPack = R"(edition 1
pack p { version "1" title "t" }
schema key {
  id: text? = absent
  name: text?
  a: bool
  u: one of { x, y } = x
  s: set of { x, y, z } = {}
  n: int 0..9
  ips: set of network = {}
  home: network?
  tags: set of text = {}
  ports: set of int 0..65535 = {}
  k: secret? = absent
  made: instant?
  used: instant epoch ms?
  d: duration = 3 days
  h: duration in hours = 4 hours
  r: { q: int?, w: { v: bool, key: secret }? = absent }? = absent
  assume made <= used <= now
  assume n < 9
}
rule r1 { require a and n > 3 message "{n} {a}" }
rule r2 { when name is present require name like "a*" message "{name} {u} {s} {ips} {tags} {ports}" }
rule r3 { require no i in ips: i is open }
rule r4 { when k is present require length(k) > 5 and not has_space(k) message "{length(k)}" }
rule r5 { require ips covers home else 10.0.0.0/8 or tags has any of {"a", "b"} }
rule r6 { expire d after used else made else now warn h before message "{deadline}" }
rule r7 { when r is present require (r.q else 3) > 2 and (r.w is present implies r.w.v) }
rule r8 { require match u { x: s is empty, y: s has only {x} } and count(ports) < 5 }
adapter native {
  records at "/data" else root
  expect "/code" == "0"
  beside "/msg"
  ignore "/other"
  id from "/i"
  name from "/n" none "", "-"
  a from "/a" missing refused
  u from "/u" map { "X" -> x, "1" -> y, "true" -> x }
  s from "/s" split "," map { "X" -> x, "Y" -> y, "Z" -> z } none ""
  n from "/deep/n" missing 3
  ips from "/ips" split ";"
  k from "/k"
  made from "/made" as epoch s text
  used = unknown
  d from "/d" in days
  r.q from "/rq"
  subject n
}
adapter partial { canonical used = absent n = 4 k = unknown }
)";

const Rules& pack() {
    static const Rules rules = [] {
        const Compiled compiled = compile_text(kPack);
        for (const Diagnostic& d : compiled.diagnostics) std::fprintf(stderr, "%s\n", to_compact(d).c_str());
        law(compiled.rules.has_value(), "the pack compiles");
        return *compiled.rules;
    }();
    return rules;
}

void check_result(const RecordReport& r) {
    law((r.verdict == Verdict::kInvalid) == !r.errors.empty(), "a record is invalid where there are errors");
    const bool violated = std::any_of(r.violations.begin(), r.violations.end(),
                                      [](const auto& v) { return v.severity == Severity::kError; });
    const bool open = std::any_of(r.undetermined.begin(), r.undetermined.end(),
                                  [](const auto& u) { return u.severity == Severity::kError; });
    if (r.verdict == Verdict::kInvalid)
        law(r.violations.empty() && r.undetermined.empty() && r.exempt.empty(),
            "no rule is asked of what can't be read");
    if (r.verdict == Verdict::kViolation) law(violated, "a violation names its rule");
    if (r.verdict == Verdict::kUndetermined) law(!violated && open, "what is undetermined names its rule");
    if (r.verdict == Verdict::kCompliant) law(!violated && !open, "compliant means that nothing is violated or open");
    law(fuzz::is_one_plain_line(r.subject), "a subject is one plain line");
    for (const RecordError& e : r.errors) {
        law(e.code.starts_with("KW6"), "a record's errors have codes of records");
        law(fuzz::is_one_plain_line(e.message) && fuzz::is_one_plain_line(e.help) && fuzz::is_one_plain_line(e.at),
            "errors are plain lines");
    }
    for (const Violation& v : r.violations) {
        law(fuzz::is_one_plain_line(v.message) && fuzz::is_one_plain_line(v.help), "messages are plain lines");
        for (const Fact& f : v.because) law(fuzz::is_one_plain_line(f.fact), "facts are plain lines");
    }
    for (const Undetermined& u : r.undetermined) law(!u.needs.empty(), "what is open needs something");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::uint8_t choice = data[0];
    const std::string text{fuzz::text_of(data + 1, size - 1)};
    static const char* const kAdapters[] = {"", "native", "partial", "none"};
    static constexpr CheckOptions::Form kForms[] = {CheckOptions::Form::kAuto, CheckOptions::Form::kDocument,
                                                    CheckOptions::Form::kLines};
    CheckOptions options;
    options.now = {1'769'817'600, 0};
    options.adapter = kAdapters[choice % 4];
    options.form = kForms[choice / 4 % 3];
    if ((choice & 64U) != 0) {
        options.limits.record_bytes = 200;
        options.limits.json_depth = 4;
        options.limits.set_elements = 3;
        options.limits.errors_per_record = 2;
    }
    const Report report = pack().check(text, options);
    for (std::size_t i = 0; i < report.results.size(); ++i) {
        law(report.results[i].index == i, "results are counted");
        check_result(report.results[i]);
        static_cast<void>(to_pretty(report.results[i], report.rules, report.evaluated_at));
        law(to_json_line(report.results[i]).find('\n') == std::string::npos, "a line of JSON is one line");
    }
    static_cast<void>(to_json(report));

    // Alone and in a list.
    const bool alone =
        report.results.size() == 1 && options.adapter != "native" && options.form != CheckOptions::Form::kLines;
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    if (alone && first != std::string::npos && text[first] == '{' && (choice & 64U) == 0) {
        options.form = CheckOptions::Form::kDocument;
        RecordReport one = pack().check(text, options).results.at(0);
        const Report list = pack().check("[" + text + "]", options);
        const bool readable =
            std::none_of(one.errors.begin(), one.errors.end(), [](const auto& e) { return e.code < "KW6010"; });
        if (readable) {
            law(list.results.size() == 1, "a list of one record has one result");
            for (RecordError& e : one.errors) e.at = "/0" + e.at;
            const RecordReport& listed = list.results[0];
            law(listed.verdict == one.verdict && listed.violations == one.violations &&
                    listed.undetermined == one.undetermined,
                "a list changes nothing");
            law(listed.errors.size() == one.errors.size(), "a list has the same errors");
        }
    }
    return 0;
}
