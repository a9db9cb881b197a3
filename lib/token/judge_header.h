// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "lib/token/outcome.h"
#include "lib/token/policy.h"

/// What the phase header asks of the header alone, for `verify` and for the rules of `lint` alike
/// (RFC 7515 section 4.1). None makes text.
namespace jwtctl {

/// judge_algorithm says whether `alg` is one that signs and that the policy allows; whether a key
/// fits it is not asked.
Outcome judge_algorithm(const Json& header, const Policy& policy);

/// judge_crit says whether the header demands what is not implemented.
Outcome judge_crit(const Json& header);

/// judge_typ compares `typ` with what is wanted; nothing wanted is a skip.
Outcome judge_typ(const Json& header, std::optional<std::string_view> wanted);

}  // namespace jwtctl
