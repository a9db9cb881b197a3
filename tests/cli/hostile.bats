#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# What an attacker or an unset variable would try, each found by a review and refused since.

load helper

setup() {
  cd "$BATS_TEST_TMPDIR"
  make_secret secret
  SECRET=secret
  T=$(token "{\"exp\":$((NOW + 600)),\"jti\":\"J1\"}")
}

@test "a token that spells help or version is never a yes" {
  local word
  for word in -h --help -V --version -qV -vh -qh; do
    run_verify --any-audience "$word"
    [ "$status" -eq 2 ] || complain "$word: $status"
  done
  run_jwtctl decode --print payload "$T" -h
  expect_status 2
  run_verify -- -h
  expect_status 10
  run_jwtctl verify -h
  expect_status 0
  run_jwtctl verify --help -f json
  expect_status 0
}

@test "a public key in any clothes is refused as a secret" {
  make_rsa key.pem
  openssl pkey -in key.pem -pubout -out pub.pem
  openssl pkey -in key.pem -pubout -outform DER -out pub.der
  mkdir clothes
  sed '/-----/d' pub.pem | tr -d '\n' >clothes/body
  sed '/-----/d' pub.pem >clothes/wrapped
  base64 -w0 pub.pem >clothes/pem-in-base64
  { cat pub.der; echo; } >clothes/der-newline
  { printf '\xef\xbb\xbf'; cat pub.pem; } >clothes/bom
  iconv -t UTF-16LE pub.pem >clothes/utf-16
  tail -c +2 pub.pem >clothes/dash-lost
  echo "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC7 me@host" >clothes/ssh
  printf -- '---- BEGIN SSH2 PUBLIC KEY ----\nAAAAB3NzaC1yc2E\n---- END SSH2 PUBLIC KEY ----\n' \
    >clothes/ssh2
  jwk key.pem >jwk
  sed 's/"kty"/"\\u006bty"/' jwk >clothes/jwk-escaped
  { printf '\xef\xbb\xbf'; sed 's/"kty"/"\\u006bty"/' jwk; echo junk; } >clothes/jwk-junk
  local file
  for file in clothes/*; do
    run_jwtctl verify --now "$NOW" --secret "$file" "$T" </dev/null
    [ "$status" -eq 2 ] || complain "$file: $status"
    stderr_has "not a shared secret"
  done
}

@test "a list of revoked tokens that would be misread is an error" {
  mkdir lists
  printf '\xef\xbb\xbfJ1\n' >lists/bom
  printf '\xef\xbb\xbf["J1"]' >lists/bom-json
  echo '{"revoked":["J1"]}' >lists/object
  printf 'J0\rJ1\r' >lists/cr
  echo '"J1"' >lists/quoted
  echo 'J1,2024-01-01' >lists/csv
  printf 'J0\0J1\0' >lists/nul
  echo '<html>404</html>' >lists/html
  : >lists/empty
  local file
  for file in lists/*; do
    run_verify --revoked "$file" "$T"
    [ "$status" -eq 3 ] || complain "$file: $status"
    stderr_has --revoked
  done
  echo 'J1 ' >blank
  run_verify --revoked blank "$T"
  expect_status 16
  echo '[]' >none
  run_verify --revoked none "$T"
  expect_status 0
}

@test "a token or secret that came to the wrong option is not repeated" {
  local option
  for option in --leeway --now --alg -f --color --print --max-token-size --key --jwks; do
    run_verify "$option" "$T"
    [ "$status" -ne 0 ] || complain "$option"
    nothing_has "$T" "${T##*.}"
  done
  run_jwtctl decode "@$T"
  expect_status 2
  nothing_has "${T##*.}"
  run_jwtctl decode "env:$T"
  expect_status 2
  nothing_has "${T##*.}"
  run_jwtctl "$T"
  expect_status 2
  nothing_has "${T##*.}"
  run_jwtctl verify --now "$NOW" --key hunter2secretpassword "$T"
  expect_status 3
  nothing_has hunter2
  run_jwtctl verify --now "$NOW" "-shunter2secret" "$T"
  expect_status 2
  nothing_has hunter2
}

# run_verify_key FILE: with the passphrase x.
run_verify_key() {
  P=x run_jwtctl verify --now "$NOW" --key "$1" --passphrase env:P "$T" </dev/null
}

@test "a key that wants too many rounds is refused at once" {
  make_ec key.pem
  openssl pkcs8 -topk8 -in key.pem -passout pass:x -iter 16777217 -outform DER -out slow.der
  run_verify_key slow.der
  expect_status 12
  stdout_has "16777217 rounds"
}

@test "PEM in an unknown member of a JWK does not matter" {
  oct_jwk secret '{"x-pem":"-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----"}' >key.jwk
  run_jwtctl verify --now "$NOW" --key key.jwk "$T" </dev/null
  expect_status 0
}

@test "two tokens glued together are not called encrypted" {
  run_verify "$T.$T"
  expect_status 10
  run_jwtctl decode "$T $T"
  expect_status 3
  nothing_has encrypted
}

@test "--strict without an algorithm is a usage error whatever the token" {
  run_jwtctl verify --now "$NOW" --secret secret --strict --issuer a --audience b not.a.token
  expect_error 2 --alg
}
