// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "lib/base/result.h"
#include "tests/catch.h"

namespace jwtctl::testing {

/// check_failed wants an error with this code whose message and hint have these parts.
template <class T>
void check_failed(const Result<T>& result, ErrorCode code, std::string_view part,
                  std::string_view hint = {}) {
  REQUIRE_FALSE(result.has_value());
  CAPTURE(result.error().message, result.error().hint);
  CHECK(to_string(result.error().code) == to_string(code));
  CHECK(result.error().message.find(part) != std::string::npos);
  CHECK(result.error().hint.find(hint) != std::string::npos);
}

}  // namespace jwtctl::testing
