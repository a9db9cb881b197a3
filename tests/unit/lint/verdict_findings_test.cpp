// SPDX-License-Identifier: Apache-2.0
// What `verify` shows beside its checks.
#include "lib/base/text.h"
#include "lib/lint/token_findings.h"
#include "tests/catch.h"
#include "tests/unit/token/signed_tokens.h"

namespace jwtctl {
namespace {

Verdict judged(const std::string& text, const Policy& policy = usual()) {
  auto verdict = verify(CleanedToken{text, {}}, policy, secret_source);
  REQUIRE(verdict.has_value());
  add_findings(text, policy, *verdict);
  return *std::move(verdict);
}

TEST_CASE("findings never change the verdict and repeat no check") {
  std::string header = R"({"alg":"HS256","jku":"https://evil","jwk":{},"x5c":[]})";
  Verdict verdict = judged(sign(header, R"({"sub":"\u202e","exp":1700000060,"auth_time":"x"})"));
  CHECK(verdict.valid());
  std::vector<std::string> found;
  for (const Finding& finding : verdict.findings) found.emplace_back(finding.rule.id);
  CHECK(join(found, " ") == "JWT110 JWT111 JWT112 JWT208 JWT316");
  Policy policy = usual();
  policy.leeway = 3600;
  Verdict late = judged(sign(kHeader, R"({"exp":1699999999,"iat":1600000000})"), policy);
  CHECK(late.valid());
  CHECK(late.findings.empty());  // "expired" would contradict the leeway
}

TEST_CASE("a token that is none has its checks alone") {
  for (const char* text : {"x", "{}", "a.b.c", "e30.e30.!"}) {
    CHECK(judged(text).findings.empty());
  }
}

}  // namespace
}  // namespace jwtctl
