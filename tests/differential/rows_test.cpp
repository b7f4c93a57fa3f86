// The fast reader of rows against the strict one: what it reads, the strict reader reads, to the same values, and it
// misses no line. The other way round, what is spelled in an ordinary way it must read, or it would be of no use.
// KEYWRIGHT_ROWS tells how many mutated lines are tried, in thousands.
#include "input/rows.h"
#include "differential/random_module.h"
#include "engine/quick_records.h"
#include "input/reader.h"
#include "support/compiling.h"
#include "support/json_lines.h"
#include "unit/records.h"

#include "base/text.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

using namespace keywright;
using test::Dice;
using test::JsonStyle;
using value::Aspect;
using value::State;

namespace {

const Instant kNow{1'769'904'000, 0};  // 2026-02-01

std::vector<value::Aspects> everything(const ir::Module& module) {
    std::vector<value::Aspects> needs(module.schema.fields.size());
    for (value::Aspects& need : needs) {
        for (std::size_t i = 0; i < value::kAspects; ++i) need.add(static_cast<Aspect>(i));
    }
    return needs;
}

std::vector<value::Aspects> some(Dice& dice, const ir::Module& module) {
    std::vector<value::Aspects> needs(module.schema.fields.size());
    const auto share = static_cast<unsigned>(dice.below(101));
    const bool whole = dice.chance(50);
    for (value::Aspects& need : needs) {
        for (std::size_t i = 0; i < value::kAspects; ++i) {
            if (dice.chance(share) && (whole || static_cast<Aspect>(i) != Aspect::kWhole)) {
                need.add(static_cast<Aspect>(i));
            }
        }
    }
    return needs;
}

bool bit(value::Plane plane, std::size_t row) { return (plane[row / 64] >> (row % 64) & 1U) != 0; }

bool same_value(const ir::Type& type, const value::Record& a, const value::Record& b, std::size_t f) {
    if (a.state(f) != b.state(f)) return false;
    if (a.state(f) != State::kGiven) return true;
    using ir::Kind;
    switch (type.kind) {
        case Kind::kBool: return a.boolean(f) == b.boolean(f);
        case Kind::kInt: return a.integer(f) == b.integer(f);
        case Kind::kText: return a.text(f) == b.text(f);
        case Kind::kEnum: return a.enumerator(f) == b.enumerator(f);
        case Kind::kNetwork: return a.network(f) == b.network(f);
        case Kind::kInstant: return a.instant(f) == b.instant(f);
        case Kind::kDuration: return a.duration(f) == b.duration(f);
        case Kind::kSecret: return a.secret(f) == b.secret(f);
        case Kind::kRecord: return true;
        case Kind::kSet: break;
    }
    if (type.element == Kind::kEnum) return a.enum_set(f) == b.enum_set(f);
    if (type.element == Kind::kNetwork) return std::ranges::equal(a.network_set(f), b.network_set(f));
    if (type.element == Kind::kInt) return std::ranges::equal(a.int_set(f), b.int_set(f));
    if (a.count(f) != b.count(f)) return false;
    for (std::size_t i = 0; i < a.count(f); ++i) {
        if (a.text_element(f, i) != b.text_element(f, i)) return false;
    }
    return true;
}

// What is asked of a field, in a row and in the record that the strict reader made. Empty where they agree.
std::string difference(const ir::Module& module, std::span<const value::Aspects> needs, const value::Columns& columns,
                       std::size_t row, const value::Record& record) {
    using ir::Kind;
    for (std::size_t f = 0; f < module.schema.fields.size(); ++f) {
        const ir::Field& field = module.schema.fields[f];
        const value::ColumnView& view = columns.fields[f];
        const auto wrong = [&](const char* what) { return field.name + ": " + what; };
        const State state = record.state(f);
        if (bit(view.given, row) != (state == State::kGiven)) return wrong("given");
        if (bit(view.unknown, row) != (state == State::kUnknown)) return wrong("unknown");
        if (needs[f].has(Aspect::kWhole)) {
            if (row >= columns.records.size()) return wrong("no record");
            if (!same_value(field.type, columns.records[row], record, f)) return wrong("whole");
        }
        if (state != State::kGiven) continue;
        const Kind kind = field.type.kind;
        const Kind element = kind == Kind::kSet ? field.type.element : Kind::kBool;
        const auto has = [&](Aspect aspect) { return needs[f].has(aspect); };
        if (kind == Kind::kBool && has(Aspect::kTruth) && bit(view.truth, row) != record.boolean(f)) {
            return wrong("truth");
        }
        if (kind == Kind::kEnum && has(Aspect::kChoice) && view.choice[row] != record.enumerator(f)) {
            return wrong("choice");
        }
        if (element == Kind::kEnum && has(Aspect::kMembers) && view.members[row] != record.enum_set(f)) {
            return wrong("members");
        }
        if (has(Aspect::kNumber)) {
            const std::uint32_t part = view.nanosecond.empty() ? 0 : view.nanosecond[row];
            if (kind == Kind::kInt && view.number[row] != record.integer(f)) return wrong("number");
            if (kind == Kind::kInstant && Instant{view.number[row], part} != record.instant(f)) return wrong("instant");
            if (kind == Kind::kDuration && Duration{view.number[row], part} != record.duration(f)) {
                return wrong("duration");
            }
        }
        if (kind == Kind::kText) {
            if (has(Aspect::kBlank) && bit(view.blank, row) != base::is_blank(record.text(f))) return wrong("blank");
            const std::size_t length = base::count_scalars(record.text(f));
            if (has(Aspect::kLength) && (view.length_min[row] != length || view.length_max[row] != length)) {
                return wrong("length");
            }
        }
        if (kind == Kind::kSecret) {
            const value::SecretFacts& facts = record.secret(f);
            if (has(Aspect::kLength) &&
                (view.length_min[row] != facts.length_min || view.length_max[row] != facts.length_max)) {
                return wrong("length");
            }
            if (has(Aspect::kFacts) && (view.known_facts[row] != facts.known || view.facts[row] != facts.facts)) {
                return wrong("facts");
            }
        }
        if (element == Kind::kNetwork || element == Kind::kText || element == Kind::kInt) {
            if (has(Aspect::kEmpty) && bit(view.empty, row) != (record.count(f) == 0)) return wrong("empty");
        }
        if (element == Kind::kNetwork && has(Aspect::kOpen)) {
            const auto networks = record.network_set(f);
            const bool open = std::any_of(networks.begin(), networks.end(), value::is_open);
            if (bit(view.open, row) != open) return wrong("open");
        }
    }
    return {};
}

bool is_blank_line(std::string_view line) { return line.find_first_not_of(" \t\r") == std::string_view::npos; }

struct Tally {
    std::size_t places = 0, read = 0, good = 0;  // `good`: the strict reader reads it as one record
    std::string first_left;                      // the first good line that wasn't read
};

struct Given {
    const ir::Module& module;
    const ir::Adapter* adapter = nullptr;
    Limits limits = {};
    Instant now = kNow;
};

struct Judged {
    std::size_t records = 0, errors = 0;
    value::Record record;
};

// What the strict reader makes of each line.
std::map<std::size_t, Judged> judge(const Given& given, std::string_view text, input::DocumentForm form) {
    std::map<std::size_t, Judged> out;
    input::ReadOptions options;
    options.adapter = given.adapter;
    options.now = given.now;
    options.limits = given.limits;
    input::read_records(given.module, text, form, options, [&](input::ReadRecord& read) {
        Judged& judged = out[read.line];
        ++judged.records;
        judged.errors += read.errors.size();
        judged.record = read.record;
    });
    return out;
}

// Holds every line of a text to the strict reader.
Tally compare_lines(const Given& given, input::RowReader& reader, std::span<const value::Aspects> needs,
                    std::string_view text) {
    Tally tally;
    auto judged = judge(given, text, input::DocumentForm::kLines);
    std::vector<std::pair<std::size_t, std::string_view>> lines;  // that aren't blank, by number from 0
    std::size_t number = 0;
    for (std::size_t at = 0; at <= text.size(); ++number) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        if (!is_blank_line(text.substr(at, end - at))) lines.emplace_back(number, text.substr(at, end - at));
        at = end + 1;
    }
    value::Columns columns;
    std::vector<input::RowPlace> places;
    reader.open(text, input::RowForm::kLines);
    std::size_t seen = 0;
    while (reader.next(given.now, columns, places)) {
        std::size_t row = 0;
        for (const input::RowPlace& place : places) {
            REQUIRE(seen < lines.size());
            const auto [line_number, line] = lines[seen++];
            std::string_view shown = line;
            if (shown.back() == '\r') shown.remove_suffix(1);
            REQUIRE(place.line == line_number);
            REQUIRE(text.substr(place.begin, place.end - place.begin) == shown);
            const Judged& by_judge = judged[line_number + 1];
            ++tally.places;
            tally.good += by_judge.records == 1 && by_judge.errors == 0 ? 1 : 0;
            if (!place.read) {
                // A text that is split or stands for none isn't looked at where it has escapes.
                const bool ordinary = given.adapter == nullptr || line.find('\\') == std::string_view::npos;
                const bool left = ordinary && by_judge.records == 1 && by_judge.errors == 0;
                if (left && tally.first_left.empty()) tally.first_left = line;
                continue;
            }
            ++tally.read;
            INFO("line: ", std::string{line});
            REQUIRE(by_judge.records == 1);
            REQUIRE(by_judge.errors == 0);
            REQUIRE(difference(given.module, needs, columns, row, by_judge.record) == "");
            ++row;
        }
        REQUIRE(row == columns.rows);
    }
    REQUIRE(seen == lines.size());
    return tally;
}

Tally compare_lines(const Given& given, std::span<const value::Aspects> needs, std::string_view text) {
    const input::RowPlan plan{given.module, needs, given.adapter, given.limits};
    REQUIRE(plan.usable());
    input::RowReader reader{plan};
    return compare_lines(given, reader, needs, text);
}

// The same for the elements of `[` + `inside`, each of which is read alone by the strict reader.
Tally compare_elements(const Given& given, std::span<const value::Aspects> needs, const std::string& inside) {
    const input::RowPlan plan{given.module, needs, given.adapter, given.limits};
    input::RowReader reader{plan};
    Tally tally;
    value::Columns columns;
    std::vector<input::RowPlace> places;
    reader.open(inside, input::RowForm::kElements);
    std::size_t behind = 0;
    while (reader.next(given.now, columns, places)) {
        std::size_t row = 0;
        for (const input::RowPlace& place : places) {
            INFO("text: ", inside);
            REQUIRE(place.begin >= behind);
            REQUIRE(place.end > place.begin);
            behind = place.end;
            REQUIRE(place.line ==
                    static_cast<std::size_t>(
                        std::count(inside.begin(), inside.begin() + static_cast<std::ptrdiff_t>(place.begin), '\n')));
            ++tally.places;
            if (!place.read) continue;
            ++tally.read;
            auto judged = judge(given, std::string_view{inside}.substr(place.begin, place.end - place.begin),
                                input::DocumentForm::kDocument);
            REQUIRE(judged.size() == 1);
            const Judged& by_judge = judged.begin()->second;
            REQUIRE(by_judge.records == 1);
            REQUIRE(by_judge.errors == 0);
            REQUIRE(difference(given.module, needs, columns, row, by_judge.record) == "");
            ++row;
        }
        REQUIRE(row == columns.rows);
    }
    REQUIRE(reader.stopped_at() <= inside.size());
    REQUIRE(reader.stopped_at() >= behind);
    return tally;
}

// A schema with every kind of field, and adapters of several forms.
const test::Checked& pack() {
    static const auto checked = [] {
        auto out = test::check_text(R"(edition 1
pack p { version "1" title "t" }
schema key {
  id: text? = absent
  name: text?
  a: bool
  u: one of { x, y, third_party_app } = x
  s: set of { x, y, z } = {}
  n: int 0..9
  big: int = 7
  ips: set of network = {}
  home: network? = 10.0.0.0/8
  tags: set of text = {}
  ports: set of int 0..65535 = {1, 443}
  k: secret? = absent
  made: instant?
  used: instant epoch ms?
  d: duration = 3 days
  h: duration in hours = 4 hours
  r: { q: int?, t: set of { x, y }, w: { v: bool = true, key: secret }? = absent }? = absent
  assume made <= used <= now
  assume n < 9
  assume d <= 40 days
}
adapter native {
  records at "/data" else root
  expect "/code" == "0"
  ignore "/other", "/more"
  id from "/i"
  name from "/n" none "", "-", "-1"
  a from "/a" missing refused
  u from "/u" map { "X" -> x, "1" -> y, "long spelling" -> x }
  s from "/s" split "," map { "X" -> x, "Y" -> y, "all" -> z} none ""
  n from "/number" missing 3
  big from "/big" missing unknown
  ips from "/ips" split ";" none "", "*"
  home from "/home" missing absent
  tags from "/tags" split "|"
  ports from "/ports" split " "
  k from "/k"
  made from "/made" as epoch s text
  used = absent
  d from "/d" in days
  h = unknown
}
adapter partial { canonical made = absent used = absent n = 4 k = unknown }
)");
        return out;
    }();
    return *checked;
}

const ir::Adapter* adapter(const ir::Module& module, std::string_view name) {
    for (const ir::Adapter& one : module.adapters) {
        if (one.name == name) return &one;
    }
    return nullptr;
}

std::size_t mutated_lines() {
    const char* const told = std::getenv("KEYWRIGHT_ROWS");
    const std::size_t thousands = told != nullptr ? static_cast<std::size_t>(std::strtoul(told, nullptr, 10)) : 0;
    return thousands != 0 ? thousands * 1'000 : 1'000'000;
}

std::string random_lines(Dice& dice, const ir::Module& module, const ir::Adapter* by, const JsonStyle& style,
                         std::size_t count) {
    static const std::vector<std::string> breaks{"\n", "\n", "\n", "\r\n", "\n\n", "\n \t\n"};
    std::string out;
    for (std::size_t i = 0; i < count; ++i) {
        out += test::random_json(dice, module, by, style);
        out += style.blanks != 0 ? dice.pick(breaks) : "\n";
    }
    return out;
}

}  // namespace

TEST_CASE("the pack that rows are tried with compiles") {
    REQUIRE_MESSAGE(!pack().refused, test::describe(pack().diagnostics));
    REQUIRE(adapter(pack().module, "native") != nullptr);
}

TEST_CASE("ordinary records are read, whatever their order, and to the same values") {
    Dice dice{601};
    const ir::Module hand_made = records::module();
    const auto kucoin = test::check_folder("rules/kucoin_tr");
    const std::vector<Given> all{{hand_made},
                                 {pack().module},
                                 {kucoin->module},
                                 {pack().module, adapter(pack().module, "partial")},
                                 {pack().module, adapter(pack().module, "native")},
                                 {kucoin->module, adapter(kucoin->module, "request")},
                                 {kucoin->module, adapter(kucoin->module, "sub_account_create")}};
    for (const Given& given : all) {
        Tally sum;
        for (std::size_t i = 0; i < 60; ++i) {
            JsonStyle style;
            style.shuffled = i % 2 == 1;
            style.blanks = i % 3 == 1 ? 20 : 0;
            style.unknown_list = i % 5 == 4;
            style.escapes = given.adapter == nullptr && i % 4 == 3 ? 10 : 0;
            const std::string text = random_lines(dice, given.module, given.adapter, style, 40);
            const auto needs = i % 4 == 0 ? everything(given.module) : some(dice, given.module);
            const Tally tally = compare_lines(given, needs, text);
            CHECK(tally.places == 40);
            CHECK(tally.first_left == "");
            sum.places += tally.places;
            sum.read += tally.read;
            sum.good += tally.good;
        }
        const std::string form = given.adapter != nullptr ? given.adapter->name : "canonical";
        INFO(form);
        CHECK(sum.good > sum.places / 10);
    }
}

TEST_CASE("every example of the KuCoin pack's inventory is read") {
    const auto kucoin = test::check_folder("rules/kucoin_tr");
    const Given given{kucoin->module, nullptr, {}, test::at("2026-02-15T00:00:00Z")};
    const Tally tally =
        compare_lines(given, everything(kucoin->module), test::project_file("examples/kucoin/inventory.ndjson"));
    CHECK(tally.places > 4);
    CHECK(tally.read == tally.good);
    CHECK(tally.read >= tally.places - 2);  // two are there for their mistakes
}

TEST_CASE("mutated lines are read only where the strict reader reads them") {
    Dice dice{602};
    const std::vector<Given> all{{pack().module}, {pack().module, adapter(pack().module, "native")}};
    Limits narrow;
    narrow.record_bytes = 300;
    narrow.json_depth = 3;
    narrow.set_elements = 2;
    const std::size_t wanted = mutated_lines();
    Tally sum;
    // Readers are kept, as in use: nothing of one text may reach the next.
    std::vector<std::unique_ptr<input::RowPlan>> plans;
    std::vector<std::unique_ptr<input::RowReader>> readers;
    std::vector<std::vector<value::Aspects>> needs;
    std::vector<Given> kinds;
    for (const Given& given : all) {
        for (int i = 0; i < 4; ++i) {
            kinds.push_back(given);
            if (i == 3) kinds.back().limits = narrow;
            needs.push_back(i == 0 ? everything(given.module) : some(dice, given.module));
            plans.push_back(
                std::make_unique<input::RowPlan>(given.module, needs.back(), given.adapter, kinds.back().limits));
            readers.push_back(std::make_unique<input::RowReader>(*plans.back()));
        }
    }
    std::vector<std::string> lines(kinds.size() * 16);
    while (sum.places < wanted) {
        const std::size_t kind = dice.below(kinds.size());
        JsonStyle style;
        style.missing = 50;
        style.wrong = dice.chance(50) ? 2 : 0;
        style.blanks = dice.chance(30) ? 10 : 0;
        style.escapes = dice.chance(30) ? 10 : 0;
        style.unusual = dice.chance(30) ? 20 : 0;
        style.unknown_list = dice.chance(20);
        style.shuffled = dice.chance(50);
        // One record, and many mutants of it.
        const std::string record = test::random_json(dice, kinds[kind].module, kinds[kind].adapter, style);
        std::string text;
        for (std::size_t i = 0; i < 40; ++i) {
            std::string line = dice.chance(90) ? test::mutate_json(record, dice) : record;
            std::replace(line.begin(), line.end(), '\n', ' ');
            text += line + (dice.chance(97) ? "\n" : "\r\n");
        }
        if (dice.chance(20)) text.pop_back();
        const Tally tally = compare_lines(kinds[kind], *readers[kind], needs[kind], text);
        sum.places += tally.places;
        sum.read += tally.read;
        sum.good += tally.good;
    }
    MESSAGE(sum.places, " lines, ", sum.good, " of them good, ", sum.read, " read by rows");
    CHECK(sum.good > sum.places / 100);
    CHECK(sum.read > sum.good / 2);
}

TEST_CASE("records of random schemas") {
    Dice dice{603};
    for (std::size_t i = 0; i < 300; ++i) {
        test::Shape shape;
        shape.small = i % 3 == 0;
        shape.fields = 1 + dice.below(i % 20 == 0 ? 150 : 20);
        const ir::Module module = test::random_module(dice, shape);
        JsonStyle style;
        style.wrong = i % 2 == 0 ? 0 : 2;
        style.blanks = dice.chance(30) ? 10 : 0;
        style.shuffled = dice.chance(50);
        style.unknown_list = dice.chance(30);
        const Given given{module};
        const Tally tally = compare_lines(given, some(dice, module), random_lines(dice, module, nullptr, style, 30));
        CHECK(tally.places == 30);
        if (style.wrong == 0) CHECK(tally.first_left == "");
    }
}

TEST_CASE("a text cut off at every byte") {
    Dice dice{604};
    const Given given{pack().module};
    const auto needs = everything(given.module);
    JsonStyle style;
    style.blanks = 5;
    style.escapes = 10;
    for (int i = 0; i < 8; ++i) {
        const std::string text = random_lines(dice, given.module, nullptr, style, 2);
        for (std::size_t size = 0; size <= text.size(); ++size) {
            // In a buffer of its own, so that a sanitizer sees what is read behind the end.
            const std::vector<char> cut(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(size));
            (void)compare_lines(given, needs, {cut.data(), cut.size()});
        }
    }
}

TEST_CASE("elements of an array") {
    Dice dice{605};
    const std::vector<Given> all{{pack().module}, {pack().module, adapter(pack().module, "native")}};
    Tally sum;
    for (std::size_t i = 0; i < 4'000; ++i) {
        const Given& given = all[i % 2];
        JsonStyle style;
        style.missing = 40;
        style.wrong = dice.chance(50) ? 2 : 0;
        style.blanks = dice.chance(50) ? 10 : 0;
        style.shuffled = dice.chance(50);
        std::string inside;
        const std::size_t count = 1 + dice.below(5);
        for (std::size_t e = 0; e < count; ++e) {
            if (e != 0) inside += dice.chance(30) ? ",\n  " : ",";
            inside += dice.chance(90) ? test::random_json(dice, given.module, given.adapter, style) : "[7, \"x\"]";
        }
        const bool good = style.wrong == 0;
        const bool closed = dice.chance(50);
        if (closed) inside += dice.chance(50) ? "]" : " \n] ";
        if (dice.chance(50)) {
            const Tally tally = compare_elements(given, some(dice, given.module), inside);
            if (good) CHECK(tally.places == count);
            sum.places += tally.places;
            sum.read += tally.read;
        } else {
            (void)compare_elements(given, some(dice, given.module), test::mutate_json(inside, dice));
        }
    }
    CHECK(sum.read > sum.places / 10);
}

namespace {

std::vector<input::ReadRecord> strictly(const Given& given, std::string_view text, input::DocumentForm form) {
    input::ReadOptions options;
    options.adapter = given.adapter;
    options.now = given.now;
    options.limits = given.limits;
    std::vector<input::ReadRecord> out;
    input::read_records(given.module, text, form, options, [&](input::ReadRecord& read) { out.push_back(read); });
    return out;
}

// Whole documents or many lines, laid out in one way or another.
std::string random_text(Dice& dice, const Given& given, const JsonStyle& style) {
    const std::size_t count = 1 + dice.below(4);
    std::vector<std::string> records;
    for (std::size_t i = 0; i < count; ++i) {
        std::string record = test::random_json(dice, given.module, given.adapter, style);
        if (style.blanks != 0 && dice.chance(30)) {
            for (std::size_t at = 0; (at = record.find(' ', at)) != std::string::npos; ++at) record[at] = '\n';
        }
        records.push_back(std::move(record));
    }
    const std::size_t layout = dice.below(4);
    std::string out = dice.chance(20) ? " \n" : "";
    if (layout == 0) return out + records[0] + (dice.chance(50) ? "\n" : "");
    out += layout == 1 ? "[" : "";
    for (std::size_t i = 0; i < count; ++i) {
        if (i != 0) out += layout == 1 ? (dice.chance(50) ? "," : ",\n") : dice.chance(90) ? "\n" : "\r\n\n";
        out += records[i];
    }
    if (layout == 1) out += dice.chance(95) ? "]" : ",]";
    return out + (dice.chance(50) ? "\n" : "");
}

}  // namespace

TEST_CASE("what is handed over for checking is what the strict reader hands over") {
    Dice dice{606};
    const std::vector<Given> all{{pack().module},
                                 {pack().module, adapter(pack().module, "partial")},
                                 {pack().module, adapter(pack().module, "native")}};
    const engine::QuickRecords quick{pack().module};
    std::size_t plain = 0, plain_done = 0, done = 0;
    for (std::size_t i = 0; i < 20'000; ++i) {
        const Given& given = all[i % all.size()];
        JsonStyle style;
        style.missing = 50;
        style.wrong = dice.chance(40) ? 3 : 0;
        style.blanks = dice.chance(40) ? 10 : 0;
        style.unusual = dice.chance(20) ? 10 : 0;
        style.shuffled = dice.chance(50);
        std::string text = random_text(dice, given, style);
        const bool mutated = dice.chance(40);
        if (mutated) text = test::mutate_json(text, dice);
        static const std::vector<input::DocumentForm> forms{input::DocumentForm::kAuto, input::DocumentForm::kDocument,
                                                            input::DocumentForm::kLines};
        const input::DocumentForm form = dice.pick(forms);
        const auto wanted = strictly(given, text, form);
        std::vector<input::ReadRecord> found;
        input::ReadOptions options;
        options.adapter = given.adapter;
        options.now = given.now;
        const bool is_done = quick.each(text, form, options, [&](input::ReadRecord& read) { found.push_back(read); });
        const bool good =
            !mutated && std::all_of(wanted.begin(), wanted.end(), [](const auto& read) { return read.errors.empty(); });
        if (good && given.adapter == nullptr && style.unusual == 0) {
            ++plain;
            plain_done += is_done ? 1 : 0;
        }
        INFO("text: ", text);
        if (!is_done) {
            REQUIRE(found.empty());
            continue;
        }
        ++done;
        REQUIRE(found.size() == wanted.size());
        for (std::size_t r = 0; r < found.size(); ++r) {
            REQUIRE(found[r].line == wanted[r].line);
            REQUIRE(found[r].subject == wanted[r].subject);
            REQUIRE(found[r].errors == wanted[r].errors);
            REQUIRE(found[r].pointers == wanted[r].pointers);
            if (!found[r].errors.empty()) continue;
            for (std::size_t f = 0; f < given.module.schema.fields.size(); ++f) {
                REQUIRE(same_value(given.module.schema.fields[f].type, found[r].record, wanted[r].record, f));
            }
        }
    }
    CHECK(done > 5'000);
    CHECK(plain > 200);
    CHECK(plain_done == plain);
}
