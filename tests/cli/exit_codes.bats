#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The exit status of verify: each number from 10 to 18, its boundaries, and which one wins.

load helper

setup_file() {
  export SECRET=$BATS_FILE_TMPDIR/secret
  make_secret "$SECRET"
}

@test "exp: valid until the second before, expired from the second itself" {
  T=$(token "{\"exp\":$NOW}")
  at() { run_jwtctl verify --secret "$SECRET" --now "$@" "$T"; }
  at $((NOW - 1))
  expect_status 0
  stdout_has VALID
  expect_check PASS exp
  at "$NOW"
  expect_status 18
  stdout_has "REJECTED: expired"
  expect_check FAIL exp
  at "$NOW" --leeway 1s
  expect_status 0
  at $((NOW + 1)) --leeway 1s
  expect_status 18
  stdout_has "REJECTED: expired 1 s ago"
}

@test "nbf: not valid the second before, valid from the second itself" {
  T=$(token "{\"exp\":$((NOW + 600)),\"nbf\":$NOW}")
  at() { run_jwtctl verify --secret "$SECRET" --now "$@" "$T"; }
  at $((NOW - 1))
  expect_status 17
  stdout_has "REJECTED: not-yet-valid"
  expect_check FAIL nbf
  at "$NOW"
  expect_status 0
  expect_check PASS nbf
  at $((NOW - 1)) --leeway 1s
  expect_status 0
  at $((NOW - 2)) --leeway 1s
  expect_status 17
  stdout_has "REJECTED: not-yet-valid"
}

@test "iat: in the future is 17, a leeway covers it" {
  T=$(token "{\"exp\":$((NOW + 600)),\"iat\":$NOW}")
  at() { run_jwtctl verify --secret "$SECRET" --now "$@" "$T"; }
  at $((NOW - 1))
  expect_status 17
  stdout_has "REJECTED: not-yet-valid"
  expect_check FAIL iat
  at "$NOW"
  expect_status 0
  at $((NOW - 1)) --leeway 1s
  expect_status 0
  at $((NOW - 2)) --leeway 1s
  expect_status 17
}

@test "--max-age: the last second passes, the next is 18" {
  T=$(token "{\"exp\":$((NOW + 600)),\"iat\":$NOW}")
  at() { run_jwtctl verify --secret "$SECRET" --max-age 1m --now "$@" "$T"; }
  at $((NOW + 60))
  expect_status 0
  expect_check PASS max-age
  at $((NOW + 61))
  expect_status 18
  stdout_has "REJECTED: expired"
  expect_check FAIL max-age
  expect_check PASS exp
  at $((NOW + 61)) --leeway 1s
  expect_status 0
}

@test "--max-age of a token without iat is 16" {
  run_verify --max-age 1h "$(token "{\"exp\":$((NOW + 600))}")"
  expect_status 16
  stdout_has "iat is absent"
}

@test "--min-remaining: exactly enough passes, one second more is 18" {
  T=$(token "{\"exp\":$((NOW + 60))}")
  run_verify --min-remaining 60s "$T"
  expect_status 0
  expect_check PASS min-remaining
  run_verify --min-remaining 61s "$T"
  expect_status 18
  stdout_has "REJECTED: expired"
  expect_check FAIL min-remaining
  expect_check PASS exp
}

@test "10: not a compact JWS" {
  run_verify "not-a-token"
  expect_status 10
  stdout_has "REJECTED: malformed" "3 segments"
  expect_check FAIL form
  expect_check SKIP signature
}

@test "10: an encrypted token" {
  jwe=$(printf '{"alg":"dir","enc":"A256GCM"}' | b64url)..AAAA.AAAA.AAAA
  run_verify "$jwe"
  expect_status 10
  stdout_has "REJECTED: malformed" encrypted
  run_verify -f json "$jwe"
  expect_status 10
  json '[.token.kind, .token.alg, .claims, .hints[].id]' '["jwe","dir",null,"encrypted"]'
}

@test "11: an algorithm that --alg does not list" {
  run_verify --alg HS512 "$(token "{\"exp\":$((NOW + 600))}")"
  expect_status 11
  stdout_has "REJECTED: header" HS256 HS512
  expect_check FAIL alg
  expect_check SKIP signature
}

@test "12: a kid that --kid does not name" {
  run_verify --kid b "$(token "{\"exp\":$((NOW + 600))}" '{"alg":"HS256","kid":"a"}')"
  expect_status 12
  stdout_has "REJECTED: key" '"a"' '"b"'
  expect_check FAIL key
}

@test "13: the signature does not match" {
  printf 'another secret of at least 32 bytes' >"$BATS_TEST_TMPDIR/other"
  run_verify "$(sign_hs256 '{"alg":"HS256"}' "{\"exp\":$((NOW + 600))}" "$BATS_TEST_TMPDIR/other")"
  expect_status 13
  stdout_has "REJECTED: signature"
  expect_check FAIL signature
}

@test "14: another issuer, and none" {
  run_verify --issuer https://a.example "$(token "{\"exp\":$((NOW + 600)),\"iss\":\"https://b.example\"}")"
  expect_status 14
  stdout_has "REJECTED: issuer" https://a.example https://b.example
  expect_check FAIL iss
  run_verify --issuer https://a.example "$(token "{\"exp\":$((NOW + 600))}")"
  expect_status 14
  stdout_has "REJECTED: issuer" absent
}

@test "15: another audience" {
  run_verify --audience api "$(token "{\"exp\":$((NOW + 600)),\"aud\":\"web\"}")"
  expect_status 15
  stdout_has "REJECTED: audience" api web
  expect_check FAIL aud
}

@test "16: a token that never expires, unless --allow-no-exp" {
  T=$(token '{"sub":"a"}')
  run_verify "$T"
  expect_status 16
  stdout_has "REJECTED: claim" JWT201 --allow-no-exp
  expect_check FAIL exp
  run_verify --allow-no-exp "$T"
  expect_status 0
  expect_check SKIP exp
}

@test "17 comes before 18, and 18 means that nothing else is wrong" {
  T=$(token "{\"exp\":$NOW,\"iat\":$((NOW - 5)),\"role\":\"user\"}")
  run_verify "$T"
  expect_status 18
  run_verify --claim role=admin "$T"
  expect_status 16
  expect_check FAIL exp
  run_verify --min-remaining 1h "$(token "{\"exp\":$((NOW + 9)),\"nbf\":$((NOW + 5))}")"
  expect_status 17
  expect_check FAIL nbf
  expect_check FAIL min-remaining
}

@test "several failures: the smallest number, every failure in the report" {
  T=$(token "{\"exp\":$NOW,\"aud\":\"web\",\"iss\":\"https://b.example\"}")
  run_verify --issuer https://a.example --audience api "$T"
  expect_status 14
  stdout_has "REJECTED: issuer"
  expect_check FAIL iss
  expect_check FAIL aud
  expect_check FAIL exp
  expect_check PASS signature

  run_verify --issuer https://a.example --audience api -f json "$T"
  expect_status 14
  json '.valid, .exit, .code' $'false\n14\n"issuer"'
  json '[.checks[] | select(.status == "fail") | .name]' '["iss","aud","exp"]'
  json_check iss '[.expected, .actual, .rule]' '["https://a.example","https://b.example","JWT302"]'
  json_check aud '[.expected, .actual, .rule]' '["api","web","JWT304"]'
  json_check exp '[.expected != null, .actual, .rule]' "[true,$NOW,\"JWT202\"]"
  json .claims_verified true
}

@test "13 although expired as well: claims are judged and marked UNVERIFIED" {
  T=$(token "{\"exp\":$NOW,\"sub\":\"alice\"}")
  T=${T%.*}.$(repeat 43 A)
  run_verify "$T"
  expect_status 13
  stdout_has "REJECTED: signature" UNVERIFIED alice
  expect_check FAIL signature
  expect_check FAIL exp
  run_verify -f json "$T"
  expect_status 13
  json '.exit, .claims_verified, .claims.sub' $'13\nfalse\n"alice"'
  json_check exp .status '"fail"'
}

@test "an empty signature is 13" {
  T=$(token "{\"exp\":$((NOW + 600))}")
  run_verify "${T%.*}."
  expect_status 13
  stdout_has "REJECTED: signature" empty
}

@test "alg none is 11 in any spelling, with and without a signature" {
  for none in none None nOnE NONE ' none' 'none '; do
    T=$(token "{\"exp\":$((NOW + 600))}" "{\"alg\":\"$none\"}")
    for candidate in "$T" "${T%.*}."; do
      run_verify "$candidate"
      expect_status 11
      stdout_has "REJECTED: header" none
      expect_check FAIL alg
    done
  done
}

@test "a flipped character anywhere is refused" {
  T=$(token "{\"exp\":$((NOW + 600))}")
  for ((place = 0; place < ${#T}; place += 7)); do
    case ${T:place:1} in A) other=B ;; *) other=A ;; esac
    run_verify -q "${T:0:place}$other${T:place+1}"
    [ "$status" -ge 10 ] && [ "$status" -le 13 ] || complain "at $place"
  done
}

@test "every report names every check" {
  names='["form","alg","crit","typ","key","signature","iss","aud","sub","require:a","claim:b",
    "revoked","nbf","iat","exp","max-age","min-remaining"]'
  echo '[]' >"$BATS_TEST_TMPDIR/none"
  for T in "$(token "{\"exp\":$((NOW + 600)),\"a\":1,\"b\":\"c\",\"jti\":\"1\"}")" "$(token '{}' '{"alg":"x"}')" broken; do
    run_verify -f json --require a --claim b=c --revoked "$BATS_TEST_TMPDIR/none" "$T"
    json '[.checks[].name] | sort' "$(jq -c sort <<<"$names")"
    json '[.checks[] | select(.status | IN("pass", "fail", "skip") | not)]' '[]'
  done
}
