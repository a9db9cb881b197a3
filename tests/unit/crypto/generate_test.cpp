// SPDX-License-Identifier: Apache-2.0
#include "lib/crypto/generate.h"

#include "tests/unit/keys.h"

namespace jwtctl {
namespace {

using namespace testing;

Key generated(const Algorithm& row, unsigned bits = kMinRsaBits) {
  auto key = generate_key(row, bits);
  INFO((key ? "" : key.error().message));
  REQUIRE(key.has_value());
  return *std::move(key);
}

/// is_pair asks OpenSSL whether the halves belong together.
bool is_pair(const Key& key) {
  PkeyCtxPtr context(EVP_PKEY_CTX_new(key.pkey(), nullptr));
  return EVP_PKEY_pairwise_check(context.get()) == 1;
}

TEST_CASE("a new key is what its algorithm needs, and strong enough") {
  for (const Algorithm& row : signature_algorithms()) {
    if (row.kty == KeyType::rsa && row.name != "RS256") continue;  // slow, and all the same
    CAPTURE(row.name);
    Key key = generated(row);
    CHECK(key.type() == row.kty);
    CHECK(key.is_private());
    CHECK(check_key(key).has_value());
    CHECK(check_key_for(key, row).has_value());
    CHECK_FALSE(key.pss_algorithm().has_value());
    if (row.kty == KeyType::oct) continue;
    CHECK(is_pair(key));
    if (row.curve != Curve::none) CHECK(key.curve() == row.curve);
  }
}

TEST_CASE("an RSA key has the asked size and the exponent 65537") {
  CHECK(kDefaultRsaBits == 3072);
  for (unsigned bits : {2048U, 2056U}) {
    Key key = generated(algorithm("PS256"), bits);
    CHECK(key.bits() == bits);
    CHECK(public_parts(key)->second == std::string("\1\0\1", 3));
  }
}

TEST_CASE("EdDSA means Ed25519") {
  CHECK(generated(algorithm("EdDSA")).curve() == Curve::ed25519);
  CHECK(generated(algorithm("Ed25519")).curve() == Curve::ed25519);
  CHECK(generated(algorithm("Ed448")).curve() == Curve::ed448);
}

TEST_CASE("a secret is as long as the hash") {
  CHECK(generated(algorithm("HS256")).octets().size() == 32);
  CHECK(generated(algorithm("HS384")).octets().size() == 48);
  CHECK(generated(algorithm("HS512")).octets().size() == 64);
}

TEST_CASE("no key is made twice") {
  for (std::string_view name : {"HS256", "ES256", "Ed25519"}) {
    CAPTURE(name);
    CHECK(*private_octets(generated(algorithm(name))) !=
          *private_octets(generated(algorithm(name))));
  }
}

TEST_CASE("what OpenSSL cannot make is a crypto error that names the algorithm") {
  check_failed(generate_key(algorithm("RS256"), 100), ErrorCode::crypto,
               "cannot generate a key for RS256");
}

}  // namespace
}  // namespace jwtctl
