// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"

namespace jwtctl {

/// Deleter frees an OpenSSL object with the function that its manual names.
template <auto Free>
struct Deleter {
  template <class T>
  void operator()(T* p) const noexcept {
    Free(p);
  }
};

/// free_buffer cleanses and frees what OpenSSL allocated; OPENSSL_free is a macro.
inline void free_buffer(void* p) { OPENSSL_free(p); }

using BioPtr = std::unique_ptr<BIO, Deleter<BIO_free_all>>;
using BignumPtr = std::unique_ptr<BIGNUM, Deleter<BN_clear_free>>;
using PkeyPtr = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using PkeyCtxPtr = std::unique_ptr<EVP_PKEY_CTX, Deleter<EVP_PKEY_CTX_free>>;
using MdCtxPtr = std::unique_ptr<EVP_MD_CTX, Deleter<EVP_MD_CTX_free>>;
using MacPtr = std::unique_ptr<EVP_MAC, Deleter<EVP_MAC_free>>;
using MacCtxPtr = std::unique_ptr<EVP_MAC_CTX, Deleter<EVP_MAC_CTX_free>>;
using EcdsaSigPtr = std::unique_ptr<ECDSA_SIG, Deleter<ECDSA_SIG_free>>;
using ParamBuilderPtr = std::unique_ptr<OSSL_PARAM_BLD, Deleter<OSSL_PARAM_BLD_free>>;
using ParamsPtr = std::unique_ptr<OSSL_PARAM, Deleter<OSSL_PARAM_free>>;
using Pkcs8Ptr = std::unique_ptr<PKCS8_PRIV_KEY_INFO, Deleter<PKCS8_PRIV_KEY_INFO_free>>;
using X509SigPtr = std::unique_ptr<X509_SIG, Deleter<X509_SIG_free>>;
using AlgorithmPtr = std::unique_ptr<X509_ALGOR, Deleter<X509_ALGOR_free>>;
using X509Ptr = std::unique_ptr<X509, Deleter<X509_free>>;
using BufferPtr = std::unique_ptr<unsigned char, Deleter<free_buffer>>;

/// check_allocations makes OpenSSL allocate with `checked_malloc`, so that a lack of memory is
/// never taken for a bad signature. It must be called before OpenSSL is used; later it does
/// nothing.
void check_allocations();

/// clear_errors empties OpenSSL's error queue, so that nothing is reported later that belongs
/// to an operation whose outcome is already known.
void clear_errors();

/// crypto_error drains the error queue into one `crypto` error that says `what` failed.
Failure crypto_error(std::string_view what);

/// pkey_number and pkey_text read one parameter of a key; null or empty when it has none.
BignumPtr pkey_number(EVP_PKEY* pkey, const char* name);
std::string pkey_text(EVP_PKEY* pkey, const char* name);

/// sha256 returns the 32 octets of the digest, sha1 its 20. SHA-1 names certificates in x5t (RFC
/// 7517 section 4.8) and must be used for nothing else.
Result<std::string> sha256(std::string_view octets);
Result<std::string> sha1(std::string_view octets);

/// crypto_library_version names the OpenSSL that runs, and the one compiled against when it
/// differs.
std::string crypto_library_version();

/// crypto_providers lists the loaded OpenSSL providers with their versions.
std::vector<std::string> crypto_providers();

}  // namespace jwtctl
