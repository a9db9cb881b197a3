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
    case ErrorCode::network_dns: return "network.dns";
    case ErrorCode::network_connect:
    case ErrorCode::network_refused: return "network.connect";
    case ErrorCode::network_tls: return "network.tls";
    case ErrorCode::network_timeout: return "network.timeout";
    case ErrorCode::network_status: return "network.status";
    case ErrorCode::network_body: return "network.body";
    case ErrorCode::network_offline: return "network.offline";
    case ErrorCode::crypto: return "crypto";
    case ErrorCode::internal: return "internal";
  }
  return "internal";
}

}  // namespace jwtctl
