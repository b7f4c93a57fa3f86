#include "engine/drift.h"

#include "base/digest.h"
#include "base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace keywright::engine {

namespace {

using base::TextRange;

[[nodiscard]] SourceLines lines_of(const base::PlainText& text, TextRange range) {
    return {text.line(range.begin), text.line(range.end - 1)};
}

[[nodiscard]] std::string words(SourceLines lines) {
    return lines.first == lines.last ? fmt::format("line {}", lines.first)
                                     : fmt::format("lines {} to {}", lines.first, lines.last);
}

// From the first word of a part to its last; nothing where it has none. A word is two letters in a row: the letter or
// number of a list stands between excerpts wherever there is a list.
[[nodiscard]] TextRange words_in(std::string_view text, TextRange part) {
    const auto is_letter = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80;
    };
    TextRange out;
    for (std::size_t i = part.begin; i + 1 < part.end; ++i) {
        if (!is_letter(text[i]) || !is_letter(text[i + 1])) continue;
        if (out.empty()) out.begin = i;
        out.end = i + 2;
    }
    return out;
}

// What lies between the excerpts; parts on the same line or on neighbouring ones are told together.
[[nodiscard]] std::vector<SourceLines> outside(const base::PlainText& text, std::vector<TextRange> inside) {
    std::ranges::sort(inside, {}, &TextRange::begin);
    inside.push_back({text.text().size(), text.text().size()});
    std::vector<SourceLines> out;
    std::size_t at = 0;
    for (const TextRange& range : inside) {
        const TextRange gap = words_in(text.text(), {at, std::max(at, range.begin)});
        at = std::max(at, range.end);
        if (gap.empty()) continue;
        const SourceLines lines = lines_of(text, gap);
        if (!out.empty() && lines.first <= out.back().last + 1)
            out.back().last = lines.last;
        else
            out.push_back(lines);
    }
    return out;
}

// `unchanged`: the whole text is, to the byte, the one that the document's digest was taken of.
void compare(const ir::Clause& clause, const Located& located, const base::PlainText& text, bool unchanged,
             TracedClause& out) {
    const auto is = [&](Drift drift, std::string reason = {}) {
        out.drift = drift;
        out.drift_reason = std::move(reason);
    };
    for (const TextRange& range : located.found) out.found.push_back(lines_of(text, range));
    if (!located.has_place)
        return unchanged ? is(Drift::kSame) : is(Drift::kUnknown, "the pack doesn't say where it stands in the source");
    if (!located.reason.empty()) {
        // Blank words are the pack's mistake, from which nothing follows for the source.
        const bool blank = located.found.empty() && clause.first_line == 0 &&
                           (base::is_blank(clause.first_words) || base::is_blank(clause.last_words));
        if (blank) return unchanged ? is(Drift::kSame) : is(Drift::kUnknown, located.reason);
        return is(located.found.empty() ? Drift::kGone : Drift::kAmbiguous, located.reason);
    }
    if (!is_digest(clause.digest)) {
        if (unchanged) return is(Drift::kSame);
        return is(Drift::kUnknown,
                  clause.digest.empty() ? "its excerpt has no digest" : "the digest of its excerpt is no SHA-256");
    }
    if (base::sha256(text.text(located.found.front())) == clause.digest) return is(Drift::kSame);
    is(Drift::kChanged, fmt::format("its excerpt in {} has changed", words(out.found.front())));
}

}  // namespace

UsableSources usable_sources(const ir::Module& module, const std::vector<SourceText>& sources, const Limits& limits) {
    UsableSources out;
    std::set<std::string> seen;
    for (const SourceText& source : sources) {
        const auto problem = [&](std::string message, std::string help = {}) {
            out.problems.push_back({source.document, std::move(message), std::move(help)});
        };
        const auto document = std::ranges::find(module.documents, source.document, &ir::Document::name);
        if (document == module.documents.end()) {
            std::vector<std::string> names;
            for (const ir::Document& one : module.documents) names.push_back(one.name);
            const std::string near = base::closest(source.document, names);
            problem(fmt::format("there is no document `{}`", base::printable(source.document)),
                    names.empty()  ? "the rules name no document"
                    : near.empty() ? fmt::format("there is `{}`", fmt::join(names, "`, `"))
                                   : fmt::format("did you mean `{}`?", near));
        } else if (!seen.insert(source.document).second) {
            problem(fmt::format("two texts are given for `{}`", source.document));
        } else if (source.text.size() > limits.source_bytes || source.text.size() > UINT32_MAX) {
            problem(fmt::format("the text of `{}` is larger than {} bytes", source.document, limits.source_bytes),
                    "the limit is `source_bytes`");
        } else if (const auto bad = base::find_invalid_utf8(source.text)) {
            problem(fmt::format("the text of `{}` is not UTF-8, from byte {} on", source.document, *bad),
                    "save it as plain text in UTF-8");
        } else {
            const auto index = static_cast<std::size_t>(document - module.documents.begin());
            out.sources.push_back({ir::DocumentId{index}, source.text});
        }
    }
    return out;
}

Located locate(const ir::Clause& clause, const base::PlainText& text) {
    Located out;
    if (clause.first_line > 0) {
        out.has_place = true;
        if (clause.last_line > text.line_count()) {
            out.reason = fmt::format("the source ends with line {}", text.line_count());
            return out;
        }
        const TextRange range = text.lines(clause.first_line, clause.last_line);
        if (range.empty())
            out.reason = "nothing stands in these lines";
        else
            out.found.push_back(range);
        return out;
    }
    if (clause.first_words.empty() && clause.last_words.empty()) return out;
    out.has_place = true;
    const std::string first = base::without_layout(clause.first_words);
    const std::string last = base::without_layout(clause.last_words);
    if (first.empty() || last.empty()) {
        out.reason = "the words that tell where it stands are blank";
        return out;
    }
    base::ExcerptSearch search = base::find_excerpt(text.text(), first, last);
    out.found = std::move(search.found);
    if (out.found.empty()) {
        out.reason = search.has_first_words ? "its last words don't stand behind the first ones any more"
                                            : "its first words don't stand in the source any more";
    } else if (out.found.size() > 1) {
        out.reason = fmt::format("its excerpt is found more than once, from line {} and from line {}",
                                 text.line(out.found[0].begin), text.line(out.found[1].begin));
    }
    return out;
}

bool is_digest(std::string_view text) {
    constexpr std::string_view kPrefix = "sha256:";
    if (!text.starts_with(kPrefix) || text.size() != kPrefix.size() + 64) return false;
    return text.substr(kPrefix.size()).find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

void compare(const ir::Document& document, std::string_view text, TracedDocument& out) {
    out.actual_digest = base::sha256(text);
    out.drift = !is_digest(document.digest)            ? Drift::kUnknown
                : document.digest == out.actual_digest ? Drift::kSame
                                                       : Drift::kChanged;
    const base::PlainText plain{text};
    std::vector<TextRange> inside;
    for (std::size_t i = 0; i < document.clauses.size(); ++i) {
        const ir::Clause& clause = document.clauses[i];
        const Located located = locate(clause, plain);
        compare(clause, located, plain, out.drift == Drift::kSame, out.clauses[i]);
        if (located.found.size() == 1) inside.push_back(located.found.front());
    }
    out.outside = outside(plain, std::move(inside));
}

}  // namespace keywright::engine
