// SPDX-License-Identifier: Apache-2.0
// JWK005 to JWK008: the numbers of RSA keys.
#include <algorithm>

#include "lib/base/limits.h"
#include "lib/crypto/pem_write.h"
#include "tests/unit/lint/judged.h"
#include "tests/unit/numbers.h"

namespace jwtctl {
namespace {

using namespace testing;

Json rsa_of(std::string_view n, std::string_view e) {
  return Json::object(
      {{"kty", "RSA"}, {"n", to_base64url(n)}, {"e", to_base64url(e)}, {"alg", "RS256"}});
}

/// exponent has exactly `bits` bits and is odd.
std::string exponent(int bits) { return octets_of(odd_number(bits)); }

const std::string kE{'\1', '\0', '\1'};

TEST_CASE("JWK005: 2048 to 16384 bits") {
  auto judged_bits = [](int bits) { return judged_key(rsa_of(ordinary_number(bits), kE)); };
  CHECK(judged_bits(2047) ==
        Lines{"error JWK005 n: the RSA key has 2047 bits, at least 2048 are needed"});
  CHECK(judged_bits(2048).empty());
  CHECK(judged_bits(2056).empty());
  CHECK(judged_bits(2049) ==
        Lines{"warning JWK005 n: the RSA key has 2049 bits, which is no number of octets"});
  CHECK(judged_bits(kMaxRsaBits).empty());
  CHECK(judged_bits(kMaxRsaBits + 1) ==
        Lines{"error JWK005 n: the RSA key has 16385 bits, the limit is 16384"});
  CHECK(judged_bits(100'000) ==
        Lines{"error JWK005 n: the RSA key has 100000 bits, the limit is 16384"});
}

TEST_CASE("JWK005: an even modulus") {
  std::string even = ordinary_number(2048);
  even.back() = static_cast<char>(even.back() - 1);
  CHECK(judged_key(rsa_of(even, kE)) == Lines{"error JWK005 n: the RSA modulus is even"});
}

TEST_CASE("JWK006: exponents are odd and larger than 2") {
  std::string n = ordinary_number(2048);
  auto judged_e = [&n](const std::string& e) { return judged_key(rsa_of(n, e)); };
  const Lines even{"error JWK006 e: the RSA exponent must be odd and larger than 2"};
  const Lines small{"warning JWK006 e: the RSA exponent is smaller than 65537"};
  CHECK(judged_e(std::string(1, '\0')) == even);
  CHECK(judged_e("\1") == even);
  CHECK(judged_e("\2") == even);
  CHECK(judged_e(std::string{'\1', '\0', '\0'}) == even);
  CHECK(judged_e("\3") == small);
  CHECK(judged_e("\xff\xff") == small);
  CHECK(judged_e(kE).empty());
  CHECK(judged_e(std::string{'\1', '\0', '\3'}).empty());
}

TEST_CASE("JWK006: exponents that verifiers refuse for their length") {
  auto judged_bits = [](int modulus, int bits) {
    return judged_key(rsa_of(ordinary_number(modulus), exponent(bits)));
  };
  CHECK(judged_bits(3072, 256).empty());
  CHECK(judged_bits(3072, 257) ==
        Lines{"error JWK006 e: the RSA exponent has 257 bits, the limit is 256"});
  CHECK(judged_bits(3080, 64).empty());
  CHECK(judged_bits(3080, 65) ==
        Lines{"error JWK006 e: the RSA exponent has 65 bits, the limit is 64"});
}

TEST_CASE("JWK006: exponents are smaller than the modulus") {
  std::string n = ordinary_number(128);
  CHECK(of("JWK006", judged_key(rsa_of(n, n))) ==
        Lines{"error JWK006 e: the RSA exponent is not smaller than the modulus"});
  std::string smaller = n;
  smaller[1] = static_cast<char>(static_cast<unsigned char>(smaller[1]) ^ 0x80U);
  std::string larger = std::max(n, smaller);
  smaller = std::min(n, smaller);
  CHECK(of("JWK006", judged_key(rsa_of(larger, smaller))).empty());
  CHECK(of("JWK006", judged_key(rsa_of(smaller, larger))) ==
        Lines{"error JWK006 e: the RSA exponent is not smaller than the modulus"});
}

TEST_CASE("JWK008: small factors and close primes") {
  BignumPtr large = prime_after(2040, 1);
  CHECK(judged_key(rsa_of(octets_of(product(large, number(997))), kE)) ==
        Lines{"warning JWK005 n: the RSA key has 2050 bits, which is no number of octets",
              "error JWK008 n: the RSA modulus can be divided by 997"});
  BignumPtr p = prime_after(1024, 1);
  BignumPtr q = prime_after(1024, 100'000);
  CHECK(of("JWK008", judged_key(rsa_of(octets_of(product(p, q)), kE))) ==
        Lines{"error JWK008 n: the two primes of the RSA key are so close that anybody can find "
              "them"});
}

TEST_CASE("the numbers of a key that came as PEM are judged too") {
  RsaParts parts;
  parts.n = to_bytes<SecretBytes>(ordinary_number(512));
  parts.e = to_bytes<SecretBytes>(kE);
  auto key = make_rsa_key(parts);
  REQUIRE(key.has_value());
  auto pem = encode_public_key(*key, Encoding::pem);
  REQUIRE(pem.has_value());
  CHECK(of("JWK005", judged_pem(as_text(*pem))) ==
        Lines{"error JWK005 n: the RSA key has 512 bits, at least 2048 are needed"});
}

}  // namespace
}  // namespace jwtctl
