// KW7027: text in comments that would be part of the pack were it not for the slashes: a rule that somebody switched
// off is a control that nobody misses.
//
// The lines of a run of comments, each on a line of its own and without its slashes, are read by the parser itself,
// once as items of a file and once as clauses of a rule; what it reads whole, from the beginning of a line to the end
// of one, is reported. Words alone may be a sentence: a clause without a string, a brace or a sign of comparison counts
// only inside a rule, where each of its names is one of the pack's, and where it has a form that no sentence has
// (`withdrawal in permissions`; not `when the name is absent`). Doc comments are for examples and are left alone.
#include "base/text.h"
#include "keywright/limits.h"
#include "lint/checks.h"
#include "syntax/parse.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace keywright::lint {

using syntax::Cursor;
using syntax::Kind;

namespace {

// One line of a comment.
struct Line {
    std::uint32_t begin = 0, end = 0;  // in the file, with its slashes
    std::string_view text;             // without them and the blank behind them
};
using Run = std::vector<Line>;

bool has(const Cursor& cursor, auto&& is_it) {
    const std::vector<syntax::Element>& all = cursor.tree().elements();
    for (std::size_t i = cursor.index(); i < cursor.index() + all[cursor.index()].size; ++i) {
        if (is_it(Cursor{cursor.tree(), i})) return true;
    }
    return false;
}

class CommentedOut {
public:
    CommentedOut(const Subject& subject, Findings& findings) : findings_(findings) {
        const ir::Module& module = subject.module;
        for (const ir::Field& field : module.schema.fields) names_.insert(field.member);
        for (const ir::Param& param : module.params) names_.insert(param.name);
        for (const ir::Define& define : module.defines) names_.insert(define.name);
        for (const ir::Document& document : module.documents) names_.insert(document.name);
        for (const ir::Enumeration& enumeration : module.enums) {
            names_.insert(enumeration.values.begin(), enumeration.values.end());
        }
    }

    void look_at(const syntax::Tree& tree) {
        rules_.clear();
        for (const Cursor item : Cursor{tree, 0}) {
            if (item.kind() == Kind::kRule) rules_.push_back(item);
        }
        for (const Run& run : runs_of(tree)) look_at(tree, run);
    }

private:
    static std::vector<Run> runs_of(const syntax::Tree& tree) {
        std::vector<Run> out;
        const std::string_view text = tree.text();
        bool goes_on = false;  // the last comment's line is followed by this one
        std::uint32_t last_end = 0;
        for (const syntax::Element& e : tree.elements()) {
            if (e.kind != Kind::kComment) continue;
            std::size_t begin = e.begin;
            while (begin > 0 && (text[begin - 1] == ' ' || text[begin - 1] == '\t')) --begin;
            if (begin > 0 && text[begin - 1] != '\n') continue;  // behind something on its line
            goes_on = !out.empty() && begin > 0 && begin - 1 == last_end;
            last_end = e.end;
            if (!goes_on) out.emplace_back();
            std::string_view line = text.substr(e.begin + 2, e.end - e.begin - 2);
            if (line.starts_with(' ')) line.remove_prefix(1);
            if (line.ends_with('\r')) line.remove_suffix(1);
            out.back().push_back({e.begin, e.end, line});
        }
        return out;
    }

    [[nodiscard]] Cursor rule_around(std::uint32_t offset) const {
        const auto behind = std::upper_bound(rules_.begin(), rules_.end(), offset,
                                             [](std::uint32_t at, Cursor rule) { return at < rule.span().begin; });
        if (behind == rules_.begin()) return {};
        const Cursor rule = *(behind - 1);
        return offset < rule.span().end ? rule : Cursor{};
    }

    // A line that begins with no word of an item or clause begins neither; most comments have none that does.
    static bool may_begin(const Line& line) {
        static constexpr std::string_view kWords[] = {
            "pack",    "import", "extend",  "document", "schema", "param",          "define",   "rule", "sample",
            "test",    "prove",  "adapter", "waiver",   "allow",  "cites",          "severity", "when", "unless",
            "require", "forbid", "expire",  "message",  "help",   "interpretation", "accept"};
        std::string_view text = line.text;
        text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
        return std::any_of(std::begin(kWords), std::end(kWords),
                           [&](std::string_view word) { return text.starts_with(word); });
    }

    void look_at(const syntax::Tree& tree, const Run& run) {
        if (std::none_of(run.begin(), run.end(), may_begin)) return;
        std::vector<bool> told(run.size());
        read(tree, run, told, "edition 1\n", "", false);
        read(tree, run, told, "edition 1\nrule r {\n", "}\n", true);
    }

    void read(const syntax::Tree& tree, const Run& run, std::vector<bool>& told, std::string_view before,
              std::string_view after, bool clauses) {
        std::string text{before};
        std::vector<std::size_t> starts;  // of the lines in `text`
        for (const Line& line : run) {
            starts.push_back(text.size());
            text += line.text;
            text += '\n';
        }
        const std::size_t end = text.size();
        text += after;
        Limits limits;
        limits.rule_file_bytes = SIZE_MAX;
        base::SourceSet sources;
        const base::FileId id = sources.add("", std::move(text));
        diag::Sink sink{1};
        const syntax::Tree read = syntax::parse(sources, id, limits, sink);
        const std::string_view all = read.text();
        const Cursor file{read, 0};
        const Cursor within = clauses ? file.child(Kind::kRule) : file;
        if (!within) return;
        for (const Cursor found : within) {
            const base::Span span = found.span();
            if (span.begin < before.size() || span.end > end || is_token(found.kind()) ||
                found.kind() == Kind::kError || found.kind() == Kind::kEdition || found.cut_short()) {
                continue;
            }
            const auto line_of = [&](std::size_t at) {
                return static_cast<std::size_t>(std::upper_bound(starts.begin(), starts.end(), at) - starts.begin()) -
                       1;
            };
            const std::size_t first = line_of(span.begin), last = line_of(span.end - 1);
            if (told[first] || !is_whole(all, starts, first, span) ||
                has(found, [](Cursor c) { return c.kind() == Kind::kError; })) {
                continue;
            }
            const Cursor rule = rule_around(run[first].begin);
            if (clauses && !is_code(found, rule.valid())) continue;
            for (std::size_t i = first; i <= last; ++i) told[i] = true;
            tell({tree.file(), run[first].begin, run[last].end}, found, rule);
        }
    }
    // From the beginning of its first line to the end of its last, but for blanks and a comment.
    static bool is_whole(std::string_view text, const std::vector<std::size_t>& starts, std::size_t first,
                         base::Span span) {
        if (text.substr(starts[first], span.begin - starts[first]).find_first_not_of(" \t") != std::string_view::npos) {
            return false;
        }
        std::string_view rest = text.substr(span.end);
        rest = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
        return rest.empty() || rest.starts_with("//");
    }
    [[nodiscard]] bool is_code(Cursor clause, bool in_rule) const {
        const bool plain = has(clause, [](Cursor c) {
            if (c.kind() == Kind::kText || c.kind() == Kind::kTemplate) return true;
            return c.kind() == Kind::kPunctuation && c.text() != "-" && c.text() != "." && c.text() != ",";
        });
        if (plain) return true;
        if (!in_rule) return false;
        const bool strange =
            has(clause, [&](Cursor c) { return c.kind() == Kind::kName && !names_.contains(c.text()); });
        if (strange) return false;
        switch (clause.kind()) {
            case Kind::kSeverity:
            case Kind::kCites:
            case Kind::kExpire: return true;
            default: return has(clause, [](Cursor c) { return c.kind() == Kind::kRelation && !c.has_word("is"); });
        }
    }
    void tell(base::Span span, Cursor found, Cursor rule) {
        const Cursor name = found.child(Kind::kName);
        std::string_view about = rule ? rule.token(Kind::kName) : std::string_view{};
        if (found.kind() == Kind::kRule && name) about = name.text();
        std::string_view word = found.text();
        word = word.substr(0, word.find_first_of(" \t\r\n{\""));
        findings_
            .report(diag::Code::kCommentedOut, {about.empty() ? "file" : "rule", std::string{about}}, span,
                    name ? fmt::format("`{} {}` is commented out", word, base::printable(name.text()))
                         : fmt::format("`{}` with what follows it is commented out", word),
                    "the parser reads it as part of a pack")
            .help("take the slashes away, or remove it: version control keeps what was");
    }

    Findings& findings_;
    std::set<std::string, std::less<>> names_;  // that conditions use
    std::vector<Cursor> rules_;                 // of the file that is looked at
};

}  // namespace

void commented_out(const Subject& subject, Findings& findings) {
    CommentedOut check{subject, findings};
    for (const syntax::Tree& tree : subject.trees()) {
        if (subject.owns(tree.file())) check.look_at(tree);
    }
}

}  // namespace keywright::lint
