// SPDX-License-Identifier: Apache-2.0
#include "lib/base/time.h"

#include <array>
#include <limits>
#include <random>

#include "tests/catch.h"

namespace jwtctl {
namespace {

constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
constexpr Instant kNow{1'700'000'000, 500'000'000};
constexpr std::int64_t kYear0 = -62'167'219'200;
constexpr std::int64_t kYear9999End = 253'402'300'799;

template <class T>
void check_usage(const Result<T>& result, std::string_view part) {
  REQUIRE_FALSE(result.has_value());
  CAPTURE(result.error().message);
  CHECK(result.error().code == ErrorCode::usage);
  CHECK(result.error().message.find(part) != std::string::npos);
}

Seconds duration(std::string_view text) {
  auto length = parse_duration(text);
  return length ? *length : -1;
}

Instant time_of(std::string_view text) {
  auto instant = parse_time(text, kNow);
  INFO(text);
  REQUIRE(instant.has_value());
  return *instant;
}

TEST_CASE("a duration is a number with units in falling order") {
  CHECK(duration("90s") == 90);
  CHECK(duration("15m") == 900);
  CHECK(duration("2h") == 7200);
  CHECK(duration("7d") == 604800);
  CHECK(duration("1h30m") == 5400);
  CHECK(duration("1d2h3m4s") == 93784);
  CHECK(duration("90") == 90);
  CHECK(duration("0") == 0);
  CHECK(duration("0s") == 0);
  CHECK(duration("007m") == 420);
}

TEST_CASE("a duration that cannot be read is a usage error") {
  for (std::string_view text : {"", "s", "-5", "-5s", "+5s", "1.5h", "5x", "5S", " 5s", "5 s",
                                "5s ", "30m1h", "1h1h", "1h30", "0x10", "1e3"}) {
    CAPTURE(text);
    check_usage(parse_duration(text), "is not a duration");
  }
  CHECK(parse_duration("5x").error().hint.find("1h30m") != std::string::npos);
}

TEST_CASE("a century is the longest duration") {
  CHECK(duration("3162240000") == kMaxDuration);
  CHECK(duration("36600d") == kMaxDuration);
  check_usage(parse_duration("3162240001"), "longer than a century");
  check_usage(parse_duration("36600d1s"), "longer than a century");
  check_usage(parse_duration("9223372036854775807d"), "longer than a century");
  check_usage(parse_duration("9223372036854775808"), "is not a duration");
}

TEST_CASE("a time is RFC 3339 with an offset") {
  CHECK(time_of("1970-01-01T00:00:00Z") == Instant{0, 0});
  CHECK(time_of("2026-11-23T14:28:00Z") == Instant{1'795'444'080, 0});
  CHECK(time_of("2026-11-23t14:28:00z") == Instant{1'795'444'080, 0});
  CHECK(time_of("2026-11-23 14:28:00Z") == Instant{1'795'444'080, 0});
  CHECK(time_of("2026-11-23T15:28:00+01:00") == Instant{1'795'444'080, 0});
  CHECK(time_of("2026-11-24T04:13:00+13:45") == Instant{1'795'444'080, 0});
  CHECK(time_of("2026-11-23T04:58:00-09:30") == Instant{1'795'444'080, 0});
  CHECK(time_of("2026-11-23T14:28:00-00:00") == Instant{1'795'444'080, 0});
  CHECK(time_of("1969-12-31T23:59:59.25Z") == Instant{-1, 250'000'000});
  CHECK(time_of("1970-01-01T00:00:00.000000001Z") == Instant{0, 1});
  CHECK(time_of("1970-01-01T00:00:00.1234567899Z") == Instant{0, 123'456'789});
  CHECK(time_of("0000-01-01T00:00:00Z") == Instant{kYear0, 0});
  CHECK(time_of("9999-12-31T23:59:59Z") == Instant{kYear9999End, 0});
}

TEST_CASE("a leap second is the first second of the next day") {
  CHECK(time_of("2016-12-31T23:59:60Z") == time_of("2017-01-01T00:00:00Z"));
  check_usage(parse_time("2016-12-31T23:59:61Z", kNow), "is not a time");
}

TEST_CASE("February has 29 days in leap years alone") {
  CHECK(time_of("2024-02-29T00:00:00Z") == Instant{1'709'164'800, 0});
  CHECK(time_of("2000-02-29T00:00:00Z") == Instant{951'782'400, 0});
  check_usage(parse_time("2023-02-29T00:00:00Z", kNow), "is not a time");
  check_usage(parse_time("1900-02-29T00:00:00Z", kNow), "is not a time");
}

TEST_CASE("a time is epoch seconds, now, or relative to now") {
  CHECK(time_of("0") == Instant{0, 0});
  CHECK(time_of("1700000000") == Instant{1'700'000'000, 0});
  CHECK(time_of("9223372036854775807") == Instant{kMax, 0});
  CHECK(time_of("now") == kNow);
  CHECK(time_of("+15m") == Instant{1'700'000'900, 500'000'000});
  CHECK(time_of("-2h") == Instant{1'699'992'800, 500'000'000});
  CHECK(time_of("-0") == kNow);
}

TEST_CASE("a time may have a fraction, as epoch seconds and as RFC 3339") {
  CHECK(time_of("1700000000.5") == Instant{1'700'000'000, 500'000'000});
  CHECK(time_of("0.000000001") == Instant{0, 1});
  CHECK(time_of("1.0000000009") == Instant{1, 0});
  CHECK(time_of("1.9999999999") == Instant{1, 999'999'999});
  CHECK(time_of("2023-11-14T22:13:20.5Z") == Instant{1'700'000'000, 500'000'000});
  CHECK(time_of("2023-11-14T23:13:20.25+01:00") == Instant{1'700'000'000, 250'000'000});
}

TEST_CASE("exact renderings show the fraction that there is") {
  Instant half{1'700'000'000, 500'000'000};
  CHECK(format_rfc3339(half) == "2023-11-14T22:13:20Z");
  CHECK(format_rfc3339_exact(half) == "2023-11-14T22:13:20.5Z");
  CHECK(format_rfc3339_exact(half, 3600) == "2023-11-14T23:13:20.5+01:00");
  CHECK(format_rfc3339_exact({1'700'000'000, 1}) == "2023-11-14T22:13:20.000000001Z");
  CHECK(format_rfc3339_exact({1'700'000'000, 0}) == "2023-11-14T22:13:20Z");
  CHECK(format_rfc3339_exact({kMax, 5}) == std::nullopt);
  CHECK(format_seconds(half) == "1700000000.5");
  CHECK(format_seconds({7, 0}) == "7");
  CHECK(format_seconds({-1, 500'000'000}) == "-0.5");
  CHECK(format_seconds({-2, 750'000'000}) == "-1.25");
  CHECK(format_seconds({-2, 0}) == "-2");
}

TEST_CASE("less than a second is told in milliseconds") {
  Instant now{100, 500'000'000};
  CHECK(format_relative({100, 900'000'000}, now) == "in 0.4 s");
  CHECK(format_relative({100, 0}, now) == "0.5 s ago");
  CHECK(format_relative({101, 499'999'999}, now) == "in 1 s");
  CHECK(format_relative({100, 500'000'001}, now) == "in 0.001 s");
  CHECK(format_relative(now, now) == "now");
  CHECK(format_relative({99, 500'000'000}, now) == "1 s ago");
  CHECK(format_relative_exact({105, 900'000'000}, now) == "in 5.4 s");
  CHECK(format_relative_exact({40, 0}, now) == "60.5 s ago");
  CHECK(format_relative_exact({101, 500'000'000}, now) == "in 1 s");
  CHECK(format_relative_exact(now, now) == "now");
}

TEST_CASE("a year is told however far away it is") {
  CHECK(year_of({0, 0}) == 1970);
  CHECK(year_of({-1, 0}) == 1969);
  CHECK(year_of({253'402'300'799, 0}) == 9999);
  CHECK(year_of({253'402'300'800, 0}) == 10000);
  CHECK(year_of({951'782'400, 0}) == 2000);
  CHECK(year_of({1'767'229'140'000, 0}) == 57971);
  CHECK(year_of({-62'167'219'200, 0}) == 0);
  CHECK(year_of({-62'167'219'201, 0}) == -1);
  CHECK(year_of({kMax, 0}) == 292'277'026'596);
}

TEST_CASE("a time that cannot be read is a usage error") {
  for (std::string_view text : {"",
                                "+",
                                "-",
                                "+now",
                                "Now",
                                "+15x",
                                "++5",
                                "9223372036854775808",
                                "1.",
                                ".5",
                                "1.5.0",
                                "1.5s",
                                "-1.5",
                                "1e3",
                                " 0",
                                "2026-11-23",
                                "2026-11-23T14:28:00",
                                "2026-11-23T14:28Z",
                                "2026-11-23T14:28:00.Z",
                                "2026-13-01T00:00:00Z",
                                "2026-00-01T00:00:00Z",
                                "2026-04-31T00:00:00Z",
                                "2026-01-00T00:00:00Z",
                                "2026-11-23T24:00:00Z",
                                "2026-11-23T14:60:00Z",
                                "2026-11-23T14:28:00+24:00",
                                "2026-11-23T14:28:00+01:60",
                                "2026-11-23T14:28:00+0100",
                                "2026-11-23T14:28:00+01",
                                "2026-11-23T14:28:00ZZ",
                                "026-11-23T14:28:00Z",
                                "12026-11-23T14:28:00Z",
                                "-026-11-23T14:28:00Z"}) {
    CAPTURE(text);
    check_usage(parse_time(text, kNow), "is not a time");
  }
  CHECK(parse_time("x", kNow).error().hint.find("an offset is needed") != std::string::npos);
}

TEST_CASE("moving an instant saturates") {
  CHECK(shift({10, 7}, -20) == Instant{-10, 7});
  CHECK(shift({kMax, 7}, 1) == Instant{kMax, 7});
  CHECK(shift({kMax - 1, 7}, 1) == Instant{kMax, 7});
  CHECK(shift({kMin, 7}, -1) == Instant{kMin, 7});
  CHECK(shift({kMin + 1, 7}, -1) == Instant{kMin, 7});
}

TEST_CASE("the distance of instants is rounded towards zero and saturates") {
  CHECK(seconds_between({10, 0}, {13, 0}) == 3);
  CHECK(seconds_between({10, 1}, {13, 0}) == 2);
  CHECK(seconds_between({13, 0}, {10, 1}) == -2);
  CHECK(seconds_between({13, 0}, {10, 0}) == -3);
  CHECK(seconds_between({10, 0}, {10, 999'999'999}) == 0);
  CHECK(seconds_between({10, 999'999'999}, {10, 0}) == 0);
  CHECK(seconds_between({10, 500'000'000}, {11, 0}) == 0);
  CHECK(seconds_between({kMin, 0}, {kMax, 0}) == kMax);
  CHECK(seconds_between({kMax, 0}, {kMin, 0}) == kMin);
  CHECK(seconds_between({-1, 0}, {kMax, 0}) == kMax);
}

TEST_CASE("RFC 3339 text exists for the years 0 to 9999") {
  CHECK(format_rfc3339({0, 0}) == "1970-01-01T00:00:00Z");
  CHECK(format_rfc3339({-1, 999'999'999}) == "1969-12-31T23:59:59Z");
  CHECK(format_rfc3339({kYear0, 0}) == "0000-01-01T00:00:00Z");
  CHECK(format_rfc3339({kYear0 - 1, 0}) == std::nullopt);
  CHECK(format_rfc3339({kYear9999End, 0}) == "9999-12-31T23:59:59Z");
  CHECK(format_rfc3339({kYear9999End + 1, 0}) == std::nullopt);
  CHECK(format_rfc3339({kMax, 0}) == std::nullopt);
  CHECK(format_rfc3339({kMin, 0}) == std::nullopt);
}

TEST_CASE("an offset moves the local time and is named") {
  CHECK(format_rfc3339({0, 0}, 49500) == "1970-01-01T13:45:00+13:45");
  CHECK(format_rfc3339({0, 0}, -34200) == "1969-12-31T14:30:00-09:30");
  CHECK(format_rfc3339({kYear9999End, 0}, -3600) == "9999-12-31T22:59:59-01:00");
  CHECK(format_rfc3339({kYear9999End, 0}, 3600) == std::nullopt);
  CHECK(format_rfc3339({kYear0, 0}, -3600) == std::nullopt);
  CHECK(format_rfc3339({kMax, 0}, 3600) == std::nullopt);
}

TEST_CASE("what is formatted reads back as the same instant") {
  std::mt19937_64 random(20261123);
  std::uniform_int_distribution<std::int64_t> seconds(kYear0 + 86400, kYear9999End - 86400);
  std::uniform_int_distribution<Seconds> minutes(-23 * 60, 23 * 60);
  for (int round = 0; round < 3000; ++round) {
    Instant instant{seconds(random), 0};
    Seconds offset = round % 2 == 0 ? 0 : minutes(random) * 60;
    auto text = format_rfc3339(instant, offset);
    REQUIRE(text);
    CAPTURE(*text);
    CHECK(time_of(*text) == instant);
  }
}

// Before zones were agreed on, towns had offsets with seconds; RFC 3339 cannot say them.
TEST_CASE("an offset with seconds does not move the instant") {
  auto text = format_rfc3339({-3'500'000'000, 0}, 44028);
  REQUIRE(text);
  CAPTURE(*text);
  CHECK(time_of(*text) == Instant{-3'500'000'000, 0});
}

TEST_CASE("a length is shown with its two largest units") {
  struct Row {
    Seconds length;
    std::string_view text;
  };
  constexpr std::array<Row, 14> kRows{{{0, "0 s"},
                                       {59, "59 s"},
                                       {60, "1 min"},
                                       {61, "1 min 1 s"},
                                       {3599, "59 min 59 s"},
                                       {3600, "1 h"},
                                       {3601, "1 h"},
                                       {11040, "3 h 4 min"},
                                       {86399, "23 h 59 min"},
                                       {86400, "1 d"},
                                       {90000, "1 d 1 h"},
                                       {31'535'999, "364 d 23 h"},
                                       {31'536'000, "1 y"},
                                       {31'622'400, "1 y 1 d"}}};
  for (const Row& row : kRows) CHECK(format_duration(row.length) == row.text);
}

TEST_CASE("a plain duration is read back as what it was") {
  CHECK(plain_duration(0) == "0");
  CHECK(plain_duration(90) == "90s");
  CHECK(plain_duration(60) == "1m");
  CHECK(plain_duration(300) == "5m");
  CHECK(plain_duration(3600) == "1h");
  CHECK(plain_duration(Seconds{365} * 86400) == "365d");
  for (Seconds length :
       {Seconds{1}, Seconds{59}, Seconds{61}, Seconds{3'660}, Seconds{86'401}, kMaxDuration}) {
    CHECK(duration(plain_duration(length)) == length);
  }
}

TEST_CASE("a time that is read before now is known is seen from now later") {
  auto when = [](std::string_view text) { return parse_when(text)->seen_from({1'000, 5}); };
  CHECK(when("now") == Instant{1'000, 5});
  CHECK(when("+1m") == Instant{1'060, 5});
  CHECK(when("-1m") == Instant{940, 5});
  CHECK(when("7") == Instant{7, 0});
  CHECK(when("1970-01-01T00:00:07.5Z") == Instant{7, 500'000'000});
  CHECK_FALSE(parse_when("+x"));
}

TEST_CASE("an instant is shown as seen from now") {
  CHECK(format_relative({1'700'000'845, 500'000'000}, kNow) == "in 14 min 5 s");
  CHECK(format_relative({1'699'999'998, 0}, kNow) == "2 s ago");
  CHECK(format_relative({1'700'000'001, 0}, kNow) == "in 0.5 s");
  CHECK(format_relative(kNow, kNow) == "now");
  CHECK(format_relative({kMin, 0}, kNow).ends_with(" ago"));
  CHECK(format_relative({kMax, 0}, kNow).starts_with("in "));
}

}  // namespace
}  // namespace jwtctl
