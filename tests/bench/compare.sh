#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Compares start to finish of one command with other tools, side by side in one run, as ratios.
#   JWTCTL=build/release/bin/jwtctl bash tests/bench/compare.sh [RUNS]
# Needs hyperfine, jose (latchset), jwt (golang-jwt), openssl, jq and python3; all are Debian
# packages.
set -euo pipefail

jwtctl=$(realpath "${JWTCTL:-build/release/bin/jwtctl}")
runs=${1:-400}
for tool in hyperfine jose jwt openssl jq python3; do
  command -v "$tool" >/dev/null || { echo "$tool is not installed, nothing to compare" >&2; exit 1; }
done
work=$(mktemp -d)
server=
trap 'if [ -n "$server" ]; then kill "$server"; fi; rm -rf "$work"' EXIT
cd "$work"

# One ES256 key in the forms that each tool reads, and one token.
jose jwk gen -i '{"alg":"ES256"}' -o private.jwk
jose jwk pub -i private.jwk -o public.jwk
openssl ecparam -name prime256v1 -genkey -noout -out private.pem
openssl ec -in private.pem -pubout -out public.pem 2>/dev/null
printf '{"iss":"https://id.example.com","exp":4102444800}' >claims.json
jose jws sig -I claims.json -k private.jwk -c -o token-jwk.jwt
jwt -sign claims.json -alg ES256 -key private.pem >token-pem.jwt

"$jwtctl" verify -q -k public.jwk @token-jwk.jwt
"$jwtctl" verify -q -k public.pem @token-pem.jwt

# An issuer on this machine, whose key set stays fresh for the five minutes that count without a word.
export XDG_CACHE_HOME=$work/cache
mkdir -p site/.well-known
jq '{keys: [. + {kid: "k"}]}' public.jwk >site/jwks
python3 -u -m http.server --bind 127.0.0.1 --directory site 0 >server.log 2>/dev/null &
server=$!
until grep -q port server.log; do sleep 0.1; done
issuer=http://127.0.0.1:$(sed -n 's/.* port \([0-9]*\) .*/\1/p' server.log)
printf '{"issuer":"%s","jwks_uri":"%s/jwks"}' "$issuer" "$issuer" >site/.well-known/openid-configuration
"$jwtctl" sign -k private.jwk --issuer "$issuer" --audience api --expires-in 1h -o issued.jwt
"$jwtctl" verify -q --issuer "$issuer" --discover --audience api @issued.jwt

# Several rounds, so that a slow spell of the machine hits all alike; the best median of each counts.
for round in 1 2 3 4 5; do
  hyperfine -N --warmup 10 --runs "$((runs / 5))" --export-json "result-$round.json" --style none \
    -n "jwtctl decode" "$jwtctl decode @token-jwk.jwt" \
    -n "jwtctl verify, JWK" "$jwtctl verify -k public.jwk @token-jwk.jwt" \
    -n "jwtctl verify, PEM" "$jwtctl verify -k public.pem @token-pem.jwt" \
    -n "verify, set from a file" "$jwtctl verify --issuer $issuer --jwks site/jwks --audience api @issued.jwt" \
    -n "verify, set from a copy" "$jwtctl verify --issuer $issuer --discover --audience api @issued.jwt" \
    -n "jose jws ver" "jose jws ver -i token-jwk.jwt -k public.jwk" \
    -n "jwt -show" "jwt -show token-pem.jwt" \
    -n "jwt -verify" "jwt -verify token-pem.jwt -alg ES256 -key public.pem" >/dev/null 2>&1
done

jq -rs '
  [.[].results[]] | group_by(.command)
  | [.[] | {key: .[0].command, value: ([.[].median] | min)}] | from_entries as $t
  | def ratio($a; $b): ($t[$a] / $t[$b] * 100 | round / 100 | tostring) + " times " + $b;
  "jwtctl decode:       " + ratio("jwtctl decode"; "jose jws ver") + ", " + ratio("jwtctl decode"; "jwt -show"),
  "jwtctl verify, JWK:  " + ratio("jwtctl verify, JWK"; "jose jws ver") + ", " + ratio("jwtctl verify, JWK"; "jwt -verify"),
  "jwtctl verify, PEM:  " + ratio("jwtctl verify, PEM"; "jose jws ver") + ", " + ratio("jwtctl verify, PEM"; "jwt -verify"),
  "--discover with fresh copies:  " + ratio("verify, set from a copy"; "verify, set from a file")
' result-*.json
