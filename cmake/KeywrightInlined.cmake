# keywright_inline_rules: builds a rule pack into a program as C++, with every rule inlined.
#
#     add_executable(gateway gateway.cpp)
#     keywright_inline_rules(gateway PACK rules/desk NAME desk_rules)
#
# When the program is built, the `keywright` command checks the pack and writes it down as a header. A rule file with an
# error fails the build, with the error in the build's output; a changed, new or removed rule file is noticed. The
# program then says
#
#     #include "desk_rules.h"
#     desk_rules::Record record = desk_rules::nothing_given();
#     const desk_rules::Decision decision = desk_rules::decide(record, now);
#
# and links nothing of Keywright: the header includes keywright/inlined.h, which needs the standard library alone.
#
# keywright_inline_rules(<target> PACK <folder or file> [ROOT <folder>] [NAME <identifier>] [NAMESPACE <namespace>]
#                        [SET <parameter=value>...] [WAIVERS <file or folder>...])
#     PACK       a folder with a pack.kw, or one rule file; relative to the current source folder
#     ROOT       imports may not leave this folder; default: the folder of the entry file
#     NAME       of the header; default: the last part of PACK, other characters than [A-Za-z0-9_] made `_`
#     NAMESPACE  that the header's contents stand in, as in `desk::rules`; default: NAME
#     SET        parameters that are to have another value than the pack gives them, as in `limit=14 days`
#     WAIVERS    waivers to take into account; relative to the current source folder
# The target has to be defined in the folder that calls this.
include(${CMAKE_CURRENT_LIST_DIR}/KeywrightArguments.cmake)

function(keywright_inline_rules target)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "PACK;ROOT;NAME;NAMESPACE" "SET;WAIVERS")
    keywright_check_arguments(keywright_inline_rules)
    keywright_locate_rules(keywright_inline_rules ${target})
    set(namespace ${name})
    if(arg_NAMESPACE)
        set(namespace ${arg_NAMESPACE})
    endif()
    set(in_force "")
    foreach(parameter IN LISTS arg_SET)
        list(APPEND in_force --set ${parameter})
    endforeach()
    foreach(waivers IN LISTS arg_WAIVERS)
        cmake_path(ABSOLUTE_PATH waivers NORMALIZE)
        if(IS_DIRECTORY ${waivers})
            file(GLOB_RECURSE waiver_files CONFIGURE_DEPENDS ${waivers}/*.kw)
            list(APPEND rule_files ${waiver_files})
        endif()
        list(APPEND rule_files ${waivers})
        list(APPEND in_force --waivers ${waivers})
    endforeach()

    set(generated ${CMAKE_CURRENT_BINARY_DIR}/keywright_rules/${target})
    file(MAKE_DIRECTORY ${generated})
    add_custom_command(
        OUTPUT ${generated}/${name}.h
        COMMAND keywright::command embed --rules ${pack} ${root_arguments} ${in_force} --name ${namespace}
            --inline ${generated}/${name}.h
        DEPENDS ${pack} ${rule_files} $<TARGET_FILE:keywright::command>
        COMMENT "Checking and inlining the rules ${name}"
        VERBATIM)
    target_sources(${target} PRIVATE ${generated}/${name}.h)
    target_include_directories(${target} PRIVATE
        ${generated} $<TARGET_PROPERTY:keywright::keywright,INTERFACE_INCLUDE_DIRECTORIES>)
    target_compile_features(${target} PRIVATE cxx_std_20)
endfunction()
