#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs clang-tidy (14) with .clang-tidy over the sources of lib/ and cli/.
#   sh tests/tidy.sh [SHARE]
# With SHARE only every SHARE-th file, from one that the commit chooses: so all have their turn.
set -eu
cd "$(dirname "$0")/.."

share=${1:-1}
seed=$((0x$(git rev-parse --short=7 HEAD)))
# Without precompiled headers, which belong to one compiler.
cmake -S . -B build/tidy -G Ninja -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_COMPILER=clang++-14 -DBUILD_TESTING=OFF \
  -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON -DCMAKE_EXPORT_COMPILE_COMMANDS=ON >/dev/null
git ls-files 'lib/*.cpp' 'cli/*.cpp' | awk -v share="$share" -v seed="$seed" '(NR + seed) % share == 0' |
  xargs -n 1 -P "$(getconf _NPROCESSORS_ONLN)" clang-tidy-14 -p build/tidy --quiet
