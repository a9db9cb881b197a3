#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# keygen: what is printed, key ids, sizes, encodings, the JSON form, and options that are refused.

load helper
load keys

UUID='^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$'

setup() { in_a_folder; }

# octets JWK MEMBER: how many bytes the member has.
octets() { jq -r ".$2" <<<"$1" | unb64url | wc -c; }

# thumbprint_of JWK: RFC 7638 of a public key, by jq and openssl.
thumbprint_of() {
  jq -jSc 'if .kty == "RSA" then {e,kty,n} elif .kty == "EC" then {crv,kty,x,y} else {crv,kty,x} end' \
    <<<"$1" | openssl dgst -sha256 -binary | b64url
}

@test "the private JWK alone is on stdout, the summary on stderr" {
  "$JWTCTL" keygen >key.jwk 2>said
  jq -e . key.jwk
  [ "$(tail -c1 key.jwk | hex)" == 0A ]
  json_file key.jwk 'keys_unsorted' '["kty","crv","x","y","d","kid","use","alg"]'
  json_file key.jwk '[.kty,.crv,.use,.alg]' '["EC","P-256","sig","ES256"]'
  [ "$(wc -l <said)" -eq 1 ]
  kid=$(jq -r .kid key.jwk)
  grep -q "^jwtctl: note: .*ES256.*kid $kid.*thumbprint" said
  ! grep -q "$(jq -r .d key.jwk)" said || complain "the private half is on stderr"
}

@test "with files stdout is empty" {
  keygen --out-private k.jwk --out-public p.jwk --out-jwks set.json
  expect_status 0
  stdout_is_empty
  stderr_has "$(jq -r .kid k.jwk)"
  [ "${#stderr_lines[@]}" -eq 1 ]
  files_are k.jwk p.jwk set.json
  [ "$(jq -c 'del(.d)' k.jwk)" == "$(jq -c . p.jwk)" ]
  [ "$(jq -c '{keys:[.]}' p.jwk)" == "$(jq -c . set.json)" ]
}

@test "--out-private - is stdout" {
  keygen --out-private - --out-jwks set.json
  expect_status 0
  json 'has("d")' true
  json 'del(.d)' "$(jq -c '.keys[0]' set.json)"
  files_are set.json
}

@test "-q: no summary, the key all the same" {
  keygen -q
  expect_status 0
  json .alg '"ES256"'
  stderr_is_empty
  keygen -q --out-private k.jwk
  expect_status 0
  stderr_is_empty
  stdout_is_empty
  files_are k.jwk
}

@test "every run makes another key" {
  for alg in ES256 EdDSA HS256; do
    keygen -a "$alg"
    first=$(jq -r '.d // .k' <<<"$output")
    keygen -a "$alg"
    [ "$first" != "$(jq -r '.d // .k' <<<"$output")" ]
  done
}

@test "the kid: the thumbprint of RFC 7638 unless another is asked for" {
  for alg in ES256 ES512 Ed448 "RS256 --bits 2048"; do
    keygen -a $alg
    expect_status 0
    [ "$(jq -r .kid <<<"$output")" == "$(thumbprint_of "$output")" ]
    keygen -a $alg --kid thumbprint
    [ "$(jq -r .kid <<<"$output")" == "$(thumbprint_of "$output")" ]
  done
  keygen --kid uuid
  [[ $(jq -r .kid <<<"$output") =~ $UUID ]]
  stderr_has "thumbprint $(thumbprint_of "$output")"
  keygen --kid 'my key "1"'
  json .kid '"my key \"1\""'
  keygen --kid $'a\x1b[31mb\nc'
  json .kid '"a\u001b[31mb\nc"'
  [ "${#stderr_lines[@]}" -eq 1 ] || complain "the kid broke the line"
  [[ $stderr != *$'\x1b'* ]]
}

@test "a secret gets a uuid; its thumbprint is nowhere" {
  for kid in '' '--kid uuid' '--kid s'; do
    keygen -a HS256 -f json $kid
    expect_status 0
    secret=$(jq -r .private_jwk.k <<<"$output")
    json .thumbprint null
    nothing_has "$(printf '{"k":"%s","kty":"oct"}' "$secret" | openssl dgst -sha256 -binary | b64url)"
    [[ $stderr != *thumbprint* && $stderr != *"$secret"* ]] || complain "said too much"
    if [ "$kid" != '--kid s' ]; then [[ $(jq -r .kid <<<"$output") =~ $UUID ]]; fi
  done
  refuses 2 "--kid thumbprint" keygen -a HS256 --kid thumbprint
}

@test "sizes: secrets as their hash, RSA as asked, 3072 by default" {
  for pair in HS256:32 HS384:48 HS512:64; do
    keygen -a "${pair%:*}"
    [ "$(octets "$output" k)" -eq "${pair#*:}" ]
    json .alg "\"${pair%:*}\""
  done
  keygen -a RS256
  [ "$(octets "$output" n)" -eq 384 ]
  keygen -a PS256 --bits 2048
  [ "$(octets "$output" n)" -eq 256 ]
  json '[.e,.alg]' '["AQAB","PS256"]'
  json 'keys_unsorted' '["kty","n","e","d","p","q","dp","dq","qi","kid","use","alg"]'
}

@test "--bits: 2048 to 16384, for RSA alone" {
  for bits in 2047 16385 1024 0 -1 x 2048x 99999999999 ''; do
    refuses 2 "--bits" keygen -a RS256 --bits "$bits" --out-private k.jwk
  done
  refuses 2 "--bits is for RSA" keygen -a ES256 --bits 2048
  refuses 2 "--bits is for RSA" keygen -a HS256 --bits 2048
}

@test "EdDSA means Ed25519" {
  keygen -a EdDSA
  json '[.kty,.crv,.alg]' '["OKP","Ed25519","EdDSA"]'
  keygen -a Ed25519
  json '[.kty,.crv,.alg]' '["OKP","Ed25519","Ed25519"]'
}

@test "fixed widths: leading zeros of coordinates and private keys are kept" {
  for _ in $(seq 40); do
    keygen -q
    json '[.x,.y,.d | length]' '[43,43,43]'
  done
  keygen -a ES512
  [ "$(octets "$output" x) $(octets "$output" y) $(octets "$output" d)" == "66 66 66" ]
}

@test "-f json: the report, with private_jwk only where the private half would be on stdout" {
  keygen -f json
  expect_status 0
  json '[.schema,.kty,.alg,.kid == .thumbprint,.kid == .public_jwk.kid]' \
    '["jwtctl.keygen/1","EC","ES256",true,true]'
  json .files '{"private":null,"public":null,"jwks":null}'
  json '.private_jwk.d | length' 43
  json '.private_jwk | del(.d)' "$(jq -c .public_jwk <<<"$output")"
  json '.public_jwk | has("d")' false
  keygen -f json --out-private - --out-jwks set.json
  json '[.private_jwk.kty,.files.private,.files.jwks]' '["EC",null,"set.json"]'
  keygen -f json --out-private k.jwk --out-public p.jwk
  json 'has("private_jwk")' false
  json .files '{"private":"k.jwk","public":"p.jwk","jwks":null}'
  json .public_jwk "$(jq -c . p.jwk)"
  nothing_has "$(jq -r .d k.jwk)"
  keygen -f json -a HS256 --out-private s.jwk
  json '[.kty,.public_jwk,has("private_jwk")]' '["oct",null,false]'
  nothing_has "$(jq -r .k s.jwk)"
}

@test "-f json: an error is a document, the human line stays on stderr" {
  keygen -f json --out-jwks set.json
  expect_error 2 "nowhere"
  json '[.schema,.error.code,.error.exit]' '["jwtctl.error/1","usage",2]'
  echo old >k.jwk
  changes_nothing keygen -f json --out-private k.jwk
  expect_error 5 "k.jwk exists"
  json '[.error.code,.error.exit]' '["output",5]'
}

@test "algorithms that there are not, none, and options with bad values are 2" {
  refuses 2 "did you mean ES256" keygen -a ES257
  refuses 2 "did you mean ES256" keygen -a es256
  for alg in none RSA-OAEP P-256 ES256,RS256; do
    refuses 2 "--alg: unknown" keygen -a "$alg" --out-private k.jwk
  done
  for option in --alg --kid --use --encoding --passphrase --out-private --out-public --out-jwks; do
    refuses 2 "$option" keygen "$option" ''
  done
  refuses 2 "did you mean pem" keygen --encoding PEM
  refuses 2 "--use" keygen --use enc
  refuses 2 '"extra"' keygen extra
  refuses 2 "--curve" keygen --curve P-999
}

@test "a secret has no public half and no PEM" {
  refuses 2 "no public half" keygen -a HS256 --out-private s.jwk --out-jwks set.json
  refuses 2 "no public half" keygen -a HS512 --out-private s.jwk --out-public p.jwk
  jwks >set.json
  refuses 2 "no public half" keygen -a HS256 --out-private s.jwk --out-jwks set.json --append
  for encoding in pem der; do
    refuses 2 "no $encoding form" keygen -a HS256 --encoding $encoding
  done
}

@test "--passphrase: from where it is, for PEM and DER, never empty" {
  refuses 2 "JWTCTL_TEST_UNSET" keygen --encoding pem --passphrase env:JWTCTL_TEST_UNSET --out-private k
  refuses 3 "no file" keygen --encoding pem --passphrase missing --out-private k
  refuses 2 "empty" keygen --encoding pem --passphrase /dev/null --out-private k
  export JWTCTL_TEST_WORD='correct horse'
  refuses 2 "--passphrase needs" keygen --passphrase env:JWTCTL_TEST_WORD --out-private k
  nothing_has "$JWTCTL_TEST_WORD"
  repeat 1025 x >long
  refuses 3 "1024" keygen --encoding pem --passphrase long --out-private k
  echo "$JWTCTL_TEST_WORD" >word # the newline is no part of it
  keygen --encoding pem --passphrase word --out-private k.pem
  expect_status 0
  openssl pkey -in k.pem -passin env:JWTCTL_TEST_WORD -noout
  if openssl pkey -in k.pem -passin pass:wrong -noout; then complain "any passphrase opens it"; fi
}
