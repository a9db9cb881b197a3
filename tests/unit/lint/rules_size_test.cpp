// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/lint/token_rules.h"

namespace jwtctl {
namespace {

using testing::judged;
using testing::summary;

/// token_of_size makes a token of exactly this many characters, without one large claim.
std::string token_of_size(std::size_t characters) {
  for (std::string_view kid : {"2026-a", "2026", "202"}) {
    std::string header = fmt::format(R"({{"alg":"ES256","kid":"{}"}})", kid);
    std::string payload(testing::payload_with(R"("a":"","b":"","c":"")"));
    std::size_t rest = characters - to_base64url(header).size() - 88;
    if (rest % 4 == 1) continue;  // no encoder produces such a length
    std::size_t filler = rest * 3 / 4 - payload.size();
    std::string third(filler / 3, 'x');
    std::string last(filler - 2 * third.size(), 'x');
    payload =
        testing::payload_with(fmt::format(R"("a":"{}","b":"{}","c":"{}")", third, third, last));
    std::string text = testing::token_of(header, payload);
    REQUIRE(text.size() == characters);
    return text;
  }
  FAIL("no header fits");
  return {};
}

std::string of_size(std::size_t characters, const Expectations& expected = {}) {
  return summary(judged(token_of_size(characters), expected));
}

TEST_CASE("a cookie holds 4096 octets with its name") {
  CHECK(of_size(4095).empty());
  CHECK(of_size(4096) == "JWT401 warning token");
}

TEST_CASE("a header line has its limits, of which the worst is named") {
  constexpr std::size_t kPrefix = 22;  // "Authorization: Bearer "
  CHECK(of_size(8190 - kPrefix) == "JWT401 warning token");
  CHECK(of_size(8191 - kPrefix) == "JWT401 warning token, JWT402 warning token");
  CHECK(of_size(16384 - kPrefix) == "JWT401 warning token, JWT402 warning token");
  CHECK(of_size(16385 - kPrefix) == "JWT401 warning token, JWT403 error token");
  CHECK(of_size(61440 - kPrefix) == "JWT401 warning token, JWT403 error token");
  CHECK(of_size(61441 - kPrefix) == "JWT401 warning token, JWT404 error token");
}

TEST_CASE("a header line names the servers that refuse it by default") {
  auto message = [](std::size_t characters) {
    auto findings = judged(token_of_size(characters));
    REQUIRE(findings.size() == 2);
    return findings[1].message;
  };
  CHECK(message(8170).find("over the default of Apache httpd (8190), gunicorn (8190)") !=
        std::string::npos);
  CHECK(message(8170).find("nginx") == std::string::npos);
  CHECK(message(8171).find("nginx (8192)") != std::string::npos);
  CHECK(message(61419).find("Envoy (61440)") != std::string::npos);
}

/// with_groups is what is said of a token whose groups have so many octets among 1400 others.
std::string with_groups(std::size_t octets) {
  std::string payload =
      fmt::format(R"({{"aud":"a","exp":1767229140,"x":"{}","y":"{}","groups":"{}"}})",
                  std::string(700, 'x'), std::string(700, 'y'), std::string(octets, 'g'));
  return summary(judged(testing::token_of({}, payload)));
}

TEST_CASE("the claim that is more than half of a large token is named") {
  // The frame and the other claims have 1446 octets, the name and the quotes of groups 8.
  CHECK(with_groups(1438).empty());
  CHECK(with_groups(1439) == "JWT405 note payload/groups");
  CHECK(with_groups(0).empty());
}

TEST_CASE("below 2 KiB nothing is worth cutting") {
  auto of = [](std::size_t bytes) {
    Example example{.header = R"({"alg":"ES256","kid":"2026"})", .bytes = bytes};
    std::string text = example_text(example);
    REQUIRE(text.size() == bytes);
    return summary(judged(text));
  };
  CHECK(of(2048).empty());
  CHECK(of(2049) == "JWT405 note payload/groups");
}

TEST_CASE("the option --max-size is an expectation like any other") {
  Expectations expected;
  expected.max_size = 1000;
  CHECK(of_size(1000, expected).empty());
  CHECK(of_size(1001, expected) == "JWT405 error token");
}

}  // namespace
}  // namespace jwtctl
