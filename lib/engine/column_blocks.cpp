#include "engine/column_blocks.h"

#include "base/text.h"
#include "keywright/limits.h"
#include "value/network.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

namespace keywright::engine {
namespace {

using ir::Kind;
using value::Aspect;

constexpr std::size_t words_of(std::size_t rows) { return (rows + 63) / 64; }

std::uint64_t all_values(const ir::Module& module, const ir::Type& type) {
    const std::size_t n = module.enums[type.enumeration.index()].values.size();
    return n == 0 ? 0 : ~std::uint64_t{0} >> (64 - n);
}

template <class T>
std::span<const T> part(std::span<const T> all, std::size_t first, std::size_t count) {
    if (all.size() <= first) return {};
    return all.subspan(first, std::min(count, all.size() - first));
}

void set(eval::PlaneWords& plane, std::size_t row) { plane[row / 64] |= std::uint64_t{1} << (row % 64); }

}  // namespace

ColumnProblem ColumnBlocks::problem(std::uint32_t number, std::string message) const {
    return {field(number).name, std::nullopt, std::move(message)};
}

ColumnProblem ColumnBlocks::problem(std::uint32_t number, std::size_t row, std::string message) const {
    return {field(number).name, first_ + row, std::move(message)};
}

std::optional<ColumnProblem> ColumnBlocks::open(std::size_t rows, std::span<const Column> columns) {
    rows_ = rows;
    columns_.assign(needs_.size(), nullptr);
    made_.resize(needs_.size());
    views_.resize(needs_.size());
    const auto& fields = module_.schema.fields;
    for (const Column& column : columns) {
        const auto found =
            std::find_if(fields.begin(), fields.end(), [&](const ir::Field& f) { return f.name == column.field; });
        if (found == fields.end()) {
            return ColumnProblem{std::string{column.field}, std::nullopt,
                                 fmt::format("the schema has no field `{}`", base::printable(column.field))};
        }
        const auto number = static_cast<std::uint32_t>(found - fields.begin());
        if (columns_[number] != nullptr) {
            return problem(number, fmt::format("there are two columns for field `{}`", found->name));
        }
        columns_[number] = &column;
    }
    for (std::uint32_t f = 0; f < needs_.size(); ++f) {
        if (!needs_[f].read) continue;
        if (columns_[f] == nullptr) {
            return problem(f, fmt::format("there is no column for field `{}`, which the rules read", field(f).name));
        }
        if (auto wrong = lengths_of(f, *columns_[f])) return wrong;
    }
    return std::nullopt;
}

// Everything that is there, and everything asked for, is long enough.
std::optional<ColumnProblem> ColumnBlocks::lengths_of(std::uint32_t number, const Column& c) const {
    const ir::Type& type = field(number).type;
    const bool is_set = type.kind == Kind::kSet && type.element != Kind::kEnum;
    std::optional<ColumnProblem> wrong;
    const auto check = [&](std::string_view name, std::size_t size, std::size_t least) {
        if (wrong || size >= least) return;
        wrong = problem(number, size == 0 ? fmt::format("field `{}` lacks `{}`", field(number).name, name)
                                          : fmt::format("`{}` of field `{}` has {} elements, {} rows need {}", name,
                                                        field(number).name, size, rows_, least));
    };
    const auto check_if_there = [&](std::string_view name, std::size_t size, std::size_t least) {
        if (size != 0) check(name, size, least);
    };
    const std::size_t words = words_of(rows_);
    check_if_there("given", c.given.size(), words);
    check_if_there("unknown", c.unknown.size(), words);
    check_if_there("nanoseconds", c.nanoseconds.size(), rows_);
    check_if_there("longest", c.longest.size(), rows_);
    if (is_set && !c.offsets.empty()) {
        check("offsets", c.offsets.size(), rows_ + 1);
        for (std::size_t i = 0; !wrong && i < rows_; ++i) {
            if (c.offsets[i] > c.offsets[i + 1]) {
                wrong = ColumnProblem{field(number).name, i,
                                      fmt::format("`offsets` of field `{}` descend", field(number).name)};
            }
        }
    }
    const auto elements = [&](std::string_view name, std::size_t size) {
        if (!is_set) return check(name, size, rows_);
        if (rows_ != 0) check("offsets", c.offsets.size(), rows_ + 1);
        if (!wrong && rows_ != 0) check_if_there(name, size, c.offsets[rows_]);
        if (!wrong && rows_ != 0 && c.offsets[rows_] != 0) check(name, size, c.offsets[rows_]);
    };
    const bool has_texts = !c.texts.empty() || (is_set && type.element != Kind::kInt && !c.offsets.empty());
    for (const ColumnAspect aspect : needs_[number].asked) {
        switch (aspect) {
            case ColumnAspect::kTruth: check("truth", c.truth.size(), words); break;
            case ColumnAspect::kChoice: check("choice", c.choice.size(), rows_); break;
            case ColumnAspect::kMembers: check("members", c.members.size(), rows_); break;
            case ColumnAspect::kNumber: check("numbers", c.numbers.size(), rows_); break;
            case ColumnAspect::kElements: elements("numbers", c.numbers.size()); break;
            case ColumnAspect::kTexts: elements("texts", c.texts.size()); break;
            case ColumnAspect::kEmpty:
                if (!c.empty.empty() || c.offsets.empty()) check("empty", c.empty.size(), words);
                break;
            case ColumnAspect::kBlank:
            case ColumnAspect::kOpen: {
                const Bitmap bitmap = aspect == ColumnAspect::kBlank ? c.blank : c.open;
                if (!bitmap.empty() || !has_texts) {
                    check(to_string(aspect), bitmap.size(), words);
                } else {
                    elements("texts", c.texts.size());
                }
                break;
            }
            case ColumnAspect::kLength:
            case ColumnAspect::kFacts:
                if (has_texts) {
                    elements("texts", c.texts.size());
                } else if (aspect == ColumnAspect::kLength) {
                    check("lengths", c.lengths.size(), rows_);
                } else {
                    check("known_facts", c.known_facts.size(), rows_);
                    check("facts", c.facts.size(), rows_);
                }
                break;
        }
    }
    return wrong;
}

std::optional<ColumnProblem> ColumnBlocks::block(std::size_t first, Instant now, value::Columns& columns,
                                                 eval::PlaneWords& invalid) {
    first_ = first;
    in_block_ = std::min(value::kBlockRows, rows_ - first);
    bool any_whole = false;
    for (std::uint32_t f = 0; f < needs_.size(); ++f) {
        if (!needs_[f].read) continue;
        if (auto wrong = states(f)) return wrong;
        any_whole = any_whole || needs_[f].aspects.has(Aspect::kWhole);
    }
    if (any_whole) {
        records_.resize(value::kBlockRows);
        for (std::size_t i = 0; i < in_block_; ++i) records_[i].reset(needs_.size());
    }
    for (std::uint32_t f = 0; f < needs_.size(); ++f) {
        if (!needs_[f].read) continue;
        if (auto wrong = payload(f)) return wrong;
    }
    invalid.fill(0);
    find_broken(now, invalid);
    columns.rows = in_block_;
    columns.fields = views_;
    columns.records =
        any_whole ? std::span<const value::Record>{records_.data(), in_block_} : std::span<const value::Record>{};
    return std::nullopt;
}

std::optional<ColumnProblem> ColumnBlocks::states(std::uint32_t f) {
    const Column& c = *columns_[f];
    Made& made = made_[f];
    const std::size_t words = words_of(in_block_);
    const Bitmap given = part(c.given, first_ / 64, words), unknown = part(c.unknown, first_ / 64, words);
    const std::uint32_t parent = field(f).parent.value;
    for (std::size_t w = 0; w < words; ++w) {
        const std::size_t left = in_block_ - w * 64;
        const std::uint64_t valid = left >= 64 ? ~std::uint64_t{0} : ~std::uint64_t{0} >> (64 - left);
        made.unknown[w] = unknown.empty() ? 0 : unknown[w] & valid;
        made.given[w] = (given.empty() ? ~made.unknown[w] : given[w]) & valid;
        if (const std::uint64_t both = made.given[w] & made.unknown[w]; both != 0) {
            return problem(f, w * 64 + static_cast<std::size_t>(std::countr_zero(both)),
                           fmt::format("field `{}` is given and unknown at once", field(f).name));
        }
        std::uint64_t gone = valid & ~(made.given[w] | made.unknown[w]);
        if (parent != ir::FieldId::kNone) gone &= made_[parent].given[w];
        if (field(f).type.optional || gone == 0) continue;
        return problem(f, w * 64 + static_cast<std::size_t>(std::countr_zero(gone)),
                       fmt::format("field `{}` is absent, and it isn't optional", field(f).name));
    }
    views_[f] = {};
    views_[f].given = {made.given.data(), words};
    views_[f].unknown = {made.unknown.data(), words};
    return std::nullopt;
}

std::optional<ColumnProblem> ColumnBlocks::payload(std::uint32_t f) {
    const Column& c = *columns_[f];
    Made& made = made_[f];
    value::ColumnView& view = views_[f];
    const std::size_t words = words_of(in_block_);
    const auto plane = [&](Bitmap bitmap) { return part(bitmap, first_ / 64, words); };
    view.truth = plane(c.truth);
    view.choice = part(c.choice, first_, in_block_);
    view.members = part(c.members, first_, in_block_);
    view.number = part(c.numbers, first_, in_block_);
    view.nanosecond = part(c.nanoseconds, first_, in_block_);
    view.blank = plane(c.blank);
    view.empty = plane(c.empty);
    view.open = plane(c.open);
    view.length_min = part(c.lengths, first_, in_block_);
    view.length_max = c.longest.empty() ? view.length_min : part(c.longest, first_, in_block_);
    view.known_facts = part(c.known_facts, first_, in_block_);
    view.facts = part(c.facts, first_, in_block_);
    const bool is_set = field(f).type.kind == Kind::kSet && field(f).type.element != Kind::kEnum;
    if (!is_set) {
        if (auto wrong = may_be_outside(f) ? values(f) : std::nullopt) return wrong;
    }
    if (is_set && view.empty.empty() && !c.offsets.empty()) {
        made.empty.fill(0);
        for (std::size_t i = 0; i < in_block_; ++i) {
            if (c.offsets[first_ + i] == c.offsets[first_ + i + 1]) set(made.empty, i);
        }
        view.empty = {made.empty.data(), words};
    }
    if (auto wrong = texts(f)) return wrong;
    return needs_[f].aspects.has(Aspect::kWhole) ? whole(f) : std::nullopt;
}

// Whether some row, given or not, holds what no record could: a look at all of them at once, before one at each.
bool ColumnBlocks::may_be_outside(std::uint32_t f) const {
    const ir::Type& type = field(f).type;
    const value::ColumnView& v = views_[f];
    const auto any = [](auto from, auto outside) {
        unsigned found = 0;
        for (const auto& one : from) found |= outside(one) ? 1U : 0U;
        return found != 0;
    };
    const auto any_pair = [](auto a, auto b, auto outside) {
        unsigned found = 0;
        const std::size_t n = std::min(a.size(), b.size());
        for (std::size_t i = 0; i < n; ++i) found |= outside(a[i], b[i]) ? 1U : 0U;
        return found != 0;
    };
    const auto beyond = [](std::int64_t low, std::int64_t high) {
        return [low, high](std::int64_t n) { return (n < low) | (n > high); };
    };
    switch (type.kind) {
        case Kind::kEnum: {
            const std::size_t n = module_.enums[type.enumeration.index()].values.size();
            return any(v.choice, [n](std::uint8_t value) { return value >= n; });
        }
        case Kind::kSet: {
            const std::uint64_t others = ~all_values(module_, type);
            return any(v.members, [others](std::uint64_t bits) { return (bits & others) != 0; });
        }
        case Kind::kInt: return any(v.number, beyond(type.min, type.max));
        case Kind::kInstant:
            if (any(v.number, beyond(0, value::kLastSecond))) return true;
            [[fallthrough]];
        case Kind::kDuration:
            return any(v.nanosecond, [](std::uint32_t part) { return part >= value::kNanosPerSecond; });
        case Kind::kSecret:
            return any_pair(v.facts, v.known_facts,
                            [](unsigned facts, unsigned known) { return (facts & ~known) != 0; }) ||
                   any_pair(v.length_min, v.length_max, [](std::uint32_t min, std::uint32_t max) { return min > max; });
        case Kind::kText:
            return any_pair(v.length_min, v.length_max,
                            [](std::uint32_t min, std::uint32_t max) { return min != max; });
        case Kind::kBool:
        case Kind::kNetwork:
        case Kind::kRecord: break;
    }
    return false;
}

// Values that no record could hold.
std::optional<ColumnProblem> ColumnBlocks::values(std::uint32_t f) const {
    const ir::Type& type = field(f).type;
    const value::ColumnView& v = views_[f];
    const auto outside = [&](std::size_t row, std::string_view what) {
        return problem(f, row, fmt::format("field `{}` has {}", field(f).name, what));
    };
    const bool is_enum = type.kind == Kind::kEnum || type.kind == Kind::kSet;
    const std::uint64_t all = is_enum ? all_values(module_, type) : 0;
    for (std::size_t i = 0; i < in_block_; ++i) {
        if (!is(made_[f].given, i)) continue;
        switch (type.kind) {
            case Kind::kEnum:
                if (i < v.choice.size() && (v.choice[i] > 63 || (all >> v.choice[i] & 1U) == 0)) {
                    return outside(i, "a number that is none of its values");
                }
                break;
            case Kind::kSet:
                if (i < v.members.size() && (v.members[i] & ~all) != 0) {
                    return outside(i, "a bit that is none of its values");
                }
                break;
            case Kind::kInt:
                if (i < v.number.size() && (v.number[i] < type.min || v.number[i] > type.max)) {
                    return outside(i, fmt::format("a number outside {}..{}", type.min, type.max));
                }
                break;
            case Kind::kInstant:
                if (i < v.number.size() && (v.number[i] < 0 || v.number[i] > value::kLastSecond)) {
                    return outside(i, "an instant outside the years 1970 to 9999");
                }
                [[fallthrough]];
            case Kind::kDuration:
                if (i < v.nanosecond.size() && v.nanosecond[i] >= value::kNanosPerSecond) {
                    return outside(i, "a second with more than 999 999 999 nanoseconds");
                }
                break;
            case Kind::kSecret:
                if (i < v.facts.size() && i < v.known_facts.size() && (v.facts[i] & ~v.known_facts[i]) != 0) {
                    return outside(i, "a fact that is said to be unknown");
                }
                [[fallthrough]];
            case Kind::kText:
                if (i < v.length_min.size() && i < v.length_max.size() && v.length_min[i] > v.length_max[i]) {
                    return outside(i, "a least length above the greatest one");
                }
                if (type.kind == Kind::kText && i < v.length_min.size() && v.length_min[i] != v.length_max[i]) {
                    return outside(i, "two lengths");
                }
                break;
            case Kind::kBool:
            case Kind::kNetwork:
            case Kind::kRecord: break;
        }
    }
    return std::nullopt;
}

// What texts tell: white space, lengths, facts, open entries.
std::optional<ColumnProblem> ColumnBlocks::texts(std::uint32_t f) {
    const Column& c = *columns_[f];
    const ir::Type& type = field(f).type;
    const bool is_set = type.kind == Kind::kSet;
    const Kind kind = is_set ? type.element : type.kind;
    if (is_set ? c.offsets.empty() || kind == Kind::kInt || kind == Kind::kEnum : c.texts.empty()) return std::nullopt;
    if (!is_set && kind != Kind::kText && kind != Kind::kSecret && kind != Kind::kNetwork) return std::nullopt;
    if (c.texts.size() < (is_set ? std::size_t{c.offsets[rows_]} : rows_)) return std::nullopt;  // not asked for
    Made& made = made_[f];
    made.blank.fill(0);
    made.open.fill(0);
    made.length_min.assign(in_block_, 0);
    made.known_facts.assign(in_block_, 0);
    made.facts.assign(in_block_, 0);
    constexpr Limits kLimits;
    for (std::size_t i = 0; i < in_block_; ++i) {
        if (!is(made.given, i)) continue;
        const std::size_t row = first_ + i;
        const std::size_t from = is_set ? c.offsets[row] : row, to = is_set ? c.offsets[row + 1] : row + 1;
        if (to - from > kLimits.set_elements) {
            return problem(f, i,
                           fmt::format("field `{}` has more than {} elements", field(f).name, kLimits.set_elements));
        }
        for (std::size_t k = from; k < to; ++k) {
            const std::string_view text = c.texts[k];
            if (text.size() > kLimits.record_bytes) {
                return problem(
                    f, i,
                    fmt::format("field `{}` has a text of more than {} bytes", field(f).name, kLimits.record_bytes));
            }
            if (kind == Kind::kNetwork) {
                const auto read = value::parse_network(text, true);
                const auto* network = std::get_if<value::Network>(&read);
                if (network == nullptr) {
                    return problem(f, i, fmt::format("field `{}` has a text that is not a network", field(f).name));
                }
                if (!network->masked && value::is_open(*network)) set(made.open, i);
                continue;
            }
            if (base::find_invalid_utf8(text)) {
                return problem(f, i, fmt::format("field `{}` has a text that isn't UTF-8", field(f).name));
            }
            if (is_set) continue;
            const value::SecretFacts facts = kind == Kind::kSecret ? value::facts_of(text) : value::SecretFacts{};
            if (kind == Kind::kText && base::is_blank(text)) set(made.blank, i);
            made.length_min[i] = static_cast<std::uint32_t>(base::count_scalars(text));
            made.known_facts[i] = facts.known;
            made.facts[i] = facts.facts;
        }
    }
    value::ColumnView& view = views_[f];
    const std::size_t words = words_of(in_block_);
    if (view.blank.empty()) view.blank = {made.blank.data(), words};
    if (view.open.empty()) view.open = {made.open.data(), words};
    if (is_set) return std::nullopt;
    view.length_min = view.length_max = made.length_min;
    if (kind == Kind::kSecret) {
        view.known_facts = made.known_facts;
        view.facts = made.facts;
    }
    return std::nullopt;
}

// Into the records, for rules that look at the value itself. What it is made of was checked.
std::optional<ColumnProblem> ColumnBlocks::whole(std::uint32_t f) {
    const Column& c = *columns_[f];
    const ir::Type& type = field(f).type;
    const value::ColumnView& v = views_[f];
    std::vector<value::Network> networks;
    std::vector<std::string_view> texts;
    const auto network = [](std::string_view text) {
        return std::get<value::Network>(value::parse_network(text, true));
    };
    for (std::size_t i = 0; i < in_block_; ++i) {
        value::Record& record = records_[i];
        const std::size_t row = first_ + i;
        if (!is(made_[f].given, i)) {
            if (!is(made_[f].unknown, i)) record.set_absent(f);
            continue;
        }
        const std::uint32_t part = v.nanosecond.empty() ? 0 : v.nanosecond[i];
        switch (type.kind) {
            case Kind::kBool: record.set_bool(f, (v.truth[i / 64] >> (i % 64) & 1U) != 0); continue;
            case Kind::kInt: record.set_int(f, v.number[i]); continue;
            case Kind::kInstant: record.set_instant(f, {v.number[i], part}); continue;
            case Kind::kDuration: record.set_duration(f, {v.number[i], part}); continue;
            case Kind::kEnum: record.set_enum(f, v.choice[i]); continue;
            case Kind::kText: record.set_text(f, c.texts[row]); continue;
            case Kind::kNetwork: record.set_network(f, network(c.texts[row])); continue;
            case Kind::kSecret:
                record.set_secret(f, {v.length_min[i], v.length_max[i], v.known_facts[i], v.facts[i]});
                continue;
            case Kind::kRecord: record.set_present(f); continue;
            case Kind::kSet: break;
        }
        if (type.element == Kind::kEnum) {
            record.set_enum_set(f, v.members[i]);
            continue;
        }
        const std::size_t from = c.offsets[row], count = c.offsets[row + 1] - from;
        if (type.element == Kind::kInt) {
            const auto ints = c.numbers.subspan(from, count);
            if (count > Limits{}.set_elements) {
                return problem(
                    f, i, fmt::format("field `{}` has more than {} elements", field(f).name, Limits{}.set_elements));
            }
            if (std::any_of(ints.begin(), ints.end(), [&](std::int64_t n) { return n < type.min || n > type.max; })) {
                return problem(
                    f, i, fmt::format("field `{}` has a number outside {}..{}", field(f).name, type.min, type.max));
            }
            record.set_int_set(f, ints);
        } else if (type.element == Kind::kText) {
            record.set_text_set(f, c.texts.subspan(from, count));
        } else {
            networks.clear();
            for (const std::string_view text : c.texts.subspan(from, count)) networks.push_back(network(text));
            record.set_network_set(f, networks);
        }
    }
    return std::nullopt;
}

void ColumnBlocks::find_broken(Instant now, eval::PlaneWords& invalid) const {
    using value::Nanos;
    for (const ir::Assumption& assumption : module_.schema.assumptions) {
        const auto constant = [&](const ir::AssumeTerm& term) -> Nanos {
            if (term.is_now) return value::to_nanos(now);
            const value::Value& value = module_.constants[term.constant.index()];
            if (const auto* n = std::get_if<std::int64_t>(&value)) return *n;
            if (const auto* t = std::get_if<Instant>(&value)) return value::to_nanos(*t);
            return value::to_nanos(std::get<Duration>(value));
        };
        const auto side = [&](const ir::AssumeTerm& term, std::size_t row, Nanos fixed) -> Nanos {
            if (!term.field.valid()) return fixed;
            const value::ColumnView& v = views_[term.field.index()];
            if (field(term.field.value).type.kind == Kind::kInt) return v.number[row];
            return Nanos{v.number[row]} * value::kNanosPerSecond + (v.nanosecond.empty() ? 0 : v.nanosecond[row]);
        };
        const auto known = [&](const ir::AssumeTerm& term, std::size_t w) {
            return term.field.valid() ? made_[term.field.index()].given[w] : ~std::uint64_t{0};
        };
        const Nanos lesser = assumption.lesser.field.valid() ? 0 : constant(assumption.lesser);
        const Nanos greater = assumption.greater.field.valid() ? 0 : constant(assumption.greater);
        for (std::size_t w = 0; w < words_of(in_block_); ++w) {
            for (std::uint64_t left = known(assumption.lesser, w) & known(assumption.greater, w); left != 0;
                 left &= left - 1) {
                const std::size_t row = w * 64 + static_cast<std::size_t>(std::countr_zero(left));
                if (row >= in_block_) break;
                const Nanos a = side(assumption.lesser, row, lesser), b = side(assumption.greater, row, greater);
                if (assumption.strict ? a >= b : a > b) set(invalid, row);
            }
        }
    }
}

}  // namespace keywright::engine
