// Nothing: the headers read in advance for it are what others share, see CMakeLists.txt.
