// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/codec/url.h"
#include "lib/remote/clock.h"
#include "lib/remote/http.h"

namespace jwtctl {

inline constexpr Milliseconds kTryTimeout{10'000};
inline constexpr int kMaxRedirects = 3;

/// FetchPolicy is how hard to try, and where one may be led.
struct FetchPolicy {
  Milliseconds deadline{20'000};  ///< for everything
  int retries = 2;
  bool allow_http = false;           ///< to hosts that are not loopback too
  bool typed = true;                 ///< the user wrote the URL, so it may lead to loopback
  std::vector<std::string> headers;  ///< of the user, "Name: value"; for the own origin alone
  bool own_origin = true;            ///< the URL is on the server that the user named
};

/// Validators let the server say that nothing has changed (RFC 9110 section 13.1).
struct Validators {
  std::string etag;
  std::string last_modified;
};

/// HttpAnswer is the answer at the end of the redirects, whatever its status.
struct HttpAnswer {
  HttpResponse response;
  bool conditional = false;  ///< validators were sent, so 304 is an answer
  std::string final_url;
  std::vector<std::string> redirects;  ///< the URLs after the first
  std::vector<HttpResponse> hops;      ///< the answers that led there, without their bodies
  std::optional<Seconds> clock_skew;   ///< the server's clock minus ours, where that could be told
  std::vector<std::string> retried;    ///< why it was asked again, once for each time
};

/// check_url says whether `url` may be asked at all: https, or http to loopback, or http where
/// `allow_http` says so. Fails with `usage`.
Result<Url> check_url(std::string_view url, bool allow_http);

/// fetch_url gets a document: redirects (at most 3, never to http, no headers of the user to
/// another origin), retries with jitter, Retry-After within the deadline. Only a URL that was
/// typed, or one on loopback itself, may lead to a loopback address. Fails with the network errors.
Result<HttpAnswer> fetch_url(const Url& url, const FetchPolicy& policy,
                             const Validators& validators, const HttpGet& get, const Clock& clock);

/// check_status accepts 200, and 304 to a conditional request; all else fails with
/// `network_status`.
Result<void> check_status(const HttpAnswer& fetched, Instant now);

/// is_server_trouble: 408, 429 and 5xx but 501, after which asking again may help.
bool is_server_trouble(int status);

}  // namespace jwtctl
