// SPDX-License-Identifier: Apache-2.0
#include "lib/crypto/signature.h"

#include <openssl/core_names.h>
#include <openssl/rsa.h>

#include <array>

#include "tests/catch.h"

namespace jwtctl {
namespace {

constexpr std::string_view kInput = "eyJhbGciOiJ4In0.eyJzdWIiOiJ5In0";

const Algorithm& algorithm(std::string_view name) { return *find_algorithm(name); }

const CurveInfo& curve_for(std::string_view name) {
  const Algorithm& row = algorithm(name);
  return curve_info(row.curve == Curve::none ? Curve::ed25519 : row.curve);
}

Key generate(std::string_view name) {
  const Algorithm& row = algorithm(name);
  PkeyPtr pkey;
  if (row.kty == KeyType::oct) return *make_oct_key(SecretBytes(row.min_key_bytes, 0x42));
  if (row.kty == KeyType::rsa) {
    static const PkeyPtr shared(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{2048}));
    pkey.reset(EVP_PKEY_dup(shared.get()));
  } else if (row.kty == KeyType::ec) {
    pkey.reset(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", curve_for(name).openssl.data()));
  } else {
    pkey.reset(EVP_PKEY_Q_keygen(nullptr, nullptr, curve_for(name).openssl.data()));
  }
  auto key = adopt_pkey(std::move(pkey));
  REQUIRE(key.has_value());
  return *std::move(key);
}

/// to_raw turns a DER signature into r || s.
std::string to_raw(const std::string& der, std::size_t size) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  EcdsaSigPtr pair(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())));
  REQUIRE(pair);
  std::string raw(size, '\0');
  auto* out = reinterpret_cast<unsigned char*>(raw.data());
  int half = static_cast<int>(size / 2);
  BN_bn2binpad(ECDSA_SIG_get0_r(pair.get()), out, half);
  BN_bn2binpad(ECDSA_SIG_get0_s(pair.get()), out + half, half);
  return raw;
}

/// sign_native is OpenSSL's own signature; ECDSA is in DER then.
std::string sign_native(const Key& key, const Algorithm& row, int salt = RSA_PSS_SALTLEN_DIGEST) {
  const auto* data = reinterpret_cast<const unsigned char*>(kInput.data());
  std::string out(1024, '\0');
  auto* bytes = reinterpret_cast<unsigned char*>(out.data());
  std::size_t size = out.size();
  if (row.scheme == SignatureScheme::hmac) {
    REQUIRE(EVP_Q_mac(nullptr, "HMAC", nullptr, row.digest.data(), nullptr, key.octets().data(),
                      key.octets().size(), data, kInput.size(), bytes, size, &size) != nullptr);
    return out.substr(0, size);
  }
  MdCtxPtr context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* parameters = nullptr;
  const char* digest = row.digest.empty() ? nullptr : row.digest.data();
  REQUIRE(EVP_DigestSignInit_ex(context.get(), &parameters, digest, nullptr, nullptr, key.pkey(),
                                nullptr) == 1);
  if (row.scheme == SignatureScheme::rsa_pss) {
    REQUIRE(EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) == 1);
    REQUIRE(EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, salt) == 1);
  }
  REQUIRE(EVP_DigestSign(context.get(), bytes, &size, data, kInput.size()) == 1);
  return out.substr(0, size);
}

std::string sign(const Key& key, const Algorithm& row) {
  std::string native = sign_native(key, row);
  return row.scheme == SignatureScheme::ecdsa ? to_raw(native, row.signature_bytes) : native;
}

bool verifies(const Key& key, const Algorithm& row, std::string_view signature,
              std::string_view input = kInput) {
  auto outcome = check_signature(key, row, input, signature);
  REQUIRE(outcome.has_value());
  return *outcome;
}

BignumPtr order_of(const Key& key) {
  BIGNUM* order = nullptr;
  REQUIRE(EVP_PKEY_get_bn_param(key.pkey(), OSSL_PKEY_PARAM_EC_ORDER, &order) == 1);
  return BignumPtr(order);
}

std::string octets_of(const BIGNUM* number, std::size_t size) {
  std::string octets(size, '\0');
  REQUIRE(BN_bn2binpad(number, reinterpret_cast<unsigned char*>(octets.data()),
                       static_cast<int>(size)) >= 0);
  return octets;
}

TEST_CASE("a good signature verifies, and a changed one does not") {
  for (const Algorithm& row : signature_algorithms()) {
    CAPTURE(row.name);
    Key key = generate(row.name);
    std::string good = sign(key, row);
    CHECK(signature_size(key, row) == good.size());
    CHECK(verifies(key, row, good));
    CHECK_FALSE(verifies(key, row, good, "eyJhbGciOiJ4In0.eyJzdWIiOiJ6In0"));
    CHECK_FALSE(verifies(key, row, good, ""));
    for (std::size_t at : {std::size_t{0}, good.size() / 2, good.size() - 1}) {
      std::string bad = good;
      bad[at] = static_cast<char>(bad[at] ^ 1);
      CHECK_FALSE(verifies(key, row, bad));
    }
  }
}

TEST_CASE("a signature of another length never verifies") {
  for (const Algorithm& row : signature_algorithms()) {
    CAPTURE(row.name);
    Key key = generate(row.name);
    std::string good = sign(key, row);
    CHECK_FALSE(verifies(key, row, ""));
    CHECK_FALSE(verifies(key, row, good.substr(0, good.size() - 1)));
    CHECK_FALSE(verifies(key, row, good.substr(0, good.size() / 2)));  // a truncated MAC
    CHECK_FALSE(verifies(key, row, good + std::string(1, '\0')));
    CHECK_FALSE(verifies(key, row, std::string(1, '\0') + good));
    CHECK_FALSE(verifies(key, row, std::string(good.size(), '\0')));
  }
}

TEST_CASE("another key does not verify") {
  for (std::string_view name : {"ES256", "ES384", "ES512", "ES256K", "Ed25519", "Ed448"}) {
    CAPTURE(name);
    Key key = generate(name);
    CHECK_FALSE(verifies(generate(name), algorithm(name), sign(key, algorithm(name))));
  }
  Key other = *make_oct_key(SecretBytes(32, 0x43));
  CHECK_FALSE(verifies(other, algorithm("HS256"), sign(generate("HS256"), algorithm("HS256"))));
}

TEST_CASE("ECDSA needs r and s between 0 and the order of the group") {
  for (std::string_view name : {"ES256", "ES384", "ES512", "ES256K"}) {
    CAPTURE(name);
    Key key = generate(name);
    std::string good = sign(key, algorithm(name));
    std::size_t half = good.size() / 2;
    std::string zero(half, '\0');
    std::string order = octets_of(order_of(key).get(), half);
    for (const std::string& bad : {zero, order, std::string(half, '\xff')}) {
      CHECK_FALSE(verifies(key, algorithm(name), bad + good.substr(half)));
      CHECK_FALSE(verifies(key, algorithm(name), good.substr(0, half) + bad));
      CHECK_FALSE(verifies(key, algorithm(name), bad + bad));
    }
  }
}

TEST_CASE("a number that is congruent modulo the order is no second spelling") {
  Key key = generate("ES512");  // the octets of P-521 have room for r + n
  std::string good = sign(key, algorithm("ES512"));
  BignumPtr order = order_of(key);
  for (std::size_t at : {std::size_t{0}, std::size_t{66}}) {
    BignumPtr number(
        BN_bin2bn(reinterpret_cast<const unsigned char*>(good.data()) + at, 66, nullptr));
    BN_add(number.get(), number.get(), order.get());
    std::string bad = good;
    bad.replace(at, 66, octets_of(number.get(), 66));
    CHECK_FALSE(verifies(key, algorithm("ES512"), bad));
  }
}

TEST_CASE("EdDSA does not take S plus the order of the group") {
  Key key = generate("Ed25519");
  std::string good = sign(key, algorithm("Ed25519"));
  // L = 2^252 + 27742317777372353535851937790883648493, RFC 8032 section 5.1.
  BIGNUM* parsed = nullptr;
  BN_dec2bn(&parsed, "27742317777372353535851937790883648493");
  BignumPtr order(parsed);
  BN_set_bit(order.get(), 252);
  auto* s = reinterpret_cast<unsigned char*>(good.data()) + 32;
  BignumPtr number(BN_lebin2bn(s, 32, nullptr));
  BN_add(number.get(), number.get(), order.get());
  REQUIRE(BN_bn2lebinpad(number.get(), s, 32) == 32);
  CHECK_FALSE(verifies(key, algorithm("Ed25519"), good));
}

TEST_CASE("a DER signature is not accepted where r and s are wanted") {
  for (std::string_view name : {"ES256", "ES384", "ES512", "ES256K"}) {
    CAPTURE(name);
    Key key = generate(name);
    std::string der = sign_native(key, algorithm(name));
    CHECK_FALSE(verifies(key, algorithm(name), der));
    der.resize(algorithm(name).signature_bytes);  // of the right length it is wrong all the same
    CHECK_FALSE(verifies(key, algorithm(name), der));
  }
}

TEST_CASE("the salt of PSS is as long as the hash") {
  Key key = generate("PS256");
  for (std::string_view name : {"PS256", "PS384", "PS512"}) {
    CAPTURE(name);
    const Algorithm& row = algorithm(name);
    int hash = name == "PS256" ? 32 : name == "PS384" ? 48 : 64;
    CHECK(verifies(key, row, sign_native(key, row, hash)));
    for (int salt : {0, 20, hash - 1, hash + 1}) {
      CAPTURE(salt);
      CHECK_FALSE(verifies(key, row, sign_native(key, row, salt)));
    }
  }
}

TEST_CASE("algorithms of one family are not exchangeable") {
  Key key = generate("RS256");
  std::string signature = sign(key, algorithm("RS256"));
  for (std::string_view name : {"RS384", "RS512", "PS256", "PS384"}) {
    CAPTURE(name);
    CHECK_FALSE(verifies(key, algorithm(name), signature));
  }
  Key ed25519 = generate("Ed25519");
  CHECK(verifies(ed25519, algorithm("EdDSA"), sign(ed25519, algorithm("Ed25519"))));
}

TEST_CASE("a key that does not fit is refused, not tried") {
  Key weak = *make_oct_key(SecretBytes(31, 1));
  auto outcome = check_signature(weak, algorithm("HS256"), kInput, std::string(32, '\0'));
  REQUIRE_FALSE(outcome.has_value());
  CHECK(outcome.error().code == ErrorCode::key_refused);
  CHECK(outcome.error().message.find("31 bytes") != std::string::npos);
  auto mixed = check_signature(generate("ES256"), algorithm("HS256"), kInput, "");
  REQUIRE_FALSE(mixed.has_value());
  CHECK(mixed.error().code == ErrorCode::key_refused);
  CHECK(mixed.error().message.find("HS256 needs oct") != std::string::npos);
}

TEST_CASE("RSA signatures have the size of the modulus") {
  CHECK(signature_size(generate("RS256"), algorithm("RS256")) == 256);
  Key ed448 = generate("Ed448");
  CHECK(signature_size(ed448, algorithm("EdDSA")) == 114);
  CHECK(signature_size(generate("EdDSA"), algorithm("EdDSA")) == 64);
}

}  // namespace
}  // namespace jwtctl
