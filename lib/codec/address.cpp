// SPDX-License-Identifier: Apache-2.0
#include "lib/codec/address.h"

#include <netdb.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>
#include <initializer_list>

namespace jwtctl {
namespace {

bool begins(const Address& address, std::initializer_list<std::uint8_t> octets) {
  return std::equal(octets.begin(), octets.end(), address.octets.begin());
}

}  // namespace

bool Address::is_loopback() const {
  if (v4) return octets[0] == 127 || octets[0] == 0;
  bool zeros = std::all_of(octets.begin(), octets.end() - 1, [](auto octet) { return octet == 0; });
  return zeros && octets[15] <= 1;
}

bool Address::is_metadata() const {
  if (v4) return begins(*this, {169, 254}) || begins(*this, {100, 100, 100, 200});  // Alibaba
  bool link_local = octets[0] == 0xFE && (octets[1] & 0xC0U) == 0x80;
  bool amazon = begins(*this, {0xFD, 0x00, 0x0E, 0xC2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x02, 0x54});
  bool google = begins(*this, {0xFD, 0x20, 0x00, 0xCE, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x02, 0x54});
  return link_local || amazon || google;
}

bool Address::is_in(const Address& network, unsigned bits) const {
  if (v4 != network.v4 || bits > (v4 ? 32U : 128U)) return false;
  for (unsigned i = 0; i < bits; ++i) {
    unsigned mask = 0x80U >> (i % 8);
    if ((octets[i / 8] & mask) != (network.octets[i / 8] & mask)) return false;
  }
  return true;
}

std::optional<Address> to_address(const sockaddr& address) {
  Address result;
  if (address.sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address, sizeof v4);
    std::memcpy(result.octets.data(), &v4.sin_addr, 4);
    result.v4 = true;
    return result;
  }
  if (address.sa_family != AF_INET6) return std::nullopt;
  sockaddr_in6 v6{};
  std::memcpy(&v6, &address, sizeof v6);
  std::memcpy(result.octets.data(), &v6.sin6_addr, 16);
  bool mapped = begins(result, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF});
  bool translated = begins(result, {0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0});
  if (mapped || translated) {
    Address inner;
    std::copy_n(result.octets.begin() + 12, 4, inner.octets.begin());
    inner.v4 = true;
    return inner;
  }
  return result;
}

std::optional<Address> parse_address(const std::string& host) {
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST;
  addrinfo* list = nullptr;
  if (::getaddrinfo(host.c_str(), nullptr, &hints, &list) != 0) return std::nullopt;
  auto address = to_address(*list->ai_addr);
  ::freeaddrinfo(list);
  return address;
}

}  // namespace jwtctl
