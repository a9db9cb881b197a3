// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lib/base/result.h"
#include "lib/base/secret.h"
#include "lib/crypto/key.h"

namespace jwtctl {

/// Encoding is how the structures below are spelled: RFC 7468 text, or ITU-T X.690 octets.
enum class Encoding { pem, der };

/// encode_public_key writes a SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7). Fails with `usage`
/// for a secret, which has no public half.
Result<SecretBytes> encode_public_key(const Key& key, Encoding encoding);

/// encode_private_key writes PKCS#8 (RFC 5958 section 2); with a `passphrase`, which may be null,
/// its encrypted form (section 3): PBES2 of RFC 8018 with PBKDF2 over HMAC-SHA-256 and AES-256-CBC.
/// Fails with `usage` for a secret, `key_refused` for a key that lacks its private half or, RSA,
/// the primes, which PKCS#8 cannot leave out.
Result<SecretBytes> encode_private_key(const Key& key, Encoding encoding,
                                       const SecretBytes* passphrase);

}  // namespace jwtctl
