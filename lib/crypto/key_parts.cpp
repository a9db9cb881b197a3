// SPDX-License-Identifier: Apache-2.0
// What a key is made of, as octets of the length that JWK wants.
#include <openssl/core_names.h>

#include "lib/crypto/key.h"

namespace jwtctl {
namespace {

std::string to_octets(const BIGNUM* number, std::size_t size) {
  std::string octets(size, '\0');
  BN_bn2binpad(number, reinterpret_cast<unsigned char*>(octets.data()), static_cast<int>(size));
  return octets;
}

std::string minimal_octets(const BIGNUM* number) {
  return to_octets(number, static_cast<std::size_t>(BN_num_bytes(number)));
}

/// secret_number reads one number of a private key, padded to `size` octets; 0 is no padding. Empty
/// when the key has none.
SecretBytes secret_number(const Key& key, const char* name, std::size_t size) {
  BignumPtr number = pkey_number(key.pkey(), name);
  if (!number) return {};
  SecretBytes octets(size != 0 ? size : static_cast<std::size_t>(BN_num_bytes(number.get())));
  BN_bn2binpad(number.get(), octets.data(), static_cast<int>(octets.size()));
  return octets;
}

}  // namespace

Result<PublicParts> public_parts(const Key& key) {
  EVP_PKEY* pkey = key.pkey();
  if (key.type() == KeyType::rsa) {
    BignumPtr n = pkey_number(pkey, OSSL_PKEY_PARAM_RSA_N);
    BignumPtr e = pkey_number(pkey, OSSL_PKEY_PARAM_RSA_E);
    if (!n || !e) return crypto_error("cannot read the RSA key");
    return PublicParts{minimal_octets(n.get()), minimal_octets(e.get())};
  }
  if (key.type() == KeyType::ec) {
    // One question for both, where the point is not kept compressed (SEC 1 section 2.3.3).
    std::size_t half = curve_info(key.curve()).octets;
    std::string point(1 + 2 * half, '\0');
    std::size_t length = 0;
    bool whole = EVP_PKEY_get_octet_string_param(pkey, OSSL_PKEY_PARAM_PUB_KEY,
                                                 reinterpret_cast<unsigned char*>(point.data()),
                                                 point.size(), &length) == 1 &&
                 length == point.size() && point.front() == '\x04';
    if (whole) return PublicParts{point.substr(1, half), point.substr(1 + half)};
    clear_errors();
    BignumPtr x = pkey_number(pkey, OSSL_PKEY_PARAM_EC_PUB_X);
    BignumPtr y = pkey_number(pkey, OSSL_PKEY_PARAM_EC_PUB_Y);
    if (!x || !y) return crypto_error("cannot read the EC key");
    return PublicParts{to_octets(x.get(), half), to_octets(y.get(), half)};
  }
  if (key.type() == KeyType::oct) return crypto_error("a secret has no public part");
  std::size_t size = curve_info(key.curve()).octets;
  std::string raw(size, '\0');
  auto* octets = reinterpret_cast<unsigned char*>(raw.data());
  if (EVP_PKEY_get_raw_public_key(pkey, octets, &size) != 1) {
    return crypto_error("cannot read the OKP key");
  }
  return PublicParts{std::move(raw), {}};
}

Result<SecretBytes> private_octets(const Key& key) {
  if (key.type() == KeyType::oct) return key.octets();
  std::size_t size = key.curve() == Curve::none ? 0 : curve_info(key.curve()).octets;
  SecretBytes octets(size);
  if (key.type() != KeyType::okp) {
    octets = secret_number(
        key, key.type() == KeyType::ec ? OSSL_PKEY_PARAM_PRIV_KEY : OSSL_PKEY_PARAM_RSA_D, size);
    if (octets.empty()) return crypto_error("cannot read the private key");
    return octets;
  }
  if (EVP_PKEY_get_raw_private_key(key.pkey(), octets.data(), &size) != 1) {
    return crypto_error("cannot read the private key");
  }
  return octets;
}

std::vector<SecretBytes> rsa_factors(const Key& key) {
  std::vector<SecretBytes> factors;
  if (key.type() != KeyType::rsa) return factors;
  for (const char* name :
       {OSSL_PKEY_PARAM_RSA_FACTOR1, OSSL_PKEY_PARAM_RSA_FACTOR2, OSSL_PKEY_PARAM_RSA_EXPONENT1,
        OSSL_PKEY_PARAM_RSA_EXPONENT2, OSSL_PKEY_PARAM_RSA_COEFFICIENT1}) {
    factors.push_back(secret_number(key, name, 0));
    if (factors.back().empty()) return {};
  }
  return factors;
}

}  // namespace jwtctl
