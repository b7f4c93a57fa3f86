// Records that show something: what is still to be shown by a suite's tests, and records for it that read well.
#pragma once

#include "analysis/feasibility.h"
#include "analysis/meter.h"
#include "analysis/mutation.h"
#include "analysis/obligations.h"
#include "eval/program.h"
#include "value/record.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace keywright::analysis {

// A record to start from when a test is written.
struct Base {
    std::string name;  // of a sample, or of the schema
    value::Record record;
    base::FileId file;  // where the sample is declared; not valid: the schema's simplest record
};

// What a test may have to show: a goal of coverage, or a mutant to be told from the original.
struct Aim {
    enum class Kind : std::uint8_t { kGoal, kMutant } kind = Kind::kGoal;
    std::uint32_t index = 0;  // into Obligations::goals or Mutants::all
};

struct Candidate {
    value::Record record;
    Instant at;
    std::uint32_t base = 0;            // index into the bases
    std::vector<std::string> changes;  // members in which it differs from that, as the language writes them
    std::vector<std::uint32_t> shows;  // indices into the aims, ascending
};

class Showing {
public:
    // All that is referred to must outlive this.
    Showing(const ir::Module& module, const Obligations& obligations, const Mutants& mutants,
            const std::vector<Aim>& aims);

    // Whether the record fits the schema at that instant and shows `aim`: of a mutant, whether a test could notice it
    // there, which can't say everything in which decisions differ (that a deadline hangs on something unknown, say).
    [[nodiscard]] bool shows(const Aim& aim, const value::Record& record, Instant at);
    // Every aim that it shows, ascending. Linear in the rules of all mutants and the goals.
    [[nodiscard]] std::vector<std::uint32_t> all_shown(const value::Record& record, Instant at);

private:
    [[nodiscard]] bool fits(const value::Record& record, Instant at) const;
    [[nodiscard]] bool is_noticed(const Mutant& mutant, const value::Record& record, Instant at);
    [[nodiscard]] bool expiry_is_noticed(const Mutant& mutant, const value::Record& record, const value::Record& looked,
                                         Instant at);

    const ir::Module& module_;
    const Obligations& obligations_;
    const Mutants& mutants_;
    const std::vector<Aim>& aims_;
    Meter meter_;
    eval::Program program_;
    eval::Program::Scratch scratch_, copy_scratch_;  // of originals and of mutants, so that neither has to change rules
    // The goals of one rule by themselves: asking them again and again takes less than asking those of all.
    struct OneRule {
        explicit OneRule(const ir::Module& module) : obligations(module), meter(obligations) {}
        Obligations obligations;
        Meter meter;
    };
    [[nodiscard]] bool meets_goal(std::uint32_t goal, const value::Record& record, Instant at);
    std::map<ir::RuleId, std::unique_ptr<OneRule>> by_rule_;
    std::vector<std::uint32_t> number_in_rule_;  // by goal: which of its rule's it is
};

// `found` shows `aim`; the same with as few differences from one of `bases` as are found member by member, and the
// base with the fewest. `changes` can't be written for some records; then there is no candidate.
[[nodiscard]] std::optional<Candidate> nearest(const ir::Module& module, Showing& showing, const Aim& aim,
                                               const value::Record& found, Instant at, const std::vector<Base>& bases);

// As few of the candidates as are found that together show all that any of them shows: greedily, then without those
// that the others make superfluous. Indices, in order.
[[nodiscard]] std::vector<std::uint32_t> choose(const std::vector<Candidate>& candidates, std::size_t aims);

}  // namespace keywright::analysis
