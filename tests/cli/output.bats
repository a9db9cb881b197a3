#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Where results go: -q, --print, and -o with its files, modes and failures.

load helper

setup_file() {
  export SECRET=$BATS_FILE_TMPDIR/secret T
  make_secret "$SECRET"
  T=$(token "{\"exp\":$((NOW + 600)),\"sub\":\"alice\",\"n\":1.10}")
}

setup() {
  mkdir "$BATS_TEST_TMPDIR/work" # bats itself keeps files in the folder above
  cd "$BATS_TEST_TMPDIR/work"
  umask 022
}

verify() { run_jwtctl verify --secret "$SECRET" --now "$@" </dev/null; }

@test "-q: the exit status alone" {
  verify "$NOW" -q "$T"
  expect_status 0
  stdout_is_empty
  stderr_is_empty
  verify $((NOW + 600)) -q "$T"
  expect_status 18
  stdout_is_empty
  stderr_is_empty
  verify $((NOW + 600)) -q -f json "$T"
  expect_status 18
  stdout_is_empty
  run_jwtctl decode -q --now "$NOW" "$T"
  expect_status 0
  stdout_is_empty
}

@test "-q: errors still go to stderr" {
  verify "$NOW" -q --key x "$T"
  expect_error 2 "key source"
  stdout_is_empty
  run_jwtctl verify -q --key missing.pem "$T"
  expect_error 3 missing.pem
  stdout_is_empty
  run_jwtctl decode -q broken
  expect_error 3 segments
  stdout_is_empty
}

@test "verify --print payload and header: bare JSON of a valid token" {
  verify "$NOW" --print payload "$T"
  expect_status 0
  json '.n += 0' "{\"exp\":$((NOW + 600)),\"sub\":\"alice\",\"n\":1.1}" # jq 1.7 keeps the text of numbers
  stdout_has 1.10
  stderr_is_empty
  verify "$NOW" --print header "$T"
  expect_status 0
  json . '{"alg":"HS256","typ":"JWT"}'
  verify "$NOW" --print report "$T"
  expect_status 0
  stdout_has VALID
}

@test "verify --print payload and header: nothing on stdout unless valid" {
  for what in payload header; do
    verify $((NOW + 600)) --print $what "$T"
    expect_status 18
    stdout_is_empty
    stderr_has "REJECTED: expired"
    verify "$NOW" --print $what "${T%.*}.$(repeat 43 A)"
    expect_status 13
    stdout_is_empty
    stderr_has "REJECTED: signature"
    verify "$NOW" --print $what broken
    expect_status 10
    stdout_is_empty
    verify $((NOW + 600)) --print $what -o result "$T"
    expect_status 18
    [ ! -e result ]
  done
}

@test "verify --print none: the exit status alone" {
  verify "$NOW" --print none "$T"
  expect_status 0
  stdout_is_empty
  verify $((NOW + 600)) --print none "$T"
  expect_status 18
  stdout_is_empty
}

@test "-q never suppresses what --print asks for" {
  verify "$NOW" -q --print payload "$T"
  expect_status 0
  json .sub '"alice"'
  run_jwtctl decode -q --print payload "$T"
  expect_status 0
  json .sub '"alice"'
  verify $((NOW + 600)) -q --print payload "$T"
  expect_status 18
  stdout_is_empty
  stderr_is_empty
}

@test "-o writes the result to a file, with the mode that umask says" {
  for mask in 022:644 077:600 002:664; do
    umask "${mask%:*}"
    rm -f result
    run_jwtctl decode --now "$NOW" -o result "$T"
    expect_status 0
    stdout_is_empty
    [ "$(stat -c %a result)" == "${mask#*:}" ]
  done
  run_jwtctl decode --now "$NOW" "$T"
  [ "$output" == "$(<result)" ]
  [ "$(ls)" == result ]
}

@test "-o replaces a file whole and keeps its mode" {
  repeat 100000 x >result
  chmod 640 result
  run_jwtctl version --output result
  expect_status 0
  run_jwtctl version
  [ "$output" == "$(<result)" ]
  [ "$(stat -c %a result)" == 640 ]
  [ "$(ls)" == result ]
}

@test "-o replaces atomically: who has the old file open keeps reading the old one" {
  printf 'old content' >result
  exec 7<result
  run_jwtctl version -o result
  expect_status 0
  [ "$(cat <&7)" == "old content" ]
  exec 7<&-
}

@test "-o through a symbolic link replaces what it names, not the link" {
  mkdir folder
  echo old >folder/result
  ln -s folder/result link
  run_jwtctl version -o link
  expect_status 0
  [ -L link ]
  grep -q jwtctl folder/result
}

@test "-o where nothing can be written is 5" {
  run_jwtctl version -o missing/result
  expect_error 5 missing/result
  stdout_is_empty
  mkdir folder
  run_jwtctl version -o folder
  expect_error 5 folder
  run_jwtctl version -o /proc/jwtctl-result
  expect_error 5 /proc/jwtctl-result
  [ "$(ls)" == folder ]
}

@test "-o in a folder or over a file that we may not write is 5" {
  [ "$(id -u)" -ne 0 ] || skip "root may write everywhere"
  mkdir folder
  echo old >folder/result
  chmod 555 folder
  run_jwtctl version -o folder/result
  expect_error 5 folder/result
  chmod 755 folder
  chmod 444 folder/result
  run_jwtctl version -o folder/result
  expect_error 5 folder/result
  [ "$(<folder/result)" == old ]
}

@test "-o: when writing fails, the target is unchanged and nothing is left beside it" {
  echo old >result
  # Files may grow to 1 KiB; the report is larger.
  run --separate-stderr bash -c 'trap "" XFSZ; ulimit -f 1; "$0" "$@"' \
    "$JWTCTL" decode -f json --now "$NOW" -o result "$(token "{\"pad\":\"$(repeat 2000 x)\"}")"
  expect_error 5 result
  [ "$(<result)" == old ]
  [ "$(ls)" == result ]
}

@test "-o: when the command fails, the target is unchanged" {
  echo old >result
  verify "$NOW" -o result --key missing "$T"
  expect_status 2
  run_jwtctl verify --key missing -o result "$T"
  expect_status 3
  run_jwtctl decode --print payload -o result broken
  expect_status 3
  [ "$(<result)" == old ]
}

@test "-q -o leaves the file alone" {
  echo old >result
  run_jwtctl decode -q --now "$NOW" -o result "$T"
  expect_status 0
  [ "$(<result)" == old ]
  verify "$NOW" -q -o result "$T"
  expect_status 0
  [ "$(<result)" == old ]
}

@test "-o of a rejected token holds the report" {
  verify $((NOW + 600)) -f json -o result "$T"
  expect_status 18
  stdout_is_empty
  output=$(<result)
  json .exit 18
}

@test "-o -, /dev/stdout, /dev/null, /dev/full and a FIFO are written to" {
  run_jwtctl version
  expected=$output
  run_jwtctl version -o -
  expect_status 0
  [ "$output" == "$expected" ]
  run_jwtctl version -o /dev/stdout
  expect_status 0
  [ "$output" == "$expected" ]
  run_jwtctl version -o /dev/null
  expect_status 0
  stdout_is_empty
  [ -c /dev/null ]
  run_jwtctl version -o /dev/full
  expect_error 5 /dev/full
  mkfifo pipe
  "$JWTCTL" version -o pipe 3>&- &
  [ "$(cat pipe)" == "$expected" ]
  wait $!
  [ -p pipe ]
}

@test "-o /dev/stdout is stdout, also when that is a file" {
  { echo first; "$JWTCTL" version -o /dev/stdout; echo last; } >all
  [ "$(<all)" == $'first\n'"$("$JWTCTL" version)"$'\nlast' ]
}
