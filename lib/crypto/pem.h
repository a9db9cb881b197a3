// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"
#include "lib/base/secret.h"
#include "lib/crypto/key.h"

namespace jwtctl {

/// looks_like_pem says whether `bytes` hold a PEM boundary anywhere (RFC 7468 section 2).
bool looks_like_pem(std::string_view bytes);

/// is_key_label says whether a PEM block of this label (RFC 7468 section 2) is one that we read:
/// "PUBLIC KEY", "CERTIFICATE", "EC PRIVATE KEY" and so on.
bool is_key_label(std::string_view label);

/// der_size returns how many octets the ASN.1 SEQUENCE in DER has that `bytes` begin with, 0 when
/// they begin with none that is whole.
std::size_t der_size(std::string_view bytes);

/// looks_like_der says whether `bytes` are exactly one ASN.1 SEQUENCE in DER.
bool looks_like_der(std::string_view bytes);

/// parse_pem_key reads the first key or certificate of a PEM text: PKCS#1, PKCS#8, SEC1, SPKI,
/// X.509 certificate, and the encrypted forms of the private ones. `passphrase` may be null; then
/// an encrypted key fails with `usage`. Fails with `input` when no key is there, `key_refused`
/// when it must not be used, `crypto` when the passphrase is wrong. Never asks on the terminal.
Result<Key> parse_pem_key(std::string_view pem, const SecretBytes* passphrase);

/// PemKey is what one PEM block holds: a key, or why it is none.
struct PemKey {
  Result<Key> key;
  std::string certificate;  ///< the DER of a certificate, else empty
};

/// parse_pem_keys reads every block of a PEM text as `parse_pem_key` reads the first.
std::vector<PemKey> parse_pem_keys(std::string_view pem, const SecretBytes* passphrase);

/// parse_der_key reads the same structures without their armour.
Result<Key> parse_der_key(std::string_view der, const SecretBytes* passphrase);

}  // namespace jwtctl
