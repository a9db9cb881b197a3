// SPDX-License-Identifier: Apache-2.0
#include "lib/token/words.h"

#include <fmt/format.h>

#include <utility>

#include "lib/base/shown.h"
#include "lib/base/text.h"
#include "lib/token/check_words.h"

namespace jwtctl {
namespace {

std::string name_of(const Outcome& outcome, const Policy& policy) {
  std::string_view name = check_info(outcome.check).name;
  if (outcome.check == CheckId::required) {
    return fmt::format("{}:{}", name,
                       masked_argument(policy.required[outcome.item], ShownAs::text));
  }
  if (outcome.check == CheckId::claim) {
    return fmt::format("{}:{}", name,
                       masked_argument(policy.claims[outcome.item].name, ShownAs::text));
  }
  return std::string(name);
}

/// add_checks adds a check for each outcome. What did not run is named too, so that no report hides
/// a check that is missing.
void add_checks(const Policy& policy, Verdict& verdict) {
  const Outcome* failure = verdict.outcomes.first_failure();
  std::string cause = failure != nullptr ? name_of(*failure, policy) : "a check";
  for (const Outcome& outcome : verdict.outcomes.list()) {
    Check check{outcome.check, name_of(outcome, policy), outcome.status, outcome.code,
                outcome.rule};
    if (outcome.status == CheckStatus::unreached) {
      check.message = fmt::format("not reached: {} failed", cause);
    }
    verdict.checks.push_back(std::move(check));
  }
}

void say_form(const Subject& subject, Check& check, Verdict& verdict) {
  const auto& cleanings = subject.token.cleanings;
  bool strict = subject.verifier.policy().strict;
  std::vector<std::string> problems;
  if (subject.jws.kind == TokenKind::jwe) {
    problems.emplace_back("the token is encrypted (5 segments), not signed");
    verdict.hints.push_back({HintId::encrypted,
                             "only the recipient's private key opens a JWE; jwtctl has no use for "
                             "it, but decode shows the header"});
  }
  for (const auto* faults : {&subject.jws.faults, &subject.payload.faults}) {
    for (const Fault& fault : *faults) {
      problems.push_back(fmt::format("{} (offset {})", fault.message, fault.offset));
    }
  }
  if (strict && !cleanings.empty()) {
    problems.push_back(fmt::format("{} takes tokens as they are; this one needed {}",
                                   subject.names.strict, join(cleanings, ", ")));
  }
  CheckWords words(check);
  Json expected = "compact JWS of one JSON object";
  words.expected(expected);
  if (check.status == CheckStatus::pass) {
    return words.actual(std::move(expected)).say("compact JWS, 3 segments");
  }
  words.actual(Json::strings(problems)).say("{}", join(problems, "; "));
  if (!strict && !cleanings.empty()) {
    verdict.hints.push_back(
        {HintId::token_cleaned, fmt::format("judged after removing: {}", join(cleanings, ", "))});
  }
}

}  // namespace

Verdict say_verdict(const Judgement& judgement, const Subject& subject) {
  Verdict verdict;
  verdict.outcomes = judgement.outcomes;
  verdict.kind = subject.jws.kind;
  verdict.header = subject.jws.header;
  const auto& claims = subject.payload.claims;
  if (claims && claims->is_object()) verdict.claims = claims;
  add_checks(subject.verifier.policy(), verdict);
  Check& form = verdict.checks.front();
  if (form.status != CheckStatus::unreached) say_form(subject, form, verdict);
  if (judgement.outcomes.status_of(CheckId::alg) == CheckStatus::unreached) return verdict;
  say_jws(judgement, subject, verdict);
  if (verdict.claims) say_claims(subject, verdict);
  return verdict;
}

}  // namespace jwtctl
