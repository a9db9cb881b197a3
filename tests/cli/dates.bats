#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Dates in claims: fractions, milliseconds, wrong types and ranges, impossible windows, and the
# hint that a leeway would help.

load helper

setup_file() {
  export SECRET=$BATS_FILE_TMPDIR/secret
  make_secret "$SECRET"
}

@test "exp with a fraction of a second is exact" {
  T=$(token "{\"exp\":$NOW.5}")
  run_verify "$T"
  expect_status 0
  run_jwtctl verify --secret "$SECRET" --now 2027-01-15T08:00:00.499999999Z "$T"
  expect_status 0
  run_jwtctl verify --secret "$SECRET" --now 2027-01-15T08:00:00.5Z "$T"
  expect_status 18
  stdout_has "REJECTED: expired"
}

@test "dates in milliseconds are 16 with JWT209, though far in the future" {
  run_verify "$(token "{\"exp\":$((NOW + 600))000}")"
  expect_status 16
  stdout_has "REJECTED: claim" JWT209 milliseconds "hint: "
  expect_check FAIL exp
  run_verify -f json "$(token "{\"exp\":$((NOW + 600))000}")"
  expect_status 16
  json_check exp '[.rule, .actual]' "[\"JWT209\",$((NOW + 600))000]"
  json '[.hints[].id]' '["date-unit"]'
  run_verify "$(token "{\"exp\":$((NOW + 600)),\"iat\":$((NOW - 5))000}")"
  expect_status 16
  stdout_has JWT209
}

@test "dates that are no numbers are 16 with JWT208, out of range with JWT210" {
  for name in exp nbf iat; do
    for value in "\"$((NOW - 5))\"" null true '[1]'; do
      run_verify --allow-no-exp "$(token "{\"$name\":$value}")"
      expect_status 16
      stdout_has "REJECTED: claim" JWT208
      expect_check FAIL "$name"
    done
  done
  for value in 1e30 -1 253402300800000000 0; do
    run_verify "$(token "{\"exp\":$value}")"
    expect_status 16
    stdout_has "REJECTED: claim" JWT210
  done
}

@test "a token that begins after it ends is 16 with JWT206" {
  for name in nbf iat; do
    run_verify "$(token "{\"exp\":$((NOW + 600)),\"$name\":$((NOW + 600))}")"
    expect_status 16
    stdout_has "REJECTED: claim" JWT206
    expect_check FAIL "$name"
  done
}

@test "a leeway that would help is a hint, one of hours is not" {
  run_verify -f json "$(token "{\"exp\":$((NOW - 6))}")"
  expect_status 18
  json '[.hints[].id]' '["leeway"]'
  json '.hints[0].message | contains("--leeway 7s")' true
  run_verify --leeway 7s "$(token "{\"exp\":$((NOW - 6))}")"
  expect_status 0
  run_verify --leeway 6s "$(token "{\"exp\":$((NOW - 6))}")"
  expect_status 18
  run_verify -f json "$(token "{\"exp\":$((NOW - 7200))}")"
  json '.hints' '[]'
}

@test "now is when the token has come, not when we were started" {
  cd "$BATS_TEST_TMPDIR"
  make_ec ec.pem
  openssl pkey -in ec.pem -pubout -out public.pem
  token=$(sign_es256 '{"alg":"ES256"}' "{\"exp\":$(($(date +%s) + 2))}" ec.pem)
  run --separate-stderr bash -c '(sleep 4; echo "$1") | "$JWTCTL" verify --key public.pem' bash "$token"
  expect_status 18
  # And what was issued while we waited is not from the future.
  run --separate-stderr bash -c '(sleep 2; "$JWTCTL" sign --key ec.pem --expires-in 1h) | "$JWTCTL" verify --key public.pem'
  expect_status 0
  run --separate-stderr bash -c '(sleep 2; echo "{}") | "$JWTCTL" sign --key ec.pem --expires-in 1h -'
  expect_status 0
  [ "$("$JWTCTL" decode --print payload "$output" | jq "now - .iat < 2")" == true ] || complain
}
