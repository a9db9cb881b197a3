// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/lint/token_rules.h"

namespace jwtctl {
namespace {

using testing::judged;
using testing::of_claims;
using testing::of_payload;
using testing::token_of;

/// claims makes a payload of these members and ordinary times.
std::string claims(std::string_view members) {
  return fmt::format("{{{},{}}}", members, testing::kTimes);
}

TEST_CASE("an issuer is one string, and a URI when it has a colon") {
  auto of = [](std::string_view iss) {
    return of_payload(claims(fmt::format(R"("sub":"u","aud":"a","iss":{})", iss)));
  };
  for (std::string_view bad : {R"("")", R"("a b:c")", "7", R"(["https://a"])", "null"}) {
    CAPTURE(bad);
    CHECK(of(bad) == "JWT301 error payload/iss");
  }
  for (std::string_view good : {R"("accounts.google.com")", R"("https://a")", R"("urn:a:b")"}) {
    CHECK(of(good).empty());
  }
}

TEST_CASE("an expected issuer is compared character by character") {
  Expectations expected;
  expected.policy.issuers = {"https://issuer.example", "https://other.example"};
  expected.policy.audiences = {"api.example"};
  CHECK(of_claims({}, expected).empty());
  expected.policy.issuers = {"https://issuer.example/"};
  CHECK(of_claims({}, expected) == "JWT302 error payload/iss");
  auto findings = judged(token_of({}), expected);
  CHECK(findings.front().message.find("slash") != std::string::npos);
  CHECK(of_payload(claims(R"("aud":"api.example")"), expected) == "JWT302 error payload");
  CHECK(of_payload(claims(R"("aud":"api.example","iss":7)"), expected) ==
        "JWT301 error payload/iss");
}

TEST_CASE("an expected audience must be named") {
  Expectations expected;
  expected.policy.audiences = {"api.example", "b"};
  auto of = [&](std::string_view aud) {
    return of_payload(claims(fmt::format(R"("sub":"u","azp":"c","aud":{})", aud)), expected);
  };
  CHECK(of(R"("api.example")").empty());
  CHECK(of(R"(["x","b"])").empty());
  CHECK(of(R"("API.example")") == "JWT304 error payload/aud");
  CHECK(of(R"(["x","y"])") == "JWT304 error payload/aud");
  CHECK(of("[]") == "JWT306 error payload/aud");
  CHECK(of_payload(claims(R"("sub":"u")"), expected) == "JWT303 error payload");
  CHECK(of_payload(claims(R"("sub":"u")")) == "JWT303 note payload");
}

TEST_CASE("an audience that nobody checks matters when the issuer is checked") {
  Expectations expected;
  CHECK(of_claims({}, expected).empty());
  expected.policy.issuers = {"https://issuer.example"};
  CHECK(of_claims({}, expected) == "JWT305 note payload/aud");
  CHECK(of_payload(claims(R"("iss":"https://issuer.example")"), expected) == "JWT303 note payload");
}

TEST_CASE("broad audiences are notes") {
  auto of = [](std::string_view members) {
    return of_payload(claims(fmt::format(R"("iss":"https://a",{})", members)));
  };
  CHECK(of(R"("aud":["a","b"])") == "JWT307 note payload/aud");
  CHECK(of(R"("aud":["a","b"],"azp":"c")").empty());
  CHECK(of(R"("aud":["a"])").empty());
  CHECK(of(R"("aud":"https://*.example")") == "JWT307 note payload/aud");
  CHECK(of(R"("aud":"https://a")") == "JWT307 note payload/aud");
}

TEST_CASE("a subject has 1 to 255 characters") {
  auto of = [](std::string_view sub) {
    return of_payload(claims(fmt::format(R"("aud":"a","sub":{})", sub)));
  };
  auto text = [](std::size_t length) { return Json(std::string(length, 's')).dump(); };
  CHECK(of(text(0)) == "JWT308 warning payload/sub");
  CHECK(of(text(1)).empty());
  CHECK(of(text(255)).empty());
  CHECK(of(text(256)) == "JWT308 warning payload/sub");
  CHECK(of("7") == "JWT308 warning payload/sub");
  CHECK(of("null") == "JWT308 warning payload/sub");
}

TEST_CASE("required claims are those of --require and of the profile") {
  Expectations expected;
  expected.policy.required = {"sub", "email"};
  CHECK(of_claims({}, expected) == "JWT309 error payload");
  CHECK(of_claims(R"("email":null)", expected) == "JWT309 error payload/email");
  CHECK(of_claims(R"("email":"")", expected).empty());
  Expectations profile;
  profile.profile = find_profile("spiffe");
  CHECK(of_claims({}, profile).empty());
  CHECK(of_payload(claims(R"("sub":"u")"), profile) == "JWT303 note payload, JWT309 error payload");
}

TEST_CASE("a confirmation holds a public key") {
  CHECK(of_claims(R"("cnf":{"x5t#S256":"a"})").empty());
  CHECK(of_claims(R"("cnf":{"jwk":{"kty":"EC","x":"a"}})").empty());
  CHECK(of_claims(R"("cnf":{"jwk":{"kty":"EC","d":"a"}})") == "JWT313 error payload/cnf/jwk/d");
  CHECK(of_claims(R"("cnf":{"jwk":{"kty":"oct","k":"a"}})") == "JWT313 error payload/cnf/jwk/k");
  CHECK(of_claims(R"("cnf":"a")") == "JWT313 error payload/cnf");
  CHECK(of_claims(R"("cnf":{"jwk":"a"})") == "JWT313 error payload/cnf/jwk");
}

TEST_CASE("known claims of unusual types are notes") {
  CHECK(of_claims(R"("scope":"a b","email_verified":true,"groups":["a"],"roles":"a")").empty());
  CHECK(of_claims(R"("scope":["a"])") == "JWT314 note payload/scope");
  CHECK(of_claims(R"("email_verified":"true")") == "JWT314 note payload/email_verified");
  CHECK(of_claims(R"("groups":{},"roles":7)") ==
        "JWT314 note payload/groups, JWT314 note payload/roles");
}

}  // namespace
}  // namespace jwtctl
