# Builds PROGRAM from SOURCE with nothing but the compiler and what pkg-config says, and runs it.
set(ENV{PKG_CONFIG_PATH} ${PC_DIR})
execute_process(
    COMMAND ${PKG_CONFIG} --cflags --libs keywright
    OUTPUT_VARIABLE flags OUTPUT_STRIP_TRAILING_WHITESPACE
    COMMAND_ERROR_IS_FATAL ANY)
separate_arguments(flags UNIX_COMMAND "${flags}")
execute_process(
    COMMAND ${CXX} -std=c++20 -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror ${SOURCE} -o ${PROGRAM} ${flags}
        -Wl,-rpath,${LIB_DIR}
    COMMAND_ECHO STDOUT
    COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${PROGRAM} COMMAND_ERROR_IS_FATAL ANY)
