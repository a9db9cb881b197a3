// SPDX-License-Identifier: Apache-2.0
#include "lib/token/verify.h"

#include <algorithm>
#include <array>

#include "lib/base/shown.h"
#include "lib/base/text.h"
#include "lib/token/check_builder.h"
#include "lib/token/claims.h"

namespace jwtctl {
namespace {

bool check_form(const CleanedToken& token, const Jws& jws, const Payload& payload,
                const Policy& policy, Verdict& verdict) {
  std::vector<std::string> problems;
  RuleId rule;
  auto add = [&](RuleId breaks, std::string message) {
    if (!rule) rule = breaks;
    problems.push_back(std::move(message));
  };
  if (jws.kind == TokenKind::jwe) {
    add(rules::encrypted, "the token is encrypted (5 segments), not signed");
    verdict.hints.push_back({HintId::encrypted,
                             "only the recipient's private key opens a JWE; jwtctl has no use for "
                             "it, but decode shows the header"});
  }
  for (const auto* faults : {&jws.faults, &payload.faults}) {
    for (const Fault& fault : *faults) {
      add(fault.rule, fmt::format("{} (offset {})", fault.message, fault.offset));
    }
  }
  if (policy.strict && !token.cleanings.empty()) {
    add(rules::none, fmt::format("--strict takes tokens as they are; this one needed {}",
                                 join(token.cleanings, ", ")));
  }
  CheckBuilder check(verdict, "form");
  Json expected = "compact JWS of one JSON object";
  if (problems.empty()) {
    check.expected(expected).actual(Json(expected)).pass("compact JWS, 3 segments");
    return true;
  }
  check.expected(std::move(expected))
      .actual(Json::strings(problems))
      .fail(VerdictCode::malformed, rule, "{}", join(problems, "; "));
  if (!policy.strict && !token.cleanings.empty()) {
    verdict.hints.push_back({HintId::token_cleaned, fmt::format("judged after removing: {}",
                                                                join(token.cleanings, ", "))});
  }
  return false;
}

/// all_check_names lists what a complete report names, in the order of the phases.
std::vector<std::string> all_check_names(const Policy& policy) {
  std::vector<std::string> names{"form", "alg", "crit", "typ"};
  if (policy.strict) names.emplace_back("header-types");
  for (const char* name : {"key", "signature", "iss", "aud", "sub"}) names.emplace_back(name);
  if (policy.strict) names.emplace_back("claim-types");
  for (const std::string& claim : policy.required)
    names.push_back(fmt::format("require:{}", masked_argument(claim, ShownAs::text)));
  for (const ClaimExpectation& claim : policy.claims) {
    names.push_back(fmt::format("claim:{}", masked_argument(claim.name, ShownAs::text)));
  }
  for (const char* name : {"revoked", "nbf", "iat", "exp", "max-age", "min-remaining"}) {
    names.emplace_back(name);
  }
  return names;
}

/// skip_the_rest adds what did not run, so that no report hides a check that is missing.
void skip_the_rest(const Policy& policy, Verdict& verdict) {
  const Check* cause = verdict.first_failure();
  std::string reason = cause != nullptr ? cause->name : "";
  for (const std::string& name : all_check_names(policy)) {
    bool ran = std::any_of(verdict.checks.begin(), verdict.checks.end(),
                           [&name](const Check& check) { return check.name == name; });
    if (!ran) CheckBuilder(verdict, name).skip("not reached: {} failed", reason);
  }
}

}  // namespace

Result<Verdict> verify(const CleanedToken& token, const Policy& policy, const KeySource& source) {
  Jws jws = read_jws(token.text, policy.max_token_bytes);
  Payload payload = read_payload(jws);
  Verdict verdict;
  verdict.kind = jws.kind;
  verdict.header = jws.header;
  if (payload.claims && payload.claims->is_object()) verdict.claims = payload.claims;

  if (check_form(token, jws, payload, policy, verdict)) {
    auto checked = check_jws(jws, policy, source, verdict);
    if (!checked) return fail(std::move(checked).error());
    const Check& last = verdict.checks.back();
    verdict.claims_verified = last.name == "signature" && last.status == CheckStatus::pass;
    if (last.name == "signature") check_claims(*payload.claims, policy, verdict);
  }
  skip_the_rest(policy, verdict);
  return verdict;
}

}  // namespace jwtctl
