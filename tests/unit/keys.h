// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "lib/codec/base64url.h"
#include "lib/jose/jwk.h"
#include "tests/unit/refusal.h"

/// Keys for tests: of the RFCs, and made by OpenSSL itself.
namespace jwtctl::testing {

/// The Ed25519 key of RFC 8037 appendix A.1.
inline constexpr std::string_view kEdX = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
inline constexpr std::string_view kEdD = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A";
/// The public key of another one, RFC 8032 section 7.1.
inline constexpr std::string_view kOtherEdX = "PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw";

/// The P-256 key of RFC 7515 appendix A.3.
inline constexpr std::string_view kEcX = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
inline constexpr std::string_view kEcY = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";
inline constexpr std::string_view kEcD = "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI";

/// The secret of RFC 7515 appendix A.1.
inline constexpr std::string_view kSecret =
    "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";

inline const Algorithm& algorithm(std::string_view name) {
  const Algorithm* row = find_algorithm(name);
  REQUIRE(row != nullptr);
  return *row;
}

inline SecretBytes octets(std::string_view base64url) {
  auto bytes = parse_base64url(base64url);
  REQUIRE(bytes.has_value());
  return *std::move(bytes);
}

inline Json json_of(std::string_view text) {
  JsonReading reading = read_json(text);
  REQUIRE(reading.value.has_value());
  return *std::move(reading.value);
}

inline Json ed_jwk() { return Json::object({{"kty", "OKP"}, {"crv", "Ed25519"}, {"x", kEdX}}); }

inline Json ec_jwk() {
  return Json::object({{"kty", "EC"}, {"crv", "P-256"}, {"x", kEcX}, {"y", kEcY}});
}

inline Json oct_jwk() { return Json::object({{"kty", "oct"}, {"k", kSecret}}); }

/// with returns a copy of a JWK that has one member more.
inline Json with(Json jwk, std::string_view name, Json value) {
  jwk.set(name, std::move(value));
  return jwk;
}

inline Jwk jwk_of(const Json& json) {
  auto jwk = parse_jwk(json);
  INFO((jwk ? "" : jwk.error().message));
  REQUIRE(jwk.has_value());
  return *std::move(jwk);
}

inline Key key_of(const Json& json) { return jwk_of(json).key; }

/// native_rsa is one RSA pair for all tests, because they are slow to make.
inline EVP_PKEY* native_rsa() {
  static const PkeyPtr pair(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{2048}));
  return pair.get();
}

/// native_key makes a key for an algorithm with OpenSSL alone; RSA is always the same pair.
inline Key native_key(const Algorithm& row) {
  if (row.kty == KeyType::oct) return *make_oct_key(SecretBytes(row.min_key_bytes, 0x42));
  PkeyPtr pkey;
  if (row.kty == KeyType::rsa) {
    pkey.reset(EVP_PKEY_dup(native_rsa()));
  } else {
    const char* name =
        curve_info(row.curve == Curve::none ? Curve::ed25519 : row.curve).openssl.data();
    pkey.reset(row.kty == KeyType::ec ? EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", name)
                                      : EVP_PKEY_Q_keygen(nullptr, nullptr, name));
  }
  auto key = adopt_pkey(std::move(pkey));
  REQUIRE(key.has_value());
  return *std::move(key);
}

inline Key native_key(std::string_view name) { return native_key(algorithm(name)); }

/// public_half is what a verifier has of a key.
inline Key public_half(const Key& key) {
  unsigned char* der = nullptr;
  int size = i2d_PUBKEY(key.pkey(), &der);
  BufferPtr owner(der);
  const unsigned char* at = der;
  auto half = adopt_pkey(PkeyPtr(d2i_PUBKEY(nullptr, &at, size)));
  REQUIRE(half.has_value());
  return *std::move(half);
}

/// rsa_by_exponent is the shared RSA pair without its primes.
inline Key rsa_by_exponent() {
  auto number = [](const char* name) {
    BignumPtr value = pkey_number(native_rsa(), name);
    SecretBytes bytes(static_cast<std::size_t>(BN_num_bytes(value.get())));
    BN_bn2bin(value.get(), bytes.data());
    return bytes;
  };
  RsaParts parts;
  parts.n = number("n");
  parts.e = number("e");
  parts.d = number("d");
  auto key = make_rsa_key(parts);
  REQUIRE(key.has_value());
  return *std::move(key);
}

}  // namespace jwtctl::testing
