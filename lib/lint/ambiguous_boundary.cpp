// KW7020: comparisons of which a reader can't be sure what holds exactly at the boundary.
//
// Three of them: an ordering behind `not`; a span between two instants that is asked to be exact to the nanosecond; and
// two rules that compare the same two things, where what is equal belongs to the upper side by the one and to the lower
// side by the other.
#include "base/text.h"
#include "lint/checks.h"
#include "lint/structure.h"
#include "lint/written.h"

#include <fmt/format.h>

#include <map>
#include <optional>
#include <utility>

namespace keywright::lint {

using ir::NodeId;
using ir::Op;
using syntax::Cursor;
using syntax::Kind;

namespace {

// --- `not (a < b)` -------------------------------------------------------------------------------------------------

std::string_view negation_of(std::string_view ordering) {
    if (ordering == "<") return ">=";
    if (ordering == "<=") return ">";
    if (ordering == ">") return "<=";
    if (ordering == ">=") return "<";
    return {};
}

About owner_of(const Subject& subject, base::Span place) {
    const Cursor item = subject.item_at(place);
    if (!item) return {"file", {}};
    switch (item.kind()) {
        case Kind::kRule: return {"rule", std::string{item.child(Kind::kName).text()}};
        case Kind::kDefine: return {"define", std::string{item.child(Kind::kName).text()}};
        case Kind::kWaiver: return {"waiver", std::string{item.child(Kind::kName).text()}};
        case Kind::kTest: return {"test", {}};
        case Kind::kProve: return {"proof", {}};
        default: return {"file", {}};
    }
}

void negated_ordering(const Subject& subject, Findings& findings, Cursor negation) {
    std::size_t negations = 0;
    Cursor operand;
    for (const Cursor c : negation) {
        if (c.kind() == Kind::kWord) {
            ++negations;
        } else {
            operand = c;
        }
    }
    while (operand && operand.kind() == Kind::kParen) {
        Cursor inner;
        for (const Cursor c : operand) {
            if (c.kind() != Kind::kPunctuation) inner = c;
        }
        operand = inner;
    }
    if (!operand || operand.kind() != Kind::kRelation || negations != 1) return;
    Cursor sign;
    for (const Cursor c : operand) {
        if (c.kind() != Kind::kPunctuation) continue;
        if (sign) return;  // a chain: what its negation says isn't one comparison
        sign = c;
    }
    if (!sign) return;
    const std::string_view other = negation_of(sign.text());
    if (other.empty()) return;
    const base::Span span = negation.span();
    const std::string_view text = subject.sources.file(span.file).text();
    std::string plain{text.substr(operand.span().begin, sign.span().begin - operand.span().begin)};
    plain += other;
    plain += text.substr(sign.span().end, operand.span().end - sign.span().end);
    auto finding = findings.report(diag::Code::kAmbiguousBoundary, owner_of(subject, span), span,
                                   "an ordering is negated, and what is equal is easily overlooked",
                                   fmt::format("the same as `{}`", base::printable(plain)));
    finding.help("say it without `not`");
    // A comment inside would be lost or end up elsewhere.
    if (subject.sources.text(span).find("//") == std::string_view::npos) finding.fix(span, std::move(plain));
}

void negated_orderings(const Subject& subject, Findings& findings) {
    for (const syntax::Tree& tree : subject.trees()) {
        if (!subject.owns(tree.file())) continue;
        for (std::size_t i = 0; i < tree.elements().size(); ++i) {
            if (tree.elements()[i].kind == Kind::kNot) negated_ordering(subject, findings, {tree, i});
        }
    }
}

// --- `now - created_at == 30 days` -----------------------------------------------------------------------------------

class Boundaries {
public:
    Boundaries(const Subject& subject, Findings& findings)
        : subject_(subject), module_(subject.module), findings_(findings), structure_(structure_of(module_)) {}

    void run() {
        for_each_written(module_, [&](const Written& written) {
            const ir::Node& node = module_.node(written.node);
            switch (node.op) {
                case Op::kEqual:
                case Op::kNotEqual: exact_span(written, node); break;
                case Op::kLess:
                case Op::kLessEqual:
                case Op::kGreater:
                case Op::kGreaterEqual: note(written, node); break;
                default: break;
            }
        });
        for (const auto& [operands, uses] : uses_) disagreement(uses);
    }

private:
    // The time between two instants.
    [[nodiscard]] bool is_span(NodeId id) const {
        const ir::Node* node = &module_.node(id);
        while (node->op == Op::kDefine) node = &module_.nodes[node->a];
        return node->op == Op::kSubtract && module_.type(NodeId{node->a}).kind == ir::Kind::kInstant &&
               module_.type(NodeId{node->b}).kind == ir::Kind::kInstant;
    }
    void exact_span(const Written& written, const ir::Node& node) {
        if (!is_span(NodeId{node.a}) && !is_span(NodeId{node.b})) return;
        findings_
            .report(diag::Code::kAmbiguousBoundary, {written.owner.kind, *written.owner.name}, node.span,
                    fmt::format("the time between two instants is compared by `{}`", ir::word(node.op)),
                    "exact to the nanosecond")
            .help("say on which side of the boundary it lies: `<`, `<=`, `>` or `>=`");
    }

    // --- the same two things, compared in two ways -------------------------------------------------------------------
    struct Use {
        const std::string* name;
        std::string_view kind;
        base::Span owner;
        base::Span first;      // where it is compared first
        bool above = false;    // what is equal belongs to the upper side: `<`, `>=`
        bool of_both = false;  // its author tells all three cases apart
    };

    // Whole numbers are countable, and both "at least one" and "more than one" are meant as they stand.
    [[nodiscard]] bool is_small(NodeId id) const {
        const ir::Node* node = &module_.node(id);
        while (node->op == Op::kDefine) node = &module_.nodes[node->a];
        if (node->op != Op::kConst) return false;
        const auto* number = std::get_if<std::int64_t>(&module_.constants[node->a]);
        return number != nullptr && *number >= -1 && *number <= 1;
    }
    void note(const Written& written, const ir::Node& node) {
        if (is_small(NodeId{node.a}) || is_small(NodeId{node.b})) return;
        std::uint32_t lesser = structure_[node.a], greater = structure_[node.b];
        bool above = node.op == Op::kLess || node.op == Op::kGreaterEqual;
        if (lesser > greater) {  // `a < b` is `b > a`: the sides change places
            std::swap(lesser, greater);
            above = !above;
        }
        std::vector<Use>& uses = uses_[{lesser, greater}];
        if (!uses.empty() && uses.back().owner == written.owner.span) {  // owners come one after another
            uses.back().of_both = uses.back().of_both || uses.back().above != above;
            return;
        }
        uses.push_back({written.owner.name, written.owner.kind, written.owner.span, node.span, above, false});
    }
    void disagreement(const std::vector<Use>& uses) {
        const Use* first = nullptr;
        for (const Use& use : uses) {
            if (use.of_both) continue;
            if (first == nullptr) {
                first = &use;
                continue;
            }
            if (use.above == first->above) continue;
            findings_
                .report(diag::Code::kAmbiguousBoundary, {use.kind, *use.name}, use.first,
                        fmt::format("`{}` and `{}` draw the same boundary, and disagree about what lies on it",
                                    *first->name, *use.name),
                        "here what is equal belongs to one side")
                .note(first->first, "and here to the other")
                .key(fmt::format("{} {}", *first->name, subject_.sources.text(use.first)))
                .help("let both use the same sign, or its opposite: `<` with `>=`, `<=` with `>`");
        }
    }

    const Subject& subject_;
    const ir::Module& module_;
    Findings& findings_;
    const std::vector<std::uint32_t> structure_;
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::vector<Use>> uses_;
};

}  // namespace

void ambiguous_boundary(const Subject& subject, Findings& findings) {
    negated_orderings(subject, findings);
    Boundaries{subject, findings}.run();
}

}  // namespace keywright::lint
