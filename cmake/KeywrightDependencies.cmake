# What Keywright is built on. Each library is looked for with find_package first; where it is missing, the pinned
# release below is downloaded, checked against its hash and built.
#
#     -D FETCHCONTENT_TRY_FIND_PACKAGE_MODE=NEVER      always take the pinned release
#     -D FETCHCONTENT_SOURCE_DIR_<NAME>=<folder>       take unpacked sources instead, without a download
#     -D FETCHCONTENT_FULLY_DISCONNECTED=ON            never download
#
# Sets KEYWRIGHT_LIBRARY_DEPENDENCIES, what the library links. What no consumer of the library needs is kept out of the
# exported targets by BUILD_INTERFACE: PEGTL and nlohmann/json always, fmt where it was downloaded (it is then compiled
# into the library from its headers).
include(FetchContent)

# The fetched projects are told what not to build by plain variables, whatever policies they ask for.
set(CMAKE_POLICY_DEFAULT_CMP0077 NEW)

# keywright_dependency(<name> FIND <arguments of find_package>… URL <url> SHA256 <hash> [QUIETLY <option>…])
# QUIETLY lists options of the fetched project to switch off.
macro(keywright_dependency name)
    cmake_parse_arguments(dependency "" "URL;SHA256" "FIND;QUIETLY" ${ARGN})
    foreach(option IN LISTS dependency_QUIETLY)
        set(${option} OFF)
    endforeach()
    # SYSTEM has to stand first: after URL_HASH it would be taken for a part of the hash.
    FetchContent_Declare(${name} SYSTEM
        URL ${dependency_URL} URL_HASH SHA256=${dependency_SHA256} DOWNLOAD_EXTRACT_TIMESTAMP ON
        FIND_PACKAGE_ARGS ${dependency_FIND})
    FetchContent_MakeAvailable(${name})
endmacro()

keywright_dependency(fmt FIND 9 CONFIG
    URL https://github.com/fmtlib/fmt/archive/refs/tags/9.1.0.tar.gz
    SHA256 5dea48d1fcddc3ec571ce2058e13910a0d4a6bab4cc09a809d8b1dd1c88ae6f2
    QUIETLY FMT_INSTALL FMT_DOC FMT_TEST)
keywright_dependency(pegtl FIND 3.2.7 CONFIG
    URL https://github.com/taocpp/PEGTL/archive/refs/tags/3.2.7.tar.gz
    SHA256 d6cd113d8bd14e98bcbe7b7f8fc1e1e33448dc359e8cd4cca30e034ec2f0642d
    QUIETLY PEGTL_INSTALL PEGTL_BUILD_TESTS PEGTL_BUILD_EXAMPLES)
keywright_dependency(nlohmann_json FIND 3.11 CONFIG
    URL https://github.com/nlohmann/json/releases/download/v3.11.2/json.tar.xz
    SHA256 8c4b26bf4b422252e13f332bc5e388ec0ab5c3443d24399acb675e68278d341f
    QUIETLY JSON_Install JSON_BuildTests)
include(KeywrightSodium)
include(KeywrightSimdjson)
find_package(Threads REQUIRED)

get_target_property(KEYWRIGHT_FMT_FOUND fmt::fmt IMPORTED)
set(KEYWRIGHT_LIBRARY_DEPENDENCIES
    $<IF:$<BOOL:${KEYWRIGHT_FMT_FOUND}>,fmt::fmt,$<BUILD_INTERFACE:fmt::fmt-header-only>>
    $<BUILD_INTERFACE:taocpp::pegtl>
    $<BUILD_INTERFACE:nlohmann_json::nlohmann_json>
    ${KEYWRIGHT_SODIUM_LINK}
    ${KEYWRIGHT_SIMDJSON_LINK}
    Threads::Threads)

if(KEYWRIGHT_WITH_Z3)
    # The one dependency that is never downloaded: building Z3 takes longer than all the rest together.
    find_package(z3 4.8 QUIET)
    if(NOT TARGET z3::z3)
        message(FATAL_ERROR "KEYWRIGHT_WITH_Z3 is ON, but Z3 is missing.\n"
            "Install its development files (`libz3-dev` on Debian and Ubuntu, `z3-devel` on Fedora, `z3` in Homebrew "
            "and Arch), or leave the option off.")
    endif()
    list(APPEND KEYWRIGHT_LIBRARY_DEPENDENCIES z3::z3)
endif()

if(KEYWRIGHT_COMMAND)
    keywright_dependency(CLI11 FIND 2.1 CONFIG
        URL https://github.com/CLIUtils/CLI11/archive/v2.1.2.tar.gz
        SHA256 26291377e892ba0e5b4972cdfd4a2ab3bf53af8dac1f4ea8fe0d1376b625c8cb
        QUIETLY CLI11_INSTALL CLI11_BUILD_DOCS CLI11_BUILD_TESTS CLI11_BUILD_EXAMPLES)
    keywright_dependency(tomlplusplus FIND 3 CONFIG
        URL https://github.com/marzer/tomlplusplus/archive/refs/tags/v3.3.0.tar.gz
        SHA256 fc1a5eb410f3c67e90e5ad1264a1386d020067cfb01b633cc8c0441789aa6cf2)
    # Compressed inventories. Both are parts of every system, so they aren't downloaded.
    find_package(ZLIB QUIET)
    find_package(zstd CONFIG QUIET)
    if(NOT TARGET ZLIB::ZLIB OR NOT TARGET zstd::libzstd_shared)
        message(FATAL_ERROR "zlib or zstd is missing, with which the command reads compressed files.\n"
            "Install their development files: `zlib1g-dev` and `libzstd-dev` on Debian and Ubuntu, `zlib-devel` and "
            "`libzstd-devel` on Fedora, `zlib` and `zstd` in Homebrew and Arch.")
    endif()
endif()
if(KEYWRIGHT_TESTS)
    set(DOCTEST_NO_INSTALL ON)
    keywright_dependency(doctest FIND 2.4 CONFIG
        URL https://github.com/doctest/doctest/archive/refs/tags/v2.4.9.tar.gz
        SHA256 19b2df757f2f3703a5e63cee553d85596875f06d91a3333acd80a969ef210856
        QUIETLY DOCTEST_WITH_TESTS DOCTEST_WITH_MAIN_IN_STATIC_LIB)
endif()
if(KEYWRIGHT_BENCH)
    keywright_dependency(benchmark FIND 1.7 CONFIG
        URL https://github.com/google/benchmark/archive/refs/tags/v1.7.1.tar.gz
        SHA256 6430e4092653380d9dc4ccb45a1e2dc9259d581f4866dc0759713126056bc1d7
        QUIETLY BENCHMARK_ENABLE_INSTALL BENCHMARK_ENABLE_TESTING BENCHMARK_ENABLE_GTEST_TESTS BENCHMARK_INSTALL_DOCS)
endif()
