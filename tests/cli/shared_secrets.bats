#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# --secret and JWKs of type oct: encodings, newlines, length, and what is refused as a secret.

load helper

setup() {
  cd "$BATS_TEST_TMPDIR"
  make_secret secret
  PAYLOAD="{\"exp\":$((NOW + 600))}"
  T=$(sign_hs256 '{"alg":"HS256"}' "$PAYLOAD" secret)
}

with_secret() { run_jwtctl verify --now "$NOW" --secret "$@" "$T" </dev/null; }

# sign_hs BITS SECRETFILE
sign_hs() {
  local input
  input=$(signing_input "{\"alg\":\"HS$1\"}" "$PAYLOAD")
  printf '%s.%s' "$input" "$(printf '%s' "$input" |
    openssl dgst "-sha$1" -mac HMAC -macopt "hexkey:$(hex <"$2")" -binary | b64url)"
}

@test "raw: exactly the bytes of the file" {
  with_secret secret
  expect_status 0
  stderr_is_empty
  expect_check PASS signature
  with_secret secret --secret-encoding raw
  expect_status 0
  SECRET_TEXT=$(<secret) with_secret env:SECRET_TEXT
  expect_status 0
  run_jwtctl verify --now "$NOW" --secret - "$T" <secret
  expect_status 0
  run_jwtctl verify --now "$NOW" --secret fd:8 "$T" 8<secret
  expect_status 0
}

@test "raw: a newline at the end counts, with a note" {
  { cat secret; echo; } >line
  with_secret line
  expect_status 13
  stdout_has "REJECTED: signature"
  stderr_has "jwtctl: note: " newline
  T=$(sign_hs256 '{"alg":"HS256"}' "$PAYLOAD" line)
  with_secret line
  expect_status 0
  stderr_has "jwtctl: note: " newline
  with_secret secret
  expect_status 13
  stderr_is_empty
}

@test "raw: zero bytes and bytes that are no text" {
  printf '\0\1\2\377\n%s' "$(repeat 32 x)" >binary
  T=$(sign_hs256 '{"alg":"HS256"}' "$PAYLOAD" binary)
  with_secret binary
  expect_status 0
}

@test "hex, base64 and base64url, with and without a newline at the end" {
  { printf '\377\376\375'; repeat 30 '\373'; } >secret # + and / in base64, padding too
  printf x >>secret
  T=$(sign_hs256 '{"alg":"HS256"}' "$PAYLOAD" secret)
  hex <secret | tr A-F a-f >hex
  hex <secret >HEX
  base64 -w0 secret >base64
  b64url <secret >base64url
  grep -q '[+/].*=' base64
  for form in hex HEX base64 base64url; do
    with_secret $form --secret-encoding "${form,,}"
    expect_status 0
    echo >>$form
    with_secret $form --secret-encoding "${form,,}"
    expect_status 0
    stderr_is_empty
  done
}

@test "what is not in the named encoding is 3 and not shown" {
  for case in hex:abc hex:0g hex:'ab cd' base64:QUJ base64:QUJD-_== base64:'QU*D' \
    base64url:QUJDRA== base64url:QUJ+ base64url:QUJDR base64url:'QU*D'; do
    printf '%s' "${case#*:}" >wrong
    with_secret wrong --secret-encoding "${case%%:*}"
    expect_error 3 --secret
    nothing_has "${case#*:}"
  done
}

@test "--secret-encoding: unknown is 2, without --secret 2" {
  with_secret secret --secret-encoding base46
  expect_error 2 base46 base64
  oct_jwk secret >oct
  run_jwtctl verify --now "$NOW" --key oct --secret-encoding hex "$T"
  expect_error 2 --secret-encoding --secret
}

@test "a secret shorter than the hash is 12, one of its length is good" {
  for row in "256 32" "384 48" "512 64"; do
    set -- $row
    repeat "$2" s >exact
    T=$(sign_hs "$1" exact)
    with_secret exact
    expect_status 0
    repeat $(($2 - 1)) s >short
    T=$(sign_hs "$1" short)
    with_secret short
    expect_status 12
    stdout_has "REJECTED: key" "HS$1" "$(($2 - 1)) bytes" "$2"
    expect_check FAIL key
    expect_check SKIP signature
  done
}

@test "an empty secret is 12, wherever it comes from" {
  input=$(signing_input '{"alg":"HS256"}' "$PAYLOAD")
  T=$input.$(printf '%s' "$input" | openssl dgst -sha256 -hmac '' -binary | b64url)
  : >empty
  echo >newline
  with_secret empty
  expect_status 12
  stdout_has "REJECTED: key" empty
  EMPTY='' with_secret env:EMPTY
  expect_status 12
  stdout_has "REJECTED: key" empty
  for encoding in hex base64 base64url; do
    with_secret newline --secret-encoding $encoding
    expect_status 12
    stdout_has "REJECTED: key" empty
  done
  echo '{"kty":"oct","k":""}' >oct
  run_jwtctl verify --now "$NOW" --key oct "$T"
  expect_status 12
  stdout_has "REJECTED: key"
}

@test "a key or certificate is no secret: 2, in any encoding" {
  make_ec ec.pem
  openssl pkey -in ec.pem -pubout -out public.pem
  openssl pkey -in ec.pem -pubout -outform DER -out public.der
  openssl req -x509 -key ec.pem -subj /CN=x -days 1 -out certificate.pem
  openssl req -x509 -key ec.pem -subj /CN=x -days 1 -outform DER -out certificate.der
  jwk ec.pem >public.jwk
  jwks "$(jwk ec.pem)" >set
  tr -d '\n' <public.pem >one-line
  { echo; cat public.pem; } >shifted
  for content in public.pem public.der certificate.pem certificate.der public.jwk set ec.pem one-line shifted; do
    T=$(sign_hs256 '{"alg":"HS256"}' "$PAYLOAD" $content)
    with_secret $content
    expect_error 2 --secret --key
    stdout_is_empty
    base64 -w0 $content >encoded
    with_secret encoded --secret-encoding base64
    expect_error 2 --secret --key
    hex <$content >encoded
    with_secret encoded --secret-encoding hex
    expect_error 2 --secret --key
  done
}

@test "a JWK of type oct: alone, and in a set of secrets" {
  oct_jwk secret '{kid:"a"}' >oct
  run_jwtctl verify --now "$NOW" --key oct -f json "$T"
  expect_status 0
  json '[.key.kty, .key.kid, .key.thumbprint]' '["oct","a",null]'
  printf 'another secret of thirty-two byte' >other
  jwks "$(oct_jwk other '{kid:"b"}')" "$(oct_jwk secret '{kid:"a"}')" >set
  T=$(sign_hs256 '{"alg":"HS256","kid":"a"}' "$PAYLOAD" secret)
  run_jwtctl verify --now "$NOW" --jwks set "$T"
  expect_status 0
  T=$(sign_hs256 '{"alg":"HS256","kid":"b"}' "$PAYLOAD" secret)
  run_jwtctl verify --now "$NOW" --jwks set "$T"
  expect_status 13
}

@test "a secret allows only HMAC: an RS256 token is 11" {
  make_rsa rsa.pem
  T=$(sign_rs256 '{"alg":"RS256"}' "$PAYLOAD" rsa.pem)
  with_secret secret
  expect_status 11
  stdout_has "REJECTED: header" RS256 HS256
}

@test "a public key in base64 or hexadecimal is no secret either" {
  local file
  openssl genpkey -algorithm ed25519 -out private.pem
  openssl pkey -in private.pem -pubout -outform DER -out spki
  printf '{"kty":"OKP","crv":"Ed25519","x":"%s"}' "$(tail -c 32 spki | b64url)" >jwk
  openssl pkey -in private.pem -pubout -out pem
  for file in spki jwk pem; do
    base64 -w0 "$file" >"$file.base64"
    b64url <"$file" >"$file.base64url"
    hex <"$file" >"$file.hex"
    for spelled in "$file".*; do
      T=$(sign_hs256 '{"alg":"HS256"}' "$PAYLOAD" "$spelled")
      with_secret "$spelled"
      expect_error 2 "not a shared secret"
    done
  done
}

@test "the secret of a JWK is no key or certificate either: anybody could sign with it" {
  make_ec ec.pem
  openssl pkey -in ec.pem -pubout -out public.pem
  openssl pkey -in ec.pem -pubout -outform DER -out public.der
  openssl req -x509 -new -key ec.pem -subj /CN=x -days 30 -out certificate.pem
  "$JWTCTL" jwks show -f jwk public.pem >public.jwk
  local form
  for form in public.pem public.der certificate.pem public.jwk; do
    T=$(sign_hs256 '{"alg":"HS256"}' "$PAYLOAD" "$form")
    jq -nc --arg k "$(b64url <"$form")" '{kty: "oct", k: $k}' >oct.jwk
    jq -nc --slurpfile key oct.jwk '{keys: $key}' >oct.jwks
    run_jwtctl verify --now "$NOW" --key oct.jwk "$T"
    expect_status 12
    stdout_has "its secret is a key or certificate"
    run_jwtctl verify --now "$NOW" --jwks oct.jwks "$T"
    expect_status 12
    stdout_has "its secret is a key or certificate"
    run_jwtctl sign --key oct.jwk --alg HS256 --expires-in 1h
    expect_error 3 "its secret is a key or certificate"
    run_jwtctl jwks show oct.jwk
    stdout_has "its secret is a key or certificate"
  done
}
