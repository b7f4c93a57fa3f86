#include "engine/quick_records.h"

#include <algorithm>
#include <cstddef>
#include <mutex>
#include <optional>
#include <utility>

namespace keywright::engine {

namespace {

constexpr std::string_view kBlanks = " \t\r\n";
// The index of a document takes some times its size; a larger one is left to the strict reader.
constexpr std::size_t kMostDocument = std::size_t{1} << 20;
constexpr std::size_t kMostText = std::size_t{1} << 31;

[[nodiscard]] bool is_blank(std::string_view text) { return text.find_first_not_of(kBlanks) == std::string_view::npos; }

// Plans are made for the limits that are in force by default.
[[nodiscard]] bool are_default(const Limits& limits) {
    const Limits usual;
    return limits.record_bytes == usual.record_bytes && limits.document_bytes == usual.document_bytes &&
           limits.json_depth == usual.json_depth && limits.set_elements == usual.set_elements;
}

}  // namespace

struct QuickRecords::Reader {
    explicit Reader(const ir::Module& of, const input::RowPlan& plan) : module(of), rows(plan) {
        for (const ir::Field& field : of.schema.fields) record.pointers.push_back(field.pointer);
    }

    [[nodiscard]] bool run(std::string_view text, input::DocumentForm form, const input::ReadOptions& options,
                           const std::function<void(input::ReadRecord&)>& sink) {
        const std::size_t first = text.find_first_not_of(kBlanks);
        if (first == std::string_view::npos) return false;
        switch (form) {
            case input::DocumentForm::kLines:
                rows.open(text, input::RowForm::kLines);
                lines(text, options, sink);
                return true;
            case input::DocumentForm::kDocument: return document(text, first, 0, options, sink);
            case input::DocumentForm::kAuto: break;
        }
        if (text[first] == '[') return document(text, first, 0, options, sink);
        if (text[first] != '{') return false;
        const std::size_t end = std::min(text.find('\n', first), text.size());
        if (is_blank(text.substr(end))) return document(text, first, 0, options, sink);
        // A first line that is an object makes the text one of lines.
        rows.open(text, input::RowForm::kLines);
        if (rows.next(options.now, columns, places) && places.front().read) {
            lines_of_block(text, options, sink);
            lines(text, options, sink);
            return true;
        }
        return document(text, first, end, options, sink);
    }

    // `beyond`: the first record must end behind this byte.
    [[nodiscard]] bool document(std::string_view text, std::size_t first, std::size_t beyond,
                                const input::ReadOptions& options,
                                const std::function<void(input::ReadRecord&)>& sink) {
        const bool array = text[first] == '[';
        if ((!array && text[first] != '{') || text.size() > kMostDocument) return false;
        const std::size_t begin = first + (array ? 1 : 0);
        const std::string_view inside = text.substr(begin);
        rows.open(inside, input::RowForm::kElements);
        if (!rows.next(options.now, columns, places)) return false;
        if (!std::all_of(places.begin(), places.end(), [](const input::RowPlace& place) { return place.read; })) {
            return false;
        }
        if (!array && (places.size() != 1 || begin + places.front().end <= beyond)) return false;
        std::string_view behind = inside.substr(places.back().end);
        if (array) {
            const std::size_t closing = behind.find_first_not_of(kBlanks);
            if (closing == std::string_view::npos || behind[closing] != ']') return false;
            behind.remove_prefix(closing + 1);
        }
        if (!is_blank(behind)) return false;
        const auto line =
            static_cast<std::size_t>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(begin), '\n'));
        for (std::size_t row = 0; row < places.size(); ++row) hand_over(row, places[row], line, options, sink);
        return true;
    }

    void lines(std::string_view text, const input::ReadOptions& options,
               const std::function<void(input::ReadRecord&)>& sink) {
        while (rows.next(options.now, columns, places)) lines_of_block(text, options, sink);
    }

    void lines_of_block(std::string_view text, const input::ReadOptions& options,
                        const std::function<void(input::ReadRecord&)>& sink) {
        std::optional<input::Reader> judge;
        std::size_t row = 0;
        for (const input::RowPlace& place : places) {
            if (place.read) {
                hand_over(row++, place, 0, options, sink);
                continue;
            }
            // With the carriage return before its line feed, which the strict reader takes off itself.
            std::size_t end = place.end;
            if (end < text.size() && text[end] == '\r') ++end;
            if (!judge) judge.emplace(module, options);
            judge->read(text.substr(place.begin, end - place.begin), input::DocumentForm::kLines,
                        {place.line + std::size_t{1}, 0}, sink);
        }
    }

    // `before`: how many lines the text has before what the place counts from.
    void hand_over(std::size_t row, const input::RowPlace& place, std::size_t before, const input::ReadOptions& options,
                   const std::function<void(input::ReadRecord&)>& sink) {
        rows.exchange(row, record.record);
        record.subject = input::subject_of(module, options.adapter, record.record);
        record.line = before + place.line + 1;
        record.errors.clear();
        sink(record);
        // Its buffers would go from row to row, and stay.
        constexpr std::uint32_t kLarge = 4096;
        if (place.end - place.begin > kLarge) record.record = {};
    }

    const ir::Module& module;
    input::RowReader rows;
    value::Columns columns;
    std::vector<input::RowPlace> places;
    input::ReadRecord record;
};

struct QuickRecords::Plan {
    std::once_flag once;
    std::optional<input::RowPlan> rows;  // made when it is needed first
    std::mutex mutex;
    std::vector<std::unique_ptr<Reader>> idle;
};

QuickRecords::QuickRecords(const ir::Module& module) : module_(module) {
    for (std::size_t i = 0; i <= module.adapters.size(); ++i) plans_.push_back(std::make_unique<Plan>());
}

QuickRecords::~QuickRecords() = default;

bool QuickRecords::each(std::string_view text, input::DocumentForm form, const input::ReadOptions& options,
                        const std::function<void(input::ReadRecord&)>& sink) const {
    if (text.size() > kMostText || !are_default(options.limits)) return false;
    const std::size_t number =
        options.adapter == nullptr ? 0 : static_cast<std::size_t>(options.adapter - module_.adapters.data()) + 1;
    Plan& plan = *plans_[number];
    std::call_once(plan.once, [&] {
        value::Aspects whole;
        whole.add(value::Aspect::kWhole);
        const std::vector<value::Aspects> needs(module_.schema.fields.size(), whole);
        plan.rows.emplace(module_, needs, options.adapter, Limits{});
    });
    if (!plan.rows->usable()) return false;

    std::unique_ptr<Reader> reader;
    {
        const std::lock_guard lock{plan.mutex};
        if (!plan.idle.empty()) {
            reader = std::move(plan.idle.back());
            plan.idle.pop_back();
        }
    }
    if (!reader) reader = std::make_unique<Reader>(module_, *plan.rows);
    const bool done = reader->run(text, form, options, sink);
    constexpr std::size_t kMostIdle = 16;  // so that a burst of threads doesn't leave its buffers behind for good
    const std::lock_guard lock{plan.mutex};
    if (plan.idle.size() < kMostIdle) plan.idle.push_back(std::move(reader));
    return done;
}

}  // namespace keywright::engine
