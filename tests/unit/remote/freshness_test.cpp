// SPDX-License-Identifier: Apache-2.0
#include "lib/remote/freshness.h"

#include "tests/unit/remote/fake_server.h"

namespace jwtctl {
namespace {

using namespace testing;

constexpr Seconds kDay = 86'400;

Freshness freshness(Headers headers) {
  return read_freshness(HttpResponse{200, std::move(headers), ""}, {kToday, 0});
}

Freshness control(std::string value) { return freshness({{"cache-control", std::move(value)}}); }

Seconds lifetime(std::string value) { return control(std::move(value)).lifetime; }

TEST_CASE("a server that is silent gives 300 seconds") {
  Freshness silent = freshness({});
  CHECK(silent.lifetime == 300);
  CHECK(silent.stale_if_error == 0);
  CHECK_FALSE(silent.no_store);
  CHECK(lifetime("") == 300);
  CHECK(lifetime("public") == 300);
}

TEST_CASE("max-age counts within 30 seconds and 24 hours") {
  CHECK(lifetime("max-age=1") == 30);
  CHECK(lifetime("max-age=29") == 30);
  CHECK(lifetime("max-age=30") == 30);
  CHECK(lifetime("max-age=31") == 31);
  CHECK(lifetime("public, max-age=3600, must-revalidate, no-transform") == 3600);
  CHECK(lifetime("max-age=86399") == kDay - 1);
  CHECK(lifetime("max-age=86400") == kDay);
  CHECK(lifetime("max-age=86401") == kDay);
  CHECK(lifetime("max-age=99999999999999999999999") == kDay);
}

TEST_CASE("no-cache and max-age=0 ask again each time, unclamped") {
  CHECK(lifetime("no-cache") == 0);
  CHECK(lifetime("NO-CACHE") == 0);
  CHECK(lifetime("no-cache, max-age=3600") == 0);
  CHECK(lifetime("max-age=3600, no-cache=\"Set-Cookie\"") == 0);
  CHECK(lifetime("max-age=0") == 0);
  CHECK(lifetime("max-age=00") == 0);
  CHECK_FALSE(control("no-cache").no_store);
}

TEST_CASE("no-store is seen wherever it stands") {
  CHECK(control("no-store").no_store);
  CHECK(control("private, No-Store ,max-age=60").no_store);
  CHECK(freshness({{"cache-control", "max-age=60"}, {"cache-control", "no-store"}}).no_store);
  CHECK_FALSE(control("no-stores").no_store);
  CHECK_FALSE(control("x-no-store=1").no_store);
}

TEST_CASE("quoted values, spaces and capitals are read") {
  CHECK(lifetime("max-age=\"120\"") == 120);
  CHECK(lifetime("  Max-Age = 120  ,  public") == 120);
  CHECK(control("stale-if-error=\"60\"").stale_if_error == 60);
}

TEST_CASE("of a directive that stands twice the smaller value counts") {
  CHECK(lifetime("max-age=600, max-age=60") == 60);
  CHECK(lifetime("max-age=60, max-age=600") == 60);
  CHECK(freshness({{"cache-control", "max-age=60"}, {"cache-control", "max-age=600"}}).lifetime ==
        60);
  CHECK(lifetime("max-age=600, max-age=0") == 0);
  CHECK(lifetime("max-age=0, max-age=600") == 0);
  CHECK(control("stale-if-error=60, stale-if-error=600").stale_if_error == 60);
  CHECK(control("stale-if-error=600, stale-if-error=60").stale_if_error == 60);
}

TEST_CASE("garbage is as if it were not there") {
  for (const char* value :
       {"max-age", "max-age=", "max-age=-1", "max-age=1.5", "max-age=abc", "max-age=60s",
        "max-age=+60", "max-age=\"60", "max-age=\"\"", "=60", ",,,", "\"", "\xff\xfe=1",
        "maxage=60", "s-maxage=60", "stale-while-revalidate=60"}) {
    CAPTURE(value);
    CHECK(lifetime(value) == 300);
    CHECK_FALSE(control(value).no_store);
  }
  CHECK(lifetime(";;;, max-age=60, ===") == 60);
  CHECK(lifetime("max-age=x, max-age=60") == 60);
  CHECK(control("stale-if-error=x").stale_if_error == 0);
}

TEST_CASE("the age of the answer is part of its max-age") {
  auto aged = [](const char* max_age, const char* age) {
    return freshness({{"cache-control", max_age}, {"age", age}}).lifetime;
  };
  CHECK(aged("max-age=600", "0") == 600);
  CHECK(aged("max-age=600", "100") == 500);
  CHECK(aged("max-age=600", "570") == 30);
  CHECK(aged("max-age=600", "600") == 30);
  CHECK(aged("max-age=600", "100000") == 30);
  CHECK(aged("max-age=600", "9223372036854775807") == 30);
  CHECK(aged("max-age=600", "99999999999999999999") == 30);
  CHECK(aged("max-age=600", "-5") == 600);
  CHECK(aged("max-age=600", "soon") == 600);
  // The limit is on what is left.
  CHECK(aged("max-age=172800", "86400") == kDay);
  CHECK(aged("max-age=172800", "86401") == kDay - 1);
}

TEST_CASE("without max-age Expires counts, from the server's Date or from now") {
  CHECK(freshness({{"expires", "Fri, 15 Jan 2027 08:10:00 GMT"}}).lifetime == 600);
  CHECK(freshness({{"expires", "Fri, 15 Jan 2027 08:10:00 GMT"},
                   {"date", "Fri, 15 Jan 2027 08:05:00 GMT"}})
            .lifetime == 300);
  CHECK(freshness({{"expires", "Fri, 15 Jan 2027 08:10:00 GMT"}, {"age", "100"}}).lifetime == 500);
  CHECK(freshness({{"expires", "Fri, 15 Jan 2027 08:10:00 GMT"}, {"date", "yesterday"}}).lifetime ==
        600);
  CHECK(freshness({{"expires", "Fri, 15 Jan 2027 07:00:00 GMT"}}).lifetime == 30);
  CHECK(freshness({{"expires", "Fri, 31 Dec 9999 23:59:59 GMT"}}).lifetime == kDay);
  CHECK(freshness({{"expires", "Fri, 15 Jan 2027 08:10:00 GMT"}, {"cache-control", "max-age=60"}})
            .lifetime == 60);
  CHECK(freshness({{"expires", "Sat, 01 Jan 0000 00:00:00 GMT"}, {"age", "9223372036854775807"}})
            .lifetime == 30);
}

TEST_CASE("an Expires that is no date lies in the past") {
  // RFC 9111 section 5.3.
  CHECK(freshness({{"expires", "0"}}).lifetime == 30);
  CHECK(freshness({{"expires", "-1"}}).lifetime == 30);
  CHECK(freshness({{"expires", "0"}, {"cache-control", "max-age=600"}}).lifetime == 600);
}

TEST_CASE("stale-if-error counts up to a day, and not where the copy must be asked about") {
  CHECK(control("max-age=15, stale-while-revalidate=15, stale-if-error=3600").stale_if_error ==
        3600);
  CHECK(control("stale-if-error=86400").stale_if_error == kDay);
  CHECK(control("stale-if-error=86401").stale_if_error == kDay);
  CHECK(control("max-age=60, stale-if-error=3600, must-revalidate").stale_if_error == 0);
  CHECK(control("must-revalidate, stale-if-error=3600").stale_if_error == 0);
  CHECK(control("max-age=0, stale-if-error=3600").stale_if_error == 3600);
  // RFC 9111 section 4.2.4.
  CHECK(control("no-cache, stale-if-error=3600").stale_if_error == 0);
}

TEST_CASE("of several readings who keeps a copy takes the shortest, who waits the longest") {
  auto max_age = [](Headers headers, Bound bound) {
    return read_cache_control(HttpResponse{200, std::move(headers), ""}, bound).max_age;
  };
  for (std::string_view text : {"max-age=86400, max-age=1", "max-age=1, max-age=86400",
                                "max-age=\"1\", private=\"a, max-age=7\", max-age=86400"}) {
    INFO(text);
    CHECK(max_age({{"cache-control", std::string(text)}}, Bound::shortest) == 1);
    CHECK(max_age({{"cache-control", std::string(text)}}, Bound::longest) == 86400);
  }
  Headers twice{{"cache-control", "max-age=1"}, {"cache-control", "max-age=86400"}};
  CHECK(max_age(twice, Bound::shortest) == 1);
  CHECK(max_age(twice, Bound::longest) == 86400);
  HttpResponse fields{200, {{"cache-control", "no-cache=\"Set-Cookie\""}}, ""};
  CHECK(read_cache_control(fields, Bound::shortest).no_cache);
  CHECK_FALSE(read_cache_control(fields, Bound::longest).no_cache);
  HttpResponse whole{200, {{"cache-control", "x=\"a\\\"b, no-store\", no-cache"}}, ""};
  CHECK(read_cache_control(whole, Bound::longest).no_cache);
  CHECK_FALSE(read_cache_control(whole, Bound::longest).no_store);
}

}  // namespace
}  // namespace jwtctl
