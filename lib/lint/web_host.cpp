// SPDX-License-Identifier: Apache-2.0
#include "lib/lint/web_host.h"

#include "lib/base/text.h"
#include "lib/codec/url.h"

namespace jwtctl {
std::optional<std::string> web_host(std::string_view text) {
  auto parts = split_url(text);
  if (!parts || !parts->is_web() || parts->host.empty()) return std::nullopt;
  return to_lower(parts->host);
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
