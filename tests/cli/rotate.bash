# SPDX-License-Identifier: Apache-2.0
# What the tests of rotations share: the base case of the timing model, and a server.
# shellcheck shell=bash

BASE="--publish-delay 300 --cache 300 --verifier-cache 600 --signer-rollout 600 --token-ttl 3600
  --skew 120 --margin 900 --missed-refreshes 0 --start 2026-03-02T09:00:00Z --now 2026-03-02T08:00:00Z"

# plan ARGUMENT...: runs rotate-plan.
plan() { run_jwtctl rotate-plan "$@" </dev/null; }

# base_plan ARGUMENT...: V1 with changes, which stand behind; the last of an option that is said
# twice would be an error, so an option that is changed is left out of the base.
base_plan() {
  local base=" $(tr '\n' ' ' <<<"$BASE")" word
  for word in "$@"; do
    case $word in
      --token-ttl | --cache | --verifier-cache) base=$(sed -E "s/ +$word +[^ ]+//g" <<<"$base") ;;
      --*) base=$(sed -E "s/ +$word +[^ ]+//" <<<"$base") ;;
    esac
  done
  # shellcheck disable=SC2086 # words without blanks
  plan $base "$@"
}

# at PHASE: the instant of a phase in the JSON plan on stdout.
at() { jq -r --arg id "$1" '.phases[] | select(.id == $id) | .at_rfc3339' <<<"$output"; }

# phases ID=TIME...: each of these phases is at this instant.
phases() {
  local pair actual
  expect_status 0 || return
  for pair in "$@"; do
    actual=$(at "${pair%%=*}")
    [ "$actual" == "${pair#*=}" ] || complain "${pair%%=*} is at $actual, expected ${pair#*=}" || return
  done
}

# start_server: serves $PLACES, URL is where.
start_server() {
  PLACES=$BATS_TEST_TMPDIR/places
  mkdir -p "$PLACES"
  python3 "$BATS_TEST_DIRNAME/rotate_server.py" "$PLACES" 3>&- >"$BATS_TEST_TMPDIR/server.log" 2>&1 &
  SERVER=$!
  for _ in {1..500}; do
    [ ! -s "$PLACES/port" ] || break
    sleep 0.02
  done
  URL=http://127.0.0.1:$(<"$PLACES/port")
}

stop_server() {
  [ -z "${SERVER-}" ] || kill "$SERVER"
}

# serve PLACE SET...: the replicas of a place answer in turn with these files.
serve() {
  local place=$1 set n=0
  shift
  rm -rf "${PLACES:?}/$place.new" && mkdir "$PLACES/$place.new"
  for set in "$@"; do
    n=$((n + 1))
    cp "$set" "$PLACES/$place.new/$n"
  done
  rm -rf "${PLACES:?}/$place" && mv "$PLACES/$place.new" "$PLACES/$place"
}
