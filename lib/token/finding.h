// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/time.h"
#include "lib/jose/jws.h"
#include "lib/token/claims.h"

namespace jwtctl {

/// Severity has the levels of SARIF.
enum class Severity { note, warning, error };
std::string_view to_string(Severity severity);

/// Finding is something worth knowing about a token. It never alters a verdict.
struct Finding {
  RuleId rule;
  Severity severity;
  std::string place;  ///< "header", "payload", or a JSON pointer below: "header/jku"
  std::string message;
  /// The byte of the token at fault, when it is known better than by its place.
  std::optional<std::size_t> offset = std::nullopt;
};

/// token_findings judges a token without a key and without a policy; `now` is the clock.
std::vector<Finding> token_findings(const Jws& jws, const Payload& payload, Instant now);

}  // namespace jwtctl
