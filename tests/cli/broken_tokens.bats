#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Tokens that are broken: decode names the segment and the offset, shows the rest, and is 3;
# verify is 10.

load helper

setup_file() {
  export SECRET=$BATS_FILE_TMPDIR/secret T
  make_secret "$SECRET"
  T=$(token "{\"exp\":$((NOW + 600)),\"sub\":\"alice\"}")
}

run_decode() { run_jwtctl decode --now "$NOW" "$@" </dev/null; }

# parts: the three segments of T as H, P and S.
parts() { IFS=. read -r H P S <<<"$T"; }

# broken TOKEN SEGMENT OFFSET: refused by both, naming the place.
broken() {
  run_decode "$1"
  expect_error 3 "$2" "offset $3" || return
  run_verify "$1"
  expect_status 10 || return
  stdout_has "REJECTED: malformed" "$2" "offset $3" || return
  expect_check FAIL form
}

@test "an illegal character: segment and offset, the rest still shown" {
  parts
  broken "$H.${P:0:10}*${P:11}.$S" payload $((${#H} + 11))
  run_decode "$H.${P:0:10}*${P:11}.$S"
  stdout_has HS256 "32 bytes"
  broken "${H:0:4}~${H:5}.$P.$S" header 4
  run_decode "${H:0:4}~${H:5}.$P.$S"
  stdout_has alice
  broken "$H.$P.${S:0:20}!${S:21}" signature $((${#H} + ${#P} + 22))
  run_decode "$H.$P.${S:0:20}!${S:21}"
  stdout_has HS256 alice
}

@test "a segment that was cut" {
  parts
  broken "$H.$P" "3 segments, this has 2" $((${#H} + 1 + ${#P}))
  run_decode "$H.$P"
  stdout_has HS256 alice
  broken "$H.$P.$S.$S" "3 segments, this has 4" $((${#T}))
  broken "$H.$P.${S:0:41}" signature $((${#H} + ${#P} + 42))
  broken ".$P.$S" "header" 0
  broken "$H..$S" "payload" $((${#H} + 1))
}

@test "JSON that ends too early: the offset is that of the token's character" {
  parts
  cut=$(printf '{"exp":1,"sub":"al' | b64url)
  broken "$H.$cut.$S" payload $((${#H} + 1 + ${#cut}))
  run_decode "$H.$cut.$S"
  stdout_has HS256 '{"exp":1,"sub":"al'
}

@test "what is no token at all" {
  for text in hello 'two words' '{}' '[]' .... ... eyJ 'a.b.c' $'\xff\xfe' "$(repeat 200 .)"; do
    run_decode "$text"
    expect_error 3 offset
    stdout_has "NOT VERIFIED"
    run_verify "$text"
    expect_status 10
    stdout_has "REJECTED: malformed"
  done
}

@test "another serialization is 10 and named" {
  parts
  json_form="{\"payload\":\"$P\",\"protected\":\"$H\",\"signature\":\"$S\"}"
  run_verify "$json_form"
  expect_status 10
  stdout_has "REJECTED: malformed" JSON
  run_decode "$json_form"
  expect_error 3 JSON
}

@test "spellings that an encoder never makes decode with a finding and are 10 in verify" {
  parts
  P=$(printf '{"exp":%s,"n":"\xff?>"}' "$NOW" | b64url)
  stray=${S%?}$(tr 'A-Za-y0-8' 'B-ZAb-z1-9' <<<"${S: -1}")
  odd=$(printf '{"exp":%s,"n":"???>>>~~~"}' "$NOW" | base64 -w0 | tr -d =)
  [[ $odd == *[+/]* ]]
  for row in "JWT003 $H.$(cut -d. -f2 <<<"$T")=.$S" "JWT004 $H.$odd.$S" "JWT005 $H.$(cut -d. -f2 <<<"$T").$stray"; do
    run_decode -f json "${row#* }"
    expect_status 0
    json '[.findings[].rule] | contains(["'"${row%% *}"'"])' true
    run_verify "${row#* }"
    expect_status 10
    stdout_has "REJECTED: malformed" "${row%% *}"
  done
}

@test "-f json: an error document with what could be decoded" {
  parts
  run_decode -f json "$H.${P:0:10}*${P:11}.$S"
  expect_error 3 payload offset
  json .schema '"jwtctl.error/1"'
  json '.error | keys' '["code","exit","hint","message"]'
  json '[.error.code, .error.exit, (.error.hint | type), (.error.message | contains("payload"))]' '["input",3,"string",true]'
  json '[.partial.header.alg, .partial.payload]' '["HS256",null]'
}

@test "--print of a part that is broken, and of one that is not" {
  parts
  run_decode --print header "$H.${P:0:10}*${P:11}.$S"
  expect_error 3 payload
  json .alg '"HS256"'
  run_decode --print payload "$H.${P:0:10}*${P:11}.$S"
  expect_error 3 payload
  stdout_is_empty
  run_decode --print payload "${H:0:4}~${H:5}.$P.$S"
  expect_error 3 header
}

@test "size: a token of 64 KiB is accepted, one byte more is refused" {
  cd "$BATS_TEST_TMPDIR"
  # sized PAYLOAD-BYTES: a good token with a payload of that size.
  sized() {
    local start="{\"exp\":$((NOW + 600)),\"pad\":\""
    token "$start$(repeat $(($1 - ${#start} - 2)) x)\"}" '{"alg":"HS256"}'
  }
  sized 49103 >fits
  sized 49104 >over
  [ "$(stat -c %s fits over | tr '\n' ' ')" == "65536 65537 " ]
  run_verify -q @fits
  expect_status 0
  run_decode -q @fits
  expect_status 0
  run_verify @over
  expect_status 10
  stdout_has "REJECTED: malformed" 65537 65536
  run_decode @over
  expect_error 3 65537 65536
  run_jwtctl decode <over
  expect_error 3 65536
  run_jwtctl decode "$(<over)"
  expect_error 3 65536
  run_verify -q --max-token-size 65537 @over
  expect_status 0
  run_decode -q --max-token-size 65537 @over
  expect_status 0
}

@test "--max-token-size: the exact size passes, one less does not; no size is 2" {
  run_verify --max-token-size ${#T} "$T"
  expect_status 0
  run_verify --max-token-size $((${#T} - 1)) "$T"
  expect_status 10
  stdout_has "REJECTED: malformed" "$((${#T} - 1))"
  run_decode --max-token-size $((${#T} - 1)) "$T"
  expect_error 3 "$((${#T} - 1))"
  for size in 0 -1 64K 1.5 '' x 99999999999999999999; do
    run_decode --max-token-size="$size" "$T"
    expect_error 2 --max-token-size
  done
}

@test "an enormous input ends early" {
  repeat 6000000 A >"$BATS_TEST_TMPDIR/huge"
  run_jwtctl decode @"$BATS_TEST_TMPDIR/huge"
  expect_error 3 limit
  stdout_is_empty
  run_jwtctl decode <"$BATS_TEST_TMPDIR/huge"
  expect_error 3 limit
}
