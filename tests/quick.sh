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
ctest --preset dev -L '^(unit|house)$' --parallel "$(getconf _NPROCESSORS_ONLN)"
