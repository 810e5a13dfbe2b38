# Installs the C++ library: find_package(CloudNode), target CloudNode::CloudNode.
# Its public headers are those a program needs to configure and run a node; the rooms themselves stay private.
include(CMakePackageConfigHelpers)

add_library(cloudnode_library INTERFACE)
set_target_properties(cloudnode_library PROPERTIES EXPORT_NAME CloudNode)
target_link_libraries(cloudnode_library INTERFACE cloudnode::node)
# <cloudnode/node/cloudnode.h> for programs, <config/nodeconfig.h> for the headers among themselves.
target_include_directories(cloudnode_library INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)

get_property(rooms GLOBAL PROPERTY CLOUDNODE_ROOMS)
set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/CloudNode)
install(TARGETS cloudnode_library ${rooms} EXPORT CloudNodeTargets
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}/cloudnode COMPONENT dev)
install(EXPORT CloudNodeTargets NAMESPACE CloudNode:: DESTINATION ${package_folder} COMPONENT dev)
foreach(header base/error.h base/workloadlimits.h config/nodeconfig.h node/cloudnode.h node/exitcodes.h)
    get_filename_component(room ${header} DIRECTORY)
    install(FILES core/${header} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/cloudnode/${room} COMPONENT dev)
endforeach()

# Static libraries pass on what they need: whoever links them has to find the same packages.
set(CLOUDNODE_BUNDLED_MQTT FALSE)
if(TARGET cloudnode_qtmqtt)
    set(CLOUDNODE_BUNDLED_MQTT TRUE)
endif()
configure_package_config_file(installer/CloudNodeConfig.cmake.in ${PROJECT_BINARY_DIR}/CloudNodeConfig.cmake
    INSTALL_DESTINATION ${package_folder})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/CloudNodeConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/CloudNodeConfig.cmake ${PROJECT_BINARY_DIR}/CloudNodeConfigVersion.cmake
    DESTINATION ${package_folder} COMPONENT dev)
# Stripping, when it is asked for, leaves out static libraries; of those only debugging information may go.
install(CODE "if(CMAKE_INSTALL_DO_STRIP)
    file(GLOB archives \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_LIBDIR}/cloudnode/*.a\")
    execute_process(COMMAND ${CMAKE_STRIP} --strip-debug --remove-section=.comment --enable-deterministic-archives \${archives}
        COMMAND_ERROR_IS_FATAL ANY)
endif()" COMPONENT dev)
