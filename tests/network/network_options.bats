#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Options of the network that contradict each other or have nothing to do: usage errors, before
# anybody is asked.

load ../cli/helper
load network

setup_file() {
  make_generations
  start_server
}
teardown_file() { stop_server "$SERVER_PID"; }

setup() {
  in_a_new_world
  put jwks "$OLD_SET"
  put_issuer
}

teardown() {
  # Whatever a test here is about, it is decided without the network.
  [ -n "${asks-}" ] || requests_are 0
}

# usage TEXT ARGUMENT...: of jwks fetch, refused.
usage() {
  fetch "${@:2}"
  expect_error 2 "$1" && stdout_is_empty && no_copies
}

# verify_usage TEXT ARGUMENT...: of verify.
verify_usage() {
  run_jwtctl verify --now "$NOW" "$OLD" "${@:2}" </dev/null
  expect_error 2 "$1" && stdout_is_empty && no_copies
}

@test "what to fetch: a URL or an issuer" {
  usage "nothing says what to fetch"
  usage "both given" "$BASE/jwks" --issuer "$BASE"
  usage "not a URL" keys.json
  usage "jwks show" keys.json
  usage "not a URL" ftp://127.0.0.1/jwks
  usage "" "$BASE/jwks" "$BASE/jwks"
}

@test "URLs that are refused" {
  usage "is not https" http://id.example.com/jwks
  usage "--allow-http" http://127.0.0.1.example.com/jwks
  usage "is not https" http://10.0.0.1/jwks
  usage "is not https" http://localhost.example.com/jwks
  usage "credentials" "http://user:hunter2@127.0.0.1:$PORT/jwks"
  nothing_has hunter2
  usage "fragment" "$BASE/jwks#x"
  usage "no host" https:///jwks
  usage "characters" "$BASE/j wks"
  usage "characters" "$BASE/jw"$'\e'"[31mks"
  nothing_has $'\e'
  usage "" "http://127.0.0.1:port/jwks"
  usage "" "http://[fe80::1%25eth0]/jwks" --allow-http
}

@test "a copy does not make a URL good that may not be asked" {
  plant http://id.example.com/jwks "$OLD_SET"
  verify_with http://id.example.com/jwks "$OLD"
  expect_error 2 "is not https"
  verify_with http://id.example.com/jwks "$OLD" --offline
  expect_error 2 "is not https"
  verify_with http://id.example.com/jwks "$OLD" --allow-http
  expect_status 0
}

@test "what contradicts" {
  usage "--offline contradicts --refresh" "$BASE/jwks" --offline --refresh
  usage "--offline contradicts --no-cache" "$BASE/jwks" --offline --no-cache
  usage "--offline" "$BASE/jwks" --offline --resolve "127.0.0.1:$PORT:127.0.0.1"
  usage "--offline" "$BASE/jwks" --offline --cacert ca.pem
  usage "--discovery" "$BASE/jwks" --discovery oidc
  usage "--discovery-url" "$BASE/jwks" --discovery-url "$BASE/x"
  usage "--cert-key without --cert" "$BASE/jwks" --cert-key key.pem
  usage "--diff" "$BASE/jwks" --diff old.json -f jwks
  usage "--diff" "$BASE/jwks" --diff old.json -f pem
}

@test "values" {
  usage timeout "$BASE/jwks" --timeout 0
  usage timeout "$BASE/jwks" --timeout soon
  usage timeout "$BASE/jwks" --timeout=-1
  usage connect-timeout "$BASE/jwks" --connect-timeout 0
  usage max-stale "$BASE/jwks" --max-stale soon
  usage discovery --issuer "$BASE" --discovery openid
  usage "" "$BASE/jwks" --cache-dir ''
  usage "" "$BASE/jwks" --cacert ''
  usage "" "$BASE/jwks" --proxy ''
  usage "" "$BASE/jwks" --kid ''
  usage "" "$BASE/jwks" --expect-kid ''
}

@test "what is no HOST:PORT:ADDR is not given to the library" {
  for value in nonsense 127.0.0.1:80 :80:127.0.0.1 a:port:127.0.0.1; do
    usage resolve "$BASE/jwks" --resolve $value || complain "$value"
  done
}

@test "verify: exactly one source of keys" {
  verify_usage "" --jwks "$BASE/jwks" --discover --issuer "$BASE"
  verify_usage "" --jwks "$BASE/jwks" --jwks "$BASE/jwks"
  verify_usage "--discover needs exactly one --issuer" --discover
  verify_usage "--discover needs exactly one --issuer" --discover --issuer "$BASE" --issuer "$BASE/x"
  verify_usage "" --discover --issuer ''
  verify_usage "is not https" --discover --issuer http://id.example.com
  verify_usage "" --discover --issuer id.example.com
}

@test "verify: options of the network without a network" {
  cp "$BATS_FILE_TMPDIR/old.jwks" set.json
  for option in --offline --refresh --no-cache "--timeout 5" "--connect-timeout 5" "--retries 1" "--max-size 5" \
    --allow-http "--cacert x" "--proxy http://x" "--noproxy x" "--resolve a:1:127.0.0.1" "--header @x" \
    "--cache-dir x" "--max-stale 1h" "--discovery oidc" "--discovery-url $BASE/x" "--cert x" "--cert-key x"; do
    verify_usage "${option%% *} is given, but nothing is fetched" --jwks set.json $option
  done
}

@test "a URL is for --jwks alone: neither a key nor a file is fetched" {
  for option in --key --secret; do
    run_jwtctl verify --now "$NOW" $option "$BASE/jwks" "$OLD" </dev/null
    [ "$status" -eq 2 ] || [ "$status" -eq 3 ] || complain "$option"
  done
  run_jwtctl jwks show "$BASE/jwks" </dev/null
  [ "$status" -eq 2 ] || [ "$status" -eq 3 ] || complain "jwks show"
  run_jwtctl lint "$BASE/jwks" </dev/null
  [ "$status" -ne 0 ]
}

@test "a usage error comes in the format that was asked" {
  fetch -f json "$BASE/jwks" --issuer "$BASE"
  fails 2 usage "both given"
}

@test "a --resolve without TLS to a host that is not loopback still needs --allow-http" {
  usage "is not https" "http://id.example.com:$PORT/jwks" --resolve "id.example.com:$PORT:127.0.0.1"
  asks=yes
  fetch "http://id.example.com:$PORT/jwks" --resolve "id.example.com:$PORT:127.0.0.1" --allow-http
  expect_status 0
  sent "host: id.example.com:$PORT"
}
