// What SARIF logs hold, whatever they are about: the tool and its rules, places in files, fixes, fingerprints.
// SARIF 2.1.0 (OASIS), within what GitHub's code scanning takes.
#pragma once

#include "keywright/render_reports.h"
#include "report/json_writer.h"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace keywright::report {

// A path as a relative URI reference (RFC 3986): every byte outside the unreserved ones and `/` is escaped.
[[nodiscard]] std::string uri_of(std::string_view path);

// `error`, `warning`, `note`.
[[nodiscard]] std::string_view sarif_level(Severity severity);

// A sentence: with a capital where it begins with a word, and a full stop.
[[nodiscard]] std::string sentence(std::string_view text);

// What a run says of one of its rules.
struct SarifRule {
    std::string id;
    std::string title;  // a few words
    std::string about;  // a sentence or more; empty: the title
    std::string help;   // Markdown; empty: what it is about
    Severity severity = Severity::kError;
    std::vector<std::string> tags;
};

// The rules of a run in order of their ids, and the number of each.
class SarifRules {
public:
    SarifRule& operator[](const std::string& id);
    [[nodiscard]] std::size_t index_of(const std::string& id) const;
    void write(JsonWriter& json) const;

private:
    std::map<std::string, SarifRule> rules_;
};

// The rule of a diagnostic: what its page says.
void describe(SarifRule& rule, const std::string& code, Severity severity, const std::string& message);

// Opens a log with one run: the tool, what it is known by among other runs, that it went well, and what it
// couldn't settle. `id`: `check/NAME`.
void begin_sarif(JsonWriter& json, const SarifRules& rules, const std::string& id,
                 const std::vector<std::string>& undecided = {});
void end_sarif(JsonWriter& json);

// The members `ruleId`, `ruleIndex`, `level` and `message` of a result that is open.
void write_result_head(JsonWriter& json, const SarifRules& rules, const std::string& rule, Severity severity,
                       const std::string& message);

// The value of `fingerprints`: `name` is its scheme. GitHub reads one of its own name.
void write_fingerprint(JsonWriter& json, std::string_view name, const std::string& fingerprint);

// Places in rule files. Columns count UTF-16 code units, so they need the text of the file.
class SarifPlaces {
public:
    explicit SarifPlaces(const std::vector<Compiled::File>& sources) : sources_(sources) {}

    // A `physicalLocation`.
    void write(JsonWriter& json, const SourceRange& range) const;
    // The value of `fixes`; only where the text is there.
    [[nodiscard]] bool can_fix(const Fix& fix) const;
    void write_fix(JsonWriter& json, const Fix& fix, const std::string& words) const;

private:
    void write_region(JsonWriter& json, const SourceRange& range) const;
    const std::vector<Compiled::File>& sources_;
};

// The value of `artifactLocation`.
void write_artifact(JsonWriter& json, std::string_view path);

}  // namespace keywright::report
