#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# rotate-plan: the worked examples of the timing model as a user writes them, and what is refused.

load helper
load rotate

@test "V1: the base case, and every invariant with its slack" {
  base_plan --every 90d -f json
  phases publish=2026-03-02T09:00:00Z activate=2026-03-02T09:35:00Z \
    last-old-signature=2026-03-02T09:45:00Z drained=2026-03-02T10:47:00Z \
    retire=2026-03-02T11:02:00Z untrusted=2026-03-02T11:22:00Z
  json '.bounds | [.staleness, .lead, .tail]' '[900,2100,5220]'
  json '.keys_listed' '{"min":1,"max":2,"listed_for":7783320}'
  json '[.invariants[] | select(.holds | not)]' '[]'
  json '[.invariants[] | select(.id == "I1" or .id == "I2") | .slack]' '[900,900]'
  json '.inputs.token_ttl' '{"value":3600,"source":"flag"}'
  json '.schema' '"jwtctl.rotate-plan/1"'
}

@test "V2: copies live longer than tokens" {
  plan --start 2026-03-02T09:00:00Z --publish-delay 300 --verifier-cache 1d --signer-rollout 300 \
    --token-ttl 15m --skew 60 --margin 30m --missed-refreshes 0 -f json
  phases activate=2026-03-03T09:35:00Z last-old-signature=2026-03-03T09:40:00Z \
    drained=2026-03-03T09:56:00Z retire=2026-03-03T10:26:00Z untrusted=2026-03-04T10:31:00Z
}

@test "V3: tokens live longer than the period" {
  plan --start 2026-03-02T09:00:00Z --verifier-cache 1h --token-ttl 30d --token-ttl 1h --margin 1h \
    --every 7d --missed-refreshes 0 -f json
  phases activate=2026-03-02T11:05:00Z drained=2026-04-01T11:15:00Z retire=2026-04-01T12:15:00Z \
    untrusted=2026-04-01T13:20:00Z
  json '[.keys_listed.min, .keys_listed.max, .bounds.tail]' '[5,6,2596200]'
  stderr_has "warning: " "(I9)"
}

@test "V4, V7, V8, V9: other systems" {
  plan --start 2026-03-02T09:00:00Z --publish-delay 0 --cache 10m --verifier-cache 10m --token-ttl 1h \
    --skew 0 --margin 0 --missed-refreshes 0 -f json
  phases activate=2026-03-02T09:20:00Z retire=2026-03-02T10:25:00Z untrusted=2026-03-02T10:45:00Z
  plan --start 2026-03-02T09:00:00Z --publish-delay 0 --verifier-cache 300 --signer-rollout 60 \
    --token-ttl 300 --skew 0 --margin 0 --missed-refreshes 3 -f json
  phases activate=2026-03-02T09:20:00Z retire=2026-03-02T09:26:00Z untrusted=2026-03-02T09:46:00Z
  plan --start 2026-03-02T09:00:00Z --publish-delay 120 --verifier istio --signer-rollout 120 \
    --token-ttl 1h --skew 60 --margin 600 --missed-refreshes 0 --stale-if-error 0 -f json
  phases activate=2026-03-02T09:32:00Z retire=2026-03-02T10:45:00Z untrusted=2026-03-02T11:07:00Z
  plan --start 2026-03-02T09:00:00Z --publish-delay 120 --cache 300 --verifier api-gateway-http \
    --signer-rollout 120 --token-ttl 1h --skew 0 --margin 600 --missed-refreshes 0 -f json
  phases activate=2026-03-02T11:17:00Z retire=2026-03-02T12:29:00Z untrusted=2026-03-02T14:36:00Z
}

@test "V5: .NET by its name" {
  plan --start 2026-03-02T09:00:00Z --verifier dotnet --signer-rollout 600 --token-ttl 1h --margin 30m \
    --missed-refreshes 0 --stale-if-error 0 -f json
  phases activate=2026-03-02T22:11:00Z drained=2026-03-02T23:26:00Z retire=2026-03-02T23:56:00Z \
    untrusted=2026-03-03T12:37:00Z
  stderr_has "dotnet: refreshes in the background"
}

@test "V6, X6: a canary, and what it can show" {
  base_plan --signer-rollout 300 --canary 1%:30m,10%:30m,50%:1h -f json
  phases fully-active=2026-03-02T11:35:00Z last-old-signature=2026-03-02T11:40:00Z \
    drained=2026-03-02T12:42:00Z retire=2026-03-02T12:57:00Z untrusted=2026-03-02T13:17:00Z
  base_plan --canary 1%:5m --request-rate 500 --unready-fraction 2% -f json
  json '.canary[0] | [.share_millionths, .bake, .expected_failures == 30, .bake_for_ten_failures]' '[10000,300,true,100]'
}

@test "V10: another algorithm" {
  base_plan --to-alg ES256 --allow-list-start 2026-03-03T08:00:00Z --verifier-deploy 4h -f json
  phases activate=2026-03-03T12:15:00Z last-old-signature=2026-03-03T12:25:00Z \
    drained=2026-03-03T13:27:00Z retire=2026-03-03T13:42:00Z untrusted=2026-03-03T14:02:00Z
}

@test "V11: a shared secret" {
  plan --symmetric --start 2026-03-02T09:00:00Z --verifier-deploy 2d --signer-rollout 30m \
    --token-ttl 12h --margin 6h -f json
  phases activate=2026-03-04T15:00:00Z last-old-signature=2026-03-04T15:30:00Z \
    drained=2026-03-05T03:35:00Z retire=2026-03-05T09:35:00Z untrusted=2026-03-07T09:35:00Z
}

@test "V12: the first key" {
  plan --first-key --start 2026-03-02T09:00:00Z --negative-cache 300 --margin 60 -f json
  phases publish=2026-03-02T09:00:00Z activate=2026-03-02T09:11:00Z
  json '[.phases[].id]' '["generate","publish","activate"]'
}

@test "V13, V14: a deadline, and one that is too late" {
  base_plan --start 2026-06-29T23:15:00Z --deadline 2026-06-30T00:00:00Z -f json
  phases activate=2026-06-29T23:50:00Z
  json '[.phases[] | select(.latest) | .latest_rfc3339]' '["2026-06-29T23:15:00Z","2026-06-29T23:50:00Z"]'
  base_plan --start 2026-06-29T23:20:00Z --deadline 2026-06-30T00:00:00Z
  expect_error 2 "too late for a rotation without failures: 300 s are missing" "--emergency"
  base_plan --start 2026-07-01T00:00:00Z --deadline 2026-06-30T00:00:00Z
  expect_error 2 "too late"
}

@test "X4: an emergency, and who never forgets" {
  local emergency="--emergency --start 2026-03-02T13:37:00Z --token-ttl 1h --cache 300 --verifier-cache 600 --publish-delay 120 --issue-rate 200"
  # shellcheck disable=SC2086
  plan $emergency -f json
  phases activate=2026-03-02T13:37:00Z retire=2026-03-02T13:37:00Z untrusted=2026-03-02T13:54:00Z
  json '.cost' '{"killed_tokens":720000,"reissue_peak":800}'
  json '.emergency' '"cold"'
  # shellcheck disable=SC2086
  plan $emergency --verifier go-oidc -f json
  phases untrusted=null
  json '.bounds.outage' null
  json '[.verifiers[] | [.name, .untrusted_rfc3339]]' '[["go-oidc",null],["verifier-cache","2026-03-02T13:54:00Z"]]'
  # shellcheck disable=SC2086
  plan $emergency --verifier go-oidc
  stdout_has "never by itself" "restart it" "removal is no revocation there"
}

@test "X7: local times, which may not exist or come twice" {
  for pair in 2026-03-29T02:30=Europe/Berlin=2026-03-29T01:00:00Z \
    2026-10-25T02:30=Europe/Berlin=2026-10-25T01:30:00Z \
    2026-03-08T02:30=America/New_York=2026-03-08T07:00:00Z \
    2026-11-01T01:30=America/New_York=2026-11-01T06:30:00Z; do
    IFS== read -r local zone utc <<<"$pair"
    base_plan --start "$local" --tz "$zone" -f json
    phases "publish=$utc"
    stderr_has "note: --start: $local "
  done
  base_plan --start 2026-03-29T02:30
  expect_error 2 "--start: 2026-03-29T02:30 has no offset" "--tz Europe/Berlin"
  base_plan --start 2026-03-29T02:30 --tz Europe/Berlim
  expect_error 2 "there is no time zone \"Europe/Berlim\""
}

@test "X8: a window pushes later, and what follows moves" {
  base_plan --start 2026-03-05T14:00:00Z --verifier-cache 93300 \
    --window "Mon-Thu 09:00-16:00 Europe/Berlin" -f json
  phases activate=2026-03-09T08:00:00Z last-old-signature=2026-03-09T08:10:00Z retire=2026-03-09T09:27:00Z
  json '[.phases[] | select(.id == "activate") | .earliest_rfc3339]' '["2026-03-06T16:20:00Z"]'
  base_plan --window "Mon-Thu 16:00-09:00 Europe/Berlin"
  expect_error 2 "is not a window" "Mon-Thu 09:00-16:00 Europe/Berlin"
}

@test "X9: skew moves retirement alone; what cannot be is refused" {
  base_plan --skew 0 -f json
  phases activate=2026-03-02T09:35:00Z retire=2026-03-02T11:00:00Z
  base_plan --skew 300 -f json
  phases activate=2026-03-02T09:35:00Z retire=2026-03-02T11:05:00Z
  base_plan --stale-if-error inf -f json
  phases untrusted=null
  for option in --skew --margin --publish-delay --token-ttl --cache; do
    base_plan "$option" -5m
    expect_error 2 "$option"
  done
  base_plan --token-ttl 0
  expect_error 2 "--token-ttl is missing, or zero"
  base_plan --every 0
  expect_error 2 "--every must be longer than zero"
}

@test "what is missing is named" {
  plan --verifier envoy
  expect_error 2 "--token-ttl is missing, or zero"
  plan --token-ttl 1h
  expect_error 2 "nothing says how long verifiers keep keys" "--list-verifiers"
  plan --token-ttl 1h --verifier envoi
  expect_error 2 "unknown verifier \"envoi\"" "did you mean envoy?"
  plan --token-ttl 1h --symmetric
  expect_error 2 "--symmetric needs --verifier-deploy"
  plan --token-ttl 1h --verifier envoy --to-alg ES256
  expect_error 2 "--to-alg needs --verifier-deploy"
  plan --token-ttl 1h --verifier envoy --to-alg ES257 --verifier-deploy 1h
  expect_error 2 "there is no algorithm"
  plan --token-ttl 1h --verifier envoy --emergency --symmetric
  expect_error 2 "are plans of their own"
  plan --token-ttl 1h --verifier envoy --standby
  expect_error 2 "--standby is for --emergency"
  plan --token-ttl 1h --verifier envoy --old-kid a --new-kid a
  expect_error 2 "the new key has the kid of the old one"
  plan --token-ttl 1h --verifier envoy --canary 50%:1h,10%:1h
  expect_error 2 "each share must be larger"
  plan --token-ttl 1h --verifier envoy --canary 10%
  expect_error 2 "no step of a canary"
  plan --token-ttl 1h --verifier envoy --missed-refreshes 101
  expect_error 2 "not a number from 0 to 100"
  plan --token-ttl 1h --verifier envoy --start 253402300799
  expect_error 2 "after the year 9999"
}

@test "a new key that no verifier would take is no new key" {
  cd "$BATS_TEST_TMPDIR"
  "$JWTCTL" keygen -q --alg ES256 --kid new >new.jwk
  for to in '{"use":"enc"}' '{"key_ops":["wrapKey"]}' '{"alg":"ES384"}'; do
    jq --argjson to "$to" '. + $to' new.jwk >shaped.jwk
    plan --token-ttl 1h --verifier envoy --new-key shaped.jwk
    expect_error 3 "--new-key shaped.jwk: no verifier would take the new key: its " || return
  done
  openssl genrsa -out weak.pem 1024 2>/dev/null
  plan --token-ttl 1h --verifier envoy --new-key weak.pem
  expect_error 3 "no verifier would take the new key: the RSA key has 1024 bits"
  jq '. + {"key_ops":["sign"]} | del(.use)' new.jwk >signer.jwk
  plan --token-ttl 1h --verifier envoy --new-key signer.jwk
  expect_status 0
}

@test "verifiers can be listed" {
  plan --list-verifiers
  expect_status 0
  stdout_has "envoy " "go-oidc" "keeps a set for ever" "to force it: "
  plan --list-verifiers -f json
  json '[.verifiers[] | select(.name == "dotnet") | [.cache, .jitter, .cooldown, .outage]]' '[[43200,2160,300,3600]]'
  plan --list-verifiers -f ics
  expect_error 2 "needs -f text or json"
}

@test "the text plan says when, why, and how far back" {
  base_plan
  expect_status 0
  stdout_has "* activate            2026-03-02T09:35:00Z" \
    "why: publish 2026-03-02T09:00:00Z + publish delay 300 s + staleness 900 s + margin 900 s" \
    "back, until 2026-03-02T11:02:00Z: sign with the old key again" \
    "PASS  I1 " "slack 900 s" "planned as of 2026-03-02T08:00:00Z (--now)"
  base_plan -q
  expect_status 0
  stdout_is_empty
}

@test "hostile names stay text" {
  base_plan --old-kid $'\e[31mx\n::error::' --new-kid "a'b|c\`d"
  expect_status 0
  nothing_has $'\e'
  run grep -c '^::' <<<"$output"
  [ "$output" = 0 ]
  base_plan --old-kid $'\e[31mx\n::error::' --new-kid "a'b|c\`d" -f markdown
  nothing_has $'\e'
  base_plan --old-kid $'x\r\nEND:VCALENDAR' -f ics
  [ "$(grep -c '^END:VCALENDAR' <<<"$output")" = 1 ]
}
