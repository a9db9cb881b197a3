// SPDX-License-Identifier: Apache-2.0
#include "lib/crypto/certificate.h"

#include <openssl/asn1.h>
#include <openssl/x509v3.h>

#include "lib/crypto/key.h"
#include "lib/crypto/openssl.h"

namespace jwtctl {
namespace {

using Asn1TimePtr = std::unique_ptr<ASN1_TIME, Deleter<ASN1_STRING_free>>;

/// to_instant counts from the epoch, whatever zone the time is written in.
std::optional<Instant> to_instant(const ASN1_TIME* time) {
  Asn1TimePtr epoch(ASN1_TIME_set(nullptr, 0));
  int days = 0;
  int seconds = 0;
  if (!epoch || ASN1_TIME_diff(&days, &seconds, epoch.get(), time) != 1) return std::nullopt;
  return Instant{std::int64_t{days} * 86400 + seconds, 0};
}

/// read_x509 returns null when `der` is not exactly one certificate.
X509Ptr read_x509(std::string_view der) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  X509Ptr certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  clear_errors();
  bool whole = certificate && reinterpret_cast<const char*>(at) == der.data() + der.size();
  return whole ? std::move(certificate) : nullptr;
}

std::string signature_hash_of(X509* certificate) {
  int digest = NID_undef;
  bool known = X509_get_signature_info(certificate, &digest, nullptr, nullptr, nullptr) == 1;
  clear_errors();
  return known && digest != NID_undef ? OBJ_nid2sn(digest) : "";
}

}  // namespace

Result<Certificate> parse_certificate(std::string_view der) {
  X509Ptr certificate = read_x509(der);
  BioPtr subject(BIO_new(BIO_s_mem()));
  if (!certificate || !subject) return fail(ErrorCode::input, "this is no certificate");
  auto not_before = to_instant(X509_get0_notBefore(certificate.get()));
  auto not_after = to_instant(X509_get0_notAfter(certificate.get()));
  // Without ASN1_STRFLGS_ESC_MSB, so that UTF-8 stays what it is.
  unsigned long flags = XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB);
  X509_NAME_print_ex(subject.get(), X509_get_subject_name(certificate.get()), 0, flags);
  clear_errors();
  if (!not_before || !not_after) {
    return fail(ErrorCode::input, "the dates of the certificate cannot be read");
  }
  char* text = nullptr;
  long size = BIO_get_mem_data(subject.get(), &text);
  Certificate read;
  read.subject.assign(text, text + size);
  read.not_before = *not_before;
  read.not_after = *not_after;
  read.may_sign = (X509_get_key_usage(certificate.get()) & KU_DIGITAL_SIGNATURE) != 0;
  std::uint32_t extensions = X509_get_extension_flags(certificate.get());
  read.is_authority = (extensions & EXFLAG_CA) != 0;
  read.is_self_issued = (extensions & EXFLAG_SI) != 0;
  read.signature_hash = signature_hash_of(certificate.get());
  clear_errors();
  return read;
}

std::optional<bool> has_certified(std::string_view issuer, std::string_view subject) {
  X509Ptr above = read_x509(issuer);
  X509Ptr below = read_x509(subject);
  if (!above || !below) return std::nullopt;
  bool named =
      X509_NAME_cmp(X509_get_subject_name(above.get()), X509_get_issuer_name(below.get())) == 0;
  if (!named) return false;
  PkeyPtr certified(X509_get_pubkey(above.get()));
  clear_errors();
  if (!certified) return std::nullopt;
  auto key = adopt_pkey(std::move(certified));
  if (!key || !check_key(*key, KeyStrength::any)) return std::nullopt;
  bool verifies = X509_verify(below.get(), key->pkey()) == 1;
  clear_errors();
  return verifies;
}

}  // namespace jwtctl
