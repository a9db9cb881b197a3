// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lib/jose/jwk.h"

namespace jwtctl {

/// Half is the part of a key pair that leaves with it.
enum class Half { public_half, private_half };

/// to_jwk writes a key as JWK (RFC 7517 section 4): its parameters (RFC 7518 section 6, RFC 8037
/// section 2), then kid, use, alg and key_ops as far as it has them. Fails with `key_refused` when
/// the half does not exist: a public key has no private one, a secret no public one.
Result<Json> to_jwk(const Jwk& jwk, Half half);

/// without_private returns a JWK's members as they are, but for those of its private half and those
/// that hold another private key (jose/private_material.h); where there was one, a `key_ops` of
/// "sign" becomes "verify".
Json without_private(const Json& jwk);

}  // namespace jwtctl
