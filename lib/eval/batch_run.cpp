// The batch interpreter for the processors that there are; which one, is found out once.
#include "eval/batch_state.h"

#include <algorithm>
#include <bit>
#include <cstring>

// What the vector instructions of a level need is switched on for our code alone: an inline function of the standard
// library, compiled for a newer processor, could become everybody's.
#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
#define KW_BATCH_X86
#include <emmintrin.h>
#endif

#define KW_BATCH_LEVEL plain
#include "eval/batch_run.h"
#undef KW_BATCH_LEVEL

#ifdef KW_BATCH_X86
#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx2,bmi,popcnt"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,bmi,popcnt")
#endif
#define KW_BATCH_LEVEL avx2
#include "eval/batch_run.h"
#undef KW_BATCH_LEVEL
#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif

namespace keywright::eval::batch {

const Kernels& kernels() {
#ifdef KW_BATCH_X86
    static const bool has_avx2 = __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("bmi") != 0 &&
                                 __builtin_cpu_supports("popcnt") != 0;
    if (has_avx2) return avx2::kKernels;
#endif
    return plain::kKernels;
}

}  // namespace keywright::eval::batch
