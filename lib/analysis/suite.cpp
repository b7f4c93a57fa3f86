#include "analysis/suite.h"

#include "analysis/properties.h"
#include "analysis/record_values.h"
#include "eval/reference.h"
#include "input/reader.h"
#include "ir/given.h"

#include <fmt/format.h>

#include <map>
#include <utility>

namespace keywright::analysis {

namespace {

class Expansion {
public:
    Expansion(const ir::Module& module, const Limits& limits, Suite& suite)
        : module_(module), limits_(limits), suite_(suite) {}

    void add(std::uint32_t test) {
        test_ = test;
        const ir::Test& t = module_.tests[test];
        if (t.json) return read(t);
        if (t.property) return draw_records(t);
        if (t.axes.empty()) return add_given(t);
        vary(t);
    }

private:
    std::uint32_t keep(value::Record record) {
        suite_.records.push_back(std::move(record));
        return static_cast<std::uint32_t>(suite_.records.size() - 1);
    }

    Case& add_case(const ir::TestCase& expected, std::uint32_t record, std::string where) {
        Case one;
        one.test = test_;
        one.record = record;
        one.expected = &expected;
        one.where = std::move(where);
        suite_.cases.push_back(std::move(one));
        return suite_.cases.back();
    }

    void add_checked(const ir::TestCase& expected, std::uint32_t record, std::string where) {
        Case& one = add_case(expected, record, std::move(where));
        input::check_assumptions(module_, suite_.records[record], expected.at, one.errors);
    }

    void add_void(const ir::TestCase& expected, std::uint32_t record, std::string where, std::string problem) {
        add_case(expected, record, std::move(where)).errors = {{"", "", std::move(problem), ""}};
    }

    // `usage: linked`, `row 2`, `row 2, usage: linked`.
    [[nodiscard]] std::string place(const ir::TestCase& expected,
                                    const std::vector<ir::Assignment>& combination) const {
        std::string out = expected.row == 0 ? std::string{} : fmt::format("row {}", expected.row);
        const std::string values = ir::to_text(module_, combination);
        if (!out.empty() && !values.empty()) out += ", ";
        return out + values;
    }

    void add_given(const ir::Test& test) {
        const std::uint32_t given = keep(to_record(module_, test.record));
        for (const ir::TestCase& expected : test.cases)
            add_checked(expected, with_cells(expected, given), place(expected, {}));
    }

    std::uint32_t with_cells(const ir::TestCase& expected, std::uint32_t record) {
        if (expected.cells.empty()) return record;
        value::Record changed = suite_.records[record];
        assign_all(module_, changed, expected.cells);
        return keep(std::move(changed));
    }

    // Every combination of the values that vary, the last of them fastest.
    void vary(const ir::Test& test) {
        struct Combination {
            std::uint32_t record = 0;
            std::vector<ir::Assignment> changes;
        };
        std::vector<Combination> all;
        std::vector<std::size_t> at(test.axes.size(), 0);
        const value::Record given = to_record(module_, test.record);
        for (bool more = true; more;) {
            Combination one;
            for (std::size_t i = 0; i < at.size(); ++i) {
                const auto& choice = test.axes[i].choices[at[i]];
                one.changes.insert(one.changes.end(), choice.begin(), choice.end());
            }
            value::Record record = given;
            assign_all(module_, record, one.changes);
            one.record = keep(std::move(record));
            all.push_back(std::move(one));
            more = false;
            for (std::size_t i = at.size(); i-- > 0 && !more;) {
                more = ++at[i] < test.axes[i].choices.size();
                if (!more) at[i] = 0;
            }
        }
        for (const ir::TestCase& expected : test.cases) {
            bool met = false;
            for (const Combination& one : all) {
                const std::uint32_t record = with_cells(expected, one.record);
                const std::string where = place(expected, one.changes);
                const eval::Truth truth =
                    test.where.valid()
                        ? eval::evaluate_reference(module_, test.where, suite_.records[record], expected.at)
                        : eval::Truth::kTrue;
                if (truth == eval::Truth::kFalse) continue;
                met = true;
                if (truth == eval::Truth::kTrue)
                    add_checked(expected, record, where);
                else
                    add_void(expected, record, where,
                             fmt::format("whether `{}` holds is unknown", ir::to_text(module_, test.where)));
            }
            if (!met)
                add_void(expected, all.front().record, place(expected, {}),
                         fmt::format("no combination meets `{}`", ir::to_text(module_, test.where)));
        }
    }

    void draw_records(const ir::Test& test) {
        const ir::Property& property = *test.property;
        std::map<Instant, std::vector<std::uint32_t>> drawn;
        std::map<Instant, std::string> problems;
        for (const ir::TestCase& expected : test.cases) {
            const auto [at, fresh] = drawn.try_emplace(expected.at);
            if (fresh) {
                Drawn records = draw(module_, test.where, expected.at, property.tries, property.seed);
                for (value::Record& record : records.records) at->second.push_back(keep(std::move(record)));
                problems[expected.at] = std::move(records.problem);
            }
            if (at->second.empty())
                add_void(expected, keep(to_record(module_, test.record)), fmt::format("seed {}", property.seed),
                         problems[expected.at]);
            for (std::size_t i = 0; i < at->second.size(); ++i) {
                add_checked(expected, at->second[i],
                            fmt::format("try {} of {}, seed {}", i + 1, property.tries, property.seed));
                suite_.cases.back().drawn = true;
            }
        }
    }

    // The text as its reader reads it at the instant of each case: whether it breaks an assumption hangs on that.
    void read(const ir::Test& test) {
        input::ReadOptions options;
        options.limits = limits_;
        if (test.json->adapter) options.adapter = &module_.adapters[*test.json->adapter];
        for (const ir::TestCase& expected : test.cases) {
            options.now = expected.at;
            std::size_t found = 0;
            value::Record record = to_record(module_, test.record);
            std::vector<RecordError> errors;
            input::read_records(module_, test.json->text, input::DocumentForm::kDocument, options,
                                [&](input::ReadRecord& one) {
                                    if (found++ > 0) return;
                                    errors = std::move(one.errors);
                                    if (errors.empty()) record = one.record;
                                });
            const std::uint32_t kept = keep(std::move(record));
            if (found == 1)
                add_case(expected, kept, place(expected, {})).errors = std::move(errors);
            else
                add_void(expected, kept, place(expected, {}),
                         fmt::format("the text holds {} records, and a test is about one", found));
        }
    }

    const ir::Module& module_;
    const Limits& limits_;
    Suite& suite_;
    std::uint32_t test_ = 0;
};

}  // namespace

value::Record to_record(const ir::Module& module, const std::vector<ir::FieldValue>& fields) {
    value::Record record;
    record.reset(fields.size());
    for (std::size_t i = 0; i < fields.size(); ++i) {
        switch (fields[i].given) {
            case ir::Given::kUnknown: record.set_unknown(i); break;
            case ir::Given::kAbsent: record.set_absent(i); break;
            case ir::Given::kPresent: record.set_present(i); break;
            case ir::Given::kValue: record.set(i, module.constants[fields[i].value.index()]); break;
        }
    }
    return record;
}

Suite::Suite(const ir::Module& module, const Limits& limits) {
    Expansion expansion{module, limits, *this};
    for (std::uint32_t i = 0; i < module.tests.size(); ++i) expansion.add(i);
}

}  // namespace keywright::analysis
