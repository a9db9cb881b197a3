#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# No allocation that fails is the reason of an answer: the answer is the usual one, or 70.

load helper
load keys

is_sanitized() { grep -qaE '__(asan|tsan|msan|ubsan)_' "$1"; }

setup_file() {
  cd "$BATS_FILE_TMPDIR"
  export PROGRAM
  PROGRAM=$(command -v "$JWTCTL")
  if is_sanitized "$PROGRAM" && [ -x "${JWTCTL_RELEASE-}" ]; then PROGRAM=$JWTCTL_RELEASE; fi
  # Fails the n-th call, and all behind it when FAIL_EVER is set.
  cat >shim.c <<'C'
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
extern void* __libc_malloc(size_t);
extern void* __libc_calloc(size_t, size_t);
extern void* __libc_realloc(void*, size_t);
static long at = -1, ever = 0, count = 0;
__attribute__((constructor)) static void begin(void) {
  const char* text = getenv("FAIL_AT");
  ever = getenv("FAIL_EVER") != NULL;
  at = text != NULL ? atol(text) : -1;
  count = 0;
}
static int fails(void) {
  if (at < 0) return 0;
  long now = ++count;
  if (now != at && !(ever && now > at)) return 0;
  errno = ENOMEM;
  return 1;
}
void* malloc(size_t size) { return fails() ? NULL : __libc_malloc(size); }
void* calloc(size_t n, size_t size) { return fails() ? NULL : __libc_calloc(n, size); }
void* realloc(void* old, size_t size) { return fails() ? NULL : __libc_realloc(old, size); }
C
  ${CC:-cc} -shared -fPIC -O1 -o shim.so shim.c 2>/dev/null || true
  make_secret secret
  "$JWTCTL" keygen -q --kid k --out-private key.jwk --out-jwks set.json </dev/null
  "$JWTCTL" sign -k key.jwk --audience api --no-expiry --claim a=b </dev/null >good.jwt
  sed -E 's/\.[^.]{10}([^.]*)$/.AAAAAAAAAA\1/' good.jwt >bad.jwt
  "$JWTCTL" keygen -q --out-private rsa.pem --encoding pem -a RS256 --bits 2048 </dev/null
  "$JWTCTL" keygen -q --kid new --out-private new.jwk --out-public new-public.jwk </dev/null
}

setup() {
  [ "$(uname -s)" == Linux ] || skip "the shim is for Linux"
  ! is_sanitized "$PROGRAM" || skip "built with a sanitizer"
  cd "$BATS_FILE_TMPDIR"
  [ -e shim.so ] || skip "no C compiler"
}

# starved N ARGUMENT...: leaves $code; FAIL_EVER is the caller's.
starved() {
  code=0
  FAIL_AT=$1 LD_PRELOAD=$BATS_FILE_TMPDIR/shim.so "$PROGRAM" "${@:2}" >out 2>err </dev/null || code=$?
}

# walk STATUS ARGUMENT...: with an allocation failing at a sample of all places.
walk() {
  local usual=$1 code n step ends=0 total
  shift
  starved 1000000000 "$@"
  [ "$code" -eq "$usual" ] || { status=$code output=$(<out) stderr=$(<err); complain "usual: $usual"; return 1; }
  for FAIL_EVER in "" yes; do
    if [ -n "$FAIL_EVER" ]; then export FAIL_EVER; else unset FAIL_EVER; fi
    n=1 ends=0
    while [ "$ends" -lt 4 ] && [ "$n" -lt 200000 ]; do
      starved "$n" "$@"
      case $code in
        70)
          [ "$(grep -c '^jwtctl: error: ' err)" -eq 1 ] || { cat err; echo "at $n: not one sentence"; return 1; }
          ends=0
          ;;
        "$usual") ends=$((ends + 1)) ;;
        127) ;; # the loader itself
        *) head -3 err; echo "at $n${FAIL_EVER:+ and for ever}: $code instead of $usual: $*"; return 1 ;;
      esac
      step=$((n / 8 + 1))
      n=$((n + step))
    done
  done
  unset FAIL_EVER
}

@test "verify: a good token, a bad one, a set, a secret" {
  walk 0 verify --key key.jwk --any-audience --allow-no-exp @good.jwt
  walk 13 verify --key key.jwk --any-audience --allow-no-exp @bad.jwt
  walk 0 verify --jwks set.json --any-audience --allow-no-exp -f json @good.jwt
  walk 11 verify --secret secret --any-audience --allow-no-exp @good.jwt
}

@test "decode, lint, jwks show" {
  walk 0 decode @good.jwt
  walk 0 decode -f json @good.jwt
  walk 0 lint --fail-on never key.jwk good.jwt rsa.pem
  walk 0 jwks show set.json
  walk 0 jwks show rsa.pem -f jwk
}

@test "sign, rotate-plan" {
  walk 0 sign -k key.jwk --audience api --expires-in 5m
  walk 0 rotate-plan --jwks set.json --new-key new-public.jwk --token-ttl 1h --verifier envoy
}

@test "keygen: no key is published whose private half is lost" {
  for n in $(seq 1 97 6000); do
    rm -f k.jwk k.json .k.json.pending
    starved "$n" keygen --out-private k.jwk --out-jwks k.json --append
    [[ $code == 0 || $code == 70 ]] || { echo "at $n: $code"; return 1; }
    [ ! -e k.json ] || [ "$(jq .keys[0].x k.json)" == "$(jq .x k.jwk)" ] || { echo "at $n: lost"; return 1; }
    [ "$code" -eq 70 ] || [ -s k.json ]
    [ -z "$(ls k.jwk.* 2>/dev/null)" ] || { echo "at $n: left $(ls k.jwk.*)"; return 1; }
  done
}

@test "JSON is asked for: the end of memory is a document too" {
  for n in $(seq 400 40 1400); do
    starved "$n" verify --key key.jwk --any-audience --allow-no-exp -f json @good.jwt
    [ "$code" -eq 70 ] || continue
    jq -e '.schema == "jwtctl.error/1" and .error.exit == 70' out >/dev/null || { cat out; return 1; }
    found=yes
  done
  [ "${found-}" == yes ]
}

@test "a large input in little memory" {
  head -c 60000000 /dev/zero | tr '\0' 'x' >large
  for limit in 60000 80000 120000 160000; do
    code=0
    (ulimit -v $limit && exec "$PROGRAM" lint large) >out 2>err </dev/null || code=$?
    [[ $code == 0 || $code == 70 || $code == 127 ]] || { cat err; echo "$limit: $code"; return 1; }
    code=0
    (ulimit -v $limit && exec "$PROGRAM" verify --key key.jwk --any-audience @bad.jwt) >out 2>err </dev/null || code=$?
    [[ $code == 13 || $code == 70 || $code == 127 ]] || { cat err; echo "$limit: $code"; return 1; }
  done
  rm large
}
