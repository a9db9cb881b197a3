// SPDX-License-Identifier: Apache-2.0
// Tokens under one secret, for the tests of lib/token/verify.
#pragma once

#include "lib/codec/base64url.h"
#include "lib/crypto/openssl.h"
#include "tests/catch.h"
#include "tests/judging.h"

namespace jwtctl {

inline constexpr std::int64_t kNow = 1'700'000'000;
inline constexpr std::string_view kHeader = R"({"alg":"HS256"})";
inline constexpr std::string_view kClaims = R"({"sub":"x","exp":1700000060})";
inline const SecretBytes kSecret(32, 0x42);

inline std::string sign(std::string_view header, std::string_view payload) {
  std::string input = fmt::format("{}.{}", to_base64url(header), to_base64url(payload));
  std::string mac(32, '\0');
  std::size_t size = 0;
  REQUIRE(EVP_Q_mac(nullptr, "HMAC", nullptr, "SHA256", nullptr, kSecret.data(), kSecret.size(),
                    reinterpret_cast<const unsigned char*>(input.data()), input.size(),
                    reinterpret_cast<unsigned char*>(mac.data()), mac.size(), &size) != nullptr);
  return fmt::format("{}.{}", input, to_base64url(mac));
}

/// forge replaces the MAC by zeros.
inline std::string forge(std::string_view header, std::string_view payload) {
  std::string token = sign(header, payload);
  return token.substr(0, token.rfind('.') + 1) + std::string(43, 'A');
}

inline Result<std::shared_ptr<const KeyRing>> secret_source(const Jws& /*jws*/) {
  KeySet set;
  set.pinned = true;
  set.source = "--secret";
  set.keys.push_back({0, Jwk{*make_oct_key(kSecret), {}, {}, {}, {}}});
  return make_ring(std::move(set));
}

inline Policy usual() {
  Policy policy;
  policy.now = {kNow, 0};
  return policy;
}

}  // namespace jwtctl
