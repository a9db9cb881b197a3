#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# rotate-plan check, look after look: the command for the next one, tokens that are being replaced,
# and what one rotation leaves to another.

load helper
load rotate

setup_file() {
  cd "$BATS_FILE_TMPDIR"
  "$JWTCTL" keygen --kid old --out-private old.jwk --out-jwks old.json 2>/dev/null
  "$JWTCTL" keygen --kid new --out-private new.jwk --out-jwks new.json 2>/dev/null
  jq -s '{keys: [.[].keys[]]}' old.json new.json >both.json
}

setup() {
  cd "$BATS_TEST_TMPDIR"
  cp "$BATS_FILE_TMPDIR"/*.json "$BATS_FILE_TMPDIR"/*.jwk .
  start_server
  serve jwks both.json
  base_plan --jwks old.json --new-key new.jwk -f json -o plan.json
  expect_status 0
  CLOCK=1772442600 # 2026-03-02T09:10:00Z; the plan activates at 09:35
}

teardown() { stop_server; }

check() { run_jwtctl rotate-plan check plan.json --jwks "$URL/jwks" --now "$CLOCK" -f json "$@" </dev/null; }
pass() { CLOCK=$((CLOCK + $1)); }

@test "the next command keeps the options" {
  asked=(--state "my state" --retries 0 --timeout 5s --any-address --samples 1)
  kept="--samples 1 --any-address --state 'my state' --timeout 5s --retries 0"
  check "${asked[@]}" --step activate
  expect_status 20
  json .command "\"sleep 1800; jwtctl rotate-plan check plan.json --jwks $URL/jwks --step activate $kept\""
  pass 1800
  check "${asked[@]}" --step activate
  expect_status 0
  json .command "\"jwtctl rotate-plan check plan.json --jwks $URL/jwks $kept --step retire --token TOKEN_FILE\""
  check "${asked[@]}" --step publish
  json .command "\"jwtctl rotate-plan check plan.json --jwks $URL/jwks $kept\""
  "$JWTCTL" sign -k new.jwk --expires-in 1h --claim sub=x --now "$CLOCK" >token 2>/dev/null
  check "${asked[@]}" --token token
  expect_status 20
  json .command "\"sleep 5220; jwtctl rotate-plan check plan.json --jwks $URL/jwks --token token $kept\""
}

@test "a later step says when the one before it may be" {
  check --state state --step retire
  json '[.answer, .next, .safe_at]' "[\"wait\",\"activate\",$((CLOCK + 1800))]"
  pass 1800
  check --state state --step retire
  json '[.answer, .next, .safe_at, .wait]' "[\"wait\",\"activate\",$CLOCK,5220]"
  json '.reasons[0]' '"activate comes first, and is possible now; retire is 5220 s away at least"'
}

@test "nothing is signed before the plan's time for it" {
  base_plan --start 2026-03-02T10:00:00Z --jwks old.json --new-key new.jwk -f json -o plan.json
  check --state state
  expect_status 20
  pass 1800
  check --state state
  expect_status 20
  json '[.phase, .safe_at_rfc3339]' '["propagating","2026-03-02T10:35:00Z"]'
  pass $((3300 - 1))
  check --state state
  json .wait 1
  pass 1
  check --state state
  expect_status 0
}

@test "a token without kid by the old key is one by the old key" {
  check --state state
  pass 1800
  "$JWTCTL" sign -k new.jwk --expires-in 1h --claim sub=x --now "$CLOCK" >token 2>/dev/null
  check --state state --token token
  pass 60
  "$JWTCTL" sign -k old.jwk --kid none --expires-in 1h --claim sub=x --now "$CLOCK" >nameless 2>/dev/null
  check --state state --token nameless
  json '[.tokens[0].kid, .tokens[0].verified]' '["old",true]'
  json '.reasons[0] | contains("signed at")' true
  pass 5220
  "$JWTCTL" sign -k new.jwk --expires-in 1h --claim sub=x --now "$CLOCK" >token 2>/dev/null
  check --state state --step retire --token token
  json '[.answer, .wait]' '["wait",5220]'
}

@test "another plan of the same keys has a state of its own" {
  check --state state
  expect_status 20
  base_plan --start 2026-03-02T09:00:01Z --jwks old.json --new-key new.jwk -f json -o plan.json
  check --state state
  expect_error 3 "the state belongs to a plan of these keys that begins at 2026-03-02T09:00:00Z, not at 2026-03-02T09:00:01Z"
}

@test "--watch goes on while a token is being replaced" {
  base_plan --publish-delay 0 --cache 0 --verifier-cache 0 --margin 0 --jwks old.json --new-key new.jwk \
    -f json -o plan.json
  "$JWTCTL" sign -k old.jwk --expires-in 1h --claim sub=x >token 2>/dev/null
  serve jwks old.json
  "$JWTCTL" rotate-plan check plan.json --jwks "$URL/jwks" --state state --watch 1s --samples 1 \
    --token token -f json >watched 2>error 3>&- &
  watcher=$!
  looks() { for _ in {1..1000}; do [ -e places/requests ] && [ "$(wc -l <places/requests)" -ge "$1" ] && return 0; sleep 0.02; done; }
  looks 2
  mv token away
  looks 6
  printf x >token
  looks 10
  kill -0 "$watcher"
  serve jwks both.json
  mv away token
  got=0
  wait "$watcher" || got=$?
  [ "$got" = 0 ] || complain "status $got: $(<error)"
  [ "$(jq -r .answer watched)" = safe ]
  # What is wrong at once is an error.
  run_jwtctl rotate-plan check plan.json --jwks "$URL/jwks" --state state --watch 1s --token missing
  expect_error 3 "--token: what it names is no file"
}
