# What our own targets have in common.

# Our warnings, on our targets only; errors in our own builds.
function(keywright_compile_options target)
    target_compile_options(${target} PRIVATE
        -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror=switch $<$<BOOL:${KEYWRIGHT_DEVELOPER}>:-Werror>)
    # gcc 12 takes `"text" + std::string` for an overlap at -O3 (gcc bug 105651).
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
        target_compile_options(${target} PRIVATE -Wno-restrict)
    endif()
    if(KEYWRIGHT_FUZZ)
        target_compile_options(${target} PRIVATE -fsanitize=fuzzer-no-link)
    endif()
endfunction()
