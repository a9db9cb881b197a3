// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace jwtctl {

/// ObjectScan says how far base64url text can be the text of one JSON object.
struct ObjectScan {
  bool whole = false;      ///< it can, to its end
  bool named = false;      ///< with a member "alg", "enc" or "typ", or one whose name is escaped
  bool encrypted = false;  ///< with a member "enc"
  bool open = false;       ///< it ends within one, and no object in it ends there
  std::size_t octets = 0;  ///< that can be its beginning
};

/// scan_object decodes no more than it takes to tell that there is no JSON object, and keeps
/// nothing of it. It is coarse: what it takes for an object `read_json` may refuse, but never the
/// other way round. It does not mind how deep the object is, nor whether its text is UTF-8.
ObjectScan scan_object(std::string_view text);

}  // namespace jwtctl
