#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Counts the instructions of one run from start to finish, which no other load on the machine changes.
#   JWTCTL=build/release/bin/jwtctl bash tests/bench/startup.sh
# Needs valgrind. Counts above their bounds are marked; bounds are in thousands.
set -euo pipefail

jwtctl=$(realpath "${JWTCTL:-build/release/bin/jwtctl}")
command -v valgrind >/dev/null || { echo "valgrind is not installed" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

for algorithm in RS256 ES256; do
  "$jwtctl" keygen -q -a "$algorithm" --out-private "$algorithm.jwk" --out-jwks "$algorithm.jwks"
done
"$jwtctl" keygen -q -a HS256 --out-private HS256.jwk
for algorithm in RS256 ES256 HS256; do
  "$jwtctl" sign -q -k "$algorithm.jwk" --issuer https://id.example.com --audience api --expires-in 1h \
    -o "$algorithm.jwt"
done

# count BOUND NAME ARGUMENT...
count() {
  local bound=$1 name=$2 thousands mark=
  shift 2
  valgrind --tool=callgrind --callgrind-out-file=out "$jwtctl" "$@" >/dev/null 2>log
  thousands=$(($(sed -n 's/.*Collected : \([0-9]*\)$/\1/p' log) / 1000))
  [ "$thousands" -le "$bound" ] || mark=", ABOVE"
  printf '%-14s %6d thousand instructions (bound %d%s)\n' "$name" "$thousands" "$bound" "$mark"
}

count 3500 version version
count 3500 decode decode @ES256.jwt
for algorithm in RS256 ES256; do
  count 11000 "verify $algorithm" verify --jwks "$algorithm.jwks" --issuer https://id.example.com --audience api \
    "@$algorithm.jwt"
done
count 11000 "verify HS256" verify --key HS256.jwk --issuer https://id.example.com --audience api @HS256.jwt
