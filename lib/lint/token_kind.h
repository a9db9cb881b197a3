// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "lib/codec/json.h"

namespace jwtctl {

/// KindProblem says why a token may be taken for another kind of token.
struct KindProblem {
  std::string message;
  bool from_typ;  ///< typ says one thing and the claims another
};

/// kind_problem compares the marks that kinds of token leave: `typ`, and claims that belong to ID
/// tokens (OpenID Connect Core section 2), access tokens (RFC 9068 section 2.2.3), logout tokens
/// (OpenID Connect Back-Channel Logout section 2.4) and DPoP proofs (RFC 9449 section 4.2). Nothing
/// when they agree, or when there are none.
std::optional<KindProblem> kind_problem(const Json& header, const Json& claims);

}  // namespace jwtctl
