// SPDX-License-Identifier: Apache-2.0
#include "lib/token/decode.h"

#include <algorithm>

#include "lib/base/limits.h"
#include "lib/codec/base64url.h"
#include "lib/lint/token_findings.h"
#include "tests/catch.h"

namespace jwtctl {
namespace {

std::string token_of(std::string_view header, std::string_view payload) {
  return fmt::format("{}.{}.AAAA", to_base64url(header), to_base64url(payload));
}

Decoded decoded(std::string text) {
  return decode(CleanedToken{std::move(text), {}}, kMaxTokenBytes);
}

bool has_finding(const Decoded& token, RuleId rule) {
  auto findings = token_findings(token.jws, token.payload, {1'700'000'000, 0});
  return std::any_of(findings.begin(), findings.end(),
                     [rule](const Finding& finding) { return finding.rule == rule; });
}

TEST_CASE("a token shows its header and its claims") {
  Decoded token = decoded(token_of(R"({"alg":"HS256"})", R"({"sub":"x","exp":1800000000})"));
  CHECK(token.fault() == nullptr);
  CHECK(token.jws.header_text("alg") == "HS256");
  CHECK(token.payload.claims->dump() == R"({"sub":"x","exp":1800000000})");
}

TEST_CASE("claims are listed by their size, largest first") {
  Decoded token = decoded(token_of(R"({"alg":"HS256"})",
                                   R"({"a":1,"groups":["x", "y"],"b":2,"sub":"abcdefg","c":[]})"));
  std::string sizes;
  for (const auto& [name, size] : token.claim_sizes) sizes += fmt::format("{}={} ", name, size);
  // As compact JSON; claims of one size keep their order.
  CHECK(sizes == "groups=9 sub=9 c=2 a=1 b=1 ");
  CHECK(decoded(token_of("{}", "[1,2]")).claim_sizes.empty());
}

TEST_CASE("a fault of spelling is no obstacle") {
  std::string token = token_of(R"({"alg":"HS256"})", R"({"sub":"x","exp":1800000000})") + "==";
  token.replace(token.size() - 6, 4, "Zg");
  Decoded padded = decoded(token);
  CHECK(padded.fault() == nullptr);
  REQUIRE(padded.jws.faults.size() == 1);
  CHECK(padded.jws.faults[0].rule == rules::base64_padding);

  Decoded twice = decoded(token_of(R"({"alg":"HS256"})", R"({"exp":1,"exp":1800000000})"));
  CHECK(twice.fault() == nullptr);
  REQUIRE(twice.payload.faults.size() == 1);
  CHECK(twice.payload.faults[0].rule == rules::duplicate_member);
}

TEST_CASE("what keeps a token from being read is its fault") {
  struct Row {
    std::string token;
    RuleId rule;
  };
  std::string good = token_of(R"({"alg":"HS256"})", "{}");
  for (const Row& row :
       {Row{"", rules::segment_count}, Row{"{}", rules::not_compact},
        Row{"e30", rules::segment_count}, Row{"e30.e30.!", rules::illegal_character},
        Row{token_of("{", "{}"), rules::json_invalid},
        Row{token_of("{}", "{"), rules::json_invalid},
        Row{token_of("[]", "{}"), rules::json_invalid},
        Row{token_of("{}", ""), rules::segment_count},
        Row{token_of("{}", R"({"a":1e999})"), rules::date_out_of_range},
        Row{good + "A", rules::base64_noncanonical}, Row{good + ".x", rules::segment_count}}) {
    CAPTURE(row.token);
    Decoded token = decoded(row.token);
    REQUIRE(token.fault() != nullptr);
    CHECK(token.fault()->rule.id == row.rule.id);
    CHECK(has_finding(token, row.rule));
  }
}

TEST_CASE("a broken payload leaves the header readable") {
  Decoded token = decoded(token_of(R"({"alg":"HS256"})", "{\"sub\":"));
  CHECK(token.fault() != nullptr);
  CHECK(token.jws.header_text("alg") == "HS256");
  CHECK_FALSE(token.payload.claims.has_value());
  Decoded scalar = decoded(token_of(R"({"alg":"HS256"})", "5"));
  CHECK(scalar.fault() == nullptr);  // it is shown, and found fault with
  CHECK(has_finding(scalar, rules::json_invalid));
}

TEST_CASE("an encrypted token has a header and no fault") {
  Decoded token = decoded(to_base64url(R"({"alg":"dir","enc":"A256GCM"})") + "..AAAA.AAAA.AAAA");
  CHECK(token.fault() == nullptr);
  CHECK(token.jws.kind == TokenKind::jwe);
  CHECK_FALSE(token.payload.claims.has_value());
  CHECK(has_finding(token, rules::encrypted));
}

TEST_CASE("an unsigned token decodes") {
  Decoded token = decoded(to_base64url(R"({"alg":"none"})") + "." + to_base64url("{}") + ".");
  CHECK(token.fault() == nullptr);
  CHECK(has_finding(token, rules::alg_none));
  CHECK_FALSE(has_finding(token, rules::signature_missing));
}

TEST_CASE("a token over the limit is not looked into") {
  std::string text = token_of("{}", "{}");
  Decoded token = decode(CleanedToken{text, {"quotes"}}, text.size() - 1);
  REQUIRE(token.fault() != nullptr);
  CHECK(token.fault()->rule.id == rules::json_limits.id);
  CHECK(token.token.text == text);
  CHECK(token.token.cleanings == std::vector<std::string>{"quotes"});
  CHECK(decode(CleanedToken{text, {}}, text.size()).fault() == nullptr);
}

TEST_CASE("a token id is the beginning of its SHA-256") {
  CHECK(*token_id("abc") == "tok:ba7816bf8f01");  // FIPS 180-4
  CHECK(*token_id("") == "tok:e3b0c44298fc");
}

}  // namespace
}  // namespace jwtctl
