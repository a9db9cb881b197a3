// SPDX-License-Identifier: Apache-2.0
#include "tests/vectors/signer.h"

#include <fmt/format.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>

#include <stdexcept>

#include "lib/base/limits.h"
#include "lib/codec/base64url.h"

namespace jwtctl::vectors {
namespace {

void require(bool done, const char* what) {
  if (!done) throw std::runtime_error(fmt::format("the test cannot {}", what));
}

const unsigned char* octets_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

Key take(Result<Key> key) {
  require(key.has_value(), "use its key");
  return *std::move(key);
}

PkeyPtr shared(EVP_PKEY* pkey) {
  require(pkey != nullptr && EVP_PKEY_up_ref(pkey) == 1, "share its key");
  return PkeyPtr(pkey);
}

PkeyPtr generate(const Algorithm& algorithm) {
  if (algorithm.kty == KeyType::rsa) {
    // One for all RSA algorithms: it takes longer to make than all that is done with it.
    static const PkeyPtr rsa(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{kMinRsaBits}));
    return shared(rsa.get());
  }
  Curve curve = algorithm.curve == Curve::none ? Curve::ed25519 : algorithm.curve;
  const char* name = curve_info(curve).openssl.data();
  if (algorithm.kty == KeyType::ec) {
    return PkeyPtr(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", name));
  }
  return PkeyPtr(EVP_PKEY_Q_keygen(nullptr, nullptr, name));
}

std::string hmac(const Key& key, const Algorithm& algorithm, std::string_view input) {
  std::string mac(EVP_MAX_MD_SIZE, '\0');
  std::size_t size = 0;
  const SecretBytes& secret = key.octets();
  require(EVP_Q_mac(nullptr, "HMAC", nullptr, algorithm.digest.data(), nullptr, secret.data(),
                    secret.size(), octets_of(input), input.size(),
                    reinterpret_cast<unsigned char*>(mac.data()), mac.size(), &size) != nullptr,
          "compute HMAC");
  mac.resize(size);
  return mac;
}

/// to_raw turns OpenSSL's SEQUENCE into r || s (RFC 7518 section 3.4).
std::string to_raw(std::string_view der, std::size_t half) {
  const unsigned char* start = octets_of(der);
  EcdsaSigPtr pair(d2i_ECDSA_SIG(nullptr, &start, static_cast<long>(der.size())));
  require(pair != nullptr, "read its own ECDSA signature");
  std::string raw(half * 2, '\0');
  auto* out = reinterpret_cast<unsigned char*>(raw.data());
  int size = static_cast<int>(half);
  require(BN_bn2binpad(ECDSA_SIG_get0_r(pair.get()), out, size) == size &&
              BN_bn2binpad(ECDSA_SIG_get0_s(pair.get()), out + half, size) == size,
          "write r || s");
  return raw;
}

/// encode runs one of OpenSSL's writers on a memory BIO.
template <class Write>
std::string encode(Write write) {
  BioPtr bio(BIO_new(BIO_s_mem()));
  require(bio && write(bio.get()) == 1, "encode its key");
  std::string bytes(BIO_ctrl_pending(bio.get()), '\0');
  require(BIO_read(bio.get(), bytes.data(), static_cast<int>(bytes.size())) ==
              static_cast<int>(bytes.size()),
          "read what it encoded");
  return bytes;
}

}  // namespace

Key make_key(const Algorithm& algorithm) {
  if (algorithm.kty != KeyType::oct) {
    PkeyPtr pkey = generate(algorithm);
    require(pkey != nullptr, "generate a key");
    return take(adopt_pkey(std::move(pkey)));
  }
  SecretBytes secret(algorithm.min_key_bytes);
  require(RAND_bytes(secret.data(), static_cast<int>(secret.size())) == 1, "draw a secret");
  return take(make_oct_key(std::move(secret)));
}

Key share_key(const Key& key) {
  if (key.type() == KeyType::oct) return take(make_oct_key(key.octets()));
  return take(adopt_pkey(shared(key.pkey())));
}

std::string public_der(const Key& key) {
  return encode([&key](BIO* bio) { return i2d_PUBKEY_bio(bio, key.pkey()); });
}

std::string public_pem(const Key& key) {
  return encode([&key](BIO* bio) { return PEM_write_bio_PUBKEY(bio, key.pkey()); });
}

std::string sign(const Key& key, const Algorithm& algorithm, std::string_view input) {
  if (algorithm.scheme == SignatureScheme::hmac) return hmac(key, algorithm, input);
  MdCtxPtr context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* parameters = nullptr;
  const char* digest = algorithm.digest.empty() ? nullptr : algorithm.digest.data();
  require(context && EVP_DigestSignInit_ex(context.get(), &parameters, digest, nullptr, nullptr,
                                           key.pkey(), nullptr) == 1,
          "begin to sign");
  if (algorithm.scheme == SignatureScheme::rsa_pss) {
    require(EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) == 1 &&
                EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, RSA_PSS_SALTLEN_DIGEST) == 1,
            "choose PSS");
  }
  std::size_t size = 0;
  require(EVP_DigestSign(context.get(), nullptr, &size, octets_of(input), input.size()) == 1,
          "size a signature");
  std::string signature(size, '\0');
  require(EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                         octets_of(input), input.size()) == 1,
          "sign");
  signature.resize(size);
  if (algorithm.scheme != SignatureScheme::ecdsa) return signature;
  return to_raw(signature, curve_info(key.curve()).octets);
}

std::string make_token(const Key& key, const Algorithm& algorithm, std::string_view header,
                       std::string_view payload) {
  std::string input = fmt::format("{}.{}", to_base64url(header), to_base64url(payload));
  return fmt::format("{}.{}", input, to_base64url(sign(key, algorithm, input)));
}

}  // namespace jwtctl::vectors
