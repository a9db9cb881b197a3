// SPDX-License-Identifier: Apache-2.0
// What every verdict of lib/token/verify has in common, and what a policy adds.
#include <algorithm>

#include "lib/base/text.h"
#include "lib/codec/base64url.h"
#include "lib/crypto/openssl.h"
#include "lib/token/verify.h"
#include "tests/catch.h"
#include "tests/unit/token/signed_tokens.h"

namespace jwtctl {
namespace {

Verdict judge(std::string text, const Policy& policy = usual()) {
  auto verdict = verify(CleanedToken{std::move(text), {}}, policy, secret_source);
  INFO((verdict ? "" : verdict.error().message));
  REQUIRE(verdict.has_value());
  return *std::move(verdict);
}

std::vector<std::string> names(const Verdict& verdict) {
  std::vector<std::string> list;
  for (const Check& check : verdict.checks) list.push_back(check.name);
  return list;
}

bool has_hint(const Verdict& verdict, HintId id) {
  return std::any_of(verdict.hints.begin(), verdict.hints.end(),
                     [id](const Hint& hint) { return hint.id == id; });
}

TEST_CASE("every check is named exactly once in every verdict") {
  Policy policy = usual();
  policy.required = {"scope", "sub"};
  policy.claims = {{"role", Json("admin")}};
  std::vector<std::string> expected{
      "form",    "alg", "crit", "typ",           "key",         "signature",
      "iss",     "aud", "sub",  "require:scope", "require:sub", "claim:role",
      "revoked", "nbf", "iat",  "exp",           "max-age",     "min-remaining"};
  for (const std::string& token :
       {std::string("x"), sign(R"({"alg":"none"})", kClaims), sign(R"({"alg":"RS256"})", kClaims),
        sign(R"({"alg":"HS256","kid":5})", kClaims), forge(kHeader, kClaims),
        sign(kHeader, kClaims), sign(kHeader, "{}"), sign(kHeader, R"({"exp":1700000000000})"),
        sign(kHeader, R"({"exp":1700000001,"nbf":1700000002,"iat":1700000002})"),
        sign(kHeader, R"({"exp":"x","nbf":"x","iat":"x","iss":5,"aud":5,"sub":5})")}) {
    CAPTURE(token);
    CHECK(names(judge(token, policy)) == expected);
    Policy strict = policy;
    strict.strict = true;
    strict.algorithms = {"HS256"};
    std::vector<std::string> more = expected;
    more.insert(more.begin() + 4, "header-types");
    more.insert(more.begin() + 10, "claim-types");
    CHECK(names(judge(token, strict)) == more);
  }
}

TEST_CASE("a cleaned token is judged, but not under --strict") {
  CleanedToken cleaned{sign(kHeader, kClaims), {"bearer", "quotes"}};
  Policy policy = usual();
  CHECK(verify(cleaned, policy, secret_source)->valid());
  policy.strict = true;
  policy.algorithms = {"HS256"};
  auto strict = verify(cleaned, policy, secret_source);
  REQUIRE(strict.has_value());
  CHECK(strict->code() == VerdictCode::malformed);
  CHECK(strict->checks[0].message.find("bearer, quotes") != std::string::npos);
  Verdict broken = *verify(CleanedToken{"x", {"bearer"}}, usual(), secret_source);
  CHECK(has_hint(broken, HintId::token_cleaned));
}

TEST_CASE("under --strict the algorithm comes from the user or from the key") {
  Policy policy = usual();
  policy.strict = true;
  CleanedToken token{sign(kHeader, kClaims), {}};
  auto verdict = verify(token, policy, secret_source);
  REQUIRE_FALSE(verdict.has_value());
  CHECK(verdict.error().code == ErrorCode::usage);
  CHECK(verdict.error().hint == "add --alg HS256");
  policy.algorithms = {"HS256"};
  CHECK(verify(token, policy, secret_source)->valid());
}

TEST_CASE("the limit on the size of a token is the policy's") {
  std::string token = sign(kHeader, kClaims);
  Policy policy = usual();
  policy.max_token_bytes = token.size();
  CHECK(judge(token, policy).valid());
  policy.max_token_bytes = token.size() - 1;
  Verdict verdict = judge(token, policy);
  CHECK(verdict.code() == VerdictCode::malformed);
  CHECK(verdict.checks[0].rule.id == rules::json_limits.id);
}

}  // namespace
}  // namespace jwtctl
