# SPDX-License-Identifier: Apache-2.0
# What the tests of commands that make keys and sign share, on top of helper.bash.

# in_a_folder: an empty working folder; bats itself keeps files in the one above.
in_a_folder() {
  mkdir "$BATS_TEST_TMPDIR/work"
  cd "$BATS_TEST_TMPDIR/work" || return
  umask 022
}

# --- running ---------------------------------------------------------------------------------

keygen() { run_jwtctl keygen "$@" </dev/null; }

# sign ARGUMENT...: signs at $NOW; stdin is empty.
sign() { run_jwtctl sign --now "$NOW" "$@" </dev/null; }

# signed ARGUMENT...: what signs must succeed without a word on stderr; leaves the token in $output.
signed() {
  sign "$@"
  expect_status 0 && stderr_is_empty
}

# make_key FILE ARGUMENT...: a private key; nothing is judged but that there is one.
make_key() { "$JWTCTL" keygen -q --out-private "$@" </dev/null; }

# on_a_terminal COMMAND: runs with a terminal as stdin, stdout and stderr.
on_a_terminal() {
  command -v script >/dev/null || skip "script is not installed"
  run script -qec "$1" /dev/null </dev/null
  output=${output//$'\r'/}
  stderr=
}

# traced FILTER ARGUMENT...: runs under strace, whose report is then in ../trace. The leak check of
# sanitizers cannot work there.
traced() {
  ASAN_OPTIONS="${ASAN_OPTIONS-}:detect_leaks=0" LSAN_OPTIONS="${LSAN_OPTIONS-}:detect_leaks=0" \
    run --separate-stderr strace -f -o ../trace -e "$1" "$JWTCTL" "${@:2}" </dev/null
}

needs_strace() {
  command -v strace >/dev/null || skip "strace is not installed"
  strace -f -o /dev/null true 2>/dev/null || skip "ptrace is not permitted"
}

# --- files -----------------------------------------------------------------------------------

# snapshot: kind, mode, name and content of everything in the working folder.
snapshot() {
  find . -printf '%y %m %p %l\n' | sort
  find . -type f -print0 | sort -z | xargs -0r sha256sum
}

# files_are NAME...: these and no others are in the working folder, hidden ones too.
files_are() {
  local found
  found=$(find . -mindepth 1 -printf '%P\n' | LC_ALL=C sort | xargs)
  [ "$found" == "$*" ] || complain "files: $found" "expected: $*"
}

mode_is() {
  [ "$(stat -c %a "$2")" == "$1" ] || complain "mode of $2: $(stat -c %a "$2"), expected $1"
}

# changes_nothing COMMAND...: runs it, and every file is as it was.
changes_nothing() {
  local before after
  before=$(snapshot)
  "$@" || return
  after=$(snapshot)
  [ "$before" == "$after" ] || complain "files before:" "$before" "files after:" "$after"
}

# refuses STATUS TEXT COMMAND...: an error with this text, nothing on stdout, no file changed.
refuses() {
  changes_nothing "${@:3}" || return
  expect_error "$1" "$2" && stdout_is_empty && well_spoken
}

# well_spoken: stderr has lines of the program alone, the errors lower case and without full stop.
well_spoken() {
  local line
  while IFS= read -r line; do
    [[ $line =~ ^jwtctl:\ (error|hint|note|warning):\  ]] || complain "odd line: $line" || return
    [[ ! $line =~ ^jwtctl:\ error:\ [A-Z][a-z] ]] || complain "upper case: $line" || return
    [[ $line != *. ]] || complain "full stop: $line" || return
  done <<<"$stderr"
}

# json_file FILE FILTER EXPECTED
json_file() {
  local actual
  actual=$(jq -c "$2" "$1") || complain "jq cannot read $1: $2" || return
  [ "$actual" == "$3" ] || complain "$1: $2 is $actual, expected $3"
}

# --- tokens ----------------------------------------------------------------------------------

unb64url() {
  local text
  text=$(tr -- '-_' '+/')
  while [ $((${#text} % 4)) -ne 0 ]; do text+='='; done
  base64 -d <<<"$text"
}

# header_is TEXT, claims_are TEXT: the exact bytes of a segment of the token in $output.
header_is() { segment_is 1 "$1"; }
claims_are() { segment_is 2 "$1"; }
segment_is() {
  local actual
  actual=$(cut -d. -f"$1" <<<"$output" | unb64url)
  [ "$actual" == "$2" ] || complain "segment $1: $actual" "expected:  $2"
}

# claim FILTER EXPECTED, header FILTER EXPECTED: a jq filter over a segment of the token in $output.
claim() { segment 2 "$@"; }
header() { segment 1 "$@"; }
segment() {
  local actual
  actual=$(cut -d. -f"$1" <<<"$output" | unb64url | jq -c "$2") || complain "no JSON: $2" || return
  [ "$actual" == "$3" ] || complain "$2 is $actual, expected $3"
}

# der_signature: turns r || s on stdin into a DER signature.
der_signature() {
  local raw
  raw=$(hex)
  printf 'asn1=SEQUENCE:s\n[s]\nr=INTEGER:0x%s\ns=INTEGER:0x%s\n' \
    "${raw:0:${#raw}/2}" "${raw:${#raw}/2}" >"$BATS_TEST_TMPDIR/der"
  openssl asn1parse -genconf "$BATS_TEST_TMPDIR/der" -noout -out /dev/stdout
}

# openssl_verifies ALG PUBLICPEM TOKEN: openssl alone says that the signature is good. Of an
# algorithm that it is not taught here nothing is said, which is noted.
openssl_verifies() {
  local alg=$1 input=${3%.*} in=$BATS_TEST_TMPDIR/input signature=$BATS_TEST_TMPDIR/signature
  local pss=(-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest)
  local -A hash=([256]=sha256 [256K]=sha256 [384]=sha384 [512]=sha512)
  printf '%s' "$input" >"$in"
  printf '%s' "${3##*.}" | unb64url >"$signature"
  case $alg in
    RS*) openssl dgst "-${hash[${alg#RS}]}" -verify "$2" -signature "$signature" "$in" ;;
    PS*) openssl dgst "-${hash[${alg#PS}]}" "${pss[@]}" -verify "$2" -signature "$signature" "$in" ;;
    ES*)
      der_signature <"$signature" >"$signature.der"
      openssl dgst "-${hash[${alg#ES}]}" -verify "$2" -signature "$signature.der" "$in"
      ;;
    Ed*) openssl pkeyutl -verify -pubin -inkey "$2" -rawin -in "$in" -sigfile "$signature" ;;
    *) echo "# openssl is not asked about $alg" >&3 ;;
  esac >"$BATS_TEST_TMPDIR/said" 2>&1 || complain "openssl: $(<"$BATS_TEST_TMPDIR/said")"
}

# openssl_hmac HASH SECRETFILE TOKEN: the token has the HMAC that openssl computes.
openssl_hmac() {
  local mac
  mac=$(printf '%s' "${3%.*}" | openssl dgst "-$1" -mac HMAC -macopt "hexkey:$(hex <"$2")" -binary | b64url)
  [ "${3##*.}" == "$mac" ] || complain "openssl computes $mac"
}
