// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"

namespace jwtctl {

/// Revocations are the values of jti (RFC 7519 section 4.1.7) that no longer count.
struct Revocations {
  std::vector<std::string> ids;
  bool by_line = false;  ///< written one a line, so that not every jti could stand among them
};

/// parse_revocations reads one jti a line, or a JSON array of strings, which are taken exactly. It
/// fails with `input` for whatever else it is given: a list that is misread revokes nothing, and
/// nobody would notice.
Result<Revocations> parse_revocations(std::string_view text);

/// fits_line says whether a jti can stand in a list of lines: it has no quotes, separators,
/// brackets or white space, and nothing that cannot be seen.
bool fits_line(std::string_view jti);

}  // namespace jwtctl
