// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "lib/lint/claim_name.h"
#include "lib/lint/sensitive.h"
#include "tests/unit/lint/token_rules.h"

namespace jwtctl {
namespace {

using testing::judged;
using testing::of_claims;
using testing::of_payload;
using testing::summary;
using testing::token_of;

TEST_CASE("names that look like registered ones are warnings") {
  for (std::string_view name :
       {"Exp", "EXP", "e_x_p", "ex\u200bp", "\u0435\u0445\u0440", "\uff45xp", "Iss", "aud "}) {
    CAPTURE(name);
    auto meant = meant_claim(name);
    REQUIRE(meant);
    CHECK(meant->looks_alike);
  }
  CHECK(of_claims(R"("Sub":"x")") == "JWT310 warning payload/Sub");
}

TEST_CASE("other words for a claim matter when the claim is absent") {
  CHECK(of_claims(R"("expires":1767229140)").empty());
  CHECK(of_payload(R"({"aud":"a","expiresAt":1767229140})") ==
        "JWT201 warning payload, JWT310 warning payload/expiresAt");
  CHECK(of_payload(R"({"aud":"a","exp":1767229140,"issuer":"x"})") ==
        "JWT310 warning payload/issuer");
}

TEST_CASE("names of their own are left alone") {
  for (std::string_view name : {"exp", "iss", "expert", "sub_type", "ext", "ex", "", "azp", "name",
                                "https://example.com/exp", "token_use", "act"}) {
    CAPTURE(name);
    CHECK_FALSE(meant_claim(name));
  }
  CHECK_FALSE(meant_claim("exp" + std::string(62, '_')));
  CHECK(meant_claim("exp" + std::string(61, '_')));
}

TEST_CASE("secrets are known by the name of their member") {
  for (std::string_view name : {"password", "PassWord", "client_secret", "api-key", "apiKey",
                                "AWS_SECRET_ACCESS_KEY", "refresh_token"}) {
    CAPTURE(name);
    CHECK(secret_member(name, "hunter2"));
    CHECK_FALSE(secret_member(name, ""));
    CHECK_FALSE(secret_member(name, "******"));
    CHECK_FALSE(secret_member(name, "REDACTED"));
  }
  for (std::string_view name : {"password_changed", "pwd_url", "secret_id", "token_use", "sid",
                                "access_token", "csrf_token", "at_hash"}) {
    CAPTURE(name);
    CHECK_FALSE(secret_member(name, "hunter2"));
  }
  CHECK(secret_member("access_token", token_of({})));
  CHECK_FALSE(secret_member("statement", token_of({})));
}

TEST_CASE("secrets are known by their shape") {
  auto repeat = [](std::size_t count) { return std::string(count, 'A'); };
  struct Row {
    std::string_view prefix;
    std::size_t rest;  ///< the fewest characters behind it
  };
  for (Row row : {Row{"ghp_", 36}, Row{"github_pat_", 69}, Row{"glpat-", 20}, Row{"xoxb-", 19},
                  Row{"sk_live_", 16}, Row{"AKIA", 16}, Row{"AIza", 35}, Row{"npm_", 36}}) {
    CAPTURE(row.prefix);
    CHECK(secret_in(std::string(row.prefix) + repeat(row.rest)));
    CHECK(secret_in("key=" + std::string(row.prefix) + repeat(row.rest) + ";"));
    CHECK_FALSE(secret_in(std::string(row.prefix) + repeat(row.rest - 1)));
    CHECK_FALSE(secret_in("x" + std::string(row.prefix) + repeat(row.rest)));
  }
  CHECK_FALSE(secret_in("AKIA" + repeat(17)));
  CHECK_FALSE(secret_in("AKIA" + repeat(15) + "a"));
  CHECK(secret_in("-----BEGIN RSA PRIVATE KEY-----\nx"));
  CHECK_FALSE(secret_in("-----BEGIN PUBLIC KEY-----\nx"));
}

TEST_CASE("secrets are found at any depth, and never shown") {
  CHECK(of_claims(R"("a":[{"db":{"password":"hunter2"}}])") ==
        "JWT311 error payload/a/0/db/password");
  CHECK(of_claims(R"("key":{"kty":"EC","d":"x"})") == "JWT311 error payload/key");
  CHECK(of_claims(R"("key":{"kty":"EC","x":"x"})").empty());
  auto findings = judged(token_of({}, testing::payload_with(R"("password":"hunter2")")));
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].message.find("hunter2") == std::string::npos);
}

TEST_CASE("card numbers have a network, a length and a check digit") {
  for (std::string_view card :
       {"4111111111111111", "4111-1111-1111-1111", "5555555555554444", "378282246310005",
        "6011111111111117", "3530111333300000", "30569309025904", "2223003122003222"}) {
    CAPTURE(card);
    CHECK(personal_number("card", card));
    CHECK_FALSE(personal_number("user_id", card));
    CHECK_FALSE(personal_number("sub", card));
  }
  for (std::string_view other :
       {"4111111111111112", "411111111111111", "41111111111111110", "1767225600000",
        "110169484474386276334", "9007199254740991", "4111.1111.1111.1111", "x4111111111111111"}) {
    CAPTURE(other);
    CHECK_FALSE(personal_number("number", other));
  }
}

TEST_CASE("account numbers have a country, its length and check digits") {
  CHECK(personal_number("iban", "DE89370400440532013000"));
  CHECK(personal_number("id", "GB82 WEST 1234 5698 7654 32"));
  CHECK_FALSE(personal_number("iban", "DE89370400440532013001"));
  CHECK_FALSE(personal_number("iban", "DE8937040044053201300"));
  CHECK_FALSE(personal_number("iban", "ZZ89370400440532013000"));
}

TEST_CASE("social security numbers leave out what is never given out") {
  CHECK(personal_number("ssn", "078-05-1120"));
  for (std::string_view other : {"000-05-1120", "666-05-1120", "900-05-1120", "078-00-1120",
                                 "078-05-0000", "078051120", "555-010-0100"}) {
    CAPTURE(other);
    CHECK_FALSE(personal_number("ssn", other));
  }
}

TEST_CASE("personal numbers are warnings, as texts and as numbers") {
  CHECK(of_claims(R"("card":4111111111111111)") == "JWT312 warning payload/card");
  CHECK(of_claims(R"("cards":["4111111111111111"])") == "JWT312 warning payload/cards/0");
  CHECK(of_claims(R"("email":"jo@example.com","birthdate":"1970-01-01")").empty());
}

TEST_CASE("numbers that doubles cannot hold are warnings") {
  auto of = [](std::string_view number) { return of_claims(fmt::format(R"("n":{})", number)); };
  for (std::string_view good : {"9007199254740991", "-9007199254740991", "0", "1.5", "1e10",
                                "0.12345678901234567", "100000000000000"}) {
    CAPTURE(good);
    CHECK(of(good).empty());
  }
  for (std::string_view bad : {"9007199254740992", "-9007199254740992", "12345678901234567890",
                               "-0", "0.123456789012345678"}) {
    CAPTURE(bad);
    CHECK(of(bad) == "JWT315 warning payload/n");
  }
  CHECK(testing::of_header(testing::header_with(R"("n":9007199254740992)")) ==
        "JWT315 warning header/n");
}

TEST_CASE("text that could fool a terminal has its place") {
  CHECK(testing::of_header(testing::header_with(R"("x":"a\u202e")")) == "JWT316 warning header/x");
  CHECK(of_claims(R"("a":[{"b":"\u202e"}])") == "JWT316 warning payload/a/0/b");
  CHECK(of_claims(R"("a\u0007":1)") == "JWT316 warning payload/a\a");
  CHECK(of_claims(R"("a":"::error::")").empty());
}

TEST_CASE("a check that finds something everywhere stops") {
  std::string many = R"("a":[-0)";
  for (int i = 0; i < 1000; ++i) many += ",-0";
  auto findings = judged(token_of({}, testing::payload_with(many + "]")));
  CHECK(std::count_if(findings.begin(), findings.end(),
                      [](const Finding& finding) { return finding.rule.id == "JWT315"; }) == 16);
}

TEST_CASE("a token in a file is live until it expires") {
  FileFacts file;
  auto of = [&file](std::string_view times, std::string_view signature = {},
                    std::string_view header = {}) {
    std::string text = token_of(header, testing::payload_with({}, times), signature);
    return summary(judged(text, {}, &file));
  };
  CHECK(of(R"("exp":1767225601)") == "JWT501 warning token");
  CHECK(of(R"("exp":1767225600)").find("JWT501") == std::string::npos);
  CHECK(of({}) == "JWT201 warning payload, JWT501 warning token");
  CHECK(of(R"("exp":1767225601)", "-") == "JWT007 error signature");
  CHECK(of(R"("exp":1767225601)", {}, R"({"alg":"none"})") == "JWT101 error header/alg");
  CHECK(of_claims({}).empty());
}

}  // namespace
}  // namespace jwtctl
