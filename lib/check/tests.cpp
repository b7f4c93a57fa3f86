// Tests: where their records come from, and what is expected when.
#include "check/declarations.h"
#include "check/expressions.h"
#include "check/testing.h"
#include "ir/given.h"

#include "base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace keywright::check {

using syntax::Cursor;
using syntax::Kind;

namespace {

// A seed that a test has where it names none: another for each name, the same on every machine (FNV-1a).
std::uint64_t seed_of(std::string_view name) {
    std::uint32_t out = 2'166'136'261U;
    for (const char c : name) out = (out ^ static_cast<unsigned char>(c)) * 16'777'619U;
    return out;
}

constexpr std::size_t kCostOfDrawing = 16;  // in samples

class TestLowering {
public:
    TestLowering(Context& context, ir::Test& test) : context_(context), test_(test) {}

    // False where the test must not be kept.
    [[nodiscard]] bool run(Cursor item, Cursor title) {
        for (const Cursor c : item) clause(c);
        if (broken_) return false;
        if (!given_ && !any_) {
            context_.sink.report(diag::Code::kNoGiven, title.span(), "the test has no record", "this test")
                .help("add `given SAMPLE`");
            return false;
        }
        if (!asserts_) {
            context_.sink.report(diag::Code::kAssertsNothing, title.span(), "the test asserts nothing", "this test")
                .help("add `at INSTANT expect …`");
            return false;
        }
        return parts_fit() && fields_vary_once() && has_room_for_cases(title);
    }

private:
    void clause(Cursor c) {
        switch (c.kind()) {
            case Kind::kError: broken_ = true; break;
            case Kind::kGiven: given(c); break;
            case Kind::kAt: instant(c); break;
            case Kind::kForEach:
                if (!add_axis(context_, c, test_.axes)) broken_ = true;
                each_ = each_ ? each_ : c;
                where(c);
                break;
            case Kind::kForAny: any(c); break;
            case Kind::kTable:
                asserts_ = true;
                table_ = table_ ? table_ : c;
                if (!add_table(context_, c, at_, test_)) broken_ = true;
                break;
            case Kind::kExpect: expect(c); break;
            default: break;  // NOLINT: words and braces
        }
    }

    bool only_once(Cursor c, Cursor& first, std::string_view what) {
        if (!first) {
            first = c;
            return true;
        }
        context_.sink
            .report(diag::Code::kDuplicateClause, c.span(), fmt::format("`{}` stands twice", what), "again here")
            .note(first.span(), "first here");
        return false;
    }

    void given(Cursor c) {
        if (!only_once(c, given_, "given")) return;
        if (const Cursor json = c.child(Kind::kRawText)) {
            ir::JsonText out;
            constexpr std::size_t kQuotes = 3;
            out.text = json.text().substr(kQuotes, json.text().size() - 2 * kQuotes);
            out.span = c.child(Kind::kWord, 1).span();
            if (const Cursor adapter = c.child(Kind::kName)) {
                const auto found = context_.adapters.find(adapter.text());
                if (found == context_.adapters.end()) {
                    context_.unknown_name(adapter.span(), "adapter", adapter.text(),
                                          context_.keys_of(context_.adapters));
                    broken_ = true;
                    return;
                }
                out.adapter = found->second;
            }
            test_.json = std::move(out);
            test_.record = ir::nothing_given(context_.module.schema);
            return;
        }
        if (!configuration(context_, c.child(Kind::kConfiguration), test_.record)) broken_ = true;
    }

    void instant(Cursor c) {
        at_ = instant_of(context_, c.child(Kind::kInstant));
        if (!at_) broken_ = true;
    }

    void where(Cursor c) {
        const bool has_where = c.has_word("where");
        if (!has_where) return;
        Cursor condition;
        bool behind = false;
        for (const Cursor child : c) {
            if (behind) {
                condition = child;
                break;
            }
            behind = child.kind() == Kind::kWord && child.text() == "where";
        }
        Expressions expressions{context_};
        const ir::NodeId node = expressions.condition(condition);
        if (!node.valid()) {
            broken_ = true;
            return;
        }
        test_.where =
            test_.where.valid() ? context_.add_list_node(ir::Op::kAnd, kBoolType, c.span(), {test_.where, node}) : node;
    }

    // The number behind a word; reports what doesn't fit.
    template <class Number>
    std::optional<Number> number(Cursor token) {
        std::string digits;
        for (const char d : token.text()) {
            if (d != '_') digits += d;
        }
        Number out = 0;
        const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), out);
        if (read.ec == std::errc{}) return out;
        context_.sink.report(diag::Code::kBadNumber, token.span(),
                             fmt::format("the number does not fit in {} bits", sizeof(Number) * 8), "here");
        broken_ = true;
        return {};
    }

    void any(Cursor c) {
        if (!only_once(c, any_, "for any key")) return;
        ir::Property out;
        out.span = c.span();
        out.seed = seed_of(test_.name);
        std::string_view word;
        for (const Cursor child : c) {
            if (child.kind() == Kind::kWord) word = child.text();
            if (child.kind() != Kind::kInteger) continue;
            if (word == "seed") {
                out.seed = number<std::uint64_t>(child).value_or(0);
                continue;
            }
            out.tries = number<std::uint32_t>(child).value_or(1);
            if (out.tries == 0) {
                context_.sink
                    .report(diag::Code::kAssertsNothing, child.span(), "a test of no record asserts nothing",
                            "no tries")
                    .help("leave `tries` out for 100, or give the number of records");
                broken_ = true;
            }
        }
        test_.property = out;
        test_.record = ir::nothing_given(context_.module.schema);
        where(c);
    }

    void expect(Cursor c) {
        asserts_ = true;
        ir::TestCase one;
        one.span = c.span();
        if (c.child(Kind::kInstant)) {
            instant(c);
            if (!at_) return;
        }
        if (!at_) return no_instant(context_, c.span());
        one.at = *at_;
        for (const Cursor e : c) {
            if (e.kind() == Kind::kExpectation) add_expectation(context_, e, one.expectations);
        }
        test_.cases.push_back(std::move(one));
    }

    // Records come from one place, and what a test reads or draws can't be changed besides.
    [[nodiscard]] bool parts_fit() {
        const auto refuse = [&](Cursor part, Cursor other, std::string message, std::string help) {
            context_.sink.report(diag::Code::kMixedTest, part.span(), std::move(message), "this part")
                .note(other.span(), "with this one")
                .help(std::move(help));
            return false;
        };
        if (any_ && given_)
            return refuse(any_, given_, "`for any key` makes its own records, so there is none to give",
                          "remove one of them; what all records have in common stands behind `where`");
        if (any_ && each_)
            return refuse(each_, any_, "`for any key` draws every field, so none is left to vary",
                          "remove one of them; what all records have in common stands behind `where`");
        if (any_ && table_)
            return refuse(table_, any_, "`for any key` draws every field, so a table has nothing to change",
                          "write the table in a test of its own, with `given`");
        const Cursor json = given_ ? given_.child(Kind::kRawText) : Cursor{};
        if (!json) return true;
        const Cursor word = given_.child(Kind::kWord, 1);
        if (each_)
            return refuse(each_, word, "a record that is read is as its text says, so no field can vary",
                          "write one test for each text, or give the record as a sample");
        for (const ir::TestCase& one : test_.cases) {
            if (!one.cells.empty())
                return refuse(table_, word,
                              "a record that is read is as its text says, so a table can only change `at`",
                              "write one test for each text, or give the record as a sample");
        }
        return true;
    }

    [[nodiscard]] bool overlap(ir::FieldId a, ir::FieldId b) const {
        const ir::Schema& schema = context_.module.schema;
        const auto holds = [&](ir::FieldId outer, ir::FieldId inner) {
            for (; inner.valid(); inner = schema.fields[inner.index()].parent) {
                if (inner == outer) return true;
            }
            return false;
        };
        return holds(a, b) || holds(b, a);
    }

    // A field that two things set would be as the last of them says, and the other would say nothing.
    [[nodiscard]] bool fields_vary_once() {
        const auto& fields = context_.module.schema.fields;
        for (std::size_t i = 0; i < test_.axes.size(); ++i) {
            const ir::Axis& axis = test_.axes[i];
            for (std::size_t j = 0; j < i; ++j) {
                if (!overlap(axis.field, test_.axes[j].field)) continue;
                context_.sink
                    .report(diag::Code::kDuplicateMember, axis.span,
                            fmt::format("`{}` varies twice", fields[axis.field.index()].name), "again here")
                    .note(test_.axes[j].span, "first here");
                return false;
            }
            for (const ir::TestCase& one : test_.cases) {
                for (const ir::Assignment& cell : one.cells) {
                    if (!overlap(axis.field, cell.field)) continue;
                    context_.sink
                        .report(diag::Code::kDuplicateMember, axis.span,
                                fmt::format("`{}` is a column of the table and varies too",
                                            fields[axis.field.index()].name),
                                "varies here")
                        .note(one.span, "a row gives it");
                    return false;
                }
            }
        }
        return true;
    }

    // Each combination of what varies, and each record drawn, is a record of its own.
    [[nodiscard]] bool has_room_for_cases(Cursor title) {
        const std::size_t most = context_.limits.test_cases;
        std::size_t records = test_.property ? test_.property->tries : 1;
        bool fits = records <= most;
        for (const ir::Axis& axis : test_.axes) {
            fits = fits && axis.choices.size() <= most / records;
            if (fits) records *= axis.choices.size();
        }
        fits = fits && test_.cases.size() <= most / records;
        if (fits) {
            const auto rows = static_cast<std::size_t>(
                std::ranges::count_if(test_.cases, [](const ir::TestCase& one) { return one.row > 0; }));
            const bool varies = rows > 0 || records > 1;
            // The first has its room already.
            if (!varies) return true;
            // To draw a record takes many times what it takes to keep one.
            const std::size_t weight = test_.property ? kCostOfDrawing : 1;
            return has_room(context_, title, records * test_.cases.size() * weight - 1);
        }
        context_.sink
            .report(diag::Code::kTooManyCases, title.span(), fmt::format("the test makes more than {} cases", most),
                    "this test")
            .help(
                "vary fewer fields, or name the values that matter: `for each FIELD in …`; the limit is `test_cases`");
        return false;
    }

    Context& context_;
    ir::Test& test_;
    Cursor given_, any_, each_, table_;
    std::optional<Instant> at_;
    bool broken_ = false;
    bool asserts_ = false;
};

}  // namespace

void no_instant(Context& context, base::Span span) {
    context.sink.report(diag::Code::kNoInstant, span, "nothing says when this is expected", "no instant")
        .help("write `at 2026-01-31T00:00:00Z expect …`; later expectations of the test keep it");
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
    if (TestLowering{context, test}.run(item, title)) context.module.tests.push_back(std::move(test));
}

}  // namespace keywright::check
