#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# decode: what it shows, its parts, its JSON, and tokens that others refuse.

load helper

setup_file() {
  export SECRET=$BATS_FILE_TMPDIR/secret PAYLOAD T
  make_secret "$SECRET"
  PAYLOAD="{\"iss\":\"https://id.example\",\"sub\":\"alice\",\"exp\":$((NOW - 2)),\"iat\":$((NOW - 3602)),\"groups\":[\"one\",\"two\",\"three\"]}"
  T=$(token "$PAYLOAD")
}

run_decode() { run_jwtctl decode --now "$NOW" "$@" </dev/null; }

# jws HEADER PAYLOAD [SIGNATURE]: an unsigned token of any texts.
jws() { printf '%s.%s' "$(signing_input "$1" "$2")" "${3-AAAA}"; }

@test "the claims of a good token, and that nothing was verified" {
  run_decode "$T"
  expect_status 0
  [[ ${lines[0]} == *"NOT VERIFIED"* ]] || complain "the first line must say it"
  stdout_has '"alice"' '"https://id.example"' HS256 $((NOW - 2)) 2027-01-15T07:59:58Z "2 s ago"
  stdout_has '["one","two","three"]' 2027-01-15T08:00:00Z --now
  stderr_is_empty
}

@test "the token from an argument, stdin, a file and a variable" {
  cd "$BATS_TEST_TMPDIR"
  echo "$T" >token.jwt
  run_decode "$T"
  expected=$output
  for argument in - @token.jwt env:TOKEN; do
    TOKEN=$T run_jwtctl decode --now "$NOW" "$argument" <token.jwt
    expect_status 0
    [ "$output" == "$expected" ] || complain "differs from $expected"
  done
  run_jwtctl decode --now "$NOW" <token.jwt
  expect_status 0
  [ "$output" == "$expected" ] || complain "differs from $expected"
}

@test "a missing file is 3, an unset variable 2, no token 3" {
  run_decode @/nonexistent/token
  expect_error 3 /nonexistent/token
  run_decode @/
  expect_error 3 directory
  run_decode env:JWTCTL_TEST_UNSET
  expect_error 2 JWTCTL_TEST_UNSET
  for empty in '' ' ' $'\n'; do
    run_decode "$empty"
    expect_error 3 empty
  done
}

@test "--print payload and header are bare JSON, signature is base64url" {
  run_decode --print payload "$T"
  expect_status 0
  json .sub '"alice"'
  json 'keys_unsorted' '["iss","sub","exp","iat","groups"]'
  stderr_is_empty
  run_decode --print header "$T"
  expect_status 0
  json . '{"alg":"HS256","typ":"JWT"}'
  run_decode --print signature "$T"
  expect_status 0
  [ "$output" == "${T##*.}" ] || complain "expected ${T##*.}"
  run_decode --print all "$T"
  expect_status 0
  stdout_has "NOT VERIFIED" alice
}

@test "--raw keeps the original bytes" {
  cd "$BATS_TEST_TMPDIR"
  payload=$'{ "a" : 1.50e0,\t"b":"\\u0041\\/\xc3\xa9" }\n\n'
  raw=$(jws $'{"alg":"HS256"\n}' "$payload" AAECAwD_)
  "$JWTCTL" decode --raw --print payload "$raw" >payload
  printf '%s' "$payload" | cmp - payload
  "$JWTCTL" decode --raw --print header "$raw" >header
  printf '{"alg":"HS256"\n}' | cmp - header
  "$JWTCTL" decode --raw --print signature "$raw" >signature
  printf '\0\1\2\3\0\377' | cmp - signature
  run_decode --raw "$raw"
  expect_error 2 --raw --print
}

@test "--print payload keeps numbers as they are" {
  run_decode --print payload "$(jws '{"alg":"HS256"}' '{"n":9007199254740993,"x":1.10,"y":1E5,"z":-0.0}')"
  expect_status 0
  stdout_has 9007199254740993 1.10 1E5 -0.0
}

@test "--print with -f json, and an unknown part, are 2" {
  run_decode --print payload -f json "$T"
  expect_error 2 --print
  json .error.exit 2
  run_decode --print claims "$T"
  expect_error 2 claims payload
}

@test "an encrypted token: header shown, payload encrypted, 0" {
  jwe=$(printf '{"alg":"RSA-OAEP","enc":"A256GCM","kid":"enc-1"}' | b64url).S0VZ.SVY.Q0lQSEVS.VEFH
  run_decode "$jwe"
  expect_status 0
  stdout_has RSA-OAEP A256GCM enc-1 encrypted
  run_decode -f json "$jwe"
  expect_status 0
  json '[.token.kind, .header.kid, .payload, .verified]' '["jwe","enc-1",null,false]'
  run_decode --print header "$jwe"
  expect_status 0
  json .enc '"A256GCM"'
  run_decode --print payload "$jwe"
  expect_error 3 encrypted
  stdout_is_empty
}

@test "unknown, missing and none algorithms decode with a finding" {
  for row in 'JWT103 {"alg":"XS999"}' 'JWT103 {"typ":"JWT"}' 'JWT101 {"alg":"none"}' \
    'JWT102 {"alg":"nOnE"}' 'JWT102 {"alg":7}' 'JWT103 {"alg":"RSA-OAEP"}'; do
    run_decode -f json "$(jws "${row#* }" '{"sub":"alice"}')"
    expect_status 0
    json '[.findings[].rule] | contains(["'"${row%% *}"'"])' true
    json .payload.sub '"alice"'
  done
}

@test "odd JSON decodes: duplicate members, other payloads than objects" {
  run_decode -f json "$(jws '{"alg":"HS256"}' '{"sub":"a","sub":"b"}')"
  expect_status 0
  json '[.payload.sub, ([.findings[].rule] | contains(["JWT013"]))]' '["b",true]'
  for payload in '[1,2]' '"text"' 7 null; do
    run_decode "$(jws '{"alg":"HS256"}' "$payload")"
    expect_status 0
    stdout_has "$payload"
  done
}

@test "milliseconds are shown as such" {
  run_decode "$(jws '{"alg":"HS256"}' "{\"exp\":$((NOW + 60))000,\"iat\":$((NOW - 60))000000}")"
  expect_status 0
  stdout_has milliseconds 2027-01-15T08:01:00Z microseconds 2027-01-15T07:59:00Z JWT209
  run_decode -f json "$(jws '{"alg":"HS256"}' "{\"exp\":$((NOW + 60))000}")"
  json '[.times.exp.epoch, .times.exp.unit]' "[$((NOW + 60))000,\"milliseconds\"]"
}

@test "sizes and the largest claims" {
  run_decode "$T"
  stdout_has "${#T} bytes" "32 bytes" "largest" "groups 21"
  run_decode -f json "$T"
  json '[.token.bytes, .sizes.header, .sizes.signature]' "[${#T},27,32]"
  json '.sizes.payload' ${#PAYLOAD}
  json '.sizes.claims | to_entries | map(.key)' '["groups","iss","exp","iat","sub"]'
  json '.sizes.claims.groups' 21
}

@test "JSON: every promised member with its type" {
  run_decode -f json "$T"
  expect_status 0
  stderr_is_empty
  json '[.schema, .verified, .signature.bytes]' '["jwtctl.decode/1",false,32]'
  json '.token | [(.id | test("^tok:[0-9a-f]{12}$")), .kind, (.bytes | type), .cleaned]' '[true,"jws","number",[]]'
  json '[.header, .payload, .times, .sizes, .findings | type]' '["object","object","object","object","array"]'
  json '.times.exp' "{\"epoch\":$((NOW - 2)),\"rfc3339\":\"2027-01-15T07:59:58Z\",\"delta\":-2}"
  json '.times.iat.delta' -3602
  json '[.findings[] | [.rule, .name, .level]]' \
    '[["JWT202","expired","error"],["JWT205","clock-skew-suspected","note"],["JWT303","aud-missing","note"]]'
  json '[.findings[] | (.place, .message) | type] | unique' '["string"]'
  id=$(jq -r .token.id <<<"$output")
  [ "$id" == "tok:$(printf '%s' "$T" | sha256sum | head -c 12)" ] || complain "id $id"
}

@test "--now moves the relative times, --local and --utc the clock shown" {
  run_jwtctl decode --now $((NOW - 62)) "$T"
  stdout_has "in 1 min"
  TZ=America/New_York run_jwtctl decode --now "$NOW" --local "$T"
  expect_status 0
  stdout_has 2027-01-15T02:59:58-05:00
  TZ=America/New_York run_jwtctl decode --now "$NOW" "$T"
  stdout_has 2027-01-15T07:59:58Z
  TZ=America/New_York run_jwtctl decode --now "$NOW" --utc "$T"
  stdout_has 2027-01-15T07:59:58Z
  for time in "$NOW" 2027-01-15T08:00:00Z 2027-01-15T21:45:00+13:45 2027-01-15T08:00:00.0Z; do
    run_jwtctl decode --now "$time" "$T"
    expect_status 0
    stdout_has "2 s ago"
  done
  for relative in now +15m -2h -1h30m; do
    run_jwtctl decode --now "$relative" "$T"
    expect_status 0
  done
}

@test "a time that is none is 2" {
  for time in tomorrow 2027-01-15 2027-01-15T08:00:00 2027-02-30T00:00:00Z +15x 1e9 ''; do
    run_jwtctl decode --now="$time" "$T"
    expect_error 2 --now
  done
}

@test "decode needs no key and judges no expectation" {
  run_decode --issuer https://id.example "$T"
  expect_error 2 --issuer
  run_decode --key x "$T"
  expect_error 2 --key
}
