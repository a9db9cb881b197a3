// SPDX-License-Identifier: Apache-2.0
// Rules on the numbers of RSA keys (RFC 7518 sections 3.3 and 6.3).
#include <fmt/format.h>

#include "lib/base/limits.h"
#include "lib/crypto/roca.h"
#include "lib/crypto/weak_modulus.h"
#include "lib/lint/catalogue.h"
#include "lib/lint/example_keys.h"
#include "lib/lint/key_faults.h"

namespace jwtctl {
namespace {

bool is_even(std::string_view number) {
  return number.empty() || (static_cast<unsigned char>(number.back()) & 1U) == 0;
}

Remarks rsa_modulus(const KeySubject& key, const KeyContext& /*context*/) {
  auto n = modulus_of(key);
  if (!n) return {};
  Remarks remarks;
  std::size_t bits = number_bits(*n);
  if (bits < kMinRsaBits) {
    remarks.push_back(
        {"n", fmt::format("the RSA key has {} bits, at least {} are needed", bits, kMinRsaBits)});
  } else if (bits > kMaxRsaBits) {
    remarks.push_back(
        {"n", fmt::format("the RSA key has {} bits, the limit is {}", bits, kMaxRsaBits)});
  } else if (bits % 8 != 0) {
    remarks.push_back({"n",
                       fmt::format("the RSA key has {} bits, which is no number of octets", bits),
                       std::nullopt, Severity::warning});
  }
  if (is_even(*n)) remarks.push_back({"n", "the RSA modulus is even"});
  return remarks;
}

constexpr Rule kRsaModulus{
    .id = {"JWK005", "rsa-modulus"},
    .level = Severity::error,
    .summary = "the RSA modulus is too small, too large or no modulus",
    .why =
        "A modulus below 2048 bits must not be used; those of 1024 bits are within reach of "
        "whoever can pay for it. OpenSSL refuses more than 16384 bits, and every signature would "
        "take seconds. An even modulus is no product of two large primes.",
    .source = "RFC 7518 sections 3.3 and 3.5",
    .fix = "Replace the key by one of 3072 bits, or by one on P-256: jwtctl keygen.",
    .bad =
        {{.text =
              R"({"kty":"RSA","n":"uMzOM4pW51l1JLYlkodYPkCb_D2Q0bSmoszXzgqn3UfaE4z9dpNm47fGIZP44mf5)"
              R"(Cw-eWwlZEF8I620gi101JYepFHvLyxUvQXgOeuzyZshp8xrqnpbP824zEkv-30yTmcjLpOCQ9ONDM6JhG1)"
              R"(mQXJzWy47a7ky3TFvWOm-t94U","e":"AQAB","alg":"RS256","use":"sig","kid":"2026-r"})"}},
    .good = {.text = kRsaKeyExample},
    .check = rsa_modulus};

Remarks rsa_exponent(const KeySubject& key, const KeyContext& /*context*/) {
  auto n = modulus_of(key);
  auto e = n ? member_number(key, "e") : std::nullopt;
  if (!e) return {};
  std::size_t bits = number_bits(*e);
  bool large_modulus = number_bits(*n) > kRsaSmallModulusBits;
  unsigned limit = large_modulus ? kMaxRsaLargeModulusExponentBits : kMaxRsaExponentBits;
  if (is_even(*e) || bits < 2) {
    return {{"e", "the RSA exponent must be odd and larger than 2"}};
  }
  if (e->size() > n->size() || (e->size() == n->size() && *e >= *n)) {
    return {{"e", "the RSA exponent is not smaller than the modulus"}};
  }
  if (bits > limit) {
    return {{"e", fmt::format("the RSA exponent has {} bits, the limit is {}", bits, limit)}};
  }
  if (bits <= 16) {
    return {{"e", "the RSA exponent is smaller than 65537", std::nullopt, Severity::warning}};
  }
  return {};
}

constexpr Rule kRsaExponent{
    .id = {"JWK006", "rsa-exponent"},
    .level = Severity::error,
    .summary = "the RSA exponent is unsafe or one that verifiers refuse",
    .why =
        "With e = 1 every text is its own signature, and an even e has no inverse. Exponents below "
        "65537 turn small mistakes of a verifier's padding check into forgeries: a warning. Beyond "
        "256 bits, or 64 with a modulus of more than 3072, OpenSSL refuses the key.",
    .source = "FIPS 186-5 section A.1.1; RFC 8017 section 3.1; CVE-2026-33894",
    .fix = "Make a new key with e = 65537, which every tool takes unless told otherwise.",
    .bad =
        {{.text =
              R"({"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86z)"
              R"(wu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93l)"
              R"(qt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5)"
              R"(hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0L)"
              R"(s1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQ","alg":"RS256","use":"sig",)"
              R"("kid":"2026-r"})"},
         {.text =
              R"({"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86z)"
              R"(wu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93l)"
              R"(qt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5)"
              R"(hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0L)"
              R"(s1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"Aw","alg":"RS256","use":"sig",)"
              R"("kid":"2026-r"})"}},
    .good = {.text = kRsaKeyExample},
    .check = rsa_exponent};

Remarks rsa_roca(const KeySubject& key, const KeyContext& /*context*/) {
  auto n = modulus_of(key);
  if (!n || !has_roca_fingerprint(*n)) return {};
  return {{"n", "the RSA key has the ROCA weakness: its private half can be computed"}};
}

constexpr Rule kRsaRoca{
    .id = {"JWK007", "rsa-roca"},
    .level = Severity::error,
    .summary = "the RSA key was made by a chip with the ROCA weakness",
    .why =
        "A library of Infineon for smart cards and TPMs chose primes of a special form. Whoever "
        "has the public key can compute the private one, for common sizes at a bearable price.",
    .source = "CVE-2017-15361; Nemec and others, The Return of Coppersmith's Attack, ACM CCS 2017",
    .fix = "Revoke the key and make a new one with other software or after the chip's update.",
    .bad =
        {{.text =
              R"({"kty":"RSA","n":"zLZhNivvnXCtWvbownlRH_eSNWENw2iX5sU3S_jz2puvS4ygxHav9hFT4Dq0uMdn)"
              R"(5DtEXntGH6vCkDgZfMGitw","e":"AQAB","alg":"RS256","use":"sig","kid":"2026-r"})",
          .also = "JWK005"}},
    .good = {.text = kRsaKeyExample},
    .check = rsa_roca};

Remarks rsa_factorable(const KeySubject& key, const KeyContext& /*context*/) {
  auto n = modulus_of(key);
  if (!n || is_even(*n)) return {};
  if (auto prime = small_factor(*n)) {
    return {{"n", fmt::format("the RSA modulus can be divided by {}", *prime)}};
  }
  if (!has_close_primes(*n)) return {};
  return {{"n", "the two primes of the RSA key are so close that anybody can find them"}};
}

constexpr Rule kRsaFactorable{
    .id = {"JWK008", "rsa-factorable"},
    .level = Severity::error,
    .summary = "the RSA modulus can be taken apart",
    .why =
        "Fermat's method finds two primes that lie close together at once, as in the keys of "
        "several makes of printers. A modulus with a small factor is a number in which a digit "
        "was lost, or one that was never a key. In both cases the private key is public.",
    .source = "CVE-2022-26320",
    .fix = "Revoke the key and make a new one with other software.",
    .bad =
        {{.text =
              R"({"kty":"RSA","n":"vwq7WnKiEzFDTQuEhikj5rTwToHosD7YHxEU3BbrBR4vgsJYFyFj-sF4vTF-7fS7)"
              R"(JC6jyyVf8EGekxjCw7Vgfw","e":"AQAB","alg":"RS256","use":"sig","kid":"2026-r"})",
          .also = "JWK005"},
         {.text =
              R"({"kty":"RSA","n":"ycVol99ShbkE3dOay8LjZp6xylPCMfaan7XwELdnaxJ8jOTI6RaNE5Pw1x5-_8JS)"
              R"(GY1_ROKRN5ZcBBxk2rlTMQ","e":"AQAB","alg":"RS256","use":"sig","kid":"2026-r"})",
          .also = "JWK005"}},
    .good = {.text = kRsaKeyExample},
    .check = rsa_factorable};

constexpr Rule kRules[] = {kRsaModulus, kRsaExponent, kRsaRoca, kRsaFactorable};

}  // namespace

std::span<const Rule> rsa_rules() { return kRules; }

}  // namespace jwtctl
