// From JSON to records, by the schema (canonical form) or through an adapter.
#pragma once

#include "input/json.h"
#include "ir/ir.h"
#include "keywright/limits.h"
#include "keywright/report.h"
#include "value/record.h"

#include <cstddef>
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

// Where a text that is a part of a larger one stands in it, so that what is said of its records is said of the whole.
struct TextPlace {
    std::size_t line = 1;     // the line that it begins on
    std::size_t element = 0;  // the text is an array that holds elements of a larger one, from this one on
};

// Reads one text after the other as `read_records` does; what is prepared for a module is kept. A text without records
// yields none here, for there may be more in the next one.
class Reader {
public:
    // `module` and the adapter outlive it.
    Reader(const ir::Module& module, const ReadOptions& options);
    ~Reader();
    Reader(Reader&&) noexcept;
    Reader& operator=(Reader&&) noexcept;

    void read(std::string_view text, DocumentForm form, TextPlace place, const std::function<void(ReadRecord&)>& sink);

private:
    class Session;
    std::unique_ptr<Session> session_;
    friend void read_records(const ir::Module&, std::string_view, DocumentForm, const ReadOptions&,
                             const std::function<void(ReadRecord&)>&);
};

// What people call a record that was read: its name or id, or what the adapter says; else empty. Safe to show.
[[nodiscard]] std::string subject_of(const ir::Module& module, const ir::Adapter* adapter, const value::Record& record);

// Checks the assumptions of the schema on a decoded record; an error for each that the known fields break, at the
// canonical pointer of the field concerned.
void check_assumptions(const ir::Module& module, const value::Record& record, Instant now,
                       std::vector<RecordError>& errors);

}  // namespace keywright::input
