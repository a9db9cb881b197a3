// SPDX-License-Identifier: Apache-2.0
#include "lib/crypto/pem_write.h"

#include <openssl/pem.h>

namespace jwtctl {
namespace {

/// Rounds of PBKDF2 with HMAC-SHA-256 (OWASP Password Storage Cheat Sheet); OpenSSL's 2048 fall in
/// seconds.
constexpr int kPbkdf2Iterations = 600'000;

/// encode runs one of OpenSSL's writers on memory that is cleansed afterwards.
template <class Write>
Result<SecretBytes> encode(Write write) {
  BioPtr bio(BIO_new(BIO_s_secmem()));
  if (!bio || write(bio.get()) != 1) return crypto_error("cannot encode the key");
  char* data = nullptr;
  long size = BIO_get_mem_data(bio.get(), &data);
  return SecretBytes(data, data + size);
}

Failure no_structure() {
  return fail(ErrorCode::usage, "a secret has neither PEM nor DER")
      .hint("its standard form is a JWK of type oct");
}

X509SigPtr encrypt(PKCS8_PRIV_KEY_INFO* info, const SecretBytes& passphrase) {
  AlgorithmPtr pbe(PKCS5_pbe2_set_iv_ex(EVP_aes_256_cbc(), kPbkdf2Iterations, nullptr, 0, nullptr,
                                        NID_hmacWithSHA256, nullptr));
  if (!pbe) return nullptr;
  X509SigPtr envelope(PKCS8_set0_pbe_ex(reinterpret_cast<const char*>(passphrase.data()),
                                        static_cast<int>(passphrase.size()), info, pbe.get(),
                                        nullptr, nullptr));
  if (envelope) (void)pbe.release();  // now the envelope's
  return envelope;
}

}  // namespace

Result<SecretBytes> encode_public_key(const Key& key, Encoding encoding) {
  if (key.is_symmetric()) return no_structure();
  return encode([&key, encoding](BIO* bio) {
    return encoding == Encoding::pem ? PEM_write_bio_PUBKEY(bio, key.pkey())
                                     : i2d_PUBKEY_bio(bio, key.pkey());
  });
}

Result<SecretBytes> encode_private_key(const Key& key, Encoding encoding,
                                       const SecretBytes* passphrase) {
  if (key.is_symmetric()) return no_structure();
  if (!key.is_private()) {
    return fail(ErrorCode::key_refused, "this is {}, it has no private half", key.describe());
  }
  if (key.type() == KeyType::rsa && rsa_factors(key).empty()) {
    return fail(ErrorCode::key_refused, "the RSA key lacks its primes, which PEM and DER need")
        .hint("as a JWK it can be kept without them");
  }
  Pkcs8Ptr info(EVP_PKEY2PKCS8(key.pkey()));
  if (!info) return crypto_error("cannot encode the private key");
  if (passphrase == nullptr) {
    return encode([&info, encoding](BIO* bio) {
      return encoding == Encoding::pem ? PEM_write_bio_PKCS8_PRIV_KEY_INFO(bio, info.get())
                                       : i2d_PKCS8_PRIV_KEY_INFO_bio(bio, info.get());
    });
  }
  X509SigPtr envelope = encrypt(info.get(), *passphrase);
  if (!envelope) return crypto_error("cannot encrypt the private key");
  return encode([&envelope, encoding](BIO* bio) {
    return encoding == Encoding::pem ? PEM_write_bio_PKCS8(bio, envelope.get())
                                     : i2d_PKCS8_bio(bio, envelope.get());
  });
}

}  // namespace jwtctl
