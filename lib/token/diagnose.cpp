// SPDX-License-Identifier: Apache-2.0
#include "lib/token/diagnose.h"

#include <fmt/format.h>

#include <algorithm>

#include "lib/base/text.h"
#include "lib/token/claims.h"

namespace jwtctl {
namespace {

std::string_view without_scheme(std::string_view uri) {
  for (std::string_view scheme : {"https://", "http://"}) {
    if (uri.starts_with(scheme)) return uri.substr(scheme.size());
  }
  return uri;
}

std::string_view without_slash(std::string_view uri) {
  return uri.ends_with('/') ? uri.substr(0, uri.size() - 1) : uri;
}

/// seconds_until returns the whole seconds that bring `earlier` to `later` or past it.
Seconds seconds_until(Instant earlier, Instant later) {
  Seconds whole = seconds_between({earlier.seconds, 0}, {later.seconds, 0});
  return whole + (later.nanos > earlier.nanos ? 1 : 0);
}

}  // namespace

std::optional<std::string_view> near_miss(std::string_view expected, std::string_view actual) {
  if (expected == actual) return std::nullopt;
  if (without_slash(expected) == without_slash(actual)) return "a trailing slash";
  if (equals_ignoring_case(expected, actual)) return "the case";
  if (without_scheme(expected) == without_scheme(actual)) return "the scheme";
  return std::nullopt;
}

void hint_near_miss(HintId id, std::string_view option, std::span<const std::string> expected,
                    std::string_view actual, Verdict& verdict) {
  for (const std::string& wanted : expected) {
    if (auto what = near_miss(wanted, actual)) {
      verdict.hints.push_back(
          {id, fmt::format("expected and actual differ only in {}; if the token is right, say {} "
                           "\"{}\"",
                           *what, option, shorten(actual, 200))});
      return;
    }
  }
}

bool is_by_clock(const Outcome& outcome) {
  return outcome.rule == rules::expired || outcome.rule == rules::not_yet_valid ||
         outcome.rule == rules::iat_in_future || outcome.rule == rules::stale;
}

Seconds leeway_needed(const Outcome& outcome, const ClaimsView& claims, const Policy& policy) {
  if (outcome.check == CheckId::exp) return seconds_between(claims.exp.value, policy.now) + 1;
  if (outcome.check == CheckId::max_age) {
    return seconds_until(shift(claims.iat.value, *policy.max_age), policy.now);
  }
  const DateClaim& start = outcome.check == CheckId::nbf ? claims.nbf : claims.iat;
  return seconds_until(policy.now, start.value);
}

void hint_leeway(const ClaimsView& claims, const Policy& policy, std::string_view option,
                 Verdict& verdict) {
  Seconds needed = 0;
  for (const Outcome& outcome : verdict.outcomes.list()) {
    if (outcome.status != CheckStatus::fail) continue;
    if (!is_by_clock(outcome)) return;
    needed = std::max(needed, leeway_needed(outcome, claims, policy));
  }
  if (needed == 0 || needed > kMostSkew) return;
  verdict.hints.push_back({HintId::leeway, fmt::format("would pass with {} {}s", option, needed)});
}

}  // namespace jwtctl
