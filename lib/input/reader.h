// From JSON to records, by the schema (canonical form) or through an adapter.
#pragma once

#include "input/json.h"
#include "ir/ir.h"
#include "keywright/limits.h"
#include "keywright/report.h"
#include "value/record.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace keywright::input {

// One record as it was found, or the reasons why it can't be read.
struct ReadRecord {
    std::string subject;   // what people call it: its name or id, else empty
    std::size_t line = 0;  // 1-based line of the text on which it begins, or reading it failed; 0: it holds none
    value::Record record;  // meaningful where `errors` is empty
    std::vector<RecordError> errors;
    // JSON Pointer of each schema field in canonical form, by field number: the same for native records, so that
    // reports of one key read alike wherever it came from. Only `RecordError::at` points into the input.
    std::vector<std::string> pointers;
};

struct ReadOptions {
    const ir::Adapter* adapter = nullptr;  // null: canonical form
    Instant now;                           // for `assume … <= now`
    Limits limits;
};

enum class DocumentForm : std::uint8_t {
    kAuto,
    kDocument,
    kLines
};  // one JSON document (object, array, envelope), or NDJSON

// Reads every record of `text` and hands each to `sink` in order of appearance. Text that is not JSON yields one record
// with an error (a line that is not, where the text is NDJSON). Never fails otherwise. The record handed over is only
// valid during the call. Secrets are reduced to their facts, and the text of the document is overwritten, before
// returning.
void read_records(const ir::Module& module, std::string_view text, DocumentForm form, const ReadOptions& options,
                  const std::function<void(ReadRecord&)>& sink);

// The same for lines of one text that are handed in piece by piece, whole lines each. `options` and `sink` must outlive
// it. Lines of blanks alone hold no record.
class LineReader {
public:
    LineReader(const ir::Module& module, const ReadOptions& options, const std::function<void(ReadRecord&)>& sink);
    ~LineReader();
    LineReader(LineReader&&) noexcept;
    LineReader& operator=(LineReader&&) noexcept;

    // `first`: the 1-based line of the text that `lines` begins with.
    void read(std::string_view lines, std::size_t first);

private:
    class Session;
    std::unique_ptr<Session> session_;
};

// What people call a record that was read: its name or id, or what the adapter says; else empty. Safe to show.
[[nodiscard]] std::string subject_of(const ir::Module& module, const ir::Adapter* adapter, const value::Record& record);

// Checks the assumptions of the schema on a decoded record; an error for each that the known fields break, at the
// canonical pointer of the field concerned.
void check_assumptions(const ir::Module& module, const value::Record& record, Instant now,
                       std::vector<RecordError>& errors);

}  // namespace keywright::input
