// The batch interpreter for the processors that there are; which one, is found out once.
#include "eval/batch_state.h"

#include <algorithm>
#include <bit>
#include <cstring>

// What the vector instructions of a level need is switched on for our code alone: an inline function of the standard
// library, compiled for a newer processor, could become everybody's.
#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
#define KW_BATCH_X86
#include <immintrin.h>
#endif

#define KW_BATCH_LEVEL plain
// clang-format off: each needs those before it
#include "eval/batch_words.h"
#include "eval/batch_load.h"
#include "eval/batch_numbers.h"
#include "eval/batch_run.h"
// clang-format on
#undef KW_BATCH_LEVEL

#ifdef KW_BATCH_X86
#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx2,bmi,popcnt"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,bmi,popcnt")
#endif
#define KW_BATCH_LEVEL avx2
#define KW_BATCH_AVX2
// clang-format off: each needs those before it
#include "eval/batch_words.h"
#include "eval/batch_load.h"
#include "eval/batch_numbers.h"
#include "eval/batch_run.h"
// clang-format on
#undef KW_BATCH_AVX2
#undef KW_BATCH_LEVEL
#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,bmi,popcnt"))), \
                             apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512dq,avx512vl,avx2,bmi,popcnt,prefer-vector-width=512")
#endif
#define KW_BATCH_LEVEL avx512
#define KW_BATCH_AVX512
// clang-format off: each needs those before it
#include "eval/batch_words.h"
#include "eval/batch_load.h"
#include "eval/batch_numbers.h"
#include "eval/batch_run.h"
// clang-format on
#undef KW_BATCH_AVX512
#undef KW_BATCH_LEVEL
#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif

namespace keywright::eval::batch {
namespace {

// Numbers of 128 bits gain nothing from vectors.
bool wide(const Block& block, std::int64_t unit, Batch::Scratch::Buffers& buffers, BlockDecision::Store& out) {
    return plain::Runner<Nanos>{block, unit, buffers, buffers.wide, out}.all();
}

constexpr Kernels kPlain{&plain::narrow, &wide};
#ifdef KW_BATCH_X86
constexpr Kernels kAvx2{&avx2::narrow, &wide}, kAvx512{&avx512::narrow, &wide};
#endif

std::vector<const Kernels*> find_kernels() {
    std::vector<const Kernels*> all{&kPlain};
#ifdef KW_BATCH_X86
    const bool has_avx2 = __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("bmi") != 0 &&
                          __builtin_cpu_supports("popcnt") != 0;
    if (has_avx2) all.push_back(&kAvx2);
    if (has_avx2 && __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0 &&
        __builtin_cpu_supports("avx512dq") != 0 && __builtin_cpu_supports("avx512vl") != 0) {
        all.push_back(&kAvx512);
    }
#endif
    return all;
}

}  // namespace

std::span<const Kernels* const> kernels() {
    static const std::vector<const Kernels*> all = find_kernels();
    return all;
}

}  // namespace keywright::eval::batch
