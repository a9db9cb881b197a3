// SPDX-License-Identifier: Apache-2.0
// Rules on how a key is made (RFC 7517 section 4, RFC 7518 section 6, RFC 8037 section 2).
#include "lib/lint/catalogue.h"
#include "lib/lint/example_keys.h"
#include "lib/lint/key_faults.h"

namespace jwtctl {
namespace {

/// faults_of returns the faults of one kind as remarks.
Remarks faults_of(const KeySubject& key, KeyFaultKind kind) {
  Remarks remarks;
  for (KeyFault& fault : key_faults(key)) {
    if (fault.kind != kind) continue;
    remarks.push_back({std::move(fault.place), std::move(fault.message)});
  }
  return remarks;
}

Remarks malformed(const KeySubject& key, const KeyContext& /*context*/) {
  if (key.refusal == ErrorCode::key_refused) {
    // It may be a good key for something else than JOSE.
    return {{"", key.problem, std::nullopt, Severity::warning}};
  }
  return faults_of(key, KeyFaultKind::shape);
}

constexpr Rule kMalformed{
    .id = {"JWK001", "malformed"},
    .level = Severity::error,
    .summary = "the key is not well made",
    .why =
        "A member that its type needs is missing, stands twice, has the wrong JSON type or names "
        "a type or curve that does not exist. Verifiers skip such a key, or refuse the whole set "
        "in which it stands. Of PEM, what says that it is a key or a certificate must be one.",
    .source = "RFC 7517 section 4; RFC 7518 section 6; RFC 8037 section 2; RFC 7468 section 2",
    .fix = "Export the key again from where it was made; do not mend it by hand.",
    .bad =
        {{.text = R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
                  R"("alg":"ES256","use":"sig","kid":"2026-a"})"},
         {.text =
              R"({"kty":"ECDSA","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
              R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","alg":"ES256","use":"sig",)"
              R"("kid":"2026-a"})"},
         {.text = R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
                  R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","alg":"ES256","use":"sig",)"
                  R"("kid":7})"}},
    .good = {.text = kEcKeyExample},
    .check = malformed};

Remarks member_encoding(const KeySubject& key, const KeyContext& /*context*/) {
  return faults_of(key, KeyFaultKind::encoding);
}

constexpr Rule kMemberEncoding{
    .id = {"JWK002", "member-encoding"},
    .level = Severity::error,
    .summary = "a member of the key is not canonical base64url",
    .why =
        "Key members are base64url without padding, and the integers of RSA have no zero octets "
        "in front. What departs from that is refused by some verifiers and read as another number "
        "by others. The zero in front of n comes from libraries that write signed integers.",
    .source = "RFC 7515 section 2; RFC 7518 sections 2 and 6.3.1.1",
    .fix = "Encode the member again: the shortest big-endian octets, base64url, no padding.",
    .bad =
        {{.text =
              R"({"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86z)"
              R"(wu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93l)"
              R"(qt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5)"
              R"(hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0L)"
              R"(s1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AAEAAQ","alg":"RS256","use":"sig",)"
              R"("kid":"2026-r"})"},
         {.text = R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU=",)"
                  R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","alg":"ES256","use":"sig",)"
                  R"("kid":"2026-a"})"}},
    .good = {.text = kEcKeyExample},
    .check = member_encoding};

Remarks coordinate_length(const KeySubject& key, const KeyContext& /*context*/) {
  return faults_of(key, KeyFaultKind::length);
}

constexpr Rule kCoordinateLength{
    .id = {"JWK003", "coordinate-length"},
    .level = Severity::error,
    .summary = "a coordinate does not have the length of its curve",
    .why =
        "Coordinates and private values of EC keys are as long as the curve's field: 32 octets on "
        "P-256, 48 on P-384, 66 on P-521. A library that drops zeros in front gets about one key "
        "in 128 wrong, so that it is noticed late. OKP keys have one length too.",
    .source = "RFC 7518 sections 6.2.1.2, 6.2.1.3 and 6.2.2.1; RFC 8037 section 2",
    .fix = "Pad the octets with zeros in front before they are encoded.",
    .bad = {{.text =
                 R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVA",)"
                 R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","alg":"ES256","use":"sig",)"
                 R"("kid":"2026-a"})"}},
    .good = {.text = kEcKeyExample},
    .check = coordinate_length};

Remarks point_invalid(const KeySubject& key, const KeyContext& /*context*/) {
  return faults_of(key, KeyFaultKind::point);
}

constexpr Rule kPointInvalid{
    .id = {"JWK004", "point-invalid"},
    .level = Severity::error,
    .summary = "the key is no point that a key may be",
    .why =
        "The coordinates do not lie on the curve, or the Ed25519 or Ed448 key is not canonical or "
        "a point of low order: signatures that such a key verifies can be made by anybody.",
    .source = "RFC 8725 section 3.4; SEC 1 section 3.2.2; RFC 8032 section 5.1.3",
    .fix = "Throw the key away and find out where it comes from.",
    .bad =
        {{.text = R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
                  R"("y":"y_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","alg":"ES256","use":"sig",)"
                  R"("kid":"2026-a"})"},
         {.text =
              R"({"kty":"OKP","crv":"Ed25519","x":"AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",)"
              R"("alg":"Ed25519","use":"sig","kid":"2026-e"})"}},
    .good = {.text = kEcKeyExample},
    .check = point_invalid};

Remarks private_inconsistent(const KeySubject& key, const KeyContext& /*context*/) {
  return faults_of(key, KeyFaultKind::pair);
}

constexpr Rule kPrivateInconsistent{
    .id = {"JWK009", "private-inconsistent"},
    .level = Severity::error,
    .summary = "the private half does not belong to the public half",
    .why =
        "What the private half signs does not verify with the public half. With RSA a single wrong "
        "number can do worse: one faulty signature lets anybody compute the private key. An RSA "
        "key is judged when it has its primes.",
    .source = "RFC 7518 sections 6.2.2 and 6.3.2; RFC 8017 section 3.2",
    .fix = "Restore the key from where it was made, or make a new one.",
    .bad =
        {{.text =
              R"({"kty":"OKP","crv":"Ed25519","x":"PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw",)"
              R"("alg":"Ed25519","use":"sig","kid":"2026-e",)"
              R"("d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"})"}},
    .good =
        {.text =
             R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",)"
             R"("alg":"Ed25519","use":"sig","kid":"2026-e",)"
             R"("d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"})"},
    .check = private_inconsistent};

Remarks hmac_empty(const KeySubject& key, const KeyContext& /*context*/) {
  return faults_of(key, KeyFaultKind::empty);
}

constexpr Rule kHmacEmpty{.id = {"JWK010", "hmac-empty"},
                          .level = Severity::error,
                          .summary = "the secret is empty",
                          .why = "Everybody knows the empty secret, so that everybody can sign.",
                          .source = "RFC 7518 section 3.2; RFC 8725 section 3.5",
                          .fix = "Make a secret of at least 32 random octets: {make_secret}.",
                          .bad = {{.text = R"({"kty":"oct","k":"","alg":"HS256","kid":"2026-s"})"}},
                          .good = {.text = kSecretExample},
                          .check = hmac_empty};

constexpr Rule kRules[] = {kMalformed,    kMemberEncoding,      kCoordinateLength,
                           kPointInvalid, kPrivateInconsistent, kHmacEmpty};

}  // namespace

std::span<const Rule> key_rules() { return kRules; }

}  // namespace jwtctl
