#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Writes the seeds of the corpus: small inputs that reach far into each target, made by jwtctl and
# openssl. Keys are made anew each time, and every token expired long ago.
#   JWTCTL=build/release/bin/jwtctl sh tests/fuzz/seeds.sh [FOLDER]
set -eu

folder=${1:-$(dirname "$0")/corpus}
jwtctl=${JWTCTL:-jwtctl}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# seed TARGET NAME: standard input becomes a seed.
seed() {
  mkdir -p "$folder/$1"
  cat >"$folder/$1/$2"
}

# The clock of the targets that judge; no test key of theirs is in use anywhere.
iss=https://id.example.com
claims='"iss":"https://id.example.com","aud":"api","iat":1794999000,"exp":1795000600'

# --- keys, in every form; the private ones are of Ed25519 and of nobody
for alg in ES256 ES384 ES512 EdDSA RS256 PS256; do
  "$jwtctl" keygen -a "$alg" --kid "seed-$alg" --out-private "$tmp/$alg" \
    --out-public "$tmp/$alg.pub" 2>/dev/null
  seed key "$alg-jwk" <"$tmp/$alg.pub"
  "$jwtctl" jwks show "$tmp/$alg.pub" -f pem | seed key "$alg-pem"
  "$jwtctl" jwks show "$tmp/$alg.pub" -f pem | openssl pkey -pubin -outform DER |
    seed key "$alg-der"
  "$jwtctl" jwks show "$tmp/$alg.pub" -f jwks | seed key_body "$alg-jwks"
done
"$jwtctl" jwks show "$tmp/RS256.pub" -f pem | seed key_body pem
seed key_body jwk <"$tmp/ES256.pub"
openssl req -x509 -newkey ed25519 -nodes -keyout "$tmp/tls" -out "$tmp/certificate" -days 1 \
  -subj /CN=id.example.com 2>/dev/null
seed key certificate <"$tmp/certificate"
printf '{"2026-08": "%s"}' "$(awk '{ printf "%s\\n", $0 }' "$tmp/certificate")" |
  seed key_body pem-map
printf '{"error":"not found"}' | seed key_body error
printf '{"issuer":"%s","jwks_uri":"%s/jwks"}' "$iss" "$iss" | seed key_body discovery
seed key private-jwk <"$tmp/EdDSA"
openssl pkey -in "$tmp/tls" -outform DER | seed key private-der
{ echo fuzz; openssl pkey -in "$tmp/tls" -aes128 -passout pass:fuzz; } | seed key encrypted
printf '{"kty":"oct","k":"c2VlZHMgYXJlIG5vIHNlY3JldHMgb2YgYW55Ym9keQ","use":"sig"}' | seed key oct

# --- tokens: what the target signs itself, and what it is given
sign() {
  printf 'sign\n%s\n%s' "$2" "$3" | seed token "$1"
}
header='{"alg":"HS256","typ":"JWT"}'
sign good "$header" "{$claims}"
sign list "$header" '{"iss":"https://id.example.com","aud":["web","api"],"exp":1.7950006e9}'
sign dates "$header" "{$claims,\"nbf\":1794999000.5,\"auth_time\":1794999000}"
sign no-exp "$header" '{"iss":"https://id.example.com","aud":"api"}'
sign expired "$header" '{"iss":"https://id.example.com","aud":"api","exp":1694999000}'
sign crit '{"alg":"HS256","crit":["b64"],"b64":false}' "{$claims}"
sign none '{"alg":"none"}' "{$claims}"
sign twice '{"alg":"HS256","alg":"none"}' "{$claims}"
sign kid '{"alg":"HS256","kid":"a","cty":"JWT","jwk":{"kty":"oct"}}' "{$claims}"
for alg in ES256 EdDSA; do
  "$jwtctl" sign -k "$tmp/$alg" --issuer "$iss" --audience api --now 2025-01-01T00:00:00Z \
    --expires-in 5m --claim role=admin >"$tmp/$alg.token" 2>/dev/null
  for target in token report lint; do seed "$target" "$alg" <"$tmp/$alg.token"; done
done
printf 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.' | seed report none
printf 'Authorization: Bearer %s\n' "$(cat "$tmp/EdDSA.token")" | seed report bearer
printf 'eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0..AAAA.AAAA.AAAA' | seed report encrypted

# --- texts
printf '{"t":"x\\n%s","u":"\303\251%s"}\n' "$(cat "$tmp/ES256.token")" "$(cat "$tmp/EdDSA.token")" |
  seed extract log
printf 'a: |\n  %s\n' "$(cat "$tmp/EdDSA.token")" | seed lint yaml
{ printf 'key = """\n'; cat "$tmp/certificate"; printf '"""\n'; } >"$tmp/toml"
for target in extract lint; do
  seed "$target" pem <"$tmp/toml"
  printf 'GET /?t=eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0 HTTP/1.1\n' | seed "$target" cut
done
"$jwtctl" jwks show "$tmp/ES256.pub" -f jwks | seed lint jwks
seed lint jwk <"$tmp/RS256.pub"

# --- JSON
printf '{"a":[1,-2.5e-3,true,false,null,"\\u00e9\\ud83d\\ude00\\n"],"b":{"c":{}},"":0}' | seed json all
printf '{"a":1,"\\u0061":2}' | seed json twice
printf '[[[[[[[[{"x":[]}]]]]]]]]' | seed json deep
printf '{"n":12345678901234567890.000e+10}' | seed json number

# --- plans: octets choose, or a file is read
"$jwtctl" rotate-plan --token-ttl 1h --verifier envoy --old-kid a --new-kid b \
  --now 2026-11-23T14:30:00Z -f json >"$tmp/plan"
# What is read of it: the sentences would make it too long.
python3 -c '
import json, sys
plan = json.load(sys.stdin)
short = {name: plan[name] for name in ("schema", "id", "variant", "emergency", "created", "inputs")}
short["phases"] = [{"id": phase["id"], "at": phase["at"]} for phase in plan["phases"]]
print(json.dumps(short, separators=(",", ":")))' <"$tmp/plan" | seed plan file
printf '\000\001\001\000\000\074\000\001' | seed plan rotation
printf '\001\001\001\000\000\074\000\001\002\005\000\001\006\000\001' | seed plan emergency
printf '\002\002\001\000\001\377\000\074\000\001\001\005\000\001\001\001a\005\000\005\000\001' |
  seed plan algorithm

# --- copies of key sets; the target adds URL and hash
entry='"version":1,"fetched_at":1794999000,"validated_at":1794999100,"lifetime":300'
printf '{%s,"stale_if_error":0,"forced_at":0,"body":"{}"}' "$entry" | seed cache_entry short
printf '{%s,"stale_if_error":600,"forced_at":9,"clock_skew":-31,"etag":"\\"a\\"","body":"{\\"keys\\":[]}",
"last_modified":"Sun, 06 Nov 1994 08:49:37 GMT","final_url":"https://b/"}' "$entry" |
  seed cache_entry long

# --- settings
printf '[lint]\nselect = ["JWT"]\nignore = ["JWT201"]\nexclude = ["*.log"]\nissuer = ["%s"]\n' "$iss" |
  seed settings lists
printf '[lint]\nfail-on = "note"\nmax-warnings = 3\nleeway = "1m"\nmax-ttl = 3600\nmax-size = "8k"
profile = "at+jwt"\nbaseline = "b.json"\n[lint.rule]\nJWT201 = "error"\n' | seed settings all
printf 'lint = { rule = { JWT201 = "off" } }\n' | seed settings inline

# --- answers
printf 'Cache-Control: public, max-age=300, stale-if-error="60"\nAge: 5\n' | seed freshness max-age
printf 'Date: Sun, 06 Nov 1994 08:49:37 GMT\nExpires: Sun, 06 Nov 1994 09:49:37 GMT\n' |
  seed freshness expires
printf 'cache-control: no-store\ncache-control: must-revalidate, no-cache\n' | seed freshness no-store

# --- times
n=0
for text in 2026-11-23T14:28:00Z 1994-11-06t08:49:60.25+12:45 now +15m -2h 1h30m 7d 90s 1795000000 \
  -1.5e3 9223372036854775807 1e-9 0.1234567891; do
  n=$((n + 1))
  printf '%s' "$text" | seed time "$n"
done
