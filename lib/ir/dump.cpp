// The module as text, one line a thing.
#include "ir/given.h"
#include "ir/ir.h"

#include "base/text.h"
#include "keywright/diagnostic.h"

#include <string>

namespace keywright::ir {
namespace {

class Dumper {
public:
    explicit Dumper(const Module& module) : module_(module) {}

    std::string dump() {
        line("pack " + module_.pack.name + " " + module_.pack.version);
        for (const Document& document : module_.documents) {
            line("document " + document.name);
            for (const Clause& clause : document.clauses) {
                line("  clause " + clause.id + " " + std::string{word(clause.kind)});
            }
        }
        schema();
        for (const Param& param : module_.params) {
            line("param " + param.name + ": " + to_string(module_, param.type) + " = " +
                 to_string(module_, param.type, module_.constants[param.value.index()]));
        }
        nodes();
        for (const Define& define : module_.defines) {
            line("define " + define.name + " = " + number(define.root) + "  " + to_text(module_, define.root));
        }
        for (const Rule& one : module_.rules) rule(one);
        for (const Sample& sample : module_.samples) line("sample " + sample.name);
        for (const Test& one : module_.tests) test(one);
        for (const Proof& one : module_.proofs) proof(one);
        for (const Adapter& adapter : module_.adapters) {
            line("adapter " + adapter.name + (adapter.canonical ? " canonical" : "") + " sources " +
                 std::to_string(adapter.sources.size()));
            for (const FieldSource& source : adapter.sources) {
                if (source.replaced_whole) line("  replaced whole " + module_.schema.fields[source.field.index()].name);
            }
        }
        return std::move(out_);
    }

private:
    void line(const std::string& text) {
        out_ += text;
        out_ += '\n';
    }
    static std::string number(NodeId id) { return '%' + std::to_string(id.index()); }
    static std::string quoted(const std::string& text) { return '"' + base::printable(text) + '"'; }

    std::string term(const AssumeTerm& t, const Type& type) {
        if (t.is_now) return "now";
        if (t.field.valid()) return module_.schema.fields[t.field.index()].name;
        return to_string(module_, type, module_.constants[t.constant.index()]);
    }

    void schema() {
        line("schema " + module_.schema.name);
        for (const Field& field : module_.schema.fields) {
            std::string text = "  field " + field.name + ": " + to_string(module_, field.type);
            switch (field.missing) {
                case Missing::kUnknown: break;
                case Missing::kAbsent: text += " = absent"; break;
                case Missing::kValue:
                    text += " = " + to_string(module_, field.type, module_.constants[field.missing_value.index()]);
                    break;
            }
            if (field.immutable) text += " immutable";
            if (field.cost != 1) text += " cost " + std::to_string(field.cost);
            line(text);
        }
        for (const Assumption& a : module_.schema.assumptions) {
            const FieldId field = a.lesser.field.valid() ? a.lesser.field : a.greater.field;
            const Type type = field.valid() ? module_.schema.fields[field.index()].type : Type{};
            line("  assume " + term(a.lesser, type) + (a.strict ? " < " : " <= ") + term(a.greater, type));
        }
    }

    // `%7 = has any of %3 %6: bool`
    void nodes() {
        for (std::size_t i = 0; i < module_.nodes.size(); ++i) {
            const NodeId id{i};
            const Node& n = module_.nodes[i];
            line(number(id) + " = " + std::string{word(n.op)} + operands(id, n) + ": " +
                 to_string(module_, module_.type(id)));
        }
    }

    std::string operands(NodeId id, const Node& n) {
        switch (n.op) {
            case Op::kConst: return ' ' + to_string(module_, module_.type(id), module_.constant(n.a));
            case Op::kParam: return ' ' + module_.params[n.a].name;
            case Op::kField: return ' ' + module_.schema.fields[n.a].name;
            case Op::kElement: return " v" + std::to_string(n.a);
            case Op::kNow:
            case Op::kDeadline: return {};
            case Op::kDefine: return ' ' + module_.defines[n.b].name + ' ' + number(NodeId{n.a});
            case Op::kHasFact: return ' ' + number(NodeId{n.a}) + " fact " + std::to_string(n.b);
            case Op::kAnd:
            case Op::kOr:
            case Op::kMatch: {
                std::string text;
                for (const NodeId operand : module_.list(n)) text += ' ' + number(operand);
                return text;
            }
            case Op::kAny:
            case Op::kEvery:
            case Op::kNo:
                return " v" + std::to_string(n.c) + " in " + number(NodeId{n.a}) + " body " + number(NodeId{n.b});
            case Op::kNot:
            case Op::kIsPresent:
            case Op::kIsEmpty:
            case Op::kCount:
            case Op::kIsOpen:
            case Op::kIsPrivate:
            case Op::kPrefixLength:
            case Op::kFamily:
            case Op::kLength:
            case Op::kIsBlank: return ' ' + number(NodeId{n.a});
            case Op::kImplies:
            case Op::kElse:
            case Op::kEqual:
            case Op::kNotEqual:
            case Op::kLess:
            case Op::kLessEqual:
            case Op::kGreater:
            case Op::kGreaterEqual:
            case Op::kAdd:
            case Op::kSubtract:
            case Op::kIn:
            case Op::kHasAny:
            case Op::kHasAll:
            case Op::kHasNone:
            case Op::kHasOnly:
            case Op::kWithin:
            case Op::kCovers:
            case Op::kOverlaps:
            case Op::kStartsWith:
            case Op::kEndsWith:
            case Op::kLike: return ' ' + number(NodeId{n.a}) + ' ' + number(NodeId{n.b});
        }
        return {};
    }

    void part(const char* name, NodeId root) {
        if (root.valid()) line(std::string{"  "} + name + ' ' + condition(root));
    }

    void rule(const Rule& rule) {
        line("rule " + rule.name + ' ' + std::string{keywright::to_string(rule.severity)});
        for (const Citation& cite : rule.cites) {
            line("  cites " + module_.documents[cite.document.index()].name + ' ' + cite.clause);
        }
        part("when", rule.when);
        for (const Exemption& exemption : rule.exemptions) part("unless", exemption.condition);
        part("require", rule.requirement);
        if (rule.expiry) {
            part("expire", rule.expiry->after);
            part("after", rule.expiry->since);
            part("warn", rule.expiry->warn_before);
        }
        message("message", rule.message);
        message("help", rule.help);
        for (const AcceptedGap& gap : rule.accepted_gaps) {
            line("  accept gap " + (gap.where.valid() ? condition(gap.where) + ' ' : std::string{}) +
                 quoted(gap.reason));
        }
    }

    std::string condition(NodeId root) { return number(root) + "  " + to_text(module_, root); }

    // The text of `given json` stays out: it may hold a secret.
    void test(const Test& test) {
        line("test " + quoted(test.name) + " cases " + std::to_string(test.cases.size()));
        if (test.json) {
            line("  given json" +
                 (test.json->adapter ? " through " + module_.adapters[*test.json->adapter].name : std::string{}));
        }
        if (test.property) {
            line("  for any key tries " + std::to_string(test.property->tries) + " seed " +
                 std::to_string(test.property->seed));
        }
        for (const Axis& axis : test.axes) {
            line("  for each " + module_.schema.fields[axis.field.index()].name + " choices " +
                 std::to_string(axis.choices.size()));
        }
        part("where", test.where);
        for (const TestCase& one : test.cases) {
            if (one.row == 0) continue;
            line("  row " + std::to_string(one.row) + ' ' + keywright::to_string(one.at) + ' ' +
                 to_text(module_, one.cells));
        }
    }

    void proof(const Proof& proof) {
        line("prove " + quoted(proof.name));
        part("where", proof.where);
        std::string claim{word(proof.kind)};
        switch (proof.kind) {
            case ClaimKind::kNever:
            case ClaimKind::kAlways: claim += ' ' + module_.rules[proof.rule.index()].name; break;
            case ClaimKind::kVerdict:
                for (std::size_t i = 0; i < proof.verdicts.size(); ++i) {
                    claim += (i == 0 ? " " : " or ") + std::string{word(proof.verdicts[i])};
                }
                break;
            case ClaimKind::kHolds: claim = condition(proof.condition); break;
            case ClaimKind::kNeverLooser:
            case ClaimKind::kNeverStricter:
            case ClaimKind::kSameVerdict: claim += ' ' + quoted(proof.other); break;
        }
        line("  " + claim);
    }

    void message(const char* name, const Template& pieces) {
        if (pieces.empty()) return;
        std::string text;
        for (const TemplatePiece& piece : pieces) {
            text += piece.node.valid() ? "{" + to_text(module_, piece.node) + "}" : base::printable(piece.text);
        }
        line(std::string{"  "} + name + " \"" + text + '"');
    }

    const Module& module_;
    std::string out_;
};

}  // namespace

std::string dump(const Module& module) { return Dumper{module}.dump(); }

}  // namespace keywright::ir
