// Records of a block, one at a time, as the strict reader reads them: for what is decided without columns, and for the
// reasons of what is shown.
#pragma once

#include "engine/audit_state.h"
#include "eval/decision.h"
#include "eval/program.h"
#include "input/reader.h"

#include <functional>
#include <string>
#include <string_view>

namespace keywright::engine {

class AuditRecords {
public:
    explicit AuditRecords(const Auditor::State& auditor);

    using Sink = std::function<void(input::ReadRecord&)>;
    // NDJSON; `line` is that of the text's first line.
    void lines(std::string_view text, std::size_t line, const Sink& sink);
    // One element of an array, with what blanks stand round it; `line` is that of its first character. Something where
    // the array can't be trusted from there on; nothing is handed over then.
    [[nodiscard]] std::optional<RecordError> element(std::string_view text, std::size_t line, std::uint64_t number,
                                                     const Sink& sink);
    // A whole text, in a form of its own.
    void document(std::string_view text, bool as_lines, const Sink& sink);
    // Why a record that wasn't kept can't be read: its size is more than one may have. It stands on line `number`.
    [[nodiscard]] static RecordError too_long(const AuditBlock::State& block, std::size_t number, const Limits& limits);

    // What the rules say of a record without errors.
    [[nodiscard]] const eval::Decision& decide(const input::ReadRecord& read);
    // The same with reasons; `report` holds the errors of one with errors.
    void explain(const input::ReadRecord& read, RecordReport& report);

private:
    const Auditor::State& auditor_;
    input::Reader reader_;
    eval::Program::Scratch scratch_;
    eval::Decision decision_;
    std::string wrapped_;
};

}  // namespace keywright::engine
