// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cli/io.h"
#include "lib/jose/key_document.h"

/// What jwks show and jwks fetch do with keys.
namespace jwtctl::cli {

/// choose_entries drops all but the keys with this kid. Fails with `input` when there is none.
Result<void> choose_entries(KeyDocument& document, const std::string& kid);

/// convert_document renders one half of the keys as `jwk`, `jwks` or `pem`; what has not that half
/// is left out with a warning, and goes from the document. Fails when nothing is left, or when a
/// JWK is wanted of several keys.
Result<SecretBytes> convert_document(KeyDocument& document, Half half, Format format);

}  // namespace jwtctl::cli
