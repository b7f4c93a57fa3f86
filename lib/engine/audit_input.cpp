// Cutting an input into blocks of whole records.
#include "diag/diag.h"
#include "engine/audit_state.h"
#include "input/json.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace keywright {

namespace {

using engine::Buffer;
using engine::kBlanks;
using Form = AuditedInput::Form;
using Kind = AuditBlock::State::Kind;

constexpr std::size_t npos = std::string_view::npos;
// What a reader that takes many bytes at a time may touch behind a text.
constexpr std::size_t kPadding = 64;
// How much more is asked for at a time where a record is larger than a block.
constexpr std::size_t kMore = std::size_t{1} << 16;

[[nodiscard]] std::size_t last_line_feed(std::string_view text, std::size_t from) {
    for (std::size_t i = text.size(); i > from; --i) {
        if (text[i - 1] == '\n') return i - 1;
    }
    return npos;
}

}  // namespace

struct AuditInput::State {
    enum class Mode : std::uint8_t { kGuess, kLines, kLongLine, kArray, kLongElement, kBehind, kDocument, kDone };

    State(std::shared_ptr<const Auditor::State> of, std::string_view name, bool lines, const AuditPosition& from)
        : auditor(std::move(of)),
          source(std::make_shared<const std::string>(name)),
          as_lines(lines),
          place(from),
          pass(from.bytes) {
        if (auditor->is_digest_wanted()) hash.emplace();
        offset = from.bytes;
        if (!auditor->knows_adapter) {
            mode = Mode::kDocument;
        } else if (from.begun) {
            mode = from.form == Form::kLines                   ? Mode::kLines
                   : from.form == Form::kArray && !from.closed ? Mode::kArray
                                                               : Mode::kBehind;
        } else if (lines) {
            mode = Mode::kLines;
        }
        if (mode == Mode::kDocument) place.form = Form::kDocument;
    }

    // --- what comes in -----------------------------------------------------------------------------------------------

    [[nodiscard]] std::span<char> room() {
        const std::size_t block = auditor->options.block_bytes;
        const std::size_t size = buffer.size();
        std::size_t target = size < block ? block : size + std::min(block, kMore);
        // A document grows by halves, and not before it is full, so that copying it stays linear.
        if (size >= block && (mode == Mode::kDocument || mode == Mode::kGuess)) {
            const std::size_t full = buffer.capacity() - kPadding;
            target = full > size ? full : size + std::max(block, size / 2);
        }
        if (buffer.capacity() < target + kPadding) {
            if (size == 0 && !spare.empty()) {
                buffer = std::move(spare.back());
                spare.pop_back();
                buffer.resize(0);
            }
            buffer.reserve(target + kPadding);
        }
        return {buffer.data() + size, target - size};
    }

    void add(std::size_t count) {
        const std::size_t before = buffer.size();
        buffer.resize(before + count);
        const std::size_t passed = static_cast<std::size_t>(std::min<std::uint64_t>(pass, count));
        if (passed == 0) return;
        // While something is passed over, nothing else is in the buffer.
        if (hash) hash->add(buffer.text().substr(0, passed));
        pass -= passed;
        drop(passed);
    }

    // Takes bytes off the front that belong to no block.
    void drop(std::size_t count) {
        if (count < buffer.size()) std::memmove(buffer.data(), buffer.data() + count, buffer.size() - count);
        buffer.resize(buffer.size() - count);
    }

    // --- what goes out -----------------------------------------------------------------------------------------------

    [[nodiscard]] AuditBlock block(Kind kind) {
        AuditBlock out = spare_blocks.empty() ? AuditBlock{} : std::move(spare_blocks.back());
        if (!spare_blocks.empty()) spare_blocks.pop_back();
        AuditBlock::State& state = out.state();
        state.kind = kind;
        state.source = source;
        state.as_lines = as_lines;
        state.offset = offset;
        state.begin = state.end = 0;
        state.lines = state.too_long = state.too_long_at = 0;
        state.last = state.decided = false;
        state.digest.clear();
        return out;
    }

    // The first `count` bytes as a block; what is behind them stays.
    [[nodiscard]] AuditBlock cut(Kind kind, std::size_t count) {
        AuditBlock out = block(kind);
        AuditBlock::State& state = out.state();
        const std::string_view whole = buffer.text();
        Buffer next;
        if (!spare.empty()) {
            next = std::move(spare.back());
            spare.pop_back();
        }
        next.resize(0);
        next.reserve(std::max(auditor->options.block_bytes, whole.size() - count) + kPadding);
        next.append(whole.substr(count));
        buffer.resize(count);
        if (hash) hash->add(buffer.text());
        state.text = std::move(buffer);
        state.end = count;
        buffer = std::move(next);
        offset += count;
        finish(state);
        return out;
    }

    // All that is in the buffer belongs to no record.
    void pass_over(std::size_t count, std::uint64_t& lines) {
        const std::string_view passed = buffer.text().substr(0, count);
        if (hash) hash->add(passed);
        lines += engine::line_feeds(passed);
        offset += count;
        drop(count);
    }

    void finish(AuditBlock::State& state) {
        place.bytes = offset;
        place.begun = true;
        state.behind = place;
    }

    [[nodiscard]] std::optional<AuditBlock> next() {
        if (pass > 0) {
            if (!ended || mode == Mode::kDone) return std::nullopt;
            // It is shorter than it was: who reads it will have noticed, and nothing is left to decide.
            mode = Mode::kDone;
            problem = AuditProblem{"", fmt::format("it ends {} bytes before the place to go on from", pass), ""};
            return std::nullopt;
        }
        while (true) {
            switch (mode) {
                case Mode::kGuess:
                    if (!guess()) return std::nullopt;
                    continue;
                case Mode::kLines: {
                    auto out = lines();
                    if (out || mode == Mode::kLines) return out;
                    continue;
                }
                case Mode::kLongLine: {
                    auto out = long_line();
                    if (out || mode == Mode::kLongLine) return out;
                    continue;
                }
                case Mode::kArray: {
                    auto out = array();
                    if (out || mode == Mode::kArray) return out;
                    continue;
                }
                case Mode::kLongElement: {
                    auto out = long_element();
                    if (out || mode == Mode::kLongElement) return out;
                    continue;
                }
                case Mode::kBehind: return behind();
                case Mode::kDocument: return document();
                case Mode::kDone: return std::nullopt;
            }
        }
    }

    // --- which form it is, as `Rules::check` finds it out ------------------------------------------------------------

    [[nodiscard]] bool guess() {
        const std::string_view text = buffer.text();
        const std::size_t first = text.find_first_not_of(kBlanks);
        if (first == npos) return ended ? take(Mode::kDocument, Form::kDocument) : more();
        place.any = true;
        if (text[first] == '[' && auditor->streams_arrays) {
            begin = first + 1;
            scanned = begin;
            return take(Mode::kArray, Form::kArray);
        }
        if (text[first] != '{') return take(Mode::kDocument, Form::kDocument);
        if (line_end == npos) {
            line_end = text.find('\n', std::max(first, looked));
            looked = text.size();
            if (line_end == npos) return ended ? take(Mode::kDocument, Form::kDocument) : more();
            std::string_view line = text.substr(first, line_end - first);
            line = line.substr(0, line.find_last_not_of(kBlanks) + 1);
            input::JsonDocument json;
            input::JsonError error;
            is_object = input::parse_json(line, auditor->options.limits, json, error) &&
                        json.kind(json.root()) == input::JsonKind::kObject;
            looks_like_object = line.back() == '}';
            looked = line_end;
        }
        const std::size_t second = text.find_first_not_of(kBlanks, looked);
        if (second == npos) {
            looked = text.size();
            return ended ? take(Mode::kDocument, Form::kDocument) : more();
        }
        if (is_object || (looks_like_object && text[second] == '{')) return take(Mode::kLines, Form::kLines);
        return take(Mode::kDocument, Form::kDocument);
    }
    [[nodiscard]] bool take(Mode as, Form form) {
        mode = as;
        place.form = form;
        return true;
    }
    [[nodiscard]] bool more() {
        if (buffer.size() > auditor->options.limits.document_bytes) refuse_size();
        return false;
    }
    void refuse_size() {
        problem = AuditProblem{diag::text(diag::Code::kJsonTooLarge),
                               fmt::format("it is larger than {} bytes, the limit `document_bytes`, and neither an "
                                           "array nor one record a line",
                                           auditor->options.limits.document_bytes),
                               "give the records one a line in a file named .ndjson or .jsonl"};
        mode = Mode::kDone;
    }

    [[nodiscard]] std::optional<AuditBlock> document() {
        if (!ended) {
            (void)more();
            return std::nullopt;
        }
        mode = Mode::kDone;
        if (!all) return std::nullopt;
        AuditBlock out = cut(Kind::kDocument, buffer.size());
        end_with(out.state());
        return out;
    }

    // --- lines -------------------------------------------------------------------------------------------------------

    [[nodiscard]] std::optional<AuditBlock> lines() {
        const std::string_view text = buffer.text();
        if (text.size() < auditor->options.block_bytes && !ended) return std::nullopt;
        const std::size_t feed = last_line_feed(text, looked_for_feed);
        std::size_t count = feed == npos ? 0 : feed + 1;
        if (count == 0) {
            if (text.size() > auditor->options.limits.record_bytes + 1) {
                mode = Mode::kLongLine;
                long_at = offset;
                long_bytes = 0;
                long_blank = true;
                looked_for_feed = 0;
                return std::nullopt;
            }
            looked_for_feed = text.size();
            if (!ended) return std::nullopt;
        }
        looked_for_feed = 0;
        if (ended && all) count = text.size();
        if (count == 0) return end_of_lines();
        if (!place.any) place.any = text.substr(0, count).find_first_not_of(kBlanks) != npos;
        return cut(Kind::kLines, count);
    }

    [[nodiscard]] std::optional<AuditBlock> end_of_lines() {
        if (!all) {
            mode = Mode::kDone;
            return std::nullopt;
        }
        if (place.any) {
            mode = Mode::kBehind;
            return behind();
        }
        // Asked of as a document, nothing but blanks gives the record that says so.
        mode = Mode::kDone;
        AuditBlock out = cut(Kind::kDocument, buffer.size());
        end_with(out.state());
        return out;
    }

    // A line that is larger than a record may be: only its size is kept.
    [[nodiscard]] std::optional<AuditBlock> long_line() {
        const std::string_view text = buffer.text();
        const std::size_t feed = text.find('\n');
        const std::string_view part = text.substr(0, feed);
        if (part.find_first_not_of(kBlanks) != npos) long_blank = false;
        if (!part.empty()) long_return = part.back() == '\r';
        long_bytes += part.size();
        if (feed == npos && !ended) {
            std::uint64_t unused = 0;
            pass_over(text.size(), unused);
            return std::nullopt;
        }
        mode = Mode::kLines;
        if (feed == npos && !all) {
            mode = Mode::kDone;
            return std::nullopt;
        }
        std::uint64_t feeds = 0;
        AuditBlock out = block(long_blank ? Kind::kRest : Kind::kTooLong);
        pass_over(feed == npos ? text.size() : feed + 1, feeds);
        AuditBlock::State& state = out.state();
        state.lines = feeds;
        state.offset = long_at;
        state.too_long = long_bytes - (long_return ? 1 : 0);
        state.too_long_at = long_at;
        state.too_long_lines_before = 0;
        if (!long_blank) place.any = true;
        finish(state);
        return out;
    }

    // --- elements ----------------------------------------------------------------------------------------------------

    [[nodiscard]] std::optional<AuditBlock> array() {
        const std::string_view text = buffer.text();
        while (true) {
            const std::size_t at = scan.next_end(text, scanned);
            if (at == npos) {
                scanned = text.size();
                break;
            }
            scanned = at + 1;
            cut_at = at + 1;
            if (text[at] == ']') {
                place.closed = true;
                mode = Mode::kBehind;
                return elements(cut_at);
            }
            ++elements_before_cut;
        }
        if (text.size() < auditor->options.block_bytes && !ended) return std::nullopt;
        if (cut_at > 0) return elements(cut_at);
        if (ended) {
            mode = Mode::kDone;
            if (all) {
                problem =
                    AuditProblem{diag::text(diag::Code::kJsonSyntax),
                                 fmt::format("the array breaks off at byte {}, in element {} or behind the one before",
                                             offset + text.size(), place.element),
                                 "what stands before was decided"};
            }
            return std::nullopt;
        }
        const std::size_t first = text.find_first_not_of(kBlanks, begin);
        if (first != npos && text.size() - first <= auditor->options.limits.record_bytes) return std::nullopt;
        if (first == npos) {
            AuditBlock out = block(Kind::kRest);
            pass_over(text.size(), out.state().lines);
            begin = scanned = 0;
            finish(out.state());
            return out;
        }
        mode = Mode::kLongElement;
        long_at = offset + first;
        long_first = text[first];
        long_lines = engine::line_feeds(text.substr(0, first));
        long_lines_before = long_lines;
        const std::size_t last = text.find_last_not_of(kBlanks);
        long_end = offset + last + 1;
        std::uint64_t feeds = 0;
        pass_over(text.size(), feeds);
        long_lines = feeds;
        begin = scanned = 0;
        return std::nullopt;
    }

    [[nodiscard]] AuditBlock elements(std::size_t count) {
        const std::size_t from = begin;
        const std::uint64_t before = place.element;
        place.element += std::exchange(elements_before_cut, 0);
        begin = 0;
        cut_at = 0;
        scanned -= count;
        AuditBlock out = cut(Kind::kElements, count);
        AuditBlock::State& state = out.state();
        state.begin = from;
        state.first_element = before;
        return out;
    }

    [[nodiscard]] std::optional<AuditBlock> long_element() {
        const std::string_view text = buffer.text();
        const std::size_t at = scan.next_end(text, 0);
        const std::string_view part = text.substr(0, at);
        if (const std::size_t last = part.find_last_not_of(kBlanks); last != npos) long_end = offset + last + 1;
        if (at == npos) {
            pass_over(text.size(), long_lines);
            if (!ended) return std::nullopt;
            mode = Mode::kDone;
            if (all) {
                problem = AuditProblem{diag::text(diag::Code::kJsonSyntax),
                                       fmt::format("the array breaks off at byte {}, in its element {} that began at "
                                                   "byte {}",
                                                   offset, place.element, long_at),
                                       "what stands before was decided"};
            }
            return std::nullopt;
        }
        const bool closed = text[at] == ']';
        AuditBlock out = block(Kind::kTooLong);
        pass_over(at + 1, long_lines);
        AuditBlock::State& state = out.state();
        state.offset = long_at;
        state.lines = long_lines;
        state.too_long = long_end - long_at;
        state.too_long_at = long_at;
        state.too_long_first = long_first;
        state.too_long_lines_before = long_lines_before;
        state.first_element = place.element;
        place.closed = closed;
        if (!closed) ++place.element;
        mode = closed ? Mode::kBehind : Mode::kArray;
        scanned = cut_at = 0;
        finish(state);
        return out;
    }

    // --- the end -----------------------------------------------------------------------------------------------------

    // Nothing but blanks may stand behind all records.
    [[nodiscard]] std::optional<AuditBlock> behind() {
        const std::string_view text = buffer.text();
        if (const std::size_t more_at = text.find_first_not_of(kBlanks); more_at != npos) {
            problem = AuditProblem{diag::text(diag::Code::kJsonTrailing),
                                   fmt::format("there is text after the array, at byte {}", offset + more_at),
                                   "what stands before was decided"};
            mode = Mode::kDone;
            return std::nullopt;
        }
        if (!ended && text.size() < auditor->options.block_bytes) return std::nullopt;
        AuditBlock out = block(Kind::kRest);
        pass_over(text.size(), out.state().lines);
        finish(out.state());
        if (ended) {
            mode = Mode::kDone;
            if (all) end_with(out.state());
        }
        return out;
    }

    void end_with(AuditBlock::State& state) {
        state.last = true;
        if (hash) state.digest = hash->digest();
    }

    std::shared_ptr<const Auditor::State> auditor;
    std::shared_ptr<const std::string> source;
    bool as_lines;
    Mode mode = Mode::kGuess;
    AuditPosition place;
    std::uint64_t pass;  // bytes still to be passed over
    std::optional<base::Sha256> hash;
    std::optional<AuditProblem> problem;

    Buffer buffer;
    std::uint64_t offset = 0;  // of the buffer in the text
    bool ended = false, all = true;

    // guess
    std::size_t looked = 0, line_end = npos;
    bool is_object = false, looks_like_object = false;
    // lines
    std::size_t looked_for_feed = 0;
    // array
    engine::ElementScan scan;
    std::size_t begin = 0;    // of the first element in the buffer
    std::size_t scanned = 0;  // bytes of the buffer
    std::size_t cut_at = 0;   // behind the last comma in the buffer; 0: there is none
    std::uint64_t elements_before_cut = 0;
    // what is too long
    std::uint64_t long_at = 0, long_end = 0, long_bytes = 0, long_lines = 0, long_lines_before = 0;
    bool long_blank = false, long_return = false;
    char long_first = '{';

    std::vector<Buffer> spare;
    std::vector<AuditBlock> spare_blocks;
};

AuditInput::AuditInput(const Auditor& auditor, std::string_view source, bool lines, const AuditPosition& from)
    : state_(std::make_unique<State>(auditor.state(), source, lines, from)) {}
AuditInput::~AuditInput() = default;
AuditInput::AuditInput(AuditInput&&) noexcept = default;
AuditInput& AuditInput::operator=(AuditInput&&) noexcept = default;

std::span<char> AuditInput::room() { return state_->room(); }
void AuditInput::add(std::size_t bytes) { state_->add(bytes); }
std::uint64_t AuditInput::to_pass() const { return state_->pass; }
bool AuditInput::may_leave_out() const { return !state_->hash; }
void AuditInput::leave_out() { state_->pass = 0; }

void AuditInput::end(bool all) {
    state_->ended = true;
    state_->all = all;
}

std::optional<AuditBlock> AuditInput::next() { return state_->next(); }

void AuditInput::reuse(AuditBlock&& block) {
    AuditBlock::State& state = block.state();
    if (state.text.capacity() > 0) state_->spare.push_back(std::move(state.text));
    state_->spare_blocks.push_back(std::move(block));
}

const std::optional<AuditProblem>& AuditInput::problem() const { return state_->problem; }

}  // namespace keywright
