// SPDX-License-Identifier: Apache-2.0
#include "lib/crypto/generate.h"

#include "lib/crypto/random.h"

namespace jwtctl {

Result<Key> generate_key(const Algorithm& algorithm, unsigned rsa_bits) {
  if (algorithm.kty == KeyType::oct) {
    auto secret = random_bytes(algorithm.min_key_bytes);
    if (!secret) return fail(std::move(secret).error());
    return make_oct_key(*std::move(secret));
  }
  PkeyPtr pkey;
  if (algorithm.kty == KeyType::rsa) {
    pkey.reset(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{rsa_bits}));
  } else {
    Curve curve = algorithm.curve == Curve::none ? Curve::ed25519 : algorithm.curve;
    const char* name = curve_info(curve).openssl.data();
    pkey.reset(algorithm.kty == KeyType::ec ? EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", name)
                                            : EVP_PKEY_Q_keygen(nullptr, nullptr, name));
  }
  if (!pkey) return crypto_error(fmt::format("cannot generate a key for {}", algorithm.name));
  return adopt_pkey(std::move(pkey));
}

}  // namespace jwtctl
