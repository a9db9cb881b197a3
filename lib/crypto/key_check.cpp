// SPDX-License-Identifier: Apache-2.0
// Whether a key may be trusted, and for what.
#include <openssl/core_names.h>

#include "lib/base/limits.h"
#include "lib/crypto/key.h"
#include "lib/crypto/roca.h"

namespace jwtctl {
namespace {

Result<void> check_rsa_key(const Key& key, KeyStrength strength) {
  if (key.bits() < kMinRsaBits && strength == KeyStrength::required) {
    return fail(ErrorCode::key_refused, "the RSA key has {} bits", key.bits())
        .hint("at least {} bits are needed (RFC 7518 section 3.3)", kMinRsaBits);
  }
  if (key.bits() > kMaxRsaBits) {
    return fail(ErrorCode::key_refused, "the RSA key has {} bits, the limit is {}", key.bits(),
                kMaxRsaBits);
  }
  BignumPtr n = pkey_number(key.pkey(), OSSL_PKEY_PARAM_RSA_N);
  BignumPtr e = pkey_number(key.pkey(), OSSL_PKEY_PARAM_RSA_E);
  if (!n || !e) return crypto_error("cannot read the RSA key");
  if (BN_is_odd(n.get()) == 0) return fail(ErrorCode::key_refused, "the RSA modulus is even");
  if (BN_is_odd(e.get()) == 0 || BN_is_one(e.get()) == 1) {
    return fail(ErrorCode::key_refused, "the RSA exponent must be odd and larger than 2");
  }
  unsigned limit =
      key.bits() > kRsaSmallModulusBits ? kMaxRsaLargeModulusExponentBits : kMaxRsaExponentBits;
  auto exponent_bits = static_cast<unsigned>(BN_num_bits(e.get()));
  if (exponent_bits > limit) {
    return fail(ErrorCode::key_refused, "the RSA exponent has {} bits, the limit is {}",
                exponent_bits, limit);
  }
  auto parts = public_parts(key);
  if (!parts) return fail(std::move(parts).error());
  if (has_roca_fingerprint(parts->first)) {
    return fail(ErrorCode::key_refused, "the RSA key has the ROCA weakness (CVE-2017-15361)")
        .hint("its private key can be computed from it; replace it now");
  }
  return {};
}

}  // namespace

Result<void> check_key(const Key& key, KeyStrength strength) {
  if (key.type() == KeyType::rsa) return check_rsa_key(key, strength);
  return {};  // the others are judged when they are made
}

bool can_use(const Key& key, const Algorithm& algorithm) {
  if (!suits(algorithm, key.type(), key.curve())) return false;
  if (!key.pss_algorithm()) return true;
  return algorithm.scheme == SignatureScheme::rsa_pss &&
         (key.pss_algorithm()->empty() || *key.pss_algorithm() == algorithm.name);
}

Result<void> check_key_for(const Key& key, const Algorithm& algorithm, KeyStrength strength) {
  if (!can_use(key, algorithm)) {
    std::string needs(to_string(algorithm.kty));
    if (algorithm.curve != Curve::none) needs = curve_info(algorithm.curve).name;
    return fail(ErrorCode::key_refused, "this is {}; {} needs {}", key.describe(), algorithm.name,
                needs);
  }
  bool short_secret = key.type() == KeyType::oct && key.octets().size() < algorithm.min_key_bytes;
  if (short_secret && strength == KeyStrength::required) {
    return fail(ErrorCode::key_refused, "the secret has {} bytes, {} needs at least {}",
                key.octets().size(), algorithm.name, algorithm.min_key_bytes)
        .hint("a shorter secret can be guessed offline (RFC 7518 section 3.2)");
  }
  return check_key(key, strength);
}

}  // namespace jwtctl
