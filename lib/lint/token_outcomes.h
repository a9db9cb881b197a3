// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "lib/jose/jws.h"
#include "lib/lint/expectations.h"
#include "lib/token/judge_claims.h"

namespace jwtctl {

/// TokenOutcomes is what the judge of `verify` finds wrong with the header and the claims of one
/// token, asked once for all rules. A rule whose id the judge knows too fires when the judge says
/// so, and never by a reason of its own; where lint means more or less by it than `verify` needs,
/// the difference stands in the source of this.
class TokenOutcomes {
 public:
  /// `claims` are null when there are none; they and `expected` must outlive this.
  TokenOutcomes(const Jws& jws, const Json* claims, const Expectations& expected);

  /// broken says whether the token breaks a rule; failure returns the answer of one check that
  /// says so, else null.
  bool broken(RuleId rule) const;
  const Outcome* failure(RuleId rule, CheckId check) const;
  const std::vector<Outcome>& failures() const { return failures_; }

  /// lacks says that a claim which a profile demands is not there, or null.
  bool lacks(std::string_view claim) const;

  /// dates are the claims with exp, nbf and iat read; null without claims.
  const ClaimsView* dates() const { return dates_ ? &*dates_ : nullptr; }

 private:
  void ask_header(const Json& header, bool is_signed);
  void ask_claims(const Json& claims);
  void ask_apart(const Json& claims);
  void note(const Outcome& outcome);

  const Expectations& expected_;
  std::optional<ClaimsView> dates_;
  std::vector<Outcome> failures_;
};

/// demanded_typ returns what typ must be: what the user expects, or else the profile; null when
/// nothing is.
std::optional<std::string_view> demanded_typ(const Expectations& expected);

}  // namespace jwtctl
