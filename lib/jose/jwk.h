// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/codec/json.h"
#include "lib/crypto/key.h"

namespace jwtctl {

/// Jwk is a key with what RFC 7517 section 4 lets its owner say about it. Keys that come from PEM
/// or from a secret have nothing but `key`.
struct Jwk {
  Key key;
  std::optional<std::string> kid;
  std::optional<std::string> alg;
  std::optional<std::string> use;
  std::optional<std::vector<std::string>> key_ops;
  /// base64 of the first certificate of `x5c`, unread; empty when `x5c` holds no text there,
  /// nothing without `x5c`.
  std::optional<std::string> certificate = std::nullopt;
};

/// parse_jwk reads one JWK (RFC 7517 section 4, RFC 7518 section 6, RFC 8037 section 2). Unknown
/// members are ignored. Fails with `key_refused` when a member has the wrong type or encoding,
/// the type or curve is not one that signs, or the key itself is not acceptable.
Result<Jwk> parse_jwk(const Json& json);

/// public_jwk returns the required public members in the order of RFC 7638 section 3.2; a secret
/// has none, and `crypto` is returned.
Result<Json> public_jwk(const Key& key);

/// thumbprint returns the SHA-256 thumbprint (RFC 7638 section 3), base64url. Nothing for a
/// secret: its thumbprint would let it be guessed offline.
std::optional<std::string> thumbprint(const Key& key);

/// x5c_chain decodes the certificates of a JWK (RFC 7517 section 4.7) up to the first that is none;
/// what they say is not read.
std::vector<std::string> x5c_chain(const Json& jwk);

/// certifies_other_key says whether a certificate in DER is for another key than `key` (RFC 7517
/// section 4.7: it must not be). False when it cannot be read.
bool certifies_other_key(std::string_view certificate, const Key& key);

/// has_foreign_certificate says so of the first certificate of a key's own `x5c`.
bool has_foreign_certificate(const Jwk& jwk);

/// certificate_problem says why the first certificate of a key's own `x5c` does not vouch for the
/// key: it is for another one, or cannot be read (base64 of DER and nothing else). Nothing when
/// there is no `x5c` or it is good.
std::optional<std::string_view> certificate_problem(const Jwk& jwk);

/// KeyOperation is a value of `key_ops` (RFC 7517 section 4.3).
enum class KeyOperation { sign, verify };

/// check_usable_for says whether the key's owner lets it do `operation` with `algorithm`: `alg`,
/// `use` and `key_ops` (RFC 7517 sections 4.2 to 4.4). Fails with `key_refused` and the reason.
Result<void> check_usable_for(const Jwk& jwk, const Algorithm& algorithm,
                              KeyOperation operation = KeyOperation::verify);

/// allowed_algorithms returns the names of the algorithms that this key may verify by its type,
/// its `alg` and its parameters; the size is not looked at.
std::vector<std::string> allowed_algorithms(const Jwk& jwk);

/// default_algorithm returns what a key signs with when nobody says: its `alg`, the one of its PSS
/// parameters, RS256, the ES algorithm of its curve, or EdDSA. Null for a secret that names none
/// and for an `alg` that does not sign.
const Algorithm* default_algorithm(const Jwk& jwk);

}  // namespace jwtctl
