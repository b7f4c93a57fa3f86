#include "base/source.h"

#include <algorithm>
#include <utility>

namespace keywright::base {

Span join(Span first, Span last) {
    return {first.file, std::min(first.begin, last.begin), std::max(first.end, last.end)};
}

Source::Source(std::string path, std::string text) : path_(std::move(path)), text_(std::move(text)) {
    line_starts_.push_back(0);
    for (std::size_t i = 0; i < text_.size(); ++i) {
        if (text_[i] == '\n') line_starts_.push_back(i + 1);
    }
}

Source::Position Source::position(std::size_t offset) const {
    offset = std::min(offset, text_.size());
    const auto after = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
    const auto line = static_cast<std::size_t>(after - line_starts_.begin());
    return {line, offset - line_starts_[line - 1]};
}

std::string_view Source::line(std::size_t number) const {
    const std::size_t begin = line_starts_[number - 1];
    std::size_t end = number < line_starts_.size() ? line_starts_[number] - 1 : text_.size();
    if (end > begin && text_[end - 1] == '\r') --end;
    return text().substr(begin, end - begin);
}

FileId SourceSet::add(std::string path, std::string text) {
    files_.emplace_back(std::move(path), std::move(text));
    return FileId{files_.size() - 1};
}

std::string_view SourceSet::text(Span span) const {
    if (!span.valid()) return {};
    return file(span.file).text().substr(span.begin, span.end - span.begin);
}

SourceRange SourceSet::range(Span span) const {
    if (!span.valid()) return {};
    const Source& source = file(span.file);
    const auto begin = source.position(span.begin);
    const auto end = source.position(span.end);
    return {source.path(), span.begin, span.end, begin.line, begin.column, end.line, end.column};
}

}  // namespace keywright::base
