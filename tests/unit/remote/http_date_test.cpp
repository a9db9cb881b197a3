// SPDX-License-Identifier: Apache-2.0
#include "lib/remote/http_date.h"

#include "tests/catch.h"

namespace jwtctl {
namespace {

std::int64_t seconds_of(std::string_view text) {
  auto instant = parse_http_date(text);
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

TEST_CASE("what is no date in the one form is nothing") {
  for (const char* text : {"",
                           "0",
                           "-1",
                           "Sunday, 06-Nov-94 08:49:37 GMT",
                           "Sun Nov  6 08:49:37 1994",
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
    CHECK_FALSE(parse_http_date(text).has_value());
  }
}

}  // namespace
}  // namespace jwtctl
