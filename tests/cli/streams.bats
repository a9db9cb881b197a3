#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# stdin and stdout as they may be: empty, a terminal, full, closed.

load helper

setup_file() {
  export SECRET=$BATS_FILE_TMPDIR/secret T
  make_secret "$SECRET"
  T=$(token "{\"exp\":$((NOW + 600))}")
}

# to_a_closed_pipe ARGUMENT...: runs with a stdout that nobody reads any more.
to_a_closed_pipe() {
  local pipe=$BATS_TEST_TMPDIR/pipe-$RANDOM
  mkfifo "$pipe"
  exec 7<>"$pipe" 8>"$pipe" 7<&-
  status=0
  stderr=$("$JWTCTL" "$@" 2>&1 >&8 8>&- </dev/null) || status=$?
  exec 8>&-
  output=
}

# on_a_terminal COMMAND: runs with a terminal as stdin, stdout and stderr.
on_a_terminal() {
  run script -qec "$1" /dev/null </dev/null
  output=${output//$'\r'/}
}

@test "an empty stdin is 3" {
  for argument in '' -; do
    run_jwtctl decode $argument </dev/null
    expect_error 3 stdin empty
    stdout_is_empty
    run_jwtctl verify --secret "$SECRET" $argument </dev/null
    expect_error 3 stdin empty
    stdout_is_empty
  done
  printf ' \n\t\n' >"$BATS_TEST_TMPDIR/blank"
  run_jwtctl decode <"$BATS_TEST_TMPDIR/blank"
  expect_error 3 stdin empty
  run_jwtctl decode @"$BATS_TEST_TMPDIR/blank"
  expect_error 3 empty
}

@test "a closed stdin is 3" {
  run --separate-stderr sh -c '"$0" decode <&-' "$JWTCTL"
  expect_error 3 stdin
}

@test "a terminal as stdin is 2: nobody waits for somebody to type" {
  on_a_terminal "'$JWTCTL' decode"
  expect_status 2
  stdout_has "jwtctl: error: no token given" "jwtctl: hint: "
  on_a_terminal "'$JWTCTL' verify --secret '$SECRET'"
  expect_status 2
  stdout_has "jwtctl: error: no token given"
}

@test "a terminal as stdin does not matter when the token is given" {
  on_a_terminal "'$JWTCTL' decode --now $NOW $T"
  expect_status 0
  stdout_has "NOT VERIFIED"
}

@test "color: on a terminal, unless NO_COLOR, --color never or a pipe" {
  export TERM=xterm
  unset NO_COLOR CLICOLOR_FORCE FORCE_COLOR
  on_a_terminal "'$JWTCTL' verify --secret '$SECRET' --now $NOW $T"
  expect_status 0
  stdout_has $'\e[32mVALID'
  NO_COLOR=1 on_a_terminal "'$JWTCTL' verify --secret '$SECRET' --now $NOW $T"
  nothing_has $'\e'
  on_a_terminal "'$JWTCTL' verify --color never --secret '$SECRET' --now $NOW $T"
  nothing_has $'\e'
  run_verify "$T"
  nothing_has $'\e'
  run_verify --color always "$T"
  stdout_has $'\e[32mVALID'
  FORCE_COLOR=1 run_verify "$T"
  stdout_has $'\e[32mVALID'
  CLICOLOR_FORCE=1 NO_COLOR=1 run_verify "$T"
  nothing_has $'\e'
  NO_COLOR=1 run_verify --color always "$T"
  stdout_has $'\e[32mVALID'
  run_verify --color always -f json "$T"
  nothing_has $'\e'
}

@test "--raw with escapes is refused on a terminal, not in a pipe" {
  evil=$(sign_hs256 '{"alg":"HS256"}' $'{"a":"\u202e"}' "$SECRET")
  on_a_terminal "'$JWTCTL' decode --print payload --raw $evil"
  expect_status 2
  stdout_has "jwtctl: error: " --raw
  run_jwtctl decode --print payload --raw "$evil"
  expect_status 0
  stdout_has $'\u202e'
}

@test "/dev/full as stdout is 5 for every command" {
  [ -c /dev/full ] || skip "no /dev/full here"
  full() {
    status=0 output=
    stderr=$("$JWTCTL" "$@" 2>&1 >/dev/full </dev/null) || status=$?
    expect_error 5 stdout
  }
  full decode "$T"
  full decode -f json "$T"
  full decode --print payload "$T"
  full verify --secret "$SECRET" --now "$NOW" "$T"
  full verify --secret "$SECRET" --now "$NOW" -f json "$T"
  full verify --secret "$SECRET" --now "$NOW" --print payload "$T"
  full version
  full version -f json
  full --version
  full help
  full help verify
  full --help
  full verify -h
  full completion bash
}

@test "a rejected token with /dev/full as stdout is 5, not a verdict" {
  [ -c /dev/full ] || skip "no /dev/full here"
  status=0 output=
  stderr=$("$JWTCTL" verify --secret "$SECRET" --now $((NOW + 600)) "$T" 2>&1 >/dev/full) || status=$?
  expect_error 5 stdout
}

@test "-q writes nothing, so that a full stdout does not matter" {
  [ -c /dev/full ] || skip "no /dev/full here"
  "$JWTCTL" verify -q --secret "$SECRET" --now "$NOW" "$T" >/dev/full
}

@test "a closed stdout is 5" {
  status=0 output=
  stderr=$("$JWTCTL" version 2>&1 >&-) || status=$?
  expect_error 5 stdout
}

@test "a closed pipe is 141, quietly" {
  for arguments in "decode $T" "decode -f json $T" "decode --print payload $T" version help "completion zsh" \
    "verify --secret $SECRET --now $NOW $T" "verify --secret $SECRET --now $((NOW + 600)) $T"; do
    to_a_closed_pipe $arguments
    expect_status 141
    stderr_is_empty
  done
}

@test "a closed stderr loses the message, not the status" {
  run "$JWTCTL" verify --bogus 2>&-
  [ "$status" -eq 2 ]
  run "$JWTCTL" decode --now "$NOW" not-a-token 2>&-
  [ "$status" -eq 3 ]
}

@test "a closed stdout and stderr do not write into what is opened next" {
  cd "$BATS_TEST_TMPDIR"
  cp "$SECRET" secret
  echo "$T" >token.jwt
  "$JWTCTL" verify --secret secret @token.jwt --now "$NOW" 0<&- 1>&- 2>&- || status=$?
  [ "$status" -eq 5 ]
  cmp "$SECRET" secret
  [ "$(<token.jwt)" == "$T" ]
  "$JWTCTL" decode @token.jwt -o result --now "$NOW" 0<&- 1>&- 2>&-
  grep -q "NOT VERIFIED" result
}

@test "a literal that names an existing file is refused with the hint @PATH" {
  cd "$BATS_TEST_TMPDIR"
  echo "$T" >token.jwt
  mkdir sub
  cp token.jwt sub/a.b.c
  for file in token.jwt ./token.jwt sub/a.b.c "$PWD/token.jwt"; do
    run_jwtctl decode "$file"
    expect_error 2 "$file" "@$file"
    stdout_is_empty
    run_jwtctl verify --secret "$SECRET" "$file"
    expect_error 2 "@$file"
  done
  run_jwtctl decode @sub/a.b.c
  expect_status 0
}
