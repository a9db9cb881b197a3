// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "lib/base/result.h"
#include "lib/crypto/algorithm.h"
#include "lib/crypto/key.h"

namespace jwtctl {

/// signature_size returns how many octets a signature of `algorithm` under `key` has.
std::size_t signature_size(const Key& key, const Algorithm& algorithm);

/// check_signature makes a VerifyingKey of `key` and checks one signature with it. Fails as that
/// does.
Result<bool> check_signature(const Key& key, const Algorithm& algorithm, std::string_view input,
                             std::string_view signature,
                             KeyStrength strength = KeyStrength::required);

/// make_signature signs `input` (RFC 7518 sections 3.2 to 3.5, RFC 8037 section 3.1; ECDSA as
/// r || s). The signature is verified before it is given out: halves that do not belong together
/// and a fault of the machine would otherwise leave with it. Fails with `key_refused` when the key
/// is public, not fit for the algorithm or inconsistent, with `crypto` when OpenSSL cannot.
Result<std::string> make_signature(const Key& key, const Algorithm& algorithm,
                                   std::string_view input,
                                   KeyStrength strength = KeyStrength::required);

}  // namespace jwtctl
