// SPDX-License-Identifier: Apache-2.0
#include "lib/remote/discovery.h"

#include <vector>

#include "lib/base/shown.h"
#include "lib/base/text.h"
#include "lib/codec/address.h"
#include "lib/codec/json.h"

namespace jwtctl {
namespace {

constexpr std::string_view kOidcPath = "/.well-known/openid-configuration";
constexpr std::string_view kOauthPath = "/.well-known/oauth-authorization-server";

std::string without_slash(std::string_view text) {
  return std::string(text.ends_with('/') ? text.substr(0, text.size() - 1) : text);
}

/// well_known_urls lists the places in the order in which they are asked.
std::vector<std::string> well_known_urls(const std::string& issuer, const Url& url,
                                         const DiscoveryOptions& options) {
  if (options.url) return {*options.url};
  std::string origin = fmt::format("{}://{}", url.scheme, url.authority);
  std::string path = without_slash(url.path);
  std::string appended = fmt::format("{}{}", without_slash(issuer), kOidcPath);
  std::string inserted = fmt::format("{}{}{}", origin, kOauthPath, path);
  switch (options.kind) {
    case DiscoveryKind::oidc: return {appended};
    case DiscoveryKind::oauth: return {inserted};
    case DiscoveryKind::automatic: return {appended, inserted};
  }
  return {};
}

std::string_view likely_cause(std::string_view asked, std::string_view given) {
  if (without_slash(asked) == without_slash(given)) {
    return "they differ in a slash at the end; give the issuer as its tokens have it";
  }
  if (given.find('{') != std::string_view::npos) {
    return "the document is a template for many tenants; give the issuer of one";
  }
  if (equals_ignoring_case(asked, given)) return "they differ in upper and lower case";
  return "tokens of this issuer carry the second; is that whom you trust?";
}

/// parse_metadata checks the document and returns its jwks_uri; `absent` says that the answer is
/// something else altogether.
Result<std::string> parse_metadata(const std::string& body, const std::string& issuer,
                                   bool& absent) {
  auto json = parse_json(body, "the discovery document");
  absent = !json;
  if (!json) {
    std::string_view what = trim(body).starts_with('<') ? "HTML or XML" : "no JSON";
    return fail(ErrorCode::network_body, "the discovery document is {}: {}", what,
                json.error().message);
  }
  auto text = [&json](std::string_view name) -> const std::string* {
    const Json* member = json->find(name);
    return member != nullptr ? member->as_string() : nullptr;
  };
  const std::string* given = text("issuer");
  const std::string* uri = text("jwks_uri");
  if (given == nullptr) {
    return fail(ErrorCode::network_body, "the discovery document names no issuer");
  }
  if (*given != issuer) {
    return fail(ErrorCode::network_body, "the discovery document is of {}, not of {}",
                quote_argument(*given, ShownAs::url), quote_argument(issuer, ShownAs::url))
        .hint("{}", likely_cause(issuer, *given));
  }
  if (uri == nullptr) {
    return fail(ErrorCode::network_body, "the discovery document has no jwks_uri");
  }
  return *uri;
}

/// check_jwks_uri keeps a document of the outside from leading us to the inside.
Result<void> check_jwks_uri(const std::string& uri, const Url& issuer, bool allow_http) {
  auto url = parse_url(uri);
  if (!url) {
    return fail(ErrorCode::network_body, "the jwks_uri is refused: {}", url.error().message);
  }
  bool inside = is_loopback_host(issuer.host);
  bool plain_allowed =
      issuer.scheme == "http" && (allow_http || (inside && is_loopback_host(url->host)));
  if (url->scheme == "http" && !plain_allowed) {
    return fail(ErrorCode::network_body, "the jwks_uri {} is not https",
                quote_argument(uri, ShownAs::url));
  }
  if (is_loopback_host(url->host) && !inside) {
    return fail(ErrorCode::network_body, "the jwks_uri {} is on loopback, the issuer is not",
                quote_argument(uri, ShownAs::url));
  }
  auto address = parse_address(url->host);
  if (address && address->is_metadata()) {
    return fail(ErrorCode::network_body, "the jwks_uri {} is a link-local address",
                quote_argument(uri, ShownAs::url));
  }
  return {};
}

}  // namespace

Result<Fetched<std::string>> discover(const std::string& issuer, const DiscoveryOptions& options,
                                      Remote& remote, Deadline& deadline) {
  bool allow_http = remote.options().fetch.allow_http;
  auto url = check_url(issuer, allow_http);
  if (!url) return fail(std::move(url).error());
  if (!url->query.empty()) {
    return fail(ErrorCode::usage, "the issuer {} has a query",
                quote_argument(issuer, ShownAs::url));
  }
  std::optional<Error> first;
  for (const std::string& place : well_known_urls(issuer, *url, options)) {
    if (options.url) {
      if (auto good = check_url(place, allow_http); !good) return fail(std::move(good).error());
    }
    bool absent = false;
    Parse<std::string> parse = [&](const std::string& body) -> Result<std::string> {
      auto uri = parse_metadata(body, issuer, absent);
      if (!uri) return uri;
      if (auto good = check_jwks_uri(*uri, *url, allow_http); !good) {
        return fail(std::move(good).error());
      }
      return uri;
    };
    auto jwks_uri = remote.get(place, parse, deadline);
    if (jwks_uri) return jwks_uri;
    if (!first) first = jwks_uri.error();
    // Only "there is nothing here" makes another place worth asking; some say it with a page.
    ErrorCode code = jwks_uri.error().code;
    bool nothing =
        absent || code == ErrorCode::network_status || code == ErrorCode::network_offline;
    if (!nothing) break;
  }
  return fail(*std::move(first));
}

}  // namespace jwtctl
