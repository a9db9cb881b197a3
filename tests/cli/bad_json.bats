#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# JSON that JOSE forbids or that parsers read differently: decode is 3 and verify 10, although the
# signature is good.

load helper

setup_file() {
  export SECRET=$BATS_FILE_TMPDIR/secret
  make_secret "$SECRET"
}

# forge: a well-signed token whose payload is stdin, byte for byte.
forge() {
  seal_hs256 "$(printf '{"alg":"HS256"}' | b64url).$(b64url)" "$SECRET"
}

# refused TEXT...: by both commands, with these texts.
refused() {
  run_verify "$T"
  expect_status 10 || return
  stdout_has "REJECTED: malformed" "$@" || return
  expect_check FAIL form || return
  run_jwtctl decode --now "$NOW" "$T" </dev/null
  expect_error 3 offset "$@"
}

accepted() {
  run_verify "$T"
  expect_status 0 || return
  run_jwtctl decode --now "$NOW" "$T" </dev/null
  expect_status 0
}

# nested COUNT: a payload of an object and COUNT arrays.
nested() { printf '{"exp":%s,"a":%s%s}' $((NOW + 600)) "$(repeat "$1" '[')" "$(repeat "$1" ']')"; }

@test "a nesting of 32 is accepted, 33 is refused" {
  T=$(nested 31 | forge)
  accepted
  T=$(nested 32 | forge)
  refused 32 payload
  T=$(printf '%s%s' "$(repeat 10000 '[')" "$(repeat 10000 ']')" | forge)
  refused 32 payload
}

@test "a NUL inside JSON, and after a complete JSON text" {
  T=$(printf '{"exp":%s,"a":"x\0y"}' $((NOW + 600)) | forge)
  refused NUL payload
  T=$(printf '{"exp":%s}\0' $((NOW + 600)) | forge)
  refused NUL payload
  T=$(printf '{"exp":%s}\0{"exp":1}' $((NOW + 600)) | forge)
  refused NUL payload
  T=$(printf '\0{"exp":%s}' $((NOW + 600)) | forge)
  refused NUL payload
}

@test "an escaped NUL is a character like any other, and shown escaped" {
  T=$(printf '{"exp":%s,"a":"x\\u0000y"}' $((NOW + 600)) | forge)
  accepted
  stdout_has '\u0000'
}

@test "a NUL in the header" {
  header=$(printf '{"alg":"HS256"}\0' | b64url)
  T=$(seal_hs256 "$header.$(printf '{"exp":%s}' $((NOW + 600)) | b64url)" "$SECRET")
  refused NUL header
}

@test "text after a complete JSON text" {
  for rest in x '{}' ',' '}' $'\n//'; do
    T=$(printf '{"exp":%s}%s' $((NOW + 600)) "$rest" | forge)
    refused payload
  done
  T=$(printf ' {"exp":%s} \n\t\r' $((NOW + 600)) | forge)
  accepted
}

@test "a lone surrogate" {
  for escape in '\ud800' '\udc00' '\ud800x' '\ud800\ud800' '\udc00\ud800'; do
    T=$(printf '{"exp":%s,"a":"%s"}' $((NOW + 600)) "${escape//\\/\\}" | forge)
    refused payload
  done
  T=$(printf '{"exp":%s,"a":"\\ud83d\\ude00"}' $((NOW + 600)) | forge)
  accepted
}

@test "invalid UTF-8: stray bytes, overlong, surrogates, beyond U+10FFFF, cut" {
  for bytes in '\xff' '\x80' '\xc0\xaf' '\xc3' '\xed\xa0\x80' '\xf4\x90\x80\x80' '\xe2\x82' '\xf0\x80\x80\xaf'; do
    T=$(printf "{\"exp\":$((NOW + 600)),\"a\":\"$bytes\"}" | forge)
    refused payload
  done
  T=$(printf '{"exp":%s,"a":"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"}' $((NOW + 600)) | forge)
  accepted
}

@test "a byte order mark, and other encodings" {
  T=$(printf '\xef\xbb\xbf{"exp":%s}' $((NOW + 600)) | forge)
  refused "byte order mark" payload
  T=$(printf '{"exp":%s}' $((NOW + 600)) | iconv -t UTF-16LE | forge)
  refused payload
}

@test "a byte order mark in the header" {
  header=$(printf '\xef\xbb\xbf{"alg":"HS256"}' | b64url)
  T=$(seal_hs256 "$header.$(printf '{"exp":%s}' $((NOW + 600)) | b64url)" "$SECRET")
  refused "byte order mark" header
}

@test "duplicate members, also nested and spelled differently, are 10 in verify" {
  for json in "{\"exp\":$((NOW + 600)),\"exp\":$((NOW + 600))}" "{\"exp\":$((NOW + 600)),\"\\u0065xp\":1}" \
    "{\"exp\":$((NOW + 600)),\"o\":{\"a\":1,\"a\":1}}" "{\"exp\":$((NOW + 600)),\"o\":[{\"\":1,\"\":2}]}"; do
    T=$(printf '%s' "$json" | forge)
    run_verify "$T"
    expect_status 10
    stdout_has "REJECTED: malformed" JWT013
    run_jwtctl decode --now "$NOW" "$T" </dev/null
    expect_status 0
    stdout_has JWT013
  done
  T=$(sign_hs256 '{"alg":"HS256","alg":"none"}' "{\"exp\":$((NOW + 600))}" "$SECRET")
  run_verify "$T"
  expect_status 10
  stdout_has "REJECTED: malformed" JWT013 header
  T=$(printf '{"exp":%s,"a":{"b":1},"c":{"b":1},"A":1}' $((NOW + 600)) | forge)
  accepted
}

@test "a JSON document of duplicates is still JSON without duplicates on stdout" {
  T=$(printf '{"exp":1,"exp":%s,"o":{"a":1,"a":2}}' $((NOW + 600)) | forge)
  run_jwtctl decode -f json --now "$NOW" "$T" </dev/null
  expect_status 0
  [ "$(grep -c '"a":' <<<"$output")" -eq 1 ] || complain "a stands twice"
  json .payload "{\"exp\":$((NOW + 600)),\"o\":{\"a\":2}}"
}

@test "what JSON forbids: comments, trailing commas, single quotes, NaN, leading zeros" {
  for json in '{"exp":1,}' '{/**/"exp":1}' "{'exp':1}" '{"exp":NaN}' '{"exp":Infinity}' '{"exp":01}' \
    '{"exp":+1}' '{"exp":.5}' '{"exp":5.}' '{"exp":0x10}' '{exp:1}' '{"a":"\x"}' $'{"a":"\t"}' '' ' '; do
    T=$(printf '%s' "$json" | forge)
    refused payload
  done
}

@test "a payload that is JSON but no object is 10 in verify" {
  for json in '[]' '"text"' 1 true null; do
    T=$(printf '%s' "$json" | forge)
    run_verify "$T"
    expect_status 10
    stdout_has "REJECTED: malformed" payload object
  done
}

@test "a header that is no object is 3 and 10" {
  for json in '[]' '"text"' null; do
    T=$(sign_hs256 "$json" "{\"exp\":$((NOW + 600))}" "$SECRET")
    refused header object
  done
}

@test "the same limits hold for JSON that the user gives" {
  T=$(printf '{"exp":%s}' $((NOW + 600)) | forge)
  run_verify --claim "a:=$(repeat 33 '[')$(repeat 33 ']')" "$T"
  expect_error 2 --claim 32
  run_verify --claim $'a:="\xff"' "$T"
  expect_error 2 --claim
  run_verify --claim 'a:="\ud800"' "$T"
  expect_error 2 --claim
}
