// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "lib/base/limits.h"
#include "lib/base/text.h"
#include "lib/codec/base64url.h"
#include "lib/lint/example.h"
#include "lib/lint/lint.h"
#include "tests/catch.h"

/// Tokens for the tests of rules, judged at `kExampleNow`.
namespace jwtctl::testing {

/// Claims that no rule minds, but for a bracket: `payload_with` closes it.
inline constexpr std::string_view kClaims =
    R"({"iss":"https://issuer.example","sub":"user-1","aud":"api.example")";
inline constexpr std::string_view kTimes = R"("iat":1767225540,"exp":1767229140)";

/// payload_with is an ordinary payload with more members; `times` replaces iat and exp.
inline std::string payload_with(std::string_view members, std::string_view times = kTimes) {
  std::string all(kClaims);
  for (std::string_view part : {times, members}) {
    if (!part.empty()) all += fmt::format(",{}", part);
  }
  return all + "}";
}

/// header_with is an ordinary header with more members.
inline std::string header_with(std::string_view members) {
  return fmt::format(R"({{"alg":"ES256","kid":"2026-a",{}}})", members);
}

/// judged runs the whole catalogue on a token text.
inline std::vector<Finding> judged(std::string_view text, const Expectations& expected = {},
                                   const FileFacts* file = nullptr) {
  Jws jws = read_jws(text, kMaxTokenBytes);
  Payload payload = read_payload(jws);
  Expectations at = expected;
  at.policy.now = kExampleNow;
  return judge_token({jws, payload, at, file}, every_rule());
}

/// token_of makes a token of parts; what is empty is ordinary.
inline std::string token_of(std::string_view header, std::string_view payload = {},
                            std::string_view signature = {}) {
  return example_text({.header = header, .payload = payload, .signature = signature});
}

/// summary is "id level place" of every finding.
inline std::string summary(const std::vector<Finding>& findings) {
  std::vector<std::string> lines;
  for (const Finding& finding : findings) {
    lines.push_back(
        fmt::format("{} {} {}", finding.rule.id, to_string(finding.severity), finding.place));
  }
  return join(lines, ", ");
}

inline std::string of_header(std::string_view header, const Expectations& expected = {}) {
  return summary(judged(token_of(header), expected));
}
inline std::string of_payload(std::string_view payload, const Expectations& expected = {}) {
  return summary(judged(token_of({}, payload), expected));
}
/// of_claims judges an ordinary payload with more members.
inline std::string of_claims(std::string_view members, const Expectations& expected = {}) {
  return of_payload(payload_with(members), expected);
}
inline std::string of_times(std::string_view times, const Expectations& expected = {}) {
  return of_payload(payload_with({}, times), expected);
}

}  // namespace jwtctl::testing
