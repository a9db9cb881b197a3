// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "lib/base/result.h"
#include "lib/codec/json.h"
#include "lib/jose/jwks.h"

namespace jwtctl {

/// KeyBody is a key set as a server gave it, and as it was understood.
struct KeyBody {
  Json document;  ///< as a JWK Set, whatever form it had
  KeySet keys;    ///< of the entries of `document`
};

/// parse_key_body reads what a server answers as a JWK Set, by its content and not by its type: a
/// JWK Set (RFC 7517 section 5; SPIFFE bundles are one), a single JWK, a PEM, or an object that
/// maps kids to PEM certificates (Google, Firebase). Fails with `network_body` and the name of what
/// it is when it is none of these, with `key_refused` when it is over a limit, holds no key, or
/// holds private or symmetric material, whose values are never shown.
Result<KeyBody> parse_key_body(std::string_view body);

}  // namespace jwtctl
