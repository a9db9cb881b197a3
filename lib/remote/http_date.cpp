// SPDX-License-Identifier: Apache-2.0
#include "lib/remote/http_date.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace jwtctl {

std::optional<Instant> parse_http_date(std::string_view text) {
  // "Sun, 06 Nov 1994 08:49:37 GMT": every part has its place.
  constexpr std::size_t kLength = 29;
  constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  bool placed = text.size() == kLength && text.ends_with(" GMT") && text.substr(3, 2) == ", " &&
                text[7] == ' ' && text[11] == ' ' && text[16] == ' ';
  if (!placed) return std::nullopt;
  const auto* month = std::find(kMonths.begin(), kMonths.end(), text.substr(8, 3));
  if (month == kMonths.end()) return std::nullopt;
  // The parser of RFC 3339 knows the lengths of months.
  auto instant =
      parse_time(fmt::format("{}-{:02}-{}T{}Z", text.substr(12, 4), month - kMonths.begin() + 1,
                             text.substr(5, 2), text.substr(17, 8)),
                 {});
  return instant ? std::optional(*instant) : std::nullopt;
}

}  // namespace jwtctl
