# What is installed, and how others find it: a CMake package, a pkg-config file, and a Debian package on request.
#
#     cmake --install build/release --prefix <folder>
#
# The tree can be moved afterwards: nothing in it remembers where it was put.
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/keywright)
set(KEYWRIGHT_RULES_DIR ${CMAKE_INSTALL_DATADIR}/keywright/rules)

set(installed keywright)
if(TARGET keywright_command)
    list(APPEND installed keywright_command)
endif()
install(TARGETS ${installed} EXPORT keywright-targets
    RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR}
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT keywright-targets NAMESPACE keywright:: DESTINATION ${package_dir})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/keywright
    DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
    FILES_MATCHING PATTERN "*.h")
# Snapshots look at records of the examples, which aren't installed.
install(DIRECTORY ${PROJECT_SOURCE_DIR}/rules/ DESTINATION ${KEYWRIGHT_RULES_DIR} PATTERN snapshots EXCLUDE)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})

# The CMake package. A static library leaves fmt, libsodium, simdjson, threads and, in a build with
# it, Z3 to whoever links it; a shared one carries its own needs.
get_target_property(library_type keywright TYPE)
set(KEYWRIGHT_FINDS_FMT OFF)
set(KEYWRIGHT_FINDS_SODIUM OFF)
set(KEYWRIGHT_BRINGS_SODIUM OFF)
set(KEYWRIGHT_FINDS_SIMDJSON OFF)
set(KEYWRIGHT_FINDS_Z3 OFF)
set(KEYWRIGHT_FINDS_THREADS OFF)
if(library_type STREQUAL "STATIC_LIBRARY")
    set(KEYWRIGHT_FINDS_THREADS ON)
    if(KEYWRIGHT_FMT_FOUND)
        set(KEYWRIGHT_FINDS_FMT ON)
    endif()
    if(KEYWRIGHT_SODIUM_ARCHIVE)
        set(KEYWRIGHT_BRINGS_SODIUM ON)
        install(FILES ${KEYWRIGHT_SODIUM_ARCHIVE} DESTINATION ${CMAKE_INSTALL_LIBDIR}/keywright)
    else()
        set(KEYWRIGHT_FINDS_SODIUM ON)
    endif()
    if(KEYWRIGHT_SIMDJSON_LINK)
        set(KEYWRIGHT_FINDS_SIMDJSON ON)
    endif()
    if(KEYWRIGHT_WITH_Z3)
        set(KEYWRIGHT_FINDS_Z3 ON)
        install(FILES ${CMAKE_CURRENT_LIST_DIR}/Findz3.cmake DESTINATION ${package_dir})
    endif()
endif()
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/keywright-config.cmake.in
    ${PROJECT_BINARY_DIR}/keywright-config.cmake
    INSTALL_DESTINATION ${package_dir}
    PATH_VARS KEYWRIGHT_RULES_DIR CMAKE_INSTALL_LIBDIR)
# Before 1.0 a minor version may change the interface.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/keywright-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES
    ${PROJECT_BINARY_DIR}/keywright-config.cmake
    ${PROJECT_BINARY_DIR}/keywright-config-version.cmake
    ${CMAKE_CURRENT_LIST_DIR}/KeywrightArguments.cmake
    ${CMAKE_CURRENT_LIST_DIR}/KeywrightInlined.cmake
    ${CMAKE_CURRENT_LIST_DIR}/KeywrightRules.cmake
    ${CMAKE_CURRENT_LIST_DIR}/KeywrightTests.cmake
    ${CMAKE_CURRENT_LIST_DIR}/Findsodium.cmake
    DESTINATION ${package_dir})

# The pkg-config file finds the prefix from its own place, so it stays right under `--prefix` and after a move. What a
# static library needs stands in its public part: there is no shared one for which it could be left out.
file(RELATIVE_PATH KEYWRIGHT_PC_TO_PREFIX /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
string(REGEX REPLACE "/$" "" KEYWRIGHT_PC_TO_PREFIX "${KEYWRIGHT_PC_TO_PREFIX}")
set(KEYWRIGHT_PC_LIBS "-L\${libdir} -lkeywright")
set(KEYWRIGHT_PC_REQUIRES "")
if(KEYWRIGHT_BRINGS_SODIUM)
    string(APPEND KEYWRIGHT_PC_LIBS " -L\${libdir}/keywright -lsodium")
endif()
if(KEYWRIGHT_FINDS_THREADS AND CMAKE_THREAD_LIBS_INIT)
    string(APPEND KEYWRIGHT_PC_LIBS " ${CMAKE_THREAD_LIBS_INIT}")   # with glibc from 2.34 nothing
endif()
if(KEYWRIGHT_FINDS_FMT)
    list(APPEND KEYWRIGHT_PC_REQUIRES "fmt >= 9")
endif()
if(KEYWRIGHT_FINDS_SODIUM)
    list(APPEND KEYWRIGHT_PC_REQUIRES "libsodium")
endif()
if(KEYWRIGHT_FINDS_SIMDJSON)
    list(APPEND KEYWRIGHT_PC_REQUIRES "simdjson")
endif()
if(KEYWRIGHT_FINDS_Z3)
    list(APPEND KEYWRIGHT_PC_REQUIRES "z3")
endif()
list(JOIN KEYWRIGHT_PC_REQUIRES ", " KEYWRIGHT_PC_REQUIRES)
configure_file(${CMAKE_CURRENT_LIST_DIR}/keywright.pc.in ${PROJECT_BINARY_DIR}/keywright.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/keywright.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

if(PROJECT_IS_TOP_LEVEL)
    set(CPACK_GENERATOR DEB)
    set(CPACK_PACKAGE_VENDOR "Keywright authors")
    set(CPACK_PACKAGE_CONTACT "Keywright authors")
    set(CPACK_PACKAGE_DESCRIPTION_SUMMARY ${PROJECT_DESCRIPTION})
    set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
    set(CPACK_STRIP_FILES ON)
    set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
    set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
    set(CPACK_DEBIAN_PACKAGE_SECTION devel)
    set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
    set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${PROJECT_BINARY_DIR}/lib)
    if(KEYWRIGHT_FINDS_FMT OR KEYWRIGHT_FINDS_SODIUM)
        set(CPACK_DEBIAN_PACKAGE_DEPENDS "libfmt-dev (>= 9), libsodium-dev")
    endif()
    if(KEYWRIGHT_FINDS_Z3)
        string(APPEND CPACK_DEBIAN_PACKAGE_DEPENDS ", libz3-dev")
    endif()
    include(CPack)
endif()
