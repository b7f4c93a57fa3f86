#include "engine/audit_records.h"

#include "diag/diag.h"
#include "engine/records.h"
#include "input/json.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace keywright::engine {

namespace {

using diag::Code;

[[nodiscard]] input::ReadOptions reading_of(const Auditor::State& auditor) {
    input::ReadOptions out;
    out.adapter = auditor.adapter;
    out.now = auditor.options.now;
    out.limits = auditor.options.limits;
    return out;
}

// As the reader says it of what it has read.
[[nodiscard]] RecordError too_long_element(std::uint64_t number, char first, std::uint64_t bytes,
                                           const Limits& limits) {
    const std::string at = "/" + std::to_string(number);
    if (first == '{') {
        return {diag::text(Code::kJsonTooLarge), at,
                fmt::format("the record has {} bytes, more than {} (`record_bytes`)", bytes, limits.record_bytes), ""};
    }
    const std::string_view what = first == '[' ? "an array" : first == '"' ? "a string" : "a number";
    return {diag::text(Code::kNotAnObject), at, fmt::format("a record must be an object, not {}", what), ""};
}

}  // namespace

AuditRecords::AuditRecords(const Auditor::State& auditor)
    : auditor_(auditor),
      reader_(auditor.module(), reading_of(auditor)),
      scratch_(auditor.pack().program.make_scratch()) {
    decision_.rules.resize(auditor.module().rules.size());
}

void AuditRecords::lines(std::string_view text, std::size_t line, const Sink& sink) {
    reader_.read(text, input::DocumentForm::kLines, {line, 0}, sink);
}

std::optional<RecordError> AuditRecords::element(std::string_view text, std::size_t line, std::uint64_t number,
                                                 const Sink& sink) {
    const std::size_t first = std::min(text.find_first_not_of(kBlanks), text.size());
    text = text.substr(first, text.find_last_not_of(kBlanks) + 1 - first);
    if (text.size() > auditor_.options.limits.record_bytes) {
        // It may as well have been passed over, which hangs on where the text was cut. The answer doesn't.
        input::ReadRecord read;
        read.line = line;
        read.errors.push_back(too_long_element(number, text.front(), text.size(), auditor_.options.limits));
        sink(read);
        return std::nullopt;
    }
    // In an array of one the depth of nesting is what it is in the array of all.
    wrapped_.reserve(text.size() + 2);
    wrapped_ = "[";
    wrapped_ += text;
    wrapped_ += ']';
    std::size_t count = 0;
    std::optional<RecordError> refusal;
    reader_.read(wrapped_, input::DocumentForm::kDocument, {line, static_cast<std::size_t>(number)},
                 [&](input::ReadRecord& read) {
                     if (read.pointers.empty()) return;
                     ++count;
                     // Of a text that can't be parsed there is one record without a place in the array.
                     refusal.reset();
                     if (read.errors.size() == 1 && read.errors.front().code <= diag::text(Code::kJsonTooLarge))
                         refusal = read.errors.front();
                     if (!refusal) sink(read);
                 });
    std::ranges::fill(wrapped_, '\0');
    if (!refusal) {
        if (count == 1) return std::nullopt;
        return RecordError{diag::text(Code::kJsonSyntax), "", "there is no value between two commas", ""};
    }
    // Alone it has the offsets that its owner would count.
    const std::string below = "/" + std::to_string(number);
    input::JsonDocument json;
    input::JsonError alone;
    RecordError error = *std::move(refusal);
    if (!input::parse_json(text, auditor_.options.limits, json, alone)) {
        error = {alone.code, below + alone.pointer, alone.message, ""};
    } else if (error.code != diag::text(Code::kJsonTooLarge)) {
        constexpr std::string_view kFirst = "/0";  // in the array of one
        if (error.at.starts_with(kFirst)) error.at.replace(0, kFirst.size(), below);
    }
    if (text.empty() || !input::is_json_structure(text)) return error;
    input::ReadRecord read;
    read.line = line;
    read.errors.push_back(std::move(error));
    sink(read);
    return std::nullopt;
}

void AuditRecords::document(std::string_view text, bool as_lines, const Sink& sink) {
    CheckOptions options = auditor_.check_options({});
    if (as_lines) options.form = CheckOptions::Form::kLines;
    each_record(auditor_.pack(), text, options, [&](input::ReadRecord& read, RecordReport& report) {
        read.errors = std::move(report.errors);  // an adapter that isn't there has no record of the reader
        sink(read);
    });
}

RecordError AuditRecords::too_long(const AuditBlock::State& block, std::size_t number, const Limits& limits) {
    if (block.behind.form != AuditedInput::Form::kLines)
        return too_long_element(block.first_element, block.too_long_first, block.too_long, limits);
    return {diag::text(Code::kJsonTooLarge), "",
            fmt::format("the line has {} bytes, more than {} (`record_bytes`)", block.too_long, limits.record_bytes),
            fmt::format("this is line {} of the text", number)};
}

const eval::Decision& AuditRecords::decide(const input::ReadRecord& read) {
    auditor_.pack().program.decide(read.record, auditor_.options.now, scratch_, decision_.rules);
    return decision_;
}

void AuditRecords::explain(const input::ReadRecord& read, RecordReport& report) {
    report.subject = read.subject;
    report.line = read.line;
    report.errors = read.errors;
    if (!report.errors.empty()) return;
    (void)decide(read);
    auditor_.pack().explainer().fill(read.record, auditor_.options.now, decision_, auditor_.pack().sources, report);
}

}  // namespace keywright::engine
