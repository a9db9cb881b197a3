// SPDX-License-Identifier: Apache-2.0
// The parts of lib/crypto/key that take a key apart.
#include "tests/unit/keys.h"

namespace jwtctl {
namespace {

using namespace testing;

/// number is one of OpenSSL's own parameters of the shared RSA key.
std::string number(const char* name) {
  BignumPtr value = pkey_number(native_rsa(), name);
  REQUIRE(value);
  std::string bytes(static_cast<std::size_t>(BN_num_bytes(value.get())), '\0');
  BN_bn2bin(value.get(), reinterpret_cast<unsigned char*>(bytes.data()));
  return bytes;
}

std::string hex(std::string_view digits) {
  long size = 0;
  BufferPtr bytes(OPENSSL_hexstr2buf(std::string(digits).c_str(), &size));
  REQUIRE(bytes);
  return {reinterpret_cast<char*>(bytes.get()), static_cast<std::size_t>(size)};
}

// The base point of P-521 (SEC 2 section 2.9.1), the public key of the private key 1.
constexpr std::string_view kBaseX =
    "00C6858E06B70404E9CD9E3ECB662395B4429C648139053FB521F828AF606B4D3DBAA14B5E77EFE75928FE1DC127A2"
    "FFA8DE3348B3C1856A429BF97E7E31C2E5BD66";
constexpr std::string_view kBaseY =
    "011839296A789A3BC0045C8A5FB42C7D1BD998F54449579B446817AFBD17273E662C97EE72995EF42640C550B9013F"
    "AD0761353C7086A272C24088BE94769FD16650";

// Ed448, RFC 8032 section 7.4, "Blank".
constexpr std::string_view kEd448D =
    "6c82a562cb808d10d632be89c8513ebf6c929f34ddfa8c9f63c9960ef6e348a3528c8a3fcc2f044e39a3fc5b94492f"
    "8f032e7549a20098f95b";
constexpr std::string_view kEd448X =
    "5fd7449b59b461fd2ce787ec616ad46a1da1342485a70e1f8a0ea75d80e96778edf124769b46c7061bd6783df1e50f"
    "6cd1fa1abeafe8256180";

TEST_CASE("the octets of an EC key are those that it was made of") {
  Key key = key_of(with(ec_jwk(), "d", kEcD));
  CHECK(to_base64url(public_parts(key)->first) == kEcX);
  CHECK(to_base64url(public_parts(key)->second) == kEcY);
  CHECK(to_base64url(as_text(*private_octets(key))) == kEcD);
}

TEST_CASE("coordinates and d keep their leading zeros") {
  SecretBytes one(66, 0);
  one.back() = 1;
  auto x = to_bytes<SecretBytes>(hex(kBaseX));
  auto y = to_bytes<SecretBytes>(hex(kBaseY));
  auto key = make_ec_key(Curve::p521, x, y, &one);
  REQUIRE(key.has_value());
  CHECK(public_parts(*key)->first == hex(kBaseX));
  CHECK(public_parts(*key)->second == hex(kBaseY));
  CHECK(*private_octets(*key) == one);
}

TEST_CASE("the octets of Edwards keys, RFC 8032") {
  Key ed25519 = key_of(with(ed_jwk(), "d", kEdD));
  CHECK(to_base64url(public_parts(ed25519)->first) == kEdX);
  CHECK(public_parts(ed25519)->second.empty());
  CHECK(to_base64url(as_text(*private_octets(ed25519))) == kEdD);
  auto x = to_bytes<SecretBytes>(hex(kEd448X));
  auto d = to_bytes<SecretBytes>(hex(kEd448D));
  auto ed448 = make_okp_key(Curve::ed448, x, &d);
  REQUIRE(ed448.has_value());
  CHECK(public_parts(*ed448)->first == hex(kEd448X));
  CHECK(*private_octets(*ed448) == d);
}

TEST_CASE("the octets of an RSA key are minimal and OpenSSL's own") {
  Key key = native_key("RS256");
  CHECK(public_parts(key)->first == number("n"));
  CHECK(public_parts(key)->second == std::string("\1\0\1", 3));
  CHECK(as_text(*private_octets(key)) == number("d"));
  auto factors = rsa_factors(key);
  REQUIRE(factors.size() == 5);
  CHECK(as_text(factors[0]) == number("rsa-factor1"));
  CHECK(as_text(factors[1]) == number("rsa-factor2"));
  CHECK(as_text(factors[2]) == number("rsa-exponent1"));
  CHECK(as_text(factors[3]) == number("rsa-exponent2"));
  CHECK(as_text(factors[4]) == number("rsa-coefficient1"));
}

TEST_CASE("an RSA key that is known by its exponent alone has no factors") {
  Key key = rsa_by_exponent();
  CHECK(rsa_factors(key).empty());
  CHECK(as_text(*private_octets(key)) == number("d"));
}

TEST_CASE("a public key has no private octets") {
  for (const Algorithm& row : signature_algorithms()) {
    if (row.kty == KeyType::oct) continue;
    CAPTURE(row.name);
    Key key = public_half(native_key(row));
    check_failed(private_octets(key), ErrorCode::crypto, "cannot read the private key");
    CHECK(rsa_factors(key).empty());
    CHECK(public_parts(key).has_value());
  }
}

TEST_CASE("a secret has octets and no public part") {
  Key key = key_of(oct_jwk());
  CHECK(to_base64url(as_text(*private_octets(key))) == kSecret);
  check_failed(public_parts(key), ErrorCode::crypto, "a secret has no public part");
}

}  // namespace
}  // namespace jwtctl
