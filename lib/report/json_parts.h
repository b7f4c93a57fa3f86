// What several of our JSON documents hold, written in one way. Calls find these functions by their arguments, beside a
// document's own `write`.
#pragma once

#include "keywright/proof.h"
#include "keywright/report.h"
#include "keywright/rules.h"
#include "report/json_writer.h"

#include <optional>
#include <string>
#include <vector>

namespace keywright::report {

void write(JsonWriter& json, const RulesIdentity& rules);
void write(JsonWriter& json, const SourceRange& range);
void write(JsonWriter& json, const Example& example);
void write(JsonWriter& json, const std::optional<Example>& example);
void write(JsonWriter& json, const std::optional<Instant>& instant);
void write(JsonWriter& json, const ExpiresAt& expires_at);
void write(JsonWriter& json, const std::vector<CitedClause>& cites);
void write(JsonWriter& json, const std::vector<RecordError>& errors);
void write(JsonWriter& json, const WaiverUsed& waiver);
void write(JsonWriter& json, const std::vector<WaiverGiven>& waivers);

// Opens an object with the members of a diagnostic.
JsonWriter& begin_diagnostic(JsonWriter& json, const Diagnostic& diagnostic);

// Text, or null where it is empty.
void write_or_null(JsonWriter& json, const std::string& text);

// Opens an object about a record, with the members that say which one it is.
template <class OfRecord>
JsonWriter& begin_record(JsonWriter& json, const OfRecord& record) {
    return json.begin_object()
        .member("subject", record.subject)
        .member("source", record.source)
        .member("index", record.index);
}

}  // namespace keywright::report
