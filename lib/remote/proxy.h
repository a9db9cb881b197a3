// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "lib/codec/url.h"

namespace jwtctl {

/// Proxies is through whom to ask, by the scheme of what is asked for.
struct Proxies {
  std::optional<std::string> http;
  std::optional<std::string> https;
  std::optional<std::string> none_for;  ///< hosts to ask directly, as `no_proxy` lists them
};

/// choose_proxy returns the proxy to ask for `url`; nothing when it is asked directly. This machine
/// is never asked through a proxy: http is allowed to it because nothing leaves the machine.
std::optional<std::string> choose_proxy(const Url& url, const Proxies& proxies);

}  // namespace jwtctl
