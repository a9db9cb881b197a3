// SPDX-License-Identifier: Apache-2.0
// A yes is a fact: what nobody judged is never one.
#include "lib/token/verdict.h"

#include <algorithm>
#include <array>
#include <random>
#include <set>

#include "lib/token/judge_claims.h"
#include "tests/catch.h"
#include "tests/unit/token/signed_tokens.h"

namespace jwtctl {
namespace {

/// all_of_it is a policy that asks for everything.
Policy all_of_it() {
  Policy policy = usual();
  policy.strict = true;
  policy.required = {"scope", "sub"};
  policy.claims = {{"role", Json("admin")}};
  return policy;
}

/// answered has every question of the policy passed.
Outcomes answered(const Policy& policy) {
  const Outcomes asked(policy);
  Outcomes outcomes = asked;
  for (const Outcome& outcome : asked.list()) {
    outcomes.set({outcome.check, outcome.item, CheckStatus::pass});
  }
  return outcomes;
}

Outcome failure(CheckId id, VerdictCode code, std::size_t item = 0) {
  return {id, item, CheckStatus::fail, code, rules::none};
}

TEST_CASE("what nobody filled in is a no") {
  CHECK_FALSE(Outcomes().valid());
  CHECK(Outcomes().code() == VerdictCode::incomplete);
  CHECK_FALSE(Outcomes(usual()).valid());
  CHECK_FALSE(Verdict{}.valid());
  CHECK_FALSE(Verdict{}.claims_verified());
  CHECK(Verdict{}.first_failure() == nullptr);
  CHECK(answered(usual()).code() == VerdictCode::ok);
}

TEST_CASE("a question that was asked and not answered is a no, whichever it is") {
  const Policy policy = all_of_it();
  const Outcomes all(policy);
  REQUIRE(answered(policy).valid());
  std::mt19937 random(7);
  for (int round = 0; round < 2000; ++round) {
    Outcomes outcomes = answered(policy);
    bool left_out = false;
    for (const Outcome& outcome : all.list()) {
      if (random() % all.list().size() != 0) continue;
      outcomes.set({outcome.check, outcome.item});
      left_out = true;
    }
    CHECK(outcomes.valid() == !left_out);
  }
}

TEST_CASE("what every verification needs cannot be skipped") {
  for (const CheckInfo& check : check_list()) {
    CAPTURE(check.name);
    Outcomes outcomes = answered(usual());
    outcomes.set({check.id, 0, CheckStatus::skip});
    constexpr std::array<CheckId, 5> kNeeded{CheckId::form, CheckId::alg, CheckId::crit,
                                             CheckId::key, CheckId::signature};
    bool needed = std::find(kNeeded.begin(), kNeeded.end(), check.id) != kNeeded.end();
    CHECK(check.mandatory == needed);
    CHECK(outcomes.valid() == !needed);
  }
}

TEST_CASE("a phase that did not run is never a yes, whatever the others found") {
  const std::string text = sign(kHeader, kClaims);
  const Jws jws = read_jws(text, kMaxTokenBytes);
  const Payload payload = read_payload(jws);
  const Verifier verifier(usual(), *secret_source(jws));
  CHECK(verifier.judge(jws, payload)->outcomes.valid());
  Outcomes alone(usual());
  judge_claims(*payload.claims, usual(), alone);
  CHECK_FALSE(alone.valid());
  CHECK(alone.first_failure() == nullptr);
  auto signed_only = verifier.judge_jws(jws);
  CHECK(signed_only->outcomes.claims_verified());
  CHECK_FALSE(signed_only->outcomes.valid());
}

TEST_CASE(
    "any failure is a no, also of a question that was not planned or with the code of a yes") {
  for (const CheckInfo& check : check_list()) {
    CAPTURE(check.name);
    Outcomes outcomes = answered(usual());
    outcomes.set(failure(check.id, VerdictCode::claim, 99));
    CHECK(outcomes.code() == VerdictCode::claim);
    outcomes.set(failure(check.id, VerdictCode::ok, 99));
    CHECK(outcomes.code() == VerdictCode::incomplete);
  }
}

TEST_CASE("the smallest code among the failures is the verdict, of equal ones the first") {
  Outcomes outcomes = answered(all_of_it());
  outcomes.set(failure(CheckId::exp, VerdictCode::expired));
  CHECK(outcomes.code() == VerdictCode::expired);
  outcomes.set(failure(CheckId::nbf, VerdictCode::not_yet_valid));
  outcomes.set(failure(CheckId::iss, VerdictCode::issuer));
  outcomes.set(failure(CheckId::aud, VerdictCode::audience));
  CHECK(outcomes.code() == VerdictCode::issuer);
  CHECK(outcomes.first_failure()->check == CheckId::iss);
  Outcomes equal = answered(all_of_it());
  equal.set(failure(CheckId::required, VerdictCode::claim, 1));
  equal.set(failure(CheckId::sub, VerdictCode::claim));
  CHECK(equal.first_failure()->check == CheckId::sub);
}

TEST_CASE("the list of checks is in the order of its ids, each with a name of its own") {
  std::set<std::string_view> names;
  std::size_t position = 0;
  for (const CheckInfo& check : check_list()) {
    CHECK(static_cast<std::size_t>(check.id) == position++);
    CHECK(names.insert(check.name).second);
    CHECK(&check_info(check.id) == &check);
  }
}

TEST_CASE("findings, hints and skipped keys never alter a verdict") {
  Verdict verdict;
  verdict.outcomes = answered(usual());
  verdict.findings.push_back({rules::alg_none, Severity::error, "header", "bad"});
  verdict.hints.push_back({HintId::leeway, "x"});
  verdict.skipped_keys.push_back({0, {}, "x"});
  CHECK(verdict.valid());
}

TEST_CASE("the codes stand in the order in which a verifier checks") {
  constexpr VerdictCode kOrder[] = {
      VerdictCode::ok,       VerdictCode::malformed, VerdictCode::header,
      VerdictCode::key,      VerdictCode::signature, VerdictCode::issuer,
      VerdictCode::audience, VerdictCode::claim,     VerdictCode::not_yet_valid,
      VerdictCode::expired,  VerdictCode::incomplete};
  for (std::size_t i = 1; i < std::size(kOrder); ++i) CHECK(kOrder[i - 1] < kOrder[i]);
}

TEST_CASE("every hint has a name of its own and says what it means") {
  std::set<std::string_view> names;
  for (const HintInfo& hint : hint_list()) {
    CAPTURE(hint.name);
    CHECK(names.insert(hint.name).second);
    CHECK(hint.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz-") == std::string_view::npos);
    CHECK_FALSE(hint.meaning.empty());
    CHECK_FALSE(hint.meaning.ends_with('.'));
    CHECK(to_string(hint.id) == hint.name);
  }
  CHECK(names.size() == hint_list().size());
  CHECK(names.contains("clock-skew"));
}

}  // namespace
}  // namespace jwtctl
