// SPDX-License-Identifier: Apache-2.0
#include "lib/crypto/verifying_key.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/params.h>

#include <array>
#include <string>
#include <utility>

#include "lib/crypto/scheme.h"
#include "lib/crypto/signature.h"

namespace jwtctl {
namespace {

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

MacCtxPtr make_mac(const Key& key, const Algorithm& algorithm) {
  MacPtr hmac(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
  MacCtxPtr context(hmac ? EVP_MAC_CTX_new(hmac.get()) : nullptr);
  std::string digest(algorithm.digest);
  OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0),
      OSSL_PARAM_construct_end()};
  const SecretBytes& secret = key.octets();
  bool ready =
      context && EVP_MAC_init(context.get(), secret.data(), secret.size(), parameters) == 1;
  return ready ? std::move(context) : MacCtxPtr();
}

MdCtxPtr make_verifier(const Key& key, const Algorithm& algorithm) {
  MdCtxPtr context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* parameters = nullptr;
  bool ready =
      context && EVP_DigestVerifyInit_ex(context.get(), &parameters, digest_name(algorithm),
                                         nullptr, nullptr, key.pkey(), nullptr) == 1;
  if (ready && algorithm.scheme == SignatureScheme::rsa_pss) ready = use_pss(parameters, algorithm);
  return ready ? std::move(context) : MdCtxPtr();
}

Result<bool> check_mac(EVP_MAC_CTX* ready, std::string_view input, std::string_view signature) {
  MacCtxPtr context(EVP_MAC_CTX_dup(ready));
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  std::size_t size = 0;
  bool done = context && EVP_MAC_update(context.get(), octets_of(input), input.size()) == 1 &&
              EVP_MAC_final(context.get(), mac.data(), &size, mac.size()) == 1;
  if (!done) return crypto_error("cannot compute HMAC");
  bool equal = size == signature.size() && CRYPTO_memcmp(mac.data(), signature.data(), size) == 0;
  OPENSSL_cleanse(mac.data(), mac.size());
  return equal;
}

}  // namespace

Result<VerifyingKey> VerifyingKey::make(const Key& key, const Algorithm& algorithm,
                                        KeyStrength strength) {
  if (auto fit = check_key_for(key, algorithm, strength); !fit) return fail(std::move(fit).error());
  VerifyingKey made(algorithm, jwtctl::signature_size(key, algorithm));
  if (algorithm.scheme == SignatureScheme::hmac) {
    made.mac_ = make_mac(key, algorithm);
  } else {
    made.verifier_ = make_verifier(key, algorithm);
  }
  if (made.mac_ || made.verifier_) return made;
  return crypto_error(fmt::format("cannot verify {}", algorithm.name));
}

Result<bool> VerifyingKey::check(std::string_view input, std::string_view signature) const {
  if (signature.size() != size_) return false;
  if (mac_) return check_mac(mac_.get(), input, signature);
  std::string der;
  if (algorithm_->scheme == SignatureScheme::ecdsa) {
    der = to_der(signature);
    if (der.empty()) return false;
    signature = der;
  }
  MdCtxPtr context(EVP_MD_CTX_new());
  if (!context || EVP_MD_CTX_copy_ex(context.get(), verifier_.get()) != 1) {
    return crypto_error(fmt::format("cannot verify {}", algorithm_->name));
  }
  int outcome = EVP_DigestVerify(context.get(), octets_of(signature), signature.size(),
                                 octets_of(input), input.size());
  clear_errors();
  return outcome == 1;
}

}  // namespace jwtctl
