// Arithmetic on numbers of a block, as code::add does it on one. Compiled once for each level of vector instructions,
// see batch_run.h.
#ifndef KW_BATCH_LEVEL
#error "batch_run.cpp says for which processor this is compiled"
#endif

namespace keywright::eval::batch::KW_BATCH_LEVEL {

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

// Which of 64 numbers are less than which.
template <class X, class Y>
inline Word word_of_less(X x, Y y, std::size_t first) {
    return word_of([&](std::size_t i) { return x[first + i] < y[first + i]; });
}
#ifdef KW_BATCH_AVX512
inline __m512i eight_of(const std::int64_t* all, std::size_t i) { return _mm512_loadu_si512(all + i); }
inline __m512i eight_of(Same<std::int64_t> all, std::size_t) { return _mm512_set1_epi64(all.value); }
template <class X, class Y>
inline Word eight_words_of_less(X x, Y y, std::size_t first) {
    Word word = 0;
    for (unsigned k = 0; k < 8; ++k) {
        const std::size_t i = first + 8 * std::size_t{k};
        word |= Word{_mm512_cmplt_epi64_mask(eight_of(x, i), eight_of(y, i))} << (8 * k);
    }
    return word;
}
inline Word word_of_less(const std::int64_t* x, const std::int64_t* y, std::size_t first) {
    return eight_words_of_less(x, y, first);
}
inline Word word_of_less(const std::int64_t* x, Same<std::int64_t> y, std::size_t first) {
    return eight_words_of_less(x, y, first);
}
inline Word word_of_less(Same<std::int64_t> x, const std::int64_t* y, std::size_t first) {
    return eight_words_of_less(x, y, first);
}
#endif

template <class N>
class Arithmetic : public Loader<N> {
public:
    using Loader<N>::Loader;

protected:
    using Base = Loader<N>;
    using Base::array, Base::block_, Base::buffers_, Base::column, Base::each, Base::fits, Base::kIsNarrow;
    using Base::numbers_, Base::plan_, Base::unit_;
    using Base::set_presence;
    using typename Base::Planes;

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
                out[w] = word_of_less(x, y, w * 64);
            }
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
                        const N first = x[w * 64 + i], second = y[w * 64 + i];  // both are read, so nothing branches
                        to[w * 64 + i] = (present & kBits.bit[i]) != 0 ? first : second;
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
};

}  // namespace keywright::eval::batch::KW_BATCH_LEVEL
