// SPDX-License-Identifier: Apache-2.0
// Rules on key sets (RFC 7517 section 5).
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "lib/base/shown.h"
#include "lib/crypto/shared_factors.h"
#include "lib/crypto/weak_modulus.h"
#include "lib/jose/fitness.h"
#include "lib/jose/key_type.h"
#include "lib/lint/catalogue.h"
#include "lib/lint/example_keys.h"
#include "lib/lint/key_faults.h"

namespace jwtctl {
namespace {

std::string key_place(std::size_t index) { return member_place("keys", index); }

std::string key_place(std::size_t index, std::string_view member) {
  return member_place(key_place(index), member);
}

/// entries_of returns the array "keys", else null.
const Json::Array* entries_of(const KeySetSubject& set) {
  const Json* keys = set.json.find("keys");
  return keys != nullptr ? keys->as_array() : nullptr;
}

Remarks not_a_set(const KeySetSubject& set, const KeyContext& /*context*/) {
  if (entries_of(set) != nullptr) return {};
  const Json& json = set.json;
  if (json.find("jwks_uri") != nullptr) {
    return {{"jwks_uri", "this is a discovery document; the key set is what its jwks_uri names"}};
  }
  if (json.find("kty") != nullptr) return {{"kty", "this is one key, not a set"}};
  if (json.find("error") != nullptr) return {{"error", "this is an error answer, not a key set"}};
  if (is_pem_map(json)) return {{"", "this is a map of certificates by kid, not a key set"}};
  return {{"", "this is no key set: it has no array \"keys\""}};
}

constexpr Rule kNotASet{
    .id = {"JWKS001", "not-a-set"},
    .level = Severity::error,
    .summary = "the document is no key set",
    .why =
        "A key set is an object with an array \"keys\". What is fetched in its place is most often "
        "the discovery document, one single key, or the error or login page of a proxy.",
    .source = "RFC 7517 section 5",
    .fix = "Use the address that the discovery document has as jwks_uri.",
    .bad = {{.text =
                 R"({"issuer":"https://issuer.example","jwks_uri":"https://issuer.example/jwks"})"},
            {.text = R"({"keys":{}})"}},
    .good = {.text = kKeySetExample},
    .check = not_a_set};

Remarks unusable_key_present(const KeySetSubject& set, const KeyContext& /*context*/) {
  if (entries_of(set) == nullptr) return {};
  if (set.keys.empty()) return {{"keys", "the set is empty", std::nullopt, Severity::error}};
  Remarks remarks;
  bool any = false;
  for (std::size_t i = 0; i < set.keys.size(); ++i) {
    const KeySubject& key = set.keys[i];
    any = any || (key.jwk && check_any_use(*key.jwk));
    if (key.jwk) continue;
    // A good key for something else hurts nobody who follows the standard.
    bool foreign = key_faults(key).empty();
    remarks.push_back({key_place(i),
                       foreign ? fmt::format("not for signatures that we verify: {}", key.problem)
                               : fmt::format("verifiers skip this key: {}", key.problem),
                       std::nullopt, foreign ? Severity::note : Severity::warning});
  }
  if (!any) {
    remarks.push_back({"keys", "no key of the set can be used", std::nullopt, Severity::error});
  }
  return remarks;
}

constexpr Rule kUnusableKeyPresent{
    .id = rules::unusable_key_present,
    .level = Severity::warning,
    .summary = "the set has keys that cannot be used",
    .why =
        "Verifiers should skip keys that they do not understand, but some fail on the first one "
        "and then refuse every token. A set without a single usable key refuses them all.",
    .source = "RFC 7517 section 5",
    .fix = "Take the entry out, or mend it, before the set is published.",
    .bad =
        {{.text =
              R"({"keys":[{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVE)"
              R"(U","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","alg":"ES256","use":"sig",)"
              R"("kid":"2026-a"},{"kty":"EC","crv":"P-256",)"
              R"("x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","alg":"ES256","use":"sig",)"
              R"("kid":"2026-b"}]})",
          .also = "JWK001"},
         {.text = R"({"keys":[]})"}},
    .good = {.text = kKeySetExample},
    .check = unusable_key_present};

Remarks duplicate_kid(const KeySetSubject& set, const KeyContext& /*context*/) {
  const Json::Array* entries = entries_of(set);
  if (entries == nullptr) return {};
  std::vector<const Key*> usable;
  for (const KeySubject& key : set.keys) usable.push_back(key.jwk ? &key.jwk->key : nullptr);
  Remarks remarks;
  for (const KidClash& clash : kid_clashes(*entries, usable)) {
    remarks.push_back({key_place(clash.second, "kid"),
                       fmt::format("the kid {} names another key too, keys/{}",
                                   quote_argument(clash.kid, ShownAs::member), clash.first)});
  }
  return remarks;
}

constexpr Rule kDuplicateKid{
    .id = {"JWKS003", "duplicate-kid"},
    .level = Severity::error,
    .summary = "two different keys of the set have one kid",
    .why =
        "A token names its key by kid. With two of one name some verifiers take the first, some "
        "the last, some try both, and jwtctl refuses the set: which tokens are accepted depends "
        "on the verifier.",
    .source = "RFC 7517 section 4.5",
    .fix = "Give every key a kid of its own; its thumbprint is one (RFC 7638).",
    .bad =
        {{.text =
              R"({"keys":[{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVE)"
              R"(U","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","alg":"ES256","use":"sig",)"
              R"("kid":"2026-a"},{"kty":"EC","crv":"P-256",)"
              R"("x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",)"
              R"("y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM","alg":"ES256","use":"sig",)"
              R"("kid":"2026-a"}]})"}},
    .good = {.text = kKeySetExample},
    .check = duplicate_kid};

Remarks kid_missing_in_set(const KeySetSubject& set, const KeyContext& /*context*/) {
  if (set.keys.size() < 2) return {};
  Remarks remarks;
  for (std::size_t i = 0; i < set.keys.size(); ++i) {
    if (!set.keys[i].json().is_object() || set.keys[i].member("kid") != nullptr) continue;
    remarks.push_back({key_place(i), fmt::format("the key has no kid, and the set has {} keys",
                                                 set.keys.size())});
  }
  return remarks;
}

constexpr Rule kKidMissingInSet{
    .id = {"JWKS004", "kid-missing-in-set"},
    .level = Severity::warning,
    .summary = "a key of the set has no kid",
    .why =
        "Where a set has several keys, a verifier picks by kid. It cannot pick one that has none, "
        "or must try them all, and keys cannot be rotated without a gap.",
    .source = "RFC 7517 section 4.5; OpenID Connect Core 1.0 section 10.1",
    .fix = "Add a kid to every key and to the header of the tokens.",
    .bad =
        {{.text =
              R"({"keys":[{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVE)"
              R"(U","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","alg":"ES256","use":"sig",)"
              R"("kid":"2026-a"},{"kty":"EC","crv":"P-256",)"
              R"("x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",)"
              R"("y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM","alg":"ES256","use":"sig"}]})"}},
    .good = {.text = kKeySetExample},
    .check = kid_missing_in_set};

Remarks private_key_published(const KeySetSubject& set, const KeyContext& /*context*/) {
  Remarks remarks;
  for (std::size_t i = 0; i < set.keys.size(); ++i) {
    const JsonMember* found = find_private_member(set.keys[i].json());
    if (found == nullptr || set.keys[i].says_secret()) continue;
    remarks.push_back(
        {key_place(i, found->name),
         fmt::format("the set holds the private half of a key: \"{}\"", found->name)});
  }
  return remarks;
}

constexpr Rule kPrivateKeyPublished{
    .id = {"JWKS005", "private-key-published"},
    .level = Severity::error,
    .summary = "the set holds a private key",
    .why =
        "Key sets are made to be published. Whoever fetches one with a private half can sign every "
        "token that the issuer can.",
    .source = "RFC 7517 section 9.2",
    .fix =
        "If it was published, replace the key now: publish a new one, then take this one away at "
        "once. Make sets with {make_public_set}, which holds public halves only.",
    .bad =
        {{.text =
              R"({"keys":[{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVE)"
              R"(U","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","alg":"ES256","use":"sig",)"
              R"("kid":"2026-a","d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}]})"}},
    .good = {.text = kKeySetExample},
    .check = private_key_published};

Remarks symmetric_key_in_set(const KeySetSubject& set, const KeyContext& /*context*/) {
  const Json::Array* entries = entries_of(set);
  if (entries == nullptr || !mixes_secrets(*entries)) return {};
  return {{"keys", "the set mixes secrets with public keys"}};
}

constexpr Rule kSymmetricKeyInSet{
    .id = {"JWKS006", "symmetric-key-in-set"},
    .level = Severity::error,
    .summary = "the set mixes secrets with public keys",
    .why =
        "Whoever may read the set to verify can then sign with its secret, and a verifier that "
        "tries all keys can be made to use a public one as a secret. jwtctl refuses such a set.",
    .source = "RFC 7517 section 9.2; RFC 8725 section 2.1",
    .fix = "Keep secrets in a file of their own, mode 0600, and publish public keys alone.",
    .bad =
        {{.text =
              R"({"keys":[{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVE)"
              R"(U","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","alg":"ES256","use":"sig",)"
              R"("kid":"2026-a"},{"kty":"oct","k":"xYmL62if8PXWla4XkKLI5MT9PcJNXCL-_ilZtf9D-h4",)"
              R"("alg":"HS256","kid":"2026-s"}]})"}},
    .good = {.text = kKeySetExample},
    .check = symmetric_key_in_set};

/// identity_of returns equal texts for equal keys; it must never be shown, because that of a
/// secret lets it be guessed.
std::optional<std::string> identity_of(const KeySubject& key) {
  if (!key.jwk) return std::nullopt;
  if (!key.jwk->key.is_symmetric()) return thumbprint(key.jwk->key);
  auto digest = sha256(as_text(key.jwk->key.octets()));
  return digest ? std::optional(*std::move(digest)) : std::nullopt;
}

Remarks key_multi_purpose(const KeySetSubject& set, const KeyContext& /*context*/) {
  Remarks remarks;
  std::map<std::string, std::size_t> first;
  for (std::size_t i = 0; i < set.keys.size(); ++i) {
    auto identity = identity_of(set.keys[i]);
    if (!identity) continue;
    auto [entry, added] = first.emplace(*std::move(identity), i);
    if (added) continue;
    const Jwk& a = *set.keys[entry->second].jwk;
    const Jwk& b = *set.keys[i].jwk;
    bool same_purpose = a.alg == b.alg && a.use == b.use;
    remarks.push_back({key_place(i), fmt::format("the same key as keys/{}{}", entry->second,
                                                 same_purpose ? "" : ", for another alg or use")});
  }
  return remarks;
}

constexpr Rule kKeyMultiPurpose{
    .id = {"JWKS007", "key-multi-purpose"},
    .level = Severity::warning,
    .summary = "one key stands in the set twice",
    .why =
        "A key should be used with one algorithm, for one purpose. Under two names it looks as if "
        "the keys had been rotated when they were not, and what goes wrong with one algorithm "
        "endangers the other.",
    .source = "RFC 8725 section 3.1; RFC 7517 section 4.2",
    .fix = "Keep one entry, and make a key of its own for the other purpose.",
    .bad =
        {{.text =
              R"({"keys":[{"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbb)"
              R"(fAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9y)"
              R"(BXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHz)"
              R"(u6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_x)"
              R"(BniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","use":"sig",)"
              R"("kid":"2026-r"},{"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78L)"
              R"(hWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY)"
              R"(4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0)"
              R"(zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksIN)"
              R"(HaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"PS256",)"
              R"("use":"sig","kid":"2026-p"}]})"},
         {.text =
              R"({"keys":[{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVE)"
              R"(U","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","alg":"ES256","use":"sig",)"
              R"("kid":"2026-a"},{"kty":"EC","crv":"P-256",)"
              R"("x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
              R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","alg":"ES256","use":"sig",)"
              R"("kid":"2026-b"}]})"}},
    .good = {.text = kKeySetExample},
    .check = key_multi_purpose};

// What known verifiers fetch: AWS Application Load Balancers, and Nimbus JOSE+JWT, which Spring
// Security uses, by default.
constexpr std::size_t kBalancerKeys = 10;
constexpr std::size_t kBalancerBytes = 150'000;
constexpr std::size_t kNimbusBytes = std::size_t{50} * 1024;

Remarks set_limits(const KeySetSubject& set, const KeyContext& /*context*/) {
  Remarks remarks;
  if (set.keys.size() > kBalancerKeys) {
    remarks.push_back({"keys", fmt::format("the set has {} keys, AWS load balancers take {}",
                                           set.keys.size(), kBalancerKeys)});
  }
  if (set.bytes > kBalancerBytes) {
    remarks.push_back({"", fmt::format("the set has {} bytes, AWS load balancers take {}",
                                       set.bytes, kBalancerBytes)});
  } else if (set.bytes > kNimbusBytes) {
    remarks.push_back({"", fmt::format("the set has {} bytes, Nimbus and Spring Security take {}",
                                       set.bytes, kNimbusBytes)});
  }
  return remarks;
}

constexpr Rule kSetLimits{
    .id = {"JWKS008", "set-limits"},
    .level = Severity::warning,
    .summary = "the set is larger than some verifiers take",
    .why =
        "AWS load balancers refuse every token when a set has more than 10 keys or 150 KB. Nimbus "
        "JOSE+JWT, and with it Spring Security, reads at most 50 KiB unless told otherwise.",
    .source =
        "Elastic Load Balancing, Verify JWTs using an Application Load Balancer; Nimbus JOSE+JWT, "
        "RemoteJWKSet.DEFAULT_HTTP_SIZE_LIMIT",
    .fix = "Take away keys that have signed nothing that is still valid: jwtctl rotate-plan.",
    .bad = {{.text = R"({"keys":[{},{},{},{},{},{},{},{},{},{},{}]})",
             .also = "JWK001 JWKS002 JWKS004"}},
    .good = {.text = kKeySetExample},
    .check = set_limits};

Remarks shared_factor(const KeySetSubject& set, const KeyContext& /*context*/) {
  std::vector<std::string> moduli;
  for (const KeySubject& key : set.keys) {
    auto n = modulus_of(key);
    // What a small number divides is no key, and has it in common with many.
    moduli.push_back(n && !small_factor(*n) ? *n : "");
  }
  SharedFactors found = find_shared_factors(moduli);
  Remarks remarks;
  for (std::size_t i = 0; i < found.shared.size(); ++i) {
    if (!found.shared[i]) continue;
    remarks.push_back(
        {key_place(i, "n"), "the key has a prime in common with another one of the set"});
  }
  if (!found.complete) {
    remarks.push_back({"keys", "the moduli are too many and too large to compare all of them",
                       std::nullopt, Severity::note});
  }
  return remarks;
}

constexpr Rule kSharedFactor{
    .id = {"JWKS012", "shared-factor"},
    .level = Severity::error,
    .summary = "two RSA keys of the set share a prime",
    .why =
        "The greatest common divisor of two moduli that share a prime is that prime: anybody "
        "computes both private keys in a moment. It happens where keys are made before the random "
        "generator has been seeded, as on devices and in images that have just started.",
    .source = "Heninger and others, Mining Your Ps and Qs, USENIX Security 2012",
    .fix = "Revoke both keys, and make new ones on a machine with a good random generator.",
    .bad =
        {{.text =
              R"({"keys":[{"kty":"RSA","n":"razpGi07KBmzORsOxRXB7u5WA86gAZ4NYCKmA-Z0Uwca99YcSdpcpWk)"
              R"(Ya9w3vJfGoTIoFJ1VyrW14iAoGrXHiQ","e":"AQAB","alg":"RS256","use":"sig",)"
              R"("kid":"2026-a"},{"kty":"RSA","n":"0JTxWXaYYa4IbWuBNvDk-aC7I1TZh9-ZmU51rru0SQo8NLH5)"
              R"(2zsufkrFjw7zIZpoSqI3sR3Rje3PCgC__0XRvQ","e":"AQAB","alg":"RS256","use":"sig",)"
              R"("kid":"2026-b"}]})",
          .also = "JWK005 JWKS002"}},
    .good = {.text = kKeySetExample},
    .check = shared_factor};

constexpr Rule kRules[] = {kNotASet,         kUnusableKeyPresent,  kDuplicateKid,
                           kKidMissingInSet, kPrivateKeyPublished, kSymmetricKeyInSet,
                           kKeyMultiPurpose, kSetLimits,           kSharedFactor};

}  // namespace

std::span<const Rule> key_set_rules() { return kRules; }

}  // namespace jwtctl
