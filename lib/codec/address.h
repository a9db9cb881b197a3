// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace jwtctl {

/// Address is one IP address in the form that ranges are told from. IPv4 addresses that are mapped
/// into IPv6 (RFC 4291 section 2.5.5.2) or translated (RFC 6052) are IPv4 addresses.
struct Address {
  std::array<std::uint8_t, 16> octets{};  ///< of IPv4 the first four
  bool v4 = false;

  /// is_loopback: 127.0.0.0/8, ::1, and 0.0.0.0 and ::, which reach this host too.
  bool is_loopback() const;

  /// is_metadata: link-local addresses (RFC 3927, RFC 4291 section 2.5.6), and where clouds keep
  /// the credentials of a machine outside of those.
  bool is_metadata() const;

  /// is_in says whether the first `bits` bits are those of `network`.
  bool is_in(const Address& network, unsigned bits) const;
};

/// to_address returns nothing for what is no IP address.
std::optional<Address> to_address(const sockaddr& address);

/// parse_address reads an address in every form in which a host of a URL may be one (dotted,
/// decimal, hexadecimal, IPv6 without brackets); nothing for a name. Asks no name server.
std::optional<Address> parse_address(const std::string& host);

}  // namespace jwtctl
