# keywright_add_rules: builds a rule pack into a program.
#
#     add_executable(gateway gateway.cpp)
#     keywright_add_rules(gateway PACK rules/desk NAME desk_rules)
#
# When the program is built, the `keywright` command checks the pack and writes it down as C++. A rule file with an
# error fails the build, with the error in the build's output; a changed, new or removed rule file is noticed. The
# program then says
#
#     #include "desk_rules.h"
#     const keywright::Rules& rules = keywright_rules::desk_rules();
#
# and needs no rule file at run time. What is embedded is the text of the files, checked beforehand; it is compiled on
# the first call of that function.
#
# keywright_add_rules(<target> PACK <folder or file> [ROOT <folder>] [NAME <identifier>])
#     PACK   a folder with a pack.kw, or one rule file; relative to the current source folder
#     ROOT   imports may not leave this folder; default: the folder of the entry file
#     NAME   of the header and the function; default: the last part of PACK, other characters than [A-Za-z0-9_] made `_`
# The target has to be defined in the folder that calls this. It is linked with keywright::keywright.
include(${CMAKE_CURRENT_LIST_DIR}/KeywrightArguments.cmake)

function(keywright_add_rules target)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "PACK;ROOT;NAME" "")
    keywright_check_arguments(keywright_add_rules)
    keywright_locate_rules(keywright_add_rules ${target})

    set(generated ${CMAKE_CURRENT_BINARY_DIR}/keywright_rules/${target})
    file(MAKE_DIRECTORY ${generated})
    add_custom_command(
        OUTPUT ${generated}/${name}.cpp ${generated}/${name}.h
        COMMAND keywright::command embed --rules ${pack} ${root_arguments} --name ${name}
            --output ${generated}/${name}.cpp --header ${generated}/${name}.h
        DEPENDS ${pack} ${rule_files} $<TARGET_FILE:keywright::command>
        COMMENT "Checking and embedding the rules ${name}"
        VERBATIM)
    target_sources(${target} PRIVATE ${generated}/${name}.cpp ${generated}/${name}.h)
    target_include_directories(${target} PRIVATE ${generated})
    target_link_libraries(${target} PRIVATE keywright::keywright)
endfunction()
