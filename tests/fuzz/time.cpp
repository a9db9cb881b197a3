// SPDX-License-Identifier: Apache-2.0
// Times, lengths and dates of claims: what is read is written and read again as the same instant.
#include "lib/base/time.h"

#include <cmath>
#include <cstdlib>
#include <string>

#include "lib/codec/json.h"
#include "tests/fuzz/targets.h"

namespace jwtctl::fuzz {
namespace {

constexpr Instant kNow{1'795'000'000, 0};
constexpr Seconds kOffset = 12 * 3600 + 45 * 60;  // of the Chatham Islands

void check_instant(Instant instant) {
  must(instant.nanos >= 0 && instant.nanos < 1'000'000'000, "a fraction is one");
  for (Seconds offset : {Seconds{0}, kOffset, -kOffset}) {
    auto text = format_rfc3339(instant, offset);
    if (!text) continue;  // beyond the years 0 to 9999
    auto again = parse_time(*text, kNow);
    must(again && again->seconds == instant.seconds, "a time that was written can be read");
  }
  must(shift(shift(kNow, 5), -5) == kNow, "there and back again");
  must(!format_relative(instant, kNow).empty(), "it can be said");
}

void check_numeric_date(const std::string& number) {
  NumericDate date = parse_numeric_date(number);
  check_instant(date.value);
  bool negative = number.starts_with('-');
  NumericDate mirrored = parse_numeric_date(negative ? number.substr(1) : "-" + number);
  must(mirrored.in_range == date.in_range, "the sign does not decide whether it fits");
  if (!date.in_range) return;
  // Rounded down on both sides of zero, so that the two differ by the nanosecond they share.
  must(date.value.nanos == 0 ? mirrored.value.seconds == -date.value.seconds
                             : mirrored.value.seconds == -date.value.seconds - 1,
       "minus is the other side of zero");
  long double about = std::strtold(number.c_str(), nullptr);
  long double error = std::fabs(about - static_cast<long double>(date.value.seconds));
  must(error <= 1.0L + std::fabs(about) * 1e-15L, "it is about what the C library reads");
}

}  // namespace

void time(std::string_view input) {
  if (auto instant = parse_time(input, kNow)) check_instant(*instant);
  if (auto length = parse_duration(input)) {
    must(*length >= 0 && *length <= kMaxDuration, "a length is within a century");
    auto again = parse_duration(std::to_string(*length) + "s");
    must(again && *again == *length, "a length that was written can be read");
    must(!format_duration(*length).empty(), "it can be said");
  }
  if (input.empty() || input.find_first_not_of("0123456789+-.eE") != std::string_view::npos) return;
  JsonReading number = read_json(input);
  if (number.value && number.value->is_number()) check_numeric_date(*number.value->as_number());
}

}  // namespace jwtctl::fuzz
