// The batch interpreter: one pass over the operations of a plan, each over all rows of a block.
//
// Compiled once for each level of vector instructions, into a namespace of its own (KW_BATCH_LEVEL); batch_run.cpp
// includes it so and chooses. Loops are written for the compiler to vectorise: they go over whole words of 64 rows,
// without branches. What stands beyond the last row is computed with the rest and means nothing.
#ifndef KW_BATCH_LEVEL
#error "batch_run.cpp says for which processor this is compiled"
#endif

namespace keywright::eval::batch::KW_BATCH_LEVEL {

using Word = std::uint64_t;

// Bit i, by i.
struct Bits {
    Word bit[64];
};
inline constexpr Bits kBits = [] {
    Bits bits{};
    for (unsigned i = 0; i < 64; ++i) bits.bit[i] = Word{1} << i;
    return bits;
}();

// Sets `word` bits for 64 rows.
template <class Question>
inline Word word_of(Question question) {
    Word word = 0;
    for (std::size_t i = 0; i < 64; ++i) word |= question(i) ? kBits.bit[i] : Word{0};
    return word;
}

#ifdef __SSE2__
inline Word word_of_bytes(const std::uint8_t* bytes, std::uint8_t value) {
    const __m128i wanted = _mm_set1_epi8(static_cast<char>(value));
    Word word = 0;
    for (unsigned k = 0; k < 4; ++k) {
        const __m128i some = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + 16 * k));
        word |= static_cast<Word>(static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(some, wanted)))) << (16 * k);
    }
    return word;
}
#else
inline Word word_of_bytes(const std::uint8_t* bytes, std::uint8_t value) {
    return word_of([&](std::size_t i) { return bytes[i] == value; });
}
#endif

// The 64 elements of word `w`; those beyond the last row are 0.
template <class T>
inline const T* elements_of(const T* all, std::size_t w, std::size_t rows, T* spare) {
    if ((w + 1) * 64 <= rows) return all + w * 64;
    const std::size_t left = rows - w * 64;
    for (std::size_t i = 0; i < 64; ++i) spare[i] = i < left ? all[w * 64 + i] : T{0};
    return spare;
}

template <class N>
struct Same {
    N value;
    N operator[](std::size_t) const { return value; }
};

inline Nanos total(Nanos x, Nanos y, bool) { return code::sum(x, y); }
// `saturate`: one of the two may be unbounded. Rows that mean nothing may overflow, so the sum wraps.
inline std::int64_t total(std::int64_t x, std::int64_t y, bool saturate) {
    const auto sum = static_cast<std::int64_t>(static_cast<Word>(x) + static_cast<Word>(y));
    if (!saturate) return sum;
    const std::int64_t upwards =
        x == Ends<std::int64_t>::kHigh || y == Ends<std::int64_t>::kHigh ? Ends<std::int64_t>::kHigh : sum;
    return x == Ends<std::int64_t>::kLow || y == Ends<std::int64_t>::kLow ? Ends<std::int64_t>::kLow : upwards;
}

template <class N>
class Runner {
public:
    Runner(const Block& block, std::int64_t unit, Batch::Scratch::Buffers& buffers, Numbers<N>& numbers,
           BlockDecision::Store& out)
        : block_(block), plan_(block.plan), unit_(unit), buffers_(buffers), numbers_(numbers), out_(out) {}

    bool all() {
        size_of_now_ = 0;
        if (!fits(block_.now, true, now_, size_of_now_)) return false;
        out_.violation = out_.undetermined = out_.open = out_.may_expire = PlaneWords{};
        for (const Operation& operation : plan_.operations) {
            if (!one(operation)) return false;
        }
        return true;
    }

private:
    using Planes = const Word*;
    struct View {
        Planes yes, no;
    };
    static constexpr bool kIsNarrow = sizeof(N) == sizeof(std::int64_t);

    [[nodiscard]] View view(Literal literal) const {
        const Truths& truths = buffers_.truths[literal >> 1U];
        if ((literal & 1U) != 0) return {truths.no.data(), truths.yes.data()};
        return {truths.yes.data(), truths.no.data()};
    }
    [[nodiscard]] const value::ColumnView& column(std::uint32_t field) const { return block_.columns.fields[field]; }
    [[nodiscard]] N* array(std::uint32_t buffer) { return numbers_.arrays.data() + std::size_t{buffer} * 2 * kRows; }

    bool one(const Operation& o) {
        switch (o.step) {
            case Step::kAnd: conjunction(o); return true;
            case Step::kIsThere: answer(o, [](std::size_t) { return View2{~Word{0}, 0}; }, Truth::kFalse); return true;
            case Step::kTruth: {
                PlaneWords spare;
                const Planes truth = plane(column(o.a).truth, spare);
                const Word on = (o.m & 2U) != 0 ? ~Word{0} : 0, off = (o.m & 1U) != 0 ? ~Word{0} : 0;
                settled(o, [&](std::size_t w) { return (truth[w] & on) | (~truth[w] & off); });
                return true;
            }
            case Step::kElements: elements(o); return true;
            case Step::kBetween: between(o); return true;
            case Step::kLength: length(o); return true;
            case Step::kFact: fact(o); return true;
            case Step::kBlank: ask_plane(o, column(o.a).blank); return true;
            case Step::kEmpty: ask_plane(o, column(o.a).empty); return true;
            case Step::kOpen: ask_plane(o, column(o.a).open); return true;
            case Step::kLess: less(o); return true;
            case Step::kEqual: equal(o); return true;
            case Step::kPresent: present(o); return true;
            case Step::kConstant: {
                Number<N>& r = numbers_.all[o.result];
                r.size = 0;
                return fits(plan_.constants[o.m], plan_.is_time[o.result], r.value, r.size);
            }
            case Step::kNow: {
                Number<N>& r = numbers_.all[o.result];
                r.value = now_;
                r.size = size_of_now_;
                return true;
            }
            case Step::kLoad: return load(o);
            case Step::kElse: otherwise(o); return true;
            case Step::kAdd:
            case Step::kSubtract: {
                N* const low = array(o.buffer);
                return sum(numbers_.all[o.a], numbers_.all[o.b], o.step == Step::kSubtract, numbers_.all[o.result], low,
                           low + kRows);
            }
            case Step::kCount: return count(o);
            case Step::kLengthOf: return length_of(o);
            case Step::kFromSlice: return from_slice(o);
            case Step::kSplit: split(o); return true;
            case Step::kSlice:
                if (!buffers_.sliced[o.a]) run_slice(block_, o.a, buffers_);
                buffers_.sliced[o.a] = true;
                return true;
            case Step::kRuleEnd: return end_rule(o.result);
        }
        return true;
    }

    // --- truths -----------------------------------------------------------------------------------------------------
    struct View2 {
        Word yes, no;
    };

    void conjunction(const Operation& o) {
        const View a = view(o.a), b = view(o.b);
        Truths& r = buffers_.truths[o.result];
        Word* __restrict const yes = r.yes.data();
        Word* __restrict const no = r.no.data();
        for (std::size_t w = 0; w < kWords; ++w) {
            yes[w] = a.yes[w] & b.yes[w];
            no[w] = a.no[w] | b.no[w];
        }
    }

    static Word mask(Truth t, Truth bit) {
        return (static_cast<unsigned>(t) & static_cast<unsigned>(bit)) != 0 ? ~Word{0} : 0;
    }

    // A question about field `o.a`: `question(w)` where it is given, `o.otherwise` where it is unknown.
    template <class Question>
    void answer(const Operation& o, Question question, Truth absent = Truth::kUnknown) {
        const FieldState& state = buffers_.fields[o.a];
        const Word unknown_yes = mask(o.otherwise, Truth::kTrue), unknown_no = mask(o.otherwise, Truth::kFalse);
        const Word absent_yes = mask(absent, Truth::kTrue), absent_no = mask(absent, Truth::kFalse);
        Truths& r = buffers_.truths[o.result];
        Word* __restrict const yes = r.yes.data();
        Word* __restrict const no = r.no.data();
        for (std::size_t w = 0; w < kWords; ++w) {
            const Word given = state.given[w], unknown = state.unknown[w], gone = ~(given | unknown);
            const View2 here = question(w);
            yes[w] = (given & here.yes) | (unknown & unknown_yes) | (gone & absent_yes);
            no[w] = (given & here.no) | (unknown & unknown_no) | (gone & absent_no);
        }
    }
    // Where it is given, the answer is known.
    template <class Question>
    void settled(const Operation& o, Question question) {
        answer(o, [&](std::size_t w) {
            const Word yes = question(w);
            return View2{yes, ~yes};
        });
    }

    // A plane of a column, with kWords words.
    static Planes plane(value::Plane given, PlaneWords& spare) {
        if (given.size() >= kWords) return given.data();
        for (std::size_t w = 0; w < kWords; ++w) spare[w] = w < given.size() ? given[w] : 0;
        return spare.data();
    }
    void ask_plane(const Operation& o, value::Plane given) {
        PlaneWords spare;
        const Planes from = plane(given, spare);
        settled(o, [&](std::size_t w) { return from[w]; });
    }

    void elements(const Operation& o) {
        PlaneWords all;
        all.fill(~Word{0});
        for (std::uint64_t k = 0; k < o.m; ++k) {
            const Part& part = plan_.parts[o.b + k];
            const Word* const from = buffers_.planes[part.plane].data();
            const Word negated = part.negated ? ~Word{0} : 0;
            for (std::size_t w = 0; w < kWords; ++w) all[w] &= from[w] ^ negated;
        }
        const Word negated = o.v != 0 ? ~Word{0} : 0;
        settled(o, [&](std::size_t w) { return all[w] ^ negated; });
    }

    void between(const Operation& o) {
        const auto low = static_cast<std::int64_t>(o.m), high = static_cast<std::int64_t>(o.v);
        PlaneWords inside{};
        std::int64_t spare[64];
        for (std::size_t w = 0; w < block_.words; ++w) {
            const std::int64_t* const n = elements_of(column(o.a).number.data(), w, block_.rows, spare);
            inside[w] = word_of([&](std::size_t i) { return (low <= n[i]) & (n[i] <= high); });
        }
        settled(o, [&](std::size_t w) { return inside[w]; });
    }

    // Lengths have 32 bits, and their largest number means that there is no bound.
    void length(const Operation& o) {
        constexpr std::uint32_t kUnbounded = value::SecretFacts::kUnbounded;
        const auto low = static_cast<std::int64_t>(o.m), high = static_cast<std::int64_t>(o.v);
        if (high < 0) return answer(o, [](std::size_t) { return View2{0, ~Word{0}}; });
        const auto narrow = [](std::int64_t n) {
            return n <= 0 ? 0U : n >= std::int64_t{kUnbounded} ? kUnbounded : static_cast<std::uint32_t>(n);
        };
        const std::uint32_t from = narrow(low), to = narrow(high);
        // An unbounded length is within no bound but that of every length.
        const std::uint32_t longest = high != INT64_MAX && to == kUnbounded ? kUnbounded - 1 : to;
        PlaneWords outside{}, inside{};
        std::uint32_t spare[2][64];
        for (std::size_t w = 0; w < block_.words; ++w) {
            const std::uint32_t* const min = elements_of(column(o.a).length_min.data(), w, block_.rows, spare[0]);
            const std::uint32_t* const max = elements_of(column(o.a).length_max.data(), w, block_.rows, spare[1]);
            outside[w] = word_of([&](std::size_t i) { return (max[i] < from) | (min[i] > to); });
            inside[w] = word_of([&](std::size_t i) { return (from <= min[i]) & (max[i] <= longest); });
        }
        answer(o, [&](std::size_t w) { return View2{~outside[w], ~inside[w]}; });
    }

    void fact(const Operation& o) {
        const auto bit = static_cast<std::uint8_t>(o.m);
        PlaneWords known{}, holds{};
        std::uint8_t spare[2][64], masked[2][64];
        for (std::size_t w = 0; w < block_.words; ++w) {
            const std::uint8_t* const k = elements_of(column(o.a).known_facts.data(), w, block_.rows, spare[0]);
            const std::uint8_t* const f = elements_of(column(o.a).facts.data(), w, block_.rows, spare[1]);
            for (std::size_t i = 0; i < 64; ++i) {
                masked[0][i] = k[i] & bit;
                masked[1][i] = f[i] & bit;
            }
            known[w] = word_of_bytes(masked[0], bit);
            holds[w] = word_of_bytes(masked[1], bit);
        }
        answer(o, [&](std::size_t w) { return View2{~known[w] | holds[w], ~known[w] | ~holds[w]}; });
    }

    // Where one of the operands isn't surely there, nothing is known.
    void unknown_where_not_there(const Operation& o, const Number<N>& a) {
        if (a.there) return;
        Truths& r = buffers_.truths[o.result];
        for (std::size_t w = 0; w < kWords; ++w) {
            r.yes[w] |= a.may_be_absent[w];
            r.no[w] |= a.may_be_absent[w];
        }
    }

    // Calls `use(array)` for the lower or upper bounds of a number.
    template <class Use>
    static void with(const Number<N>& n, const N* bounds, Use use) {
        if (n.form == Form::kUniform) {
            use(Same<N>{n.value});
        } else {
            use(bounds);
        }
    }
    template <class Use>
    static void with_both(const Number<N>& a, const N* of_a, const Number<N>& b, const N* of_b, Use use) {
        with(a, of_a, [&](auto x) { with(b, of_b, [&](auto y) { use(x, y); }); });
    }

    // Where a bound of `a` is less than one of `b`.
    void compare(const Number<N>& a, const N* of_a, const Number<N>& b, const N* of_b, PlaneWords& out) const {
        with_both(a, of_a, b, of_b, [&](auto x, auto y) {
            for (std::size_t w = 0; w < block_.words; ++w) {
                out[w] = word_of([&](std::size_t i) { return x[w * 64 + i] < y[w * 64 + i]; });
            }
        });
    }

    void less(const Operation& o) {
        const Number<N>&a = numbers_.all[o.a], &b = numbers_.all[o.b];
        Truths& r = buffers_.truths[o.result];
        compare(a, a.low, b, b.high, r.yes);
        if (a.form == Form::kRange || b.form == Form::kRange) {
            compare(a, a.high, b, b.low, r.no);
        } else {
            r.no = r.yes;
        }
        for (std::size_t w = 0; w < kWords; ++w) r.no[w] = ~r.no[w];
        unknown_where_not_there(o, a);
        unknown_where_not_there(o, b);
    }

    void equal(const Operation& o) {
        const Number<N>&a = numbers_.all[o.a], &b = numbers_.all[o.b];
        Truths& r = buffers_.truths[o.result];
        PlaneWords below{}, above{};
        compare(a, a.high, b, b.low, below);
        compare(b, b.high, a, a.low, above);
        for (std::size_t w = 0; w < kWords; ++w) r.no[w] = ~(r.yes[w] = ~(below[w] | above[w]));
        if (a.form == Form::kRange || b.form == Form::kRange) {
            // Surely equal only where both are one point, so no bound is below or above another.
            compare(a, a.low, b, b.high, below);
            compare(b, b.low, a, a.high, above);
            for (std::size_t w = 0; w < kWords; ++w) r.no[w] |= below[w] | above[w];
        }
        unknown_where_not_there(o, a);
        unknown_where_not_there(o, b);
    }

    void present(const Operation& o) {
        const Number<N>& a = numbers_.all[o.a];
        Truths& r = buffers_.truths[o.result];
        r.yes.fill(~Word{0});
        r.no.fill(0);
        if (a.there) return;
        r.yes = a.may_be_present;
        r.no = a.may_be_absent;
    }

    // --- elements ---------------------------------------------------------------------------------------------------
    void split(const Operation& o) {
        const Field& field = plan_.fields[o.a];
        for (std::size_t w = 0; w < block_.words; ++w) {
            if (field.is_set) {
                std::uint64_t spare[64];
                const std::uint64_t* const sets = elements_of(column(o.a).members.data(), w, block_.rows, spare);
                split_members(sets, field.split, w);
            } else {
                std::uint8_t spare[64];
                const std::uint8_t* const values = elements_of(column(o.a).choice.data(), w, block_.rows, spare);
                std::uint32_t plane = field.split.first;
                for (Word left = field.split.asked; left != 0; left &= left - 1) {
                    buffers_.planes[plane++][w] =
                        word_of_bytes(values, static_cast<std::uint8_t>(std::countr_zero(left)));
                }
            }
        }
    }

    // One byte of each set at a time: 16 bytes of 16 rows, and bit 7 of each of them is 16 bits of a plane.
    void split_members(const std::uint64_t* sets, const Split& split, std::size_t w) {
        std::uint32_t plane = split.first;
        for (unsigned byte = 0; byte < 8; ++byte) {
            auto asked = static_cast<unsigned>(split.asked >> (8 * byte) & 255U);
            if (asked == 0) continue;
            std::uint8_t bytes[64];
            for (std::size_t i = 0; i < 64; ++i) bytes[i] = static_cast<std::uint8_t>(sets[i] >> (8 * byte));
            for (; asked != 0; asked &= asked - 1) buffers_.planes[plane++][w] = bit_of(bytes, std::countr_zero(asked));
        }
    }
#ifdef __SSE2__
    static Word bit_of(const std::uint8_t* bytes, int bit) {
        Word word = 0;
        for (unsigned k = 0; k < 4; ++k) {
            const __m128i some = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + 16 * k));
            const __m128i top = _mm_sll_epi16(some, _mm_cvtsi32_si128(7 - bit));  // what comes over isn't looked at
            word |= static_cast<Word>(static_cast<unsigned>(_mm_movemask_epi8(top))) << (16 * k);
        }
        return word;
    }
#else
    static Word bit_of(const std::uint8_t* bytes, int bit) {
        return word_of([&](std::size_t i) { return (bytes[i] >> bit & 1) != 0; });
    }
#endif

    // --- numbers ----------------------------------------------------------------------------------------------------
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
        if (info.bounds == 0 &&
            !(fits(info.unknown.low, is_time, least, r.size) && fits(info.unknown.high, is_time, most, r.size))) {
            return false;
        }
        N* const high = low + kRows;
        return each(state.unknown, [&](std::size_t row) {
            if (info.bounds != 0) {
                const code::Range range = unknown_number(block_, buffers_.fields, o.a, row);
                if (!fits(range.low, is_time, least, r.size) || !fits(range.high, is_time, most, r.size)) return false;
            }
            low[row] = least;
            high[row] = most;
            return true;
        });
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

    // Where the field is given; other rows get what may be anything of that size.
    bool load_given(std::uint32_t field, const FieldState& state, N* low, Number<N>& r) const {
        const value::ColumnView& from = column(field);
        const std::int64_t* const numbers = from.number.data();
        const std::uint32_t* const parts = from.nanosecond.data();
        const bool is_int = plan_.fields[field].is_int;
        const bool has_parts = !is_int && !from.nanosecond.empty();
        const std::size_t rows = block_.rows, end = block_.words * 64;
        if constexpr (kIsNarrow) {
            Word all = 0, all_parts = 0;
            for (std::size_t i = 0; i < rows; ++i) all |= static_cast<Word>(numbers[i]);
            if (has_parts) {
                for (std::size_t i = 0; i < rows; ++i) all_parts |= parts[i];
            }
            if (is_int || unit_ != 1) {
                if (all_parts != 0 && !each(state.given, [&](std::size_t row) { return parts[row] == 0; }))
                    return false;
                if (all >> 62U == 0) {
                    r.size = all;
                    if (rows == end) {
                        r.low = numbers;
                    } else {
                        std::copy_n(numbers, rows, low);
                        std::fill(low + rows, low + end, N{0});
                    }
                    return true;
                }
            } else if (all >> 32U == 0) {
                constexpr auto kPerSecond = static_cast<Word>(value::kNanosPerSecond);
                r.size = all * kPerSecond + (has_parts ? Word{1} << 32U : 0);
                if (has_parts) {
                    for (std::size_t i = 0; i < rows; ++i) {
                        const Word seconds = static_cast<std::uint32_t>(numbers[i]);
                        low[i] = static_cast<N>(seconds * kPerSecond + parts[i]);
                    }
                } else {
                    for (std::size_t i = 0; i < rows; ++i) {
                        low[i] = static_cast<N>(Word{static_cast<std::uint32_t>(numbers[i])} * kPerSecond);
                    }
                }
                std::fill(low + rows, low + end, N{0});
                return true;
            }
        }
        // One by one, where numbers are large or negative.
        std::fill(low, low + end, N{0});
        return each(state.given, [&](std::size_t row) {
            const Nanos exact = is_int ? Nanos{numbers[row]}
                                       : Nanos{numbers[row]} * value::kNanosPerSecond + (has_parts ? parts[row] : 0);
            return fits(exact, !is_int, low[row], r.size);
        });
    }

    void otherwise(const Operation& o) {
        const Number<N>&a = numbers_.all[o.a], &b = numbers_.all[o.b];
        Number<N>& r = numbers_.all[o.result];
        N* const low = array(o.buffer);
        N* const high = low + kRows;
        const std::size_t words = block_.words;
        if (a.there) {
            r.form = a.form;
            r.there = true;
            r.size = a.size;
            r.value = a.value;
            r.low = low;
            r.high = a.form == Form::kRange ? high : low;
            if (a.form != Form::kUniform) std::copy_n(a.low, words * 64, low);
            if (a.form == Form::kRange) std::copy_n(a.high, words * 64, high);
            return;
        }
        Word any_perhaps = 0;
        for (std::size_t w = 0; w < kWords; ++w)
            any_perhaps |= a.may_be_absent[w] & a.may_be_present[w] & block_.valid[w];
        const bool point = a.form != Form::kRange && b.form != Form::kRange && any_perhaps == 0;
        r.form = point ? Form::kPoint : Form::kRange;
        r.size = std::max(a.size, b.size);
        r.low = low;
        r.high = point ? low : high;
        const auto choose = [&](const N* of_a, const N* of_b, N* to) {
            with_both(a, of_a, b, of_b, [&](auto x, auto y) {
                for (std::size_t w = 0; w < words; ++w) {
                    const Word present = a.may_be_present[w];
                    for (std::size_t i = 0; i < 64; ++i) {
                        to[w * 64 + i] = (present & kBits.bit[i]) != 0 ? x[w * 64 + i] : y[w * 64 + i];
                    }
                }
            });
        };
        choose(a.low, b.low, low);
        if (!point) choose(a.high, b.high, high);
        if (any_perhaps != 0) {
            PlaneWords perhaps;
            for (std::size_t w = 0; w < kWords; ++w) {
                perhaps[w] = a.may_be_absent[w] & a.may_be_present[w] & (b.there ? ~Word{0} : b.may_be_present[w]);
            }
            const bool uniform = b.form == Form::kUniform;
            (void)each(perhaps.data(), [&](std::size_t row) {
                low[row] = std::min(low[row], uniform ? b.value : b.low[row]);
                high[row] = std::max(high[row], uniform ? b.value : b.high[row]);
                return true;
            });
        }
        PlaneWords gone;
        for (std::size_t w = 0; w < kWords; ++w) {
            gone[w] = b.there ? 0 : ~(a.may_be_present[w] | b.may_be_present[w]);
        }
        set_presence(
            r, [&](std::size_t w) { return b.there ? 0 : a.may_be_absent[w] & b.may_be_absent[w]; }, gone.data());
    }

    // a + b or a - b; anything where one of them isn't surely there.
    bool sum(const Number<N>& a, const Number<N>& b, bool subtract, Number<N>& r, N* low, N* high) const {
        if constexpr (kIsNarrow) {
            if (a.size > Ends<N>::kLargest - b.size) return false;
            r.size = a.size + b.size;
        }
        r.there = true;
        if (a.form == Form::kUniform && b.form == Form::kUniform) {
            r.form = Form::kUniform;
            r.value = total(a.value, subtract ? -b.value : b.value, true);
            return true;
        }
        PlaneWords gone;
        Word any_gone = 0;
        for (std::size_t w = 0; w < kWords; ++w) {
            gone[w] = (a.there ? 0 : a.may_be_absent[w]) | (b.there ? 0 : b.may_be_absent[w]);
            any_gone |= gone[w] & block_.valid[w];
        }
        const bool point = a.form != Form::kRange && b.form != Form::kRange;
        r.form = point && any_gone == 0 ? Form::kPoint : Form::kRange;
        r.low = low;
        r.high = r.form == Form::kPoint ? low : high;
        const auto add = [&](const N* of_a, const N* of_b, N* to) {
            with_both(a, of_a, b, of_b, [&](auto x, auto y) {
                const std::size_t end = block_.words * 64;
                if (point && subtract) {
                    for (std::size_t i = 0; i < end; ++i) to[i] = total(x[i], -y[i], false);
                } else if (point) {
                    for (std::size_t i = 0; i < end; ++i) to[i] = total(x[i], y[i], false);
                } else if (subtract) {
                    for (std::size_t i = 0; i < end; ++i) to[i] = total(x[i], -y[i], true);
                } else {
                    for (std::size_t i = 0; i < end; ++i) to[i] = total(x[i], y[i], true);
                }
            });
        };
        add(a.low, subtract ? b.high : b.low, low);
        if (r.form == Form::kPoint) return true;
        if (point) {
            std::copy_n(low, block_.words * 64, high);
        } else {
            add(a.high, subtract ? b.low : b.high, high);
        }
        return each(gone.data(), [&](std::size_t row) {
            low[row] = Ends<N>::kLow;
            high[row] = Ends<N>::kHigh;
            return true;
        });
    }

    // An int that is `given(row, low, high)` where field `o.a` is given, from 0 to `most` where it is unknown and
    // surely there, and anything elsewhere.
    template <class Given>
    bool derived(const Operation& o, N most, Given given) {
        const FieldState& state = buffers_.fields[o.a];
        const bool optional = plan_.image.fields[o.a].optional;
        Number<N>& r = numbers_.all[o.result];
        N* const low = array(o.buffer);
        N* const high = low + kRows;
        r.form = Form::kRange;
        r.there = true;
        r.size = Word{1} << 33U;  // lengths have 32 bits
        r.low = low;
        r.high = high;
        std::fill(low, low + block_.words * 64, Ends<N>::kLow);
        std::fill(high, high + block_.words * 64, Ends<N>::kHigh);
        (void)each(state.given, [&](std::size_t row) {
            given(row, low[row], high[row]);
            return true;
        });
        if (optional) return true;
        return each(state.unknown, [&](std::size_t row) {
            low[row] = 0;
            high[row] = most;
            return true;
        });
    }

    bool count(const Operation& o) {
        const auto sets = column(o.a).members;
        return derived(o, std::popcount(plan_.image.fields[o.a].unknown.may),
                       [&](std::size_t row, N& low, N& high) { low = high = std::popcount(sets[row]); });
    }

    bool length_of(const Operation& o) {
        const value::ColumnView& from = column(o.a);
        return derived(o, Ends<N>::kHigh, [&](std::size_t row, N& low, N& high) {
            low = from.length_min[row];
            high = from.length_max[row] == value::SecretFacts::kUnbounded ? Ends<N>::kHigh : N{from.length_max[row]};
        });
    }

    bool from_slice(const Operation& o) {
        const SliceRow& from = buffers_.numbers[o.a];
        Number<N>& r = numbers_.all[o.result];
        N* const low = array(o.buffer);
        N* const high = low + kRows;
        r.form = Form::kRange;
        r.size = 0;
        r.low = low;
        r.high = high;
        PlaneWords gone;
        for (std::size_t w = 0; w < kWords; ++w) gone[w] = ~from.may_be_present[w];
        set_presence(r, [&](std::size_t w) { return from.may_be_absent[w]; }, gone.data());
        const bool is_time = plan_.is_time[o.result];
        for (std::size_t row = 0; row < block_.rows; ++row) {
            if (!fits(from.low[row], is_time, low[row], r.size) || !fits(from.high[row], is_time, high[row], r.size)) {
                return false;
            }
        }
        std::fill(low + block_.rows, low + block_.words * 64, N{0});
        std::fill(high + block_.rows, high + block_.words * 64, N{0});
        return true;
    }

    // --- rules ------------------------------------------------------------------------------------------------------
    bool end_rule(std::uint32_t number) {
        const Rule& rule = plan_.rules[number];
        const View when = view(rule.when);
        RuleOutcomes& r = out_.rules[number];
        if (!rule.expires && rule.exemptions == 0) {
            end_plain_rule(when, view(rule.satisfied), r);
            add_up(rule, r);
            return true;
        }
        View satisfied = view(rule.satisfied);
        PlaneWords reached{}, not_reached{};
        Number<N> deadline;
        if (rule.expires) {
            if (!find_deadline(rule, deadline, reached, not_reached)) return false;
            satisfied = {not_reached.data(), reached.data()};
        }
        PlaneWords bound;
        conclude(rule, when, satisfied, r, bound);
        if (rule.warns && !warn(rule, deadline, bound, r)) return false;
        if (rule.expires) {
            for (std::size_t w = 0; w < kWords; ++w) out_.may_expire[w] |= r.may_apply[w];
        }
        add_up(rule, r);
        return true;
    }

    void end_plain_rule(View when, View satisfied, RuleOutcomes& r) const {
        Word* __restrict const violated = r.violated.data();
        Word* __restrict const undetermined = r.undetermined.data();
        Word* __restrict const pass = r.pass.data();
        Word* __restrict const may_apply = r.may_apply.data();
        Word* __restrict const may_not_apply = r.may_not_apply.data();
        for (std::size_t w = 0; w < kWords; ++w) {
            const Word valid = block_.valid[w], applies = when.yes[w] & valid, not_applies = when.no[w] & valid;
            const Word yes = applies & satisfied.no[w], no = not_applies | satisfied.yes[w];
            violated[w] = yes & ~no;
            undetermined[w] = yes & no;
            pass[w] = applies & ~yes;
            may_apply[w] = applies;
            may_not_apply[w] = not_applies;
        }
        r.exempt = r.warns = r.perhaps_warns = PlaneWords{};
    }

    void add_up(const Rule& rule, const RuleOutcomes& r) {
        const Word error = rule.is_error ? ~Word{0} : 0;
        for (std::size_t w = 0; w < kWords; ++w) {
            out_.violation[w] |= r.violated[w] & error;
            out_.undetermined[w] |= r.undetermined[w] & error;
            out_.open[w] |= r.undetermined[w] | r.perhaps_warns[w];
        }
    }

    // Everything but what `expire` adds. `bound`: where the record may be bound by the rule.
    void conclude(const Rule& rule, View when, View satisfied, RuleOutcomes& r, PlaneWords& may_be_bound) {
        const std::uint32_t own = rule.exemptions - rule.waivers;
        for (std::size_t w = 0; w < kWords; ++w) {
            const Word valid = block_.valid[w];
            Word yes = when.yes[w] & valid, no = when.no[w] & valid;
            const auto unless = [&](std::uint32_t from, std::uint32_t to) {
                for (std::uint32_t k = from; k < to; ++k) {
                    const View exemption = view(plan_.exemptions[rule.first_exemption + k]);
                    yes &= exemption.no[w];
                    no |= exemption.yes[w];
                }
            };
            unless(0, own);
            r.may_apply[w] = yes;
            r.may_not_apply[w] = no & valid;
            unless(own, rule.exemptions);
            may_be_bound[w] = yes;
            may_be_free_[w] = no;
            const Word violated = yes & satisfied.no[w], not_violated = no | satisfied.yes[w];
            r.violated[w] = violated & ~not_violated;
            r.undetermined[w] = violated & not_violated;
            const Word rest = when.yes[w] & valid & ~violated;
            Word left = rest;
            for (std::uint32_t k = 0; k < rule.exemptions; ++k) {
                const View exemption = view(plan_.exemptions[rule.first_exemption + k]);
                const Word here = left & exemption.yes[w] & ~exemption.no[w];
                out_.exempt_by[rule.place + k][w] = here;
                left &= ~here;
            }
            r.pass[w] = left;
            r.exempt[w] = rest & ~left;
        }
        r.warns = r.perhaps_warns = PlaneWords{};
    }

    // Where `now` may have come to an instant, and where it may not.
    void come(const Number<N>& at, N now, PlaneWords& reached, PlaneWords& not_reached) const {
        Number<N> instant;
        instant.value = now;
        compare(instant, nullptr, at, at.low, reached);
        compare(instant, nullptr, at, at.high, not_reached);
        for (Word& word : reached) word = ~word;
    }

    bool find_deadline(const Rule& rule, Number<N>& deadline, PlaneWords& reached, PlaneWords& not_reached) {
        auto& kept = out_.deadlines[rule.deadlines];
        N *low = nullptr, *high = nullptr;
        if constexpr (kIsNarrow) {
            kept.low.resize(kRows);
            kept.high.resize(kRows);
            low = kept.low.data();
            high = kept.high.data();
        } else {
            kept.wide_low.resize(kRows);
            kept.wide_high.resize(kRows);
            low = kept.wide_low.data();
            high = kept.wide_high.data();
        }
        if (!sum(numbers_.all[rule.since], numbers_.all[rule.after], false, deadline, low, high)) return false;
        kept.wide = !kIsNarrow;
        kept.unit = unit_;
        kept.point = deadline.form != Form::kRange;
        if (deadline.form == Form::kUniform) std::fill(low, low + kRows, deadline.value);
        come(deadline, now_, reached, not_reached);
        return true;
    }

    // Inside the warning period? Only of a rule that passes, and surely only where the record is surely bound.
    bool warn(const Rule& rule, const Number<N>& deadline, const PlaneWords& may_be_bound, RuleOutcomes& r) {
        const Number<N>& before = numbers_.all[rule.warn_before];
        PlaneWords reached{}, not_reached{};
        if (before.form == Form::kUniform && kIsNarrow) {
            // As well as whether `now` has reached the deadline less this time.
            if (before.size > Ends<std::int64_t>::kLargest - size_of_now_) return false;
            if (deadline.size > Ends<std::int64_t>::kLargest - before.size) return false;
            come(deadline, now_ + before.value, reached, not_reached);
        } else {
            N* const low = array(plan_.buffers);
            Number<N> from;
            if (!sum(deadline, before, true, from, low, low + kRows)) return false;
            come(from, now_, reached, not_reached);
        }
        for (std::size_t w = 0; w < kWords; ++w) {
            const Word yes = reached[w] & may_be_bound[w], no = not_reached[w] | may_be_free_[w];
            r.warns[w] = r.pass[w] & yes & ~no;
            r.perhaps_warns[w] = r.pass[w] & yes & no;
        }
        return true;
    }

    const Block& block_;
    const Batch::Plan& plan_;
    const std::int64_t unit_;
    Batch::Scratch::Buffers& buffers_;
    Numbers<N>& numbers_;
    BlockDecision::Store& out_;
    N now_ = 0;
    std::uint64_t size_of_now_ = 0;
    PlaneWords may_be_free_{};  // of the rule being concluded: where the record may not be bound by it
};

inline bool narrow(const Block& block, std::int64_t unit, Batch::Scratch::Buffers& buffers, BlockDecision::Store& out) {
    return Runner<std::int64_t>{block, unit, buffers, buffers.narrow, out}.all();
}

inline bool wide(const Block& block, std::int64_t unit, Batch::Scratch::Buffers& buffers, BlockDecision::Store& out) {
    return Runner<Nanos>{block, unit, buffers, buffers.wide, out}.all();
}

inline constexpr Kernels kKernels{&narrow, &wide};

}  // namespace keywright::eval::batch::KW_BATCH_LEVEL
