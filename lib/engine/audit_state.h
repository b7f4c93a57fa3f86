// What the parts of an audit hand to each other: a pack's numbering, a block of text, and what was found in it.
#pragma once

#include "base/digest.h"
#include "engine/state.h"
#include "eval/batch.h"
#include "input/reader.h"
#include "input/rows.h"
#include "keywright/audit.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keywright {

struct Auditor::State {
    State(const Rules& of, const AuditOptions& asked);

    Rules rules;
    AuditOptions options;
    const ir::Adapter* adapter = nullptr;  // null: canonical form
    bool knows_adapter = true;             // else every text is one record that says so
    bool streams_arrays = true;            // the records of an array are its elements, whatever an adapter looks for
    // Exemptions of all rules are numbered through; a rule's are those from its first one on. One more than rules.
    std::vector<std::uint32_t> first_exemption;
    // For what is decided by columns; nothing where that can't tell all that is asked.
    std::optional<eval::Batch> batch;
    std::optional<input::RowPlan> row_plan;

    [[nodiscard]] const Rules::State& pack() const { return rules.state(); }
    [[nodiscard]] const ir::Module& module() const { return rules.state().module; }
    [[nodiscard]] bool is_digest_wanted() const {
        return options.digest || options.results == AuditOptions::Results::kJson;
    }
    [[nodiscard]] CheckOptions check_options(std::string_view source) const;
};

namespace engine {

// Bytes that are overwritten when they are given up.
class Buffer {
public:
    Buffer() = default;
    Buffer(Buffer&& other) noexcept { *this = std::move(other); }
    Buffer& operator=(Buffer&& other) noexcept;
    Buffer(const Buffer&) = delete;
    Buffer& operator=(const Buffer&) = delete;
    ~Buffer() { wipe(); }

    void reserve(std::size_t capacity);  // keeps what is there
    void append(std::string_view bytes);
    void assign(std::string_view bytes);
    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] std::size_t capacity() const { return capacity_; }
    [[nodiscard]] std::string_view text() const { return {bytes_.get(), size_}; }
    [[nodiscard]] char* data() { return bytes_.get(); }
    void resize(std::size_t size);  // at most the capacity; what is new was put there by the caller
    void wipe();

private:
    std::unique_ptr<char[]> bytes_;
    std::size_t size_ = 0, capacity_ = 0;
    std::size_t used_ = 0;  // so many bytes were ever written
};

// Numbers of records, all of which add up.
struct AuditCounts {
    struct OfRule {
        std::uint64_t violated = 0, warned = 0, undetermined = 0, perhaps_warned = 0, exempt = 0;
    };
    std::uint64_t records = 0, compliant = 0, violation = 0, undetermined = 0, invalid = 0;
    std::uint64_t waived = 0, open = 0;
    std::uint64_t never_expire = 0, expired = 0, will_expire = 0, may_expire = 0;
    std::vector<OfRule> rules;
    std::vector<std::uint64_t> exemptions;
    std::map<std::string, std::uint64_t> errors;

    void reset(const Auditor::State& auditor);
    void add(const AuditCounts& other);
};

// What a record may be a sample of: rule `r` violated is 2r, undetermined 2r + 1; errors have their codes.
[[nodiscard]] constexpr std::size_t violated_kind(std::size_t rule) { return 2 * rule; }
[[nodiscard]] constexpr std::size_t undetermined_kind(std::size_t rule) { return 2 * rule + 1; }

// A record of a block.
struct AuditedPlace {
    static constexpr std::size_t kUnknown = std::numeric_limits<std::size_t>::max();
    std::uint64_t ordinal = 0;     // among the records of the block
    std::size_t line = 0;          // line feeds before the document that it stands in
    std::size_t begin = kUnknown;  // of that document in the block's text; of a line found by its number where unknown
    std::size_t nth = 0;           // among the records of the document
};

struct AuditFound {
    AuditedPlace place;
    std::vector<std::size_t> kinds;
    std::vector<std::string> errors;
    std::optional<RecordReport> report;  // where the text can't be asked again
};

struct AuditExpiring {
    Instant at;
    AuditedPlace place;
    std::string subject;
};

// What a worker makes of a block.
struct AuditPart {
    AuditCounts counts;
    std::uint64_t lines = 0;              // line feeds
    std::vector<AuditFound> found;        // by ordinal
    std::vector<AuditExpiring> expiring;  // by instant and ordinal, at most as many as are listed
    std::string results;                  // without what hangs on the records before
    struct Hole {
        std::size_t at;        // in `results`
        std::uint64_t number;  // to which the index, or the line, of the block's first is added
        bool line;
    };
    std::vector<Hole> holes;
    std::optional<AuditProblem> broken;  // behind the records above
    std::uint64_t broken_at = 0;         // bytes of the block before that

    void reset(const Auditor::State& auditor);
};

// What workers need to know of a tally, so that they don't look for what it has enough of. It may lag behind: what they
// bring too much isn't taken.
struct AuditWanted {
    explicit AuditWanted(std::size_t kinds, std::size_t samples);
    std::vector<std::atomic<std::uint32_t>> missing;                                      // by kind
    std::atomic<std::int64_t> soonest_seconds{std::numeric_limits<std::int64_t>::max()};  // later ones aren't listed
};

// Finds where the elements of an array end; only brackets and quotes are looked at.
class ElementScan {
public:
    // The position of the first comma or `]` outside of all elements in `text` from `from` on; npos where there is
    // none, and the scan goes on with the text behind.
    [[nodiscard]] std::size_t next_end(std::string_view text, std::size_t from);

private:
    [[nodiscard]] std::size_t step(std::string_view text, std::size_t from);  // the same byte by byte
    bool in_string_ = false, escaped_ = false;
    std::uint64_t depth_ = 0;
};

[[nodiscard]] inline std::size_t line_feeds(std::string_view text) {
    std::size_t out = 0;
    for (const char c : text) out += c == '\n' ? 1 : 0;
    return out;
}

inline constexpr std::string_view kBlanks = " \t\r\n";

}  // namespace engine

struct AuditBlock::State {
    enum class Kind : std::uint8_t {
        kLines,
        kElements,  // the text holds elements from `begin` to `end`, and what parts them
        kDocument,
        kTooLong,  // a line or element that was passed over; there is no text
        kRest,     // no records: what stands behind all of them
    } kind = Kind::kRest;
    std::shared_ptr<const std::string> source;
    bool as_lines = false;  // the input is NDJSON, whatever it looks like
    engine::Buffer text;
    std::size_t begin = 0, end = 0;
    std::uint64_t offset = 0;         // of the text in the input
    std::uint64_t first_element = 0;  // of kElements and of an element that is too long
    AuditPosition behind;             // where the next block begins
    std::uint64_t too_long = 0;       // bytes of the record
    std::uint64_t too_long_at = 0;    // in the input
    std::uint64_t too_long_lines_before = 0;
    char too_long_first = '{';  // its first character, which tells what it is
    std::uint64_t lines = 0;    // of kTooLong and kRest: line feeds
    bool last = false;          // the input ends here
    std::string digest;         // of all of it, where it is the last and a digest is wanted
    bool decided = false;
    engine::AuditPart part;
};

}  // namespace keywright
