#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# sign: what is printed, the bytes of the token as openssl judges them, keys and where they come
# from, the header.

load helper
load keys

setup_file() {
  cd "$BATS_FILE_TMPDIR"
  make_rsa rsa.pem
  make_ec ec.pem
  make_ed25519 ed.pem
  make_secret secret
  for key in rsa ec ed; do openssl pkey -in $key.pem -pubout -out $key.pub; done
  "$JWTCTL" keygen -q --kid k1 --out-private k.jwk
}

setup() {
  in_a_folder
  cp "$BATS_FILE_TMPDIR"/{*.pem,*.pub,secret,k.jwk} .
}

EXP=$((NOW + 300))

@test "stdout is the token and one newline, stderr silent" {
  "$JWTCTL" sign -k k.jwk --expires-in 5m >out 2>said </dev/null
  [ "$(wc -l <out)" -eq 1 ]
  [[ $(<out) =~ ^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{86}$ ]]
  [ "$(wc -c <out)" -eq $(($(head -n 1 out | tr -d '\n' | wc -c) + 1)) ]
  [ ! -s said ]
}

@test "the bytes are those that openssl makes: HS256, RS256, EdDSA" {
  CLAIMS="{\"sub\":\"alice\",\"exp\":$EXP,\"iat\":$NOW}"
  signed --secret secret -a HS256 "$CLAIMS"
  [ "$output" == "$(sign_hs256 '{"alg":"HS256","typ":"JWT"}' "$CLAIMS" secret)" ]
  signed -k rsa.pem "$CLAIMS"
  [ "$output" == "$(sign_rs256 '{"alg":"RS256","typ":"JWT"}' "$CLAIMS" rsa.pem)" ]
  signed -k ed.pem "$CLAIMS"
  [ "$output" == "$(sign_eddsa '{"alg":"EdDSA","typ":"JWT"}' "$CLAIMS" ed.pem)" ]
}

@test "openssl verifies what differs from run to run: ES256, PS*" {
  signed -k ec.pem --no-expiry
  first=$output
  openssl_verifies ES256 ec.pub "$first"
  signed -k ec.pem --no-expiry
  [ "$output" != "$first" ]
  for alg in PS256 PS384 PS512 RS384 RS512; do
    signed -k rsa.pem -a $alg --no-expiry
    openssl_verifies $alg rsa.pub "$output"
    if openssl_verifies $alg rsa.pub "${output%.*}x.${output##*.}" 2>/dev/null; then complain "this test sees nothing"; fi
  done
}

@test "HS*: a secret of the size of the hash is enough, one byte less is not" {
  for pair in 256:32 384:48 512:64; do
    bits=${pair%:*}
    head -c "${pair#*:}" /dev/urandom >enough
    head -c $((${pair#*:} - 1)) enough >short
    signed --secret enough -a HS$bits --no-expiry
    openssl_hmac sha$bits enough "$output"
    oct_jwk enough "{alg:\"HS$bits\"}" >enough.jwk
    signed -k enough.jwk --no-expiry
    openssl_hmac sha$bits enough "$output"
    refuses 3 "has $((${pair#*:} - 1)) bytes, HS$bits needs at least ${pair#*:}" sign --secret short -a HS$bits --no-expiry
    oct_jwk short "{alg:\"HS$bits\"}" >short.jwk
    refuses 3 "HS$bits needs at least" sign -k short.jwk --no-expiry
  done
}

@test "--allow-weak lifts the limits of size alone, and says so" {
  head -c 31 secret >short
  sign --secret short -a HS256 --no-expiry --allow-weak
  expect_status 0
  stderr_has "jwtctl: warning: " "too weak"
  well_spoken
  openssl_hmac sha256 short "$output"
  make_rsa weak.pem 1024
  openssl pkey -in weak.pem -pubout -out weak.pub
  sign -k weak.pem --no-expiry --allow-weak
  expect_status 0
  stderr_has "jwtctl: warning: " "too weak"
  openssl_verifies RS256 weak.pub "$output"
  signed -k rsa.pem --no-expiry --allow-weak # nothing is weak here
  refuses 3 "RS256 needs RSA" sign -k ec.pem -a RS256 --no-expiry --allow-weak
  refuses 3 "cannot sign" sign -k rsa.pub --no-expiry --allow-weak
  refuses 2 '"none"' sign -k ec.pem -a none --no-expiry --allow-weak
}

@test "keys and secrets come from stdin, descriptors, variables and encodings" {
  run_jwtctl sign -k - --no-expiry <k.jwk
  expect_status 0
  run_jwtctl sign -k fd:7 --no-expiry 7<k.jwk
  expect_status 0
  JWTCTL_TEST_KEY=$(<ec.pem) signed -k env:JWTCTL_TEST_KEY --no-expiry
  JWTCTL_TEST_KEY=$(<secret) signed --secret env:JWTCTL_TEST_KEY -a HS256 --no-expiry
  openssl_hmac sha256 secret "$output"
  for encoding in hex base64 base64url; do
    case $encoding in hex) hex <secret ;; base64) base64 -w0 secret ;; *) b64url <secret ;; esac >encoded
    signed --secret encoded --secret-encoding $encoding -a HS256 --no-expiry
    openssl_hmac sha256 secret "$output"
  done
  echo >>secret
  sign --secret secret -a HS256 --no-expiry
  expect_status 0
  stderr_has "jwtctl: note: " newline
  openssl_hmac sha256 secret "$output"
  jwks "$(<k.jwk)" >one
  signed -k one --no-expiry
  header .kid '"k1"'
}

@test "the algorithm: --alg, else the key's own, else by kind and curve" {
  for pair in rsa:RS256 ec:ES256 ed:EdDSA; do
    signed -k ${pair%:*}.pem --no-expiry
    header .alg "\"${pair#*:}\""
  done
  "$JWTCTL" keygen -q -a PS384 --bits 2048 --out-private ps.jwk
  signed -k ps.jwk --no-expiry
  header .alg '"PS384"'
  refuses 3 "PS384" sign -k ps.jwk -a RS256 --no-expiry
  signed -k ed.pem -a Ed25519 --no-expiry
  header .alg '"Ed25519"'
  openssl_verifies Ed25519 ed.pub "$output"
  jq 'del(.alg)' k.jwk >plain.jwk
  signed -k plain.jwk --no-expiry
  header .alg '"ES256"'
}

@test "kid: the key's own, none, a thumbprint, or any text" {
  signed -k k.jwk --no-expiry
  header_is '{"alg":"ES256","typ":"JWT","kid":"k1"}'
  signed -k k.jwk --no-expiry --kid none
  header_is '{"alg":"ES256","typ":"JWT"}'
  sign -k k.jwk --no-expiry --kid 'other "kid"'
  expect_status 0
  stderr_has 'warning: JWT114 kid-suspicious'
  header .kid '"other \"kid\""'
  signed -k k.jwk --no-expiry --kid thumbprint
  header .kid "\"$(jq -jSc '{crv,kty,x,y}' k.jwk | openssl dgst -sha256 -binary | b64url)\""
  signed -k ec.pem --no-expiry
  header_is '{"alg":"ES256","typ":"JWT"}'
  refuses 2 "--kid thumbprint" sign --secret secret -a HS256 --kid thumbprint --no-expiry
  signed --secret secret -a HS256 --kid s1 --no-expiry
  header .kid '"s1"'
}

@test "typ: JWT, another, or none" {
  signed -k ec.pem --no-expiry --typ at+jwt
  header_is '{"alg":"ES256","typ":"at+jwt"}'
  signed -k ec.pem --no-expiry --typ none
  header_is '{"alg":"ES256"}'
  refuses 2 "--typ" sign -k ec.pem --no-expiry --typ ''
}

@test "--header: strings, JSON, in the order given; it may replace kid and typ" {
  signed -k k.jwk --no-expiry --header b=1 --header 'a:={"x":[1.50,null]}' --header é=ü
  header_is '{"alg":"ES256","typ":"JWT","kid":"k1","b":"1","a":{"x":[1.50,null]},"é":"ü"}'
  signed -k k.jwk --no-expiry --header typ=x --header kid=y
  header_is '{"alg":"ES256","typ":"x","kid":"y"}'
}

@test "--header cannot set what the tool owns, nor anything twice" {
  for member in alg=RS256 alg=none b64:=false 'crit:=["exp"]' 'crit:=[]'; do
    refuses 2 "\"${member%%[:=]*}\" cannot be set" sign -k k.jwk --no-expiry --header "$member"
    stderr_has "jwtctl: hint: "
  done
  refuses 2 '"kid" is given twice' sign -k k.jwk --no-expiry --kid a --header kid=b
  refuses 2 '"typ" is given twice' sign -k k.jwk --no-expiry --typ a --header typ=b
  refuses 2 '"x" is given twice' sign -k k.jwk --no-expiry --header x=a --header x:=1
  for bad in x =x x= x:= 'x:={' 'x:={"a":1,"a":1}' ''; do
    refuses 2 --header sign -k k.jwk --no-expiry --header "$bad"
  done
}

@test "-f json: the token with its header and claims" {
  signed -k k.jwk -f json '{"n":1.50}' --expires-in 5m
  json '[.schema,.header]' '["jwtctl.sign/1",{"alg":"ES256","typ":"JWT","kid":"k1"}]'
  json '.claims | [.iat,.exp]' "[$NOW,$EXP]"
  stdout_has 1.50
  token=$(jq -r .token <<<"$output")
  "$JWTCTL" jwks show k.jwk -f pem >k.pub
  openssl_verifies ES256 k.pub "$token"
  claims=$(jq -c .claims <<<"$output")
  output=$token
  claim . "$claims"
}

@test "-f json: errors are documents, the human line stays on stderr" {
  sign -k k.jwk -f json
  expect_error 2 "expires"
  json '[.schema,.error.code,.error.exit]' '["jwtctl.error/1","usage",2]'
  sign -k ec.pub -f json --no-expiry
  expect_error 3 "cannot sign"
  json '[.error.code,.error.exit]' '["input",3]'
}

@test "-q and -o: the token all the same" {
  sign -q -k k.jwk --claim exp:=1800000300000
  expect_status 0
  stderr_is_empty
  claim .exp 1800000300000
  echo old >out
  chmod 640 out
  signed -k k.jwk --no-expiry -o out
  stdout_is_empty
  mode_is 640 out
  [ "$(wc -l <out)" -eq 1 ]
  output=$(<out)
  claim .iat "$NOW"
  refuses 5 missing/out sign -k k.jwk --no-expiry -o missing/out
  refuses 2 expires sign -k k.jwk -o out
  [ -c /dev/full ] || return 0
  run --separate-stderr sh -c '"$0" sign -k k.jwk --no-expiry >/dev/full' "$JWTCTL"
  expect_error 5 "No space"
}
