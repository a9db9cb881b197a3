#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Proxies of the options and of the environment, and headers that the user sends along.

load ../cli/helper
load network

setup_file() {
  make_generations
  start_server proxy
  export PROXY_SERVER=$SERVER PROXY=$BASE PROXY_PID=$SERVER_PID
  start_server
  export TARGET=http://id.example.com:$PORT/jwks
}
teardown_file() {
  stop_server "$SERVER_PID"
  stop_server "$PROXY_PID"
}

setup() {
  local direct=$SERVER
  SERVER=$PROXY_SERVER && in_a_new_world
  put jwks "$NEW_SET"
  rmdir "$BATS_TEST_TMPDIR/work"
  SERVER=$direct && in_a_new_world
  put jwks "$OLD_SET"
}

proxy() { SERVER=$PROXY_SERVER "$@"; }

# verify_at URL TOKEN [OPTION...]: the URL is of a host that is not this machine by its name.
verify_at() { verify_with "$@" --allow-http --resolve "id.example.com:$PORT:127.0.0.1"; }

# asks_proxy, asks_directly: which of the two had the request of a verification.
asks_proxy() {
  verify_at "$1" "$NEW" "${@:2}"
  expect_status 0 && requests_are 0 && proxy requests_are 1 && proxy sent "GET $1" && proxy clear_log
}
asks_directly() {
  verify_at "$1" "$OLD" "${@:2}"
  expect_status 0 && proxy requests_are 0 && requests_are 1 && clear_log
}

@test "--proxy is asked for the whole URL" {
  asks_proxy http://id.example.com/jwks --proxy "$PROXY"
  asks_proxy "$TARGET" --proxy "$PROXY"
}

@test "http through a proxy needs --allow-http as it does without one" {
  verify_with http://id.example.com/jwks "$NEW" --proxy "$PROXY"
  expect_error 2 "is not https" --allow-http
  proxy requests_are 0
}

@test "--noproxy names whom to ask directly" {
  asks_directly "$TARGET" --proxy "$PROXY" --noproxy id.example.com
  asks_directly "$TARGET" --proxy "$PROXY" --noproxy 'a.example.com, example.com'
  asks_directly "$TARGET" --proxy "$PROXY" --noproxy '*'
  asks_proxy "$TARGET" --proxy "$PROXY" --noproxy e.example.com
}

@test "http_proxy, all_proxy and no_proxy of the environment" {
  http_proxy=$PROXY asks_proxy "$TARGET" --no-cache
  all_proxy=$PROXY asks_proxy "$TARGET" --no-cache
  ALL_PROXY=$PROXY asks_proxy "$TARGET" --no-cache
  http_proxy=$PROXY no_proxy=.example.com asks_directly "$TARGET" --no-cache
  http_proxy=$PROXY NO_PROXY=id.example.com asks_directly "$TARGET" --no-cache
  http_proxy=$PROXY asks_directly "$TARGET" --no-cache --noproxy id.example.com
  http_proxy= all_proxy= asks_directly "$TARGET" --no-cache
  https_proxy=$PROXY asks_directly "$TARGET" --no-cache
}

@test "HTTP_PROXY in capitals is what a client of a CGI may set: it does not count" {
  HTTP_PROXY=$PROXY asks_directly "$TARGET" --no-cache
  HTTP_PROXY=$PROXY REQUEST_METHOD=GET asks_directly "$TARGET" --no-cache
}

@test "--proxy goes before the environment" {
  http_proxy=http://127.0.0.1:9 asks_proxy "$TARGET" --proxy "$PROXY"
}

@test "a proxy that will not tunnel" {
  fetch https://id.example.com/jwks --proxy "$PROXY" --retries 0 -f json
  fails 4 'network.*' "cannot fetch https://id.example.com/jwks"
  proxy sent "CONNECT id.example.com:443"
  https_proxy=$PROXY run_jwtctl jwks fetch https://id.example.com/jwks --retries 0
  expect_error 4 "cannot fetch https://id.example.com/jwks"
  no_copies
}

@test "a proxy that is not there, or has no address" {
  fetch "$TARGET" --allow-http --proxy "http://127.0.0.1:$(refusing_port)" --retries 0 -f json
  fails 4 network.connect "$TARGET through the proxy"
  fetch "$TARGET" --allow-http --proxy "http://$(repeat 64 x).invalid:80" --retries 0 -f json
  fails 4 network.dns "$TARGET"
  requests_are 0
}

@test "a proxy's password is not shown" {
  with_password=${PROXY/:\/\//://user:hunter2@}
  http_proxy=$with_password asks_proxy "$TARGET"
  nothing_has hunter2
  http_proxy=http://user:hunter2@127.0.0.1:$(refusing_port) \
    run_jwtctl jwks fetch "$TARGET" --allow-http --retries 0
  expect_error 4 "$TARGET through the proxy"
  nothing_has hunter2
  fetch "$TARGET" --allow-http --proxy "$with_password"
  expect_error 2 "--proxy holds credentials" https_proxy
  nothing_has hunter2
}

@test "what libcurl says of a proxy or a host is not repeated" {
  local proxy
  for proxy in 'http://user:pass hunter2@127.0.0.1:1' http://hunter2.invalid:80 hunter2.invalid \
    'bogus://hunter2' 'http://hunter2:none'; do
    http_proxy=$proxy run_jwtctl jwks fetch "$TARGET" --allow-http --retries 0
    expect_error 4 "cannot fetch $TARGET through the proxy"
    nothing_has hunter2 || complain "$proxy"
  done
  run_jwtctl jwks fetch https://id.invalid/jwks --retries 0
  expect_error 4 "cannot fetch https://id.invalid/jwks: the name of the host cannot be resolved"
  run_jwtctl jwks fetch "http://127.0.0.1:$(refusing_port)/jwks" --retries 0
  expect_error 4 "Connection refused"
}

@test "this machine is never asked through a proxy" {
  verify_with "$BASE/jwks" "$OLD" --proxy "$PROXY"
  expect_status 0
  http_proxy=$PROXY all_proxy=$PROXY verify_with "$BASE/jwks" "$OLD" --no-cache
  expect_status 0
  proxy requests_are 0
  requests_are 2
}

@test "ranges of addresses in no_proxy" {
  for list in 192.0.2.0/24 192.0.2.7 192.0.2.6/31 '*'; do
    no_proxy=$list http_proxy=$PROXY \
      run_jwtctl jwks fetch http://192.0.2.7:1/jwks --allow-http --retries 0 --connect-timeout 1s -f json
    expect_status 4
    proxy requests_are 0 || complain "$list"
  done
  for list in 192.0.2.8/31 192.0.2.0/33 192.0.2.0/x 2001:db8::/32; do
    no_proxy=$list http_proxy=$PROXY run_jwtctl jwks fetch http://192.0.2.7:1/jwks --allow-http --no-cache
    expect_status 0
    proxy requests_are 1 && proxy clear_log
  done
}

@test "a redirect through a proxy does not lead to loopback either" {
  proxy answer start '!status 302' 'Location: http://127.0.0.1/jwks'
  fetch http://id.example.com/start --allow-http --proxy "$PROXY" --retries 0
  expect_error 4 loopback
  proxy requests_are 1
}

@test "a proxy is not asked for link-local and metadata addresses" {
  for target in 'http://169.254.169.254/jwks' 'http://[fe80::1]/jwks' 'http://[::ffff:169.254.169.254]/jwks'; do
    fetch "$target" --allow-http --proxy "$PROXY" --retries 0
    expect_error 4 link-local || complain "$target"
    proxy requests_are 0
  done
}

@test "a redirect through a proxy does not lead to a metadata address" {
  proxy answer start '!status 302' 'Location: http://169.254.169.254/jwks'
  fetch http://id.example.com/start --allow-http --proxy "$PROXY" --retries 0
  expect_error 4 link-local
  proxy requests_are 1
}

@test "--header @FILE sends each line" {
  printf 'X-Api-Key:  hunter2 \r\n\nAuthorization: Bearer abc.def\n' >headers
  verify_with "$BASE/jwks" "$OLD" --header @headers
  expect_status 0
  sent 'x-api-key: hunter2'
  sent 'authorization: Bearer abc.def'
  printf 'Cookie: a=b\n' >more
  clear_log
  verify_with "$BASE/jwks" "$OLD" --header @headers --header @more
  sent 'cookie: a=b'
  sent 'x-api-key: hunter2'
}

@test "headers go to the discovery document, and to its set on the same origin alone" {
  printf 'X-Api-Key: hunter2\n' >headers
  put_issuer
  fetch --issuer "$BASE" --header @headers
  expect_status 0
  [ "$(grep -c hunter2 "$SERVER/log")" = 2 ]
  put_issuer '' ".jwks_uri = \"$PROXY/jwks\""
  fetch --issuer "$BASE" --header @headers
  expect_status 0
  proxy requests_are 1
  proxy never_sent hunter2
}

@test "headers are for one server: two of them cannot be compared" {
  printf 'X-Api-Key: hunter2\n' >headers
  for arguments in "fetch $BASE/jwks --diff $PROXY/jwks" "diff $BASE/jwks $PROXY/jwks" \
    "fetch --issuer $BASE --diff $PROXY/jwks"; do
    run_jwtctl jwks $arguments --header @headers
    expect_error 2 "--header is for one server" "${BASE#http://}" "${PROXY#http://}" "into a file"
  done
  requests_are 0
  proxy requests_are 0
  put other "$OLD_SET"
  run_jwtctl jwks diff "$BASE/jwks" "$BASE/other" --header @headers
  expect_status 0
  run_jwtctl jwks diff "$BASE/jwks" "$PROXY/jwks"
  expect_status 1
}

@test "no header of the user on the command line, and no nonsense in the file" {
  fetch "$BASE/jwks" --header 'X-Api-Key: hunter2'
  expect_error 2 @FILE
  nothing_has hunter2
  for text in 'no colon hunter2' ': hunter2' 'A B: hunter2' $'A: b\x01hunter2' $'A: b\rhunter2: c' ''; do
    printf '%s\n' "$text" >headers
    fetch "$BASE/jwks" --header @headers
    expect_error 3 --header || complain "$text"
    nothing_has hunter2
  done
  fetch "$BASE/jwks" --header @missing
  expect_error 3 'what it names is no file'
  requests_are 0
}

@test "what is sent says who asks and what for, and no more" {
  fetch "$BASE/jwks"
  sent 'user-agent: jwtctl'
  sent 'accept: application/jwk-set+json'
  never_sent authorization
  never_sent cookie
}

@test "a netrc of the user is not read" {
  mkdir -p "$HOME"
  printf 'machine 127.0.0.1 login user password hunter2\ndefault login user password hunter2\n' >"$HOME/.netrc"
  chmod 600 "$HOME/.netrc"
  fetch "$BASE/jwks"
  expect_status 0
  never_sent authorization
}
