#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Servers that answer with another status than 200: when jwtctl asks again, how long it waits, and
# what it says in the end.

load ../cli/helper
load network

setup_file() {
  make_generations
  start_server
}
teardown_file() { stop_server "$SERVER_PID"; }
setup() { in_a_new_world; }

http_date() { LC_ALL=C TZ=UTC date -d "$1" '+%a, %d %b %Y %H:%M:%S GMT'; }

@test "204 without a body" {
  answer jwks '!status 204'
  survives "$BASE/jwks" 4 network.status "$BASE/jwks answers with status 204"
}

@test "200 to 299 other than 200 are no key set either" {
  for code in 201 202 203 206; do
    put jwks "$OLD_SET" "!status $code"
    fetch "$BASE/jwks" -f json
    fails 4 network.status "status $code"
  done
  no_copies
}

@test "401 and 403 say how to send credentials" {
  for code in 401 403; do
    put jwks "$OLD_SET" "!status $code"
    fetch "$BASE/jwks"
    expect_error 4 "$BASE/jwks answers with status $code" "--header @FILE"
  done
  requests_are 2
  survives "$BASE/jwks" 4 network.status "status 403"
}

@test "404 is final, and says that the URL may be incomplete" {
  fetch "$BASE/nothing/here"
  expect_error 4 "$BASE/nothing/here answers with status 404" "is the URL complete"
  requests_are 1
  survives "$BASE/nothing/here" 4 network.status "status 404"
}

@test "400, 410, 418 and 501 are not asked again" {
  for code in 400 410 418 501; do
    clear_log
    put jwks "$OLD_SET" "!status $code"
    fetch "$BASE/jwks"
    expect_error 4 "status $code"
    requests_are 1
  done
}

@test "500 once, then 200" {
  put jwks "$OLD_SET" '!first 1 500'
  verify_with "$BASE/jwks" "$OLD"
  expect_status 0
  requests_are 2
  copies_number 1
}

@test "408, 429, 500, 502, 503 and 504 twice, then 200" {
  for code in 408 429 500 502 503 504; do
    clear_log
    put jwks "$OLD_SET" "!first 2 $code"
    fetch "$BASE/jwks" --refresh
    expect_status 0 || complain "$code"
    requests_are 3
  done
}

@test "503 always: asked three times, then an error" {
  put jwks "$OLD_SET" '!status 503'
  fetch "$BASE/jwks"
  expect_error 4 "$BASE/jwks answers with status 503"
  requests_are 3
  no_copies
  survives "$BASE/jwks" 4 network.status "status 503" --retries 0
}

@test "--retries 0 asks once, 1 twice; more than 10 and less than 0 are no numbers for it" {
  put jwks "$OLD_SET" '!status 500'
  for retries in 0 1; do
    clear_log
    fetch "$BASE/jwks" --retries $retries
    expect_error 4 "status 500"
    requests_are $((retries + 1))
  done
  clear_log
  for retries in 11 -1 1.5 x ''; do
    fetch "$BASE/jwks" "--retries=$retries"
    expect_error 2 retries
  done
  requests_are 0
}

@test "429 with Retry-After that fits is obeyed, in seconds and as a date" {
  for wait in 0 1 "$(http_date '+2 sec')"; do
    clear_log
    put jwks "$OLD_SET" '!first 1 429' "Retry-After: $wait"
    fetch "$BASE/jwks" --refresh
    expect_status 0 || complain "$wait"
    requests_are 2
  done
}

@test "429 with Retry-After in seconds beyond the deadline: an error at once that tells them" {
  put jwks "$OLD_SET" '!status 429' 'Retry-After: 120'
  fetch "$BASE/jwks"
  expect_error 4 "status 429" "wait 2 min"
  requests_are 1
  survives "$BASE/jwks" 4 network.status "wait 2 min"
}

@test "429 with Retry-After as a date beyond the deadline: an error at once that tells it" {
  put jwks "$OLD_SET" '!status 429' "Retry-After: $(http_date '+1 hour')"
  survives "$BASE/jwks" 4 network.status "status 429, and asks to wait"
  clear_log
  fetch "$BASE/jwks"
  expect_error 4 "wait "
  requests_are 1
}

@test "429 with Retry-After as a date that has passed: asked again at once" {
  put jwks "$OLD_SET" '!status 429' "Retry-After: $(http_date '-1 hour')"
  fetch "$BASE/jwks"
  expect_error 4 "status 429"
  requests_are 3
}

@test "Retry-After counts against the deadline that was given" {
  put jwks "$OLD_SET" '!status 503' 'Retry-After: 5'
  fetch "$BASE/jwks" --timeout 4
  expect_error 4 "status 503" "wait 5 s"
  requests_are 1
}

@test "a Retry-After that means nothing is no reason to wait, or to give up" {
  for value in soon -5 99999999999999999999999 '1; 2'; do
    clear_log
    put jwks "$OLD_SET" '!status 503' "Retry-After: $value"
    fetch "$BASE/jwks"
    expect_error 4 "status 503" || complain "$value"
  done
}

@test "a server in trouble is no reason to forget what is fresh" {
  put jwks "$OLD_SET" 'Cache-Control: max-age=3600'
  fetch "$BASE/jwks"
  expect_status 0
  keep_copies
  put jwks "$NEW_SET" '!status 500'
  clear_log
  verify_with "$BASE/jwks" "$OLD" --retries 0
  expect_status 0
  requests_are 0
  verify_with "$BASE/jwks" "$OLD" --refresh --retries 0
  expect_error 4 "status 500"
  copies_are_unchanged
}

@test "a body that comes with an error status is not looked at" {
  for code in 400 404 500; do
    put jwks "$OLD_SET" "!status $code"
    verify_with "$BASE/jwks" "$OLD" --retries 0
    expect_error 4 "status $code"
    stdout_is_empty
  done
  no_copies
}
