// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "lib/token/claims.h"
#include "lib/token/outcome.h"
#include "lib/token/policy.h"

/// The phase claims: one question, one function, for `verify` and for the rules of `lint` alike
/// (RFC 7519 section 4.1). None makes text.
namespace jwtctl {

/// ClaimsView is the claims of a token with its dates read.
struct ClaimsView {
  explicit ClaimsView(const Json& json);

  const Json& json;
  DateClaim exp, nbf, iat;
};

Outcome judge_issuer(const Json& claims, const Policy& policy);
Outcome judge_audience(const Json& claims, const Policy& policy);
Outcome judge_subject(const Json& claims, const Policy& policy);
/// judge_required asks for one claim; `item` is which of those that are required.
Outcome judge_required(const Json& claims, std::string_view name, std::size_t item);
Outcome judge_claim(const Json& claims, const Policy& policy, std::size_t item);
Outcome judge_revoked(const Json& claims, const Policy& policy);
Outcome judge_not_before(const ClaimsView& claims, const Policy& policy);
Outcome judge_issued_at(const ClaimsView& claims, const Policy& policy);
Outcome judge_expiry(const ClaimsView& claims, const Policy& policy);
Outcome judge_max_age(const ClaimsView& claims, const Policy& policy);
Outcome judge_min_remaining(const ClaimsView& claims, const Policy& policy);

/// judge_claims asks all of them, and adds the answers to `outcomes`.
void judge_claims(const Json& claims, const Policy& policy, Outcomes& outcomes);

}  // namespace jwtctl
