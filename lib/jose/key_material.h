// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "lib/base/secret.h"
#include "lib/jose/jwks.h"

namespace jwtctl {

/// KeyForm is what the content of a key file turned out to be.
enum class KeyForm { pem, der, jwk, jwks };

/// KeyMaterial is the keys of one file, by content and not by name.
struct KeyMaterial {
  KeyForm form;
  KeySet set;
};

/// parse_key_material recognises PEM, DER, JWK and JWKS. Fails with `input` when the bytes are
/// none of these, `key_refused` when they are but must not be used, `usage` when a passphrase is
/// needed and `passphrase` is null, `crypto` when it is wrong.
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
