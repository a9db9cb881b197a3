#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# keygen and its files: modes, exclusive creation, --force, places that are none, terminals, disks.

load helper
load keys

setup() { in_a_folder; }

@test "private files have mode 0600 whatever the umask, public ones what it says" {
  for mask in 000:666 022:644 077:600 027:640; do
    umask "${mask%:*}"
    keygen --out-private k.jwk --out-public p.jwk --out-jwks set.json
    expect_status 0
    mode_is 600 k.jwk
    mode_is "${mask#*:}" p.jwk
    mode_is "${mask#*:}" set.json
    rm ./*
    keygen --out-private k.jwk --out-jwks set.json --append
    expect_status 0
    mode_is 600 k.jwk
    mode_is "${mask#*:}" set.json
    rm ./*
  done
  umask 022
}

@test "a umask of 0777 takes nothing away from the owner of the private file" {
  for encoding in jwk pem der; do
    run --separate-stderr bash -c 'umask 0777; "$0" "$@"' \
      "$JWTCTL" keygen --encoding $encoding --out-private k.$encoding </dev/null
    expect_status 0
    mode_is 600 k.$encoding
    [ -s k.$encoding ]
  done
  run --separate-stderr bash -c 'umask 0777; "$0" "$@"' "$JWTCTL" keygen -o o.jwk </dev/null
  expect_status 0
  mode_is 600 o.jwk
}

@test "the private file is opened with O_EXCL and 0600 and gets no other mode" {
  needs_strace
  umask 000
  traced trace=file,fchmod,fchmodat,desc keygen --out-private k.jwk --out-jwks set.json
  expect_status 0
  # It is complete before it gets its name, which rename then gives to it alone.
  grep -E '"k\.jwk(\.\w+)?"' ../trace >opened
  grep -E 'open(at)?\(.*"k\.jwk(\.\w+)?", .*O_CREAT.*O_EXCL.*, 0600\)' opened
  if grep -E 'O_CREAT' opened | grep -vE 'O_EXCL.*, 0600\)'; then complain "opened otherwise"; fi
  if grep -E 'chmod(at)?\(.*"k\.jwk' opened; then complain "chmod by name"; fi
  # Whatever else is done to its descriptor until it is closed.
  fd=$(sed -nE 's/.*open(at)?\(.*"k\.jwk.*O_CREAT.* = ([0-9]+)$/\2/p' opened | head -n 1)
  sed -E "0,/\"k\.jwk.*O_EXCL/d; /close\($fd\)/q" ../trace >then
  if grep -E "chmod\($fd, " then | grep -vE "chmod\($fd, 0600\)"; then complain "another mode"; fi
  grep -E "write\($fd, " then
  mode_is 600 k.jwk
}

@test "-o is a place for the private half as good as --out-private" {
  umask 000
  keygen -o k.jwk
  expect_status 0
  stdout_is_empty
  mode_is 600 k.jwk
  jq -e .d k.jwk
  refuses 5 "k.jwk exists" keygen -o k.jwk
  keygen -f json -o report.json
  expect_status 0
  mode_is 600 report.json
  json_file report.json '.private_jwk | has("d")' true
  changes_nothing keygen -f json -o report.json
  expect_error 5 "report.json exists"
  refuses 2 "both name a place" keygen -o a --out-private b
  umask 022
  keygen -f json -o public.json --out-private b
  mode_is 644 public.json
  json_file public.json 'has("private_jwk")' false
}

@test "a second keygen to the same file is 5 and changes nothing" {
  keygen -a ES256 --out-private k.jwk --out-jwks jwks.json
  expect_status 0
  refuses 5 "k.jwk exists" keygen -a ES256 --out-private k.jwk --out-jwks jwks.json
  stderr_has "jwtctl: hint: " --force
  refuses 5 "k.jwk exists" keygen --out-private k.jwk
  refuses 5 "k.jwk exists" keygen --out-private k.jwk --out-jwks jwks.json --append
  refuses 5 "jwks.json exists" keygen --out-private new.jwk --out-jwks jwks.json
  refuses 5 "jwks.json exists" keygen --out-private new.jwk --out-public jwks.json
  refuses 5 "jwks.json exists" keygen --out-private new.jwk --out-public new.pub --out-jwks jwks.json
  files_are jwks.json k.jwk
}

@test "of two at once to one file exactly one wins" {
  for i in $(seq 8); do
    { status=0; "$JWTCTL" keygen --out-private k.jwk </dev/null 2>/dev/null || status=$?; echo $status >../status.$i; } &
  done
  wait
  [ "$(sort ../status.* | xargs)" == "0 5 5 5 5 5 5 5" ]
  jq -e .d k.jwk
  files_are k.jwk
}

@test "--force overwrites, and what is private is 0600 afterwards" {
  for file in k.jwk p.jwk set.json; do echo old >$file; done
  chmod 644 k.jwk
  chmod 640 p.jwk
  chmod 664 set.json
  keygen --force --out-private k.jwk --out-public p.jwk --out-jwks set.json
  expect_status 0
  mode_is 600 k.jwk
  mode_is 640 p.jwk
  mode_is 664 set.json
  json_file k.jwk 'del(.d)' "$(jq -c . p.jwk)"
  json_file set.json '.keys[0]' "$(jq -c . p.jwk)"
  files_are k.jwk p.jwk set.json
}

@test "--force: no byte of the new key is ever in the old file" {
  echo old >k.jwk
  ln k.jwk ../other # a hard link keeps the old file
  exec 7<k.jwk
  keygen --force --out-private k.jwk
  expect_status 0
  [ "$(cat <&7)" == old ]
  [ "$(<../other)" == old ]
  exec 7<&-
}

@test "a symbolic link is neither followed nor replaced" {
  echo old >target
  ln -s target link
  ln -s nowhere dangling
  for link in link dangling; do
    refuses 5 "$link" keygen --out-private $link
    refuses 5 "$link" keygen --out-private $link --force
    refuses 5 "$link" keygen --out-private k --out-public $link
    refuses 5 "$link" keygen --out-private k --out-jwks $link
  done
  files_are dangling link target
}

@test "places that are none: a missing folder, a folder, a file as folder" {
  mkdir folder
  touch file
  for option in --out-private "--out-private k --out-public" "--out-private k --out-jwks" -o; do
    for place in missing/k folder file/k; do
      refuses 5 "$place" keygen $option $place
      refuses 5 "$place" keygen --force $option $place
    done
  done
  files_are file folder
}

@test "a folder that we may not write is 5" {
  [ "$(id -u)" -ne 0 ] || skip "root may write everywhere"
  mkdir folder
  chmod 555 folder
  refuses 5 "folder/k" keygen --out-private folder/k
  refuses 5 "folder/p" keygen --out-private k --out-public folder/p
  chmod 755 folder
}

@test "where the private half would go nowhere it is 2" {
  refuses 2 "nowhere" keygen --out-jwks x.json
  stderr_has "jwtctl: hint: " --out-private
  refuses 2 "nowhere" keygen --out-public p.jwk
  refuses 2 "nowhere" keygen --out-jwks x.json --append
  changes_nothing keygen --out-jwks x.json -f json
  expect_error 2 "nowhere"
  refuses 2 "--append without" keygen --append --out-private k
}

@test "two outputs in one place are refused, however it is spelled" {
  refuses 2 "two outputs" keygen --out-private k --out-public k
  refuses 2 "two outputs" keygen --out-private k --out-jwks k --append
  refuses 2 "two outputs" keygen --out-private k --out-public p --out-jwks p
  changes_nothing keygen --out-private k --out-public ./k
  [ "$status" -ne 0 ] || complain "both in one file"
  changes_nothing keygen --force --out-private k --out-public ./k
  [ "$status" -ne 0 ] || complain "the public half replaced the private one"
}

@test "-o does not replace what the same run has made" {
  changes_nothing keygen -f json -o k.jwk --out-private k.jwk
  [ "$status" -ne 0 ] || complain "the report replaced the private key"
  changes_nothing keygen -f json -o p.jwk --out-private k.jwk --out-public p.jwk
  [ "$status" -ne 0 ] || complain "the report replaced the public key"
  jwks >set.json
  changes_nothing keygen -f json -o ./set.json --out-private k.jwk --out-jwks set.json --append
  [ "$status" -ne 0 ] || complain "the report replaced the key set"
}

@test "a terminal never sees a private key" {
  for arguments in '' '--out-private -' '-f json' '--out-private - --out-jwks x.json' '-o /dev/stdout' \
    '--encoding pem' '-a HS256'; do
    on_a_terminal "'$JWTCTL' keygen $arguments"
    expect_status 2
    stdout_has "jwtctl: error: a private key is not shown on a terminal" "jwtctl: hint: "
    nothing_has '"d"' '"k"' PRIVATE
    files_are
  done
  on_a_terminal "'$JWTCTL' keygen --out-private k.jwk" # nothing private is shown
  expect_status 0
  files_are k.jwk
}

@test "a terminal by another name neither" {
  shown=
  for place in '--out-private /dev/stdout' '--out-private /dev/tty' '--out-private /dev/fd/1' \
    '-o /dev/fd/1' '-o /dev/tty'; do
    on_a_terminal "'$JWTCTL' keygen $place"
    if [[ $status -eq 0 || $output == *'"d"'* ]]; then shown+=" $place"; fi
  done
  [ -z "$shown" ] || complain "shown with:$shown"
}

@test "- is stdout and never the name of a file" {
  keygen --out-private k.jwk --out-public -
  [ ! -e ./- ] || complain "--out-public made a file with the name -"
  rm -f ./*
  keygen --out-private k.jwk --out-jwks -
  [ ! -e ./- ] || complain "--out-jwks made a file with the name -"
}

@test "devices and pipes are written as they are" {
  keygen --out-private k.jwk --out-public /dev/stdout
  expect_status 0
  json . "$(jq -c 'del(.d)' k.jwk)"
  keygen --out-private p.jwk --out-jwks >(cat >../set.json)
  expect_status 0
}

@test "a full disk is 5 and leaves nothing" {
  [ -c /dev/full ] || skip "no /dev/full here"
  run --separate-stderr sh -c '"$0" keygen >/dev/full </dev/null' "$JWTCTL"
  expect_error 5 "No space"
  refuses 5 "/dev/full" keygen --out-private k.jwk --out-public /dev/full
  # Files may grow to 1 KiB; an RSA key is larger.
  run --separate-stderr bash -c 'trap "" XFSZ; ulimit -f 1; "$0" "$@"' \
    "$JWTCTL" keygen -a RS256 --bits 2048 --out-private k.jwk --out-jwks set.json
  expect_error 5 k.jwk
  files_are
}
