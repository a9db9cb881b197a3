# SPDX-License-Identifier: Apache-2.0
# What the command tests share: running the program, looking at what it said, and making tokens and
# keys with openssl, so that no code of the program judges itself.

bats_require_minimum_version 1.5.0

JWTCTL=${JWTCTL_FAST:-${JWTCTL:-jwtctl}}
if ! command -v "$JWTCTL" >/dev/null; then
  echo "no program to test: set JWTCTL" >&2
  exit 1
fi

# The clock of every test, 2027-01-15T08:00:00Z.
NOW=1800000000

# --- running ---------------------------------------------------------------------------------

# run_jwtctl ARGUMENT...: leaves $status, $output (stdout) and $stderr.
run_jwtctl() {
  run --separate-stderr "$JWTCTL" "$@"
}

# run_verify ARGUMENT...: verify with the file's secret at $NOW; stdin is empty.
run_verify() {
  run_jwtctl verify --secret "$SECRET" --now "$NOW" "$@" </dev/null
}

# --- judging ---------------------------------------------------------------------------------

# complain TEXT...: fails with everything that the program said.
complain() {
  printf '%s\n' "$@" "status: $status" "stdout: $output" "stderr: ${stderr-}" >&2
  return 1
}

expect_status() {
  [ "$status" -eq "$1" ] || complain "expected status $1"
}

# expect_error STATUS TEXT...: refused with this status, every text is in an error line of stderr.
expect_error() {
  local text errors
  expect_status "$1" || return
  errors=$(grep -E '^jwtctl: (error|hint): ' <<<"$stderr") || complain "no error line" || return
  for text in "${@:2}"; do
    [[ $errors == *"$text"* ]] || complain "expected in the error: $text" || return
  done
}

# stdout_has TEXT..., stderr_has TEXT...: every text is there.
stdout_has() {
  local text
  for text in "$@"; do [[ $output == *"$text"* ]] || complain "expected on stdout: $text" || return; done
}

stderr_has() {
  local text
  for text in "$@"; do [[ $stderr == *"$text"* ]] || complain "expected on stderr: $text" || return; done
}

# nothing_has TEXT...: no text is on stdout or stderr.
nothing_has() {
  local text
  for text in "$@"; do
    [[ $output$stderr != *"$text"* ]] || complain "must not be printed: $text" || return
  done
}

stdout_is_empty() {
  [ -z "$output" ] || complain "expected nothing on stdout"
}

stderr_is_empty() {
  [ -z "$stderr" ] || complain "expected nothing on stderr"
}

# expect_check STATUS NAME: a text report has the line of this check.
expect_check() {
  grep -qE "^ *$1 +$2( |\$)" <<<"$output" || complain "expected a line: $1 $2"
}

# json FILTER EXPECTED: a jq filter over stdout gives this compact JSON.
json() {
  local actual
  actual=$(jq -c "$1" <<<"$output") || complain "jq cannot read stdout: $1" || return
  [ "$actual" == "$2" ] || complain "$1 is $actual, expected $2"
}

# json_check NAME FILTER EXPECTED: the same for one check of a verification.
json_check() {
  json "[.checks[] | select(.name == \"$1\")] | if length == 1 then .[0] | $2 else error end" "$3"
}

# --- bytes -----------------------------------------------------------------------------------

b64url() { basenc --base64url -w0 | tr -d =; }
hex() { basenc --base16 -w0; }
unhex() { tr -d ' \n' | tr a-f A-F | basenc --base16 -d; }

# repeat COUNT CHARACTER
repeat() { head -c "$1" /dev/zero | tr '\0' "$2"; }

# --- tokens ----------------------------------------------------------------------------------

# seal_hs256 SIGNING_INPUT SECRETFILE: prints the token.
seal_hs256() {
  printf '%s.' "$1"
  printf '%s' "$1" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$(hex <"$2")" -binary | b64url
}

# signing_input HEADER PAYLOAD
signing_input() {
  printf '%s.%s' "$(printf '%s' "$1" | b64url)" "$(printf '%s' "$2" | b64url)"
}

# sign_hs256 HEADER PAYLOAD SECRETFILE
sign_hs256() {
  seal_hs256 "$(signing_input "$1" "$2")" "$3"
}

# token PAYLOAD [HEADER]: an HS256 token under the file's secret.
token() {
  local plain='{"alg":"HS256","typ":"JWT"}'
  sign_hs256 "${2:-$plain}" "$1" "$SECRET"
}

# sign_rs256 HEADER PAYLOAD PEM
sign_rs256() {
  local input
  input=$(signing_input "$1" "$2")
  printf '%s.%s' "$input" "$(printf '%s' "$input" | openssl dgst -sha256 -sign "$3" | b64url)"
}

# ecdsa_raw OCTETS: turns a DER signature on stdin into r || s of that many octets each.
ecdsa_raw() {
  openssl asn1parse -inform DER | sed -n 's/.*INTEGER *://p' | while read -r number; do
    printf "%$(($1 * 2))s" "$number" | tr ' ' 0
  done | unhex
}

# sign_es256 HEADER PAYLOAD PEM
sign_es256() {
  local input
  input=$(signing_input "$1" "$2")
  printf '%s.%s' "$input" \
    "$(printf '%s' "$input" | openssl dgst -sha256 -sign "$3" | ecdsa_raw 32 | b64url)"
}

# sign_eddsa HEADER PAYLOAD PEM
sign_eddsa() {
  local input file=${BATS_TEST_TMPDIR:-$BATS_FILE_TMPDIR}/eddsa-input
  input=$(signing_input "$1" "$2")
  printf '%s' "$input" >"$file"
  printf '%s.%s' "$input" "$(openssl pkeyutl -sign -rawin -inkey "$3" -in "$file" | b64url)"
}

# --- keys ------------------------------------------------------------------------------------

# make_secret FILE: 40 bytes without a newline.
make_secret() {
  printf 'correct horse battery staple, forty byte' >"$1"
}

make_rsa() { openssl genpkey -algorithm RSA -pkeyopt "rsa_keygen_bits:${2:-2048}" -out "$1" 2>/dev/null; }
make_ec() { openssl genpkey -algorithm EC -pkeyopt "ec_paramgen_curve:${2:-P-256}" -out "$1"; }
make_ed25519() { openssl genpkey -algorithm ED25519 -out "$1"; }

# jwk PEM [JQ-OBJECT]: the public JWK of an RSA, P-256 or Ed25519 key, with further members.
jwk() {
  local spki numbers
  spki=$(openssl pkey -in "$1" -pubout -outform DER | hex)
  case $(openssl pkey -in "$1" -noout -text | head -n1) in
    *ED25519*) numbers="{kty:\"OKP\",crv:\"Ed25519\",x:\"$(unhex <<<"${spki: -64}" | b64url)\"}" ;;
    *"(256 bit)"*) numbers="{kty:\"EC\",crv:\"P-256\",x:\"$(unhex <<<"${spki: -128:64}" | b64url)\",
      y:\"$(unhex <<<"${spki: -64}" | b64url)\"}" ;;
    *) numbers="{kty:\"RSA\",n:\"$(openssl rsa -in "$1" -noout -modulus | sed 's/.*=//' | unhex | b64url)\",
      e:\"AQAB\"}" ;;
  esac
  jq -nc "$numbers + ${2:-{\}}"
}

# oct_jwk SECRETFILE [JQ-OBJECT]
oct_jwk() {
  jq -nc --arg k "$(b64url <"$1")" "{kty:\"oct\",k:\$k} + ${2:-{\}}"
}

# jwks JWK...: a key set.
jwks() {
  printf '%s\n' "$@" | jq -sc '{keys:.}'
}
