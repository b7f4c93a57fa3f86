// The fast way from JSON to columns.
//
// `RowReader` accepts only what it surely understands as the strict reader (input/reader.h) does: a record that it
// reads, the strict reader reads, to the same values. Whatever else stands in the text, from a syntax error to a
// spelling that is merely unusual, it leaves to that reader, so there is one judge of what is wrong and one set of
// messages. A structural index (where the tokens begin) is made of a whole block of text at once; the walk over it
// decodes what `needs` names and validates the rest.
#pragma once

#include "ir/ir.h"
#include "keywright/limits.h"
#include "value/columns.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace keywright::input {

// How the members of a record are read, prepared once for a module (which must outlive it), a set of needs and an
// adapter; immutable, shared by threads. `needs` has one element a field.
class RowPlan {
public:
    RowPlan(const ir::Module& module, std::span<const value::Aspects> needs, const ir::Adapter* adapter,
            const Limits& limits);
    ~RowPlan();
    RowPlan(RowPlan&&) noexcept;
    RowPlan& operator=(RowPlan&&) noexcept;

    // False where no record of this form can be read by rows (an adapter that reads from inside nested members, say):
    // everything is then left to the strict reader.
    [[nodiscard]] bool usable() const;

    struct Plan;  // rows_plan.h

private:
    friend class RowReader;
    std::unique_ptr<const Plan> plan_;
};

// A stretch of the text that holds one record, or what should have been one.
struct RowPlace {
    // Bytes in the text: of an element from its first to behind its last, of a line all of it but its line break.
    std::uint32_t begin = 0, end = 0;
    std::uint32_t line = 0;  // how many line feeds stand before `begin`
    bool read = false;       // it is a row of the columns; else the strict reader is to be asked
};

enum class RowForm : std::uint8_t {
    kLines,     // one document a line; lines of blanks alone are passed over
    kElements,  // elements of an array, with the commas between them: the text begins behind `[` or a comma
};

// Reads one block of text after the other. One for each thread.
class RowReader {
public:
    explicit RowReader(const RowPlan& plan);
    ~RowReader();
    RowReader(RowReader&&) noexcept;
    RowReader& operator=(RowReader&&) noexcept;

    // Takes up a text (less than 4 GiB) that ends where a line or an element does. It is read where it lies and must
    // outlive the calls of `next`. Of a long text of lines a piece at a time is indexed; one of elements is indexed
    // whole, which takes 4 bytes for each of its bytes.
    void open(std::string_view text, RowForm form);

    // Reads on until kBlockRows rows are decoded or the text ends; sooner where rows have very many columns, or where
    // there are very many places that aren't rows, so that memory is bounded. The places, `read` or not, are in order
    // of the text; the n-th of those that are `read` is row n of the columns. Returns false when there was nothing
    // left. Views stay valid until the next call. Records that break an assumption of the schema at `now` are not
    // `read`.
    [[nodiscard]] bool next(Instant now, value::Columns& columns, std::vector<RowPlace>& places);

    // Exchanges the record of a row of the last block, of a plan that needs some field whole, for any other record: for
    // those who keep it or hand it on. The buffers of the other one serve later rows.
    void exchange(std::size_t row, value::Record& record);

    // Of kElements, once `next` has returned false: where the array's end or anything that is no element stands, in
    // bytes; text.size() if nowhere. What comes behind it was not read.
    [[nodiscard]] std::size_t stopped_at() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace keywright::input
