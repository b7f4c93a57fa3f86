// The batch interpreter: one pass over the operations of a plan, each over all rows of a block.
//
// Compiled once for each level of vector instructions, into a namespace of its own (KW_BATCH_LEVEL); batch_run.cpp
// includes it so and chooses. Loops are written for the compiler to vectorise: they go over whole words of 64 rows,
// without branches. What stands beyond the last row is computed with the rest and means nothing.
#ifndef KW_BATCH_LEVEL
#error "batch_run.cpp says for which processor this is compiled"
#endif

namespace keywright::eval::batch::KW_BATCH_LEVEL {

template <class N>
class Runner : private Arithmetic<N> {
public:
    Runner(const Block& block, std::int64_t unit, Batch::Scratch::Buffers& buffers, Numbers<N>& numbers,
           BlockDecision::Store& out)
        : Arithmetic<N>(block, unit, buffers, numbers), out_(out) {}

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
    using Base = Arithmetic<N>;
    using Base::array, Base::block_, Base::buffers_, Base::column, Base::each, Base::fits, Base::kIsNarrow;
    using Base::compare, Base::count, Base::from_slice, Base::length_of, Base::load, Base::otherwise, Base::sum;
    using Base::numbers_, Base::plan_, Base::unit_;
    using typename Base::Planes;

    struct View {
        Planes yes, no;
    };

    [[nodiscard]] View view(Literal literal) const {
        const Truths& truths = buffers_.truths[literal >> 1U];
        if ((literal & 1U) != 0) return {truths.no.data(), truths.yes.data()};
        return {truths.yes.data(), truths.no.data()};
    }

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
        if (state.everywhere) {
            for (std::size_t w = 0; w < kWords; ++w) {
                const View2 here = question(w);
                yes[w] = here.yes;
                no[w] = here.no;
            }
            return;
        }
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
            outside[w] = word_of_narrow([&](std::size_t i) { return (max[i] < from) | (min[i] > to); });
            inside[w] = word_of_narrow([&](std::size_t i) { return (from <= min[i]) & (max[i] <= longest); });
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

    // One byte of each set at a time; then bit 7 of each of them is a plane, after a shift bit 6, and so on.
    void split_members(const std::uint64_t* sets, const Split& split, std::size_t w) {
        std::uint32_t plane = split.first;
        for (unsigned byte = 0; byte < 8; ++byte) {
            const auto asked = static_cast<unsigned>(split.asked >> (8 * byte) & 255U);
            if (asked == 0) continue;
            std::array<Word, 8> words{};
            planes_of(sets, 8 * byte, words);
            for (unsigned bit = 0; bit < 8; ++bit) {
                if ((asked >> bit & 1U) != 0) buffers_.planes[plane++][w] = words[bit];
            }
        }
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
    }

    // Where `now` may have come to an instant, and where it may not.
    void come(const Number<N>& at, N now, PlaneWords& reached, PlaneWords& not_reached) const {
        Number<N> instant;
        instant.value = now;
        compare(instant, nullptr, at, at.low, reached);
        if (at.form == Form::kRange) {
            compare(instant, nullptr, at, at.high, not_reached);
        } else {
            not_reached = reached;
        }
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

    BlockDecision::Store& out_;
    N now_ = 0;
    std::uint64_t size_of_now_ = 0;
    PlaneWords may_be_free_{};  // of the rule being concluded: where the record may not be bound by it
};

inline bool narrow(const Block& block, std::int64_t unit, Batch::Scratch::Buffers& buffers, BlockDecision::Store& out) {
    return Runner<std::int64_t>{block, unit, buffers, buffers.narrow, out}.all();
}

}  // namespace keywright::eval::batch::KW_BATCH_LEVEL
