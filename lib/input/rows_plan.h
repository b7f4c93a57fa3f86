// How the walk over rows reads the members of a record: what the schema and an adapter say, in the form in which the
// walk asks for it.
#pragma once

#include "input/rows.h"
#include "input/rows_text.h"
#include "ir/ir.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace keywright::input {

// Names looked up by their bytes as they stand in the text, escapes and all: a name that would have to be escaped isn't
// among them, so whoever writes it is left to the strict reader, as is whoever escapes what needn't be.
class NameTable {
public:
    static constexpr std::uint32_t kNone = UINT32_MAX;

    // The number of a name is that of its adding, from 0. False where it can't be written plainly; it has a number
    // then, too.
    bool add(std::string_view name);
    void build();  // after the last `add`

    [[nodiscard]] std::size_t size() const { return texts_.size(); }
    // `roomy`: eight bytes may be read at `text`. O(1), but for names that begin and end alike.
    [[nodiscard]] std::uint32_t find(const char* text, std::size_t size, bool roomy) const {
        const std::uint64_t head = head_of(text, size, roomy);
        const std::uint64_t tail = tail_of(text, size, head);
        for (std::size_t at = hash(head, tail, size);; ++at) {
            const Slot& slot = slots_[at & mask_];
            if (slot.head == head && slot.tail == tail && slot.size == size) [[likely]] {
                if (size <= 16 || std::memcmp(texts_[slot.number].data() + 8, text + 8, size - 16) == 0) {
                    return slot.number;
                }
            }
            if (slot.number == kNone) return kNone;
        }
    }

private:
    struct Slot {
        std::uint64_t head = 0, tail = 0;
        std::size_t size = SIZE_MAX;
        std::uint32_t number = kNone;
    };

    [[nodiscard]] static std::size_t hash(std::uint64_t head, std::uint64_t tail, std::size_t size) {
        const std::uint64_t mixed = (head ^ (tail << 23 | tail >> 41) ^ size) * 0x9e37'79b9'7f4a'7c15;
        return static_cast<std::size_t>(mixed >> 32);
    }

    std::vector<std::string> texts_;
    std::vector<bool> plain_;
    std::vector<Slot> slots_ = std::vector<Slot>(1);  // so that something can be looked up
    std::size_t mask_ = 0;
};

// What stands behind a member's name.
enum class MemberForm : std::uint8_t {
    kBool,
    kInt,
    kText,
    kEnum,
    kNetwork,
    kEnumSet,
    kNetworkSet,
    kTextSet,
    kIntSet,
    kInstant,
    kInstantNumber,
    kDuration,
    kDurationNumber,
    kSecret,
    kRecord,
    kUnknownList,  // `$unknown`
    kPassedOver,   // any value
    kNullOnly,
};

// What a field that the record doesn't tell of is, its value ready for the columns.
struct Default {
    enum class Meaning : std::uint8_t { kUnknown, kAbsent, kValue, kRefused };
    Meaning meaning = Meaning::kUnknown;
    const value::Value* value = nullptr;  // of kValue
};

struct FieldPlan {
    value::Aspects needs;
    bool optional = false;         // null is absence
    bool null_is_missing = false;  // null is what a missing member is
    bool may_be_listed = true;     // in `$unknown`, where the record doesn't tell of it
    Default missing;
    std::uint32_t parent = UINT32_MAX;  // the nested record it stands in
    std::int64_t min = INT64_MIN, max = INT64_MAX;
    ir::Kind kind = ir::Kind::kBool, element = ir::Kind::kBool;
    ir::TimeUnit unit = ir::TimeUnit::kNone;
    bool unit_as_text = false;
    std::int64_t unit_nanos = 0;       // of a duration that is a number
    std::uint32_t words = UINT32_MAX;  // of an enum or a set of one: in RowPlan::Plan::words
    std::vector<std::string> none;     // texts that stand for nothing
    bool split = false;
    std::string separator;
};

// A member that may stand in an object. Fields have the number of their member; those behind them are not of fields.
struct MemberPlan {
    // The name as it mostly stands in the text, with its quotes and the colon behind it, and that text's first and last
    // eight bytes; of a shorter one both are the first eight, of which `mask` keeps what is its own.
    std::uint64_t head = 0, tail = 0, mask = 0;
    std::uint32_t size = 0;
    bool has_none = false;  // some texts stand for nothing
    MemberForm form = MemberForm::kPassedOver;
    std::uint32_t object = UINT32_MAX;  // of kRecord: what may stand inside
    std::uint32_t words = UINT32_MAX;   // of an enum: in RowPlan::Plan::words
    std::string spelled;
};

// An object: the record, or one nested in it.
struct ObjectPlan {
    NameTable names;
    std::vector<std::uint32_t> members;  // by number of the name
};

// The spellings of an enumeration's values.
struct WordsPlan {
    NameTable names;
    std::vector<std::uint64_t> bits;  // the values a spelling stands for
};

struct AssumedTerm {
    enum class Kind : std::uint8_t { kField, kConstant, kNow };
    Kind kind = Kind::kConstant;
    std::uint32_t field = 0;
    std::int64_t number = 0;  // of a constant
    std::uint32_t nanosecond = 0;
};

struct AssumedPlan {
    AssumedTerm lesser, greater;
    bool strict = false;
};

struct RowPlan::Plan {
    bool usable = true;
    bool whole = false;  // some field is needed as it is
    std::vector<FieldPlan> fields;
    std::vector<MemberPlan> members;
    std::vector<ObjectPlan> objects;  // the first one is the record
    std::vector<WordsPlan> words;
    std::vector<AssumedPlan> assumptions;
    NameTable field_names;  // for `$unknown`
    // By field, in words of 64: those that are absent where they are missing, and stand in no other record.
    std::vector<std::uint64_t> plainly_absent;
    std::size_t record_bytes = 0, set_elements = 0, depth = 0;
};

}  // namespace keywright::input
