#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# No check is skipped by accident: empty values, and what --strict insists on.

load helper

setup_file() {
  export SECRET=$BATS_FILE_TMPDIR/secret T
  make_secret "$SECRET"
  T=$(token "{\"exp\":$((NOW + 600)),\"iss\":\"i\",\"aud\":\"a\"}")
}

@test "an empty value of an expectation or a key option is 2" {
  for option in --issuer --iss --audience --aud --subject --sub --typ --kid --require --claim --key -k --jwks --alg -a \
    --revoked --leeway --max-age --min-remaining --passphrase --secret --secret-encoding --now; do
    run_jwtctl verify --now "$NOW" "$option" '' "$T" </dev/null
    expect_error 2
    stdout_is_empty
    [ "${option#--}" != "$option" ] || continue
    run_jwtctl verify --now "$NOW" "$option=" "$T" </dev/null
    expect_error 2 empty
    stdout_is_empty
  done
}

@test "an empty value is refused although everything else is good" {
  for option in --issuer --audience --subject --typ --kid --require --alg --revoked --leeway --max-age; do
    run_verify --any-audience "$option" '' "$T"
    expect_error 2 "$option" empty
    run_verify --any-audience "$option=" "$T"
    expect_error 2 "$option" empty
  done
}

@test "an empty member of a list, and an empty value of a claim, are 2" {
  for list in , HS256, ,HS256 HS256,,HS384; do
    run_verify --any-audience --alg "$list" "$T"
    expect_error 2 --alg
  done
  for claim in role= role:= = :=; do
    run_verify --any-audience --claim "$claim" "$T"
    expect_error 2 --claim
  done
}

@test "--strict: a missing issuer, audience or algorithm is 2 and named" {
  run_verify --strict "$T"
  expect_error 2 --strict --issuer --audience
  stdout_is_empty
  run_verify --strict --audience a --alg HS256 "$T"
  expect_error 2 --strict --issuer
  run_verify --strict --issuer i --alg HS256 "$T"
  expect_error 2 --strict --audience
  run_verify --strict --issuer i --any-audience --alg HS256 "$T"
  expect_error 2 --strict --audience
  run_verify --strict --issuer i --audience a "$T"
  expect_error 2 --strict --alg
  stdout_is_empty
  run_verify --strict --issuer i --audience a --alg HS256 "$T"
  expect_status 0
}

@test "--strict: the alg of the selected key will do" {
  cd "$BATS_TEST_TMPDIR"
  oct_jwk "$SECRET" '{alg:"HS256"}' >with
  oct_jwk "$SECRET" >without
  run_jwtctl verify --key with --now "$NOW" --strict --issuer i --audience a "$T"
  expect_status 0
  run_jwtctl verify --key without --now "$NOW" --strict --issuer i --audience a "$T"
  expect_error 2 --strict --alg
}

@test "--strict: a token that needed cleaning is 10" {
  run_verify --strict --issuer i --audience a --alg HS256 "Bearer $T"
  expect_status 10
  stdout_has "REJECTED: malformed" --strict bearer
  run_verify --issuer i --audience a --alg HS256 "Bearer $T"
  expect_status 0
}

@test "--strict changes no verdict otherwise" {
  run_verify --strict --issuer x --audience a --alg HS256 "$T"
  expect_status 14
  run_jwtctl verify --secret "$SECRET" --now $((NOW + 600)) --strict --issuer i --audience a --alg HS256 "$T"
  expect_status 18
}

@test "several issuers with one key source get a warning" {
  run_verify --issuer i --issuer j --audience a "$T"
  expect_status 0
  stderr_has "jwtctl: warning: " issuers
}
