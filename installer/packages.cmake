# What is installed besides the programs, and the packages made of it: DEB on Debian and its relatives, an NSIS
# installer on Windows, a disk image on macOS. PLATFORMS.md says which of these have been run.
set(CPACK_PACKAGE_NAME cloudnode)
set(CPACK_PACKAGE_VENDOR "The cloudnode authors")
set(CPACK_PACKAGE_CONTACT "The cloudnode authors <maintainers@cloudnode.invalid>")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_VERBATIM_VARIABLES ON)

if(WIN32)
    include(installer/windows/package.cmake)
elseif(APPLE)
    include(installer/macos/package.cmake)
else()
    include(installer/linux.cmake)
    include(installer/debian/packages.cmake)
endif()
include(CPack)
