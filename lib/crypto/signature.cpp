// SPDX-License-Identifier: Apache-2.0
#include "lib/crypto/signature.h"

#include "lib/crypto/scheme.h"
#include "lib/crypto/verifying_key.h"

namespace jwtctl {
namespace {

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
  auto ready = VerifyingKey::make(key, algorithm, strength);
  if (!ready) return fail(std::move(ready).error());
  return ready->check(input, signature);
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
