// SPDX-License-Identifier: Apache-2.0
#include "lib/crypto/ecdsa_form.h"

#include <fmt/format.h>

#include "lib/crypto/generate.h"
#include "tests/unit/keys.h"

namespace jwtctl {
namespace {

/// padded returns a number in as many octets as a coordinate of `curve` has.
std::string padded(const BignumPtr& number, const CurveInfo& curve) {
  std::string octets(curve.octets, '\0');
  BN_bn2binpad(number.get(), reinterpret_cast<unsigned char*>(octets.data()),
               static_cast<int>(octets.size()));
  return octets;
}

TEST_CASE("the range of r and s ends below the order that OpenSSL has for the curve") {
  for (std::string_view name : {"ES256", "ES384", "ES512", "ES256K"}) {
    CAPTURE(name);
    auto key = generate_key(testing::algorithm(name), 0);
    REQUIRE(key);
    const CurveInfo& curve = curve_info(key->curve());
    BignumPtr order = pkey_number(key->pkey(), "order");
    REQUIRE(order);
    std::string n = padded(order, curve);
    BN_sub_word(order.get(), 1);
    std::string last = padded(order, curve);
    BN_set_word(order.get(), 1);
    std::string one = padded(order, curve);
    std::string zero(curve.octets, '\0');
    CHECK(is_in_ecdsa_range(one + last, curve.curve));
    CHECK(is_in_ecdsa_range(last + one, curve.curve));
    for (const std::string& bad : {zero, n, std::string(curve.octets, '\xff')}) {
      CHECK_FALSE(is_in_ecdsa_range(bad + one, curve.curve));
      CHECK_FALSE(is_in_ecdsa_range(one + bad, curve.curve));
    }
    CHECK_FALSE(is_in_ecdsa_range(one, curve.curve));
    CHECK_FALSE(is_in_ecdsa_range(one + one + "x", curve.curve));
  }
}

TEST_CASE("DER is a sequence of two integers to the last octet") {
  const std::string der("\x30\x06\x02\x01\x01\x02\x01\x7f", 8);
  CHECK(is_ecdsa_der(der));
  CHECK_FALSE(is_ecdsa_der(der + '\0'));
  CHECK_FALSE(is_ecdsa_der(der.substr(0, 7)));
  CHECK_FALSE(is_ecdsa_der(std::string("\x30\x03\x02\x01\x01", 5)));
  CHECK_FALSE(is_ecdsa_der(std::string(64, 'U')));
  CHECK_FALSE(is_ecdsa_der(""));
}

}  // namespace
}  // namespace jwtctl
