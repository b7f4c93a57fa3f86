// Audits against checks: whatever an inventory holds, wherever it is cut and by however many workers it is decided, the
// numbers are those of `Rules::check`, and so are the results.
#include "keywright/audit.h"

#include "engine/audit_state.h"
#include "keywright/render.h"
#include "keywright/render_audit.h"
#include "support/compiling.h"
#include "support/dice.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstring>
#include <deque>
#include <string>
#include <utility>
#include <vector>

using namespace keywright;
using test::Dice;

namespace {

const Instant kNow = test::at("2026-02-15T00:00:00Z");

// A line of an inventory: mostly a record, sometimes wrong in one of many ways.
std::string line_of(Dice& dice) {
    if (dice.chance(4)) {
        static const std::vector<std::string> kOdd = {"",
                                                      "   ",
                                                      "\t",
                                                      "not json",
                                                      "{\"id\":",
                                                      "[]",
                                                      "[1]",
                                                      "{\"id\":\"a\",\"id\":\"b\"}",
                                                      "7",
                                                      "null",
                                                      "{}",
                                                      "\xff\xfe",
                                                      "{\"x\": \"\\ud800\"}",
                                                      "{\"a\": 1e999}",
                                                      "\xef\xbb\xbf{}",
                                                      "{\"nope\": true}",
                                                      std::string(70, '[') + std::string(70, ']'),
                                                      "{\"id\":\"\\u0000\"}",
                                                      "{\"id\": \"caf\xe9\"}"};
        return dice.pick(kOdd);
    }
    std::string out = "{\"id\":\"key-" + std::to_string(dice.below(100000)) + "\"";
    if (dice.chance(80)) out += ",\"name\":\"" + std::string(dice.chance(10) ? "q\\\"uote, } ] \\u0041" : "bot") + "\"";
    static const std::vector<std::string> kUsage = {"api_trading", "third_party", "robot"};
    if (dice.chance(95)) out += ",\"usage\":\"" + kUsage[dice.chance(3) ? 2 : dice.below(2)] + "\"";
    if (dice.chance(40)) out += ",\"app\":\"Desk\"";
    static const std::vector<std::string> kPermissions = {"\"general\"", "\"general\",\"spot\"",
                                                          "\"general\",\"withdrawal\"", "\"spot\",\"transfer\"", ""};
    if (dice.chance(95)) out += ",\"permissions\":[" + dice.pick(kPermissions) + "]";
    static const std::vector<std::string> kNetworks = {"\"198.51.100.0/24\"", "\"0.0.0.0/0\"", "", "\"203.0.113.7\"",
                                                       "\"1.2.3.4/24\""};
    if (dice.chance(60)) out += ",\"ip_allowlist\":[" + dice.pick(kNetworks) + "]";
    if (dice.chance(90)) out += ",\"passphrase\":{\"$secret\":{}}";
    const auto instant = [&] {
        const std::size_t day = 1 + dice.below(28);
        return "2026-0" + std::to_string(1 + dice.below(2)) + (day < 10 ? "-0" : "-") + std::to_string(day) +
               "T00:00:00Z";
    };
    if (dice.chance(95)) out += ",\"created_at\":\"2025-08-01T00:00:00Z\"";
    if (dice.chance(80))
        out += ",\"last_used_at\":" + (dice.chance(10) ? std::string{"null"} : "\"" + instant() + "\"");
    if (dice.chance(5))
        out += ",\"$unknown\":[\"" + std::string(dice.chance(50) ? "ip_allowlist" : "last_used_at") + "\"]";
    if (dice.chance(2)) out += ",\"zone\":{\"a\":[1,2,{}]}";
    return out + "}";
}

std::string inventory(Dice& dice, std::size_t lines) {
    std::string out;
    for (std::size_t i = 0; i < lines; ++i) {
        out += line_of(dice);
        out += dice.chance(10) ? "\r\n" : "\n";
    }
    if (dice.chance(30)) out.pop_back();
    return out;
}

std::string array_of(Dice& dice, std::size_t elements) {
    std::string out = dice.chance(50) ? "\n [" : "[";
    for (std::size_t i = 0; i < elements; ++i) {
        std::string element;
        do {
            element = line_of(dice);
        } while (element.find('{') != 0 || element.find("\xe9") != std::string::npos || element == "{\"id\":" ||
                 element.find("\"id\":\"a\"") != std::string::npos || element.find("ud800") != std::string::npos ||
                 element.find("1e999") != std::string::npos);
        out += (i == 0 ? "" : dice.chance(30) ? " ,\n" : ",") + element;
    }
    return out + "\n]\n";
}

struct Outcome {
    AuditReport report;
    std::string results;
};

// In one thread, in blocks of the size in the options; pieces of any size come in.
Outcome audit(const Rules& rules, const std::string& text, bool lines, const AuditOptions& options,
              std::size_t piece = 1000) {
    Audit one{Auditor{rules, options}};
    one.begin("keys", lines);
    for (std::size_t at = 0; at < text.size(); at += piece) one.add(std::string_view{text}.substr(at, piece));
    one.end();
    Outcome out;
    out.results = one.take_results();
    out.report = one.report();
    return out;
}

// Blocks are decided by several workers, out of order, and some time after they were cut.
Outcome audit_with(std::size_t workers, const Rules& rules, const std::string& text, bool lines,
                   const AuditOptions& options) {
    const Auditor auditor{rules, options};
    AuditTally tally{auditor};
    std::vector<AuditWorker> crew;
    for (std::size_t i = 0; i < workers; ++i) crew.emplace_back(tally);
    AuditInput input{auditor, "keys", lines};
    tally.begin("keys");
    std::deque<AuditBlock> waiting;
    std::size_t turn = 0;
    bool ended = false;
    const auto work = [&](std::size_t most) {
        while (waiting.size() > most) {
            for (std::size_t i = std::min(waiting.size(), workers); i > 0; --i) {
                crew[turn++ % workers].decide(waiting[i - 1]);
            }
            for (std::size_t i = std::min(waiting.size(), workers); i > 0; --i) {
                if (!tally.add(waiting.front())) ended = true;
                input.reuse(std::move(waiting.front()));
                waiting.pop_front();
            }
        }
    };
    std::string_view rest = text;
    while (!rest.empty() && !ended && !input.problem()) {
        const auto room = input.room();
        const std::size_t count = std::min(room.size(), rest.size());
        std::memcpy(room.data(), rest.data(), count);
        input.add(count);
        rest.remove_prefix(count);
        while (auto block = input.next()) waiting.push_back(std::move(*block));
        work(2 * workers);
    }
    if (!ended && !input.problem()) input.end();
    while (auto block = input.next()) waiting.push_back(std::move(*block));
    work(0);
    tally.end(true, input.problem());
    Outcome out;
    out.results = tally.take_results();
    out.report = tally.report();
    return out;
}

// The slow obvious way: from what `check` says of the whole text.
AuditReport expected_of(const Rules& rules, const std::string& text, bool lines, const AuditOptions& options) {
    CheckOptions check;
    check.now = options.now;
    check.source = "keys";
    check.adapter = options.adapter;
    check.form = lines ? CheckOptions::Form::kLines : CheckOptions::Form::kAuto;
    const Report report = rules.check(text, check);
    AuditReport out;
    std::map<std::string, AuditedRule> by_rule;
    std::map<std::pair<std::string, std::string>, std::uint64_t> exempt;
    std::map<std::string, std::size_t> shown;
    for (const RecordReport& record : report.results) {
        ++out.records;
        switch (record.verdict) {
            case Verdict::kCompliant: ++out.compliant; break;
            case Verdict::kViolation: ++out.violation; break;
            case Verdict::kUndetermined: ++out.undetermined; break;
            case Verdict::kInvalid: ++out.invalid; break;
        }
        AuditSample sample;
        for (const Violation& one : record.violations) {
            AuditedRule& rule = by_rule[one.rule];
            // The deadline of a rule that only warns lies ahead.
            ++(one.deadline && *one.deadline > options.now ? rule.warned : rule.violated);
            if (++shown["v" + one.rule] <= options.samples) sample.violates.push_back(one.rule);
        }
        for (const Undetermined& one : record.undetermined) {
            ++by_rule[one.rule].undetermined;
            if (++shown["u" + one.rule] <= options.samples) sample.undetermined.push_back(one.rule);
        }
        for (const Exempted& one : record.exempt) {
            ++by_rule[one.rule].exempt;
            ++exempt[{one.rule, one.by}];
        }
        std::vector<std::string> codes;
        for (const RecordError& error : record.errors) {
            if (std::ranges::find(codes, error.code) != codes.end()) continue;
            codes.push_back(error.code);
            ++out.by_error[error.code];
            if (++shown["e" + error.code] <= options.samples) sample.errors.push_back(error.code);
        }
        if (is_waived(record)) ++out.waived;
        if (!record.undetermined.empty()) ++out.open;
        if (record.verdict != Verdict::kInvalid) {
            if (record.expires_at.kind == ExpiresAt::Kind::kNever) ++out.never_expire;
            if (record.expires_at.kind == ExpiresAt::Kind::kBetween) ++out.may_expire;
            if (record.expires_at.kind == ExpiresAt::Kind::kAt) {
                ++(*record.expires_at.earliest > options.now ? out.will_expire : out.expired);
                if (*record.expires_at.earliest > options.now)
                    out.soonest.push_back(
                        {*record.expires_at.earliest, record.subject, "keys", record.index, record.line});
            }
        }
        // In the order of the rules, while reports have the heaviest first.
        const auto by_declaration = [&](const std::string& name) {
            const std::vector<std::string> names = rules.rule_names();
            return std::ranges::find(names, name) - names.begin();
        };
        std::ranges::sort(sample.violates, {}, by_declaration);
        std::ranges::sort(sample.undetermined, {}, by_declaration);
        if (!sample.violates.empty() || !sample.undetermined.empty() || !sample.errors.empty()) {
            sample.record = record;
            out.samples.push_back(sample);
        }
    }
    std::ranges::sort(out.soonest, {}, [](const AuditedExpiry& one) { return std::pair{one.at, one.index}; });
    if (out.soonest.size() > options.soonest) out.soonest.resize(options.soonest);
    for (const std::string& name : rules.rule_names()) {
        out.by_rule.push_back(by_rule[name]);
        out.by_rule.back().rule = name;
    }
    for (const auto& [key, count] : exempt) out.by_exemption.push_back({key.first, key.second, false, count});
    return out;
}

void compare(const AuditReport& is, const AuditReport& should) {
    CHECK(is.records == should.records);
    CHECK(is.compliant == should.compliant);
    CHECK(is.violation == should.violation);
    CHECK(is.undetermined == should.undetermined);
    CHECK(is.invalid == should.invalid);
    CHECK(is.waived == should.waived);
    CHECK(is.open == should.open);
    CHECK(is.by_error == should.by_error);
    CHECK(is.never_expire == should.never_expire);
    CHECK(is.expired == should.expired);
    CHECK(is.will_expire == should.will_expire);
    CHECK(is.may_expire == should.may_expire);
    CHECK(is.soonest == should.soonest);
    REQUIRE(is.by_rule.size() == should.by_rule.size());
    for (std::size_t i = 0; i < is.by_rule.size(); ++i) {
        INFO(is.by_rule[i].rule);
        CHECK(is.by_rule[i].violated == should.by_rule[i].violated);
        CHECK(is.by_rule[i].warned == should.by_rule[i].warned);
        CHECK(is.by_rule[i].undetermined + is.by_rule[i].perhaps_warned == should.by_rule[i].undetermined);
        CHECK(is.by_rule[i].exempt == should.by_rule[i].exempt);
    }
    std::uint64_t exempt = 0, exempt_should = 0;
    for (const AuditedExemption& one : is.by_exemption) exempt += one.records;
    for (const AuditedExemption& one : should.by_exemption) {
        exempt_should += one.records;
        CHECK(std::ranges::any_of(is.by_exemption, [&](const AuditedExemption& other) {
            return other.rule == one.rule && other.by == one.by && other.records == one.records;
        }));
    }
    CHECK(exempt == exempt_should);
    REQUIRE(is.samples.size() == should.samples.size());
    for (std::size_t i = 0; i < is.samples.size(); ++i) {
        CHECK(is.samples[i].record == should.samples[i].record);
        CHECK(is.samples[i].violates == should.samples[i].violates);
        CHECK(is.samples[i].undetermined == should.samples[i].undetermined);
        CHECK(is.samples[i].errors == should.samples[i].errors);
    }
}

std::string results_of(const Rules& rules, const std::string& text, bool lines, const AuditOptions& options) {
    CheckOptions check;
    check.now = options.now;
    check.source = "keys";
    check.form = lines ? CheckOptions::Form::kLines : CheckOptions::Form::kAuto;
    std::string out;
    rules.check(text, check, [&](RecordReport&& record) { out += to_json_line(record) + '\n'; });
    return out;
}

}  // namespace

TEST_CASE("an audit of lines counts what check says of them, wherever it is cut") {
    const Rules& rules = test::kucoin();
    Dice dice{11};
    for (int round = 0; round < 12; ++round) {
        const std::string text = inventory(dice, 1 + dice.below(round < 6 ? 12 : 300));
        AuditOptions options{.now = kNow};
        options.samples = 1 + dice.below(3);
        options.soonest = dice.below(6);
        const AuditReport should = expected_of(rules, text, true, options);
        for (const std::size_t block : {std::size_t{1}, std::size_t{57}, std::size_t{997}, std::size_t{1} << 20}) {
            INFO("round " << round << ", blocks of " << block);
            options.block_bytes = block;
            for (const bool columns : {false, true}) {
                options.columns = columns;
                compare(audit(rules, text, true, options, 1 + dice.below(2000)).report, should);
            }
        }
    }
}

TEST_CASE("an audit of an array counts what check says of it, wherever it is cut") {
    const Rules& rules = test::kucoin();
    Dice dice{12};
    for (int round = 0; round < 12; ++round) {
        const std::string text = array_of(dice, dice.below(round < 6 ? 5 : 200));
        AuditOptions options{.now = kNow};
        const AuditReport should = expected_of(rules, text, false, options);
        for (const std::size_t block : {std::size_t{1}, std::size_t{333}, std::size_t{1} << 20}) {
            INFO("round " << round << ", blocks of " << block);
            options.block_bytes = block;
            for (const bool columns : {false, true}) {
                options.columns = columns;
                const AuditReport is = audit(rules, text, false, options).report;
                CHECK(is.complete);
                compare(is, should);
            }
        }
    }
}

TEST_CASE("results are those of check, byte for byte, at any number of workers") {
    const Rules& rules = test::kucoin();
    Dice dice{13};
    const std::string text = inventory(dice, 250);
    const std::string array = array_of(dice, 120);
    AuditOptions options{.now = kNow};
    options.results = AuditOptions::Results::kNdjson;
    for (const std::size_t workers : {1U, 2U, 7U}) {
        for (const std::size_t block : {std::size_t{100}, std::size_t{4000}}) {
            INFO(workers << " workers, blocks of " << block);
            options.block_bytes = block;
            const Outcome lines = audit_with(workers, rules, text, true, options);
            CHECK(lines.results == results_of(rules, text, true, options));
            CHECK(to_json(lines.report) == to_json(audit(rules, text, true, options).report));
            CHECK(to_pretty(lines.report) == to_pretty(audit(rules, text, true, options).report));
            const Outcome elements = audit_with(workers, rules, array, false, options);
            CHECK(elements.results == results_of(rules, array, false, options));
        }
    }
}

TEST_CASE("the JSON results are the report of check") {
    const Rules& rules = test::kucoin();
    Dice dice{14};
    for (const std::string& text :
         {inventory(dice, 40), std::string{"{}\n{}\n"}, array_of(dice, 3), std::string{"[]"}}) {
        AuditOptions options{.now = kNow};
        options.results = AuditOptions::Results::kJson;
        options.block_bytes = 500;
        const Auditor auditor{rules, options};
        AuditTally tally{auditor};
        CheckOptions check;
        check.now = kNow;
        check.source = "keys";
        Report report = rules.check(text, check);
        report.evidence = evidence_of(rules, check);
        report.evidence->inputs.push_back(input_evidence(text, check));
        Audit one{auditor};
        one.begin("keys");
        one.add(text);
        one.end();
        CHECK(one.results_head() + one.take_results() + one.results_tail() == to_json(report));
    }
}

TEST_CASE("a saved audit goes on as if it had never stopped") {
    const Rules& rules = test::kucoin();
    Dice dice{15};
    for (const bool array : {false, true}) {
        const std::string text = array ? array_of(dice, 60) : inventory(dice, 80);
        AuditOptions options{.now = kNow};
        options.block_bytes = 700;
        options.results = AuditOptions::Results::kNdjson;
        const Auditor auditor{rules, options};
        const Outcome whole = audit(rules, text, !array, options);
        AuditTally tally{auditor};
        tally.begin("keys");
        AuditPosition position;
        std::string results;
        std::size_t stops = 0;
        while (true) {
            // One block, and then all is made anew from what was saved.
            AuditInput input{auditor, "keys", !array, position};
            input.leave_out();
            std::string_view rest = std::string_view{text}.substr(position.bytes);
            std::optional<AuditBlock> block;
            while (!(block = input.next())) {
                if (rest.empty()) {
                    input.end();
                    if (!(block = input.next())) break;
                    break;
                }
                const auto room = input.room();
                const std::size_t count = std::min(room.size(), rest.size());
                std::memcpy(room.data(), rest.data(), count);
                input.add(count);
                rest.remove_prefix(count);
            }
            REQUIRE(block);
            AuditWorker worker{tally};
            worker.decide(*block);
            CHECK(tally.add(*block));
            results += tally.take_results();
            const std::string saved = tally.save();
            AuditTally next{auditor};
            REQUIRE(next.load(saved));
            CHECK(next.save() == saved);
            CHECK_FALSE(next.load(saved.substr(1)));
            std::string damaged = saved;
            damaged[damaged.size() / 3] ^= 1;
            CHECK_FALSE(next.load(damaged));
            tally = std::move(next);
            position = tally.position();
            ++stops;
            if (tally.report().inputs.back().complete) break;
        }
        tally.end(true);
        CHECK(stops > 5);
        CHECK(results == whole.results);
        CHECK(to_json(tally.report()) == to_json(whole.report));
        CHECK(tally.report().samples == whole.report.samples);
        AuditOptions others = options;
        others.samples = 7;
        AuditTally other{Auditor{rules, others}};
        CHECK_FALSE(other.load(tally.save()));
    }
}

TEST_CASE("lines and elements over the limit are counted and passed over") {
    const Rules& rules = test::kucoin();
    AuditOptions options{.now = kNow};
    options.limits.record_bytes = 200;
    const std::string good = "{\"id\":\"a\",\"usage\":\"api_trading\"}";
    const auto long_record = [](std::size_t size) { return "{\"name\":\"" + std::string(size - 11, 'x') + "\"}"; };
    for (const std::size_t block : {std::size_t{1}, std::size_t{64}, std::size_t{1} << 16}) {
        options.block_bytes = block;
        for (const std::string end : {"\n", "\r\n", ""}) {
            for (const std::size_t size : {199U, 200U, 201U, 202U, 5000U}) {
                const std::string text = good + '\n' + long_record(size) + "\n" + good + "\n" + std::string(900, ' ') +
                                         "\n" + long_record(size) + end;
                CheckOptions check;
                check.now = kNow;
                check.source = "keys";
                check.form = CheckOptions::Form::kLines;
                check.limits = options.limits;
                const Report should = rules.check(text, check);
                options.results = AuditOptions::Results::kNdjson;
                const Outcome is = audit(rules, text, true, options, 17);
                std::string lines;
                for (const RecordReport& record : should.results) lines += to_json_line(record) + '\n';
                INFO("blocks of " << block << ", " << size << " bytes");
                CHECK(is.results == lines);
                CHECK(is.report.complete);
                for (const AuditSample& sample : is.report.samples)
                    CHECK(sample.record == should.results[sample.record.index]);
            }
        }
        const std::string array =
            "[" + good + ",\n " + long_record(700) + " ,\n[\"" + std::string(800, 'x') + "\"]," + good + "]\n";
        CheckOptions check;
        check.now = kNow;
        check.source = "keys";
        check.limits = options.limits;
        std::string lines;
        rules.check(array, check, [&](RecordReport&& record) { lines += to_json_line(record) + '\n'; });
        const Outcome is = audit(rules, array, false, options, 13);
        CHECK(is.results == lines);
        CHECK(is.report.inputs.front().bytes == array.size());
        CHECK(is.report.inputs.front().lines == 3);
    }
}

TEST_CASE("a text whose form isn't plain is read as check reads it") {
    const Rules& rules = test::kucoin();
    AuditOptions options{.now = kNow};
    options.results = AuditOptions::Results::kNdjson;
    const std::string good = "{\"id\":\"a\",\"usage\":\"api_trading\"}";
    for (const std::string& text :
         {std::string{}, std::string{" \n\t"}, good, good + "\n", good + "\n\n \n", good + "\n" + good,
          good + "\nnonsense", "{\"id\": nonsense}\n" + good, "{\"id\":\n" + good, std::string{"nonsense"},
          "nonsense\n" + good, std::string{"{\n\"id\": \"a\",\n\"usage\": \"api_trading\"\n}\n"}, "\xef\xbb\xbf" + good,
          std::string{"\xff\xfe{\0", 4}, "\n\n" + good + "\n" + good + "\n", std::string{"7"},
          std::string{"\"text\""}}) {
        for (const bool lines : {false, true}) {
            for (const std::size_t block : {std::size_t{1}, std::size_t{1} << 16}) {
                options.block_bytes = block;
                INFO((lines ? "lines: " : "auto: ") << text);
                const Outcome is = audit(rules, text, lines, options, 5);
                CHECK(is.results == results_of(rules, text, lines, options));
                CHECK(is.report.complete);
                CHECK(is.report.inputs.front().bytes == text.size());
            }
        }
    }
}

TEST_CASE("an array that breaks off ends there, and what stands before stays") {
    const Rules& rules = test::kucoin();
    const std::string good = "{\"id\":\"a\",\"usage\":\"api_trading\"}";
    struct Case {
        std::string text;
        std::uint64_t records;
        std::string code, says;
    };
    const std::vector<Case> cases = {
        {"[" + good + "," + good, 1, "KW6001", "breaks off at byte"},
        {"[" + good + "," + good + ",", 2, "KW6001", "breaks off at byte"},
        {"[" + good + "," + good + ",]", 2, "KW6001", "element 2"},
        {"[" + good + ",," + good + "]", 1, "KW6001", "element 1"},
        {"[" + good + " " + good + "]", 0, "KW6008", "element 0"},
        {"[" + good + ",{\"id\" \"b\"}," + good + "]", 1, "KW6001", "element 1 on"},
        {"[" + good + "," + good + "]x", 2, "KW6008", "text after the array"},
        {"[" + good + "," + good + "]" + good, 2, "KW6008", "text after the array"},
        {"[" + good + ",nope]", 1, "KW6001", "element 1"},
        {"[", 0, "KW6001", "breaks off"},
        {"[,]", 0, "KW6001", "element 0"},
    };
    for (const Case& one : cases) {
        for (const std::size_t block : {std::size_t{1}, std::size_t{1} << 16}) {
            INFO(one.text);
            AuditOptions options{.now = kNow};
            options.block_bytes = block;
            const AuditReport is = audit(rules, one.text, false, options, 3).report;
            CHECK(is.records == one.records);
            CHECK_FALSE(is.complete);
            REQUIRE(is.inputs.front().problem);
            CHECK(is.inputs.front().problem->code == one.code);
            CHECK(is.inputs.front().problem->message.find(one.says) != std::string::npos);
        }
    }
    // What is wrong inside one element alone is that element's.
    const std::string text =
        "[" + good + ",{\"id\":\"a\",\"id\":\"b\"},{\"id\":\"\\ud800\"},{\"id\":\"\xff\"}," + good + "]";
    const AuditReport is = audit(rules, text, false, {.now = kNow}).report;
    CHECK(is.complete);
    CHECK(is.records == 5);
    CHECK(is.by_error == std::map<std::string, std::uint64_t>{{"KW6002", 1}, {"KW6006", 1}, {"KW6007", 1}});
}

TEST_CASE("elements end where they do byte by byte") {
    Dice dice{16};
    static const std::string kAlphabet = "\"\"\\{}[],, ab;_\xc3\xdb";
    for (int round = 0; round < 20000; ++round) {
        std::string text(dice.below(300), ' ');
        for (char& c : text) c = kAlphabet[dice.below(kAlphabet.size())];
        // The obvious way: one byte after the other through a scan that never has 64 of them.
        engine::ElementScan fast, slow;
        std::size_t from = 0, at = 0;
        while (at < text.size()) {
            const std::size_t end = fast.next_end(text, from);
            std::size_t expected = std::string::npos;
            for (; at < text.size() && expected == std::string::npos; ++at) {
                if (slow.next_end(std::string_view{text}.substr(at, 1), 0) == 0) expected = at;
            }
            REQUIRE(end == expected);
            from = at;
        }
    }
}
