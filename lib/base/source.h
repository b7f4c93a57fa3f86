// Source text and places in it. A `Span` is a range of bytes of one file of a `SourceSet`.
#pragma once

#include "base/ids.h"
#include "keywright/diagnostic.h"

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace keywright::base {

using FileId = Id<struct FileTag>;

struct Span {
    FileId file;
    std::uint32_t begin = 0;  // byte offset
    std::uint32_t end = 0;    // byte offset, exclusive

    [[nodiscard]] bool valid() const { return file.valid(); }
    friend constexpr bool operator==(const Span&, const Span&) = default;
};

// The smallest span that holds both; both lie in one file.
[[nodiscard]] Span join(Span first, Span last);

// One file's text with its line starts.
class Source {
public:
    Source(std::string path, std::string text);

    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] std::string_view text() const { return text_; }

    struct Position {
        std::size_t line;    // 1-based
        std::size_t column;  // 0-based, bytes
    };
    [[nodiscard]] Position position(std::size_t offset) const;      // O(log lines)
    [[nodiscard]] std::string_view line(std::size_t number) const;  // without its line break; 1-based
    [[nodiscard]] std::size_t line_count() const { return line_starts_.size(); }

private:
    std::string path_;
    std::string text_;
    std::vector<std::size_t> line_starts_;
};

// The files of one compilation.
class SourceSet {
public:
    FileId add(std::string path, std::string text);
    [[nodiscard]] const Source& file(FileId id) const { return files_[id.index()]; }
    [[nodiscard]] std::size_t size() const { return files_.size(); }
    [[nodiscard]] std::string_view text(Span span) const;
    [[nodiscard]] SourceRange range(Span span) const;

private:
    std::deque<Source> files_;  // views into a text stay valid as files are added
};

}  // namespace keywright::base
