#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Keys are recognised by content whatever the file is called: PEM, DER, JWK, JWKS, encrypted.

load helper

setup_file() {
  cd "$BATS_FILE_TMPDIR"
  make_rsa rsa.pem
  make_ec ec.pem
  make_ed25519 ed.pem
  printf 'open sesame' >passphrase
  printf 'close sesame' >wrong
  export RS256 ES256 EDDSA
  RS256=$(sign_rs256 '{"alg":"RS256"}' "{\"exp\":$((NOW + 600))}" rsa.pem)
  ES256=$(sign_es256 '{"alg":"ES256"}' "{\"exp\":$((NOW + 600))}" ec.pem)
  EDDSA=$(sign_eddsa '{"alg":"EdDSA"}' "{\"exp\":$((NOW + 600))}" ed.pem)
}

setup() {
  cd "$BATS_TEST_TMPDIR"
  cp "$BATS_FILE_TMPDIR"/* .
}

# opens TOKEN FILE [OPTION...]: the key verifies the token, under names that suggest another form.
opens() {
  local name
  for name in key.txt key.pem key.der key.json; do
    [ "$2" -ef "$name" ] || cp "$2" "$name"
    run_jwtctl verify --key "$name" --now "$NOW" "${@:3}" "$1"
    expect_status 0 || return
    expect_check PASS signature || return
  done
}

@test "RSA: PKCS#1 public and private, PKCS#8, SPKI, certificate, JWK" {
  openssl rsa -in rsa.pem -traditional -out pkcs1 2>/dev/null
  openssl rsa -in rsa.pem -RSAPublicKey_out -out pkcs1-public 2>/dev/null
  openssl pkey -in rsa.pem -pubout -out spki
  openssl req -x509 -key rsa.pem -subj /CN=x -days 1 -out certificate 2>/dev/null
  jwk rsa.pem >jwk
  grep -q 'BEGIN RSA PRIVATE KEY' pkcs1
  grep -q 'BEGIN RSA PUBLIC KEY' pkcs1-public
  grep -q 'BEGIN PRIVATE KEY' rsa.pem
  for form in pkcs1 pkcs1-public rsa.pem spki certificate jwk; do
    opens "$RS256" "$form"
  done
}

@test "RSA in DER: PKCS#1 public and private, PKCS#8, SPKI, certificate" {
  openssl rsa -in rsa.pem -traditional -outform DER -out pkcs1 2>/dev/null
  openssl rsa -in rsa.pem -RSAPublicKey_out -outform DER -out pkcs1-public 2>/dev/null
  openssl pkcs8 -topk8 -nocrypt -in rsa.pem -outform DER -out pkcs8
  openssl pkey -in rsa.pem -pubout -outform DER -out spki
  openssl req -x509 -key rsa.pem -subj /CN=x -days 1 -outform DER -out certificate 2>/dev/null
  for form in pkcs1 pkcs1-public pkcs8 spki certificate; do
    opens "$RS256" "$form"
  done
}

@test "EC: SEC1 with EC PARAMETERS in front, PKCS#8, SPKI, certificate, JWK" {
  openssl ecparam -name prime256v1 >sec1-with-parameters
  openssl ec -in ec.pem 2>/dev/null >sec1
  cat sec1 >>sec1-with-parameters
  openssl pkey -in ec.pem -pubout -out spki
  openssl req -x509 -key ec.pem -subj /CN=x -days 1 -out certificate
  jwk ec.pem >jwk
  grep -q 'BEGIN EC PARAMETERS' sec1-with-parameters
  grep -q 'BEGIN EC PRIVATE KEY' sec1
  for form in sec1 sec1-with-parameters ec.pem spki certificate jwk; do
    opens "$ES256" "$form"
  done
}

@test "EC in DER: SEC1, PKCS#8, SPKI, certificate" {
  openssl ec -in ec.pem -outform DER -out sec1 2>/dev/null
  openssl pkcs8 -topk8 -nocrypt -in ec.pem -outform DER -out pkcs8
  openssl pkey -in ec.pem -pubout -outform DER -out spki
  openssl req -x509 -key ec.pem -subj /CN=x -days 1 -outform DER -out certificate
  for form in sec1 pkcs8 spki certificate; do
    opens "$ES256" "$form"
  done
}

@test "Ed25519: PKCS#8, SPKI, certificate, DER, JWK" {
  openssl pkey -in ed.pem -pubout -out spki
  openssl pkey -in ed.pem -pubout -outform DER -out spki-der
  openssl pkcs8 -topk8 -nocrypt -in ed.pem -outform DER -out pkcs8-der
  openssl req -x509 -key ed.pem -subj /CN=x -days 1 -out certificate
  jwk ed.pem >jwk
  for form in ed.pem spki spki-der pkcs8-der certificate jwk; do
    opens "$EDDSA" "$form"
  done
}

@test "text around a PEM block and CRLF line ends do not matter" {
  { echo "Subject: CN = x"; openssl pkey -in ec.pem -pubout; echo "that was it"; } >commented
  openssl pkey -in ec.pem -pubout | sed 's/$/\r/' >crlf
  opens "$ES256" commented
  opens "$ES256" crlf
}

@test "of several PEM blocks the first key or certificate counts" {
  openssl req -x509 -key ec.pem -subj /CN=x -days 1 -out certificate
  openssl pkey -in rsa.pem -pubout -out other
  cat certificate other >first
  cat other certificate >second
  opens "$ES256" first
  run_jwtctl verify --key second --now "$NOW" "$ES256"
  expect_status 11
  stdout_has "REJECTED: header" RSA
}

@test "the report names the key: source, type, size, RFC 7638 thumbprint" {
  openssl pkey -in ec.pem -pubout -out public
  thumbprint=$(jwk ec.pem | jq -jSc '{crv,kty,x,y}' | openssl dgst -sha256 -binary | b64url)
  run_jwtctl verify --key public --now "$NOW" -f json "$ES256"
  expect_status 0
  json .key "{\"source\":\"public\",\"kid\":null,\"kty\":\"EC\",\"bits\":256,\"crv\":\"P-256\",\"thumbprint\":\"$thumbprint\"}"
  json '[.findings[].rule]' '[]'
  run_jwtctl verify --key ec.pem --now "$NOW" -f json "$ES256"
  expect_status 0
  json .key.thumbprint "\"$thumbprint\""
  json '[.findings[].rule]' '["JWK018"]'
}

@test "a key set: --jwks picks by kid, a single JWK is a set of one" {
  jwks "$(jwk rsa.pem '{kid:"r"}')" "$(jwk ec.pem '{kid:"e"}')" >set
  run_jwtctl verify --jwks set --now "$NOW" -f json \
    "$(sign_es256 '{"alg":"ES256","kid":"e"}' "{\"exp\":$((NOW + 600))}" ec.pem)"
  expect_status 0
  json .key.kid '"e"'
  json '[.skipped_keys[].kid]' '["r"]'
  jwks "$(jwk ec.pem)" >set
  opens "$ES256" set
  jwk ec.pem >one
  run_jwtctl verify --jwks one --now "$NOW" "$ES256"
  expect_status 0
}

@test "an encrypted key: right passphrase 0, wrong 6, missing 2" {
  pass=file:passphrase
  openssl pkcs8 -topk8 -v2 aes-256-cbc -in rsa.pem -passout $pass -out pkcs8
  openssl pkcs8 -topk8 -v2 aes-256-cbc -in rsa.pem -passout $pass -outform DER -out pkcs8-der
  openssl rsa -in rsa.pem -traditional -aes128 -passout $pass -out traditional 2>/dev/null
  grep -q 'BEGIN ENCRYPTED PRIVATE KEY' pkcs8
  grep -q 'DEK-Info' traditional
  for form in pkcs8 pkcs8-der traditional; do
    run_jwtctl verify --key "$form" --passphrase passphrase --now "$NOW" "$RS256"
    expect_status 0
    run_jwtctl verify --key "$form" --passphrase wrong --now "$NOW" "$RS256"
    expect_error 6 passphrase
    nothing_has sesame
    run_jwtctl verify --key "$form" --now "$NOW" "$RS256" </dev/null
    expect_error 2 encrypted --passphrase
    stdout_is_empty
  done
}

@test "an encrypted EC key, the passphrase from a line, a descriptor, the environment" {
  openssl ec -in ec.pem -aes128 -passout file:passphrase -out traditional 2>/dev/null
  grep -q 'DEK-Info' traditional
  { cat passphrase; echo; } >line
  run_jwtctl verify --key traditional --passphrase line --now "$NOW" "$ES256"
  expect_status 0
  run_jwtctl verify --key traditional --passphrase fd:9 --now "$NOW" "$ES256" 9<passphrase
  expect_status 0
  run_jwtctl verify --key traditional --passphrase - --now "$NOW" "$ES256" <passphrase
  expect_status 0
  PHRASE='open sesame' run_jwtctl verify --key traditional --passphrase env:PHRASE --now "$NOW" "$ES256"
  expect_status 0
  run_jwtctl verify --key traditional --passphrase env:JWTCTL_TEST_UNSET --now "$NOW" "$ES256"
  expect_error 2 --passphrase JWTCTL_TEST_UNSET
}

@test "without a passphrase nobody is asked, even on a terminal" {
  openssl ec -in ec.pem -aes128 -passout file:passphrase -out traditional 2>/dev/null
  run script -qec "'$JWTCTL' verify --key traditional --now $NOW $ES256" /dev/null </dev/null
  expect_status 2
  stdout_has encrypted --passphrase
}
