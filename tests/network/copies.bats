#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The files of the copies: where they are, who may read them, and what makes one worthless.

load ../cli/helper
load network

setup_file() {
  make_generations
  cd "$BATS_FILE_TMPDIR"
  make_ca
  make_ec client.key
  openssl req -x509 -new -key client.key -subj /CN=client -days 3 -out client.pem
  start_server
}
teardown_file() { stop_server "$SERVER_PID"; }
setup() { in_a_new_world; }

# is_a_miss COMMAND...: what it does to a fresh copy of the old set makes the copy worthless. The
# server has the new one by now; the old one must not verify anything.
is_a_miss() {
  rm -rf "$XDG_CACHE_HOME"
  plant "$BASE/jwks" "$OLD_SET"
  put jwks "$NEW_SET"
  COPY=$(entry_of "$BASE/jwks")
  verify_with "$BASE/jwks" "$OLD"
  expect_status 0 || return
  "$@" || return
  verify_with "$BASE/jwks" "$OLD" --offline
  expect_error 4 --offline || return
  clear_log
  verify_with "$BASE/jwks" "$OLD"
  expect_status 12 && requests_are 1 || return
  verify_with "$BASE/jwks" "$NEW"
  expect_status 0
}

@test "one file for each URL, named by its hash, for the owner alone" {
  put jwks "$OLD_SET"
  put other "$NEW_SET"
  umask 000
  fetch "$BASE/jwks"
  fetch "$BASE/other"
  fetch "$BASE/other?x=1"
  copies_number 3
  [ "$(stat -c %a "$CACHE")" = 700 ]
  for path in jwks other 'other?x=1'; do [ "$(stat -c %a "$(entry_of "$BASE/$path")")" = 600 ]; done
  [ -z "$(find "$CACHE" -type f -perm /077)" ]
  copy_has "$BASE/jwks" '[.version, .url, .etag, .forced_at]' "[1,\"$BASE/jwks\",\"\",0]"
  [ "$(jq -r .body_sha256 "$(entry_of "$BASE/jwks")")" = "$(printf %s "$OLD_SET" | sha256sum | cut -d' ' -f1)" ]
}

@test "without XDG_CACHE_HOME it is ~/.cache, and so with a relative one" {
  put jwks "$OLD_SET"
  mkdir "$HOME"
  for value in '' relative; do
    XDG_CACHE_HOME=$value run_jwtctl jwks fetch "$BASE/jwks"
    expect_status 0
    [ "$(find "$HOME/.cache/jwtctl/jwks" -name '*.json' | wc -l)" = 1 ]
    [ ! -e relative ]
    rm -r "$HOME/.cache"
  done
  unset XDG_CACHE_HOME HOME
  fetch "$BASE/jwks"
  expect_status 0
  fetch "$BASE/jwks" --offline
  expect_error 2 --offline --cache-dir
}

@test "--cache-dir is another place, for writing and for reading" {
  put jwks "$OLD_SET"
  fetch "$BASE/jwks" --cache-dir here
  expect_status 0
  [ "$(find here -name '*.json' | wc -l)" = 1 ]
  [ ! -e "$XDG_CACHE_HOME" ]
  clear_log
  verify_with "$BASE/jwks" "$OLD" --cache-dir here --offline
  expect_status 0
  verify_with "$BASE/jwks" "$OLD" --offline
  expect_error 4 "no copy"
  requests_are 0
}

@test "corrupted: the body does not match its hash" {
  is_a_miss change_copies '.body |= (fromjson | .keys[0].x = "AAAA" | tojson)'
  is_a_miss change_copies "$(jq -nc --arg body "$(jwks "$(<"$BATS_FILE_TMPDIR/lost.jwk")")" '{body: $body}' |
    sed 's/^/. + /')"
  verify_with "$BASE/jwks" "$LOST"
  expect_status 12
}

@test "truncated, empty, no JSON, another version, another URL, members of other types" {
  is_a_miss truncate -s 200 "$(entry_of "$BASE/jwks")"
  is_a_miss truncate -s 0 "$(entry_of "$BASE/jwks")"
  is_a_miss truncate -s -2 "$(entry_of "$BASE/jwks")"
  is_a_miss dd if=/dev/urandom of="$(entry_of "$BASE/jwks")" bs=300 count=1 conv=notrunc status=none
  for filter in '.version = 2' 'del(.version)' '.url += "x"' '.lifetime = "3600"' 'del(.validated_at)' \
    '.validated_at = 1e99' '.validated_at = null' '.body = {}' '.body_sha256 = ""' '[.]'; do
    is_a_miss change_copies "$filter" || complain "$filter"
  done
}

@test "dates that no server could have caused" {
  for filter in '.lifetime = 86401' '.lifetime = -1' '.stale_if_error = 86401' '.validated_at += 3600' \
    '.fetched_at += 3600' '.validated_at = 99999999999999'; do
    is_a_miss change_copies "$filter" || complain "$filter"
  done
}

@test "a clock that is a little ahead is forgiven, and does not make a copy last longer" {
  plant "$BASE/jwks" "$OLD_SET" '{lifetime:60}'
  age_copies -20
  put jwks "$NEW_SET"
  verify_with "$BASE/jwks" "$OLD"
  expect_status 0
  requests_are 0
}

@test "writable by others, a symbolic link, a folder, a pipe" {
  is_a_miss chmod 0620 "$(entry_of "$BASE/jwks")"
  is_a_miss chmod 0602 "$(entry_of "$BASE/jwks")"
  link() { mv "$COPY" elsewhere && ln -s "$PWD/elsewhere" "$COPY"; }
  is_a_miss link
  [ ! -L "$COPY" ]
  pipe() { rm "$COPY" && mkfifo "$COPY"; }
  is_a_miss pipe
  # Nothing can be put where a folder is: a warning each time.
  rm -rf "$XDG_CACHE_HOME" && mkdir -p "$(entry_of "$BASE/jwks")"
  verify_with "$BASE/jwks" "$NEW"
  expect_status 0
  stderr_has "no copy is kept"
}

@test "of another owner" {
  [ "$(id -u)" -eq 0 ] || skip "only root can give files away"
  is_a_miss chown 65534 "$(entry_of "$BASE/jwks")"
  # It has been replaced by one of ours.
  [ "$(stat -c %u "$COPY")" = 0 ]
}

@test "a planted copy that only an odd server could send does not pass" {
  for body in '<html>' '{"keys":[]}' '{"keys":[{"kty":"oct","k":"AAAA","kid":"old"}]}' \
    "$(jq -c '.keys[0].d = "AAAA"' <<<"$OLD_SET")"; do
    rm -rf "$XDG_CACHE_HOME"
    plant "$BASE/jwks" "$body"
    put jwks "$NEW_SET"
    verify_with "$BASE/jwks" "$OLD" --offline
    expect_error 4 "no copy" || complain "$body"
    verify_with "$BASE/jwks" "$NEW"
    expect_status 0
  done
}

# leaves_no_trace OPTION...: an odd run, which meets other keys, between two plain ones.
leaves_no_trace() {
  rm -rf "$XDG_CACHE_HOME"
  put jwks "$OLD_SET"
  verify_with "$BASE/jwks" "$OLD"
  expect_status 0 || return
  local before
  before=$(find "$XDG_CACHE_HOME" -printf '%p %s %T@\n')
  put jwks "$NEW_SET"
  clear_log
  verify_with "$BASE/jwks" "$NEW" "$@"
  expect_status 0 && requests_are 1 || return
  # It does not use the copy either.
  verify_with "$BASE/jwks" "$OLD" "$@"
  expect_status 12 && requests_are 2 || return
  [ "$(find "$XDG_CACHE_HOME" -printf '%p %s %T@\n')" == "$before" ] || complain "the folder has changed" || return
  clear_log
  verify_with "$BASE/jwks" "$OLD"
  expect_status 0 && requests_are 0 || return
  # Nor does it leave anything where nothing was.
  rm -rf "$XDG_CACHE_HOME"
  verify_with "$BASE/jwks" "$NEW" "$@"
  expect_status 0 && [ ! -e "$XDG_CACHE_HOME" ]
}

@test "a run with --cacert, --resolve, --proxy, --header or --cert leaves no trace" {
  printf 'X-Api-Key: 1\n' >headers
  leaves_no_trace --cacert "$BATS_FILE_TMPDIR/ca.pem"
  leaves_no_trace --resolve "127.0.0.1:$PORT:127.0.0.1"
  leaves_no_trace --header @headers
  leaves_no_trace --proxy "$BASE" --noproxy nobody.example.com
  leaves_no_trace --cert "$BATS_FILE_TMPDIR/client.pem" --cert-key "$BATS_FILE_TMPDIR/client.key"
  leaves_no_trace --no-cache
}

@test "an odd run does not use --cache-dir either" {
  put jwks "$OLD_SET"
  fetch "$BASE/jwks" --cache-dir here --resolve "127.0.0.1:$PORT:127.0.0.1"
  expect_status 0
  [ -z "$(find here -name '*.json' 2>/dev/null)" ]
}
