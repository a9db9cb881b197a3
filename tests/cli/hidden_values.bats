#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# What is left out of what is shown: values of queries, credentials, what is no path; and of the
# members of foreign sets what is too long.

load helper
load rotate

setup_file() {
  cd "$BATS_FILE_TMPDIR"
  make_ec ec.pem
  openssl pkey -in ec.pem -pubout -out public.pem
  "$JWTCTL" keygen -q --kid old --out-private old.jwk --out-jwks old.json
  "$JWTCTL" keygen -q --kid new --out-private new.jwk --out-jwks new.json
  jq -s '{keys: [.[].keys[]]}' old.json new.json >both.json
}

setup() {
  cd "$BATS_TEST_TMPDIR"
  cp "$BATS_FILE_TMPDIR"/* .
  export HOME=$PWD/home
  mkdir home
}

teardown() { [ -z "${PLACES-}" ] || stop_server; }

# nothing_has TEXT [FILE]: neither stream, nothing that is kept for the next run, nor the file.
nothing_has() {
  [[ $output$stderr != *"$1"* ]] || complain "shown: $1" || return
  ! grep -rqF -- "$1" home "${@:2}" || complain "in a file: $1"
}

@test "a query is asked with and shown without its values" {
  start_server
  serve jwks both.json
  local query='api_key=hunter2&sig=hunter3' shown='api_key=***&sig=***'
  for format in text json; do
    for more in '' --offline; do
      # shellcheck disable=SC2086
      run_jwtctl jwks fetch "$URL/jwks?$query" -f "$format" $more
      expect_status 0
      stdout_has "$URL/jwks?$shown"
      nothing_has hunter
    done
  done
  "$JWTCTL" sign '{}' -q --key old.jwk --no-expiry --now "$NOW" >token
  for format in text json; do
    run_jwtctl verify @token --jwks "$URL/jwks?$query" --any-audience --now "$NOW" -f "$format" --refresh
    stdout_has "$URL/jwks?$shown"
    nothing_has hunter
  done
  run_jwtctl jwks fetch "http://127.0.0.1:9/jwks?$query" --retries 0
  expect_error 4 "cannot fetch http://127.0.0.1:9/jwks?$shown"
  nothing_has hunter
  run_jwtctl jwks fetch "$URL/nothing?$query" --retries 0
  expect_error 4 "$URL/nothing?$shown answers with status"
  nothing_has hunter
  # The query was sent, and what was kept was found by it.
  grep -qxF "/jwks?$query" "$PLACES/requests"
  [ "$(find home -name '*.json' | wc -l)" -eq 1 ]
  echo 302 >"$PLACES/away.status"
  echo 'Location: http://id.example.com/jwks?token=hunter4' >"$PLACES/away.headers"
  run_jwtctl jwks fetch "$URL/away?$query"
  expect_error 4 "$URL/away?$shown redirects to http://id.example.com/jwks?token=***, which is not https"
  nothing_has hunter
  run_jwtctl jwks fetch "$URL/jwks#id_token=hunter2"
  expect_error 2 "$URL/jwks#***" 'fragment'
  nothing_has hunter
  run_jwtctl jwks fetch "http://id.example.com/jwks?$query"
  expect_error 2 "http://id.example.com/jwks?$shown" 'not https'
  nothing_has hunter
}

@test "a plan has no value of a query, and check says that it needs the URL" {
  start_server
  serve jwks both.json
  serve jwks old.json
  for format in text json markdown; do
    base_plan --jwks "$URL/jwks?api_key=hunter2" --new-key new.jwk -f "$format"
    expect_status 0
    nothing_has hunter
    [ "$format" == text ] || stdout_has "$URL/jwks?api_key=***"
  done
  base_plan --jwks "$URL/jwks?api_key=hunter2" --new-key new.jwk -f json -o plan.json
  nothing_has hunter plan.json
  for more in '' "--jwks $URL/jwks?api_key=***"; do
    # shellcheck disable=SC2086
    run_jwtctl rotate-plan check plan.json --state state --now 1772442600 $more
    expect_error 2 "the query of $URL/jwks?api_key=*** is not known" 'give the URL itself: --jwks URL'
  done
  for format in text json metrics; do
    run_jwtctl rotate-plan check plan.json --jwks "$URL/jwks?api_key=hunter2" --state state \
      --now 1772442600 -f "$format"
    [ "$status" -ge 20 ] || complain
    [ "$format" == metrics ] || stdout_has "$URL/jwks?api_key=***"
    nothing_has hunter state
  done
  # The state knows the place again, and tells another one apart from it.
  run_jwtctl rotate-plan check plan.json --jwks "$URL/jwks?api_key=hunter4" --state state --now 1772442660
  expect_status 22
  stdout_has "$URL/jwks?api_key=*** was looked at before" 'and was not now'
  nothing_has hunter state
}

@test "credentials are not repeated by whatever option they came" {
  for text in 'Authorization: Basic dXNlcjpwYXNz' 'Bearer dXNlcjpwYXNz' 'Basic dXNlcjpwYXNz' \
    'Cookie: session=dXNlcjpwYXNz' 'password=dXNlcjpwYXNz' 'token=dXNlcjpwYXNz' \
    ghp_dXNlcjpwYXNzdXNlcjpwYXNz glpat-dXNlcjpwYXNzdXNlcjpwYXNz; do
    for option in --kid --issuer --audience --claim --typ --subject --leeway --format --require; do
      value=$text
      [ "$option" != --claim ] || value="name=$text"
      for format in text json; do
        run_jwtctl verify eyJhbGciOiJFUzI1NiJ9.e30.AAAA --key public.pem --now "$NOW" -f "$format" "$option" "$value"
        [ "$status" -ne 0 ] || complain
        nothing_has dXNlcjpwYXNz
      done
    done
  done
}

@test "an expected value with the name of a secret is not repeated" {
  for claim in password=hunter2 access_token=hunter2 'client_secret:="hunter2"' 'api_key:=["hunter2"]' \
    'https://127.0.0.1:9/jwks?token=hunter2'; do
    for format in text json junit github; do
      run_jwtctl verify eyJhbGciOiJFUzI1NiJ9.e30.AAAA --key public.pem --now "$NOW" -f "$format" --claim "$claim"
      [ "$status" -ne 0 ] || complain
      nothing_has hunter
    done
  done
  # The comparison is of what was given.
  "$JWTCTL" sign '{"password":"hunter2"}' -q --key old.jwk --expires-in 1h --now "$NOW" >token
  run_jwtctl verify @token --key old.jwk --any-audience --now "$NOW" --claim password=hunter2
  expect_status 0
  run_jwtctl verify @token --key old.jwk --any-audience --now "$NOW" --claim 'password=text of 7 characters'
  expect_status 16
  run_jwtctl verify @token --key old.jwk --any-audience --now "$NOW" --claim password=hunter3
  expect_status 16
  stdout_has 'expected "text of 7 characters", actual "hunter2"'
  nothing_has hunter3
}

@test "what is expected is shown whole, though there is an @ or a short name in it" {
  token=$("$JWTCTL" sign '{}' -q --key old.jwk --expires-in 1h --now "$NOW")
  for value in repo:o/r:ref:refs/heads/dependabot/npm_and_yarn/@types/node-20 \
    system:serviceaccount:ns:sa@x 'auth0|user:me@corp' https://h/tenant@corp/v2 'https://h/a?b=c#d'; do
    for format in text json; do
      run_jwtctl verify "$token" --key old.jwk --any-audience --now "$NOW" --subject "$value" -f $format
      expect_status 16
      stdout_has "\"$value\""
    done
  done
  run_jwtctl verify "$token" --key old.jwk --any-audience --now "$NOW" --claim 'cfg:={"k":"v"}' -f json
  json_check claim:cfg .expected '{"k":"v"}'
  run_jwtctl verify "$token" --key old.jwk --any-audience --now "$NOW" --subject https://user:hunter2@h/ -f json
  json_check sub .expected '"text with user information of 23 characters"'
}

@test "what the token has instead is not written into the log of a CI where it is a secret" {
  local claims
  jq -c '{jwk: ., list: [.], pem: $pem, password: "hunter2", deep: {client_secret: "hunter2"}, token: $token, plain: "alice"}' \
    --rawfile pem ec.pem --arg token "$("$JWTCTL" sign '{}' -q --key old.jwk --no-expiry --now "$NOW")" old.jwk >claims
  "$JWTCTL" sign - -q --key old.jwk --expires-in 1h --now "$NOW" <claims >token
  for claim in jwk list pem password deep token plain; do
    for format in github junit; do
      run_jwtctl verify @token --key old.jwk --any-audience --now "$NOW" --claim "$claim=expected" -f $format
      expect_status 16
      nothing_has hunter2
      nothing_has "$(jq -r .d old.jwk)"
      nothing_has "$(sed -n 2p ec.pem | head -c 20)"
      nothing_has "$(jq -r .token claims)"
      stdout_has actual expected
      [ $claim != plain ] || stdout_has alice
    done
  done
  # The report itself has the claims by contract.
  run_jwtctl verify @token --key old.jwk --any-audience --now "$NOW" --claim password=expected
  stdout_has 'actual "hunter2"'
}

@test "an operand of lint is judged as it was typed" {
  for path in 'https://h/jwks#hunter2' 'https://h/jwks?api_key=hunter2' https://user:hunter2@h/jwks; do
    for format in text json junit; do
      run_jwtctl lint "$path" -f $format
      expect_status 3
      nothing_has hunter2
    done
  done
  mkdir 'a#b'
  run_jwtctl lint "./a#b/nothing"
  expect_error 3 "cannot read a#b/nothing"
  run_jwtctl lint ".//a//nothing"
  expect_error 3 "cannot read a/nothing"
}

@test "the reason of a suppression has no value of a query" {
  printf 'token: %s # jwtctl:ignore JWT101 -- see https://h/a?api_key=hunter2#hunter3 for why\n' \
    "$(signing_input '{"alg":"none"}' '{"sub":"a"}')." >a.yaml
  for format in json sarif; do
    run_jwtctl lint . --select JWT101 -f $format
    nothing_has hunter
    stdout_has 'https://h/a?api_key=***#*** for why'
  done
}

@test "a plan says whose key set is refused" {
  start_server
  jq '{keys: [.]}' old.jwk >private.json
  serve jwks private.json
  base_plan --jwks "$URL/jwks?api_key=hunter2" --new-key new.jwk
  expect_error 3 "$URL/jwks?api_key=***" "gives away the private half"
  nothing_has hunter2
}

@test "what names no file is shown when it says that it is a path" {
  mkdir there
  for path in ./keys/prod.pem keys/prod.pem prod.pem ./prod ../keys/prod '~/keys/prod' there/key \
    there/keys/prod /etc/nowhere-at-all/key keys/prod.p8 keys/set.jwks /srv/BEGINNER/KEY.pem \
    user@host:/k.pem; do
    run_jwtctl verify eyJhbGciOiJFUzI1NiJ9.e30.AAAA --key "$path"
    expect_error 3 "--key: there is no file $path"
    run_jwtctl verify eyJhbGciOiJFUzI1NiJ9.e30.AAAA --jwks "$path"
    expect_error 3 "--jwks: there is no file $path"
  done
  for text in pa/ss.hunter2-W0rd hunter2/pass hunter2.W0rd /hunter2/pass hunter2 hunter2. hunter2.5a \
    hunter2.passwd hunter2.pAss; do
    run_jwtctl verify eyJhbGciOiJFUzI1NiJ9.e30.AAAA --key "$text"
    expect_error 3 "--key: what it names is no file: text of ${#text} characters" 'PATH, -, fd:N or env:NAME'
    nothing_has hunter2
    for option in --cert --cert-key --cacert; do
      run_jwtctl jwks fetch http://127.0.0.1:9/jwks --cert public.pem "$option" "$text"
      [ "$status" -ne 0 ] || complain
      nothing_has hunter2
    done
  done
}

@test "tables bound and escape what a set says of its keys" {
  long=$(printf 'k%.0s' {1..300})
  for set in old.json new.json; do
    jq --arg kid "$set$long" --arg long "$long" \
      '.keys[0] += {kid: ($kid + "\u001b[1m"), use: $long, alg: $long} | .keys[1] = {kty: $long, kid: "x"}' \
      $set >long-$set
  done
  run_jwtctl jwks show long-old.json --now "$NOW"
  expect_status 0
  stdout_has "old.json${long:0:248}…" " ${long:0:64}…"
  [[ $output != *"${long:0:249}"* && $output != *$'\x1b'* ]] || complain
  [ "$(grep -o "k\{65,\}" <<<"$output" | wc -l)" -eq 1 ] || complain
  run_jwtctl jwks show long-old.json --now "$NOW" -f json
  jq -e --arg kid "old.json$long" '.keys[0].kid == $kid + "\u001b[1m"' <<<"$output"
  run_jwtctl jwks diff long-old.json long-new.json
  expect_status 1
  stdout_has "old.json${long:0:248}…"
  [[ $output != *"${long:0:249}"* && $output != *$'\x1b'* ]] || complain
  run_jwtctl jwks diff long-old.json long-new.json -f json
  jq -e --arg kid "old.json$long" '.removed[0] == $kid + "\u001b[1m"' <<<"$output"
  run_jwtctl jwks show long-old.json --kid nosuch
  expect_error 3 "there is: old.json${long:0:248}…, x"
  run_jwtctl verify eyJhbGciOiJFUzI1NiIsImtpZCI6IngifQ.e30.AAAA --jwks long-old.json --now "$NOW"
  [[ $output != *"${long:0:257}"* ]] || complain
  # Names of members, and kids that are listed, are not only short but few.
  jq '.keys[0] += ([range(21)] | map({key: ("m\(.)" + "n" * 70), value: 1}) | from_entries)' old.json >many.json
  run_jwtctl jwks diff old.json many.json
  expect_status 1
  stdout_has 'and 1 more'
  [[ $output != *"$(printf 'n%.0s' {1..64})"* ]] || complain
  jq '.keys = [range(21) as $n | .keys[0] + {kid: "kid\($n)"}]' old.json >kids.json
  run_jwtctl jwks show kids.json --kid nosuch
  expect_error 3 'kid19, and 1 more'
}

@test "no finding quotes user information out of a token, in any format" {
  local url='https://user:hunter2@id.example.com/' header claims format
  for header in '"typ":$u' '"cty":$u' '"alg":[$u]' '"crit":$u' '"crit":[$u]' '"typ":[$u]' '"kid":{"a":$u}' '"jku":$u' '"x5u":$u' '"x5t":$u'; do
    for claims in '{iss: $u, aud: $u, exp: $u}' '{iss: [$u], aud: {a: $u}, nbf: $u, jti: [$u], sub: [$u]}'; do
      local head payload
      head=$(jq -nc --arg u "$url" "{alg: \"ES256\"} + {$header}" | b64url)
      payload=$(jq -nc --arg u "$url" "$claims" | b64url)
      echo "$head.$payload.AAAA" >token.txt
      for format in text concise github gitlab junit sarif json; do
        run_jwtctl lint -f "$format" --issuer https://id.example.com --audience api --typ jwt token.txt
        nothing_has hunter2
      done
      for format in github junit; do
        run_jwtctl verify -f "$format" --key public.pem --typ JWT -- "$(<token.txt)"
        nothing_has hunter2
      done
    done
  done
}
