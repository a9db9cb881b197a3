// SPDX-License-Identifier: Apache-2.0
#include "lib/crypto/ecdsa_form.h"

#include <algorithm>
#include <array>

#include "lib/crypto/openssl.h"

namespace jwtctl {
namespace {

struct Order {
  Curve curve;
  const char* hex;
};

/// FIPS 186-5 refers to SP 800-186 section 3.2.1 for the first three; SEC 2 section 2.4.1.
constexpr std::array<Order, 4> kOrders{{
    {Curve::p256, "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"},
    {Curve::p384,
     "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52"
     "97"
     "3"},
    {Curve::p521,
     "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f"
     "709"
     "a5d03bb5c9b8899c47aebb6fb71e91386409"},
    {Curve::secp256k1, "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141"},
}};

BignumPtr order_of(Curve curve) {
  const auto* row = std::find_if(kOrders.begin(), kOrders.end(),
                                 [curve](const Order& order) { return order.curve == curve; });
  BIGNUM* number = nullptr;
  if (row != kOrders.end()) BN_hex2bn(&number, row->hex);
  return BignumPtr(number);
}

BignumPtr to_number(std::string_view octets) {
  return BignumPtr(BN_bin2bn(reinterpret_cast<const unsigned char*>(octets.data()),
                             static_cast<int>(octets.size()), nullptr));
}

}  // namespace

bool is_ecdsa_der(std::string_view octets) {
  const auto* at = reinterpret_cast<const unsigned char*>(octets.data());
  EcdsaSigPtr pair(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(octets.size())));
  clear_errors();
  return pair && reinterpret_cast<const char*>(at) == octets.data() + octets.size();
}

bool is_in_ecdsa_range(std::string_view raw, Curve curve) {
  BignumPtr order = order_of(curve);
  std::size_t half = curve_info(curve).octets;
  if (!order || raw.size() != half * 2) return false;
  auto fits = [&order](std::string_view octets) {
    BignumPtr number = to_number(octets);
    return number && BN_is_zero(number.get()) == 0 && BN_cmp(number.get(), order.get()) < 0;
  };
  return fits(raw.substr(0, half)) && fits(raw.substr(half));
}

}  // namespace jwtctl
