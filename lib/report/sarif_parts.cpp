#include "report/sarif_parts.h"

#include "base/text.h"
#include "keywright/text.h"
#include "report/page.h"
#include "report/snippets.h"

#include <algorithm>
#include <iterator>

namespace keywright::report {

namespace {

[[nodiscard]] bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
[[nodiscard]] bool is_digit(char c) { return c >= '0' && c <= '9'; }
[[nodiscard]] char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

[[nodiscard]] char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// `TransferNeedsIp` of `transfer_needs_ip`, or of a title.
[[nodiscard]] std::string pascal_case(std::string_view text) {
    std::string out;
    bool at_start = true;
    for (const char c : text) {
        if (is_letter(c) || is_digit(c)) {
            out += at_start ? upper(c) : lower(c);
            at_start = false;
        } else if (c != '\'') {
            at_start = true;
        }
    }
    return out;
}

[[nodiscard]] std::string_view problem_severity(Severity severity) {
    switch (severity) {
        case Severity::kError: return "error";
        case Severity::kWarning: return "warning";
        case Severity::kInfo: return "recommendation";
    }
    return "error";
}

// UTF-16 code units of a text.
[[nodiscard]] std::size_t units_of(std::string_view text) {
    std::size_t units = 0;
    std::size_t offset = 0;
    while (offset < text.size()) units += base::next_scalar(text, offset) > 0xffff ? 2 : 1;
    return units;
}

// The 1-based column of a byte.
[[nodiscard]] std::size_t column_of(std::string_view text, std::size_t at) {
    at = std::min(at, text.size());
    const std::size_t line = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
    const std::size_t begin = line == std::string_view::npos ? 0 : line + 1;
    return units_of(text.substr(begin, at - begin)) + 1;
}

void write_text(JsonWriter& json, std::string_view name, std::string_view text) {
    json.key(name).begin_object().member("text", text).end_object();
}

// The first paragraph of a page behind its heading, on one line; and what follows up to its examples.
struct DiagnosticPage {
    std::string title, about, body;
};

[[nodiscard]] DiagnosticPage page_of(const std::string& code) {
    DiagnosticPage out;
    const auto page = explain(code);
    if (!page) return out;
    std::string_view rest = *page;
    if (rest.starts_with("# ")) {
        std::string_view heading = rest.substr(2, rest.find('\n') - 2);
        if (heading.starts_with(code)) heading.remove_prefix(std::min(heading.size(), code.size() + 1));
        out.title = heading;
        rest.remove_prefix(std::min(rest.find('\n'), rest.size()));
    }
    rest.remove_prefix(std::min(rest.find_first_not_of('\n'), rest.size()));
    out.body = rest;
    out.about = rest.substr(0, rest.find("\n\n"));
    std::ranges::replace(out.about, '\n', ' ');
    return out;
}

}  // namespace

std::string uri_of(std::string_view path) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    while (path.starts_with("./")) path.remove_prefix(2);
    std::string out;
    for (const char c : path) {
        const auto byte = static_cast<unsigned char>(c);
        if (is_letter(c) || is_digit(c) || std::string_view{"-._~/"}.find(c) != std::string_view::npos) {
            out += c;
        } else {
            out += '%';
            out += kDigits[byte >> 4];
            out += kDigits[byte & 0xf];
        }
    }
    return out;
}

std::string_view sarif_level(Severity severity) {
    switch (severity) {
        case Severity::kError: return "error";
        case Severity::kWarning: return "warning";
        case Severity::kInfo: return "note";
    }
    return "error";
}

std::string sentence(std::string_view text) {
    std::string out{text};
    // A name at the beginning is left as it is written.
    const std::size_t word = out.find_first_of(" ,");
    const bool is_name = out.substr(0, word).find_first_of("_`/:#.") != std::string::npos;
    if (!is_name && !out.empty()) out[0] = upper(out[0]);
    if (!out.empty() && std::string_view{".!?…"}.find(out.back()) == std::string_view::npos) out += '.';
    return out;
}

SarifRule& SarifRules::operator[](const std::string& id) {
    SarifRule& rule = rules_[id];
    rule.id = id;
    return rule;
}

std::size_t SarifRules::index_of(const std::string& id) const {
    return static_cast<std::size_t>(std::distance(rules_.begin(), rules_.find(id)));
}

void SarifRules::write(JsonWriter& json) const {
    json.begin_array();
    for (const auto& [id, rule] : rules_) {
        std::string name = pascal_case(rule.title.empty() ? id : rule.title);
        // A name that only repeats the id is none.
        const bool repeats = std::ranges::equal(id, name, {}, lower, lower);
        if (repeats || name.empty()) name += "Rule";
        const std::string title = sentence(rule.title.empty() ? id : rule.title);
        const std::string about = rule.about.empty() ? title : sentence(rule.about);
        json.begin_object().member("id", printable(id)).member("name", name);
        write_text(json, "shortDescription", title);
        write_text(json, "fullDescription", about);
        json.key("help").begin_object().member("text", rule.help.empty() ? about : rule.help);
        json.member("markdown", rule.help.empty() ? about : rule.help).end_object();
        json.key("defaultConfiguration").begin_object().member("level", sarif_level(rule.severity)).end_object();
        json.key("properties").begin_object().key("tags").strings(rule.tags);
        // What is decided is decided exactly.
        json.member("precision", "very-high").member("problem.severity", problem_severity(rule.severity));
        json.end_object().end_object();
    }
    json.end_array();
}

void describe(SarifRule& rule, const std::string& code, Severity severity, const std::string& message) {
    if (rule.title.empty()) {
        DiagnosticPage page = page_of(code);
        rule.title = page.title.empty() ? message : std::move(page.title);
        rule.about = std::move(page.about);
        rule.help = std::move(page.body);
        rule.severity = severity;
    }
    rule.severity = std::max(rule.severity, severity);
}

void begin_sarif(JsonWriter& json, const SarifRules& rules, const std::string& id,
                 const std::vector<std::string>& undecided) {
    json.begin_object();
    json.member("$schema",
                "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json");
    json.member("version", "2.1.0").key("runs").begin_array().begin_object();
    json.key("tool").begin_object().key("driver").begin_object();
    json.member("name", "Keywright").member("version", KEYWRIGHT_VERSION);
    json.member("semanticVersion", KEYWRIGHT_VERSION).key("rules");
    rules.write(json);
    json.end_object().end_object();
    json.key("automationDetails").begin_object().member("id", "keywright/" + id + '/').end_object();
    json.key("invocations").begin_array().begin_object().key("executionSuccessful").boolean(true);
    if (!undecided.empty()) {
        json.key("toolExecutionNotifications").begin_array();
        for (const std::string& question : undecided) {
            json.begin_object().member("level", "warning");
            write_text(json, "message", "Undecided: " + printable(question, kProseLimit));
            json.end_object();
        }
        json.end_array();
    }
    json.end_object().end_array();
    json.member("columnKind", "utf16CodeUnits");
    json.key("originalUriBaseIds").begin_object().key("%SRCROOT%").begin_object();
    write_text(json, "description", "The root of the repository.");
    json.end_object().end_object();
    json.key("results").begin_array();
}

void end_sarif(JsonWriter& json) { json.end_object().end_array().end_object(); }

void write_result_head(JsonWriter& json, const SarifRules& rules, const std::string& rule, Severity severity,
                       const std::string& message) {
    json.begin_object().member("ruleId", printable(rule)).member("ruleIndex", rules.index_of(rule));
    json.member("level", sarif_level(severity));
    write_text(json, "message", message);
}

void write_fingerprint(JsonWriter& json, std::string_view name, const std::string& fingerprint) {
    json.key("partialFingerprints").begin_object().member(name, fingerprint);
    json.member("primaryLocationLineHash", fingerprint + ":1").end_object();
}

void write_artifact(JsonWriter& json, std::string_view path) {
    json.key("artifactLocation").begin_object();
    if (path.starts_with('/')) {
        json.member("uri", "file://" + uri_of(path));
    } else {
        json.member("uri", uri_of(path)).member("uriBaseId", "%SRCROOT%");
    }
    json.end_object();
}

void SarifPlaces::write_region(JsonWriter& json, const SourceRange& range) const {
    json.begin_object().member("startLine", range.line);
    const std::string* text = text_of(sources_, range.file);
    if (text != nullptr && range.begin <= range.end && range.end <= text->size()) {
        json.member("startColumn", column_of(*text, range.begin)).member("endLine", range.end_line);
        json.member("endColumn", column_of(*text, range.end));
    } else {
        json.member("endLine", std::max(range.line, range.end_line));
    }
    json.end_object();
}

void SarifPlaces::write(JsonWriter& json, const SourceRange& range) const {
    json.key("physicalLocation").begin_object();
    write_artifact(json, range.file);
    json.key("region");
    write_region(json, range);
    json.end_object();
}

bool SarifPlaces::can_fix(const Fix& fix) const {
    const std::string* text = text_of(sources_, fix.range.file);
    return text != nullptr && fix.range.begin <= fix.range.end && fix.range.end <= text->size();
}

void SarifPlaces::write_fix(JsonWriter& json, const Fix& fix, const std::string& words) const {
    json.key("fixes").begin_array().begin_object();
    if (!words.empty()) write_text(json, "description", sentence(words));
    json.key("artifactChanges").begin_array().begin_object();
    write_artifact(json, fix.range.file);
    json.key("replacements").begin_array().begin_object().key("deletedRegion");
    write_region(json, fix.range);
    if (!fix.replacement.empty()) write_text(json, "insertedContent", fix.replacement);
    json.end_object().end_array().end_object().end_array().end_object().end_array();
}

}  // namespace keywright::report
