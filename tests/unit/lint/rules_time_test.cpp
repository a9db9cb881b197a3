// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/lint/token_rules.h"

namespace jwtctl {
namespace {

using testing::judged;
using testing::of_times;
using testing::summary;
using testing::token_of;

constexpr std::int64_t kNow = kExampleNow.seconds;
constexpr Seconds kDay = 86400;

std::string exp_at(std::int64_t exp) { return fmt::format(R"("exp":{})", exp); }
std::string iat_at(std::int64_t iat) {
  return fmt::format(R"("iat":{},"exp":{})", iat, kNow + 3600);
}
std::string nbf_at(std::int64_t nbf) {
  return fmt::format(R"("nbf":{},"exp":{})", nbf, kNow + 3600);
}

TEST_CASE("a token is good until the second of its exp") {
  CHECK(of_times(exp_at(kNow + 1)).empty());
  CHECK(of_times(R"("exp":1767225600.001)").empty());
  CHECK(of_times(exp_at(kNow)) == "JWT202 error payload/exp, JWT205 note payload/exp");
  auto findings = judged(token_of({}, testing::payload_with({}, exp_at(kNow - 2))));
  REQUIRE(findings.size() == 2);
  CHECK(findings[0].message == "expired 2 s ago");
  CHECK(findings[1].message == "clocks may differ: a leeway of 3 s would let exp pass");
}

TEST_CASE("a token is good from the second of its nbf and iat") {
  CHECK(of_times(nbf_at(kNow)).empty());
  CHECK(of_times(nbf_at(kNow + 1)) == "JWT203 error payload/nbf, JWT205 note payload/nbf");
  CHECK(of_times(iat_at(kNow)).empty());
  CHECK(of_times(iat_at(kNow + 1)) == "JWT204 error payload/iat, JWT205 note payload/iat");
}

TEST_CASE("the leeway moves every border by itself") {
  Expectations expected;
  expected.policy.leeway = 60;
  CHECK(of_times(exp_at(kNow - 59), expected).empty());
  CHECK(of_times(exp_at(kNow - 60), expected).find("JWT202") == 0);
  CHECK(of_times(nbf_at(kNow + 60), expected).empty());
  CHECK(of_times(nbf_at(kNow + 61), expected).find("JWT203") == 0);
  CHECK(of_times(iat_at(kNow + 60), expected).empty());
  CHECK(of_times(iat_at(kNow + 61), expected).find("JWT204") == 0);
}

TEST_CASE("a clock is suspected up to 5 minutes") {
  CHECK(of_times(exp_at(kNow - 300)) == "JWT202 error payload/exp, JWT205 note payload/exp");
  CHECK(of_times(exp_at(kNow - 301)) == "JWT202 error payload/exp");
  CHECK(of_times(nbf_at(kNow + 300)) == "JWT203 error payload/nbf, JWT205 note payload/nbf");
  CHECK(of_times(nbf_at(kNow + 301)) == "JWT203 error payload/nbf");
  CHECK(of_times(iat_at(kNow + 300)) == "JWT204 error payload/iat, JWT205 note payload/iat");
  CHECK(of_times(iat_at(kNow + 301)) == "JWT204 error payload/iat");
}

TEST_CASE("the leeway that is suggested is enough, and the smallest") {
  for (std::string_view times :
       {R"("exp":1767225590)", R"("exp":1767225590.5)", R"("nbf":1767225610,"exp":1767229200)",
        R"("nbf":1767225610.5,"exp":1767229200)", R"("iat":1767225610,"exp":1767229200)"}) {
    CAPTURE(times);
    auto findings = judged(token_of({}, testing::payload_with({}, times)));
    REQUIRE(findings.size() == 2);
    std::string text = findings[1].message;
    Expectations expected;
    expected.policy.leeway = std::stoll(text.substr(text.find("leeway of ") + 10));
    CHECK(of_times(times, expected).empty());
    --expected.policy.leeway;
    CHECK_FALSE(of_times(times, expected).empty());
  }
}

TEST_CASE("a token without an end is a warning, and an error where a profile demands one") {
  CHECK(of_times({}) == "JWT201 warning payload");
  Expectations expected;
  expected.profile = find_profile("spiffe");
  CHECK(of_times({}, expected) == "JWT201 error payload");
  CHECK(of_times(R"("exp":0)") == "JWT210 error payload/exp");
}

TEST_CASE("a window that is empty is found by either start") {
  CHECK(of_times(fmt::format(R"("nbf":{0},"exp":{0})", kNow + 1000)) ==
        "JWT203 error payload/nbf, JWT206 error payload/nbf");
  CHECK(of_times(fmt::format(R"("nbf":{},"exp":{})", kNow + 999, kNow + 1000)) ==
        "JWT203 error payload/nbf");
  CHECK(of_times(fmt::format(R"("iat":{0},"exp":{0})", kNow - 1000)) ==
        "JWT202 error payload/exp, JWT206 error payload/iat");
}

/// lives is what is said of a token of this lifetime.
std::string lives(Seconds ttl, const Expectations& expected = {}, std::string_view typ = "JWT",
                  std::string_view start = "iat") {
  std::string times = fmt::format(R"("{}":{},"exp":{})", start, kNow - 60, kNow - 60 + ttl);
  std::string header = testing::header_with(fmt::format(R"("typ":"{}")", typ));
  return summary(judged(token_of(header, testing::payload_with({}, times)), expected));
}

TEST_CASE("a token lives for 30 days, an access token for one") {
  constexpr std::string_view kWarning = "JWT207 warning payload/exp";
  CHECK(lives(30 * kDay).empty());
  CHECK(lives(30 * kDay + 1) == kWarning);
  CHECK(lives(30 * kDay, {}, "JWT", "nbf").empty());
  CHECK(lives(30 * kDay + 1, {}, "JWT", "nbf") == kWarning);
  CHECK(lives(kDay, {}, "at+jwt").empty());
  CHECK(lives(kDay + 1, {}, "at+jwt") == kWarning);
  Expectations expected;
  expected.profile = find_profile("gitlab");
  CHECK(lives(kDay, expected).find("JWT207") == std::string::npos);
  CHECK(lives(kDay + 1, expected).find(kWarning) != std::string::npos);
  expected = {};
  expected.max_ttl = 600;
  CHECK(lives(600, expected).empty());
  CHECK(lives(601, expected) == "JWT207 error payload/exp");
}

TEST_CASE("a cluster's token may end late when it says when to replace it") {
  std::string times = fmt::format(R"("iat":{},"exp":{})", kNow, kNow + 365 * kDay);
  auto of = [&](std::string_view member) {
    return summary(judged(token_of({}, testing::payload_with(member, times))));
  };
  CHECK(of(R"("kubernetes.io":{"warnafter":1767229207})").empty());
  CHECK(of(R"("kubernetes.io":{"namespace":"a"})") == "JWT207 warning payload/exp");
}

TEST_CASE("dates of the wrong type, unit or range are found, and weigh by their use") {
  std::string exp = exp_at(kNow + 60);
  CHECK(of_times(R"("exp":"1767229140")") == "JWT208 error payload/exp");
  CHECK(of_times(fmt::format(R"({},"nbf":null,"iat":true)", exp)) ==
        "JWT208 error payload/nbf, JWT208 error payload/iat");
  CHECK(of_times(exp + R"(,"auth_time":"x")") == "JWT208 warning payload/auth_time");
  CHECK(of_times(exp + R"(,"updated_at":"x")") == "JWT208 note payload/updated_at");
  CHECK(of_times(R"("exp":99999999999)").empty());
  CHECK(of_times(R"("exp":1767229140000)") == "JWT209 error payload/exp");
  CHECK(of_times(R"("exp":253402300799)").empty());
  CHECK(of_times(R"("exp":253402300800)") == "JWT210 error payload/exp");
  CHECK(of_times(exp + R"(,"nbf":-1)") == "JWT210 error payload/nbf");
  CHECK(of_times(exp + R"(,"nbf":0)").empty());
  CHECK(of_times(exp + R"(,"iat":1767225540.123456789123)").empty());
  CHECK(of_times(R"("exp":1e400)") == "JWT210 error token");
}

TEST_CASE("the option --max-age is an expectation like any other") {
  Expectations expected;
  expected.policy.max_age = 60;
  CHECK(of_times(iat_at(kNow - 60), expected).empty());
  CHECK(of_times(iat_at(kNow - 61), expected) == "JWT211 error payload/iat");
  expected.policy.leeway = 1;
  CHECK(of_times(iat_at(kNow - 61), expected).empty());
  CHECK(of_times(exp_at(kNow + 60), expected).empty());
}

TEST_CASE("without a clock nothing is said that time could change") {
  RuleSelection selection = every_rule();
  selection.clock = false;
  std::string text = token_of({}, testing::payload_with({}, exp_at(1)));
  Jws jws = read_jws(text, kMaxTokenBytes);
  Payload payload = read_payload(jws);
  Expectations expected;
  expected.policy.now = kExampleNow;
  CHECK(summary(judge_token({jws, payload, expected}, selection)).empty());
}

}  // namespace
}  // namespace jwtctl
