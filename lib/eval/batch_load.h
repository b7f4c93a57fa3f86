// Numbers from columns: what is given, and between what bounds that lies which is unknown. Compiled once for each level
// of vector instructions, see batch_run.h.
#ifndef KW_BATCH_LEVEL
#error "batch_run.cpp says for which processor this is compiled"
#endif

namespace keywright::eval::batch::KW_BATCH_LEVEL {

template <class N>
class Loader {
public:
    Loader(const Block& block, std::int64_t unit, Batch::Scratch::Buffers& buffers, Numbers<N>& numbers)
        : block_(block), plan_(block.plan), unit_(unit), buffers_(buffers), numbers_(numbers) {}

protected:
    using Planes = const Word*;
    static constexpr bool kIsNarrow = sizeof(N) == sizeof(std::int64_t);

    [[nodiscard]] const value::ColumnView& column(std::uint32_t field) const { return block_.columns.fields[field]; }
    [[nodiscard]] N* array(std::uint32_t buffer) { return numbers_.arrays.data() + std::size_t{buffer} * 2 * kRows; }

    // `exact` in the numbers of this block; false where it isn't one of them. `size` grows to its magnitude.
    [[nodiscard]] bool fits(Nanos exact, bool is_time, N& number, std::uint64_t& size) const {
        if constexpr (!kIsNarrow) {
            number = exact;
            return true;
        } else {
            if (exact <= kMinusInfinity || exact >= kPlusInfinity) {
                number = exact < 0 ? Ends<N>::kLow : Ends<N>::kHigh;
                return true;
            }
            if (is_time && unit_ != 1) {
                if (exact % unit_ != 0) return false;
                exact /= unit_;
            }
            constexpr Nanos kLargest = Ends<N>::kLargest;
            if (exact < -kLargest || exact > kLargest) return false;
            number = static_cast<N>(exact);
            size = std::max(size, static_cast<std::uint64_t>(exact < 0 ? -exact : exact));
            return true;
        }
    }

    // What may be absent or present in some row, by the field's state.
    template <class Absent>
    void set_presence(Number<N>& r, Absent may_be_absent, Planes may_be_present_not) const {
        Word any = 0;
        for (std::size_t w = 0; w < kWords; ++w) any |= may_be_absent(w) & block_.valid[w];
        r.there = any == 0;
        if (r.there) return;
        for (std::size_t w = 0; w < kWords; ++w) {
            r.may_be_absent[w] = may_be_absent(w);
            r.may_be_present[w] = ~may_be_present_not[w];
        }
    }

    bool load(const Operation& o) {
        const FieldState& state = buffers_.fields[o.a];
        const code::FieldInfo& info = plan_.image.fields[o.a];
        Number<N>& r = numbers_.all[o.result];
        N* const low = array(o.buffer);
        r.form = Form::kPoint;
        r.size = 0;
        r.low = low;
        if (!load_given(o.a, state, low, r)) return false;
        r.high = r.low;

        const Word optional = info.optional ? ~Word{0} : 0;
        PlaneWords gone;
        Word any_unknown = 0;
        for (std::size_t w = 0; w < kWords; ++w) {
            gone[w] = ~(state.given[w] | state.unknown[w]);
            any_unknown |= state.unknown[w] & block_.valid[w];
        }
        set_presence(r, [&](std::size_t w) { return gone[w] | (state.unknown[w] & optional); }, gone.data());
        if (any_unknown == 0) return true;

        own(r, o.buffer);
        const bool is_time = !plan_.fields[o.a].is_int;
        N least = 0, most = 0;
        if (!fits(info.unknown.low, is_time, least, r.size) || !fits(info.unknown.high, is_time, most, r.size)) {
            return false;
        }
        N* const high = low + kRows;
        choose(state.unknown, least, low);
        choose(state.unknown, most, high);
        if (info.bounds == 0) return true;
        if constexpr (kIsNarrow) {
            if (!bound(info, state.unknown, is_time, r.size, low, high)) return false;
            give_up(state.unknown, least, most, low, high);
        } else {
            (void)each(state.unknown, [&](std::size_t row) {
                const code::Range range = unknown_number(block_, buffers_.fields, o.a, row);
                low[row] = range.low;
                high[row] = range.high;
                return true;
            });
        }
        return true;
    }

    // `value` in the rows of a plane, the others as they are.
    void choose(Planes plane, N value, N* to) const {
        for (std::size_t w = 0; w < block_.words; ++w) {
            if (plane[w] == 0) continue;
            const Word here = plane[w];
            for (std::size_t i = 0; i < 64; ++i) {
                const N other = to[w * 64 + i];
                to[w * 64 + i] = (here & kBits.bit[i]) != 0 ? value : other;
            }
        }
    }

    // Narrows unknown numbers by what the schema assumes, as `unknown_number` does row by row.
    bool bound(const code::FieldInfo& info, Planes unknown, bool is_time, Word& size, N* low, N* high) const {
        for (std::uint32_t k = 0; k < info.bounds; ++k) {
            const code::Bound& one = plan_.image.bounds[info.first_bound + k];
            const Nanos step = !one.strict ? 0 : one.upper ? -1 : 1;
            N limit = 0;
            N* const bounds = one.upper ? high : low;
            if (one.side != code::Bound::Side::kField) {
                const Nanos exact = one.side == code::Bound::Side::kNow ? block_.now : one.constant;
                if (!fits(exact + step, is_time, limit, size)) return false;
                narrow_to(one.upper, unknown, [&](std::size_t) { return limit; }, bounds);
                continue;
            }
            PlaneWords given, open;
            Word any_given = 0, any_open = 0;
            states_of(one.field, given, open);
            for (std::size_t w = 0; w < kWords; ++w) {
                any_given |= given[w] &= unknown[w] & block_.valid[w];
                any_open |= open[w] &= unknown[w] & block_.valid[w];
            }
            if (any_given != 0 && !narrow_to_field(one, given, is_time, size, bounds)) return false;
            const code::FieldInfo& other = plan_.image.fields[one.field];
            const Nanos end = one.upper ? other.unknown.high : other.unknown.low;
            if (any_open == 0 || !other.always_present || end <= kMinusInfinity || end >= kPlusInfinity) continue;
            if (!fits(end + step, is_time, limit, size)) return false;
            narrow_to(one.upper, open.data(), [&](std::size_t) { return limit; }, bounds);
        }
        return true;
    }

    bool narrow_to_field(const code::Bound& one, const PlaneWords& given, bool is_time, Word& size, N* bounds) const {
        const value::ColumnView& from = column(one.field);
        const bool has_parts = is_time && !from.nanosecond.empty(), in_parts = is_time && unit_ == 1;
        if (one.strict && is_time && !in_parts) return false;
        N others[kRows];
        Word all = 0;
        // Few rows mostly, so they are read one by one.
        const bool read = each(given.data(), [&](std::size_t row) {
            const std::int64_t n = from.number[row];
            const std::uint32_t part = has_parts ? from.nanosecond[row] : 0;
            all |= static_cast<Word>(n < 0 ? ~n : n);
            const auto scaled = static_cast<Word>(n) * (in_parts ? kPerSecond : 1) + part;
            const Word step = !one.strict ? 0 : one.upper ? ~Word{0} : 1;
            others[row] = static_cast<N>(scaled + step);
            return in_parts || part == 0;
        });
        if (!read || all >> (in_parts ? 33U : 62U) != 0) return false;
        size = std::max(size, in_parts ? (all + 1) * kPerSecond + kPerSecond : all + 2);
        (void)each(given.data(), [&](std::size_t row) {
            bounds[row] = one.upper ? std::min(bounds[row], others[row]) : std::max(bounds[row], others[row]);
            return true;
        });
        return true;
    }

    template <class Limit>
    void narrow_to(bool upper, Planes plane, Limit limit, N* bounds) const {
        for (std::size_t w = 0; w < block_.words; ++w) {
            const Word here = plane[w];
            if (here == 0) continue;
            for (std::size_t i = 0; i < 64; ++i) {
                const N now = bounds[w * 64 + i], other = limit(w * 64 + i);
                const N narrowed = upper ? std::min(now, other) : std::max(now, other);
                bounds[w * 64 + i] = (here & kBits.bit[i]) != 0 ? narrowed : now;
            }
        }
    }

    // A record that breaks an assumption: none is relied on.
    void give_up(Planes unknown, N least, N most, N* low, N* high) const {
        for (std::size_t w = 0; w < block_.words; ++w) {
            if (unknown[w] == 0) continue;
            const Word broken = unknown[w] & word_of([&](std::size_t i) { return high[w * 64 + i] < low[w * 64 + i]; });
            for (Word left = broken; left != 0; left &= left - 1) {
                const std::size_t row = w * 64 + static_cast<std::size_t>(std::countr_zero(left));
                low[row] = least;
                high[row] = most;
            }
        }
    }

    // Where a field is given or unknown, as the records around it have it: the outermost that isn't given decides.
    void states_of(std::uint32_t field, PlaneWords& given, PlaneWords& unknown) const {
        const FieldState& own = buffers_.fields[field];
        std::copy_n(own.given, kWords, given.begin());
        std::copy_n(own.unknown, kWords, unknown.begin());
        for (std::uint32_t at = plan_.fields[field].parent; at != ir::FieldId::kNone; at = plan_.fields[at].parent) {
            const FieldState& around = buffers_.fields[at];
            for (std::size_t w = 0; w < kWords; ++w) {
                given[w] &= around.given[w];
                unknown[w] = (around.given[w] & unknown[w]) | around.unknown[w];
            }
        }
    }

    // Makes two arrays of its own for what is one.
    void own(Number<N>& r, std::uint32_t buffer) {
        N* const low = array(buffer);
        if (r.low != low) std::copy_n(r.low, block_.words * 64, low);
        std::copy_n(low, block_.words * 64, low + kRows);
        r.low = low;
        r.high = low + kRows;
        r.form = Form::kRange;
    }

    // Calls `visit(row)` for the rows of a plane until it says false.
    template <class Visit>
    bool each(Planes plane, Visit visit) const {
        for (std::size_t w = 0; w < block_.words; ++w) {
            for (Word left = plane[w] & block_.valid[w]; left != 0; left &= left - 1) {
                if (!visit(w * 64 + static_cast<std::size_t>(std::countr_zero(left)))) return false;
            }
        }
        return true;
    }

    // Where the field is given; other rows get anything of that size.
    bool load_given(std::uint32_t field, const FieldState& state, N* low, Number<N>& r) const {
        const value::ColumnView& from = column(field);
        const std::uint32_t* const parts = from.nanosecond.data();
        const bool is_int = plan_.fields[field].is_int;
        const bool has_parts = !is_int && !from.nanosecond.empty();
        if constexpr (kIsNarrow) {
            const std::int64_t* numbers = from.number.data();
            const std::size_t rows = block_.rows, end = block_.words * 64;
            Word all = 0, all_parts = 0;
            for (std::size_t i = 0; i < rows; ++i) all |= static_cast<Word>(numbers[i]);
            if (all >> 62U != 0) {
                // Negative or large somewhere, perhaps only where it means nothing.
                all = only_given(state, numbers, low);
                if (all >> 62U != 0) return false;
                numbers = low;
            }
            if (has_parts) {
                for (std::size_t i = 0; i < rows; ++i) all_parts |= parts[i];
            }
            if (is_int || unit_ != 1) {
                if (all_parts != 0 && !each(state.given, [&](std::size_t row) { return parts[row] == 0; }))
                    return false;
                r.size = all + 1;
                if (rows == end) {
                    r.low = numbers;
                    return true;
                }
                if (numbers != low) std::copy_n(numbers, rows, low);
            } else {
                // Up to 8 589 934 591 seconds, well beyond the year 2200; parts may be rubbish of 32 bits.
                if (all >> 33U != 0) return false;
                r.size = (all + 1) * kPerSecond + (Word{1} << 32U);
                scale(numbers, has_parts ? parts : nullptr, all >> 32U == 0 && numbers != low, low);
            }
            std::fill(low + rows, low + end, N{0});
            return true;
        } else {
            std::fill(low, low + block_.words * 64, N{0});
            return each(state.given, [&](std::size_t row) {
                low[row] = from.number[row];
                if (!is_int) low[row] = low[row] * value::kNanosPerSecond + (has_parts ? parts[row] : 0);
                return true;
            });
        }
    }

    // Copies what is given, with 0 elsewhere; returns the union of the bits of all magnitudes (of -n those of n - 1).
    Word only_given(const FieldState& state, const std::int64_t* numbers, std::int64_t* to) const {
        Word all = 0;
        std::int64_t spare[64];
        for (std::size_t w = 0; w < block_.words; ++w) {
            const std::int64_t* const from = elements_of(numbers, w, block_.rows, spare);
            const Word given = state.given[w];
            for (std::size_t i = 0; i < 64; ++i) {
                const std::int64_t here = (given & kBits.bit[i]) != 0 ? -1 : 0;
                const std::int64_t n = from[i] & here;
                to[w * 64 + i] = n;
                all |= static_cast<Word>(n < 0 ? ~n : n);
            }
        }
        return all;
    }

    static constexpr auto kPerSecond = static_cast<Word>(value::kNanosPerSecond);

    // Seconds to nanoseconds. `small`: they are from 0 up and have 32 bits, of which a product takes one instruction.
    void scale(const std::int64_t* numbers, const std::uint32_t* parts, bool small, std::int64_t* to) const {
        const std::size_t rows = block_.rows;
        const auto put = [&](auto seconds, auto part) {
            for (std::size_t i = 0; i < rows; ++i) to[i] = static_cast<std::int64_t>(seconds(i) * kPerSecond + part(i));
        };
        const auto of_32 = [&](std::size_t i) { return Word{static_cast<std::uint32_t>(numbers[i])}; };
        const auto of_64 = [&](std::size_t i) { return static_cast<Word>(numbers[i]); };
        const auto part = [&](std::size_t i) { return Word{parts[i]}; };
        const auto none = [](std::size_t) { return Word{0}; };
        if (small && parts == nullptr) return put(of_32, none);
        if (small) return put(of_32, part);
        if (parts == nullptr) return put(of_64, none);
        put(of_64, part);
    }

    const Block& block_;
    const Batch::Plan& plan_;
    const std::int64_t unit_;
    Batch::Scratch::Buffers& buffers_;
    Numbers<N>& numbers_;
};

}  // namespace keywright::eval::batch::KW_BATCH_LEVEL
