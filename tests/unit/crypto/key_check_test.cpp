// SPDX-License-Identifier: Apache-2.0
// Judging keys: RSA here, curves and secrets in key_test.cpp.
#include <openssl/rsa.h>

#include "lib/base/limits.h"
#include "lib/crypto/key.h"
#include "tests/catch.h"

namespace jwtctl {
namespace {

using BnCtxPtr = std::unique_ptr<BN_CTX, Deleter<BN_CTX_free>>;

constexpr int kF4 = 65537;

SecretBytes octets_of(const BIGNUM* number) {
  SecretBytes octets(static_cast<std::size_t>(BN_num_bytes(number)));
  BN_bn2bin(number, octets.data());
  return octets;
}

/// odd_number has exactly `bits` bits. A modulus need not be a product of two primes to be judged.
BignumPtr odd_number(unsigned bits) {
  BignumPtr number(BN_new());
  REQUIRE(BN_rand(number.get(), static_cast<int>(bits), BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ODD) == 1);
  return number;
}

BignumPtr small_number(unsigned long value) {
  BignumPtr number(BN_new());
  BN_set_word(number.get(), value);
  return number;
}

Result<void> judge(const BignumPtr& n, const BignumPtr& e) {
  RsaParts parts;
  parts.n = octets_of(n.get());
  parts.e = octets_of(e.get());
  auto key = make_rsa_key(parts);
  if (!key) return fail(std::move(key).error());
  return check_key(*key);
}

void check_refused(const Result<void>& result, std::string_view part) {
  REQUIRE_FALSE(result.has_value());
  CAPTURE(result.error().message);
  CHECK(result.error().code == ErrorCode::key_refused);
  CHECK(result.error().message.find(part) != std::string::npos);
}

/// generate_pss makes an id-RSASSA-PSS key; null names leave the parameter out.
Key generate_pss(const char* digest, const char* mgf1, int salt) {
  PkeyCtxPtr context(EVP_PKEY_CTX_new_from_name(nullptr, "RSA-PSS", nullptr));
  EVP_PKEY* pkey = nullptr;
  REQUIRE(EVP_PKEY_keygen_init(context.get()) == 1);
  REQUIRE(EVP_PKEY_CTX_set_rsa_keygen_bits(context.get(), 1024) == 1);
  if (digest != nullptr) {
    REQUIRE(EVP_PKEY_CTX_set_rsa_pss_keygen_md_name(context.get(), digest, nullptr) == 1);
    REQUIRE(EVP_PKEY_CTX_set_rsa_pss_keygen_mgf1_md_name(context.get(), mgf1) == 1);
    REQUIRE(EVP_PKEY_CTX_set_rsa_pss_keygen_saltlen(context.get(), salt) == 1);
  }
  REQUIRE(EVP_PKEY_keygen(context.get(), &pkey) == 1);
  auto key = adopt_pkey(PkeyPtr(pkey));
  REQUIRE(key.has_value());
  return *std::move(key);
}

TEST_CASE("an RSA modulus has 2048 to 16384 bits") {
  BignumPtr e = small_number(kF4);
  check_refused(judge(odd_number(1024), e), "1024 bits");
  check_refused(judge(odd_number(2047), e), "2047 bits");
  CHECK(judge(odd_number(2047), e).error().hint.find("2048") != std::string::npos);
  CHECK(judge(odd_number(2048), e).has_value());
  CHECK(judge(odd_number(16384), e).has_value());
  check_refused(judge(odd_number(16385), e), "16385 bits, the limit is 16384");
}

TEST_CASE("an even RSA modulus is refused") {
  BignumPtr n = odd_number(2048);
  BN_sub_word(n.get(), 1);
  check_refused(judge(n, small_number(kF4)), "modulus is even");
}

TEST_CASE("an RSA exponent is odd and larger than 2") {
  BignumPtr n = odd_number(2048);
  for (unsigned long e : {0UL, 1UL, 2UL, 4UL, 65536UL}) {
    CAPTURE(e);
    check_refused(judge(n, small_number(e)), e == 0 ? "RSA" : "must be odd and larger than 2");
  }
  for (unsigned long e : {3UL, 5UL, 17UL, 65537UL}) {
    CAPTURE(e);
    CHECK(judge(n, small_number(e)).has_value());
  }
}

TEST_CASE("an RSA exponent is limited by the size of the modulus") {
  CHECK(judge(odd_number(2048), odd_number(256)).has_value());
  check_refused(judge(odd_number(2048), odd_number(257)), "257 bits, the limit is 256");
  CHECK(judge(odd_number(3072), odd_number(256)).has_value());
  CHECK(judge(odd_number(3073), odd_number(64)).has_value());
  check_refused(judge(odd_number(3073), odd_number(65)), "65 bits, the limit is 64");
}

TEST_CASE("a modulus with the ROCA fingerprint is refused") {
  // This modulus is 1 modulo every prime that is looked at, and 1 is a power of 65537.
  BignumPtr step = small_number(2);
  for (unsigned long candidate = 3; candidate <= 167; candidate += 2) {
    bool prime = true;
    for (unsigned long d = 3; d * d <= candidate; d += 2) prime = prime && candidate % d != 0;
    if (prime) BN_mul_word(step.get(), candidate);
  }
  BnCtxPtr context(BN_CTX_new());
  BignumPtr n(BN_new());
  BN_set_bit(n.get(), 2047);
  BN_div(n.get(), nullptr, n.get(), step.get(), context.get());
  BN_add_word(n.get(), 1);
  BN_mul(n.get(), n.get(), step.get(), context.get());
  BN_add_word(n.get(), 1);
  REQUIRE(BN_num_bits(n.get()) == 2048);
  check_refused(judge(n, small_number(kF4)), "ROCA");
  BN_add_word(n.get(), 2);  // now 3 divides it, and 0 is no power of 65537
  CHECK(judge(n, small_number(kF4)).has_value());
}

TEST_CASE("RSA parts come back without leading zeros") {
  BignumPtr n = odd_number(2048);
  RsaParts parts;
  parts.n = octets_of(n.get());
  parts.n.insert(parts.n.begin(), 3, 0);
  parts.e = {0, 1, 0, 1};
  auto key = make_rsa_key(parts);
  REQUIRE(key.has_value());
  CHECK(key->type() == KeyType::rsa);
  CHECK(key->bits() == 2048);
  CHECK_FALSE(key->is_private());
  CHECK_FALSE(key->pss_algorithm().has_value());
  CHECK(key->describe() == "an RSA public key of 2048 bits");
  auto found = public_parts(*key);
  REQUIRE(found.has_value());
  CHECK(found->first == as_text(octets_of(n.get())));
  CHECK(found->second == "\x01" + std::string(1, '\0') + "\x01");
}

TEST_CASE("a plain RSA key can do both RS and PS") {
  PkeyPtr pkey(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{2048}));
  auto key = adopt_pkey(std::move(pkey));
  REQUIRE(key.has_value());
  CHECK(key->is_private());
  CHECK(key->describe() == "an RSA private key of 2048 bits");
  for (std::string_view name : {"RS256", "RS512", "PS256", "PS384"}) {
    CHECK(check_key_for(*key, *find_algorithm(name)).has_value());
  }
  check_refused(check_key_for(*key, *find_algorithm("ES256")), "ES256 needs P-256");
  check_refused(check_key_for(*key, *find_algorithm("HS256")), "HS256 needs oct");
}

TEST_CASE("the parameters of an RSASSA-PSS key name its one algorithm") {
  CHECK(generate_pss("SHA256", "SHA256", 32).pss_algorithm() == "PS256");
  CHECK(generate_pss("SHA384", "SHA384", 48).pss_algorithm() == "PS384");
  CHECK(generate_pss("SHA512", "SHA512", 64).pss_algorithm() == "PS512");
  CHECK(generate_pss("SHA256", "SHA256", 20).pss_algorithm() == "PS256");  // a minimum
  CHECK(generate_pss("SHA256", "SHA256", 33).pss_algorithm() == "unusable");
  CHECK(generate_pss("SHA256", "SHA1", 32).pss_algorithm() == "unusable");
  CHECK(generate_pss("SHA512", "SHA256", 32).pss_algorithm() == "unusable");
  CHECK(generate_pss("SHA224", "SHA224", 28).pss_algorithm() == "unusable");
}

TEST_CASE("an RSASSA-PSS key for SHA-1 is unusable") {
  CHECK(generate_pss("SHA1", "SHA1", 20).pss_algorithm() == "unusable");
}

TEST_CASE("an RSASSA-PSS key never does RS") {
  Key any = generate_pss(nullptr, nullptr, 0);
  REQUIRE(any.pss_algorithm().has_value());
  CHECK(any.pss_algorithm()->empty());
  CHECK(can_use(any, *find_algorithm("PS256")));
  CHECK(can_use(any, *find_algorithm("PS512")));
  CHECK_FALSE(can_use(any, *find_algorithm("RS256")));
  Key one = generate_pss("SHA384", "SHA384", 48);
  CHECK(can_use(one, *find_algorithm("PS384")));
  CHECK_FALSE(can_use(one, *find_algorithm("PS256")));
  CHECK_FALSE(can_use(one, *find_algorithm("RS384")));
  check_refused(check_key_for(one, *find_algorithm("RS384")), "RS384 needs RSA");
}

}  // namespace
}  // namespace jwtctl
