// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "lib/base/result.h"
#include "lib/codec/json.h"

namespace jwtctl {

/// parse_key_body reads what a server answers as a JWK Set, by its content and not by its type: a
/// JWK Set (RFC 7517 section 5; SPIFFE bundles are one), a single JWK, a PEM, or an object that
/// maps kids to PEM certificates (Google, Firebase). Fails with `network_body` and the name of what
/// it is when it is none of these, with `key_refused` when it is over a limit, holds no key, or
/// holds private or symmetric material, whose values are never shown.
Result<Json> parse_key_body(std::string_view body);

}  // namespace jwtctl
