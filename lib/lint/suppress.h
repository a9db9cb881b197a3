// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "lib/base/rule_id.h"

namespace jwtctl {

/// Suppression is what a comment says about a rule: `jwtctl:ignore JWT101,JWT202 -- reason`.
struct Suppression {
  bool found = false;                 ///< the comment names the rule, by id or name
  std::optional<std::string> reason;  ///< without one the comment has no effect
};

/// find_suppression looks for the comment on one line.
Suppression find_suppression(std::string_view line, RuleId rule);

}  // namespace jwtctl
