# SPDX-License-Identifier: Apache-2.0
# The cases: NAME STATUS ARGUMENTS. What they print stands in expected/NAME.out and NAME.err.
# shellcheck shell=bash disable=SC2034

sample=packaging/sample/token.jwt
key=packaging/sample/key.jwk
data=tests/golden/data
during="--now 2026-11-23T14:30:00Z"
after="--now 2026-11-23T15:00:02Z"
good="--issuer https://id.example.com --audience api"
rotation="--token-ttl 1h --verifier envoy --verifier nimbus --old-kid 2026-08 --new-kid 2026-11 $during"
# Made for these cases: an encrypted token (random octets behind the header), a token cut in the
# middle, one with every oddity that decode shows.
jwe=eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..AAECAwQFBgcICQoL.3q2-7w.AAECAwQFBgcICQoLDA0ODw
cut=eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJodHRwczovL2lkLmV4YW1wbGUuY29tIiwic3V
odd=eyJhbGciOiJYWTk5OSIsImprdSI6Imh0dHBzOi8vZXZpbC50ZXN0LyJ9.eyI6OmVycm9yIjoiIyNbZ3JvdXBdIiwiZXhwIjoxNzk1NDQ2MDAwMDAwLCJpYXQiOiIxNzk1NDQyNDAwIiwiYXVkIjpbXSwibiI6IlwiYVwiIFx1MDAxYlszMW0gXHUyMDJlIn0.AA

golden_cases() {
  cat <<CASES
overview-short 0 -h
overview-long 0 --help
decode-short 0 decode -h
decode-long 0 decode --help
verify-short 0 verify -h
verify-long 0 verify --help
sign-short 0 sign -h
sign-long 0 sign --help
keygen-short 0 keygen -h
keygen-long 0 keygen --help
jwks-show-short 0 jwks show -h
jwks-show-long 0 jwks show --help
jwks-fetch-short 0 jwks fetch -h
jwks-fetch-long 0 jwks fetch --help
jwks-diff-short 0 jwks diff -h
jwks-diff-long 0 jwks diff --help
sign 0 sign --secret $data/secret -a HS256 {"role":"admin","level":1.50} --audience api --expires-in 1h $during
sign-json 0 sign --secret $data/secret -a HS256 --kid 2026-11 --claim role=admin --expires-in 1h $during -f json
sign-warnings 0 sign --secret $data/secret -a HS256 --allow-weak {"exp":1795446000000,"aud":[]} $during
sign-no-expiry 2 sign --secret $data/secret -a HS256 --claim role=admin
sign-twice-json 2 sign --secret $data/secret -a HS256 {"exp":1} --expires-in 1h -f json
sign-public-key 3 sign -k $key --expires-in 1h
keygen-nowhere 2 keygen --out-jwks nowhere.json
jwks-show-set 0 jwks show $data/new.json
jwks-show-set-json 0 jwks show $data/new.json -f json $during
jwks-show-pem 0 jwks show $key -f pem
jwks-show-jwks 0 jwks show $key -f jwks
jwks-diff 1 jwks diff $data/old.json $data/new.json
jwks-diff-json 1 jwks diff $data/old.json $data/new.json -f json
jwks-diff-equal 0 jwks diff $key $key
rotate-plan-short 0 rotate-plan -h
rotate-plan-long 0 rotate-plan --help
rotate-check-short 0 rotate-plan check -h
rotate-check-long 0 rotate-plan check --help
rotate-plan 0 rotate-plan $rotation
rotate-plan-json 0 rotate-plan $rotation -f json
rotate-plan-markdown 0 rotate-plan $rotation -f markdown
rotate-plan-mermaid 0 rotate-plan $rotation -f mermaid
rotate-plan-ics 0 rotate-plan $rotation -f ics
rotate-plan-emergency 0 rotate-plan --emergency --token-ttl 1h --verifier envoy --verifier go-oidc --issue-rate 200 $during
rotate-plan-emergency-json 0 rotate-plan --emergency --token-ttl 1h --verifier envoy --verifier go-oidc --issue-rate 200 $during -f json
rotate-plan-too-late 2 rotate-plan $rotation --deadline 2026-11-23T15:00:00Z
rotate-plan-verifiers-json 0 rotate-plan --list-verifiers -f json
decode-sample 0 decode $during @$sample
decode-sample-json 0 decode $during -f json @$sample
decode-jwe 0 decode $during $jwe
decode-jwe-json 0 decode $during -f json $jwe
decode-cut 3 decode $during $cut
decode-cut-json 3 decode $during -f json $cut
decode-odd 0 decode $during $odd
decode-odd-json 0 decode $during -f json $odd
verify-valid 0 verify -k $key $good --strict $during @$sample
verify-valid-json 0 verify -k $key $good --strict $during -f json @$sample
verify-all-wrong 14 verify -k $key --issuer https://id.example.com/ --audience web $after @$sample
verify-all-wrong-json 14 verify -k $key --issuer https://id.example.com/ --audience web $after -f json @$sample
verify-expired 18 verify -k $key $good $after @$sample
verify-malformed-json 10 verify -k $key $during -f json $cut
verify-header 11 verify -k $key -a RS256 $during @$sample
lint-short 0 lint -h
lint-long 0 lint --help
lint-text 1 lint $data/lint --no-config $during
lint-concise 1 lint $data/lint --no-config $during -f concise
lint-json 1 lint $data/lint --no-config $during -f json
lint-sarif 1 lint $data/lint --no-config $during -f sarif
lint-github 1 lint $data/lint --no-config $during -f github
lint-gitlab 1 lint $data/lint --no-config $during -f gitlab
lint-junit 1 lint $data/lint --no-config $during -f junit
lint-rules 0 lint --no-config --list-rules
lint-rules-json 0 lint --no-config --list-rules -f json --select JWT2
explain-short 0 explain -h
explain-long 0 explain --help
explain-rule 0 explain JWT202
explain-rule-json 0 explain JWT202 -f json
explain-exit 0 explain 18
explain-exit-json 0 explain 18 -f json
explain-message 0 explain IDX10223
explain-message-json 0 explain IDX10223 -f json
verify-github 14 verify -k $key --issuer https://id.example.com/ --audience web $after -f github @$sample
verify-junit 14 verify -k $key --issuer https://id.example.com/ --audience web $after -f junit @$sample
error-json 2 verify -f json --isuer x
CASES
}
