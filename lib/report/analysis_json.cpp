// Proofs and differences as JSON: the contracts `keywright.proofs/1` and `keywright.diff/1`.
#include "keywright/render_analysis.h"
#include "report/json_parts.h"

namespace keywright {

namespace {

using report::JsonWriter;

void write(JsonWriter& json, const RegionSet& set) {
    json.begin_object().member("cells", set.cells).member("of", set.of);
    json.key("complete").boolean(set.incomplete.empty());
    json.key("regions").begin_array();
    for (const RegionShown& region : set.regions) {
        json.begin_object().member("condition", region.condition).key("example");
        write(json, region.example);
        json.end_object();
    }
    json.end_array().end_object();
}

// Where a statement stands: its line is enough to find it.
void write_place(JsonWriter& json, const SourceRange& range) {
    json.begin_object().member("file", range.file).member("line", static_cast<std::size_t>(range.line)).end_object();
}

void write(JsonWriter& json, const ProvedPack& pack) {
    json.begin_object().member("entry", pack.entry).key("rules");
    write(json, pack.rules);
    json.key("proofs").begin_array();
    for (const ProofResult& proof : pack.proofs) {
        json.begin_object().member("name", proof.name).member("state", to_string(proof.state)).key("at");
        write_place(json, proof.range);
        json.key("counterexample");
        write(json, proof.counterexample);
        json.member("reason", proof.reason).end_object();
    }
    json.end_array().key("gaps").begin_array();
    for (const Gap& gap : pack.gaps) {
        json.begin_object().member("rule", gap.rule).key("at");
        write_place(json, gap.range);
        json.key("open");
        write(json, gap.open);
        json.key("all");
        write(json, gap.all);
        json.key("accepted").strings(gap.accepted);
        json.end_object();
    }
    json.end_array().key("findings").begin_array();
    for (const Finding& finding : pack.findings.findings) {
        json.begin_object().member("kind", to_string(finding.kind)).member("rule", finding.rule);
        json.member("other", finding.other).member("message", finding.message).key("at");
        write_place(json, finding.range);
        json.key("example");
        write(json, finding.example);
        json.end_object();
    }
    json.end_array().key("undecided").strings(pack.findings.undecided);
    json.end_object();
}

void write(JsonWriter& json, const OutcomeChange& change) {
    json.begin_object().key("gained");
    write(json, change.gained);
    json.key("lost");
    write(json, change.lost);
    json.end_object();
}

}  // namespace

std::string to_json(const std::vector<ProvedPack>& packs) {
    JsonWriter json{JsonWriter::Layout::kIndented};
    json.begin_object().member("schema", "keywright.proofs/1").key("packs").begin_array();
    for (const ProvedPack& pack : packs) write(json, pack);
    json.end_array().end_object();
    return json.take() + "\n";
}

std::string to_json(const Diff& diff, const InventoryDiff* inventory) {
    JsonWriter json{JsonWriter::Layout::kIndented};
    json.begin_object().member("schema", "keywright.diff/1").key("before");
    write(json, diff.before);
    json.key("after");
    write(json, diff.after);
    json.member("direction", to_string(diff.direction)).key("complete").boolean(diff.complete);
    json.key("schema_differences").strings(diff.schema);
    json.key("declared").strings(diff.declared);
    json.key("rules").begin_array();
    for (const RuleDiff& rule : diff.rules) {
        json.begin_object().member("rule", rule.rule);
        json.key("is_new").boolean(rule.is_new).key("is_gone").boolean(rule.is_gone).key("violated");
        write(json, rule.violated);
        json.key("warning");
        write(json, rule.warning);
        json.end_object();
    }
    json.end_array().key("violation");
    write(json, diff.violation);
    if (inventory != nullptr) {
        json.key("inventory").begin_object().member("records", inventory->records);
        json.member("invalid", inventory->invalid).member("undetermined", inventory->undetermined);
        json.key("affected").begin_array();
        for (const AffectedKey& key : inventory->affected) {
            begin_record(json, key).member("before", to_string(key.before)).member("after", to_string(key.after));
            json.key("gained").strings(key.gained);
            json.key("lost").strings(key.lost);
            json.end_object();
        }
        json.end_array().end_object();
    }
    json.end_object();
    return json.take() + "\n";
}

}  // namespace keywright
