// SPDX-License-Identifier: Apache-2.0
#include "lib/crypto/roca.h"

#include <array>

#include "tests/unit/keys.h"
#include "tests/unit/numbers.h"

namespace jwtctl {
namespace {

using namespace testing;

/// roca_prime makes a prime of the form k * M + (65537^a mod M) with M the product of the primes up
/// to 167: what the weak library did for the smallest of its keys.
BignumPtr roca_prime(unsigned long exponent, BN_CTX* context) {
  BignumPtr product = number(1);
  for (unsigned long candidate = 2; candidate <= 167; ++candidate) {
    if (is_small_prime(candidate)) BN_mul_word(product.get(), candidate);
  }
  BignumPtr base = number(65537);
  BignumPtr power = number(exponent);
  BignumPtr prime(BN_new());
  REQUIRE(BN_mod_exp(prime.get(), base.get(), power.get(), product.get(), context) == 1);
  while (BN_check_prime(prime.get(), context, nullptr) != 1) {
    BN_add(prime.get(), prime.get(), product.get());
  }
  return prime;
}

TEST_CASE("the product of two primes of the weak form has the fingerprint") {
  BnCtxPtr context(BN_CTX_new());
  for (auto [a, b] : {std::pair{12345UL, 98765UL}, std::pair{1UL, 2UL}, std::pair{77UL, 4242UL}}) {
    BignumPtr p = roca_prime(a, context.get());
    BignumPtr q = roca_prime(b, context.get());
    BignumPtr n(BN_new());
    BN_mul(n.get(), p.get(), q.get(), context.get());
    CHECK(has_roca_fingerprint(octets_of(n)));
    CHECK(has_roca_fingerprint(octets_of(p)));
    BN_add_word(n.get(), 2);
    CHECK_FALSE(has_roca_fingerprint(octets_of(n)));
  }
}

TEST_CASE("powers of 65537 modulo each prime that are not one power have no fingerprint") {
  // 65537 is 2 modulo 3 and 2 modulo 5: exponents 1 and 2 disagree modulo 2. The Chinese remainder
  // theorem by trying: 1 modulo every other prime.
  BnCtxPtr context(BN_CTX_new());
  BignumPtr step = number(1);
  for (unsigned long prime = 7; prime <= 167; prime += 2) {
    if (is_small_prime(prime)) BN_mul_word(step.get(), prime);
  }
  auto with_residues = [&step](unsigned long three, unsigned long five) {
    BignumPtr n = number(1);
    while (BN_mod_word(n.get(), 3) != three || BN_mod_word(n.get(), 5) != five) {
      BN_add(n.get(), n.get(), step.get());
    }
    return octets_of(n);
  };
  CHECK(has_roca_fingerprint(with_residues(1, 1)));        // exponent 0 for all
  CHECK_FALSE(has_roca_fingerprint(with_residues(2, 1)));  // odd for 3, even for 5
  CHECK_FALSE(has_roca_fingerprint(with_residues(1, 2)));
  CHECK_FALSE(has_roca_fingerprint(with_residues(0, 1)));  // no power at all
}

TEST_CASE("ordinary keys and odd inputs have no fingerprint") {
  CHECK_FALSE(has_roca_fingerprint(public_parts(native_key("RS256"))->first));
  CHECK_FALSE(has_roca_fingerprint(""));
  CHECK_FALSE(has_roca_fingerprint(std::string(1, '\0')));
  CHECK_FALSE(has_roca_fingerprint(std::string(300, '\0')));
  CHECK_FALSE(has_roca_fingerprint(std::string(100'000, '\x55')));
}

}  // namespace
}  // namespace jwtctl
