// SPDX-License-Identifier: Apache-2.0
#include "lib/remote/http_date.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace jwtctl {
namespace {

constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> kLongDays{"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                    "Friday", "Saturday", "Sunday"};

std::optional<Instant> read_parts(std::string_view year, std::string_view month,
                                  std::string_view day, std::string_view time) {
  const auto* found = std::find(kMonths.begin(), kMonths.end(), month);
  if (found == kMonths.end()) return std::nullopt;
  // The parser of RFC 3339 knows the lengths of months.
  auto instant =
      parse_time(fmt::format("{}-{:02}-{}T{}Z", year, found - kMonths.begin() + 1, day, time), {});
  return instant ? std::optional(*instant) : std::nullopt;
}

/// read_fixdate reads "Sun, 06 Nov 1994 08:49:37 GMT": every part has its place.
std::optional<Instant> read_fixdate(std::string_view text) {
  constexpr std::size_t kLength = 29;
  bool placed = text.size() == kLength && text.ends_with(" GMT") && text.substr(3, 2) == ", " &&
                text[7] == ' ' && text[11] == ' ' && text[16] == ' ';
  if (!placed) return std::nullopt;
  return read_parts(text.substr(12, 4), text.substr(8, 3), text.substr(5, 2), text.substr(17, 8));
}

/// read_rfc850 reads "Sunday, 06-Nov-94 08:49:37 GMT".
std::optional<Instant> read_rfc850(std::string_view text, Instant now) {
  std::size_t comma = std::min(text.find(','), text.size());
  if (std::find(kLongDays.begin(), kLongDays.end(), text.substr(0, comma)) == kLongDays.end()) {
    return std::nullopt;
  }
  text = text.substr(comma);
  constexpr std::size_t kLength = 24;
  bool placed = text.size() == kLength && text.ends_with(" GMT") && text.starts_with(", ") &&
                text[4] == '-' && text[8] == '-' && text[11] == ' ';
  if (!placed) return std::nullopt;
  int year = 0;
  const char* end = text.data() + 11;
  auto [at, error] = std::from_chars(text.data() + 9, end, year);
  auto today = format_rfc3339({now.seconds, 0});
  if (error != std::errc{} || at != end || year < 0 || !today) return std::nullopt;
  int this_year = 0;
  std::from_chars(today->data(), today->data() + 4, this_year);
  // The latest year that ends so and is no more than 50 years ahead.
  constexpr int kAhead = 50;
  int latest = this_year + kAhead;
  int full = latest - (latest - year) % 100;
  auto read = [&](int in_year) {
    return read_parts(fmt::format("{:04}", in_year), text.substr(5, 3), text.substr(2, 2),
                      text.substr(12, 8));
  };
  auto instant = read(full);
  if (full < latest) return instant;
  // In the fiftieth year the day tells.
  auto limit = parse_time(fmt::format("{:04}-{}", latest, std::string_view(*today).substr(5)), {});
  return instant && limit && *instant > *limit ? read(full - 100) : instant;
}

/// read_asctime reads "Sun Nov  6 08:49:37 1994".
std::optional<Instant> read_asctime(std::string_view text) {
  constexpr std::size_t kLength = 24;
  bool placed = text.size() == kLength && text[3] == ' ' && text[7] == ' ' && text[10] == ' ' &&
                text[19] == ' ';
  if (!placed) return std::nullopt;
  std::string day(text.substr(8, 2));
  if (day[0] == ' ') day[0] = '0';
  return read_parts(text.substr(20, 4), text.substr(4, 3), day, text.substr(11, 8));
}

}  // namespace

std::optional<Instant> parse_http_date(std::string_view text, Instant now) {
  if (auto instant = read_fixdate(text)) return instant;
  if (auto instant = read_asctime(text)) return instant;
  return read_rfc850(text, now);
}

}  // namespace jwtctl
