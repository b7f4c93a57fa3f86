// bench/inventory.h: the records that everything is measured with are what they were made to be.
#include "bench/inventory.h"
#include "keywright/keywright.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

using namespace keywright;
using bench::InventoryShape;
using bench::Planned;

namespace {

const Rules& kucoin() {
    static const Compiled compiled = compile_path(KEYWRIGHT_SOURCE_DIR "/rules/kucoin_tr");
    return *compiled.rules;
}

struct Made {
    std::vector<Planned> planned;
    std::string text;
    Report report;
};

Made make(const InventoryShape& shape, std::size_t records) {
    Made made;
    for (std::size_t i = 0; i < records; ++i) {
        made.planned.push_back(bench::append_record(shape, i, made.text));
        made.text += '\n';
    }
    CheckOptions options;
    options.now = Instant{shape.at, 0};
    options.form = CheckOptions::Form::kLines;
    made.report = kucoin().check(made.text, options);
    return made;
}

bool violates(const RecordReport& record, std::string_view rule) {
    return std::ranges::any_of(record.violations, [&](const Violation& violation) {
        return violation.rule == rule && violation.severity == Severity::kError;
    });
}

}  // namespace

TEST_CASE("every record of an inventory comes out as it was planned") {
    for (const bool shuffle : {false, true}) {
        InventoryShape shape;
        shape.seed = 7;
        shape.shuffle = shuffle;
        shape.unknown = 200'000;
        shape.escapes = shape.long_strings = 50'000;
        const std::size_t records = 6'000;
        const Made made = make(shape, records);
        REQUIRE(made.report.results.size() == records);
        std::size_t violations = 0, unknown = 0, undetermined = 0;
        for (std::size_t i = 0; i < records; ++i) {
            CAPTURE(i);
            const Planned& planned = made.planned[i];
            const RecordReport& record = made.report.results[i];
            CHECK(record.errors.empty());
            if (planned.kind == Planned::Kind::kViolation) {
                CHECK(record.verdict == Verdict::kViolation);
                CHECK(violates(record, planned.rule));
                ++violations;
            } else {
                CHECK(planned.kind == Planned::Kind::kCompliant);
                if (!planned.unknown) CHECK(record.verdict == Verdict::kCompliant);
                CHECK(record.verdict != Verdict::kViolation);
            }
            unknown += planned.unknown ? 1 : 0;
            undetermined += record.verdict == Verdict::kUndetermined ? 1 : 0;
            if (!planned.unknown) CHECK(record.undetermined.empty());
        }
        CHECK(violations > records * 28 / 100);
        CHECK(violations < records * 32 / 100);
        CHECK(unknown > records * 18 / 100);
        CHECK(unknown < records * 22 / 100);
        CHECK(undetermined > records * 5 / 100);
    }
}

TEST_CASE("an inventory violates every rule of the pack and leaves every rule undetermined") {
    InventoryShape shape;
    const Made made = make(shape, 10'000);
    std::map<std::string, std::size_t> violated, open;
    for (const RecordReport& record : made.report.results) {
        for (const Violation& violation : record.violations) ++violated[violation.rule];
        for (const Undetermined& undetermined : record.undetermined) ++open[undetermined.rule];
    }
    for (const std::string& rule : kucoin().rule_names()) {
        CAPTURE(rule);
        CHECK(violated[rule] > 150);
        CHECK(open[rule] > 5);
    }
    CHECK(made.text.size() / made.planned.size() > 290);
    CHECK(made.text.size() / made.planned.size() < 330);
}

TEST_CASE("what was made to be unreadable is, for each of several reasons") {
    InventoryShape shape;
    shape.invalid = 500'000;
    const Made made = make(shape, 2'000);
    std::map<std::string, std::size_t> codes;
    std::size_t invalid = 0;
    for (std::size_t i = 0; i < made.planned.size(); ++i) {
        CAPTURE(i);
        const RecordReport& record = made.report.results[i];
        CHECK((made.planned[i].kind == Planned::Kind::kInvalid) == (record.verdict == Verdict::kInvalid));
        if (record.verdict != Verdict::kInvalid) continue;
        ++invalid;
        ++codes[record.errors.front().code];
    }
    CHECK(invalid > 900);
    CHECK(invalid < 1'100);
    CHECK(codes.size() >= 10);
}

TEST_CASE("an inventory is the same bytes everywhere, and record for record") {
    InventoryShape shape;
    shape.escapes = shape.long_strings = shape.invalid = 100'000;
    std::string all, twice;
    for (std::uint64_t i = 0; i < 1'000; ++i) (void)bench::append_record(shape, i, all);
    // FNV-1a. Another number here means that figures of earlier runs can't be compared any more.
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (const char c : all) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    CHECK(hash == 2009474026173657844U);
    for (std::uint64_t i = 0; i < 1'000; ++i) (void)bench::append_record(shape, i, twice);
    CHECK(all == twice);
    shape.seed = 2;
    twice.clear();
    for (std::uint64_t i = 0; i < 1'000; ++i) (void)bench::append_record(shape, i, twice);
    CHECK(all != twice);
}
