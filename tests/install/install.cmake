# Installs the build below BUILD into PREFIX, afresh, and leaves a copy of the tree in MOVED, so that whatever remembers
# its place is found out.
foreach(folder ${PREFIX} ${MOVED})
    file(REMOVE_RECURSE ${folder})
endforeach()
execute_process(
    COMMAND ${CMAKE_COMMAND} --install ${BUILD} --prefix ${PREFIX}
    COMMAND_ERROR_IS_FATAL ANY)
file(COPY ${PREFIX}/ DESTINATION ${MOVED})
