// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"
#include "lib/base/secret.h"
#include "lib/crypto/algorithm.h"
#include "lib/crypto/openssl.h"

namespace jwtctl {

/// RsaParts are the big-endian integers of an RSA key (RFC 7518 section 6.3). A public key has
/// `n` and `e`; a private one `d` too, and either all five of the others or none.
struct RsaParts {
  SecretBytes n, e, d, p, q, dp, dq, qi;
};

/// Key is one key, ready for use. It cannot be empty, and a private key never leaves it.
class Key {
 public:
  KeyType type() const { return type_; }
  Curve curve() const { return curve_; }
  /// is_symmetric says that the key is a shared secret: who verifies with it can sign.
  bool is_symmetric() const { return type_ == KeyType::oct; }
  /// bits is the size of the modulus, of the curve's field, or of the secret.
  unsigned bits() const { return bits_; }
  /// is_private says that the key can sign; an oct key always can.
  bool is_private() const { return private_; }
  /// pss_algorithm names the one algorithm that the parameters of an id-RSASSA-PSS key allow
  /// ("unusable" when they allow none of ours), else nothing.
  const std::optional<std::string>& pss_algorithm() const { return pss_algorithm_; }

  /// octets is the secret of an oct key.
  const SecretBytes& octets() const { return octets_; }
  EVP_PKEY* pkey() const { return pkey_.get(); }

  /// describe says what the key is, for messages: "an EC private key on P-256".
  std::string describe() const;

 private:
  friend Result<Key> adopt_pkey(PkeyPtr pkey);
  friend Result<Key> make_oct_key(SecretBytes octets);
  Key() = default;

  KeyType type_ = KeyType::oct;
  Curve curve_ = Curve::none;
  unsigned bits_ = 0;
  bool private_ = false;
  std::optional<std::string> pss_algorithm_;
  PkeyPtr pkey_;
  SecretBytes octets_;
};

/// make_x_key builds a key from its parts and checks what makes it a key at all: the point is on
/// the curve and its coordinates have full length, an OKP key is a canonical point of large
/// order, a secret is not empty. Fails with `key_refused`.
Result<Key> make_rsa_key(const RsaParts& parts);
Result<Key> make_ec_key(Curve curve, const SecretBytes& x, const SecretBytes& y,
                        const SecretBytes* d);
/// `point` is encoded as in SEC 1 section 2.3.3.
Result<Key> make_ec_public_key(Curve curve, const SecretBytes& point);
Result<Key> make_okp_key(Curve curve, const SecretBytes& x, const SecretBytes* d);
Result<Key> make_oct_key(SecretBytes octets);

/// adopt_pkey takes over a key that OpenSSL decoded, with the same checks.
Result<Key> adopt_pkey(PkeyPtr pkey);

/// KeyStrength says whether the smallest sizes that the standards demand are insisted on. Test data
/// alone may do without.
enum class KeyStrength { required, any };

/// check_key judges whether a key is strong enough to be trusted: RSA modulus and exponent, and
/// the ROCA fingerprint (CVE-2017-15361), by cheap arithmetic alone: OpenSSL's own public check
/// takes a second at 16384 bits. Fails with `key_refused`.
Result<void> check_key(const Key& key, KeyStrength strength = KeyStrength::required);

/// check_key_for judges whether `key` may be used with `algorithm`: type, curve, the length of a
/// secret (RFC 7518 section 3.2), PSS parameters. Fails with `key_refused`.
Result<void> check_key_for(const Key& key, const Algorithm& algorithm,
                           KeyStrength strength = KeyStrength::required);

/// can_use says whether `key` is of the type and curve that `algorithm` needs, whatever its size.
bool can_use(const Key& key, const Algorithm& algorithm);

/// PublicParts are the members that identify a key (RFC 7638 section 3.2), as octets of the
/// length that JWK wants; for RSA `first` is n and `second` e.
struct PublicParts {
  std::string first, second;
};

/// public_parts fails with `crypto` when the provider does not give them out.
Result<PublicParts> public_parts(const Key& key);

/// private_octets returns the `d` of a private key (RFC 7518 sections 6.2.2.1 and 6.3.2.1, RFC 8037
/// section 2), or the secret of an oct key. Fails with `crypto` when the key has none.
Result<SecretBytes> private_octets(const Key& key);

/// rsa_factors returns p, q, dp, dq and qi (RFC 7518 sections 6.3.2.2 to 6.3.2.6); empty for a key
/// that is known by its exponent alone, and for one that is not RSA.
std::vector<SecretBytes> rsa_factors(const Key& key);

}  // namespace jwtctl
