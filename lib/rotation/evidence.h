// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "lib/rotation/sample.h"

namespace jwtctl {

/// SignerEvidence is what one token shows about who signs, and when.
struct SignerEvidence {
  std::string id;   ///< `tok:`, the token is never shown
  std::string kid;  ///< of the header; where that has none, of the listed key that made the
                    ///< signature; empty: no listed one did
  std::optional<Instant> iat;  ///< whole seconds
  std::optional<Instant> exp;
  bool listed = false;    ///< some sample lists the kid
  bool verified = false;  ///< and its key made the signature, whether or not it may sign
  std::string alg = {};   ///< of the header
  bool repeated = false;  ///< this process has seen the very same token before
};

/// read_evidence takes a token apart and verifies it with the keys that the samples list. Claims do
/// not matter: an expired token is evidence too. Fails with `input` when it is no signed token.
Result<SignerEvidence> read_evidence(std::string_view token, std::span<const Sample> samples);

}  // namespace jwtctl
