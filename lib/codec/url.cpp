// SPDX-License-Identifier: Apache-2.0
#include "lib/codec/url.h"

#include <algorithm>
#include <charconv>

#include "lib/base/shown.h"
#include "lib/base/text.h"
#include "lib/codec/address.h"

namespace jwtctl {
namespace {

Failure not_a_url(std::string_view text, std::string_view why) {
  // What may be a password is not repeated.
  if (text.find('@') != std::string_view::npos) {
    return fail(ErrorCode::usage, "this is not a URL that keys are fetched from: {}", why);
  }
  return fail(ErrorCode::usage, "{} is not a URL that keys are fetched from: {}",
              quote_argument(text, ShownAs::url), why);
}

/// fill_server fills host and port; returns what is wrong with them, if anything.
std::string_view fill_server(std::string_view host, std::string_view port, Url& url) {
  constexpr std::string_view kNoHost = "it has no host";
  if (host.starts_with('[')) {
    host = host.substr(1, host.size() - 2);
    // A zone names an interface of this machine, not a host.
    if (host.find_first_not_of("0123456789abcdefABCDEF:.") != std::string_view::npos)
      return kNoHost;
  }
  url.host = to_lower(host);
  if (host.empty()) return kNoHost;
  if (port.empty()) return {};
  unsigned number = 0;
  const char* end = port.data() + port.size();
  auto [at, error] = std::from_chars(port.data() + 1, end, number);
  bool good = port.size() > 1 && port.front() == ':' && error == std::errc{} && at == end &&
              number >= 1 && number <= 65'535;
  if (number != (url.scheme == "https" ? 443 : 80)) url.port = port.substr(1);
  return good ? std::string_view{} : "the port of its host is none";
}

}  // namespace

bool UrlParts::is_web() const {
  return equals_ignoring_case(scheme, "https") || equals_ignoring_case(scheme, "http");
}

std::optional<UrlParts> split_url(std::string_view text) {
  std::size_t colon = text.find("://");
  if (colon == std::string_view::npos) return std::nullopt;
  UrlParts parts;
  parts.scheme = text.substr(0, colon);
  std::string_view server = text.substr(colon + 3);
  std::size_t end = std::min(server.find_first_of("/?#\\"), server.size());
  parts.rest = server.substr(end);
  server = server.substr(0, end);
  if (std::size_t at = server.rfind('@'); at != std::string_view::npos) {
    parts.user = server.substr(0, at + 1);
    server.remove_prefix(at + 1);
  }
  std::size_t size = server.starts_with('[') ? server.find(']') + 1 : server.find(':');
  parts.host = server.substr(0, size);
  parts.port = server.substr(parts.host.size());
  return parts;
}

bool has_credentials(std::string_view text) {
  std::size_t colon = text.find("://");
  return colon != std::string_view::npos &&
         text.substr(0, text.find_first_of("/?", colon + 3)).find('@') != std::string_view::npos;
}

std::string Url::origin() const {
  return fmt::format("{}://{}{}{}", scheme, host, port.empty() ? "" : ":", port);
}

Result<Url> parse_url(std::string_view text) {
  if (text.size() > kMaxUrlBytes) {
    return fail(ErrorCode::usage, "the URL is longer than {} bytes", kMaxUrlBytes);
  }
  auto parts = split_url(text);
  if (!parts) return not_a_url(text, "it has no scheme");
  if (has_credentials(text)) return fail(ErrorCode::usage, "the URL holds credentials");
  bool plain = std::all_of(text.begin(), text.end(), [](char c) {
    return c > ' ' && c < '\x7f' && c != '\\' && c != '"' && c != '<' && c != '>';
  });
  if (!plain) return not_a_url(text, "it has characters that a URL cannot have");
  Url url;
  url.scheme = to_lower(parts->scheme);
  if (url.scheme != "https" && url.scheme != "http")
    return not_a_url(text, "its scheme is not https");
  if (text.find('#') != std::string_view::npos) return not_a_url(text, "it has a fragment");
  url.authority = fmt::format("{}{}", parts->host, parts->port);
  if (auto wrong = fill_server(parts->host, parts->port, url); !wrong.empty()) {
    return not_a_url(text, wrong);
  }
  std::string_view target = parts->rest;
  std::size_t question = std::min(target.find('?'), target.size());
  url.path = target.substr(0, question);
  url.query = target.substr(question);
  return url;
}

bool is_loopback_host(std::string_view host) {
  std::string_view name = host.substr(0, host.size() - (host.ends_with('.') ? 1 : 0));
  if (name == "localhost" || name.ends_with(".localhost")) return true;
  auto address = parse_address(std::string(host));
  return address && address->is_loopback();
}

std::string resolve_reference(const Url& base, std::string_view reference) {
  reference = reference.substr(0, reference.find('#'));
  if (reference.find("://") != std::string_view::npos &&
      reference.find("://") < reference.find_first_of("/?")) {
    return std::string(reference);
  }
  std::string origin = fmt::format("{}://{}", base.scheme, base.authority);
  if (reference.starts_with("//")) return fmt::format("{}:{}", base.scheme, reference);
  if (reference.starts_with('/')) return origin + std::string(reference);
  if (reference.starts_with('?')) return fmt::format("{}{}{}", origin, base.path, reference);
  std::string folder = base.path.substr(0, base.path.rfind('/') + 1);
  return fmt::format("{}{}{}", origin, folder.empty() ? "/" : folder, reference);
}

}  // namespace jwtctl
