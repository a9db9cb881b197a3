// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "lib/base/time.h"

namespace jwtctl {

/// parse_http_date reads the three forms of RFC 9110 section 5.6.7: IMF-fixdate, which is sent, and
/// the obsolete ones of RFC 850 and asctime, which a recipient must take; nothing for anything
/// else. `now` tells the century of a year of two digits: at most 50 years ahead.
std::optional<Instant> parse_http_date(std::string_view text, Instant now);

}  // namespace jwtctl
