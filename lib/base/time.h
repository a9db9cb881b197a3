// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lib/base/result.h"

namespace jwtctl {

/// Seconds is a length of time. Policies hold non-negative ones of at most `kMaxDuration`.
using Seconds = std::int64_t;

inline constexpr Seconds kMaxDuration = Seconds{100} * 366 * 86400;

/// Instant is a point in time: seconds since 1970-01-01T00:00:00Z without leap seconds, as a
/// NumericDate counts (RFC 7519 section 2), and nanoseconds from 0 to 999,999,999.
struct Instant {
  std::int64_t seconds = 0;
  std::int32_t nanos = 0;

  friend auto operator<=>(const Instant&, const Instant&) = default;
};

/// shift moves an instant by whole seconds; it saturates instead of overflowing.
Instant shift(Instant instant, Seconds by);

/// seconds_between returns `later - earlier`, rounded towards zero, saturating.
Seconds seconds_between(Instant earlier, Instant later);

/// NumericDate is what the text of a JSON number says as a date.
struct NumericDate {
  Instant value;
  bool in_range;  ///< false when |seconds| does not fit 64 bits; `value` is then saturated
};

/// parse_numeric_date reads JSON number text (RFC 8259 section 6) exactly, never through a
/// double; digits beyond the nanosecond are dropped. `text` must be a valid JSON number.
NumericDate parse_numeric_date(std::string_view text);

/// parse_duration reads `90s`, `15m`, `2h`, `7d`, `1h30m` or a bare number of seconds; a day is
/// 86,400 s. Fails with `usage` on anything else and above `kMaxDuration`.
Result<Seconds> parse_duration(std::string_view text);

/// When is a time as people write it: an instant, or so long from now.
struct When {
  std::optional<Instant> instant;
  Seconds from_now = 0;  ///< where there is no instant; negative before now

  Instant seen_from(Instant now) const;
};

/// parse_when reads RFC 3339 with an offset, epoch seconds, both with a fraction or without, `now`,
/// or `+15m` and `-2h` from now. Digits beyond the nanosecond are dropped. Fails with `usage` on
/// anything else.
Result<When> parse_when(std::string_view text);

/// parse_time reads the same, seen from `now`.
Result<Instant> parse_time(std::string_view text, Instant now);

/// format_rfc3339 renders whole seconds as RFC 3339 with `offset` seconds east of UTC (`Z` for
/// zero). Returns nothing for a year outside 0 to 9999.
std::optional<std::string> format_rfc3339(Instant instant, Seconds offset = 0);

/// format_rfc3339_exact is format_rfc3339 with the fraction of the second, if there is one.
std::optional<std::string> format_rfc3339_exact(Instant instant, Seconds offset = 0);

/// year_of returns the year of the Gregorian calendar, however far away.
std::int64_t year_of(Instant instant);

/// format_seconds renders seconds with their fraction, if there is one: `1700000000.4`.
std::string format_seconds(Instant instant);

/// format_duration renders a non-negative length with its two largest units: `3 h 4 min`.
std::string format_duration(Seconds length);

/// plain_duration renders a non-negative length as `parse_duration` reads it, in the largest unit
/// that it is a multiple of: `90s`, `5m`, `365d`, `0`.
std::string plain_duration(Seconds length);

/// format_relative renders where `instant` lies seen from `now`: `in 14 min 5 s`, `2 s ago`,
/// `now`; in milliseconds when it is less than a second: `in 0.4 s`.
std::string format_relative(Instant instant, Instant now);

/// format_relative_exact does so in seconds and milliseconds, rounded away from `now`: `in 5.4 s`.
std::string format_relative_exact(Instant instant, Instant now);

}  // namespace jwtctl
