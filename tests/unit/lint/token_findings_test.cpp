// SPDX-License-Identifier: Apache-2.0
#include "lib/lint/token_findings.h"

#include "lib/base/limits.h"
#include "lib/base/text.h"
#include "lib/codec/base64url.h"
#include "tests/catch.h"

namespace jwtctl {
namespace {

constexpr Instant kNow{1'700'000'000, 0};
constexpr std::string_view kHeader = R"({"alg":"ES256","typ":"JWT"})";
constexpr std::string_view kPayload = R"({"iss":"https://a","aud":"b","exp":1700000001})";

std::vector<Finding> findings_of(std::string_view header, std::string_view payload,
                                 std::string_view signature = "AAAA") {
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

std::string of_header(std::string_view header) { return summary(findings_of(header, kPayload)); }
std::string of_payload(std::string_view payload) { return summary(findings_of(kHeader, payload)); }

TEST_CASE("an ordinary token has no findings") {
  CHECK(summary(findings_of(kHeader, kPayload)) == "");
}

TEST_CASE("a header that no verifier may accept is an error") {
  CHECK(of_header(R"({"alg":"none"})") == "JWT101 error header/alg");
  CHECK(of_header(R"({"alg":"nOnE"})") == "JWT102 error header/alg");
  CHECK(of_header(R"({"alg":"XX"})") == "JWT103 error header/alg");
  CHECK(of_header("{}") == "JWT103 error header/alg");
  CHECK(of_header(R"({"alg":"ES256","crit":["x"]})") == "JWT108 error header/crit");
  CHECK(of_header(R"({"alg":"ES256","b64":false})") == "JWT109 error header/crit");
}

TEST_CASE("keys within the token are found") {
  CHECK(of_header(R"({"alg":"ES256","jwk":{}})") == "JWT110 error header/jwk");
  CHECK(of_header(R"({"alg":"ES256","jku":"https://evil"})") == "JWT111 warning header/jku");
  CHECK(of_header(R"({"alg":"ES256","x5u":"https://evil"})") == "JWT111 warning header/x5u");
  CHECK(of_header(R"({"alg":"ES256","x5c":["x"]})") == "JWT112 warning header/x5c");
}

TEST_CASE("an empty signature is found unless alg says so") {
  CHECK(summary(findings_of(kHeader, kPayload, "")) == "JWT007 error signature");
  CHECK(summary(findings_of(R"({"alg":"none"})", kPayload, "")) == "JWT101 error header/alg");
}

TEST_CASE("dates are judged against the clock without leeway") {
  CHECK(of_payload(R"({"exp":1700000000})") == "JWT202 error payload/exp");
  CHECK(of_payload(R"({"exp":1700000000.001})") == "");
  CHECK(of_payload(R"({"exp":1800000000,"nbf":1700000001})") == "JWT203 error payload/nbf");
  CHECK(of_payload(R"({"exp":1800000000,"nbf":1700000000})") == "");
  CHECK(of_payload(R"({"exp":1800000000,"iat":1700000001})") == "JWT204 error payload/iat");
  CHECK(of_payload(R"({"exp":1800000000,"iat":1700000000,"nbf":0})") == "");
  CHECK(findings_of(kHeader, R"({"exp":1699999998})")[0].message == "expired 2 s ago");
}

TEST_CASE("a token without an end is a warning") {
  CHECK(of_payload("{}") == "JWT201 warning payload");
  CHECK(of_payload(R"({"exp":0})") == "JWT210 error payload/exp");
}

TEST_CASE("a token that is never valid is found") {
  CHECK(of_payload(R"({"exp":1800000000,"nbf":1800000000})") ==
        "JWT203 error payload/nbf, JWT206 error payload/nbf");
  CHECK(of_payload(R"({"exp":1600000000,"iat":1600000000})") ==
        "JWT202 error payload/exp, JWT206 error payload/iat");
}

TEST_CASE("dates of the wrong type, unit or range are found in every date claim") {
  CHECK(of_payload(R"({"exp":"1800000000"})") == "JWT208 error payload/exp");
  CHECK(of_payload(R"({"exp":1800000000000})") == "JWT209 error payload/exp");
  CHECK(of_payload(R"({"exp":1800000000,"auth_time":-1})") == "JWT210 error payload/auth_time");
  CHECK(of_payload(R"({"exp":1800000000,"updated_at":"x"})") == "JWT208 error payload/updated_at");
  CHECK(of_payload(R"({"exp":1800000000,"nbf":null,"iat":true})") ==
        "JWT208 error payload/nbf, JWT208 error payload/iat");
  auto unit = findings_of(kHeader, R"({"exp":1800000000000})");
  CHECK(unit[0].message.find("milliseconds") != std::string::npos);
}

TEST_CASE("malformed issuers and audiences are found") {
  CHECK(of_payload(R"({"exp":1800000000,"iss":""})") == "JWT301 error payload/iss");
  CHECK(of_payload(R"({"exp":1800000000,"iss":"a b:c"})") == "JWT301 error payload/iss");
  CHECK(of_payload(R"({"exp":1800000000,"aud":[]})") == "JWT306 error payload/aud");
  CHECK(of_payload(R"({"exp":1800000000,"aud":["a",1]})") == "JWT306 error payload/aud");
}

TEST_CASE("text that could fool a terminal is found at any depth") {
  CHECK(of_header(R"({"alg":"ES256","kid":"a\u001b[2J"})") == "JWT316 warning header");
  CHECK(of_payload(R"({"exp":1800000000,"a":[{"b":"\u202e"}]})") == "JWT316 warning payload");
  CHECK(of_payload(R"({"exp":1800000000,"a\u0007":1})") == "JWT316 warning payload");
  CHECK(of_payload(R"({"exp":1800000000,"a":"::error::"})") == "");
}

TEST_CASE("an encrypted token is a note and its alg is not judged") {
  Jws jws =
      read_jws(to_base64url(R"({"alg":"dir","enc":"A256GCM"})") + "..AA.AA.AA", kMaxTokenBytes);
  CHECK(summary(token_findings(jws, read_payload(jws), kNow)) == "JWT015 note header");
}

TEST_CASE("faults of the form come first, with their place") {
  auto findings = findings_of(R"({"alg":"none"})", kPayload, "Zh");
  CHECK(summary(findings) == "JWT005 error token, JWT101 error header/alg");
  CHECK(findings[0].message.find("(offset ") != std::string::npos);
}

TEST_CASE("severities have the names of SARIF") {
  CHECK(to_string(Severity::note) == "note");
  CHECK(to_string(Severity::warning) == "warning");
  CHECK(to_string(Severity::error) == "error");
}

}  // namespace
}  // namespace jwtctl
