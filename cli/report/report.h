// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cli/exit_code.h"
#include "lib/base/time.h"
#include "lib/token/clean.h"
#include "lib/token/decode.h"
#include "lib/token/verdict.h"

/// Renderers: pure functions from data to text.
namespace jwtctl::cli {

/// View is how a person wants to see a report.
struct View {
  Instant now;
  bool now_given = false;  ///< --now was used, so the report says it
  bool color = false;
  bool verbose = false;
  Seconds (*offset)(Instant) = nullptr;  ///< local zone; null is UTC
};

/// VerifyReport is a verdict and the token that it is about.
struct VerifyReport {
  CleanedToken token;
  Verdict verdict;
};

std::string to_text(const Decoded& decoded, const View& view);
std::string to_text(const VerifyReport& report, const View& view);

Result<std::string> to_json(const Decoded& decoded, const View& view);
Result<std::string> to_json(const VerifyReport& report, const View& view);

/// error_to_json renders the document that stands on stdout when a command fails. `partial`,
/// unless null, is what could be told all the same.
std::string error_to_json(const Error& error, ExitCode code, Json partial);

/// decoded_json returns the members of `jwtctl.decode/1`.
Result<Json> decoded_json(const Decoded& decoded, const View& view);

}  // namespace jwtctl::cli
