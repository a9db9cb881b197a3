#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# From an issuer to its key set: both well-known forms, issuers with a path, and every document that
# must not be believed. "Public" issuers are this machine under another name.

load ../cli/helper
load network

setup_file() {
  cd "$BATS_FILE_TMPDIR"
  make_generations
  make_ca
  make_certificate good DNS:id.example.com,DNS:keys.example.com,IP:127.0.0.1
  start_server plain
  export PLAIN_SERVER=$SERVER PLAIN=$BASE PLAIN_PORT=$PORT PLAIN_PID=$SERVER_PID
  # Not on loopback, which a public issuer may not lead to.
  export ADDRESS=127.0.0.1 OUTSIDE
  OUTSIDE=$(hostname -I 2>/dev/null | tr ' ' '\n' | grep -m1 -E '^(10|172|192)\.') || true
  [ -z "$OUTSIDE" ] || ADDRESS=$OUTSIDE
  start_server public --certificate good.pem --key good.key --address "$ADDRESS"
  export PUBLIC_SERVER=$SERVER PUBLIC_PORT=$PORT PUBLIC_PID=$SERVER_PID
  export PUBLIC=https://id.example.com:$PORT
}
teardown_file() {
  stop_server "$PUBLIC_PID"
  stop_server "$PLAIN_PID"
}

setup() {
  SERVER=$PUBLIC_SERVER && in_a_new_world
  rmdir "$BATS_TEST_TMPDIR/work"
  SERVER=$PLAIN_SERVER BASE=$PLAIN && in_a_new_world
  put jwks "$OLD_SET"
}

# public: what follows is about the server that looks public.
public() { SERVER=$PUBLIC_SERVER BASE=$PUBLIC; }

# fetch_public ARGUMENT...: with its certificate and address.
fetch_public() {
  fetch "$@" --cacert "$BATS_FILE_TMPDIR/ca.pem" --retries 0 \
    --resolve "id.example.com:$PUBLIC_PORT:$ADDRESS" --resolve "keys.example.com:$PUBLIC_PORT:127.0.0.1"
}

# refuses_document TEXT [OPTION...]: the issuer $ISSUER has a document that is refused, 4; the set
# is not asked for, and nothing is kept.
refuses_document() {
  clear_log
  fetch --issuer "$ISSUER" --refresh -f json "${@:2}"
  fails 4 'network.*' "$1" && never_sent /jwks && no_copies || return
  verify_issuer "$(token_of old)" "${@:2}"
  expect_error 4 "$1" && stdout_is_empty
}

@test "the metadata of OpenID Connect, and where they lead" {
  put_issuer
  fetch --issuer "$ISSUER" -f json
  expect_status 0
  json '[.url, .keys[0].kid]' "[\"$BASE/jwks\",\"old\"]"
  asked_for /.well-known/openid-configuration /jwks
  copies_number 2
  clear_log
  verify_issuer "$(token_of old)"
  expect_status 0
  stdout_has "$BASE/jwks" copy
  requests_are 0
}

@test "an issuer that ends in a slash is asked without it, and must be the same with it" {
  put_issuer / && ISSUER=$BASE/
  verify_issuer "$(token_of old)"
  expect_status 0
  asked_for /.well-known/openid-configuration /jwks
}

@test "an issuer with a path: appended for OpenID Connect" {
  put_issuer /tenant/1
  verify_issuer "$(token_of old)"
  expect_status 0
  asked_for /tenant/1/.well-known/openid-configuration /jwks
  rm -rf "$XDG_CACHE_HOME"
  verify_issuer "$(token_of old)" --discovery oidc
  expect_status 0
}

@test "an issuer with a path: inserted for RFC 8414, after the other place was asked" {
  put_issuer /tenant/1
  mkdir -p "$SERVER/www/.well-known/oauth-authorization-server/tenant"
  mv "$SERVER/www/tenant/1/.well-known/openid-configuration" \
    "$SERVER/www/.well-known/oauth-authorization-server/tenant/1"
  verify_issuer "$(token_of old)"
  expect_status 0
  asked_for /tenant/1/.well-known/openid-configuration /.well-known/oauth-authorization-server/tenant/1 /jwks
  rm -rf "$XDG_CACHE_HOME"
  clear_log
  fetch --issuer "$ISSUER" --discovery oauth
  expect_status 0
  asked_for /.well-known/oauth-authorization-server/tenant/1 /jwks
  clear_log
  rm -rf "$XDG_CACHE_HOME"
  fetch --issuer "$ISSUER" --discovery oidc
  expect_error 4 "$BASE/tenant/1/.well-known/openid-configuration" "status 404"
  requests_are 1
}

@test "metadata in neither place: the error names the first" {
  ISSUER=$BASE/nowhere
  fetch --issuer "$ISSUER" -f json
  fails 4 network.status "$BASE/nowhere/.well-known/openid-configuration answers with status 404"
  asked_for /nowhere/.well-known/openid-configuration /.well-known/oauth-authorization-server/nowhere
  no_copies
}

@test "a refused document is not looked for elsewhere" {
  put_issuer '' '.issuer = "https://evil.example.com"'
  put .well-known/oauth-authorization-server "{\"issuer\":\"$BASE\",\"jwks_uri\":\"$BASE/jwks\"}"
  refuses_document "https://evil.example.com"
  never_sent oauth-authorization-server
}

@test "--discovery-url is the place of the document, whose issuer must still be the same" {
  put metadata "{\"issuer\":\"https://id.example.com\",\"jwks_uri\":\"$BASE/jwks\"}"
  put_issuer && mv "$SERVER/www/.well-known/openid-configuration" "$SERVER/www/elsewhere"
  verify_issuer "$(token_of old)" --discovery-url "$BASE/elsewhere"
  expect_status 0
  asked_for /elsewhere /jwks
  fetch --issuer "$ISSUER" --discovery-url "$BASE/metadata"
  expect_error 4 "https://id.example.com" "$ISSUER"
  for url in http://id.example.com/x nonsense ''; do
    fetch --issuer "$ISSUER" --discovery-url "$url"
    expect_status 2 || complain "$url"
  done
}

@test "a slash of difference: both values, and the likely cause" {
  put_issuer '' '.issuer += "/"'
  refuses_document "\"$BASE/\", not of \"$BASE\""
  stderr_has slash
  put_issuer /t '.issuer |= rtrimstr("/t") + "/t/"'
  refuses_document slash
}

@test "other differences: case, a template, another issuer, another scheme or port" {
  put_issuer /Tenant '.issuer |= ascii_downcase'
  refuses_document "upper and lower case"
  put_issuer /tenant '.issuer = "https://login.example.com/{tenantid}/v2.0"'
  refuses_document template
  put_issuer '' '.issuer = "https://other.example.com"'
  refuses_document "is that whom you trust"
  put_issuer '' '.issuer |= sub("http:"; "https:")'
  refuses_document "\"${BASE/http:/https:}\""
  put_issuer '' '.issuer += "\u202e\u001b[31m"'
  refuses_document "$BASE"
  nothing_has $'\e' $'\u202e'
}

@test "documents without what is needed" {
  put_issuer '' 'del(.issuer)'
  refuses_document "names no issuer"
  put_issuer '' '.issuer = [.issuer]'
  refuses_document issuer
  put_issuer '' 'del(.jwks_uri)'
  refuses_document "no jwks_uri"
  put_issuer '' '.jwks_uri = {}'
  refuses_document jwks_uri
  put_issuer '' '.jwks_uri = ""'
  refuses_document jwks_uri
  for body in '<html>' '' '[]' '{' "$OLD_SET"; do
    put .well-known/openid-configuration "$body"
    refuses_document "discovery document" || complain "$body"
  done
}

@test "a document that is too large, or redirects too often" {
  put_issuer
  put .well-known/openid-configuration "$(<"$SERVER/www/.well-known/openid-configuration")$(repeat 1048576 ' ')"
  refuses_document "larger than 1048576 bytes"
  answer .well-known/openid-configuration '!status 302' 'Location: openid-configuration'
  refuses_document "redirects more than 3 times"
}

@test "a duplicate issuer or jwks_uri is no document" {
  ISSUER=$BASE
  put .well-known/openid-configuration \
    "{\"issuer\":\"https://other.example.com\",\"issuer\":\"$BASE\",\"jwks_uri\":\"$BASE/jwks\"}"
  refuses_document issuer
}

@test "a good copy of the document survives a bad one" {
  put_issuer '' '.jwks_uri += ""'
  fetch --issuer "$ISSUER"
  expect_status 0
  age_copies 7200
  keep_copies
  put_issuer '' '.issuer = "https://other.example.com"'
  fetch --issuer "$ISSUER"
  expect_error 4 "https://other.example.com"
  copies_are_unchanged
  verify_issuer "$(token_of old)" --offline
  expect_status 0
}

@test "an issuer that is refused before anything is asked" {
  for issuer in http://id.example.com "$BASE?tenant=1" "$BASE/#x" id.example.com ftp://id.example.com \
    "http://user:secret@127.0.0.1" '' 'https://' 'https://a b'; do
    fetch --issuer "$issuer"
    expect_status 2 || complain "$issuer"
    nothing_has secret
  done
  requests_are 0
}

@test "a public issuer and its set" {
  [ -n "$OUTSIDE" ] || skip "this machine has no address but loopback"
  public
  put_issuer
  put jwks "$OLD_SET"
  fetch_public --issuer "$ISSUER" -f json
  expect_status 0
  json '[.url, .keys[0].kid]' "[\"$PUBLIC/jwks\",\"old\"]"
}

# jwks_uri_is_refused URI: in the document of a public issuer.
jwks_uri_is_refused() {
  SERVER=$PLAIN_SERVER clear_log
  public
  put_issuer '' ".jwks_uri = \"$1\""
  clear_log
  fetch_public --issuer "$ISSUER" -f json "${@:2}"
  fails 4 'network.*' && no_copies && requests_are 1 || complain "$1" || return
  SERVER=$PLAIN_SERVER requests_are 0
}

@test "a public issuer whose jwks_uri is http" {
  jwks_uri_is_refused "http://id.example.com:$PUBLIC_PORT/jwks"
  stderr_has "is not https"
  jwks_uri_is_refused "http://id.example.com/jwks" --allow-http
  jwks_uri_is_refused "HTTP://id.example.com/jwks"
  for uri in ftp://id.example.com/jwks file:///etc/passwd 'https://user:secret@id.example.com/' /jwks; do
    jwks_uri_is_refused "$uri"
    nothing_has secret
  done
}

@test "a public issuer whose jwks_uri is on loopback" {
  for host in 127.0.0.1 127.9.9.9 localhost LOCALHOST a.localhost '[::1]' '[0:0:0:0:0:0:0:1]' \
    0.0.0.0 '[::]' 2130706433 0x7f000001 '[::ffff:127.0.0.1]' 127.1; do
    jwks_uri_is_refused "https://$host:$PUBLIC_PORT/jwks"
    stderr_has loopback || complain "$host"
    jwks_uri_is_refused "http://$host:$PLAIN_PORT/jwks" --allow-http
  done
}

@test "a public issuer whose jwks_uri is a name that leads to loopback" {
  jwks_uri_is_refused "https://keys.example.com:$PUBLIC_PORT/jwks"
  stderr_has "a loopback address, which is refused"
}

@test "a name that leads to loopback, past a proxy that is not for it" {
  jwks_uri_is_refused "https://keys.example.com:$PUBLIC_PORT/jwks" --proxy http://127.0.0.1:9 --noproxy '*'
  stderr_has "a loopback address, which is refused"
}

@test "a jwks_uri on a link-local or metadata address, of a public issuer and of one on loopback" {
  for host in 169.254.169.254 '[fe80::1]' '[fd00:ec2::254]' 100.100.100.200 '[::ffff:a9fe:a9fe]'; do
    rm -rf "$XDG_CACHE_HOME"
    jwks_uri_is_refused "https://$host/jwks"
    stderr_has "link-local" || complain "$host"
    SERVER=$PLAIN_SERVER BASE=$PLAIN
    put_issuer '' ".jwks_uri = \"https://$host/jwks\""
    verify_issuer "$(token_of old)" --refresh --retries 0
    expect_error 4 link-local || complain "$host"
    [ ! -e "$(entry_of "https://$host/jwks")" ]
  done
}

@test "an issuer on loopback may lead to loopback by http, but not elsewhere by http" {
  put_issuer '' '.jwks_uri |= sub("127.0.0.1"; "localhost")'
  fetch --issuer "$ISSUER"
  expect_status 0
  rm -rf "$XDG_CACHE_HOME"
  put_issuer '' '.jwks_uri = "http://id.example.com/jwks"'
  # Not 2: it is the document that is wrong, not what the user has typed.
  verify_issuer "$(token_of old)" --retries 0
  expect_error 4 jwks_uri
}
