// Audits: inventories of any size decided at the speed at which they can be read, in memory that doesn't grow with
// them.
//
//     keywright::Auditor auditor{*compiled.rules, {.now = now}};
//     keywright::Audit audit{auditor};
//     audit.begin("keys.ndjson");
//     while (const std::size_t n = std::fread(buffer, 1, sizeof buffer, file)) audit.add({buffer, n});
//     audit.end();
//     std::cout << keywright::to_pretty(audit.report());                             // render_audit.h
//
// What comes out is what `Rules::check` says of each record, counted: how many records came to which verdict, which
// rules they violate, which keys expire next, and of each kind of finding the first few records with their reasons.
// Everything else about a record is forgotten, unless `AuditOptions::results` asks for it.
//
// Behind `Audit` are the parts that a program with threads puts together itself: an `AuditInput` cuts the text of an
// input into blocks of whole records, an `AuditWorker` decides a block (any number of workers at a time), and an
// `AuditTally` adds up blocks in the order in which they were cut. The outcome doesn't hang on where the text was cut
// nor on the number of workers.
//
// Three forms of input are read. NDJSON: a line that can't be read is counted, and the next one is read. A JSON array:
// element by element; where the text stops being an array of values, the input ends with a `AuditProblem`, and what was
// decided before stays. Any other document, such as an answer that an adapter reads: as a whole, up to
// `Limits::document_bytes`.
//
// No function here throws for anything in the text, prints, or reads the clock. Buffers are overwritten when they are
// done with, as the text may hold secrets.
#pragma once

#include "keywright/evidence.h"
#include "keywright/limits.h"
#include "keywright/report.h"
#include "keywright/rules.h"
#include "keywright/time.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace keywright {

// --- what is asked ---------------------------------------------------------------------------------------------------

struct AuditOptions {
    Instant now;               // the instant to decide at
    std::string adapter = {};  // name of the pack's adapter for native records; empty: canonical form
    std::size_t samples = 3;   // records shown of each rule and error, the first ones; never more than 1000 in all
    std::size_t soonest = 10;  // expiries listed
    // What is said of each record, beside the numbers. It takes far longer to say why than to decide.
    enum class Results : std::uint8_t {
        kNone,
        kNdjson,  // a line each, as `to_json_line`
        kJson,    // the document `keywright.report/1` of `Rules::check`, with evidence
        kCsv,     // a row each, under a heading
    } results = Results::kNone;
    bool digest = false;  // inputs' SHA-256 into the evidence, which costs more than deciding; kJson always does
    std::size_t block_bytes = std::size_t{1} << 20;  // of text in a block; changes nothing but speed and memory
    bool columns = true;                             // decide many records at a time; changes nothing but speed
    Limits limits = {};
};

// --- what comes out --------------------------------------------------------------------------------------------------

// Why an input wasn't read to its end.
struct AuditProblem {
    std::string code;  // `explain(code)` tells more; empty: it has none
    std::string message;
    std::string help;  // may be empty
    friend bool operator==(const AuditProblem&, const AuditProblem&) = default;
};

struct AuditedInput {
    enum class Form : std::uint8_t { kLines, kArray, kDocument };
    std::string source;
    Form form = Form::kLines;
    std::uint64_t records = 0;
    std::uint64_t bytes = 0;  // of text that was read, without compression
    std::uint64_t lines = 0;  // line feeds in it
    bool complete = false;    // it was read to its end; else what is told of it is of its beginning
    std::optional<AuditProblem> problem = {};
    friend bool operator==(const AuditedInput&, const AuditedInput&) = default;
};

[[nodiscard]] std::string_view to_string(AuditedInput::Form form);  // `lines`, `array`, `document`

// Numbers of records.
struct AuditedRule {
    std::string rule;
    Severity severity = Severity::kError;
    Severity warning = Severity::kWarning;  // that of its warnings, where it expires
    std::uint64_t violated = 0;             // at its severity
    std::uint64_t warned = 0;               // it warns of an expiry
    std::uint64_t undetermined = 0;         // at its severity
    std::uint64_t perhaps_warned = 0;       // whether it warns of an expiry is undetermined
    std::uint64_t exempt = 0;
    friend bool operator==(const AuditedRule&, const AuditedRule&) = default;
};

struct AuditedExemption {
    std::string rule;
    std::string by;       // the define it names, or the condition's text; of a waiver its name
    bool waiver = false;  // else the rule itself exempts
    std::uint64_t records = 0;
    friend bool operator==(const AuditedExemption&, const AuditedExemption&) = default;
};

struct AuditedExpiry {
    Instant at;
    std::string subject, source;
    std::uint64_t index = 0, line = 0;  // as in RecordReport
    friend bool operator==(const AuditedExpiry&, const AuditedExpiry&) = default;
};

// A record with what `check` says of it, and what it is shown for.
struct AuditSample {
    RecordReport record;
    std::uint64_t offset = 0;  // bytes of the input before the record, or before the line it stands on
    std::vector<std::string> violates, undetermined, errors;  // rules and codes of which it is one of the first records
    friend bool operator==(const AuditSample&, const AuditSample&) = default;
};

struct AuditReport {
    RulesIdentity rules;
    std::vector<WaiverGiven> waivers;
    Instant evaluated_at;
    Evidence evidence;  // its inputs only where digests were asked for, and of inputs that are complete
    std::vector<AuditedInput> inputs;
    bool complete = true;  // all inputs are, and the caller left none out

    std::uint64_t records = 0, compliant = 0, violation = 0, undetermined = 0, invalid = 0;
    std::uint64_t waived = 0;                       // records that a waiver exempts from a rule
    std::uint64_t open = 0;                         // records of which a rule of any severity is undetermined
    std::vector<AuditedRule> by_rule;               // all rules, in their order
    std::vector<AuditedExemption> by_exemption;     // all exemptions, waivers included, in the order of rules
    std::map<std::string, std::uint64_t> by_error;  // code to records with at least one error of it

    // Records by what is known of their earliest expiry, seen from `evaluated_at`. Unreadable records are none of
    // these.
    std::uint64_t never_expire = 0, expired = 0, will_expire = 0, may_expire = 0;
    std::vector<AuditedExpiry> soonest;  // of those that will expire, by instant and then in order of the input
    std::vector<AuditSample> samples;    // in order of the input

    // Records with a violation of at least this severity: none exactly where this is false.
    [[nodiscard]] bool violates(Severity at_least) const;
    // Something isn't known to be in order: a record is unreadable, or a rule undetermined.
    [[nodiscard]] bool is_open() const { return invalid > 0 || open > 0; }
};

// --- how it is done --------------------------------------------------------------------------------------------------

// A pack made ready for an audit; immutable and cheap to copy, and shared by threads.
class Auditor {
public:
    Auditor(const Rules& rules, const AuditOptions& options);

    [[nodiscard]] const AuditOptions& options() const;
    [[nodiscard]] const Rules& rules() const;

    struct State;
    [[nodiscard]] const std::shared_ptr<const State>& state() const { return state_; }

private:
    std::shared_ptr<const State> state_;
};

// A stretch of an input, whole records, before and after it is decided. Its text is overwritten at the end.
class AuditBlock {
public:
    AuditBlock();
    ~AuditBlock();
    AuditBlock(AuditBlock&&) noexcept;
    AuditBlock& operator=(AuditBlock&&) noexcept;

    struct State;
    [[nodiscard]] State& state() const { return *state_; }

private:
    std::unique_ptr<State> state_;
};

// Where reading may go on: behind a whole number of records of one input.
struct AuditPosition {
    std::uint64_t bytes = 0;    // of the input's text before it
    std::uint64_t element = 0;  // of an array, how many elements are before it
    AuditedInput::Form form = AuditedInput::Form::kLines;
    bool begun = false;   // false: `form` isn't known yet, and all else is 0
    bool closed = false;  // of an array: its end was read
    bool any = false;     // there was more than blanks
    friend bool operator==(const AuditPosition&, const AuditPosition&) = default;
};

// Cuts the text of one input into blocks. Linear in the text. Holds one block, and a record of at most
// `Limits::record_bytes`; the whole text (at most `Limits::document_bytes`) where it is neither lines nor an array.
class AuditInput {
public:
    // `source` is what reports call it. `lines`: it is NDJSON, whatever it looks like. Else that is found out as
    // `Rules::check` does. From elsewhere than
    // the beginning with a position that a tally told: what is before it is given once more for its digest, and where
    // none was asked for, left out.
    AuditInput(const Auditor& auditor, std::string_view source, bool lines, const AuditPosition& from = {});
    ~AuditInput();
    AuditInput(AuditInput&&) noexcept;
    AuditInput& operator=(AuditInput&&) noexcept;

    // Where the next bytes of the text are to be put, never empty; then how many were put there. Where `next` has
    // blocks, they have to be taken first.
    [[nodiscard]] std::span<char> room();
    void add(std::size_t bytes);
    // How many bytes of the text are still to be passed over, because they are before the position it began from;
    // whether they may be left out, and that they are.
    [[nodiscard]] std::uint64_t to_pass() const;
    [[nodiscard]] bool may_leave_out() const;
    void leave_out();
    // There is no more text. With `all` false it was left off somewhere: a last record that may not be whole is left
    // out.
    void end(bool all = true);
    // The next block, nothing where more text is needed, or all was handed out.
    [[nodiscard]] std::optional<AuditBlock> next();
    // Gives back the buffers of a block that is done with.
    void reuse(AuditBlock&& block);

    // Set where the text can't be read on from here; no blocks come behind those that came.
    [[nodiscard]] const std::optional<AuditProblem>& problem() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

// Adds up blocks.
class AuditTally {
public:
    explicit AuditTally(const Auditor& auditor);
    ~AuditTally();
    AuditTally(AuditTally&&) noexcept;
    AuditTally& operator=(AuditTally&&) noexcept;

    // Begins an input; `source` is what reports call it.
    void begin(std::string_view source);
    // Adds a block of that input, decided by a worker, in the order in which it was cut. Returns false where the input
    // ends in it, as its text isn't an array any more: blocks behind it are passed over.
    bool add(AuditBlock& block);
    // The input's end, and why it came too early: a problem of AuditInput, or of the caller's own. `complete`: all of
    // it was read.
    void end(bool complete, std::optional<AuditProblem> problem = {});

    // That of the input begun last: the one given, or where its text isn't an array any more.
    [[nodiscard]] std::optional<AuditProblem> problem() const;

    // What was said of the records since the last call, as `AuditOptions::results` asks for it, in order.
    [[nodiscard]] std::string take_results();
    // What stands before and behind all of that.
    [[nodiscard]] std::string results_head() const;
    [[nodiscard]] std::string results_tail() const;

    [[nodiscard]] std::uint64_t records() const;
    // How many inputs were begun. Whether one is begun and not ended, and then where the last block added ended.
    [[nodiscard]] std::size_t inputs() const;
    [[nodiscard]] bool in_input() const;
    [[nodiscard]] AuditPosition position() const;
    [[nodiscard]] AuditReport report() const;

    // All of it as a text (no secret is in it), and back. False: the text isn't one, or of other rules or options; the
    // tally is then as it was.
    [[nodiscard]] std::string save() const;
    [[nodiscard]] bool load(std::string_view text);

    struct State;
    [[nodiscard]] State& state() const { return *state_; }

private:
    std::unique_ptr<State> state_;
};

// Decides blocks. One for each thread; it may be used while another thread adds to the tally that it works for.
class AuditWorker {
public:
    explicit AuditWorker(const AuditTally& tally);
    ~AuditWorker();
    AuditWorker(AuditWorker&&) noexcept;
    AuditWorker& operator=(AuditWorker&&) noexcept;

    void decide(AuditBlock& block);

private:
    struct State;
    std::unique_ptr<State> state_;
};

// All of that in one thread.
class Audit {
public:
    explicit Audit(const Auditor& auditor);
    ~Audit();
    Audit(Audit&&) noexcept;
    Audit& operator=(Audit&&) noexcept;

    void begin(std::string_view source, bool lines = false);
    void add(std::string_view bytes);
    void end(bool all = true);
    // As those of AuditTally.
    [[nodiscard]] std::string take_results();
    [[nodiscard]] std::string results_head() const;
    [[nodiscard]] std::string results_tail() const;
    [[nodiscard]] AuditReport report() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace keywright
