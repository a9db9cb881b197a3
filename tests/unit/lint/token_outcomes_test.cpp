// SPDX-License-Identifier: Apache-2.0
#include <set>

#include "lib/token/judge_header.h"
#include "tests/unit/lint/token_rules.h"

namespace jwtctl {
namespace {

using testing::judged;
using testing::of_claims;
using testing::of_payload;
using testing::summary;
using testing::token_of;

using Ids = std::set<std::string>;

/// Texts of members that may stand in a payload; the first of each row is its absence.
const std::vector<std::vector<std::string>> kMembers{
    {"", R"("iss":"https://issuer.example")", R"("iss":"")", R"("iss":"a b:c")", R"("iss":7)",
     R"("iss":null)"},
    {"", R"("aud":"api.example")", R"("aud":[])", R"("aud":["","x"])", R"("aud":7)"},
    {"", R"("exp":1767229140)", R"("exp":1767225600)", R"("exp":1767225000)", R"("exp":"x")"},
    {"", R"("nbf":1767225600)", R"("nbf":1767225601)", R"("nbf":1767229140)", R"("nbf":1e30)"},
    {"", R"("iat":1767225540)", R"("iat":1767225601)", R"("iat":1767229140)",
     R"("iat":1767225540000)"}};

/// each_payload calls `judge` with every payload of these members.
template <class Judge>
void each_payload(std::size_t row, const std::string& members, Judge judge) {
  if (row == kMembers.size()) return judge(fmt::format("{{{}}}", members));
  for (const std::string& member : kMembers[row]) {
    bool both = !members.empty() && !member.empty();
    each_payload(row + 1, fmt::format("{}{}{}", members, both ? "," : "", member), judge);
  }
}

std::vector<Expectations> every_expectation() {
  std::vector<Expectations> all;
  for (bool issuer : {false, true}) {
    for (bool audience : {false, true}) {
      Expectations expected;
      expected.policy.now = kExampleNow;
      if (issuer) expected.policy.issuers = {"https://issuer.example"};
      if (issuer) expected.policy.max_age = 30;
      if (audience) expected.policy.audiences = {"x"};
      if (audience) expected.policy.required = {"nbf"};
      all.push_back(expected);
    }
  }
  return all;
}

/// judge_finds lists the rules that the judge of `verify` finds broken.
Ids judge_finds(const Json& claims, const Policy& policy) {
  Outcomes outcomes(policy);
  judge_claims(claims, policy, outcomes);
  Ids ids;
  for (const Outcome& outcome : outcomes.list()) {
    if (outcome.status != CheckStatus::fail) continue;
    // What lint does not say: see is_said.
    if (outcome.rule == rules::aud_unchecked && policy.issuers.empty()) continue;
    if (outcome.check == CheckId::max_age && outcome.rule != rules::stale) continue;
    ids.emplace(outcome.rule.id);
  }
  return ids;
}

/// lint_may_add lists the rules that lint may find beyond the judge: what a verifier need not ask,
/// or hides behind another answer of the same check.
Ids lint_may_add(const Ids& found, const Policy& policy) {
  Ids ids{"JWT301", "JWT306"};  // the form of iss and of aud, and an empty entry
  if (policy.audiences.empty()) ids.insert("JWT303");
  if (found.count("JWT206") != 0) ids.insert({"JWT203", "JWT204"});
  return ids;
}

TEST_CASE("a claim breaks the same rules for lint and for verify") {
  // The rules that the judge of claims knows.
  const Ids shared{"JWT201", "JWT202", "JWT203", "JWT204", "JWT206", "JWT208", "JWT209", "JWT210",
                   "JWT211", "JWT301", "JWT302", "JWT303", "JWT304", "JWT305", "JWT306", "JWT309"};
  Ids seen;
  for (const Expectations& expected : every_expectation()) {
    each_payload(0, "", [&](const std::string& payload) {
      auto json = parse_json(payload, "claims");
      REQUIRE(json.has_value());
      Ids verify = judge_finds(*json, expected.policy);
      Ids lint;
      for (const Finding& finding : judged(token_of({}, payload), expected)) {
        if (shared.count(std::string(finding.rule.id)) != 0) lint.emplace(finding.rule.id);
      }
      CAPTURE(payload, expected.policy.issuers, expected.policy.audiences, verify, lint);
      for (const std::string& id : verify) CHECK(lint.count(id) == 1);
      Ids more = lint_may_add(verify, expected.policy);
      for (const std::string& id : lint) CHECK((verify.count(id) == 1 || more.count(id) == 1));
      seen.merge(verify);
    });
  }
  CHECK(seen == shared);
}

TEST_CASE("an empty iss is no issuer, and not the wrong one") {
  Expectations expected;
  expected.policy.issuers = {"https://issuer.example"};
  expected.policy.audiences = {"api.example"};
  CHECK(of_payload(fmt::format(R"({{"iss":"","aud":"api.example",{}}})", testing::kTimes),
                   expected) == "JWT301 error payload/iss");
}

TEST_CASE("a list of algorithms means the same for lint and for verify") {
  for (std::string_view allowed : {"ES256", "EdDSA", "Ed25519", "Ed448", "HS256"}) {
    Expectations expected;
    expected.policy.algorithms = {std::string(allowed)};
    for (std::string_view alg : {"ES256", "EdDSA", "Ed25519", "Ed448", "HS256", "none", "ES521"}) {
      CAPTURE(allowed, alg);
      std::string header = fmt::format(R"({{"alg":"{}","kid":"1"}})", alg);
      Outcome outcome = judge_algorithm(*parse_json(header, "header"), expected.policy);
      std::string said = summary(judged(token_of(header), expected));
      bool refused = outcome.rule == rules::alg_not_allowed;
      CHECK((said.find("JWT107") != std::string::npos) == refused);
      CHECK(
          (outcome.status == CheckStatus::pass || said.find(outcome.rule.id) != std::string::npos));
    }
  }
}

TEST_CASE("an age that cannot be judged is no finding") {
  Expectations expected;
  expected.policy.max_age = 60;
  std::string end = R"("exp":1767229140)";
  CHECK(testing::of_times(end, expected).empty());
  CHECK(testing::of_times(end + R"(,"iat":"x")", expected) == "JWT208 error payload/iat");
}

}  // namespace
}  // namespace jwtctl
