// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "lib/token/claims.h"
#include "lib/token/policy.h"
#include "lib/token/verdict.h"

/// What the rules say of tokens that are looked at for another reason.
namespace jwtctl {

/// token_findings judges a token without a key and without expectations, for `decode` and `sign`.
std::vector<Finding> token_findings(const Jws& jws, const Payload& payload, Instant now);

/// add_findings adds to a verdict what the rules say beyond its checks. What a check answers, with
/// the policy taken into account, is not said again: it would contradict a leeway. A token that is
/// none, or too broken to be told, has its checks alone.
void add_findings(std::string_view token, const Policy& policy, Verdict& verdict);

}  // namespace jwtctl
