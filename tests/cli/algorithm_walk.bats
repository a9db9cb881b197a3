#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Every algorithm of the program from keygen over sign to verify, in every encoding. The list comes
# from the program, so that a new row is walked by itself.

load helper
load keys

setup_file() {
  # The choices of --alg, as the help lists them over several lines.
  export ALGORITHMS
  ALGORITHMS=$("$JWTCTL" keygen --help | sed -n '/--alg/,/^ *-[^a]/p' | tr '\n' ' ' |
    sed -n 's/.*One of: \([^.]*\)\..*/\1/p' | tr -d ,)
  export WORD='correct horse'
}

setup() { in_a_folder; }

# size ALG: small keys where there is a choice.
size() { case $1 in [RP]S[0-9]*) echo --bits 2048 ;; esac; }

# expectations: what the token below satisfies.
EXPECT=(--issuer https://id.test --audience api --strict)

# sign_with ARGUMENT...: a token into `token`; stdout is the token and one newline.
sign_with() {
  "$JWTCTL" sign "$@" --claim role=admin --claim level:=3 --issuer https://id.test --audience api \
    --expires-in 5m >token 2>said </dev/null || complain "sign $*: $(<said)" || return
  [ ! -s said ] || complain "sign $*: $(<said)" || return
  [[ $(<token) =~ ^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$ ]] || complain "no token: $(<token)" || return
  printf '%s\n' "$(<token)" | cmp - token
}

# accepted ARGUMENT...: verify says yes to it, and no when the signature is another.
accepted() {
  run_jwtctl verify "$@" "${EXPECT[@]}" @token </dev/null
  expect_status 0 || return
  stdout_has VALID || return
  python3 - token >bad <<'PYTHON' || return
import base64, sys
head, body, signature = open(sys.argv[1]).read().strip().split(".")
raw = bytearray(base64.urlsafe_b64decode(signature + "=="))
raw[len(raw) // 2] ^= 1
print(head, body, base64.urlsafe_b64encode(raw).decode().rstrip("="), sep=".")
PYTHON
  run_jwtctl verify "$@" "${EXPECT[@]}" @bad </dev/null
  expect_status 13
}

# openssl_reads FILE ARGUMENT...: a private key; its public half goes to `public.pem`.
openssl_reads() {
  openssl pkey -in "$@" -pubout -out public.pem 2>said || complain "openssl $*: $(<said)"
}

@test "the program names its algorithms, and completes them" {
  for alg in HS256 RS256 PS256 ES256 ES256K EdDSA Ed448; do [[ " $ALGORITHMS " == *" $alg "* ]]; done
  [ "$(wc -w <<<"$ALGORITHMS")" -ge 16 ]
  for shell in bash zsh fish; do
    run_jwtctl completion $shell
    for alg in $ALGORITHMS; do [[ $output == *"$alg"* ]] || complain "$shell does not know $alg"; done
  done
}

@test "the walk of the README: one pipe from keygen to verify" {
  umask 000
  "$JWTCTL" keygen -a ES256 --out-private k.jwk --out-jwks jwks.json
  "$JWTCTL" sign -k k.jwk --claim role=admin --claim level:=3 --issuer https://id.test --audience api \
    --expires-in 5m | "$JWTCTL" verify --jwks jwks.json --issuer https://id.test --audience api --strict
  mode_is 600 k.jwk
}

@test "JWK: keygen, sign, verify --strict with the set or the secret" {
  for alg in $ALGORITHMS; do
    rm -f ./*
    kty=$("$JWTCTL" keygen -q -f json -a $alg $(size $alg) --out-private k.jwk | jq -r .kty)
    json_file k.jwk .alg "\"$alg\""
    json_file k.jwk .kty "\"$kty\""
    sign_with -k k.jwk
    output=$(<token)
    header '[.alg,.typ,.kid]' "[\"$alg\",\"JWT\",$(jq -c .kid k.jwk)]"
    if [ "$kty" == oct ]; then
      accepted --key k.jwk
      jq -j .k k.jwk | unb64url >secret
      openssl_hmac "sha${alg#HS}" secret "$(<token)"
      continue
    fi
    jq -c '{keys:[del(.d,.p,.q,.dp,.dq,.qi)]}' k.jwk >set.json
    accepted --jwks set.json
    accepted --key k.jwk # the private half knows the public one
  done
}

@test "the sets of keygen: every public half in one, each token finds its own" {
  asymmetric=0
  for alg in $ALGORITHMS; do
    [[ $alg != HS* ]] || continue
    asymmetric=$((asymmetric + 1))
    keygen -a $alg $(size $alg) --out-private "$alg.jwk" --out-jwks set.json --append
    expect_status 0
  done
  json_file set.json '.keys | length' $asymmetric
  for alg in $ALGORITHMS; do
    [ -e "$alg.jwk" ] || continue
    sign_with -k "$alg.jwk"
    accepted --jwks set.json
    # openssl has the last word, with the key as PEM.
    run_jwtctl jwks show "$alg.jwk" -f pem
    expect_status 0
    echo "$output" >public.pem
    openssl_verifies $alg public.pem "$(<token)"
  done
}

@test "PEM and DER: keygen, openssl, sign and verify" {
  for alg in $ALGORITHMS; do
    [[ $alg != HS* ]] || continue
    for encoding in pem der; do
      rm -f ./*
      keygen -a $alg $(size $alg) --encoding $encoding --out-private private --out-public public --out-jwks set
      expect_status 0
      stdout_is_empty
      mode_is 600 private
      openssl_reads private -inform $encoding
      openssl pkey -pubin -in public -inform $encoding -outform PEM | cmp - public.pem
      if [ $encoding == pem ]; then
        [ "$(head -n 1 private)" == "-----BEGIN PRIVATE KEY-----" ]
        [ "$(head -n 1 public)" == "-----BEGIN PUBLIC KEY-----" ]
      fi
      sign_with -k private -a $alg
      output=$(<token)
      header 'has("kid")' false # PEM and DER have none
      accepted --key public --alg $alg
      openssl_verifies $alg public.pem "$(<token)"
      sign_with -k private -a $alg --kid thumbprint
      accepted --jwks set
    done
  done
}

@test "stdout has the same bytes as a file: PEM, DER" {
  for encoding in pem der; do
    "$JWTCTL" keygen -q -a Ed25519 --encoding $encoding >private
    openssl_reads private -inform $encoding
    openssl pkey -in private -inform $encoding -outform $encoding | cmp - private
  done
}

@test "encrypted PEM and DER: one algorithm of each kind of key" {
  kinds=
  for alg in $ALGORITHMS; do
    [[ $alg != HS* ]] || continue
    kind=$("$JWTCTL" keygen -q -f json -a $alg $(size $alg) --out-private probe.$alg | jq -r '.kty + .public_jwk.crv')
    [[ " $kinds " != *" $kind "* ]] || continue
    kinds+=" $kind"
    encoding=pem
    [ "$kind" != OKPEd25519 ] || encoding=der
    keygen -a $alg $(size $alg) --encoding $encoding --passphrase env:WORD --out-private "$kind" --out-public "$kind.pub"
    expect_status 0
    mode_is 600 "$kind"
    if [ $encoding == pem ]; then [ "$(head -n 1 "$kind")" == "-----BEGIN ENCRYPTED PRIVATE KEY-----" ]; fi
    openssl_reads "$kind" -inform $encoding -passin env:WORD
    sign_with -k "$kind" --passphrase env:WORD -a $alg
    run_jwtctl verify --key "$kind.pub" --alg $alg "${EXPECT[@]}" @token </dev/null
    expect_status 0
    openssl_verifies $alg public.pem "$(<token)"
  done
  [ "$(wc -w <<<"$kinds")" -ge 7 ]
  openssl asn1parse -inform PEM -in RSA >asn1 # not OpenSSL's 2048 rounds, which fall in seconds
  grep -q PBES2 asn1
  grep -q aes-256-cbc asn1
  rounds=$((16#$(sed -n '/PBKDF2/,$s/.*INTEGER *://p' asn1 | head -n 1)))
  [ "$rounds" -ge 600000 ]
  run_jwtctl sign -k RSA --no-expiry </dev/null
  expect_error 2 "--key RSA" encrypted --passphrase
  WORD=wrong run_jwtctl sign -k RSA --passphrase env:WORD --no-expiry </dev/null
  expect_error 6 passphrase
  stdout_is_empty
}

@test "without --alg a PEM key says how it signs" {
  for pair in RS512:RS256 PS256:RS256 ES384:ES384 ES512:ES512 ES256K:ES256K Ed448:EdDSA Ed25519:EdDSA; do
    "$JWTCTL" keygen -q -a ${pair%:*} $(size ${pair%:*}) --encoding pem >k.pem
    signed -k k.pem --no-expiry
    header .alg "\"${pair#*:}\""
  done
}
