// The registry of diagnostic kinds, and a collector.
#pragma once

#include "base/source.h"
#include "keywright/diagnostic.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace keywright::diag {

enum class Code : std::uint16_t {
#define KW_DIAGNOSTIC(name, code, severity, title) name,
#include "diag/diagnostics.def"
#undef KW_DIAGNOSTIC
};

struct CodeInfo {
    std::string_view code;  // `KW2001`
    Severity severity;
    std::string_view title;
};

[[nodiscard]] const CodeInfo& info(Code code);
[[nodiscard]] std::span<const CodeInfo> all_codes();  // in order of declaration
[[nodiscard]] inline std::string text(Code code) { return std::string{info(code).code}; }

// A diagnostic whose places are still spans.
struct Note {
    base::Span span;
    std::string text;
};

// Collects diagnostics of one compilation, at most `limit` of them.
class Sink {
public:
    explicit Sink(std::size_t limit) : limit_(limit) {}

    class Builder {
    public:
        Builder& note(base::Span span, std::string label);  // a second place
        Builder& help(std::string help);
        Builder& fix(base::Span span, std::string replacement);

    private:
        friend class Sink;
        Builder(Sink* sink, std::size_t index) : sink_(sink), index_(index) {}
        Sink* sink_;
        std::size_t index_;  // kDropped where the limit was reached
    };
    // Reports `message` at `span`; `label` is a few words under the place.
    Builder report(Code code, base::Span span, std::string message, std::string label = {});

    [[nodiscard]] bool has_errors() const { return errors_ > 0; }
    [[nodiscard]] std::size_t error_count() const { return errors_; }
    // The diagnostics by file and place, spans resolved.
    [[nodiscard]] std::vector<Diagnostic> finish(const base::SourceSet& sources) const;

private:
    static constexpr std::size_t kDropped = static_cast<std::size_t>(-1);
    struct Entry {
        Code code;
        std::string message;
        std::vector<Note> notes;
        std::string help;
        bool has_fix = false;
        Note fix;
    };
    std::vector<Entry> entries_;
    std::size_t limit_;
    std::size_t errors_ = 0;
    std::size_t dropped_ = 0;
};

}  // namespace keywright::diag
