// SPDX-License-Identifier: Apache-2.0
#include "lib/crypto/certificate.h"

#include <openssl/asn1.h>

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

}  // namespace

Result<Certificate> parse_certificate(std::string_view der) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  X509Ptr certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  BioPtr subject(BIO_new(BIO_s_mem()));
  clear_errors();
  bool whole = certificate && reinterpret_cast<const char*>(at) == der.data() + der.size();
  if (!whole || !subject) return fail(ErrorCode::input, "this is no certificate");
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
  return Certificate{std::string(text, text + size), *not_before, *not_after};
}

}  // namespace jwtctl
