// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace jwtctl {

/// ObjectScan says how far base64url text can be the text of one JSON object.
struct ObjectScan {
  bool whole = false;      ///< it can, to its end
  std::size_t octets = 0;  ///< that can be its beginning
};

/// scan_object decodes no more than it takes to tell that there is no JSON object, and keeps
/// nothing of it. It is coarse: what it takes for an object `read_json` may refuse, but never the
/// other way round.
ObjectScan scan_object(std::string_view text);

}  // namespace jwtctl
