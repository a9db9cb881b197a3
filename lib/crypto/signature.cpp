// SPDX-License-Identifier: Apache-2.0
#include "lib/crypto/signature.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/rsa.h>

#include <array>

namespace jwtctl {
namespace {

const unsigned char* octets_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

Result<bool> check_mac(const Key& key, const Algorithm& algorithm, std::string_view input,
                       std::string_view signature) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  std::size_t size = 0;
  const SecretBytes& secret = key.octets();
  if (EVP_Q_mac(nullptr, "HMAC", nullptr, algorithm.digest.data(), nullptr, secret.data(),
                secret.size(), octets_of(input), input.size(), mac.data(), mac.size(),
                &size) == nullptr) {
    return crypto_error("cannot compute HMAC");
  }
  bool equal = size == signature.size() && CRYPTO_memcmp(mac.data(), signature.data(), size) == 0;
  cleanse(mac.data(), mac.size());
  return equal;
}

/// to_der turns r || s into the SEQUENCE that OpenSSL verifies (RFC 3279 section 2.2.3). It
/// refuses zeros itself; OpenSSL refuses values of the group order and above.
std::string to_der(std::string_view raw) {
  std::size_t half = raw.size() / 2;
  BignumPtr r(BN_bin2bn(octets_of(raw), static_cast<int>(half), nullptr));
  BignumPtr s(BN_bin2bn(octets_of(raw) + half, static_cast<int>(half), nullptr));
  EcdsaSigPtr pair(ECDSA_SIG_new());
  bool usable = r && s && pair && BN_is_zero(r.get()) == 0 && BN_is_zero(s.get()) == 0;
  if (!usable || ECDSA_SIG_set0(pair.get(), r.get(), s.get()) != 1) return {};
  (void)r.release();
  (void)s.release();
  unsigned char* der = nullptr;
  int size = i2d_ECDSA_SIG(pair.get(), &der);
  BufferPtr owner(der);
  return size > 0 ? std::string(reinterpret_cast<char*>(der), static_cast<std::size_t>(size))
                  : std::string{};
}

bool use_pss(EVP_PKEY_CTX* context, const Algorithm& algorithm) {
  return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1 &&
         EVP_PKEY_CTX_set_rsa_mgf1_md_name(context, algorithm.digest.data(), nullptr) == 1;
}

}  // namespace

std::size_t signature_size(const Key& key, const Algorithm& algorithm) {
  if (algorithm.signature_bytes != 0) return algorithm.signature_bytes;
  if (key.type() == KeyType::rsa) return (key.bits() + 7) / 8;
  return curve_info(key.curve()).octets * 2;  // EdDSA: an encoded point and a scalar
}

Result<bool> check_signature(const Key& key, const Algorithm& algorithm, std::string_view input,
                             std::string_view signature) {
  if (auto fit = check_key_for(key, algorithm); !fit) return fail(std::move(fit).error());
  if (signature.size() != signature_size(key, algorithm)) return false;
  if (algorithm.scheme == SignatureScheme::hmac) return check_mac(key, algorithm, input, signature);

  std::string der;
  if (algorithm.scheme == SignatureScheme::ecdsa) {
    der = to_der(signature);
    if (der.empty()) return false;
    signature = der;
  }
  MdCtxPtr context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* parameters = nullptr;
  const char* digest = algorithm.digest.empty() ? nullptr : algorithm.digest.data();
  bool ready = context && EVP_DigestVerifyInit_ex(context.get(), &parameters, digest, nullptr,
                                                  nullptr, key.pkey(), nullptr) == 1;
  if (ready && algorithm.scheme == SignatureScheme::rsa_pss) ready = use_pss(parameters, algorithm);
  if (!ready) return crypto_error(fmt::format("cannot verify {}", algorithm.name));
  int outcome = EVP_DigestVerify(context.get(), octets_of(signature), signature.size(),
                                 octets_of(input), input.size());
  clear_errors();
  return outcome == 1;
}

}  // namespace jwtctl
