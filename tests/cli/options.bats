#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The command line itself: unknown words, places of options, values, repetition. Usage errors are 2.

load helper

setup_file() {
  export SECRET=$BATS_FILE_TMPDIR/secret T
  make_secret "$SECRET"
  T=$(token "{\"exp\":$((NOW + 600)),\"aud\":\"api\"}")
}

# usage TEXT... -- ARGUMENT...: refused with 2, nothing on stdout, the texts in the error.
usage() {
  local texts=()
  while [ "$1" != -- ]; do
    texts+=("$1")
    shift
  done
  run_jwtctl "${@:2}" </dev/null
  expect_error 2 "${texts[@]}" || return
  stdout_is_empty
}

@test "unknown words come with a suggestion" {
  usage decoed "did you mean decode?" -- decoed
  usage verifi "did you mean verify?" -- verifi
  usage VERIFY "did you mean verify?" -- VERIFY
  usage --issuerr "did you mean --issuer?" -- verify --issuerr x "$T"
  usage --aud1ence "did you mean --audience?" -- verify --aud1ence=x "$T"
  usage --formt "did you mean --format?" -- --formt json version
  usage RS265 "did you mean RS256?" -- verify --alg RS265 "$T"
  usage hs256 "did you mean HS256?" -- verify --alg hs256 "$T"
  usage jsno "did you mean json?" -- decode -f jsno "$T"
  usage payloda "did you mean payload?" -- decode --print payloda "$T"
  usage reprot "did you mean report?" -- verify --print reprot "$T"
  usage nevr "did you mean never?" -- decode --color nevr "$T"
  usage base46 "did you mean base64?" -- verify --secret-encoding base46 "$T"
  usage bsh "did you mean bash?" -- completion bsh
  usage verfy "did you mean verify?" -- help verfy
}

@test "words that resemble nothing come with the list, or with --help" {
  usage frobnicate decode verify -- frobnicate
  usage ROT13 HS256 EdDSA -- verify --alg ROT13 "$T"
  usage yaml text json -- decode -f yaml "$T"
  usage tcsh bash zsh fish -- completion tcsh
  usage --frobnicate --help -- decode --frobnicate "$T"
  usage -x --help -- decode -x "$T"
}

@test "none is no algorithm that can be allowed" {
  for none in none None NONE; do
    usage --alg "$none" -- verify --secret "$SECRET" --alg "$none" "$T"
    usage --alg "$none" -- verify --secret "$SECRET" --alg "HS256,$none" "$T"
  done
}

@test "global options stand before or after the command" {
  run_jwtctl version -f json
  expect_status 0
  expected=$output
  for place in "-f json version" "--format json version" "--format=json version" "-fjson version" "version --format=json" "version -fjson"; do
    run_jwtctl $place
    expect_status 0
    [ "$output" == "$expected" ] || complain "$place"
  done
  run_jwtctl --now "$NOW" -q verify --secret "$SECRET" --audience api "$T"
  expect_status 0
  stdout_is_empty
  run_jwtctl --utc --color never --now "$NOW" decode -f json "$T"
  expect_status 0
  json .now "$NOW"
}

@test "short options bundle, before the command too" {
  run_jwtctl version -vf json
  expect_status 0
  json .schema '"jwtctl.version/1"'
  run_jwtctl -vf json version
  expect_status 0
  json .schema '"jwtctl.version/1"'
}

@test "an option of a command does not stand before it" {
  usage --audience "before the command" -- --audience api verify "$T"
}

@test "a usage error comes in JSON too when -f json stands anywhere" {
  for arguments in "-f json verify --bogus x" "verify --bogus x -f json" "verify --bogus --format=json" "-fjson frobnicate" \
    "verify -f json" "verify --leeway x -f json t"; do
    run_jwtctl $arguments </dev/null
    expect_error 2
    json .schema '"jwtctl.error/1"'
    json '[.error.code, .error.exit, (.error.message | type), (.error.hint | type | IN("string", "null"))]' '["usage",2,"string",true]'
  done
}

@test "an input error in JSON" {
  run_jwtctl decode -f json @/nonexistent/token
  expect_error 3 /nonexistent/token
  json '[.schema, .error.code, .error.exit]' '["jwtctl.error/1","input",3]'
}

@test "-q -f json prints no error document" {
  run_jwtctl -q -f json decode @/nonexistent/token
  expect_error 3 /nonexistent/token
  stdout_is_empty
  run_jwtctl -q -f json verify --bogus
  expect_error 2 --bogus
  stdout_is_empty
}

@test "an option that takes one value is refused when given twice" {
  for option in --subject --typ --kid --leeway --max-age --min-remaining --secret --revoked --print --now --format --output --color --max-token-size; do
    value=x
    case $option in
      --leeway | --max-age | --min-remaining | --now | --max-token-size) value=1 ;;
      --print) value=none ;;
      --format) value=text ;;
      --color) value=never ;;
      --output) value=- ;;
    esac
    usage "$option" "2 times" -- verify "$option" "$value" "$option" "$value" "$T"
  done
  usage --format "2 times" -- -f json -f text version
}

@test "an option never swallows another" {
  usage --issuer "needs a value" -- verify --issuer --audience api "$T"
  usage --key "needs a value" -- verify --key --audience api "$T"
  usage --kid "needs a value" -- verify "$T" --kid -q
  usage --audience "needs a value" -- verify "$T" --audience
  usage --leeway "needs a value" -- verify --leeway -- "$T"
  usage --output "needs a value" -- version -o
}

@test "an option never swallows a help or version option: status 0 would read as VALID" {
  for option in --issuer --audience --subject --kid --typ --claim --key; do
    for word in -h --help -V --version; do
      run_jwtctl verify --secret "$SECRET" --now "$NOW" "$T" "$option" "$word" </dev/null
      [ "$status" -ne 0 ] || complain "$option $word"
    done
  done
}

@test "a token that is a help or version option is not VALID either" {
  for word in -h --help -V --version -vh; do
    run_verify --any-audience "$word"
    [ "$status" -ne 0 ] || complain "$word"
  done
}

@test "a value that looks like an option is given with =" {
  C=$(token "{\"exp\":$((NOW + 600)),\"sub\":\"-q\",\"iss\":\"--key\"}")
  run_verify --subject=-q --issuer=--key "$C"
  expect_status 0
  run_verify --subject=-v "$C"
  expect_status 16
}

@test "an option takes exactly one value and is repeated for more" {
  run_verify --audience api "$T"
  expect_status 0
  run_verify --audience other --audience api "$T"
  expect_status 0
  run_verify --alg HS384 --alg HS256 --any-audience "$T"
  expect_status 0
  run_verify --alg HS384,HS256 --any-audience "$T"
  expect_status 0
  run_verify -aHS256 --any-audience "$T"
  expect_status 0
  usage unexpected -- verify --secret "$SECRET" --audience api other "$T"
  usage unexpected -- decode "$T" "$T"
  usage unexpected -- version extra
  bracket=$(token "{\"exp\":$((NOW + 600)),\"aud\":\"[api,web]\"}")
  run_verify --audience '[api,web]' "$bracket"
  expect_status 0
}

@test "-- ends the options" {
  run_verify --any-audience -- "$T"
  expect_status 0
  run_jwtctl decode -- --help
  expect_error 3
  run_jwtctl decode --now "$NOW" -- -f
  expect_error 3
  usage unexpected -- decode -- "$T" -f json
}

@test "switches take no value" {
  usage --quiet "no value" -- verify --quiet=yes "$T"
  usage --any-audience "no value" -- verify --any-audience=false "$T"
  usage --try-all-keys "no value" -- verify --try-all-keys= "$T"
}

@test "durations" {
  for duration in 0 1 90s 15m 2h 7d 1h30m 1d2h3m4s; do
    run_verify --any-audience --leeway $duration "$T"
    expect_status 0
  done
  run_jwtctl verify --secret "$SECRET" --any-audience --now $((NOW + 600 + 5399)) --leeway 1h30m "$T"
  expect_status 0
  run_jwtctl verify --secret "$SECRET" --any-audience --now $((NOW + 600 + 5400)) --leeway 1h30m "$T"
  expect_status 18
  for duration in -1 1.5 1w 1h30 30m1h 1m1m s x 1_000 99999999999999999999 9999999999d ' 1' '1 s'; do
    usage --leeway -- verify --leeway="$duration" "$T"
  done
}
