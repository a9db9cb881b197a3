#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# verify --issuer URL --discover from the first token to the last of a rotation: the verdict, where
# the key came from, and that nothing but what the user typed causes a connection.

load ../cli/helper
load network

setup_file() {
  make_generations
  make_rsa rsa.pem
  start_server
}

# says_source FILTER: where the key came from, in both formats.
says_source() { stdout_has "keys from $BASE/jwks ($1"; }

@test "a rotation, with a token of each generation" {
  put_issuer
  put jwks "$OLD_SET" 'Cache-Control: max-age=600'
  old=$(token_of old) new=$(token_of new)

  verify_issuer "$old"
  expect_status 0
  stdout_has VALID
  says_source "fetched now"
  verify_issuer "$old"
  expect_status 0
  says_source "copy of "

  # The new key is published, and the first token that it signed brings it in.
  put jwks "$BOTH_SET" 'Cache-Control: max-age=600'
  clear_log
  verify_issuer "$new"
  expect_status 0
  says_source "fetched now"
  asked_for /jwks
  verify_issuer "$old"
  expect_status 0
  says_source "copy of "

  # The old one is gone: at once for who asks, else when the copy is no longer fresh.
  put jwks "$NEW_SET" 'Cache-Control: max-age=600'
  verify_issuer "$old"
  expect_status 0
  says_source "copy of "
  age_copies 600
  verify_issuer "$old"
  expect_status 12
  stdout_has "REJECTED" '"old"'
  verify_issuer "$new"
  expect_status 0
}

@test "the key is gone: 12 with --refresh" {
  put_issuer
  put jwks "$BOTH_SET"
  verify_issuer "$(token_of old)"
  expect_status 0
  put jwks "$NEW_SET"
  verify_issuer "$(token_of old)" --refresh
  expect_status 12
  says_source "fetched now"
  verify_issuer "$(token_of new)"
  expect_status 0
}

@test "the server is down: 4 without a copy, 0 with --offline while it is fresh" {
  start_server mortal
  mortal=$SERVER_PID
  put_issuer
  put jwks "$OLD_SET"
  old=$(token_of old)
  verify_issuer "$old" --offline
  expect_error 4 "--offline"
  verify_issuer "$old"
  expect_status 0
  stop_server "$mortal"
  verify_issuer "$old" --offline
  expect_status 0
  says_source "copy of "
  verify_issuer "$old"
  expect_status 0
  verify_issuer "$(token_of lost)" --offline
  expect_status 12
  verify_issuer "$old" --no-cache --retries 0
  expect_error 4 "cannot fetch $BASE/.well-known/openid-configuration"
  stdout_is_empty
  age_copies 7200
  verify_issuer "$old" --retries 0
  expect_error 4 "cannot fetch $BASE/.well-known/openid-configuration"
}

@test "the JSON report says where the key came from" {
  put_issuer
  put jwks "$OLD_SET"
  verify_issuer "$(token_of old)" -f json
  json '[.valid, .exit, .key.source, .key.kid, .claims_verified]' "[true,0,\"$BASE/jwks\",\"old\",true]"
  verify_issuer "$(token_of old)" -f json
  json '[.valid, .key.source]' "[true,\"$BASE/jwks\"]"
  json '[.. | objects | select(has("from_cache")) | .from_cache] | first' true
}

@test "the exit status has an error's number in JSON too" {
  ISSUER=$BASE
  verify_issuer "$(printf 'a.b.c')" -f json
  fails 4 network.status "status 404"
}

@test "an unknown kid causes one request within 30 s, whatever the server says" {
  put_issuer
  put jwks "$OLD_SET" 'ETag: "v1"'
  verify_issuer "$(token_of old)"
  clear_log
  for _ in 1 2 3; do
    verify_issuer "$(token_of lost)"
    expect_status 12
  done
  asked_for /jwks
  change_copies 'if .forced_at > 0 then .forced_at -= 20 else . end'
  verify_issuer "$(token_of lost)"
  expect_status 12
  requests_are 1
  change_copies 'if .forced_at > 0 then .forced_at -= 11 else . end'
  put jwks "$OLD_SET" '!status 500'
  verify_issuer "$(token_of lost)" --retries 0
  expect_status 12
  verify_issuer "$(token_of lost)" --retries 0
  expect_status 12
  requests_are 2
  verify_issuer "$(token_of old)"
  expect_status 0
}

@test "a key that was replaced under its kid is asked for once its copy does not match" {
  put_issuer
  put jwks "$OLD_SET" 'Cache-Control: max-age=600'
  verify_issuer "$(token_of old)"
  expect_status 0
  replaced=$(jq -c '.keys[0].kid = "old"' <<<"$NEW_SET")
  token=$(sign_es256 '{"alg":"ES256","kid":"old"}' \
    "{\"iss\":\"$ISSUER\",\"aud\":\"api\",\"exp\":$((NOW + 600))}" "$BATS_FILE_TMPDIR/new.pem")
  verify_issuer "$token" --offline
  expect_status 13
  stdout_has "hint: " --offline
  put jwks "$replaced" 'Cache-Control: max-age=600'
  clear_log
  verify_issuer "$token"
  expect_status 0
  asked_for /jwks
  # What does not match them either is not asked for again within 30 s.
  verify_issuer "$(token_of old)"
  expect_status 13
  stdout_has "hint: " "30 s"
  requests_are 1
}

@test "a key that was replaced or mended under its kid is asked for, whatever a copy says of it" {
  "$JWTCTL" keygen -q -a RS256 --bits 2048 --kid old --out-private "$BATS_TEST_TMPDIR/rsa.jwk" \
    --out-jwks "$BATS_TEST_TMPDIR/rsa.jwks"
  local before changed
  for before in '.keys[0].use = "enc"' '.keys[0].key_ops = ["sign"]' '.keys[0].alg = "ES384"' \
    '.keys = $rsa[0].keys' '.keys[0] |= (.kty = "oct" | .k = "")'; do
    rm -rf "$XDG_CACHE_HOME"
    put_issuer
    changed=$(jq -c --slurpfile rsa "$BATS_TEST_TMPDIR/rsa.jwks" "$before" <<<"$OLD_SET")
    put jwks "$changed" 'Cache-Control: max-age=600'
    verify_issuer "$(token_of old)"
    [ "$status" -eq 11 ] || [ "$status" -eq 12 ] || complain "$before"
    verify_issuer "$(token_of old)" --offline
    stdout_has "hint: " --offline
    put jwks "$OLD_SET" 'Cache-Control: max-age=600'
    verify_issuer "$(token_of old)"
    expect_status 0
  done
}

@test "what the server says while we wait for it is judged as of then" {
  put_issuer
  put jwks "$OLD_SET" 'Cache-Control: max-age=600'
  (
    sleep 3
    sign_es256 '{"alg":"ES256","kid":"old"}' "{\"exp\":$(($(date +%s) + 60)),\"iat\":$(date +%s)}" "$BATS_FILE_TMPDIR/old.pem"
  ) | "$JWTCTL" verify --jwks "$BASE/jwks" -q
  token=$(sign_es256 '{"alg":"ES256","kid":"old"}' "{\"exp\":$(($(date +%s) + 2))}" "$BATS_FILE_TMPDIR/old.pem")
  run --separate-stderr bash -c '(sleep 4; echo "$1") | "$JWTCTL" verify --jwks "$2"' bash "$token" "$BASE/jwks"
  expect_status 18
}

@test "--kid that the copy lacks, and a key that was broken in it, are asked for" {
  put_issuer
  put jwks "$OLD_SET" 'Cache-Control: max-age=600'
  verify_issuer "$(token_of old)"
  put jwks "$BOTH_SET" 'Cache-Control: max-age=600'
  nameless=$(sign_es256 '{"alg":"ES256"}' \
    "{\"iss\":\"$ISSUER\",\"aud\":\"api\",\"exp\":$((NOW + 600))}" "$BATS_FILE_TMPDIR/new.pem")
  verify_issuer "$nameless" --kid new
  expect_status 0
  put jwks "$(jq -c '.keys[1].x = "AA"' <<<"$BOTH_SET")" 'Cache-Control: max-age=600'
  verify_issuer "$(token_of new)" --refresh
  expect_status 12
  put jwks "$BOTH_SET" 'Cache-Control: max-age=600'
  change_copies 'if .forced_at > 0 then .forced_at -= 31 else . end'
  verify_issuer "$(token_of new)"
  expect_status 0
}

@test "an unknown kid and a set that has not changed (304) is 12" {
  put jwks "$OLD_SET" 'ETag: "v1"'
  verify_with "$BASE/jwks" "$OLD"
  expect_status 0
  clear_log
  verify_with "$BASE/jwks" "$LOST"
  expect_status 12
  asked_for /jwks
  verify_with "$BASE/jwks" "$OLD"
  expect_status 0
}

@test "only forced requests count for the 30 s: a set that is a second old is asked again" {
  put jwks "$OLD_SET"
  verify_with "$BASE/jwks" "$OLD"
  put jwks "$BOTH_SET"
  verify_with "$BASE/jwks" "$NEW"
  expect_status 0
  requests_are 2
}

@test "a kid that a set just fetched lacks is not asked for again" {
  put jwks "$OLD_SET"
  verify_with "$BASE/jwks" "$LOST"
  expect_status 12
  requests_are 1
  clear_log
  verify_with "$BASE/jwks" "$LOST" --refresh
  expect_status 12
  requests_are 1
}

@test "tokens of no form or with a refused header cause no request, bad signatures one within 30 s" {
  put jwks "$OLD_SET"
  plant "$BASE/jwks" "$OLD_SET"
  verify_with "$BASE/jwks" a.b
  expect_status 10
  verify_with "$BASE/jwks" "$(signing_input '{"alg":"none","kid":"old"}' "{\"exp\":$((NOW + 9))}")."
  expect_status 11
  requests_are 0
  for header in '{"alg":"ES256"}' '{"alg":"ES256","kid":"old"}'; do
    verify_with "$BASE/jwks" "$(mint lost "{\"exp\":$((NOW + 9))}" "$header")"
    expect_status 13
    requests_are 1
  done
}

@test "a set that gains a private member is 12, and the copy without it still serves while fresh" {
  put jwks "$OLD_SET"
  verify_with "$BASE/jwks" "$OLD"
  keep_copies
  put jwks "$(jq -c '.keys[0].d = "AAAA"' <<<"$BOTH_SET")"
  verify_with "$BASE/jwks" "$NEW"
  expect_status 12
  copies_are_unchanged
  verify_with "$BASE/jwks" "$OLD" --refresh
  expect_status 12
  copies_are_unchanged
}

@test "iss must be the issuer that was asked" {
  put_issuer
  put jwks "$OLD_SET"
  ISSUER=https://other.example.com
  other=$(token_of old)
  ISSUER=$BASE
  verify_issuer "$other"
  expect_status 14
  verify_issuer "$(token_of old '{iss: "'"$BASE"'/"}')"
  expect_status 14
  verify_issuer "$(mint old "{\"aud\":\"api\",\"exp\":$((NOW + 9))}")"
  expect_status 14
}

@test "nothing in a token causes a connection" {
  make_ec mine.pem
  put jwks "$(jwks "$(jwk mine.pem '{kid:"mine"}')")"
  put_issuer
  plant https://id.example.com/jwks "$OLD_SET"
  header=$(jq -nc --arg b "$BASE" '{alg:"ES256",kid:"mine",jku:($b+"/jwks"),x5u:($b+"/cert"),
    x5c:["AAAA"],iss:$b,jwk_uri:($b+"/jwks"),url:($b+"/jwks")}')
  claims="{\"iss\":\"$BASE\",\"aud\":\"api\",\"exp\":$((NOW + 9)),\"jku\":\"$BASE/jwks\"}"
  token=$(sign_es256 "$header" "$claims" mine.pem)
  run_jwtctl decode "$token"
  run_jwtctl verify --jwks "$BATS_FILE_TMPDIR/old.jwks" --issuer "$BASE" --audience api --now "$NOW" "$token"
  expect_status 12
  run_jwtctl verify --jwks "$BATS_FILE_TMPDIR/old.jwks" --try-all-keys --audience api --now "$NOW" "$token"
  [ "$status" -ne 0 ]
  run_jwtctl verify --key "$BATS_FILE_TMPDIR/old.pem" --audience api --now "$NOW" "$token"
  expect_status 13
  verify_with https://id.example.com/jwks "$token" --any-audience --offline
  expect_status 12
  requests_are 0
  # With the set of the user's own choice, that one alone is asked.
  put theirs "$OLD_SET"
  verify_with "$BASE/theirs" "$token" --any-audience
  expect_status 12
  asked_for /theirs
}

@test "an HMAC over a fetched RSA key is not a signature" {
  put jwks "$(jwks "$(jwk "$BATS_FILE_TMPDIR/rsa.pem" '{kid:"r"}')")"
  openssl pkey -in "$BATS_FILE_TMPDIR/rsa.pem" -pubout >public.pem
  openssl pkey -in "$BATS_FILE_TMPDIR/rsa.pem" -pubout -outform DER >public.der
  jq -j '.keys[0].n' "$SERVER/www/jwks" >modulus
  for secret in public.pem public.der modulus; do
    for header in '{"alg":"HS256","kid":"r"}' '{"alg":"HS256"}'; do
      T=$(sign_hs256 "$header" "{\"exp\":$((NOW + 9))}" $secret)
      verify_with "$BASE/jwks" "$T"
      [ "$status" -eq 11 ] || [ "$status" -eq 12 ] || complain "expected 11 or 12"
      by_url=$status
      run_jwtctl verify --jwks "$SERVER/www/jwks" --now "$NOW" "$T"
      expect_status "$by_url"
      verify_with "$BASE/jwks" "$T" --try-all-keys -a HS256
      [ "$status" -ge 2 ] || complain "an HMAC verifies"
    done
  done
}

@test "a clock that differs is told, and blamed for a verdict about time" {
  put jwks "$OLD_SET" "Date: $(http_date '+10 min')" 'Cache-Control: max-age=3600'
  expired=$(mint old "{\"exp\":$((NOW - 5))}")
  fetch "$BASE/jwks" -f json
  expect_status 0
  stderr_has "the server's clock is" "ahead of this machine's"
  json '.clock_skew > 540 and .clock_skew <= 601' true
  verify_with "$BASE/jwks" "$expired"
  expect_status 18
  stdout_has "the clock of the key set's server is" "ahead of ours"
  verify_with "$BASE/jwks" "$expired" -f json
  json '[.hints[] | select(.message | test("clock"))] | length > 0' true
  put jwks "$OLD_SET" "Date: $(http_date '-10 min')"
  verify_with "$BASE/jwks" "$(mint old "{\"exp\":$((NOW + 900)),\"nbf\":$((NOW + 300))}")" --refresh
  expect_status 17
  stdout_has "behind ours"
  # Not for a verdict about something else.
  verify_with "$BASE/jwks" "$LOST" --refresh
  stdout_lacks_clock=$(grep -c "the clock of the key set" <<<"$output" || true)
  [ "$stdout_lacks_clock" = 0 ]
}

@test "a few seconds are not worth a word, and an answer with an Age tells nothing" {
  put jwks "$OLD_SET" "Date: $(http_date '-10 sec')"
  fetch "$BASE/jwks"
  stderr_is_empty
  put jwks "$OLD_SET" "Date: $(http_date '-10 min')" 'Age: 600' 'Cache-Control: max-age=3600'
  fetch "$BASE/jwks" --refresh -f json
  stderr_is_empty
  json .clock_skew null
  put jwks "$OLD_SET" 'Date: yesterday'
  fetch "$BASE/jwks" --refresh -f json
  json .clock_skew null
}
