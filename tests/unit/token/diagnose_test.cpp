// SPDX-License-Identifier: Apache-2.0
#include "lib/token/diagnose.h"

#include <array>
#include <charconv>
#include <random>

#include "tests/catch.h"
#include "tests/unit/token/signed_tokens.h"

namespace jwtctl {
namespace {

constexpr Instant kToday{kNow, 0};

Verdict judge(const Json& claims, const Policy& policy) {
  auto verdict = verify(CleanedToken{sign(kHeader, claims.dump()), {}}, policy, secret_source);
  REQUIRE(verdict.has_value());
  return *std::move(verdict);
}

std::optional<std::string> message_of(const Verdict& verdict, HintId id) {
  for (const Hint& hint : verdict.hints) {
    if (hint.id == id) return hint.message;
  }
  return std::nullopt;
}

/// hinted_leeway returns the seconds that the hint names.
std::optional<Seconds> hinted_leeway(const Verdict& verdict) {
  auto message = message_of(verdict, HintId::leeway);
  if (!message) return std::nullopt;
  constexpr std::string_view kStart = "would pass with --leeway ";
  REQUIRE(message->starts_with(kStart));
  Seconds seconds = 0;
  const char* end = message->data() + message->size();
  auto [at, error] = std::from_chars(message->data() + kStart.size(), end, seconds);
  REQUIRE(error == std::errc{});
  CHECK(std::string_view(at, static_cast<std::size_t>(end - at)) == "s");
  return seconds;
}

Json number(Seconds seconds, std::int32_t nanos) {
  return Json(Json::Number{fmt::format("{}.{:09}", seconds, nanos)});
}

std::optional<Seconds> hint_for(const Json& claims, Instant now) {
  Policy policy;
  policy.now = now;
  policy.allow_no_exp = true;
  return hinted_leeway(judge(claims, policy));
}

TEST_CASE("a near miss differs in one thing alone") {
  struct Row {
    std::string_view a, b, what;
  };
  constexpr std::array<Row, 14> kRows{
      {{"https://a", "https://a/", "a trailing slash"},
       {"https://A", "https://a", "the case"},
       {"HTTPS://a", "https://a", "the case"},
       {"http://a", "https://a", "the scheme"},
       {"https://a.example.com", "a.example.com", "the scheme"},
       {"accounts.google.com", "https://accounts.google.com", "the scheme"},
       {"https://a", "https://a", ""},
       {"https://a", "https://b", ""},
       {"https://a", "https://a//", ""},
       {"https://a", "https://a/b", ""},
       {"https://a/", "https://A", ""},
       {"http://A", "https://a", ""},
       {"api", "apis", ""},
       {"", "", ""}}};
  for (const Row& row : kRows) {
    CAPTURE(row.a, row.b);
    CHECK(near_miss(row.a, row.b).value_or("") == row.what);
    CHECK(near_miss(row.b, row.a).value_or("") == row.what);
  }
}

TEST_CASE("identifiers that differ in scheme and slash differ in more than one thing") {
  CHECK(near_miss("https://a/", "http://a").value_or("") == "");
}

TEST_CASE("the first near miss becomes the hint") {
  std::array<std::string, 3> expected{"https://far", "https://a/", "https://A"};
  Verdict verdict;
  hint_near_miss(HintId::issuer_near, "--issuer", expected, "https://a", verdict);
  REQUIRE(verdict.hints.size() == 1);
  CHECK(verdict.hints[0].id == HintId::issuer_near);
  for (std::string_view part : {"a trailing slash", "--issuer", "\"https://a\""}) {
    CAPTURE(part);
    CHECK(verdict.hints[0].message.find(part) != std::string::npos);
  }
  hint_near_miss(HintId::issuer_near, "--issuer", expected, "https://other", verdict);
  CHECK(verdict.hints.size() == 1);
}

TEST_CASE("a long identifier is cut in the hint") {
  std::array<std::string, 1> expected{std::string(5000, 'a')};
  Verdict verdict;
  hint_near_miss(HintId::audience_near, "--audience", expected, std::string(5000, 'A'), verdict);
  REQUIRE(verdict.hints.size() == 1);
  CHECK(verdict.hints[0].message.find(std::string(201, 'A')) == std::string::npos);
}

TEST_CASE("an expired token gets the exact leeway that would save it") {
  CHECK(hint_for(Json::object({{"exp", 1'700'000'000}}), kToday) == 1);
  CHECK(hint_for(Json::object({{"exp", 1'699'999'994}}), kToday) == 7);
  CHECK(hint_for(Json::object({{"exp", 1'699'999'994}}), {1'700'000'000, 1}) == 7);
  CHECK(hint_for(Json::object({{"exp", 1'700'000'001}}), kToday) == std::nullopt);
}

TEST_CASE("a token from the future gets the exact leeway that would save it") {
  for (std::string_view name : {"nbf", "iat"}) {
    CAPTURE(name);
    Json claims = Json::object({});
    claims.set(name, 1'700'000'007);
    CHECK(hint_for(claims, kToday) == 7);
    CHECK(hint_for(claims, {1'700'000'000, 1}) == 7);
    CHECK(hint_for(claims, {1'699'999'999, 999'999'999}) == 8);
    claims.set(name, number(1'700'000'007, 1));
    CHECK(hint_for(claims, kToday) == 8);
  }
}

TEST_CASE("a stale token gets the exact leeway that would save it") {
  Policy policy;
  policy.allow_no_exp = true;
  policy.max_age = 60;
  Json claims = Json::object({{"iat", 1'699'999'930}});
  policy.now = kToday;
  CHECK(hinted_leeway(judge(claims, policy)) == 10);
  policy.now = {1'700'000'000, 1};
  CHECK(hinted_leeway(judge(claims, policy)) == 11);
  claims.set("iat", number(1'699'999'930, 500'000'000));
  CHECK(hinted_leeway(judge(claims, policy)) == 10);
}

TEST_CASE("five minutes are the largest leeway that is suggested") {
  CHECK(hint_for(Json::object({{"exp", 1'699'999'701}}), kToday) == 300);
  CHECK(hint_for(Json::object({{"exp", 1'699'999'700}}), kToday) == std::nullopt);
  CHECK(hint_for(Json::object({{"nbf", 1'700'000'300}}), kToday) == 300);
  CHECK(hint_for(Json::object({{"nbf", 1'700'000'301}}), kToday) == std::nullopt);
}

TEST_CASE("the largest of several differences is suggested") {
  Json claims = Json::object({{"nbf", 1'700'000'005}, {"iat", 1'700'000'009}});
  CHECK(hint_for(claims, kToday) == 9);
}

TEST_CASE("no leeway is suggested when it would not help") {
  Policy policy;
  policy.now = kToday;
  policy.subject = "me";
  CHECK(hinted_leeway(judge(Json::object({{"exp", 1'699'999'999}}), policy)) == std::nullopt);
  policy.subject.reset();
  policy.min_remaining = 60;
  CHECK(hinted_leeway(judge(Json::object({{"exp", 1'699'999'999}}), policy)) == std::nullopt);
  policy.min_remaining.reset();
  CHECK(hinted_leeway(judge(Json::object({}), policy)) == std::nullopt);
  CHECK(hinted_leeway(judge(Json::object({{"exp", 1'800'000'000}}), policy)) == std::nullopt);
}

TEST_CASE("a claim of nearly the required name is pointed out") {
  Policy policy;
  policy.now = kToday;
  policy.required = {"scope"};
  auto message = message_of(judge(Json::object({{"scpoe", "x"}}), policy), HintId::claim_near);
  REQUIRE(message.has_value());
  CHECK(*message == "there is no claim \"scope\", but there is \"scpoe\"");
  for (const Json& claims : {Json::object({}), Json::object({{"roles", 1}}),
                             Json::object({{"scope", nullptr}, {"scopes", 1}})}) {
    CHECK_FALSE(message_of(judge(claims, policy), HintId::claim_near).has_value());
  }
}

TEST_CASE("the leeway that is suggested is enough, and one second less is not", "[slow]") {
  std::mt19937 random(20261123);
  int hints = 0;
  for (int round = 0; round < 2000; ++round) {
    auto offset = [&random] { return static_cast<Seconds>(random() % 400) - 200; };
    auto nanos = [&random]() -> std::int32_t {
      return random() % 2 == 0 ? 0 : static_cast<std::int32_t>(random() % 1'000'000'000);
    };
    Policy policy;
    policy.now = {kToday.seconds, nanos()};
    if (random() % 2 == 0) policy.max_age = 10'000;
    Json claims = Json::object({{"exp", number(kToday.seconds + offset() + 150, nanos())},
                                {"nbf", number(kToday.seconds + offset() - 150, nanos())},
                                {"iat", number(kToday.seconds + offset() - 9'850, nanos())}});
    auto leeway = hinted_leeway(judge(claims, policy));
    if (!leeway) continue;
    ++hints;
    CAPTURE(claims.dump(), policy.now.nanos, *leeway);
    policy.leeway = *leeway;
    REQUIRE(judge(claims, policy).valid());
    policy.leeway = *leeway - 1;
    REQUIRE_FALSE(judge(claims, policy).valid());
  }
  CHECK(hints > 300);
}

}  // namespace
}  // namespace jwtctl
