// Adding up blocks in order, and the reasons of what is shown.
#include "engine/audit_tally.h"

#include "report/report_stream.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace keywright {

namespace {

using engine::AuditFound;
using engine::AuditPart;
using Kind = AuditBlock::State::Kind;
using Results = AuditOptions::Results;

// Records shown in all, whatever the options and however many rules there are.
constexpr std::size_t kMostSamples = 1000;

// The line of a text that has so many line feeds before it; where it begins.
[[nodiscard]] std::size_t begin_of_line(std::string_view text, std::size_t line) {
    std::size_t at = 0;
    for (; line > 0; --line) at = text.find('\n', at) + 1;
    return at;
}

}  // namespace

AuditTally::State::State(std::shared_ptr<const Auditor::State> of)
    : auditor(std::move(of)),
      wanted(std::make_shared<engine::AuditWanted>(2 * auditor->module().rules.size(), auditor->options.samples)),
      records(*auditor),
      taken(wanted->missing.size()) {
    counts.reset(*auditor);
}

void AuditTally::State::tell_workers() {
    for (std::size_t i = 0; i < taken.size(); ++i) {
        const std::size_t most = samples.size() < kMostSamples ? auditor->options.samples : taken[i];
        wanted->missing[i].store(static_cast<std::uint32_t>(most - std::min<std::size_t>(most, taken[i])),
                                 std::memory_order_relaxed);
    }
    if (auditor->options.soonest > 0 && soonest.size() == auditor->options.soonest)
        wanted->soonest_seconds.store(soonest.back().at.seconds, std::memory_order_relaxed);
}

void AuditTally::State::add(AuditBlock::State& block) {
    const AuditPart& part = block.part;
    AuditedInput& input = inputs.back();
    const std::uint64_t index = input.records;
    const std::uint64_t line = input.lines;
    position = block.behind;
    input.form = position.form;
    if (block.as_lines || position.form == AuditedInput::Form::kLines) input.form = AuditedInput::Form::kLines;
    add_samples(block, index, line);
    add_expiring(block, index, line);
    counts.add(part.counts);
    add_results(part, index, line);
    input.records += part.counts.records;
    if (part.broken) {
        broken = true;
        input.bytes = block.offset + part.broken_at;
        input.lines += engine::line_feeds(block.text.text().substr(0, static_cast<std::size_t>(part.broken_at)));
        input.problem = part.broken;
        return;
    }
    input.bytes = position.bytes;
    input.lines += part.lines;
    if (block.last) {
        input.complete = true;
        if (auditor->is_digest_wanted()) digests.back() = block.digest;
    }
    tell_workers();
}

void AuditTally::State::add_results(const AuditPart& part, std::uint64_t index, std::uint64_t line) {
    if (part.holes.empty()) return;
    std::string_view text = part.results;
    std::size_t done = 0;
    // The first of all elements of a document has no comma before it.
    if (auditor->options.results == Results::kJson && !any_results) done = 1;
    any_results = true;
    for (const AuditPart::Hole& hole : part.holes) {
        results += text.substr(done, hole.at - done);
        done = hole.at;
        results += std::to_string(hole.line ? (hole.number == 0 ? 0 : hole.number + line) : hole.number + index);
    }
    results += text.substr(done);
}

void AuditTally::State::add_samples(const AuditBlock::State& block, std::uint64_t index, std::uint64_t line) {
    const std::size_t most = auditor->options.samples;
    for (const AuditFound& found : block.part.found) {
        AuditSample sample;
        std::vector<std::size_t> kinds;
        for (const std::size_t kind : found.kinds) {
            if (taken[kind] < most) kinds.push_back(kind);
        }
        std::vector<std::string> codes;
        for (const std::string& code : found.errors) {
            if (errors_taken[code] < most) codes.push_back(code);
        }
        if (kinds.empty() && codes.empty()) continue;
        if (samples.size() == kMostSamples) return;
        sample = show(block, found, line);
        sample.record.source = inputs.back().source;
        sample.record.index = static_cast<std::size_t>(index + found.place.ordinal);
        for (const std::size_t kind : kinds) {
            ++taken[kind];
            const std::string& rule = auditor->module().rules[kind / 2].name;
            (kind % 2 == 0 ? sample.violates : sample.undetermined).push_back(rule);
        }
        for (const std::string& code : codes) {
            ++errors_taken[code];
            sample.errors.push_back(code);
        }
        samples.push_back(std::move(sample));
    }
}

AuditSample AuditTally::State::show(const AuditBlock::State& block, const AuditFound& found, std::uint64_t line) {
    AuditSample out;
    const std::size_t first_line = static_cast<std::size_t>(line) + 1 + found.place.line;
    const std::string_view text = block.text.text();
    out.record.line = first_line;
    switch (block.kind) {
        case Kind::kRest: break;
        case Kind::kTooLong:
            out.offset = block.too_long_at;
            out.record.errors.push_back(engine::AuditRecords::too_long(block, first_line, auditor->options.limits));
            break;
        case Kind::kDocument:
            if (found.report) out.record = *found.report;
            out.offset = out.record.line == 0 ? 0 : begin_of_line(text, out.record.line - 1);
            break;
        case Kind::kLines: {
            const std::size_t begin = found.place.begin == engine::AuditedPlace::kUnknown
                                          ? begin_of_line(text, found.place.line)
                                          : found.place.begin;
            out.offset = block.offset + begin;
            std::size_t nth = 0;
            records.lines(text.substr(begin, text.find('\n', begin) - begin), first_line, [&](input::ReadRecord& read) {
                if (nth++ == found.place.nth) records.explain(read, out.record);
            });
            break;
        }
        case Kind::kElements: {
            out.offset = block.offset + found.place.begin;
            engine::ElementScan scan;
            const std::size_t end = scan.next_end(text, found.place.begin);
            const std::uint64_t number = block.first_element + found.place.ordinal;
            (void)records.element(text.substr(found.place.begin, end - found.place.begin), first_line, number,
                                  [&](input::ReadRecord& read) { records.explain(read, out.record); });
            break;
        }
    }
    return out;
}

void AuditTally::State::add_expiring(const AuditBlock::State& block, std::uint64_t index, std::uint64_t line) {
    const std::size_t most = auditor->options.soonest;
    for (const engine::AuditExpiring& one : block.part.expiring) {
        if (soonest.size() == most && !(one.at < soonest.back().at)) break;
        // Those of one instant stand in order of the input, so the new one comes behind them.
        const auto at = std::ranges::upper_bound(soonest, one.at, {}, &AuditedExpiry::at);
        soonest.insert(
            at, {one.at, one.subject, inputs.back().source, index + one.place.ordinal, line + 1 + one.place.line});
        if (soonest.size() > most) soonest.pop_back();
    }
}

Evidence AuditTally::State::evidence() const {
    Evidence out = evidence_of(auditor->rules, auditor->check_options({}));
    if (!auditor->is_digest_wanted()) return out;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        if (!inputs[i].complete) continue;
        out.inputs.push_back({inputs[i].source,
                              inputs[i].form == AuditedInput::Form::kLines && forced_lines[i]
                                  ? InputEvidence::Form::kLines
                                  : InputEvidence::Form::kAuto,
                              digests[i], inputs[i].bytes});
    }
    return out;
}

Summary AuditTally::State::summary() const {
    Summary out;
    out.records = static_cast<std::size_t>(counts.records);
    out.compliant = static_cast<std::size_t>(counts.compliant);
    out.violation = static_cast<std::size_t>(counts.violation);
    out.undetermined = static_cast<std::size_t>(counts.undetermined);
    out.invalid = static_cast<std::size_t>(counts.invalid);
    out.waived = static_cast<std::size_t>(counts.waived);
    for (std::size_t i = 0; i < counts.rules.size(); ++i) {
        const std::uint64_t count = counts.rules[i].violated + counts.rules[i].warned;
        if (count > 0) out.by_rule[auditor->module().rules[i].name] = static_cast<std::size_t>(count);
    }
    return out;
}

AuditTally::AuditTally(const Auditor& auditor) : state_(std::make_unique<State>(auditor.state())) {}
AuditTally::~AuditTally() = default;
AuditTally::AuditTally(AuditTally&&) noexcept = default;
AuditTally& AuditTally::operator=(AuditTally&&) noexcept = default;

void AuditTally::begin(std::string_view source) {
    if (state_->in_input) end(false);
    AuditedInput input;
    input.source = source;
    state_->inputs.push_back(std::move(input));
    state_->digests.emplace_back();
    state_->forced_lines.push_back(false);
    state_->in_input = true;
    state_->broken = false;
    state_->position = {};
}

bool AuditTally::add(AuditBlock& block) {
    State& state = *state_;
    if (!state.in_input || state.broken || !block.state().decided) return false;
    if (block.state().as_lines) state.forced_lines.back() = true;
    state.add(block.state());
    return !state.broken;
}

void AuditTally::end(bool complete, std::optional<AuditProblem> problem) {
    State& state = *state_;
    if (!state.in_input) return;
    AuditedInput& input = state.inputs.back();
    if (!input.problem && problem) input.problem = std::move(problem);
    if (!complete || input.problem) input.complete = false;
    state.in_input = false;
    state.position = {};
}

std::optional<AuditProblem> AuditTally::problem() const {
    return state_->inputs.empty() ? std::nullopt : state_->inputs.back().problem;
}

std::string AuditTally::take_results() { return std::exchange(state_->results, {}); }

std::string AuditTally::results_head() const {
    switch (state_->auditor->options.results) {
        case Results::kNone:
        case Results::kNdjson: return {};
        case Results::kCsv: return report::csv_heading();
        case Results::kJson:
            return report::report_head(state_->auditor->rules.identity(), state_->auditor->rules.waivers(),
                                       state_->auditor->options.now);
    }
    return {};
}

std::string AuditTally::results_tail() const {
    if (state_->auditor->options.results != Results::kJson) return {};
    return report::report_tail(state_->summary(), state_->evidence(), !state_->auditor->rules.waivers().empty(),
                               state_->any_results);
}

std::uint64_t AuditTally::records() const { return state_->counts.records; }
std::size_t AuditTally::inputs() const { return state_->inputs.size(); }
bool AuditTally::in_input() const { return state_->in_input; }
AuditPosition AuditTally::position() const { return state_->position; }

AuditReport AuditTally::report() const {
    const State& state = *state_;
    const engine::AuditCounts& counts = state.counts;
    const ir::Module& module = state.auditor->module();
    AuditReport out;
    out.rules = state.auditor->rules.identity();
    out.waivers = state.auditor->rules.waivers();
    out.evaluated_at = state.auditor->options.now;
    out.evidence = state.evidence();
    out.inputs = state.inputs;
    out.complete = !state.in_input && std::ranges::all_of(state.inputs, &AuditedInput::complete);
    out.records = counts.records;
    out.compliant = counts.compliant;
    out.violation = counts.violation;
    out.undetermined = counts.undetermined;
    out.invalid = counts.invalid;
    out.waived = counts.waived;
    out.open = counts.open;
    for (std::size_t r = 0; r < module.rules.size(); ++r) {
        const ir::Rule& rule = module.rules[r];
        const engine::AuditCounts::OfRule& of = counts.rules[r];
        out.by_rule.push_back({rule.name, rule.severity, std::min(rule.severity, Severity::kWarning), of.violated,
                               of.warned, of.undetermined, of.perhaps_warned, of.exempt});
        for (std::size_t e = 0; e < rule.exemptions.size(); ++e) {
            out.by_exemption.push_back({rule.name, rule.exemptions[e].label,
                                        rule.exemptions[e].waiver != ir::Exemption::kNoWaiver,
                                        counts.exemptions[state.auditor->first_exemption[r] + e]});
        }
    }
    out.by_error = counts.errors;
    out.never_expire = counts.never_expire;
    out.expired = counts.expired;
    out.will_expire = counts.will_expire;
    out.may_expire = counts.may_expire;
    out.soonest = state.soonest;
    out.samples = state.samples;
    return out;
}

}  // namespace keywright
