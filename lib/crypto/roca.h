// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace jwtctl {

/// has_roca_fingerprint says whether an RSA modulus (big-endian octets) has the structure of the
/// keys of CVE-2017-15361, whose private half can be computed from the public one: it is one power
/// of 65537 modulo the product of the primes up to 167. A random modulus is taken for one less
/// than once in 2^150 times. The test is the discrete-logarithm fingerprint that the finders
/// published ("The Return of Coppersmith's Attack", ACM CCS 2017).
bool has_roca_fingerprint(std::string_view modulus);

}  // namespace jwtctl
