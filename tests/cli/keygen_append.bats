#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# keygen --out-jwks --append: what is kept, what is refused, many processes at once, kills.

load helper
load keys

setup() { in_a_folder; }

# append ARGUMENT...: adds a key to set.json, with its private half in new.jwk.
append() { keygen --out-private new.jwk --out-jwks set.json --append "$@"; }

kids() { jq -c '[.keys[].kid]' "${1:-set.json}"; }

@test "the first key makes the set, further ones go to its end" {
  for kid in a b c; do
    keygen --out-private $kid.jwk --out-jwks set.json --append --kid $kid
    expect_status 0
    stdout_is_empty
  done
  json_file set.json '[.keys[].kid]' '["a","b","c"]'
  json_file set.json '.keys[2]' "$(jq -c 'del(.d)' c.jwk)"
  files_are a.jwk b.jwk c.jwk set.json
}

@test "only public members get in, of every kind of key" {
  for alg in "RS256 --bits 2048" ES256 ES384 ES512 ES256K Ed25519 Ed448; do
    keygen -a $alg --out-private "${alg%% *}.jwk" --out-jwks set.json --append
    expect_status 0
  done
  json_file set.json '[.keys[] | keys[]] | unique' '["alg","crv","e","kid","kty","n","use","x","y"]'
  json_file set.json '[.keys[].kty] | unique' '["EC","OKP","RSA"]'
  for file in *.jwk; do
    for private in d p q dp dq qi; do
      value=$(jq -r ".$private // empty" "$file")
      if [ -n "$value" ] && grep -qF -- "$value" set.json; then complain "$private of $file is public"; fi
    done
  done
  refuses 2 "no public half" append -a HS256
}

@test "unknown members, their order and the text of numbers are kept" {
  cat >set.json <<'JSON'
{"x-first": 1.50, "keys": [
  {"zz": [1e2, {"b": null, "a": 12345678901234567890}], "kty": "NEW", "kid": "odd", "x5t": "AA"},
  {"alg": "ES256", "kty": "EC"}], "last": {"é": "\u00e9"}, "a": true}
JSON
  cp set.json ../before
  append --kid new
  expect_status 0
  json_file set.json 'keys_unsorted' '["x-first","keys","last","a"]'
  json_file set.json 'del(.keys[2])' "$(jq -c . ../before)"
  json_file set.json '.keys[0] | keys_unsorted' '["zz","kty","kid","x5t"]'
  json_file set.json '[.keys[].kid]' '["odd",null,"new"]'
  for text in 1.50 1e2 12345678901234567890; do grep -qF -- "$text" set.json; done
  if grep -q 'e+' set.json; then complain "a number was rewritten"; fi
}

@test "the mode of the set stays" {
  for mode in 600 640 644 666; do
    echo '{"keys":[]}' >set.json
    chmod $mode set.json
    append
    expect_status 0
    mode_is $mode set.json
    rm new.jwk
  done
}

@test "who has the old set open keeps reading the old one" {
  echo '{"keys":[]}' >set.json
  exec 7<set.json
  append
  expect_status 0
  [ "$(cat <&7)" == '{"keys":[]}' ]
  exec 7<&-
  json_file set.json '.keys | length' 1
}

@test "a kid that the set has is refused, with --force too" {
  append --kid a
  rm new.jwk
  refuses 3 'the kid "a" already' append --kid a
  stderr_has "jwtctl: hint: " "set.json"
  refuses 3 'the kid "a" already' append --kid a --force
  refuses 3 'the kid "a" already' append --kid a --alg EdDSA
  echo '{"keys":[{"kty":"NEW","kid":"b"}]}' >set.json # also that of a key nobody knows
  refuses 3 'the kid "b" already' append --kid b
  refuses 3 'the kid "b" already' keygen --out-private - --out-jwks set.json --append --kid b
  append --kid B
  expect_status 0
}

@test "what is no key set is refused" {
  for content in '' ' ' 'nope' '[]' '{}' '{"keys":{}}' '{"keys":null}' '"keys"' '{"keys":[]' \
    '{"keys":[]}{}' '{"keys":[],"keys":[]}' '{"kty":"EC","kid":"a"}' '{"issuer":"https://id.test","jwks_uri":"x"}'; do
    printf '%s' "$content" >set.json
    refuses 3 "--out-jwks set.json" append
    files_are set.json
  done
  stderr_has "no key set" "jwtctl: hint: "
  openssl genpkey -algorithm ED25519 -out set.json
  refuses 3 "--out-jwks set.json" append
  printf '\0\1\2\377' >set.json
  refuses 3 "--out-jwks set.json" append
}

@test "a set that verifiers would refuse is not made" {
  echo '{"keys":[{"kty":"oct","k":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8","kid":"s"}]}' >set.json
  refuses 3 "mixes" append
  jwks "$("$JWTCTL" keygen -q --kid a | jq -c 'del(.d)')" "$("$JWTCTL" keygen -q --kid a | jq -c 'del(.d)')" >set.json
  refuses 3 'kid "a"' append
  jq -nc '{keys:[range(1000) | {kty:"NEW",kid:"\(.)"}]}' >set.json # as many as a set may have
  refuses 3 "1000" append
}

@test "a set over 1 MiB is refused, before and after" {
  pad() { { echo '{"keys":[]}'; repeat "$1" ' '; } | head -c "$1" >set.json; }
  pad 1048577
  refuses 3 1048576 append
  jq -nc --arg pad "$(repeat 100000 x)" '{keys:[],pad:[range(10)|$pad],more:$pad[0:48400]}' >set.json
  [ "$(stat -c %s set.json)" -lt 1048576 ]
  refuses 3 1048576 append
  pad 1048576 # blanks do not count: they are written anew
  append
  expect_status 0
  json_file set.json '.keys | length' 1
}

@test "a symbolic link to elsewhere is refused" {
  mkdir elsewhere
  echo '{"keys":[]}' >elsewhere/set.json
  ln -s elsewhere/set.json set.json
  refuses 5 "set.json is a symbolic link" append
  stderr_has "jwtctl: hint: "
  refuses 5 "symbolic link" append --force
  ln -sf missing set.json
  refuses 5 "set.json is a symbolic link" append
}

@test "what is no regular file is refused, without waiting for a pipe" {
  mkfifo set.json
  refuses 5 "set.json" append
  rm set.json
  mkdir set.json
  refuses 5 "set.json" append
  refuses 5 "missing/set.json" keygen --out-private new.jwk --out-jwks missing/set.json --append
}

@test "a set that we may not write is 5" {
  [ "$(id -u)" -ne 0 ] || skip "root may write everywhere"
  echo '{"keys":[]}' >set.json
  chmod 444 set.json
  refuses 5 "set.json" append
  mkdir folder
  echo '{"keys":[]}' >folder/set.json
  chmod 555 folder
  refuses 5 "folder/set.json" keygen --out-private new.jwk --out-jwks folder/set.json --append
  chmod 755 folder
}

@test "when the private file exists the set is unchanged" {
  echo '{"keys":[]}' >set.json
  echo old >new.jwk
  refuses 5 "new.jwk exists" append
  rm new.jwk
  echo old >new.pub
  refuses 5 "new.pub exists" append --out-public new.pub
}

@test "a file that may not grow so far: the set is unchanged, nothing is left" {
  jq -nc --arg pad "$(repeat 900 x)" '{keys:[],$pad}' >set.json
  limited() {
    run --separate-stderr bash -c 'trap "" XFSZ; ulimit -f 1; "$0" "$@"' \
      "$JWTCTL" keygen --out-private new.jwk --out-jwks set.json --append </dev/null
  }
  refuses 5 "set.json" limited
  files_are set.json
}

@test "a full disk: the set is unchanged, nothing is left" {
  unshare -rm true 2>/dev/null || skip "no file systems may be mounted here"
  mkdir disk
  unshare -rm bash -c 'mount -t tmpfs -o size=16k full disk' || skip "no tmpfs may be mounted here"
  # The file system is gone with the last process that sees it.
  run --separate-stderr unshare -rm bash -c '
    mount -t tmpfs -o size=16k full disk && echo "{\"keys\":[]}" >disk/set.json || exit 99
    cat /dev/zero >disk/fill 2>/dev/null
    status=0
    "$0" "$@" || status=$?
    [ "$(ls -A disk)" == "$(printf "fill\nset.json")" ] || exit 98
    [ "$(cat disk/set.json)" == "{\"keys\":[]}" ] || exit 97
    exit $status' "$JWTCTL" keygen --out-private new.jwk --out-jwks disk/set.json --append </dev/null
  expect_error 5 "No space"
  stdout_is_empty
  files_are disk
}

@test "fifty processes at once leave fifty keys" {
  for i in $(seq 50); do
    "$JWTCTL" keygen -q --out-private "k$i.jwk" --out-jwks x.json --append </dev/null 2>>../said &
  done
  wait
  [ ! -s ../said ] || complain "$(<../said)"
  json_file x.json '[.keys | length, (map(.kid) | unique | length)]' '[50,50]'
  [ "$(jq -Sc 'del(.d)' k*.jwk | sort)" == "$(jq -Sc '.keys[]' x.json | sort)" ]
  files_are $({ printf 'k%d.jwk\n' $(seq 50); echo x.json; } | LC_ALL=C sort)
}

@test "kill -9 at any time leaves a set that can be read, the old one or the new one" {
  keygen --out-private k.jwk --out-jwks set.json --append
  read -r start _ </proc/uptime
  for _ in 1 2 3 4; do keygen; done
  read -r end _ </proc/uptime
  killed=0
  for i in $(seq 60); do
    before=$(jq '.keys | length' set.json)
    delay=$(awk "BEGIN { print 0.0005 + ($end - $start) / 4 * 1.2 * $i / 60 }")
    code=0
    timeout -s KILL "$delay" "$JWTCTL" keygen -q --out-private "k$i.jwk" --out-jwks set.json --append \
      </dev/null 2>/dev/null || code=$?
    after=$(jq -e '.keys | length' set.json) || complain "broken after $delay s"
    [ "$code" -eq 137 ] && killed=$((killed + 1)) && [ "$after" -ge "$before" ] &&
      [ "$after" -le $((before + 1)) ] || [ "$code$after" == "0$((before + 1))" ]
  done
  [ "$killed" -gt 0 ]
  append # no lock is left behind
  expect_status 0
}

@test "kill -9 before each system call that changes files leaves the old set or the new one" {
  needs_strace
  for call in write fchmod fsync rename link unlink; do
    for first in yes no; do
      rm -f ./*
      [ $first == yes ] || { append --kid a && rm new.jwk; }
      for nth in 1 2 3; do
        rm -f new.jwk
        cp set.json ../before 2>/dev/null || rm -f ../before
        traced "inject=$call:signal=KILL:when=$nth" keygen --out-private new.jwk --out-jwks set.json --append
        if [ -e set.json ]; then jq -e .keys set.json >/dev/null; elif [ -e ../before ]; then complain "the set is gone"; fi
        if [ -e ../before ]; then json_file set.json '.keys[0].kid' "$(jq -c '.keys[0].kid' ../before)"; fi
      done
    done
  done
  rm -f new.jwk
  append
  expect_status 0
}
