// KW7023: a value of a field that no rule mentions, though rules mention others.
//
// A value is mentioned where a rule, directly or through defines, compares the field with a constant or a parameter
// that is the value or holds it, or has an arm of a `match` for it. Some comparisons speak of every value: `has only`
// and
// `==` of sets also of those that aren't listed, comparisons of two fields of whatever either holds. And where a field
// has just one value that isn't mentioned, that one is what is left.
//
// Rules that ask only whether a field is present, empty, or how many values it has mention none; then nothing is said.
#include "lint/checks.h"
#include "lint/written.h"

#include "ir/operands.h"

#include <fmt/format.h>

#include <bit>
#include <map>
#include <set>

namespace keywright::lint {

using ir::NodeId;
using ir::Op;

namespace {

std::uint64_t bits_of(const value::Value& value) {
    if (const auto* one = std::get_if<value::EnumValue>(&value)) return std::uint64_t{1} << one->index;
    if (const auto* set = std::get_if<value::EnumSet>(&value)) return set->bits;
    return 0;
}

class Mentions {
public:
    explicit Mentions(const ir::Module& module)
        : module_(module), mentioned_(module.schema.fields.size()), of_sets_(module.variables.size()) {
        for (const ir::Node& node : module.nodes) {
            if (node.op == Op::kAny || node.op == Op::kEvery || node.op == Op::kNo) of_sets_[node.c] = NodeId{node.a};
        }
        const std::vector<bool> reached = reached_by_rules(module, false);
        for (std::size_t i = 0; i < module.nodes.size(); ++i) {
            if (reached[i]) look_at(module.nodes[i]);
        }
    }

    [[nodiscard]] std::uint64_t of(std::size_t field) const { return mentioned_[field]; }

private:
    // What an operand may be: fields of an enumeration or a set of one, and constants.
    struct Operand {
        std::set<std::uint32_t> fields;
        std::uint64_t constants = 0;
    };
    void collect(NodeId id, Operand& out) const {
        std::vector<NodeId> open{id};
        std::set<NodeId> seen;  // defines of defines come back to the same ones in ever more ways
        while (!open.empty()) {
            const NodeId at = open.back();
            open.pop_back();
            if (!seen.insert(at).second) continue;
            const ir::Node& node = module_.node(at);
            switch (node.op) {
                case Op::kField: out.fields.insert(node.a); break;
                case Op::kConst: out.constants |= bits_of(module_.constants[node.a]); break;
                case Op::kParam:
                    out.constants |= bits_of(module_.constants[module_.params[node.a].value.index()]);
                    break;
                case Op::kElement:
                    if (of_sets_[node.a].valid()) open.push_back(of_sets_[node.a]);
                    break;
                case Op::kDefine: open.emplace_back(node.a); break;
                case Op::kElse:
                    open.emplace_back(node.a);
                    open.emplace_back(node.b);
                    break;
                case Op::kMatch: {  // its scrutinee is none of its values
                    const auto parts = module_.list(node);
                    open.insert(open.end(), parts.begin() + 1, parts.end());
                    break;
                }
                default: break;
            }
        }
    }
    [[nodiscard]] bool of_enum(NodeId id) const {
        const ir::Type& type = module_.type(id);
        return type.kind == ir::Kind::kEnum || (type.kind == ir::Kind::kSet && type.element == ir::Kind::kEnum);
    }
    void all_of(const Operand& operand) {
        for (const std::uint32_t field : operand.fields) mentioned_[field] = ~std::uint64_t{0};
    }
    void look_at(const ir::Node& node) {
        switch (node.op) {
            case Op::kEqual:
            case Op::kNotEqual:
            case Op::kIn:
            case Op::kHasAny:
            case Op::kHasAll:
            case Op::kHasNone:
            case Op::kHasOnly: break;
            case Op::kMatch: {
                Operand scrutinee;
                collect(module_.list(node).front(), scrutinee);
                all_of(scrutinee);
                return;
            }
            default: return;
        }
        if (!of_enum(NodeId{node.b})) return;
        Operand a, b;
        collect(NodeId{node.a}, a);
        collect(NodeId{node.b}, b);
        const bool of_sets = module_.type(NodeId{node.a}).kind == ir::Kind::kSet;
        const bool by_the_rest =
            node.op == Op::kHasOnly || (of_sets && (node.op == Op::kEqual || node.op == Op::kNotEqual));
        if (by_the_rest || (!a.fields.empty() && !b.fields.empty())) {
            all_of(a);
            all_of(b);
            return;
        }
        for (const Operand* operand : {&a, &b}) {
            for (const std::uint32_t field : operand->fields) mentioned_[field] |= a.constants | b.constants;
        }
    }

    const ir::Module& module_;
    std::vector<std::uint64_t> mentioned_;  // by field, bit i for value i
    std::vector<NodeId> of_sets_;           // by variable, the set that it runs through
};

}  // namespace

void unmentioned_value(const Subject& subject, Findings& findings) {
    const ir::Module& module = subject.module;
    const Mentions mentions{module};
    for (std::size_t i = 0; i < module.schema.fields.size(); ++i) {
        const ir::Field& field = module.schema.fields[i];
        const bool one = field.type.kind == ir::Kind::kEnum;
        if (!one && (field.type.kind != ir::Kind::kSet || field.type.element != ir::Kind::kEnum)) continue;
        const std::vector<std::string>& values = module.enums[field.type.enumeration.index()].values;
        const std::uint64_t all = values.size() == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << values.size()) - 1;
        const std::uint64_t mentioned = mentions.of(i) & all, rest = all & ~mentioned;
        if (mentioned == 0 || rest == 0 || (one && std::popcount(rest) == 1)) continue;
        const syntax::Cursor item = subject.item_at(field.span);
        const syntax::Cursor type = item ? item.child(syntax::Kind::kType) : syntax::Cursor{};
        for (std::size_t k = 0; k < values.size(); ++k) {
            if ((rest >> k & 1U) == 0) continue;
            const syntax::Cursor name = type ? type.child(syntax::Kind::kName, k) : syntax::Cursor{};
            findings
                .report(diag::Code::kUnmentionedValue, {"field", field.name}, name ? name.span() : field.span,
                        fmt::format("no rule mentions `{}` of `{}`", values[k], field.name),
                        one ? "treated as the other values that none mentions" : "may be in the set or not")
                .key(values[k])
                .help("let a rule speak of it, or say why none does: `allow KW7023 in … \"…\"`");
        }
    }
}

}  // namespace keywright::lint
