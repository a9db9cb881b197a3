// SPDX-License-Identifier: Apache-2.0
// What `decode` and `sign` show; each rule has tests of its own.
#include "lib/lint/token_findings.h"

#include "lib/base/limits.h"
#include "lib/base/text.h"
#include "lib/codec/base64url.h"
#include "tests/catch.h"

namespace jwtctl {
namespace {

constexpr Instant kNow{1'700'000'000, 0};
constexpr std::string_view kHeader = R"({"alg":"ES256","typ":"JWT","kid":"a"})";
constexpr std::string_view kPayload =
    R"({"iss":"https://a","sub":"s","aud":"b","exp":1700000600,"iat":1699999990})";
const std::string kSignature = to_base64url(std::string(64, '\x55'));

std::vector<Finding> findings_of(std::string_view header, std::string_view payload,
                                 std::string_view signature = kSignature) {
  Jws jws =
      read_jws(fmt::format("{}.{}.{}", to_base64url(header), to_base64url(payload), signature),
               kMaxTokenBytes);
  return token_findings(jws, read_payload(jws), kNow);
}

/// summary is "id severity place" of every finding.
std::string summary(const std::vector<Finding>& findings) {
  std::vector<std::string> lines;
  for (const Finding& finding : findings) {
    lines.push_back(
        fmt::format("{} {} {}", finding.rule.id, to_string(finding.severity), finding.place));
  }
  return join(lines, ", ");
}

TEST_CASE("an ordinary token has no findings") {
  CHECK(summary(findings_of(kHeader, kPayload)) == "");
}

TEST_CASE("findings come in the order of the ids, with their place") {
  CHECK(summary(findings_of(R"({"alg":"none","kid":"a"})", kPayload, "")) ==
        "JWT101 error header/alg");
  CHECK(summary(findings_of(kHeader, R"({"iss":"","sub":"s","aud":[],"exp":"x"})")) ==
        "JWT208 error payload/exp, JWT301 error payload/iss, JWT306 error payload/aud");
}

TEST_CASE("dates are judged against the clock without leeway") {
  auto expired = findings_of(
      kHeader, R"({"iss":"https://a","sub":"s","aud":"b","exp":1699000000,"iat":1698999000})");
  REQUIRE(summary(expired) == "JWT202 error payload/exp");
  CHECK(expired[0].message == "expired 11 d 13 h ago");
}

TEST_CASE("an encrypted token is a note and its alg is not judged") {
  Jws jws =
      read_jws(to_base64url(R"({"alg":"dir","enc":"A256GCM"})") + "..AA.AA.AA", kMaxTokenBytes);
  CHECK(summary(token_findings(jws, read_payload(jws), kNow)) == "JWT015 note header");
}

TEST_CASE("faults of the form say where in the token they are") {
  auto findings = findings_of(kHeader, kPayload, kSignature.substr(0, 85) + "B");
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].rule == rules::base64_noncanonical);
  CHECK(
      findings[0].offset ==
      read_jws(fmt::format("{}.{}.", to_base64url(kHeader), to_base64url(kPayload)), kMaxTokenBytes)
              .text.size() +
          85);
}

TEST_CASE("severities have the names of SARIF") {
  CHECK(to_string(Severity::note) == "note");
  CHECK(to_string(Severity::warning) == "warning");
  CHECK(to_string(Severity::error) == "error");
}

}  // namespace
}  // namespace jwtctl
