// SPDX-License-Identifier: Apache-2.0
#include "lib/lint/token_outcomes.h"

#include <algorithm>

#include "lib/token/judge_header.h"

namespace jwtctl {
namespace {

/// is_said leaves out what `verify` refuses and lint has no remark on, because it would be said of
/// tokens that are in order.
bool is_said(const Outcome& outcome, const Policy& policy) {
  // Whom the token is for is nobody's question as long as nothing is expected of it.
  if (outcome.rule == rules::aud_unchecked) return !policy.issuers.empty();
  // An age that cannot be judged is a no for a verifier. A rule says nothing when it does not know,
  // and has no claim to call missing that nobody demanded.
  return outcome.check != CheckId::max_age || outcome.rule == rules::stale;
}

}  // namespace

TokenOutcomes::TokenOutcomes(const Jws& jws, const Json* claims, const Expectations& expected)
    : expected_(expected) {
  if (jws.header) ask_header(*jws.header, jws.kind == TokenKind::jws);
  if (claims != nullptr) ask_claims(*claims);
}

bool TokenOutcomes::broken(RuleId rule) const {
  return std::any_of(failures_.begin(), failures_.end(),
                     [rule](const Outcome& outcome) { return outcome.rule == rule; });
}

const Outcome* TokenOutcomes::failure(RuleId rule, CheckId check) const {
  for (const Outcome& outcome : failures_) {
    if (outcome.rule == rule && outcome.check == check) return &outcome;
  }
  return nullptr;
}

bool TokenOutcomes::lacks(std::string_view claim) const {
  return dates_ && judge_required(dates_->json, claim, 0).status == CheckStatus::fail;
}

void TokenOutcomes::ask_header(const Json& header, bool is_signed) {
  // The alg of a JWE is another registry's.
  if (is_signed) note(judge_algorithm(header, expected_.policy));
  note(judge_crit(header));
  note(judge_typ(header, demanded_typ(expected_)));
}

void TokenOutcomes::ask_claims(const Json& claims) {
  dates_.emplace(claims);
  Outcomes outcomes(expected_.policy);
  judge_claims(claims, expected_.policy, outcomes);
  for (const Outcome& outcome : outcomes.list()) {
    if (is_said(outcome, expected_.policy)) note(outcome);
  }
  ask_apart(claims);
}

/// ask_apart asks what the judge had no need to answer: a verifier wants one reason for a no and
/// stops at the first, lint lists all that is wrong, and some that nobody forbids.
void TokenOutcomes::ask_apart(const Json& claims) {
  // Whether iss and aud have their form, whoever is expected.
  static const Policy anybody = [] {
    Policy policy;
    policy.any_audience = true;
    return policy;
  }();
  note(judge_issuer(claims, anybody));
  note(judge_audience(claims, anybody));
  // Whether the token names anybody, where nobody is expected: to a verifier it may do without.
  if (claims.find("aud") == nullptr && expected_.policy.audiences.empty()) {
    note(failed(CheckId::aud, VerdictCode::audience, rules::aud_missing));
  }
  // Whether an iss with a colon is a URI: a verifier compares it, whatever it is.
  const Json* iss = claims.find("iss");
  if (iss != nullptr && iss->is_string() && is_malformed_uri(*iss->as_string())) {
    note(failed(CheckId::iss, VerdictCode::claim, rules::iss_malformed));
  }
  // Whether a token that ends before it begins is also early.
  ClaimsView without_end = *dates_;
  without_end.exp = {};
  if (failure(rules::window_impossible, CheckId::nbf) != nullptr) {
    note(judge_not_before(without_end, expected_.policy));
  }
  if (failure(rules::window_impossible, CheckId::iat) != nullptr) {
    note(judge_issued_at(without_end, expected_.policy));
  }
}

void TokenOutcomes::note(const Outcome& outcome) {
  if (outcome.status == CheckStatus::fail) failures_.push_back(outcome);
}

std::optional<std::string_view> demanded_typ(const Expectations& expected) {
  const auto& typ = expected.policy.typ;
  if (typ && !typ->empty()) return *typ;
  const Profile* profile = expected.profile;
  if (profile == nullptr || profile->typ.empty()) return std::nullopt;
  return profile->typ;
}

}  // namespace jwtctl
