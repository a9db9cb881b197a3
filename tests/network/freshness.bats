#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# How long a copy serves (RFC 9111), how it is renewed, and when one that is no longer fresh may
# still serve (RFC 5861, --max-stale, --offline).

load ../cli/helper
load network

setup_file() {
  make_generations
  start_server
}
teardown_file() { stop_server "$SERVER_PID"; }
setup() { in_a_new_world; }

http_date() { LC_ALL=C TZ=UTC date -d "$1" '+%a, %d %b %Y %H:%M:%S GMT'; }

# lasts SECONDS LINE...: an answer with these headers is fresh for so long.
lasts() {
  rm -rf "$XDG_CACHE_HOME"
  put jwks "$OLD_SET" "${@:2}"
  fetch "$BASE/jwks" -f json
  expect_status 0 && json .http.max_age "$1" && copy_has "$BASE/jwks" .lifetime "$1"
}

# serves_without_asking, is_asked: what the next verification does.
serves_without_asking() {
  clear_log
  verify_with "$BASE/jwks" "$OLD"
  expect_status 0 && requests_are 0
}
is_asked() {
  clear_log
  verify_with "$BASE/jwks" "$OLD"
  expect_status 0 && requests_are 1
}

@test "max-age says how long, from 30 s to 24 h" {
  lasts 600 'Cache-Control: public, max-age=600'
  lasts 600 'Cache-Control: max-age="600"'
  lasts 600 'Cache-Control: MAX-AGE=600 , Immutable'
  lasts 30 'Cache-Control: max-age=1'
  lasts 30 'Cache-Control: max-age=30'
  lasts 31 'Cache-Control: max-age=31'
  lasts 86400 'Cache-Control: max-age=86400'
  lasts 86400 'Cache-Control: max-age=86401'
  lasts 86400 'Cache-Control: max-age=31536000'
  lasts 86400 'Cache-Control: max-age=99999999999999999999999'
}

@test "Age counts, max-age goes before Expires, and Expires before nothing" {
  lasts 500 'Cache-Control: max-age=600' 'Age: 100'
  lasts 600 'Cache-Control: max-age=600' "Expires: $(http_date '+5 hours')"
  lasts 1800 'Date: Tue, 15 Nov 1994 08:12:31 GMT' 'Expires: Tue, 15 Nov 1994 08:42:31 GMT'
  lasts 30 'Date: Tue, 15 Nov 1994 08:12:31 GMT' 'Expires: Tue, 15 Nov 1994 08:00:00 GMT'
}

@test "300 s where the server is silent or not understood" {
  lasts 300
  for value in '' garbage '=,=;,,' 'max-age' 'max-age=' 'max-age=soon' 'max-age=-5' 'max-age=1.5' \
    $'max-age\tis 7' 's-maxage=900' 'private' "$(repeat 9000 ,)"; do
    lasts 300 "Cache-Control: $value" || complain "$value"
  done
  lasts 300 'Expires: never'
}

@test "the copy serves until then, and not a second longer" {
  put jwks "$OLD_SET" 'Cache-Control: max-age=600'
  fetch "$BASE/jwks"
  age_copies 500
  serves_without_asking
  stdout_has copy
  age_copies 100
  is_asked
  serves_without_asking
}

@test "max-age=0 and no-cache are asked every time, and still kept" {
  for value in max-age=0 no-cache 'no-cache, max-age=600' 'max-age=600, max-age=0'; do
    rm -rf "$XDG_CACHE_HOME"
    put jwks "$OLD_SET" "Cache-Control: $value"
    is_asked
    is_asked
    copies_number 1
    verify_with "$BASE/jwks" "$OLD" --offline
    expect_status 0 || complain "$value"
  done
}

@test "no-store is not stored, and ends an older copy" {
  put jwks "$OLD_SET"
  fetch "$BASE/jwks"
  copies_number 1
  put jwks "$OLD_SET" 'Cache-Control: no-store, max-age=600'
  fetch "$BASE/jwks" --refresh
  expect_status 0
  no_copies
  is_asked
  is_asked
  no_copies
  verify_with "$BASE/jwks" "$OLD" --offline
  expect_error 4 --offline
}

@test "ETag and Last-Modified are sent back, and 304 renews the copy" {
  put jwks "$OLD_SET" 'ETag: "v1"' 'Last-Modified: Tue, 15 Nov 1994 08:12:31 GMT' 'Cache-Control: max-age=60'
  fetch "$BASE/jwks" -f json
  json '[.http.status, .http.etag]' '[200,"\"v1\""]'
  never_sent if-
  age_copies 100
  clear_log
  fetch "$BASE/jwks" -f json
  expect_status 0
  json '[.from_cache, .http.status, .http.age, .keys[0].kid]' '[false,304,0,"old"]'
  sent 'if-none-match: "v1"'
  sent 'if-modified-since: Tue, 15 Nov 1994 08:12:31 GMT'
  serves_without_asking
  put jwks "$OLD_SET" 'Last-Modified: Tue, 15 Nov 1994 08:12:31 GMT'
  rm -rf "$XDG_CACHE_HOME"
  fetch "$BASE/jwks"
  fetch "$BASE/jwks" --refresh -f json
  json .http.status 304
}

@test "a 304 may say how long the copy is good from now on" {
  put jwks "$OLD_SET" 'ETag: "v1"' 'Cache-Control: max-age=60'
  fetch "$BASE/jwks"
  put jwks "$OLD_SET" 'ETag: "v1"' 'Cache-Control: max-age=900'
  fetch "$BASE/jwks" --refresh -f json
  json '[.http.status, .http.max_age]' '[304,900]'
  copy_has "$BASE/jwks" '[.lifetime, .etag, (.body | fromjson | .keys[0].kid)]' '[900,"\"v1\"","old"]'
}

@test "a 304 that says nothing leaves what the copy had" {
  # RFC 9111 section 4.3.4: what the 304 has replaces, the rest stays.
  put jwks "$OLD_SET" 'ETag: "v1"' 'Cache-Control: max-age=900, stale-if-error=1000'
  fetch "$BASE/jwks"
  put jwks "$OLD_SET" 'ETag: "v1"'
  fetch "$BASE/jwks" --refresh -f json
  json .http.status 304
  copy_has "$BASE/jwks" '[.lifetime, .stale_if_error]' '[900,1000]'
}

@test "another ETag brings another set" {
  put jwks "$OLD_SET" 'ETag: "v1"'
  fetch "$BASE/jwks"
  put jwks "$NEW_SET" 'ETag: W/"v2"'
  verify_with "$BASE/jwks" "$NEW" --refresh
  expect_status 0
  sent 'if-none-match: "v1"'
  copy_has "$BASE/jwks" .etag '"W/\"v2\""'
  verify_with "$BASE/jwks" "$OLD"
  expect_status 12
}

@test "a server that takes its ETag away is not asked with the old one" {
  put jwks "$OLD_SET" 'ETag: "v1"'
  fetch "$BASE/jwks"
  put jwks "$NEW_SET"
  fetch "$BASE/jwks" --refresh
  clear_log
  fetch "$BASE/jwks" --refresh
  never_sent if-none-match
}

@test "304 to a request without validators is an error" {
  put jwks "$OLD_SET" '!status 304'
  survives "$BASE/jwks" 4 network.status "status 304"
}

@test "a copy that cannot be used is not revalidated" {
  put jwks "$OLD_SET" 'ETag: "v1"'
  fetch "$BASE/jwks"
  change_copies '.body = "{\"keys\":[]}"'
  clear_log
  fetch "$BASE/jwks"
  expect_status 0
  never_sent if-none-match
}

@test "--refresh asks although the copy is fresh" {
  put jwks "$OLD_SET"
  fetch "$BASE/jwks"
  clear_log
  fetch "$BASE/jwks" --refresh -f json
  json .from_cache false
  requests_are 1
}

@test "--no-cache neither uses nor keeps a copy" {
  put jwks "$OLD_SET"
  fetch "$BASE/jwks" --no-cache
  expect_status 0
  [ ! -e "$XDG_CACHE_HOME" ]
  fetch "$BASE/jwks"
  keep_copies
  put jwks "$NEW_SET"
  clear_log
  verify_with "$BASE/jwks" "$NEW" --no-cache
  expect_status 0
  requests_are 1
  copies_are_unchanged
}

# stale LINE...: a copy of an answer with these headers, 100 s past its time; then trouble.
stale() {
  rm -rf "$XDG_CACHE_HOME"
  put jwks "$OLD_SET" "$@"
  fetch "$BASE/jwks"
  expect_status 0 || return
  age_copies 160 && keep_copies
  put jwks "$OLD_SET" '!status 503'
}

@test "stale-if-error lets the copy serve while the server is in trouble, and says so" {
  stale 'Cache-Control: max-age=60, stale-if-error=200'
  verify_with "$BASE/jwks" "$OLD" --retries 0
  expect_status 0
  stderr_has "status 503" "a copy of 2 min" " ago serves"
  stdout_has "stale"
  copies_are_unchanged
  for fault in hang-up reset; do
    put jwks '' "!fault $fault"
    fetch "$BASE/jwks" --retries 0 -f json
    expect_status 0 || complain "$fault"
    json '[.from_cache, .stale, .http.status]' '[true,true,null]'
  done
  for code in 500 502 503 504 429; do
    put jwks '' "!status $code"
    fetch "$BASE/jwks" --retries 0
    expect_status 0 || complain "$code"
  done
  # A token of a key that is not in it stays out.
  verify_with "$BASE/jwks" "$LOST" --retries 0
  expect_status 12
  copies_are_unchanged
}

@test "when the time is over a stale copy serves, and nobody is asked again for an unknown kid" {
  stale 'Cache-Control: max-age=60, stale-if-error=200'
  put jwks '' '!fault no-answer'
  clear_log
  verify_with "$BASE/jwks" "$OLD" --retries 0 --timeout 1
  expect_status 0
  verify_with "$BASE/jwks" "$LOST" --retries 0 --timeout 1
  expect_status 12
  requests_are 2
}

@test "stale-if-error ends" {
  stale 'Cache-Control: max-age=60, stale-if-error=90'
  verify_with "$BASE/jwks" "$OLD" --retries 0
  expect_error 4 "status 503" "a copy of 2 min" " ago is there"
}

@test "stale-if-error is for trouble only: not for another answer, and not with --refresh" {
  stale 'Cache-Control: max-age=60, stale-if-error=1000'
  for code in 401 403 404 410; do
    put jwks '' "!status $code"
    verify_with "$BASE/jwks" "$OLD" --retries 0
    expect_error 4 "status $code" || complain "$code"
  done
  put jwks '<html>'
  verify_with "$BASE/jwks" "$OLD" --retries 0
  expect_error 4 HTML
  put jwks '{"keys":[]}'
  verify_with "$BASE/jwks" "$OLD" --retries 0
  expect_status 12
  put jwks '' '!status 503'
  verify_with "$BASE/jwks" "$OLD" --retries 0 --refresh
  expect_error 4 "status 503"
  copies_are_unchanged
}

@test "must-revalidate forbids stale-if-error" {
  stale 'Cache-Control: max-age=60, stale-if-error=1000, must-revalidate'
  verify_with "$BASE/jwks" "$OLD" --retries 0
  expect_error 4 "status 503"
}

@test "without a word of the server a stale copy does not serve" {
  stale 'Cache-Control: max-age=60, stale-while-revalidate=1000'
  verify_with "$BASE/jwks" "$OLD" --retries 0
  expect_error 4 "status 503" "--offline" "--max-stale"
}

@test "--max-stale lets one serve up to that age" {
  stale 'Cache-Control: max-age=60, must-revalidate'
  verify_with "$BASE/jwks" "$OLD" --retries 0 --max-stale 1h
  expect_status 0
  stderr_has "a copy of 2 min" " ago serves"
  verify_with "$BASE/jwks" "$OLD" --retries 0 --max-stale 150s
  expect_error 4 "status 503"
  verify_with "$BASE/jwks" "$LOST" --retries 0 --max-stale 1h
  expect_status 12
  copies_are_unchanged
}

@test "--max-stale does not keep a server that answers from being asked" {
  stale 'Cache-Control: max-age=60'
  put jwks "$NEW_SET"
  verify_with "$BASE/jwks" "$OLD" --max-stale 1h
  expect_status 12
  verify_with "$BASE/jwks" "$NEW" --max-stale 1h
  expect_status 0
}

@test "--max-stale does not outweigh a set that gives a private key away" {
  # Whoever read that set can sign: a copy of before is no better.
  stale 'Cache-Control: max-age=60, stale-if-error=1000'
  put jwks "$(jq -c '.keys[0].d = "AAAA"' <<<"$OLD_SET")"
  verify_with "$BASE/jwks" "$OLD" --max-stale 1h
  expect_status 12
  copies_are_unchanged
}

@test "a fresh copy is used without a look at libcurl" {
  plant "$BASE/jwks" "$OLD_SET"
  for option in --offline --timeout=5; do
    LD_DEBUG=files "$JWTCTL" verify --jwks "$BASE/jwks" --now "$NOW" $option "$OLD" >out 2>loads
    grep -q 'libc\.so' loads || skip "LD_DEBUG shows nothing here"
    [[ $(ldd "$(command -v "$JWTCTL")") != *libcurl* ]] || skip "libcurl is linked"
    grep -q VALID out
    ! grep -q 'libcurl[.-]' loads || complain "libcurl is loaded"
  done
}

@test "--offline asks nobody: a fresh copy, a stale one for 24 h, or --max-stale" {
  put jwks "$OLD_SET"
  fetch "$BASE/jwks" --offline -f json
  fails 4 network.offline "there is no copy of $BASE/jwks" "run once without --offline"
  fetch "$BASE/jwks"
  clear_log
  verify_with "$BASE/jwks" "$OLD" --offline
  expect_status 0
  age_copies 86300
  verify_with "$BASE/jwks" "$OLD" --offline
  expect_status 0
  stdout_has stale
  age_copies 200
  verify_with "$BASE/jwks" "$OLD" --offline
  expect_error 4 "1 d" --max-stale
  verify_with "$BASE/jwks" "$OLD" --offline --max-stale 2d
  expect_status 0
  verify_with "$BASE/jwks" "$OLD" --offline --max-stale 1d
  expect_error 4 --max-stale
  requests_are 0
}

@test "--offline with an unknown kid asks nobody either" {
  plant "$BASE/jwks" "$OLD_SET"
  put jwks "$BOTH_SET"
  verify_with "$BASE/jwks" "$NEW" --offline
  expect_status 12
  requests_are 0
}
