#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# jwks diff: what happened to each key, whatever the order and form; 0 equal, 1 different.

load helper

setup_file() {
  cd "$BATS_FILE_TMPDIR"
  make_rsa rsa.pem
  make_ec ec.pem
  make_ec ec2.pem
  make_ed25519 ed.pem
  make_secret secret
}

setup() {
  cd "$BATS_TEST_TMPDIR"
  cp "$BATS_FILE_TMPDIR"/* .
  R=$(jwk rsa.pem '{kid:"r",alg:"RS256",use:"sig"}')
  E=$(jwk ec.pem '{kid:"e"}')
  D=$(jwk ed.pem '{kid:"d"}')
  jwks "$R" "$E" "$D" >old
}

# ec_jwk PEM JQ-OBJECT: the same with the private half.
ec_jwk() {
  jwk "$1" "$2" | jq -c --arg d "$(openssl pkey -in "$1" -noout -text | sed -n '/^priv:/,/^pub:/p' |
    grep '^ ' | tr -d ': \n' | unhex | b64url)" '. + {d:$d}'
}

thumbprint() { jwk "$1" | jq -jSc . | openssl dgst -sha256 -binary | b64url; }

diff_sets() { run_jwtctl jwks diff "$@" </dev/null; }

# equal OLD NEW [OPTION...]: 0 in every format.
equal() {
  diff_sets "$@" -f json
  expect_status 0 || return
  stderr_is_empty || return
  json . '{"schema":"jwtctl.jwks-diff/1","added":[],"removed":[],"rekeyed":[],"renamed":[],"changed":[],"details":[]}' ||
    return
  diff_sets "$@"
  expect_status 0 && stdout_has "EQUAL: the same "
}

# differs OLD NEW ADDED REMOVED REKEYED RENAMED CHANGED: 1, with these kids, each list as JSON.
differs() {
  diff_sets "$1" "$2" -f json
  expect_status 1 || return
  stderr_is_empty || return
  json '[.schema, .added, .removed, .rekeyed, .renamed, .changed]' "[\"jwtctl.jwks-diff/1\",$3,$4,$5,$6,$7]"
}

# line WORD...: the text report has this line.
line() {
  tr -s ' ' <<<"$output" | sed 's/^ //; s/ *$//' | grep -qxF -- "$*" || complain "expected a line: $*"
}

@test "a set equals itself, whatever the order of keys and members" {
  equal old old
  stdout_has "EQUAL: the same 3 keys"
  jq -S '.keys |= reverse | . + {"x-note":1}' old >new
  equal old new
  equal new old
}

@test "added and removed" {
  jwks "$R" "$E" >new
  differs old new '[]' '["d"]' '[]' '[]' '[]'
  json .details '[{"change":"removed","kid":"d","critical":false}]'
  differs new old '["d"]' '[]' '[]' '[]' '[]'
  json .details '[{"change":"added","kid":"d","critical":false}]'
  diff_sets new old
  expect_status 1
  [ "${lines[0]}" = "DIFFERENT: 1 change" ]
  line added d
  diff_sets old new
  line removed d tokens that it signed verify no more
}

@test "rekeyed: another key under the same kid, of one type and of another" {
  for other in "$(jwk ec2.pem '{kid:"e"}')" "$(jwk ed.pem '{kid:"e"}')"; do
    jwks "$R" "$E" >one
    jwks "$other" "$R" >two
    differs one two '[]' '[]' '["e"]' '[]' '[]'
    json .details '[{"change":"rekeyed","kid":"e","critical":true}]'
    diff_sets one two
    stdout_has "rekeyed  e  critical: another key under the same kid"
  done
}

@test "renamed: the same key under another kid, also from and to none" {
  jwks "$R" "$(jwk ec.pem '{kid:"new"}')" "$D" >new
  differs old new '[]' '[]' '[]' '["new"]' '[]'
  json .details '[{"change":"renamed","kid":"new","critical":false,"old_kid":"e"}]'
  diff_sets old new
  line renamed new the same key under another kid, it was e
  jwks "$R" "$(jwk ec.pem)" "$D" >new
  differs old new '[]' '[]' '[]' "[\"$(thumbprint ec.pem)\"]" '[]'
  differs new old '[]' '[]' '[]' '["e"]' '[]'
  json '.details[0].old_kid' "\"$(thumbprint ec.pem)\""
}

@test "changed: other members, named and sorted" {
  jwks "$(jq '.use="enc" | .alg="RS512" | .["x-note"]={a:1} | .key_ops=["verify"]' <<<"$R")" "$E" "$D" >new
  differs old new '[]' '[]' '[]' '[]' '["r"]'
  json .details '[{"change":"changed","kid":"r","critical":false,"members":["alg","key_ops","use","x-note"]}]'
  differs new old '[]' '[]' '[]' '[]' '["r"]'
  diff_sets old new
  line changed r "the same key, other members: alg, key_ops, use, x-note"
}

@test "a key that is renamed and changed is both" {
  jwks "$R" "$(jwk ec.pem '{kid:"new",use:"sig"}')" "$D" >new
  differs old new '[]' '[]' '[]' '["new"]' '["new"]'
  json '[.details[].change]' '["renamed","changed"]'
}

@test "a kid that another key of the set takes over is rekeyed, also when two swap" {
  jwks "$E" >one
  jwks "$(jwk ec2.pem '{kid:"e"}')" "$(jwk ec.pem '{kid:"old"}')" >two
  diff_sets one two -f json
  expect_status 1
  json .rekeyed '["e"]'
  jwks "$E" "$(jwk ec2.pem '{kid:"f"}')" >one
  jwks "$(jwk ec.pem '{kid:"f"}')" "$(jwk ec2.pem '{kid:"e"}')" >two
  diff_sets one two -f json
  json '.rekeyed | sort' '["e","f"]'
}

@test "the order in key_ops does not matter, what is in it does" {
  jwks "$(jq '.key_ops=["verify","deriveKey"]' <<<"$E")" >one
  jwks "$(jq '.key_ops=["deriveKey","verify"]' <<<"$E")" >two
  equal one two
  jwks "$(jq '.key_ops=["verify"]' <<<"$E")" >two
  differs one two '[]' '[]' '[]' '[]' '["e"]'
  jwks "$(jq '.list=[1,2]' <<<"$E")" >one
  jwks "$(jq '.list=[2,1]' <<<"$E")" >two
  differs one two '[]' '[]' '[]' '[]' '["e"]'
}

@test "a private half makes no difference, nor does the form" {
  jwks "$E" >public
  jwks "$(ec_jwk ec.pem '{kid:"e"}')" >private
  jq -e '.keys[0].d' private
  equal public private
  equal private public
  jwks "$(jq '.key_ops=["verify"]' <<<"$E")" >public
  jwks "$(ec_jwk ec.pem '{kid:"e",key_ops:["sign"]}')" >private
  equal public private
  openssl pkey -in ec.pem -pubout -out spki
  openssl pkey -in ec.pem -outform DER -out der
  openssl req -x509 -key ec.pem -subj /CN=x -days 1 -out certificate
  jwk ec.pem >jwk
  for form in ec.pem spki der certificate jwk; do
    equal "$form" jwk
    equal ec.pem "$form"
  done
  cat rsa.pem ec.pem >blocks
  jwks "$(jwk ec.pem)" "$(jwk rsa.pem)" >set
  equal blocks set
}

@test "keys without a kid are told apart by their thumbprint" {
  jwks "$(jwk ec.pem)" "$(jwk rsa.pem)" >one
  jwks "$(jwk rsa.pem)" "$(jwk ec2.pem)" >two
  equal one one
  differs one two "[\"$(thumbprint ec2.pem)\"]" "[\"$(thumbprint ec.pem)\"]" '[]' '[]' '[]'
  # Two of one type are not "rekeyed": nothing says that they are the same one.
  differs ec.pem ec2.pem "[\"$(thumbprint ec2.pem)\"]" "[\"$(thumbprint ec.pem)\"]" '[]' '[]' '[]'
}

@test "a key that is there twice counts twice" {
  jwks "$(jwk ec.pem '{kid:"a"}')" "$(jwk ec.pem '{kid:"b"}')" >twice
  jwks "$(jwk ec.pem '{kid:"b"}')" >once
  equal twice twice
  differs twice once '[]' '["a"]' '[]' '[]' '[]'
  differs once twice '["a"]' '[]' '[]' '[]' '[]'
}

@test "secrets: equal, rekeyed, and never shown" {
  printf 'another secret, and a long one too' >other
  jwks "$(oct_jwk secret '{kid:"s"}')" >one
  jwks "$(oct_jwk other '{kid:"s"}')" >two
  equal one one
  differs one two '[]' '[]' '["s"]' '[]' '[]'
  nothing_has "$(b64url <secret)" "$(b64url <other)"
  jwks "$(oct_jwk secret)" >one
  jwks "$(oct_jwk other)" >two
  differs one two '["#1"]' '["#1"]' '[]' '[]' '[]'
  nothing_has "$(b64url <secret)" "$(b64url <other)"
}

@test "broken keys on either side are compared as they are" {
  broken='{"kty":"EC","crv":"P-257","kid":"x","x":"AA","y":"AA"}'
  jwks "$E" "$broken" '"text"' >one
  jwks '"text"' "$(jq -S . <<<"$broken")" "$E" >two
  equal one two
  jwks "$E" >two
  differs one two '[]' '["x","#3"]' '[]' '[]' '[]'
  differs two one '["x","#3"]' '[]' '[]' '[]' '[]'
  jwks "$(jwk ec.pem '{kid:"x"}')" >good
  jwks "$broken" >bad
  differs good bad '[]' '[]' '["x"]' '[]' '[]'
  differs bad good '[]' '[]' '["x"]' '[]' '[]'
}

@test "names are escaped in text" {
  jwks "$(jwk ec.pem '{kid:"a\u001b[31m\u202e\n::error::"}')" "$R" >one
  jwks "$R" >two
  diff_sets one two
  expect_status 1
  nothing_has $'\e' $'\u202e' $'\n::'
}

@test "stdin, descriptors, passphrase, -q and -o" {
  run_jwtctl jwks diff - old <old
  expect_status 0
  run_jwtctl jwks diff old fd:7 7<old
  expect_status 0
  printf 'open sesame' >passphrase
  openssl pkcs8 -topk8 -v2 aes-256-cbc -in ec.pem -passout file:passphrase -out encrypted
  equal encrypted ec.pem --passphrase passphrase
  diff_sets ec.pem encrypted
  expect_error 2 NEW encrypted --passphrase
  jwks "$E" >new
  diff_sets -q old new
  expect_status 1
  stdout_is_empty
  diff_sets -o report old new
  expect_status 1
  stdout_is_empty
  grep -q '^DIFFERENT: 2 changes' report
}

@test "refused: a set on either side that is none, both from stdin, a missing side, a format" {
  echo '{"keys":[]}' >empty
  jwks "$E" "$(jwk ec2.pem '{kid:"e"}')" >duplicate
  jwks "$E" "$(oct_jwk secret)" >mixed
  echo '{"a":1}' >document
  for set in empty duplicate mixed document; do
    diff_sets $set old
    expect_error 3 "OLD $set"
    stdout_is_empty
    diff_sets old $set
    expect_error 3 "NEW $set"
  done
  diff_sets old empty -f json
  expect_status 3
  json '[.schema, .error.code]' '["jwtctl.error/1","input"]'
  diff_sets old missing
  expect_error 3 NEW
  diff_sets old
  expect_error 2 NEW
  run_jwtctl jwks diff - - <old
  expect_error 2 stdin
  diff_sets old old -f jwks
  expect_error 2 jwks
}
