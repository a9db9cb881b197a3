// SPDX-License-Identifier: Apache-2.0
#include "lib/lint/web_host.h"

#include <algorithm>

#include "lib/base/text.h"

namespace jwtctl {
namespace {

/// authority_of returns what stands between the scheme and the path (RFC 3986 section 3.2). A
/// backslash ends it too, as browsers read it.
std::optional<std::string_view> authority_of(std::string_view url) {
  std::size_t colon = url.find("://");
  if (colon == std::string_view::npos) return std::nullopt;
  std::string_view scheme = url.substr(0, colon);
  if (!equals_ignoring_case(scheme, "https") && !equals_ignoring_case(scheme, "http")) {
    return std::nullopt;
  }
  std::string_view rest = url.substr(colon + 3);
  return rest.substr(0, rest.find_first_of("/?#\\"));
}

}  // namespace

std::optional<std::string> web_host(std::string_view text) {
  auto authority = authority_of(text);
  if (!authority) return std::nullopt;
  std::string_view host = *authority;
  if (std::size_t at = host.rfind('@'); at != std::string_view::npos) host.remove_prefix(at + 1);
  if (host.starts_with('[')) {
    host = host.substr(0, host.find(']') + 1);
  } else {
    host = host.substr(0, host.find(':'));
  }
  if (host.empty()) return std::nullopt;
  return to_lower(host);
}

bool has_credentials(std::string_view url) {
  auto authority = authority_of(url);
  return authority && authority->find('@') != std::string_view::npos;
}

bool is_inside(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  std::string_view last = host.substr(host.rfind('.') + 1);
  // The last label of an IPv4 address, in whatever base, begins with a digit; that of no name does.
  bool address = host.starts_with('[') || (!last.empty() && last[0] >= '0' && last[0] <= '9');
  return address || last == "localhost" || last.size() == host.size();
}

std::string_view site_of(std::string_view host) {
  std::size_t last = host.rfind('.');
  if (last == std::string_view::npos || last == 0) return host;
  std::size_t before = host.rfind('.', last - 1);
  return before == std::string_view::npos ? host : host.substr(before + 1);
}

}  // namespace jwtctl
