// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lib/crypto/openssl.h"
#include "tests/catch.h"

/// Large numbers for tests.
namespace jwtctl::testing {

using BnCtxPtr = std::unique_ptr<BN_CTX, Deleter<BN_CTX_free>>;

inline BignumPtr number(unsigned long value) {
  BignumPtr out(BN_new());
  REQUIRE(BN_set_word(out.get(), value) == 1);
  return out;
}

/// octets_of returns the shortest big-endian octets.
inline std::string octets_of(const BignumPtr& value) {
  std::string octets(static_cast<std::size_t>(BN_num_bytes(value.get())), '\0');
  BN_bn2bin(value.get(), reinterpret_cast<unsigned char*>(octets.data()));
  return octets;
}

inline bool is_small_prime(unsigned long value) {
  for (unsigned long d = 2; d * d <= value; ++d) {
    if (value % d == 0) return false;
  }
  return value > 1;
}

/// prime_after returns the first prime that is not smaller than 2^bits + offset.
inline BignumPtr prime_after(int bits, unsigned long offset) {
  BnCtxPtr context(BN_CTX_new());
  BignumPtr prime(BN_new());
  BN_set_bit(prime.get(), bits);
  BN_add_word(prime.get(), offset | 1U);
  while (BN_check_prime(prime.get(), context.get(), nullptr) != 1) BN_add_word(prime.get(), 2);
  return prime;
}

inline BignumPtr product(const BignumPtr& a, const BignumPtr& b) {
  BnCtxPtr context(BN_CTX_new());
  BignumPtr out(BN_new());
  REQUIRE(BN_mul(out.get(), a.get(), b.get(), context.get()) == 1);
  return out;
}

/// odd_number has exactly `bits` bits.
inline BignumPtr odd_number(int bits) {
  BignumPtr out(BN_new());
  REQUIRE(BN_rand(out.get(), bits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ODD) == 1);
  return out;
}

/// ordinary_number has `bits` bits and no factor below 1000.
inline std::string ordinary_number(int bits) {
  BignumPtr n = odd_number(bits);
  auto divisible = [&n] {
    for (unsigned long prime = 3; prime < 1000; prime += 2) {
      if (BN_mod_word(n.get(), prime) == 0) return true;
    }
    return false;
  };
  while (divisible()) n = odd_number(bits);
  return octets_of(n);
}

}  // namespace jwtctl::testing
