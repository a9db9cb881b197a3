#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Keys that must not be trusted whatever they sign, and a public key taken for a secret.

load helper

setup_file() {
  cd "$BATS_FILE_TMPDIR"
  make_rsa rsa.pem
  make_ec ec.pem
}

setup() {
  cd "$BATS_TEST_TMPDIR"
  cp "$BATS_FILE_TMPDIR"/* .
}

PAYLOAD="{\"exp\":$((NOW + 600))}"

# with_key FILE TOKEN: bounded, because a hostile key must not cost more than a moment.
with_key() {
  run --separate-stderr timeout 60 "$JWTCTL" verify --key "$1" --now "$NOW" "$2"
}

refused_key() {
  expect_status 12 || return
  stdout_has "REJECTED: key" "$@" || return
  expect_check FAIL key || return
  expect_check SKIP signature
}

# random_jwk BITS [E]: an RSA key nobody has the private half of.
random_jwk() {
  local n
  n=$(python3 -c 'import random, sys
bits = int(sys.argv[1])
n = random.Random(7).getrandbits(bits) | 1 << bits - 1 | 1
sys.stdout.buffer.write(n.to_bytes((bits + 7) // 8, "big"))' "$1" | b64url)
  printf '{"kty":"RSA","n":"%s","e":"%s"}' "$n" "${2:-AQAB}"
}

# unsigned ALG BYTES: a token with a signature of the right size that nobody made.
unsigned() {
  printf '%s.%s' "$(signing_input "{\"alg\":\"$1\"}" "$PAYLOAD")" "$(repeat "$2" '\1' | b64url)"
}

@test "RSA keys need 2048 bits" {
  for bits in 1024 2047; do
    make_rsa small.pem $bits
    T=$(sign_rs256 '{"alg":"RS256"}' "$PAYLOAD" small.pem)
    openssl pkey -in small.pem -pubout -out public.pem
    openssl req -x509 -key small.pem -subj /CN=x -days 1 -out certificate.pem 2>/dev/null
    jwk small.pem >one.jwk
    for form in public.pem certificate.pem one.jwk; do
      with_key $form "$T"
      refused_key "$bits bits" 2048
    done
  done
  with_key rsa.pem "$(sign_rs256 '{"alg":"RS256"}' "$PAYLOAD" rsa.pem)"
  expect_status 0
}

@test "RSA keys of 16384 bits are cheap, larger ones are 12" {
  random_jwk 16384 >large
  with_key large "$(unsigned RS256 2048)"
  expect_status 13
  stdout_has "REJECTED: signature" "16384 bits"
  for bits in 16385 16392 32768; do
    random_jwk $bits >large
    with_key large "$(unsigned RS256 $(((bits + 7) / 8)))"
    refused_key "$bits bits" 16384
  done
}

@test "RSA: an exponent of 1, an even one, a huge one, an even modulus" {
  for e in AQ Ag AQAA "$(repeat 343 '\1' | b64url)"; do
    random_jwk 2048 "$e" >odd
    with_key odd "$(unsigned RS256 256)"
    refused_key exponent
  done
  { printf '\300'; repeat 255 '\0'; } >even
  printf '{"kty":"RSA","n":"%s","e":"AQAB"}' "$(b64url <even)" >odd
  with_key odd "$(unsigned RS256 256)"
  refused_key even
}

@test "an EC point off the curve is 12, as JWK and as PEM" {
  make_ec other.pem
  jwk ec.pem | jq -c --argjson other "$(jwk other.pem)" '.y = $other.y' >off.jwk
  T=$(sign_es256 '{"alg":"ES256"}' "$PAYLOAD" ec.pem)
  with_key off.jwk "$T"
  refused_key P-256
  {
    openssl pkey -in ec.pem -pubout -outform DER | head -c 59
    openssl pkey -in other.pem -pubout -outform DER | tail -c 32
  } >off.der
  with_key off.der "$T"
  refused_key P-256
  { echo '-----BEGIN PUBLIC KEY-----'; base64 off.der; echo '-----END PUBLIC KEY-----'; } >off.pem
  with_key off.pem "$T"
  refused_key P-256
  jwk ec.pem | jq -c '.x = "AAAA" | .y = "AAAA"' >off.jwk
  with_key off.jwk "$T"
  refused_key octets
}

@test "EC coordinates have their full length, no more and no less" {
  T=$(sign_es256 '{"alg":"ES256"}' "$PAYLOAD" ec.pem)
  x=$(jwk ec.pem | jq -r .x | tr -- '-_' '+/')
  for length in 31 33; do
    if [ $length -eq 33 ]; then
      short=$({ printf '\0'; base64 -d <<<"$x="; } | b64url)
    else
      short=$(base64 -d <<<"$x=" | tail -c 31 | b64url)
    fi
    jwk ec.pem "{x:\"$short\"}" >odd
    with_key odd "$T"
    refused_key octets 32
  done
}

@test "an EC key with explicit parameters is 12" {
  openssl ec -in ec.pem -param_enc explicit -pubout -out explicit.pem 2>/dev/null
  with_key explicit.pem "$(sign_es256 '{"alg":"ES256"}' "$PAYLOAD" ec.pem)"
  refused_key curve
}

@test "Ed25519 points of low order are 12, though their forged signature would verify" {
  identity=$({ printf '\1'; repeat 31 '\0'; } | b64url)
  # R is the identity, S is zero: a signature of every message under this key.
  forged=$({ printf '\1'; repeat 63 '\0'; } | b64url)
  T=$(signing_input '{"alg":"EdDSA"}' "$PAYLOAD").$forged
  printf '{"kty":"OKP","crv":"Ed25519","x":"%s"}' "$identity" >low.jwk
  with_key low.jwk "$T"
  refused_key "low order"
  { unhex <<<302A300506032B6570032100; printf '\1'; repeat 31 '\0'; } >low.der
  with_key low.der "$T"
  refused_key "low order"
  for point in \
    0000000000000000000000000000000000000000000000000000000000000000 \
    0000000000000000000000000000000000000000000000000000000000000080 \
    0100000000000000000000000000000000000000000000000000000000000080 \
    ECFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF7F \
    26E8958FC2B227B045C3F489F2EF98F0D5DFAC05D3C63339B13802886D53FC05 \
    C7176A703D4DD84FBA3C0B760D10670F2A2053FA2C39CCC64EC7FD7792AC037A; do
    printf '{"kty":"OKP","crv":"Ed25519","x":"%s"}' "$(unhex <<<$point | b64url)" >low.jwk
    with_key low.jwk "$T"
    refused_key "low order"
  done
}

@test "Ed25519 points that are not canonical or not 32 octets are 12" {
  T=$(unsigned EdDSA 64)
  for point in EEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF7F \
    FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF; do
    printf '{"kty":"OKP","crv":"Ed25519","x":"%s"}' "$(unhex <<<$point | b64url)" >odd
    with_key odd "$T"
    refused_key canonical
  done
  printf '{"kty":"OKP","crv":"Ed25519","x":"%s"}' "$(repeat 31 x | b64url)" >odd
  with_key odd "$T"
  refused_key octets
}

@test "keys for key agreement are 12" {
  openssl genpkey -algorithm X25519 -out x.pem
  with_key x.pem "$(unsigned EdDSA 64)"
  refused_key X25519
  printf '{"kty":"OKP","crv":"X25519","x":"%s"}' "$(repeat 32 x | b64url)" >x.jwk
  with_key x.jwk "$(unsigned EdDSA 64)"
  refused_key X25519
}

@test "a key of type id-RSASSA-PSS does only what its parameters name" {
  openssl genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_pss_keygen_md:sha256 \
    -pkeyopt rsa_pss_keygen_mgf1_md:sha256 -pkeyopt rsa_pss_keygen_saltlen:32 -out pss.pem 2>/dev/null
  input=$(signing_input '{"alg":"PS256"}' "$PAYLOAD")
  signature=$(printf '%s' "$input" |
    openssl dgst -sha256 -sign pss.pem -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32 | b64url)
  with_key pss.pem "$input.$signature"
  expect_status 0
  for alg in PS384 RS256; do
    with_key pss.pem "$(signing_input "{\"alg\":\"$alg\"}" '{}').$signature"
    refused_key $alg
  done
}

@test "a JWK nested deeper than 32 is 12" {
  nested() { jwk ec.pem "{x5t:$(repeat "$1" '[')$(repeat "$1" ']')}"; }
  T=$(sign_es256 '{"alg":"ES256"}' "$PAYLOAD" ec.pem)
  nested 31 >deep
  with_key deep "$T"
  expect_status 0
  nested 32 >deep
  with_key deep "$T"
  refused_key 32
}

@test "HS256 against a public key is 11, also when its PEM or DER bytes were the secret" {
  make_secret secret
  openssl pkey -in rsa.pem -pubout -out public.pem
  openssl pkey -in rsa.pem -pubout -outform DER -out public.der
  openssl pkey -in ec.pem -pubout -out public-ec.pem
  openssl req -x509 -key rsa.pem -subj /CN=x -days 1 -out certificate.pem 2>/dev/null
  jwk rsa.pem >public.jwk
  tr -d '\n' <public.pem >one-line
  for secret in secret public.pem public.der one-line public-ec.pem certificate.pem public.jwk; do
    T=$(sign_hs256 '{"alg":"HS256"}' "$PAYLOAD" $secret)
    for key in public.pem public.der public-ec.pem certificate.pem public.jwk; do
      with_key $key "$T"
      expect_status 11
      stdout_has "REJECTED: header" HS256
      expect_check FAIL alg
    done
  done
}

@test "a signature that is not r and s is 13: DER, zeros, too short, too long" {
  input=$(signing_input '{"alg":"ES256"}' "$PAYLOAD")
  der=$(printf '%s' "$input" | openssl dgst -sha256 -sign ec.pem | b64url)
  good=$(sign_es256 '{"alg":"ES256"}' "$PAYLOAD" ec.pem)
  for signature in "$der" "$(repeat 64 '\0' | b64url)" "$(repeat 63 '\1' | b64url)" "${good##*.}AA"; do
    with_key ec.pem "$input.$signature"
    expect_status 13
    stdout_has "REJECTED: signature"
  done
  with_key ec.pem "$input.$der"
  expect_status 13
  stdout_has "REJECTED: signature" 64
}
