#include "base/excerpt.h"

#include "base/text.h"

#include <algorithm>

namespace keywright::base {

namespace {

// Calls `put(piece, offset)` with the text's pieces: what isn't white space as it is, one blank for each run between.
template <class Put>
void each_piece(std::string_view text, Put put) {
    std::size_t offset = 0;
    std::size_t blank = std::string_view::npos;  // where the run began
    bool any = false;
    while (offset < text.size()) {
        const std::size_t begin = offset;
        if (is_white_space(next_scalar(text, offset))) {
            if (blank == std::string_view::npos) blank = begin;
            continue;
        }
        if (any && blank != std::string_view::npos) put(std::string_view{" "}, blank);
        blank = std::string_view::npos;
        any = true;
        put(text.substr(begin, offset - begin), begin);
    }
}

// Knuth, Morris and Pratt: a text of one letter over and over must not cost the product of the two.
class Finder {
public:
    explicit Finder(std::string_view words) : words_(words), borders_(words.size()) {
        for (std::size_t i = 1, length = 0; i < words.size(); ++i) {
            while (length > 0 && words[i] != words[length]) length = borders_[length - 1];
            if (words[i] == words[length]) ++length;
            borders_[i] = length;
        }
    }

    // Where the words stand next in `text`, at `from` or behind it; npos where they don't.
    [[nodiscard]] std::size_t find(std::string_view text, std::size_t from) const {
        std::size_t length = 0;
        for (std::size_t i = from; i < text.size(); ++i) {
            while (length > 0 && text[i] != words_[length]) length = borders_[length - 1];
            if (text[i] == words_[length]) ++length;
            if (length == words_.size()) return i + 1 - length;
        }
        return std::string_view::npos;
    }

private:
    std::string_view words_;
    std::vector<std::size_t> borders_;  // by length - 1: the longest proper prefix that is a suffix too
};

}  // namespace

std::string without_layout(std::string_view text) {
    std::string out;
    each_piece(text, [&](std::string_view piece, std::size_t) { out += piece; });
    return out;
}

PlainText::PlainText(std::string_view text) {
    plain_.reserve(text.size());
    offsets_.reserve(text.size());
    each_piece(text, [&](std::string_view piece, std::size_t offset) {
        plain_ += piece;
        // All bytes of a letter stand on its line.
        offsets_.insert(offsets_.end(), piece.size(), static_cast<std::uint32_t>(offset));
    });
    line_starts_.push_back(0);
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\n') line_starts_.push_back(static_cast<std::uint32_t>(i + 1));
    }
    line_count_ = line_starts_.size() - (text.empty() || text.ends_with('\n') ? 1 : 0);
}

std::size_t PlainText::line(std::size_t offset) const {
    const auto behind = std::upper_bound(line_starts_.begin(), line_starts_.end(), offsets_[offset]);
    return static_cast<std::size_t>(behind - line_starts_.begin());
}

TextRange PlainText::lines(std::size_t first, std::size_t last) const {
    if (first == 0 || first > line_starts_.size() || last < first) return {};
    const auto at = [&](std::uint32_t offset) {
        return static_cast<std::size_t>(std::lower_bound(offsets_.begin(), offsets_.end(), offset) - offsets_.begin());
    };
    TextRange out{at(line_starts_[first - 1]), last < line_starts_.size() ? at(line_starts_[last]) : plain_.size()};
    while (out.begin < out.end && plain_[out.begin] == ' ') ++out.begin;
    while (out.begin < out.end && plain_[out.end - 1] == ' ') --out.end;
    return out;
}

ExcerptSearch find_excerpt(std::string_view text, std::string_view first_words, std::string_view last_words) {
    const Finder first{first_words}, last{last_words};
    ExcerptSearch out;
    std::size_t end = 0;  // of the nearest last words, good for every excerpt that they don't end too early for
    for (std::size_t from = 0; out.found.size() < 2;) {
        const std::size_t begin = first.find(text, from);
        if (begin == std::string_view::npos) return out;
        out.has_first_words = true;
        const std::size_t least = begin + std::max(first_words.size(), last_words.size());
        if (end < least) {
            const std::size_t at = last.find(text, least - last_words.size());
            if (at == std::string_view::npos) return out;  // nor behind any later place
            end = at + last_words.size();
        }
        out.found.push_back({begin, end});
        from = begin + 1;
    }
    return out;
}

}  // namespace keywright::base
