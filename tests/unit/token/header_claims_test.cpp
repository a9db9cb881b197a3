// SPDX-License-Identifier: Apache-2.0
// The part of lib/token/claims that judges header members.
#include "lib/codec/json.h"
#include "lib/token/claims.h"
#include "tests/catch.h"

namespace jwtctl {
namespace {

Json header_of(std::string_view json) {
  JsonReading reading = read_json(json);
  REQUIRE(reading.value.has_value());
  return *std::move(reading.value);
}

void check_problem(const std::optional<HeaderProblem>& problem, RuleId rule,
                   std::string_view part) {
  CAPTURE(part);
  REQUIRE(problem.has_value());
  CAPTURE(problem->message);
  CHECK(problem->rule.id == rule.id);
  CHECK(problem->message.find(part) != std::string::npos);
}

void check_alg(std::string_view json, RuleId rule, std::string_view part) {
  check_problem(alg_problem(header_of(json)), rule, part);
}

void check_crit(std::string_view json, RuleId rule, std::string_view part) {
  check_problem(crit_problem(header_of(json)), rule, part);
}

TEST_CASE("every signature algorithm is fine, whatever the key") {
  for (std::string_view name : {"HS256", "RS512", "PS384", "ES256K", "EdDSA", "Ed25519", "Ed448"}) {
    CAPTURE(name);
    CHECK_FALSE(alg_problem(Json::object({{"alg", name}})).has_value());
  }
}

TEST_CASE("alg must be there and be a name") {
  check_alg("{}", rules::alg_unregistered, "has no alg");
  check_alg(R"({"ALG":"HS256"})", rules::alg_unregistered, "has no alg");
  for (std::string_view json :
       {R"({"alg":null})", R"({"alg":5})", R"({"alg":["HS256"]})", R"({"alg":{}})",
        R"({"alg":true})", R"({"alg":""})", R"({"alg":" \t"})"}) {
    CAPTURE(json);
    check_alg(json, rules::alg_none_variant, "must name an algorithm");
  }
}

TEST_CASE("none never verifies, in no spelling") {
  check_alg(R"({"alg":"none"})", rules::alg_none, "never verifies");
  for (std::string_view json : {R"({"alg":"None"})", R"({"alg":"NONE"})", R"({"alg":"nOnE"})",
                                R"({"alg":" none"})", R"({"alg":"none\n"})"}) {
    CAPTURE(json);
    check_alg(json, rules::alg_none_variant, "none in disguise");
  }
}

TEST_CASE("an unknown algorithm comes with the one that was meant") {
  check_alg(R"({"alg":"rs256"})", rules::alg_unregistered, "\"rs256\" does not exist; RS256 does");
  check_alg(R"({"alg":"HS265"})", rules::alg_unregistered, "HS256 does");
  check_alg(R"({"alg":"blowfish"})", rules::alg_unregistered, "\"blowfish\" does not exist");
  check_alg(R"({"alg":"RSA-OAEP"})", rules::alg_unregistered, "not one that jwtctl verifies");
  std::string huge = fmt::format(R"({{"alg":"{}"}})", std::string(5000, 'A'));
  auto problem = alg_problem(header_of(huge));
  REQUIRE(problem.has_value());
  CHECK(problem->message.size() < 200);
}

TEST_CASE("no extension is understood, so any crit is a violation") {
  CHECK_FALSE(crit_problem(header_of(R"({"alg":"HS256"})")).has_value());
  check_crit(R"({"crit":["exp"],"exp":1})", rules::crit_violation,
             "are not implemented: [\"exp\"]");
  check_crit(R"({"crit":["b64"],"b64":true})", rules::crit_violation, "not implemented");
  check_crit(R"({"crit":["alg"]})", rules::crit_violation, "not implemented");
  for (std::string_view json :
       {R"({"crit":[]})", R"({"crit":null})", R"({"crit":"exp"})", R"({"crit":{}})",
        R"({"crit":[5]})", R"({"crit":["exp",5]})", R"({"crit":[""]})", R"({"crit":false})"}) {
    CAPTURE(json);
    check_crit(json, rules::crit_violation, "non-empty array");
  }
}

TEST_CASE("b64 is absent or true (RFC 7797 section 7)") {
  CHECK_FALSE(crit_problem(header_of(R"({"b64":true})")).has_value());
  for (std::string_view json : {R"({"b64":false})", R"({"b64":null})", R"({"b64":"true"})",
                                R"({"b64":1})", R"({"b64":false,"crit":["b64"]})"}) {
    CAPTURE(json);
    check_crit(json, rules::unencoded_payload, "b64 other than true");
  }
}

}  // namespace
}  // namespace jwtctl
