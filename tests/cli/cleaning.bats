#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# What pasting adds around a token is removed and reported, by name; nothing is guessed.

load helper

setup_file() {
  export SECRET=$BATS_FILE_TMPDIR/secret T OTHER
  make_secret "$SECRET"
  T=$(token "{\"exp\":$((NOW + 600)),\"sub\":\"alice\",\"note\":\"$(repeat 60 x)\"}")
  OTHER=$(token "{\"exp\":$((NOW + 600)),\"sub\":\"bob\"}")
}

# cleans NAMES TEXT: decode reads the text as $T, as argument and from stdin, and reports exactly
# these cleanings (a JSON array) in JSON and in text; verify accepts it, and --strict does not.
cleans() {
  local names
  run_jwtctl decode -f json --now "$NOW" "$2" </dev/null
  expect_status 0 || return
  json '[.payload.sub, .token.bytes]' "[\"alice\",${#T}]" || return
  json '.token.cleaned | sort' "$(jq -c sort <<<"$1")" || return
  run_jwtctl decode -f json --now "$NOW" <<<"$2"
  json '.token.cleaned | sort' "$(jq -c sort <<<"$1")" || return
  run_jwtctl decode --now "$NOW" "$2" </dev/null
  expect_status 0 || return
  mapfile -t names < <(jq -r '.[]' <<<"$1")
  stdout_has "${names[@]}" || return
  run_verify "$2"
  expect_status 0 || return
  stdout_has "${names[@]}" || return
  run_verify -f json "$2"
  json '.token.cleaned | sort' "$(jq -c sort <<<"$1")" || return
  run_verify --strict --issuer i --audience a --alg HS256 "$2"
  expect_status 10 || return
  stdout_has "REJECTED: malformed" --strict "${names[0]}"
}

# wrapped WIDTH: $T in lines.
wrapped() { fold -w "$1" <<<"$T"; }

@test "a plain token needs no cleaning, one newline at the end is none" {
  for text in "$T" "$T"$'\n' "$T"$'\r\n'; do
    printf '%s' "$text" >"$BATS_TEST_TMPDIR/text"
    run_jwtctl decode -f json --now "$NOW" <"$BATS_TEST_TMPDIR/text"
    expect_status 0
    json '[.token.cleaned, .payload.sub]' '[[],"alice"]'
  done
}

@test "whitespace around" {
  cleans '["whitespace"]' "  $T "
  cleans '["whitespace"]' $'\n\n\t'"$T"$' \n\n'
}

@test "line-wrap: lines, CRLF, indented lines, and what mailers make" {
  cleans '["line-wrap"]' "$(wrapped 20)"
  cleans '["line-wrap"]' "$(wrapped 64 | sed '$!s/$/\r/')"
  cleans '["line-wrap","whitespace"]' "$(wrapped 76 | sed 's/^/    /')"
  cleans '["line-wrap"]' "${T:0:9} ${T:9}"
}

@test "quotes" {
  cleans '["quotes"]' "\"$T\""
  cleans '["quotes"]' "'$T'"
  cleans '["quotes"]' "\`$T\`"
}

@test "bearer, in any case" {
  cleans '["bearer"]' "Bearer $T"
  cleans '["bearer"]' "bearer  $T"
  cleans '["bearer"]' "BEARER $T"
}

@test "header: Authorization in any case, and the example of the README" {
  cleans '["header","bearer"]' "Authorization: Bearer $T"
  cleans '["header","bearer"]' "authorization:bearer $T"
  cleans '["header"]' "AUTHORIZATION: $T"
  printf 'Authorization: Bearer %s\n' "$T" >"$BATS_TEST_TMPDIR/line"
  run_jwtctl decode --now "$NOW" <"$BATS_TEST_TMPDIR/line"
  expect_status 0
  stdout_has alice header bearer
}

@test "prompt: the line that curl -v shows" {
  cleans '["prompt","header","bearer"]' "> Authorization: Bearer $T"
  cleans '["prompt"]' "> $T"
}

@test "cookie: alone and among others" {
  cleans '["cookie"]' "Cookie: session=$T"
  cleans '["cookie"]' "cookie: theme=dark; session=$T; lang=en"
  cleans '["prompt","cookie"]' "> Cookie: session=$T"
}

@test "a cookie header with two tokens is not guessed at" {
  run_jwtctl decode --now "$NOW" "Cookie: a=$T; b=$OTHER" </dev/null
  expect_error 3 "there are several tokens here, give one of them: the cookie a, the cookie b"
  nothing_has alice bob encrypted
  run_verify "Cookie: a=$T; b=$OTHER"
  expect_status 10
  stdout_has "several tokens" "the cookie a, the cookie b"
  nothing_has encrypted
}

@test "punctuation at the end" {
  cleans '["punctuation"]' "$T,"
  cleans '["punctuation"]' "$T;"
  cleans '["quotes","punctuation"]' "\"$T\","
}

@test "percent-encoding" {
  cleans '["percent-encoding"]' "${T//./%2E}"
  cleans '["percent-encoding","bearer"]' "Bearer%20$T"
}

@test "json-member: exactly one token in a document" {
  cleans '["json-member"]' "{\"access_token\":\"$T\",\"token_type\":\"Bearer\",\"expires_in\":600}"
  cleans '["json-member"]' "[{\"data\":{\"id_token\":\"$T\"}}]"
  cleans '["json-member","whitespace"]' "  {
    \"access_token\": \"$T\"
  }  "
}

@test "json-member: two tokens in a document are not guessed at" {
  run_jwtctl decode --now "$NOW" "{\"access_token\":\"$T\",\"id_token\":\"$OTHER\"}" </dev/null
  expect_error 3 offset
  run_verify "{\"access_token\":\"$T\",\"id_token\":\"$OTHER\"}"
  expect_status 10
  stdout_has "REJECTED: malformed" "several tokens" "access_token, id_token"
}

@test "a second token in a document counts in whatever dress, and in a cookie too" {
  for other in "Bearer $OTHER" "${OTHER//./%2E}" "'$OTHER'" " $OTHER" "https://a.example/?access_token=$OTHER" \
    "{\\\"t\\\":\\\"$OTHER\\\"}"; do
    run_verify "{\"mine\":\"$T\",\"theirs\":\"$other\"}"
    expect_status 10
    stdout_has "several tokens" mine theirs
  done
  run_verify "{\"mine\":\"$T\",\"$OTHER\":1}"
  expect_status 10
  for other in "b=Bearer $OTHER" "b=${OTHER//./%2E}" "b='$OTHER'" "$OTHER" "s.0=${OTHER:0:50}; s.1=${OTHER:50}"; do
    run_verify "Cookie: a=$T; $other"
    expect_status 10
    stdout_has "several tokens" "the cookie a"
  done
}

@test "wrappings nest" {
  cleans '["whitespace","prompt","header","bearer","quotes","punctuation"]' \
    "  > Authorization: Bearer \"$T\", "
}

@test "two tokens on two lines are never joined" {
  for text in "$T"$'\n'"$OTHER" "$T $OTHER" "$OTHER"$'\r\n\r\n'"$T"; do
    run_jwtctl decode --now "$NOW" <<<"$text"
    expect_error 3 offset
    run_verify "$text"
    expect_status 10
    stdout_has "REJECTED: malformed"
  done
}

@test "lines that do not make exactly three segments are never joined" {
  for text in "${T%.*}"$'\n'"${T#*.}"$'\n'"${T##*.}" "$(wrapped 20)"$'\n'"$(fold -w 20 <<<"$OTHER")"; do
    run_verify "$text"
    expect_status 10
    stdout_has "REJECTED: malformed"
  done
}

@test "what is not on the list is not removed" {
  for text in "token=$T" "<$T>" "($T)" "$T." "x$T" "Bearer$T" "Basic $T" "%zz$T" "$T%2"; do
    run_jwtctl decode -f json --now "$NOW" "$text" </dev/null
    expect_status 3
    run_verify "$text"
    expect_status 10
    stdout_has "REJECTED: malformed"
  done
}

@test "--strict takes the token as it is, a newline at the end included" {
  for text in "$T" "$T"$'\n'; do
    printf '%s' "$text" >"$BATS_TEST_TMPDIR/text"
    run_verify --strict --issuer i --audience a --alg HS256 @"$BATS_TEST_TMPDIR/text"
    expect_status 14 # the form is good; the issuer is not there
    expect_check PASS form
  done
}
