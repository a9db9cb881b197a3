// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "lib/lint/lint.h"

namespace jwtctl {

/// RuleOptions is what the user says about rules. A rule is named by its id, its name, or the
/// beginning of ids: "JWT2" is all of JWT201 and up to JWT299, "JWK" all of
/// JWK001 and behind but none of JWKS.
struct RuleOptions {
  std::vector<std::string> select;  ///< empty: all
  std::vector<std::string> ignore;
  std::vector<std::string> levels;  ///< "JWT201=error"; "off" ignores
};

/// select_rules fails with `usage` and a "did you mean" on a name that fits no rule, and on a
/// level that is none. An error without a hint is about a name that is like no rule's.
Result<RuleSelection> select_rules(const RuleOptions& options, bool clock);

/// find_severity returns the level of a name: "error", "warning", "note".
std::optional<Severity> find_severity(std::string_view name);

}  // namespace jwtctl
