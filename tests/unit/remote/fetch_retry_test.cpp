// SPDX-License-Identifier: Apache-2.0
// Trying again, and the deadline: lib/remote/fetch.
#include <set>

#include "tests/unit/remote/fetching.h"

namespace jwtctl {
namespace {

using namespace testing;

// --- trying again ----------------------------------------------------------------------------

TEST_CASE("what may pass is tried three times, and one answer is enough") {
  for (int number : {408, 429, 500, 502, 503, 504, 599}) {
    CAPTURE(number);
    Fetching f;
    f.server.on(kUrl, {status(number), status(number), ok("here")});
    CHECK(f.fetched().response.body == "here");
    CHECK(f.server.requests.size() == 3);
    f.server.on(kUrl, status(number));
    f.server.requests.clear();
    CHECK(f.fetched().response.status == number);
    CHECK(f.server.requests.size() == 3);
    CHECK(is_server_trouble(number));
  }
  for (ErrorCode code : {ErrorCode::network_connect, ErrorCode::network_timeout}) {
    CAPTURE(to_string(code));
    Fetching f;
    f.server.on(kUrl, {broken(code), broken(code), ok("here")});
    CHECK(f.fetched().response.body == "here");
    f.server.on(kUrl, broken(code));
    f.server.requests.clear();
    check_failed(f.fetch(), code, "it broke");
    CHECK(f.server.requests.size() == 3);
  }
}

TEST_CASE("what stays is not tried again") {
  for (int number : {200, 204, 400, 401, 403, 404, 410, 501}) {
    CAPTURE(number);
    Fetching f;
    f.server.on(kUrl, status(number));
    CHECK(f.fetched().response.status == number);
    CHECK(f.server.requests.size() == 1);
    CHECK_FALSE(is_server_trouble(number));
  }
  for (ErrorCode code : {ErrorCode::network_dns, ErrorCode::network_tls, ErrorCode::network_body}) {
    CAPTURE(to_string(code));
    Fetching f;
    f.server.on(kUrl, broken(code));
    check_failed(f.fetch(), code, "it broke");
    CHECK(f.server.requests.size() == 1);
    CHECK(f.server.sleeps.empty());
  }
}

TEST_CASE("the number of retries is the user's") {
  for (int retries : {0, 1, 5}) {
    CAPTURE(retries);
    Fetching f;
    f.policy.retries = retries;
    f.server.on(kUrl, status(503));
    f.fetched();
    CHECK(f.server.requests.size() == static_cast<std::size_t>(retries) + 1);
    CHECK(f.server.sleeps.size() == static_cast<std::size_t>(retries));
  }
}

TEST_CASE("pauses are drawn from zero to a limit that doubles up to five seconds") {
  std::set<std::int64_t> first;
  for (int round = 0; round < 40; ++round) {
    Fetching f;
    f.policy.retries = 8;
    f.policy.deadline = Milliseconds{1'000'000};
    f.server.on(kUrl, status(503));
    f.fetched();
    REQUIRE(f.server.sleeps.size() == 8);
    std::int64_t limit = 250;
    for (Milliseconds pause : f.server.sleeps) {
      CHECK(pause.count() >= 0);
      CHECK(pause.count() <= limit);
      limit = std::min<std::int64_t>(limit * 2, 5'000);
    }
    first.insert(f.server.sleeps[0].count());
  }
  // Full jitter: forty equal draws of 251 do not happen.
  CHECK(first.size() > 1);
}

TEST_CASE("Retry-After is obeyed in both forms") {
  Fetching f;
  f.server.on(kUrl, {status(503, {{"retry-after", "7"}}), ok("here")});
  CHECK(f.fetched().response.body == "here");
  CHECK(f.server.sleeps == std::vector{Milliseconds{7'000}});
  Fetching g;
  g.server.on(kUrl, {status(429, {{"retry-after", "Fri, 15 Jan 2027 08:00:05 GMT"}}), ok("here")});
  CHECK(g.fetched().response.body == "here");
  CHECK(g.server.sleeps == std::vector{Milliseconds{5'000}});
  Fetching past;
  past.server.on(kUrl,
                 {status(429, {{"retry-after", "Fri, 15 Jan 2027 07:00:00 GMT"}}), ok("here")});
  CHECK(past.fetched().response.body == "here");
  CHECK(past.server.sleeps == std::vector{Milliseconds{0}});
}

TEST_CASE("a Retry-After beyond the deadline ends the matter at once") {
  for (const char* wait :
       {"20", "3600", "Fri, 15 Jan 2027 08:00:20 GMT", "86401", "99999999999999999999999"}) {
    CAPTURE(wait);
    Fetching f;
    f.server.on(kUrl, {status(503, {{"retry-after", wait}}), ok("here")});
    CHECK(f.fetched().response.status == 503);
    CHECK(f.server.requests.size() == 1);
    CHECK(f.server.sleeps.empty());
  }
  Fetching f;
  f.server.on(kUrl, {status(503, {{"retry-after", "19"}}), ok("here")});
  CHECK(f.fetched().response.body == "here");
  CHECK(f.server.requests[1].timeout == Milliseconds{1'000});
}

TEST_CASE("a Retry-After that says nothing leaves the pause to us") {
  for (const char* wait : {"", "soon", "-5", "1.5", "7 ", "0x10"}) {
    CAPTURE(wait);
    Fetching f;
    f.server.on(kUrl, {status(503, {{"retry-after", wait}}), ok("here")});
    CHECK(f.fetched().response.body == "here");
    REQUIRE(f.server.sleeps.size() == 1);
    CHECK(f.server.sleeps[0] <= Milliseconds{250});
  }
}

// --- the deadline ----------------------------------------------------------------------------

TEST_CASE("a try gets ten seconds or what is left of the deadline") {
  Fetching f;
  f.server.on(kUrl, slow(Milliseconds{60'000}, ok("late")));
  check_failed(f.fetch(), ErrorCode::network_timeout, "took too long");
  REQUIRE(f.server.requests.size() == 2);
  CHECK(f.server.requests[0].timeout == Milliseconds{10'000});
  CHECK(f.server.requests[1].timeout == Milliseconds{10'000} - f.server.sleeps[0]);
  CHECK(f.server.clock().monotonic() == Milliseconds{20'000});
}

TEST_CASE("redirects share the deadline, and when it is over nothing is asked any more") {
  Fetching f;
  f.policy.deadline = Milliseconds{5'000};
  f.server.on(kUrl, slow(Milliseconds{3'000}, moved("/2")));
  f.server.on("https://a.test/2", slow(Milliseconds{1'500}, ok("here")));
  CHECK(f.fetched().response.body == "here");
  CHECK(f.server.requests[0].timeout == Milliseconds{5'000});
  CHECK(f.server.requests[1].timeout == Milliseconds{2'000});
  Fetching over;
  over.policy.deadline = Milliseconds{5'000};
  over.server.on(kUrl, slow(Milliseconds{5'000}, moved("/2")));
  check_failed(over.fetch(), ErrorCode::network_timeout, "");
  CHECK(over.server.requests.size() == 1);
}

TEST_CASE("without any time left nothing is asked") {
  Fetching f;
  f.policy.deadline = Milliseconds{0};
  check_failed(f.fetch(), ErrorCode::network_timeout, kUrl, "--timeout");
  CHECK(f.server.requests.empty());
}

}  // namespace
}  // namespace jwtctl
