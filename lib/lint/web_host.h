// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

/// Where an identifier in a token points to. Nothing is ever fetched from there.
namespace jwtctl {

/// web_host returns the host of an http or https URL in lower case, without port and credentials.
/// Nothing when `text` is no such URL.
std::optional<std::string> web_host(std::string_view text);

/// is_inside says whether a host is an address or a name of this machine or its network, which a
/// stranger's URL has no business with: an IP address, localhost, a name without a dot.
bool is_inside(std::string_view host);

/// site_of returns the last two labels of a host name: a guess at who runs it.
std::string_view site_of(std::string_view host);

}  // namespace jwtctl
