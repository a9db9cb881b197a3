// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "lib/crypto/key.h"

namespace jwtctl {

/// parse_curve_spki reads a SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7) whose key lies on a
/// curve of JOSE, named by its OID (RFC 5480 section 2.1.1.1, RFC 8410 section 3). Nothing when it
/// is anything else; OpenSSL's decoder, which costs a millisecond, is then to be asked. Fails with
/// `key_refused` when the point is bad.
std::optional<Result<Key>> parse_curve_spki(std::string_view der);

}  // namespace jwtctl
