# The Debian packages: `cpack` in the build folder makes them.
#   cyberwave-cloud-node          node, runner, command line, units; no library of a desktop's
#   cyberwave-cloud-node-gui      tray and window
#   cyberwave-cloud-node-sandbox  the stand-in cloud; apart, since servers need neither Qt's HTTP server nor a broker
#   libcloudnode-dev              to run nodes in programs of one's own
# Which files belong to which is said by the COMPONENT they are installed with.
set(debian ${PROJECT_SOURCE_DIR}/installer/debian)

# What every package has: why it is there, under which conditions, and what lintian is not to complain about.
function(cloudnode_debian_package component package)
    set(documents ${CMAKE_INSTALL_DATADIR}/doc/${package})
    install(FILES ${debian}/copyright DESTINATION ${documents} COMPONENT ${component})
    cloudnode_install_compressed(${debian}/changelog DESTINATION ${documents} COMPONENT ${component})
    if(EXISTS ${debian}/overrides/${package})
        install(FILES ${debian}/overrides/${package}
            DESTINATION ${CMAKE_INSTALL_DATADIR}/lintian/overrides COMPONENT ${component})
    endif()
    string(TOUPPER ${component} COMPONENT)
    set(CPACK_DEBIAN_${COMPONENT}_PACKAGE_NAME ${package} PARENT_SCOPE)
    set(CPACK_DEBIAN_${COMPONENT}_FILE_NAME DEB-DEFAULT PARENT_SCOPE)
endfunction()

set(CPACK_COMPONENTS_ALL node sandbox dev)
cloudnode_debian_package(node cyberwave-cloud-node)
cloudnode_debian_package(sandbox cyberwave-cloud-node-sandbox)
cloudnode_debian_package(dev libcloudnode-dev)
if(CLOUDNODE_UI)
    list(APPEND CPACK_COMPONENTS_ALL gui)
    cloudnode_debian_package(gui cyberwave-cloud-node-gui)
endif()

set(CPACK_GENERATOR DEB)
set(CPACK_PROJECT_CONFIG_FILE ${debian}/descriptions.cmake)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_PACKAGE_MAINTAINER ${CPACK_PACKAGE_CONTACT})
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

set(CPACK_COMPONENT_NODE_DESCRIPTION "turns a computer into a Cyberwave Cloud Node
Registers this computer with Cyberwave, takes commands over an outbound
MQTT connection, runs the owner's inference and training commands as
independent processes, and reports their results, whatever happens to the
node meanwhile: a workload outlives restarts and upgrades.
.
For servers; the tray and the window are in cyberwave-cloud-node-gui.")
set(CPACK_DEBIAN_NODE_PACKAGE_SECTION net)
set(CPACK_DEBIAN_NODE_PACKAGE_DEPENDS "adduser, ca-certificates")
set(CPACK_DEBIAN_NODE_PACKAGE_RECOMMENDS "bash-completion")
set(CPACK_DEBIAN_NODE_PACKAGE_SUGGESTS "cyberwave-cloud-node-gui")
set(CPACK_DEBIAN_NODE_PACKAGE_CONTROL_EXTRA ${debian}/node/postinst ${debian}/node/prerm ${debian}/node/postrm)

set(CPACK_COMPONENT_GUI_DESCRIPTION "tray and window of a Cyberwave Cloud Node
Shows what the node of this computer does, its workloads with their output,
and its connections, and lets its owner pause it and cancel workloads.
.
It hosts a node where none runs, and attaches to one that does.")
set(CPACK_DEBIAN_GUI_PACKAGE_SECTION net)
set(CPACK_DEBIAN_GUI_PACKAGE_DEPENDS
    "cyberwave-cloud-node (= ${PROJECT_VERSION}), hicolor-icon-theme, libqt6svg6, qt6-qpa-plugins")
set(CPACK_DEBIAN_GUI_PACKAGE_RECOMMENDS "qt6-wayland")
set(CPACK_DEBIAN_GUI_PACKAGE_CONTROL_EXTRA ${debian}/gui/conffiles)

set(CPACK_COMPONENT_SANDBOX_DESCRIPTION "stand-in cloud to try Cyberwave Cloud Nodes with
Plays the Cyberwave cloud on loopback, REST interface and MQTT broker, so that
nodes, and programs that talk to nodes, can be tried and tested without an
account. It holds what nodes send against the specification.")
set(CPACK_DEBIAN_SANDBOX_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_SANDBOX_PACKAGE_DEPENDS mosquitto)
set(CPACK_DEBIAN_SANDBOX_PACKAGE_SUGGESTS cyberwave-cloud-node)

set(CPACK_COMPONENT_DEV_DESCRIPTION "C++ library to run a Cyberwave Cloud Node in a program of one's own
Headers, static libraries and the CMake package CloudNode, with the target
CloudNode::CloudNode.")
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS
    "cyberwave-cloud-node (= ${PROJECT_VERSION}), libexpected-dev, libmosquitto-dev, libssl-dev, libyaml-cpp-dev, qt6-base-dev")
