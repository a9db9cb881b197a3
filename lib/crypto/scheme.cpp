// SPDX-License-Identifier: Apache-2.0
#include "lib/crypto/scheme.h"

#include <openssl/rsa.h>

namespace jwtctl {

const unsigned char* octets_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

const char* digest_name(const Algorithm& algorithm) {
  return algorithm.digest.empty() ? nullptr : algorithm.digest.data();
}

bool use_pss(EVP_PKEY_CTX* context, const Algorithm& algorithm) {
  return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1 &&
         EVP_PKEY_CTX_set_rsa_mgf1_md_name(context, algorithm.digest.data(), nullptr) == 1;
}

}  // namespace jwtctl
