// Lines of any kind, read by rows and by the strict reader: whatever the first reads, the second reads to the same
// record, and neither misses a line.
#include "check/check.h"
#include "check/load.h"
#include "fuzz/law.h"
#include "input/reader.h"
#include "input/rows.h"
#include "report/record_json.h"

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

using namespace keywright;
using fuzz::law;

namespace {

constexpr std::string_view kPack = R"(edition 1
pack p { version "1" title "t" }
schema key {
  id: text? = absent
  a: bool
  u: one of { x, y } = x
  s: set of { x, y, z } = {}
  n: int 0..9
  ips: set of network = {}
  home: network?
  tags: set of text = {}
  ports: set of int 0..65535 = {}
  k: secret? = absent
  made: instant?
  used: instant epoch ms?
  d: duration = 3 days
  r: { q: int?, w: { v: bool, key: secret }? = absent }? = absent
  assume made <= used <= now
}
adapter native {
  ignore "/other"
  id from "/i" none "", "-"
  a from "/a" missing refused
  u from "/u" map { "X" -> x, "1" -> y }
  s from "/s" split "," map { "X" -> x, "Y" -> y, "Z" -> z } none ""
  n from "/n" missing 3
  ips from "/ips" split ";"
  k from "/k"
  made from "/made" as epoch s text
  d from "/d" in days
}
)";

class OneFile final : public FileSource {
public:
    [[nodiscard]] Result read(const std::string&, std::size_t) const override { return {std::string{kPack}, {}}; }
};

struct Tried {
    Tried() {
        diag::Sink sink{100};
        check::load(OneFile{}, "p.kw", {}, {}, {}, Limits{}, sink, loaded);
        module = check::check(loaded, {}, Limits{}, sink);
        law(!sink.has_errors(), "the pack compiles");
        value::Aspects all;
        for (std::size_t i = 0; i < value::kAspects; ++i) all.add(static_cast<value::Aspect>(i));
        needs.assign(module.schema.fields.size(), all);
        for (const ir::Adapter* adapter :
             {static_cast<const ir::Adapter*>(nullptr), &std::as_const(module).adapters[0]}) {
            plans.push_back(std::make_unique<input::RowPlan>(module, needs, adapter, Limits{}));
            law(plans.back()->usable(), "rows can be read");
            readers.push_back(std::make_unique<input::RowReader>(*plans.back()));
        }
    }

    check::Loaded loaded;
    ir::Module module;
    std::vector<value::Aspects> needs;
    std::vector<std::unique_ptr<input::RowPlan>> plans;
    std::vector<std::unique_ptr<input::RowReader>> readers;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static Tried tried;
    if (size == 0) return 0;
    const bool native = (data[0] & 1U) != 0;
    const bool elements = (data[0] & 2U) != 0;
    const std::string_view text = fuzz::text_of(data + 1, size - 1);
    input::ReadOptions options;
    options.now = {1'769'817'600, 0};
    if (native) options.adapter = &tried.module.adapters[0];

    input::RowReader& reader = *tried.readers[native ? 1 : 0];
    reader.open(text, elements ? input::RowForm::kElements : input::RowForm::kLines);
    value::Columns columns;
    std::vector<input::RowPlace> places;
    std::size_t behind = 0;
    std::vector<std::size_t> lines;
    while (reader.next(options.now, columns, places)) {
        std::size_t row = 0;
        for (const input::RowPlace& place : places) {
            law(place.begin >= behind && place.end > place.begin && place.end <= text.size(), "places are in order");
            behind = place.end;
            lines.push_back(place.line + std::size_t{1});
            if (!place.read) continue;
            std::size_t records = 0;
            input::read_records(tried.module, text.substr(place.begin, place.end - place.begin),
                                input::DocumentForm::kDocument, options, [&](input::ReadRecord& read) {
                                    ++records;
                                    law(read.errors.empty(), "what is read by rows has no errors");
                                    law(report::to_json(tried.module, read.record) ==
                                            report::to_json(tried.module, columns.records[row]),
                                        "both readers see the same record");
                                });
            law(records == 1, "a row is one record");
            ++row;
        }
        law(row == columns.rows, "every row has its place");
    }
    law(reader.stopped_at() <= text.size(), "elements stop in the text");
    if (!elements) {
        input::read_records(tried.module, text, input::DocumentForm::kLines, options, [&](input::ReadRecord& read) {
            law(read.line == 0 || std::binary_search(lines.begin(), lines.end(), read.line), "no line is missed");
        });
    }
    return 0;
}
