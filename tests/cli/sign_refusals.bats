#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# sign: what it refuses, with which status and words, and that no file changes.

load helper
load keys

setup_file() {
  cd "$BATS_FILE_TMPDIR"
  make_rsa rsa.pem
  make_rsa weak.pem 1024
  make_ec ec.pem
  make_secret secret
  "$JWTCTL" keygen -q --kid k1 --out-private k.jwk
  openssl pkey -in ec.pem -pubout -out ec.pub
  openssl req -x509 -key ec.pem -subj /CN=a -days 3650 -out ec.crt
}

setup() {
  in_a_folder
  cp "$BATS_FILE_TMPDIR"/{*.pem,*.pub,*.crt,secret,k.jwk} .
  echo old >out
}

# no STATUS TEXT ARGUMENT...: sign with the EC key refuses; `out` in particular stays.
no() { refuses "$1" "$2" sign -k k.jwk -o out "${@:3}"; }

# no_key STATUS TEXT ARGUMENT...: the key or what is to be done with it is refused.
no_key() { refuses "$1" "$2" sign -o out --no-expiry "${@:3}"; }

# with_members JQ: k.jwk with other members.
with_members() { jq "$1" k.jwk >other.jwk; }

@test "when the token expires must be said, once" {
  no 2 "nothing says when the token expires"
  stderr_has "jwtctl: hint: " --expires-in --no-expiry
  no 2 "expires" '{"sub":"a"}'
  no 2 '"exp" is given twice: by CLAIMS and by --expires-in' "{\"exp\":$((NOW + 9))}" --expires-in 5m
  no 2 '"exp" is given twice' "{\"exp\":$((NOW + 9))}" --expires-at +5m
  no 2 '"exp" is given twice: by --claim and by --expires-in' --claim exp:=$((NOW + 9)) --expires-in 5m
  no 2 '"exp" is given twice: by --expires-in and by --expires-at' --expires-in 5m --expires-at +5m
  no 2 --no-expiry "{\"exp\":$((NOW + 9))}" --no-expiry
  no 2 --no-expiry --expires-in 5m --no-expiry
  no 2 --no-expiry --expires-at +5m --no-expiry
}

@test "--expires-in: nothing, negative, or no duration" {
  for value in 0 0s 0m -5m -1 5x '' m 1.5h 99999999999999999999 9223372036854775807 '5 m'; do
    no 2 "--expires-in" --expires-in "$value"
    no 2 "--expires-in" --expires-in="$value"
  done
  for value in yesterday 2027-01-15T08:00:00 2027-01-15 '' 2027-13-01T00:00:00Z; do
    no 2 "--expires-at" --expires-at "$value"
    no 2 "--not-before" --no-expiry --not-before "$value"
  done
}

@test "claims that are no object are 3" {
  for claims in '[1]' '["a","b"]' '"text"' 1 null true; do
    no 3 "must be an object" "$claims" --no-expiry
    echo "$claims" >claims
    no 3 "must be an object" @claims --no-expiry
  done
  for claims in '{' '{"a":1' '{"a":1,}' "{'a':1}" '{"a":1}{}' 'role=admin' '{"a":01}' '{"a":NaN}' $'{"a":"\xff"}'; do
    no 3 "JSON" "$claims" --no-expiry
  done
  : >claims
  no 3 empty @claims --no-expiry
  no 3 empty - --no-expiry
  printf '{"a":1}\0' >claims
  no 3 "JSON" @claims --no-expiry
}

@test "a claim that is given twice is an error, in every pair of places" {
  no 3 '"a" stands twice' '{"a":1,"a":2}' --no-expiry
  no 3 '"a" stands twice' '{"x":{"a":1,"\u0061":2}}' --no-expiry
  no 2 '"sub" is given twice: by CLAIMS and by --subject' '{"sub":"a"}' --subject a --no-expiry
  no 2 '"iss" is given twice' '{"iss":"a"}' --issuer a --no-expiry
  no 2 '"aud" is given twice' '{"aud":[]}' --audience a --no-expiry
  no 2 '"jti" is given twice' '{"jti":"a"}' --jti uuid --no-expiry
  no 2 '"nbf" is given twice' '{"nbf":1}' --not-before now --no-expiry
  no 2 '"iss" is given twice: by --issuer and by --claim' --issuer a --claim iss=b --no-expiry
  no 2 '"x" is given twice' --claim x=1 --claim x=1 --no-expiry
  no 2 '"x" is given twice' '{"x":1}' --claim x=1 --no-expiry
  for option in --issuer --subject --jti; do
    no 2 "$option" $option a $option b --no-expiry
  done
}

@test "--claim that is neither NAME=VALUE nor NAME:=JSON is 2" {
  for bad in x =x :=1 '' x= x:= x:=abc 'x:={' 'x:={"a":1,"a":1}' 'x:=1 2'; do
    no 2 "--claim" --no-expiry --claim "$bad"
  done
  for option in --issuer --audience --subject --jti --kid --typ; do
    no 2 "$option" --no-expiry $option ''
  done
}

@test "claims over a limit are refused, those at it are not cut" {
  printf '{"pad":"%s"}' "$(repeat 65600 x)" >claims
  no 3 65536 @claims --no-expiry
  no 3 65536 "$(<claims)" --no-expiry
  refuses 3 65536 eval 'run_jwtctl sign -k k.jwk -o out - --no-expiry <claims'
  printf '{"pad":"%s"}' "$(repeat 60000 x)" >claims # fits, but not as a token
  no 3 65536 @claims --no-expiry
  deep() { printf '%s1%s' "$(repeat "$1" '[')" "$(repeat "$1" ']')"; }
  no 3 32 "{\"a\":$(deep 32)}" --no-expiry
  no 2 32 --claim "a:=$(deep 33)" --no-expiry
  printf '{"pad":"%s"}' "$(repeat 48900 x)" >claims
  sign -k k.jwk @claims --no-expiry --no-iat
  expect_status 0
  stderr_has "warning: JWT404 over-60k"
  claim '.pad | length' 48900
  [ "${#output}" -le 65536 ]
}

@test "a file of claims that cannot be read, or is meant and not named" {
  no 3 missing @missing --no-expiry
  mkdir folder
  no 3 folder @folder --no-expiry
  no 2 "secret" secret --no-expiry
  stderr_has "jwtctl: hint: " "@secret"
}

@test "an algorithm that the key cannot do is 3 and says what the key is" {
  no_key 3 "an EC private key on P-256; RS256 needs RSA" -k ec.pem -a RS256
  no_key 3 "ES384 needs P-384" -k ec.pem -a ES384
  no_key 3 "ES256 needs P-256" -k rsa.pem -a ES256
  no_key 3 "HS256 needs" -k rsa.pem -a HS256
  no_key 3 "EdDSA needs" -k ec.pem -a EdDSA
  no_key 3 "ES256 needs" --secret secret -a ES256
  "$JWTCTL" keygen -q -a Ed448 --encoding pem >ed448.pem
  no_key 3 "Ed25519 needs" -k ed448.pem -a Ed25519
}

@test "an algorithm that there is not, or none, is 2" {
  for alg in none None NONE; do
    no_key 2 "--alg" -k ec.pem -a $alg
    stderr_has "jwtctl: hint: "
  done
  no_key 2 "did you mean ES256" -k ec.pem -a ES257
  no_key 2 "--alg" -k ec.pem -a RSA-OAEP
  no_key 2 "--alg" -k ec.pem -a ''
  no_key 2 "--alg is missing" --secret secret
  stderr_has "jwtctl: hint: " HS256
}

@test "a public key cannot sign, in no form" {
  openssl pkey -pubin -in ec.pub -outform DER -out ec.der
  with_members 'del(.d)'
  for key in ec.pub ec.crt ec.der other.jwk; do
    no_key 3 "--key $key: this is an EC public key on P-256, which cannot sign" -k $key
    stderr_has "jwtctl: hint: "
  done
  no_key 2 "not a shared secret" --secret ec.pub -a HS256
  no_key 2 "not a shared secret" --secret ec.crt -a HS256
}

@test "RSA under 2048 bits and short secrets are 3" {
  no_key 3 "the RSA key has 1024 bits" -k weak.pem
  stderr_has "jwtctl: hint: " 2048
  head -c 31 secret >short
  no_key 3 "31 bytes, HS256 needs at least 32" --secret short -a HS256
  nothing_has "$(<short)"
  no_key 3 "HS384 needs at least 48" --secret secret -a HS384
  : >empty
  no_key 3 "" --secret empty -a HS256
  no_key 3 "" --secret empty -a HS256 --allow-weak
}

@test "a JWK that says that it does not sign is 3" {
  for members in '.use="enc"' '.key_ops=["verify"]' '.key_ops=["deriveKey"]' '.alg="ES384"' '.alg="ECDH-ES"' '.alg="none"'; do
    with_members "$members"
    said=${members##*=}
    said=${said//[\[\]\"]/}
    no_key 3 "$said" -k other.jwk
  done
  with_members '.key_ops=["sign","verify"]'
  signed -k other.jwk --no-expiry
}

@test "an unknown curve is 3, and named" {
  with_members '.crv="P-999"'
  no_key 3 "P-999" -k other.jwk
  with_members '.kty="OKP" | .crv="X25519"'
  no_key 3 "X25519" -k other.jwk
  make_ec odd.pem brainpoolP256r1
  no_key 3 "curve" -k odd.pem
}

@test "broken private keys are 3" {
  with_members '.d="AAAA"'
  no_key 3 other.jwk -k other.jwk
  jq --argjson other "$("$JWTCTL" keygen -q)" '.d=$other.d' k.jwk >other.jwk # halves of two keys
  no_key 3 "private half" -k other.jwk
  head -n 2 ec.pem >cut.pem
  no_key 3 cut.pem -k cut.pem
  no_key 3 "no key" -k secret
  no_key 3 "no file" -k missing
  nothing_has "$(jq -r .d k.jwk)"
}

@test "one key source: none, two, and a set of several are 2" {
  no_key 2 "no key to sign with"
  no_key 2 "more than one key source" -k k.jwk --secret secret
  no_key 2 "--jwks" --jwks k.jwk
  jwks "$(<k.jwk)" "$(jq -c '.kid="k2"' k.jwk)" >set
  no_key 2 "2 keys" -k set
  refuses 2 "stdin" eval 'run_jwtctl sign -o out -k - - --no-expiry <k.jwk'
  no_key 2 "--secret-encoding" -k k.jwk --secret-encoding hex
}

@test "passphrases: missing, unset, wrong" {
  JWTCTL_TEST_WORD=right "$JWTCTL" keygen -q --encoding pem --passphrase env:JWTCTL_TEST_WORD --out-private enc.pem
  no_key 2 "encrypted" -k enc.pem
  stderr_has "jwtctl: hint: " --passphrase
  no_key 2 "JWTCTL_TEST_UNSET is not set" -k enc.pem --passphrase env:JWTCTL_TEST_UNSET
  export JWTCTL_TEST_WORD=wrong-word
  no_key 6 "passphrase" -k enc.pem --passphrase env:JWTCTL_TEST_WORD
  nothing_has wrong-word
}
