// KW7025: a number or a duration in a condition that should be a `param`: it is written there again and again, is the
// value of a parameter already, or is the term of an `expire`.
//
// Durations mean the same wherever they are equal. A whole number means the same where it is compared with the same
// thing, added to it or subtracted from it: the 5 of `length(name) >= 5` is no `most_keys`. Nothing, 0, 1 and -1 need
// no name.
#include "base/text.h"
#include "lint/checks.h"
#include "lint/structure.h"
#include "lint/written.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>

namespace keywright::lint {

using ir::NodeId;
using ir::Op;

namespace {

constexpr std::uint32_t kAnywhere = UINT32_MAX;

// A value and what it stands beside: what two literals that mean the same have in common.
struct Meaning {
    bool duration = false;
    std::string text;                  // the value in the language's words
    std::uint32_t beside = kAnywhere;  // the structure of the other operand
    friend auto operator<=>(const Meaning&, const Meaning&) = default;
};

struct Literal {
    std::string_view kind;
    const std::string* name;
    base::Span span;
    bool of_term = false;
};

class Numbers {
public:
    Numbers(const Subject& subject, Findings& findings)
        : subject_(subject), module_(subject.module), findings_(findings), structure_(structure_of(module_)) {}

    void run() {
        for_each_written(module_, [&](const Written& written) { look_at(written); });
        for (const ir::Param& param : module_.params) {
            // A value that somebody else has set is none that its author wrote twice.
            if (!(module_.constants[param.value.index()] == module_.constants[param.declared_value.index()])) continue;
            if (auto meaning = meaning_of(param.type, module_.constants[param.value.index()])) {
                by_value_[*meaning].push_back(&param);
            }
        }
        for (const auto& [meaning, literals] : literals_) tell(meaning, literals);
    }

private:
    [[nodiscard]] std::optional<Meaning> meaning_of(const ir::Type& type, const value::Value& value) const {
        if (const auto* number = std::get_if<std::int64_t>(&value)) {
            if (*number >= -1 && *number <= 1) return {};
            return Meaning{false, ir::to_string(module_, type, value), kAnywhere};
        }
        if (const auto* duration = std::get_if<Duration>(&value)) {
            if (*duration == Duration{}) return {};
            return Meaning{true, ir::to_string(module_, type, value), kAnywhere};
        }
        return {};
    }
    // What stands on the other side of a comparison, a sum or a difference.
    [[nodiscard]] std::optional<std::uint32_t> beside(const Written& written) const {
        if (!written.parent.valid()) return {};
        const ir::Node& parent = module_.node(written.parent);
        switch (parent.op) {
            case Op::kEqual:
            case Op::kNotEqual:
            case Op::kLess:
            case Op::kLessEqual:
            case Op::kGreater:
            case Op::kGreaterEqual:
            case Op::kAdd:
            case Op::kSubtract: return structure_[parent.a == written.node.value ? parent.b : parent.a];
            default: return {};
        }
    }
    void look_at(const Written& written) {
        const ir::Node& node = module_.node(written.node);
        if (node.op == Op::kParam) {
            if (const auto other = beside(written)) used_beside_.emplace(node.a, *other);
            return;
        }
        if (node.op != Op::kConst) return;
        // What other spellings stand for has a place too, but no number is written there.
        const std::string_view text = subject_.sources.text(node.span);
        if (text.empty() || (text.front() != '-' && (text.front() < '0' || text.front() > '9'))) return;
        auto meaning = meaning_of(module_.type(written.node), module_.constants[node.a]);
        if (!meaning) return;
        if (!meaning->duration) {
            const auto other = beside(written);
            if (!other) return;
            meaning->beside = *other;
        }
        std::vector<Literal>& all = literals_[*meaning];
        if (!seen_.emplace(node.span.file, node.span.begin).second) return;
        all.push_back({written.owner.kind, written.owner.name, node.span, written.of_term});
    }

    // The parameters that mean the same.
    [[nodiscard]] std::vector<const ir::Param*> params_of(const Meaning& meaning) const {
        const auto found = by_value_.find({meaning.duration, meaning.text, kAnywhere});
        if (found == by_value_.end()) return {};
        if (meaning.duration) return found->second;
        std::vector<const ir::Param*> out;
        for (const ir::Param* param : found->second) {
            const auto number = static_cast<std::uint32_t>(param - module_.params.data());
            if (used_beside_.contains({number, meaning.beside})) out.push_back(param);
        }
        return out;
    }
    void tell(const Meaning& meaning, const std::vector<Literal>& literals) {
        if (literals.empty()) return;
        const std::vector<const ir::Param*> params = params_of(meaning);
        if (!params.empty()) {
            for (const Literal& literal : literals) is_param(literal, params);
            return;
        }
        const Literal& first = literals.front();
        const std::string shown = base::printable(subject_.sources.text(first.span));
        if (literals.size() > 1) {
            auto finding = findings_.report(
                diag::Code::kMagicNumber, {first.kind, *first.name}, first.span,
                fmt::format("`{}` is written {} times with the same meaning", shown, literals.size()), "here");
            for (std::size_t i = 1; i < std::min<std::size_t>(literals.size(), 4); ++i) {
                finding.note(literals[i].span, "and here");
            }
            finding.help("make it a `param`, so that it is changed in one place and has a name");
        } else if (first.of_term) {
            findings_
                .report(diag::Code::kMagicNumber, {first.kind, *first.name}, first.span,
                        fmt::format("the term `{}` is written into `{}`", shown, *first.name), "here")
                .help("make it a `param`: a pack that extends this one can set it");
        }
    }
    void is_param(const Literal& literal, const std::vector<const ir::Param*>& params) {
        const ir::Param& param = *params.front();
        auto finding = findings_.report(diag::Code::kMagicNumber, {literal.kind, *literal.name}, literal.span,
                                        fmt::format("`{}` is the value of the parameter `{}`",
                                                    base::printable(subject_.sources.text(literal.span)), param.name),
                                        "here");
        finding.note(param.span, "declared here");
        if (params.size() > 1) {
            finding.note(params[1]->span, "and this one has the same value");
            finding.help("use the one that is meant");
            return;
        }
        finding.help("use the parameter: where it is set to something else, this changes with it");
        finding.fix(literal.span, param.name);
    }

    const Subject& subject_;
    const ir::Module& module_;
    Findings& findings_;
    const std::vector<std::uint32_t> structure_;
    std::map<Meaning, std::vector<Literal>> literals_;
    std::map<Meaning, std::vector<const ir::Param*>> by_value_;
    std::set<std::pair<std::uint32_t, std::uint32_t>> used_beside_;  // parameters, and what stands beside them
    std::set<std::pair<base::FileId, std::uint32_t>> seen_;
};

}  // namespace

void magic_number(const Subject& subject, Findings& findings) { Numbers{subject, findings}.run(); }

}  // namespace keywright::lint
