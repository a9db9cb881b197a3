// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "lib/token/judge_claims.h"
#include "lib/token/policy.h"
#include "lib/token/verdict.h"

/// Diagnosis explains a refusal and never changes it.
namespace jwtctl {

/// near_miss says in what alone two identifiers differ: "a trailing slash", "the case" or "the
/// scheme". Nothing when they are equal or differ in more.
std::optional<std::string_view> near_miss(std::string_view expected, std::string_view actual);

/// hint_near_miss adds a hint when `actual` nearly is one of `expected`.
void hint_near_miss(HintId id, std::string_view option, std::span<const std::string> expected,
                    std::string_view actual, Verdict& verdict);

/// kMostSkew is "no more than a few minutes" (RFC 7519 section 4.1.4): what differs by more is not
/// put down to clocks.
inline constexpr Seconds kMostSkew = 300;

/// is_by_clock says that a check failed by the clock alone, so that a leeway could mend it.
bool is_by_clock(const Outcome& outcome);

/// leeway_needed returns the smallest leeway, in whole seconds, with which a check passes that
/// failed by the clock.
Seconds leeway_needed(const Outcome& outcome, const ClaimsView& claims, const Policy& policy);

/// hint_leeway adds a hint when nothing but the clock is wrong and a leeway of a few minutes
/// (RFC 7519 section 4.1.4) would let the token pass. `option` is what a leeway is asked for with.
void hint_leeway(const ClaimsView& claims, const Policy& policy, std::string_view option,
                 Verdict& verdict);

}  // namespace jwtctl
