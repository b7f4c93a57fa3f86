// Deciding a block: numbers, and what is worth showing.
#include "engine/audit_records.h"
#include "engine/audit_tally.h"
#include "eval/decision.h"
#include "report/report_stream.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace keywright {

namespace {

using engine::AuditCounts;
using engine::AuditedPlace;
using engine::AuditExpiring;
using engine::AuditFound;
using engine::AuditPart;
using Kind = AuditBlock::State::Kind;
using Results = AuditOptions::Results;

}  // namespace

struct AuditWorker::State {
    State(std::shared_ptr<const Auditor::State> of, std::shared_ptr<engine::AuditWanted> from)
        : auditor(std::move(of)), wanted(std::move(from)), records(*auditor) {}

    void decide(AuditBlock::State& block) {
        part = &block.part;
        source = block.source;
        part->reset(*auditor);
        errors_found.clear();
        missing.resize(wanted->missing.size());
        for (std::size_t i = 0; i < missing.size(); ++i)
            missing[i] = wanted->missing[i].load(std::memory_order_relaxed);
        latest_seconds = wanted->soonest_seconds.load(std::memory_order_relaxed);
        place = {};
        keeps_reports = block.kind == Kind::kDocument;
        const std::string_view text = block.text.text();
        switch (block.kind) {
            case Kind::kLines:
                part->lines = engine::line_feeds(text);
                lines(text);
                break;
            case Kind::kElements:
                part->lines = engine::line_feeds(text);
                elements(block);
                break;
            case Kind::kDocument:
                part->lines = engine::line_feeds(text);
                records.document(text, block.as_lines, [&](input::ReadRecord& read) {
                    place.line = std::max<std::size_t>(read.line, 1) - 1;
                    add(read, read.line);
                });
                break;
            case Kind::kTooLong: {
                part->lines = block.lines;
                place.line = block.too_long_lines_before;
                ++part->counts.records;
                ++part->counts.invalid;
                RecordReport report;
                report.line = static_cast<std::size_t>(block.too_long_lines_before) + 1;
                report.errors.push_back(engine::AuditRecords::too_long(block, 0, auditor->options.limits));
                part->counts.errors[report.errors.front().code] = 1;
                // What its line is isn't known here, so the tally says all of it again.
                AuditFound& found = part->found.emplace_back();
                found.place = place;
                found.errors.push_back(report.errors.front().code);
                if (auditor->options.results != Results::kNone) write(report);
                break;
            }
            case Kind::kRest: part->lines = block.lines; break;
        }
        std::ranges::sort(part->expiring, before);
        block.decided = true;
    }

private:
    void lines(std::string_view text) {
        records.lines(text, 1, [&](input::ReadRecord& read) {
            const std::size_t line = read.line - 1;
            place.nth = place.ordinal > 0 && place.line == line ? place.nth + 1 : 0;
            place.line = line;
            add(read, read.line);
        });
    }

    void elements(const AuditBlock::State& block) {
        const std::string_view text = block.text.text();
        engine::ElementScan scan;
        std::size_t from = block.begin;
        std::size_t counted = 0;  // up to here `line` is
        std::size_t line = 0;
        for (std::uint64_t number = block.first_element; from < block.end; ++number) {
            const std::size_t to = scan.next_end(text, from);
            const std::string_view element = text.substr(from, to - from);
            const std::size_t first = from + std::min(element.find_first_not_of(engine::kBlanks), element.size());
            line += engine::line_feeds(text.substr(counted, first - counted));
            counted = first;
            const bool closed = text[to] == ']';
            if (closed && number == 0 && first == to) break;
            place.line = line;
            place.begin = first;
            place.nth = static_cast<std::size_t>(number);
            auto broken =
                records.element(element, line + 1, number, [&](input::ReadRecord& read) { add(read, read.line); });
            if (broken) {
                part->broken_at = first;
                part->broken =
                    AuditProblem{broken->code,
                                 "the array can't be read from its element " + std::to_string(number) +
                                     " on, at byte " + std::to_string(block.offset + first) + ": " + broken->message,
                                 "what stands before was decided"};
                return;
            }
            from = to + 1;
            if (closed) break;
        }
    }

    // --- a record ----------------------------------------------------------------------------------------------------

    void add(input::ReadRecord& read, std::size_t line) {
        place_found = false;
        ++part->counts.records;
        if (!read.errors.empty()) {
            count_errors(read.errors);
        } else {
            const eval::Decision& decision = records.decide(read);
            count(decision, read.subject);
        }
        if (keeps_reports && place_found) {
            part->found.back().report.emplace();
            records.explain(read, *part->found.back().report);
        }
        if (auditor->options.results != Results::kNone) {
            RecordReport report;
            records.explain(read, report);
            report.line = line;
            write(report);
        }
        ++place.ordinal;
    }

    [[nodiscard]] AuditFound& found() {
        if (!place_found) part->found.push_back({place, {}, {}, {}});
        place_found = true;
        return part->found.back();
    }

    void count_errors(const std::vector<RecordError>& errors) {
        ++part->counts.invalid;
        codes.clear();
        for (const RecordError& error : errors) {
            if (std::ranges::find(codes, error.code) == codes.end()) codes.push_back(error.code);
        }
        for (const std::string& code : codes) {
            ++part->counts.errors[code];
            if (++errors_found[code] <= auditor->options.samples) found().errors.push_back(code);
        }
    }

    void want(std::size_t kind) {
        if (missing[kind] == 0) return;
        --missing[kind];
        found().kinds.push_back(kind);
    }

    // As analysis::Explainer::fill tells it.
    void count(const eval::Decision& decision, const std::string& subject) {
        AuditCounts& counts = part->counts;
        const ir::Module& module = auditor->module();
        switch (static_cast<Verdict>(eval::verdict(module, decision))) {
            case Verdict::kCompliant: ++counts.compliant; break;
            case Verdict::kViolation: ++counts.violation; break;
            case Verdict::kUndetermined: ++counts.undetermined; break;
            case Verdict::kInvalid: ++counts.invalid; break;
        }
        bool open = false;
        bool waived = false;
        for (std::size_t r = 0; r < decision.rules.size(); ++r) {
            const eval::RuleDecision& d = decision.rules[r];
            AuditCounts::OfRule& rule = counts.rules[r];
            const bool violated = d.outcome == ir::Outcome::kViolated;
            if (violated) {
                ++rule.violated;
                want(engine::violated_kind(r));
            } else if (d.warning == eval::Truth::kTrue) {
                ++rule.warned;
                want(engine::violated_kind(r));
            }
            if (d.outcome == ir::Outcome::kUndetermined) {
                ++rule.undetermined;
                open = true;
                want(engine::undetermined_kind(r));
            } else if (!violated && d.warning == eval::Truth::kUnknown) {
                ++rule.perhaps_warned;
                open = true;
                want(engine::undetermined_kind(r));
            }
            if (d.outcome == ir::Outcome::kExempt) {
                ++rule.exempt;
                ++counts.exemptions[auditor->first_exemption[r] + d.exempt_by];
                waived = waived || module.rules[r].exemptions[d.exempt_by].waiver != ir::Exemption::kNoWaiver;
            }
        }
        counts.open += open ? 1 : 0;
        counts.waived += waived ? 1 : 0;
        expiry(analysis::to_expires_at(eval::expiration(module, decision)), subject);
    }

    void expiry(const ExpiresAt& expires, const std::string& subject) {
        AuditCounts& counts = part->counts;
        switch (expires.kind) {
            case ExpiresAt::Kind::kNever: ++counts.never_expire; return;
            case ExpiresAt::Kind::kBetween: ++counts.may_expire; return;
            case ExpiresAt::Kind::kAt: break;
        }
        if (!expires.earliest) return;
        if (*expires.earliest <= auditor->options.now) {
            ++counts.expired;
            return;
        }
        ++counts.will_expire;
        if (auditor->options.soonest == 0 || expires.earliest->seconds > latest_seconds) return;
        // The list is a heap while it grows, the latest on top: of one instant the first record is listed.
        std::vector<AuditExpiring>& list = part->expiring;
        if (list.size() == auditor->options.soonest) {
            if (!(*expires.earliest < list.front().at)) return;
            std::ranges::pop_heap(list, before);
            list.pop_back();
        }
        list.push_back({*expires.earliest, place, subject});
        std::ranges::push_heap(list, before);
    }
    [[nodiscard]] static bool before(const AuditExpiring& a, const AuditExpiring& b) {
        return std::tie(a.at, a.place.ordinal) < std::tie(b.at, b.place.ordinal);
    }

    // --- full results ------------------------------------------------------------------------------------------------

    void write(RecordReport& report) {
        report.source = *source;
        report::RecordPiece piece;
        switch (auditor->options.results) {
            case Results::kNone: return;
            case Results::kNdjson: piece = report::ndjson_piece(report); break;
            case Results::kJson: piece = pieces.piece(report); break;
            case Results::kCsv: piece = report::csv_piece(report); break;
        }
        const std::size_t begin = part->results.size();
        part->results += piece.text;
        part->holes.push_back({begin + piece.index_at, place.ordinal, false});
        if (auditor->options.results == Results::kCsv)
            part->holes.push_back({begin + piece.line_at, report.line, true});
    }

    std::shared_ptr<const Auditor::State> auditor;
    std::shared_ptr<engine::AuditWanted> wanted;
    engine::AuditRecords records;
    report::ReportPieces pieces;

    AuditPart* part = nullptr;
    std::shared_ptr<const std::string> source;
    AuditedPlace place;
    bool place_found = false, keeps_reports = false;
    std::int64_t latest_seconds = 0;
    std::vector<std::uint32_t> missing;
    std::map<std::string, std::size_t> errors_found;
    std::vector<std::string> codes;
};

AuditWorker::AuditWorker(const AuditTally& tally)
    : state_(std::make_unique<State>(tally.state().auditor, tally.state().wanted)) {}
AuditWorker::~AuditWorker() = default;
AuditWorker::AuditWorker(AuditWorker&&) noexcept = default;
AuditWorker& AuditWorker::operator=(AuditWorker&&) noexcept = default;

void AuditWorker::decide(AuditBlock& block) { state_->decide(block.state()); }

}  // namespace keywright
