#include "value/record.h"

#include <algorithm>

namespace keywright::value {

namespace {

[[nodiscard]] std::uint32_t narrow(std::size_t size) { return static_cast<std::uint32_t>(size); }

[[nodiscard]] bool before(const Network& a, const Network& b) {
    if (a.masked != b.masked) return b.masked;
    return a < b;
}

}  // namespace

std::string_view to_string(State state) {
    switch (state) {
        case State::kUnknown: return "unknown";
        case State::kAbsent: return "absent";
        case State::kGiven: return "given";
    }
    return {};
}

void Record::reset(std::size_t fields) {
    slots_.assign(fields, Slot{});
    text_.clear();
    pieces_.clear();
    networks_.clear();
    integers_.clear();
    secrets_.clear();
}

Record::Slot& Record::give(std::size_t field) {
    Slot& slot = slots_[field];
    slot.state = State::kGiven;
    return slot;
}

void Record::set_bool(std::size_t field, bool value) { give(field).number = value ? 1 : 0; }

void Record::set_int(std::size_t field, std::int64_t value) { give(field).number = value; }

void Record::set_text(std::size_t field, std::string_view value) {
    Slot& slot = give(field);
    slot.begin = narrow(text_.size());
    slot.count = narrow(value.size());
    text_ += value;
}

void Record::set_enum(std::size_t field, std::uint32_t index) { give(field).number = index; }

void Record::set_enum_set(std::size_t field, std::uint64_t bits) {
    give(field).number = static_cast<std::int64_t>(bits);
}

void Record::set_network(std::size_t field, const Network& value) {
    Slot& slot = give(field);
    slot.begin = narrow(networks_.size());
    slot.count = 1;
    networks_.push_back(value);
}

void Record::set_network_set(std::size_t field, std::span<const Network> values) {
    Slot& slot = give(field);
    slot.begin = narrow(networks_.size());
    networks_.insert(networks_.end(), values.begin(), values.end());
    const auto first = networks_.begin() + slot.begin;
    std::sort(first, networks_.end(), before);
    // Two masked entries may be two hosts, even where they look alike.
    networks_.erase(std::unique(first, networks_.end(),
                                [](const Network& a, const Network& b) { return !a.masked && !b.masked && a == b; }),
                    networks_.end());
    slot.count = narrow(networks_.size()) - slot.begin;
}

void Record::set_text_set(std::size_t field, std::span<const std::string_view> values) {
    Slot& slot = give(field);
    slot.begin = narrow(pieces_.size());
    for (const std::string_view value : values) {
        pieces_.push_back({narrow(text_.size()), narrow(value.size())});
        text_ += value;
    }
    const auto view = [this](const Piece& piece) { return std::string_view{text_}.substr(piece.begin, piece.size); };
    const auto first = pieces_.begin() + slot.begin;
    std::sort(first, pieces_.end(), [&](const Piece& a, const Piece& b) { return view(a) < view(b); });
    pieces_.erase(std::unique(first, pieces_.end(), [&](const Piece& a, const Piece& b) { return view(a) == view(b); }),
                  pieces_.end());
    slot.count = narrow(pieces_.size()) - slot.begin;
}

void Record::set_int_set(std::size_t field, std::span<const std::int64_t> values) {
    Slot& slot = give(field);
    slot.begin = narrow(integers_.size());
    integers_.insert(integers_.end(), values.begin(), values.end());
    const auto first = integers_.begin() + slot.begin;
    std::sort(first, integers_.end());
    integers_.erase(std::unique(first, integers_.end()), integers_.end());
    slot.count = narrow(integers_.size()) - slot.begin;
}

void Record::set_instant(std::size_t field, Instant value) {
    Slot& slot = give(field);
    slot.number = value.seconds;
    slot.begin = value.nanoseconds;
}

void Record::set_duration(std::size_t field, Duration value) {
    Slot& slot = give(field);
    slot.number = value.seconds;
    slot.begin = value.nanoseconds;
}

void Record::set_secret(std::size_t field, const SecretFacts& value) {
    Slot& slot = give(field);
    slot.begin = narrow(secrets_.size());
    secrets_.push_back(value);
}

void Record::set(std::size_t field, const Value& value) {
    struct Setter {
        Record& record;
        std::size_t field;

        void operator()(bool v) const { record.set_bool(field, v); }
        void operator()(std::int64_t v) const { record.set_int(field, v); }
        void operator()(const std::string& v) const { record.set_text(field, v); }
        void operator()(EnumValue v) const { record.set_enum(field, v.index); }
        void operator()(EnumSet v) const { record.set_enum_set(field, v.bits); }
        void operator()(const Network& v) const { record.set_network(field, v); }
        void operator()(const NetworkSet& v) const { record.set_network_set(field, v); }
        void operator()(const TextSet& v) const {
            const std::vector<std::string_view> views(v.begin(), v.end());
            record.set_text_set(field, views);
        }
        void operator()(const IntSet& v) const { record.set_int_set(field, v); }
        void operator()(Instant v) const { record.set_instant(field, v); }
        void operator()(Duration v) const { record.set_duration(field, v); }
        void operator()(const SecretFacts& v) const { record.set_secret(field, v); }
    };
    std::visit(Setter{*this, field}, value);
}

std::string_view Record::text_element(std::size_t field, std::size_t i) const {
    const Piece& piece = pieces_[slots_[field].begin + i];
    return std::string_view{text_}.substr(piece.begin, piece.size);
}

}  // namespace keywright::value
