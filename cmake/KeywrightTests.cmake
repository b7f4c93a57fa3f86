# keywright_add_tests: runs the tests of a rule pack with CTest.
#
#     enable_testing()
#     keywright_add_tests(desk.rules PACK rules/desk)
#
# `ctest` then runs `keywright test rules/desk`: the `test` blocks of all rule files in the folder, and its snapshots. A
# failed test, an error in a rule file and a pack without tests fail the entry, with what is wrong in its output. Nothing
# has to be built first, and a changed rule file counts in the next run.
#
# keywright_add_tests(<name> PACK <folder or file>… [ARGS <argument>…] [LABELS <label>…])
#     PACK    folders or rule files; relative to the current source folder
#     ARGS    further arguments of `keywright test`, such as --format junit --output desk.xml
#     LABELS  of the entry, for `ctest -L`; default: keywright
# The entry runs in the current source folder. A keywright.toml there or above it counts, as it does on the command
# line.
include(${CMAKE_CURRENT_LIST_DIR}/KeywrightArguments.cmake)

function(keywright_add_tests name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "PACK;ARGS;LABELS")
    keywright_check_arguments(keywright_add_tests)
    keywright_check_command(keywright_add_tests)
    foreach(pack IN LISTS arg_PACK)
        cmake_path(ABSOLUTE_PATH pack NORMALIZE OUTPUT_VARIABLE whole)
        if(NOT EXISTS ${whole})
            message(FATAL_ERROR "keywright_add_tests: there is no `${whole}`")
        endif()
    endforeach()
    if(NOT arg_LABELS)
        set(arg_LABELS keywright)
    endif()
    add_test(NAME ${name}
        COMMAND keywright::command test ${arg_ARGS} ${arg_PACK}
        WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
    set_tests_properties(${name} PROPERTIES LABELS "${arg_LABELS}")
endfunction()
