#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# sign: where claims come from, their types, order and exact text, times, and what is warned of.

load helper
load keys

setup_file() {
  cd "$BATS_FILE_TMPDIR"
  make_secret secret
  export SECRET=$BATS_FILE_TMPDIR/secret
}

setup() { in_a_folder; }

# hs ARGUMENT...: signs with the secret, at $NOW, without a word on stderr.
hs() { signed --secret "$SECRET" -a HS256 "$@" && openssl_hmac sha256 "$SECRET" "$output"; }

# warned TEXT ARGUMENT...: signs, and warns of this.
warned() {
  sign --secret "$SECRET" -a HS256 "${@:2}"
  expect_status 0 || return
  grep -qE "^jwtctl: warning: JWT[0-9]{3} .*$1" <<<"$stderr" || complain "no warning of $1" || return
  well_spoken
}

@test "claims from a literal, a file, stdin, or none" {
  hs '{"sub":"alice"}' --no-expiry
  claims_are "{\"sub\":\"alice\",\"iat\":$NOW}"
  printf '\n {"sub": "bob"}\n' >claims.json
  hs @claims.json --no-expiry
  claims_are "{\"sub\":\"bob\",\"iat\":$NOW}"
  run_jwtctl sign --secret "$SECRET" -a HS256 --now "$NOW" - --no-expiry <claims.json
  expect_status 0
  claims_are "{\"sub\":\"bob\",\"iat\":$NOW}"
  hs --no-expiry
  claims_are "{\"iat\":$NOW}"
  hs '{}' --no-expiry --no-iat
  claims_are '{}'
}

@test "without CLAIMS stdin is not read" {
  run_jwtctl sign --secret "$SECRET" -a HS256 --now "$NOW" --no-expiry <<<'{"sub":"bob"}'
  expect_status 0
  claims_are "{\"iat\":$NOW}"
}

@test "the order is kept: CLAIMS first, then the options" {
  hs '{"z":1,"a":{"y":2,"b":3},"m":4}' --claim c=1 --claim b=2 --issuer i --subject s --audience u \
    --expires-in 5m --jti j --not-before "$NOW"
  claims_are "{\"z\":1,\"a\":{\"y\":2,\"b\":3},\"m\":4,\"iss\":\"i\",\"sub\":\"s\",\"aud\":\"u\",\"jti\":\"j\",\"c\":\"1\",\"b\":\"2\",\"nbf\":$NOW,\"iat\":$NOW,\"exp\":$((NOW + 300))}"
}

@test "numbers keep their text" {
  for number in 1.50 1e2 1E+2 12345678901234567890 0.1 -0 -0.0 3.0 1.7976931348623157e308; do
    # Some of them are worth a warning (JWT315), none is changed.
    sign --secret "$SECRET" -a HS256 "{\"n\":$number}" --no-expiry --no-iat --claim "m:=$number"
    expect_status 0
    claims_are "{\"n\":$number,\"m\":$number}"
  done
}

@test "text keeps its meaning: escapes, Unicode, names" {
  hs '{"a\u00e9":"\ud83d\ude00 \" \\ \/","":""}' --no-expiry --no-iat
  claim . '{"aé":"😀 \" \\ /","":""}'
  hs --claim 'x=a "quoted" \ = text' --claim 'https://a.test/x=y' --no-expiry --no-iat
  claim . '{"x":"a \"quoted\" \\ = text","https://a.test/x":"y"}'
}

@test "--claim: = makes strings, := anything" {
  hs --no-expiry --no-iat --claim role=admin --claim level:=3 --claim n=3 --claim t:=true --claim u:=null \
    --claim 'list:=["a", 1]' --claim 'o:={"b":{}}' --claim e:='""' --claim 's:="x=y"' --claim eq=a=b
  claims_are '{"role":"admin","level":3,"n":"3","t":true,"u":null,"list":["a",1],"o":{"b":{}},"e":"","s":"x=y","eq":"a=b"}'
}

@test "one audience is a string, several are an array" {
  hs --audience api --no-expiry
  claim .aud '"api"'
  hs --aud api --aud web --audience 'a b' --no-expiry
  claim .aud '["api","web","a b"]'
  hs --claim 'aud:=["api"]' --no-expiry
  claim .aud '["api"]'
}

@test "the short names of the options" {
  hs --iss https://id.test --sub alice --aud api --no-expiry
  claim 'del(.iat)' '{"iss":"https://id.test","sub":"alice","aud":"api"}'
}

@test "--jti uuid draws one, other text is taken as it is" {
  hs --jti uuid --no-expiry
  first=$output
  [[ $(cut -d. -f2 <<<"$output" | unb64url | jq -r .jti) =~ ^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$ ]]
  hs --jti uuid --no-expiry
  [ "$output" != "$first" ]
  hs --jti UUID-1 --no-expiry
  claim .jti '"UUID-1"'
}

@test "--expires-in counts from --now, whatever the zone" {
  for pair in 5m:300 90s:90 2h:7200 7d:604800 1h30m:5400 45:45; do
    hs --expires-in "${pair%:*}"
    claims_are "{\"iat\":$NOW,\"exp\":$((NOW + ${pair#*:}))}"
  done
  run_jwtctl sign --secret "$SECRET" -a HS256 --now 2027-01-15T08:00:00.999Z --expires-in 5m </dev/null
  expect_status 0
  claims_are "{\"iat\":$NOW,\"exp\":$((NOW + 300))}"
}

@test "--expires-at and --not-before take any TIME" {
  for time in $((NOW + 300)) 2027-01-15T08:05:00Z 2027-01-15T21:50:00+13:45 +5m; do
    hs --expires-at "$time"
    claim '[.iat,.exp]' "[$NOW,$((NOW + 300))]"
  done
  for time in "$NOW" now 2027-01-15T08:00:00Z; do
    hs --not-before "$time" --expires-in 5m
    claim '[.nbf,.exp]' "[$NOW,$((NOW + 300))]"
  done
  hs --not-before -2h --expires-in 5m
  claim .nbf $((NOW - 7200))
}

@test "without --now the clock counts" {
  before=$(date +%s)
  output=$("$JWTCTL" sign --secret "$SECRET" -a HS256 --expires-in 5m </dev/null)
  after=$(date +%s)
  claim ".iat >= $before and .iat <= $after and .exp == .iat + 300" true
}

@test "iat is added unless the claims have one or it is waived" {
  hs '{"iat":1799999999}' --no-expiry
  claims_are '{"iat":1799999999}'
  hs --claim iat:=1799999999 --no-expiry
  claims_are '{"iat":1799999999}'
  hs --no-iat --no-expiry --subject a
  claims_are '{"sub":"a"}'
}

@test "an exp in the claims is enough" {
  hs "{\"exp\":$((NOW + 1)).5}"
  claims_are "{\"exp\":$((NOW + 1)).5,\"iat\":$NOW}"
  hs --claim exp:=$((NOW + 1))
  claim .exp $((NOW + 1))
}

@test "an exp that is no number does not say when the token expires" {
  for exp in "exp=$((NOW + 300))" exp:=null 'exp:={}'; do
    sign --secret "$SECRET" -a HS256 --claim "$exp"
    expect_error 2 'the claim "exp" must be a number' --no-expiry
    stdout_is_empty
  done
}

@test "what a verifier would object to is warned of, and signed all the same" {
  warned "exp is in milliseconds" --claim exp:=${NOW}000
  warned expired --expires-at -1h
  warned "not-yet-valid" --not-before +1h --expires-in 2h
  warned "never valid" --not-before +1h --expires-in 5m
  warned iat "{\"iat\":$((NOW + 60))}" --expires-in 5m
  claim .iat $((NOW + 60))
  warned '' '{"s":"\u001b[31m"}' --expires-in 5m
  [[ $stderr != *$'\x1b'* ]]
}

@test "no warning of what was waived in words" {
  hs --no-expiry
  hs --no-expiry --no-iat
}

@test "what was signed is accepted by verify as it says" {
  hs --issuer https://id.test --audience api --audience web --subject alice --jti j --expires-in 5m \
    --claim level:=3 --typ at+jwt
  token=$output
  run_verify --strict --alg HS256 --issuer https://id.test --audience web --subject alice --require jti \
    --claim level:=3 --typ at+jwt "$token"
  expect_status 0
  run_jwtctl verify --secret "$SECRET" --now $((NOW + 299)) --any-audience "$token" </dev/null
  expect_status 0
  run_jwtctl verify --secret "$SECRET" --now $((NOW + 300)) --any-audience "$token" </dev/null
  expect_status 18
}
