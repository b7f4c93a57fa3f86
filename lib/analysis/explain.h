// Why a rule came out as it did: decisive facts, what is missing, and the texts that a report shows.
#pragma once

#include "analysis/reasons.h"
#include "eval/decision.h"
#include "eval/program.h"
#include "ir/ir.h"
#include "keywright/report.h"
#include "value/record.h"

#include <optional>
#include <vector>

namespace keywright::analysis {

// The fields that a module's rules read, which must outlive this. Looked up when they are asked for: a table of all
// rules would grow with the product of rules and fields.
class Dependencies {
public:
    explicit Dependencies(const ir::Module& module) : module_(&module) {}
    [[nodiscard]] std::vector<ir::FieldId> fields(ir::RuleId rule) const;  // in order of the schema
private:
    const ir::Module* module_;
};

// Everything needed to explain decisions on one pack. Const use is thread-safe.
struct Explainer {
    const ir::Module& module;
    const eval::Program& program;
    const Dependencies& dependencies;
    const Reasons* reasons = nullptr;  // without: facts are as coarse as fields
    // A record in canonical form, as the layer above writes it; without: records aren't shown.
    std::string (*record_text)(const ir::Module& module, const value::Record& record) = nullptr;

    // A set of fields that forces the outcome (and warning) that `decision` has for `rule` whatever the others are, and
    // from which none can be dropped; in order of the schema. O(fields of the rule) decisions of
    // that rule alone.
    [[nodiscard]] std::vector<ir::FieldId> decisive_fields(const value::Record& record, Instant now, ir::RuleId rule,
                                                           const eval::RuleDecision& decision) const;

    // The unknown fields that leave `rule` undetermined; in order of the schema.
    [[nodiscard]] std::vector<ir::FieldId> needed_fields(const value::Record& record, Instant now,
                                                         ir::RuleId rule) const;

    // What `rule` sees in `field`: `contains transfer`, `is empty`, `is absent`.
    [[nodiscard]] std::string fact(const value::Record& record, ir::RuleId rule, ir::FieldId field) const;

    // The facts that force the outcome and from which none can be dropped, one field each; as fine as literals where
    // that can be shown, else the decisive fields.
    [[nodiscard]] std::vector<FactWords> because(const value::Record& record, Instant now, ir::RuleId rule,
                                                 const eval::RuleDecision& decision) const;

    // Fills violations, undetermined, exempt, expires_at and verdict from a decision.
    void fill(const value::Record& record, Instant now, const eval::Decision& decision, const base::SourceSet& sources,
              RecordReport& report) const;
};

// What a report shows of the waiver that an exemption comes from; nothing where the rule itself exempts.
[[nodiscard]] std::optional<WaiverUsed> waiver_used(const ir::Module& module, const ir::Exemption& exemption);

// The public form of an expiration.
[[nodiscard]] ExpiresAt to_expires_at(const eval::Expiration& expiration);

}  // namespace keywright::analysis
