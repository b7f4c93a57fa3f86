// Rows read from text: what is read, what is left to the strict reader, and where things stand.
#include "input/rows.h"
#include "input/reader.h"
#include "input/rows_text.h"
#include "input/structure.h"
#include "support/compiling.h"
#include "support/dice.h"
#include "unit/records.h"
#include "value/time.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

using namespace keywright;
using value::Aspect;

namespace {

const Instant kNow{1'800'000'000, 0};

struct Read {
    std::vector<input::RowPlace> places;
    std::size_t rows = 0, stopped = 0, calls = 0;

    // `r` of a place that is a row, `-` of one that is left.
    [[nodiscard]] std::string marks() const {
        std::string out;
        for (const input::RowPlace& place : places) out += place.read ? 'r' : '-';
        return out;
    }
};

Read read_rows(const ir::Module& module, std::string_view text, input::RowForm form = input::RowForm::kLines,
               const Limits& limits = {}, const ir::Adapter* adapter = nullptr) {
    value::Aspects whole;
    whole.add(Aspect::kWhole);
    const std::vector<value::Aspects> needs(module.schema.fields.size(), whole);
    const input::RowPlan plan{module, needs, adapter, limits};
    REQUIRE(plan.usable());
    input::RowReader reader{plan};
    reader.open(text, form);
    Read out;
    value::Columns columns;
    std::vector<input::RowPlace> places;
    while (reader.next(kNow, columns, places)) {
        ++out.calls;
        CHECK(columns.rows <= value::kBlockRows);
        out.rows += columns.rows;
        out.places.insert(out.places.end(), places.begin(), places.end());
    }
    CHECK(!reader.next(kNow, columns, places));
    out.stopped = reader.stopped_at();
    return out;
}

std::string marks(std::string_view text, const Limits& limits = {}) {
    return read_rows(records::module(), text, input::RowForm::kLines, limits).marks();
}

}  // namespace

TEST_CASE("lines keep their places and numbers, blank ones are passed over") {
    const std::string text = "{\"id\":\"a\"}\n\n  \t\r\n{\"id\":\"b\"}\r\nnothing\n {\"id\":\"c\"} ";
    const Read read = read_rows(records::module(), text);
    CHECK(read.marks() == "rr-r");
    REQUIRE(read.places.size() == 4);
    CHECK(text.substr(read.places[1].begin, read.places[1].end - read.places[1].begin) == "{\"id\":\"b\"}");
    CHECK(read.places[1].line == 3);
    CHECK(read.places[2].line == 4);
    CHECK(read.places[3].line == 5);
    CHECK(read.places[3].end == text.size());
    CHECK(read.stopped == text.size());
}

TEST_CASE("what isn't one plain record a line is left to the strict reader") {
    CHECK(marks("{}") == "r");
    CHECK(marks("") == "");
    CHECK(marks(" \n\t\n") == "");
    CHECK(marks("[]\n[{}]\n7\nnull\n\"x\"") == "-----");
    CHECK(marks("{} {}\n{},\n{}]\n{}}\n{} x\n,{}") == "------");
    CHECK(marks("{\"id\":\n\"a\"}\n{}") == "--r");
    CHECK(marks("\xEF\xBB\xBF{}\n{}") == "-r");
    CHECK(marks("{\"id\":\"a\",\"id\":\"a\"}") == "-");
    CHECK(marks("{\"nothing\":1}") == "-");
    CHECK(marks("{\"\\u0069d\":\"a\"}") == "-");
    CHECK(marks("{\"active\":true}\n{\"active\":truex}\n{\"active\":True}\n{\"active\":tru}\n{\"active\":true }") ==
          "r---r");
    CHECK(marks("{\"retries\":5}\n{\"retries\":05}\n{\"retries\":5.0}\n{\"retries\":5e0}\n{\"retries\":21}\n"
                "{\"retries\":+5}\n{\"retries\":5 }\n{\"retries\":-0}") == "r-----r-");
    CHECK(marks("{\"retries\":null}\n{\"limits\":null}") == "-r");
    CHECK(marks("{\"limits\":{\"daily\":1}}\n{\"limits\":{\"daily\":1,\"daily\":1}}\n{\"limits\":{\"$unknown\":[]}}") ==
          "r--");
    CHECK(marks("{\"$unknown\":[\"id\"]}\n{\"id\":null,\"$unknown\":[\"id\"]}\n{\"$unknown\":[\"id\",\"id\"]}\n"
                "{\"$unknown\":[\"nothing\"]}\n{\"$unknown\":null}\n{\"$facts\":{}}") == "r-----");
    CHECK(marks("{\"tags\":[\"a\",\"b\"]}\n{\"tags\":[\"a\",\"\\u0061\"]}\n{\"ports\":[1,2,1]}\n"
                "{\"permissions\":[\"spot\",\"spot\"]}\n{\"ip_allowlist\":[\"1.1.1.1\",\"1.1.1.1/32\"]}\n"
                "{\"ip_allowlist\":[\"1.**.1\",\"1.**.1\"]}") == "r----r");
    CHECK(marks("{\"name\":\"\\ud83d\\ude00\\n\"}\n{\"name\":\"\\ud83d\"}\n{\"name\":\"\\x\"}\n{\"name\":\"\\u12\"}") ==
          "r---");
    // `now` is in 2027.
    CHECK(marks("{\"created_at\":\"2026-01-31T00:00:00Z\"}") == "r");
}

TEST_CASE("a member of a nested record isn't one of the record around it, whatever its name") {
    CHECK(marks("{\"limits\":{\"id\":\"a\"}}\n{\"daily\":1}\n{\"limits\":{\"daily\":1}}\n{\"limits\":{\"id\":\"a\"}}\n"
                "{\"daily\":1}") == "--r--");
    const auto checked = test::check_text(test::pack_text(R"(
        id: text?
        inner: {
            id: text?
            more: { id: text? }?
        }
    )",
                                                          ""));
    REQUIRE(checked);
    REQUIRE(!checked->refused);
    const ir::Module& module = checked->module;
    const std::string lines = R"({"id":"a","inner":{"id":"b"}}
{"inner":{"id":"b"},"id":"a"}
{"inner":{"id":"b","more":{"id":"c"}},"id":"a"}
{"inner":{"more":{"id":"c"},"id":"b"},"id":"a"}
{"inner":{"more":{"inner":{}}}}
{"inner":{"more":{"more":{}}}}
)";
    value::Aspects whole;
    whole.add(Aspect::kWhole);
    const std::vector<value::Aspects> needs(module.schema.fields.size(), whole);
    const input::RowPlan plan{module, needs, nullptr, {}};
    input::RowReader reader{plan};
    reader.open(lines, input::RowForm::kLines);
    value::Columns columns;
    std::vector<input::RowPlace> places;
    REQUIRE(reader.next(kNow, columns, places));
    REQUIRE(places.size() == 6);
    CHECK(columns.rows == 4);
    std::size_t row = 0;
    input::read_records(module, lines, input::DocumentForm::kLines, {nullptr, kNow, {}}, [&](input::ReadRecord& read) {
        CAPTURE(read.line);
        CHECK(places[read.line - 1].read == read.errors.empty());
        if (!read.errors.empty()) return;
        for (std::size_t field = 0; field < module.schema.fields.size(); ++field) {
            CHECK(columns.records[row].state(field) == read.record.state(field));
            if (read.record.state(field) == value::State::kGiven &&
                module.schema.fields[field].type.kind == ir::Kind::kText)
                CHECK(columns.records[row].text(field) == read.record.text(field));
        }
        ++row;
    });
}

TEST_CASE("a mistake in one line leaves its neighbours alone") {
    std::string text;
    std::string wanted;
    for (int i = 0; i < 300; ++i) {
        const bool bad = i % 7 == 3;
        const std::string bad_line = i % 2 == 0 ? "{\"name\":\"never closed}" : "{\"name\":\"\xFF\"}";
        text += bad ? bad_line : std::string{"{\"name\":\"fine\"}"};
        text += '\n';
        wanted += bad ? '-' : 'r';
    }
    CHECK(marks(text) == wanted);
}

TEST_CASE("more rows than a block holds, and pieces that end in the middle of the text") {
    std::string text;
    constexpr std::size_t kLines = 20'000;
    for (std::size_t i = 0; i < kLines; ++i) text += "{\"id\":\"key " + std::to_string(i) + "\",\"retries\":7}\n";
    const Read read = read_rows(records::module(), text);
    CHECK(read.places.size() == kLines);
    CHECK(read.rows == kLines);
    CHECK(read.calls > kLines / value::kBlockRows);
    CHECK(read.places.back().line == kLines - 1);
}

TEST_CASE("limits") {
    Limits limits;
    limits.record_bytes = 12;
    CHECK(marks("{\"id\":\"abc\"}\n{\"id\":\"abcd\"}\n{\"id\":\"abc\"}\r\n{\"id\":\"abc\"} ", limits) == "r-r-");
    limits = {};
    limits.set_elements = 2;
    CHECK(marks("{\"ports\":[1,2]}\n{\"ports\":[1,2,3]}\n{\"permissions\":[\"spot\",\"general\",\"margin\"]}",
                limits) == "r--");
    limits = {};
    limits.json_depth = 1;
    CHECK(marks("{}\n{\"ports\":[]}\n{\"limits\":{}}\n{\"permissions\":[]}\n{\"ip_allowlist\":[]}\n{\"$unknown\":[]}",
                limits) == "r-----");
    limits.json_depth = 2;
    CHECK(marks("{\"ports\":[]}\n{\"passphrase\":{\"$secret\":{}}}\n{\"passphrase\":{\"$secret\": {}}}", limits) ==
          "r--");
    limits.json_depth = 0;
    CHECK(marks("{}", limits) == "-");
    // A line that is far too long, without and with a line feed in reach.
    const std::string large = "{\"name\":\"" + std::string(2'000'000, 'x') + "\"}";
    CHECK(marks(large) == "-");
    CHECK(marks("{}\n" + large + "\n{}") == "r-r");
}

TEST_CASE("elements of an array, and where they stop") {
    const ir::Module module = records::module();
    const auto elements = [&](std::string_view text) { return read_rows(module, text, input::RowForm::kElements); };
    const std::string text = "{\"id\":\"a\"},\n [1,[2]] , 7,\"x,y\" ,{\"id\":\"b\"} ] rest";
    const Read read = elements(text);
    CHECK(read.marks() == "r---r");
    REQUIRE(read.places.size() == 5);
    const auto text_of = [&](std::size_t i) {
        return text.substr(read.places[i].begin, read.places[i].end - read.places[i].begin);
    };
    CHECK(text_of(1) == "[1,[2]]");
    CHECK(text_of(2) == "7");
    CHECK(text_of(3) == "\"x,y\"");
    CHECK(read.places[4].line == 1);
    CHECK(read.stopped == text.find("] rest"));

    CHECK(elements("{},{},").marks() == "rr");
    CHECK(elements("{},{},").stopped == 6);
    CHECK(elements("{}{}").marks() == "r");
    CHECK(elements("{}{}").stopped == 2);
    CHECK(elements("]").marks() == "");
    CHECK(elements("]").stopped == 0);
    CHECK(elements("{},]").stopped == 3);
    CHECK(elements(",{}").stopped == 0);
    CHECK(elements("").marks() == "");

    // With something wrong inside, elements are still found.
    const std::string broken = "{\"id\":\"\xFF\"}, {\"id\":\"a\"} ,{\"name\":\"a\nb\"},{}]";
    const Read found = elements(broken);
    CHECK(found.marks() == "-r-r");
    CHECK(found.stopped == broken.size() - 1);
    CHECK(found.places[3].line == 1);
    CHECK(elements("{\"id\":\"a").marks() == "-");
    CHECK(elements("{\"id\":{").marks() == "-");
}

TEST_CASE("an adapter whose records lie deeper is left to the strict reader") {
    const auto checked = test::check_text(test::pack_text("a: bool b: int?", R"(
adapter flat { a from "/x" b from "/y" none "-" }
adapter deep { a from "/in/x" b = absent }
adapter wrapped { records at "/data" a from "/x" b = absent }
adapter expecting { expect "/code" == "0" a from "/x" b = absent }
adapter either { records at "/data" else root a from "/x" b from "/y" }
adapter clash { records at "/x" else root a from "/x" b = absent }
)"));
    REQUIRE_MESSAGE(!checked->refused, test::describe(checked->diagnostics));
    std::string usable;
    for (const ir::Adapter& adapter : checked->module.adapters) {
        const std::vector<value::Aspects> needs(2);
        if (input::RowPlan{checked->module, needs, &adapter, Limits{}}.usable()) usable += adapter.name + " ";
    }
    CHECK(usable == "flat either ");
    const ir::Adapter* flat = &checked->module.adapters[0];
    CHECK(read_rows(checked->module, "{\"x\":true,\"y\":1}\n{\"x\":true,\"y\":\"-\"}\n{\"x\":true,\"y\":\"\\u002d\"}",
                    input::RowForm::kLines, {}, flat)
              .marks() == "rr-");
    const ir::Adapter* either = &checked->module.adapters[4];
    CHECK(read_rows(checked->module, "{\"x\":true}\n{\"data\":{\"x\":true}}", input::RowForm::kLines, {}, either)
              .marks() == "r-");
}

TEST_CASE("plain instants are read as value::read_instant reads them") {
    std::size_t read = 0;
    const auto try_text = [&](const std::string& text) {
        Instant instant;
        if (!input::read_plain_instant(text, instant)) return;
        ++read;
        const auto known = value::read_instant(text);
        REQUIRE_MESSAGE(std::holds_alternative<Instant>(known), text);
        REQUIRE_MESSAGE(std::get<Instant>(known) == instant, text);
    };
    const auto two = [](int n) { return std::string{n < 10 ? "0" : ""} + std::to_string(n); };
    std::size_t days = 0;
    for (int year = 1969; year <= 2101; ++year) {
        for (int month = 0; month <= 13; ++month) {
            for (int day = 0; day <= 32; ++day) {
                const std::size_t before = read;
                try_text(std::to_string(year) + "-" + two(month) + "-" + two(day) + "T12:34:56Z");
                days += read - before;
            }
        }
    }
    CHECK(days == 48'212);  // 1970 to 2101
    const std::string good = "2024-02-29T23:59:59.123Z";
    for (std::size_t at = 0; at < good.size(); ++at) {
        for (int c = 0; c < 256; ++c) {
            std::string text = good;
            text[at] = static_cast<char>(static_cast<unsigned char>(c));
            try_text(text);
            try_text(text.substr(0, 19) + "Z");
        }
        try_text(good.substr(0, at));
    }
    for (const char* plain : {"9999-12-31T23:59:59Z", "2026-01-01T00:00:00.000000001Z", "1970-01-01T00:00:00.5Z"}) {
        Instant instant;
        CHECK(input::read_plain_instant(plain, instant));
        try_text(plain);
    }
}

TEST_CASE("plain IPv4 addresses are read as value::parse_network reads them") {
    std::size_t read = 0;
    const auto try_text = [&](const std::string& text) {
        const std::string around = "\"x\":\"" + text + "\"                ";
        value::Network network;
        if (!input::read_plain_ipv4(std::string_view{around}.substr(5, text.size()), network)) return false;
        ++read;
        const auto known = value::parse_network(text, true);
        REQUIRE_MESSAGE(std::holds_alternative<value::Network>(known), text);
        REQUIRE_MESSAGE(std::get<value::Network>(known) == network, text);
        return true;
    };
    for (int octet = 0; octet < 1000; ++octet) {
        const std::string text = std::to_string(octet);
        const bool fine = octet < 256;
        CHECK(try_text(text + ".2.30.255") == fine);
        CHECK(try_text("1." + text + ".30.255") == fine);
        CHECK(try_text("1.2." + text + ".255") == fine);
        CHECK(try_text("1.2.30." + text) == fine);
        (void)try_text("0" + text + ".2.30.255");
        (void)try_text("1.2.0" + text + ".255");
        (void)try_text("0.0.0.0/" + text);
        (void)try_text("192.0.2.0/" + text);
        (void)try_text("192.0.2.0/0" + text);
    }
    for (const std::string good : {"203.0.113.77", "10.0.0.0/8", "192.168.1.0/24", "1.1.1.1", "255.255.255.255/32"}) {
        CHECK(try_text(good));
        for (std::size_t at = 0; at < good.size(); ++at) {
            for (int c = 0; c < 256; ++c) {
                std::string text = good;
                text[at] = static_cast<char>(static_cast<unsigned char>(c));
                (void)try_text(text);
            }
            (void)try_text(good.substr(0, at));
            (void)try_text(good.substr(at));
            std::string text = good;
            (void)try_text(text.insert(at, "."));
            text = good;
            (void)try_text(text.insert(at, "0"));
        }
    }
    CHECK(read > 1'000);
}

TEST_CASE("plain IPv6 addresses are read as value::parse_network reads them") {
    std::size_t read = 0, known_ones = 0;
    const auto try_text = [&](const std::string& text) {
        const auto known = value::parse_network(text, true);
        const auto* meant = std::get_if<value::Network>(&known);
        known_ones += meant != nullptr ? 1 : 0;
        value::Network network;
        if (!input::read_plain_ipv6(text, network)) return false;
        ++read;
        REQUIRE_MESSAGE(meant != nullptr, text);
        REQUIRE_MESSAGE(*meant == network, text);
        return true;
    };
    test::Dice dice{6};
    const auto group = [&] {
        constexpr std::string_view kDigits = "0123456789abcdefABCDEF";
        std::string out;
        for (std::size_t n = 1 + dice.next() % (dice.chance(5) ? 5 : 4); n > 0; --n) {
            out += dice.chance(40) ? '0' : kDigits[dice.next() % kDigits.size()];
        }
        return out;
    };
    for (int i = 0; i < 200'000; ++i) {
        std::string text;
        const std::size_t groups = dice.chance(30) ? 8 : dice.next() % 10;
        const std::size_t gap = dice.next() % (groups + 2);
        for (std::size_t k = 0; k < groups; ++k) {
            if (k == gap && groups != 8) text += k == 0 ? "::" : ":";
            text += group();
            if (k + 1 < groups) text += ':';
        }
        if (gap >= groups && groups != 8 && dice.chance(80)) text += "::";
        if (dice.chance(40)) text += '/' + std::to_string(dice.next() % 135);
        (void)try_text(text);
    }
    for (const std::string good : {"2001:db8::7", "2001:db8::/32", "fe80:1:2:3:4:5:6:7", "2001:DB8:0:0:1::",
                                   "::1:2:3:4:5:6:7", "1:2:3:4:5:6:7::", "2001:db8:abc0::/48", "ff00::/8"}) {
        CHECK_MESSAGE(try_text(good), good);
        for (std::size_t at = 0; at < good.size(); ++at) {
            for (int c = 0; c < 256; ++c) {
                std::string text = good;
                text[at] = static_cast<char>(static_cast<unsigned char>(c));
                (void)try_text(text);
            }
            (void)try_text(good.substr(0, at));
            (void)try_text(good.substr(at));
            std::string text = good;
            (void)try_text(text.insert(at, ":"));
            text = good;
            (void)try_text(text.insert(at, "0"));
        }
    }
    for (const char* left :
         {"::", "::1", "::/0", "::ffff:1.2.3.4", "::1.2.3.4", "0:0:0:0:0:ffff:102:304", "fe80::1%eth0", ""}) {
        CHECK_MESSAGE(!try_text(left), left);
    }
    CHECK(read > 10'000);
    CHECK(read * 10 > known_ones * 8);  // the rest begins with zeros
}

TEST_CASE("backslashes are found wherever they stand") {
    for (std::size_t size = 0; size < 40; ++size) {
        std::string text(size, 'x');
        CHECK(!input::has_escape(text));
        for (std::size_t at = 0; at < size; ++at) {
            text[at] = '\\';
            const std::string around = text + std::string(16, '\\');
            CHECK(input::has_escape(text));
            CHECK(input::has_escape(std::string_view{around}.substr(0, size), true));
            text[at] = at % 2 == 0 ? ']' : '\xDC';  // near to it by one bit
            CHECK(!input::has_escape(text));
            text[at] = 'x';
        }
        const std::string behind = text + std::string(16, '\\');
        CHECK(!input::has_escape(std::string_view{behind}.substr(0, size), true));
    }
}

TEST_CASE("a structural index says where tokens begin, and refuses what can't be one") {
    input::Structure structure;
    REQUIRE(structure.index("{\"a\" : [1,true]}"));
    const std::vector<std::uint32_t> tokens(structure.tokens(), structure.tokens() + structure.count() + 1);
    CHECK(tokens == std::vector<std::uint32_t>{0, 1, 5, 7, 8, 9, 10, 14, 15, 16});
    CHECK(structure.index(" \n"));
    CHECK(structure.count() == 0);
    CHECK(structure.index(""));
    CHECK(!structure.index("\"never closed"));
    CHECK(!structure.index("\"\xC3\""));
    // The text ends where it does, even in the middle of a character.
    for (const char* cut : {"\"\xC3", "\"\xE2", "\"\xE2\x80", "\"\xF0", "\"\xF0\x9F", "\"\xF0\x9F\x98", "\xC3"}) {
        CHECK(!structure.index(cut));
    }
    CHECK(structure.index("\"\xF0\x9F\x98\x80\""));
    CHECK(structure.index("{} \xC3\xA9"));
    CHECK(!structure.index("\"a\nb\""));
    // Behind a closing quote begins something new, whatever it is.
    REQUIRE(structure.index("\"a\"b"));
    CHECK(structure.count() == 2);
    CHECK(structure.tokens()[1] == 3);
}

TEST_CASE("the files of the JSON test suite, each as a line: none is read that the strict reader refuses") {
    const char* const told = std::getenv("KEYWRIGHT_SUITES");
    const std::filesystem::path folder = told != nullptr
                                             ? std::filesystem::path{told}
                                             : std::filesystem::path{KEYWRIGHT_SOURCE_DIR} / ".." / "shared" / "suites";
    if (!std::filesystem::is_directory(folder)) {
        MESSAGE("skipped: the public test suites are not here");
        return;
    }
    // Whatever stands in the file is a member that is passed over.
    const auto checked = test::check_text(test::pack_text("a: bool?", "adapter loose { a from \"/a\" ignore \"/v\" }"));
    REQUIRE(!checked->refused);
    const ir::Adapter* any = checked->module.adapters.data();
    std::size_t files = 0, read = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{folder}) {
        if (!entry.is_regular_file() || entry.path().extension() != ".json" || entry.file_size() > 200'000) continue;
        std::ifstream in{entry.path(), std::ios::binary};
        const std::string content{std::istreambuf_iterator<char>{in}, {}};
        ++files;
        for (const std::string& text : {content, "{\"v\":" + content + "}", "{\"a\":true,\"v\":" + content + "}"}) {
            const Read rows = read_rows(checked->module, text, input::RowForm::kLines, {}, any);
            for (const input::RowPlace& one : rows.places) {
                if (!one.read) continue;
                ++read;
                const auto judged = records::read(checked->module, text.substr(one.begin, one.end - one.begin),
                                                  input::DocumentForm::kLines, any);
                INFO(entry.path().filename().string());
                REQUIRE(judged.size() == 1);
                CHECK(judged[0].errors.empty());
            }
        }
    }
    CHECK(files > 100);
    CHECK(read > 50);
}
