// SPDX-License-Identifier: Apache-2.0
#include "lib/crypto/openssl.h"

#include <openssl/err.h>

#include <algorithm>

#include "tests/catch.h"

namespace jwtctl {
namespace {

std::string hex(std::string_view octets) {
  std::string out;
  for (char octet : octets) out += fmt::format("{:02x}", static_cast<unsigned char>(octet));
  return out;
}

/// break_something leaves errors in OpenSSL's queue.
void break_something() {
  const unsigned char garbage[] = {0x30, 0x01};
  const unsigned char* at = garbage;
  PkeyPtr none(d2i_PUBKEY(nullptr, &at, sizeof garbage));
  REQUIRE(none == nullptr);
  REQUIRE(ERR_peek_error() != 0);
}

TEST_CASE("SHA-256 of FIPS 180-4") {
  auto empty = sha256("");
  REQUIRE(empty.has_value());
  CHECK(hex(*empty) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  auto abc = sha256("abc");
  REQUIRE(abc.has_value());
  CHECK(hex(*abc) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("a crypto error names its cause and empties the queue") {
  break_something();
  Result<int> result = crypto_error("cannot read it");
  CHECK(ERR_peek_error() == 0);
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().code == ErrorCode::crypto);
  CHECK(result.error().message.starts_with("cannot read it: "));
  CHECK(result.error().message != "cannot read it: no reason given");

  Result<int> quiet = crypto_error("cannot say");
  CHECK(quiet.error().message == "cannot say: no reason given");
}

TEST_CASE("clearing empties the queue") {
  break_something();
  clear_errors();
  CHECK(ERR_peek_error() == 0);
}

TEST_CASE("the library and its providers have versions") {
  CHECK(crypto_library_version().find("3.") != std::string::npos);
  auto providers = crypto_providers();
  REQUIRE_FALSE(providers.empty());
  CHECK(std::all_of(providers.begin(), providers.end(), [](const std::string& provider) {
    return provider.find(' ') != std::string::npos && !provider.ends_with(' ');
  }));
}

}  // namespace
}  // namespace jwtctl
