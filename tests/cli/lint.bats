#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# lint: what is found, where, and what the exit status says.
# shellcheck disable=SC2154

setup_file() {
  export SECRET=$BATS_FILE_TMPDIR/secret KEY=$BATS_FILE_TMPDIR/ec.pem
  source "$BATS_TEST_DIRNAME/helper.bash"
  make_secret "$SECRET"
  make_ec "$KEY"
  make_rsa "$BATS_FILE_TMPDIR/rsa.pem" 2048
  openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024 2>/dev/null |
    openssl pkey -pubout -out "$BATS_FILE_TMPDIR/small.pem"
}

setup() {
  source "$BATS_TEST_DIRNAME/helper.bash"
  cd "$BATS_TEST_TMPDIR" || return 1
  plain='{"alg":"ES256","typ":"JWT","kid":"2027-a"}'
  good="{\"iss\":\"https://id.example.com\",\"sub\":\"alice\",\"aud\":\"api\",\"iat\":$((NOW - 60)),\"exp\":$((NOW + 600))}"
  none="$(signing_input '{"alg":"none"}' "$good")."
  old="{\"iss\":\"https://id.example.com\",\"sub\":\"alice\",\"aud\":\"api\",\"iat\":$((NOW - 900)),\"exp\":$((NOW - 300))}"
}

# make_tree: the four faults of the documentation, in a folder of their own.
make_tree() {
  mkdir -p tree/logs
  printf 'auth:\n  token: %s\n' "$none" >tree/app.yaml
  printf 'started\n2027-01-15 GET /?t=%s 200\n' "$(sign_es256 "$plain" "$old" "$KEY")" >tree/logs/access.log
  jwks "$(jwk "$KEY" '{kid:"a"}' | jq -c --arg d "$(private_d "$KEY")" '. + {d:$d}')" >tree/jwks.json
  cp "$BATS_FILE_TMPDIR/small.pem" tree/small.pem
}

# private_d PEM: the private number of a P-256 key, base64url.
private_d() {
  openssl ec -in "$1" -no_public -outform DER 2>/dev/null | head -c 39 | tail -c 32 | b64url
}

@test "a folder with four faults has four errors at their places" {
  make_tree
  run_jwtctl lint tree --now "$NOW" -f concise
  expect_status 1
  [ "$(grep -c ': error ' <<<"$output")" -ge 4 ]
  grep -q '^tree/app.yaml:2:10: error JWT101 alg-none: ' <<<"$output"
  grep -Eq '^tree/logs/access.log:2:[0-9]+: error JWT202 expired: expired 5 min ago' <<<"$output"
  grep -Eq '^tree/jwks.json:1:[0-9]+: error JWKS005 ' <<<"$output"
  grep -q '^tree/small.pem:1:1: error JWK005 ' <<<"$output"
}

@test "the place of a member is its own, in a document of many lines" {
  jwks "$(jwk "$KEY" '{kid:"a"}' | jq -c --arg d "$(private_d "$KEY")" '. + {d:$d}')" | jq . >jwks.json
  run_jwtctl lint jwks.json -f json --select JWKS005
  expect_status 1
  line=$(grep -n '"d":' jwks.json | cut -d: -f1)
  json '[.findings[] | [.file,.line,.column,.place]]' "[[\"jwks.json\",$line,7,\"keys/0/d\"]]"
}

@test "an expired token has one id everywhere" {
  token=$(sign_es256 "$plain" "$old" "$KEY")
  printf '%s' "$token" >t.jwt
  run_jwtctl verify -k "$KEY" --audience api --now "$NOW" -f json @t.jwt
  expect_status 18
  json_check exp .rule '"JWT202"'
  run_jwtctl lint t.jwt --now "$NOW" -f json
  json '[.findings[] | select(.rule == "JWT202") | .name]' '["expired"]'
  run_jwtctl lint t.jwt --now "$NOW" -f sarif
  json '[.runs[0].results[] | select(.ruleId == "JWT202") | .level]' '["error"]'
}

@test "--fail-on never is 0, and other levels mean what they say" {
  make_tree
  run_jwtctl lint tree --fail-on never
  expect_status 0
  stdout_has 'JWT101'
  printf '%s' "$(sign_es256 "$plain" '{"iss":"https://a.example","sub":"a","aud":"b"}' "$KEY")" >w.jwt
  run_jwtctl lint w.jwt --select JWT201
  expect_status 0
  run_jwtctl lint w.jwt --select JWT201 --fail-on warning
  expect_status 1
  run_jwtctl lint w.jwt --select JWT201 --rule JWT201=error
  expect_status 1
  run_jwtctl lint w.jwt --select JWT201 --rule exp-missing=note --fail-on warning
  expect_status 0
  run_jwtctl lint w.jwt --rule JWT201=off --select JWT201
  stdout_has '0 errors, 0 warnings, 0 notes in 1 file'
  run_jwtctl lint w.jwt --select JWT201 --max-warnings 0
  expect_status 1
  run_jwtctl lint w.jwt --select JWT201 --max-warnings 1
  expect_status 0
}

@test "a baseline makes the next run 0, and one new finding makes it 1" {
  make_tree
  run_jwtctl lint tree --now "$NOW" --write-baseline known.json
  expect_status 0
  ! grep -q "$(cut -c1-40 <<<"$none")" known.json
  run_jwtctl lint tree --now "$NOW" --baseline known.json
  expect_status 0
  stdout_has '0 errors' ' known'
  printf '\n%s\n' "$(cat tree/app.yaml)" >tree/app.yaml.new && mv tree/app.yaml.new tree/app.yaml
  run_jwtctl lint tree --now "$NOW" --baseline known.json
  expect_status 0
  printf 'other: %s\n' "$none" >>tree/app.yaml
  run_jwtctl lint tree --now "$NOW" --baseline known.json
  expect_status 1
  [ "$(grep -c JWT101 <<<"$output")" -ge 1 ]
}

@test "a baseline that is none is named" {
  printf '{}' >b.json
  printf 'x' >x.txt
  run_jwtctl lint x.txt --baseline b.json
  expect_error 3 'b.json: this is no baseline'
  run_jwtctl lint x.txt --baseline nowhere.json
  expect_error 3 'cannot read nowhere.json'
}

@test "a comment beside something or on the line above silences, when it has a reason" {
  mkdir d
  printf 'token: %s # jwtctl:ignore JWT101 -- the test needs it\n' "$none" >d/a.yaml
  run_jwtctl lint d --select JWT101
  expect_status 0
  stdout_has '1 suppressed'
  printf '# jwtctl:ignore alg-none -- the test needs it\ntoken: %s\n' "$none" >d/a.yaml
  run_jwtctl lint d --select JWT101
  expect_status 0
  printf 'token: %s # jwtctl:ignore JWT101\n' "$none" >d/a.yaml
  run_jwtctl lint d --select JWT101
  expect_status 1
  stderr_has 'd/a.yaml:1: jwtctl:ignore without a reason has no effect'
  printf 'token: %s # jwtctl:ignore JWT202 -- another\n' "$none" >d/a.yaml
  run_jwtctl lint d --select JWT101
  expect_status 1
}

@test "the clock judges files with --now alone, and stdin always" {
  sign_es256 "$plain" '{"iss":"https://a.example","sub":"a","aud":"b","iat":1000000000,"exp":1000000600}' "$KEY" >t.jwt
  run_jwtctl lint t.jwt --select JWT202
  expect_status 0
  run_jwtctl lint t.jwt --select JWT202 --now "$NOW"
  expect_status 1
  run --separate-stderr "$JWTCTL" lint - --select JWT202 <t.jwt
  expect_status 1
  stdout_has 'stdin'
}

@test "what cannot be read is reported, the rest is judged, and the status is 3" {
  printf '%s' "$none" >bad.txt
  run_jwtctl lint nowhere.txt bad.txt -f concise
  expect_error 3 'cannot read nowhere.txt: No such file or directory'
  stdout_has 'bad.txt:1:1: error JWT101'
  ln -s loop loop
  run_jwtctl lint loop bad.txt -f concise
  expect_error 3 'cannot read loop'
  stdout_has 'JWT101'
  if [ "$(id -u)" != 0 ]; then
    printf x >locked && chmod 000 locked
    run_jwtctl lint locked
    expect_error 3 'cannot read locked: Permission denied'
  fi
}

@test "symbolic links, FIFOs and histories below a folder are left alone" {
  mkdir -p d/.git
  ln -s .. d/up
  ln -s "$PWD/outside" d/link
  printf '%s' "$none" >outside
  printf '%s' "$none" >d/.git/packed
  mkfifo d/fifo
  run_jwtctl lint d
  expect_status 0
  stdout_has '0 errors, 0 warnings, 0 notes in 0 files'
}

@test "DER is recognised among binary files" {
  openssl pkey -pubin -in "$BATS_FILE_TMPDIR/small.pem" -outform DER -out small.der
  run_jwtctl lint small.der --select JWK005 -f concise
  expect_status 1
  stdout_has 'small.der:1:1: error JWK005'
}

@test "--kind insists" {
  printf 'not a token' >t
  run_jwtctl lint t
  expect_status 0
  run_jwtctl lint t --kind token
  expect_status 1
  stdout_has 'JWT0'
  run_jwtctl lint t --kind jwks
  expect_error 3 't is no key or key set'
  run_jwtctl lint t --kind pem
  expect_error 3 't is no PEM: it has no BEGIN line'
  run_jwtctl lint t --kind html
  expect_error 2 'unknown kind "html"'
}

@test "--exclude fits paths and last parts" {
  mkdir -p d/sub
  printf '%s' "$none" | tee d/a.log d/sub/b.txt >/dev/null
  run_jwtctl lint d --exclude '*.log' --select JWT101 -f concise
  [ "$(wc -l <<<"$output")" -eq 1 ]
  run_jwtctl lint d --exclude sub --exclude a.log
  expect_status 0
  run_jwtctl lint d --exclude 'd/*'
  expect_status 0
}

@test "rules and options that are unknown have suggestions" {
  run_jwtctl lint . --select JWT20X
  expect_error 2 'unknown rule "JWT20X"'
  run_jwtctl lint . --ignore expird
  expect_error 2 'did you mean expired?'
  run_jwtctl lint . --rule JWT202=fatal
  expect_error 2 'unknown level "fatal"'
  run_jwtctl lint . --fail-on bad
  expect_error 2 'unknown fail-on "bad"'
  run_jwtctl lint . --profile at-jwt
  expect_error 2 'did you mean at+jwt?'
  run_jwtctl lint . --max-warnings many
  expect_error 2 '"many" is not a number'
  run_jwtctl lint . --report sarif
  expect_error 2 'is not FMT=PATH'
  run_jwtctl lint . --report sarfi=x
  expect_error 2 'did you mean sarif?'
}

@test "--list-rules shows every rule once" {
  run_jwtctl lint --list-rules
  expect_status 0
  [ "$(wc -l <<<"$output")" -ge 80 ]
  [ -z "$(cut -d' ' -f1 <<<"$output" | sort | uniq -d)" ]
  run_jwtctl lint --list-rules -f json
  json '.schema' '"jwtctl.rules/1"'
  run_jwtctl lint --list-rules --select JWT2
  [[ $output == JWT201* ]]
}

@test "-q says it by the exit status, and still writes reports" {
  printf '%s' "$none" >t
  run_jwtctl lint t -q --report json=r.json
  expect_status 1
  stdout_is_empty
  [ "$(jq -r .schema r.json)" = jwtctl.lint/1 ]
}

@test "a private key is not overwritten by a report or a baseline" {
  cp "$KEY" k.pem
  printf x >x.txt
  run_jwtctl lint x.txt --report json=k.pem
  expect_error 5 'holds a private key'
  run_jwtctl lint x.txt --write-baseline k.pem
  expect_error 5 'holds a private key'
  cmp k.pem "$KEY"
}

@test "what is said names options as they are called, and no placeholder" {
  printf '%s' "$(sign_es256 "$plain" "$good" "$KEY")" >t.jwt
  run_jwtctl lint t.jwt --issuer https://id.example.com --max-ttl 1m --max-size 100 -f concise
  stdout_has 'the token is for "api", and no --audience says who judges it'
  stdout_has 'more than 1 min for --max-ttl'
  stdout_has 'octets, --max-size is 100'
  run --separate-stderr "$JWTCTL" lint - -f concise <<<"token: $none # jwtctl:ignore JWT101 -- a fixture"
  stderr_has 'and with --stdin-filename'
  run_jwtctl lint t.jwt --select zzzzzzzz
  expect_error 2 'jwtctl lint --list-rules lists them'
  run_jwtctl lint t.jwt --baseline t.jwt
  expect_error 3 'jwtctl lint --write-baseline PATH writes one'
  placeholder='\{[a-z]+(_[a-z]+)*\}'
  for rule in $("$JWTCTL" lint --list-rules -f json | jq -r '.rules[].rule'); do
    run_jwtctl explain "$rule"
    expect_status 0
    ! grep -Eq "$placeholder" <<<"$output" || complain "a placeholder: $rule" || return
  done
  run_jwtctl lint --list-rules -f json
  ! grep -Eq "$placeholder" <<<"$output" || complain "a placeholder" || return
  for format in text json sarif github gitlab junit; do
    run_jwtctl lint t.jwt --max-ttl 1m -f "$format"
    expect_status 1
    ! grep -Eq "$placeholder" <<<"$output" || complain "a placeholder: $format" || return
  done
}
