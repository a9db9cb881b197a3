// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/base/limits.h"
#include "lib/base/time.h"
#include "lib/codec/json.h"
#include "lib/jose/jwk.h"

namespace jwtctl {

/// ClaimExpectation wants the claim `name` to be this JSON value.
struct ClaimExpectation {
  std::string name;
  Json value;
};

/// Policy is what a relying party demands of a token. Everything in it comes from the user,
/// nothing from a token.
struct Policy {
  Instant now;
  Seconds leeway = 0;

  std::vector<std::string> algorithms;  ///< empty: whatever the key allows
  std::optional<std::string> kid;
  std::vector<std::string> issuers;    ///< any of them; empty: not checked
  std::vector<std::string> audiences;  ///< any of them; empty: the token must have no aud
  bool any_audience = false;
  std::optional<std::string> subject;
  std::optional<std::string> typ;
  std::optional<Seconds> max_age;
  std::optional<Seconds> min_remaining;
  std::vector<std::string> required;
  std::vector<ClaimExpectation> claims;
  std::optional<std::vector<std::string>> revoked;  ///< values of jti
  bool revoked_by_line = false;  ///< not every jti could stand among them: see `fits_line`
  bool allow_no_exp = false;
  bool try_all_keys = false;
  bool strict = false;
  std::size_t max_token_bytes = kMaxTokenBytes;
};

/// names_algorithm says whether policy or key tell the algorithm beforehand, as `strict` wants.
inline bool names_algorithm(const Policy& policy, const Jwk& key) {
  return !policy.algorithms.empty() || key.alg.has_value();
}

}  // namespace jwtctl
