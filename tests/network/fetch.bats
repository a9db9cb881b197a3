#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# jwks fetch: every form in which keys are published, and every form in which they come out.

load ../cli/helper
load network

setup_file() {
  make_generations
  make_rsa rsa.pem
  openssl req -x509 -new -key rsa.pem -subj "/CN=signer.example.com" -days 30 -out rsa.crt
  openssl pkey -in rsa.pem -pubout -out rsa.pub
  start_server
}
setup() {
  in_a_new_world
  put jwks "$BOTH_SET"
}

# reads BODY [LINE...]: leaves the JSON report of a fetch without copies.
reads() {
  put published "$1" "${@:2}"
  fetch "$BASE/published" --no-cache -f json
  expect_status 0
}

token_of_rsa() {
  sign_rs256 "{\"alg\":\"RS256\",\"kid\":\"$1\"}" "{\"exp\":$((NOW + 9))}" "$BATS_FILE_TMPDIR/rsa.pem"
}

@test "the table says what is there, where it is from and how long it lasts" {
  put jwks "$BOTH_SET" 'Cache-Control: max-age=600'
  fetch "$BASE/jwks"
  expect_status 0
  stdout_has old new EC ES256 sig P-256 "$BASE/jwks" "fetched now, fresh for 10 min"
  stderr_is_empty
  fetch "$BASE/jwks"
  stdout_has "copy of "
}

@test "the members of the JSON report" {
  put jwks "$BOTH_SET" 'Cache-Control: max-age=600' 'ETag: "v1"'
  before=$(date +%s)
  fetch "$BASE/jwks" -f json
  expect_status 0
  json '[.schema, .url, .from_cache, .http, .clock_skew | if type == "number" then 0 else . end]' \
    "[\"jwtctl.jwks/1\",\"$BASE/jwks\",false,{\"status\":200,\"max_age\":600,\"etag\":\"\\\"v1\\\"\",\"age\":0},0]"
  json ".fetched >= $before and .fetched <= $(date +%s)" true
  json '[.keys[] | [.kid, .kty, .alg, .use, .crv, .usable, .notes]]' \
    '[["old","EC","ES256","sig","P-256",true,[]],["new","EC","ES256","sig","P-256",true,[]]]'
  json '.keys | map(has("bits") and has("thumbprint")) | all' true
  json '.findings | type' '"array"'
  fetched=$(jq .fetched <<<"$output")
  age_copies 100
  fetch "$BASE/jwks" -f json
  json '[.from_cache, .fetched]' "[true,$((fetched - 100))]"
  json '.http | .age >= 100 and .age < 200' true
}

@test "-f jwks is a set that other commands take" {
  fetch "$BASE/jwks" -f jwks -o saved.json
  expect_status 0
  run_jwtctl jwks diff saved.json "$BATS_FILE_TMPDIR/both.jwks"
  expect_status 0
  run_jwtctl verify --jwks saved.json --now "$NOW" "$NEW"
  expect_status 0
}

@test "-f pem and -f jwk" {
  fetch "$BASE/jwks" -f pem
  expect_status 0
  [ "$(grep -c 'BEGIN PUBLIC KEY' <<<"$output")" = 2 ]
  fetch "$BASE/jwks" -f jwk --kid old
  expect_status 0
  json '[.kid, .kty, .x]' "[\"old\",\"EC\",$(jq .x <<<"$OLD_JWK")]"
  fetch "$BASE/jwks" -f pem --kid new
  [ "$output" = "$(openssl pkey -in "$BATS_FILE_TMPDIR/new.pem" -pubout)" ]
}

@test "--kid shows one key, and one that is missing is an error" {
  fetch "$BASE/jwks" --kid new -f json
  expect_status 0
  json '[.keys[].kid]' '["new"]'
  fetch "$BASE/jwks" --kid missing
  expect_error 3 '"missing"'
  stdout_is_empty
}

@test "--expect-kid: 0 when all are there, else 1 with the names of those that are not" {
  fetch "$BASE/jwks" --expect-kid old --expect-kid new
  expect_status 0
  stderr_is_empty
  fetch "$BASE/jwks" --expect-kid old --expect-kid missing --expect-kid lost
  expect_status 1
  stderr_has '"missing"' '"lost"'
  [[ $stderr != *'"old"'* ]]
  fetch "$BASE/jwks" --expect-kid OLD -q
  expect_status 1
  stdout_is_empty
}

@test "--expect-kid: a key that no verifier would use is not there, and the reason is said" {
  local change
  for change in '{"kid":"new"}' '.use = "enc"' '.key_ops = ["encrypt"]' '.alg = "RS256"' '.x = "AAAA"' '.kty = "XYZ"'; do
    put broken "$(jq -c "(.keys[] | select(.kid == \"new\")) |= ($change)" <<<"$BOTH_SET")"
    fetch "$BASE/broken" --refresh --expect-kid new --expect-kid old
    expect_status 1
    stderr_has 'the key with the kid "new" cannot be used: '
    [[ $stderr != *'"old"'* ]] || complain
  done
}

@test "--expect-kid: a copy that lacks it, and a server that was not heard" {
  put few "$OLD_SET" 'Cache-Control: max-age=600'
  fetch "$BASE/few" -q
  put few "$BOTH_SET" 'Cache-Control: max-age=600'
  fetch "$BASE/few" --offline --expect-kid new
  expect_status 1
  stderr_has "--offline: whether the issuer has the key by now is not known"
  fetch "$BASE/few" --expect-kid lost
  expect_status 1
  fetch "$BASE/few" --expect-kid lost
  expect_status 1
  stderr_has "less than 30 s ago" "--refresh asks now"
  rm -rf "$XDG_CACHE_HOME"
  put few "$OLD_SET" 'Cache-Control: max-age=600'
  fetch "$BASE/few" -q
  rm "$SERVER/www/few"
  fetch "$BASE/few" --expect-kid new --retries 0
  expect_error 4 404
  stdout_is_empty
}

@test "--kid beside --diff is refused, which compares whole sets" {
  fetch "$BASE/jwks" --kid new --diff "$BATS_FILE_TMPDIR/both.jwks"
  expect_error 2 "--diff compares whole sets"
}

@test "a private member without a value gives nothing away" {
  local empty
  for empty in null '""' '[]'; do
    put nulls "$(jq -c ".keys[] += {d: $empty, p: $empty, k: $empty}" <<<"$BOTH_SET")"
    fetch "$BASE/nulls" --refresh -f jwks
    expect_status 0
    json '[.keys[] | has("d") or has("p") or has("k")] | any' false
    json '[.keys[].kid]' '["old","new"]'
  done
  put nulls "$(jq -c '.keys[0].d = "AAAA"' <<<"$BOTH_SET")"
  fetch "$BASE/nulls" --refresh
  expect_error 3 "gives away the private half"
}

@test "--diff with a file, with a URL and with itself" {
  fetch "$BASE/jwks" --diff "$BATS_FILE_TMPDIR/both.jwks"
  expect_status 0
  stdout_has "EQUAL"
  fetch "$BASE/jwks" --diff "$BATS_FILE_TMPDIR/old.jwks" -f json
  expect_status 1
  json '[.schema, .added, .removed, .rekeyed]' '["jwtctl.jwks-diff/1",["new"],[],[]]'
  put next "$NEW_SET"
  fetch "$BASE/jwks" --diff "$BASE/next"
  expect_status 1
  stdout_has DIFFERENT added old
  fetch "$BASE/jwks" --diff "$BASE/jwks"
  expect_status 0
  fetch "$BASE/jwks" --diff "$BASE/missing"
  expect_error 4 "status 404"
  fetch "$BASE/jwks" --diff missing.json
  expect_error 3 missing.json
}

@test "jwks diff takes a URL on either side" {
  put next "$NEW_SET"
  run_jwtctl jwks diff "$BASE/jwks" "$BASE/next" -f json
  expect_status 1
  json '[.added, .removed]' '[[],["old"]]'
  run_jwtctl jwks diff "$BATS_FILE_TMPDIR/both.jwks" "$BASE/jwks"
  expect_status 0
  run_jwtctl jwks diff "$BASE/missing" "$BASE/jwks"
  expect_error 4 "status 404"
}

@test "a single JWK" {
  reads "$OLD_JWK"
  json '[.keys[].kid]' '["old"]'
  verify_with "$BASE/published" "$OLD"
  expect_status 0
}

@test "a PEM map of certificates, and of public keys" {
  reads "$(jq -nc --rawfile pem "$BATS_FILE_TMPDIR/rsa.crt" '{first:$pem}')"
  json '[.keys[] | [.kid, .kty, .alg]]' '[["first","RSA","RS256"]]'
  verify_with "$BASE/published" "$(token_of_rsa first)"
  expect_status 0
  verify_with "$BASE/published" "$(token_of_rsa second)"
  expect_status 12
  reads "$(jq -nc --rawfile pem "$BATS_FILE_TMPDIR/rsa.pub" '{first:$pem}')"
  json '[.keys[].kid]' '["first"]'
}

@test "a PEM file" {
  reads "$(<"$BATS_FILE_TMPDIR/rsa.pub")" 'Content-Type: application/x-pem-file'
  json '[.keys[].kty]' '["RSA"]'
}

@test "a SPIFFE bundle: the keys for tokens are used, the others are not" {
  reads "$(jq -nc --argjson old "$OLD_JWK" --argjson new "$NEW_JWK" '{spiffe_sequence: 3, spiffe_refresh_hint: 300,
    keys: [$old + {use: "jwt-svid"}, $new + {use: "x509-svid", x5c: ["AAAA"]}]}')"
  verify_with "$BASE/published" "$OLD"
  expect_status 0
  verify_with "$BASE/published" "$NEW"
  expect_status 12
}

@test "the Content-Type decides nothing" {
  for type in text/plain text/html application/octet-stream 'application/jwk-set+json; charset=utf-8' nonsense ''; do
    reads "$OLD_SET" "Content-Type: $type" || complain "$type"
    json '[.keys[].kid]' '["old"]'
  done
}

@test "one broken key among good ones is skipped, with a note" {
  reads "$(jq -c '.keys += [{kty:"RSA",kid:"broken",n:"!!",e:"AQAB"},
    {kty:"EC",kid:"off",crv:"P-256",x:"AAAA",y:"AAAA"}, {kty:"future",kid:"unknown"},
    {kid:"nothing"}, 5]' <<<"$BOTH_SET")"
  json '[.keys[] | select(.usable) | .kid]' '["old","new"]'
  json '[.keys[] | select(.usable | not) | (.notes | length > 0)] | all' true
  json '.keys | length' 7
  verify_with "$BASE/published" "$NEW"
  expect_status 0
  verify_with "$BASE/published" "$(mint lost "{\"exp\":$((NOW + 9))}" '{"alg":"ES256","kid":"off"}')"
  expect_status 12
}

@test "an encryption key beside is no key to verify with" {
  reads "$(jq -c '.keys[0].use = "enc" | .keys[0].alg = "ECDH-ES"' <<<"$BOTH_SET")"
  verify_with "$BASE/published" "$OLD"
  expect_status 12
  verify_with "$BASE/published" "$NEW"
  expect_status 0
}

@test "a byte order mark or blanks around" {
  reads $'\n\t '"$OLD_SET"$'\r\n\n'
  json '[.keys[].kid]' '["old"]'
}

@test "names in a set are escaped" {
  put jwks "$(jq -c '.keys[0].kid = "::error::\u001b[31m\u202ex" | .keys[1].kid = "##[group]"' <<<"$BOTH_SET")"
  fetch "$BASE/jwks"
  expect_status 0
  nothing_has $'\e' $'\u202e' '##['
  ! grep -qE '^[[:blank:]]*::' <<<"$output"
}

@test "-q says it with the status, -o writes it, and an artefact comes with -q too" {
  fetch "$BASE/jwks" -q
  expect_status 0
  stdout_is_empty
  fetch "$BASE/jwks" -q -f jwks
  json '.keys | length' 2
  fetch "$BASE/jwks" -f json -o report.json
  stdout_is_empty
  [ "$(jq -r .schema report.json)" = jwtctl.jwks/1 ]
  fetch "$BASE/missing" -o report.json
  expect_error 4 "status 404"
  [ "$(jq -r .schema report.json)" = jwtctl.jwks/1 ]
}
