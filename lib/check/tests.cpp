// Samples, tests and proofs.
#include "check/declarations.h"
#include "check/expressions.h"

#include "base/text.h"
#include "value/time.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace keywright::check {

using ir::FieldValue;
using ir::Given;
using syntax::Cursor;
using syntax::Kind;

namespace {

using Fields = std::vector<FieldValue>;

// What the fields of a record are when it has no members at all.
Fields nothing_given(const Context& context) {
    Fields out;
    for (const ir::Field& field : context.module.schema.fields) {
        FieldValue value;
        if (field.missing == ir::Missing::kAbsent) value.given = Given::kAbsent;
        if (field.missing == ir::Missing::kValue) value = {Given::kValue, field.missing_value};
        if (field.parent.valid() && out[field.parent.index()].given != Given::kPresent) {
            value = {out[field.parent.index()].given == Given::kAbsent ? Given::kAbsent : Given::kUnknown, {}};
        }
        out.push_back(value);
    }
    return out;
}

// Members of a nested record, and of those inside it, follow it without a gap.
bool is_inside(const Context& context, std::size_t field, ir::FieldId record) {
    const ir::FieldId parent = context.module.schema.fields[field].parent;
    return parent.valid() && parent.index() >= record.index();
}

// A nested record becomes present: its members get the meaning of missing members.
void make_present(const Context& context, Fields& fields, ir::FieldId record) {
    if (fields[record.index()].given == Given::kPresent) return;
    fields[record.index()] = {Given::kPresent, {}};
    for (std::size_t i = record.index() + 1; i < fields.size() && is_inside(context, i, record); ++i) {
        const ir::Field& field = context.module.schema.fields[i];
        if (field.parent != record) continue;
        fields[i] = {};
        if (field.missing == ir::Missing::kAbsent) fields[i].given = Given::kAbsent;
        if (field.missing == ir::Missing::kValue) fields[i] = {Given::kValue, field.missing_value};
    }
}

void make_gone(const Context& context, Fields& fields, ir::FieldId record, Given how) {
    fields[record.index()] = {how, {}};
    for (std::size_t i = record.index() + 1; i < fields.size() && is_inside(context, i, record); ++i)
        fields[i] = {how, {}};
}

void bad_member(Context& context, Cursor at, std::string message, std::string help = {}) {
    auto diagnostic = context.sink.report(diag::Code::kBadMember, at.span(), std::move(message), "here");
    if (!help.empty()) diagnostic.help(std::move(help));
}

void given_twice(Context& context, Cursor again, const std::string& name, Cursor first) {
    context.sink
        .report(diag::Code::kDuplicateMember, again.span(), fmt::format("`{}` is given twice", name), "again here")
        .note(first.span(), "first here");
}

void apply_record(Context& context, Cursor record, ir::FieldId inside, Fields& fields);

void apply_member(Context& context, Cursor member, ir::FieldId inside, Fields& fields,
                  std::map<std::uint32_t, Cursor>& seen) {
    const Cursor path = member.child(Kind::kPath);
    const std::string prefix = inside.valid() ? context.module.schema.fields[inside.index()].name + "." : std::string{};
    std::string relative;
    for (const Cursor token : path) relative += token.text();
    const std::string dotted = prefix + relative;
    const ir::FieldId id = context.find_field(dotted);
    if (!id.valid()) {
        std::vector<std::string> names;
        for (const ir::Field& f : context.module.schema.fields) {
            if (context.proposes() && f.name.starts_with(prefix)) names.push_back(f.name.substr(prefix.size()));
        }
        context.unknown_name(path.span(), "field", relative, names);
        return;
    }
    // Neither itself, nor the record around it, nor something inside it may have been given before.
    for (ir::FieldId around = id; around.valid() && around != inside;
         around = context.module.schema.fields[around.index()].parent) {
        if (const auto before = seen.find(around.value); before != seen.end())
            return given_twice(context, path, dotted, before->second);
    }
    const auto next = seen.upper_bound(id.value);
    if (next != seen.end() && is_inside(context, next->first, id))
        return given_twice(context, path, dotted, next->second);
    seen.emplace(id.value, path);
    const ir::Field& field = context.module.schema.fields[id.index()];
    for (ir::FieldId p = field.parent; p.valid() && p != inside; p = context.module.schema.fields[p.index()].parent)
        make_present(context, fields, p);
    const auto all = member.children();
    const Cursor value = all.back();
    FieldValue& target = fields[id.index()];
    if (value.kind() == Kind::kWord) {
        if (value.text() == "unknown") {
            make_gone(context, fields, id, Given::kUnknown);
        } else if (value.text() == "absent") {
            if (!field.type.optional) {
                bad_member(context, value, fmt::format("`{}` can't be absent", field.name),
                           "only fields declared with `?` may be absent; `unknown` is possible");
                return;
            }
            make_gone(context, fields, id, Given::kAbsent);
        } else if (field.type.kind == ir::Kind::kSecret) {
            target = {Given::kValue, context.add_constant(value::undisclosed_secret())};
        } else if (field.type.kind == ir::Kind::kRecord) {
            make_present(context, fields, id);
        } else {
            bad_member(context, value,
                       fmt::format("`present` is said of secrets and nested records, `{}` is neither", field.name),
                       "give a value");
        }
        return;
    }
    const bool empty_braces = value.kind() == Kind::kRecord && !value.child(Kind::kMember);
    if (field.type.kind == ir::Kind::kRecord) {
        if (value.kind() != Kind::kRecord) {
            bad_member(context, value, fmt::format("`{}` is a nested record", field.name),
                       "give its members in braces: `{ name: value }`");
            return;
        }
        make_present(context, fields, id);
        apply_record(context, value, id, fields);
        return;
    }
    if (value.kind() == Kind::kRecord && !empty_braces) {
        bad_member(context, value, fmt::format("`{}` is not a nested record", field.name));
        return;
    }
    if (empty_braces) {  // `{}` reads as a record, and is an empty set here
        switch (field.type.kind == ir::Kind::kSet ? field.type.element : ir::Kind::kBool) {
            case ir::Kind::kEnum: target = {Given::kValue, context.add_constant(value::EnumSet{})}; return;
            case ir::Kind::kNetwork: target = {Given::kValue, context.add_constant(value::NetworkSet{})}; return;
            case ir::Kind::kText: target = {Given::kValue, context.add_constant(value::TextSet{})}; return;
            case ir::Kind::kInt: target = {Given::kValue, context.add_constant(value::IntSet{})}; return;
            case ir::Kind::kBool:
            case ir::Kind::kSet:
            case ir::Kind::kInstant:
            case ir::Kind::kDuration:
            case ir::Kind::kSecret:
            case ir::Kind::kRecord:
                bad_member(context, value,
                           fmt::format("`{}` is of type {}, not a set", field.name, context.show(field.type)));
                return;
        }
    }
    if (auto constant = constant_of(context, value, field.type, true))
        target = {Given::kValue, context.add_constant(std::move(*constant))};
}

void apply_record(Context& context, Cursor record, ir::FieldId inside, Fields& fields) {
    std::map<std::uint32_t, Cursor> seen;
    for (const Cursor member : record) {
        if (member.kind() == Kind::kMember) apply_member(context, member, inside, fields, seen);
    }
}

// Each sample and test says of every field what it is, so many of them with many fields take more room than their text.
bool has_room(Context& context, Cursor at) {
    const std::size_t most = context.limits.sample_fields;
    const bool had_room = context.sample_fields <= most;
    if (had_room) context.sample_fields += context.module.schema.fields.size() + 1;
    if (context.sample_fields <= most) return true;
    if (had_room) {
        context.sink
            .report(diag::Code::kTooComplex, at.span(),
                    fmt::format("the samples and tests have more than {} fields in all", most), "this one is too many")
            .help("spread the tests over several packs; the limit is `sample_fields`");
    }
    return false;
}

// Progress of samples that hang on one another.
struct Samples {
    Context& context;
    const std::vector<Cursor>& items;
    std::vector<Context::Progress> progress;

    bool lower(std::uint32_t index, Cursor from, std::size_t depth) {
        if (progress[index] == Context::Progress::kDone) return true;
        if (progress[index] == Context::Progress::kBusy || depth > context.limits.rule_depth) {
            const bool circle = progress[index] == Context::Progress::kBusy;
            context.sink
                .report(circle ? diag::Code::kCycle : diag::Code::kTooComplex, from.span(),
                        circle
                            ? fmt::format("sample `{}` is made from itself", context.module.samples[index].name)
                            : fmt::format("more than {} samples are made from one another", context.limits.rule_depth),
                        "here")
                .help(circle ? "start one of them from the schema"
                             : "declare a sample before those that are made from it; the limit is `rule_depth`");
            return false;
        }
        if (!has_room(context, from)) return false;
        progress[index] = Context::Progress::kBusy;
        Fields fields;
        const bool fine = configuration(items[index].child(Kind::kConfiguration), fields, depth + 1);
        context.module.samples[index].fields = fine ? std::move(fields) : nothing_given(context);
        progress[index] = Context::Progress::kDone;
        return true;
    }

    bool configuration(Cursor node, Fields& out, std::size_t depth) {
        const Cursor name = node.child(Kind::kName);
        const Cursor record = node.child(Kind::kRecord);
        const bool with = node.has_word("with");
        if (name.text() == context.module.schema.name && with) {
            bad_member(context, name, fmt::format("`{}` is the schema, not a sample", name.text()),
                       fmt::format("write `{} {{ … }}` with all members of the record", name.text()));
            return false;
        }
        if (name.text() == context.module.schema.name) {
            out = nothing_given(context);
        } else if (const auto sample = context.samples.find(name.text()); sample != context.samples.end()) {
            context.used_samples.insert(sample->second);
            if (!lower(sample->second, name, depth)) return false;
            const Fields& fields = context.module.samples[sample->second].fields;
            if (fields.size() != context.module.schema.fields.size()) return false;  // there was no room for it
            out = fields;
            if (record && !with) {
                bad_member(context, record,
                           fmt::format("`{}` is a sample; changes to it stand after `with`", name.text()),
                           fmt::format("write `{} with {{ … }}`", name.text()));
                return false;
            }
        } else {
            auto names = context.keys_of(context.samples);
            names.push_back(context.module.schema.name);
            context.unknown_name(name.span(), "sample", name.text(), names);
            return false;
        }
        if (record) apply_record(context, record, {}, out);
        return true;
    }
};

std::optional<std::uint32_t> rule_named(Context& context, Cursor name) {
    const auto found = context.rules.find(name.text());
    if (found != context.rules.end()) return found->second;
    context.unknown_name(name.span(), "rule", name.text(), context.keys_of(context.rules));
    return {};
}

std::optional<Severity> severity_named(std::string_view word) {
    if (word == "error") return Severity::kError;
    if (word == "warning") return Severity::kWarning;
    if (word == "info") return Severity::kInfo;
    return {};
}

ir::Verdict verdict_named(std::string_view word) {
    return word == "compliant"      ? ir::Verdict::kCompliant
           : word == "violation"    ? ir::Verdict::kViolation
           : word == "undetermined" ? ir::Verdict::kUndetermined
                                    : ir::Verdict::kInvalid;
}

std::optional<Instant> instant_of(Context& context, Cursor token) {
    const auto read = value::read_instant(token.text());
    if (const auto* instant = std::get_if<Instant>(&read)) return *instant;
    context.sink
        .report(diag::Code::kBadInstant, token.span(), fmt::format("`{}` is not an instant", token.text()), "here")
        .help("write it like `2026-01-31T00:00:00Z`, with a day that exists and an offset");
    return {};
}

// The label of an exemption in the tokens' own layout does not matter.
std::string squeeze(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c != ' ') out += c;
    }
    return out;
}

void add_expectation(Context& context, Cursor node, std::vector<ir::Expectation>& out) {
    const auto all = node.children();
    const std::string_view word = all.front().kind() == Kind::kWord ? all.front().text() : std::string_view{};
    ir::Expectation expectation;
    expectation.span = node.span();
    if (word == "none") {
        expectation.kind = ir::ExpectKind::kNone;
        if (all.size() > 1) expectation.severity = severity_named(all[1].text());
        out.push_back(std::move(expectation));
        return;
    }
    if (word == "verdict") {
        expectation.kind = ir::ExpectKind::kVerdict;
        for (std::size_t i = 1; i < all.size(); i += 2) expectation.verdicts.push_back(verdict_named(all[i].text()));
        out.push_back(std::move(expectation));
        return;
    }
    if (word == "expires") {
        expectation.kind = ir::ExpectKind::kExpires;
        if (all[1].kind() == Kind::kInstant) {
            expectation.instant = instant_of(context, all[1]);
            if (!expectation.instant) return;
        }
        out.push_back(std::move(expectation));
        return;
    }
    const Cursor name = node.child(Kind::kName);
    const auto rule = rule_named(context, name);
    if (!rule) return;
    ir::ExpectedRule expected{ir::RuleId{*rule}, {}, name.span()};
    if (node.has_word("as")) expected.severity = severity_named(all.back().text());
    expectation.rules.push_back(expected);
    if (word == "includes") expectation.kind = ir::ExpectKind::kIncludes;
    if (word == "passes") expectation.kind = ir::ExpectKind::kPasses;
    if (word == "not_applicable") expectation.kind = ir::ExpectKind::kNotApplicable;
    if (word == "undetermined") {
        expectation.kind = ir::ExpectKind::kUndetermined;
        expectation.needs_given = node.has_word("needs");
        for (const Cursor c : node) {
            if (c.kind() != Kind::kPath) continue;
            if (const ir::FieldId field = context.field_of(c); field.valid()) expectation.needs.push_back(field);
        }
    }
    if (word == "exempt") {
        expectation.kind = ir::ExpectKind::kExempt;
        if (node.has_word("by")) {
            const Cursor label = all.back();
            const std::string wanted =
                label.kind() == Kind::kText ? string_literal(label, context.sink) : std::string{label.text()};
            const auto& exemptions = context.module.rules[*rule].exemptions;
            const auto found = std::find_if(exemptions.begin(), exemptions.end(), [&](const ir::Exemption& e) {
                return squeeze(e.label) == squeeze(wanted);
            });
            if (found == exemptions.end()) {
                if (context.broken_rules.contains(*rule)) return;  // it may be what the mistake hides
                std::vector<std::string> labels;
                for (const ir::Exemption& e : exemptions) labels.push_back(e.label);
                auto diagnostic = context.sink.report(
                    diag::Code::kUnknownLabel, label.span(),
                    fmt::format("rule `{}` has no exemption `{}`", name.text(), base::printable(wanted)), "here");
                diagnostic.note(context.module.rules[*rule].span, "the rule");
                if (!labels.empty()) diagnostic.help(fmt::format("its exemptions are `{}`", fmt::join(labels, "`, `")));
                return;
            }
            expectation.by = found->label;
        }
    }
    if (expectation.kind == ir::ExpectKind::kViolated) {
        expectation.exactly = word == "exactly";
        // `expect a, b` is one expectation about the set of violated rules.
        for (ir::Expectation& earlier : out) {
            if (earlier.kind != ir::ExpectKind::kViolated) continue;
            earlier.exactly = earlier.exactly || expectation.exactly;
            earlier.rules.push_back(expected);
            earlier.span = base::join(earlier.span, node.span());
            return;
        }
    }
    out.push_back(std::move(expectation));
}

// `never looser than "PATH"` and the like; the path is that of another pack's entry file.
bool add_comparison(Context& context, Cursor path, const std::vector<Cursor>& words, ir::Proof& proof) {
    proof.kind = words[0].text() == "same"     ? ir::ClaimKind::kSameVerdict
                 : words[1].text() == "looser" ? ir::ClaimKind::kNeverLooser
                                               : ir::ClaimKind::kNeverStricter;
    const std::string to = string_literal(path, context.sink);
    const auto target = path_from(context.loaded, path.span().file, to);
    if (!target) {
        context.sink
            .report(diag::Code::kImportOutside, path.span(),
                    fmt::format("`{}` leads out of the rules root", base::printable(to)), "this path")
            .help("paths to another pack are relative and stay inside the rules root, as those of imports do");
        return false;
    }
    proof.other = *target;
    proof.other_span = path.span();
    return true;
}

}  // namespace

void declare_sample(Context& context, Cursor item, std::vector<Cursor>& items) {
    const Cursor name = item.child(Kind::kName);
    const auto index = static_cast<std::uint32_t>(context.module.samples.size());
    const auto [at, fresh] = context.samples.try_emplace(std::string{name.text()}, index);
    if (!fresh || name.text() == context.module.schema.name) {
        context.duplicate(name.span(), fresh ? context.module.schema.span : context.module.samples[at->second].span,
                          "sample", name.text());
        if (fresh) context.samples.erase(at);
        return;
    }
    ir::Sample sample;
    sample.name = name.text();
    sample.span = name.span();
    context.module.samples.push_back(std::move(sample));
    items.push_back(item);
}

void lower_samples(Context& context, const std::vector<Cursor>& items) {
    Samples samples{context, items, std::vector<Context::Progress>(items.size(), Context::Progress::kNew)};
    for (std::size_t i = 0; i < items.size(); ++i) {
        static_cast<void>(samples.lower(static_cast<std::uint32_t>(i), items[i].child(Kind::kName), 0));
    }
}

void lower_test(Context& context, Cursor item) {
    ir::Test test;
    const Cursor title = item.child(Kind::kText);
    test.name = string_literal(title, context.sink);
    test.span = title.span();
    test.file = item.tree().file();
    if (const auto [at, fresh] = context.tests.try_emplace(test.name, title.span()); !fresh) {
        context.duplicate(title.span(), at->second, "test", base::printable(test.name));
        return;
    }
    if (!has_room(context, title)) return;
    Cursor given;
    std::optional<Instant> at;
    bool broken = false;
    bool asserts = false;
    const std::vector<Cursor> no_items;
    Samples samples{context, no_items,
                    std::vector<Context::Progress>(context.module.samples.size(), Context::Progress::kDone)};
    for (const Cursor c : item) {
        if (c.kind() == Kind::kError) broken = true;
        if (c.kind() == Kind::kGiven) {
            if (given) {
                context.sink.report(diag::Code::kDuplicateClause, c.span(), "`given` stands twice", "again here")
                    .note(given.span(), "first here");
                continue;
            }
            given = c;
            broken = !samples.configuration(c.child(Kind::kConfiguration), test.record, 0) || broken;
        }
        if (c.kind() != Kind::kExpect) continue;
        asserts = true;
        ir::TestCase one;
        one.span = c.span();
        if (const Cursor instant = c.child(Kind::kInstant)) {
            at = instant_of(context, instant);
            if (!at) {
                broken = true;
                continue;
            }
        }
        if (!at) {
            context.sink.report(diag::Code::kNoInstant, c.span(), "nothing says when this is expected", "no instant")
                .help("write `at 2026-01-31T00:00:00Z expect …`; later expectations of the test keep it");
            continue;
        }
        one.at = *at;
        for (const Cursor e : c) {
            if (e.kind() == Kind::kExpectation) add_expectation(context, e, one.expectations);
        }
        test.cases.push_back(std::move(one));
    }
    if (!given && !broken) {
        context.sink.report(diag::Code::kNoGiven, title.span(), "the test has no record", "this test")
            .help("add `given SAMPLE`");
        return;
    }
    if (!asserts && !broken) {
        context.sink.report(diag::Code::kAssertsNothing, title.span(), "the test asserts nothing", "this test")
            .help("add `at INSTANT expect …`");
        return;
    }
    if (!broken) context.module.tests.push_back(std::move(test));
}

void lower_proof(Context& context, Cursor item) {
    ir::Proof proof;
    const Cursor title = item.child(Kind::kText);
    proof.name = string_literal(title, context.sink);
    proof.span = title.span();
    if (const auto [at, fresh] = context.proofs.try_emplace(proof.name, title.span()); !fresh) {
        context.duplicate(title.span(), at->second, "proof", base::printable(proof.name));
        return;
    }
    Expressions expressions{context};
    for (const Cursor c : item) {
        if (syntax::is_token(c.kind())) continue;
        if (c.kind() != Kind::kClaim) {
            proof.where = expressions.condition(c);
            if (!proof.where.valid()) return;
            expressions.assume(proof.where, true);
            continue;
        }
        const auto all = c.children();
        if (all.empty()) return;
        const bool words = all.front().kind() == Kind::kWord;
        if (const Cursor path = c.child(Kind::kText); words && path) {
            if (!add_comparison(context, path, all, proof)) return;
        } else if (words && all.front().text() == "verdict") {
            proof.kind = ir::ClaimKind::kVerdict;
            for (std::size_t i = 2; i < all.size(); i += 2) proof.verdicts.push_back(verdict_named(all[i].text()));
        } else if (words) {
            proof.kind = all.front().text() == "never" ? ir::ClaimKind::kNever : ir::ClaimKind::kAlways;
            const auto rule = rule_named(context, all.back());
            if (!rule) return;
            proof.rule = ir::RuleId{*rule};
        } else {
            proof.kind = ir::ClaimKind::kHolds;
            proof.condition = expressions.condition(all.front());
            if (!proof.condition.valid()) return;
        }
        context.module.proofs.push_back(std::move(proof));
        return;
    }
}

}  // namespace keywright::check
