// SPDX-License-Identifier: Apache-2.0
// Copies that are no longer fresh, and runs that ask nobody: lib/remote/document.
#include "lib/remote/document.h"
#include "tests/unit/remote/site.h"

namespace jwtctl {
namespace {

using namespace testing;

// --- stale copies ----------------------------------------------------------------------------

TEST_CASE("a failure without leave to be stale is an error that names the copy") {
  Site s;
  s.store("one", "max-age=60");
  s.server.pass(3660);
  for (const Answer& answer : {status(503), status(404), broken(ErrorCode::network_connect),
                               broken(ErrorCode::network_tls), broken(ErrorCode::network_dns)}) {
    s.server.on(kUrl, answer);
    auto document = s.get();
    REQUIRE_FALSE(document.has_value());
    CAPTURE(document.error().message);
    CHECK(document.error().hint.find("a copy of 1 h 1 min") != std::string::npos);
    CHECK(document.error().hint.find("--offline") != std::string::npos);
    CHECK(document.error().hint.find("--max-stale") != std::string::npos);
    REQUIRE(s.stored().has_value());
    CHECK(s.stored()->validated_at == kToday);
  }
}

TEST_CASE("stale-if-error serves when the server is in trouble, to its end") {
  auto served = [](const Answer& answer, Seconds after) {
    Site s;
    s.options.fetch.retries = 0;
    s.store("one", "max-age=60, stale-if-error=600");
    s.server.pass(after);
    s.server.on(kUrl, answer);
    auto document = s.get();
    if (!document) return false;
    CHECK(document->body == "one");
    CHECK(document->from_cache);
    CHECK(document->stale);
    CHECK(document->age == after);
    REQUIRE(document->warnings.size() == 1);
    CHECK(document->warnings[0].find("a copy of 1") != std::string::npos);
    return true;
  };
  for (const Answer& answer :
       {status(500), status(503), status(429), status(408), broken(ErrorCode::network_connect),
        broken(ErrorCode::network_timeout), broken(ErrorCode::network_dns)}) {
    CAPTURE(answer.result ? answer.result->status : 0);
    CHECK(served(answer, 61));
    CHECK(served(answer, 660));
    CHECK_FALSE(served(answer, 661));
  }
  for (const Answer& answer :
       {status(404), status(401), status(501), status(204), ok("bad"), moved("http://a.test/"),
        broken(ErrorCode::network_tls), broken(ErrorCode::network_body)}) {
    CAPTURE(answer.result ? answer.result->status : 0);
    CHECK_FALSE(served(answer, 61));
  }
}

TEST_CASE("must-revalidate and --refresh overrule stale-if-error") {
  Site s;
  s.store("one", "max-age=60, stale-if-error=600, must-revalidate");
  s.server.pass(61);
  s.server.on(kUrl, status(503));
  check_failed(s.get(), ErrorCode::network_status, "status 503");
  s.store("one", "max-age=60, stale-if-error=600");
  s.options.refresh = true;
  s.server.on(kUrl, status(503));
  check_failed(s.get(), ErrorCode::network_status, "status 503");
  s.options.refresh = false;
  CHECK(s.got().body == "one");
}

TEST_CASE("--max-stale serves after any failure, up to that age") {
  for (const Answer& answer :
       {status(503), status(404), ok("bad"), broken(ErrorCode::network_tls)}) {
    CAPTURE(answer.result ? answer.result->status : 0);
    Site s;
    s.options.max_stale = 3600;
    s.store("one", "max-age=60, must-revalidate");
    s.server.on(kUrl, answer);
    s.server.pass(3600);
    s.options.fetch.retries = 0;
    Document document = s.got();
    CHECK(document.body == "one");
    CHECK(document.stale);
    CHECK(document.age == 3600);
    CHECK(document.warnings.size() == 1);
    s.server.pass(1);
    CHECK_FALSE(s.get().has_value());
  }
}

TEST_CASE("--max-stale asks all the same") {
  Site s;
  s.options.max_stale = 3600;
  s.store("one", "max-age=60");
  s.server.pass(60);
  s.server.on(kUrl, ok("two"));
  CHECK(s.got().body == "two");
}

// --- offline ---------------------------------------------------------------------------------

TEST_CASE("--offline asks nobody, and a copy serves for 24 hours") {
  Site s;
  s.options.offline = true;
  check_failed(s.get(), ErrorCode::network_offline, "there is no copy of https://a.test/jwks",
               "without --offline");
  s.options.offline = false;
  s.store("one", "max-age=60");
  s.options.offline = true;
  s.server.pass(59);
  CHECK_FALSE(s.got().stale);
  s.server.pass(1);
  CHECK(s.got().stale);
  s.server.pass(86'400 - 60);
  Document document = s.got();
  CHECK(document.body == "one");
  CHECK(document.stale);
  CHECK(document.age == 86'400);
  s.server.pass(1);
  check_failed(s.get(), ErrorCode::network_offline, "is 1 d old", "--max-stale");
  CHECK_FALSE(s.get_again().has_value());
  CHECK(s.asked() == 0);
}

TEST_CASE("--offline with --max-stale takes that as the limit") {
  Site s;
  s.store("one", "max-age=60");
  s.options.offline = true;
  s.options.max_stale = 7 * 86'400;
  s.server.pass(7 * 86'400);
  CHECK(s.got().stale);
  s.server.pass(1);
  CHECK_FALSE(s.get().has_value());
  CHECK(s.asked() == 0);
}

TEST_CASE("a fresh copy serves offline whatever --max-stale says") {
  Site s;
  s.store("one", "max-age=600");
  s.options.offline = true;
  s.options.max_stale = 10;
  s.server.pass(599);
  CHECK_FALSE(s.got().stale);
  s.server.pass(1);
  CHECK_FALSE(s.get().has_value());
}

}  // namespace
}  // namespace jwtctl
