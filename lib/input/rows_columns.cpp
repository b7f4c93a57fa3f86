#include "input/rows_columns.h"

#include <algorithm>
#include <type_traits>

namespace keywright::input {

using ir::Kind;
using value::Aspect;
using value::kBlockRows;
using value::kBlockWords;

namespace {

// Hands out pieces of a buffer that is sized when all of them are known.
template <class T>
class Pieces {
public:
    explicit Pieces(std::size_t size) : size_(size) {}
    void ask(bool wanted, T*& where) {
        if (wanted) wanted_.push_back(&where);
    }
    void hand_out(std::vector<T>& buffer) {
        buffer.assign(wanted_.size() * size_, 0);
        for (std::size_t i = 0; i < wanted_.size(); ++i) *wanted_[i] = buffer.data() + i * size_;
    }
    [[nodiscard]] std::size_t count() const { return wanted_.size(); }

private:
    std::size_t size_;
    std::vector<T**> wanted_;
};

}  // namespace

ColumnStore::ColumnStore(const RowPlan::Plan& plan) : plan_(plan), columns_(plan.fields.size()) {
    std::size_t row_bytes = 0;
    for (const FieldPlan& field : plan.fields) {
        const bool length = field.needs.has(Aspect::kLength), facts = field.needs.has(Aspect::kFacts);
        row_bytes += (field.needs.has(Aspect::kNumber) ? 12U : 0U) + (field.needs.has(Aspect::kMembers) ? 8U : 0U) +
                     (length ? 8U : 0U) + (facts ? 2U : 0U) + 2U;
    }
    constexpr std::size_t kMostBytes = std::size_t{1} << 22;
    constexpr std::size_t kLeastRows = 64;
    const std::size_t fit = kMostBytes / std::max<std::size_t>(row_bytes, 1) / kLeastRows * kLeastRows;
    capacity_ = std::clamp(fit, kLeastRows, kBlockRows);

    Pieces<std::uint64_t> planes{kBlockWords}, words{capacity_};
    Pieces<std::int64_t> numbers{capacity_};
    Pieces<std::uint32_t> halves{capacity_};
    Pieces<std::uint8_t> bytes{capacity_};
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        const value::Aspects needs = plan.fields[i].needs;
        const Kind kind = plan.fields[i].kind;
        Column& column = columns_[i];
        planes.ask(true, column.given);
        planes.ask(true, column.unknown);
        planes.ask(needs.has(Aspect::kTruth), column.truth);
        planes.ask(needs.has(Aspect::kBlank), column.blank);
        planes.ask(needs.has(Aspect::kEmpty), column.empty);
        planes.ask(needs.has(Aspect::kOpen), column.open);
        words.ask(needs.has(Aspect::kMembers), column.members);
        numbers.ask(needs.has(Aspect::kNumber), column.number);
        halves.ask(needs.has(Aspect::kNumber) && kind != Kind::kInt, column.nanosecond);
        halves.ask(needs.has(Aspect::kLength), column.length_min);
        halves.ask(needs.has(Aspect::kLength), column.length_max);
        bytes.ask(needs.has(Aspect::kChoice), column.choice);
        bytes.ask(needs.has(Aspect::kFacts), column.known_facts);
        bytes.ask(needs.has(Aspect::kFacts), column.facts);
        column.whole = needs.has(Aspect::kWhole);
    }
    planes.hand_out(planes_);
    words.hand_out(words_);
    numbers.hand_out(numbers_);
    halves.hand_out(halves_);
    bytes.hand_out(bytes_);
    // Views of all that there is room for: whoever goes through whole words of rows may do so.
    const auto plane = [](const std::uint64_t* at) {
        return at == nullptr ? value::Plane{} : value::Plane{at, kBlockWords};
    };
    const auto values = [&](const auto* at) {
        using Span = std::span<std::remove_reference_t<decltype(*at)>>;
        return at == nullptr ? Span{} : Span{at, capacity_};
    };
    for (const Column& column : columns_) {
        value::ColumnView& view = views_.emplace_back();
        view.given = plane(column.given);
        view.unknown = plane(column.unknown);
        view.truth = plane(column.truth);
        view.blank = plane(column.blank);
        view.empty = plane(column.empty);
        view.open = plane(column.open);
        view.choice = values(column.choice);
        view.members = values(column.members);
        view.number = values(column.number);
        view.length_min = values(column.length_min);
        view.length_max = values(column.length_max);
        view.known_facts = values(column.known_facts);
        view.facts = values(column.facts);
        if (column.nanosecond != nullptr) timed_.push_back(views_.size() - 1);
    }
}

void ColumnStore::begin() {
    cleared_words_ = 0;
    for (const std::size_t i : timed_) columns_[i].fractional = false;
    for (const std::size_t row : large_) records_[row] = {};
    large_.clear();
}

void ColumnStore::open(std::size_t row) {
    if (const std::size_t word = row / 64; word >= cleared_words_) {
        for (std::size_t at = word; at < planes_.size(); at += kBlockWords) planes_[at] = 0;
        cleared_words_ = word + 1;
    }
    if (!plan_.whole) return;
    if (records_.size() <= row) records_.resize(row + 1);
    records_[row].reset(columns_.size());
}

void ColumnStore::give_up(std::size_t row) {
    const std::uint64_t others = ~(std::uint64_t{1} << (row % 64));
    for (std::size_t at = row / 64; at < planes_.size(); at += kBlockWords) planes_[at] &= others;
}

value::Columns ColumnStore::view(std::size_t rows) {
    for (const std::size_t i : timed_) {
        using Span = std::span<const std::uint32_t>;
        views_[i].nanosecond = columns_[i].fractional ? Span{columns_[i].nanosecond, capacity_} : Span{};
    }
    value::Columns out;
    out.rows = rows;
    out.fields = views_;
    if (plan_.whole) out.records = std::span{records_}.first(std::min(rows, records_.size()));
    return out;
}

}  // namespace keywright::input
