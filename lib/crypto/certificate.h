// SPDX-License-Identifier: Apache-2.0
#pragma once

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
};

/// parse_certificate reads one DER certificate; no signature, chain or date is judged. Fails with
/// `input`.
Result<Certificate> parse_certificate(std::string_view der);

}  // namespace jwtctl
