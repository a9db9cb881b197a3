// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "lib/base/error.h"
#include "lib/token/verdict.h"

namespace jwtctl::cli {

/// ExitCode is the promise to scripts; numbers are never reused.
enum class ExitCode {
  ok = 0,
  negative = 1,
  usage = 2,
  input = 3,
  network = 4,
  output = 5,
  crypto = 6,
  malformed = 10,
  header = 11,
  key = 12,
  signature = 13,
  issuer = 14,
  audience = 15,
  claim = 16,
  not_yet_valid = 17,
  expired = 18,
  wait = 20,
  unsafe = 21,
  unknown = 22,
  internal = 70,
  interrupted = 130,
  broken_pipe = 141,
  terminated = 143,
};

/// ExitCodeInfo is one row of the table that every manual page shows.
struct ExitCodeInfo {
  ExitCode code;
  std::string_view name;
  std::string_view meaning;
};

std::span<const ExitCodeInfo> exit_codes();

/// to_string returns the name of `code`, as JSON documents carry it.
std::string_view to_string(ExitCode code);

ExitCode to_exit_code(ErrorCode code);
ExitCode to_exit_code(VerdictCode code);

}  // namespace jwtctl::cli
