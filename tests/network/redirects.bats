#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Where a server may lead: three steps, never to http, and no header of the user to another origin.

load ../cli/helper
load network

setup_file() {
  cd "$BATS_FILE_TMPDIR"
  make_generations
  make_ca
  make_certificate good DNS:id.example.com,DNS:keys.example.com,IP:127.0.0.1
  start_server tls --certificate good.pem --key good.key
  export TLS_SERVER=$SERVER TLS_PORT=$PORT TLS_PID=$SERVER_PID TLS=$BASE
  start_server other
  export OTHER_SERVER=$SERVER OTHER_PID=$SERVER_PID OTHER=$BASE
  start_server
}
teardown_file() {
  for pid in "$SERVER_PID" "$OTHER_PID" "$TLS_PID"; do stop_server "$pid"; done
}

setup() {
  PLAIN_SERVER=$SERVER
  for SERVER in "$OTHER_SERVER" "$TLS_SERVER" "$PLAIN_SERVER"; do
    rm -rf "$BATS_TEST_TMPDIR/work"
    in_a_new_world
  done
}

# on SERVER COMMAND...: for one of the other servers.
on() { SERVER=$1 "${@:2}"; }

# lead PATH LOCATION [STATUS]
lead() { answer "$1" "!status ${3:-302}" "Location: $2"; }

# id_example ARGUMENT...: the server that speaks TLS under a name that is not of this machine.
id_example() { fetch "$@" --cacert "$BATS_FILE_TMPDIR/ca.pem" --resolve "id.example.com:$TLS_PORT:127.0.0.1"; }

@test "each kind of redirect is followed, relative ones too" {
  put folder/jwks "$OLD_SET"
  for code in 301 302 303 307 308; do
    lead start /folder/jwks $code
    fetch "$BASE/start" --refresh -f json
    expect_status 0 || complain "$code"
    json '[.url, .keys[0].kid]' "[\"$BASE/start\",\"old\"]"
  done
  clear_log
  lead folder/start jwks
  fetch "$BASE/folder/start"
  expect_status 0
  asked_for /folder/start /folder/jwks
}

@test "300, 304 and 305 are no redirects" {
  for code in 300 304 305 306; do
    lead start /jwks "$code"
    fetch "$BASE/start" -f json
    fails 4 network.status "$code"
  done
}

@test "three redirects are followed, the copy is that of the first URL, and verify names it" {
  lead 1 /2 && lead 2 /3 && lead 3 /jwks && put jwks "$OLD_SET" 'Cache-Control: max-age=600'
  verify_with "$BASE/1" "$OLD"
  expect_status 0
  stdout_has "$BASE/1"
  asked_for /1 /2 /3 /jwks
  copies_number 1
  copy_has "$BASE/1" '[.url, .final_url]' "[\"$BASE/1\",\"$BASE/jwks\"]"
  clear_log
  verify_with "$BASE/1" "$OLD"
  expect_status 0
  requests_are 0
}

@test "four redirects are one too many" {
  lead 1 /2 && lead 2 /3 && lead 3 /4 && lead 4 /jwks && put jwks "$OLD_SET"
  survives "$BASE/1" 4 network.status "redirects more than 3 times"
  clear_log
  fetch "$BASE/1"
  asked_for /1 /2 /3 /4
}

@test "a redirect loop" {
  lead jwks /jwks
  survives "$BASE/jwks" 4 network.status "redirects more than 3 times"
  clear_log
  fetch "$BASE/jwks"
  requests_are 4
  lead ping /pong && lead pong /ping
  fetch "$BASE/ping"
  expect_error 4 "redirects more than 3 times"
}

@test "a redirect without a Location, or to what is no address" {
  answer jwks '!status 302'
  survives "$BASE/jwks" 4 network.status "302 without saying where to go"
  clear_log
  for target in ftp://127.0.0.1/jwks file:///etc/passwd http:// 'http://user:secret@127.0.0.1/' \
    'gopher://127.0.0.1:25/' 'http://[fe80::1%25eth0]/'; do
    lead jwks "$target"
    fetch "$BASE/jwks" --refresh
    expect_error 4 "$BASE/jwks redirects to" || complain "$target"
    nothing_has secret root:
  done
  requests_are 6
}

@test "to another host on the same footing is followed, once a person sees where to" {
  lead jwks "$OTHER/keys"
  on "$OTHER_SERVER" put keys "$OLD_SET"
  fetch "$BASE/jwks" -f json
  expect_status 0
  json '[.url, .final_url]' "[\"$BASE/jwks\",\"$OTHER/keys\"]"
}

@test "headers of the user go to the first origin alone, on the way back too" {
  printf 'X-Api-Key: hunter2\nAuthorization: Bearer hunter2\nCookie: id=hunter2\n' >headers
  lead start /middle && lead middle "$OTHER/there"
  on "$OTHER_SERVER" answer there '!status 302' "Location: $BASE/jwks"
  put jwks "$OLD_SET"
  fetch "$BASE/start" --header @headers
  expect_status 0
  [ "$(grep -c 'authorization: Bearer hunter2.*cookie: id=hunter2.*x-api-key: hunter2' "$SERVER/log")" -ge 2 ]
  on "$OTHER_SERVER" requests_are 1
  on "$OTHER_SERVER" never_sent hunter2
  nothing_has hunter2
}

@test "validators go to the first URL alone" {
  put jwks "$OLD_SET" 'Cache-Control: max-age=0' 'ETag: "v1"'
  fetch "$BASE/jwks"
  expect_status 0
  lead jwks "$OTHER/keys"
  on "$OTHER_SERVER" put keys "$NEW_SET"
  fetch "$BASE/jwks"
  expect_status 0
  on "$OTHER_SERVER" requests_are 1
  on "$OTHER_SERVER" never_sent if-none-match
}

@test "from https to http is refused, to loopback too" {
  for target in "http://id.example.com/jwks" "$BASE/jwks" "HTTP://127.0.0.1:$PORT/jwks"; do
    on "$TLS_SERVER" lead jwks "$target" 301
    put jwks "$OLD_SET"
    id_example "https://id.example.com:$TLS_PORT/jwks" -f json
    fails 4 network.status "which is not https" || complain "$target"
    # Who accepts http from the start has not accepted that it is taken instead of TLS.
    id_example "https://id.example.com:$TLS_PORT/jwks" --allow-http
    expect_error 4 "which is not https" || complain "$target"
  done
  requests_are 0
  no_copies
}

@test "from https on loopback to http" {
  on "$TLS_SERVER" lead jwks "$BASE/jwks" 301
  put jwks "$OLD_SET"
  fetch "$TLS/jwks" --cacert "$BATS_FILE_TMPDIR/ca.pem" -f json
  fails 4 network.status "which is not https"
  requests_are 0
}

@test "from loopback to http elsewhere is refused" {
  lead jwks http://id.example.com/jwks
  survives "$BASE/jwks" 4 network.status "redirects to http://id.example.com/jwks, which is not https"
}

@test "from outside to loopback is refused, by its name, its address and a name that leads there" {
  for target in "$TLS/jwks" "https://localhost:$TLS_PORT/jwks" "https://127.1.2.3:$TLS_PORT/jwks" \
    "https://[::1]:$TLS_PORT/jwks" "https://a.localhost:$TLS_PORT/jwks"; do
    on "$TLS_SERVER" lead start "$target"
    id_example "https://id.example.com:$TLS_PORT/start" -f json
    fails 4 'network.*' loopback || complain "$target"
  done
  for target in keys.example.com 0.0.0.0 2130706433 0x7f.1 '[::ffff:127.0.0.1]' '[::]'; do
    on "$TLS_SERVER" lead start "https://$target:$TLS_PORT/jwks"
    on "$TLS_SERVER" put jwks "$OLD_SET"
    id_example "https://id.example.com:$TLS_PORT/start" --resolve "keys.example.com:$TLS_PORT:127.0.0.1" \
      --retries 0 -f json
    fails 4 'network.*' "loopback" || complain "$target"
  done
  on "$TLS_SERVER" requests_are 11
}

@test "to link-local and metadata addresses is refused, whoever leads there" {
  for target in 169.254.169.254 169.254.0.1 100.100.100.200 '[fe80::1]' '[fd00:ec2::254]' \
    '[::ffff:169.254.169.254]' 2852039166; do
    on "$TLS_SERVER" lead start "https://$target/latest/meta-data"
    id_example "https://id.example.com:$TLS_PORT/start" --retries 0 -f json
    fails 4 'network.*' "link-local address, which is refused" || complain "$target"
  done
}

@test "such addresses are refused when they are typed, too" {
  for target in https://169.254.169.254/jwks 'https://[fe80::1]/jwks' https://100.100.100.200/jwks; do
    fetch "$target" --retries 0 -f json
    fails 4 network.connect "link-local address, which is refused" || complain "$target"
  done
  fetch http://169.254.169.254/jwks --allow-http --retries 0
  expect_error 4 "link-local address, which is refused"
  fetch http://id.example.com/jwks --allow-http --retries 0 --resolve id.example.com:80:169.254.169.254
  expect_error 4 "link-local address, which is refused"
}
