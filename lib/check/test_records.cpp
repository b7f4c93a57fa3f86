// The many records of one test: values that vary, and the rows of tables.
#include "check/testing.h"

#include "value/value.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <utility>

namespace keywright::check {

using syntax::Cursor;
using syntax::Kind;

namespace {

using Choices = std::vector<std::vector<ir::Assignment>>;

constexpr std::uint64_t kMostInts = 64;

// Every value of the type, where these can be listed; false where not. Sets are in order of their size.
bool list_values(Context& context, Cursor at, const ir::Field& field, ir::FieldId id, Choices& out) {
    const ir::Type& type = field.type;
    const auto add = [&](value::Value value) {
        out.push_back({{id, {ir::Given::kValue, context.add_constant(std::move(value))}}});
    };
    const auto refuse = [&](std::string message, std::string help) {
        context.sink.report(diag::Code::kNotListed, at.span(), std::move(message), "here").help(std::move(help));
        return false;
    };
    const std::string in = fmt::format("name those that matter: `for each {} in …`", field.name);
    const bool enum_set = type.kind == ir::Kind::kSet && type.element == ir::Kind::kEnum;
    if (type.kind == ir::Kind::kBool) {
        add(false);
        add(true);
    } else if (type.kind == ir::Kind::kEnum) {
        const std::size_t values = context.module.enums[type.enumeration.index()].values.size();
        for (std::uint32_t i = 0; i < values; ++i) add(value::EnumValue{i});
    } else if (enum_set) {
        const std::size_t values = context.module.enums[type.enumeration.index()].values.size();
        if (values >= 32 || (std::size_t{1} << values) > context.limits.test_cases) {
            context.sink
                .report(diag::Code::kTooManyCases, at.span(),
                        fmt::format("`{}` has more than {} sets of its {} values", field.name,
                                    context.limits.test_cases, values),
                        "here")
                .help(in + "; the limit is `test_cases`");
            return false;
        }
        std::vector<std::uint64_t> sets(std::size_t{1} << values);
        for (std::size_t i = 0; i < sets.size(); ++i) sets[i] = i;
        std::ranges::sort(sets, {}, [](std::uint64_t bits) { return std::pair{std::popcount(bits), bits}; });
        for (const std::uint64_t bits : sets) add(value::EnumSet{bits});
    } else if (type.kind == ir::Kind::kInt &&
               static_cast<std::uint64_t>(type.max) - static_cast<std::uint64_t>(type.min) < kMostInts) {
        for (std::uint64_t i = 0; i <= static_cast<std::uint64_t>(type.max) - static_cast<std::uint64_t>(type.min); ++i)
            add(type.min + static_cast<std::int64_t>(i));
    } else if (type.kind == ir::Kind::kInt) {
        return refuse(fmt::format("`{}` has more than {} values", field.name, kMostInts), in);
    } else if (type.kind == ir::Kind::kRecord || type.kind == ir::Kind::kSecret) {
        return refuse(fmt::format("the values of a field of type {} can't be listed", context.show(type)),
                      fmt::format("name the states that matter: `for each {} in absent, present`", field.name));
    } else {
        return refuse(fmt::format("the values of a field of type {} can't be listed", context.show(type)), in);
    }
    if (type.optional) out.push_back({{id, {ir::Given::kAbsent, {}}}});
    return true;
}

// What a table's columns are: a field, or the instant.
struct Column {
    ir::FieldId field;
    bool is_at = false;
    bool known = false;
};

std::vector<Column> columns_of(Context& context, Cursor header, bool& fine) {
    std::vector<Column> out;
    std::vector<Cursor> seen;
    for (const Cursor path : header) {
        if (path.kind() != Kind::kPath) continue;
        Column column;
        column.is_at = path.text() == "at";
        if (!column.is_at) column.field = context.field_of(path);
        column.known = column.is_at || column.field.valid();
        fine = fine && column.known;
        // Neither itself, nor a record around it, nor something inside it.
        const auto clashes = [&](const Column& other) {
            if (other.is_at || column.is_at) return other.is_at && column.is_at;
            if (!other.known || !column.known) return false;
            const auto holds = [&](ir::FieldId outer, ir::FieldId inner) {
                for (; inner.valid(); inner = context.module.schema.fields[inner.index()].parent) {
                    if (inner == outer) return true;
                }
                return false;
            };
            return holds(other.field, column.field) || holds(column.field, other.field);
        };
        const auto before = std::ranges::find_if(out, clashes);
        if (before != out.end()) {
            context.sink
                .report(diag::Code::kDuplicateMember, path.span(), fmt::format("`{}` is a column twice", path.text()),
                        "again here")
                .note(seen[static_cast<std::size_t>(before - out.begin())].span(), "first here");
            fine = false;
        }
        out.push_back(column);
        seen.push_back(path);
    }
    return out;
}

// The instant in a cell.
std::optional<Instant> instant_in(Context& context, Cursor value) {
    if (value.kind() == Kind::kLiteral) {
        if (const Cursor token = value.child(Kind::kInstant)) return instant_of(context, token);
    }
    context.sink.report(diag::Code::kBadInstant, value.span(), "the column `at` holds instants", "this is none")
        .help("write it like `2026-01-31T00:00:00Z`");
    return {};
}

}  // namespace

bool add_axis(Context& context, Cursor node, std::vector<ir::Axis>& out) {
    const Cursor path = node.child(Kind::kPath);
    ir::Axis axis;
    axis.span = path.span();
    axis.field = context.field_of(path);
    if (!axis.field.valid()) return false;
    const ir::Field field = context.module.schema.fields[axis.field.index()];
    if (!node.has_word("in")) {
        if (!list_values(context, path, field, axis.field, axis.choices)) return false;
        out.push_back(std::move(axis));
        return true;
    }
    bool fine = true;
    bool values = false;
    std::vector<Cursor> seen;
    for (const Cursor c : node) {
        if (c.kind() == Kind::kWord && c.text() == "where") break;
        const bool is_value = values && c.kind() != Kind::kPunctuation;
        values = values || (c.kind() == Kind::kWord && c.text() == "in");
        if (!is_value) continue;
        const auto before = std::ranges::find_if(seen, [&](Cursor s) { return s.text() == c.text(); });
        if (before != seen.end()) {
            context.sink
                .report(diag::Code::kDuplicateValue, c.span(), fmt::format("`{}` stands twice", one_line(c.text())),
                        "again here")
                .note(before->span(), "first here");
            fine = false;
            continue;
        }
        seen.push_back(c);
        std::vector<ir::Assignment> changes;
        add_value(context, c, axis.field, changes);
        fine = fine && !changes.empty();
        axis.choices.push_back(std::move(changes));
    }
    if (fine) out.push_back(std::move(axis));
    return fine;
}

bool add_table(Context& context, Cursor node, const std::optional<Instant>& at, ir::Test& out) {
    bool fine = true;
    const Cursor header = node.child(Kind::kHeader);
    const std::vector<Column> columns = columns_of(context, header, fine);
    bool rows = false;
    std::uint32_t number = 0;
    for (const ir::TestCase& one : out.cases) number = std::max(number, one.row);
    for (const Cursor row : node) {
        if (row.kind() == Kind::kError) rows = true, fine = false;
        if (row.kind() != Kind::kRow) continue;
        rows = true;
        ir::TestCase one;
        one.span = row.span();
        one.row = ++number;
        std::optional<Instant> instant = at;
        bool names_instant = false;
        std::size_t cells = 0;
        for (const Cursor c : row) {
            if (c.kind() == Kind::kExpectation) add_expectation(context, c, one.expectations);
            if (c.kind() != Kind::kCell) continue;
            const std::size_t i = cells++;
            if (i >= columns.size() || !columns[i].known) continue;
            const Cursor value = c.children().front();
            if (columns[i].is_at) {
                names_instant = true;
                instant = instant_in(context, value);
                fine = fine && instant;
            } else {
                add_value(context, value, columns[i].field, one.cells);
            }
        }
        if (cells != columns.size()) {
            context.sink
                .report(diag::Code::kBadRow, row.span(),
                        fmt::format("the row has {} {}, and the table {} {}", cells, cells == 1 ? "cell" : "cells",
                                    columns.size(), columns.size() == 1 ? "column" : "columns"),
                        "this row")
                .note(header.span(), "the columns")
                .help("write one cell for each column; `unknown` and `absent` are cells too");
            fine = false;
        } else if (!instant && !names_instant) {
            no_instant(context, row.span());
            fine = false;
        }
        if (!instant) continue;
        one.at = *instant;
        out.cases.push_back(std::move(one));
    }
    if (!rows) {
        context.sink.report(diag::Code::kAssertsNothing, header.span(), "the table has no rows", "these columns alone")
            .help("write a row like `| value -> expectation` for each case");
        fine = false;
    }
    return fine;
}

}  // namespace keywright::check
