#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# lint finds tokens in any text, however long and however odd.
# shellcheck disable=SC2154

setup() {
  source "$BATS_TEST_DIRNAME/helper.bash"
  cd "$BATS_TEST_TMPDIR" || return 1
  none="$(signing_input '{"alg":"none"}' '{"sub":"a"}')."
}

# places: "file:line:column" of every finding of JWT101 in the inputs.
places() {
  run_jwtctl lint "$@" --select JWT101 -f concise
  sed -n 's/: error JWT101.*//p' <<<"$output"
}

@test "HAR, YAML, source, dumps of the environment, URLs and logs" {
  printf '{"log":{"entries":[{"request":{"headers":[{"name":"Authorization","value":"Bearer %s"}]}}]}}' "$none" >a.har
  printf 'TOKEN="%s"\n' "$none" >b.env
  printf 'const t =\n  `%s`;\n' "$none" >c.js
  printf '<a href="https://a.example/?jwt=%s&x=1">\n' "$none" >d.html
  printf '{"msg":"got\\n%s"}\n' "$none" >e.json
  printf 'Cookie: a=b; session=%s; c=d\r\n' "$none" >f.txt
  printf '2027 token%%3D%s\n' "$none" >g.log
  [ "$(places . | wc -l)" -eq 7 ] || complain "not all were found"
  [ "$(places b.env)" = b.env:1:8 ]
  [ "$(places c.js)" = c.js:2:4 ]
}

@test "bytes that are no UTF-8 do not hide a token" {
  printf '\xff\xfe\x80 %s \xc3\n' "$none" >x
  [ "$(places x | wc -l)" -eq 1 ]
}

@test "a token that a line break cuts is reported as cut" {
  token=$(signing_input '{"alg":"ES256","kid":"a"}' '{"iss":"https://id.example.com","sub":"alice"}')
  printf '%s\n%s.%s\n' "${token:0:60}" "${token:60}" AAAA >x
  run_jwtctl lint x -f concise
  expect_status 1
  stdout_has 'x:1:61: error JWT006'
}

@test "a token over the limit is named, not cut silently" {
  printf 'x %s.%s.AAAA\n' "$(printf '{"alg":"HS256"}' | b64url)" "$(printf '{"a":"%s"}' "$(repeat 100000 x)" | b64url)" >x
  run_jwtctl lint x -f concise
  expect_status 1
  stdout_has 'JWT014' 'the limit is 65536'
}

@test "a line of 100 MiB has exact columns" {
  { repeat 104857600 a; printf ' %s\n' "$none"; } >x
  [ "$(places x)" = "x:1:104857602" ]
}

@test "1 GiB is judged within an address space of 256 MiB" {
  program=$(command -v "$JWTCTL")
  # Sanitizers reserve more than any limit; beside such a build what is installed is measured.
  if grep -qaE '__(asan|tsan|msan)_' "$program"; then program=${JWTCTL_RELEASE-}; fi
  [ -x "$program" ] || skip "built with a sanitizer"
  run --separate-stderr bash -c '
    { yes "GET /v1/items?id=17 HTTP/1.1 from 10.0.0.1 at www.example.com in 12.5 ms" |
        head -c 1073741824; printf "%s\n" "$2"; } |
      { ulimit -v 262144; "$1" lint --no-config --select JWT101 -f concise -; }' - "$program" "$none"
  expect_status 1
  [[ $output =~ ^stdin:[0-9]+:[0-9]+:\ error\ JWT101 ]] || complain "not found"
}

@test "keys lie in text too: PEM in YAML and in strings of JSON" {
  make_ec k.pem
  { echo 'tls:'; echo '  key: |'; sed 's/^/    /' k.pem; } >a.yaml
  jq -n --rawfile key k.pem '{private_key: $key}' >b.json
  mkdir d && mv a.yaml b.json d/
  run_jwtctl lint d --select JWK021 -f concise
  stdout_has 'd/a.yaml:3:5: warning JWK021' 'd/b.json:2:19: warning JWK021'
  chmod 600 k.pem && mkdir own && mv k.pem own/
  run_jwtctl lint own --select JWK021
  stdout_has '0 errors, 0 warnings, 0 notes in 1 file'
}

@test "an encrypted private key and a certificate are no finding of their own" {
  make_ec k.pem
  openssl pkcs8 -topk8 -in k.pem -out e.pem -passout pass:x
  openssl req -x509 -new -key k.pem -subj /CN=a -days 2 -addext basicConstraints=CA:FALSE -addext keyUsage=digitalSignature -out c.pem 2>/dev/null
  rm k.pem
  run_jwtctl lint .
  expect_status 0
}

@test "an empty file, an empty folder and an empty stdin are fine" {
  : >empty && mkdir none
  run_jwtctl lint empty none
  expect_status 0
  run --separate-stderr "$JWTCTL" lint - </dev/null
  expect_status 0
}

@test "an empty or blank file of a kind that the user names is answered, not a crash" {
  : >empty
  printf ' \n' >blank
  for kind in token jwk jwks pem text; do
    for file in empty blank; do
      run_jwtctl lint --kind $kind $file
      [ "$status" -le 3 ] || complain "$kind $file"
    done
  done
}

@test "the public keys of the cookbook have no error" {
  cookbook=${JWTCTL_VECTORS:-$BATS_TEST_DIRNAME/../../../shared/vectors}/jose-cookbook/jwk
  [ -d "$cookbook" ] || skip "no folder of vectors: $cookbook"
  for key in "$cookbook"/*public*.json; do
    run_jwtctl lint "$key"
    expect_status 0
    stdout_has '0 errors'
  done
}

@test "what the program makes itself has no warning" {
  run_jwtctl keygen -a ES256 --out-private k.jwk --out-jwks jwks.json
  expect_status 0
  run_jwtctl sign -k k.jwk --issuer https://id.example.com --audience api --subject alice --expires-in 5m
  expect_status 0
  printf '%s\n' "$output" >t.jwt
  run_jwtctl lint jwks.json t.jwt --fail-on warning
  expect_status 0
  stdout_has '0 errors, 0 warnings'
}

@test "a name that is odd is shown escaped" {
  printf '%s' "$none" >$'a\nb\e[31m'
  run_jwtctl lint . -f concise --select JWT101
  stdout_has 'a\nb\x1b[31m:1:1:'
}
