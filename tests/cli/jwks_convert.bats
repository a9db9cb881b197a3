#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# jwks show -f jwk|jwks|pem: what conversion keeps, and what it must not give away.

load helper

TYPES="rsa p256 p384 p521 k256 ed25519 ed448"

setup_file() {
  cd "$BATS_FILE_TMPDIR"
  make_rsa rsa.pem
  make_ec p256.pem
  make_ec p384.pem P-384
  make_ec p521.pem P-521
  make_ec k256.pem secp256k1
  make_ed25519 ed25519.pem
  openssl genpkey -algorithm ED448 -out ed448.pem
  make_secret secret
  local name
  for name in rsa p256 p384 p521 k256 ed25519 ed448; do whole_jwk $name.pem >$name.jwk; done
  oct_jwk secret '{kid:"s"}' >oct.jwk
}

setup() {
  cd "$BATS_TEST_TMPDIR"
  cp "$BATS_FILE_TMPDIR"/* .
}

show() { run_jwtctl jwks show "$@" </dev/null; }

# fails STATUS TEXT... -- ARGUMENT...: refused, with nothing on stdout.
fails() {
  local texts=()
  while [ "$1" != -- ]; do
    texts+=("$1")
    shift
  done
  show "${@:2}"
  expect_error "${texts[@]}" && stdout_is_empty
}

# field PEM LABEL [FROM [COUNT]]: hex digits of a number that openssl prints, as base64url.
field() {
  local digits
  digits=$(openssl pkey -in "$1" -noout -text | sed -n "/^$2:/,/^[a-zA-Z]/p" | grep '^ ' | tr -d ': \n')
  [ "$2" = priv ] || [ "$2" = pub ] || digits=${digits#00}
  unhex <<<"${digits:${3:-0}:${4:-9999}}" | b64url
}

# whole_jwk PEM: the private JWK, made by openssl.
whole_jwk() {
  local curve size
  case $1 in
    rsa.*) jq -nc --arg n "$(field "$1" modulus)" --arg d "$(field "$1" privateExponent)" \
      --arg p "$(field "$1" prime1)" --arg q "$(field "$1" prime2)" --arg dp "$(field "$1" exponent1)" \
      --arg dq "$(field "$1" exponent2)" --arg qi "$(field "$1" coefficient)" \
      '{kty:"RSA",n:$n,e:"AQAB",d:$d,p:$p,q:$q,dp:$dp,dq:$dq,qi:$qi}' && return ;;
    ed25519.*) curve=Ed25519 ;;
    ed448.*) curve=Ed448 ;;
    p256.*) curve=P-256 size=64 ;;
    p384.*) curve=P-384 size=96 ;;
    p521.*) curve=P-521 size=132 ;;
    k256.*) curve=secp256k1 size=64 ;;
  esac
  if [ -z "$size" ]; then
    jq -nc --arg crv $curve --arg x "$(field "$1" pub)" --arg d "$(field "$1" priv)" \
      '{kty:"OKP",crv:$crv,x:$x,d:$d}'
  else
    jq -nc --arg crv $curve --arg x "$(field "$1" pub 2 $size)" --arg y "$(field "$1" pub $((size + 2)))" \
      --arg d "$(field "$1" priv)" '{kty:"EC",crv:$crv,x:$x,y:$y,d:$d}'
  fi
}

# same_json FILE: stdout is the same JSON.
same_json() {
  [ "$(jq -S . <<<"$output")" = "$(jq -S . "$1")" ] || complain "expected: $(cat "$1")"
}

# secrets JWK: the values that must not leave with a public half.
secrets() { jq -r '.keys[]?, . | .d?, .p?, .q?, .dp?, .dq?, .qi?, .k?, .oth?, .priv? | strings' "$1"; }

@test "PEM to JWK is what openssl says, private and public" {
  for name in $TYPES; do
    show $name.pem -f jwk --private
    expect_status 0
    stderr_is_empty
    same_json $name.jwk
    show $name.pem -f jwk
    expect_status 0
    jq 'del(.d,.p,.q,.dp,.dq,.qi)' $name.jwk >public
    same_json public
  done
}

@test "JWK to PEM is what openssl writes, private and public" {
  for name in $TYPES; do
    "$JWTCTL" jwks show $name.jwk -f pem --private >back
    cmp back $name.pem
    "$JWTCTL" jwks show $name.jwk -f pem >back
    openssl pkey -in $name.pem -pubout | cmp back -
  done
}

@test "DER, PKCS#1, SEC1 and certificates convert too" {
  openssl rsa -in rsa.pem -traditional -outform DER -out pkcs1 2>/dev/null
  openssl ec -in p256.pem -out sec1 2>/dev/null
  openssl req -x509 -key p256.pem -subj /CN=x -days 1 -out certificate
  show pkcs1 -f jwk --private
  same_json rsa.jwk
  show sec1 -f jwk --private
  same_json p256.jwk
  show certificate -f jwk
  jwk p256.pem >public
  same_json public
  fails 3 "no private half" -- certificate -f jwk --private
}

@test "JWK to JWK keeps every member, also unknown ones and their numbers" {
  for name in $TYPES; do
    jq -c '. + {kid:"k",use:"sig",key_ops:["sign"],"x-note":{a:[null,true,"ü",{}]},zz:"\u0001"}' $name.jwk |
      sed 's/}$/,"number":[1.50e3,12345678901234567890123,-0]}/' >full
    show full -f jwk --private
    expect_status 0
    same_json full
    [ "$(tr -d ' \n' <<<"$output" | grep -c 1.50e3,12345678901234567890123,-0)" -eq 1 ] || complain numbers
    [ "$(jq -c keys_unsorted <<<"$output")" = "$(jq -c keys_unsorted full)" ] || complain "the order changed"
    show full -f jwk
    json 'del(.number, .key_ops)' "$(jq -c 'del(.d,.p,.q,.dp,.dq,.qi,.number,.key_ops)' full)"
    json .key_ops '["verify"]'
  done
  show oct.jwk -f jwk --private
  same_json oct.jwk
}

@test "a private key in a member that we do not know is in no public half" {
  local d
  d=$(jq -r .d p256.jwk)
  jq --slurpfile key p256.jwk --rawfile pem p256.pem \
    '. + {backup: $key[0], deep: {a: [$key[0]]}, pem: $pem, note: "kept"}' ed25519.jwk >both.jwk
  jq -c '{keys: [.]}' both.jwk >both.jwks
  jq -c '{keys: [del(.d)]}' both.jwk >public.jwks
  for file in both.jwk both.jwks public.jwks; do
    for format in jwk jwks; do
      show "$file" -f $format
      expect_status 0
      nothing_has "$d" PRIVATE backup deep pem || complain "$file $format"
      stdout_has '"note": "kept"'
    done
  done
}

@test "a set to a set keeps the order and every key that has the half" {
  jwks "$(jq '.kid="a"' rsa.jwk)" "$(jq '.kid="b" | del(.d)' p256.jwk)" "$(jq '.alg="EdDSA"' ed25519.jwk)" >set
  show set -f jwks
  expect_status 0
  stderr_is_empty
  jq '.keys |= map(del(.d,.p,.q,.dp,.dq,.qi))' set >public
  same_json public
  show set -f jwks --private
  expect_status 0
  stderr_has "jwtctl: warning: " "key 2 (kid b)" "no private half"
  jq 'del(.keys[1])' set >rest
  same_json rest
  show p256.pem -f jwks
  json '.keys | length' 1
  json '.keys[0].crv' '"P-256"'
}

@test "a set to PEM is one block for each key" {
  jwks "$(cat rsa.jwk)" "$(cat ed448.jwk)" >set
  "$JWTCTL" jwks show set -f pem --private >back
  cat rsa.pem ed448.pem | cmp back -
  show back -f jwks --private
  same_json set
  "$JWTCTL" jwks show set -f pem >back
  { openssl pkey -in rsa.pem -pubout; openssl pkey -in ed448.pem -pubout; } | cmp back -
}

@test "-f jwk is one key: of several --kid chooses, else 2" {
  jwks "$(jq '.kid="a"' p256.jwk)" "$(jq '.kid="b"' ed25519.jwk)" >set
  fails 2 "2 keys" --kid -- set -f jwk
  show set -f jwk --kid b
  expect_status 0
  json '[.kid, .crv, .d]' '["b","Ed25519",null]'
  show set -f jwk --private --kid a
  expect_status 0
  json .d "$(jq .d p256.jwk)"
}

@test "a broken key of a set is left out with a warning, alone it is 3" {
  jwks "$(jq '.kid="good"' p256.jwk)" '{"kty":"EC","kid":"bad","crv":"P-257","x":"AA","y":"AA","d":"c2VjcmV0"}' >set
  for format in jwks pem jwk; do
    show set -f $format
    expect_status 0
    stderr_has "jwtctl: warning: key 2 (kid bad) is left out: curve \"P-257\" is none of kty EC"
    nothing_has c2VjcmV0
  done
  fails 3 P-257 -- set -f jwk --kid bad
  [[ $stderr != *--private* ]] || complain "--private mends no broken key"
}

@test "a secret has no public half, and no PEM" {
  for format in jwk jwks pem; do fails 3 "no public half" --private -- oct.jwk -f $format; done
  fails 2 "neither PEM nor DER" -- oct.jwk -f pem --private
  jwks "$(cat oct.jwk)" >set
  show set -f jwks --private
  expect_status 0
  same_json set
}

@test "an RSA key without its primes stays what it is as JWK and has no PEM" {
  jq 'del(.p,.q,.dp,.dq,.qi)' rsa.jwk >short
  show short -f jwk --private
  expect_status 0
  same_json short
  fails 3 primes -- short -f pem --private
}

@test "an RSA-PSS key keeps what its parameters allow" {
  openssl genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_pss_keygen_md:sha384 \
    -pkeyopt rsa_pss_keygen_mgf1_md:sha384 -pkeyopt rsa_pss_keygen_saltlen:48 -out pss.pem 2>/dev/null
  show pss.pem -f jwk --private
  expect_status 0
  json .alg '"PS384"'
}

@test "an encrypted key converts with its passphrase" {
  printf 'open sesame' >passphrase
  openssl pkcs8 -topk8 -v2 aes-256-cbc -in p256.pem -passout file:passphrase -out encrypted
  show encrypted --passphrase passphrase -f jwk --private
  expect_status 0
  same_json p256.jwk
  fails 2 --passphrase -- encrypted -f jwk
  fails 6 passphrase -- encrypted -f jwk --passphrase secret
}

@test "no private value is in any output without --private" {
  jwks "$(cat rsa.jwk)" "$(cat p256.jwk)" "$(cat ed25519.jwk)" \
    '{"kty":"RSA","n":"AQ","e":"AQAB","d":"bmV2ZXIx","oth":[{"r":"bmV2ZXIy","d":"bmV2ZXIz","t":"bmV2ZXI0"}]}' \
    '{"kty":"AKP","alg":"ML-DSA-44","pub":"AA","priv":"bmV2ZXI1"}' '{"kty":"oct?","k":"bmV2ZXI2"}' >set
  for file in rsa.jwk p256.jwk p384.jwk p521.jwk k256.jwk ed25519.jwk ed448.jwk oct.jwk set rsa.pem; do
    mapfile -t never < <(secrets "${file/.pem/.jwk}")
    [ ${#never[@]} -gt 0 ]
    for format in text json jwk jwks pem; do
      show $file -f $format -v
      nothing_has "${never[@]}" bmV2ZXI "PRIVATE KEY"
    done
  done
}
