// Nothing: the headers are what this library is for, see tests/CMakeLists.txt.
