// What has no columns: scalar instructions, run for each row that needs them.
#include "eval/batch_state.h"

#include <algorithm>
#include <bit>

namespace keywright::eval::batch {
namespace {

class Rows {
public:
    Rows(const Block& block, std::uint32_t which, Batch::Scratch::Buffers& buffers)
        : block_(block), slice_(block.plan.slice), buffers_(buffers) {
        const auto sections = static_cast<std::uint32_t>(slice_.sections.size());
        from_ = which == 0 ? 0 : 1;
        to_ = which == 0 ? 1 : sections;
    }

    void all() {
        for (std::uint32_t s = from_; s < to_; ++s) clear(slice_.sections[s]);
        for (std::size_t w = 0; w < block_.words; ++w) word(w);
    }

private:
    // Where a part isn't computed the rule doesn't apply, and whatever stands there isn't read.
    void clear(const Section& section) {
        for (std::uint32_t k = 0; k < section.numbers; ++k) {
            SliceRow& number = buffers_.numbers[section.first_number + k];
            std::fill(number.low.begin(), number.low.end(), Nanos{0});
            std::fill(number.high.begin(), number.high.end(), Nanos{0});
            number.may_be_absent.fill(0);
            number.may_be_present.fill(~std::uint64_t{0});
        }
    }

    // For each of 64 rows, which sections it needs: a set of bits, so that a row costs what it needs and little more.
    void word(std::size_t w) {
        const std::size_t per_row = (slice_.sections.size() + 63) / 64;
        std::fill(buffers_.wanted.begin(), buffers_.wanted.end(), 0);
        std::uint64_t any = 0;
        for (std::uint32_t s = from_; s < to_; ++s) {
            const Section& section = slice_.sections[s];
            if (section.truths == 0 && section.numbers == 0) continue;
            const Truths& truths = buffers_.truths[section.when >> 1U];
            const std::uint64_t may_hold = (section.when & 1U) != 0 ? truths.no[w] : truths.yes[w];
            const std::uint64_t rows = may_hold & block_.valid[w];
            any |= rows;
            for (std::uint64_t left = rows; left != 0; left &= left - 1) {
                const auto bit = static_cast<std::size_t>(std::countr_zero(left));
                buffers_.wanted[bit * per_row + s / 64] |= std::uint64_t{1} << (s % 64);
            }
            std::fill_n(buffers_.answers.begin() + std::ptrdiff_t{section.first_truth} * 64,
                        std::ptrdiff_t{section.truths} * 64, Truth::kUnknown);
        }
        for (; any != 0; any &= any - 1) {
            const auto bit = static_cast<std::size_t>(std::countr_zero(any));
            row(w, bit, {buffers_.wanted.data() + bit * per_row, per_row});
        }
        for (std::uint32_t s = from_; s < to_; ++s) {
            const Section& section = slice_.sections[s];
            for (std::uint32_t k = section.first_truth; k < section.first_truth + section.truths; ++k) keep(k, w);
        }
    }

    void row(std::size_t w, std::size_t bit, std::span<const std::uint64_t> wanted) {
        const value::Record& record =
            block_.plan.reads_records ? block_.columns.records[w * 64 + bit] : buffers_.nothing;
        run_from(0, record);
        for (std::size_t word = 0; word < wanted.size(); ++word) {
            for (std::uint64_t left = wanted[word]; left != 0; left &= left - 1) {
                const std::size_t s = word * 64 + static_cast<std::size_t>(std::countr_zero(left));
                run_from(slice_.image.sections[s], record);
                keep_row(slice_.sections[s], w, bit);
            }
        }
    }

    void keep_row(const Section& section, std::size_t w, std::size_t bit) {
        for (std::uint32_t k = section.first_truth; k < section.first_truth + section.truths; ++k) {
            buffers_.answers[std::size_t{k} * 64 + bit] = buffers_.registers[slice_.truths[k].from];
        }
        for (std::uint32_t k = section.first_number; k < section.first_number + section.numbers; ++k) {
            const code::Cell& cell = buffers_.cells[slice_.numbers[k].from];
            SliceRow& number = buffers_.numbers[k];
            const std::uint64_t here = std::uint64_t{1} << bit;
            number.low[w * 64 + bit] = cell.may_be_present ? cell.low : 0;
            number.high[w * 64 + bit] = cell.may_be_present ? cell.high : 0;
            if (cell.may_be_absent) number.may_be_absent[w] |= here;
            if (!cell.may_be_present) number.may_be_present[w] &= ~here;
        }
    }

    void run_from(std::uint32_t instruction, const value::Record& record) {
        code::run(slice_.image, record, block_.instant,
                  {slice_.image.instructions.data() + instruction, buffers_.registers.data(), buffers_.cells.data(),
                   buffers_.loops.data(), nullptr});
    }

    // 64 answers become two words.
    void keep(std::uint32_t truth, std::size_t w) {
        const Truth* const answers = buffers_.answers.data() + std::size_t{truth} * 64;
        std::uint64_t yes = 0, no = 0;
        for (std::size_t i = 0; i < 64; ++i) {
            const auto answer = static_cast<std::uint64_t>(answers[i]);
            yes |= (answer >> 1U) << i;
            no |= (answer & 1U) << i;
        }
        Truths& slot = buffers_.truths[slice_.truths[truth].to];
        slot.yes[w] = yes;
        slot.no[w] = no;
    }

    const Block& block_;
    const Slice& slice_;
    Batch::Scratch::Buffers& buffers_;
    std::uint32_t from_ = 0, to_ = 0;
};

}  // namespace

void run_slice(const Block& block, std::uint32_t which, Batch::Scratch::Buffers& buffers) {
    Rows{block, which, buffers}.all();
}

}  // namespace keywright::eval::batch
