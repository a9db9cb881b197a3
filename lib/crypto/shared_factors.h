// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "lib/base/limits.h"

namespace jwtctl {

/// SharedFactors says which of many RSA moduli can be taken apart because another one has a prime
/// of theirs.
struct SharedFactors {
  std::vector<bool> shared;  ///< for each modulus, in the order in which they were given
  bool complete = true;      ///< false when there were too many bits to compare all of them
};

/// find_shared_factors compares every modulus (big-endian octets) with every other by greatest
/// common divisors. Equal ones count as one key and share nothing; even ones and those longer than
/// `kMaxRsaBits` are left out. The work grows with the square of the size: about a second for 1000
/// keys of 2048 bits. Only as many are compared as have `max_bits` together.
SharedFactors find_shared_factors(std::span<const std::string> moduli,
                                  std::size_t max_bits = kMaxComparedBits);

}  // namespace jwtctl
