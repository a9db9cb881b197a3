// SPDX-License-Identifier: Apache-2.0
#include "lib/rotation/sample.h"

#include <algorithm>

#include "lib/rotation/evidence.h"
#include "tests/unit/rotation/plans.h"

namespace jwtctl {
namespace {

using namespace testing;

std::optional<Seconds> max_age(std::string cache_control) {
  HttpResponse response;
  response.headers = {{"cache-control", std::move(cache_control)}};
  return read_max_age(response, {1'800'000'000, 0});
}

TEST_CASE("how long copies of an answer may serve") {
  CHECK(max_age("public, max-age=600") == 600);
  CHECK(max_age("MAX-AGE = 600") == 600);
  CHECK(max_age("max-age=\"600\"") == 600);
  CHECK(max_age("max-age=60, s-maxage=600") == 600);
  CHECK(max_age("max-age=600, s-maxage=60") == 600);  // private caches keep it longer
  CHECK(max_age("max-age=600, stale-while-revalidate=15") == 615);
  CHECK(max_age("no-store") == 0);
  CHECK(max_age("no-cache, max-age=600") == 0);
  CHECK(max_age("no-store, max-age=600") == 0);
  CHECK(max_age("must-understand, no-store, max-age=600") == 600);  // RFC 9111 section 5.2.2.3
  CHECK(max_age("must-understand, no-cache, no-store, max-age=600") == 0);
  CHECK(max_age("no-cache=\"Set-Cookie\", max-age=600") == 600);  // for that field alone
  CHECK(max_age("max-age=600, no-cache=\"A, max-age=9\"") == 600);
  CHECK(max_age("private=\"max-age=900, B\", max-age=600") == 600);
  // Of several the one that is waited for longest.
  CHECK(max_age("max-age=86400, max-age=1") == 86400);
  CHECK(max_age("max-age=1, max-age=86400") == 86400);
  CHECK(max_age("max-age=86400, 1") == 86400);
  CHECK(max_age("max-age=600, max-age=x") == 600);
  CHECK(max_age("s-maxage=60, s-maxage=900, max-age=600") == 900);
  CHECK(max_age("max-age=600, stale-while-revalidate=5, stale-while-revalidate=15") == 615);
  // Of what is malformed, what a lenient cache makes of it.
  for (std::string_view malformed : {"3600s", "+3600", "3600.5", "\"3600", "3600\"", "'3600'",
                                     "\"3600s\"", "3600 s", "3600;x"}) {
    INFO(malformed);
    for (std::string_view name : {"max-age", "s-maxage"}) {
      CHECK(max_age(fmt::format("{}={}", name, malformed)) == 3600);
      CHECK(max_age(fmt::format("public; {}={}", name, malformed)) == 3600);
    }
    CHECK(max_age(fmt::format("max-age=1, stale-while-revalidate={}", malformed)) == 3601);
  }
  CHECK(max_age("public; max-age=3600") == 3600);
  CHECK(max_age("max-age=+") == std::nullopt);
  CHECK(max_age("public") == std::nullopt);
  CHECK(max_age("max-age=x") == std::nullopt);
  CHECK(max_age("max-age=-1") == std::nullopt);
  CHECK(max_age("max-age=99999999999999999999") == kMaxDuration);
  HttpResponse response;
  CHECK(read_max_age(response, {}) == std::nullopt);
  response.headers = {{"date", "Mon, 02 Mar 2026 09:00:00 GMT"},
                      {"expires", "Mon, 02 Mar 2026 10:00:00 GMT"}};
  CHECK(read_max_age(response, {}) == 3600);
  response.headers[1].second = "Mon, 02 Mar 2026 08:00:00 GMT";
  CHECK(read_max_age(response, {}) == 0);
  response.headers.emplace_back("expires", "Mon, 02 Mar 2026 10:00:00 GMT");
  response.headers.emplace_back("expires", "0");
  CHECK(read_max_age(response, {}) == 3600);
  // The obsolete forms of dates say as much.
  for (const char* date : {"Monday, 02-Mar-26 10:00:00 GMT", "Mon Mar  2 10:00:00 2026"}) {
    response.headers = {{"date", "Mon, 02 Mar 2026 09:00:00 GMT"}, {"expires", date}};
    CHECK(read_max_age(response, at("2026-03-02T09:00:00Z")) == 3600);
    response.headers = {{"date", date}, {"expires", "Mon, 02 Mar 2026 11:00:00 GMT"}};
    CHECK(read_max_age(response, at("2026-03-02T09:00:00Z")) == 3600);
  }
  response.headers = {{"cache-control", "max-age=3600"}, {"cache-control", "max-age=60"}};
  CHECK(read_max_age(response, {}) == 3600);
}

TEST_CASE("what a cache may guess where the server says nothing") {
  Instant now = at("2026-03-02T10:00:00Z");
  HttpResponse response;
  CHECK(guess_max_age(response, now) == std::nullopt);
  for (const char* modified : {"Mon, 02 Mar 2026 09:00:00 GMT", "Monday, 02-Mar-26 09:00:00 GMT",
                               "Mon Mar  2 09:00:00 2026"}) {
    response.headers = {{"last-modified", modified}};
    CHECK(guess_max_age(response, now) == 360);
  }
  response.headers.emplace_back("date", "Mon, 02 Mar 2026 09:30:00 GMT");
  CHECK(guess_max_age(response, now) == 180);
  response.headers = {{"last-modified", "Mon, 02 Mar 2026 11:00:00 GMT"}};
  CHECK(guess_max_age(response, now) == 0);
  response.headers = {{"last-modified", "yesterday"}};
  CHECK(guess_max_age(response, now) == std::nullopt);
}

TEST_CASE("headers for some caches only count too") {
  for (const char* name : {"cdn-cache-control", "surrogate-control"}) {
    HttpResponse response;
    response.headers = {{name, "max-age=3600"}};
    CHECK(read_max_age(response, {}) == 3600);
    response.headers.emplace_back("cache-control", "no-store");
    CHECK(read_max_age(response, {}) == 3600);
    response.headers[1].second = "max-age=7200";
    CHECK(read_max_age(response, {}) == 7200);
    response.headers[0].second = "no-store, max-age=9000";
    CHECK(read_max_age(response, {}) == 7200);
    response.headers[0].second = "public";
    CHECK(read_max_age(response, {}) == 7200);
  }
}

/// Site answers every request with one response and keeps the requests.
struct Site {
  HttpResponse response;
  std::vector<HttpRequest> requests;

  SampleTarget target() {
    return {"https://id.example.com/jwks", "192.0.2.1", [this](const HttpRequest& request) {
              requests.push_back(request);
              return Result<HttpResponse>(response);
            }};
  }
  Sample sample(bool past_caches) {
    Clock clock;
    clock.wall = [] { return Instant{1'800'000'000, 0}; };
    clock.monotonic = [] { return Milliseconds{0}; };
    clock.sleep = [](Milliseconds) {};
    FetchPolicy policy;
    policy.retries = 0;
    return take_sample(target(), past_caches, policy, clock);
  }
};

bool asked_past_caches(const HttpRequest& request) {
  return std::find(request.headers.begin(), request.headers.end(), "Cache-Control: no-cache") !=
         request.headers.end();
}

TEST_CASE("a sample says what a place shows") {
  Site site;
  site.response.status = 200;
  site.response.headers = {{"age", "30"}, {"cache-control", "max-age=600"}};
  site.response.body =
      R"({"keys":[{"kty":"OKP","crv":"Ed25519","kid":"a","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},{"kty":"AKP","kid":"b"}]})";
  Sample sample = site.sample(false);
  REQUIRE_FALSE(sample.error.has_value());
  REQUIRE(sample.keys.size() == 2);
  CHECK(sample.keys[0] == ListedKey{"a",
                                    "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
                                    {"EdDSA", "Ed25519"},
                                    "",
                                    "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"});
  CHECK(sample.keys[1].thumbprint.empty());
  CHECK(sample.keys[1].algorithms.empty());
  CHECK_FALSE(sample.keys[1].problem.empty());
  CHECK(sample.takes("a", ""));
  CHECK(sample.takes("a", "Ed25519"));
  CHECK_FALSE(sample.takes("a", "ES256"));
  CHECK_FALSE(sample.takes("b", ""));
  CHECK_FALSE(sample.takes("c", ""));
  CHECK(sample.problem_of("a", "ES256") == "it is for EdDSA, Ed25519, not ES256");
  CHECK(sample.problem_of("b", "") == sample.keys[1].problem);
  CHECK(sample.problem_of("a", "").empty());
  CHECK(sample.problem_of("c", "").empty());
  CHECK(sample.find("b") != nullptr);
  CHECK(sample.find("c") == nullptr);
  CHECK(sample.age == 30);
  CHECK(sample.max_age == 600);
  CHECK(sample.address == "192.0.2.1");
  CHECK_FALSE(asked_past_caches(site.requests.back()));
  (void)site.sample(true);
  CHECK(asked_past_caches(site.requests.back()));
}

TEST_CASE("clocks are compared through caches too, by Date and Age") {
  Site site;
  site.response.status = 200;
  site.response.body =
      R"({"keys":[{"kty":"OKP","crv":"Ed25519","kid":"a","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]})";
  auto skew = [&site](std::vector<std::pair<std::string, std::string>> headers) {
    site.response.headers = std::move(headers);
    return site.sample(false).clock_skew;
  };
  // The test's clock says 2027-01-15T08:00:00Z.
  constexpr const char* kNow = "Fri, 15 Jan 2027 08:00:00 GMT";
  constexpr const char* kEarlier = "Fri, 15 Jan 2027 07:00:00 GMT";
  CHECK(skew({{"date", kNow}}) == 0);
  CHECK(skew({{"date", kEarlier}}) == -3600);
  CHECK(skew({{"date", kEarlier}, {"age", "0"}}) == -3600);
  CHECK(skew({{"date", kEarlier}, {"age", "5"}}) == -3595);
  CHECK(skew({{"date", kEarlier}, {"age", "3600"}}) == 0);
  CHECK(skew({{"date", kNow}, {"age", "60"}}) == 60);
  CHECK(skew({{"date", kNow}, {"age", "x"}}) == std::nullopt);
  CHECK(skew({{"date", "yesterday"}}) == std::nullopt);
  CHECK(skew({{"age", "5"}}) == std::nullopt);
  CHECK(skew({}) == std::nullopt);
}

TEST_CASE("the header that keeps an answer from telling the time is named") {
  Site site;
  site.response.status = 200;
  site.response.body =
      R"({"keys":[{"kty":"OKP","crv":"Ed25519","kid":"a","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]})";
  auto timeless = [&site](std::vector<std::pair<std::string, std::string>> headers) {
    site.response.headers = std::move(headers);
    return site.sample(false).timeless;
  };
  constexpr const char* kNow = "Fri, 15 Jan 2027 08:00:00 GMT";
  CHECK(timeless({{"date", kNow}, {"age", "-5"}}) == "its Age \"-5\" is no number of seconds");
  CHECK(timeless({{"date", kNow}, {"age", "5, 6"}}) == "its Age \"5, 6\" is no number of seconds");
  CHECK(timeless({{"date", kNow}, {"age", ""}}) == "its Age \"\" is no number of seconds");
  CHECK(timeless({{"date", "now"}, {"age", "-5"}}) == "its Date \"now\" is no date");
  CHECK(timeless({{"age", "5"}}) == "it has no Date");
  CHECK(timeless({{"date", kNow}, {"age", "5"}}).empty());
  CHECK(timeless({{"date", kNow}}).empty());
}

TEST_CASE("a sample says what it had to be asked again for") {
  Site site;
  site.response.status = 500;
  Clock clock;
  clock.wall = [] { return Instant{1'800'000'000, 0}; };
  clock.monotonic = [] { return Milliseconds{0}; };
  clock.sleep = [&site](Milliseconds) {
    site.response.status = 200;
    site.response.body =
        R"({"keys":[{"kty":"OKP","crv":"Ed25519","kid":"a","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]})";
  };
  Sample sample = take_sample(site.target(), false, {}, clock);
  CHECK_FALSE(sample.error.has_value());
  CHECK(sample.retried == std::vector<std::string>{"status 500"});
}

TEST_CASE("what is no set is an error of the sample, and what must not be published is refused") {
  Site site;
  site.response.status = 404;
  // Copies of it live all the same.
  site.response.headers = {{"cache-control", "max-age=86400"}};
  CHECK(site.sample(false).max_age == 86400);
  CHECK(site.sample(false).error->code == ErrorCode::network_status);
  CHECK(site.sample(false).nothing_yet);
  site.response.status = 200;
  site.response.body = "<html>";
  CHECK(site.sample(false).max_age == 86400);
  CHECK(site.sample(false).error->code == ErrorCode::network_body);
  CHECK_FALSE(site.sample(false).nothing_yet);
  site.response.body = R"({"keys":[]})";
  CHECK(site.sample(false).nothing_yet);
  CHECK(site.sample(false).max_age == 86400);
  CHECK(site.sample(false).error->code == ErrorCode::key_refused);
  site.response.body =
      R"({"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"}]})";
  Sample leaked = site.sample(false);
  CHECK_FALSE(leaked.nothing_yet);
  CHECK(leaked.error->code == ErrorCode::key_refused);
  CHECK(leaked.error->message.find("nWGxne") == std::string::npos);
}

TEST_CASE("a guess is made only where the server says nothing") {
  Site site;
  site.response.status = 200;
  site.response.headers = {{"last-modified", "Fri, 15 Jan 2027 07:00:00 GMT"}};
  CHECK(site.sample(false).guessed == 360);
  for (const char* control : {"max-age=5", "no-store", "no-cache"}) {
    site.response.headers.resize(1);
    site.response.headers.emplace_back("cache-control", control);
    CHECK(site.sample(false).guessed == std::nullopt);
  }
}

TEST_CASE("a redirect may be kept as well") {
  auto led = [](std::string first, std::string second, std::string last) {
    std::vector<HttpResponse> answers(3);
    for (HttpResponse& answer : answers) answer = {302, {{"location", "/next"}}, "moved"};
    answers[0].headers.emplace_back("cache-control", std::move(first));
    answers[1].headers.emplace_back("cache-control", std::move(second));
    answers[2] = {404, {{"cache-control", std::move(last)}}, ""};
    std::size_t n = 0;
    Clock clock;
    clock.wall = [] { return Instant{1'800'000'000, 0}; };
    clock.monotonic = [] { return Milliseconds{0}; };
    clock.sleep = [](Milliseconds) {};
    auto get = [&](const HttpRequest&) { return Result<HttpResponse>(answers.at(n++)); };
    return take_sample({"https://id.example.com/jwks", "", get}, false, {}, clock).max_age;
  };
  CHECK(led("max-age=3600", "max-age=5", "max-age=60") == 3600);
  CHECK(led("max-age=5", "max-age=3600", "max-age=60") == 3600);
  CHECK(led("max-age=5", "max-age=6", "max-age=60") == 60);
  CHECK(led("max-age=3600", "no-store", "no-store") == 3600);
  CHECK(led("x", "x", "x") == std::nullopt);
}

TEST_CASE("ports") {
  CHECK(port_of(*parse_url("https://a.example/x")) == "443");
  CHECK(port_of(*parse_url("http://127.0.0.1/x")) == "80");
  CHECK(port_of(*parse_url("https://a.example:8443/x")) == "8443");
  CHECK(port_of(*parse_url("https://[::1]:8443/x")) == "8443");
  CHECK(port_of(*parse_url("https://[::1]/x")) == "443");
}

TEST_CASE("what is no token is no evidence") {
  for (std::string_view text : {"", "x", "a.b.c", "eyJhbGciOiJFUzI1NiJ9.e30"}) {
    INFO(text);
    auto evidence = read_evidence(text, {});
    REQUIRE_FALSE(evidence.has_value());
    CHECK(evidence.error().code == ErrorCode::input);
  }
}

TEST_CASE("a token without kid is of the listed key that made its signature") {
  // RFC 8037 appendix A.4.
  constexpr std::string_view kToken =
      "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
      "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
  auto evidence = [kToken](std::string_view keys) {
    Sample sample;
    sample.set = *parse_json(fmt::format(R"({{"keys":[{}]}})", keys), "");
    auto read = read_evidence(kToken, std::vector<Sample>{sample});
    REQUIRE(read.has_value());
    return *read;
  };
  constexpr std::string_view kOther =
      R"({"kty":"OKP","crv":"Ed25519","kid":"new","x":"PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw"})";
  constexpr std::string_view kSigner =
      R"({"kty":"OKP","crv":"Ed25519","kid":"old","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})";
  SignerEvidence by_old = evidence(fmt::format("{},{}", kOther, kSigner));
  CHECK(by_old.kid == "old");
  CHECK(by_old.listed);
  CHECK(by_old.verified);
  SignerEvidence by_none = evidence(kOther);
  CHECK(by_none.kid.empty());
  CHECK_FALSE(by_none.listed);
  CHECK_FALSE(by_none.verified);
}

}  // namespace
}  // namespace jwtctl
