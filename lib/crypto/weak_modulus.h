// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

/// RSA moduli, as big-endian octets, that can be taken apart with little work. Moduli longer than
/// `kMaxRsaBits` are not looked at, so that a hostile file cannot cost time.
namespace jwtctl {

/// small_factor returns the smallest odd prime below 1000 that divides `modulus`, if one does. Such
/// a number is no product of two large primes: most often one bit of it was lost.
std::optional<unsigned> small_factor(std::string_view modulus);

/// kFermatRounds is how many steps `has_close_primes` takes. The keys of CVE-2022-26320 need one;
/// random primes of that size would need more than there are atoms.
inline constexpr unsigned kFermatRounds = 100;

/// has_close_primes says whether Fermat's method factors an odd `modulus` within `kFermatRounds`:
/// its two primes are so near each other that they lie around its square root.
bool has_close_primes(std::string_view modulus);

}  // namespace jwtctl
