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

/// Bound says what is believed where an answer contradicts itself, or can be read in two ways. Who
/// keeps a copy for verification trusts its keys for no longer than any reading allows
/// (`shortest`); who waits until the copies of others are gone waits for as long as any reading
/// allows
/// (`longest`).
enum class Bound { shortest, longest };

/// CacheControl are the directives of all Cache-Control headers of an answer (RFC 9111 section
/// 5.2.2, RFC 5861). What is malformed or unknown is as if it were not there, but that by `longest`
/// a number counts as far as it is one.
struct CacheControl {
  bool no_store = false;
  bool no_cache = false;  ///< with field names (`no-cache="Set-Cookie"`) by `shortest` alone
  bool must_revalidate = false;
  bool must_understand = false;
  std::optional<Seconds> max_age;
  std::optional<Seconds> shared_max_age;
  std::optional<Seconds> stale_while_revalidate;
  std::optional<Seconds> stale_if_error;
};

/// read_cache_control reads `header`: Cache-Control, or one that is for some caches only.
CacheControl read_cache_control(const HttpResponse& response, Bound bound,
                                std::string_view header = "cache-control");

/// parse_delta_seconds reads the number of a directive or of Age (RFC 9111 section 1.2.2), quoted
/// or not; nothing for anything else. What overflows is very long.
std::optional<Seconds> parse_delta_seconds(std::string_view text);

/// says_freshness: the answer has a word on it. A 304 without one leaves what was (RFC 9111 section
/// 3.2).
bool says_freshness(const HttpResponse& response);

/// read_freshness never fails: directives that are malformed or unknown are as if they were not
/// there, and of several readings the shortest counts. `now` is the local time of the answer,
/// against which Expires is measured where there is no Date.
Freshness read_freshness(const HttpResponse& response, Instant now);

}  // namespace jwtctl
