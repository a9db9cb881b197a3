// SPDX-License-Identifier: Apache-2.0
#include "lib/crypto/shared_factors.h"

#include <algorithm>
#include <set>

#include "lib/base/limits.h"
#include "lib/crypto/openssl.h"

namespace jwtctl {
namespace {

using BnCtxPtr = std::unique_ptr<BN_CTX, Deleter<BN_CTX_free>>;
using MontgomeryPtr = std::unique_ptr<BN_MONT_CTX, Deleter<BN_MONT_CTX_free>>;

struct Modulus {
  std::size_t index;
  BignumPtr n;
};

/// common_divisor is Euclid's: BN_gcd takes several times as long, to hide what is public here.
BignumPtr common_divisor(BignumPtr a, BignumPtr b, BN_CTX* context) {
  while (a && b && BN_is_zero(b.get()) == 0) {
    if (BN_mod(a.get(), a.get(), b.get(), context) != 1) return nullptr;
    std::swap(a, b);
  }
  return a;
}

/// divisor_with returns what `n` has in common with the product of `others`, which is multiplied
/// modulo n. The powers of two that Montgomery's multiplication brings in do not matter, because n
/// is odd. Null when OpenSSL has no memory.
BignumPtr divisor_with(const BIGNUM* n, const std::vector<const BIGNUM*>& others, BN_CTX* context) {
  MontgomeryPtr reduction(BN_MONT_CTX_new());
  BignumPtr product(BN_new());
  BignumPtr factor(BN_new());
  bool ok = reduction && product && factor && BN_MONT_CTX_set(reduction.get(), n, context) == 1 &&
            BN_one(product.get()) == 1;
  for (const BIGNUM* other : others) {
    const BIGNUM* reduced = other;
    if (BN_num_bits(other) > BN_num_bits(n)) {
      ok = ok && BN_mod(factor.get(), other, n, context) == 1;
      reduced = factor.get();
    }
    ok = ok && BN_mod_mul_montgomery(product.get(), product.get(), reduced, reduction.get(),
                                     context) == 1;
  }
  return ok ? common_divisor(BignumPtr(BN_dup(n)), std::move(product), context) : nullptr;
}

/// comparable_moduli picks what can be compared, and sorts it by size: a factor is never longer
/// than what it is multiplied to.
std::vector<Modulus> comparable_moduli(std::span<const std::string> moduli, std::size_t max_bits,
                                       bool& complete) {
  std::vector<Modulus> picked;
  std::set<std::string_view> seen;
  std::size_t bits = 0;
  for (std::size_t i = 0; i < moduli.size(); ++i) {
    std::string_view octets = moduli[i];
    octets.remove_prefix(std::min(octets.find_first_not_of('\0'), octets.size()));
    BignumPtr n(BN_bin2bn(reinterpret_cast<const unsigned char*>(octets.data()),
                          static_cast<int>(octets.size()), nullptr));
    auto size = n ? static_cast<std::size_t>(BN_num_bits(n.get())) : 0;
    bool fit = size > 1 && size <= kMaxRsaBits && BN_is_odd(n.get()) == 1;
    if (!fit || !seen.insert(octets).second) continue;
    if (bits + size > max_bits) {
      complete = false;
      continue;
    }
    bits += size;
    picked.push_back({i, std::move(n)});
  }
  std::stable_sort(picked.begin(), picked.end(), [](const Modulus& a, const Modulus& b) {
    return BN_num_bits(a.n.get()) < BN_num_bits(b.n.get());
  });
  return picked;
}

}  // namespace

SharedFactors find_shared_factors(std::span<const std::string> moduli, std::size_t max_bits) {
  SharedFactors result;
  result.shared.assign(moduli.size(), false);
  BnCtxPtr context(BN_CTX_new());
  std::vector<Modulus> picked = comparable_moduli(moduli, max_bits, result.complete);
  // Each with those before it: half the work, and who shares with a later one is found through
  // the divisors, of which there are none in an ordinary set.
  std::vector<const BIGNUM*> before;
  std::vector<BignumPtr> divisors;
  for (const Modulus& modulus : picked) {
    BignumPtr divisor = divisor_with(modulus.n.get(), before, context.get());
    if (!divisor) result.complete = false;
    if (divisor && BN_is_one(divisor.get()) == 0) {
      result.shared[modulus.index] = true;
      divisors.push_back(std::move(divisor));
    }
    before.push_back(modulus.n.get());
  }
  std::vector<const BIGNUM*> found;
  for (const BignumPtr& divisor : divisors) found.push_back(divisor.get());
  for (const Modulus& modulus : picked) {
    if (found.empty() || result.shared[modulus.index]) continue;
    BignumPtr divisor = divisor_with(modulus.n.get(), found, context.get());
    if (!divisor) result.complete = false;
    if (divisor && BN_is_one(divisor.get()) == 0) result.shared[modulus.index] = true;
  }
  return result;
}

}  // namespace jwtctl
