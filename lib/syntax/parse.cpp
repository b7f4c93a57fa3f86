#include "syntax/parse.h"

#include "base/text.h"
#include "syntax/grammar.h"

#include <fmt/format.h>
#include <tao/pegtl/contrib/analyze.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace keywright::syntax {

namespace p = tao::pegtl;

namespace {

constexpr auto kReserved = std::to_array<std::string_view>(
    {"and",    "or",     "not",   "implies", "within", "with",    "in",      "has",    "is",
     "else",   "any",    "every", "no",      "true",   "false",   "match",   "covers", "overlaps",
     "like",   "starts", "ends",  "when",    "unless", "require", "forbid",  "cites",  "severity",
     "expire", "warn",   "after", "before",  "of",     "absent",  "unknown", "present"});

// The words at which a clause begins, wherever one may stand.
constexpr auto kClauseWords = std::to_array<std::string_view>(
    {"cites",  "severity", "when",   "unless", "require", "forbid",    "expire", "message", "help", "interpretation",
     "clause", "title",    "dated",  "digest", "url",     "version",   "assume", "given",   "at",   "expect",
     "set",    "records",  "beside", "ignore", "subject", "canonical", "accept", "table",   "for",  "waives",
     "owner",  "reason",   "ticket", "until"});
constexpr auto kItemWords =
    std::to_array<std::string_view>({"pack", "import", "extend", "document", "schema", "param", "define", "rule",
                                     "sample", "test", "prove", "adapter", "waiver", "allow"});

constexpr std::string_view kRawQuotes = "\"\"\"";

bool is_word_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

std::string_view word_at(const char* at, const char* end) {
    const char* stop = at;
    while (stop < end && is_word_char(*stop)) ++stop;
    return {at, static_cast<std::size_t>(stop - at)};
}

// What is written at a place, for "found …": a word, a number, or one character.
std::string_view token_at(const char* at, const char* end) {
    if (at >= end) return {};
    if (const auto word = word_at(at, end); !word.empty()) return word;
    static constexpr auto kPairs =
        std::to_array<std::string_view>({"&&", "||", "==", "!=", "<=", ">=", "->", "=>", ".."});
    const std::string_view rest{at, static_cast<std::size_t>(end - at)};
    for (const auto pair : kPairs) {
        if (rest.starts_with(pair)) return rest.substr(0, 2);
    }
    std::size_t size = 0;
    static_cast<void>(base::next_scalar(rest, size));
    return rest.substr(0, size);
}

}  // namespace

struct ParserState {
    ParserState(std::string_view text, base::FileId file_id, std::size_t max_depth, diag::Sink& diagnostics)
        : begin(text.data()),
          end(text.data() + text.size()),
          file(file_id),
          depth_limit(max_depth),
          sink(&diagnostics) {}

    const char* begin;
    const char* end;
    base::FileId file;
    std::size_t depth_limit;
    diag::Sink* sink;

    struct Draft : Element {
        bool transparent = false;  // dropped when the tree is finished
    };
    std::vector<Draft> elements;
    std::size_t depth = 0;
    std::size_t invocations = 0;

    // After a failure nothing matches any more until a recovering rule takes over.
    bool failed = false;
    diag::Code code = diag::Code::kSyntax;
    const char* error_at = nullptr;
    std::string_view expected;

    [[nodiscard]] std::uint32_t offset(const char* at) const { return static_cast<std::uint32_t>(at - begin); }

    void fail(diag::Code why, const char* at, std::string_view what) {
        failed = true;
        code = why;
        error_at = at;
        expected = what;
    }

    void truncate(std::size_t size) {
        if (elements.size() > size)
            elements.erase(elements.begin() + static_cast<std::ptrdiff_t>(size), elements.end());
    }
    void add(Kind kind, const char* from, const char* to) { elements.push_back({{kind, 1, offset(from), offset(to)}}); }
    // Closes the node opened at `mark`.
    void close(std::size_t mark, bool collapses) {
        elements[mark].size = static_cast<std::uint32_t>(elements.size() - mark);
        if (!collapses) return;
        std::size_t children = 0;
        for (std::size_t i = mark + 1; i < elements.size() && children < 2; i += elements[i].size) {
            if (!is_trivia(elements[i].kind)) ++children;
        }
        if (children < 2) elements[mark].transparent = true;
    }

    void report();
};

void ParserState::report() {
    const std::string_view found = token_at(error_at, end);
    const base::Span span{
        file, offset(error_at),
        offset(error_at) + static_cast<std::uint32_t>(std::max<std::size_t>(found.size(), error_at < end ? 1 : 0))};
    if (code == diag::Code::kTooDeep) {
        sink->report(code, span, fmt::format("nesting is deeper than {}", depth_limit), "too deep here")
            .help("give parts a name with `define`; the limit is `rule_depth`");
        return;
    }
    if (!found.empty()) {
        std::size_t size = 0;
        const char32_t scalar = base::next_scalar(found, size);
        if (const char letter = base::look_alike_of(scalar); scalar > 0x7f && letter != 0) {
            sink->report(diag::Code::kLookAlike, span,
                         fmt::format("`{}` is not the letter `{}`, it only looks like it", found, letter), "not ASCII")
                .help(fmt::format("write the ASCII letter `{}`", letter))
                .fix(span, std::string(1, letter));
            return;
        }
    }
    auto diagnostic = sink->report(
        code, span,
        error_at >= end ? fmt::format("expected {}, found the end of the file", expected)
                        : fmt::format("expected {}, found `{}`", expected,
                                      found == "\n" || found == "\r" ? "line break" : base::printable(found)),
        "unexpected here");
    // What people write out of habit from other languages.
    static constexpr auto kHabits = std::to_array<std::pair<std::string_view, std::string_view>>({
        {"=", "equality is written `==`"},
        {"&&", "write `and`"},
        {"||", "write `or`"},
        {"!", "write `not`"},
        {";", "nothing stands between clauses; remove `;`"},
        {"'", "strings stand in double quotes"},
        {"if", "conditions are written `when`, `unless`, or `A implies B`"},
        {"null", "test with `is absent` or give a value with `else`"},
        {"[", "sets are written `{a, b}`"},
        {"=>", "write `implies`"},
        {"#", "comments begin with `//`"},
    });
    for (const auto& [text, help] : kHabits) {
        if (found == text) {
            diagnostic.help(std::string{help});
            return;
        }
    }
    if (expected == "a name" && std::find(kReserved.begin(), kReserved.end(), found) != kReserved.end()) {
        diagnostic.help(fmt::format("`{}` is a word of the language; choose another name", found));
        return;
    }
    // The words that would have been right stand in back-ticks in the expectation.
    std::vector<std::string> candidates;
    for (std::size_t at = expected.find('`'); at != std::string_view::npos;) {
        const std::size_t close = expected.find('`', at + 1);
        if (close == std::string_view::npos) break;
        candidates.emplace_back(expected.substr(at + 1, close - at - 1));
        at = expected.find('`', close + 1);
    }
    if (found.size() > 2) {
        if (const std::string near = base::closest(found, candidates); !near.empty()) {
            diagnostic.help(fmt::format("did you mean `{}`?", near)).fix(span, near);
        }
    }
}

namespace grammar {

// Looking ahead adds nothing to the tree.
template <class Rule>
constexpr bool looks_ahead = false;
template <class... R>
constexpr bool looks_ahead<p::internal::at<R...>> = true;

template <class Rule>
struct control : p::normal<Rule> {
    template <p::apply_mode A, p::rewind_mode M, template <typename...> class Action,
              template <typename...> class Control, typename Input>
    [[nodiscard]] static bool match(Input& in, ParserState& state) {
        if (state.failed) return false;  // the hard cut: text after a mistake is not for the alternatives
        ++state.invocations;
        const std::size_t mark = state.elements.size();
        const char* begin = in.current();
        if constexpr (requires { Rule::node; }) state.add(Rule::node, begin, begin);
        const bool matched = p::normal<Rule>::template match<A, M, Action, Control>(in, state);
        // `opt` and `star` are content with nothing, also where a mistake stands behind their first tokens.
        if (!matched || state.failed) {
            state.truncate(mark);  // nothing of a failed alternative stays
            return false;
        }
        if constexpr (looks_ahead<typename Rule::rule_t>) state.truncate(mark);
        if constexpr (requires { Rule::token; }) state.add(Rule::token, begin, in.current());
        if constexpr (requires { Rule::node; }) state.close(mark, requires { Rule::collapses; });
        return true;
    }
};

template <class R>
struct need {
    using rule_t = need;
    using subs_t = p::type_list<R>;
    template <p::apply_mode A, p::rewind_mode M, template <typename...> class Action,
              template <typename...> class Control, typename Input>
    [[nodiscard]] static bool match(Input& in, ParserState& state) {
        const char* at = in.current();
        if (Control<R>::template match<A, M, Action, Control>(in, state)) return true;
        if (!state.failed) state.fail(diag::Code::kSyntax, at, R::what);
        return false;
    }
};

template <class R>
struct nested {
    using rule_t = nested;
    using subs_t = p::type_list<R>;
    template <p::apply_mode A, p::rewind_mode M, template <typename...> class Action,
              template <typename...> class Control, typename Input>
    [[nodiscard]] static bool match(Input& in, ParserState& state) {
        if (state.depth >= state.depth_limit) {
            state.fail(diag::Code::kTooDeep, in.current(), {});
            return false;
        }
        ++state.depth;
        const bool matched = Control<R>::template match<A, M, Action, Control>(in, state);
        --state.depth;
        return matched;
    }
};

struct line_begin {
    using rule_t = line_begin;
    using subs_t = p::empty_list;
    template <p::apply_mode, p::rewind_mode, template <typename...> class, template <typename...> class, typename Input>
    [[nodiscard]] static bool match(Input& in, ParserState& state) {
        return in.current() == state.begin || in.current()[-1] == '\n';
    }
};

// Where parsing may go on inside braces: at a line that begins like an entry there. Between items there is nothing of
// the kind.
struct clause_sync {
    static constexpr bool clauses = true;
    static bool begins_entry(const char* at, const char* end) {
        return std::find(kClauseWords.begin(), kClauseWords.end(), word_at(at, end)) != kClauseWords.end();
    }
};
// `name:` begins a field, `name.name from` and `name =` the source of one.
struct entry_sync {
    static constexpr bool clauses = true;
    static bool begins_entry(const char* at, const char* end) {
        const char* behind = at;
        while (behind < end && (is_word_char(*behind) || *behind == '.')) ++behind;
        const bool name = behind != at;
        while (behind < end && (*behind == ' ' || *behind == '\t')) ++behind;
        const bool sign =
            behind < end && (*behind == ':' || (*behind == '=' && (behind + 1 == end || behind[1] != '=')));
        return (name && (sign || word_at(behind, end) == "from")) || clause_sync::begins_entry(at, end);
    }
};
// A bar begins a row.
struct row_sync {
    static constexpr bool clauses = true;
    static bool begins_entry(const char* at, const char* end) {
        return *at == '|' || clause_sync::begins_entry(at, end);
    }
};
struct item_sync {
    static constexpr bool clauses = false;
    static bool begins_entry(const char*, const char*) { return false; }
};

// Where parsing goes on after a mistake at `error` in a piece that begins at `start`: at a line that begins an entry,
// or a brace that closes what surrounds the piece, or an item at the very left. Strings and comments are passed over
// whole.
template <class Sync>
const char* resume_at(const char* start, const char* error, const char* end) {
    constexpr bool in_braces = Sync::clauses;
    int depth = 0;
    bool line_start = false;
    bool left = false;  // at the very left of a line
    for (const char* at = start; at < end;) {
        const char c = *at;
        if (c == '\n') {
            line_start = left = true;
            ++at;
            continue;
        }
        if (is_space(c)) {
            left = false;
            ++at;
            continue;
        }
        if (at > start && at >= error && line_start) {
            const std::string_view word = word_at(at, end);
            const bool item = std::find(kItemWords.begin(), kItemWords.end(), word) != kItemWords.end();
            if (item && (left || (!in_braces && depth <= 0))) return at;
            if (depth == 0 && Sync::begins_entry(at, end)) return at;
        }
        line_start = left = false;
        if (const std::string_view rest{at, static_cast<std::size_t>(end - at)}; rest.starts_with(kRawQuotes)) {
            const std::size_t close = rest.find(kRawQuotes, kRawQuotes.size());
            at = close == std::string_view::npos ? end : at + close + kRawQuotes.size();
            continue;
        }
        if (c == '"') {
            for (++at; at < end && *at != '"' && *at != '\n'; ++at) {
                if (*at == '\\' && at + 1 < end && at[1] != '\n') ++at;
            }
            if (at < end && *at == '"') ++at;
            continue;
        }
        if (c == '/' && at + 1 < end && at[1] == '/') {
            while (at < end && *at != '\n') ++at;
            continue;
        }
        if (c == '{') ++depth;
        if (c == '}') {
            --depth;
            if (depth < 0 && in_braces) return at;
            if (!in_braces && depth <= 0 && at >= error) return at + 1;
        }
        ++at;
    }
    return end;
}

template <class R, class Sync>
struct recovering {
    using rule_t = recovering;
    using subs_t = p::type_list<R, trivia>;
    template <p::apply_mode A, p::rewind_mode, template <typename...> class Action,
              template <typename...> class Control, typename Input>
    [[nodiscard]] static bool match(Input& in, ParserState& state) {
        const std::size_t mark = state.elements.size();
        const std::size_t depth = state.depth;
        const char* start = in.current();
        {
            auto rewind = in.template mark<p::rewind_mode::required>();
            if (rewind(Control<R>::template match<A, p::rewind_mode::dontcare, Action, Control>(in, state)))
                return true;
        }
        if (!state.failed) return false;
        state.report();
        state.failed = false;
        state.depth = depth;
        state.truncate(mark);
        const char* stop = resume_at<Sync>(start, state.error_at, state.end);
        if (stop <= start) stop = start + 1;
        in.bump(static_cast<std::size_t>(stop - start));
        state.add(Kind::kError, start, stop);
        state.add(Kind::kJunk, start, stop);
        state.close(mark, false);
        return Control<trivia>::template match<A, p::rewind_mode::dontcare, Action, Control>(in, state);
    }
};

}  // namespace grammar

namespace {

// Drops transparent nodes and gives every node the span of its tokens.
std::vector<Element> finish(const ParserState& state) {
    const auto& in = state.elements;
    std::vector<std::uint32_t> dropped(in.size() + 1, 0);
    for (std::size_t i = 0; i < in.size(); ++i) dropped[i + 1] = dropped[i] + (state.elements[i].transparent ? 1U : 0U);
    // For each position: where the next token that counts begins, and where the last one before it ends.
    std::vector<std::uint32_t> next(in.size() + 1, static_cast<std::uint32_t>(state.end - state.begin));
    std::vector<std::uint32_t> previous(in.size() + 1, 0);
    const auto counts = [](const Element& e) { return is_token(e.kind) && !is_trivia(e.kind); };
    for (std::size_t i = in.size(); i-- > 0;) next[i] = counts(in[i]) ? in[i].begin : next[i + 1];
    for (std::size_t i = 0; i < in.size(); ++i) previous[i + 1] = counts(in[i]) ? in[i].end : previous[i];
    std::vector<Element> out;
    out.reserve(in.size() - dropped.back());
    for (std::size_t i = 0; i < in.size(); ++i) {
        if (state.elements[i].transparent) continue;
        Element e = in[i];
        if (!is_token(e.kind)) {
            const std::size_t stop = i + e.size;
            e.begin = next[i];
            e.end = std::max(e.begin, previous[stop]);
            e.size -= dropped[stop] - dropped[i];
        }
        out.push_back(e);
    }
    return out;
}

// Text that no rule file may hold, before any grammar sees it. Returns false where something was reported.
bool check_text(std::string_view text, base::FileId id, const Limits& limits, diag::Sink& sink) {
    const auto at = [id](std::size_t begin, std::size_t end) {
        return base::Span{id, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
    };
    if (text.size() > limits.rule_file_bytes) {
        sink.report(diag::Code::kFileTooLarge, at(0, 0),
                    fmt::format("the file has more than {} bytes", limits.rule_file_bytes))
            .help("split it and `import` the parts; the limit is `rule_file_bytes`");
        return false;
    }
    if (const auto bad = base::find_invalid_utf8(text)) {
        sink.report(diag::Code::kNotUtf8, at(*bad, *bad + 1), fmt::format("byte {} is not UTF-8", *bad), "here")
            .help("save the file as UTF-8");
        return false;
    }
    bool fine = true;
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t begin = i;
        if (text[i] >= ' ' && text[i] < '\x7f') {  // most of every file
            ++i;
            continue;
        }
        const char32_t scalar = base::next_scalar(text, i);
        if (!base::is_invisible(scalar)) continue;
        sink.report(diag::Code::kInvisibleCharacter, at(begin, i),
                    fmt::format("invisible character U+{:04X}", static_cast<std::uint32_t>(scalar)), "here")
            .help("remove it: what a reader sees must be what the rules say")
            .fix(at(begin, i), "");
        fine = false;
    }
    return fine;
}

void check_edition(const Tree& tree, std::string_view text, diag::Sink& sink) {
    const Cursor root{tree, 0};
    const Cursor edition = root.child(Kind::kEdition);
    if (!edition) {
        const auto begin = static_cast<std::uint32_t>(root.span().begin);
        const auto first = static_cast<std::uint32_t>(token_at(text.data() + begin, text.data() + text.size()).size());
        sink.report(diag::Code::kNoEdition, {tree.file(), begin, begin + first},
                    "the file does not begin with an edition", "before this")
            .help("write `edition 1` as the first line")
            .fix({tree.file(), 0, 0}, text.empty() ? "edition 1\n" : "edition 1\n\n");
        return;
    }
    const Cursor number = edition.child(Kind::kInteger);
    if (number.text() != "1") {
        sink.report(diag::Code::kUnknownEdition, number.span(), fmt::format("edition `{}` is not known", number.text()),
                    "this edition")
            .help("this version reads `edition 1`")
            .fix(number.span(), "1");
    }
}

}  // namespace

Tree parse(const base::SourceSet& sources, base::FileId id, const Limits& limits, diag::Sink& sink,
           ParseStatistics* statistics) {
    const std::string_view text = sources.file(id).text();
    ParserState state(text, id, limits.bounded().rule_depth, sink);
    const auto whole_as_junk = [&] {
        state.truncate(0);
        state.add(Kind::kFile, state.begin, state.end);
        state.add(Kind::kError, state.begin, state.end);
        if (!text.empty()) state.add(Kind::kJunk, state.begin, state.end);
        state.close(1, false);
        state.close(0, false);
    };
    if (!check_text(text, id, limits, sink)) {
        whole_as_junk();
        return {id, text, finish(state)};
    }
    p::memory_input<p::tracking_mode::lazy> in(text.data(), text.size(), "");
    const bool matched = p::parse<grammar::file, p::nothing, grammar::control>(in, state);
    if (statistics != nullptr) statistics->invocations = state.invocations;
    if (!matched) {  // only a mistake in the edition itself ends up here: everything behind it recovers
        if (state.failed) state.report();
        whole_as_junk();
        return {id, text, finish(state)};
    }
    Tree tree{id, text, finish(state)};
    check_edition(tree, text, sink);
    return tree;
}

std::span<const std::string_view> reserved_words() { return kReserved; }

}  // namespace keywright::syntax

// What PEGTL's analysis needs to know of our own rules.
namespace TAO_PEGTL_NAMESPACE {
template <typename Name, typename R>
struct analyze_traits<Name, keywright::syntax::grammar::need<R>> : analyze_traits<Name, typename seq<R>::rule_t> {};
template <typename Name, typename R>
struct analyze_traits<Name, keywright::syntax::grammar::nested<R>> : analyze_traits<Name, typename seq<R>::rule_t> {};
template <typename Name, typename R, typename S>
struct analyze_traits<Name, keywright::syntax::grammar::recovering<R, S>>
    : analyze_traits<Name, typename seq<R>::rule_t> {};
template <typename Name>
struct analyze_traits<Name, keywright::syntax::grammar::line_begin> : analyze_opt_traits<> {};
}  // namespace TAO_PEGTL_NAMESPACE

namespace keywright::syntax {

std::size_t count_grammar_problems() { return p::analyze<grammar::file>(0); }

}  // namespace keywright::syntax
