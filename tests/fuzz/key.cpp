// SPDX-License-Identifier: Apache-2.0
// A key that is accepted, in whatever form, is written in every form and read again as the same
// key. Input that begins with the line "fuzz" is read with that passphrase.
#include "lib/crypto/pem.h"
#include "lib/crypto/pem_write.h"
#include "lib/jose/key_document.h"
#include "lib/jose/key_material.h"
#include "tests/fuzz/targets.h"

namespace jwtctl::fuzz {
namespace {

constexpr std::string_view kMark = "fuzz\n";

void check_same(const Key& again, const Key& key) {
  must(same_material(again, key), "it is the same key");
  must(thumbprint(again) == thumbprint(key), "it has the same thumbprint");
}

void check_same(const Result<Key>& again, const Key& key) {
  must(again.has_value(), "a key that was written can be read");
  check_same(*again, key);
}

void check_jwk(const Jwk& jwk, Half half) {
  auto members = to_jwk(jwk, half);
  if (!members) {
    must(half == Half::private_half || jwk.key.type() == KeyType::oct, "there is a public half");
    return;
  }
  auto again = parse_jwk(*members);
  must(again.has_value(), "a JWK that was written can be read");
  check_same(again->key, jwk.key);
  must(again->key.is_private() == (half == Half::private_half), "it is the half that was asked");
  must(again->kid == jwk.kid && again->use == jwk.use, "it has the same members");
  must(parse_jwk(without_private(*members)).has_value() == (jwk.key.type() != KeyType::oct),
       "the public half of a pair stands alone, a secret has none");
}

void check_key(const Jwk& jwk) {
  check_jwk(jwk, Half::public_half);
  if (jwk.key.is_private()) check_jwk(jwk, Half::private_half);
  if (jwk.key.type() == KeyType::oct) return;
  auto pem = encode_public_key(jwk.key, Encoding::pem);
  auto der = encode_public_key(jwk.key, Encoding::der);
  must(pem && der, "a public key can be encoded");
  check_same(parse_pem_key(as_text(*pem), nullptr), jwk.key);
  check_same(parse_der_key(as_text(*der), nullptr), jwk.key);
  if (!jwk.key.is_private()) return;
  // Fails for a key whose halves do not fit, or without its primes.
  auto whole = encode_private_key(jwk.key, Encoding::der, nullptr);
  if (whole) check_same(parse_der_key(as_text(*whole), nullptr), jwk.key);
}

}  // namespace

void key(std::string_view input) {
  static const SecretBytes passphrase = to_bytes<SecretBytes>("fuzz");
  bool marked = input.starts_with(kMark);
  if (marked) input.remove_prefix(kMark.size());
  auto bytes = to_bytes<SecretBytes>(input);
  const SecretBytes* secret = marked ? &passphrase : nullptr;
  if (auto material = parse_key_material(bytes, secret)) {
    for (const SetKey& entry : material->set.keys) check_key(entry.jwk);
  }
  auto document = parse_key_document(bytes, secret);
  if (!document) return;
  for (const KeyEntry& entry : document->entries) {
    check_entry(entry, {1'795'000'000, 0});
    if (!has_half(entry, Half::public_half)) continue;
    auto members = convert_entry(entry, Half::public_half);
    if (!members) continue;  // its halves do not fit
    auto again = parse_jwk(*members);
    must(again && thumbprint(again->key) == thumbprint(entry.jwk->key), "what is shown is the key");
    must(!again->key.is_private(), "nothing private is shown");
  }
}

}  // namespace jwtctl::fuzz
