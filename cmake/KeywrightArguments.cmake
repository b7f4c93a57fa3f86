# What keywright_add_rules and keywright_add_tests ask of their arguments alike. `caller` is the name that messages give;
# the arguments are those that it parsed, with the prefix `arg`.
function(keywright_check_arguments caller)
    if(arg_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "${caller}: unknown argument `${arg_UNPARSED_ARGUMENTS}`")
    endif()
    if(NOT arg_PACK)
        message(FATAL_ERROR "${caller}: PACK is missing, the folder or file of the rules")
    endif()
endfunction()

function(keywright_check_command caller)
    if(NOT TARGET keywright::command)
        message(FATAL_ERROR "${caller}: the keywright command is not built here; set KEYWRIGHT_COMMAND to ON")
    endif()
endfunction()
