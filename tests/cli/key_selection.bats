#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Which key of a set is used, and why none is: kid, type, curve, alg, use, key_ops, ambiguity.

load helper

setup_file() {
  cd "$BATS_FILE_TMPDIR"
  make_rsa rsa.pem
  make_ec ec.pem
  make_ec ec2.pem
  make_ec p384.pem P-384
  make_ed25519 ed.pem
}

setup() {
  cd "$BATS_TEST_TMPDIR"
  cp "$BATS_FILE_TMPDIR"/* .
}

# es256 [HEADER-MEMBERS], rs256 [HEADER-MEMBERS]: a good token.
es256() { sign_es256 "{\"alg\":\"ES256\"${1:+,$1}}" "{\"exp\":$((NOW + 600))}" ec.pem; }
rs256() { sign_rs256 "{\"alg\":\"RS256\"${1:+,$1}}" "{\"exp\":$((NOW + 600))}" rsa.pem; }

# from_set TOKEN OPTION...: verify with the file "set".
from_set() { run_jwtctl verify --jwks set --now "$NOW" "${@:2}" "$1"; }

refused_key() {
  expect_status 12 || return
  stdout_has "REJECTED: key" "$@" || return
  expect_check FAIL key || return
  expect_check SKIP signature
}

@test "the kid of the token chooses the key" {
  jwks "$(jwk ec2.pem '{kid:"old"}')" "$(jwk ec.pem '{kid:"new"}')" >set
  from_set "$(es256 '"kid":"new"')"
  expect_status 0
  expect_check PASS key
  from_set "$(es256 '"kid":"old"')"
  expect_status 13
  stdout_has "REJECTED: signature"
}

@test "an unknown kid is 12 and says why each key was passed over" {
  jwks "$(jwk ec2.pem '{kid:"a"}')" "$(jwk rsa.pem)" '{"kty":"XYZ","kid":"odd"}' >set
  from_set "$(es256 '"kid":"gone"')"
  refused_key '"gone"' "keys passed over" "key 0" "key 1" "key 2" '"a"' XYZ
  from_set "$(es256 '"kid":"gone"')" -f json
  expect_status 12
  json '[.skipped_keys[] | [.index, .kid, .reason != ""]]' '[[0,"a",true],[1,null,true],[2,"odd",true]]'
  json .key null
  json_check key .actual '"gone"'
}

@test "a kid that is no string is 12" {
  jwks "$(jwk ec.pem)" >set
  from_set "$(es256 '"kid":7')"
  refused_key kid string
}

@test "several keys that fit are ambiguous, unless --kid or --try-all-keys" {
  jwks "$(jwk ec2.pem '{kid:"a"}')" "$(jwk ec.pem '{kid:"b"}')" "$(jwk rsa.pem '{kid:"c"}')" >set
  from_set "$(es256)"
  refused_key ambiguous "2 keys" --kid --try-all-keys
  from_set "$(es256)" --try-all-keys
  expect_status 0
  from_set "$(es256)" --kid b
  expect_status 0
  from_set "$(es256)" --kid a
  expect_status 13
  from_set "$(es256)" --kid z
  refused_key '"z"'
  from_set "$(rs256)"
  expect_status 0
}

@test "--try-all-keys does not help against a key that is not there" {
  jwks "$(jwk ec2.pem '{kid:"a"}')" "$(jwk rsa.pem '{kid:"c"}')" >set
  from_set "$(es256)" --try-all-keys
  expect_status 13
  stdout_has "REJECTED: signature"
}

@test "--try-all-keys tries sixteen keys and no more" {
  for number in {1..15}; do
    make_ec "other$number.pem"
    jwk "other$number.pem"
  done >others
  { cat others; jwk ec.pem; } | jq -sc '{keys:.}' >set
  from_set "$(es256)" --try-all-keys
  expect_status 0
  { cat others; jwk ec2.pem; jwk ec.pem; } | jq -sc '{keys:.}' >set
  from_set "$(es256)" --try-all-keys
  expect_status 12
  stdout_has "17 keys fit, 16 were tried, and none of those made the signature" "hint: " --kid
}

@test "--kid: a token that names another is 12, one that names none is looked up" {
  jwks "$(jwk ec.pem '{kid:"a"}')" >set
  from_set "$(es256 '"kid":"a"')" --kid a
  expect_status 0
  from_set "$(es256)" --kid a
  expect_status 0
  from_set "$(es256 '"kid":"a"')" --kid b
  refused_key '"a"' '"b"'
  jwk ec.pem '{kid:"a"}' >one
  run_jwtctl verify --key one --kid b --now "$NOW" "$(es256)"
  refused_key '"a"' '"b"'
}

@test "a kid that begins with a dash" {
  jwks "$(jwk ec.pem '{kid:"-Zx0"}')" "$(jwk ec2.pem '{kid:"b"}')" >set
  from_set "$(es256 '"kid":"-Zx0"')"
  expect_status 0
  from_set "$(es256)" --kid=-Zx0
  expect_status 0
  from_set "$(es256)" --kid -Zx0
  expect_status 0
}

@test "a single key is tried although its kid differs, with a warning" {
  jwk ec.pem '{kid:"a"}' >one
  run_jwtctl verify --key one --now "$NOW" -f json "$(es256 '"kid":"b"')"
  expect_status 0
  json '[.findings[] | [.rule, .level]]' '[["JWT116","warning"]]'
  json '.findings[0].message | contains("\"a\"") and contains("\"b\"")' true
}

@test "another type of key is 11 and says what it found" {
  run_jwtctl verify --key ec.pem --now "$NOW" "$(rs256)"
  expect_status 11
  stdout_has "REJECTED: header" RS256 RSA "EC private key on P-256" "ES256"
  expect_check FAIL alg
  run_jwtctl verify --key rsa.pem --now "$NOW" "$(es256)"
  expect_status 11
  stdout_has ES256 "RSA private key of 2048 bits"
  jwks "$(jwk ec.pem)" "$(jwk ec2.pem)" >set
  from_set "$(rs256)"
  expect_status 11
  stdout_has "REJECTED: header"
}

@test "another curve is 12" {
  run_jwtctl verify --key p384.pem --now "$NOW" "$(es256)"
  refused_key P-384 ES256
  run_jwtctl verify --key ed.pem --now "$NOW" "$(signing_input '{"alg":"Ed448"}' '{}').AAAA"
  refused_key Ed25519 Ed448
}

@test "alg of a JWK: another is 12, the same and the two names of EdDSA are 0" {
  jwk rsa.pem '{alg:"RS512"}' >one
  run_jwtctl verify --key one --now "$NOW" "$(rs256)"
  refused_key RS512 RS256
  jwk rsa.pem '{alg:"RS256"}' >one
  run_jwtctl verify --key one --now "$NOW" "$(rs256)"
  expect_status 0
  jwk ed.pem '{alg:"EdDSA"}' >one
  run_jwtctl verify --key one --now "$NOW" "$(sign_eddsa '{"alg":"Ed25519"}' "{\"exp\":$((NOW + 600))}" ed.pem)"
  expect_status 0
  jwk ed.pem '{alg:"Ed25519"}' >one
  T=$(sign_eddsa '{"alg":"EdDSA"}' "{\"exp\":$((NOW + 600))}" ed.pem)
  run_jwtctl verify --key one --now "$NOW" "$T"
  expect_status 0
  run_jwtctl verify --key one --alg Ed25519 --now "$NOW" "$T"
  expect_status 0
}

@test "--alg Ed448 does not allow an Ed25519 key, whatever the token calls it" {
  jwk ed.pem >one
  for alg in EdDSA Ed25519; do
    T=$(sign_eddsa "{\"alg\":\"$alg\"}" "{\"exp\":$((NOW + 600))}" ed.pem)
    run_jwtctl verify --key one --alg EdDSA --now "$NOW" "$T"
    expect_status 0
    run_jwtctl verify --key one --alg Ed448 --now "$NOW" "$T"
    [ "$status" -eq 11 ] || [ "$status" -eq 12 ] || complain "expected 11 or 12"
    stdout_has REJECTED Ed25519 --alg
  done
}

@test "use: sig and jwt-svid are good, enc is 12" {
  for use in sig jwt-svid; do
    jwk ec.pem "{use:\"$use\"}" >one
    run_jwtctl verify --key one --now "$NOW" "$(es256)"
    expect_status 0
  done
  jwk ec.pem '{use:"enc"}' >one
  run_jwtctl verify --key one --now "$NOW" "$(es256)"
  refused_key enc sig
}

@test "key_ops without verify is 12" {
  jwk ec.pem '{key_ops:["sign"]}' >one
  run_jwtctl verify --key one --now "$NOW" "$(es256)"
  refused_key key_ops verify
  jwk ec.pem '{key_ops:["sign","verify"]}' >one
  run_jwtctl verify --key one --now "$NOW" "$(es256)"
  expect_status 0
  jwk ec.pem '{key_ops:"verify"}' >one
  run_jwtctl verify --key one --now "$NOW" "$(es256)"
  refused_key key_ops
}

@test "an empty set is 12" {
  echo '{"keys":[]}' >set
  from_set "$(es256)"
  refused_key empty
}

@test "a set of secrets and public keys together is 12" {
  make_secret secret
  jwks "$(jwk rsa.pem '{kid:"r"}')" "$(oct_jwk secret '{kid:"s"}')" >set
  from_set "$(rs256 '"kid":"r"')"
  refused_key mixes
  from_set "$(sign_hs256 '{"alg":"HS256","kid":"s"}' "{\"exp\":$((NOW + 600))}" secret)"
  refused_key mixes
}

@test "two different keys with one kid are 12; the same key twice is not" {
  jwks "$(jwk ec.pem '{kid:"a"}')" "$(jwk ec2.pem '{kid:"a"}')" >set
  from_set "$(es256 '"kid":"a"')"
  refused_key '"a"'
  jwks "$(jwk ec.pem '{kid:"a"}')" "$(jwk ec.pem '{kid:"a"}')" >set
  from_set "$(es256 '"kid":"a"')"
  expect_status 0
  jwks "$(jwk ec.pem '{kid:"a"}')" "$(jwk rsa.pem '{kid:"a"}')" >set
  from_set "$(es256 '"kid":"a"')"
  expect_status 0
}

@test "unusable keys of a set are skipped with the reason" {
  jwks '{"kty":"XYZ"}' '{"kty":"EC","crv":"P-256"}' '"text"' '{}' "$(jwk ec.pem)" >set
  from_set "$(es256)" -f json
  expect_status 0
  json '[.skipped_keys[].index]' '[0,1,2,3]'
  json '[.skipped_keys[] | select(.reason == "")]' '[]'
}

@test "keys that the token brings are never used" {
  T=$(es256 "\"jwk\":$(jwk ec.pem),\"jku\":\"https://a.example/jwks\",\"x5u\":\"https://a.example/c\"")
  run_jwtctl verify --key ec2.pem --now "$NOW" -f json "$T"
  expect_status 13
  json '[.findings[].rule] | contains(["JWT110","JWT111"])' true
  run_jwtctl verify --key ec.pem --now "$NOW" -f json "$T"
  expect_status 0
}
