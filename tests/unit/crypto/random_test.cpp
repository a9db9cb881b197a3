// SPDX-License-Identifier: Apache-2.0
#include "lib/crypto/random.h"

#include <algorithm>
#include <regex>
#include <set>

#include "tests/catch.h"

namespace jwtctl {
namespace {

TEST_CASE("as many bytes as asked for, and others every time") {
  for (std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{32}, std::size_t{66}}) {
    CAPTURE(size);
    auto bytes = random_bytes(size);
    REQUIRE(bytes.has_value());
    CHECK(bytes->size() == size);
  }
  CHECK(*random_bytes(32) != *random_bytes(32));
}

TEST_CASE("every bit of every byte is drawn") {
  SecretBytes ones(32, 0);
  SecretBytes zeros(32, 0);
  for (int n = 0; n < 128; ++n) {
    SecretBytes bytes = *random_bytes(32);
    for (std::size_t i = 0; i < 32; ++i) {
      ones[i] = static_cast<std::uint8_t>(ones[i] | bytes[i]);
      zeros[i] = static_cast<std::uint8_t>(zeros[i] | ~bytes[i]);
    }
  }
  CHECK(ones == SecretBytes(32, 0xFF));
  CHECK(zeros == SecretBytes(32, 0xFF));
}

TEST_CASE("a UUID has the form, version and variant of RFC 9562") {
  const std::regex form("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
  std::set<std::string> all;
  std::set<char> variants;
  for (int n = 0; n < 256; ++n) {
    auto uuid = random_uuid();
    REQUIRE(uuid.has_value());
    CAPTURE(*uuid);
    REQUIRE(std::regex_match(*uuid, form));
    variants.insert((*uuid)[19]);
    all.insert(*uuid);
  }
  CHECK(all.size() == 256);
  CHECK(variants.size() == 4);  // the bits beside the variant are random
}

}  // namespace
}  // namespace jwtctl
