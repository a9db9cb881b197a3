// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

namespace jwtctl {

/// published_secret returns where a secret was published for everybody to read ("RFC 7515 appendix
/// A.1"), if it is one of the few that are copied most. A secret that stands in no such list may
/// be known all the same.
std::optional<std::string_view> published_secret(std::string_view octets);

}  // namespace jwtctl
