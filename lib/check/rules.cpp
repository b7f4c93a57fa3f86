// Documents, parameters, defines and rules.
#include "check/declarations.h"
#include "check/expressions.h"

#include "base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace keywright::check {

using ir::NodeId;
using syntax::Cursor;
using syntax::Kind;

namespace {

Cursor expression_of(Cursor clause) {
    for (const Cursor c : clause) {
        if (!syntax::is_token(c.kind()) && c.kind() != Kind::kCites) return c;
    }
    return {};
}

ir::ClauseKind clause_kind(std::string_view word) {
    using K = ir::ClauseKind;
    for (const K kind :
         {K::kMust, K::kMustNot, K::kShould, K::kShouldNot, K::kMay, K::kFact, K::kExemption, K::kNote}) {
        if (ir::word(kind) == word) return kind;
    }
    return K::kNote;
}

// The text after `word` in an `Entry`.
std::string entry_text(Context& context, Cursor entry) {
    return string_literal(entry.child(Kind::kText), context.sink);
}

// Reports a clause that may stand once; returns whether it is the first.
bool once(Context& context, Cursor& first, Cursor clause, std::string_view word) {
    if (!first) {
        first = clause;
        return true;
    }
    context.sink
        .report(diag::Code::kDuplicateClause, clause.span(), fmt::format("`{}` stands twice", word), "again here")
        .note(first.span(), "first here");
    return false;
}

void twice(Context& context, Cursor clause, std::string_view word) {
    context.sink.report(diag::Code::kDuplicateClause, clause.span(), fmt::format("`{}` stands twice", word),
                        "again here");
}

bool is_negative_constant(const Context& context, NodeId node) {
    const ir::Node& n = context.module.node(node);
    const value::Value* value = nullptr;
    if (n.op == ir::Op::kConst) value = &context.module.constant(n.a);
    if (n.op == ir::Op::kParam && context.module.params[n.a].value.valid()) {
        value = &context.module.constants[context.module.params[n.a].value.index()];
    }
    return value != nullptr && std::get<Duration>(*value).seconds < 0;
}

NodeId duration(Context& context, Expressions& expressions, Cursor node) {
    const NodeId out = expressions.of_kind(node, ir::Kind::kDuration, "a duration");
    if (out.valid() && is_negative_constant(context, out)) {
        context.sink.report(diag::Code::kNegativeDuration, node.span(), "the duration is below zero", "here");
        return {};
    }
    return out;
}

// `accept gap …` of a rule whose other clauses are lowered. What it says of presence nobody else may rely on, so its
// condition stands on its own, as that of `when` does.
void add_accepted_gaps(Context& context, const std::vector<Cursor>& clauses, bool broken, ir::Rule& rule) {
    Cursor first, whole, part;
    std::map<std::string, Cursor> conditions;  // by their text in one line
    for (const Cursor c : clauses) {
        if (c.kind() != Kind::kAccept) continue;
        if (!first) first = c;
        ir::AcceptedGap gap;
        gap.reason = string_literal(c.child(Kind::kText), context.sink);
        gap.span = c.span();
        if (c.has_word("where")) {
            const Cursor condition = expression_of(c);
            Expressions expressions{context};
            gap.where = expressions.condition(condition);
            if (!gap.where.valid()) continue;
            if (!part) part = c;
            const auto [at, fresh] = conditions.try_emplace(one_line(condition.text(), condition.text().size()), c);
            if (!fresh) {
                context.sink
                    .report(diag::Code::kDuplicateClause, c.span(), "this part of the gap is accepted twice",
                            "again here")
                    .note(at->second.span(), "first here");
                continue;
            }
        } else if (!once(context, whole, c, "accept gap")) {
            continue;
        }
        rule.accepted_gaps.push_back(std::move(gap));
    }
    if (!first || broken) return;
    if (rule.exemptions.empty() || !rule.when.valid()) {
        const bool exempts = !rule.exemptions.empty();
        context.sink
            .report(diag::Code::kNoGap, first.span(), fmt::format("rule `{}` has no gap", rule.name),
                    exempts ? "the rule has no `when`: it is about every record" : "the rule has no `unless`")
            .note(rule.span, "the rule")
            .help("a gap is what lies in neither of two regions that a rule speaks of, `when` and `unless`");
        return;
    }
    if (!whole || !part) return;
    context.sink
        .report(diag::Code::kDuplicateClause, part.span(), "this part of the gap is accepted twice", "part of the gap")
        .note(whole.span(), "the whole gap is accepted here")
        .help("keep one of the two");
}

std::optional<std::uint32_t> line_number(Context& context, Cursor number) {
    constexpr std::uint32_t kMost = 10'000'000;
    std::uint32_t out = 0;
    for (const char c : number.text()) {
        if (c != '_' && out <= kMost) out = out * 10 + static_cast<std::uint32_t>(c - '0');
    }
    if (out >= 1 && out <= kMost) return out;
    context.sink.report(diag::Code::kOutsideRange, number.span(),
                        fmt::format("`{}` is no line of a text", base::printable(number.text())),
                        fmt::format("lines are counted from 1, up to {}", kMost));
    return {};
}

// What stands behind the text of a clause: why it can't be checked, where its excerpt is, and the digest of that.
void add_clause_notes(Context& context, Cursor item, ir::Clause& clause) {
    Cursor place;
    for (const Cursor note : item) {
        if (note.kind() != Kind::kEntry) continue;
        const std::string_view word = note.token(Kind::kWord);
        if (word == "digest") {
            if (!clause.digest.empty()) twice(context, note, word);
            clause.digest = entry_text(context, note);
        } else if (word == "not_checkable") {
            if (clause.not_checkable) twice(context, note, word);
            clause.not_checkable = entry_text(context, note);
        } else if (!once(context, place, note, place ? place.token(Kind::kWord) : word)) {
            continue;
        } else if (word == "from") {
            clause.first_words = string_literal(note.child(Kind::kText, 0), context.sink);
            clause.last_words = string_literal(note.child(Kind::kText, 1), context.sink);
        } else {
            const Cursor first = note.child(Kind::kInteger, 0), last = note.child(Kind::kInteger, 1);
            const auto from = line_number(context, first), to = last ? line_number(context, last) : from;
            if (!from || !to) continue;
            if (*to < *from) {
                context.sink.report(diag::Code::kEmptyRange, note.span(),
                                    fmt::format("no line lies in {}..{}", *from, *to), "here");
                continue;
            }
            clause.first_line = *from;
            clause.last_line = *to;
        }
    }
}

// The clauses of a rule without mistakes, and without those that are cut short by one: what their types are would only
// distract from it.
std::vector<Cursor> whole_clauses(Cursor rule, bool& broken) {
    std::vector<Cursor> out;
    for (const Cursor c : rule) {
        broken = broken || c.kind() == Kind::kError;
        if (c.kind() != Kind::kError && !c.cut_short()) out.push_back(c);
    }
    return out;
}

}  // namespace

void declare_document(Context& context, Cursor item) {
    const Cursor name = item.child(Kind::kName);
    ir::Document document;
    document.name = name.text();
    document.span = name.span();
    if (const auto known = context.documents.find(name.text()); known != context.documents.end()) {
        context.duplicate(name.span(), context.module.documents[known->second].span, "document", name.text());
        for (const Cursor c : item) {
            if (c.kind() == Kind::kClause)
                context.hidden_clauses.emplace(known->second, c.child(Kind::kClauseId).text());
        }
        return;
    }
    for (const Cursor c : item) {
        if (c.kind() == Kind::kEntry) {
            const std::string_view word = c.token(Kind::kWord);
            std::string& target = word == "title"    ? document.title
                                  : word == "dated"  ? document.dated
                                  : word == "digest" ? document.digest
                                                     : document.url;
            if (!target.empty()) {
                twice(context, c, word);
            }
            target = entry_text(context, c);
        } else if (c.kind() == Kind::kClause) {
            ir::Clause clause;
            const Cursor id = c.child(Kind::kClauseId);
            clause.id = id.text();
            clause.kind = clause_kind(c.child(Kind::kWord, 1).text());
            clause.text = string_literal(c.child(Kind::kText), context.sink);
            clause.span = id.span();
            add_clause_notes(context, c, clause);
            const auto number = static_cast<std::uint32_t>(context.module.documents.size());
            const auto [at, fresh] =
                context.clauses.try_emplace({number, clause.id}, static_cast<std::uint32_t>(document.clauses.size()));
            if (!fresh) {
                context.duplicate(id.span(), document.clauses[at->second].span, "clause", clause.id);
                continue;
            }
            document.clauses.push_back(std::move(clause));
        }
    }
    context.documents.emplace(document.name, static_cast<std::uint32_t>(context.module.documents.size()));
    context.module.documents.push_back(std::move(document));
}

void declare_param(Context& context, Cursor item) {
    const Cursor name = item.child(Kind::kName);
    if (item.cut_short()) return context.hide(name.text());
    ir::Param param;
    param.name = name.text();
    param.doc = item.doc();
    param.span = name.span();
    Cursor value;
    for (const Cursor c : item) {
        if (c.kind() == Kind::kLiteral || c.kind() == Kind::kReference || c.kind() == Kind::kSetLiteral) value = c;
    }
    if (!value) return;
    std::optional<value::Value> constant;
    if (const Cursor type_node = item.child(Kind::kType)) {
        ir::TimeUnit unit = ir::TimeUnit::kNone;
        const auto type = type_of(context, type_node, unit);
        if (!type) return context.hide(name.text());
        if (type->optional || type->kind == ir::Kind::kSecret || type->kind == ir::Kind::kRecord) {
            context.sink
                .report(diag::Code::kTypeMismatch, type_node.span(),
                        fmt::format("a parameter can't be of type {}", context.show(*type)), "here")
                .help("parameters are values that are always there");
            return context.hide(name.text());
        }
        param.type = *type;
        constant = constant_of(context, value, *type, false);
    } else if (value.kind() == Kind::kLiteral) {
        const auto typed = literal_value(value, false, context.sink);
        if (!typed) return context.hide(name.text());
        param.type = typed->type;
        if (param.type.kind == ir::Kind::kInt) param.type = int_type(INT64_MIN, INT64_MAX);
        constant = typed->value;
    } else {
        Expressions expressions{context};
        const Cursor first = value.kind() == Kind::kSetLiteral ? value.children()[1] : value;
        if (first.kind() != Kind::kLiteral) {
            context.sink
                .report(diag::Code::kUnclearType, value.span(),
                        fmt::format("nothing tells what `{}` is", one_line(value.text())), "a value of what?")
                .help(value.kind() == Kind::kReference ? "give the parameter a type: `param NAME: one of { … } = …`"
                                                       : "give the parameter a type: `param NAME: set of … = …`");
            return context.hide(name.text());
        }
        const NodeId node = expressions.lower(value);
        if (!node.valid()) return context.hide(name.text());
        param.type = context.type(node);
        constant = context.module.constant(context.module.node(node).a);
    }
    const auto index = static_cast<std::uint32_t>(context.module.params.size());
    if (!context.declare_value(name.text(), NameKind::kParam, index, name.span())) return;
    // A parameter whose value alone is wrong is still declared, so that its uses are checked.
    param.value = constant ? context.add_constant(std::move(*constant)) : ir::ConstId{};
    param.declared_value = param.value;
    context.module.params.push_back(std::move(param));
}

void set_param(Context& context, Cursor name, Cursor value) {
    const auto found = context.values.find(name.text());
    if (found == context.values.end() || found->second.kind != NameKind::kParam) {
        std::vector<std::string> names;
        if (context.proposes()) {
            for (const ir::Param& p : context.module.params) names.push_back(p.name);
        }
        context.unknown_name(name.span(), "parameter", name.text(), names);
        return;
    }
    ir::Param& param = context.module.params[found->second.index];
    if (auto constant = constant_of(context, value, param.type, false))
        param.value = context.add_constant(std::move(*constant));
}

void declare_define(Context& context, Cursor item) {
    const Cursor name = item.child(Kind::kName);
    if (item.cut_short()) return context.hide(name.text());
    const auto index = static_cast<std::uint32_t>(context.module.defines.size());
    if (!context.declare_value(name.text(), NameKind::kDefine, index, name.span())) return;
    ir::Define define;
    define.name = name.text();
    define.doc = item.doc();
    define.span = name.span();
    context.citations(item.child(Kind::kCites), define.cites);
    context.module.defines.push_back(std::move(define));
    context.define_items.push_back(item);
    context.define_progress.push_back(Context::Progress::kNew);
}

void declare_rule(Context& context, Cursor item) {
    const Cursor name = item.child(Kind::kName);
    if (const auto known = context.rules.find(name.text()); known != context.rules.end()) {
        context.duplicate(name.span(), context.module.rules[known->second].span, "rule", name.text());
        return;
    }
    ir::Rule rule;
    rule.name = name.text();
    rule.doc = item.doc();
    rule.span = name.span();
    context.rules.emplace(rule.name, static_cast<std::uint32_t>(context.module.rules.size()));
    context.module.rules.push_back(std::move(rule));
}

void lower_rule(Context& context, Cursor item) {
    const Cursor name = item.child(Kind::kName);
    const auto known = context.rules.find(name.text());
    if (known == context.rules.end() || context.module.rules[known->second].span != name.span()) return;  // a duplicate
    ir::Rule rule = std::move(context.module.rules[known->second]);
    Expressions expressions{context};
    Cursor severity, when, expire, message, help;
    bool broken = item.cut_short();  // a clause is missing because of a mistake
    // What holds for one clause is known from clauses that may stand behind it, so the kinds are gone through in order.
    const std::vector<Cursor> clauses = whole_clauses(item, broken);
    expressions.facts_are_lost = broken;
    for (const Cursor c : clauses) {
        if (c.kind() == Kind::kCites) context.citations(c, rule.cites);
        if (c.kind() == Kind::kInterpretation)
            rule.interpretations.push_back(string_literal(c.child(Kind::kText), context.sink));
        if (c.kind() == Kind::kSeverity && once(context, severity, c, "severity")) {
            const std::string_view level = c.child(Kind::kWord, 1).text();
            rule.severity = level == "error"     ? Severity::kError
                            : level == "warning" ? Severity::kWarning
                                                 : Severity::kInfo;
        }
        if (c.kind() == Kind::kWhen && once(context, when, c, "when")) {
            rule.when = expressions.condition(expression_of(c));
            broken = broken || !rule.when.valid();
            expressions.facts_are_lost = broken;
        }
    }
    expressions.assume(rule.when, true);
    for (const Cursor c : clauses) {
        if (c.kind() != Kind::kUnless) continue;
        ir::Exemption exemption;
        const Cursor condition = expression_of(c);
        exemption.condition = expressions.condition(condition);
        exemption.span = condition.span();
        exemption.label = one_line(condition.text(), condition.text().size());
        context.citations(c.child(Kind::kCites), exemption.cites);
        expressions.assume(exemption.condition, false);
        broken = broken || !exemption.condition.valid();
        expressions.facts_are_lost = broken;
        rule.exemptions.push_back(std::move(exemption));
    }
    std::vector<NodeId> obligations;
    Cursor obligation;
    const Facts applying = expressions.facts;
    for (const Cursor c : clauses) {
        if (c.kind() == Kind::kRequire || c.kind() == Kind::kForbid) {
            obligation = c;
            NodeId node = expressions.condition(expression_of(c));
            if (node.valid() && c.kind() == Kind::kForbid)
                node = context.add_node(ir::Op::kNot, kBoolType, expression_of(c).span(), node.value);
            broken = broken || !node.valid();
            expressions.facts_are_lost = broken;
            // A later obligation is only looked at for records that meet the earlier ones.
            expressions.assume(node, true);
            obligations.push_back(node);
        }
        if (c.kind() == Kind::kExpire && once(context, expire, c, "expire")) {
            std::vector<Cursor> parts;
            for (const Cursor part : c) {
                if (!syntax::is_token(part.kind())) parts.push_back(part);
            }
            ir::Expiry expiry;
            expiry.span = c.span();
            expiry.after = duration(context, expressions, parts[0]);
            expiry.since = expressions.of_kind(parts[1], ir::Kind::kInstant, "an instant");
            if (parts.size() > 2) expiry.warn_before = duration(context, expressions, parts[2]);
            broken = broken || !expiry.after.valid() || !expiry.since.valid() ||
                     (parts.size() > 2 && !expiry.warn_before.valid());
            rule.expiry = expiry;
        }
    }
    if (expire && obligation) {
        context.sink
            .report(diag::Code::kMixedObligation, expire.span(),
                    fmt::format("rule `{}` both expires and requires", rule.name), "expires here")
            .note(obligation.span(), "requires here")
            .help("make two rules of it, so that each outcome says what is wrong");
    } else if (!expire && obligations.empty() && !broken) {
        context.sink
            .report(diag::Code::kNoObligation, name.span(), fmt::format("rule `{}` asks for nothing", rule.name),
                    "this rule")
            .help("add `require`, `forbid` or `expire`");
    }
    if (obligations.size() == 1) {
        rule.requirement = obligations.front();
    } else if (obligations.size() > 1 && !broken) {
        rule.requirement = context.add_list_node(ir::Op::kAnd, kBoolType, item.span(), obligations);
    }
    expressions.facts = applying;
    expressions.assume(rule.requirement, false);  // messages are shown where the requirement fails
    expressions.deadline = rule.expiry.has_value();
    for (const Cursor c : clauses) {
        if (c.kind() == Kind::kMessage && once(context, message, c, "message"))
            rule.message = expressions.text_template(c.child(Kind::kTemplate));
        if (c.kind() == Kind::kHelp && once(context, help, c, "help"))
            rule.help = expressions.text_template(c.child(Kind::kTemplate));
    }
    if (rule.message.empty()) {
        std::string text = fmt::format("rule `{}` is violated", rule.name);
        if (!rule.cites.empty()) {
            const ir::Citation& first = rule.cites.front();
            text = context.module.documents[first.document.index()]
                       .clauses[context.clauses.at({first.document.value, first.clause})]
                       .text;
        }
        rule.message.push_back({text, {}});
    }
    add_accepted_gaps(context, clauses, broken, rule);
    context.module.rules[known->second] = std::move(rule);
    if (broken) context.broken_rules.insert(known->second);
}

}  // namespace keywright::check
