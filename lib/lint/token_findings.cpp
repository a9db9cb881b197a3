// SPDX-License-Identifier: Apache-2.0
#include "lib/lint/token_findings.h"

#include <algorithm>
#include <array>

#include "lib/lint/lint.h"
#include "lib/lint/locate.h"

namespace jwtctl {
namespace {

/// is_answered says that a check of the verdict answers what the finding says.
bool is_answered(const Finding& finding, const Verdict& verdict) {
  constexpr std::array<std::string_view, 6> kJudged{"header/alg",  "header/crit", "payload/exp",
                                                    "payload/nbf", "payload/iat", "payload/aud"};
  bool place = std::find(kJudged.begin(), kJudged.end(), finding.place) != kJudged.end();
  // Absences have no place: whether the token may do without was asked by a check.
  constexpr std::array<RuleId, 4> kAsked{rules::exp_missing, rules::signature_missing,
                                         rules::aud_missing, rules::kid_missing};
  bool asked = std::find(kAsked.begin(), kAsked.end(), finding.rule) != kAsked.end();
  return place || asked ||
         std::any_of(verdict.checks.begin(), verdict.checks.end(),
                     [&finding](const Check& check) { return check.rule == finding.rule; });
}

}  // namespace

std::vector<Finding> token_findings(const Jws& jws, const Payload& payload, Instant now) {
  Expectations nothing;
  nothing.policy.now = now;
  auto findings = judge_token({jws, payload, nothing}, every_rule());
  for (Finding& finding : findings) finding.message = without_token(finding.message, jws);
  return findings;
}

void add_findings(std::string_view token, const Policy& policy, Verdict& verdict) {
  if (verdict.outcomes.status_of(CheckId::form) != CheckStatus::pass) return;
  Jws jws = read_jws(token, policy.max_token_bytes);
  for (Finding& finding : token_findings(jws, read_payload(jws), policy.now)) {
    if (!is_answered(finding, verdict)) verdict.findings.push_back(std::move(finding));
  }
}

}  // namespace jwtctl
