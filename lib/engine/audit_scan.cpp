// Where the elements of an array end: 64 bytes at a time where the processor can.
#include "engine/audit_state.h"

#include <bit>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace keywright::engine {

namespace {

constexpr std::size_t npos = std::string_view::npos;
constexpr std::size_t kStep = 64;

#if defined(__SSE2__)

// What stands in 64 bytes, bit by bit.
class Bytes {
public:
    explicit Bytes(const char* at) {
        for (int i = 0; i < 4; ++i) parts_[i] = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at + 16 * i));
    }
    [[nodiscard]] std::uint64_t equal(char c) const { return bits(_mm_set1_epi8(0), c); }
    // `[` and `{`, and `]` and `}`, differ in one bit alone.
    [[nodiscard]] std::uint64_t equal_but_for_32(char c) const { return bits(_mm_set1_epi8(32), c); }

private:
    [[nodiscard]] std::uint64_t bits(__m128i set, char c) const {
        const __m128i wanted = _mm_set1_epi8(c);
        std::uint64_t out = 0;
        for (int i = 0; i < 4; ++i) {
            const int part = _mm_movemask_epi8(_mm_cmpeq_epi8(_mm_or_si128(parts_[i], set), wanted));
            out |= static_cast<std::uint64_t>(static_cast<unsigned>(part)) << (16 * i);
        }
        return out;
    }
    __m128i parts_[4];
};

// Bit i: an odd number of bits are set up to and with i.
[[nodiscard]] std::uint64_t parity_up_to(std::uint64_t bits) {
    for (unsigned shift = 1; shift < 64; shift *= 2) bits ^= bits << shift;
    return bits;
}

#endif

}  // namespace

std::size_t ElementScan::next_end(std::string_view text, std::size_t from) {
#if defined(__SSE2__)
    while (text.size() - from >= kStep) {
        const Bytes bytes{text.data() + from};
        // Backslashes are rare enough to go through their bytes one by one.
        if (escaped_ || bytes.equal('\\') != 0) {
            if (const std::size_t at = step(text.substr(0, from + kStep), from); at != npos) return at;
            from += kStep;
            continue;
        }
        const std::uint64_t inside = parity_up_to(bytes.equal('"')) ^ (in_string_ ? ~std::uint64_t{0} : 0);
        const std::uint64_t opening = bytes.equal_but_for_32('{') & ~inside;
        const std::uint64_t closing = bytes.equal_but_for_32('}') & ~inside;
        const std::uint64_t commas = bytes.equal(',') & ~inside;
        std::uint64_t left = ~std::uint64_t{0};  // what wasn't looked at
        while (true) {
            const std::uint64_t next = (opening | closing | (depth_ == 0 ? commas : 0)) & left;
            if (next == 0) break;
            const auto bit = static_cast<unsigned>(std::countr_zero(next));
            left = bit == 63 ? 0 : ~std::uint64_t{0} << (bit + 1);
            if ((opening >> bit & 1U) != 0) {
                ++depth_;
            } else if (depth_ > 0) {
                --depth_;  // a comma isn't looked for in here
            } else if (text[from + bit] != '}') {
                in_string_ = false;
                return from + bit;
            }
        }
        in_string_ = (inside >> 63U) != 0;
        from += kStep;
    }
#endif
    return step(text, from);
}

std::size_t ElementScan::step(std::string_view text, std::size_t from) {
    for (std::size_t i = from; i < text.size(); ++i) {
        const char c = text[i];
        if (in_string_) {
            if (escaped_) {
                escaped_ = false;
            } else if (c == '\\') {
                escaped_ = true;
            } else if (c == '"') {
                in_string_ = false;
            }
            continue;
        }
        switch (c) {
            case '"': in_string_ = true; break;
            case '{':
            case '[': ++depth_; break;
            case '}':
                if (depth_ > 0) --depth_;
                break;
            case ']':
                if (depth_ == 0) return i;
                --depth_;
                break;
            case ',':
                if (depth_ == 0) return i;
                break;
            default: break;
        }
    }
    return npos;
}

}  // namespace keywright::engine
