#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# help, version, completion.

load helper

COMMANDS="decode verify completion help version"

@test "no command: help on stderr, 2" {
  run_jwtctl </dev/null
  expect_status 2
  stdout_is_empty
  stderr_has "usage: jwtctl COMMAND" decode verify version
}

@test "-h and --help: on stdout, 0" {
  for option in -h --help; do
    run_jwtctl $option
    expect_status 0
    stderr_is_empty
    stdout_has "usage: jwtctl COMMAND" $COMMANDS
    for command in $COMMANDS; do
      run_jwtctl $command $option
      expect_status 0
      stderr_is_empty
      stdout_has "usage: jwtctl $command"
    done
  done
}

@test "short help is short, long help has every option and every exit status" {
  run_jwtctl verify -h
  [ "${#lines[@]}" -le 30 ] || complain "${#lines[@]} lines"
  stdout_has --key --jwks --secret --issuer --audience --leeway
  run_jwtctl verify --help
  stdout_has --key --secret --jwks --kid --alg --issuer --audience --any-audience --subject --typ --leeway --max-age \
    --min-remaining --require --claim --allow-no-exp --try-all-keys --strict --revoked --print --passphrase --now \
    --max-token-size --secret-encoding --quiet --output --format
  run_jwtctl --help
  for code in 0 1 2 3 4 5 6 10 11 12 13 14 15 16 17 18 20 21 22 70 130 141 143; do
    grep -qE "^ +$code  [a-z]" <<<"$output" || complain "exit status $code is missing"
  done
}

@test "help COMMAND is COMMAND --help, help is --help" {
  for command in $COMMANDS; do
    run_jwtctl $command --help
    expected=$output
    run_jwtctl help $command
    expect_status 0
    stderr_is_empty
    [ "$output" == "$expected" ] || complain "help $command differs"
  done
  run_jwtctl --help
  expected=$output
  run_jwtctl help
  expect_status 0
  [ "$output" == "$expected" ] || complain "help differs"
}

@test "version: one line; -V and --version say the same, after a command too" {
  run_jwtctl version
  expect_status 0
  stderr_is_empty
  [[ $output =~ ^jwtctl\ [0-9]+\.[0-9]+\.[0-9]+$ ]] || complain "not one line of a version"
  expected=$output
  for arguments in -V --version "verify --version" "decode -V"; do
    run_jwtctl $arguments
    expect_status 0
    [ "$output" == "$expected" ] || complain "$arguments differs"
  done
}

@test "version -v names libraries, providers and compiler" {
  run_jwtctl version -v
  expect_status 0
  stdout_has "jwtctl " openssl providers cli11 json fmt compiler default
  for name in openssl cli11 json fmt; do
    grep -qiE "^$name +.*[0-9]+\.[0-9]+" <<<"$output" || complain "$name has no version"
  done
}

@test "version -f json" {
  run_jwtctl version -f json
  expect_status 0
  json .schema '"jwtctl.version/1"'
  json '.version | test("^[0-9]+\\.[0-9]+\\.[0-9]+$")' true
  json '.providers | type' '"array"'
  json '[.openssl, .cli11, .nlohmann_json, .fmt, .compiler | type] | unique' '["string"]'
  [ "jwtctl $(jq -r .version <<<"$output")" == "$("$JWTCTL" version)" ]
}

@test "completion prints a script for each shell, and it is the installed one" {
  folder=$BATS_TEST_DIRNAME/../../completions
  for row in bash:jwtctl.bash zsh:_jwtctl fish:jwtctl.fish; do
    run_jwtctl completion "${row%:*}"
    expect_status 0
    stderr_is_empty
    [ "$output" == "$(<"$folder/${row#*:}")" ] || complain "differs from ${row#*:}"
  done
}

@test "completion without a shell, or for an unknown one, is 2" {
  run_jwtctl completion
  expect_error 2 SHELL
  stdout_is_empty
  run_jwtctl completion tcsh
  expect_error 2 tcsh bash zsh fish
}

@test "help of an unknown command is 2" {
  run_jwtctl help frobnicate
  expect_error 2 frobnicate
  stdout_is_empty
}
