// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lib/base/limits.h"
#include "lib/base/result.h"
#include "lib/crypto/algorithm.h"
#include "lib/crypto/key.h"

namespace jwtctl {

/// The size of an RSA key when nobody asks for another: 128 bits of security until 2030 and after
/// (NIST SP 800-57 part 1, tables 2 and 4).
inline constexpr unsigned kDefaultRsaBits = 3072;

/// generate_key makes a new key for `algorithm`: an RSA pair of `rsa_bits` (`kMinRsaBits` to
/// `kMaxRsaBits`) with the exponent 65537, a pair on the algorithm's curve (`EdDSA` means Ed25519),
/// or a secret as long as the hash (RFC 7518 section 3.2). Fails with `crypto`.
Result<Key> generate_key(const Algorithm& algorithm, unsigned rsa_bits);

}  // namespace jwtctl
