// SPDX-License-Identifier: Apache-2.0
#include "lib/crypto/weak_modulus.h"

#include <algorithm>
#include <array>

#include "lib/base/limits.h"
#include "lib/crypto/openssl.h"

namespace jwtctl {
namespace {

using BnCtxPtr = std::unique_ptr<BN_CTX, Deleter<BN_CTX_free>>;

/// to_number returns null for what is not worth looking at, or when there is no memory.
BignumPtr to_number(std::string_view octets) {
  BignumPtr number(BN_bin2bn(reinterpret_cast<const unsigned char*>(octets.data()),
                             static_cast<int>(octets.size()), nullptr));
  bool fits = number && static_cast<unsigned>(BN_num_bits(number.get())) <= kMaxRsaBits;
  return fits ? std::move(number) : nullptr;
}

bool is_prime(unsigned number) {
  for (unsigned d = 3; d * d <= number; d += 2) {
    if (number % d == 0) return false;
  }
  return true;
}

/// square_root returns the integer part of the root, by Newton's method from above; null when
/// OpenSSL has no memory.
BignumPtr square_root(const BIGNUM* number, BN_CTX* context) {
  BignumPtr root(BN_new());
  BignumPtr next(BN_new());
  int bits = (BN_num_bits(number) + 1) / 2;
  if (!root || !next || BN_set_bit(root.get(), bits) != 1) return nullptr;
  while (true) {
    bool done = BN_div(next.get(), nullptr, number, root.get(), context) == 1 &&
                BN_add(next.get(), next.get(), root.get()) == 1 &&
                BN_rshift1(next.get(), next.get()) == 1;
    if (!done) return nullptr;
    if (BN_cmp(next.get(), root.get()) >= 0) return root;
    std::swap(root, next);
  }
}

bool is_square_modulo(unsigned residue, unsigned modulus) {
  for (unsigned i = 0; i <= modulus / 2; ++i) {
    if (i * i % modulus == residue % modulus) return true;
  }
  return false;
}

/// is_square rules 99 of 100 numbers out by their remainders before it computes a root.
bool is_square(const BIGNUM* number, BN_CTX* context) {
  constexpr std::array<unsigned, 4> kModuli{64, 63, 65, 11};
  auto residue = static_cast<unsigned>(BN_mod_word(number, 64 * 63 * 65 * 11));
  bool possible = std::all_of(kModuli.begin(), kModuli.end(), [residue](unsigned modulus) {
    return is_square_modulo(residue, modulus);
  });
  if (!possible) return false;
  BignumPtr root = square_root(number, context);
  return root && BN_sqr(root.get(), root.get(), context) == 1 && BN_cmp(root.get(), number) == 0;
}

}  // namespace

std::optional<unsigned> small_factor(std::string_view modulus) {
  BignumPtr n = to_number(modulus);
  for (unsigned prime = 3; n && prime < 1000; prime += 2) {
    if (is_prime(prime) && BN_mod_word(n.get(), prime) == 0) return prime;
  }
  return std::nullopt;
}

bool has_close_primes(std::string_view modulus) {
  BignumPtr n = to_number(modulus);
  BnCtxPtr context(BN_CTX_new());
  if (!n || !context || BN_is_odd(n.get()) == 0 || BN_is_one(n.get()) == 1) return false;
  BignumPtr middle = square_root(n.get(), context.get());  // of the two primes
  BignumPtr rest(BN_new());                                // middle squared minus n
  if (!middle || !rest || BN_sqr(rest.get(), middle.get(), context.get()) != 1) return false;
  if (BN_cmp(rest.get(), n.get()) == 0) return true;
  for (unsigned round = 0; round < kFermatRounds; ++round) {
    bool done = BN_add_word(middle.get(), 1) == 1 &&
                BN_sqr(rest.get(), middle.get(), context.get()) == 1 &&
                BN_sub(rest.get(), rest.get(), n.get()) == 1;
    if (!done) return false;
    if (is_square(rest.get(), context.get())) return true;
  }
  return false;
}

}  // namespace jwtctl
