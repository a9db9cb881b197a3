#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# jwks show as a report: the table and the JSON of every kind of key file, certificates and notes.

load helper

setup_file() {
  cd "$BATS_FILE_TMPDIR"
  make_rsa rsa.pem
  make_rsa weak.pem 1024
  make_ec ec.pem
  make_ec other.pem
  make_ed25519 ed.pem
  make_secret secret
}

setup() {
  cd "$BATS_TEST_TMPDIR"
  cp "$BATS_FILE_TMPDIR"/* .
}

show() { run_jwtctl jwks show --now "$NOW" "$@" </dev/null; }

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

# thumbprint PEM: RFC 7638 with openssl.
thumbprint() {
  jwk "$1" | jq -jSc 'del(.kid)' | openssl dgst -sha256 -binary | b64url
}

# row WORD...: the table has a line of exactly these cells.
row() {
  tr -s ' ' <<<"$output" | sed 's/ *$//' | grep -qxF -- "$*" || complain "expected a row: $*"
}

@test "the table: kid, type, alg, use, size and thumbprint of each key of a set" {
  jwks "$(jwk rsa.pem '{kid:"r",alg:"RS256",use:"sig"}')" "$(jwk ec.pem '{kid:"e"}')" \
    "$(jwk ed.pem '{alg:"EdDSA"}')" >set
  show set
  expect_status 0
  stderr_is_empty
  [ "${lines[0]}" = "3 keys in set" ]
  row KID TYPE ALG USE SIZE THUMBPRINT
  row r RSA RS256 sig 2048 bits "$(thumbprint rsa.pem)"
  row e EC - - P-256 "$(thumbprint ec.pem)"
  row - OKP EdDSA - Ed25519 "$(thumbprint ed.pem)"
  nothing_has note unusable
}

@test "the same as JSON" {
  jwks "$(jwk rsa.pem '{kid:"r",alg:"RS256",use:"sig"}')" "$(jwk ed.pem)" >set
  show set -f json
  expect_status 0
  stderr_is_empty
  json '[.schema, .source, .findings]' '["jwtctl.jwks/1","set",[]]'
  json '.keys[0]' "{\"kid\":\"r\",\"kty\":\"RSA\",\"alg\":\"RS256\",\"use\":\"sig\",\"bits\":2048,\"crv\":null,\"thumbprint\":\"$(thumbprint rsa.pem)\",\"private\":false,\"usable\":true,\"notes\":[]}"
  json '.keys[1]' "{\"kid\":null,\"kty\":\"OKP\",\"alg\":null,\"use\":null,\"bits\":256,\"crv\":\"Ed25519\",\"thumbprint\":\"$(thumbprint ed.pem)\",\"private\":false,\"usable\":true,\"notes\":[]}"
  json '.keys | length' 2
}

@test "every form of one key shows the same key" {
  openssl pkey -in ec.pem -pubout -out spki
  openssl pkey -in ec.pem -pubout -outform DER -out spki-der
  openssl pkcs8 -topk8 -nocrypt -in ec.pem -outform DER -out pkcs8-der
  openssl ec -in ec.pem -out sec1 2>/dev/null
  openssl req -x509 -key ec.pem -subj /CN=x -days 1 -out certificate
  openssl req -x509 -key ec.pem -subj /CN=x -days 1 -outform DER -out certificate-der
  jwk ec.pem >jwk
  jwks "$(jwk ec.pem)" >set
  for form in ec.pem spki spki-der pkcs8-der sec1 certificate certificate-der jwk set; do
    show $form -f json
    expect_status 0
    json '[.keys[] | [.kty, .bits, .crv, .thumbprint, .usable]]' "[[\"EC\",256,\"P-256\",\"$(thumbprint ec.pem)\",true]]"
    show $form
    stdout_has "1 key in $form" "$(thumbprint ec.pem)"
  done
}

@test "where the keys are: a file, stdin, a descriptor, the environment" {
  jwk ec.pem >jwk
  run_jwtctl jwks show - <jwk
  expect_status 0
  stdout_has "1 key in stdin"
  run_jwtctl jwks show fd:7 7<jwk
  expect_status 0
  KEYS=$(<jwk) run_jwtctl jwks show env:KEYS
  expect_status 0
  fails 2 JWTCTL_TEST_UNSET -- env:JWTCTL_TEST_UNSET
  fails 2 SPEC -- -f text
  fails 3 SPEC "no file" -- missing
  fails 2 nosuch -- jwk -f nosuch
}

@test "several PEM blocks are several keys" {
  openssl pkey -in rsa.pem -pubout >blocks
  { echo comment; cat ed.pem; } >>blocks
  openssl req -x509 -key other.pem -subj /CN=x -days 1 >>blocks
  show blocks -f json
  expect_status 0
  json '[.keys[].kty]' '["RSA","OKP","EC"]'
  json '[.keys[].private]' '[false,true,false]'
  json '[.keys[] | has("certificate")]' '[false,false,true]'
  { cat blocks; printf -- '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n'; } >broken
  show broken -f json
  expect_status 0
  json '[.keys[].usable]' '[true,true,true,false]'
  json '.keys[3].notes' '["the PEM block \"PUBLIC KEY\" is broken"]'
  grep -v -e '-----END' ec.pem >cut
  fails 3 cut PEM -- cut
}

@test "an encrypted key: right passphrase 0, wrong 6, missing 2" {
  printf 'open sesame' >passphrase
  printf 'close sesame' >wrong
  openssl pkcs8 -topk8 -v2 aes-256-cbc -in ec.pem -passout file:passphrase -out pkcs8
  show pkcs8 --passphrase passphrase
  expect_status 0
  stdout_has "$(thumbprint ec.pem)" "holds the private half"
  fails 6 passphrase -- pkcs8 --passphrase wrong
  nothing_has sesame
  fails 2 encrypted --passphrase -- pkcs8
}

@test "a secret has a size and no thumbprint" {
  oct_jwk secret '{kid:"s",alg:"HS256"}' >oct
  show oct
  expect_status 0
  row s oct HS256 - 320 bits -
  stdout_has "note: a secret: whoever has it can sign"
  show oct -f json
  json '.keys[0] | [.bits, .crv, .thumbprint, .private, .usable]' '[320,null,null,true,true]'
  repeat 31 s >short
  oct_jwk short >oct
  show oct -f json
  json '.keys[0].usable' false
  json '.keys[0].notes[0] | contains("31 bytes")' true
  repeat 32 s >exact
  oct_jwk exact >oct
  show oct -f json
  json '.keys[0].usable' true
}

@test "what a verifier could not use is said, one line each" {
  jwks "$(jwk weak.pem '{kid:"weak"}')" "$(jwk ec.pem '{kid:"enc",use:"enc"}')" \
    "$(jwk ec.pem '{kid:"alg",alg:"RS256"}')" "$(jwk ec.pem '{kid:"ops",key_ops:["sign"]}')" \
    "$(jwk ec.pem '{kid:"off"} | .y = .x')" '{"kty":"EC","crv":"P-257","kid":"curve","x":"AA","y":"AA"}' \
    '{"kty":"AKP","kid":"new"}' '{"kty":"OKP","kid":7}' '"text"' "$(jwk ec.pem '{kid:"good",use:"sig"}')" >set
  show set -f json
  expect_status 0
  json '[.keys[] | .usable]' '[false,false,false,false,false,false,false,false,false,true]'
  json '[.keys[].notes | length]' '[1,1,1,1,1,1,1,1,1,0]'
  json '[.keys[0,1,2,3,5,6,7,8].notes[0]]' "$(jq -nc '["the RSA key has 1024 bits",
    "its use is \"enc\", not \"sig\"", "its alg \"RS256\" is none that an EC public key on P-256 signs with",
    "its key_ops [sign] do not include \"verify\"", "curve \"P-257\" is none of kty EC",
    "key type \"AKP\" is not one that we verify with", "\"kid\" must be a string, not a number",
    "a key must be an object, not a string"]')"
  json '[.keys[5].kid, .keys[5].kty, .keys[5].crv, .keys[5].bits]' '["curve","EC","P-257",null]'
  show set
  expect_status 0
  row curve EC - - - -
  [ "$(grep -c '^    unusable: ' <<<"$output")" -eq 9 ]
}

@test "halves that do not belong together are unusable" {
  scalar=$(openssl pkey -in other.pem -noout -text | sed -n '/^priv:/,/^pub:/p' | grep '^ ' | tr -d ': \n' | unhex | b64url)
  jwk ec.pem "{d:\"$scalar\"}" >mixed
  show mixed -f json
  expect_status 0
  json '.keys[0].usable' false
  json '.keys[0].notes[0] | contains("private half")' true
  nothing_has "$scalar"
}

@test "a kid is escaped" {
  jwk ec.pem '{kid:"a\u001b[31m\u202eb\n::error::c"}' >jwk
  show jwk
  expect_status 0
  nothing_has $'\e' $'\u202e' $'\n::'
  show jwk -f json
  json '.keys[0].kid' '"a\u001b[31m‮b\n::error::c"'
  nothing_has $'\e' $'\u202e' $'\n::'
}

@test "--kid shows that key alone; an unknown one is 3 and lists the kids" {
  jwks "$(jwk rsa.pem '{kid:"r"}')" "$(jwk ec.pem '{kid:"e"}')" "$(jwk ed.pem)" >set
  show set --kid e -f json
  expect_status 0
  json '[.keys[].kid]' '["e"]'
  fails 3 '"E"' "r, e" -- set --kid E
  fails 2 --kid -- set --kid ''
}

@test "refused sets are 3: empty, duplicate kid, mixed; so is what holds no key" {
  echo '{"keys":[]}' >empty
  jwks "$(jwk ec.pem '{kid:"a"}')" "$(jwk other.pem '{kid:"a"}')" >duplicate
  jwks "$(jwk ec.pem)" "$(oct_jwk secret)" >mixed
  echo '{"issuer":"https://a.test","jwks_uri":"https://a.test/jwks"}' >discovery
  echo hello >text
  : >nothing
  jwk ec.pem | jq -c '.kty = 1' >odd
  fails 3 empty -- empty
  fails 3 'kid "a"' -- duplicate
  fails 3 mixed -- mixed
  fails 3 discovery -- discovery
  fails 3 text -- text
  fails 3 nothing -- nothing
  fails 3 kty -- odd
  for format in json jwk jwks; do
    show empty -f $format
    expect_status 3
  done
  show empty -f json
  json '[.schema, .error.code, .error.exit]' '["jwtctl.error/1","input",3]'
}

@test "the limit is 1 MiB: one byte more is 3" {
  jwks "$(jwk ec.pem)" >set
  { cat set; repeat $((1048576 - $(stat -c %s set))) ' '; } >exact
  show exact
  expect_status 0
  { cat exact; echo; } >over
  fails 3 over 1048576 -- over
}

@test "-q says nothing, -o writes the report, /dev/full is 5" {
  jwk ec.pem >jwk
  show jwk -q
  expect_status 0
  stdout_is_empty
  show jwk -o report
  expect_status 0
  stdout_is_empty
  grep -q "$(thumbprint ec.pem)" report
  [ ! -e /dev/full ] || fails 5 full -- jwk -o /dev/full
}
