# An installer for Windows. Never run: the node does not run there yet, see installer/PLATFORMS.md.
set(CPACK_GENERATOR NSIS)
set(CPACK_PACKAGE_INSTALL_DIRECTORY "Cyberwave Cloud Node")
set(CPACK_PACKAGE_EXECUTABLES cloudnode "Cloud Node") # the entry in the start menu
set(CPACK_NSIS_DISPLAY_NAME "Cyberwave Cloud Node")
set(CPACK_NSIS_MODIFY_PATH ON)
set(CPACK_NSIS_ENABLE_UNINSTALL_BEFORE_INSTALL ON)
set(CPACK_NSIS_INSTALLED_ICON_NAME bin\\\\cloudnode.exe)
