// SPDX-License-Identifier: Apache-2.0
// Rules on shared secrets (RFC 7518 section 3.2).
#include <fmt/format.h>

#include <algorithm>

#include "lib/base/text.h"
#include "lib/codec/base64url.h"
#include "lib/crypto/published_secrets.h"
#include "lib/jose/key_material.h"
#include "lib/lint/catalogue.h"
#include "lib/lint/example_keys.h"
#include "lib/lint/secret_strength.h"

namespace jwtctl {
namespace {

/// secret_of returns the octets of an oct key, else null.
const SecretBytes* secret_of(const KeySubject& key) {
  bool symmetric = key.jwk && key.jwk->key.is_symmetric();
  return symmetric ? &key.jwk->key.octets() : nullptr;
}

/// smallest_algorithm returns what a secret is for, as far as it says: its alg, else HS256. Null
/// when it is for encryption.
const Algorithm* smallest_algorithm(const Jwk& jwk) {
  if (jwk.alg) {
    const Algorithm* row = find_algorithm(*jwk.alg);
    return row != nullptr && row->kty == KeyType::oct ? row : nullptr;
  }
  bool signs = !jwk.key_ops || std::any_of(jwk.key_ops->begin(), jwk.key_ops->end(),
                                           [](const std::string& operation) {
                                             return operation == "sign" || operation == "verify";
                                           });
  return signs && jwk.use != "enc" ? find_algorithm("HS256") : nullptr;
}

Remarks hmac_short(const KeySubject& key, const KeyContext& /*context*/) {
  const SecretBytes* secret = secret_of(key);
  const Algorithm* row = secret != nullptr ? smallest_algorithm(*key.jwk) : nullptr;
  if (row == nullptr) return {};
  auto fit = check_key_for(key.jwk->key, *row);
  return fit ? Remarks{} : Remarks{{"k", std::move(fit).error().message}};
}

constexpr Rule kHmacShort{
    .id = {"JWK011", "hmac-short"},
    .level = Severity::error,
    .summary = "the secret is shorter than the hash",
    .why =
        "A secret for HS256 must have at least 32 octets, for HS384 48 and for HS512 64. Whoever "
        "has one token can try shorter secrets offline, at billions a second.",
    .source = "RFC 7518 section 3.2",
    .fix = "Make a random one: {make_secret}.",
    .bad = {{.text =
                 R"({"kty":"oct","k":"UxscIjAtVxpy76Y8DUze9Uh2W89eUoNNSbi36BU2mw","alg":"HS256",)"
                 R"("kid":"2026-s"})"}},
    .good = {.text = kSecretExample},
    .check = hmac_short};

Remarks hmac_guessable(const KeySubject& key, const KeyContext& /*context*/) {
  const SecretBytes* secret = secret_of(key);
  if (secret == nullptr) return {};
  if (auto origin = published_secret(as_text(*secret))) {
    return {{"k", fmt::format("the secret is published: it is that of {}", *origin)}};
  }
  if (key.jwk->kid && as_text(*secret) == *key.jwk->kid) {
    return {{"k", "the secret is the kid, which every token shows"}};
  }
  unsigned bits = estimate_bits(as_text(*secret));
  if (bits >= kMinSecretBits) return {};
  return {{"k", fmt::format("the secret can be guessed: it is worth at most {} bits, {} are needed",
                            bits, kMinSecretBits)}};
}

constexpr Rule kHmacGuessable{
    .id = {"JWK012", "hmac-guessable"},
    .level = Severity::error,
    .summary = "the secret is published or can be guessed",
    .why =
        "Whoever has one token can try secrets offline, first those of specifications, tutorials "
        "and examples, then repetitions, sequences and passwords. A secret must come from a random "
        "generator. The estimate is generous: a phrase of words is weaker than it says.",
    .source = "RFC 8725 sections 2.2 and 3.5; RFC 7517 section 9.4",
    .fix = "Make a random one: {make_secret}. Refuse the tokens of the old one.",
    .bad = {{.text =
                 R"({"kty":"oct","k":"__________________________________________8","alg":"HS256",)"
                 R"("kid":"2026-s"})"},
            {.text =
                 R"({"kty":"oct","k":"MzE0MTU5MjY1MzU4OTc5MzIzODQ2MjY0MzM4MzI3OTU","alg":"HS256",)"
                 R"("kid":"2026-s"})",
             .also = "JWK014"}},
    .good = {.text = kSecretExample},
    .check = hmac_guessable};

Remarks hmac_is_public_key(const KeySubject& key, const KeyContext& /*context*/) {
  const SecretBytes* secret = secret_of(key);
  if (secret == nullptr || !is_key_material(*secret)) return {};
  return {{"k", "the secret is the text of a key or certificate"}};
}

constexpr Rule kHmacIsPublicKey{
    .id = {"JWK013", "hmac-is-public-key"},
    .level = Severity::error,
    .summary = "the secret is the text of a public key",
    .why =
        "A public key is known to everybody. A verifier that takes its text for an HMAC secret "
        "accepts what anybody signs with it: the oldest forgery of all.",
    .source = "RFC 8725 section 2.1; CVE-2022-29217; CVE-2026-85394",
    .fix = "Give the verifier the key as a key, and make a secret that is random.",
    .bad =
        {{.text =
              R"({"kty":"oct","k":"c3NoLWVkMjU1MTkgQUFBQUMzTnphQzFsWkRJMU5URTVBQUFBSUhxSm9tR3gxdUZn)"
              R"(MmxyVERDR2JLS1RjRFlNUEhCVzNwUVV3OGs0M0NPdWc","alg":"HS256","kid":"2026-s"})"}},
    .good = {.text = kSecretExample},
    .check = hmac_is_public_key};

/// encoding_of says in which encoding a secret looks to be still, if in one.
std::optional<std::string_view> encoding_of(std::string_view text) {
  auto decodes = [](const Result<SecretBytes>& octets) {
    return octets && octets->size() >= kMinSecretBits / 8;
  };
  if (decodes(parse_hex(text))) return "hexadecimal";
  // A word is good base64 too, unless digits and both cases are asked for.
  auto has = [text](char first, char last) {
    return std::any_of(text.begin(), text.end(),
                       [first, last](char c) { return c >= first && c <= last; });
  };
  if (!has('0', '9') || !has('a', 'z') || !has('A', 'Z')) return std::nullopt;
  if (decodes(parse_base64(text)) && text.find_first_of("+/=") != std::string_view::npos) {
    return "base64";
  }
  if (decodes(parse_base64url(text))) return "base64url";
  return std::nullopt;
}

Remarks hmac_ambiguous_text(const KeySubject& key, const KeyContext& /*context*/) {
  const SecretBytes* secret = secret_of(key);
  if (secret == nullptr || is_key_material(*secret)) return {};
  std::string_view text = as_text(*secret);
  // One random secret in 256 ends in that octet, and has one of the usual sizes.
  bool by_chance = text.size() % 8 == 0 && has_unsafe_text(trim(text));
  if (text.ends_with('\n') && !by_chance) {
    return {{"k", "the secret ends in a newline, as of a file"}};
  }
  auto encoding = encoding_of(text);
  if (!encoding) return {};
  return {{"k", fmt::format("the octets of the secret are themselves {}", *encoding)}};
}

constexpr Rule kHmacAmbiguousText{
    .id = {"JWK014", "hmac-ambiguous-text"},
    .level = Severity::warning,
    .summary = "the secret may have been encoded twice",
    .why =
        "Its octets are hexadecimal or base64 text, or end in a newline. One side then takes the "
        "text for the secret and the other what it stands for, and no signature verifies.",
    .source = "RFC 7518 section 6.4.1",
    .fix =
        "Find out what the signer uses. Where it is the text, suppress this finding; else encode "
        "the octets once, as k wants them: base64url.",
    .bad =
        {{.text =
              R"({"kty":"oct","k":"OGZjNGQ3OGE4MWNiOWQwM2RjYmNmZWZjMmRhM2E3ZmI5OGQ2ODI2NTVkZjYzNmY2)"
              R"(MjQ4MTA2M2U5OTA4ZmE1Mw","alg":"HS512","kid":"2026-s"})"}},
    .good = {.text = kSecretExample},
    .check = hmac_ambiguous_text};

constexpr Rule kRules[] = {kHmacShort, kHmacGuessable, kHmacIsPublicKey, kHmacAmbiguousText};

}  // namespace

std::span<const Rule> secret_rules() { return kRules; }

}  // namespace jwtctl
