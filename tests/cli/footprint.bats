#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# What a run costs: memory of one verification, and libraries that offline commands do not load.

load helper

is_sanitized() { grep -qaE '__(asan|tsan|msan|ubsan)_' "$1"; }

setup_file() {
  cd "$BATS_FILE_TMPDIR"
  # Sanitizers distort both, so beside a build with them what is installed is measured.
  export PROGRAM
  PROGRAM=$(command -v "$JWTCTL")
  if is_sanitized "$PROGRAM" && [ -x "${JWTCTL_RELEASE-}" ]; then PROGRAM=$JWTCTL_RELEASE; fi
  make_secret secret
  make_rsa rsa.pem
  make_ec ec.pem
  export SECRET=$BATS_FILE_TMPDIR/secret
  # Long enough that a report of it does not fit into a pipe of one page.
  export CLAIMS="{\"exp\":$((NOW + 600)),\"pad\":\"$(repeat 20000 x)\"}"
}

setup() {
  [ -d /proc/self ] || skip "no /proc here"
  ! is_sanitized "$PROGRAM" || skip "built with a sanitizer"
  cd "$BATS_FILE_TMPDIR"
}

# at_the_end COMMAND...: prints VmHWM in KiB and the mapped files of a command that has begun to
# write its report and cannot go on, because nobody reads more than one byte of it.
at_the_end() {
  python3 - "$@" <<'PYTHON'
import fcntl, os, subprocess, sys

reader, writer = os.pipe()
fcntl.fcntl(writer, 1031, 4096)  # F_SETPIPE_SZ
child = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=writer)
os.close(writer)
os.read(reader, 1)
with open(f"/proc/{child.pid}/status") as status:
    print(*[line.split()[1] for line in status if line.startswith("VmHWM")])
with open(f"/proc/{child.pid}/maps") as maps:
    print(*sorted({line.split()[-1] for line in maps if "/" in line}), sep="\n")
running = child.poll() is None
os.close(reader)
child.wait()
sys.exit(0 if running else "the report fitted into the pipe")
PYTHON
}

# small COMMAND...: below 16 MiB, without the libraries of the network.
small() {
  run --separate-stderr at_the_end "$@"
  expect_status 0 || return
  [ "${lines[0]}" -gt 500 ] || complain "no peak memory" || return
  [ "${lines[0]}" -lt 16384 ] || complain "${lines[0]} KiB" || return
  nothing_has libcurl libssl
}

@test "one verification stays below 16 MiB and maps neither libcurl nor libssl" {
  small "$PROGRAM" verify --secret secret --now "$NOW" "$(sign_hs256 '{"alg":"HS256"}' "$CLAIMS" secret)"
  small "$PROGRAM" verify --key ec.pem --now "$NOW" "$(sign_es256 '{"alg":"ES256"}' "$CLAIMS" ec.pem)"
  jwk rsa.pem >rsa.jwk
  small "$PROGRAM" verify --key rsa.jwk --now "$NOW" -f json "$(sign_rs256 '{"alg":"RS256"}' "$CLAIMS" rsa.pem)"
}

@test "so does one with the largest token and a large key set" {
  pad=$(repeat 48000 x)
  T=$(sign_es256 '{"alg":"ES256","kid":"k"}' "{\"exp\":$((NOW + 600)),\"pad\":\"$pad\"}" ec.pem)
  printf '%s' "$T" >token.jwt
  jq -c --argjson key "$(jwk ec.pem '{kid:"k"}')" -n '{keys: ([range(200) | {kty: "oct2", kid: "\(.)"}] + [$key])}' >set
  small "$PROGRAM" verify --jwks set --now "$NOW" @token.jwt
  small "$PROGRAM" decode --now "$NOW" @token.jwt
}

@test "memory while it waits for the key" {
  mkfifo key
  T=$(sign_es256 '{"alg":"ES256"}' "$CLAIMS" ec.pem)
  exec 7<>key
  "$PROGRAM" verify "$T" --key key --now "$NOW" >/dev/null 3>&- 7>&- </dev/null &
  child=$!
  for _ in {1..500}; do # until exec
    [ ! "/proc/$child/exe" -ef "$PROGRAM" ] || break
    sleep 0.02
  done
  [ "/proc/$child/exe" -ef "$PROGRAM" ]
  peak=$(awk '/^VmHWM/ { print $2 }' "/proc/$child/status")
  openssl pkey -in ec.pem -pubout >&7
  exec 7>&-
  wait "$child"
  [ "$peak" -gt 0 ] && [ "$peak" -lt 16384 ]
}

@test "offline commands load neither libcurl nor libssl" {
  T=$(sign_hs256 '{"alg":"HS256"}' "{\"exp\":$((NOW + 600))}" secret)
  LD_DEBUG=files "$PROGRAM" version >/dev/null 2>loads
  grep -q 'libc\.so' loads || skip "LD_DEBUG shows nothing here"
  for arguments in version "version -v" help "help verify" "completion bash" "decode $T" "decode -f json $T" \
    "verify --secret secret --now $NOW $T" "verify --secret secret --now $NOW -f json $T"; do
    LD_DEBUG=files "$PROGRAM" $arguments >/dev/null 2>loads
    grep -q 'libc\.so' loads
    run grep -E 'lib(curl|ssl)[.-]' loads
    [ "$status" -eq 1 ] || complain "$arguments"
  done
}

@test "no C++ library is loaded" {
  grep -q '^JWTCTL_STATIC_RUNTIME:BOOL=ON' "$(dirname "$PROGRAM")/../CMakeCache.txt" ||
    skip "built for the runtime of the system"
  command -v readelf >/dev/null || skip "no readelf here"
  needed=$(readelf -dW "$PROGRAM" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p')
  grep -q '^libcrypto\.so' <<<"$needed"
  run grep -vE '^(libcrypto|libc|libm|libdl|libpthread|ld-linux-[^.]*|ld64)\.so' <<<"$needed"
  [ "$status" -eq 1 ] || complain "libraries of which half the runs need nothing"
}

@test "what a parser throws is caught" {
  mkdir -p broken
  for text in 'lint = [' '[lint' '[lint]
select = "a' $'\x01' '[lint]
leeway = 99999999999999999999'; do
    printf '%s' "$text" >broken/jwtctl.toml
    run --separate-stderr env -C broken "$PROGRAM" lint .
    expect_error 3 jwtctl.toml
  done
  printf '{"kty":' >broken.jwk
  run --separate-stderr "$PROGRAM" jwks show broken.jwk
  expect_error 3 broken.jwk
}

@test "keys of a fresh copy are used without the libraries of the network" {
  mkdir -p site/.well-known
  jq -n --argjson key "$(jwk ec.pem '{kid:"k"}')" '{keys: [$key]}' >site/jwks
  python3 -u -m http.server --bind 127.0.0.1 --directory site 0 >server.log 2>&1 3>&- &
  server=$!
  until grep -q ' port ' server.log; do
    kill -0 "$server"
    sleep 0.02
  done
  issuer=http://127.0.0.1:$(sed -n 's/.* port \([0-9]*\) .*/\1/p' server.log)
  printf '{"issuer":"%s","jwks_uri":"%s/jwks"}' "$issuer" "$issuer" >site/.well-known/openid-configuration
  T=$(sign_es256 '{"alg":"ES256","kid":"k"}' "{\"iss\":\"$issuer\",\"exp\":$((NOW + 600))}" ec.pem)
  export XDG_CACHE_HOME=$BATS_TEST_TMPDIR/cache
  discover() { LD_DEBUG=files "$PROGRAM" verify -q --issuer "$issuer" --discover --now "$NOW" "$T" 2>loads; }
  discover
  kill "$server"
  grep -q 'libc\.so' loads || skip "LD_DEBUG shows nothing here"
  grep -q 'libcurl[.-]' loads
  discover
  run grep -E 'lib(curl|ssl)[.-]' loads
  [ "$status" -eq 1 ]
}
