#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What a change is tried with while it is made: builds, and runs the unit tests without the slow ones, the layers, and
# whether man/ and completions/ are what the program renders. Needs what tests/run.sh installs.
#   sh tests/quick.sh
# One file of tests: build/dev/tests/unit_tests -# '[#window_test]'
set -eu
cd "$(dirname "$0")/.."

[ -f build/dev/build.ninja ] ||
  cmake --preset dev -DCMAKE_CXX_COMPILER="$(command -v clang++-14 || command -v clang++ || echo c++)"
cmake --build --preset dev --target unit_tests jwtctl
# In one process: to start so large a program for each file takes longer than most files.
TZ=Pacific/Chatham LC_ALL=C.UTF-8 JWTCTL_PROVIDERS=$PWD/tests/network/providers \
  JWTCTL_VECTORS=${JWTCTL_VECTORS:-$PWD/../shared/vectors} build/dev/tests/unit_tests '~[slow]'
ctest --preset dev -L '^house$'
