#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs what the tests need (with apt-get, where that is there), builds, runs every test.
#   sh tests/run.sh
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/packaging/dependencies.sh"
# shellcheck disable=SC2086 # a list of names
install_packages $test_packages

cd "$root"
# What is installed, for most of the tests of commands.
cmake --preset release -DBUILD_TESTING=OFF
cmake --build --preset release --target jwtctl

# Clang where it is: its sanitizers build in half the time, and GCC has seen every file above.
cmake --preset dev -DCMAKE_CXX_COMPILER="$(command -v clang++-14 || command -v clang++-19 || command -v clang++ || echo c++)"
cmake --build --preset dev
JWTCTL_FAST=$root/build/release/bin/jwtctl ctest --preset dev --parallel "$(getconf _NPROCESSORS_ONLN)"
