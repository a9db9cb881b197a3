// SPDX-License-Identifier: Apache-2.0
#include "lib/crypto/roca.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <optional>
#include <vector>

#include "lib/crypto/openssl.h"

namespace jwtctl {
namespace {

constexpr std::array<unsigned, 38> kPrimes{
    3,  5,  7,  11, 13, 17,  19,  23,  29,  31,  37,  41,  43,  47,  53,  59,  61,  67,  71,
    73, 79, 83, 89, 97, 101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167};

/// Logarithm says that a number is 65537 to the power `exponent` modulo one prime, where the powers
/// repeat after `order` steps.
struct Logarithm {
  unsigned exponent;
  unsigned order;
};

std::optional<Logarithm> logarithm_of(unsigned residue, unsigned prime) {
  std::optional<unsigned> exponent;
  unsigned power = 1;
  unsigned order = 0;
  do {
    if (power == residue) exponent = order;
    power = power * (65537 % prime) % prime;
    ++order;
  } while (power != 1);
  return exponent ? std::optional(Logarithm{*exponent, order}) : std::nullopt;
}

/// agree says whether one exponent can be both: the Chinese remainder theorem for moduli that are
/// not coprime.
bool agree(const Logarithm& a, const Logarithm& b) {
  unsigned common = std::gcd(a.order, b.order);
  return a.exponent % common == b.exponent % common;
}

}  // namespace

bool has_roca_fingerprint(std::string_view modulus) {
  BignumPtr n(BN_bin2bn(reinterpret_cast<const unsigned char*>(modulus.data()),
                        static_cast<int>(modulus.size()), nullptr));
  if (!n) return false;
  std::vector<Logarithm> logarithms;
  for (unsigned prime : kPrimes) {
    auto found = logarithm_of(static_cast<unsigned>(BN_mod_word(n.get(), prime)), prime);
    bool fits = found && std::all_of(logarithms.begin(), logarithms.end(),
                                     [&found](const Logarithm& l) { return agree(l, *found); });
    if (!fits) return false;
    logarithms.push_back(*found);
  }
  return true;
}

}  // namespace jwtctl
