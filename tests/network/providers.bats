#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Key sets and tokens in the shape of real providers (providers/*.json, with keys made here): each is
# read as its provider means it, and refused for the right reason.

load ../cli/helper
load network

setup_file() {
  make_generations
  make_rsa rsa.pem
  make_rsa other.pem
  make_ec ec.pem
  local name
  for name in rsa other; do
    openssl req -x509 -key $name.pem -subj "/CN=$name" -days 30 -out $name.crt
  done
  # What stands in the fixtures for the keys.
  jq -n --argjson rsa "$(jwk rsa.pem)" --argjson other "$(jwk other.pem)" \
    --argjson ec "$(jwk ec.pem)" --rawfile rsa_crt rsa.crt --rawfile other_crt other.crt \
    'def der: split("\n")[1:-2] | join("");
    {"@rsa.n": $rsa.n, "@other.n": $other.n, "@ec.x": $ec.x, "@ec.y": $ec.y,
     "@rsa.certificate": $rsa_crt, "@other.certificate": $other_crt,
     "@rsa.x5c": ($rsa_crt | der), "@other.x5c": ($other_crt | der)}' >keys.json
  start_server
}
teardown_file() { stop_server "$SERVER_PID"; }
setup() { in_a_new_world; }

# use_provider NAME: serves its set at $URL; leaves the fixture in the file provider and its token in
# $TOKEN.
use_provider() {
  jq --slurpfile keys "$BATS_FILE_TMPDIR/keys.json" \
    'walk(if type == "string" and startswith("@") then $keys[0][.] // error(.) else . end)' \
    "$BATS_TEST_DIRNAME/providers/$1.json" >provider || return
  put "$1" "$(of .jwks)" "$(jq -r '.headers | to_entries[] | "\(.key): \(.value)"' provider)"
  URL=$BASE/$1
  TOKEN=$(sealed "$(of .token.header)" "$(of .token.claims)")
}

# of FILTER: of the provider in use, compact.
of() { jq -c "$1" provider; }

# sealed HEADER CLAIMS: a token under the provider's key.
sealed() {
  if [ "$(of .key)" == '"ec"' ]; then
    sign_es256 "$1" "$2" "$BATS_FILE_TMPDIR/ec.pem"
  else
    sign_rs256 "$1" "$2" "$BATS_FILE_TMPDIR/rsa.pem"
  fi
}

# judge TOKEN [OPTION...]: with the expectations that a relying party of the provider has.
judge() {
  local options=()
  mapfile -t options < <(jq -r '(.issuer // empty | "--issuer", .), (.audience // empty | "--audience", .),
    (.claims | to_entries[] | "--claim", "\(.key)=\(.value)")' provider)
  verify_with "$URL" "$1" "${options[@]}" "${@:2}"
}

# shows_its_keys NAME: every key is listed, usable or not as the provider means it.
shows_its_keys() {
  use_provider "$1" || return
  fetch "$URL" -f json
  expect_status 0 && stderr_is_empty || return
  json '[.keys[].usable]' "$(of .usable)" || return
  json '[.keys[].kid]' "$(of '.jwks | if .keys then [.keys[].kid] else keys_unsorted end')" || return
  fetch "$URL"
  expect_status 0 && stdout_has "$(jq -r .token.header.kid provider)"
}

# accepts_its_token NAME: and names the key.
accepts_its_token() {
  use_provider "$1" || return
  judge "$TOKEN" -f json
  expect_status 0 || return
  json '[.valid, .key.kid]' "[true,$(of .token.header.kid)]" || return
  json '.key.source' "\"$URL\""
}

# refuses_the_rest NAME: another audience 15, another issuer 14, another kid 12, another signature
# 13, too late 18.
refuses_the_rest() {
  use_provider "$1" || return
  judge "$(sealed "$(of .token.header)" "$(of '.token.claims + {aud:"https://other.example"}')")"
  expect_status 15 || return
  if [ "$(of .issuer)" != null ]; then
    judge "$(sealed "$(of .token.header)" "$(of '.token.claims | .iss += "/"')")"
    expect_status 14 || return
  fi
  judge "$(sealed "$(of '.token.header + {kid:"unknown"}')" "$(of .token.claims)")"
  expect_status 12 && stdout_has unknown || return
  forged=$(sealed '{}' '{}')
  judge "${TOKEN%.*}.${forged##*.}"
  expect_status 13 || return
  judge "$(sealed "$(of .token.header)" \
    "$(of ".token.claims | del(.nbf) | .iat = $((NOW - 3600)) | .exp = $((NOW - 1))")")"
  expect_status 18
}

# like_its_provider NAME
like_its_provider() { shows_its_keys "$1" && accepts_its_token "$1" && refuses_the_rest "$1"; }

@test "every provider has a test here" {
  for file in "$BATS_TEST_DIRNAME"/providers/*.json; do
    name=$(basename "$file" .json)
    grep -q "^  like_its_provider $name\$" "$BATS_TEST_FILENAME" || complain "no test of $name"
  done
}

@test "Google" {
  like_its_provider google
}

@test "Apple: no copy is kept" {
  like_its_provider apple
  no_copies
  judge "$TOKEN" --offline
  expect_error 4 "there is no copy"
}

@test "Microsoft Entra: the algorithm follows from the key, and RSA alone" {
  like_its_provider entra
  judge "$(sealed "$(of '.token.header + {alg:"HS256"}')" "$(of .token.claims)")"
  expect_status 11
}

@test "Auth0: when the server fails, the copy serves for a day" {
  like_its_provider auth0
  put auth0 '' '!status 503'
  age_copies 100
  judge "$TOKEN" --retries 0
  expect_status 0
  stderr_has "status 503" "a copy of 1 min"
  age_copies 86400
  judge "$TOKEN" --retries 0
  expect_error 4 "status 503"
}

@test "Auth0: an issuer without its slash is refused with the cause" {
  use_provider auth0
  verify_with "$URL" "$TOKEN" --issuer https://example.eu.auth0.com --audience https://api.example.com
  expect_status 14
  stdout_has slash
}

@test "Okta" {
  like_its_provider okta
}

@test "Keycloak: the key for encryption is listed and does not sign" {
  like_its_provider keycloak
  fetch "$URL"
  stdout_has unusable enc
  kid=$(of '.jwks.keys[0].kid')
  judge "$(sealed "$(of ".token.header + {kid:$kid}")" "$(of .token.claims)")"
  expect_status 12
  judge "$(sealed "$(of '.token.header | del(.kid)')" "$(of .token.claims)")"
  expect_status 0
}

@test "Amazon Cognito: access tokens have no audience" {
  like_its_provider cognito
  judge "$TOKEN" --audience 1example23456789
  expect_status 15
  verify_with "$URL" "$TOKEN" --issuer "$(jq -r .issuer provider)" --claim token_use=id
  expect_status 16
}

@test "GitHub Actions" {
  like_its_provider github-actions
}

@test "GitLab: every run asks" {
  like_its_provider gitlab
  clear_log
  judge "$TOKEN"
  judge "$TOKEN"
  requests_are 2
}

@test "Kubernetes: the type of the answer is application/jwk-set+json" {
  like_its_provider kubernetes
}

@test "Firebase: a map of certificates" {
  like_its_provider firebase
  fetch "$URL" -f jwks
  expect_status 0
  json '[.keys[] | [.kty, .alg, .n != null, .d]]' '[["RSA","RS256",true,null],["RSA","RS256",true,null]]'
}

@test "SPIFFE: keys for certificates sign no token" {
  like_its_provider spiffe
  judge "$TOKEN" --issuer spiffe://example.org
  expect_status 14
}
