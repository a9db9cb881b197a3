#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Measures how fast text without tokens is searched, beside grep on the same file, and how much slower
# text is that was made to cost time: at most five times.
#   JWTCTL=build/release/bin/jwtctl bash tests/bench/scan.sh [MIB]
# Needs hyperfine and jq.
set -euo pipefail

jwtctl=$(realpath "${JWTCTL:-build/release/bin/jwtctl}")
mib=${1:-300}
for tool in hyperfine jq; do
  command -v "$tool" >/dev/null || { echo "$tool is not installed" >&2; exit 1; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# Lines of a web server's log: dots, dashes and long names, but no token.
awk 'BEGIN { for (i = 0; i < 6000; i++)
  printf "2026-11-24T03:00:%02d.%06dZ api-%d.example.com 10.0.%d.%d \"GET /v1/items?id=%d HTTP/1.1\" 200 dur=%d.%dms request=%08x-%04x\n",
    i % 60, i * 37, i % 9, i % 250, i % 251, i, i % 90, i % 10, i * 7919, i % 65536 }' >part.log
while [ "$(stat -c %s part.log)" -lt $((mib * 1024 * 1024)) ]; do
  cat part.log part.log >twice.log && mv twice.log part.log
done
size=$(stat -c %s part.log)

# The best of several rounds: everything else on the machine only ever makes it slower.
hyperfine -N --warmup 2 --runs 8 --ignore-failure --export-json result.json --style none \
  -n lint "$jwtctl lint --no-config -q part.log" -n grep "grep -c eyJ part.log" >/dev/null 2>&1
jq -r --argjson mib "$((size / 1024 / 1024))" '
  [.results[] | {key: .command, value: .min}] | from_entries
  | "jwtctl lint: \($mib / .lint | round) MiB/s, grep -c eyJ: \($mib / .grep | round) MiB/s, ratio \(.lint / .grep * 100 | round / 100)"
' result.json

# made NAME UNIT: a file of the same text again and again.
made() { yes -- "$2" | { if [ "${3-}" = joined ]; then tr -d '\n'; else cat; fi; } | head -c "$hostile" >"$1" || true; }
hostile=$((64 * 1024 * 1024))
head -c "$hostile" part.log >ordinary
made begin '-----BEGIN PRIVATE KEY-----'
made begin-joined '-----BEGIN ' joined
made braces '{"a{"a' joined
made braces-encoded "$(yes '{"a{"a' | tr -d '\n' | head -c 6000 | base64 -w 0 | tr -d '=')." joined
made tokens eyJhbGciOiJub25lIn0. joined
made token-lines eyJhbGciOiJub25lIn0.
made starts 'eyeyeyeyeyeyeyeyeyeyeyeyeyeyey.' joined
made dashes '-----------' joined
# encoded TEXT: a header that is none, in front of a dot.
encoded() { printf '%s' "$1" | base64 -w 0 | tr -d '='; echo .; }
opened=$(printf '{"a":%.0s' {1..31})
closed=$(printf '}%.0s' {1..31})
made nested-open "$opened" joined
made nested-open-encoded "$(encoded "$opened")" joined
made nested "$(encoded "${opened}1$closed")" joined
head -c $((hostile / 2)) part.log | iconv -f UTF-8 -t UTF-16LE >utf-16
{ printf '\377\376' && head -c $((hostile / 2)) part.log | iconv -f UTF-8 -t UTF-16LE; } >utf-16-marked
head -c $((hostile / 4)) part.log | iconv -f UTF-8 -t UTF-32BE >utf-32
head -c "$hostile" /dev/zero >nuls
runs=()
for name in ordinary begin begin-joined braces braces-encoded tokens token-lines starts dashes \
  nested-open nested-open-encoded nested utf-16 utf-16-marked utf-32 nuls; do
  runs+=(-n "$name" "$jwtctl lint --no-config -q $name")
done
hyperfine -N --warmup 1 --runs 5 --ignore-failure --export-json hostile.json --style none "${runs[@]}" >/dev/null 2>&1
# Processor time: what else the machine does must not count against one text alone.
jq -r 'def cost: .user + .system; (.results[0] | cost) as $ordinary | .results[1:][]
  | (cost / $ordinary) as $ratio
  | "\(.command): \($ratio * 100 | round / 100) times the time of ordinary text\(if $ratio > 5 then ", TOO SLOW" else "" end)"
' hostile.json
jq -e 'def cost: .user + .system; (.results[0] | cost) as $ordinary
  | all(.results[1:][]; cost <= 5 * $ordinary)' hostile.json >/dev/null
