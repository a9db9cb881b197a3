// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "lib/base/secret.h"
#include "lib/jose/key_document.h"

namespace jwtctl {

/// KeyMaterial is the keys of one file, for verifying and signing.
struct KeyMaterial {
  KeyForm form;
  KeySet set;
};

/// parse_key_material takes the first block of PEM, DER, JWK or JWKS, by content and not by name.
/// Fails as `read_keys`.
Result<KeyMaterial> parse_key_material(const SecretBytes& bytes, const SecretBytes* passphrase);

/// is_key_material says whether `bytes` hold a key or certificate in any of the forms above, well
/// made or not: such bytes must never become an HMAC secret.
bool is_key_material(const SecretBytes& bytes);

/// SecretEncoding is how the text of `--secret` spells its octets.
enum class SecretEncoding { raw, base64, base64url, hex };

/// parse_secret makes an HMAC key of `bytes`. Fails with `usage` for key material, `input` when
/// the encoding does not hold, `key_refused` when the secret is empty.
Result<Jwk> parse_secret(const SecretBytes& bytes, SecretEncoding encoding);

}  // namespace jwtctl
