// SPDX-License-Identifier: Apache-2.0
#include "lib/remote/document.h"

#include "tests/unit/remote/site.h"

namespace jwtctl {
namespace {

using namespace testing;

// --- fresh copies ----------------------------------------------------------------------------

TEST_CASE("the first run asks and keeps a copy, later ones use it while it is fresh") {
  Site s;
  s.server.on(kUrl, {ok("one", {{"cache-control", "max-age=600"}, {"etag", "\"1\""}}), ok("two")});
  Document first = s.got();
  CHECK(first.body == "one");
  CHECK(first.url == kUrl);
  CHECK(first.status == 200);
  CHECK(first.max_age == Seconds{600});
  CHECK(first.etag == "\"1\"");
  CHECK(first.age == 0);
  CHECK_FALSE(first.from_cache);
  CHECK_FALSE(first.stale);
  CHECK(first.warnings.empty());
  s.server.pass(599);
  Document copy = s.got();
  CHECK(copy.body == "one");
  CHECK(copy.from_cache);
  CHECK_FALSE(copy.stale);
  CHECK(copy.age == 599);
  CHECK(copy.etag == "\"1\"");
  CHECK(s.asked() == 1);
  s.server.pass(1);
  CHECK(s.got().body == "two");
  CHECK(s.asked() == 2);
}

TEST_CASE("a silent server gives 300 seconds, a short one 30, a long one a day") {
  struct Row {
    const char* control;
    Seconds fresh;
  };
  for (const Row& row : {Row{"public", 300}, Row{"max-age=1", 30}, Row{"max-age=29", 30},
                         Row{"max-age=31536000", 86'400}}) {
    CAPTURE(row.control);
    Site s;
    s.store("one", row.control);
    s.server.pass(row.fresh - 1);
    s.got();
    CHECK(s.asked() == 0);
    s.server.pass(1);
    s.got();
    CHECK(s.asked() == 1);
  }
}

TEST_CASE("no-cache and max-age=0 keep a copy and ask each time") {
  for (const char* control : {"no-cache", "max-age=0", "no-cache, max-age=600"}) {
    CAPTURE(control);
    Site s;
    s.store("one", control, {{"etag", "\"1\""}});
    s.server.on(kUrl, status(304, {{"cache-control", control}}));
    CHECK(s.got().body == "one");
    CHECK(s.got().body == "one");
    CHECK(s.asked() == 2);
    CHECK(sent(s.server.requests[1], "If-None-Match") == "\"1\"");
  }
}

TEST_CASE("without a folder nothing is kept") {
  Site s;
  s.options.cache_folder.reset();
  s.server.on(kUrl, answer_with("one", "max-age=600"));
  s.got();
  s.got();
  CHECK(s.asked() == 2);
  CHECK(s.folder.entries() == 0);
}

TEST_CASE("no-store is not kept, and removes an older copy") {
  Site s;
  s.server.on(kUrl, answer_with("one", "no-store"));
  CHECK(s.got().body == "one");
  CHECK_FALSE(s.stored().has_value());
  s.store("two", "max-age=60");
  REQUIRE(s.stored().has_value());
  s.server.pass(60);
  s.server.on(kUrl, answer_with("three", "no-store"));
  CHECK(s.got().body == "three");
  CHECK_FALSE(s.stored().has_value());
}

TEST_CASE("no-store on a 304 removes the copy too") {
  Site s;
  s.store("one", "max-age=60", {{"etag", "\"1\""}});
  s.server.pass(60);
  s.server.on(kUrl, status(304, {{"cache-control", "no-store"}}));
  CHECK(s.got().body == "one");
  CHECK_FALSE(s.stored().has_value());
}

TEST_CASE("a bad answer is neither returned nor kept, and the copy stays") {
  Site s;
  s.server.on(kUrl, answer_with("bad", "max-age=600"));
  check_failed(s.get(), ErrorCode::network_body, "the answer is bad");
  CHECK_FALSE(s.stored().has_value());
  s.store("one", "max-age=60");
  s.server.pass(60);
  s.server.on(kUrl, answer_with("bad", "max-age=600"));
  check_failed(s.get(), ErrorCode::network_body, "the answer is bad", "a copy of 1 min ago");
  REQUIRE(s.stored().has_value());
  CHECK(s.stored()->body == "one");
}

TEST_CASE("a copy is judged anew") {
  Site s;
  s.server.on(kUrl, answer_with("bad", "max-age=600"));
  const Parse<int> all = [](const std::string&) { return 1; };
  Deadline run = s.deadline();
  REQUIRE(s.remote().get(kUrl, all, run).has_value());
  s.server.on(kUrl, ok("good"));
  CHECK(s.got().body == "good");
}

// --- asking again ----------------------------------------------------------------------------

TEST_CASE("with --refresh asks although the copy is fresh") {
  Site s;
  s.store("one", "max-age=600", {{"etag", "\"1\""}});
  s.options.refresh = true;
  s.server.on(kUrl, {status(304), ok("two")});
  Document document = s.got();
  CHECK(document.body == "one");
  CHECK_FALSE(document.from_cache);
  CHECK(document.status == 304);
  s.server.pass(1);
  CHECK(s.got().body == "two");
  CHECK(s.asked() == 2);
}

TEST_CASE("304 renews the copy, with what it says of itself") {
  Site s;
  s.store("one", "max-age=60", {{"etag", "\"1\""}, {"last-modified", std::string(kTodayHttp)}});
  std::int64_t fetched = s.stored()->fetched_at;
  s.server.pass(60);
  s.server.on(kUrl, status(304, {{"cache-control", "max-age=900"}, {"etag", "\"2\""}}));
  Document document = s.got();
  CHECK(document.body == "one");
  CHECK(document.status == 304);
  CHECK(document.max_age == Seconds{900});
  CHECK(document.age == 0);
  CHECK(sent(s.server.requests[0], "If-None-Match") == "\"1\"");
  CHECK(sent(s.server.requests[0], "If-Modified-Since") == kTodayHttp);
  REQUIRE(s.stored().has_value());
  CHECK(s.stored()->validators.etag == "\"2\"");
  CHECK(s.stored()->validators.last_modified == kTodayHttp);
  CHECK(s.stored()->fetched_at == fetched);
  CHECK(s.stored()->validated_at == fetched + 60);
  s.server.pass(899);
  CHECK(s.got().from_cache);
}

TEST_CASE("a 304 that says nothing of freshness leaves it as it was") {
  // RFC 9111 section 4.3.4: headers that it does not have are those of the stored answer.
  for (const char* control : {"no-cache", "max-age=60, stale-if-error=900", "max-age=3600"}) {
    CAPTURE(control);
    Site s;
    s.store("one", control, {{"etag", "\"1\""}});
    CacheEntry before = *s.stored();
    s.server.pass(3600);
    s.server.on(kUrl, status(304));
    CHECK(s.got().max_age == before.lifetime);
    CHECK(s.stored()->lifetime == before.lifetime);
    CHECK(s.stored()->stale_if_error == before.stale_if_error);
  }
}

TEST_CASE("a new body brings its own validators") {
  Site s;
  s.store("one", "max-age=60", {{"etag", "\"1\""}, {"last-modified", std::string(kTodayHttp)}});
  s.server.pass(60);
  s.server.on(kUrl, {ok("two", {{"etag", "\"2\""}, {"cache-control", "max-age=60"}}), ok("three")});
  CHECK(s.got().body == "two");
  s.server.pass(60);
  CHECK(s.got().body == "three");
  CHECK(sent(s.server.requests[1], "If-None-Match") == "\"2\"");
  CHECK(sent(s.server.requests[1], "If-Modified-Since").empty());
  s.server.pass(300);
  s.got();
  CHECK(sent(s.server.requests[2], "If-None-Match").empty());
}

TEST_CASE("304 without a copy is an error, and so it is when the copy has no validator") {
  Site s;
  s.server.on(kUrl, status(304));
  check_failed(s.get(), ErrorCode::network_status, "status 304");
  s.store("one", "max-age=60");
  s.server.pass(60);
  s.server.on(kUrl, status(304));
  check_failed(s.get(), ErrorCode::network_status, "status 304");
  CHECK(s.stored()->body == "one");
}

}  // namespace
}  // namespace jwtctl
