// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lib/remote/http.h"

namespace jwtctl {

/// How long a copy is fresh: at least, at most, and when the server does not say.
inline constexpr Seconds kMinFreshness = 30;
inline constexpr Seconds kMaxFreshness = Seconds{24} * 3600;
inline constexpr Seconds kDefaultFreshness = 300;

/// Freshness is what an answer says about its own use (RFC 9111 section 5.2, RFC 5861).
struct Freshness {
  bool no_store = false;
  Seconds lifetime = kDefaultFreshness;  ///< from now on; 0: ask again each time
  Seconds stale_if_error = 0;            ///< beyond the lifetime, when the server is in trouble
};

/// says_freshness: the answer has a word on it. A 304 without one leaves what was (RFC 9111 section
/// 3.2).
bool says_freshness(const HttpResponse& response);

/// read_freshness never fails: directives that are malformed or unknown are as if they were not
/// there. `now` is the local time of the answer, against which Expires is measured.
Freshness read_freshness(const HttpResponse& response, Instant now);

}  // namespace jwtctl
