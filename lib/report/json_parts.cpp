#include "report/json_parts.h"

namespace keywright::report {

void write(JsonWriter& json, const RulesIdentity& rules) {
    json.begin_object()
        .member("pack", rules.pack)
        .member("version", rules.version)
        .member("digest", rules.digest)
        .end_object();
}

void write(JsonWriter& json, const WaiverUsed& waiver) {
    json.begin_object().key("owner");
    write_or_null(json, waiver.owner);
    json.member("reason", waiver.reason).key("ticket");
    write_or_null(json, waiver.ticket);
    json.member("until", to_string(waiver.until)).end_object();
}

void write(JsonWriter& json, const std::vector<WaiverGiven>& waivers) {
    json.begin_array();
    for (const WaiverGiven& waiver : waivers) {
        json.begin_object()
            .member("name", waiver.name)
            .member("rule", waiver.rule)
            .member("until", to_string(waiver.until))
            .member("digest", waiver.digest)
            .end_object();
    }
    json.end_array();
}

// People and editors count columns from one.
void write(JsonWriter& json, const SourceRange& range) {
    json.begin_object()
        .member("file", range.file)
        .member("line", range.line)
        .member("column", range.column + 1)
        .member("end_line", range.end_line)
        .member("end_column", range.end_column + 1)
        .end_object();
}

void write(JsonWriter& json, const Example& example) {
    json.begin_object().member("record", example.json).member("at", to_string(example.at)).end_object();
}

void write(JsonWriter& json, const std::optional<Example>& example) {
    if (example) {
        write(json, *example);
    } else {
        json.null();
    }
}

void write(JsonWriter& json, const std::optional<Instant>& instant) {
    if (instant) {
        json.string(to_string(*instant));
    } else {
        json.null();
    }
}

void write(JsonWriter& json, const ExpiresAt& expires_at) {
    switch (expires_at.kind) {
        case ExpiresAt::Kind::kNever: json.null(); return;
        case ExpiresAt::Kind::kAt: write(json, expires_at.earliest); return;
        case ExpiresAt::Kind::kBetween:
            json.begin_object().key("earliest");
            write(json, expires_at.earliest);
            json.key("latest");
            write(json, expires_at.latest);
            json.end_object();
            return;
    }
}

void write(JsonWriter& json, const std::vector<CitedClause>& cites) {
    json.begin_array();
    for (const CitedClause& cited : cites) {
        json.begin_object().member("document", cited.document).member("clause", cited.clause).end_object();
    }
    json.end_array();
}

void write(JsonWriter& json, const std::vector<RecordError>& errors) {
    json.begin_array();
    for (const RecordError& error : errors) {
        json.begin_object()
            .member("code", error.code)
            .member("at", error.at)
            .member("message", error.message)
            .end_object();
    }
    json.end_array();
}

JsonWriter& begin_diagnostic(JsonWriter& json, const Diagnostic& diagnostic) {
    json.begin_object()
        .member("code", diagnostic.code)
        .member("severity", to_string(diagnostic.severity))
        .member("message", diagnostic.message);
    json.key("labels").begin_array();
    for (const Label& label : diagnostic.labels) {
        json.begin_object().key("range");
        write(json, label.range);
        json.member("text", label.text).end_object();
    }
    json.end_array().member("help", diagnostic.help).key("fix");
    if (diagnostic.fix) {
        json.begin_object().key("range");
        write(json, diagnostic.fix->range);
        json.member("replacement", diagnostic.fix->replacement).end_object();
    } else {
        json.null();
    }
    return json;
}

void write_or_null(JsonWriter& json, const std::string& text) {
    if (text.empty()) {
        json.null();
    } else {
        json.string(text);
    }
}

}  // namespace keywright::report
