# libsodium (SHA-256, signatures, scrypt): the system's, or its pinned release built by its own configure script into a static library.
#
# Sets KEYWRIGHT_SODIUM_LINK, what the library links, and KEYWRIGHT_SODIUM_ARCHIVE, the static library built here, or
# empty. That one is installed with ours, since a static library doesn't carry its dependencies.
set(KEYWRIGHT_SODIUM_ARCHIVE "")
if(NOT FETCHCONTENT_TRY_FIND_PACKAGE_MODE STREQUAL "NEVER")
    find_package(sodium QUIET)
endif()
if(TARGET sodium::sodium)
    set(KEYWRIGHT_SODIUM_LINK sodium::sodium)
    return()
endif()

find_program(KEYWRIGHT_MAKE NAMES gmake make)
if(NOT KEYWRIGHT_MAKE)
    message(FATAL_ERROR "libsodium is missing, and so is `make` to build it with.\n"
        "Install libsodium's development files: `libsodium-dev` on Debian and Ubuntu, `libsodium-devel` on Fedora, "
        "`libsodium` in Homebrew and Arch.")
endif()

# With a `configure` script, unlike the tag's own archive. No CMakeLists.txt, so nothing is added to the build by this.
FetchContent_Declare(sodium SYSTEM
    URL https://download.libsodium.org/libsodium/releases/libsodium-1.0.18.tar.gz
        https://github.com/jedisct1/libsodium/releases/download/1.0.18-RELEASE/libsodium-1.0.18.tar.gz
    URL_HASH SHA256=6f504490b342a4f8a4c4a02fc9b866cbef8622d5df4e5452b46be121e46636c1
    DOWNLOAD_EXTRACT_TIMESTAMP ON)
FetchContent_MakeAvailable(sodium)

include(ExternalProject)
set(sodium_prefix ${CMAKE_CURRENT_BINARY_DIR}/sodium)
set(KEYWRIGHT_SODIUM_ARCHIVE ${sodium_prefix}/lib/libsodium.a)
ExternalProject_Add(keywright_sodium_build
    SOURCE_DIR ${sodium_SOURCE_DIR}
    CONFIGURE_COMMAND ${sodium_SOURCE_DIR}/configure --quiet --prefix=${sodium_prefix} --libdir=${sodium_prefix}/lib
        --disable-shared --enable-static --with-pic
    BUILD_COMMAND ${KEYWRIGHT_MAKE} -s -j2
    INSTALL_COMMAND ${KEYWRIGHT_MAKE} -s install
    BUILD_BYPRODUCTS ${KEYWRIGHT_SODIUM_ARCHIVE}
    LOG_CONFIGURE ON LOG_BUILD ON LOG_INSTALL ON LOG_OUTPUT_ON_FAILURE ON)
file(MAKE_DIRECTORY ${sodium_prefix}/include)   # an imported target's folder has to exist when CMake configures

add_library(keywright_sodium STATIC IMPORTED GLOBAL)
add_dependencies(keywright_sodium keywright_sodium_build)
set_target_properties(keywright_sodium PROPERTIES
    IMPORTED_LOCATION ${KEYWRIGHT_SODIUM_ARCHIVE}
    INTERFACE_INCLUDE_DIRECTORIES ${sodium_prefix}/include)
set(KEYWRIGHT_SODIUM_LINK $<BUILD_INTERFACE:keywright_sodium> $<INSTALL_INTERFACE:sodium::sodium>)
