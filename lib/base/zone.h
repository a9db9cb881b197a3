// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/time.h"

namespace jwtctl {

/// YearDay is a day of each year and the time on it, as POSIX's TZ writes them.
struct YearDay {
  enum class Kind { week_of_month, without_leap_day, from_zero };

  Kind kind = Kind::week_of_month;
  int month = 1;  ///< of `week_of_month`
  int week = 1;   ///< of `week_of_month`; 5 is the last
  int day = 0;    ///< of the week from Sunday, or of the year
  Seconds time = 7200;
};

/// ZoneRule is what a zone does after all that its file lists: one offset, or two that alternate.
struct ZoneRule {
  struct Summer {
    Seconds offset = 0;
    YearDay begin;
    YearDay end;
  };

  Seconds standard = 0;
  std::optional<Summer> summer;
};

/// parse_zone_rule reads the text of a TZ variable without its leading colon (POSIX, with the times
/// from -167 to 167 hours of RFC 8536 section 3.3.1). Nothing on anything else.
std::optional<ZoneRule> parse_zone_rule(std::string_view text);

/// Zone is the clock of one place. It is read from the file of the IANA database when it is asked
/// for: the library that could do so would be loaded by all who never ask.
class Zone {
 public:
  /// Period is a span of time with one offset: from `begin` until before `end`.
  struct Period {
    std::int64_t begin;
    std::int64_t end;
    Seconds offset;  ///< east of UTC
  };

  /// Local is what a time that a clock shows means.
  struct Local {
    enum class Kind { once, skipped, twice };

    Kind kind;
    std::int64_t seconds;  ///< after a gap its end; of two the later
    Seconds offset;        ///< then
  };

  /// parse reads a TZif file (RFC 8536) of version 2 or later. Fails with `input` when it is none,
  /// and when it counts leap seconds, which an Instant does not.
  static Result<Zone> parse(std::string_view file);

  /// load reads the zone of that name from this machine's database. Fails with `usage` when there
  /// is none, with `input` when there is no database.
  static Result<Zone> load(const std::string& name);

  /// period returns the one that holds `seconds` since 1970. Rules are not followed beyond the
  /// years that a calendar holds: there the standard offset counts.
  Period period(std::int64_t seconds) const;

  /// local says which instant a clock shows as `seconds` since 1970-01-01T00:00:00 of local time.
  Local local(std::int64_t seconds) const;

 private:
  struct Transition {
    std::int64_t at;
    Seconds offset;  ///< from then on
  };

  Seconds first_ = 0;  ///< before all transitions
  std::vector<Transition> transitions_;
  std::optional<ZoneRule> rule_;  ///< after all transitions
};

}  // namespace jwtctl
