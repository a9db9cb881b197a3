// SPDX-License-Identifier: Apache-2.0
// Keys on curves and secrets; RSA is in key_check_test.cpp.
#include "lib/crypto/key.h"

#include <openssl/core_names.h>

#include <array>

#include "tests/catch.h"

namespace jwtctl {
namespace {

constexpr std::array<Curve, 4> kEcCurves{Curve::p256, Curve::p384, Curve::p521, Curve::secp256k1};

template <class T>
void check_refused(const Result<T>& result, std::string_view part) {
  REQUIRE_FALSE(result.has_value());
  CAPTURE(result.error().message);
  CHECK(result.error().code == ErrorCode::key_refused);
  CHECK(result.error().message.find(part) != std::string::npos);
}

PkeyPtr generate(Curve curve) {
  const CurveInfo& info = curve_info(curve);
  PkeyPtr pkey(info.kty == KeyType::ec
                   ? EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", info.openssl.data())
                   : EVP_PKEY_Q_keygen(nullptr, nullptr, info.openssl.data()));
  REQUIRE(pkey);
  return pkey;
}

/// Parts are what a JWK has: coordinates and the private number, of full length.
struct Parts {
  SecretBytes x, y, d;
};

Parts parts_of(Curve curve) {
  PkeyPtr pkey = generate(curve);
  std::size_t size = curve_info(curve).octets;
  Parts parts{SecretBytes(size), SecretBytes(size), SecretBytes(size)};
  if (curve_info(curve).kty == KeyType::okp) {
    REQUIRE(EVP_PKEY_get_raw_public_key(pkey.get(), parts.x.data(), &size) == 1);
    REQUIRE(EVP_PKEY_get_raw_private_key(pkey.get(), parts.d.data(), &size) == 1);
    return parts;
  }
  auto fetch = [&](const char* name, SecretBytes& out) {
    BIGNUM* number = nullptr;
    REQUIRE(EVP_PKEY_get_bn_param(pkey.get(), name, &number) == 1);
    BignumPtr owner(number);
    BN_bn2binpad(number, out.data(), static_cast<int>(out.size()));
  };
  fetch(OSSL_PKEY_PARAM_EC_PUB_X, parts.x);
  fetch(OSSL_PKEY_PARAM_EC_PUB_Y, parts.y);
  fetch(OSSL_PKEY_PARAM_PRIV_KEY, parts.d);
  return parts;
}

TEST_CASE("an EC key is made of full-length coordinates") {
  for (Curve curve : kEcCurves) {
    CAPTURE(curve_info(curve).name);
    Parts parts = parts_of(curve);
    auto key = make_ec_key(curve, parts.x, parts.y, nullptr);
    REQUIRE(key.has_value());
    CHECK(key->type() == KeyType::ec);
    CHECK(key->curve() == curve);
    CHECK(key->bits() == curve_info(curve).bits);
    CHECK_FALSE(key->is_private());
    CHECK(check_key(*key).has_value());
    auto found = public_parts(*key);
    REQUIRE(found.has_value());
    CHECK(found->first == as_text(parts.x));
    CHECK(found->second == as_text(parts.y));

    auto pair = make_ec_key(curve, parts.x, parts.y, &parts.d);
    REQUIRE(pair.has_value());
    CHECK(pair->is_private());
  }
}

TEST_CASE("an EC coordinate of another length is refused") {
  for (Curve curve : kEcCurves) {
    CAPTURE(curve_info(curve).name);
    Parts parts = parts_of(curve);
    std::string wanted = fmt::format("have {} octets, not", curve_info(curve).octets);
    for (SecretBytes Parts::*member : {&Parts::x, &Parts::y, &Parts::d}) {
      Parts longer = parts;
      (longer.*member).insert((longer.*member).begin(), 0);
      check_refused(make_ec_key(curve, longer.x, longer.y, &longer.d), wanted);
      Parts shorter = parts;
      (shorter.*member).pop_back();
      check_refused(make_ec_key(curve, shorter.x, shorter.y, &shorter.d), wanted);
      Parts none = parts;
      (none.*member).clear();
      check_refused(make_ec_key(curve, none.x, none.y, &none.d), wanted);
    }
  }
}

TEST_CASE("a point off the curve is refused") {
  for (Curve curve : kEcCurves) {
    CAPTURE(curve_info(curve).name);
    Parts parts = parts_of(curve);
    Parts off = parts;
    off.y.back() ^= 1;
    check_refused(make_ec_key(curve, off.x, off.y, nullptr), "not on");
    SecretBytes zero(parts.x.size(), 0);
    SecretBytes huge(parts.x.size(), 0xFF);  // above the field prime
    check_refused(make_ec_key(curve, zero, zero, nullptr), "not on");
    check_refused(make_ec_key(curve, huge, parts.y, nullptr), "not on");
    check_refused(make_ec_key(curve, parts.x, huge, nullptr), "not on");
  }
  Parts other = parts_of(Curve::secp256k1);
  check_refused(make_ec_key(Curve::p256, other.x, other.y, nullptr), "not on P-256");
}

TEST_CASE("an encoded point must be one, and not the point at infinity") {
  Parts parts = parts_of(Curve::p256);
  SecretBytes point{0x04};
  point.insert(point.end(), parts.x.begin(), parts.x.end());
  point.insert(point.end(), parts.y.begin(), parts.y.end());
  CHECK(make_ec_public_key(Curve::p256, point).has_value());
  check_refused(make_ec_public_key(Curve::p384, point), "not on P-384");
  check_refused(make_ec_public_key(Curve::p256, {}), "the EC point");
  check_refused(make_ec_public_key(Curve::p256, {0x00}), "the EC point");
  SecretBytes longer = point;
  longer.push_back(0);
  check_refused(make_ec_public_key(Curve::p256, longer), "not on");
  SecretBytes unknown = point;
  unknown[0] = 0x05;
  check_refused(make_ec_public_key(Curve::p256, unknown), "the EC point");
}

TEST_CASE("a compressed point is the same key") {
  Parts parts = parts_of(Curve::p256);
  SecretBytes point{static_cast<std::uint8_t>(2 + (parts.y.back() & 1))};
  point.insert(point.end(), parts.x.begin(), parts.x.end());
  auto key = make_ec_public_key(Curve::p256, point);
  REQUIRE(key.has_value());
  CHECK(public_parts(*key)->second == as_text(parts.y));
}

// RFC 5480 section 2.2 does not allow it, and it would give one key another spelling.
TEST_CASE("a point in hybrid form is refused") {
  Parts parts = parts_of(Curve::p256);
  SecretBytes point{static_cast<std::uint8_t>(6 + (parts.y.back() & 1))};
  point.insert(point.end(), parts.x.begin(), parts.x.end());
  point.insert(point.end(), parts.y.begin(), parts.y.end());
  check_refused(make_ec_public_key(Curve::p256, point), "the EC point");
}

TEST_CASE("an OKP key has two halves that belong together") {
  for (Curve curve : {Curve::ed25519, Curve::ed448}) {
    CAPTURE(curve_info(curve).name);
    Parts parts = parts_of(curve);
    auto key = make_okp_key(curve, parts.x, &parts.d);
    REQUIRE(key.has_value());
    CHECK(key->is_private());
    CHECK(key->type() == KeyType::okp);
    CHECK(key->bits() == curve_info(curve).bits);
    CHECK(public_parts(*key)->first == as_text(parts.x));
    CHECK(public_parts(*key)->second.empty());

    Parts other = parts_of(curve);
    check_refused(make_okp_key(curve, parts.x, &other.d), "do not belong together");
    SecretBytes longer = parts.d;
    longer.push_back(0);
    check_refused(make_okp_key(curve, parts.x, &longer), "private");
    SecretBytes empty;
    check_refused(make_okp_key(curve, parts.x, &empty), "private");
  }
}

TEST_CASE("an OKP key of another length is refused") {
  for (Curve curve : {Curve::ed25519, Curve::ed448}) {
    SecretBytes x = parts_of(curve).x;
    std::string wanted = fmt::format("has {} octets, not", x.size());
    x.push_back(0);
    check_refused(make_okp_key(curve, x, nullptr), wanted);
    x.resize(x.size() - 2);
    check_refused(make_okp_key(curve, x, nullptr), wanted);
    check_refused(make_okp_key(curve, {}, nullptr), wanted);
  }
}

TEST_CASE("a secret is not empty") {
  check_refused(make_oct_key({}), "the secret is empty");
  auto key = make_oct_key({0});
  REQUIRE(key.has_value());
  CHECK(key->type() == KeyType::oct);
  CHECK(key->bits() == 8);
  CHECK(key->is_private());
  CHECK(key->octets() == SecretBytes{0});
  auto parts = public_parts(*key);
  REQUIRE_FALSE(parts.has_value());
  CHECK(parts.error().code == ErrorCode::crypto);
}

TEST_CASE("an HMAC secret is at least as long as the hash") {
  struct Row {
    std::string_view name;
    std::size_t least;
  };
  for (const Row& row : {Row{"HS256", 32}, Row{"HS384", 48}, Row{"HS512", 64}}) {
    CAPTURE(row.name);
    const Algorithm& algorithm = *find_algorithm(row.name);
    CHECK(check_key_for(*make_oct_key(SecretBytes(row.least, 7)), algorithm).has_value());
    CHECK(check_key_for(*make_oct_key(SecretBytes(200, 7)), algorithm).has_value());
    Key weak = *make_oct_key(SecretBytes(row.least - 1, 7));
    check_refused(check_key_for(weak, algorithm), fmt::format("has {} bytes, {} needs at least {}",
                                                              row.least - 1, row.name, row.least));
    CHECK(can_use(weak, algorithm));  // the type is right, whatever the size
  }
}

TEST_CASE("a key is used with the algorithms of its curve alone") {
  for (const CurveInfo& info : curves()) {
    auto key = adopt_pkey(generate(info.curve));
    REQUIRE(key.has_value());
    for (const Algorithm& algorithm : signature_algorithms()) {
      CAPTURE(info.name, algorithm.name);
      bool fits = algorithm.kty == info.kty &&
                  (algorithm.curve == info.curve || algorithm.curve == Curve::none);
      CHECK(can_use(*key, algorithm) == fits);
      auto judged = check_key_for(*key, algorithm);
      CHECK(judged.has_value() == fits);
      if (!fits) check_refused(judged, algorithm.name);
    }
  }
}

TEST_CASE("keys describe themselves") {
  CHECK(adopt_pkey(generate(Curve::p521))->describe() == "an EC private key on P-521");
  CHECK(adopt_pkey(generate(Curve::ed448))->describe() == "an Ed448 private key");
  Parts parts = parts_of(Curve::ed25519);
  CHECK(make_okp_key(Curve::ed25519, parts.x, nullptr)->describe() == "an Ed25519 public key");
  CHECK(make_oct_key(SecretBytes(5, 1))->describe() == "a secret of 5 bytes");
}

TEST_CASE("keys that sign nothing in JOSE are refused") {
  check_refused(adopt_pkey(PkeyPtr(EVP_PKEY_Q_keygen(nullptr, nullptr, "X25519"))), "X25519");
  check_refused(adopt_pkey(PkeyPtr(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "secp224r1"))),
                "not on a curve that JOSE knows");
}

}  // namespace
}  // namespace jwtctl
