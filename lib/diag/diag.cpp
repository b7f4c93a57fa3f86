#include "diag/diag.h"

#include "base/text.h"

#include <algorithm>
#include <array>
#include <functional>
#include <tuple>
#include <utility>

namespace keywright {

namespace diag {

namespace {

constexpr auto kCodes = std::to_array<CodeInfo>({
#define KW_DIAGNOSTIC(name, code, severity, title) {code, Severity::severity, title},
#include "diag/diagnostics.def"
#undef KW_DIAGNOSTIC
});

// Diagnostics without a place come last.
[[nodiscard]] std::tuple<std::uint32_t, std::uint32_t> place(const base::Span& span) {
    return {span.file.value, span.begin};
}

}  // namespace

const CodeInfo& info(Code code) { return kCodes[static_cast<std::size_t>(code)]; }

std::span<const CodeInfo> all_codes() { return kCodes; }

Sink::Builder& Sink::Builder::note(base::Span span, std::string label) {
    if (index_ != kDropped) sink_->entries_[index_].notes.push_back({span, std::move(label)});
    return *this;
}

Sink::Builder& Sink::Builder::help(std::string help) {
    if (index_ != kDropped) sink_->entries_[index_].help = std::move(help);
    return *this;
}

Sink::Builder& Sink::Builder::fix(base::Span span, std::string replacement) {
    if (index_ != kDropped) {
        Entry& entry = sink_->entries_[index_];
        entry.has_fix = true;
        entry.fix = {span, std::move(replacement)};
    }
    return *this;
}

Sink::Builder Sink::report(Code code, base::Span span, std::string message, std::string label) {
    // Counted even where it is dropped: a dropped error still refuses the file.
    if (info(code).severity == Severity::kError) ++errors_;
    if (entries_.size() >= limit_) {
        ++dropped_;
        return {this, kDropped};
    }
    Entry entry{code, std::move(message), {}, {}, false, {}};
    entry.notes.push_back({span, std::move(label)});
    entries_.push_back(std::move(entry));
    return {this, entries_.size() - 1};
}

std::vector<Diagnostic> Sink::finish(const base::SourceSet& sources) const {
    std::vector<const Entry*> ordered;
    ordered.reserve(entries_.size());
    for (const Entry& entry : entries_) ordered.push_back(&entry);
    // All entries stand in one vector, so their addresses tell the order of the reports.
    std::sort(ordered.begin(), ordered.end(), [](const Entry* a, const Entry* b) {
        const auto first = place(a->notes.front().span);
        const auto second = place(b->notes.front().span);
        return first != second ? first < second : std::less<>{}(a, b);
    });
    std::vector<Diagnostic> out;
    out.reserve(ordered.size() + 1);
    for (const Entry* entry : ordered) {
        Diagnostic diagnostic;
        diagnostic.code = text(entry->code);
        diagnostic.severity = info(entry->code).severity;
        diagnostic.message = entry->message;
        for (const Note& note : entry->notes) {
            if (note.span.valid()) diagnostic.labels.push_back({sources.range(note.span), note.text});
        }
        diagnostic.help = entry->help;
        if (entry->has_fix && entry->fix.span.valid()) {
            diagnostic.fix = Fix{sources.range(entry->fix.span), entry->fix.text};
        }
        out.push_back(std::move(diagnostic));
    }
    if (dropped_ > 0) {
        Diagnostic diagnostic;
        diagnostic.code = text(Code::kTooManyDiagnostics);
        diagnostic.severity = info(Code::kTooManyDiagnostics).severity;
        diagnostic.message = dropped_ == 1 ? "1 more diagnostic is not shown"
                                           : std::to_string(dropped_) + " more diagnostics are not shown";
        diagnostic.help = "mend those above first; the limit is `diagnostics`, now " + std::to_string(limit_);
        out.push_back(std::move(diagnostic));
    }
    return out;
}

}  // namespace diag

std::string_view to_string(Severity severity) {
    switch (severity) {
        case Severity::kInfo: return "info";
        case Severity::kWarning: return "warning";
        case Severity::kError: return "error";
    }
    return {};
}

std::vector<std::string> diagnostic_codes() {
    std::vector<std::string> codes;
    for (const diag::CodeInfo& info : diag::all_codes()) codes.emplace_back(info.code);
    std::sort(codes.begin(), codes.end());
    return codes;
}

std::string closest_code(std::string_view text) {
    const std::vector<std::string> codes = diagnostic_codes();
    std::string word{text};
    if (!word.empty() && std::all_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; })) {
        word.insert(0, "KW");  // people leave the letters out
    }
    return base::closest(word, codes);
}

}  // namespace keywright
