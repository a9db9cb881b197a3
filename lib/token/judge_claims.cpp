// SPDX-License-Identifier: Apache-2.0
#include "lib/token/judge_claims.h"

#include <algorithm>

#include "lib/token/member_types.h"
#include "lib/token/revocations.h"

namespace jwtctl {
namespace {

Outcome skip(CheckId check) { return {check, 0, CheckStatus::skip}; }

Outcome compare(CheckId check, std::size_t item, const Json& expected, const Json* actual,
                RuleId missing) {
  if (actual != nullptr && actual->same_value(expected)) return passed(check, item);
  return failed(check, VerdictCode::claim, actual == nullptr ? missing : rules::none, item);
}

/// judge_start is what nbf and iat have in common: `late` says that the start has not come.
Outcome judge_start(CheckId check, const DateClaim& start, const DateClaim& exp, bool late,
                    RuleId rule) {
  if (!start.present) return skip(check);
  if (!start.good()) return failed(check, VerdictCode::claim, start.fault);
  if (exp.good() && has_impossible_window(start.value, exp.value)) {
    return failed(check, VerdictCode::claim, rules::window_impossible);
  }
  return late ? failed(check, VerdictCode::not_yet_valid, rule) : passed(check);
}

}  // namespace

ClaimsView::ClaimsView(const Json& claims)
    : json(claims),
      exp(read_date(claims, "exp")),
      nbf(read_date(claims, "nbf")),
      iat(read_date(claims, "iat")) {}

Outcome judge_issuer(const Json& claims, const Policy& policy) {
  const Json* iss = claims.find("iss");
  const std::string* text = iss != nullptr ? iss->as_string() : nullptr;
  bool malformed = iss != nullptr && is_malformed_issuer(*iss);
  if (policy.issuers.empty()) {
    if (!malformed) return skip(CheckId::iss);
    return failed(CheckId::iss, VerdictCode::claim, rules::iss_malformed);
  }
  if (text != nullptr && matches_any(*text, policy.issuers)) return passed(CheckId::iss);
  return failed(CheckId::iss, VerdictCode::issuer,
                malformed ? rules::iss_malformed : rules::iss_mismatch);
}

Outcome judge_audience(const Json& claims, const Policy& policy) {
  const Json* aud = claims.find("aud");
  bool malformed = aud != nullptr && audience_problem(*aud);
  if (policy.any_audience) {
    if (!malformed) return skip(CheckId::aud);
    return failed(CheckId::aud, VerdictCode::claim, rules::aud_malformed);
  }
  if (policy.audiences.empty()) {
    if (aud == nullptr) return skip(CheckId::aud);
    return failed(CheckId::aud, VerdictCode::audience, rules::aud_unchecked);
  }
  if (aud == nullptr) return failed(CheckId::aud, VerdictCode::audience, rules::aud_missing);
  if (malformed) return failed(CheckId::aud, VerdictCode::audience, rules::aud_malformed);
  if (names_audience(*aud, policy.audiences)) return passed(CheckId::aud);
  return failed(CheckId::aud, VerdictCode::audience, rules::aud_mismatch);
}

Outcome judge_subject(const Json& claims, const Policy& policy) {
  if (!policy.subject) return skip(CheckId::sub);
  const Json* sub = claims.find("sub");
  const std::string* text = sub != nullptr ? sub->as_string() : nullptr;
  if (text != nullptr && *text == *policy.subject) return passed(CheckId::sub);
  return failed(CheckId::sub, VerdictCode::claim, rules::none);
}

Outcome judge_required(const Json& claims, std::string_view name, std::size_t item) {
  const Json* claim = claims.find(name);
  if (claim != nullptr && !claim->is_null()) return passed(CheckId::required, item);
  return failed(CheckId::required, VerdictCode::claim, rules::required_claim_missing, item);
}

Outcome judge_claim(const Json& claims, const Policy& policy, std::size_t item) {
  const ClaimExpectation& expected = policy.claims[item];
  return compare(CheckId::claim, item, expected.value, claims.find(expected.name),
                 rules::required_claim_missing);
}

Outcome judge_revoked(const Json& claims, const Policy& policy) {
  if (!policy.revoked) return skip(CheckId::revoked);
  const Json* jti = claims.find("jti");
  const std::string* id = jti != nullptr ? jti->as_string() : nullptr;
  if (id == nullptr) {
    return failed(CheckId::revoked, VerdictCode::claim, rules::required_claim_missing);
  }
  if (policy.revoked_by_line && !fits_line(*id)) {
    return failed(CheckId::revoked, VerdictCode::claim, rules::required_claim_missing);
  }
  if (!matches_any(*id, *policy.revoked)) return passed(CheckId::revoked);
  return failed(CheckId::revoked, VerdictCode::claim, rules::none);
}

Outcome judge_not_before(const ClaimsView& claims, const Policy& policy) {
  bool late = claims.nbf.good() && is_not_yet_valid(claims.nbf.value, policy.now, policy.leeway);
  return judge_start(CheckId::nbf, claims.nbf, claims.exp, late, rules::not_yet_valid);
}

Outcome judge_issued_at(const ClaimsView& claims, const Policy& policy) {
  bool late = claims.iat.good() && is_from_future(claims.iat.value, policy.now, policy.leeway);
  return judge_start(CheckId::iat, claims.iat, claims.exp, late, rules::iat_in_future);
}

Outcome judge_expiry(const ClaimsView& claims, const Policy& policy) {
  const DateClaim& exp = claims.exp;
  if (!exp.present) {
    if (policy.allow_no_exp) return skip(CheckId::exp);
    return failed(CheckId::exp, VerdictCode::claim, rules::exp_missing);
  }
  if (!exp.good()) return failed(CheckId::exp, VerdictCode::claim, exp.fault);
  if (!is_expired(exp.value, policy.now, policy.leeway)) return passed(CheckId::exp);
  return failed(CheckId::exp, VerdictCode::expired, rules::expired);
}

Outcome judge_max_age(const ClaimsView& claims, const Policy& policy) {
  if (!policy.max_age) return skip(CheckId::max_age);
  const DateClaim& iat = claims.iat;
  if (!iat.good()) {
    return failed(CheckId::max_age, VerdictCode::claim, rules::required_claim_missing);
  }
  if (!is_stale(iat.value, policy.now, *policy.max_age, policy.leeway)) {
    return passed(CheckId::max_age);
  }
  return failed(CheckId::max_age, VerdictCode::expired, rules::stale);
}

Outcome judge_min_remaining(const ClaimsView& claims, const Policy& policy) {
  const DateClaim& exp = claims.exp;
  if (!policy.min_remaining || !exp.present) return skip(CheckId::min_remaining);
  if (!exp.good()) return failed(CheckId::min_remaining, VerdictCode::claim, exp.fault);
  // Without the leeway: a token that lives on tolerance alone has nothing left to count on.
  if (exp.value >= shift(policy.now, *policy.min_remaining)) return passed(CheckId::min_remaining);
  return failed(CheckId::min_remaining, VerdictCode::expired, rules::none);
}

void judge_claims(const Json& claims, const Policy& policy, Outcomes& outcomes) {
  outcomes.set(judge_issuer(claims, policy));
  outcomes.set(judge_audience(claims, policy));
  outcomes.set(judge_subject(claims, policy));
  if (policy.strict) outcomes.set(judge_claim_types(claims));
  for (std::size_t i = 0; i < policy.required.size(); ++i) {
    outcomes.set(judge_required(claims, policy.required[i], i));
  }
  for (std::size_t i = 0; i < policy.claims.size(); ++i) {
    outcomes.set(judge_claim(claims, policy, i));
  }
  outcomes.set(judge_revoked(claims, policy));
  ClaimsView view(claims);
  outcomes.set(judge_not_before(view, policy));
  outcomes.set(judge_issued_at(view, policy));
  outcomes.set(judge_expiry(view, policy));
  outcomes.set(judge_max_age(view, policy));
  outcomes.set(judge_min_remaining(view, policy));
}

}  // namespace jwtctl
