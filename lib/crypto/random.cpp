// SPDX-License-Identifier: Apache-2.0
#include "lib/crypto/random.h"

#include <openssl/rand.h>

#include "lib/crypto/openssl.h"

namespace jwtctl {

Result<SecretBytes> random_bytes(std::size_t size) {
  SecretBytes bytes(size);
  if (RAND_priv_bytes(bytes.data(), static_cast<int>(size)) != 1) {
    return crypto_error("cannot draw random bytes");
  }
  return bytes;
}

Result<std::string> random_uuid() {
  auto bytes = random_bytes(16);
  if (!bytes) return fail(std::move(bytes).error());
  (*bytes)[6] = static_cast<std::uint8_t>(((*bytes)[6] & 0x0FU) | 0x40U);  // version 4
  (*bytes)[8] = static_cast<std::uint8_t>(((*bytes)[8] & 0x3FU) | 0x80U);  // variant of RFC 9562
  std::string text;
  for (std::size_t i = 0; i < bytes->size(); ++i) {
    bool dash = i == 4 || i == 6 || i == 8 || i == 10;
    text += fmt::format("{}{:02x}", dash ? "-" : "", (*bytes)[i]);
  }
  return text;
}

}  // namespace jwtctl
