// The matrix as CSV (RFC 4180), harmless in a spreadsheet.
#include "keywright/render_trace.h"
#include "report/report_stream.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <utility>

namespace keywright {

namespace {

constexpr std::array<std::string_view, 20> kHeading = {
    "pack", "version", "document", "clause",     "kind", "text",     "state", "detail", "drift",   "cited_by",
    "name", "rule",    "severity", "rule_state", "test", "expected", "shown", "result", "example", "example_at",
};
using Row = std::array<std::string, kHeading.size()>;
enum Column : std::uint8_t {
    kPack,
    kVersion,
    kDocument,
    kClause,
    kKind,
    kText,
    kState,
    kDetail,
    kDrift,
    kCitedBy,
    kName,
    kRule,
    kSeverity,
    kRuleState,
    kTest,
    kExpected,
    kShown,
    kResult,
    kExample,
    kExampleAt,
};

class Table {
public:
    Table() { put(kHeading); }

    void add(const Trace& trace) {
        trace_ = &trace;
        Row pack;
        pack[kPack] = trace.identity.pack;
        pack[kVersion] = trace.identity.version;
        std::vector<bool> shown(trace.rules.size());
        for (const TracedDocument& document : trace.documents) {
            for (const TracedClause& clause : document.clauses) {
                Row row = pack;
                row[kDocument] = document.name;
                row[kClause] = clause.id;
                row[kKind] = clause.kind;
                row[kText] = clause.text;
                row[kState] = to_string(clause.state);
                row[kDetail] = clause.waived_until ? "until " + to_string(*clause.waived_until) : clause.not_checkable;
                row[kDrift] = to_string(clause.drift);
                if (!clause.drift_reason.empty()) row[kDrift] += ": " + clause.drift_reason;
                bool any = false;
                for (const TracedCitation& citation : clause.citations) {
                    row[kCitedBy] = to_string(citation.by);
                    row[kName] = citation.name;
                    any = true;
                    if (citation.rules.empty()) put(row);
                    for (const std::size_t rule : citation.rules) {
                        shown[rule] = true;
                        add_rule(row, rule, citation.by == TracedCitation::By::kExemption ? &citation : nullptr);
                    }
                }
                if (!any) put(row);
            }
        }
        for (std::size_t i = 0; i < shown.size(); ++i) {
            if (!shown[i]) add_rule(pack, i, nullptr);
        }
    }

    [[nodiscard]] std::string take() { return std::move(out_); }

private:
    // `exemption`: only the tests in which it decides or is named.
    void add_rule(Row row, std::size_t number, const TracedCitation* exemption) {
        const TracedRule& rule = trace_->rules[number];
        row[kRule] = rule.name;
        row[kSeverity] = to_string(rule.severity);
        row[kRuleState] = joined(states_of(rule));
        row[kExample] = words(rule.example);
        if (rule.example.example) row[kExampleAt] = to_string(rule.example.example->at);
        bool any = false;
        const auto add_test = [&](const TracedTest& test, std::string expected, std::string shown) {
            row[kTest] = test.name;
            row[kExpected] = std::move(expected);
            row[kShown] = std::move(shown);
            row[kResult] = test.passed ? "passed" : "failed";
            put(row);
            any = true;
        };
        if (exemption == nullptr) {
            for (const TracedUse& use : rule.tests)
                add_test(trace_->tests[use.test], words(use.expected), words(use.shown));
        } else {
            // Where it decides, the rule needn't be named: `expect none` is enough.
            for (const std::size_t test : exemption->tests) {
                const auto use = std::ranges::lower_bound(rule.tests, test, {}, &TracedUse::test);
                const bool named = use != rule.tests.end() && use->test == test;
                add_test(trace_->tests[test], named ? words(use->expected) : "", named ? words(use->shown) : "exempt");
            }
        }
        if (!any) put(row);
    }

    [[nodiscard]] static std::string joined(const std::vector<std::string_view>& texts) {
        std::string out;
        for (const std::string_view text : texts) out += (out.empty() ? "" : ", ") + std::string{text};
        return out;
    }
    [[nodiscard]] static std::string words(const std::vector<Role>& roles) {
        std::vector<std::string_view> texts;
        for (const Role role : roles) texts.push_back(to_string(role));
        return joined(texts);
    }

    [[nodiscard]] static std::string words(const RuleExample& example) {
        switch (example.kind) {
            case RuleExample::Kind::kSample: return "sample " + example.sample;
            case RuleExample::Kind::kRecord: return example.example->json;
            case RuleExample::Kind::kNothing: return "nothing violates it";
            case RuleExample::Kind::kUnknown: return "unknown: " + example.reason;
        }
        return {};
    }

    template <class Cells>
    void put(const Cells& cells) {
        for (std::size_t i = 0; i < cells.size(); ++i) {
            if (i > 0) out_ += ',';
            report::append_csv_cell(out_, cells[i]);
        }
        out_ += "\r\n";
    }

    const Trace* trace_ = nullptr;
    std::string out_;
};

}  // namespace

std::string to_csv(const std::vector<Trace>& packs) {
    Table table;
    for (const Trace& pack : packs) table.add(pack);
    return table.take();
}

}  // namespace keywright
