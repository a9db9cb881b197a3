// SPDX-License-Identifier: Apache-2.0
#include "lib/crypto/low_order.h"

#include <algorithm>
#include <string>

namespace jwtctl {
namespace {

/// without_sign clears the bit that holds the sign of x; what is left is y, little-endian.
std::string without_sign(std::string_view octets) {
  std::string y(octets);
  y.back() = static_cast<char>(static_cast<unsigned char>(y.back()) & 0x7FU);
  return y;
}

/// field_prime returns p, little-endian: 2^255 - 19, or 2^448 - 2^224 - 1 and the octet that
/// holds the sign of x.
std::string field_prime(Curve curve) {
  if (curve == Curve::ed25519) {
    std::string p(32, '\xff');
    p.front() = '\xed';
    p.back() = '\x7f';
    return p;
  }
  std::string p(57, '\xff');
  p[28] = '\xfe';
  p.back() = '\0';
  return p;
}

/// minus_one subtracts one from a number whose lowest octet is not zero.
std::string minus_one(std::string number) {
  number.front() = static_cast<char>(number.front() - 1);
  return number;
}

bool less(const std::string& a, const std::string& b) {
  return std::lexicographical_compare(
      a.rbegin(), a.rend(), b.rbegin(), b.rend(),
      [](char x, char y) { return static_cast<unsigned char>(x) < static_cast<unsigned char>(y); });
}

std::string small_number(std::size_t size, char value) {
  std::string number(size, '\0');
  number.front() = value;
  return number;
}

}  // namespace

bool is_canonical_point(Curve curve, std::string_view octets) {
  return less(without_sign(octets), field_prime(curve));
}

bool is_low_order_point(Curve curve, std::string_view octets) {
  std::string y = without_sign(octets);
  // Order 1 has y = 1, order 2 has y = -1, order 4 has y = 0.
  if (y == small_number(y.size(), 1) || y == small_number(y.size(), 0)) return true;
  if (y == minus_one(field_prime(curve))) return true;
  if (curve != Curve::ed25519) return false;  // Ed448 has cofactor 4: that was all
  // The two y coordinates of order 8.
  constexpr std::string_view kOrder8a{
      "\x26\xe8\x95\x8f\xc2\xb2\x27\xb0\x45\xc3\xf4\x89\xf2\xef\x98\xf0"
      "\xd5\xdf\xac\x05\xd3\xc6\x33\x39\xb1\x38\x02\x88\x6d\x53\xfc\x05",
      32};
  constexpr std::string_view kOrder8b{
      "\xc7\x17\x6a\x70\x3d\x4d\xd8\x4f\xba\x3c\x0b\x76\x0d\x10\x67\x0f"
      "\x2a\x20\x53\xfa\x2c\x39\xcc\xc6\x4e\xc7\xfd\x77\x92\xac\x03\x7a",
      32};
  return y == kOrder8a || y == kOrder8b;
}

}  // namespace jwtctl
