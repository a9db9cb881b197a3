#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# jwks show --private: where private halves may go, and what happens to files that are there.

load helper

setup() {
  cd "$BATS_TEST_TMPDIR"
  make_ec k.pem
  scalar=$(openssl pkey -in k.pem -noout -text | sed -n '/^priv:/,/^pub:/p' | grep '^ ' | tr -d ': \n' | unhex | b64url)
}

show() { run_jwtctl jwks show k.pem "$@" </dev/null; }

# nothing_beside FILE: no temporary file is left.
nothing_beside() { [ "$(compgen -G "$1*")" = "$1" ] || complain "left: $(compgen -G "$1*")"; }

# on_terminal ARGUMENT...: the same with a terminal as stdin, stdout and stderr.
on_terminal() { run script -qec "'$JWTCTL' jwks show k.pem $*" /dev/null </dev/null; }

@test "--private without a conversion is 2" {
  for format in "" "-f text" "-f json"; do
    show --private $format
    expect_status 2
    nothing_has "$scalar"
  done
  show --private
  expect_error 2 --private jwk jwks pem
}

@test "a file is created with 0600 whatever the umask" {
  for mask in 000 022 077 777; do
    rm -f out
    (umask $mask && "$JWTCTL" jwks show k.pem -f jwk --private -o out </dev/null)
    [ "$(stat -c %a out)" = 600 ]
    [ "$(jq -r .d out)" = "$scalar" ]
  done
  (umask 000 && "$JWTCTL" jwks show k.pem -f pem --private -o out.pem)
  [ "$(stat -c %a out.pem)" = 600 ]
  cmp out.pem k.pem
}

@test "a file that is there is 5 and stays, with --force it is replaced and 0600" {
  echo old >out
  chmod 644 out
  show -f jwk --private -o out
  expect_error 5 "out exists already" --force
  [ "$(cat out)" = old ]
  [ "$(stat -c %a out)" = 644 ]
  show -f jwk --private -o out --force
  expect_status 0
  [ "$(jq -r .d out)" = "$scalar" ]
  [ "$(stat -c %a out)" = 600 ]
  show -f pem --private -o k.pem
  expect_error 5 "k.pem exists already"
  nothing_beside out
}

@test "a refused conversion leaves no file" {
  show -f jwk --private -o out --kid nobody
  expect_status 3
  openssl pkey -in k.pem -pubout -out public
  run_jwtctl jwks show public -f jwk --private -o out
  expect_error 3 "no private half"
  [ ! -e out ]
  show -f jwk --private -o nowhere/out
  expect_error 5 nowhere/out
}

@test "links, folders and /dev/full are 5, the target stays" {
  echo old >target
  ln -s target link
  ln -s missing dangling
  for option in "" --force; do
    show -f jwk --private -o link $option
    expect_status 5
    show -f jwk --private -o dangling $option
    expect_status 5
    show -f jwk --private -o . $option
    expect_status 5
  done
  [ "$(cat target)" = old ]
  [ -L link ] && [ -L dangling ] && [ ! -e missing ]
  [ -e /dev/full ] || return 0
  show -f jwk --private -o /dev/full
  expect_error 5 full
}

@test "stdout, a pipe and a FIFO take private halves" {
  show -f jwk --private
  expect_status 0
  json .d "\"$scalar\""
  show -f jwk --private -o /dev/stdout
  json .d "\"$scalar\""
  mkfifo -m 600 fifo
  "$JWTCTL" jwks show k.pem -f jwk --private -o fifo &
  [ "$(timeout 60 jq -r .d fifo)" = "$scalar" ]
  wait $!
  [ -p fifo ]
  chmod 644 fifo
  show -f jwk --private -o fifo
  expect_error 5 "fifo is a FIFO that others may read"
}

@test "a terminal gets public halves only" {
  on_terminal -f jwk
  expect_status 0
  stdout_has '"kty": "EC"'
  for output in "" "-o -" "-o /dev/stdout" "-o /dev/stdout --force"; do
    on_terminal -f jwk --private $output
    expect_status 2
    stdout_has "terminal"
    nothing_has "$scalar" PRIVATE
  done
  on_terminal -f pem --private
  expect_status 2
  nothing_has "BEGIN PRIVATE KEY"
  on_terminal -f jwk --private -o out
  expect_status 0
  [ "$(jq -r .d out)" = "$scalar" ]
}

@test "a terminal is refused under its other names too" {
  for output in /dev/fd/1 /dev/stderr /dev/tty; do
    on_terminal -f jwk --private -o $output
    expect_status 2
    nothing_has "$scalar"
  done
}

@test "a public half in -o replaces a file atomically and keeps its mode" {
  echo old >out
  chmod 640 out
  show -f jwks -o out
  expect_status 0
  stdout_is_empty
  [ "$(jq -c '[.keys[] | .kty, .d]' out)" = '["EC",null]' ]
  [ "$(stat -c %a out)" = 640 ]
  nothing_beside out
}

@test "a public half does not overwrite private keys, unless forced" {
  whole=$("$JWTCTL" jwks show k.pem -f jwk --private)
  printf '%s\n' "$whole" >k.jwk
  printf '{"keys":[%s]}\n' "$whole" >set
  printf 'open sesame' >passphrase
  openssl pkcs8 -topk8 -v2 aes-256-cbc -in k.pem -passout file:passphrase -out encrypted
  oct_jwk passphrase >secret
  for file in k.pem k.jwk set encrypted secret; do
    cp $file before
    show -f jwk -o $file
    expect_error 5 $file --force
    cmp $file before
  done
  show -f jwk -o k.jwk --force
  expect_status 0
  [ "$(jq -c .d k.jwk)" = null ]
}

@test "-q never suppresses a converted key" {
  show -q -f jwk
  expect_status 0
  json .kty '"EC"'
  show -q -f pem --private
  expect_status 0
  [ "$output" = "$(cat k.pem)" ]
}

@test "a full disk behind stdout is 5" {
  [ -e /dev/full ] || skip "there is no /dev/full"
  run bash -c '"$1" jwks show k.pem -f jwk --private >/dev/full' _ "$JWTCTL"
  expect_status 5
}
