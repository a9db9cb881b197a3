// SPDX-License-Identifier: Apache-2.0
#include "lib/crypto/algorithm.h"

#include <array>
#include <set>

#include "tests/catch.h"

namespace jwtctl {
namespace {

TEST_CASE("the table has every signature algorithm of JOSE with its sizes") {
  struct Row {
    std::string_view name;
    KeyType kty;
    std::string_view digest;
    std::size_t signature_bytes, min_key_bytes;
  };
  // RFC 7518 sections 3.2 to 3.5, RFC 8037 section 3.1, RFC 8812 section 3.2, RFC 9864 section 2.2.
  constexpr std::array<Row, 16> kRows{{{"HS256", KeyType::oct, "SHA256", 32, 32},
                                       {"HS384", KeyType::oct, "SHA384", 48, 48},
                                       {"HS512", KeyType::oct, "SHA512", 64, 64},
                                       {"RS256", KeyType::rsa, "SHA256", 0, 0},
                                       {"RS384", KeyType::rsa, "SHA384", 0, 0},
                                       {"RS512", KeyType::rsa, "SHA512", 0, 0},
                                       {"PS256", KeyType::rsa, "SHA256", 0, 0},
                                       {"PS384", KeyType::rsa, "SHA384", 0, 0},
                                       {"PS512", KeyType::rsa, "SHA512", 0, 0},
                                       {"ES256", KeyType::ec, "SHA256", 64, 0},
                                       {"ES384", KeyType::ec, "SHA384", 96, 0},
                                       {"ES512", KeyType::ec, "SHA512", 132, 0},
                                       {"ES256K", KeyType::ec, "SHA256", 64, 0},
                                       {"EdDSA", KeyType::okp, "", 0, 0},
                                       {"Ed25519", KeyType::okp, "", 64, 0},
                                       {"Ed448", KeyType::okp, "", 114, 0}}};
  REQUIRE(signature_algorithms().size() == kRows.size());
  for (std::size_t i = 0; i < kRows.size(); ++i) {
    const Row& row = kRows[i];
    CAPTURE(row.name);
    const Algorithm* algorithm = find_algorithm(row.name);
    REQUIRE(algorithm != nullptr);
    CHECK(algorithm == &signature_algorithms()[i]);
    CHECK(algorithm->kty == row.kty);
    CHECK(algorithm->digest == row.digest);
    CHECK(algorithm->signature_bytes == row.signature_bytes);
    CHECK(algorithm->min_key_bytes == row.min_key_bytes);
    CHECK(signature_algorithm_names()[i] == row.name);
  }
}

TEST_CASE("schemes and curves follow the names") {
  for (const Algorithm& row : signature_algorithms()) {
    CAPTURE(row.name);
    CHECK((row.scheme == SignatureScheme::hmac) == row.name.starts_with("HS"));
    CHECK((row.scheme == SignatureScheme::rsa_pkcs1) == row.name.starts_with("RS"));
    CHECK((row.scheme == SignatureScheme::rsa_pss) == row.name.starts_with("PS"));
    CHECK((row.scheme == SignatureScheme::ecdsa) == row.name.starts_with("ES"));
    CHECK((row.scheme == SignatureScheme::eddsa) == row.name.starts_with("Ed"));
    if (row.curve == Curve::none) continue;
    CHECK(curve_info(row.curve).kty == row.kty);
    CHECK(curve_info(row.curve).octets * 2 == row.signature_bytes);
  }
  CHECK(find_algorithm("ES256")->curve == Curve::p256);
  CHECK(find_algorithm("ES512")->curve == Curve::p521);
  CHECK(find_algorithm("ES256K")->curve == Curve::secp256k1);
  CHECK(find_algorithm("EdDSA")->curve == Curve::none);
}

TEST_CASE("names are compared exactly") {
  for (std::string_view name :
       {"", "rs256", "RS256 ", "RS-256", "none", "HS1", "RS1", "RSA-OAEP"}) {
    CAPTURE(name);
    CHECK(find_algorithm(name) == nullptr);
  }
}

TEST_CASE("algorithms that are registered for something else are known as such") {
  for (std::string_view name :
       {"RSA-OAEP", "dir", "A256GCM", "ECDH-ES+A128KW", "RS1", "ML-DSA-44"}) {
    CAPTURE(name);
    CHECK(find_other_algorithm(name) != nullptr);
  }
  for (const Algorithm& row : signature_algorithms()) {
    CHECK(find_other_algorithm(row.name) == nullptr);
  }
  CHECK(find_other_algorithm("none") == nullptr);
  CHECK(find_other_algorithm("RSA-oaep") == nullptr);
  CHECK(find_other_algorithm("") == nullptr);
}

TEST_CASE("none is none in every spelling") {
  for (std::string_view name : {"none", "None", "NONE", "nOnE", " none", "none ", "\tNone\n"}) {
    CAPTURE(name);
    CHECK(is_none(name));
  }
  for (std::string_view name : {"", "non", "nonee", "n one", "HS256", "no\xcc\xb5ne"}) {
    CAPTURE(name);
    CHECK_FALSE(is_none(name));
  }
}

TEST_CASE("EdDSA and the name of the key's own curve mean one thing") {
  CHECK(same_algorithm("EdDSA", "Ed25519", Curve::ed25519));
  CHECK(same_algorithm("Ed25519", "EdDSA", Curve::ed25519));
  CHECK(same_algorithm("EdDSA", "Ed448", Curve::ed448));
  CHECK_FALSE(same_algorithm("EdDSA", "Ed448", Curve::ed25519));
  CHECK_FALSE(same_algorithm("Ed25519", "Ed448", Curve::ed25519));
  CHECK_FALSE(same_algorithm("Ed25519", "EdDSA", Curve::ed448));
  CHECK_FALSE(same_algorithm("EdDSA", "Ed25519", Curve::none));
  CHECK_FALSE(same_algorithm("EdDSA", "Ed25519", Curve::p256));
  CHECK_FALSE(same_algorithm("ES256", "EdDSA", Curve::ed25519));
  CHECK(same_algorithm("RS256", "RS256", Curve::none));
  CHECK_FALSE(same_algorithm("RS256", "PS256", Curve::none));
  CHECK_FALSE(same_algorithm("eddsa", "Ed25519", Curve::ed25519));
}

TEST_CASE("curves have the names and sizes of their standards") {
  struct Row {
    std::string_view name;
    KeyType kty;
    std::size_t octets;
    unsigned bits;
  };
  constexpr std::array<Row, 6> kRows{{{"P-256", KeyType::ec, 32, 256},
                                      {"P-384", KeyType::ec, 48, 384},
                                      {"P-521", KeyType::ec, 66, 521},
                                      {"secp256k1", KeyType::ec, 32, 256},
                                      {"Ed25519", KeyType::okp, 32, 256},
                                      {"Ed448", KeyType::okp, 57, 456}}};
  REQUIRE(curves().size() == kRows.size());
  for (const Row& row : kRows) {
    CAPTURE(row.name);
    const CurveInfo* info = find_curve(row.name);
    REQUIRE(info != nullptr);
    CHECK(info->kty == row.kty);
    CHECK(info->octets == row.octets);
    CHECK(info->bits == row.bits);
    CHECK(&curve_info(info->curve) == info);
  }
  for (std::string_view name : {"p-256", "P-192", "X25519", "prime256v1", ""}) {
    CAPTURE(name);
    CHECK(find_curve(name) == nullptr);
  }
}

TEST_CASE("key types have the names of kty") {
  CHECK(to_string(KeyType::rsa) == "RSA");
  CHECK(to_string(KeyType::ec) == "EC");
  CHECK(to_string(KeyType::okp) == "OKP");
  CHECK(to_string(KeyType::oct) == "oct");
}

}  // namespace
}  // namespace jwtctl
