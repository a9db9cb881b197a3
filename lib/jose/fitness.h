// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lib/jose/jwk.h"

/// What a key can do: asked by `verify`, by `jwks show`, by lint and by rotations, so that none of
/// them praises a key that another refuses.
namespace jwtctl {

/// check_secret fails with `key_refused` when the octets of a secret are a key or certificate,
/// which everybody may know: who verifies with them accepts what anybody signs (RFC 8725
/// section 2.1).
Result<void> check_secret(const Jwk& jwk);

/// check_fit says whether a key serves for one algorithm: its owner lets it (`check_usable_for`),
/// it is strong enough (`check_key_for`) and a secret if it has to be one. Fails with `key_refused`
/// and the reason.
Result<void> check_fit(const Jwk& jwk, const Algorithm& algorithm,
                       KeyOperation operation = KeyOperation::verify);

/// check_any_fit says whether there is an algorithm that a key serves for. Fails with why the first
/// one that the key may be for is none, or that its alg is none.
Result<void> check_any_fit(const Jwk& jwk, KeyOperation operation = KeyOperation::verify);

/// check_any_use is `check_any_fit` for whoever keeps the key: a private one may be for signing
/// alone.
Result<void> check_any_use(const Jwk& jwk);

}  // namespace jwtctl
