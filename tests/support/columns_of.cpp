#include "support/columns_of.h"

#include "base/text.h"
#include "value/network.h"

#include <algorithm>

namespace keywright::test {
namespace {

void set(std::vector<std::uint64_t>& plane, std::size_t row, bool value) {
    const std::uint64_t bit = std::uint64_t{1} << (row % 64);
    plane[row / 64] = value ? plane[row / 64] | bit : plane[row / 64] & ~bit;
}

}  // namespace

ColumnsOf::ColumnsOf(const ir::Module& module, std::span<const value::Aspects> needs,
                     std::span<const value::Record> records, bool rubbish)
    : stores_(module.schema.fields.size()), views_(module.schema.fields.size()) {
    using value::Aspect;
    const std::size_t rows = records.size(), words = (rows + 63) / 64;
    const std::uint64_t filler = rubbish ? 0xa5c3'96f0'0f69'3c5aU : 0;
    bool whole = false;
    for (std::size_t f = 0; f < stores_.size(); ++f) {
        Store& s = stores_[f];
        const ir::Type& type = module.schema.fields[f].type;
        const auto asked = [&](Aspect aspect) { return needs[f].has(aspect); };
        s.given.assign(words, filler);
        s.unknown.assign(words, ~filler);
        for (auto* plane : {&s.truth, &s.blank, &s.empty, &s.open}) plane->assign(words, filler);
        s.choice.assign(rows, static_cast<std::uint8_t>(filler));
        s.known_facts.assign(rows, static_cast<std::uint8_t>(filler));
        s.facts.assign(rows, static_cast<std::uint8_t>(filler >> 8U));
        s.members.assign(rows, filler);
        s.number.assign(rows, static_cast<std::int64_t>(filler));
        s.nanosecond.assign(rows, static_cast<std::uint32_t>(filler));
        s.length_min.assign(rows, rubbish ? 77 : 0);
        s.length_max.assign(rows, rubbish ? 7 : 0);
        bool parts = false;
        for (std::size_t i = 0; i < rows; ++i) {
            const value::Record& record = records[i];
            const bool given = record.state(f) == value::State::kGiven;
            set(s.given, i, given);
            set(s.unknown, i, record.state(f) == value::State::kUnknown);
            if (!given) continue;
            switch (type.kind) {
                case ir::Kind::kBool: set(s.truth, i, record.boolean(f)); break;
                case ir::Kind::kInt: s.number[i] = record.integer(f); break;
                case ir::Kind::kText:
                    set(s.blank, i, base::is_blank(record.text(f)));
                    s.length_min[i] = s.length_max[i] = static_cast<std::uint32_t>(base::count_scalars(record.text(f)));
                    break;
                case ir::Kind::kEnum: s.choice[i] = static_cast<std::uint8_t>(record.enumerator(f)); break;
                case ir::Kind::kInstant:
                case ir::Kind::kDuration:
                    s.number[i] = record.instant(f).seconds;
                    s.nanosecond[i] = record.instant(f).nanoseconds;
                    parts = parts || s.nanosecond[i] != 0;
                    break;
                case ir::Kind::kSecret: {
                    const value::SecretFacts& facts = record.secret(f);
                    s.length_min[i] = facts.length_min;
                    s.length_max[i] = facts.length_max;
                    s.known_facts[i] = facts.known;
                    s.facts[i] = facts.facts;
                    break;
                }
                case ir::Kind::kSet:
                    if (type.element == ir::Kind::kEnum) {
                        s.members[i] = record.enum_set(f);
                        break;
                    }
                    set(s.empty, i, record.count(f) == 0);
                    if (type.element != ir::Kind::kNetwork) break;
                    set(s.open, i, std::ranges::any_of(record.network_set(f), [](const value::Network& n) {
                            return !n.masked && value::is_open(n);
                        }));
                    break;
                case ir::Kind::kNetwork:
                case ir::Kind::kRecord: break;
            }
        }
        value::ColumnView& view = views_[f];
        view.given = s.given;
        view.unknown = s.unknown;
        if (asked(Aspect::kTruth)) view.truth = s.truth;
        if (asked(Aspect::kChoice)) view.choice = s.choice;
        if (asked(Aspect::kMembers)) view.members = s.members;
        if (asked(Aspect::kNumber)) view.number = s.number;
        if (asked(Aspect::kNumber) && parts) view.nanosecond = s.nanosecond;
        if (asked(Aspect::kBlank)) view.blank = s.blank;
        if (asked(Aspect::kEmpty)) view.empty = s.empty;
        if (asked(Aspect::kOpen)) view.open = s.open;
        if (asked(Aspect::kLength)) {
            view.length_min = s.length_min;
            view.length_max = s.length_max;
        }
        if (asked(Aspect::kFacts)) {
            view.known_facts = s.known_facts;
            view.facts = s.facts;
        }
        whole = whole || asked(Aspect::kWhole);
    }
    columns_.rows = rows;
    columns_.fields = views_;
    if (whole) columns_.records = records;
}

}  // namespace keywright::test
