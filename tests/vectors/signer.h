// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "lib/crypto/key.h"

/// A signer for tests, made of OpenSSL alone, so that a mistake of the library in signing cannot
/// hide the same mistake in verifying. Whatever fails in OpenSSL is thrown.
namespace jwtctl::vectors {

/// make_key generates a key pair or a secret of the smallest size that `algorithm` admits. All RSA
/// algorithms get the same key.
Key make_key(const Algorithm& algorithm);

/// share_key returns a second handle of the same key: a key cannot be copied, and a KeySource
/// gives its keys away.
Key share_key(const Key& key);

/// public_der returns the SubjectPublicKeyInfo of an asymmetric key, public_pem its armoured form.
std::string public_der(const Key& key);
std::string public_pem(const Key& key);

/// sign returns the signature of RFC 7518 section 3 or RFC 8037 section 3.1 over `input`.
std::string sign(const Key& key, const Algorithm& algorithm, std::string_view input);

/// make_token makes a compact JWS.
std::string make_token(const Key& key, const Algorithm& algorithm, std::string_view header,
                       std::string_view payload);

}  // namespace jwtctl::vectors
