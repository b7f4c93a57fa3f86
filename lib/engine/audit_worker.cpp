// Deciding a block: numbers, and what is worth showing.
#include "engine/audit_records.h"
#include "engine/audit_rows.h"
#include "engine/audit_tally.h"
#include "eval/decision.h"
#include "report/report_stream.h"

#include <algorithm>
#include <bit>
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
        : auditor(std::move(of)), wanted(std::move(from)), records(*auditor) {
        if (!auditor->row_plan) return;
        rows.emplace(*auditor->row_plan);
        batch_scratch = auditor->batch->make_scratch();
    }

    void decide(AuditBlock::State& block) {
        source = block.source;
        part = &block.part;
        begin();
        if (!decide_by_rows(block)) {
            begin();
            decide_one_by_one(block);
        }
        // What rows and records brought is put in order.
        std::ranges::sort(part->found, {}, [](const AuditFound& found) { return found.place.ordinal; });
        std::ranges::sort(part->expiring, before);
        block.decided = true;
    }

private:
    void begin() {
        part->reset(*auditor);
        errors_found.clear();
        missing.resize(wanted->missing.size());
        for (std::size_t i = 0; i < missing.size(); ++i)
            missing[i] = wanted->missing[i].load(std::memory_order_relaxed);
        missing_rows = missing;
        latest_seconds = wanted->soonest_seconds.load(std::memory_order_relaxed);
        place = {};
    }

    void decide_one_by_one(AuditBlock::State& block) {
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
    }

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

    // --- by columns ------------------------------------------------------------------------------------------------

    // False: nothing can be said this way, and what was counted is to be forgotten.
    [[nodiscard]] bool decide_by_rows(const AuditBlock::State& block) {
        const bool elements = block.kind == Kind::kElements;
        if (!rows || (!elements && block.kind != Kind::kLines)) return false;
        keeps_reports = false;
        std::string_view text = block.text.text();
        std::uint64_t expected = 0;
        if (elements) {
            // Without the comma or bracket that ends the last element.
            text = text.substr(0, block.end - 1);
            const bool closed = block.behind.closed;
            const std::size_t last = text.find_last_not_of(engine::kBlanks);
            const bool none = last == std::string_view::npos || last < block.begin;
            if (none || text[last] == ',') return false;
            expected = block.behind.element - block.first_element + (closed ? 1 : 0);
        }
        const std::size_t offset = elements ? block.begin : 0;
        const std::size_t lines_before = elements ? engine::line_feeds(text.substr(0, offset)) : 0;
        input::RowPlace last_place;
        rows->open(text.substr(offset), elements ? input::RowForm::kElements : input::RowForm::kLines);
        while (rows->next(auditor->options.now, columns, places)) {
            for (std::size_t i = 0; elements && i < places.size(); ++i) {
                input::RowPlace& one = places[i];
                one.begin += static_cast<std::uint32_t>(offset);
                one.end += static_cast<std::uint32_t>(offset);
                one.line += static_cast<std::uint32_t>(lines_before);
            }
            if (!places.empty()) last_place = places.back();
            if (!decide_places(text, block.first_element, elements)) return false;
        }
        // An array that isn't all elements is looked at one by one, which tells what is wrong.
        if (elements && (rows->stopped_at() != text.size() - offset || place.ordinal != expected)) return false;
        // The reader has counted all but the last.
        part->lines = last_place.line + engine::line_feeds(block.text.text().substr(last_place.begin));
        for (AuditExpiring& one : part->expiring) {
            if (one.subject.empty()) name(text, block.first_element, elements, one);
        }
        return true;
    }

    // Places that aren't rows are decided on the way; rows get their numbers and are decided together.
    [[nodiscard]] bool decide_places(std::string_view text, std::uint64_t first_element, bool elements) {
        row_places.clear();
        for (const input::RowPlace& one : places) {
            place.line = one.line;
            place.begin = one.begin;
            place.nth = 0;
            if (one.read) {
                row_places.push_back(place);
                ++place.ordinal;
                continue;
            }
            const std::string_view record = text.substr(one.begin, one.end - one.begin);
            const auto add_it = [&](input::ReadRecord& read) {
                add(read, read.line);
                ++place.nth;
            };
            if (!elements) {
                records.lines(record, one.line + 1, add_it);
            } else if (records.element(record, one.line + 1, first_element + place.ordinal, add_it)) {
                return false;
            }
        }
        if (columns.rows == 0) return true;
        auditor->batch->decide(columns, auditor->options.now, batch_scratch, decided);
        part->counts.records += columns.rows;
        engine::count_rows(*auditor, decided, part->counts);
        engine::find_rows(decided, missing_rows, found_rows);
        std::ranges::sort(found_rows, {}, [](const engine::FoundRow& one) { return std::pair{one.row, one.kind}; });
        for (std::size_t i = 0; i < found_rows.size(); ++i) {
            if (i == 0 || found_rows[i].row != found_rows[i - 1].row)
                part->found.push_back({row_places[found_rows[i].row], {}, {}, {}});
            part->found.back().kinds.push_back(found_rows[i].kind);
        }
        expiries_of_rows();
        return true;
    }

    void expiries_of_rows() {
        const eval::PlaneWords& may_expire = decided.may_expire();
        std::size_t expiring = 0;
        for (std::size_t w = 0; w < may_expire.size(); ++w) {
            for (std::uint64_t word = may_expire[w]; word != 0; word &= word - 1) {
                const std::size_t row = w * 64 + static_cast<std::size_t>(std::countr_zero(word));
                ++expiring;
                expiry(analysis::to_expires_at(decided.expiration(row)), row_places[row], {});
            }
        }
        part->counts.never_expire += columns.rows - expiring;
    }

    // What people call a record that is listed.
    void name(std::string_view text, std::uint64_t first_element, bool elements, AuditExpiring& one) {
        const std::string_view rest = text.substr(std::min(one.place.begin, text.size()));
        std::size_t nth = 0;
        const auto take = [&](input::ReadRecord& read) {
            if (nth++ == one.place.nth) one.subject = read.subject;
        };
        if (elements) {
            engine::ElementScan scan;
            (void)records.element(rest.substr(0, scan.next_end(rest, 0)), 1, first_element + one.place.ordinal, take);
        } else {
            records.lines(rest.substr(0, rest.find('\n')), 1, take);
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
        expiry(analysis::to_expires_at(eval::expiration(module, decision)), place, subject);
    }

    void expiry(const ExpiresAt& expires, const AuditedPlace& where, const std::string& subject) {
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
        // The list is a heap while it grows, the latest on top.
        std::vector<AuditExpiring>& list = part->expiring;
        if (list.size() == auditor->options.soonest) {
            const AuditExpiring& latest = list.front();
            if (!(std::tie(*expires.earliest, where.ordinal) < std::tie(latest.at, latest.place.ordinal))) return;
            std::ranges::pop_heap(list, before);
            list.pop_back();
        }
        list.push_back({*expires.earliest, where, subject});
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

    // By columns; without where they can't say all that is asked.
    std::optional<input::RowReader> rows;
    value::Columns columns;
    std::vector<input::RowPlace> places;
    std::vector<AuditedPlace> row_places;
    eval::Batch::Scratch batch_scratch;
    eval::BlockDecision decided;
    std::vector<engine::FoundRow> found_rows;

    AuditPart* part = nullptr;
    std::shared_ptr<const std::string> source;
    AuditedPlace place;
    bool place_found = false, keeps_reports = false;
    std::int64_t latest_seconds = 0;
    std::vector<std::uint32_t> missing, missing_rows;  // by kind, of what is read one by one and of rows
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
