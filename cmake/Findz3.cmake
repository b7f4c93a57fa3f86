# Finds Z3 with its C++ interface, for which Debian has no CMake package: the target z3::z3, and z3_VERSION where
# pkg-config knows it. Installed beside the package's configuration of a build with Z3, because consumers of the static
# library look for it too.
find_package(PkgConfig QUIET)
if(PkgConfig_FOUND)
    pkg_check_modules(PC_Z3 QUIET z3)
endif()

find_path(z3_INCLUDE_DIR z3++.h HINTS ${PC_Z3_INCLUDE_DIRS} PATH_SUFFIXES z3)
find_library(z3_LIBRARY z3 HINTS ${PC_Z3_LIBRARY_DIRS})
set(z3_VERSION ${PC_Z3_VERSION})

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(z3
    REQUIRED_VARS z3_LIBRARY z3_INCLUDE_DIR
    VERSION_VAR z3_VERSION)

if(z3_FOUND AND NOT TARGET z3::z3)
    add_library(z3::z3 UNKNOWN IMPORTED)
    set_target_properties(z3::z3 PROPERTIES
        IMPORTED_LOCATION ${z3_LIBRARY}
        INTERFACE_INCLUDE_DIRECTORIES ${z3_INCLUDE_DIR})
endif()
mark_as_advanced(z3_INCLUDE_DIR z3_LIBRARY)
