# A disk image for macOS, with the LaunchAgent in it. Never run: the node does not run there yet, see
# installer/PLATFORMS.md.
set(CPACK_GENERATOR DragNDrop)
set(CPACK_DMG_VOLUME_NAME "Cyberwave Cloud Node")
set(CPACK_DMG_FORMAT UDZO)
install(FILES installer/macos/com.cyberwave.cloud-node.plist DESTINATION ${CMAKE_INSTALL_DATADIR}/cloudnode COMPONENT node)
