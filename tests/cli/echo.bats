#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# No secret is echoed, wherever it stands by mistake; and what stands behind -- is never read.

load helper

setup_file() {
  cd "$BATS_FILE_TMPDIR"
  make_secret secret
  make_ec ec.pem
  openssl pkey -in ec.pem -pubout -out public.pem
  "$JWTCTL" keygen -q --kid old --out-private key.jwk --out-jwks jwks.json
  "$JWTCTL" keygen -q --kid new --out-private new.jwk --out-jwks public.json
  "$JWTCTL" rotate-plan --token-ttl 1h --verifier envoy --now "$NOW" --jwks jwks.json \
    --new-key new.jwk -f json -o plan.json
  # Its first claim is random, so that a piece of it is in no other token.
  sign_es256 '{"alg":"ES256"}' \
    "{\"jti\":\"$(openssl rand -hex 32)\",\"sub\":\"alice\",\"exp\":$((NOW + 600))}" ec.pem >token
}

setup() {
  cp "$BATS_FILE_TMPDIR"/* "$BATS_TEST_TMPDIR" 2>/dev/null || true
  cd "$BATS_TEST_TMPDIR"
  export T
  T=$(<token)
}

# unread STATUS COMMAND ARGUMENT... TEXT: refused, and nothing of the token that TEXT leads to is
# shown. The token is on stdin too.
unread() {
  run_jwtctl "${@:2}" <token
  expect_status "$1" || return
  [[ $output$stderr != *alice* && $output$stderr != *"${T:40:12}"* ]] ||
    complain "read: ${*: -1}" || return
}

@test "no value of an option and no operand of any command is echoed" {
  command -v python3 >/dev/null || skip "no python3 here"
  # ECHO_OPTIONS=--whole runs all of them.
  # shellcheck disable=SC2086
  run python3 "$BATS_TEST_DIRNAME/echo.py" ${ECHO_OPTIONS-} "$(command -v "$JWTCTL")" .
  [ "$status" -eq 0 ] || complain
  echo "# ${lines[-1]}" >&3
}

@test "a TOKEN behind -- is a literal, whatever it names" {
  for text in @token "@$PWD/token" env:T - token "$PWD/token" a..b .. . '' fd:0; do
    unread 3 decode -- "$text"
    unread 3 decode -f json -- "$text"
    unread 3 decode --print payload -- "$text"
    [ -z "$text" ] && continue
    for more in '' --strict '-f json' '--print payload'; do
      # shellcheck disable=SC2086
      unread 10 verify --key public.pem --issuer x --audience y -a ES256 --now "$NOW" $more -- "$text"
    done
  done
}

@test "-- with nothing behind it does not read stdin" {
  for command in "decode" "verify --key public.pem" "verify --strict --key public.pem --issuer x --audience y -a ES256" "sign --key ec.pem --expires-in 1h"; do
    # shellcheck disable=SC2086
    run_jwtctl $command --now "$NOW" -- <token
    expect_error 2 'is missing after --' 'is a variable unset?'
  done
  run_jwtctl decode @token --
  expect_status 0
}

@test "before -- each of them is read" {
  for text in @token env:T - "$T"; do
    run_jwtctl decode "$text" <token
    expect_status 0
    stdout_has alice
    run_jwtctl verify --key public.pem --now "$NOW" --print payload "$text" <token
    expect_status 0
    stdout_has alice
  done
  run_jwtctl decode -- "$T"
  expect_status 0
  run_jwtctl verify --key public.pem --now "$NOW" -- "$T"
  expect_status 0
}

@test "CLAIMS behind -- are a literal too" {
  echo '{"sub":"alice"}' >claims
  export C='{"sub":"alice"}'
  for text in @claims "@$PWD/claims" env:C - claims "$PWD/claims" a..b .. ''; do
    run_jwtctl sign --key ec.pem --expires-in 1h --now "$NOW" -f json -- "$text" <claims
    expect_status 3
    [[ $output$stderr != *alice* ]] || complain "read: $text"
  done
  for text in @claims - "$C"; do
    run_jwtctl sign --key ec.pem --expires-in 1h --now "$NOW" -f json "$text" <claims
    expect_status 0
    stdout_has alice
  done
  run_jwtctl sign --key ec.pem --expires-in 1h --now "$NOW" -f json -- "$C"
  expect_status 0
  stdout_has alice
}
