// SPDX-License-Identifier: Apache-2.0
#include "lib/base/time.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <limits>

#include "lib/base/shown.h"
#include "lib/base/text.h"

namespace jwtctl {
namespace {

constexpr std::int64_t kMaxSeconds = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kMinSeconds = std::numeric_limits<std::int64_t>::min();
constexpr Seconds kDay = 86400;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// floor_instant turns a magnitude and a sign into an instant whose nanos are not negative.
Instant floor_instant(bool negative, std::int64_t seconds, std::int32_t nanos) {
  if (!negative) return {seconds, nanos};
  if (nanos == 0) return {-seconds, 0};
  return {-seconds - 1, 1'000'000'000 - nanos};
}

/// Cursor walks over fixed-width fields of an RFC 3339 text.
struct Cursor {
  std::string_view text;
  bool ok = true;

  int number(std::size_t width) {
    if (!ok || text.size() < width || !std::all_of(text.begin(), text.begin() + width, is_digit)) {
      ok = false;
      return 0;
    }
    int value = static_cast<int>(*parse_number<std::int64_t>(text.substr(0, width)));
    text.remove_prefix(width);
    return value;
  }

  bool accept(std::string_view any_of) {
    if (!ok || text.empty() || any_of.find(text[0]) == std::string_view::npos) return false;
    text.remove_prefix(1);
    return true;
  }

  void expect(std::string_view any_of) { ok = accept(any_of) && ok; }
};

std::optional<Instant> parse_rfc3339(std::string_view text) {
  Cursor at{text};
  int year = at.number(4);
  at.expect("-");
  int month = at.number(2);
  at.expect("-");
  int day = at.number(2);
  at.expect("Tt ");
  int hour = at.number(2);
  at.expect(":");
  int minute = at.number(2);
  at.expect(":");
  int second = at.number(2);
  std::int32_t nanos = 0;
  if (at.accept(".")) {
    if (at.text.empty() || !is_digit(at.text[0])) return std::nullopt;
    for (std::int32_t scale = 100'000'000; !at.text.empty() && is_digit(at.text[0]); scale /= 10) {
      nanos += (at.text[0] - '0') * scale;
      at.text.remove_prefix(1);
    }
  }
  Seconds offset = 0;
  if (!at.accept("Zz")) {
    bool west = at.ok && at.text.starts_with('-');
    at.expect("+-");
    int hours = at.number(2);
    at.expect(":");
    int minutes = at.number(2);
    if (hours > 23 || minutes > 59) return std::nullopt;
    offset = (west ? -1 : 1) * (hours * 3600 + minutes * 60);
  }
  std::chrono::year_month_day date{std::chrono::year{year},
                                   std::chrono::month{static_cast<unsigned>(month)},
                                   std::chrono::day{static_cast<unsigned>(day)}};
  bool valid = at.ok && at.text.empty() && date.ok() && hour < 24 && minute < 60 && second < 61;
  if (!valid) return std::nullopt;
  auto days = std::chrono::sys_days{date}.time_since_epoch().count();
  return Instant{Seconds{days} * kDay + hour * 3600 + minute * 60 + second - offset, nanos};
}

/// parse_epoch reads seconds with an optional fraction; either side of the point has digits.
std::optional<Instant> parse_epoch(std::string_view text) {
  std::size_t point = std::min(text.find('.'), text.size());
  std::string_view whole = text.substr(0, point);
  auto seconds = whole.empty() ? std::nullopt : parse_number<std::int64_t>(whole);
  if (!seconds) return std::nullopt;
  if (point == text.size()) return Instant{*seconds, 0};
  std::string_view fraction = text.substr(point + 1);
  if (fraction.empty() || !std::all_of(fraction.begin(), fraction.end(), is_digit)) {
    return std::nullopt;
  }
  std::string nanos(fraction.substr(0, 9));
  nanos.resize(9, '0');
  return Instant{*seconds, static_cast<std::int32_t>(*parse_number<std::int64_t>(nanos))};
}

/// fraction_text renders a fraction of a second: ".4"; empty for none.
std::string fraction_text(std::int32_t nanos) {
  if (nanos == 0) return {};
  std::string text = fmt::format(".{:09}", nanos);
  text.resize(text.find_last_not_of('0') + 1);
  return text;
}

/// Distance is how far two instants are apart.
struct Distance {
  bool ahead;  ///< the first is the later one
  Seconds seconds;
  std::int32_t nanos;
};

Distance distance(Instant instant, Instant now) {
  bool ahead = instant > now;
  Instant early = ahead ? now : instant;
  Instant late = ahead ? instant : now;
  std::int32_t nanos = late.nanos - early.nanos;
  return {ahead, seconds_between(early, late), nanos < 0 ? nanos + 1'000'000'000 : nanos};
}

}  // namespace

Instant shift(Instant instant, Seconds by) {
  std::int64_t sum = 0;
  if (__builtin_add_overflow(instant.seconds, by, &sum)) sum = by > 0 ? kMaxSeconds : kMinSeconds;
  return {sum, instant.nanos};
}

Seconds seconds_between(Instant earlier, Instant later) {
  std::int64_t difference = 0;
  if (__builtin_sub_overflow(later.seconds, earlier.seconds, &difference)) {
    return later.seconds > earlier.seconds ? kMaxSeconds : kMinSeconds;
  }
  std::int32_t nanos = later.nanos - earlier.nanos;
  if (difference > 0 && nanos < 0) return difference - 1;
  if (difference < 0 && nanos > 0) return difference + 1;
  return difference;
}

NumericDate parse_numeric_date(std::string_view text) {
  bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);

  std::int64_t exponent = 0;
  if (std::size_t e = text.find_first_of("eE"); e != std::string_view::npos) {
    std::string_view digits = text.substr(e + 1);
    bool small = digits.starts_with('-');
    if (small || digits.starts_with('+')) digits.remove_prefix(1);
    // An exponent too long for 64 bits is as good as this one in either direction.
    exponent =
        std::min(parse_number<std::int64_t>(digits).value_or(kMaxSeconds), std::int64_t{100'000});
    if (small) exponent = -exponent;
    text = text.substr(0, e);
  }
  std::string digits;
  std::int64_t point = 0;  // how many of `digits` stand before the decimal point
  for (char c : text) {
    if (is_digit(c)) digits += c;
    if (c == '.') point = static_cast<std::int64_t>(digits.size());
  }
  if (text.find('.') == std::string_view::npos) point = static_cast<std::int64_t>(digits.size());
  if (digits.find_first_not_of('0') == std::string::npos) return {{0, 0}, true};
  point += exponent;

  std::int64_t seconds = 0;
  std::int32_t nanos = 0;
  std::int32_t scale = 100'000'000;
  auto digit_at = [&digits](std::int64_t i) {
    bool inside = i >= 0 && i < static_cast<std::int64_t>(digits.size());
    return inside ? digits[static_cast<std::size_t>(i)] - '0' : 0;
  };
  for (std::int64_t i = 0; i < point; ++i) {
    bool overflow = __builtin_mul_overflow(seconds, std::int64_t{10}, &seconds) ||
                    __builtin_add_overflow(seconds, std::int64_t{digit_at(i)}, &seconds);
    // One less than the extreme, so that a negative fraction still has room below it.
    if (overflow || seconds == kMaxSeconds) {
      return {{negative ? kMinSeconds : kMaxSeconds, 0}, false};
    }
  }
  for (std::int64_t i = point; scale > 0 && i < point + 9; ++i, scale /= 10) {
    nanos += digit_at(i) * scale;
  }
  return {floor_instant(negative, seconds, nanos), true};
}

Result<Seconds> parse_duration(std::string_view text) {
  auto bad = [text] {
    return fail(ErrorCode::usage, "{} is not a duration", quote_argument(text))
        .hint("write 90s, 15m, 2h, 7d, 1h30m, or a number of seconds");
  };
  Seconds total = 0;
  Seconds last_unit = kMaxSeconds;
  std::string_view rest = text;
  if (rest.empty()) return bad();
  while (!rest.empty()) {
    std::size_t digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
    auto value = parse_number<std::int64_t>(rest.substr(0, digits));
    if (!value) return bad();
    rest.remove_prefix(digits);

    Seconds unit = 1;
    if (!rest.empty()) {
      constexpr std::string_view kUnits = "dhms";
      constexpr std::array<Seconds, 4> kLengths{kDay, 3600, 60, 1};
      std::size_t which = kUnits.find(rest[0]);
      if (which == std::string_view::npos) return bad();
      unit = kLengths[which];
      rest.remove_prefix(1);
    } else if (last_unit != kMaxSeconds) {
      return bad();  // "1h30": thirty what?
    }
    Seconds part = 0;
    bool overflow = __builtin_mul_overflow(*value, unit, &part) ||
                    __builtin_add_overflow(total, part, &total) || total > kMaxDuration;
    if (overflow)
      return fail(ErrorCode::usage, "{} is longer than a century", quote_argument(text));
    if (unit >= last_unit) return bad();
    last_unit = unit;
  }
  return total;
}

Instant When::seen_from(Instant now) const { return instant ? *instant : shift(now, from_now); }

Result<When> parse_when(std::string_view text) {
  if (text == "now") return When{};
  if (text.starts_with('+') || text.starts_with('-')) {
    if (auto by = parse_duration(text.substr(1))) {
      return When{std::nullopt, text.starts_with('-') ? -*by : *by};
    }
  } else if (auto epoch = parse_epoch(text)) {
    return When{epoch};
  } else if (auto instant = parse_rfc3339(text)) {
    return When{instant};
  }
  return fail(ErrorCode::usage, "{} is not a time", quote_argument(text))
      .hint("write 2026-11-23T14:28:00Z (an offset is needed), epoch seconds, now, +15m or -2h");
}

Result<Instant> parse_time(std::string_view text, Instant now) {
  auto when = parse_when(text);
  if (!when) return fail(std::move(when).error());
  return when->seen_from(now);
}

std::optional<std::string> format_rfc3339(Instant instant, Seconds offset) {
  offset -= offset % 60;  // RFC 3339 has no seconds in offsets; zones of the 19th century do
  constexpr std::int64_t kYear0 = -62167219200;
  constexpr std::int64_t kYear9999End = 253402300799;
  std::int64_t local = shift(instant, offset).seconds;
  if (local < kYear0 || local > kYear9999End) return std::nullopt;

  std::int64_t days = local / kDay - (local % kDay < 0 ? 1 : 0);
  std::int64_t rest = local - days * kDay;
  std::chrono::year_month_day date{
      std::chrono::sys_days{std::chrono::days{static_cast<int>(days)}}};
  std::string zone = "Z";
  if (offset != 0) {
    Seconds minutes = (offset < 0 ? -offset : offset) / 60;
    zone = fmt::format("{}{:02}:{:02}", offset < 0 ? '-' : '+', minutes / 60, minutes % 60);
  }
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     rest / 3600, rest / 60 % 60, rest % 60, zone);
}

std::optional<std::string> format_rfc3339_exact(Instant instant, Seconds offset) {
  constexpr std::size_t kWhole = std::string_view("2026-11-23T14:28:00").size();
  auto text = format_rfc3339(instant, offset);
  if (text) text->insert(kWhole, fraction_text(instant.nanos));
  return text;
}

std::int64_t year_of(Instant instant) {
  // Days since 0000-03-01, in eras of 400 years, which all have the same length.
  constexpr std::int64_t kDaysBefore1970 = 719468;
  constexpr std::int64_t kEra = 146097;
  std::int64_t days = instant.seconds / kDay - (instant.seconds % kDay < 0 ? 1 : 0);
  days += kDaysBefore1970;
  std::int64_t era = (days >= 0 ? days : days - kEra + 1) / kEra;
  std::int64_t day = days - era * kEra;
  std::int64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
  std::int64_t day_of_year = day - (365 * year + year / 4 - year / 100);
  constexpr std::int64_t kMarchToDecember = 306;
  return era * 400 + year + (day_of_year >= kMarchToDecember ? 1 : 0);
}

std::string format_seconds(Instant instant) {
  if (instant.seconds >= 0 || instant.nanos == 0) {
    return fmt::format("{}{}", instant.seconds, fraction_text(instant.nanos));
  }
  std::int64_t whole = instant.seconds + 1;
  return fmt::format("{}{}{}", whole == 0 ? "-" : "", whole,
                     fraction_text(1'000'000'000 - instant.nanos));
}

std::string format_duration(Seconds length) {
  struct Unit {
    Seconds seconds;
    std::string_view name;
  };
  constexpr std::array<Unit, 5> kUnits{
      {{365 * kDay, "y"}, {kDay, "d"}, {3600, "h"}, {60, "min"}, {1, "s"}}};
  for (std::size_t i = 0; i + 1 < kUnits.size(); ++i) {
    if (length < kUnits[i].seconds) continue;
    Seconds rest = length % kUnits[i].seconds / kUnits[i + 1].seconds;
    Seconds whole = length / kUnits[i].seconds;
    if (rest == 0) return fmt::format("{} {}", whole, kUnits[i].name);
    return fmt::format("{} {} {} {}", whole, kUnits[i].name, rest, kUnits[i + 1].name);
  }
  return fmt::format("{} s", length);
}

std::string format_relative_exact(Instant instant, Instant now) {
  constexpr std::int32_t kMillisecond = 1'000'000;
  Distance apart = distance(instant, now);
  std::int32_t milliseconds = (apart.nanos + kMillisecond - 1) / kMillisecond;
  if (milliseconds == 1000 && apart.seconds < kMaxSeconds) ++apart.seconds;
  std::string length =
      fmt::format("{}{} s", apart.seconds, fraction_text(milliseconds % 1000 * kMillisecond));
  if (apart.ahead) return fmt::format("in {}", length);
  return instant == now ? "now" : fmt::format("{} ago", length);
}

std::string plain_duration(Seconds length) {
  if (length == 0) return "0";
  constexpr std::array<std::pair<Seconds, char>, 4> kUnits{
      {{kDay, 'd'}, {3600, 'h'}, {60, 'm'}, {1, 's'}}};
  const auto* unit = std::find_if(kUnits.begin(), kUnits.end(),
                                  [length](const auto& row) { return length % row.first == 0; });
  return fmt::format("{}{}", length / unit->first, unit->second);
}

std::string format_relative(Instant instant, Instant now) {
  if (instant != now && seconds_between(now, instant) == 0) {
    return format_relative_exact(instant, now);
  }
  Seconds delta = seconds_between(now, instant);
  if (delta > 0) return fmt::format("in {}", format_duration(delta));
  if (delta < 0) return fmt::format("{} ago", format_duration(-std::max(delta, -kMaxSeconds)));
  return "now";
}

}  // namespace jwtctl
