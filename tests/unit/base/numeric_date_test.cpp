// SPDX-License-Identifier: Apache-2.0
// The part of lib/base/time that reads JSON numbers as dates.
#include <array>
#include <limits>
#include <random>

#include "lib/base/time.h"
#include "tests/catch.h"

namespace jwtctl {
namespace {

constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();

struct Row {
  std::string_view text;
  Instant value;
};

TEST_CASE("a number that is a date is read exactly") {
  constexpr std::array<Row, 16> kRows{{{"0", {0, 0}},
                                       {"1700000000", {1'700'000'000, 0}},
                                       {"1700000000.5", {1'700'000'000, 500'000'000}},
                                       {"1700000000.000000001", {1'700'000'000, 1}},
                                       {"1700000000.999999999", {1'700'000'000, 999'999'999}},
                                       {"1700000000.9999999999", {1'700'000'000, 999'999'999}},
                                       {"1.7e9", {1'700'000'000, 0}},
                                       {"1.7E+9", {1'700'000'000, 0}},
                                       {"17e8", {1'700'000'000, 0}},
                                       {"1700000000e0", {1'700'000'000, 0}},
                                       {"17000000005e-1", {1'700'000'000, 500'000'000}},
                                       {"0.000000001e9", {1, 0}},
                                       {"1e-9", {0, 1}},
                                       {"1e-10", {0, 0}},
                                       {"123456789012345678", {123'456'789'012'345'678, 0}},
                                       {"9007199254740993", {9'007'199'254'740'993, 0}}}};
  for (const Row& row : kRows) {
    CAPTURE(row.text);
    NumericDate date = parse_numeric_date(row.text);
    CHECK(date.in_range);
    CHECK(date.value.seconds == row.value.seconds);
    CHECK(date.value.nanos == row.value.nanos);
  }
}

TEST_CASE("a negative fraction lies after the whole second below it") {
  constexpr std::array<Row, 6> kRows{{{"-1", {-1, 0}},
                                      {"-1.0", {-1, 0}},
                                      {"-0.25", {-1, 750'000'000}},
                                      {"-1.000000001", {-2, 999'999'999}},
                                      {"-15e-1", {-2, 500'000'000}},
                                      {"-0.000000001", {-1, 999'999'999}}}};
  for (const Row& row : kRows) {
    CAPTURE(row.text);
    NumericDate date = parse_numeric_date(row.text);
    CHECK(date.in_range);
    CHECK(date.value.seconds == row.value.seconds);
    CHECK(date.value.nanos == row.value.nanos);
  }
}

TEST_CASE("zero is zero in every spelling") {
  for (std::string_view text :
       {"0", "-0", "0.0", "-0.000", "0e0", "0e999999999999", "-0E+99999999999999999999999",
        "0.00e-99999999999999999999999", "0e-5"}) {
    CAPTURE(text);
    NumericDate date = parse_numeric_date(text);
    CHECK(date.in_range);
    CHECK(date.value == Instant{0, 0});
  }
}

TEST_CASE("what does not fit 64 bits is out of range and saturates") {
  for (std::string_view text : {"9223372036854775808", "1e19", "1e30", "99999999999999999999",
                                "1e999999999999", "1e99999999999999999999999", "9.3e18"}) {
    CAPTURE(text);
    NumericDate date = parse_numeric_date(text);
    CHECK_FALSE(date.in_range);
    CHECK(date.value == Instant{kMax, 0});
  }
  for (std::string_view text : {"-9223372036854775809", "-1e30", "-1e99999999999999999999999"}) {
    CAPTURE(text);
    NumericDate date = parse_numeric_date(text);
    CHECK_FALSE(date.in_range);
    CHECK(date.value == Instant{kMin, 0});
  }
}

TEST_CASE("the last seconds before the end of the range are dates") {
  CHECK(parse_numeric_date("9223372036854775806").in_range);
  CHECK(parse_numeric_date("9223372036854775806").value == Instant{kMax - 1, 0});
  CHECK(parse_numeric_date("9223372036854775806.5").value == Instant{kMax - 1, 500'000'000});
  CHECK(parse_numeric_date("-9223372036854775806").value == Instant{-kMax + 1, 0});
  CHECK(parse_numeric_date("-9223372036854775806.5").value == Instant{-kMax, 500'000'000});
  // Here the value is the same whether it counts as in range or not.
  CHECK(parse_numeric_date("9223372036854775807").value == Instant{kMax, 0});
}

TEST_CASE("an exponent can be huge in both directions") {
  for (std::string_view text :
       {"1e-20", "1e-100000", "1e-999999999999", "9.99e-99999999999999999999999"}) {
    CAPTURE(text);
    NumericDate date = parse_numeric_date(text);
    CHECK(date.in_range);
    CHECK(date.value == Instant{0, 0});
  }
  CHECK(parse_numeric_date("0.00000000000000000000000000001e29").value == Instant{1, 0});
  CHECK(parse_numeric_date("10000000000000000000000000000e-28").value == Instant{1, 0});
}

TEST_CASE("a number and its shifted spellings are one date") {
  std::mt19937_64 random(20261123);
  for (int round = 0; round < 500; ++round) {
    auto seconds = static_cast<std::int64_t>(random() >> 2U);
    auto nanos = static_cast<std::int32_t>(random() % 1'000'000'000);
    std::string plain = fmt::format("{}.{:09}", seconds, nanos);
    std::string whole = fmt::format("{}{:09}e-9", seconds, nanos);
    std::string small = fmt::format("0.{:019}{:09}E+19", seconds, nanos);
    CAPTURE(plain, whole, small);
    Instant expected{seconds, nanos};
    CHECK(parse_numeric_date(plain).value == expected);
    CHECK(parse_numeric_date(whole).value == expected);
    CHECK(parse_numeric_date(small).value == expected);
    Instant mirrored =
        nanos == 0 ? Instant{-seconds, 0} : Instant{-seconds - 1, 1'000'000'000 - nanos};
    CHECK(parse_numeric_date(fmt::format("-{}", plain)).value == mirrored);
  }
}

}  // namespace
}  // namespace jwtctl
