#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# lint finds private keys and tokens that no reader would take: quoted, cut off, followed by others,
# malformed.
# shellcheck disable=SC2154

setup() {
  source "$BATS_TEST_DIRNAME/helper.bash"
  cd "$BATS_TEST_TMPDIR" || return 1
  none="$(signing_input '{"alg":"none"}' '{"sub":"a"}')."
}

# tokens FILE...: "file:line:column" of every unsigned token.
tokens() {
  run_jwtctl lint "$@" --select JWT101 -f concise
  sed -n 's/: error JWT101.*//p' <<<"$output"
}

# keys: where private keys are below d, whether they can be read or not; leaves what was said of them
# in $output.
keys() {
  run_jwtctl lint d --select JWK001,JWK021 -f concise
  found=$(sed -nE 's/^(d[^:]*:[0-9]+:[0-9]+): (error JWK001|warning JWK021).*/\1/p' <<<"$output" | sort -u)
}

# readable WHAT: it was read as a key too.
readable() { [[ $output != *JWK001* ]] || complain "$1: not readable: $output"; }

@test "a private key is found whatever stands before its lines or for its line breaks" {
  mkdir d
  make_ec k.pem
  openssl pkcs8 -topk8 -nocrypt -in k.pem -out p8.pem 2>/dev/null || cp k.pem p8.pem
  local lead end line name
  for name in k.pem p8.pem; do
    while IFS= read -r lead; do
      { echo first; sed "s|^|$lead|" $name; echo last; } >d/x
      keys
      [[ $found == d/x:2:* ]] || complain "before lines: $lead: $output"
      readable "$lead"
    done <<<$'# \n> \n// \n; \n * \n+\n-\n    \n"\nrem '
    for end in '%0A' '<br>' '&#10;' '&nbsp;' $'\xc2\xa0' '\r\n' '\\r\\n' ' ' '","'; do
      {
        printf 'k = "'
        while IFS= read -r line; do printf '%s%s' "$line" "$end"; done <$name
        printf '"\n'
      } >d/x
      keys
      [ "$found" = d/x:1:6 ] || complain "line breaks: $end: $output"
      readable "$end"
    done
  done
}

@test "a private key is found without its END line, cut off, and with a line that is none" {
  mkdir d
  make_ec k.pem
  sed '/END/d' k.pem >d/end
  head -c 200 k.pem >d/cut
  { sed '/END/d' k.pem; echo 'prose that follows it'; } >d/prose
  sed '2i *** a line that is none ***' k.pem >d/junk
  keys
  [ "$found" = "$(printf 'd/cut:1:1\nd/end:1:1\nd/junk:1:1\nd/prose:1:1')" ] || complain "$output"
  run_jwtctl lint - --select JWK001 -f concise <d/cut
  expect_status 1
  stdout_has 'stdin:1:1: error JWK001'
}

@test "a mention of a private key is none" {
  mkdir d
  cat >d/doc.md <<'DOC'
A key begins with `-----BEGIN PRIVATE KEY-----` and ends with `-----END PRIVATE KEY-----`.
-----BEGIN PRIVATE KEY-----
MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj
...
-----END PRIVATE KEY-----
if (text.includes("-----BEGIN RSA PRIVATE KEY-----")) return "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9eyJhbGciOiJ";
DOC
  keys
  [ -z "$found" ] || complain "$output"
}

@test "a private key in DER is found though bytes follow it, and what follows it too" {
  mkdir d
  make_ec k.pem
  openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out r.pem 2>/dev/null
  openssl pkcs8 -topk8 -nocrypt -in k.pem -outform DER -out p8
  openssl ec -in k.pem -outform DER -out sec1 2>/dev/null
  openssl rsa -in r.pem -traditional -outform DER -out pkcs1 2>/dev/null
  local form behind
  for form in p8 sec1 pkcs1; do
    chmod 644 $form
    cp $form d/x
    keys
    [ "$found" = d/x:1:1 ] || complain "$form alone: $output"
    for behind in '\n' '\0' "\n$none\n" '\x30\x82'; do
      # shellcheck disable=SC2059
      { cat $form; printf "$behind"; } >d/x
      keys
      [ "$found" = d/x:1:1 ] || complain "$form, then $behind: $output"
    done
    { cat $form; head -c 2000000 /dev/zero; printf '\n%s\n' "$none"; } >d/x
    keys
    [ "$found" = d/x:1:1 ] || complain "$form, then much: $output"
    [ "$(tokens d | wc -l)" -eq 1 ] || complain "$form: $output"
  done
  # A SEQUENCE that is no key is bytes like any other.
  { printf '\x30\x82\x01\x00%s\n' "$none"; head -c 1000 /dev/zero; } | head -c 260 >d/x
  [ "$(tokens d | wc -l)" -eq 1 ] || complain "no key: $output"
}

@test "a token whose header no reader takes is malformed, not passed over" {
  mkdir d
  local open close
  open=$(printf '{"a":%.0s' {1..40})
  close=$(printf '}%.0s' {1..40})
  printf 'log: %s\n' "$(signing_input "{\"alg\":\"none\",\"x\":${open}1$close}" '{"sub":"a"}')." >d/deep
  printf 'log: %s.e30.\n' "$(printf '{"alg":"none","kid":"gr\xf6\xdfe"}' | basenc --base64url -w0 | tr -d =)" >d/latin
  printf 'var a="%s.e30.%s"\n' "$(printf '{"x":"gr\xf6\xdfe"}' | basenc --base64url -w0 | tr -d =)" abc >d/other
  run_jwtctl lint d -f concise
  expect_status 1
  stdout_has 'd/deep:1:' 'd/latin:1:'
  [[ $output != *d/other* ]] || complain "no token: $output"
}
