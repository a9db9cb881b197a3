// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "lib/base/result.h"
#include "lib/base/time.h"

namespace jwtctl {

/// Certificate is what a key set's reader wants to know of an X.509 certificate (RFC 5280).
struct Certificate {
  std::string subject;  ///< distinguished name as RFC 2253 writes it
  Instant not_before;
  Instant not_after;
  bool is_authority = false;    ///< cA of its basic constraints (section 4.2.1.9)
  bool may_sign = true;         ///< digitalSignature, or no key usage at all (section 4.2.1.3)
  bool is_self_issued = false;  ///< subject and issuer are one name
  std::string signature_hash;   ///< "SHA256"; empty where the algorithm has its own
};

/// parse_certificate reads one DER certificate; no signature, chain or date is judged. Fails with
/// `input`.
Result<Certificate> parse_certificate(std::string_view der);

/// has_certified says whether the certificate `issuer` was used to certify `subject`, both in DER:
/// the names match and the signature verifies (RFC 5280 section 6.1.3). Nothing when that cannot be
/// said: one of them is no certificate, or the key is of a type or size that JOSE does not use,
/// which a hostile file may have chosen to cost time.
std::optional<bool> has_certified(std::string_view issuer, std::string_view subject);

}  // namespace jwtctl
