// SPDX-License-Identifier: Apache-2.0
// JWKS001 to JWKS008 and JWKS012: key sets.
#include "lib/base/limits.h"
#include "lib/crypto/weak_modulus.h"
#include "lib/jose/jwk_write.h"
#include "tests/unit/lint/judged.h"
#include "tests/unit/numbers.h"

namespace jwtctl {
namespace {

using namespace testing;

/// other_ec is the second key of the example.
Json other_ec() { return (*json_of(kKeySetExample).find("keys")->as_array())[1]; }

Json ed_key() { return with(with(ed_jwk(), "alg", "EdDSA"), "kid", "2026-e"); }

TEST_CASE("a good set is quiet") {
  CHECK(judged_set(json_of(kKeySetExample)).empty());
  CHECK(judged_set(set_of({good_ec()})).empty());
  CHECK(judged_set(set_of({good_ec(), good_rsa(), ed_key()})).empty());
}

TEST_CASE("JWKS001: what is fetched in the place of a set") {
  auto judged_text = [](std::string_view text) { return judged_set(json_of(text)); };
  CHECK(judged_text(R"({"issuer":"https://a","jwks_uri":"https://a/jwks"})") ==
        Lines{"error JWKS001 jwks_uri: this is a discovery document; the key set is what its "
              "jwks_uri names"});
  CHECK(judged_set(good_ec()) == Lines{"error JWKS001 kty: this is one key, not a set"});
  CHECK(judged_text(R"({"error":"not_found"})") ==
        Lines{"error JWKS001 error: this is an error answer, not a key set"});
  CHECK(judged_text(R"({"a":"-----BEGIN CERTIFICATE-----\n"})") ==
        Lines{"error JWKS001 : this is a map of certificates by kid, not a key set"});
  CHECK(judged_text(R"({"a":"Bag Attributes\n-----BEGIN CERTIFICATE-----\n"})") ==
        Lines{"error JWKS001 : this is a map of certificates by kid, not a key set"});
  for (std::string_view text : {"{}", "[]", "null", R"({"keys":{}})", R"({"keys":null})"}) {
    CHECK(judged_text(text) ==
          Lines{"error JWKS001 : this is no key set: it has no array \"keys\""});
  }
}

TEST_CASE("JWKS002: entries that verifiers skip") {
  CHECK(judged_set(set_of({})) == Lines{"error JWKS002 keys: the set is empty"});
  Json broken = without(good_ec(), "y");
  CHECK(of("JWKS002", judged_set(set_of({good_rsa(), broken}))) ==
        Lines{"warning JWKS002 keys/1: verifiers skip this key: \"y\" is missing or no string"});
  CHECK(of("JWKS002", judged_set(set_of({broken}))) ==
        Lines{"warning JWKS002 keys/0: verifiers skip this key: \"y\" is missing or no string",
              "error JWKS002 keys: no key of the set can be used"});
  Json agreement =
      Json::object({{"kty", "OKP"}, {"crv", "X25519"}, {"x", kEdX}, {"use", "enc"}, {"kid", "e"}});
  CHECK(judged_set(set_of({good_ec(), agreement})) ==
        Lines{"note JWKS002 keys/1: not for signatures that we verify: curve \"X25519\" is for key "
              "agreement, not for signatures"});
}

TEST_CASE("JWKS003: different keys of one kid") {
  Json twin = with(other_ec(), "kid", "2026-a");
  CHECK(judged_set(set_of({good_ec(), good_rsa(), twin})) ==
        Lines{"error JWKS003 keys/2/kid: the kid \"2026-a\" names another key too, keys/0"});
  CHECK(of("JWKS003", judged_set(set_of({good_ec(), good_ec()}))).empty());
  CHECK(of("JWKS003", judged_set(set_of({good_ec(), with(good_rsa(), "kid", "2026-a")}))).empty());
  CHECK(of("JWKS003", judged_set(set_of({good_ec(), with(twin, "use", "enc")}))).empty());
  CHECK(of("JWKS003", judged_set(set_of({good_ec(), without(twin, "y")}))).size() == 1);
}

TEST_CASE("JWKS004: a set of several keys needs kids") {
  Json nameless = without(good_ec(), "kid");
  CHECK(judged_set(set_of({nameless})).empty());
  CHECK(judged_set(set_of({good_rsa(), nameless})) ==
        Lines{"warning JWKS004 keys/1: the key has no kid, and the set has 2 keys"});
}

TEST_CASE("JWKS005: private halves in a set") {
  CHECK(judged_set(set_of({good_rsa(), with(good_ec(), "d", kEcD)})) ==
        Lines{"error JWKS005 keys/1/d: the set holds the private half of a key: \"d\""});
  CHECK(of("JWKS005", judged_set(set_of({with(good_rsa(), "q", "AQ")}))) ==
        Lines{"error JWKS005 keys/0/q: the set holds the private half of a key: \"q\""});
  Json akp = Json::object({{"kty", "AKP"}, {"alg", "ML-DSA-44"}, {"pub", "AA"}, {"priv", "AA"}});
  CHECK(of("JWKS005", judged_set(set_of({akp}))).size() == 1);
  CHECK(of("JWKS005", judged_set(set_of({good_secret()}))).empty());
}

TEST_CASE("JWKS006: secrets and public keys in one set") {
  const Lines mixed{"error JWKS006 keys: the set mixes secrets with public keys"};
  CHECK(judged_set(set_of({good_ec(), good_secret()})) == mixed);
  CHECK(of("JWKS006", judged_set(set_of({without(good_ec(), "y"), good_secret()}))) == mixed);
  CHECK(judged_set(set_of({good_secret()})).empty());
}

TEST_CASE("JWKS007: one key under two names") {
  CHECK(judged_set(set_of({good_rsa(), good_ec(), with(good_ec(), "kid", "b")})) ==
        Lines{"warning JWKS007 keys/2: the same key as keys/1"});
  CHECK(judged_set(set_of({good_rsa(), with(with(good_rsa(), "alg", "PS256"), "kid", "b")})) ==
        Lines{"warning JWKS007 keys/1: the same key as keys/0, for another alg or use"});
  CHECK(judged_set(set_of({good_secret(), with(good_secret(), "kid", "b")})) ==
        Lines{"warning JWKS007 keys/1: the same key as keys/0"});
}

Json many_keys(std::size_t count) {
  Json::Array keys;
  for (std::size_t i = 0; i < count; ++i) {
    Json key =
        *to_jwk(Jwk{public_half(native_key("ES256")), {}, "ES256", "sig", {}}, Half::public_half);
    keys.push_back(with(std::move(key), "kid", fmt::format("{}", i)));
  }
  return set_of(std::move(keys));
}

TEST_CASE("JWKS008: what known verifiers take") {
  CHECK(judged_set(many_keys(10), 51200).empty());
  CHECK(judged_set(many_keys(11)) ==
        Lines{"warning JWKS008 keys: the set has 11 keys, AWS load balancers take 10"});
  Json one = set_of({good_ec()});
  CHECK(judged_set(one, 51201) ==
        Lines{"warning JWKS008 : the set has 51201 bytes, Nimbus and Spring Security take 51200"});
  CHECK(judged_set(one, 150'000).front().find("Nimbus") != std::string::npos);
  CHECK(judged_set(one, 150'001) ==
        Lines{"warning JWKS008 : the set has 150001 bytes, AWS load balancers take 150000"});
}

TEST_CASE("JWKS012: keys that share a prime") {
  BignumPtr p = prime_after(1023, 1);
  auto rsa = [](const BignumPtr& n, std::string_view kid) {
    return with(with(good_rsa(), "n", to_base64url(octets_of(n))), "kid", kid);
  };
  BignumPtr far = prime_after(1030, 1);
  BignumPtr farther = prime_after(1031, 1);
  Json a = rsa(product(p, far), "a");
  Json b = rsa(product(p, farther), "b");
  CHECK(of("JWKS012", judged_set(set_of({a, good_rsa(), b}))) ==
        Lines{"error JWKS012 keys/0/n: the key has a prime in common with another one of the set",
              "error JWKS012 keys/2/n: the key has a prime in common with another one of the set"});
  CHECK(of("JWKS012", judged_set(set_of({a, good_rsa()}))).empty());
  CHECK(of("JWKS012", judged_set(set_of({a, a}))).empty());
}

TEST_CASE("JWKS012: what was not compared is told", "[slow]") {
  // Numbers that lie so close together have little in common, and share no small factor.
  constexpr std::size_t kBits = 4096;
  BignumPtr n = number(0);
  BN_set_bit(n.get(), static_cast<int>(kBits) - 1);
  BN_add_word(n.get(), 1);
  Json::Array keys;
  while (keys.size() * kBits <= kMaxComparedBits) {
    if (!small_factor(octets_of(n))) {
      keys.push_back(Json::object(
          {{"kty", "RSA"}, {"n", to_base64url(octets_of(n))}, {"e", "AQAB"}, {"use", "enc"}}));
    }
    BN_add_word(n.get(), 2);
  }
  auto lines = of("JWKS012", judged_set(set_of(keys)));
  REQUIRE_FALSE(lines.empty());
  CHECK(lines.back() ==
        "note JWKS012 keys: the moduli are too many and too large to compare all of them");
}

}  // namespace
}  // namespace jwtctl
