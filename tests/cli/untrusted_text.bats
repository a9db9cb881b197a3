#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# What a token or a key says never reaches a terminal or a CI log raw: no control and bidi
# characters, no line that a log takes for a command. Judged on the bytes of stdout and stderr.

load helper

setup_file() {
  export SECRET=$BATS_FILE_TMPDIR/secret
  make_secret "$SECRET"
}

setup() {
  cd "$BATS_TEST_TMPDIR"
}

# is_harmless FILE: only printable UTF-8 and newlines, and nothing that a CI log would obey.
is_harmless() {
  local blank='[\s\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}]'
  local bidi='[\x{80}-\x{9f}\x{ad}\x{61c}\x{200b}-\x{200f}\x{2028}-\x{202e}\x{2060}-\x{2069}\x{feff}]'
  iconv -f UTF-8 -t UTF-8 "$1" >/dev/null || complain "$1 is not UTF-8" || return
  LC_ALL=C bad -aP '[\x00-\x09\x0b-\x1f\x7f]' "$1" || return
  LC_ALL=C.UTF-8 bad -P "$bidi" "$1" || return
  LC_ALL=C.UTF-8 bad -P "^$blank*::" "$1" || return
  bad -iE '##(vso)?\[' "$1"
}

# bad GREP-OPTION... FILE: fails when grep finds something.
bad() {
  local found
  if found=$(grep -n "$@" | head -n 3 | cat -v) && [ -n "$found" ]; then
    complain "raw in ${*: -1}: $found"
  fi
}

# says STATUS ARGUMENT...: what the program prints is harmless, and it ends like this.
says() {
  local code=0
  "$JWTCTL" "${@:2}" --now "$NOW" >out 2>err </dev/null || code=$?
  output=$(tr -d '\0' <out) stderr=$(tr -d '\0' <err) status=$code
  expect_status "$1" || return
  is_harmless out && is_harmless err
}

# shown_everywhere TOKEN: in every form of output of both commands, accepted and rejected.
shown_everywhere() {
  says 0 decode "$1" || return
  [ -s out ] || complain "nothing shown" || return
  says 0 decode -f json "$1" && jq -e . out >/dev/null || return
  says 0 decode --print payload "$1" && jq -e . out >/dev/null || return
  says 0 decode --print header "$1" && jq -e . out >/dev/null || return
  says 0 verify --secret "$SECRET" --any-audience "$1" || return
  says 0 verify --secret "$SECRET" --any-audience -v -f json "$1" && jq -e . out >/dev/null || return
  says 0 verify --secret "$SECRET" --any-audience --print payload "$1" || return
  says 14 verify --secret "$SECRET" --issuer x --audience y --subject z "$1" || return
  says 14 verify --secret "$SECRET" --issuer x --audience y --subject z -f json "$1" || return
  says 13 verify --secret "$SECRET" "${1%.*}.$(repeat 43 A)" || return
}

# hostile TEXT: a token that says TEXT (a JSON string body) wherever a token can say something.
hostile() {
  local payload
  payload=$(printf '{"exp":%s,"iss":"%s","aud":["%s"],"sub":"%s","jti":"%s","%s":"%s","o":{"%s":["%s"]}}' \
    $((NOW + 600)) "$1" "$1" "$1" "$1" "$1" "$1" "$1" "$1")
  sign_hs256 "$(printf '{"alg":"HS256","kid":"%s","typ":"%s","%s":"%s"}' "$1" "$1" "$1" "$1")" "$payload" "$SECRET"
}

@test "terminal escapes in claims, written as JSON escapes" {
  shown_everywhere "$(hostile '\u001b[31mred\u001b[0m \u001b]0;title\u0007 \u0008\u007f\u009b2J\r\n\t')"
  says 0 decode "$(hostile '\u001b[31mred')"
  stdout_has '[31mred'
}

@test "bidi and invisible characters in claims, raw and escaped" {
  shown_everywhere "$(hostile $'\u202eabc\u2066x\u2069\u200b\u200f\u061c\u00ad\ufeff\u2028\u2029\u0085')"
  shown_everywhere "$(hostile '\u202eabc\u2066x\u2069\u200b\u200f\u061c\u00ad\ufeff\u2028\u2029\u0085')"
}

@test "ordinary text of any language is shown as it is" {
  says 0 decode "$(hostile $'Zo\u00eb \u05d0\u05d1 \u4f60\u597d \U0001f600')"
  stdout_has $'Zo\u00eb \u05d0\u05d1 \u4f60\u597d \U0001f600'
}

@test "a claim named ::error never begins a line" {
  for name in '::error::x' '  ::set-output name=a::b' '\t::error::x' '\r\n::error::x'; do
    shown_everywhere "$(hostile "$name")"
  done
}

@test "blanks of Unicode in front of ::error do not help it: a runner trims them all" {
  for name in '\u00a0::error::x' '\u3000::error::x' '\u2003::error::x' '\u205f::error::x' ' \u1680 ::error::x'; do
    shown_everywhere "$(hostile "$name")"
  done
  says 3 decode "$(sign_hs256 '{"alg":"HS256"}' $'\u00a0::error::x' "$SECRET")"
}

@test "##[ and ##vso[ stand nowhere" {
  shown_everywhere "$(hostile '##[error]x ##vso[task.setvariable variable=a]b ###[x ##vso[ ##[')"
}

@test "a payload that is no JSON is shown harmless" {
  for payload in '::error::x' $'text\n::error::x' '##[error]x' $'\e[31mred' $'\xff\xfe\x80'; do
    T=$(sign_hs256 '{"alg":"HS256"}' "$payload" "$SECRET")
    says 3 decode "$T"
    says 3 decode -f json "$T"
    says 10 verify --secret "$SECRET" "$T"
    T=$(printf '%s' "$payload" | b64url).e30.AAAA
    says 3 decode "$T"
    says 10 verify --secret "$SECRET" "$T"
  done
}

@test "what is no token at all is shown harmless" {
  for text in $'\e[31mred' $'a.\e[31m.c' '::error::x' $'a\u202e.b.c' '##[error]' $'\xff.\xff.\xff'; do
    says 3 decode "$text"
    says 3 decode -f json "$text"
    says 10 verify --secret "$SECRET" "$text"
  done
}

@test "unknown algorithms, crit and kid in refusals" {
  evil='\u001b[31m\u202e##[error]\n::error::x'
  for header in "\"alg\":\"$evil\"" "\"alg\":\"HS256\",\"crit\":[\"$evil\"]" "\"alg\":\"HS256\",\"$evil\":1,\"b64\":false"; do
    T=$(sign_hs256 "{$header}" "{\"exp\":$((NOW + 600))}" "$SECRET")
    says 11 verify --secret "$SECRET" "$T"
    says 0 decode "$T"
  done
  T=$(sign_hs256 "{\"alg\":\"HS256\",\"kid\":\"$evil\"}" "{\"exp\":$((NOW + 600))}" "$SECRET")
  says 12 verify --secret "$SECRET" --kid x "$T"
  printf '{"keys":[{"kty":"%s","kid":"%s"},{"kty":"oct","kid":"%s","use":"%s","k":"AAAA"}]}' "$evil" "$evil" "$evil" "$evil" >set
  says 12 verify --jwks set -v "$T"
  says 12 verify --jwks set -f json "$T"
  printf '{"keys":[{"kty":"oct","kid":"%s","k":"AAAA"},{"kty":"oct","kid":"%s","k":"AAAB"}]}' "$evil" "$evil" >set
  says 12 verify --jwks set "$T"
}

@test "--print payload is equal to the claims as JSON values" {
  T=$(hostile '\u001b[31m\u202e##[error]')
  "$JWTCTL" decode --print payload "$T" >shown
  "$JWTCTL" decode --print payload --raw "$T" >raw
  [ "$(jq -S . shown)" == "$(jq -S . raw)" ]
}

@test "what the user typed is escaped in errors too" {
  evil=$'\e[31m\u202e\n::error::x ##[error]'
  : >"$BATS_TEST_TMPDIR/plain"
  for arguments in "--$evil" "$evil" "decode --$evil" "decode @$evil" "decode env:$evil" "help $evil" \
    "completion $evil" "verify --alg $evil x" "verify --key $evil x" "decode -f $evil" "decode --print $evil" \
    "verify --leeway $evil x" "verify --claim $evil x"; do
    mapfile -d ' ' -t words < <(printf '%s' "${arguments/"$evil"/EVIL}")
    words=("${words[@]/EVIL/"$evil"}")
    "$JWTCTL" "${words[@]}" >out 2>err </dev/null && complain "${arguments%% *} must be refused"
    [ -s err ]
    is_harmless out
    is_harmless err
  done
}

@test "a note of what went wrong with a file name is escaped" {
  name=$'\e[31mkey\u202e'
  mkdir "$name"
  T=$(hostile x)
  says 3 verify --key "$name" "$T"
  : >"$name/token"
  says 2 decode "$name/token"
  says 3 decode @"$name"
}
