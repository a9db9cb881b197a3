// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "lib/base/secret.h"
#include "lib/codec/json.h"

namespace jwtctl {

/// append_to_jwks returns the text of the key set `old` (nothing: a new one) with the public JWK
/// `key` at its end (RFC 7517 section 5). What the set has stays in its order, members that we do
/// not know too. Fails with `input` when `old` is no key set, `key_refused` when the set has the
/// kid already or would become one that verifiers refuse.
Result<std::string> append_to_jwks(const std::optional<SecretBytes>& old, const Json& key);

}  // namespace jwtctl
