// From arrays to planes: 64 rows become one word. Compiled once for each level of vector instructions, see batch_run.h.
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

// The same where what is asked about has 32 bits.
struct Bits32 {
    std::uint32_t bit[32];
};
inline constexpr Bits32 kBits32 = [] {
    Bits32 bits{};
    for (unsigned i = 0; i < 32; ++i) bits.bit[i] = std::uint32_t{1} << i;
    return bits;
}();
template <class Question>
inline Word word_of_narrow(Question question) {
    std::uint32_t low = 0, high = 0;
    for (std::size_t i = 0; i < 32; ++i) low |= question(i) ? kBits32.bit[i] : 0U;
    for (std::size_t i = 0; i < 32; ++i) high |= question(32 + i) ? kBits32.bit[i] : 0U;
    return Word{high} << 32U | low;
}

#if defined(KW_BATCH_AVX512)
inline Word word_of_bytes(const std::uint8_t* bytes, std::uint8_t value) {
    return _mm512_cmpeq_epi8_mask(_mm512_loadu_si512(bytes), _mm512_set1_epi8(static_cast<char>(value)));
}
#elif defined(__SSE2__)
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

// Bits `shift` to `shift` + 7 of 64 sets: a word for each.
#if defined(KW_BATCH_AVX512)
inline void planes_of(const std::uint64_t* sets, unsigned shift, std::array<Word, 8>& words) {
    const __m128i by = _mm_cvtsi32_si128(static_cast<int>(shift));
    // Without a mask gcc 12 says that these leave something uninitialised.
    constexpr __mmask8 kAll = 255;
    alignas(64) std::uint8_t bytes[64];
    for (std::size_t i = 0; i < 64; i += 8) {
        const __m512i eight = _mm512_maskz_srl_epi64(kAll, _mm512_loadu_si512(sets + i), by);
        _mm_storel_epi64(reinterpret_cast<__m128i*>(bytes + i), _mm512_maskz_cvtepi64_epi8(kAll, eight));
    }
    const __m512i all = _mm512_load_si512(bytes);
    for (unsigned bit = 0; bit < 8; ++bit) {
        words[bit] = _mm512_test_epi8_mask(all, _mm512_set1_epi8(static_cast<char>(1U << bit)));
    }
}
#elif defined(KW_BATCH_AVX2)
inline void planes_of(const std::uint64_t* sets, unsigned shift, std::array<Word, 8>& words) {
    const __m128i by = _mm_cvtsi32_si128(static_cast<int>(shift));
    const __m256i byte = _mm256_set1_epi64x(255);
    for (unsigned half = 0; half < 2; ++half, sets += 32) {
        // Rows 0 to 15 in the lower lane, 16 to 31 in the upper one, as packing goes lane by lane.
        const auto rows = [&](std::size_t first) {
            const __m128i low = _mm_loadu_si128(reinterpret_cast<const __m128i*>(sets + first));
            const __m128i high = _mm_loadu_si128(reinterpret_cast<const __m128i*>(sets + 16 + first));
            return _mm256_and_si256(_mm256_srl_epi64(_mm256_set_m128i(high, low), by), byte);
        };
        const auto four = [&](std::size_t first) { return _mm256_packs_epi32(rows(first), rows(first + 2)); };
        const auto eight = [&](std::size_t first) { return _mm256_packs_epi32(four(first), four(first + 4)); };
        __m256i bytes = _mm256_packus_epi16(eight(0), eight(8));
        for (unsigned bit = 8; bit-- > 0;) {
            words[bit] |= Word{static_cast<std::uint32_t>(_mm256_movemask_epi8(bytes))} << (32 * half);
            bytes = _mm256_add_epi8(bytes, bytes);
        }
    }
}
#elif defined(__SSE2__)
inline void planes_of(const std::uint64_t* sets, unsigned shift, std::array<Word, 8>& words) {
    const __m128i by = _mm_cvtsi32_si128(static_cast<int>(shift));
    const __m128i byte = _mm_set1_epi64x(255);
    for (unsigned quarter = 0; quarter < 4; ++quarter, sets += 16) {
        const auto rows = [&](std::size_t first) {
            const __m128i two = _mm_loadu_si128(reinterpret_cast<const __m128i*>(sets + first));
            return _mm_and_si128(_mm_srl_epi64(two, by), byte);
        };
        const auto four = [&](std::size_t first) { return _mm_packs_epi32(rows(first), rows(first + 2)); };
        const auto eight = [&](std::size_t first) { return _mm_packs_epi32(four(first), four(first + 4)); };
        __m128i bytes = _mm_packus_epi16(eight(0), eight(8));
        for (unsigned bit = 8; bit-- > 0;) {
            words[bit] |= Word{static_cast<std::uint32_t>(_mm_movemask_epi8(bytes))} << (16 * quarter);
            bytes = _mm_add_epi8(bytes, bytes);
        }
    }
}
#else
inline void planes_of(const std::uint64_t* sets, unsigned shift, std::array<Word, 8>& words) {
    for (unsigned bit = 0; bit < 8; ++bit) {
        words[bit] = word_of([&](std::size_t i) { return (sets[i] >> (shift + bit) & 1U) != 0; });
    }
}
#endif

}  // namespace keywright::eval::batch::KW_BATCH_LEVEL
