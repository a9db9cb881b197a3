// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cli/exit_code.h"
#include "lib/base/time.h"
#include "lib/jose/jwk.h"
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

/// KeyOrigin says how a key set came over the network.
struct KeyOrigin {
  std::string url;
  bool from_cache = false;
  bool stale = false;
  Seconds age = 0;
  std::optional<Seconds> clock_skew;  ///< the server's clock minus ours
};

/// VerifyReport is a verdict and the token that it is about.
struct VerifyReport {
  CleanedToken token;
  Verdict verdict;
  std::optional<KeyOrigin> origin = std::nullopt;  ///< of keys that were fetched
};

/// log_message is the message of a check for formats that end in the log of a CI, which more people
/// read than the report: what the token has there is hidden where it is or looks like a secret.
std::string log_message(const Check& check);

/// cleaning_line says that a token was judged without what verifiers refuse: "VALID after cleaning:
/// quotes removed; sent like that it is refused". Only for a token with `faults`.
std::string cleaning_line(const VerifyReport& report);

/// DecodeReport is a token taken apart, and what the rules say of it.
struct DecodeReport {
  Decoded decoded;
  std::vector<Finding> findings;
};

std::string to_text(const DecodeReport& report, const View& view);
std::string to_text(const VerifyReport& report, const View& view);

Result<std::string> to_json(const DecodeReport& report, const View& view);
Result<std::string> to_json(const VerifyReport& report, const View& view);

/// signed_json renders `jwtctl.sign/1`.
std::string signed_json(std::string_view token, const Json& header, const Json& claims);

/// KeyFiles are the places that the halves of a new key went to.
struct KeyFiles {
  std::optional<std::string> private_half, public_half, jwks;
};

/// generated_json renders `jwtctl.keygen/1`. `public_jwk` is null for a secret; `private_jwk` is
/// null unless the document is its place.
std::string generated_json(const Jwk& jwk, const Json& public_jwk, const Json* private_jwk,
                           const KeyFiles& files);

/// error_to_json renders the document that stands on stdout when a command fails. `partial`,
/// unless null, is what could be told all the same.
std::string error_to_json(const Error& error, ExitCode code, Json partial);

/// decoded_json returns the members of `jwtctl.decode/1`.
Result<Json> decoded_json(const DecodeReport& report, const View& view);

}  // namespace jwtctl::cli
