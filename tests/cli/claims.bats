#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The expectations of verify: audience, issuer, subject, typ, required and compared claims,
# revocation.

load helper

setup_file() {
  export SECRET=$BATS_FILE_TMPDIR/secret
  make_secret "$SECRET"
}

# with MEMBERS: a token with these claims besides a good exp.
with() { token "{\"exp\":$((NOW + 600))${1:+,$1}}"; }

@test "a token that names an audience needs --audience or --any-audience" {
  T=$(with '"aud":"api"')
  run_verify "$T"
  expect_status 15
  stdout_has "REJECTED: audience" JWT305 "hint: " --any-audience
  expect_check FAIL aud
  run_verify --audience api "$T"
  expect_status 0
  expect_check PASS aud
  run_verify --any-audience "$T"
  expect_status 0
  expect_check SKIP aud
  run_verify --aud api "$T"
  expect_status 0
}

@test "an audience is compared exactly, near misses are hints" {
  for near in api/ API ap apii; do
    run_verify --audience "$near" "$(with '"aud":"api"')"
    expect_status 15
    stdout_has "REJECTED: audience" '"api"'
  done
  run_verify -f json --audience API "$(with '"aud":"api"')"
  json '[.hints[].id]' '["audience-near"]'
}

@test "an array of audiences: any of it equals any --audience" {
  T=$(with '"aud":["web","api"]')
  run_verify --audience api "$T"
  expect_status 0
  run_verify --audience other --audience web "$T"
  expect_status 0
  run_verify --audience other --audience another "$T"
  expect_status 15
  stdout_has other another web
  run_verify -f json --audience other --audience another "$T"
  json_check aud '[.expected, .actual]' '[["other","another"],["web","api"]]'
}

@test "a missing audience is 15, a malformed one is refused even with --any-audience" {
  run_verify --audience api "$(with)"
  expect_status 15
  stdout_has "REJECTED: audience" absent
  for malformed in '[]' '["api",1]' '1' 'null' '""' '{"a":"api"}'; do
    run_verify --any-audience "$(with "\"aud\":$malformed")"
    expect_status 16
    stdout_has "REJECTED: claim" JWT306
    run_verify --audience api "$(with "\"aud\":$malformed")"
    expect_status 15
    stdout_has "REJECTED: audience" JWT306
  done
}

@test "--any-audience contradicts --audience" {
  run_verify --any-audience --audience api "$(with)"
  expect_error 2 --any-audience --audience
}

@test "--issuer: any of several, exactly; a malformed iss is refused" {
  T=$(with '"iss":"https://id.example"')
  run_verify --issuer https://other.example --issuer https://id.example "$T"
  expect_status 0
  stderr_has "warning"
  run_verify --iss https://id.example "$T"
  expect_status 0
  for near in https://id.example/ HTTPS://ID.EXAMPLE http://id.example; do
    run_verify -f json --issuer "$near" "$T"
    expect_status 14
    json '[.hints[].id]' '["issuer-near"]'
  done
  run_verify "$(with '"iss":["https://id.example"]')"
  expect_status 16
  stdout_has "REJECTED: claim" JWT301
}

@test "--subject" {
  run_verify --subject alice "$(with '"sub":"alice"')"
  expect_status 0
  expect_check PASS sub
  for other in '"sub":"bob"' '"sub":["alice"]' '"sub":"Alice"' ''; do
    run_verify --subject alice "$(with "$other")"
    expect_status 16
    stdout_has "REJECTED: claim" '"alice"'
    expect_check FAIL sub
  done
}

@test "--typ: application/ may be left out, case does not matter, another type is 11" {
  typed() { token "{\"exp\":$((NOW + 600))}" "{\"alg\":\"HS256\"$1}"; }
  for typ in at+jwt AT+JWT application/at+jwt; do
    run_verify --typ at+jwt "$(typed ",\"typ\":\"$typ\"")"
    expect_status 0
    expect_check PASS typ
  done
  run_verify --typ application/at+jwt "$(typed ',"typ":"at+jwt"')"
  expect_status 0
  for typ in ',"typ":"JWT"' ',"typ":1' ''; do
    run_verify --typ at+jwt "$(typed "$typ")"
    expect_status 11
    stdout_has "REJECTED: header" at+jwt
    expect_check FAIL typ
  done
}

@test "crit and b64 are refused with 11" {
  for header in '"crit":["b64"],"b64":false' '"crit":["exp"],"exp":1' '"crit":[]' '"b64":false'; do
    run_verify "$(token "{\"exp\":$((NOW + 600))}" "{\"alg\":\"HS256\",$header}")"
    expect_status 11
    stdout_has "REJECTED: header"
    expect_check FAIL crit
  done
  run_verify "$(token "{\"exp\":$((NOW + 600))}" '{"alg":"HS256","b64":true}')"
  expect_status 0
}

@test "--require: there and not null" {
  for value in '"x"' '""' 0 false '[]'; do
    run_verify --require role "$(with "\"role\":$value")"
    expect_status 0
    expect_check PASS require:role
  done
  for claims in '"role":null' '"roles":"x"'; do
    run_verify --require role "$(with "$claims")"
    expect_status 16
    stdout_has "REJECTED: claim" JWT309
    expect_check FAIL require:role
  done
  run_verify --require a --require b "$(with '"a":1')"
  expect_status 16
  expect_check PASS require:a
  expect_check FAIL require:b
}

@test "--claim NAME=VALUE is a string" {
  run_verify --claim role=admin --claim note=a=b "$(with '"role":"admin","note":"a=b"')"
  expect_status 0
  expect_check PASS claim:role
  for claims in '"role":"Admin"' '"role":["admin"]' '"other":"admin"'; do
    run_verify --claim role=admin "$(with "$claims")"
    expect_status 16
    stdout_has "REJECTED: claim" '"admin"'
    expect_check FAIL claim:role
  done
  run_verify --claim level=3 "$(with '"level":3')"
  expect_status 16
  stdout_has 'expected "3", actual 3'
}

@test "--claim NAME:=JSON compares values, not spelling" {
  for level in 3 3.0 0.3e1 30E-1; do
    run_verify --claim level:=3 "$(with "\"level\":$level")"
    expect_status 0
    expect_check PASS claim:level
  done
  for level in '"3"' 3.0000000000000000001 -3 30 '[3]' null; do
    run_verify --claim level:=3 "$(with "\"level\":$level")"
    expect_status 16
    expect_check FAIL claim:level
  done
  run_verify --claim 'o:={"b":[1,true],"a":null}' "$(with '"o":{"a":null,"b":[1.0,true]}')"
  expect_status 0
  run_verify --claim 'o:=["a","b"]' "$(with '"o":["b","a"]')"
  expect_status 16
  stdout_has "REJECTED: claim"
  run_verify --claim 'o:=""' "$(with '"o":""')"
  expect_status 0
}

@test "--claim: integers beyond a double are told apart" {
  run_verify --claim n:=9007199254740993 "$(with '"n":9007199254740993')"
  expect_status 0
  run_verify --claim n:=9007199254740993 "$(with '"n":9007199254740992')"
  expect_status 16
  stdout_has 9007199254740993 9007199254740992
}

@test "--claim: what is neither form is 2" {
  for bad in role =admin :=3; do
    run_verify --claim "$bad" "$(with)"
    expect_error 2 --claim NAME=VALUE
  done
  for bad in level:=3x 'o:={"a":1,"a":2}' 'o:=[' level:=01; do
    run_verify --claim "$bad" "$(with)"
    expect_error 2 --claim JSON
  done
}

@test "--revoked: a jti a line, and a JSON array" {
  list=$BATS_TEST_TMPDIR/list
  printf '%s\n' one two >"$list"
  run_verify --revoked "$list" "$(with '"jti":"two"')"
  expect_status 16
  stdout_has "REJECTED: claim" revoked '"two"'
  expect_check FAIL revoked
  run_verify --revoked "$list" "$(with '"jti":"tw"')"
  expect_status 0
  expect_check PASS revoked
  printf 'one\r\ntwo' >"$list"
  run_verify --revoked "$list" "$(with '"jti":"one"')"
  expect_status 16
  printf ' ["one", "two"]\n' >"$list"
  run_verify --revoked "$list" "$(with '"jti":"two"')"
  expect_status 16
  stdout_has "REJECTED: claim" revoked
  run_verify --revoked "$list" "$(with '"jti":"three"')"
  expect_status 0
}

@test "--revoked: a token without a usable jti is 16, a broken list is 3" {
  list=$BATS_TEST_TMPDIR/list
  echo one >"$list"
  for claims in '' '"jti":1' '"jti":null'; do
    run_verify --revoked "$list" "$(with "$claims")"
    expect_status 16
    stdout_has "REJECTED: claim" jti
    expect_check FAIL revoked
  done
  for broken in '["one"' '["one", 2]' '[["one"]]'; do
    echo "$broken" >"$list"
    run_verify --revoked "$list" "$(with '"jti":"one"')"
    expect_error 3 --revoked
  done
  run_verify --revoked "$BATS_TEST_TMPDIR/missing" "$(with '"jti":"one"')"
  expect_error 3 --revoked
}

@test "--revoked: a jti that cannot stand in a line is 16 with a list of lines" {
  list=$BATS_TEST_TMPDIR/list
  echo one >"$list"
  for jti in ' one' 'one ' 'one\n' '\rone' 'one\ntwo'; do
    echo one >"$list"
    run_verify --revoked "$list" "$(with "\"jti\":\"$jti\"")"
    expect_status 16
    stdout_has "cannot be judged" "JSON array"
    echo '["one"]' >"$list"
    run_verify --revoked "$list" "$(with "\"jti\":\"$jti\"")"
    expect_status 0
    printf '["%s"]' "$jti" >"$list"
    run_verify --revoked "$list" "$(with "\"jti\":\"$jti\"")"
    expect_status 16
    stdout_has "is revoked"
  done
}

@test "--revoked: JSON that is no array, and lines with quotes or odd spaces, are 3" {
  list=$BATS_TEST_TMPDIR/list
  for text in null true 12 '"one"' '{}' "'one'" 'one;' $'\u00a0one' $'one\u3000'; do
    echo "$text" >"$list"
    run_verify --revoked "$list" "$(with '"jti":"one"')"
    expect_error 3 --revoked
  done
}

@test "--revoked: an empty list must be meant" {
  list=$BATS_TEST_TMPDIR/list
  for empty in '' $'\n'; do
    printf '%s' "$empty" >"$list"
    run_verify --revoked "$list" "$(with '"jti":"one"')"
    expect_error 3 --revoked empty '[]'
  done
  echo '[]' >"$list"
  run_verify --revoked "$list" "$(with '"jti":"one"')"
  expect_status 0
}
