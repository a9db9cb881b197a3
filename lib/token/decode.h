// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "lib/token/claims.h"
#include "lib/token/clean.h"

namespace jwtctl {

/// Decoded is everything that a token shows without a key. Nothing in it is verified.
struct Decoded {
  CleanedToken token;
  Jws jws;
  Payload payload;
  /// Sizes of the top-level claims as compact JSON values, largest first.
  std::vector<std::pair<std::string, std::size_t>> claim_sizes;

  /// fault is what kept the token from being decoded completely, null when nothing did. Faults
  /// of spelling alone are none.
  const Fault* fault() const;
};

/// decode takes a token apart as far as it goes; it cannot fail.
Decoded decode(CleanedToken token, std::size_t max_bytes);

/// token_id names a token in logs and reports without showing it: `tok:` and the first 12 hex
/// digits of the SHA-256 of its text. Fails with `crypto` when there is no SHA-256.
Result<std::string> token_id(std::string_view token);

}  // namespace jwtctl
