// KW7006: a message from which its reader can't tell what of the record it is about.
//
// A message is held to name a field if it interpolates one, or if one of its words is a word of a field that the rule
// reads, of a value of it, or of a define that the rule uses. Words are compared loosely (`withdraw` and `withdrawal`,
// `restricted` and `restriction`), and addresses and times have the words that people have for them.
#include "lint/checks.h"
#include "lint/reads.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <string_view>

namespace keywright::lint {

namespace {

using Words = std::set<std::string>;

void add_words(Words& words, std::string_view text) {
    // Words of every other sentence, which tell nothing apart.
    static constexpr std::array<std::string_view, 22> kCommon{"a",  "an",  "and", "are", "at", "be", "by",  "can",
                                                              "do", "for", "has", "in",  "is", "it", "key", "may",
                                                              "no", "not", "of",  "on",  "or", "to"};
    std::string word;
    const auto keep = [&] {
        if (std::find(kCommon.begin(), kCommon.end(), word) == kCommon.end() && word.size() > 1) words.insert(word);
        word.clear();
    };
    for (const char c : text) {
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80) {
            word += c;
        } else if (c >= 'A' && c <= 'Z') {
            word += static_cast<char>(c - 'A' + 'a');
        } else {
            keep();
        }
    }
    keep();
}

// Whether a reader takes them for forms of one word.
bool is_akin(const std::string& a, const std::string& b) {
    const auto common = static_cast<std::size_t>(
        std::mismatch(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(std::min(a.size(), b.size())), b.begin())
            .first -
        a.begin());
    if (common == a.size() && common == b.size()) return true;
    constexpr std::size_t kStem = 4, kEnding = 3;
    return common >= kStem && common + kEnding >= std::min(a.size(), b.size());
}

void add_words(Words& words, const ir::Module& module, const ir::Field& field) {
    add_words(words, field.name);
    const ir::Kind kind = field.type.kind == ir::Kind::kSet ? field.type.element : field.type.kind;
    if (kind == ir::Kind::kEnum) {
        for (const std::string& value : module.enums[field.type.enumeration.index()].values) add_words(words, value);
    }
    if (kind == ir::Kind::kNetwork) add_words(words, "ip address network");
    if (kind == ir::Kind::kInstant || kind == ir::Kind::kDuration)
        add_words(words, "age old older date day days hours time expired expires inactivity idle unused");
}

bool is_clear(const ir::Module& module, const ir::Rule& rule, const Reads& reads) {
    Words said;
    for (const ir::TemplatePiece& piece : rule.message) {
        if (!piece.node.valid()) {
            add_words(said, piece.text);
        } else if (module.node(piece.node).op == ir::Op::kDeadline || !reads_of(module, {piece.node}).fields.empty()) {
            return true;
        }
    }
    Words known;
    for (const ir::FieldId field : reads.fields) add_words(known, module, module.schema.fields[field.index()]);
    for (const ir::DefineId define : reads.defines) add_words(known, module.defines[define.index()].name);
    return std::any_of(said.begin(), said.end(), [&](const std::string& word) {
        return std::any_of(known.begin(), known.end(), [&](const std::string& other) { return is_akin(word, other); });
    });
}

}  // namespace

void vague_message(const Subject& subject, Findings& findings) {
    const ir::Module& module = subject.module;
    for (const ir::Rule& rule : module.rules) {
        const Reads reads = reads_of(module, rule);
        if (reads.fields.empty() || is_clear(module, rule, reads)) continue;
        std::string fields;
        for (const ir::FieldId field : reads.fields) {
            fields += fmt::format("{}`{}`", fields.empty() ? "" : ", ", module.schema.fields[field.index()].name);
        }
        findings
            .report(diag::Code::kVagueMessage, {"rule", rule.name}, rule.span,
                    fmt::format("the message of `{}` names nothing that the rule reads", rule.name),
                    "its reader can't tell what is meant")
            .help(fmt::format("name what the rule looked at ({}), or show it: `{{FIELD}}`", fields));
    }
}

}  // namespace keywright::lint
