// SPDX-License-Identifier: Apache-2.0
// What `decode` shows: the whole catalogue, without expectations.
#include "lib/lint/token_findings.h"

#include "tests/unit/lint/token_rules.h"

namespace jwtctl {
namespace {

std::vector<Finding> findings_of(std::string_view text) {
  Jws jws = read_jws(text, kMaxTokenBytes);
  return token_findings(jws, read_payload(jws), kExampleNow);
}

TEST_CASE("an ordinary token has no findings") {
  CHECK(testing::summary(findings_of(testing::token_of({}))).empty());
}

TEST_CASE("faults of the form come first, with their place") {
  auto findings = findings_of(testing::token_of(R"({"alg":"none"})", {}, "Zh"));
  CHECK(testing::summary(findings) == "JWT005 error token, JWT101 error header/alg");
  CHECK(findings[0].message.find("(offset ") != std::string::npos);
}

TEST_CASE("the clock is the one that was given") {
  CHECK(testing::summary(findings_of(testing::token_of(
            {}, testing::payload_with({}, R"("exp":1)")))) == "JWT202 error payload/exp");
}

TEST_CASE("a token that was decoded is not said to lie in a file, and nothing is expected of it") {
  std::string text =
      testing::token_of({}, R"({"iss":"https://issuer.example","aud":"a","exp":1767229140})");
  CHECK(testing::summary(findings_of(text)).empty());
}

TEST_CASE("messages never hold a whole token") {
  std::string inner = testing::token_of({});
  std::string header = testing::header_with(fmt::format(R"("typ":"{}","cty":"{}")", inner, inner));
  for (const Finding& finding : findings_of(testing::token_of(header))) {
    CAPTURE(finding.message);
    CHECK(finding.message.find(inner) == std::string::npos);
    CHECK(finding.message.find(inner.substr(0, inner.rfind('.'))) == std::string::npos);
  }
}

TEST_CASE("severities have the names of SARIF") {
  CHECK(to_string(Severity::note) == "note");
  CHECK(to_string(Severity::warning) == "warning");
  CHECK(to_string(Severity::error) == "error");
}

}  // namespace
}  // namespace jwtctl
