# simdjson (the structural index of JSON text): the system's, or its pinned release, of which one file is then compiled
# into the library.
#
# Sets KEYWRIGHT_SIMDJSON_LINK, what the library links, and KEYWRIGHT_SIMDJSON_SOURCES, what is compiled into it; one of
# the two is empty.
set(KEYWRIGHT_SIMDJSON_LINK "")
set(KEYWRIGHT_SIMDJSON_SOURCES "")
if(NOT FETCHCONTENT_TRY_FIND_PACKAGE_MODE STREQUAL "NEVER")
    find_package(simdjson 3 CONFIG QUIET)
endif()
if(TARGET simdjson::simdjson)
    set(KEYWRIGHT_SIMDJSON_LINK simdjson::simdjson)
    return()
endif()

# The release holds all of it as one header and one source file. SOURCE_SUBDIR names no folder with a CMakeLists.txt, so
# nothing is added to the build by this.
FetchContent_Declare(simdjson SYSTEM
    URL https://github.com/simdjson/simdjson/archive/refs/tags/v3.0.1.tar.gz
    URL_HASH SHA256=156b1bc5eb0561b2bd166b46d191fd3d95a3e709cc63761477d3b7aec2b6e9ed
    DOWNLOAD_EXTRACT_TIMESTAMP ON
    SOURCE_SUBDIR singleheader/none)
FetchContent_MakeAvailable(simdjson)
set(KEYWRIGHT_SIMDJSON_SOURCES ${simdjson_SOURCE_DIR}/singleheader/simdjson.cpp)
