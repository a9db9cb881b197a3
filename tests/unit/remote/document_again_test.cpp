// SPDX-License-Identifier: Apache-2.0
// Unknown kids, the deadline of a run, and other processes: lib/remote/document.
#include "lib/remote/document.h"
#include "tests/unit/remote/site.h"

namespace jwtctl {
namespace {

using namespace testing;

// --- an unknown kid --------------------------------------------------------------------------

TEST_CASE("an unknown kid makes us ask, and again after 30 seconds") {
  Site s;
  s.store("one", "max-age=3600");
  s.server.on(kUrl, answer_with("two", "max-age=3600"));
  auto again = s.get_again();
  REQUIRE(again.has_value());
  REQUIRE(again->has_value());
  CHECK((*again)->body == "two");
  CHECK_FALSE((*again)->from_cache);
  CHECK(s.got().body == "two");
  s.server.pass(29);
  CHECK_FALSE(s.get_again().has_value());
  CHECK(s.asked() == 1);
  s.server.pass(1);
  CHECK(s.get_again().has_value());
  CHECK(s.asked() == 2);
}

TEST_CASE("an ordinary fetch does not count as one for an unknown kid") {
  Site s;
  s.store("one", "max-age=3600");
  CHECK(s.get_again().has_value());
  s.server.pass(10);
  s.options.refresh = true;
  s.got();
  s.server.pass(19);
  CHECK_FALSE(s.get_again().has_value());
  s.server.pass(1);
  CHECK(s.get_again().has_value());
}

TEST_CASE("a fetch for an unknown kid that fails counts too, and leaves the copy") {
  Site s;
  s.store("one", "max-age=3600, stale-if-error=3600");
  s.options.max_stale = 86'400;
  for (const Answer& answer : {status(503), ok("bad"), broken(ErrorCode::network_tls)}) {
    CAPTURE(answer.result ? answer.result->status : 0);
    s.server.on(kUrl, answer);
    s.server.pass(30);
    auto again = s.get_again();
    REQUIRE(again.has_value());
    CHECK_FALSE(again->has_value());
    std::size_t asked = s.asked();
    CHECK_FALSE(s.get_again().has_value());
    CHECK(s.asked() == asked);
    CHECK(s.got().body == "one");
    CHECK(s.stored()->validated_at == kToday);
  }
}

TEST_CASE("a fetch for an unknown kid renews the copy by 304 too") {
  Site s;
  s.store("one", "max-age=600", {{"etag", "\"1\""}});
  s.server.on(kUrl, status(304, {{"cache-control", "max-age=600"}}));
  s.server.pass(500);
  auto again = s.get_again();
  REQUIRE(again.has_value());
  REQUIRE(again->has_value());
  CHECK((*again)->body == "one");
  CHECK((*again)->status == 304);
  CHECK(s.stored()->validated_at == kToday + 500);
}

TEST_CASE("without copies there is no pause between fetches for unknown kids") {
  Site s;
  s.options.cache_folder.reset();
  s.server.on(kUrl, ok("one"));
  CHECK(s.get_again().has_value());
  CHECK(s.get_again().has_value());
}

// --- one patience for everything -------------------------------------------------------------

TEST_CASE("all that one run asks shares the deadline") {
  Site s;
  s.options.fetch.deadline = Milliseconds{6'000};
  s.server.on("https://a.test/1", slow(Milliseconds{2'000}, ok("1")));
  s.server.on(kUrl, slow(Milliseconds{3'000}, answer_with("2", "max-age=600")));
  Remote remote = s.remote();
  Deadline run = s.deadline();
  REQUIRE(remote.get("https://a.test/1", accept, run).has_value());
  REQUIRE(remote.get(kUrl, accept, run).has_value());
  auto again = remote.get_again(kUrl, accept, run);
  REQUIRE(again.has_value());
  check_failed(*again, ErrorCode::network_timeout, "too long");
  REQUIRE(s.asked() == 3);
  CHECK(s.server.requests[0].timeout == Milliseconds{6'000});
  CHECK(s.server.requests[1].timeout == Milliseconds{4'000});
  CHECK(s.server.requests[2].timeout == Milliseconds{1'000});
}

TEST_CASE("when the deadline is over nothing is asked, least of all without a limit") {
  Site s;
  s.options.fetch.deadline = Milliseconds{2'000};
  s.server.on("https://a.test/1", slow(Milliseconds{2'000}, ok("1")));
  s.server.on(kUrl, ok("2"));
  Remote remote = s.remote();
  Deadline run = s.deadline();
  REQUIRE(remote.get("https://a.test/1", accept, run).has_value());
  check_failed(remote.get(kUrl, accept, run), ErrorCode::network_timeout, kUrl);
  CHECK(s.asked() == 1);
}

// --- the folder and the other processes ------------------------------------------------------

TEST_CASE("a folder that cannot be written is a warning") {
  Site s;
  put(s.folder / "file", "");
  s.options.cache_folder = s.folder / "file/copies";
  s.server.on(kUrl, ok("one"));
  Document document = s.got();
  CHECK(document.body == "one");
  REQUIRE(document.warnings.size() == 1);
  CHECK(document.warnings[0].find("no copy is kept: ") == 0);
}

TEST_CASE("who waits for the lock takes what the other one fetched") {
  Site s;
  s.server.on(kUrl, answer_with("mine", "max-age=600"));
  JwksCache cache(*s.options.cache_folder);
  auto lock = cache.lock(kUrl, Milliseconds{0}, s.server.clock());
  REQUIRE(lock.has_value());
  // The other process comes to its end while we sleep.
  Clock clock = s.server.clock();
  auto sleep = clock.sleep;
  clock.sleep = [&](Milliseconds length) {
    sleep(length);
    CacheEntry entry;
    entry.url = entry.final_url = kUrl;
    entry.body = "theirs";
    entry.fetched_at = entry.validated_at = s.server.now().seconds;
    entry.lifetime = 600;
    REQUIRE(cache.write(entry).has_value());
    lock.reset();
  };
  Deadline run = s.deadline();
  auto document = document_of(Remote(s.options, s.server.get(), clock).get(kUrl, accept, run));
  REQUIRE(document.has_value());
  CHECK(document->body == "theirs");
  CHECK(document->from_cache);
  CHECK(s.asked() == 0);
}

TEST_CASE("a lock that nobody gives back costs half of the patience at most") {
  Site s;
  s.server.on(kUrl, ok("mine"));
  auto lock = JwksCache(*s.options.cache_folder).lock(kUrl, Milliseconds{0}, s.server.clock());
  REQUIRE(lock.has_value());
  CHECK(s.got().body == "mine");
  CHECK(s.server.clock().monotonic() >= Milliseconds{10'000});
  CHECK(s.server.clock().monotonic() < Milliseconds{10'100});
  CHECK(s.server.requests[0].timeout > Milliseconds{9'000});
}

TEST_CASE("a measured skew comes with the answer and with its copy") {
  Site s;
  s.server.on(kUrl, ok("one", {{"date", "Fri, 15 Jan 2027 08:02:00 GMT"}}));
  CHECK(s.got().clock_skew == Seconds{120});
  s.server.pass(10);
  CHECK(s.got().clock_skew == Seconds{120});
  Site cached;
  cached.server.on(kUrl, ok("one", {{"date", "Fri, 15 Jan 2027 08:02:00 GMT"}, {"age", "7"}}));
  CHECK_FALSE(cached.got().clock_skew.has_value());
}

TEST_CASE("a URL that may not be asked is not asked, whoever names it") {
  Site s;
  Deadline run = s.deadline();
  check_failed(s.remote().get("http://a.test/jwks", accept, run), ErrorCode::usage, "not https");
  check_failed(s.remote().get("http://a.test/jwks", accept, run, false), ErrorCode::usage,
               "not https");
  CHECK(s.asked() == 0);
}

TEST_CASE("what the user sends does not go to where a document leads") {
  Site s;
  s.options.fetch.headers = {"Authorization: Bearer hunter2"};
  Remote remote = s.remote();
  Deadline run = s.deadline();
  s.server.on("https://a.test/1", ok("1"));
  s.server.on("https://a.test/2", ok("2"));
  s.server.on("https://b.test/3", ok("3"));
  REQUIRE(remote.get("https://a.test/1", accept, run).has_value());
  REQUIRE(remote.get("https://a.test/2", accept, run, false).has_value());
  REQUIRE(remote.get("https://b.test/3", accept, run, false).has_value());
  REQUIRE(remote.get_again("https://b.test/3", accept, run, false).has_value());
  REQUIRE(s.asked() == 4);
  CHECK(sent(s.server.requests[0], "Authorization") == "Bearer hunter2");
  CHECK(sent(s.server.requests[1], "Authorization") == "Bearer hunter2");
  CHECK(sent(s.server.requests[2], "Authorization").empty());
  CHECK(sent(s.server.requests[3], "Authorization").empty());
}

}  // namespace
}  // namespace jwtctl
