// SPDX-License-Identifier: Apache-2.0
#include "lib/base/error.h"

namespace jwtctl {

std::string_view to_string(ErrorCode code) {
  switch (code) {
    case ErrorCode::usage: return "usage";
    case ErrorCode::input: return "input";
    case ErrorCode::key_refused: return "input";
    case ErrorCode::output: return "output";
    case ErrorCode::broken_pipe: return "output";
    case ErrorCode::crypto: return "crypto";
    case ErrorCode::internal: return "internal";
  }
  return "internal";
}

}  // namespace jwtctl
