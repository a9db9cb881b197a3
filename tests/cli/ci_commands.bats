#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# No line of any output, on stdout, stderr or in a file that is written, is a command to a CI log:
# none begins with "::", white space aside, and "##[" or "##vso[" are nowhere. Every command, every
# format, with names, values, paths and addresses that try.

load helper
load rotate

setup() {
  mkdir -p "$BATS_TEST_TMPDIR/work"
  cd "$BATS_TEST_TMPDIR/work"
}

# The first is alone, the others wait for a line to be wrapped or folded in front of them.
hostile_texts() {
  local blanks
  printf '%s\0' '::error::x' ' ::error::x' '##[error]x' '##vso[task.x]y' '#' '##' \
    $'a\n::error::x' $'a\r\n \t::error::x' $'\u2003::error::x'
  for blanks in 20 60 71 90 160; do
    printf '%s\0' "$(repeat "$blanks" ' ')::error::x" "$(repeat "$blanks" 'x ')::error::x"
  done
  printf '%s\0' "$(repeat 80 '::')" "$(repeat 30 ' ::e') ::" "$(repeat 40 'x##[y')"
}

# is_harmless FILE...: github's own format consists of commands, and only of those.
is_harmless() {
  local blank='[\s\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}]' file found
  for file in "$@"; do
    if found=$(tr '\r' '\n' <"$file" | LC_ALL=C.UTF-8 grep -anP "^$blank*::" | grep -vE "${ALLOWED:-^\$}" | head -n 2 | cat -A) && [ -n "$found" ]; then
      complain "a command in $file: $found" || return
    fi
    if found=$(grep -aniE '##(vso)?\[' "$file" | head -n 2 | cat -A) && [ -n "$found" ]; then
      complain "a command in $file: $found" || return
    fi
  done
}

# says ARGUMENT...: runs, whatever the status, and looks at everything.
says() {
  status=0
  "$JWTCTL" "$@" >../out 2>../err </dev/null || status=$?
  output=$(tr -d '\0' <../out) stderr=$(tr -d '\0' <../err)
  [ "$status" -lt 70 ] || complain "$*" || return
  is_harmless ../out ../err || complain "by: $*"
}

@test "tokens: decode, verify, lint" {
  make_secret secret
  while IFS= read -r -d '' text; do
    value=$(jq -Rsc . <<<"${text}" | sed 's/\\n"$/"/')
    claims="{\"exp\":$((NOW + 600)),\"iss\":$value,\"aud\":[$value],\"sub\":$value,\"jti\":$value,$value:$value}"
    token=$(sign_hs256 "{\"alg\":\"HS256\",\"kid\":$value,\"typ\":$value}" "$claims" secret)
    for format in text json; do says decode -f $format --now $NOW "$token"; done
    for part in header payload signature; do says decode --print $part "$token"; done
    for format in text json junit; do
      says verify --secret secret --now $NOW --issuer "$text" --audience "$text" --subject "$text" -f $format "$token"
      says verify --secret secret --now $NOW --issuer x --any-audience --claim "$text=$text" --require "$text" -f $format "$token"
    done
    ALLOWED='^[0-9]+:::(error|warning|notice|debug)( |::)' says verify --secret secret --now $NOW --issuer x --any-audience -f github "$token"
    printf '%s\n' "$token" >"t"
    for format in text concise json sarif gitlab junit; do says lint -f $format --now $NOW t; done
    ALLOWED='^[0-9]+:::(error|warning|notice|debug)( |::)' says lint -f github --now $NOW t
    says lint --report text=../r1 --report junit=../r2 --report concise=../r3 --report sarif=../r4 --write-baseline ../b --now $NOW t
    for file in ../r? ../b; do [ ! -e $file ] || is_harmless $file; done
    rm -f ../b
  done < <(hostile_texts)
}

@test "keys: jwks show, jwks diff, keygen, sign" {
  while IFS= read -r -d '' text; do
    rm -f ./*
    says keygen --kid "$text" --out-private k.jwk --out-public k.pub --out-jwks set.json
    says keygen --kid "$text" --out-private k2.jwk --out-jwks set.json --append
    says keygen -f json --kid "$text" --out-private k3.jwk
    for file in *; do is_harmless "$file"; done
    [ -e k.jwk ] || continue # a kid that keygen refuses
    for format in text json jwk jwks pem; do says jwks show set.json -f $format; done
    echo '{"keys":[]}' >none.json
    for format in text json; do
      says jwks diff set.json none.json -f $format
      says jwks diff none.json set.json -f $format
    done
    says sign -k k.jwk --kid "$text" --issuer "$text" --claim "$text=$text" --expires-in 5m
    says sign -k k.jwk -f json --issuer "$text" --expires-in 5m
    for format in text json sarif junit concise gitlab; do says lint -f $format set.json; done
  done < <(hostile_texts)
}

@test "paths, addresses and words of the command line" {
  while IFS= read -r -d '' text; do
    for arguments in "decode" "verify --any-audience --key" "verify --jwks" "jwks show" "jwks fetch" "lint" "explain" \
      "completion" "help" "sign -k" "keygen -a" "keygen --kid" "rotate-plan --jwks" "rotate-plan check" "--format" ""; do
      for format in text json; do
        # shellcheck disable=SC2086 # words
        says -f $format $arguments "$text"
        # shellcheck disable=SC2086 # words
        [ -z "$arguments" ] || says -f $format $arguments "https://x.invalid/$text"
      done
    done
    name=${text//\//_}
    printf '%s' '{"kty":"RSA"}' >"$name" 2>/dev/null || continue
    for format in text concise json sarif gitlab junit; do says lint -f $format; done
    ALLOWED='^[0-9]+:::(error|warning|notice|debug)( |::)' says lint -f github
    rm -f ./*
  done < <(hostile_texts)
}

@test "plans, in every format and as a kit" {
  while IFS= read -r -d '' text; do
    for format in text json markdown ics mermaid; do
      base_plan --old-kid "$text" --new-kid "x$text" -f $format
      printf '%s\n' "$output" >../out
      printf '%s\n' "$stderr" >../err
      is_harmless ../out ../err
    done
    base_plan --old-kid "$text" --new-kid "x$text" --emergency --standby -f markdown
    printf '%s\n' "$output" >../out
    is_harmless ../out
    base_plan --old-kid "$text" --new-kid "x$text" --out kit
    if [ -d kit ]; then
      [ "$(ls kit | wc -l)" -ge 5 ]
      is_harmless $(find kit -type f)
    fi
    rm -rf kit
  done < <(hostile_texts)
}

@test "lines of a calendar are folded all the same, and say what they say" {
  for blanks in 5 33 60; do
    base_plan --old-kid "$(repeat "$blanks" 'x')::error::y$(repeat 90 '::')" --new-kid b -f ics
    expect_status 0
    printf '%s\n' "$output" | tr -d '\r' >../folded
    [ "$(LC_ALL=C awk '{ if (length > n) n = length } END { print n }' ../folded)" -le 75 ]
    sed -z 's/\n //g' ../folded | grep -qF "x::error::y::::"
  done
}

@test "bytes that are asked for raw are not touched" {
  make_secret secret
  payload=$'{"a":\n"##[x]",\n  "b":1}'
  token=$(sign_hs256 '{"alg":"HS256"}' "$payload" secret)
  "$JWTCTL" decode --print payload --raw "$token" >../out
  [ "$(<../out)" == "$payload" ] || complain "$(<../out)"
}
