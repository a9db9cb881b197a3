#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Answers with status 200 that are no key set (4), or one that must not be used (12 in verify, 3
# elsewhere). None is stored, and none takes the place of a good copy.

load ../cli/helper
load network

setup_file() {
  make_generations
  make_rsa rsa.pem
  start_server
}
teardown_file() { stop_server "$SERVER_PID"; }
setup() { in_a_new_world; }

# no_set TEXT BODY [LINE...]: what comes is no key set.
no_set() {
  put jwks "$2" "${@:3}"
  survives "$BASE/jwks" 4 network.body "$1"
}

# is_no_set TEXT BODY: the same in short, for variants.
is_no_set() {
  put jwks "$2"
  fetch "$BASE/jwks" -f json
  fails 4 network.body "$1" && no_copies
}

# refused_set TEXT BODY: it is one, but must not be used. As no_set, and a fresh copy outlives a
# --refresh that meets it.
refused_set() {
  rm -rf "$XDG_CACHE_HOME"
  put jwks "$2"
  fetch "$BASE/jwks"
  expect_error 3 "$1" && stdout_is_empty && no_copies || return
  verify_with "$BASE/jwks" "$OLD"
  expect_status 12 && nothing_has VALID && no_copies || return
  [[ $output$stderr == *"$1"* ]] || complain "expected: $1" || return
  plant "$BASE/jwks" "$OLD_SET" && keep_copies
  verify_with "$BASE/jwks" "$OLD" --refresh
  [ "$status" -ne 0 ] || complain "the refused set verifies" || return
  copies_are_unchanged || return
  verify_with "$BASE/jwks" "$OLD"
  expect_status 0 || return
  age_copies 7200 && keep_copies
  verify_with "$BASE/jwks" "$OLD"
  [ "$status" -eq 12 ] || complain "expected 12 of the refused set" || return
  copies_are_unchanged
}

@test "HTML" {
  no_set "HTML" '<!DOCTYPE html><html><title>Sign in</title></html>' 'Content-Type: text/html'
  put jwks $'\n  <html>\n'
  rm -rf "$XDG_CACHE_HOME"
  fetch "$BASE/jwks"
  expect_error 4 "$BASE/jwks" "the answer is HTML or XML, not a key set" "a login page or a proxy"
}

@test "nothing at all, and only blanks" {
  no_set "the answer is empty" ''
  no_set "the answer is empty" $'\n  \r\n'
}

@test "an array, a string, a number, null" {
  for body in '[]' '"keys"' 42 null true "[$OLD_SET]"; do
    is_no_set "$BASE/jwks: " "$body" || complain "$body"
  done
}

@test "JSON that ends early, or goes on" {
  for body in "${OLD_SET%?}" "${OLD_SET:0:60}" "$OLD_SET}" "$OLD_SET$OLD_SET" "{'keys':[]}" '{"keys":[],}'; do
    is_no_set "$BASE/jwks: " "$body" || complain "$body"
  done
}

@test "an object without keys, and an error in JSON" {
  no_set 'JSON without "keys"' '{}'
  no_set "an error in JSON" '{"error":"temporarily_unavailable"}'
  no_set "$BASE/jwks: " '{"keys":{"old":{}}}'
}

@test "a discovery document" {
  no_set "a discovery document" "{\"issuer\":\"$BASE\",\"jwks_uri\":\"$BASE/keys\"}"
  rm -rf "$XDG_CACHE_HOME"
  fetch "$BASE/jwks"
  expect_error 4 "--issuer URL finds it"
}

@test "a signed set" {
  no_set "a signed key set" "$(mint old "$OLD_SET" '{"alg":"ES256","typ":"jwk-set+jwt"}')" \
    'Content-Type: application/jwk-set+jwt'
}

@test "bytes that are no text" {
  no_set "$BASE/jwks: " $'\xff\xfe\x01\x02keys'
}

@test "2 MiB of keys, by its Content-Length and without one" {
  jq -nc '{keys: [range(900) | {kty: "EC", kid: "\(.)", pad: ("x" * 2400)}]}' >large
  [ "$(wc -c <large)" -gt 2097152 ]
  put jwks "$(<large)"
  survives "$BASE/jwks" 4 network.body "larger than 1048576 bytes"
  rm -rf "$XDG_CACHE_HOME"
  put jwks "$(<large)" Content-Length:
  survives "$BASE/jwks" 4 network.body "larger than 1048576 bytes"
}

@test "the limit is 1048576 bytes, and --max-size makes it smaller, never larger" {
  put jwks "$OLD_SET$(repeat $((1048576 - ${#OLD_SET})) ' ')"
  fetch "$BASE/jwks"
  expect_status 0
  put jwks "$OLD_SET$(repeat $((1048577 - ${#OLD_SET})) ' ')"
  fetch "$BASE/jwks" --refresh
  expect_error 4 "larger than 1048576 bytes"
  put jwks "$OLD_SET"
  fetch "$BASE/jwks" --refresh --max-size ${#OLD_SET}
  expect_status 0
  fetch "$BASE/jwks" --refresh --max-size $((${#OLD_SET} - 1))
  expect_error 4 "larger than $((${#OLD_SET} - 1)) bytes"
  for size in 0 1048577 1M; do
    fetch "$BASE/jwks" --refresh --max-size $size
    expect_error 2 max-size
  done
}

@test "gzip is understood" {
  put jwks "$OLD_SET" '!gzip'
  verify_with "$BASE/jwks" "$OLD"
  expect_status 0
  sent 'accept-encoding: gzip'
  copy_has "$BASE/jwks" '.body | fromjson | .keys[0].kid' '"old"'
}

@test "a gzip bomb: the limit counts what comes out" {
  put jwks "$OLD_SET" '!fault bomb' 'Content-Encoding: gzip' Content-Length:
  survives "$BASE/jwks" 4 network.body "larger than 1048576 bytes"
}

@test "what says gzip and is none" {
  put jwks "$OLD_SET" 'Content-Encoding: gzip'
  survives "$BASE/jwks" 4 network.body "cannot fetch $BASE/jwks"
}

@test "1,000 keys are taken, 1,001 refused" {
  jq -nc --argjson old "$OLD_JWK" '{keys: ([$old] + [range(999) | {kty: "oct2", kid: "\(.)"}])}' >most
  put jwks "$(<most)"
  verify_with "$BASE/jwks" "$OLD"
  expect_status 0
  refused_set 1000 "$(jq -c '.keys += [{kty: "oct2", kid: "x"}]' most)"
}

@test "depth 32 is taken, 33 not" {
  nested() { jq -nc --argjson old "$OLD_JWK" "{keys:[\$old], deep: (reduce range($1) as \$i (1; [.]))}"; }
  put jwks "$(nested 31)"
  verify_with "$BASE/jwks" "$OLD"
  expect_status 0
  rm -rf "$XDG_CACHE_HOME"
  nested 32 >deep
  # As a file is judged, but that what is no document at all comes from the network.
  run_jwtctl verify --jwks deep --now "$NOW" "$OLD"
  local_status=$status
  [ "$local_status" -ne 3 ] || local_status=4
  put jwks "$(<deep)"
  verify_with "$BASE/jwks" "$OLD"
  expect_status "$local_status"
  [[ $output$stderr == *32* ]] || complain "the limit is not named"
  no_copies
}

@test "an empty set, and one whose keys are null" {
  refused_set "empty" '{"keys":[]}'
  refused_set "empty" '{"keys":null}'
}

@test "duplicate kids" {
  refused_set '"old"' "$(jq -c '.keys += [.keys[0] | .x = "AAAA"]' <<<"$OLD_SET")"
}

@test "a duplicate member" {
  no_set 'member "kid" stands twice' "${OLD_SET/\"kid\"/\"kid\":\"x\",\"kid\"}"
}

@test "a private key in the set, usable or not, is a hard stop without its value" {
  refused_set 'private half of key "old"' "$(jq -c '.keys[0].d = "c2VjcmV0LXZhbHVl"' <<<"$BOTH_SET")"
  nothing_has c2VjcmV0LXZhbHVl
  refused_set 'private half of key "new"' "$(jq -c '.keys[1].d = 5' <<<"$BOTH_SET")"
  refused_set 'private half' "$(jq -c '.keys += [{kty:"future", p:"c2VjcmV0LXZhbHVl"}]' <<<"$BOTH_SET")"
  nothing_has c2VjcmV0LXZhbHVl
  fetch "$BASE/jwks" --no-cache -f jwks
  expect_error 3 "the key must be replaced"
  stdout_is_empty
  nothing_has c2VjcmV0LXZhbHVl
}

@test "who meets a private key is told to replace it, not to use the copy of before" {
  put jwks "$(jq -c '.keys[0].d = "AAAA"' <<<"$OLD_SET")"
  plant "$BASE/jwks" "$OLD_SET" "$PAST"
  fetch "$BASE/jwks"
  expect_error 3 "must be replaced"
  nothing_has --max-stale
  verify_with "$BASE/jwks" "$OLD"
  expect_status 12
  stdout_has "must be replaced"
  nothing_has --max-stale
}

@test "a private key in PEM is a hard stop too" {
  pem=$(<"$BATS_FILE_TMPDIR/rsa.pem")
  refused_set "private" "$pem"
  refused_set "private" "$(jq -nc --arg pem "$pem" '{r:$pem}')"
  nothing_has MII
}

@test "a symmetric key in the set" {
  make_secret secret
  refused_set 'secret of key "shared"' "$(jwks "$OLD_JWK" "$(oct_jwk secret '{kid:"shared",alg:"HS256"}')")"
  nothing_has "$(b64url <secret)"
  put jwks "$(jwks "$(oct_jwk secret '{kid:"shared",alg:"HS256"}')")"
  verify_with "$BASE/jwks" "$(sign_hs256 '{"alg":"HS256","kid":"shared"}' "{\"exp\":$((NOW + 9))}" secret)" --no-cache
  expect_status 12
}
