# What a Linux system wants to have of a program: manual pages, completions, units, and its entry in menus.

# cloudnode_install_compressed(file DESTINATION folder COMPONENT name): as Debian wants manuals and changelogs.
function(cloudnode_install_compressed file)
    cmake_parse_arguments(INSTALL "" "DESTINATION;COMPONENT" "" ${ARGN})
    get_filename_component(file ${file} ABSOLUTE)
    get_filename_component(name ${file} NAME)
    set(compressed ${PROJECT_BINARY_DIR}/compressed/${name}.gz)
    file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/compressed)
    execute_process(COMMAND gzip -9n INPUT_FILE ${file} OUTPUT_FILE ${compressed} COMMAND_ERROR_IS_FATAL ANY)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    install(FILES ${compressed} DESTINATION ${INSTALL_DESTINATION} COMPONENT ${INSTALL_COMPONENT})
endfunction()

cloudnode_install_compressed(installer/man/cloudnode.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT node)
cloudnode_install_compressed(installer/man/cloudnode-sandbox.1
    DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT sandbox)
# The second name has the same page.
install(CODE "file(CREATE_LINK cloudnode.1.gz
    \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_MANDIR}/man1/cyberwave-cloud-node.1.gz\" SYMBOLIC)"
    COMPONENT node)

set(completions installer/completions)
foreach(name cloudnode cyberwave-cloud-node) # bash looks for a file of the command's name
    install(FILES ${completions}/cloudnode.bash RENAME ${name}
        DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions COMPONENT node)
endforeach()
install(FILES ${completions}/_cloudnode DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions COMPONENT node)
install(FILES ${completions}/cloudnode.fish
    DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d COMPONENT node)

# systemd does not look below other prefixes' multiarch folders.
install(FILES installer/systemd/cyberwave-cloud-node.service DESTINATION lib/systemd/system COMPONENT node)
install(FILES installer/systemd/workloads-survive.conf
    DESTINATION lib/systemd/system/cyberwave-cloud-node.service.d COMPONENT node)
install(FILES installer/systemd/user/cyberwave-cloud-node.service DESTINATION lib/systemd/user COMPONENT node)
install(FILES installer/systemd/workloads-survive.conf
    DESTINATION lib/systemd/user/cyberwave-cloud-node.service.d COMPONENT node)
install(DIRECTORY installer/examples
    DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/cyberwave-cloud-node COMPONENT node)

if(CLOUDNODE_UI)
    set(metainfo com.cyberwave.cloudnode.metainfo.xml)
    configure_file(installer/desktop/${metainfo} ${PROJECT_BINARY_DIR}/${metainfo} @ONLY)
    install(FILES ${PROJECT_BINARY_DIR}/${metainfo} DESTINATION ${CMAKE_INSTALL_DATADIR}/metainfo COMPONENT gui)
    install(FILES installer/desktop/cloudnode.desktop
        DESTINATION ${CMAKE_INSTALL_DATADIR}/applications COMPONENT gui)
    # Below /usr, as in a package, systems look for this in /etc; elsewhere nobody would, and everybody's own "Start at
    # login" has to do.
    install(CODE "cmake_path(SET prefix NORMALIZE \"\${CMAKE_INSTALL_PREFIX}\")
        if(prefix MATCHES \"/usr/?$\")
            cmake_path(SET etc NORMALIZE \"\${CMAKE_INSTALL_PREFIX}/../etc/xdg/autostart\")
            file(INSTALL DESTINATION \"\${etc}\" TYPE FILE RENAME cloudnode.desktop
                FILES \"${PROJECT_SOURCE_DIR}/installer/desktop/autostart.desktop\")
        endif()" COMPONENT gui)
    set(theme ${CMAKE_INSTALL_DATADIR}/icons/hicolor)
    install(FILES resources/icons/cloudnode.svg DESTINATION ${theme}/scalable/apps COMPONENT gui)
    foreach(size 48 128)
        install(FILES resources/icons/app/cloudnode-${size}.png RENAME cloudnode.png
            DESTINATION ${theme}/${size}x${size}/apps COMPONENT gui)
    endforeach()
endif()
