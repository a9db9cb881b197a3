#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# rotate-plan check against an issuer that publishes, flaps, serves stale copies, switches and
# retires; time passes by --now.

load helper
load rotate

setup_file() {
  cd "$BATS_FILE_TMPDIR"
  "$JWTCTL" keygen --kid old --out-private old.jwk --out-jwks old.json 2>/dev/null
  "$JWTCTL" keygen --kid new --out-private new.jwk --out-jwks new.json 2>/dev/null
  "$JWTCTL" keygen --kid new --out-private other.jwk --out-jwks other.json 2>/dev/null
  "$JWTCTL" keygen --kid third --out-private third.jwk --out-jwks third.json 2>/dev/null
  jq -s '{keys: [.[].keys[]]}' old.json new.json >both.json
  jq -s '{keys: [.[].keys[]]}' old.json other.json >rekeyed.json
}

setup() {
  cd "$BATS_TEST_TMPDIR"
  cp "$BATS_FILE_TMPDIR"/*.json "$BATS_FILE_TMPDIR"/*.jwk .
  start_server
  serve jwks old.json
  base_plan --jwks old.json --new-key new.jwk -f json -o plan.json
  expect_status 0
  # 2026-03-02T09:10:00Z; the plan activates at 09:35
  CLOCK=1772442600
}

teardown() { stop_server; }

# check STATUS ANSWER STAGE ARGUMENT...: one look at $CLOCK.
check() {
  local status_wanted=$1 answer=$2 stage=$3
  shift 3
  run_jwtctl rotate-plan check plan.json --jwks "$URL/jwks" --state state --now "$CLOCK" -f json "$@" </dev/null
  expect_status "$status_wanted" || return
  json '[.answer, .phase, .exit]' "[\"$answer\",\"$stage\",$status_wanted]"
}

pass() { CLOCK=$((CLOCK + $1)); }

# token_by KEY [SECONDS]: a token that is issued now and lives that long.
token_by() {
  "$JWTCTL" sign -k "$1.jwk" --expires-in "${2:-3600}s" --claim sub=x --now "$CLOCK" >"token-$1" 2>/dev/null
  echo "token-$1"
}

@test "a rotation from start to end" {
  check 20 wait prepared
  json .wait 2100
  serve jwks both.json old.json
  pass 10
  check 22 unknown publishing
  serve jwks both.json
  pass 10
  check 20 wait propagating
  json '[.wait, .next]' '[1800,"activate"]'
  pass 1799
  check 20 wait propagating --step activate
  json .wait 1
  pass 1
  check 0 safe ready-to-activate --step activate
  pass 60
  check 20 wait draining --token "$(token_by new)"
  json '[.wait, .next]' '[5220,"retire"]'
  pass 5219
  check 20 wait draining --step retire
  pass 1
  check 22 unknown ready-to-retire --step retire
  check 0 safe ready-to-retire --step retire --token "$(token_by new)"
  serve jwks new.json
  pass 60
  check 20 wait untrusting --step destroy
  json .wait 900
  pass 900
  check 0 safe done --step destroy
}

@test "never safe while a replica lacks the key, however long that takes" {
  serve jwks both.json both.json both.json old.json
  for _ in 1 2 3; do
    pass 86400
    check 22 unknown publishing
    json .safe_at null
  done
  serve jwks both.json
  check 20 wait propagating
}

@test "a stale copy counts, although the origin has the key" {
  serve jwks both.json
  cp old.json places/jwks.stale
  check 22 unknown publishing
  json '[.samples[] | [.past_caches, (.kids | length), .age]] | unique' '[[false,1,120],[true,2,null]]'
  rm places/jwks.stale
  pass 60
  check 20 wait propagating
}

@test "a place that cannot be asked is unknown, and so is one that is left out" {
  serve jwks both.json
  check 20 wait propagating
  serve cdn old.json
  pass 1800
  check 22 unknown publishing --jwks "$URL/cdn"
  check 22 unknown unknown
  json '.reasons[0] | contains("was not now")' true
  echo 503 >places/cdn.status
  check 22 unknown unknown --jwks "$URL/cdn" --retries 0
  rm places/cdn.status
  serve cdn both.json
  check 20 wait propagating --jwks "$URL/cdn"
  pass 1800
  check 0 safe ready-to-activate --jwks "$URL/cdn"
  check 22 unknown unknown --jwks "$URL/nowhere"
  run_jwtctl rotate-plan check plan.json --jwks http://127.0.0.1:1/x --state other --retries 0
  expect_status 22
  stdout_has "UNKNOWN: "
}

@test "unsafe: signed too early, retired too early, another key, a private key" {
  check 21 unsafe unknown --token "$(token_by new)"
  json .invariant '"I1"'
  serve jwks both.json
  rm state
  check 20 wait propagating
  serve jwks new.json
  pass 60
  check 21 unsafe unknown
  json .invariant '"I2"'
  check 21 unsafe unknown --token "$(token_by old)"
  serve jwks rekeyed.json
  check 21 unsafe unknown
  json .invariant '"I5"'
  jq -s '{keys: .}' old.jwk >private.json
  serve jwks private.json
  check 21 unsafe unknown
  json .invariant '"I6"'
  nothing_has "$(jq -r .d old.jwk)"
}

@test "tokens that prove nothing are no evidence" {
  serve jwks both.json
  check 20 wait propagating
  pass 1800
  cp other.jwk forged.jwk
  check 22 unknown unknown --token "$(token_by forged)"
  check 22 unknown unknown --token "$(token_by third)"
  check 0 safe ready-to-activate --token "$(token_by old)"
  echo nonsense >token
  run_jwtctl rotate-plan check plan.json --jwks "$URL/jwks" --state state --now "$CLOCK" --token token
  expect_error 3 "--token: it is no signed token"
  nothing_has "$(cat token-old)"
}

@test "a longer max-age than planned makes the wait longer" {
  serve jwks both.json
  echo "Cache-Control: public, max-age=3600" >places/jwks.headers
  check 20 wait propagating
  json '[.wait, .samples[0].max_age]' '[5100,3600]'
}

@test "a clock that goes back is unknown, and the state stays" {
  serve jwks both.json
  check 20 wait propagating
  cp state before
  pass -3600
  check 22 unknown unknown
  cmp state before
}

@test "the state: of another plan, damaged, unwritable" {
  serve jwks both.json
  check 20 wait propagating
  cp plan.json first.json
  base_plan --jwks old.json --new-key third.jwk -f json -o plan.json
  run_jwtctl rotate-plan check plan.json --jwks "$URL/jwks" --state state --now "$CLOCK"
  expect_error 3 "the state belongs to plan"
  echo '{"schema":"jwtctl.rotate-state/1"}' >state
  run_jwtctl rotate-plan check first.json --jwks "$URL/jwks" --state state --now "$CLOCK"
  expect_error 3 "the state is not what this program writes" "remove it"
}

@test "a state that cannot be written warns, and the answer is given all the same" {
  serve jwks both.json
  at_state() { run_jwtctl rotate-plan check plan.json --jwks "$URL/jwks" --state "$1" --now "$CLOCK"; }
  at_state no/such/folder
  expect_status 20
  stdout_has "WAIT 1800 s"
  stderr_has "jwtctl: warning: nothing is remembered in no/such/folder: there is no folder no/such; the answer stands, but the next check begins anew"
  stdout_has "what was seen is not remembered in no/such/folder (there is no folder no/such): the next check knows neither since when the new key is listed nor who signed"
  printf '{}' >file
  at_state file/state
  expect_status 20
  stderr_has "nothing is remembered in file/state: cannot write file/state: Not a directory; "
  XDG_STATE_HOME=$PWD/file run_jwtctl rotate-plan check plan.json --jwks "$URL/jwks"
  expect_status 20
  stderr_has "/rotation/$(jq -r .id plan.json)-$(jq -r .inputs.start plan.json).json: cannot make the folder $PWD/file/jwtctl: Not a directory; "
  serve jwks rekeyed.json
  at_state no/such/folder
  expect_status 21
}

@test "a state that others may write, or in a folder of others, is refused" {
  serve jwks both.json
  umask 002
  check 20 wait propagating
  [ "$(stat -c %a state)" = 600 ]
  at_state() { run_jwtctl rotate-plan check plan.json --jwks "$URL/jwks" --state "$1" --now "$CLOCK"; }
  for mode in 620 602 666; do
    chmod "$mode" state
    at_state state
    expect_error 3 "state belongs to somebody else, or others may write to it" "chown"
  done
  chmod 644 state
  at_state state
  expect_status 20
  ln -s state link
  at_state link
  expect_error 3 "link is no regular file"
  mkdir open
  cp state open/state
  chmod 777 open
  at_state open/state
  expect_error 3 "the folder open belongs to somebody else"
  chmod 1777 open
  at_state open/state
  expect_status 20
  mkdir -p xdg/jwtctl/rotation
  chmod 770 xdg/jwtctl/rotation
  XDG_STATE_HOME=$PWD/xdg run_jwtctl rotate-plan check plan.json --jwks "$URL/jwks"
  expect_error 3 "the folder $PWD/xdg/jwtctl/rotation belongs to somebody else"
  [ "$(id -u)" = 0 ] || return 0
  chown 12345 state
  at_state state
  expect_error 3 "state belongs to somebody else"
}

@test "where nothing can be remembered it is said, and one --watch remembers" {
  base_plan --publish-delay 0 --cache 0 --verifier-cache 0 --margin 2 --jwks old.json --new-key new.jwk \
    -f json -o plan.json
  serve jwks both.json
  run --separate-stderr env -u HOME -u XDG_STATE_HOME "$JWTCTL" rotate-plan check plan.json --jwks "$URL/jwks"
  expect_status 20
  stdout_has "nothing can be remembered from check to check: set HOME, or say --state PATH"
  run --separate-stderr env -u HOME -u XDG_STATE_HOME timeout 60 "$JWTCTL" rotate-plan check plan.json \
    --jwks "$URL/jwks" --watch 1s
  expect_status 0
  stdout_has "SAFE: "
  run --separate-stderr timeout 60 "$JWTCTL" rotate-plan check plan.json --jwks "$URL/jwks" --watch 1s --state no/folder
  expect_status 0
  [ "$(grep -c 'nothing is remembered' <<<"$stderr")" = 1 ]
}

@test "after the retirement, on a machine that remembers nothing: unknown" {
  serve jwks new.json
  check 22 unknown unknown
  json '.reasons[0] | contains("no check remembers when it was")' true
  json '[.reasons[] | select(contains("no earlier check is remembered in state"))] | length' 1
  pass 60
  check 22 unknown unknown
}

@test "a key that is listed is not published when verify would not take it" {
  shape() { jq --argjson to "$1" '.keys |= map(if .kid == "new" then . + $to | with_entries(select(.value != null)) else . end)' both.json >shaped.json; }
  sign() { "$JWTCTL" sign -k new.jwk --expires-in 1h --claim sub=x 2>/dev/null; }
  token=$(sign)
  for to in '{"use":"enc"}' '{"use":"foo"}' '{"key_ops":["sign"]}' '{"key_ops":["encrypt"]}' '{"alg":"ES384"}' '{"alg":"RS256"}' \
    '{"crv":"P-384"}' '{"y":null}' '{"x":null}' '{"kty":"AKP"}' '{"kty":null,"crv":null,"x":null,"y":null,"alg":null,"use":null}'; do
    shape "$to"
    run_jwtctl verify --jwks shaped.json --any-audience -- "$token"
    expect_status 12
    for plan_key in "--new-key new.jwk" "--new-kid new" "--new-key new.jwk --to-alg ES256 --verifier-deploy 0"; do
      # shellcheck disable=SC2086 # words without blanks
      base_plan --jwks old.json $plan_key -f json -o plan.json
      serve jwks shaped.json
      rm -f state
      run_jwtctl rotate-plan check plan.json --jwks "$URL/jwks" --state state --now "$CLOCK" -f json
      expect_status 22 || return
      json '[.reasons[] | select(contains("but no verifier takes it: "))] | length' 1 || return
      CLOCK=$((CLOCK + 86400))
      check 22 unknown publishing --step activate || return
    done
  done
  run_jwtctl rotate-plan check plan.json --jwks "$URL/jwks" --state state --now "$CLOCK"
  stdout_has "new (new, not usable)"
  run_jwtctl rotate-plan check plan.json --jwks "$URL/jwks" --state state --now "$CLOCK" -f metrics
  stdout_has 'kid="new"} 0' 'kid="old"} 1'
}

@test "an old key that verify takes no more is lost" {
  serve jwks both.json
  check 20 wait propagating
  jq '.keys |= map(if .kid == "old" then .use = "enc" else . end)' both.json >shaped.json
  serve jwks shaped.json
  check 21 unsafe unknown
  json .invariant '"I2"'
  check 21 unsafe unknown --token "$(token_by old)"
}

@test "a token of some time ago does not show who signs now" {
  serve jwks both.json
  check 20 wait propagating
  pass 1800
  old_token=$(token_by new 30)
  check 20 wait draining --token "$old_token"
  cp "$old_token" first
  pass 5220
  check 22 unknown ready-to-retire --step retire --token first
  json '.tokens[0] | [.counts, (.doubt | contains("it expired 5190 s ago"))]' '[false,true]'
  token=$(token_by new)
  pass 61
  check 22 unknown ready-to-retire --step retire --token "$token"
  json '[.reasons[] | select(contains("issued 61 s ago"))] | length' 1
  pass -1
  # the clock is set back by a second only
  check 0 safe ready-to-retire --step retire --token "$token"
  json '.tokens[0] | [.counts, .doubt]' '[true,null]'
}

@test "a token of before the plan, and one of just now: not yet" {
  serve jwks both.json
  check 20 wait propagating
  pass 1800
  CLOCK=$((CLOCK - 604800)) token_by new >/dev/null
  mv token-new ancient
  check 20 wait draining --step retire --token ancient --token "$(token_by new)"
  json .wait 5220
}

@test "who sees the old key sign again waits anew" {
  serve jwks both.json
  check 20 wait propagating
  pass 1800
  check 20 wait draining --token "$(token_by new)"
  pass 600
  check 20 wait draining --token "$(token_by old)"
  pass 86400
  check 20 wait draining --step retire --token "$(token_by new)"
  json .wait 5220
}

@test "of several max-age the longest is waited for, and no-cache for a field is none" {
  serve jwks both.json
  for header in "Cache-Control: max-age=3600, max-age=1" "Cache-Control: max-age=\"3600\"" \
    "Cache-Control: no-cache=\"Set-Cookie, X\", max-age=3600" "Cache-Control: max-age=1, s-maxage=3600" \
    $'Cache-Control: max-age=3600\nCache-Control: max-age=1'; do
    echo "$header" >places/jwks.headers
    rm -f state
    check 20 wait propagating
    json '[.wait, .samples[0].max_age]' '[5100,3600]' || return
  done
}

@test "a clock that nothing confirms, or that a cache shows to be wrong, is no yes" {
  serve jwks both.json
  check 20 wait propagating
  pass 1800
  : >places/jwks.date
  check 22 unknown ready-to-activate
  json '.reasons[0] | contains("Date")' true
  LC_ALL=C date -u -d '-2 hours' '+%a, %d %b %Y %H:%M:%S GMT' >places/jwks.date
  echo "Age: 5" >places/jwks.headers
  check 22 unknown ready-to-activate
  echo "Age: 7200" >places/jwks.headers
  # The clock is right by that, and other copies may be as old.
  check 20 wait propagating
  json .wait 6900
  pass 6900
  check 0 safe ready-to-activate
}

@test "a header that makes an answer timeless is named" {
  serve jwks both.json
  for age in -5 "1 minute" 5.0; do
    echo "Age: $age" >places/jwks.headers
    rm -f state
    check 22 unknown unknown
    json '[.reasons[0] | contains("its Age \"'"$age"'\" is no number of seconds"), contains("Date")]' '[true,false]' || return
  done
  echo "Age: 5" >places/jwks.headers
  echo "now" >places/jwks.date
  check 22 unknown unknown
  json '.reasons[0] | contains("its Date \"now\" is no date")' true
}

@test "what is written with --now is nothing that a real check rests on" {
  serve jwks both.json
  real() { run_jwtctl rotate-plan check plan.json --jwks "$URL/jwks" --state "$1" -f json </dev/null; }
  now=$(date +%s)
  # Pretended to be long ago, and what it pretends to be now.
  CLOCK=$((now - 86400))
  check 20 wait propagating
  cp state before
  real state
  expect_error 3 "the state was written with --now, so its times are not real" "name another file"
  cmp state before
  # A state of real checks is read, and stays as it is.
  real fresh
  expect_status 20
  cp fresh before
  for CLOCK in $((now - 3600)) $((now + 1200)) $((now + 86400)); do
    run_jwtctl rotate-plan check plan.json --jwks "$URL/jwks" --state fresh --now "$CLOCK" -f json
    json '[.reasons[] | select(contains("with --now nothing is written to fresh"))] | length' 1
    cmp fresh before
  done
  expect_status 0
  [ -z "$stderr" ]
  real fresh
  expect_status 20
  sed -i 's/"pretended": false/"pretended": 1/' fresh
  real fresh
  expect_error 3 "the state is not what this program writes"
}

@test "one entry can make the whole set worthless for a verifier" {
  add() { jq --argjson entry "$1" '.keys += [$entry]' both.json >shaped.json; }
  third=$(jq -c '.keys[0]' third.json)
  plan_for() {
    # shellcheck disable=SC2086 # words without blanks
    plan $BASE $1 --jwks old.json --new-key new.jwk -f json -o plan.json
    rm -f state
  }
  BASE=$(sed -E 's/--verifier-cache [0-9]+//' <<<"$BASE")
  bad=("$(jq -c '.x5c = ["AAAA"]' <<<"$third")" "$(jq -c '.y = .x' <<<"$third")" null '"x"' \
    '{"kty":"RSA","e":"AQAB","kid":"third"}')
  for entry in "${bad[@]}"; do
    add "$entry"
    serve jwks shaped.json
    plan_for "--verifier-cache 600"
    check 22 unknown publishing || return
    pass 86400
    check 22 unknown publishing --step activate || return
    json '.reasons[0] | [contains("keys/2"), contains("go-oidc, "), contains("refuse the whole set"), contains("--verifier NAME")]' \
      '[true,true,true,true]' || return
    for name in go-oidc nimbus; do
      plan_for "--verifier envoy --verifier $name"
      check 21 unsafe unknown || return
      json '[.invariant, (.reasons[0] | contains("keys/2")), (.reasons[0] | contains(": '$name' refuses the whole set"))]' \
        '["I6",true,true]' || return
    done
    plan_for "--verifier envoy"
    check 20 wait propagating || return
    json '[.reasons[] | select(contains("refuse the whole set"))] | length' 1 || return
  done
  # These are to be ignored (RFC 7517 section 5).
  for entry in '{"kty":"AKP","alg":"ML-DSA-44","pub":"AAAA"}' '{"kty":"new"}' "$(jq -c '.alg = "new"' <<<"$third")" \
    '{"kty":"EC","crv":"secp256k1","x":"AA","y":"AA"}'; do
    add "$entry"
    serve jwks shaped.json
    plan_for "--verifier-cache 600"
    check 20 wait propagating || return
  done
  # A certificate of another key, and one of its own, with line breaks too.
  openssl ecparam -name prime256v1 -genkey -noout -out ca.pem
  openssl req -x509 -new -key ca.pem -subj /CN=a -days 9 -out ca.crt 2>/dev/null
  wrapped=$(openssl x509 -in ca.crt -outform DER | base64 -w64)
  add "$(jq -c --arg x "$(tr -d '\n' <<<"$wrapped")" '.x5c = [$x]' <<<"$third")"
  serve jwks shaped.json
  plan_for "--verifier nimbus"
  check 21 unsafe unknown
  json '.reasons[0] | contains("keys/2 \"third\": its x5c is for another key: nimbus refuse")' true
  plan_for "--verifier keyfunc"
  check 20 wait propagating
  plan_for "--verifier nimbus"
  for text in "$wrapped" "$(tr -d '\n' <<<"$wrapped")"; do
    add "$(jwk ca.pem '{kid:"own"}' | jq -c --arg x "$text" '.x5c = [$x]')"
    serve jwks shaped.json
    rm -f state
    check 20 wait propagating || return
    json '[.reasons[] | select(contains("keys/2"))] | length' 0 || return
  done
  # The key of the rotation twice, in two ways.
  add "$(jq -c '.keys[0] + {use: "enc"}' new.json)"
  serve jwks shaped.json
  plan_for "--verifier-cache 600"
  check 22 unknown publishing
  json '.reasons[0] | contains("keys/1 and keys/2 both have the kid \"new\"")' true
  plan_for "--verifier nimbus"
  check 20 wait propagating
}

@test "a key that is replaced under its kid begins anew" {
  serve jwks rekeyed.json
  check 21 unsafe unknown
  pass 1800
  serve jwks both.json
  check 20 wait propagating
  json .wait 1800
}

@test "signed before the plan has any reason to" {
  serve jwks both.json
  check 20 wait propagating
  pass 60
  check 21 unsafe unknown --token "$(token_by new)"
  json '[.invariant, .next, (.reasons[0] | contains("who holds one refuses these tokens"))]' '["I1","activate",true]'
  pass 839
  check 21 unsafe unknown
  pass 1
  check 20 wait propagating
}

@test "a look at chosen addresses is none at all of them" {
  serve jwks both.json
  port=${URL##*:}
  at_addresses() {
    run_jwtctl rotate-plan check plan.json --jwks "http://localhost:$port/jwks" --state state --now "$CLOCK" -f json \
      --samples 1 "$@"
  }
  at_addresses --resolve "localhost:$port:127.0.0.1"
  expect_status 20
  pass 1800
  at_addresses --any-address
  expect_status 20
  json '[.wait, ([.reasons[] | select(contains("at other addresses before"))] | length)]' '[1800,1]'
  pass 1800
  at_addresses --any-address
  expect_status 0
  at_addresses --resolve "localhost:$port:127.0.0.1" --any-address
  expect_status 20
  pass 1800
  at_addresses --resolve "localhost:$port:127.0.0.1" --any-address
  expect_status 0
}

@test "what a redirect leads to elsewhere is said" {
  serve jwks both.json
  echo 302 >places/other.status
  echo "Location: $URL/jwks" >places/other.headers
  port=${URL##*:}
  run_jwtctl rotate-plan check plan.json --jwks "http://localhost:$port/other" --state state --now "$CLOCK" -f json \
    --resolve "localhost:$port:127.0.0.1"
  expect_status 20
  json '[.reasons[] | select(contains("leads to http://127.0.0.1:'"$port"'/jwks: of that host one address only"))] | length' 1
}

@test "answers that had to be asked for twice are named" {
  serve jwks both.json
  : >places/jwks.flaky
  check 20 wait propagating
  json '[.samples[0].retried, ([.reasons[] | select(contains("answered at try 2 only: status 500"))] | length > 0)]' \
    '[["status 500"],true]'
  run_jwtctl rotate-plan check plan.json --jwks "$URL/jwks" --state state --now "$CLOCK"
  stdout_has "answered at try 2: status 500"
}

@test "without --state it lies with the user's state, and --now leaves it alone" {
  serve jwks both.json
  export XDG_STATE_HOME=$PWD/xdg
  run_jwtctl rotate-plan check plan.json --jwks "$URL/jwks" --now "$CLOCK"
  expect_status 20
  [ ! -e xdg ]
  run_jwtctl rotate-plan check plan.json --jwks "$URL/jwks"
  expect_status 20
  [ "$(stat -c %a xdg/jwtctl/rotation)" = 700 ]
  [ "$(jq -r .plan xdg/jwtctl/rotation/*.json)" = "$(jq -r .id plan.json)" ]
}

@test "many checks at once lose nothing" {
  serve jwks both.json
  pids=()
  for i in 1 2 3 4 5; do
    "$JWTCTL" rotate-plan check plan.json --jwks "$URL/jwks" --state state --now "$CLOCK" \
      --samples 1 >/dev/null 2>"err$i" &
    pids+=($!)
  done
  for pid in "${pids[@]}"; do
    got=0
    wait "$pid" || got=$?
    [ "$got" = 20 ]
  done
  [ "$(jq .places[0].new_since state)" = "$CLOCK" ]
}

@test "--watch looks again until it is safe" {
  base_plan --publish-delay 0 --cache 0 --verifier-cache 0 --margin 0 --jwks old.json --new-key new.jwk \
    -f json -o plan.json
  "$JWTCTL" rotate-plan check plan.json --jwks "$URL/jwks" --state state --watch 1s -f json >watched 3>&- &
  watcher=$!
  for _ in {1..500}; do # until it has looked
    [ "$(wc -l <places/requests)" -lt 6 ] || break
    sleep 0.02
  done
  serve jwks both.json
  wait "$watcher"
  [ "$(jq -r .answer watched)" = safe ]
  run_jwtctl rotate-plan check plan.json --jwks "$URL/jwks" --state state --watch 1s --now "$CLOCK"
  expect_error 2 "--watch contradicts --now"
}

@test "--watch stops when it is unsafe" {
  serve jwks rekeyed.json
  run_jwtctl rotate-plan check plan.json --jwks "$URL/jwks" --state state --watch 1h
  expect_status 21
  stdout_has "UNSAFE I5: "
}

@test "every address is asked" {
  serve jwks both.json
  port=${URL##*:}
  run_jwtctl rotate-plan check plan.json --jwks "http://localhost:$port/jwks" --state state \
    --now "$CLOCK" --resolve "localhost:$port:127.0.0.1,127.0.0.2" -f json --samples 1
  json '[.samples[].address] | unique' '["127.0.0.1","127.0.0.2"]'
  # Nothing listens there, and that is not glossed over.
  expect_status 22
  run_jwtctl rotate-plan check plan.json --jwks "http://localhost:$port/jwks" --state state \
    --now "$CLOCK" --resolve "localhost:$port:127.0.0.1,127.0.0.2" -f json --samples 1 --any-address
  json '[.samples[].address] | unique' '[null]'
}

@test "an emergency ends when no verifier trusts the key" {
  base_plan --emergency --jwks old.json --new-key new.jwk -f json -o plan.json
  expect_status 0
  serve jwks both.json
  check 21 unsafe prepared
  json .invariant '"I7"'
  serve jwks new.json
  check 20 wait untrusting
  json .wait 900
  pass 900
  check 0 safe done
}

@test "plans that cannot be checked" {
  edit() { jq "$1" plan.json >edited.json; }
  refused() { run_jwtctl rotate-plan check edited.json --jwks "$URL/jwks" --state state --now "$CLOCK"; }
  edit '.inputs.token_ttl.value = 60' && refused
  expect_error 3 "its phases do not follow from its inputs; was it edited?"
  edit '.phases[2].at += 1' && refused
  expect_error 3 "was it edited?"
  edit '.inputs.skew.value = -1' && refused
  expect_error 3 "it is no plan that can be followed"
  edit 'del(.inputs.verifiers)' && refused
  expect_error 3 "\"verifiers\" is missing"
  edit '.inputs.start = "now"' && refused
  expect_error 3 "\"start\" is no whole number"
  edit '.inputs.token_ttl.value = 99999999999999999999' && refused
  expect_error 3 "it is no plan"
  edit '.schema = "jwtctl.jwks/1"' && refused
  expect_error 3 "it is no rotation plan"
  edit '.inputs.new_kid = null | .inputs.new_thumbprint = null' && refused
  expect_status 3
  echo '{' >edited.json && refused
  expect_status 3
  base_plan -f json -o edited.json && refused
  expect_error 2 "the plan does not say which key comes"
  base_plan --new-kid b -f json -o edited.json && refused
  expect_error 2 "the plan does not say which key goes"
  plan --symmetric --token-ttl 1h --verifier-deploy 1h -f json -o edited.json && refused
  expect_error 2 "a shared secret is published nowhere"
  run_jwtctl rotate-plan check plan.json --state state
  expect_error 2 "nothing says where the key set is published"
  run_jwtctl rotate-plan check plan.json --jwks old.json --state state
  expect_error 2 "is not a URL"
  run_jwtctl rotate-plan check
  expect_error 2 "PLAN is missing"
}

@test "metrics for Prometheus" {
  serve jwks both.json old.json
  run_jwtctl rotate-plan check plan.json --jwks "$URL/jwks" --state state --now "$CLOCK" -f metrics
  expect_status 22
  stdout_has "answer=\"unknown\"} 1" "answer=\"safe\"} 0" "kid=\"new\"} 0" "kid=\"old\"} 1"
  if command -v promtool >/dev/null; then promtool check metrics <<<"$output"; fi
}

@test "metrics say nothing of what could not be seen" {
  serve jwks both.json
  serve cdn both.json
  echo 404 >places/cdn.status
  run_jwtctl rotate-plan check plan.json --jwks "$URL/cdn" --state other --now "$CLOCK" -f metrics
  expect_status 22
  [[ $output != *"key_present{"* && $output != *"max_age_seconds{"* ]]
  run_jwtctl rotate-plan check plan.json --jwks "$URL/jwks" --jwks "$URL/cdn" --state third --now "$CLOCK" -f metrics
  expect_status 22
  [[ $output != *"key_present{"* ]]
  stdout_has "max_age_seconds{"
  rm places/cdn.status
  run_jwtctl rotate-plan check plan.json --jwks "$URL/jwks" --jwks "$URL/cdn" --state third --now "$CLOCK" -f metrics
  expect_status 20
  stdout_has "kid=\"new\"} 1" "kid=\"old\"} 1" "max_age_seconds{"
}

@test "copies of earlier answers are waited for, whatever the server says now" {
  serve jwks old.json
  for status in 200 404 503; do
    echo "$status" >places/jwks.status
    echo "Cache-Control: max-age=3600" >places/jwks.headers
    run_jwtctl rotate-plan check plan.json --jwks "$URL/jwks" --state "s$status" --now "$CLOCK" --retries 0
  done
  rm places/jwks.status
  echo "Cache-Control: max-age=0" >places/jwks.headers
  serve jwks both.json
  pass 5
  for status in 200 404 503; do
    run_jwtctl rotate-plan check plan.json --jwks "$URL/jwks" --state "s$status" --now "$CLOCK" -f json
    expect_status 20
    json .wait 5100
  done
  echo "Cache-Control: max-age=0" >places/jwks.headers
  check 20 wait propagating
  json .wait 1800
}

@test "an outage while copies are about begins the wait anew, with --watch too" {
  serve jwks both.json
  check 20 wait propagating
  pass 100
  echo 404 >places/jwks.status
  check 22 unknown unknown
  rm places/jwks.status
  pass 1700
  check 20 wait propagating
  json .wait 1800
  plan --token-ttl 5s --verifier-cache 1s --margin 1s --publish-delay 1s --skew 1s --signer-rollout 1s \
    --stale-if-error 0s --missed-refreshes 0 --jwks old.json --new-key new.jwk -f json -o short.json
  run_jwtctl rotate-plan check short.json --jwks "$URL/jwks" --state watched
  expect_status 20
  echo 404 >places/jwks.status
  (sleep 4 && rm places/jwks.status) 3>&- &
  local begun=$SECONDS
  run_jwtctl rotate-plan check short.json --jwks "$URL/jwks" --state watched --watch 1s
  expect_status 0
  ((SECONDS - begun >= 5)) || complain "the outage did not count"
}

@test "every answer is valid against its schema" {
  python3 -c 'import jsonschema' 2>/dev/null || skip "python3-jsonschema is not installed"
  valid() {
    python3 -c 'import json, sys, jsonschema
jsonschema.validate(*(json.load(open(path)) for path in sys.argv[1:]))' \
      /dev/stdin "$BATS_TEST_DIRNAME/../../cli/report/schema/rotate-check.json" <<<"$output"
  }
  check 20 wait prepared
  valid
  serve jwks both.json
  check 20 wait propagating --token "$(token_by old)"
  valid
  pass 1800
  check 0 safe ready-to-activate
  valid
  check 22 unknown unknown --jwks "$URL/nowhere"
  valid
  serve jwks rekeyed.json
  check 21 unsafe unknown
  valid
}
