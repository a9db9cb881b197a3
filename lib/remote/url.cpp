// SPDX-License-Identifier: Apache-2.0
#include "lib/remote/url.h"

#include <algorithm>

#include "lib/base/text.h"

namespace jwtctl {
namespace {

Failure not_a_url(std::string_view text, std::string_view why) {
  return fail(ErrorCode::usage, "\"{}\" is not a URL that keys are fetched from: {}",
              shorten(text, 80), why);
}

/// host_of cuts the port off; empty when the authority is malformed.
std::string host_of(std::string_view authority) {
  std::string_view host = authority;
  std::string_view port;
  if (authority.starts_with('[')) {
    std::size_t end = authority.find(']');
    if (end == std::string_view::npos) return {};
    host = authority.substr(1, end - 1);
    // A zone names an interface of this machine, not a host.
    if (host.find_first_not_of("0123456789abcdefABCDEF:.") != std::string_view::npos) return {};
    port = authority.substr(end + 1);
  } else if (std::size_t colon = authority.find(':'); colon != std::string_view::npos) {
    host = authority.substr(0, colon);
    port = authority.substr(colon);
  }
  bool good_port =
      port.empty() || (port.size() > 1 && port.size() <= 6 && port.front() == ':' &&
                       port.find_first_not_of("0123456789", 1) == std::string_view::npos);
  return good_port ? to_lower(host) : std::string{};
}

}  // namespace

std::string Url::origin() const { return fmt::format("{}://{}", scheme, to_lower(authority)); }

Result<Url> parse_url(std::string_view text) {
  bool plain = std::all_of(text.begin(), text.end(), [](char c) {
    return c > ' ' && c < '\x7f' && c != '\\' && c != '"' && c != '<' && c != '>';
  });
  if (!plain) return not_a_url(text, "it has characters that a URL cannot have");
  std::size_t colon = text.find("://");
  if (colon == std::string_view::npos) return not_a_url(text, "it has no scheme");
  Url url;
  url.scheme = to_lower(text.substr(0, colon));
  if (url.scheme != "https" && url.scheme != "http")
    return not_a_url(text, "its scheme is not https");
  std::string_view rest = text.substr(colon + 3);
  if (rest.find('#') != std::string_view::npos) return not_a_url(text, "it has a fragment");
  std::size_t end = std::min(rest.find_first_of("/?"), rest.size());
  url.authority = rest.substr(0, end);
  // The message leaves out what may be a password.
  if (url.authority.find('@') != std::string::npos) {
    return fail(ErrorCode::usage, "the URL holds credentials")
        .hint("give them as a header: --header @FILE");
  }
  url.host = host_of(url.authority);
  if (url.host.empty()) return not_a_url(text, "it has no host");
  std::string_view target = rest.substr(end);
  std::size_t question = std::min(target.find('?'), target.size());
  url.path = target.substr(0, question);
  url.query = target.substr(question);
  return url;
}

bool is_loopback_host(std::string_view host) {
  if (host == "::1" || host == "localhost" || host.ends_with(".localhost")) return true;
  bool digits = host.find_first_not_of("0123456789.") == std::string_view::npos;
  return digits && host.starts_with("127.") && std::count(host.begin(), host.end(), '.') == 3;
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
