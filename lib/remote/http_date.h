// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "lib/base/time.h"

namespace jwtctl {

/// parse_http_date reads an IMF-fixdate (RFC 9110 section 5.6.7), the one form that may be sent;
/// nothing for anything else.
std::optional<Instant> parse_http_date(std::string_view text);

}  // namespace jwtctl
