#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# TLS that must not be trusted: status 4, network.tls, once and not again, and no word that would
# turn the check off.

load ../cli/helper
load network

# serve NAME CERTIFICATE [OPTION...]: leaves ${NAME}_SERVER, ${NAME}_PORT and ${NAME}_PID.
serve() {
  start_server "$1" --certificate "$2.pem" --key "$2.key" "${@:3}"
  export "$1_SERVER=$SERVER" "$1_PORT=$PORT"
  PIDS+=" $SERVER_PID"
}

setup_file() {
  cd "$BATS_FILE_TMPDIR"
  export PIDS=
  make_generations
  make_ca
  make_certificate good DNS:id.example.com,IP:127.0.0.1,IP:::1
  make_certificate expired DNS:id.example.com,IP:127.0.0.1 expired
  make_certificate wrong_host DNS:other.example.com
  make_certificate client DNS:client
  make_ec self_signed.key
  openssl req -x509 -new -key self_signed.key -subj /CN=id.example.com -days 30 -out self_signed.pem \
    -addext subjectAltName=DNS:id.example.com,IP:127.0.0.1
  serve good good
  serve expired expired
  serve wrong_host wrong_host
  serve self_signed self_signed
  serve tls11 good --tls TLSv1_1
  serve tls12 good --tls TLSv1_2
  serve tls13 good --tls TLSv1_3
  serve mutual good --client-ca ca.pem
  start_server
  PIDS+=" $SERVER_PID"
}
teardown_file() { for pid in $PIDS; do stop_server "$pid"; done; }

setup() {
  local plain=$SERVER name
  for name in good expired wrong_host self_signed tls11 tls12 tls13 mutual; do
    use "$name"
    rm -rf "$SERVER/www" && mkdir "$SERVER/www" && clear_log
    put jwks "$(<"$BATS_FILE_TMPDIR/old.jwks")"
  done
  SERVER=$plain && in_a_new_world
}

# use NAME: leaves the set of that server in $SET.
use() {
  local server=$1_SERVER port=$1_PORT
  SERVER=${!server} PORT=${!port} SET=https://127.0.0.1:$PORT/jwks
}

# with_ca ARGUMENT...: a verification of the old token that trusts the test's own authority.
with_ca() { verify_with "$SET" "$OLD" --cacert "$BATS_FILE_TMPDIR/ca.pem" "$@"; }

# is_not_trusted NAME TEXT: with the system's authorities a copy stays as it is, with our own there
# is none; never again, never by stale-if-error.
is_not_trusted() {
  use "$1"
  survives "$SET" 4 network.tls "cannot fetch $SET" || return
  plant "$SET" "$OLD_SET" '{lifetime:60,stale_if_error:86400}' && age_copies 100 && keep_copies
  verify_with "$SET" "$OLD" -f json
  fails 4 network.tls "cannot fetch $SET" && copies_are_unchanged || return
  with_ca -f json
  fails 4 network.tls "$2" && requests_are 0
}

@test "a good certificate of an authority that is trusted" {
  use good
  with_ca
  expect_status 0
  verify_with "https://id.example.com:$PORT/jwks" "$OLD" --cacert "$BATS_FILE_TMPDIR/ca.pem" \
    --resolve "id.example.com:$PORT:127.0.0.1"
  expect_status 0
  requests_are 2
}

@test "the authority is not one of the system's" {
  use good
  survives "$SET" 4 network.tls "certificate"
  requests_are 0
}

@test "self-signed" { is_not_trusted self_signed "certificate"; }

@test "expired" { is_not_trusted expired "expired"; }

@test "of another host" { is_not_trusted wrong_host "127.0.0.1"; }

@test "of another host, by name" {
  use wrong_host
  verify_with "https://id.example.com:$PORT/jwks" "$OLD" --cacert "$BATS_FILE_TMPDIR/ca.pem" \
    --resolve "id.example.com:$PORT:127.0.0.1" -f json
  fails 4 network.tls id.example.com
}

@test "TLS 1.1 only" { is_not_trusted tls11 "cannot fetch"; }

@test "TLS 1.2 and TLS 1.3" {
  for version in tls12 tls13; do
    use $version
    with_ca
    expect_status 0 || complain $version
  done
}

@test "no TLS at all where https was typed" {
  put jwks "$OLD_SET"
  survives "https://127.0.0.1:${BASE##*:}/jwks" 4 network.tls "cannot fetch" --retries 0
}

@test "trouble of TLS is not tried again" {
  use self_signed
  : >"$SERVER/connections"
  fetch "$SET" -f json
  fails 4 network.tls "cannot fetch $SET"
  [ "$(wc -l <"$SERVER/connections")" = 1 ]
}

@test "a server that wants to know us" {
  use mutual
  with_ca -f json --retries 0
  fails 4 'network.*' "cannot fetch $SET"
  with_ca --cert "$BATS_FILE_TMPDIR/client.pem" --cert-key "$BATS_FILE_TMPDIR/client.key"
  expect_status 0
  with_ca --cert "$BATS_FILE_TMPDIR/self_signed.pem" --cert-key "$BATS_FILE_TMPDIR/self_signed.key" --retries 0
  expect_error 4 "cannot fetch $SET"
  with_ca --cert "$BATS_FILE_TMPDIR/client.pem" --cert-key "$BATS_FILE_TMPDIR/good.key"
  expect_error 4 good.key
  with_ca --cert-key "$BATS_FILE_TMPDIR/client.key"
  expect_error 2 --cert
}

@test "--cacert of no file or of no certificate" {
  use good
  echo nonsense >nonsense
  verify_with "$SET" "$OLD" --cacert nonsense
  [ "$status" -eq 3 ] || [ "$status" -eq 4 ] || complain "expected 3 or 4"
  stderr_has nonsense
  verify_with "$SET" "$OLD" --cacert /nonexistent/ca.pem
  [ "$status" -eq 3 ] || [ "$status" -eq 4 ] || complain "expected 3 or 4"
  stderr_has /nonexistent/ca.pem
  requests_are 0
}

@test "nothing turns the check off" {
  use self_signed
  for option in --insecure -k --no-verify --allow-http; do
    fetch "$SET" $option --retries 0
    [ "$status" -ne 0 ] || complain "$option"
    requests_are 0
  done
  CURL_INSECURE=1 SSL_VERIFY=0 PYTHONHTTPSVERIFY=0 NODE_TLS_REJECT_UNAUTHORIZED=0 \
    run_jwtctl jwks fetch "$SET" --retries 0
  expect_error 4 certificate
  printf 'insecure\n' >.curlrc
  CURL_HOME=$PWD HOME=$PWD run_jwtctl jwks fetch "$SET" --retries 0
  expect_error 4 certificate
}
