// SPDX-License-Identifier: Apache-2.0
#include "lib/remote/fetch.h"

#include "tests/unit/remote/fetching.h"

namespace jwtctl {
namespace {

using namespace testing;

// --- what may be asked -----------------------------------------------------------------------

TEST_CASE("https may be asked, http on loopback alone unless that is allowed") {
  CHECK(check_url("https://id.example.com/jwks", false).has_value());
  for (const char* url : {"http://127.0.0.1:8080/jwks", "http://[::1]/", "http://localhost:1/"}) {
    CAPTURE(url);
    CHECK(check_url(url, false).has_value());
  }
  for (const char* url : {"http://id.example.com/", "http://10.0.0.1/", "http://169.254.169.254/",
                          "http://127.0.0.1.example.com/"}) {
    CAPTURE(url);
    check_failed(check_url(url, false), ErrorCode::usage, "is not https", "--allow-http");
    CHECK(check_url(url, true).has_value());
  }
  check_failed(check_url("ftp://a/", true), ErrorCode::usage, "scheme");
  check_failed(check_url("https://u:p@a/", true), ErrorCode::usage, "credentials",
               "--header @FILE");
}

TEST_CASE("a request asks for a key set, within ten seconds") {
  Fetching f;
  f.server.on(kUrl, ok("{}"));
  HttpAnswer fetched = f.fetched("https://a.test/jwks");
  CHECK(fetched.response.status == 200);
  CHECK(fetched.final_url == kUrl);
  CHECK(fetched.redirects.empty());
  CHECK_FALSE(fetched.conditional);
  REQUIRE(f.server.requests.size() == 1);
  const HttpRequest& request = f.server.requests[0];
  CHECK(sent(request, "Accept") == "application/jwk-set+json, application/json;q=0.9, */*;q=0.1");
  CHECK(request.timeout == Milliseconds{10'000});
  CHECK(request.headers.size() == 1);
}

TEST_CASE("a server that the user named may be this machine, another may not") {
  Fetching f;
  f.fetched("https://a.test/jwks");
  CHECK(f.reach(0) == Reach::loopback_too);
  f.policy.typed = false;
  f.fetched("https://a.test/jwks");
  CHECK(f.reach(1) == Reach::loopback_too);
  f.policy.own_origin = false;
  f.fetched("https://a.test/jwks");
  CHECK(f.reach(2) == Reach::not_loopback);
  f.fetched("https://127.0.0.1/jwks");
  CHECK(f.reach(3) == Reach::loopback_too);
}

TEST_CASE("http without leave leads to loopback only, whatever the name resolves to") {
  Fetching f;
  f.fetched("http://localhost:8080/jwks");
  CHECK(f.reach(0) == Reach::loopback_only);
  f.policy.typed = false;
  f.policy.own_origin = false;
  f.fetched("http://127.0.0.1:8080/jwks");
  CHECK(f.reach(1) == Reach::loopback_only);
  f.policy.allow_http = true;
  f.fetched("http://a.test/jwks");
  CHECK(f.reach(2) == Reach::not_loopback);
  f.policy.typed = true;
  f.fetched("http://a.test/jwks");
  CHECK(f.reach(3) == Reach::loopback_too);
}

// --- redirects -------------------------------------------------------------------------------

TEST_CASE("three redirects are followed and a fourth is not") {
  for (int number : {301, 302, 303, 307, 308}) {
    CAPTURE(number);
    Fetching f;
    f.server.on("https://a.test/jwks", moved("/1", number));
    f.server.on("https://a.test/1", moved("/2", number));
    f.server.on("https://a.test/2", moved("https://b.test/3", number));
    f.server.on("https://b.test/3", ok("here"));
    HttpAnswer fetched = f.fetched();
    CHECK(fetched.response.body == "here");
    CHECK(fetched.final_url == "https://b.test/3");
    CHECK(fetched.redirects ==
          std::vector<std::string>{"https://a.test/1", "https://a.test/2", "https://b.test/3"});
    f.server.on("https://b.test/3", moved("/4", number));
    f.server.requests.clear();
    check_failed(f.fetch(), ErrorCode::network_status, "redirects more than 3 times",
                 "the URL that it ends at");
    CHECK(f.server.requests.size() == 4);
  }
}

TEST_CASE("a loop ends, and so does a redirect to nowhere") {
  Fetching f;
  f.server.on(kUrl, moved(kUrl));
  check_failed(f.fetch(), ErrorCode::network_status, "redirects more than 3 times");
  CHECK(f.server.requests.size() == 4);
  f.server.on(kUrl, status(302));
  check_failed(f.fetch(), ErrorCode::network_status, "answers 302 without saying where to go");
  CHECK(f.fetched("https://a.test/300").response.status == 404);
  f.server.on(kUrl, status(300, {{"location", "/other"}}));
  CHECK(f.fetched().response.status == 300);
}

TEST_CASE("a redirect never leads to http, to loopback from outside, or to what is no URL") {
  Fetching f;
  f.policy.allow_http = GENERATE(false, true);
  CAPTURE(f.policy.allow_http);
  struct Row {
    const char* location;
    const char* message;
  };
  for (const Row& row :
       {Row{"http://a.test/jwks2", "not https"}, Row{"http://127.0.0.1/", "not https"},
        Row{"https://127.0.0.1/", "a loopback address"},
        Row{"https://localhost:8443/", "a loopback address"},
        Row{"https://[::1]/", "a loopback address"}, Row{"file:///etc/passwd", "scheme"},
        Row{"https://user:pw@b.test/", "credentials"}, Row{"https://b.test/\x01", "characters"}}) {
    CAPTURE(row.location);
    f.server.requests.clear();
    f.server.on(kUrl, moved(row.location));
    check_failed(f.fetch(), ErrorCode::network_status, row.message);
    CHECK(f.server.requests.size() == 1);
  }
}

TEST_CASE("from http on loopback a redirect leads to loopback or to https") {
  Fetching f;
  f.server.on("http://localhost/jwks", moved("http://127.0.0.1:8080/jwks"));
  f.server.on("http://127.0.0.1:8080/jwks", moved("https://b.test/jwks"));
  f.server.on("https://b.test/jwks", ok("here"));
  CHECK(f.fetched("http://localhost/jwks").response.body == "here");
  CHECK(f.reach(0) == Reach::loopback_only);
  CHECK(f.reach(1) == Reach::loopback_only);
  CHECK(f.reach(2) == Reach::not_loopback);
  f.server.on("http://localhost/jwks", moved("http://b.test/jwks"));
  check_failed(f.fetch("http://localhost/jwks"), ErrorCode::network_status, "not https");
}

TEST_CASE("the user's headers go to the first origin alone, and so does the reach of a typed URL") {
  Fetching f;
  f.policy.headers = {"Authorization: Bearer hunter2", "X-Tenant: t1"};
  f.server.on(kUrl, moved("/again"));
  f.server.on("https://a.test/again", moved("https://a.test:8443/port"));
  f.server.on("https://a.test:8443/port", moved("https://b.test/jwks"));
  f.fetched();
  REQUIRE(f.server.requests.size() == 4);
  for (std::size_t i : {0U, 1U}) {
    CAPTURE(i);
    CHECK(sent(f.server.requests[i], "Authorization") == "Bearer hunter2");
    CHECK(sent(f.server.requests[i], "X-Tenant") == "t1");
    CHECK(f.reach(i) == Reach::loopback_too);
  }
  for (std::size_t i : {2U, 3U}) {
    CAPTURE(i);
    CHECK(f.server.requests[i].headers.size() == 1);
    CHECK(sent(f.server.requests[i], "Accept") != "");
    CHECK(f.reach(i) == Reach::not_loopback);
  }
}

// --- validators ------------------------------------------------------------------------------

TEST_CASE("validators make a request conditional, and 304 an answer") {
  Fetching f;
  f.validators = {"W/\"abc\"", "Fri, 15 Jan 2027 07:00:00 GMT"};
  f.server.on(kUrl, status(304));
  HttpAnswer fetched = f.fetched();
  CHECK(fetched.conditional);
  CHECK(check_status(fetched, f.server.now()).has_value());
  CHECK(sent(f.server.requests[0], "If-None-Match") == "W/\"abc\"");
  CHECK(sent(f.server.requests[0], "If-Modified-Since") == "Fri, 15 Jan 2027 07:00:00 GMT");
  f.validators = {"", "Fri, 15 Jan 2027 07:00:00 GMT"};
  CHECK(f.fetched().conditional);
  CHECK(sent(f.server.requests[1], "If-None-Match").empty());
}

TEST_CASE("304 to a question without validators is an error") {
  Fetching f;
  f.server.on(kUrl, status(304));
  HttpAnswer fetched = f.fetched();
  CHECK_FALSE(fetched.conditional);
  check_failed(check_status(fetched, f.server.now()), ErrorCode::network_status, "status 304");
}

TEST_CASE("validators are not for where a redirect leads") {
  Fetching f;
  f.validators = {"\"abc\"", ""};
  f.server.on(kUrl, moved("/2"));
  f.server.on("https://a.test/2", status(304));
  HttpAnswer fetched = f.fetched();
  CHECK(sent(f.server.requests[1], "If-None-Match").empty());
  CHECK_FALSE(check_status(fetched, f.server.now()).has_value());
}

TEST_CASE("where a redirect led is named by its host when its URL is not shown") {
  Fetching f;
  f.server.on(kUrl, moved("https://b.test/user:pw@x"));
  f.server.on("https://b.test/user:pw@x", status(404));
  auto checked = check_status(f.fetched(), f.server.now());
  check_failed(checked, ErrorCode::network_status, "on b.test answers with status 404");
  CHECK(checked.error().message.find("pw") == std::string::npos);
}

// --- judging the answer ----------------------------------------------------------------------

TEST_CASE("200 alone is an answer, and the message says what else it was") {
  Fetching f;
  for (int number : {201, 204, 206, 300, 400, 401, 403, 404, 429, 500, 501, 503}) {
    CAPTURE(number);
    f.server.on(kUrl, status(number));
    auto checked = check_status(f.fetched(), f.server.now());
    check_failed(checked, ErrorCode::network_status,
                 fmt::format("{} answers with status {}", kUrl, number));
  }
  f.server.on(kUrl, status(401));
  check_failed(check_status(f.fetched(), f.server.now()), ErrorCode::network_status, "401",
               "--header @FILE");
  f.server.on(kUrl, status(404));
  check_failed(check_status(f.fetched(), f.server.now()), ErrorCode::network_status, "404",
               "complete");
  f.server.on(kUrl, status(200));
  CHECK(check_status(f.fetched(), f.server.now()).has_value());
}

TEST_CASE("how long a server wants to be left alone is printed") {
  Fetching f;
  f.server.on(kUrl, status(429, {{"retry-after", "3660"}}));
  check_failed(check_status(f.fetched(), f.server.now()), ErrorCode::network_status,
               "asks to wait 1 h 1 min");
  f.server.on(kUrl, status(429, {{"retry-after", "Fri, 15 Jan 2027 08:02:00 GMT"}}));
  check_failed(check_status(f.fetched(), f.server.now()), ErrorCode::network_status,
               "asks to wait 2 min");
}

TEST_CASE("the server's Date against the middle of the exchange is the skew of the clocks") {
  auto skew = [](Headers headers, Milliseconds takes = Milliseconds{0}) {
    Fetching f;
    f.server.on(kUrl, slow(takes, ok("", std::move(headers))));
    return f.fetched().clock_skew;
  };
  CHECK(skew({{"date", std::string(kTodayHttp)}}) == Seconds{0});
  CHECK(skew({{"date", "Fri, 15 Jan 2027 08:01:40 GMT"}}) == Seconds{100});
  CHECK(skew({{"date", "Fri, 15 Jan 2027 07:58:20 GMT"}}) == Seconds{-100});
  CHECK(skew({{"date", std::string(kTodayHttp)}}, Milliseconds{8'000}) == Seconds{-4});
  CHECK(skew({{"date", std::string(kTodayHttp)}, {"age", "0"}}) == Seconds{0});
  CHECK_FALSE(skew({{"date", std::string(kTodayHttp)}, {"age", "1"}}).has_value());
  CHECK_FALSE(skew({{"date", std::string(kTodayHttp)}, {"age", "x"}}).has_value());
  CHECK_FALSE(skew({{"date", "today"}}).has_value());
  CHECK_FALSE(skew({}).has_value());
}

TEST_CASE("the skew is measured at the last try alone") {
  Fetching f;
  f.server.on(kUrl, {status(503, {{"retry-after", "10"}}),
                     ok("", {{"date", "Fri, 15 Jan 2027 08:00:10 GMT"}})});
  CHECK(f.fetched().clock_skew == Seconds{0});
}

}  // namespace
}  // namespace jwtctl
