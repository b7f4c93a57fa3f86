// What a rule file's author did wrong, as a value: a stable code, a message, the place, and what to do.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keywright {

// How much a diagnostic or a violation weighs, lightest first.
enum class Severity : std::uint8_t { kInfo, kWarning, kError };

[[nodiscard]] std::string_view to_string(Severity severity);

// A range of one source file. Offsets and columns count bytes; lines are 1-based, columns 0-based, ends exclusive.
struct SourceRange {
    std::string file;  // the path as it was given or imported
    std::size_t begin = 0, end = 0;
    std::size_t line = 1, column = 0;
    std::size_t end_line = 1, end_column = 0;
};

// A place with a few words about it; the first label of a diagnostic is the place it is about.
struct Label {
    SourceRange range;
    std::string text;  // may be empty
};

// A replacement that mends what the diagnostic reports.
struct Fix {
    SourceRange range;
    std::string replacement;
};

struct Diagnostic {
    std::string code;  // `KW2001`; `explain(code)` tells more
    Severity severity = Severity::kError;
    std::string message;        // one line, lower case, no full stop
    std::vector<Label> labels;  // at least one, the primary first, unless the diagnostic is about a whole run
    std::string help;           // what to do, may be empty
    std::optional<Fix> fix;
};

// The page of a diagnostic or record error code (Markdown), or nothing where there is no such code.
[[nodiscard]] std::optional<std::string> explain(std::string_view code);

// Every code there is, in ascending order.
[[nodiscard]] std::vector<std::string> diagnostic_codes();

// The code closest in spelling to `text`, or empty.
[[nodiscard]] std::string closest_code(std::string_view text);

}  // namespace keywright
