// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "lib/base/time.h"
#include "lib/base/zone.h"

/// Time zones and the hours at which people work. They only ever push an instant later.
namespace jwtctl {

/// Window is a span of local time on some days of the week: "Mon-Thu 09:00-16:00 Europe/Berlin".
struct Window {
  std::string text;            ///< as it was given
  std::array<bool, 7> days{};  ///< from Sunday
  Seconds from = 0;            ///< of the day
  Seconds to = 0;              ///< of the day, exclusive
  Zone zone;
};

/// parse_window reads `DAYS HH:MM-HH:MM ZONE`; DAYS are `Mon`, `Mon-Thu`, `Mon,Wed`, `daily`. The
/// window must not pass midnight. Fails with `usage`, and with `input` when there is no data on
/// time zones.
Result<Window> parse_window(std::string_view text);

/// next_in_window returns the first instant on or after `instant` inside any of `windows`, which is
/// `instant` itself when there is none.
Instant next_in_window(std::span<const Window> windows, Instant instant);

/// LocalTime is a local time made an instant.
struct LocalTime {
  Instant instant;
  std::string note;  ///< what was odd about it: it does not exist, or exists twice
};

/// parse_local_time reads RFC 3339 without an offset (`2026-03-29T02:30`, seconds optional) in a
/// zone of the IANA database. A time that is skipped becomes the first instant after the gap, one
/// that comes twice the later of the two. Nothing when `text` is not of that form.
std::optional<Result<LocalTime>> parse_local_time(std::string_view text, const std::string& zone);

/// check_zone fails with `usage` when there is no such zone, with `input` when there is no data.
Result<void> check_zone(const std::string& zone);

}  // namespace jwtctl
