// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/base/limits.h"
#include "lib/base/result.h"
#include "lib/remote/clock.h"
#include "lib/remote/proxy.h"

namespace jwtctl {

/// Reach says which addresses a request may be sent to. Link-local addresses, where clouds keep
/// the credentials of a machine, are out of reach always.
enum class Reach { not_loopback, loopback_too, loopback_only };

/// HttpRequest is one GET, without redirects and retries.
struct HttpRequest {
  std::string url;
  std::vector<std::string> headers;  ///< "Name: value"
  Milliseconds timeout{10'000};      ///< of the whole exchange; more than zero
  Reach reach = Reach::not_loopback;
  bool own_origin = true;  ///< the user's certificate may be shown
};

/// HttpResponse is the answer to it; the body is decoded (gzip) and within the limit.
struct HttpResponse {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  ///< names in lower case
  std::string body;

  /// header returns the last header of this name, nothing when there is none.
  std::optional<std::string> header(std::string_view name) const;
};

/// HttpGet sends one request. Fails with `network_dns`, `network_connect`, `network_refused`,
/// `network_tls`, `network_timeout` or `network_body`; a status is no failure here.
using HttpGet = std::function<Result<HttpResponse>(const HttpRequest& request)>;

/// HttpOptions are the settings of the connection that the user made.
struct HttpOptions {
  Milliseconds connect_timeout{3'000};
  std::size_t max_bytes = kMaxKeySetBytes;
  std::optional<std::string> ca_file;  ///< instead of the system's certificates
  std::optional<std::string> client_certificate;
  std::optional<std::string> client_key;
  Proxies proxies;                   ///< and none else, whatever the environment says
  std::vector<std::string> resolve;  ///< HOST:PORT:ADDRESS
};

/// make_http_get returns an HttpGet over libcurl, which is opened with the first request (or
/// linked, if the build says so). TLS 1.2 or newer; nothing turns verification off.
HttpGet make_http_get(HttpOptions options);

}  // namespace jwtctl
