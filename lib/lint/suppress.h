// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "lib/base/rule_id.h"

namespace jwtctl {

/// kSuppressionMark begins a comment that silences.
inline constexpr std::string_view kSuppressionMark = "jwtctl:ignore";

/// Suppression is what a comment says about a rule: `jwtctl:ignore JWT101,JWT202 -- reason`.
struct Suppression {
  bool found = false;                 ///< the comment names the rule, by id or name
  bool alone = false;                 ///< nothing else is on its line
  std::optional<std::string> reason;  ///< without one the comment has no effect
};

/// find_suppression looks for the comment on one line. A reason ends where its comment does, be it
/// in the middle of the line.
Suppression find_suppression(std::string_view line, RuleId rule);

/// suppression_at returns what silences a rule on a line: a comment beside something else on the
/// line itself, or one that is alone on the line above.
Suppression suppression_at(std::string_view line, std::string_view above, RuleId rule);

}  // namespace jwtctl
