// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/rule_id.h"
#include "lib/codec/json.h"
#include "lib/token/outcome.h"

/// The JSON types that registered members must have, for `verify --strict`, `decode` and `lint`.
namespace jwtctl {

/// TypeFault is a registered member whose value has another JSON type than its standard says.
struct TypeFault {
  std::string_view name;
  RuleId rule;          ///< of the catalogue, which `lint` reports it under
  std::string message;  ///< "sub must be a string, it is a number"
};

/// header_type_faults looks at `typ cty kid jku x5u x5t x5t#S256` (strings), `jwk` (an object) and
/// `x5c` (an array of strings): RFC 7515 sections 4.1.2 to 4.1.10. `alg` and `crit` have checks of
/// their own.
std::vector<TypeFault> header_type_faults(const Json& header);

/// claim_type_faults looks at `sub` and `jti` (strings): RFC 7519 sections 4.1.2 and 4.1.7. `iss`,
/// `aud` and the dates have checks of their own.
std::vector<TypeFault> claim_type_faults(const Json& claims);

/// header_type_fault and claim_type_fault say what is wrong with one of these members; nothing
/// when it is absent or right.
std::optional<std::string> header_type_fault(const Json& header, std::string_view name);
std::optional<std::string> claim_type_fault(const Json& claims, std::string_view name);

/// judge_header_types and judge_claim_types are the checks of `verify --strict` on all of them.
Outcome judge_header_types(const Json& header);
Outcome judge_claim_types(const Json& claims);

}  // namespace jwtctl
