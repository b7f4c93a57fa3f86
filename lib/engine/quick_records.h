// Records read by rows (input/rows.h) for those who need every record whole: the same as input::read_records hands
// over, at a fraction of the time, wherever a text is spelled plainly.
//
// Of lines, each that can't be read by rows is given to the strict reader, which alone says what is wrong. Of a
// document all of it has to be plain: a mistake at its end makes the records before it unreadable, too.
#pragma once

#include "input/reader.h"
#include "input/rows.h"
#include "ir/ir.h"

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

namespace keywright::engine {

// For one module, which must outlive it. Thread-safe; readers are kept from call to call.
class QuickRecords {
public:
    explicit QuickRecords(const ir::Module& module);
    ~QuickRecords();

    // Hands over every record of `text` in order, as read_records does. False, and nothing was handed over, where that
    // has to be asked.
    [[nodiscard]] bool each(std::string_view text, input::DocumentForm form, const input::ReadOptions& options,
                            const std::function<void(input::ReadRecord&)>& sink) const;

private:
    struct Reader;
    struct Plan;  // of one form of records, and its readers that nobody uses

    const ir::Module& module_;
    std::vector<std::unique_ptr<Plan>> plans_;  // the canonical form, then adapters
};

}  // namespace keywright::engine
