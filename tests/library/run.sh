#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds the library into the project in this folder as another project would, under ThreadSanitizer, and lets its example
# verify tokens of every algorithm from four threads.
#   JWTCTL=build/release/bin/jwtctl sh tests/library/run.sh [BUILD-FOLDER]
set -eu

here=$(cd "$(dirname "$0")" && pwd)
jwtctl=$(realpath "${JWTCTL:-build/release/bin/jwtctl}")
build=${1:-build/library-threads}

# Unoptimised: it is built to be watched, once.
cmake -S "$here" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG=-O0 \
  -DCMAKE_CXX_COMPILER="$(command -v clang++-14 || command -v clang++-19 || command -v clang++ || echo c++)" \
  -DCMAKE_CXX_FLAGS=-fsanitize=thread
cmake --build "$build" --target verify_in_threads
example=$(realpath "$build/verify_in_threads")

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
for alg in RS256 PS384 ES256 ES384 Ed25519; do
  "$jwtctl" keygen -a "$alg" --kid "$alg" --out-private "$alg.jwk" --out-jwks keys.json --append 2>/dev/null
  for n in 1 2 3 4 5 6; do
    "$jwtctl" sign -k "$alg.jwk" --issuer i --audience a --subject "$n" --expires-in 1h
  done
done >tokens
[ "$(wc -l <tokens)" -eq 30 ]
for n in 1 2 3 4 5 6 7 8; do cat tokens; done >many

expect() { # expect STATUS LINE: of the example on stdin
  status=0
  said=$("$example" keys.json i a) || status=$?
  [ "$status" -eq "$1" ] && [ "$said" = "$2" ] && return
  echo "run.sh: expected $1 and \"$2\", got $status and \"$said\"" >&2
  exit 1
}
expect 0 "240 of 240 tokens are good" <many
{ cat many; sed 's/\(.*\)\..*/\1.AAAA/' tokens; } | expect 1 "240 of 270 tokens are good"
echo "the example agrees with itself in four threads"
