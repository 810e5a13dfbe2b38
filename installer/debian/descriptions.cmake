# Read by cpack itself. Each package's description begins with a summary of its own, see packages.cmake; without this,
# the project's summary would stand before all of them.
unset(CPACK_PACKAGE_DESCRIPTION_SUMMARY)
