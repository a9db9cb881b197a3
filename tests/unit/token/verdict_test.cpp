// SPDX-License-Identifier: Apache-2.0
#include "lib/token/verdict.h"

#include <set>

#include "lib/token/check_builder.h"
#include "tests/catch.h"

namespace jwtctl {
namespace {

void add_failure(Verdict& verdict, std::string name, VerdictCode code) {
  CheckBuilder(verdict, std::move(name)).fail(code, rules::none, "no");
}

TEST_CASE("a verdict without failures is valid") {
  Verdict verdict;
  CHECK(verdict.valid());
  CheckBuilder(verdict, "sub").skip("not asked");
  CheckBuilder(verdict, "exp").pass("good");
  CHECK(verdict.valid());
  CHECK(verdict.code() == VerdictCode::ok);
  CHECK(verdict.first_failure() == nullptr);
}

TEST_CASE("the smallest code among the failures is the verdict") {
  Verdict verdict;
  add_failure(verdict, "exp", VerdictCode::expired);
  CHECK(verdict.code() == VerdictCode::expired);
  add_failure(verdict, "nbf", VerdictCode::not_yet_valid);
  add_failure(verdict, "iss", VerdictCode::issuer);
  add_failure(verdict, "aud", VerdictCode::audience);
  CHECK(verdict.code() == VerdictCode::issuer);
  CHECK(verdict.first_failure()->name == "iss");
  CHECK_FALSE(verdict.valid());
}

TEST_CASE("of failures with one code the first counts") {
  Verdict verdict;
  add_failure(verdict, "sub", VerdictCode::claim);
  add_failure(verdict, "require:x", VerdictCode::claim);
  CHECK(verdict.first_failure()->name == "sub");
}

TEST_CASE("a check that passed or was skipped decides nothing, whatever its code") {
  Verdict verdict;
  Check check;
  check.name = "odd";
  check.status = CheckStatus::pass;
  check.code = VerdictCode::malformed;
  verdict.checks.push_back(check);
  CHECK(verdict.valid());
}

TEST_CASE("findings, hints and skipped keys never alter a verdict") {
  Verdict verdict;
  verdict.findings.push_back({rules::alg_none, Severity::error, "header", "bad"});
  verdict.hints.push_back({HintId::leeway, "x"});
  verdict.skipped_keys.push_back({0, {}, "x"});
  CHECK(verdict.valid());
}

TEST_CASE("a builder keeps what was expected and what was there") {
  Verdict verdict;
  Json actual = 5;
  CheckBuilder(verdict, "a")
      .expected("x")
      .actual(&actual)
      .fail(VerdictCode::claim, rules::expired, "{} is {}", "it", 5);
  CheckBuilder(verdict, "b").actual(static_cast<const Json*>(nullptr)).skip("none");
  REQUIRE(verdict.checks.size() == 2);
  const Check& check = verdict.checks[0];
  CHECK(check.status == CheckStatus::fail);
  CHECK(check.expected.dump() == "\"x\"");
  CHECK(check.actual.dump() == "5");
  CHECK(check.rule.id == "JWT202");
  CHECK(check.message == "it is 5");
  CHECK(verdict.checks[1].status == CheckStatus::skip);
  CHECK(verdict.checks[1].code == VerdictCode::ok);
  CHECK(verdict.checks[1].actual.is_null());
}

TEST_CASE("the codes stand in the order in which a verifier checks") {
  constexpr VerdictCode kOrder[] = {
      VerdictCode::ok,       VerdictCode::malformed, VerdictCode::header,
      VerdictCode::key,      VerdictCode::signature, VerdictCode::issuer,
      VerdictCode::audience, VerdictCode::claim,     VerdictCode::not_yet_valid,
      VerdictCode::expired};
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
