#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds the fuzz targets (Clang 14) and runs them, as many at a time as there are processors.
#   sh tests/fuzz/run.sh [SECONDS [TARGET...]]
# SECONDS are for each target (default 3600), TARGETs all. What is new is kept in build/fuzz/found. A
# fault is written to build/fuzz/faults, told, and the status is 1. JWTCTL_FUZZ_SEED and JWTCTL_FUZZ_RUNS (of each) make a
# run that can be repeated, JWTCTL_FUZZ_JOBS says how many run at a time.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
seconds=${1:-3600}
[ $# -eq 0 ] || shift
all=$(sed -n 's/^set(targets \(.*\))$/\1/p' "$root/tests/fuzz/CMakeLists.txt")
targets=${*:-$all}

cd "$root"
[ -f build/fuzz/build.ninja ] || cmake --preset fuzz >/dev/null
# shellcheck disable=SC2046,SC2086 # a list of names
cmake --build --preset fuzz --target $(printf '%s_fuzz ' $targets) >build/fuzz/build.log ||
  { cat build/fuzz/build.log; exit 2; }

# run_one TARGET: runs it from its corpus, and says how often it ran.
run_one() {
  found=build/fuzz/found/$1
  mkdir -p "$found" build/fuzz/faults
  log=build/fuzz/$1.log
  status=0
  # A line of 4 KiB reaches everything but limits, and an input that takes ten seconds is a fault.
  build/fuzz/bin/"$1"_fuzz -max_total_time="$seconds" -max_len=4096 -timeout=10 -rss_limit_mb=2048 \
    -artifact_prefix=build/fuzz/faults/"$1"- -print_final_stats=1 -verbosity=0 -seed="${JWTCTL_FUZZ_SEED:-0}" -runs="${JWTCTL_FUZZ_RUNS:--1}" \
    "$found" tests/fuzz/corpus/"$1" >"$log" 2>&1 || status=1
  runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  echo "$1 ${runs:-0} executions"
  if [ "$status" -ne 0 ]; then
    echo "$1: FAULT, see build/fuzz/faults and $log"
    grep -m 3 -E 'does not hold|ERROR|SUMMARY' "$log" || tail -n 20 "$log"
  fi
  return "$status"
}

status=0
running=0
pids=
for target in $targets; do
  run_one "$target" &
  pids="$pids $!"
  running=$((running + 1))
  if [ "$running" -ge "${JWTCTL_FUZZ_JOBS:-$(getconf _NPROCESSORS_ONLN)}" ]; then
    for pid in $pids; do wait "$pid" || status=1; done
    pids=
    running=0
  fi
done
for pid in $pids; do wait "$pid" || status=1; done
exit "$status"
