#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# What must not be seen: tokens and secrets in the process list, secrets and passphrases in output.

load helper

LITERAL=hunter2-is-what-I-typed

setup_file() {
  cd "$BATS_FILE_TMPDIR"
  make_secret secret
  make_ec ec.pem
  openssl pkey -in ec.pem -pubout -out public.pem
  export SECRET=$BATS_FILE_TMPDIR/secret T
  T=$(sign_es256 '{"alg":"ES256"}' "{\"exp\":$((NOW + 600)),\"sub\":\"alice\"}" ec.pem)
}

setup() {
  cp "$BATS_FILE_TMPDIR"/*.pem "$BATS_TEST_TMPDIR"
  cd "$BATS_TEST_TMPDIR"
}

teardown() {
  [ -z "${child-}" ] || kill "$child" 2>/dev/null || true
}

# hidden TEXT...: waits until the program, which is $child and reads from a FIFO, has parsed its
# arguments and none of the texts stands in its command line. Gives up after about ten seconds.
hidden() {
  local line='' text seen _
  [ -r "/proc/$child/cmdline" ] || skip "no /proc here"
  for _ in {1..500}; do
    line=$(tr '\0' ' ' <"/proc/$child/cmdline") || complain "the program ended early" || return
    seen=
    for text in "$@"; do [[ $line != *"$text"* ]] || seen=$text; done
    # Before exec the command line is still that of this shell.
    [ -n "$seen" ] || [[ $line != "$JWTCTL verify"* ]] || return 0
    sleep 0.02
  done
  complain "in the command line: $line"
}

# finish STATUS: the program ends with it.
finish() {
  status=0
  wait "$child" || status=$?
  child= output=$(<out) stderr=$(<err)
  expect_status "$1"
}

@test "a token given as argument is gone from the command line once it is parsed" {
  mkfifo key
  exec 7<>key
  "$JWTCTL" verify "$T" --key - --now "$NOW" <key >out 2>err 3>&- 7>&- &
  child=$!
  hidden "$T" "${T%%.*}" "${T##*.}" "${T:30:20}"
  cat public.pem >&7
  exec 7>&-
  finish 0
  stdout_has VALID alice
}

@test "so is one with what pasting added, and the one behind --" {
  mkfifo key
  for arguments in "Authorization: Bearer $T" "'$T'"; do
    exec 7<>key
    "$JWTCTL" verify --key - --now "$NOW" -- "$arguments" <key >out 2>err 3>&- 7>&- &
    child=$!
    hidden "$T" "${T##*.}"
    cat public.pem >&7
    exec 7>&-
    finish 0
  done
}

@test "the value of --secret is gone from the command line" {
  # Whoever types a secret as SPEC gets an error; a FIFO of that name keeps the program waiting.
  mkfifo "$LITERAL"
  HS=$(sign_hs256 '{"alg":"HS256"}' "{\"exp\":$((NOW + 600))}" "$SECRET")
  for option in "--secret $LITERAL" "--secret=$LITERAL"; do
    exec 7<>"$LITERAL"
    "$JWTCTL" verify "$HS" $option --now "$NOW" >out 2>err 3>&- 7>&- </dev/null &
    child=$!
    hidden "$LITERAL" "$HS"
    cat "$SECRET" >&7
    exec 7>&-
    finish 0
    nothing_has "$LITERAL"
  done
}

@test "the value of --passphrase and of --key is gone from the command line" {
  openssl ec -in ec.pem -aes128 -passout pass:sesame -out locked.pem 2>/dev/null
  mkfifo "$LITERAL"
  exec 7<>"$LITERAL"
  "$JWTCTL" verify "$T" --key locked.pem --passphrase "$LITERAL" --now "$NOW" >out 2>err 3>&- 7>&- </dev/null &
  child=$!
  hidden "$LITERAL" "$T"
  printf sesame >&7
  exec 7>&-
  finish 0
  exec 7<>"$LITERAL"
  "$JWTCTL" verify "$T" -k "$LITERAL" --now "$NOW" >out 2>err 3>&- 7>&- </dev/null &
  child=$!
  hidden "$LITERAL" "$T"
  cat public.pem >&7
  exec 7>&-
  finish 0
}

@test "a literal secret is refused and not echoed, in any format" {
  for literal in "$LITERAL" "-$LITERAL" "--$LITERAL" "pass=$LITERAL" "{$LITERAL}" "$LITERAL$(repeat 300 x)" \
    "/$LITERAL/x" "$LITERAL with blanks" $'two\nlines '"$LITERAL"; do
    for format in text json; do
      run_jwtctl verify --secret "$literal" -f $format -v "$T" </dev/null
      expect_error 3 --secret "never"
      nothing_has "$LITERAL" hunter2
      run_jwtctl verify "--secret=$literal" -f $format "$T" </dev/null
      expect_error 3 --secret
      nothing_has "$LITERAL" hunter2
      run_jwtctl verify --key ec.pem "--passphrase=$literal" -f $format "$T" </dev/null
      expect_error 3 --passphrase
      nothing_has "$LITERAL" hunter2
    done
  done
}

@test "a secret typed in the wrong place is not echoed either" {
  for arguments in "--key $LITERAL" "--jwks $LITERAL" "--secret env:$LITERAL" "--key env:$LITERAL" "--secret fd:$LITERAL" \
    "-s$LITERAL" "--secrte=$LITERAL" "--passphrase env:$LITERAL --key ec.pem"; do
    run_jwtctl verify $arguments "$T" </dev/null
    [ "$status" -eq 2 ] || [ "$status" -eq 3 ] || complain "expected 2 or 3"
    [ -n "$stderr" ] || complain "no error"
    nothing_has "$LITERAL"
  done
}

@test "a private key typed as --key is refused and not echoed" {
  secret_part=$(jwk ec.pem | jq -r .x)
  private="{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"$secret_part\",\"d\":\"$secret_part\"}"
  for option in --key --jwks --secret --passphrase; do
    run_jwtctl verify "$option" "$private" "$T" </dev/null
    [ "$status" -eq 2 ] || [ "$status" -eq 3 ] || complain "expected 2 or 3"
    nothing_has "$secret_part" "${secret_part:0:12}"
    run_jwtctl verify "$option" "$(<ec.pem)" "$T" </dev/null
    [ "$status" -eq 2 ] || [ "$status" -eq 3 ] || complain "expected 2 or 3"
    nothing_has "$(sed -n 2p ec.pem | tail -c 30)" "$(sed -n 3p ec.pem)"
  done
}

@test "a secret is in no output, right or wrong, raw or encoded" {
  HS=$(sign_hs256 '{"alg":"HS256","kid":"a"}' "{\"exp\":$((NOW + 600))}" "$SECRET")
  text=$(<"$SECRET")
  shapes=("$text" "${text:0:16}" "$(hex <"$SECRET")" "$(hex <"$SECRET" | tr A-F a-f)" "$(b64url <"$SECRET")" "$(base64 -w0 "$SECRET")")
  oct_jwk "$SECRET" '{kid:"a"}' >oct
  jwks "$(<oct)" >set
  thumbprint=$(jq -jSc '{k,kty}' oct | openssl dgst -sha256 -binary | b64url)
  for token in "$HS" "${HS%.*}.$(repeat 43 A)" broken; do
    for source in "--secret $SECRET" "--key oct" "--jwks set"; do
      for form in "-f text -v" "-f json -v" "--print payload"; do
        run_jwtctl verify $source $form --now "$NOW" "$token" </dev/null
        nothing_has "${shapes[@]}" "$thumbprint"
      done
    done
  done
}

@test "a secret that cannot be used is not shown" {
  for encoding in hex base64 base64url; do
    printf '%s' "$LITERAL!" >odd
    run_jwtctl verify --secret odd --secret-encoding $encoding "$T" </dev/null
    expect_error 3 --secret
    nothing_has "$LITERAL" hunter2
  done
  printf '%s' hunter2 >short
  HS=$(sign_hs256 '{"alg":"HS256"}' "{\"exp\":$((NOW + 600))}" short)
  run_jwtctl verify --secret short --now "$NOW" -f json "$HS" </dev/null
  expect_status 12
  nothing_has hunter2
  printf '{"kty":"oct","k":"%s!"}' hunter2 >oct
  run_jwtctl verify --key oct --now "$NOW" "$HS" </dev/null
  [ "$status" -ne 0 ] || complain "must be refused"
  nothing_has hunter2
  printf '{"kty":"oct","k":"%s"' hunter2 >oct
  run_jwtctl verify --key oct --now "$NOW" "$HS" </dev/null
  expect_error 3 --key
  nothing_has hunter2
}

@test "a passphrase is in no output, right or wrong" {
  openssl pkcs8 -topk8 -in ec.pem -passout "pass:$LITERAL" -out locked.pem
  printf '%s' "$LITERAL" >right
  printf '%s' "wrong-$LITERAL" >wrong
  for format in text json; do
    run_jwtctl verify --key locked.pem --passphrase right -f $format -v --now "$NOW" "$T" </dev/null
    expect_status 0
    nothing_has "$LITERAL"
    run_jwtctl verify --key locked.pem --passphrase wrong -f $format -v --now "$NOW" "$T" </dev/null
    expect_error 6 passphrase
    nothing_has "$LITERAL"
  done
}

@test "the private half of a key is in no output" {
  d=$(openssl ec -in ec.pem -outform DER 2>/dev/null | head -c 39 | tail -c 32 | b64url)
  jwk ec.pem "{d:\"$d\"}" >private.jwk
  for key in ec.pem private.jwk; do
    for format in text json; do
      run_jwtctl verify --key $key -f $format -v --now "$NOW" "$T" </dev/null
      expect_status 0
      nothing_has "$d" "$(sed -n 2p ec.pem)"
    done
  done
}

@test "a private key that is taken for a token is not shown, encoded as it may be" {
  "$JWTCTL" keygen -a ES256 --out-private key.jwk 2>/dev/null
  openssl pkey -in ec.pem -outform der -out key.der
  for file in key.jwk ec.pem key.der; do
    key=$(base64 -w0 "$file" | tr '+/' '-_' | tr -d =)
    for text in "$key" "$key.e30.AAAA"; do
      for format in text json; do
        run_jwtctl decode -f $format "$text"
        expect_status 3
        nothing_has "${key:40:20}" PRIVATE '"d"' "$(jq -r .d key.jwk)"
        run_jwtctl verify --key public.pem --any-audience -f $format "$text"
        expect_status 10
        nothing_has "${key:40:20}" PRIVATE '"d"' "$(jq -r .d key.jwk)"
      done
    done
  done
}

# no_key_shown TEXT...: decode and verify show no part of the texts, which TOKEN holds encoded.
no_key_shown() {
  local format part
  for format in text json; do
    run_jwtctl decode -f $format - <token
    expect_error 3 "encoded private key, which is not shown" && nothing_has "$@" || return
  done
  for format in text json github junit; do
    run_jwtctl verify --key public.pem --any-audience -f $format - <token
    expect_status 10 && nothing_has "$@" || return
  done
  for part in header payload signature; do
    run_jwtctl decode --print $part - <token
    expect_status 3 && nothing_has "$@" || return
    run_jwtctl decode --print $part --raw - <token
    expect_status 3 && nothing_has "$@" || return
  done
}

@test "a private key that is taken for a token is not shown, wrapped, cut or in a part of one" {
  "$JWTCTL" keygen -a ES256 --out-private key.jwk 2>/dev/null
  local d pem text good
  d=$(jq -r .d key.jwk) pem=$(sed -n 2p ec.pem) good=$(printf '{"alg":"ES256"}' | b64url)
  jq -c '[.]' key.jwk >array
  jq -c '{a: .}' key.jwk >nested
  jq -c 'del(.kty)' key.jwk >no_type
  jq -c '{k: .d}' key.jwk >no_name
  jq -c '{kty, d}' key.jwk | head -c 50 >cut
  printf -- '-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n%s\n' "$pem" >pgp
  { echo "my key:"; cat ec.pem; } >text
  for file in key.jwk array nested no_type no_name cut ec.pem pgp text; do
    base64 "$file" >token
    no_key_shown "${d:0:10}" "${pem:0:12}" "${pem:30:12}" || complain "$file wrapped"
    base64 -w0 "$file" >token
    no_key_shown "${d:0:10}" "${pem:0:12}" "${pem:30:12}" || complain "$file"
    for text in "e30.$(b64url <"$file")" "e30.$(b64url <"$file").AAAA" "$good.e30.$(b64url <"$file")"; do
      printf '%s' "$text" >token
      no_key_shown "${d:0:10}" "${pem:0:12}" "${pem:30:12}" || complain "$file: $text"
    done
  done
  printf '%s.%s.AAAA' "$good" "$(b64url <ec.pem)" >token
  no_key_shown "${pem:0:12}"
  sed '/-----/d' ec.pem >token
  no_key_shown "${pem:0:12}"
}

@test "a claim of a token may hold anything, and is shown" {
  "$JWTCTL" sign '{"k":"AAAAAAAAAAAAAAAAAAAAAA","d":"x"}' -q --key ec.pem --no-expiry --now "$NOW" >token
  run_jwtctl decode -f json - <token
  expect_status 0
  json .payload.k '"AAAAAAAAAAAAAAAAAAAAAA"'
}

@test "the token itself is in no report" {
  for format in text json; do
    run_jwtctl decode -f $format --now "$NOW" "$T" </dev/null
    expect_status 0
    nothing_has "$T" "${T##*.}"
    run_jwtctl verify --key public.pem -f $format -v --now "$NOW" "$T" </dev/null
    expect_status 0
    nothing_has "$T" "${T##*.}"
  done
}
