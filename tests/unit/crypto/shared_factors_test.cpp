// SPDX-License-Identifier: Apache-2.0
#include "lib/crypto/shared_factors.h"

#include "lib/base/limits.h"
#include "tests/unit/numbers.h"

namespace jwtctl {
namespace {

using namespace testing;

std::vector<bool> shared(const std::vector<std::string>& moduli) {
  SharedFactors found = find_shared_factors(moduli);
  CHECK(found.complete);
  return found.shared;
}

TEST_CASE("moduli with a common prime are found, wherever they stand") {
  BignumPtr p = prime_after(256, 1);
  BignumPtr q = prime_after(256, 100'000);
  BignumPtr r = prime_after(256, 200'000);
  BignumPtr s = prime_after(256, 300'000);
  BignumPtr t = prime_after(256, 400'000);
  BignumPtr u = prime_after(256, 500'000);
  std::string pq = octets_of(product(p, q));
  std::string pr = octets_of(product(p, r));
  std::string qr = octets_of(product(q, r));
  std::string st = octets_of(product(s, t));
  std::string uu = octets_of(product(u, u));
  CHECK(shared({pq, st, pr}) == std::vector{true, false, true});
  CHECK(shared({st, pq, uu}) == std::vector{false, false, false});
  // Both primes of the last one are those of others.
  CHECK(shared({pq, pr, qr, st}) == std::vector{true, true, true, false});
  CHECK(shared({qr, st, pr, uu, pq}) == std::vector{true, false, true, false, true});
}

TEST_CASE("moduli of different sizes are compared too") {
  BignumPtr p = prime_after(200, 1);
  std::string small = octets_of(product(p, prime_after(190, 1)));
  std::string large = octets_of(product(p, prime_after(1300, 1)));
  std::string other = octets_of(product(prime_after(300, 1), prime_after(320, 1)));
  CHECK(shared({large, other, small}) == std::vector{true, false, true});
  CHECK(shared({small, other, large}) == std::vector{true, false, true});
}

TEST_CASE("equal moduli are one key, even ones and nothing are none") {
  BignumPtr p = prime_after(256, 1);
  std::string key = octets_of(product(p, prime_after(256, 100'000)));
  std::string even = octets_of(product(p, number(2)));
  std::string padded = std::string(3, '\0').append(key);
  CHECK(shared({key, key, key}) == std::vector{false, false, false});
  CHECK(shared({key, padded}) == std::vector{false, false});
  CHECK(shared({key, even, ""}) == std::vector{false, false, false});
  CHECK(shared({key, std::string(1, '\1')}) == std::vector{false, false});
  CHECK(shared({}).empty());
}

TEST_CASE("what no verifier takes is not compared") {
  std::string longest = octets_of(odd_number(static_cast<int>(kMaxRsaBits)));
  std::string longer = octets_of(odd_number(static_cast<int>(kMaxRsaBits) + 1));
  // Longer than any verifier takes: another rule says so.
  CHECK(find_shared_factors(std::vector{longest, longer}).complete);
  CHECK(kMaxComparedBits == 1000 * 2048);
}

TEST_CASE("only so many bits are compared, in the order of the set, and more are told") {
  BignumPtr p = prime_after(255, 1);
  std::string a = octets_of(product(p, prime_after(255, 100'000)));
  std::string b = octets_of(product(p, prime_after(255, 200'000)));
  REQUIRE(a.size() * 8 - 1 == 511);
  std::vector<std::string> moduli{a, b};
  SharedFactors all = find_shared_factors(moduli, 1022);
  CHECK(all.complete);
  CHECK(all.shared == std::vector{true, true});
  SharedFactors first = find_shared_factors(moduli, 1021);
  CHECK_FALSE(first.complete);
  CHECK(first.shared == std::vector{false, false});
}

}  // namespace
}  // namespace jwtctl
