// SPDX-License-Identifier: Apache-2.0
#include "lib/rotation/window.h"

#include <algorithm>
#include <chrono>

#include "lib/base/shown.h"
#include "lib/base/text.h"

namespace jwtctl {
namespace {

constexpr std::array<std::string_view, 7> kDayNames{"sun", "mon", "tue", "wed",
                                                    "thu", "fri", "sat"};

/// resolve says what a local time means: after a gap, the later one of two.
LocalTime resolve(const Zone& zone, std::int64_t local, std::string_view text,
                  std::string_view name) {
  Zone::Local found = zone.local(local);
  LocalTime out{{found.seconds, 0}, {}};
  if (found.kind == Zone::Local::Kind::once) return out;
  std::string taken = format_rfc3339(out.instant, found.offset).value_or("");
  out.note = found.kind == Zone::Local::Kind::skipped
                 ? fmt::format("{} does not exist in {}, where clocks are put forward; taken as {}",
                               text, name, taken)
                 : fmt::format("{} comes twice in {}, where clocks are put back; taken as {}", text,
                               name, taken);
  return out;
}

std::optional<std::size_t> parse_day(std::string_view text) {
  const auto* found = std::find(kDayNames.begin(), kDayNames.end(), to_lower(text));
  if (found == kDayNames.end()) return std::nullopt;
  return static_cast<std::size_t>(found - kDayNames.begin());
}

bool parse_days(std::string_view text, std::array<bool, 7>& days) {
  if (equals_ignoring_case(text, "daily")) {
    days.fill(true);
    return true;
  }
  for (std::string_view part : split(text, ',')) {
    auto ends = split(part, '-');
    auto first = parse_day(ends.front());
    auto last = parse_day(ends.back());
    if (!first || !last || ends.size() > 2) return false;
    for (std::size_t day = *first;; day = (day + 1) % 7) {
      days[day] = true;
      if (day == *last) break;
    }
  }
  return true;
}

/// parse_digits reads a field of exactly `text.size()` digits.
std::optional<int> parse_digits(std::string_view text) {
  int value = 0;
  for (char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return text.empty() ? std::nullopt : std::optional(value);
}

/// parse_clock reads HH:MM; 24:00 is the end of the day.
std::optional<Seconds> parse_clock(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  auto hour = parse_digits(text.substr(0, 2));
  auto minute = parse_digits(text.substr(3));
  if (!hour || !minute || *minute > 59 || *hour > 24 || (*hour == 24 && *minute > 0)) {
    return std::nullopt;
  }
  return *hour * 3600 + *minute * 60;
}

/// next_in returns the first instant of one window on or after `instant`.
Instant next_in(const Window& window, Instant instant) {
  namespace chrono = std::chrono;
  if (!format_rfc3339(instant)) return instant;  // no plan has such a time
  std::int64_t now = instant.seconds + window.zone.period(instant.seconds).offset;
  auto midnight = chrono::floor<chrono::days>(chrono::sys_seconds{chrono::seconds{now}});
  for (int i = 0; i <= 8; ++i, midnight += chrono::days{1}) {
    if (!window.days[chrono::weekday{midnight}.c_encoding()]) continue;
    Seconds day = Seconds{midnight.time_since_epoch().count()} * 86400;
    Instant opens{window.zone.local(day + window.from).seconds, 0};
    Instant closes{window.zone.local(day + window.to).seconds, 0};
    if (instant < closes && opens < closes) return std::max(instant, opens);
  }
  return instant;  // not reached: each window has a day
}

}  // namespace

Result<Window> parse_window(std::string_view text) {
  auto bad = [text](std::string_view what) {
    return fail(ErrorCode::usage, "{} is not a window: {}", quote_argument(text), what)
        .hint("write \"Mon-Thu 09:00-16:00 Europe/Berlin\"");
  };
  Window window;
  window.text = text;
  auto words = split(text, ' ');
  if (words.size() != 3) return bad("it has days, a span of time and a time zone");
  if (!parse_days(words[0], window.days)) return bad("days are Mon, Mon-Thu, Mon,Wed or daily");
  auto span = split(words[1], '-');
  auto from = parse_clock(span.front());
  auto to = parse_clock(span.back());
  if (!from || !to || span.size() != 2) return bad("the span is HH:MM-HH:MM");
  if (*from >= *to) return bad("it must end after it begins, on the same day");
  window.from = *from;
  window.to = *to;
  auto zone = Zone::load(std::string(words[2]));
  if (!zone) return fail(std::move(zone).error());
  window.zone = *std::move(zone);
  return window;
}

Instant next_in_window(std::span<const Window> windows, Instant instant) {
  std::optional<Instant> best;
  for (const Window& window : windows) {
    Instant next = next_in(window, instant);
    if (!best || next < *best) best = next;
  }
  return best.value_or(instant);
}

std::optional<Result<LocalTime>> parse_local_time(std::string_view text, const std::string& zone) {
  bool shape = (text.size() == 16 || (text.size() == 19 && text[16] == ':')) && text[4] == '-' &&
               text[7] == '-' && (text[10] == 'T' || text[10] == ' ') && text[13] == ':';
  if (!shape) return std::nullopt;
  auto year = parse_digits(text.substr(0, 4));
  auto month = parse_digits(text.substr(5, 2));
  auto day = parse_digits(text.substr(8, 2));
  auto hour = parse_digits(text.substr(11, 2));
  auto minute = parse_digits(text.substr(14, 2));
  auto second = text.size() == 19 ? parse_digits(text.substr(17)) : std::optional(0);
  if (!year || !month || !day || !hour || !minute || !second) return std::nullopt;
  std::chrono::year_month_day date{std::chrono::year{*year},
                                   std::chrono::month{static_cast<unsigned>(*month)},
                                   std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok() || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  auto found = Zone::load(zone);
  if (!found) return Result<LocalTime>(fail(std::move(found).error()));
  Seconds days{std::chrono::sys_days{date}.time_since_epoch().count()};
  Seconds local = days * 86400 + *hour * 3600 + *minute * 60 + *second;
  return Result<LocalTime>(resolve(*found, local, text, zone));
}

Result<void> check_zone(const std::string& zone) {
  auto found = Zone::load(zone);
  return found ? Result<void>{} : fail(std::move(found).error());
}

}  // namespace jwtctl
