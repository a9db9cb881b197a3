// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "cli/members.h"
#include "cli/spec.h"

namespace jwtctl::cli {

/// DateOptions is what the command line of `sign` says of exp, nbf and iat (RFC 7519 section 4.1).
struct DateOptions {
  std::optional<Seconds> expires_in;
  std::optional<When> expires_at;
  bool no_expiry = false;
  std::optional<When> not_before;
  bool no_iat = false;
};

/// declare_dates declares the options; a wrong TIME is an error of its option.
void declare_dates(Spec& spec, DateOptions& options);

/// add_dates adds nbf, iat and exp in this order, each if it is asked for; iat unless it is there
/// or not wanted. Fails with `usage` when an option contradicts the claims, when exp is no number,
/// and when nothing says whether the token expires.
Result<void> add_dates(const DateOptions& options, Instant now, Members& claims);

}  // namespace jwtctl::cli
