# What our own targets have in common.

# Our warnings, on our targets only; errors in our own builds.
function(keywright_compile_options target)
    target_compile_options(${target} PRIVATE
        -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror=switch $<$<BOOL:${KEYWRIGHT_DEVELOPER}>:-Werror>)
    if(KEYWRIGHT_FUZZ)
        target_compile_options(${target} PRIVATE -fsanitize=fuzzer-no-link)
    endif()
endfunction()
