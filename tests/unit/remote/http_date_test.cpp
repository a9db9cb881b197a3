// SPDX-License-Identifier: Apache-2.0
#include "lib/remote/http_date.h"

#include "tests/catch.h"

namespace jwtctl {
namespace {

constexpr Instant kNow{1'800'000'000, 0};  // 2027-01-15T08:00:00Z

std::int64_t seconds_of(std::string_view text, Instant now = kNow) {
  auto instant = parse_http_date(text, now);
  INFO(text);
  REQUIRE(instant.has_value());
  CHECK(instant->nanos == 0);
  return instant->seconds;
}

TEST_CASE("a date of HTTP is read in GMT, whatever the zone of this machine") {
  CHECK(seconds_of("Sun, 06 Nov 1994 08:49:37 GMT") == 784'111'777);  // RFC 9110 section 5.6.7
  CHECK(seconds_of("Thu, 01 Jan 1970 00:00:00 GMT") == 0);
  CHECK(seconds_of("Fri, 15 Jan 2027 08:00:00 GMT") == 1'800'000'000);
  CHECK(seconds_of("Thu, 29 Feb 2024 23:59:59 GMT") == 1'709'251'199);
}

TEST_CASE("each month has its number") {
  constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::int64_t last = seconds_of("Thu, 31 Dec 2026 00:00:00 GMT");
  for (const char* month : kMonths) {
    std::int64_t first = seconds_of(fmt::format("Fri, 01 {} 2027 00:00:00 GMT", month));
    CAPTURE(month);
    CHECK(first > last);
    CHECK(first - last <= 31 * 86'400);
    last = first;
  }
}

TEST_CASE("the obsolete forms are read as well") {
  CHECK(seconds_of("Sunday, 06-Nov-94 08:49:37 GMT") == 784'111'777);  // RFC 9110 section 5.6.7
  CHECK(seconds_of("Sun Nov  6 08:49:37 1994") == 784'111'777);
  CHECK(seconds_of("Friday, 15-Jan-27 08:00:00 GMT") == 1'800'000'000);
  CHECK(seconds_of("Fri Jan 15 08:00:00 2027") == 1'800'000'000);
  for (const char* day : {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"}) {
    CHECK(seconds_of(fmt::format("{}, 06-Nov-94 08:49:37 GMT", day)) == 784'111'777);
  }
}

TEST_CASE("a year of two digits is at most 50 years ahead") {
  CHECK(seconds_of("Friday, 01-Jan-76 00:00:00 GMT") == 3'345'062'400);  // 2076
  CHECK(seconds_of("Friday, 15-Jan-77 08:00:00 GMT") == 3'377'923'200);  // 2077, 50 years ahead
  CHECK(seconds_of("Saturday, 15-Jan-77 08:00:01 GMT") == 222'163'201);  // 1977
  CHECK(seconds_of("Sunday, 01-Jan-78 00:00:00 GMT") == 252'460'800);    // 1978
  CHECK(seconds_of("Saturday, 01-Jan-00 00:00:00 GMT") == 946'684'800);  // 2000
  CHECK(seconds_of("Friday, 31-Dec-99 23:59:59 GMT") == 946'684'799);    // 1999
  CHECK(seconds_of("Friday, 01-Jan-00 00:00:00 GMT", {2'524'608'000, 0}) == 4'102'444'800);
}

TEST_CASE("what is no date in one of the forms is nothing") {
  for (const char* text : {"",
                           "0",
                           "-1",
                           "Sun, 06-Nov-94 08:49:37 GMT",
                           "Sunday, 06-Nov-1994 08:49:37 GMT",
                           "Sunday, 06-Nov-94 08:49:37 UTC",
                           "Sunday, 6-Nov-94 08:49:37 GMT",
                           "Sunday, 06-Nov--4 08:49:37 GMT",
                           "Sunday, 31-Feb-94 08:49:37 GMT",
                           "Sunday 06-Nov-94 08:49:37 GMT",
                           "Someday, 06-Nov-94 08:49:37 GMT",
                           "Sunday",
                           "Sun Nov 6 08:49:37 1994",
                           "Sun Nov 06 08:49:37 94",
                           "Sun Nov  0 08:49:37 1994",
                           "Sun Nov 31 08:49:37 1994",
                           "Sun Nov  6 24:49:37 1994",
                           "Sun Xyz  6 08:49:37 1994",
                           "Sun, 06 Nov 1994 08:49:37 UTC",
                           "Sun, 06 Nov 1994 08:49:37 +00",
                           "1994-11-06T08:49:37Z",
                           "Sun, 06 nov 1994 08:49:37 GMT",
                           "Sun, 06 Xyz 1994 08:49:37 GMT",
                           "Sun, 31 Feb 2027 08:49:37 GMT",
                           "Sun, 00 Nov 1994 08:49:37 GMT",
                           "Sun, 06 Nov 1994 24:49:37 GMT",
                           "Sun, 06 Nov 1994 08:60:37 GMT",
                           "Sun, 06 Nov 199x 08:49:37 GMT",
                           "Sun, -6 Nov 1994 08:49:37 GMT",
                           "Sun, 06-Nov-1994 08:49:37 GMT",
                           "Sun, 06 Nov 1994T08:49:37 GMT",
                           "Sun; 06 Nov 1994 08:49:37 GMT",
                           "Sun, 06 Nov 1994 08:49:37 GMT ",
                           " Sun, 06 Nov 1994 08:49:37 GMT"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_http_date(text, kNow).has_value());
  }
}

}  // namespace
}  // namespace jwtctl
