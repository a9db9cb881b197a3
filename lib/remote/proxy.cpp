// SPDX-License-Identifier: Apache-2.0
#include "lib/remote/proxy.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

#include "lib/base/text.h"
#include "lib/codec/address.h"

namespace jwtctl {
namespace {

/// covers says whether an entry of no_proxy is `host`, a domain above it, or a range of addresses
/// that it is in.
bool covers(std::string_view entry, const std::string& host) {
  if (entry == "*") return true;
  auto address = parse_address(host);
  std::size_t slash = entry.find('/');
  std::string name = to_lower(entry.substr(0, slash));
  if (name.starts_with('[') && name.ends_with(']')) name = name.substr(1, name.size() - 2);
  if (auto network = parse_address(name)) {
    unsigned bits = network->v4 ? 32 : 128;
    if (slash != std::string_view::npos) {
      std::string_view text = entry.substr(slash + 1);
      auto [at, error] = std::from_chars(text.data(), text.data() + text.size(), bits);
      if (error != std::errc{} || at != text.data() + text.size()) return false;
    }
    return address && address->is_in(*network, bits);
  }
  name.erase(0, name.starts_with("*.") ? 1 : 0);
  name.erase(0, name.starts_with('.') ? 1 : 0);
  if (name.empty() || address) return false;
  return host == name || host.ends_with(fmt::format(".{}", name));
}

}  // namespace

std::optional<std::string> choose_proxy(const Url& url, const Proxies& proxies) {
  const auto& proxy = url.scheme == "https" ? proxies.https : proxies.http;
  if (!proxy || is_loopback_host(url.host)) return std::nullopt;
  std::string list = proxies.none_for.value_or("");
  for (std::string_view part : split(list, ',')) {
    for (std::string_view entry : split(part, ' ')) {
      if (!entry.empty() && covers(trim(entry), url.host)) return std::nullopt;
    }
  }
  return proxy;
}

}  // namespace jwtctl
