// SPDX-License-Identifier: Apache-2.0
#include "lib/crypto/published_secrets.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "lib/crypto/openssl.h"

namespace jwtctl {
namespace {

/// Row names a secret by the first 8 octets of its SHA-256, so that neither this source nor the
/// program holds the secret itself, which scanners for secrets would report.
struct Row {
  std::uint64_t digest;
  std::string_view origin;
};

constexpr std::array<Row, 18> kRows{{
    {0xc8ecc9361a05e285, "RFC 7515 appendix A.1"},
    {0x7df6f598d8f385bd, "RFC 7517 appendix A.3"},
    {0x73ec74458059c70c, "RFC 7520 section 3.5"},
    {0x2cd6f10056d08e10, "RFC 7520 section 3.6"},
    {0x2bb80d537b1da3e3, "the example of jwt.io"},
    {0xf7d838701b86c5df, "the example of jwt.io"},
    {0xdfd7dc439654f313, "the example of jwt.io"},
    {0x5eef83fe7cb71e2d, "the example of jwt.io"},
    {0x465d9ad5d5528ebe, "the example of jwt.io"},
    {0x730d21a80e61a8de, "the example of jwt.io"},
    {0xdb6833593279d737, "the example of jwt.io"},
    {0xa064b502e61d27e9, "the local development of Supabase"},
    {0x1453cea2dc3799e9, "the example configuration of Supabase"},
    {0x570dad43de1af4c9, "the tutorial of FastAPI"},      // as text
    {0x4d0f8dec4515d07a, "the tutorial of FastAPI"},      // as hexadecimal
    {0x3354cfcf65c7b2e6, "a tutorial of Spring Boot 3"},  // as text
    {0x136cb1c5a79bc9d9, "a tutorial of Spring Boot 3"},  // as hexadecimal
    {0xb3f6f5d4f9cee4e9, "a tutorial of Spring Boot 3"},  // as base64
}};

}  // namespace

std::optional<std::string_view> published_secret(std::string_view octets) {
  auto digest = sha256(octets);
  if (!digest) return std::nullopt;
  std::uint64_t start = 0;
  for (std::size_t i = 0; i < sizeof start; ++i) {
    start = start << 8U | static_cast<unsigned char>((*digest)[i]);
  }
  const auto* found = std::find_if(kRows.begin(), kRows.end(),
                                   [start](const Row& row) { return row.digest == start; });
  if (found == kRows.end()) return std::nullopt;
  return found->origin;
}

}  // namespace jwtctl
