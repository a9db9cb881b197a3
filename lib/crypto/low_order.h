// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "lib/crypto/algorithm.h"

namespace jwtctl {

/// is_canonical_point says that `octets` encode a y coordinate below the field prime of Ed25519
/// or Ed448 (RFC 8032 sections 5.1.3 and 5.2.3); `octets` has the length that the curve wants.
/// OpenSSL reduces larger values silently, which gives one key several spellings.
bool is_canonical_point(Curve curve, std::string_view octets);

/// is_low_order_point says that the point has a small order, so that signatures under it can be
/// made without a private key. The identity alone verifies any message.
bool is_low_order_point(Curve curve, std::string_view octets);

}  // namespace jwtctl
