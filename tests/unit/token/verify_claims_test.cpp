// SPDX-License-Identifier: Apache-2.0
#include "tests/catch.h"
#include "tests/unit/token/signed_tokens.h"

namespace jwtctl {
namespace {

/// lenient asks for nothing.
Policy lenient() {
  Policy policy;
  policy.now = {kNow, 0};
  policy.allow_no_exp = true;
  return policy;
}

Verdict judge(const Policy& policy, std::string_view claims) {
  auto verdict = verify(CleanedToken{sign(kHeader, claims), {}}, policy, secret_source);
  REQUIRE(verdict.has_value());
  return *std::move(verdict);
}

const Check& check_of(const Verdict& verdict, std::string_view name) {
  for (const Check& check : verdict.checks) {
    if (check.name == name) return check;
  }
  FAIL("no check " << name);
  return verdict.checks.front();
}

bool has_hint(const Verdict& verdict, HintId id) {
  for (const Hint& hint : verdict.hints) {
    if (hint.id == id) return true;
  }
  return false;
}

/// outcome judges `claims` and tells of check `name`: "pass", "skip", or the code and the rule.
std::string outcome(const Policy& policy, std::string_view claims, std::string_view name) {
  Verdict verdict = judge(policy, claims);
  const Check& check = check_of(verdict, name);
  if (check.status == CheckStatus::pass) return "pass";
  if (check.status == CheckStatus::skip) return "skip";
  constexpr std::string_view kCodes[] = {"ok",     "malformed", "header", "key",     "signature",
                                         "issuer", "audience",  "claim",  "not-yet", "expired"};
  std::string_view code = kCodes[static_cast<std::size_t>(check.code)];
  return check.rule ? fmt::format("{} {}", code, check.rule.id) : std::string(code);
}

void check_message(const Verdict& verdict, std::string_view name, std::string_view part) {
  const std::string& message = check_of(verdict, name).message;
  CAPTURE(message, part);
  CHECK(message.find(part) != std::string::npos);
}

TEST_CASE("what is not asked for is skipped, and says so") {
  Verdict verdict = judge(lenient(), R"({"iss":"https://a","sub":"x"})");
  CHECK(verdict.valid());
  check_message(verdict, "iss", "--issuer; the token says \"https://a\"");
  check_message(verdict, "sub", "not asked: --subject");
  check_message(verdict, "revoked", "not asked: --revoked");
  check_message(verdict, "exp", "--allow-no-exp");
  for (std::string_view name :
       {"iss", "aud", "sub", "revoked", "nbf", "iat", "exp", "max-age", "min-remaining"}) {
    CAPTURE(name);
    CHECK(check_of(verdict, name).status == CheckStatus::skip);
  }
}

TEST_CASE("the issuer is one of those expected, exactly") {
  Policy policy = lenient();
  policy.issuers = {"https://a", "https://b"};
  CHECK(outcome(policy, R"({"iss":"https://a"})", "iss") == "pass");
  CHECK(outcome(policy, R"({"iss":"https://b"})", "iss") == "pass");
  CHECK(outcome(policy, R"({"iss":"https://c"})", "iss") == "issuer JWT302");
  CHECK(outcome(policy, "{}", "iss") == "issuer JWT302");
  CHECK(outcome(policy, R"({"iss":["https://a"]})", "iss") == "issuer JWT301");
  CHECK(outcome(policy, R"({"iss":""})", "iss") == "issuer JWT301");
  Verdict near = judge(policy, R"({"iss":"https://a/"})");
  CHECK(has_hint(near, HintId::issuer_near));
  check_message(near, "iss", "actual \"https://a/\"");
  CHECK_FALSE(has_hint(judge(policy, R"({"iss":"https://c"})"), HintId::issuer_near));
}

TEST_CASE("a malformed issuer fails even when none was expected") {
  CHECK(outcome(lenient(), R"({"iss":5})", "iss") == "claim JWT301");
  CHECK(outcome(lenient(), R"({"iss":""})", "iss") == "claim JWT301");
  CHECK(outcome(lenient(), R"({"iss":null})", "iss") == "claim JWT301");
}

TEST_CASE("an audience that nobody asked about is refused (RFC 7519 section 4.1.3)") {
  Verdict verdict = judge(lenient(), R"({"aud":"api"})");
  CHECK(outcome(lenient(), R"({"aud":"api"})", "aud") == "audience JWT305");
  CHECK(has_hint(verdict, HintId::audience_unasked));
  CHECK(outcome(lenient(), R"({"aud":[]})", "aud") == "audience JWT305");
  CHECK(outcome(lenient(), "{}", "aud") == "skip");
}

TEST_CASE("any audience of the token may be any that is expected") {
  Policy policy = lenient();
  policy.audiences = {"api", "web"};
  CHECK(outcome(policy, R"({"aud":"web"})", "aud") == "pass");
  CHECK(outcome(policy, R"({"aud":["x","api"]})", "aud") == "pass");
  CHECK(outcome(policy, R"({"aud":["x","y"]})", "aud") == "audience JWT304");
  CHECK(outcome(policy, R"({"aud":"API"})", "aud") == "audience JWT304");
  CHECK(outcome(policy, "{}", "aud") == "audience JWT303");
  CHECK(outcome(policy, R"({"aud":["api",5]})", "aud") == "audience JWT306");
  CHECK(outcome(policy, R"({"aud":{"api":1}})", "aud") == "audience JWT306");
  CHECK(has_hint(judge(policy, R"({"aud":"API"})"), HintId::audience_near));
}

TEST_CASE("an audience list with the expected value and an empty one is accepted") {
  Policy policy = lenient();
  policy.audiences = {"api"};
  policy.algorithms = {"HS256"};
  for (bool strict : {false, true}) {
    policy.strict = strict;
    CHECK(outcome(policy, R"({"aud":["api",""]})", "aud") == "pass");
    CHECK(outcome(policy, R"({"aud":["","x","api"]})", "aud") == "pass");
    CHECK(outcome(policy, R"({"aud":["x",""]})", "aud") == "audience JWT304");
    CHECK(outcome(policy, R"({"aud":[""]})", "aud") == "audience JWT306");
    CHECK(outcome(policy, R"({"aud":["api",null]})", "aud") == "audience JWT306");
    CHECK(outcome(policy, R"({"aud":[["api"],"api"]})", "aud") == "audience JWT306");
  }
  check_message(judge(policy, R"({"aud":["api",null]})"), "aud",
                "actual [\"api\",null]; entry 1 of aud is null, not a string");
  policy.audiences = {"api", "x"};
  CHECK(outcome(policy, R"({"aud":["","x"]})", "aud") == "pass");
  policy.audiences.clear();
  CHECK(outcome(policy, R"({"aud":["api",""]})", "aud") == "audience JWT305");
  policy.any_audience = true;
  CHECK(outcome(policy, R"({"aud":["api",""]})", "aud") == "skip");
  CHECK(outcome(policy, R"({"aud":[""]})", "aud") == "claim JWT306");
  CHECK(outcome(policy, R"({"aud":["api",null]})", "aud") == "claim JWT306");
}

TEST_CASE("--strict wants sub and jti to be strings, and nothing else is changed by it") {
  Policy policy = lenient();
  policy.strict = true;
  policy.algorithms = {"HS256"};
  for (std::string_view value : {"null", "true", "7", "[]", R"(["x"])", "{}"}) {
    CAPTURE(value);
    std::string sub = fmt::format(R"({{"sub":{}}})", value);
    std::string jti = fmt::format(R"({{"jti":{}}})", value);
    CHECK(outcome(policy, sub, "claim-types") == "claim JWT308");
    CHECK(outcome(policy, jti, "claim-types") == "claim JWT314");
    CHECK(judge(lenient(), sub).valid());
    CHECK(judge(lenient(), jti).valid());
  }
  for (std::string_view fine :
       {"{}", R"({"sub":"","jti":"x"})", R"({"scope":7,"client_id":null})"}) {
    CAPTURE(fine);
    CHECK(outcome(policy, fine, "claim-types") == "pass");
  }
  check_message(judge(policy, R"({"sub":7,"jti":null})"), "claim-types",
                "sub must be a string, it is a number; jti must be a string, it is null");
}

TEST_CASE("a fraction of a second that decides is shown") {
  Policy policy = lenient();
  auto message = [&policy](std::string_view claims, std::string_view name) {
    return check_of(judge(policy, claims), name).message;
  };
  CHECK(message(R"({"nbf":1700000000.4})", "nbf") ==
        "valid in 0.4 s: 2023-11-14T22:13:20.4Z, now 2023-11-14T22:13:20Z, leeway 0 s");
  CHECK(message(R"({"iat":1700000000.4})", "iat") ==
        "issued in 0.4 s: 2023-11-14T22:13:20.4Z, now 2023-11-14T22:13:20Z, leeway 0 s");
  policy.now = {kNow, 500'000'000};
  CHECK(message(R"({"exp":1700000000.4})", "exp") ==
        "expired 0.1 s ago: 2023-11-14T22:13:20.4Z, now 2023-11-14T22:13:20.5Z, leeway 0 s");
  CHECK(check_of(judge(policy, R"({"exp":1700000000.4})"), "exp").expected.dump() ==
        "1700000000.5");
  CHECK(outcome(policy, R"({"exp":1700000000.6})", "exp") == "pass");
  CHECK(outcome(policy, R"({"exp":1700000000.5})", "exp") == "expired JWT202");
  // Where a fraction does not decide, seconds are enough.
  CHECK(message(R"({"exp":1699999990})", "exp") ==
        "expired 10 s ago: 2023-11-14T22:13:10Z, now 2023-11-14T22:13:20Z, leeway 0 s");
  CHECK(check_of(judge(policy, R"({"exp":1699999990})"), "exp").expected.dump() == "1700000000");
  policy.leeway = 5;
  CHECK(message(R"({"nbf":1700000005.9})", "nbf") ==
        "valid in 5.4 s: 2023-11-14T22:13:25.9Z, now 2023-11-14T22:13:20.5Z, leeway 5 s");
  policy.leeway = 0;
  policy.max_age = 60;
  CHECK(message(R"({"iat":1699999940})", "max-age") ==
        "issued 60.5 s ago, at most 1 min allowed, leeway 0 s");
  policy.max_age.reset();
  policy.min_remaining = 60;
  CHECK(message(R"({"exp":1700000060})", "min-remaining") ==
        "expires in 59.5 s, at least 1 min must remain");
}

TEST_CASE("a date that is far too late says how others read it") {
  check_message(judge(lenient(), R"({"exp":1700000000000})"), "exp",
                "1700000000000 is in milliseconds, not in seconds; other verifiers take it as the "
                "year 55840: they would accept it");
  check_message(judge(lenient(), R"({"exp":253402300800})"), "exp",
                "no date from 1970 to 9999: 253402300800; other verifiers take it as the year "
                "10000: they would accept it");
}

TEST_CASE("with --any-audience all that are well made are accepted") {
  Policy policy = lenient();
  policy.any_audience = true;
  CHECK(outcome(policy, R"({"aud":"api"})", "aud") == "skip");
  CHECK(outcome(policy, "{}", "aud") == "skip");
  CHECK(outcome(policy, R"({"aud":[]})", "aud") == "claim JWT306");
  CHECK(outcome(policy, R"({"aud":5})", "aud") == "claim JWT306");
}

TEST_CASE("the subject is the one expected") {
  Policy policy = lenient();
  policy.subject = "me";
  CHECK(outcome(policy, R"({"sub":"me"})", "sub") == "pass");
  CHECK(outcome(policy, R"({"sub":"Me"})", "sub") == "claim");
  CHECK(outcome(policy, R"({"sub":["me"]})", "sub") == "claim");
  CHECK(outcome(policy, "{}", "sub") == "claim");
}

TEST_CASE("a required claim is there and not null") {
  Policy policy = lenient();
  policy.required = {"scope"};
  CHECK(outcome(policy, R"({"scope":""})", "require:scope") == "pass");
  CHECK(outcome(policy, R"({"scope":false})", "require:scope") == "pass");
  CHECK(outcome(policy, R"({"scope":null})", "require:scope") == "claim JWT309");
  CHECK(outcome(policy, R"({"Scope":"x"})", "require:scope") == "claim JWT309");
  check_message(judge(policy, "{}"), "require:scope", "required and absent");
}

TEST_CASE("an expected claim has the value, as JSON") {
  Policy policy = lenient();
  policy.claims = {{"level", Json(3)}, {"roles", Json::strings({"a", "b"})}};
  std::string_view good = R"({"level":3.0,"roles":["a","b"]})";
  CHECK(outcome(policy, good, "claim:level") == "pass");
  CHECK(outcome(policy, good, "claim:roles") == "pass");
  CHECK(outcome(policy, R"({"level":"3"})", "claim:level") == "claim");
  CHECK(outcome(policy, R"({"roles":["b","a"]})", "claim:roles") == "claim");
  CHECK(outcome(policy, "{}", "claim:roles") == "claim JWT309");
  check_message(judge(policy, R"({"level":4})"), "claim:level", "expected 3, actual 4");
}

TEST_CASE("a revoked token is refused, and so is one that cannot be looked up") {
  Policy policy = lenient();
  policy.revoked = std::vector<std::string>{"t1", "t2"};
  CHECK(outcome(policy, R"({"jti":"t3"})", "revoked") == "pass");
  CHECK(outcome(policy, R"({"jti":"t2"})", "revoked") == "claim");
  CHECK(outcome(policy, "{}", "revoked") == "claim JWT309");
  CHECK(outcome(policy, R"({"jti":2})", "revoked") == "claim JWT309");
  policy.revoked->clear();
  CHECK(outcome(policy, R"({"jti":"t2"})", "revoked") == "pass");
  CHECK(outcome(policy, "{}", "revoked") == "claim JWT309");
}

TEST_CASE("a jti that cannot stand in a list of lines cannot be looked up in one") {
  Policy policy = lenient();
  policy.revoked = std::vector<std::string>{"t1"};
  for (std::string_view jti :
       {" t1", "t1 ", "t1\\n", "\\rt1", "t1\\nt2", "\\u00a0t1", "'t1'", "t1;", "t1,", "a b", ""}) {
    std::string claims = fmt::format(R"({{"jti":"{}"}})", jti);
    CAPTURE(claims);
    policy.revoked_by_line = false;
    CHECK(outcome(policy, claims, "revoked") == "pass");
    policy.revoked_by_line = true;
    CHECK(outcome(policy, claims, "revoked") == "claim JWT309");
    check_message(judge(policy, claims), "revoked",
                  "revocation cannot be judged: jti is none that could stand in a list of lines, "
                  "only a JSON array could hold it");
  }
  CHECK(outcome(policy, R"({"jti":"t1"})", "revoked") == "claim");
  CHECK(outcome(policy, R"({"jti":"t2"})", "revoked") == "pass");
}

TEST_CASE("exp is needed unless it is not") {
  Policy policy = lenient();
  CHECK(outcome(policy, "{}", "exp") == "skip");
  policy.allow_no_exp = false;
  CHECK(outcome(policy, "{}", "exp") == "claim JWT201");
  CHECK(outcome(policy, R"({"exp":null})", "exp") == "claim JWT208");
  CHECK(outcome(policy, R"({"exp":1700000001})", "exp") == "pass");
  CHECK(outcome(policy, R"({"exp":1700000000})", "exp") == "expired JWT202");
  policy.leeway = 10;
  CHECK(outcome(policy, R"({"exp":1699999991})", "exp") == "pass");
  CHECK(outcome(policy, R"({"exp":1699999990})", "exp") == "expired JWT202");
  check_message(judge(policy, R"({"exp":1699999990})"), "exp", "expired 10 s ago");
}

TEST_CASE("nbf and iat lie not in the future") {
  Policy policy = lenient();
  for (std::string name : {"nbf", "iat"}) {
    CAPTURE(name);
    std::string rule = name == "nbf" ? "not-yet JWT203" : "not-yet JWT204";
    auto at = [&name](std::int64_t date) { return fmt::format(R"({{"{}":{}}})", name, date); };
    CHECK(outcome(policy, at(kNow), name) == "pass");
    CHECK(outcome(policy, at(kNow + 1), name) == rule);
    CHECK(outcome(policy, at(0), name) == "pass");
    policy.leeway = 10;
    CHECK(outcome(policy, at(kNow + 10), name) == "pass");
    CHECK(outcome(policy, at(kNow + 11), name) == rule);
    policy.leeway = 0;
  }
}

TEST_CASE("a date that is none fails, whatever the clock says") {
  for (std::string name : {"exp", "nbf", "iat"}) {
    CAPTURE(name);
    auto with = [&name](std::string_view value) {
      return fmt::format(R"({{"{}":{}}})", name, value);
    };
    CHECK(outcome(lenient(), with("\"1800000000\""), name) == "claim JWT208");
    CHECK(outcome(lenient(), with("null"), name) == "claim JWT208");
    CHECK(outcome(lenient(), with("1700000000000"), name) == "claim JWT209");
    CHECK(outcome(lenient(), with("-1"), name) == "claim JWT210");
    CHECK(outcome(lenient(), with("1e30"), name) == "claim JWT210");
    CHECK(has_hint(judge(lenient(), with("1700000000000")), HintId::date_unit));
  }
  check_message(judge(lenient(), R"({"exp":1700000000000})"), "exp", "is in milliseconds");
}

TEST_CASE("a token that begins when it has ended is never valid") {
  for (std::string name : {"nbf", "iat"}) {
    CAPTURE(name);
    auto with = [&name](std::int64_t start) {
      return fmt::format(R"({{"exp":{},"{}":{}}})", kNow + 60, name, start);
    };
    CHECK(outcome(lenient(), with(kNow + 60), name) == "claim JWT206");
    CHECK(outcome(lenient(), with(kNow + 61), name) == "claim JWT206");
    CHECK(outcome(lenient(), with(kNow + 59), name).starts_with("not-yet"));
    CHECK(outcome(lenient(), with(kNow), name) == "pass");
  }
}

TEST_CASE("the age is counted from iat") {
  Policy policy = lenient();
  policy.max_age = 60;
  CHECK(outcome(policy, R"({"iat":1699999940})", "max-age") == "pass");
  CHECK(outcome(policy, R"({"iat":1699999939})", "max-age") == "expired JWT211");
  CHECK(outcome(policy, "{}", "max-age") == "claim JWT309");
  CHECK(outcome(policy, R"({"iat":"x"})", "max-age") == "claim JWT309");
  policy.leeway = 5;
  CHECK(outcome(policy, R"({"iat":1699999935})", "max-age") == "pass");
  CHECK(outcome(policy, R"({"iat":1699999934})", "max-age") == "expired JWT211");
}

TEST_CASE("the remaining time is counted to exp, without leeway") {
  Policy policy = lenient();
  policy.min_remaining = 60;
  policy.leeway = 30;
  CHECK(outcome(policy, R"({"exp":1700000060})", "min-remaining") == "pass");
  CHECK(outcome(policy, R"({"exp":1700000059})", "min-remaining") == "expired");
  CHECK(outcome(policy, "{}", "min-remaining") == "skip");
  CHECK(outcome(policy, R"({"exp":"x"})", "min-remaining") == "claim JWT208");
}

}  // namespace
}  // namespace jwtctl
