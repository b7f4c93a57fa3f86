#include "check/context.h"

#include "base/text.h"
#include "ir/operands.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace keywright::check {

using syntax::Cursor;
using syntax::Kind;

std::string one_line(std::string_view text, std::size_t limit) {
    std::string out;
    for (const char c : text) {
        const bool space = c == ' ' || c == '\n' || c == '\t' || c == '\r';
        if (!space) {
            out += c;
        } else if (!out.empty() && out.back() != ' ') {
            out += ' ';
        }
    }
    return base::printable(out, limit);
}

ir::Type int_type(std::int64_t min, std::int64_t max) { return {.kind = ir::Kind::kInt, .min = min, .max = max}; }

bool same_kind(const ir::Type& a, const ir::Type& b) {
    if (a.kind != b.kind) return false;
    if (a.kind == ir::Kind::kEnum) return a.enumeration == b.enumeration;
    if (a.kind == ir::Kind::kSet)
        return a.element == b.element && (a.element != ir::Kind::kEnum || a.enumeration == b.enumeration);
    return true;
}

ir::Type element_of(const ir::Type& set) {
    return {.kind = set.element, .enumeration = set.enumeration, .min = set.min, .max = set.max};
}

ir::Type set_of(const ir::Type& element) {
    return {.kind = ir::Kind::kSet,
            .element = element.kind,
            .enumeration = element.enumeration,
            .min = element.min,
            .max = element.max};
}

ir::TypeId Context::intern(const ir::Type& type) {
    const auto key = std::tuple{type.kind, type.optional, type.element, type.enumeration, type.min, type.max};
    const auto [at, fresh] = type_numbers.try_emplace(key, static_cast<std::uint32_t>(module.types.size()));
    if (fresh) module.types.push_back(type);
    return ir::TypeId{at->second};
}

ir::ConstId Context::add_constant(value::Value value) {
    module.constants.push_back(std::move(value));
    return ir::ConstId{module.constants.size() - 1};
}

namespace {

// In time of the smaller set, so that long chains stay linear.
Facts intersect(const Facts& a, const Facts& b) {
    const Facts& smaller = a.size() < b.size() ? a : b;
    const Facts& larger = a.size() < b.size() ? b : a;
    Facts out;
    for (const std::uint32_t field : smaller) {
        if (larger.contains(field)) out.insert(out.end(), field);
    }
    return out;
}

Facts unite(Facts a, const Facts& b) {
    a.insert(b.begin(), b.end());
    return a;
}

// The field that an expression is another name of, if it is one.
ir::FieldId underlying_field(const ir::Module& module, ir::NodeId node) {
    while (module.node(node).op == ir::Op::kDefine) node = module.operand_a(node);
    if (module.node(node).op != ir::Op::kField) return {};
    return ir::FieldId{module.node(node).a};
}

NodeFacts facts_of(const Context& context, const ir::Node& node) {
    const auto of = [&](std::uint32_t index) -> NodeFacts {
        const auto found = context.node_facts.find(index);
        return found == context.node_facts.end() ? NodeFacts{} : found->second;
    };
    const ir::Module& module = context.module;
    switch (node.op) {
        case ir::Op::kIsPresent: {
            NodeFacts out;
            for (ir::FieldId f = underlying_field(module, ir::NodeId{node.a}); f.valid();
                 f = module.schema.fields[f.index()].parent) {
                out.if_true.insert(f.value);
            }
            return out;
        }
        case ir::Op::kNot: {
            NodeFacts a = of(node.a);
            return {a.if_false, a.if_true};
        }
        case ir::Op::kDefine: return of(node.a);
        case ir::Op::kImplies: {
            const NodeFacts a = of(node.a), b = of(node.b);
            return {intersect(a.if_false, b.if_true), unite(a.if_true, b.if_false)};
        }
        case ir::Op::kAnd:
        case ir::Op::kOr: {
            NodeFacts out;
            bool first = true;
            for (const ir::NodeId operand : module.list(node)) {
                const NodeFacts one = of(operand.value);
                const bool conjunction = node.op == ir::Op::kAnd;
                if (first) {
                    out = one;
                } else if (conjunction) {
                    out = {unite(std::move(out.if_true), one.if_true), intersect(out.if_false, one.if_false)};
                } else {
                    out = {intersect(out.if_true, one.if_true), unite(std::move(out.if_false), one.if_false)};
                }
                first = false;
            }
            return out;
        }
        case ir::Op::kConst:
        case ir::Op::kParam:
        case ir::Op::kField:
        case ir::Op::kNow:
        case ir::Op::kElement:
        case ir::Op::kDeadline:
        case ir::Op::kElse:
        case ir::Op::kEqual:
        case ir::Op::kNotEqual:
        case ir::Op::kLess:
        case ir::Op::kLessEqual:
        case ir::Op::kGreater:
        case ir::Op::kGreaterEqual:
        case ir::Op::kAdd:
        case ir::Op::kSubtract:
        case ir::Op::kIn:
        case ir::Op::kHasAny:
        case ir::Op::kHasAll:
        case ir::Op::kHasNone:
        case ir::Op::kHasOnly:
        case ir::Op::kIsEmpty:
        case ir::Op::kCount:
        case ir::Op::kWithin:
        case ir::Op::kCovers:
        case ir::Op::kOverlaps:
        case ir::Op::kIsOpen:
        case ir::Op::kIsPrivate:
        case ir::Op::kPrefixLength:
        case ir::Op::kFamily:
        case ir::Op::kLength:
        case ir::Op::kIsBlank:
        case ir::Op::kStartsWith:
        case ir::Op::kEndsWith:
        case ir::Op::kLike:
        case ir::Op::kHasFact:
        case ir::Op::kMatch:
        case ir::Op::kAny:
        case ir::Op::kEvery:
        case ir::Op::kNo: return {};
    }
    return {};
}

}  // namespace

ir::NodeId Context::add_node(ir::Op op, const ir::Type& type, base::Span span, std::uint32_t a, std::uint32_t b,
                             std::uint32_t c) {
    const ir::Node node{op, intern(type), a, b, c, span};
    std::uint32_t depth = 0;
    ir::for_each_operand(module, node,
                         [&](ir::NodeId operand) { depth = std::max(depth, node_depth[operand.index()] + 1); });
    if (depth > limits.expression_depth) {
        sink.report(diag::Code::kTooComplex, span,
                    fmt::format("the expression is nested deeper than {} once its defines are put in",
                                limits.expression_depth),
                    "here")
            .help("split the rule; the limit is `expression_depth`");
        return {};
    }
    module.nodes.push_back(node);
    node_depth.push_back(depth);
    if (NodeFacts facts = facts_of(*this, node); !facts.if_true.empty() || !facts.if_false.empty()) {
        node_facts.emplace(static_cast<std::uint32_t>(module.nodes.size() - 1), std::move(facts));
    }
    return ir::NodeId{module.nodes.size() - 1};
}

ir::NodeId Context::add_list_node(ir::Op op, const ir::Type& type, base::Span span,
                                  const std::vector<ir::NodeId>& operands) {
    const auto first = static_cast<std::uint32_t>(module.lists.size());
    module.lists.insert(module.lists.end(), operands.begin(), operands.end());
    return add_node(op, type, span, first, static_cast<std::uint32_t>(operands.size()));
}

ir::NodeId Context::add_const_node(const ir::Type& type, value::Value value, base::Span span) {
    return add_node(ir::Op::kConst, type, span, add_constant(std::move(value)).value);
}

void Context::unknown_name(base::Span span, std::string_view what, std::string_view name,
                           const std::vector<std::string>& candidates) {
    if (junk_words.contains(name) || loaded.incomplete) return;
    auto diagnostic =
        sink.report(diag::Code::kUnknownName, span, fmt::format("unknown {} `{}`", what, name), "not declared");
    if (!proposes()) return;
    if (const std::string near = base::closest(name, candidates); !near.empty()) {
        diagnostic.help(fmt::format("did you mean `{}`?", near)).fix(span, near);
    } else if (const auto word = enum_words.find(name); word != enum_words.end()) {
        const ir::Field& field = module.schema.fields[word->second];
        diagnostic.help(fmt::format("it is a value of `{0}`: ask `{0} {2} {1}`", field.name,
                                    field.type.kind == ir::Kind::kSet ? fmt::format("{{{}}}", name) : std::string{name},
                                    field.type.kind == ir::Kind::kSet ? "has any of" : "=="));
    } else if (!candidates.empty() && candidates.size() <= 12) {
        diagnostic.help(fmt::format("there {} {}", candidates.size() == 1 ? "is" : "are",
                                    fmt::format("`{}`", fmt::join(candidates, "`, `"))));
    }
}

std::vector<std::string> Context::value_names() const { return keys_of(values); }

std::vector<std::string> Context::field_names() const {
    std::vector<std::string> out;
    if (!proposes()) return out;
    for (const ir::Field& field : module.schema.fields) out.push_back(field.name);
    return out;
}

void Context::duplicate(base::Span again, base::Span first, std::string_view what, std::string_view name) {
    sink.report(diag::Code::kDuplicateName, again, fmt::format("{} `{}` is declared twice", what, name),
                "declared again here")
        .note(first, "first declared here");
}

bool Context::declare_value(std::string_view name, NameKind kind, std::uint32_t index, base::Span span) {
    const auto [at, fresh] = values.try_emplace(std::string{name}, ValueName{kind, index, span, false});
    if (!fresh) {
        duplicate(span, at->second.span,
                  kind == NameKind::kField   ? "field"
                  : kind == NameKind::kParam ? "parameter"
                                             : "define",
                  name);
        return false;
    }
    if (name == "now") {
        sink.report(diag::Code::kDuplicateName, span, "`now` already means the instant of evaluation", "this name")
            .help("choose another name");
    }
    if (kind == NameKind::kField) return true;
    if (const auto word = enum_words.find(name); word != enum_words.end()) {
        const ir::Field& field = module.schema.fields[word->second];
        sink.report(diag::Code::kShadowed, span, fmt::format("`{}` is also a value of `{}`", name, field.name),
                    "this name")
            .note(field.span, "the value is declared here")
            .help("where a value of that field is expected the value is meant; choose another name to be clear");
    }
    return true;
}

ir::FieldId Context::find_field(std::string_view dotted) const {
    const auto found = fields.find(dotted);
    return found == fields.end() ? ir::FieldId{} : ir::FieldId{found->second};
}

ir::FieldId Context::field_of(Cursor path) {
    std::string dotted;
    for (const Cursor token : path) {
        if (token.kind() == Kind::kName || token.text() == ".") dotted += token.text();
    }
    const ir::FieldId field = find_field(dotted);
    if (!field.valid()) unknown_name(path.span(), "field", dotted, field_names());
    return field;
}

void Context::citations(Cursor cites, std::vector<ir::Citation>& out) {
    if (!cites) return;
    for (const Cursor one : cites) {
        if (one.kind() != Kind::kCitation) continue;
        const Cursor name = one.child(Kind::kName);
        const Cursor id = one.child(Kind::kClauseId);
        const auto document = documents.find(name.text());
        if (document == documents.end()) {
            unknown_name(name.span(), "document", name.text(), keys_of(documents));
            continue;
        }
        const auto& known = module.documents[document->second].clauses;
        if (!this->clauses.contains(std::pair{document->second, std::string{id.text()}})) {
            if (junk_words.contains(id.text())) continue;
            if (hidden_clauses.contains(std::pair{document->second, std::string{id.text()}})) continue;
            std::vector<std::string> ids;
            if (proposes()) {
                for (const ir::Clause& c : known) ids.push_back(c.id);
            }
            auto diagnostic =
                sink.report(diag::Code::kUnknownClause, id.span(),
                            fmt::format("document `{}` has no clause `{}`", name.text(), id.text()), "no such clause");
            diagnostic.note(module.documents[document->second].span, "the document is declared here");
            if (const std::string near = base::closest(id.text(), ids); !near.empty())
                diagnostic.help(fmt::format("did you mean `{}`?", near)).fix(id.span(), near);
            continue;
        }
        out.push_back({ir::DocumentId{document->second}, std::string{id.text()}, one.span()});
    }
}

}  // namespace keywright::check
