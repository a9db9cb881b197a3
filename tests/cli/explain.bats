#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# explain: rules, exit statuses, and what other systems say.
# shellcheck disable=SC2154

setup() { source "$BATS_TEST_DIRNAME/helper.bash"; }

@test "every rule that is listed is explained with why, source, fix and examples" {
  local id count=0
  for id in $("$JWTCTL" lint --list-rules | cut -d' ' -f1); do
    run_jwtctl explain "$id"
    expect_status 0
    [[ $output == "$id "* ]] || complain "$id is not the first word"
    stdout_has 'Source: ' 'What to do: ' 'Bad:' 'Good:'
    count=$((count + 1))
  done
  [ "$count" -ge 80 ]
}

@test "a rule is known by its id in any case and by its name" {
  run_jwtctl explain jwt202
  stdout_has 'JWT202 expired'
  run_jwtctl explain expired
  stdout_has 'JWT202 expired'
}

@test "an exit status is known by its number and by its name" {
  run_jwtctl explain 18
  stdout_has 'exit status 18: expired'
  run_jwtctl explain not-yet-valid
  stdout_has 'JWT203 not-yet-valid' 'exit status 17: not-yet-valid'
  run_jwtctl explain 99
  expect_error 2 'nothing is known of "99"'
}

@test "what other systems say leads to rules" {
  run_jwtctl explain "Jwks doesn't have key to match kid"
  stdout_has 'Envoy and Istio' 'JWT116' 'JWT106' 'exits with 12'
  run_jwtctl explain "401: IDX10223: Lifetime validation failed. The token is expired. ValidTo (UTC): '1'"
  stdout_has 'JWT202' 'exits with 18'
  run_jwtctl explain "JOSE header typ (type) dpop+jwt not allowed"
  stdout_has 'JWT117'
  run_jwtctl explain 'JsonWebTokenError: jwt malformed' -f json
  json '.messages[0].rules' '["JWT006","JWT002"]'
}

@test "what is not known has a suggestion" {
  run_jwtctl explain JWT2O2
  expect_error 2 'did you mean JWT202?'
  run_jwtctl explain 'something else entirely'
  expect_error 2 'give a rule'
  run_jwtctl explain
  expect_error 2 'WHAT is missing'
}
