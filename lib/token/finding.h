// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "lib/base/rule_id.h"

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

}  // namespace jwtctl
