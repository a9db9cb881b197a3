#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# rotate-plan with real key sets: which keys it is about, the kit, and what other tools make of it.

load helper
load rotate

setup_file() {
  cd "$BATS_FILE_TMPDIR"
  "$JWTCTL" keygen --kid old --out-private old.jwk --out-jwks old.json 2>/dev/null
  "$JWTCTL" keygen --kid ../../etc/x --out-private new.jwk --out-jwks new.json 2>/dev/null
  "$JWTCTL" keygen -a RS256 --kid other --out-private other.pem --encoding pem --out-jwks other.json 2>/dev/null
  jq -s '{keys: [.[].keys[]]}' old.json other.json >two.json
}

setup() {
  cd "$BATS_TEST_TMPDIR"
  cp "$BATS_FILE_TMPDIR"/* .
}

teardown() { stop_server; }

@test "the kit has every form of the plan, and a set for each phase, public keys only" {
  base_plan --jwks old.json --new-key new.jwk --out kit
  expect_status 0
  stdout_is_empty
  [ "$(cd kit && find . -type f | sort | tr '\n' ' ')" = \
    "./10-publish/jwks.json ./20-activate/jwks.json ./30-retire/jwks.json ./alerts.yaml ./plan.ics ./plan.json ./plan.mmd ./runbook.md " ]
  [ "$(jq -c '[.keys[].kid]' kit/10-publish/jwks.json)" = '["old","../../etc/x"]' ]
  [ "$(jq -c '[.keys[].kid]' kit/20-activate/jwks.json)" = '["old","../../etc/x"]' ]
  [ "$(jq -c '[.keys[].kid]' kit/30-retire/jwks.json)" = '["../../etc/x"]' ]
  run grep -rF "$(jq -r .d new.jwk)" kit
  [ "$status" = 1 ]
  [ "$(jq -r .inputs.new_thumbprint kit/plan.json)" != null ]
  # The sets are what jwks diff says they are.
  run_jwtctl jwks diff old.json kit/10-publish/jwks.json -f json
  json '[.added, .removed, .rekeyed]' '[["../../etc/x"],[],[]]'
}

@test "a private key in a member that we do not know is in no set of the kit" {
  jq '. + {"x-spare": .}' new.jwk >backed_up.jwk
  base_plan --jwks old.json --new-key backed_up.jwk --out kit
  expect_status 0
  run grep -rE "$(jq -r .d new.jwk)|x-spare" kit
  [ "$status" = 1 ]
}

@test "nothing is overwritten, and nothing is left behind" {
  mkdir kit && touch kit/mine
  base_plan --jwks old.json --new-key new.jwk --out kit
  expect_error 5 "kit is there already"
  [ "$(ls -A kit)" = mine ]
  [ -z "$(find . -name 'kit.*')" ]
  mkdir empty
  base_plan --jwks old.json --new-key new.jwk --out empty/
  expect_status 0
  [ -s empty/runbook.md ]
  base_plan --jwks old.json --new-key new.jwk --out no/such/place
  expect_status 5
}

@test "without keys the kit has no sets, and says so" {
  base_plan --out kit
  expect_status 0
  stderr_has "no sets are written"
  [ ! -e kit/10-publish ]
  base_plan --jwks old.json --out kit2
  expect_status 0
  stderr_has "the new key is not in the sets" "30-retire would be an empty set"
  [ ! -e kit2/30-retire ]
}

@test "which key goes, and which comes" {
  base_plan --jwks two.json
  expect_error 2 "the set has 2 keys; which one goes?" "--old-kid"
  base_plan --jwks two.json --old-kid nobody
  expect_error 3 "the set has no key with the kid \"nobody\""
  base_plan --jwks two.json --old-kid old --new-key new.jwk -f json
  json '[.inputs.old_kid, .inputs.new_kid]' '["old","../../etc/x"]'
  base_plan --jwks old.json --new-key other.pem -f json
  json '.inputs.new_kid == .inputs.new_thumbprint' true
  base_plan --jwks old.json --new-key new.jwk --new-kid wrong
  expect_error 3 "its kid is \"../../etc/x\", not \"wrong\""
  base_plan --jwks old.json --new-key two.json
  expect_error 3 "it has 2 keys"
}

@test "X10: a new kid that names another key is critical, a key under a new kid is refused" {
  jq '.kid = "old"' new.jwk >clash.jwk
  base_plan --jwks two.json --old-kid other --new-key clash.jwk
  expect_error 3 "critical: the set has another key under the new kid \"old\""
  jq '.kid = "renamed"' old.jwk >renamed.jwk
  base_plan --jwks two.json --old-kid other --new-key renamed.jwk
  expect_error 3 "the new key is in the set already, under the kid \"old\""
}

@test "secrets are no sets" {
  "$JWTCTL" keygen -a HS256 --out-private secret.jwk 2>/dev/null
  base_plan --jwks secret.jwk
  expect_error 3 "shared secrets"
  nothing_has "$(jq -r .k secret.jwk)"
  base_plan --symmetric --verifier-deploy 1h --jwks old.json
  expect_error 2 "a shared secret is in no key set"
}

@test "a set that is asked for says how long it may be kept" {
  start_server
  serve jwks old.json
  echo "Cache-Control: public, max-age=600, stale-while-revalidate=15" >places/jwks.headers
  run_jwtctl rotate-plan --token-ttl 1h --verifier-cache 600 --jwks "$URL/jwks" -f json
  json '.inputs.caches' '[{"value":615,"source":"observed:max-age"}]'
  json '.inputs.old_kid' '"old"'
  run_jwtctl rotate-plan --token-ttl 1h --verifier-cache 600 --cache 0 --jwks "$URL/jwks" -f json
  json '.inputs.caches' '[{"value":0,"source":"flag"}]'
  run_jwtctl rotate-plan --token-ttl 1h --verifier jwx --jwks "$URL/nowhere" --retries 0
  expect_error 4 "404"
  # The new key is listed already: it is a standby.
  jq -s '{keys: [.[].keys[]]}' old.json new.json >both.json
  serve jwks both.json
  run_jwtctl rotate-plan --emergency --token-ttl 1h --verifier envoy --jwks "$URL/jwks" --new-kid ../../etc/x -f json
  json .emergency '"standby"'
}

@test "promtool takes the rules" {
  command -v promtool >/dev/null || skip "promtool is not installed"
  base_plan --jwks old.json --new-key new.jwk --out kit
  promtool check rules kit/alerts.yaml
  jq '.kid = "a\"b\\c\n{{ x }}"' new.jwk >odd.jwk
  base_plan --jwks old.json --new-key odd.jwk --out kit2
  promtool check rules kit2/alerts.yaml
}

@test "icalendar takes the calendar" {
  /usr/bin/python3 -c 'import icalendar' 2>/dev/null || skip "python3-icalendar is not installed"
  base_plan --old-kid "$(repeat 60 'ä')" --new-kid 'a,b;c\d' -f ics -o plan.ics
  expect_status 0
  /usr/bin/python3 - <<'PYTHON'
import datetime, icalendar
data = open("plan.ics", "rb").read()
assert all(len(line) <= 75 for line in data.split(b"\r\n")), "a line is too long"
assert b"\n" not in data.replace(b"\r\n", b"")
calendar = icalendar.Calendar.from_ical(data)
events = {str(e["UID"]): e for e in calendar.walk("VEVENT")}
assert len(events) == 8, events.keys()
plan = next(iter(events)).split("-")[0]
activate = events[f"{plan}-activate@jwtctl"]
assert activate["DTSTART"].dt == datetime.datetime(2026, 3, 2, 9, 35, tzinfo=datetime.timezone.utc)
assert int(activate["SEQUENCE"]) > 0
alarms = list(activate.walk("VALARM"))
assert len(alarms) == 1 and alarms[0]["TRIGGER"].dt == datetime.timedelta(minutes=-30)
assert "a,b;c\\\\d" in str(activate["DESCRIPTION"]) or "a,b;c\\d" in str(activate["DESCRIPTION"])
PYTHON
}

@test "a plan that is made again replaces the events of the one before" {
  base_plan --old-kid a --new-kid b -f ics -o one.ics
  base_plan --old-kid a --new-kid b --start 2026-03-03T09:00:00Z --now 2026-03-02T08:00:01Z -f ics -o two.ics
  diff <(grep ^UID one.ics) <(grep ^UID two.ics)
  [ "$(grep -m1 ^SEQUENCE one.ics)" != "$(grep -m1 ^SEQUENCE two.ics)" ]
}

@test "the chart is a mermaid gantt: a header, sections, tasks with an id and two dates" {
  base_plan --old-kid 'a:b;c#d,e' --new-kid b -f mermaid
  expect_status 0
  [ "${lines[0]}" = gantt ]
  date='[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\+00:00'
  for line in "${lines[@]:1}"; do
    grep -qE "^    (title [^:;#]+|dateFormat YYYY-MM-DDTHH:mm:ssZ|axisFormat %m-%d %H:%M|section [^:;#]+|[^:;#]+ :[a-z]+, $date, $date|[^:;#]+ :milestone, m[0-9]+, $date, 0d)\$" <<<"$line" ||
      complain "no line of a gantt chart: $line"
  done
}

@test "the runbook has a step for each phase with its check, its way back and when to abort" {
  base_plan --jwks old.json --new-key new.jwk --out kit
  for text in "# Rotation of the signing key" "## 1. generate" "## 2. publish (not before 2026-03-02T09:00:00Z)" \
    "## 3. activate (not before 2026-03-02T09:35:00Z)" "## 4. retire (not before 2026-03-02T11:02:00Z)" \
    "## 5. destroy" "--step activate" "--step retire --token token.jwt" "Abort if" "Way back" \
    "Publish exactly \`10-publish/jwks.json\`"; do
    grep -qF -- "$text" kit/runbook.md || complain "not in the runbook: $text"
  done
  # Without keys the runbook makes them, and then the plan that the checks read.
  base_plan -f markdown
  stdout_has "jwtctl keygen" "--new-key new-public.jwk -f json -o plan.json"
}

@test "the command in the runbook makes the same plan" {
  base_plan --old-kid a --new-kid "it's" --canary 1%:30m,0.5:1h --every 90d --window "daily 00:00-24:00 UTC" \
    -f markdown
  command=$(sed -n 's/^  jwtctl rotate-plan /rotate-plan /p' <<<"$output")
  [ -n "$command" ]
  eval "\"$JWTCTL\" $command"
  base_plan --old-kid a --new-kid "it's" --canary 1%:30m,0.5:1h --every 90d --window "daily 00:00-24:00 UTC" -f json
  diff <(jq '[.id, .phases]' plan.json) <(jq '[.id, .phases]' <<<"$output")
}
