#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# What --strict refuses and what the report says without it: types, white space, cleaning.

load helper

setup_file() {
  export SECRET=$BATS_FILE_TMPDIR/secret T
  make_secret "$SECRET"
  T=$(signed)
}

# signed [HEADER-MEMBERS] [CLAIMS]: a token that is good for `strict`.
signed() {
  sign_hs256 "{\"alg\":\"HS256\"${1:+,$1}}" \
    "{\"iss\":\"i\",\"aud\":\"a\",\"exp\":$((NOW + 600))${2:+,$2}}" "$SECRET"
}

strict() { run_verify --strict --issuer i --audience a --alg HS256 "$@"; }
lenient() { run_verify --issuer i --audience a "$@"; }

# found RULE COMMAND...: a JSON report has a finding of this rule that is no mere note.
found() {
  json "[.findings[] | select(.rule == \"$1\" and .level != \"note\")] | length > 0" true
}

@test "header parameters of a wrong type are 11 with --strict, a finding without, in lint and decode" {
  local row name value rule
  for row in 'typ|7|JWT117' 'cty|null|JWT119' 'jku|7|JWT111' 'x5u|["u"]|JWT111' 'jwk|"x"|JWT110' \
    'x5c|"x"|JWT112' 'x5c|[1]|JWT112' 'x5t|1|JWT113' 'x5t#S256|{}|JWT113'; do
    IFS='|' read -r name value rule <<<"$row"
    local token
    token=$(signed "\"$name\":$value")
    strict "$token"
    expect_status 11
    stdout_has "REJECTED: header: $name must be " "[$rule]"
    lenient -f json "$token"
    expect_status 0
    found "$rule"
    json ".findings[] | select(.rule == \"$rule\") | .message | startswith(\"$name must be \")" true
    run_jwtctl decode -f json "$token"
    found "$rule"
    run_jwtctl lint -f json - <<<"$token"
    found "$rule"
  done
}

@test "a kid that is no string is 11 with --strict; without, a finding beside one key, 12 with a set" {
  local token
  for kid in 7 null '["k"]' '{}'; do
    token=$(signed "\"kid\":$kid")
    strict "$token"
    expect_status 11
    stdout_has "kid must be a string" "[JWT114]"
    lenient -f json "$token"
    expect_status 0
    found JWT114
    lenient --kid k "$token"
    expect_status 12
    stdout_has "kid must be a string"
    jwks "$(oct_jwk "$SECRET")" >"$BATS_TEST_TMPDIR/set.json"
    run_jwtctl verify --jwks "$BATS_TEST_TMPDIR/set.json" --now "$NOW" --issuer i --audience a "$token"
    expect_status 12
    stdout_has "kid must be a string"
  done
}

@test "sub and jti that are no strings are 16 with --strict, a warning without" {
  local row name value rule token
  for row in 'sub|7|JWT308' 'sub|null|JWT308' 'sub|["x"]|JWT308' 'jti|7|JWT314' 'jti|null|JWT314' \
    'jti|{}|JWT314'; do
    IFS='|' read -r name value rule <<<"$row"
    token=$(signed '' "\"$name\":$value")
    strict "$token"
    expect_status 16
    stdout_has "REJECTED: claim: $name must be a string" "[$rule]"
    lenient -f json "$token"
    expect_status 0
    found "$rule"
    run_jwtctl decode -f json "$token"
    found "$rule"
    run_jwtctl lint -f json - <<<"$token"
    found "$rule"
  done
  strict "$(signed '"typ":"JWT","cty":"x","jku":"u","jwk":{},"x5c":["A"]' '"sub":"","jti":"x"')"
  expect_status 0
}

@test "white space around a literal is 10 with --strict, the newline of a document is none" {
  local end
  for end in $'\n' $'\r\n' ' ' $'\n\n' $'\t'; do
    strict -- "$T$end"
    expect_status 10
    stdout_has "--strict" whitespace
    lenient "$T$end"
    expect_status 0
    stdout_has "VALID: " "token removed: whitespace"
  done
  strict " $T"
  expect_status 10
  for end in '' $'\n' $'\r\n'; do
    printf '%s%s' "$T" "$end" >"$BATS_TEST_TMPDIR/token"
    strict "@$BATS_TEST_TMPDIR/token"
    expect_status 0
    run_jwtctl verify --secret "$SECRET" --now "$NOW" --strict --issuer i --audience a --alg HS256 \
      - <"$BATS_TEST_TMPDIR/token"
    expect_status 0
    TOKEN="$T$end" strict env:TOKEN
    expect_status 0
  done
  printf '%s\n\n' "$T" >"$BATS_TEST_TMPDIR/token"
  strict "@$BATS_TEST_TMPDIR/token"
  expect_status 10
}

@test "what verifiers refuse is said in the first line, and in every format" {
  local row text words first
  for row in "\"$T\"|quotes" "$T,|punctuation" "Bearer bearer $T|a second Bearer" \
    "${T/./%2E}|percent-encoding" "${T:0:20}%0a${T:20}|percent-encoding, line-wrap"; do
    IFS='|' read -r text words <<<"$row"
    lenient "$text"
    expect_status 0
    first=${output%%$'\n'*}
    [ "$first" = "VALID after cleaning: $words removed; sent like that it is refused" ] ||
      complain "first line: $first"
    stdout_has "token removed: " "; sent like that it is refused"
    lenient -f json "$text"
    json '[.valid, .token.refused_as_sent]' '[true,true]'
    lenient -f github "$text"
    expect_status 0
    stdout_has "::warning title=jwtctl verify::VALID after cleaning: "
    lenient -f junit "$text"
    stdout_has "<system-out>VALID after cleaning: "
    lenient --print payload "$text"
    expect_status 0
    json .iss '"i"'
    stderr_has "warning: VALID after cleaning: "
    lenient -q --print payload "$text"
    stderr_is_empty
    strict "$text"
    expect_status 10
    # Refused for another reason: the note says it.
    run_verify --issuer other --audience a "$text"
    expect_status 14
    stdout_has "REJECTED: issuer" "; sent like that it is refused"
    run_verify --issuer other --audience a -f github "$text"
    stdout_has "::warning title=jwtctl verify::REJECTED after cleaning: "
    run_jwtctl decode "$text"
    stdout_has "; sent like that it is refused"
  done
}

@test "what belongs to the place of a token is a note alone" {
  local text
  for text in "$T" "Bearer $T" "Authorization: Bearer $T" "> Authorization: Bearer $T" "Cookie: t=$T" \
    "{\"access_token\":\"$T\"}" " $T" "'Authorization: Bearer $T'"; do
    lenient "$text"
    expect_status 0
    stdout_has "VALID: "
    nothing_has "sent like that"
    lenient -f json "$text"
    json .token.refused_as_sent false
    lenient -f github "$text"
    nothing_has "after cleaning"
  done
}

@test "an audience list with the expected value and an empty one is accepted, with a warning" {
  local list
  for list in '["a",""]' '["","a"]' '["","b","a",""]'; do
    local token
    token=$(sign_hs256 '{"alg":"HS256"}' "{\"iss\":\"i\",\"aud\":$list,\"exp\":$((NOW + 600))}" "$SECRET")
    strict "$token"
    expect_status 0
    lenient -f json "$token"
    expect_status 0
    found JWT306
    run_verify --any-audience "$token"
    expect_status 0
  done
  for list in '["a",null]' '["a",7]' '[["a"]]' '[""]' '[]'; do
    lenient "$(sign_hs256 '{"alg":"HS256"}' \
      "{\"iss\":\"i\",\"aud\":$list,\"exp\":$((NOW + 600))}" "$SECRET")"
    expect_status 15
    stdout_has "of aud " "[JWT306]" || stdout_has "aud is an empty array" "[JWT306]"
  done
}

@test "fractions of seconds decide, are shown, and are taken as TIME" {
  local exp
  exp=$(sign_hs256 '{"alg":"HS256"}' "{\"exp\":$NOW.4}" "$SECRET")
  for now in "$NOW" "$NOW.3" "$NOW.399999999" 2027-01-15T08:00:00.39Z; do
    run_jwtctl verify --secret "$SECRET" --now "$now" "$exp"
    expect_status 0
  done
  for now in "$NOW.4" "$NOW.5" 2027-01-15T09:00:00.5+01:00; do
    run_jwtctl verify --secret "$SECRET" --now "$now" "$exp"
    expect_status 18
    stdout_has "08:00:00.4Z, now 2027-01-15T08:00:00." "judged as of 2027-01-15T08:00:00."
  done
  run_jwtctl verify --secret "$SECRET" --now "$NOW.5" -f json "$exp"
  json '[.now, .now_rfc3339]' "[$NOW,\"2027-01-15T08:00:00.5Z\"]"
  json_check exp .expected "$NOW.5"
  json_check exp .actual "$NOW.4"
  run_verify --allow-no-exp "$(sign_hs256 '{"alg":"HS256"}' "{\"nbf\":$NOW.4}" "$SECRET")"
  expect_status 17
  stdout_has "valid in 0.4 s: 2027-01-15T08:00:00.4Z, now 2027-01-15T08:00:00Z"
  run_jwtctl decode --now "$NOW.5" -f json "$exp"
  json '[.times.exp.epoch, .times.exp.rfc3339]' "[$NOW,\"2027-01-15T08:00:00.4Z\"]"
  run_jwtctl lint --now "$NOW.5" -f json - <<<"$exp"
  json '[.findings[] | select(.rule == "JWT202")] | length' 1
  run_jwtctl lint --now "$NOW.3" -f json - <<<"$exp"
  json '[.findings[] | select(.rule == "JWT202")] | length' 0
  for bad in "$NOW." ".5" "1.2.3" "1.5s" "+1.5"; do
    run_jwtctl verify --secret "$SECRET" --now="$bad" "$exp"
    expect_error 2 "is not a time"
  done
}

@test "a date that is far too late says how other verifiers read it" {
  run_verify "$(sign_hs256 '{"alg":"HS256"}' '{"exp":1800000600000}' "$SECRET")"
  expect_status 16
  stdout_has "other verifiers take it as the year 59009: they would accept it"
  run_verify "$(sign_hs256 '{"alg":"HS256"}' '{"exp":253402300800}' "$SECRET")"
  expect_status 16
  stdout_has "other verifiers take it as the year 10000: they would accept it"
  run_jwtctl decode "$(sign_hs256 '{"alg":"HS256"}' '{"exp":1800000600000}' "$SECRET")"
  stdout_has "they would accept it"
}
