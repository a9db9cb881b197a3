// SPDX-License-Identifier: Apache-2.0
#include "lib/crypto/weak_modulus.h"

#include "lib/base/limits.h"
#include "tests/unit/keys.h"
#include "tests/unit/numbers.h"

namespace jwtctl {
namespace {

using namespace testing;

/// around makes (middle - distance) * (middle + distance), for which Fermat's method needs about
/// distance^2 / (2 * middle) rounds. Neither need be prime for it to work.
std::string around(const BignumPtr& middle, const BignumPtr& distance) {
  BignumPtr low(BN_new());
  BignumPtr high(BN_new());
  BN_sub(low.get(), middle.get(), distance.get());
  BN_add(high.get(), middle.get(), distance.get());
  return octets_of(product(low, high));
}

BignumPtr power_of_two(int exponent) {
  BignumPtr out = number(0);
  BN_set_bit(out.get(), exponent);
  return out;
}

TEST_CASE("a factor below 1000 is found, the smallest one first") {
  BignumPtr large = prime_after(2040, 1);
  CHECK_FALSE(small_factor(octets_of(large)));
  for (unsigned long prime : {3UL, 5UL, 499UL, 991UL, 997UL}) {
    CHECK(small_factor(octets_of(product(large, number(prime)))) == prime);
  }
  CHECK_FALSE(small_factor(octets_of(product(large, number(1009)))));
  CHECK(small_factor(octets_of(product(large, number(3 * 997UL)))) == 3U);
}

TEST_CASE("primes that are close are found, up to the number of rounds") {
  BignumPtr middle = power_of_two(511);
  BN_add_word(middle.get(), 1);
  CHECK(has_close_primes(around(middle, number(0))));  // a square
  CHECK(has_close_primes(around(middle, number(2))));
  CHECK(has_close_primes(around(middle, power_of_two(250))));
  // Just under (10 * 2^256)^2 / (2 * 2^511) rounds, then a third of one more.
  BignumPtr distance = power_of_two(256);
  BN_mul_word(distance.get(), 10);
  BN_sub_word(distance.get(), 2);
  CHECK(kFermatRounds == 100);
  CHECK(has_close_primes(around(middle, distance)));
  BN_add(distance.get(), distance.get(), power_of_two(250).get());
  CHECK_FALSE(has_close_primes(around(middle, distance)));
}

TEST_CASE("ordinary keys and what is none are not taken apart") {
  std::string ordinary = public_parts(native_key("RS256"))->first;
  CHECK_FALSE(has_close_primes(ordinary));
  CHECK_FALSE(small_factor(ordinary));
  for (const std::string& odd : {std::string(), std::string(1, '\0'), std::string(1, '\1')}) {
    CHECK_FALSE(has_close_primes(odd));
  }
  CHECK_FALSE(has_close_primes(octets_of(product(number(2), number(2)))));
}

TEST_CASE("moduli over the limit are not looked at") {
  BignumPtr middle = power_of_two(static_cast<int>(kMaxRsaBits / 2) - 1);
  BN_add_word(middle.get(), 1);
  CHECK(has_close_primes(around(middle, number(2))));
  BignumPtr larger = power_of_two(static_cast<int>(kMaxRsaBits / 2) + 1);
  BN_add_word(larger.get(), 1);
  CHECK_FALSE(has_close_primes(around(larger, number(2))));
  std::string threes = octets_of(product(power_of_two(static_cast<int>(kMaxRsaBits)), number(3)));
  CHECK_FALSE(small_factor(threes));
}

}  // namespace
}  // namespace jwtctl
