#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Servers that cannot be reached, or that break off: status 4, the reason, and no copy is harmed.

load ../cli/helper
load network

setup_file() {
  make_generations
  start_server
}
teardown_file() { stop_server "$SERVER_PID"; }
setup() { in_a_new_world; }

@test "connection refused" {
  port=$(refusing_port)
  survives "http://127.0.0.1:$port/jwks" 4 network.connect "127.0.0.1:$port" --retries 0
}

@test "a host without an address" {
  # A label is at most 63 octets long, so no name server needs to be asked.
  survives "https://$(repeat 64 x).invalid/jwks" 4 network.dns "resolve" --retries 0
}

@test "a port that drops what connects" {
  survives "$BLACKHOLE/jwks" 4 network.timeout "cannot fetch $BLACKHOLE/jwks" \
    --retries 0 --timeout 5 --connect-timeout 1
}

@test "no answer until the timeout" {
  put jwks "$OLD_SET" '!fault no-answer'
  survives "$BASE/jwks" 4 network.timeout "cannot fetch $BASE/jwks" --retries 0 --timeout 1
}

@test "slow headers" {
  put jwks "$OLD_SET" '!fault slow-headers'
  survives "$BASE/jwks" 4 network.timeout "cannot fetch $BASE/jwks" --retries 0 --timeout 1
}

@test "slow body" {
  put jwks "$OLD_SET" '!fault slow-body' 'Content-Length: 1000000'
  survives "$BASE/jwks" 4 network.timeout "cannot fetch $BASE/jwks" --retries 0 --timeout 1
}

@test "hung up without an answer" {
  put jwks "$OLD_SET" '!fault hang-up'
  survives "$BASE/jwks" 4 'network.*' "cannot fetch $BASE/jwks" --retries 0
}

@test "reset before the answer" {
  put jwks "$OLD_SET" '!fault reset'
  survives "$BASE/jwks" 4 'network.*' "cannot fetch $BASE/jwks" --retries 0
}

@test "reset in the middle of the body" {
  put jwks "$OLD_SET" '!fault reset-in-body'
  survives "$BASE/jwks" 4 'network.*' "cannot fetch $BASE/jwks" --retries 0
}

@test "a body shorter than its Content-Length" {
  put jwks "$OLD_SET" '!fault truncated'
  survives "$BASE/jwks" 4 network.body "cannot fetch $BASE/jwks" --retries 0
}

@test "a body cut off where the set would still parse" {
  # Every key is there, only the last brackets and blanks are missing; a lenient reader would take it.
  put jwks "$OLD_SET$(repeat 2000 ' ')" '!fault truncated' "Content-Length: 5000"
  survives "$BASE/jwks" 4 network.body "cannot fetch $BASE/jwks" --retries 0
}

@test "what is no HTTP" {
  put jwks "$OLD_SET" '!fault garbage'
  survives "$BASE/jwks" 4 'network.*' "cannot fetch $BASE/jwks" --retries 0
}

@test "headers without end" {
  put jwks "$OLD_SET" '!fault endless-headers'
  survives "$BASE/jwks" 4 network.body "$BASE/jwks" --retries 0
}

@test "a body without end" {
  put jwks "$OLD_SET" '!fault endless-body' 'Content-Length:'
  survives "$BASE/jwks" 4 network.body "1048576 bytes" --retries 0
}

@test "a fresh copy needs no server, and an unknown kid does not turn its fault into a verdict of 4" {
  put jwks "$OLD_SET" '!fault hang-up'
  plant "$BASE/jwks" "$OLD_SET"
  keep_copies
  verify_with "$BASE/jwks" "$OLD"
  expect_status 0
  requests_are 0
  verify_with "$BASE/jwks" "$LOST" --retries 0
  expect_status 12
  stderr_has "the copy lacks the token's kid" "cannot fetch $BASE/jwks"
  requests_are 1
  copies_are_unchanged
}

@test "trouble of the connection is tried again, twice, unless --retries says otherwise" {
  put jwks "$OLD_SET" '!fault hang-up'
  fetch "$BASE/jwks"
  expect_error 4 "$BASE/jwks"
  requests_are 3
  clear_log
  fetch "$BASE/jwks" --retries 1
  expect_error 4 "$BASE/jwks"
  requests_are 2
}

@test "the timeout is for everything: no try begins after it" {
  put jwks "$OLD_SET" '!fault no-answer'
  fetch "$BASE/jwks" --timeout 1 --retries 10
  expect_error 4 "$BASE/jwks"
  requests_are 1
}
