// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/asn1.h>
#include <openssl/x509v3.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/unit/keys.h"

/// Certificates for tests, made by OpenSSL.
namespace jwtctl::testing {

/// CertificateDraft is what `make_certificate` writes down; by default it is self-signed.
struct CertificateDraft {
  std::string subject = "signer";  ///< common name
  std::string issuer;              ///< empty: the subject
  std::string not_before = "20250101000000Z";
  std::string not_after = "20350101000000Z";
  std::vector<std::pair<int, std::string>> extensions;  ///< NID and value, as in openssl.cnf
  const char* digest = nullptr;                         ///< null: the key's own
};

/// make_certificate returns the DER of a certificate for `key`, signed by `signer`.
inline std::string make_certificate(EVP_PKEY* key, EVP_PKEY* signer,
                                    const CertificateDraft& draft) {
  X509Ptr made(X509_new());
  X509_set_version(made.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 1);
  auto set_name = [](X509_NAME* name, const std::string& value) {
    REQUIRE(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                                       reinterpret_cast<const unsigned char*>(value.data()),
                                       static_cast<int>(value.size()), -1, 0) == 1);
  };
  set_name(X509_get_subject_name(made.get()), draft.subject);
  set_name(X509_get_issuer_name(made.get()), draft.issuer.empty() ? draft.subject : draft.issuer);
  REQUIRE(ASN1_TIME_set_string_X509(X509_getm_notBefore(made.get()), draft.not_before.c_str()) ==
          1);
  REQUIRE(ASN1_TIME_set_string_X509(X509_getm_notAfter(made.get()), draft.not_after.c_str()) == 1);
  X509_set_pubkey(made.get(), key);
  for (const auto& [nid, value] : draft.extensions) {
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, nid, value.c_str());
    REQUIRE(extension != nullptr);
    X509_add_ext(made.get(), extension, -1);
    X509_EXTENSION_free(extension);
  }
  const EVP_MD* digest = draft.digest != nullptr ? EVP_get_digestbyname(draft.digest) : nullptr;
  REQUIRE(X509_sign(made.get(), signer, digest) > 0);
  unsigned char* der = nullptr;
  int size = i2d_X509(made.get(), &der);
  BufferPtr owner(der);
  return {reinterpret_cast<char*>(der), static_cast<std::size_t>(size)};
}

inline PkeyPtr new_ed25519() { return PkeyPtr(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")); }
inline PkeyPtr new_p256() {
  return PkeyPtr(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "prime256v1"));
}

/// to_base64 encodes as x5c wants it (RFC 4648 section 4, with padding).
inline std::string to_base64(std::string_view octets) {
  std::string text = to_base64url(octets);
  for (char& c : text) c = c == '-' ? '+' : c == '_' ? '/' : c;
  text.append((4 - text.size() % 4) % 4, '=');
  return text;
}

}  // namespace jwtctl::testing
