// SPDX-License-Identifier: Apache-2.0
// JWK015 to JWK018 and JWK021: what a key is for and where it lies.
#include "lib/crypto/pem_write.h"
#include "tests/unit/lint/judged.h"

namespace jwtctl {
namespace {

using namespace testing;

Lines judged_ops(const std::vector<std::string>& ops, Json key = without(good_ec(), "use")) {
  return judged_key(with(std::move(key), "key_ops", Json::strings(ops)));
}

TEST_CASE("JWK015: algorithms that the key can do") {
  auto judged_alg = [](const Json& key, std::string_view alg) {
    return of("JWK015", judged_key(with(key, "alg", alg)));
  };
  for (const Algorithm& row : signature_algorithms()) {
    CAPTURE(row.name);
    CHECK(judged_alg(good_rsa(), row.name).empty() == (row.kty == KeyType::rsa));
    CHECK(judged_alg(good_ec(), row.name).empty() == (row.name == "ES256"));
    CHECK(judged_alg(good_secret(), row.name).empty() == (row.kty == KeyType::oct));
    CHECK(judged_alg(ed_jwk(), row.name).empty() == (row.name == "EdDSA" || row.name == "Ed25519"));
  }
  CHECK(judged_alg(good_rsa(), "RSA-OAEP-256").empty());
  CHECK(judged_alg(good_ec(), "ECDH-ES+A128KW").empty());
  CHECK(judged_alg(ed_jwk(), "ECDH-ES").empty());
  CHECK(judged_alg(good_secret(), "A256GCM").empty());
  CHECK(judged_alg(good_secret(), "dir").empty());
  CHECK(judged_alg(good_ec(), "RSA-OAEP") ==
        Lines{"error JWK015 alg: RSA-OAEP is no algorithm of kty EC"});
  CHECK(judged_alg(good_secret(), "ECDH-ES") ==
        Lines{"error JWK015 alg: ECDH-ES is no algorithm of kty oct"});
  CHECK(judged_alg(good_ec(), "ES384") ==
        Lines{"error JWK015 alg: ES384 needs P-384, the key is P-256"});
  CHECK(judged_alg(good_rsa(), "HS256") ==
        Lines{"error JWK015 alg: HS256 needs oct, the key is RSA"});
  CHECK(judged_alg(good_ec(), "ES521") ==
        Lines{"error JWK015 alg: there is no algorithm \"ES521\"; is ES512 meant?"});
  CHECK(judged_alg(good_ec(), "quantum") ==
        Lines{"error JWK015 alg: there is no algorithm \"quantum\""});
  CHECK(judged_alg(good_ec(), "none").size() == 1);
}

TEST_CASE("JWK015: a key for agreement cannot sign") {
  Json x25519 = Json::object({{"kty", "OKP"}, {"crv", "X25519"}, {"x", kEdX}, {"alg", "EdDSA"}});
  CHECK(judged_key(x25519) == Lines{"error JWK015 alg: EdDSA needs OKP, the key is X25519"});
}

TEST_CASE("JWK016: keys that fit several algorithms") {
  CHECK(judged_key(without(good_rsa(), "alg")) ==
        Lines{"note JWK016 : no alg: the key may be used with any of RS256, RS384, RS512, PS256, "
              "PS384, PS512"});
  CHECK(judged_key(without(good_secret(), "alg")) ==
        Lines{"note JWK016 : no alg: the key may be used with any of HS256, HS384, HS512"});
  CHECK(judged_key(without(good_ec(), "alg")).empty());
  CHECK(judged_key(ed_jwk()).empty());
  CHECK(judged_key(with(without(good_rsa(), "alg"), "use", "enc")).empty());
  CHECK(judged_ops({"encrypt"}, without(without(good_rsa(), "alg"), "use")).empty());
}

TEST_CASE("JWK017: use and alg") {
  auto judged_use = [](const Json& key, std::string_view use, std::string_view alg) {
    return judged_key(with(with(key, "alg", alg), "use", use));
  };
  CHECK(judged_use(good_ec(), "sig", "ES256").empty());
  CHECK(judged_use(good_ec(), "jwt-svid", "ES256").empty());
  CHECK(judged_use(good_rsa(), "enc", "RSA-OAEP").empty());
  CHECK(judged_use(good_ec(), "enc", "ES256") ==
        Lines{"error JWK017 use: use is \"enc\", but ES256 is for signatures"});
  CHECK(judged_use(good_rsa(), "sig", "RSA-OAEP") ==
        Lines{"error JWK017 use: use is \"sig\", but RSA-OAEP is for encryption"});
  CHECK(judged_use(good_ec(), "signature", "ES256") ==
        Lines{"note JWK017 use: use \"signature\" is none that is registered"});
}

TEST_CASE("JWK017: key_ops") {
  CHECK(judged_ops({"verify"}).empty());
  CHECK(judged_ops({"sign", "verify"}).empty());
  CHECK(judged_ops({}).empty());
  CHECK(judged_ops({"verify", "verify"}) ==
        Lines{"error JWK017 key_ops: key_ops has \"verify\" twice"});
  CHECK(judged_ops({"verify", "verify", "verify"}).size() == 1);
  CHECK(judged_ops({"encrypt", "encrypt"}) ==
        Lines{"error JWK017 key_ops: key_ops has \"encrypt\", which use or alg exclude",
              "error JWK017 key_ops: key_ops has \"encrypt\" twice"});
  CHECK(
      judged_ops({"sign"}) ==
      Lines{"error JWK017 key_ops: a public key cannot sign, and key_ops does not let it verify"});
  CHECK(judged_ops({"sign"}, with(without(good_ec(), "use"), "d", kEcD)).empty());
  CHECK(judged_ops({"deriveKey"}) ==
        Lines{"error JWK017 key_ops: key_ops has \"deriveKey\", which use or alg exclude"});
  CHECK(judged_ops({"verify"}, with(good_ec(), "use", "sig")).empty());
  Json rsa = without(without(good_rsa(), "use"), "alg");
  CHECK(of("JWK017", judged_ops({"verify", "encrypt"}, rsa)) ==
        Lines{"warning JWK017 key_ops: key_ops mixes signatures with encryption"});
  CHECK(of("JWK017", judged_ops({"verify"}, with(rsa, "use", "enc"))) ==
        Lines{"error JWK017 key_ops: key_ops has \"verify\", which use or alg exclude"});
  CHECK(of("JWK017", judged_ops({"custom"}, rsa)).empty());
}

TEST_CASE("JWK018: a private half in a key for verifying") {
  Json key = with(without(good_ec(), "use"), "d", kEcD);
  CHECK(
      judged_ops({"verify"}, key) ==
      Lines{"warning JWK018 key_ops: the key is for verifying alone, and holds its private half"});
  CHECK(judged_ops({"sign", "verify"}, key).empty());
  CHECK(judged_ops({"verify"}).empty());
  CHECK(judged_ops({"verify"}, good_secret()).empty());
}

TEST_CASE("JWK021: private keys in files") {
  FileFacts own{true, true};
  FileFacts open{false, true};
  FileFacts among{true, false};
  Json key = with(good_ec(), "d", kEcD);
  CHECK(judged(jwk_subject(key), &own).empty());
  CHECK(judged(jwk_subject(key), nullptr).empty());
  CHECK(judged(jwk_subject(key), &open) ==
        Lines{"warning JWK021 : a private key lies in a file that others may read"});
  CHECK(judged(jwk_subject(key), &among) ==
        Lines{"warning JWK021 : a private key lies in the middle of a file"});
  FileFacts tracked{true, true, true};
  CHECK(judged(jwk_subject(key), &tracked) ==
        Lines{"warning JWK021 : a private key lies in a file that git tracks, which keeps no mode "
              "of 0600"});
  CHECK(judged(jwk_subject(good_ec()), &tracked).empty());
  CHECK(judged(jwk_subject(good_secret()), &open) ==
        Lines{"warning JWK021 : a secret lies in a file that others may read"});
  CHECK(judged(jwk_subject(good_ec()), &open).empty());
  CHECK(judged(jwk_subject(good_ec()), &among).empty());
}

TEST_CASE("JWK021: private keys in PEM, unless they are encrypted") {
  FileFacts open{false, true};
  Key key = native_key("ES256");
  auto plain = encode_private_key(key, Encoding::pem, nullptr);
  REQUIRE(plain.has_value());
  CHECK(judged(pem_subject(as_text(*plain)), &open) ==
        Lines{"warning JWK021 : a private key lies in a file that others may read"});
  auto passphrase = to_bytes<SecretBytes>("passphrase");
  auto sealed = encode_private_key(key, Encoding::pem, &passphrase);
  REQUIRE(sealed.has_value());
  CHECK(judged(pem_subject(as_text(*sealed)), &open).empty());
}

}  // namespace
}  // namespace jwtctl
