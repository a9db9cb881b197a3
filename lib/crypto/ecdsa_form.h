// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "lib/crypto/algorithm.h"

/// What can be told of an ECDSA signature without a key.
namespace jwtctl {

/// is_ecdsa_der says whether all of `octets` is the DER form of a signature: a SEQUENCE of two
/// INTEGERs (RFC 3279 section 2.2.3). JWS wants r || s instead (RFC 7518 section 3.4).
bool is_ecdsa_der(std::string_view octets);

/// is_in_ecdsa_range says whether r || s has 0 < r, s < n, where n is the order of `curve`, which
/// must be one of type EC (FIPS 186-5 section 6.4.2). False too when the length is not the curve's.
bool is_in_ecdsa_range(std::string_view raw, Curve curve);

}  // namespace jwtctl
