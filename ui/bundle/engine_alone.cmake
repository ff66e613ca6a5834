# Read by CMake when llama-cpp-python is compiled: leaves out what Footnote never loads.
#
# llama-cpp-python orders llama.cpp's library for its command-line programs (chat templates, argument parsing, an
# HTTP client), by a cache variable that no -D can change. Nothing in the Python package loads that library, and it is
# half of the work. A variable of the project itself goes before one of the cache (CMake's policy CMP0126).
set(LLAMA_BUILD_COMMON OFF)
