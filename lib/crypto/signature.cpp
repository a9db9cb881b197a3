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

Result<std::string> make_mac(const Key& key, const Algorithm& algorithm, std::string_view input) {
  std::string mac(EVP_MAX_MD_SIZE, '\0');
  std::size_t size = 0;
  const SecretBytes& secret = key.octets();
  if (EVP_Q_mac(nullptr, "HMAC", nullptr, algorithm.digest.data(), nullptr, secret.data(),
                secret.size(), octets_of(input), input.size(),
                reinterpret_cast<unsigned char*>(mac.data()), mac.size(), &size) == nullptr) {
    return crypto_error("cannot compute HMAC");
  }
  mac.resize(size);
  return mac;
}

Result<bool> check_mac(const Key& key, const Algorithm& algorithm, std::string_view input,
                       std::string_view signature) {
  auto mac = make_mac(key, algorithm, input);
  if (!mac) return fail(std::move(mac).error());
  bool equal = mac->size() == signature.size() &&
               CRYPTO_memcmp(mac->data(), signature.data(), signature.size()) == 0;
  cleanse(*mac);
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

/// to_raw turns OpenSSL's SEQUENCE into r || s (RFC 7518 section 3.4); empty when it is none.
std::string to_raw(std::string_view der, std::size_t half) {
  const unsigned char* at = octets_of(der);
  EcdsaSigPtr pair(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())));
  if (!pair) return {};
  std::string raw(half * 2, '\0');
  auto* out = reinterpret_cast<unsigned char*>(raw.data());
  auto size = static_cast<int>(half);
  bool fits = BN_bn2binpad(ECDSA_SIG_get0_r(pair.get()), out, size) == size &&
              BN_bn2binpad(ECDSA_SIG_get0_s(pair.get()), out + half, size) == size;
  return fits ? raw : std::string{};
}

bool use_pss(EVP_PKEY_CTX* context, const Algorithm& algorithm) {
  return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1 &&
         EVP_PKEY_CTX_set_rsa_mgf1_md_name(context, algorithm.digest.data(), nullptr) == 1;
}

/// digest_name returns what OpenSSL wants to hear: null where the scheme has its own.
const char* digest_name(const Algorithm& algorithm) {
  return algorithm.digest.empty() ? nullptr : algorithm.digest.data();
}

Result<std::string> sign_with_pair(const Key& key, const Algorithm& algorithm,
                                   std::string_view input) {
  MdCtxPtr context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* parameters = nullptr;
  bool ready = context && EVP_DigestSignInit_ex(context.get(), &parameters, digest_name(algorithm),
                                                nullptr, nullptr, key.pkey(), nullptr) == 1;
  if (ready && algorithm.scheme == SignatureScheme::rsa_pss) ready = use_pss(parameters, algorithm);
  std::size_t size = 0;
  ready =
      ready && EVP_DigestSign(context.get(), nullptr, &size, octets_of(input), input.size()) == 1;
  std::string signature(size, '\0');
  if (!ready || EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()),
                               &size, octets_of(input), input.size()) != 1) {
    return crypto_error(fmt::format("cannot sign with {}", algorithm.name));
  }
  signature.resize(size);
  if (algorithm.scheme != SignatureScheme::ecdsa) return signature;
  return to_raw(signature, curve_info(key.curve()).octets);
}

}  // namespace

std::size_t signature_size(const Key& key, const Algorithm& algorithm) {
  if (algorithm.signature_bytes != 0) return algorithm.signature_bytes;
  if (key.type() == KeyType::rsa) return (key.bits() + 7) / 8;
  return curve_info(key.curve()).octets * 2;  // EdDSA: an encoded point and a scalar
}

Result<bool> check_signature(const Key& key, const Algorithm& algorithm, std::string_view input,
                             std::string_view signature, KeyStrength strength) {
  if (auto fit = check_key_for(key, algorithm, strength); !fit) return fail(std::move(fit).error());
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
  bool ready =
      context && EVP_DigestVerifyInit_ex(context.get(), &parameters, digest_name(algorithm),
                                         nullptr, nullptr, key.pkey(), nullptr) == 1;
  if (ready && algorithm.scheme == SignatureScheme::rsa_pss) ready = use_pss(parameters, algorithm);
  if (!ready) return crypto_error(fmt::format("cannot verify {}", algorithm.name));
  int outcome = EVP_DigestVerify(context.get(), octets_of(signature), signature.size(),
                                 octets_of(input), input.size());
  clear_errors();
  return outcome == 1;
}

Result<std::string> make_signature(const Key& key, const Algorithm& algorithm,
                                   std::string_view input, KeyStrength strength) {
  if (!key.is_private()) {
    return fail(ErrorCode::key_refused, "this is {}, which cannot sign", key.describe())
        .hint("signing needs the private key");
  }
  if (auto fit = check_key_for(key, algorithm, strength); !fit) return fail(std::move(fit).error());
  auto signature = algorithm.scheme == SignatureScheme::hmac
                       ? make_mac(key, algorithm, input)
                       : sign_with_pair(key, algorithm, input);
  if (!signature) return signature;
  auto good = check_signature(key, algorithm, input, *signature, strength);
  if (!good) return fail(std::move(good).error());
  if (*good) return signature;
  return fail(ErrorCode::key_refused,
              "the private half of the key does not belong to the public one")
      .hint("what it signs would verify nowhere");
}

}  // namespace jwtctl
