#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Where keys come from: paths, stdin, descriptors, the environment; what is no key, and what is
# too large.

load helper

setup_file() {
  cd "$BATS_FILE_TMPDIR"
  make_ec ec.pem
  openssl pkey -in ec.pem -pubout -out public.pem
  export ES256
  ES256=$(sign_es256 '{"alg":"ES256"}' "{\"exp\":$((NOW + 600))}" ec.pem)
}

setup() {
  cd "$BATS_TEST_TMPDIR"
  cp "$BATS_FILE_TMPDIR"/* .
}

verify() { run_jwtctl verify --now "$NOW" "$@" "$ES256"; }

@test "no key source is 2 and lists them" {
  verify
  expect_error 2 "no key" --key --secret --jwks
  stdout_is_empty
}

@test "two key sources are 2 and listed" {
  jwks "$(jwk ec.pem)" >set
  for pair in "--key public.pem --jwks set" "--key public.pem --secret ec.pem" "--jwks set --secret ec.pem"; do
    verify $pair
    expect_error 2 "more than one" --key --secret --jwks
    stdout_is_empty
  done
  verify --key public.pem --key public.pem
  expect_error 2 --key
}

@test "--key reads stdin, descriptors and variables" {
  verify --key - <public.pem
  expect_status 0
  verify --key fd:7 7<public.pem
  expect_status 0
  verify --key fd:0 <public.pem
  expect_status 0
  PEM=$(<public.pem) verify --key env:PEM
  expect_status 0
  verify --key <(cat public.pem)
  expect_status 0
  jwks "$(jwk ec.pem)" >set
  verify --jwks - <set
  expect_status 0
}

@test "an unset variable is 2, an empty one 3" {
  unset JWTCTL_TEST_UNSET
  verify --key env:JWTCTL_TEST_UNSET
  expect_error 2 --key JWTCTL_TEST_UNSET "not set"
  JWTCTL_TEST_EMPTY='' verify --key env:JWTCTL_TEST_EMPTY
  expect_error 3 --key empty
  JWTCTL_TEST_EMPTY='' verify --jwks env:JWTCTL_TEST_EMPTY
  expect_error 3 --jwks empty
}

@test "a descriptor that is not open is 3, one that is none is 2" {
  verify --key fd:9 9<&-
  expect_error 3 fd:9
  for bad in fd: fd:x fd:-1 fd:1 fd:2 fd:7x fd:99999999999; do
    verify --key "$bad"
    expect_error 2 --key descriptor
  done
}

@test "stdin can be read only once" {
  run_jwtctl verify --key - --now "$NOW" - <public.pem
  expect_error 2 stdin --key TOKEN
  run_jwtctl verify --key - --now "$NOW" <public.pem
  expect_error 2 stdin --key TOKEN
  verify --key - --passphrase - <public.pem
  expect_error 2 stdin --key --passphrase
  verify --key - --revoked - <public.pem
  expect_error 2 stdin --key --revoked
  verify --key fd:0 --revoked - <public.pem
  expect_error 2 stdin --key --revoked
}

@test "a directory, a missing file and an unreadable file are 3" {
  mkdir folder
  verify --key folder
  expect_error 3 --key folder directory
  verify --jwks folder
  expect_error 3 --jwks folder directory
  verify --key missing.pem
  expect_error 3 --key missing.pem
  verify --key missing/key.pem
  expect_error 3 --key missing/key.pem
  verify --key public.pem/x
  expect_error 3 --key
  verify --key /proc/self/mem # opens, but cannot be read from its beginning
  expect_error 3 --key "cannot read"
}

@test "a file that we may not read is 3" {
  [ "$(id -u)" -ne 0 ] || skip "root may read everything"
  chmod 0 public.pem
  verify --key public.pem
  expect_error 3 --key public.pem "ermission"
}

@test "a key file of 64 KiB is read, one byte more is 12" {
  pad() { { cat public.pem; repeat $(($1 - $(stat -c %s public.pem))) '#'; } >padded; }
  pad 65536
  verify --key padded
  expect_status 0
  pad 65537
  verify --key padded
  expect_status 12
  stdout_has "REJECTED: key" 65536
  expect_check FAIL key
  verify --key - <padded
  expect_status 12
  stdout_has "REJECTED: key" 65536
  verify --secret padded
  expect_status 12
  stdout_has "REJECTED: key" 65536
}

@test "a key set may have 1 MiB, not a byte more" {
  pad() { { jwks "$(jwk ec.pem)"; repeat "$1" ' '; } | head -c "$1" >set; }
  pad 1048576
  verify --jwks set
  expect_status 0
  pad 1048577
  verify --jwks set
  expect_status 12
  stdout_has "REJECTED: key" 1048576
}

@test "an empty key file and garbage are 3" {
  : >empty
  verify --key empty
  expect_error 3 --key empty
  verify --jwks empty
  expect_error 3 --jwks empty
  head -c 200 public.pem | tail -c 100 >garbage
  verify --key garbage
  expect_error 3 --key garbage "no key"
  printf '\0\1\2\377' >garbage
  verify --key garbage
  expect_error 3 --key garbage "no key"
  printf '\xef\xbb\xbf%s' "$(jwk ec.pem)" >bom
  verify --key bom
  expect_error 3 --key bom
  printf '\n\n' >blank
  verify --key blank
  expect_error 3 --key blank
}

@test "broken PEM, DER and JSON are 3 and say what is broken" {
  head -n 2 public.pem >cut
  verify --key cut
  expect_error 3 --key PEM
  { echo '-----BEGIN PUBLIC KEY-----'; echo AAAA; echo '-----END PUBLIC KEY-----'; } >wrong
  verify --key wrong
  expect_error 3 --key "PUBLIC KEY" broken
  { echo '-----BEGIN CERTIFICATE REQUEST-----'; echo AAAA; echo '-----END CERTIFICATE REQUEST-----'; } >request
  verify --key request
  expect_error 3 --key "CERTIFICATE REQUEST"
  printf '\x30\x03\x02\x01\x05' >number
  verify --key number
  expect_error 3 --key DER
  jwk ec.pem | head -c 40 >half
  verify --key half
  expect_error 3 --key JSON
  { jwk ec.pem; printf '\0'; } >nul
  verify --key nul
  expect_error 3 --key JSON NUL
  jwk ec.pem | sed 's/"kty"/"kty":"RSA","kty"/' >twice
  verify --key twice
  expect_error 3 --key kty
}

@test "JSON that is no key set is 3 and says what it is" {
  echo '{"issuer":"https://a.example","jwks_uri":"https://a.example/jwks"}' >discovery
  verify --jwks discovery
  expect_error 3 --jwks discovery jwks_uri
  echo '{"error":"not found"}' >answer
  verify --jwks answer
  expect_error 3 --jwks "error answer"
  for other in '{}' '[]' '{"keys":{}}' '{"keys":null}'; do
    echo "$other" >other
    verify --jwks other
    expect_error 3 --jwks "no key set"
  done
}

@test "--jwks refuses a PEM key, --key a set of several" {
  verify --jwks public.pem
  expect_error 3 --jwks --key
  jwks "$(jwk ec.pem '{kid:"a"}')" "$(jwk ec.pem '{kid:"b"}')" >set
  verify --key set
  expect_error 2 --key --jwks "2 keys"
}

@test "--key never takes text as a shared secret" {
  printf 'correct horse battery staple, forty byte' >text
  T=$(sign_hs256 '{"alg":"HS256"}' "{\"exp\":$((NOW + 600))}" text)
  run_jwtctl verify --key text --now "$NOW" "$T"
  expect_error 3 "no key" --secret
}
