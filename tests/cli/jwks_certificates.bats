#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# jwks show of certificates: in PEM, and in the x5c of a JWK.

load helper

setup_file() {
  cd "$BATS_FILE_TMPDIR"
  make_ec ec.pem
  make_ec other.pem
}

setup() {
  cd "$BATS_TEST_TMPDIR"
  cp "$BATS_FILE_TMPDIR"/* .
}

show() { run_jwtctl jwks show --now "$NOW" "$@" </dev/null; }

# certify KEY OUT START END: a certificate that names itself, from and to an epoch.
certify() {
  rm -rf ca && mkdir ca && : >ca/index
  printf '%s\n' '[ca]' 'default_ca=c' '[c]' 'dir=ca' 'database=ca/index' 'new_certs_dir=ca' \
    'rand_serial=yes' 'default_md=sha256' 'policy=p' '[p]' 'commonName=supplied' >ca/config
  openssl req -new -key "$1" -subj "/CN=${SUBJECT:-signer}" -utf8 -out ca/request
  openssl ca -batch -notext -selfsign -config ca/config -keyfile "$1" -in ca/request -out "$2" \
    -startdate "$(date -u -d "@$3" +%Y%m%d%H%M%SZ)" -enddate "$(date -u -d "@$4" +%Y%m%d%H%M%SZ)" 2>/dev/null
}

@test "a certificate: subject and dates, valid at both ends and noted outside" {
  for row in "0 100 true" "-100 0 true" "-100 -1 expired" "1 100 valid"; do
    set -- $row
    certify ec.pem certificate $((NOW + $1)) $((NOW + $2))
    show certificate -f json
    expect_status 0
    json '.keys[0] | [.usable, .private, .certificate.subject]' '[true,false,"CN=signer"]'
    json '.keys[0].certificate | [.not_before, .not_after]' "[$((NOW + $1)),$((NOW + $2))]"
    json '.keys[0].certificate.not_after_rfc3339' "\"$(date -u -d "@$((NOW + $2))" +%Y-%m-%dT%H:%M:%SZ)\""
    case $3 in
      true) json '.keys[0].notes' '[]' ;;
      expired) json '.keys[0].notes | map(startswith("its certificate expired"))' '[true]' ;;
      valid) json '.keys[0].notes | map(startswith("its certificate becomes valid"))' '[true]' ;;
    esac
    show certificate
    stdout_has "certificate of CN=signer, $(date -u -d "@$((NOW + $1))" +%Y-%m-%dT%H:%M:%SZ) to "
  done
  # Chatham is 13:45 ahead of UTC in summer.
  certify ec.pem certificate "$NOW" $((NOW + 100))
  TZ=Pacific/Chatham show certificate --local
  stdout_has "2027-01-15T21:45:00+13:45"
}

@test "x5c: the first certificate counts, and one of another key is noted" {
  certify ec.pem own $((NOW - 100)) $((NOW - 1))
  certify other.pem foreign $((NOW - 100)) $((NOW + 100))
  own=$(openssl x509 -in own -outform DER | base64 -w0)
  foreign=$(openssl x509 -in foreign -outform DER | base64 -w0)
  jwks "$(jwk ec.pem "{kid:\"own\",x5c:[\"$own\",\"$foreign\"]}")" \
    "$(jwk ec.pem "{kid:\"own\",x5c:[\"$foreign\",\"$own\"]}")" "$(jwk ec.pem '{kid:"none",x5c:[]}')" >set
  show set -f json
  expect_status 0
  json '[.keys[].certificate.not_after]' "[$((NOW - 1)),$((NOW + 100)),null]"
  json '.keys[0].notes | map(startswith("its certificate expired"))' '[true]'
  json '.keys[1].notes' '["its x5c certifies another key"]'
  json '.keys[2].notes' '["its x5c holds no certificate"]'
}

@test "a name in a certificate is escaped, a UTF-8 one is kept" {
  SUBJECT=$'a\e[31mb' certify ec.pem certificate "$NOW" $((NOW + 100))
  show certificate
  expect_status 0
  nothing_has $'\e'
  SUBJECT='Grüße' certify ec.pem certificate "$NOW" $((NOW + 100))
  show certificate
  stdout_has "certificate of CN=Grüße, "
}
