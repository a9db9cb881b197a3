// SPDX-License-Identifier: Apache-2.0
// The part of lib/jose/jws that makes tokens.
#include "lib/base/limits.h"
#include "lib/crypto/signature.h"
#include "lib/jose/jws.h"
#include "tests/unit/keys.h"

namespace jwtctl {
namespace {

using namespace testing;

std::string token(std::string_view header, std::string_view payload, const Json& jwk,
                  std::string_view name) {
  auto made = sign_jws(header, payload, key_of(jwk), algorithm(name));
  INFO((made ? "" : made.error().message));
  REQUIRE(made.has_value());
  return *std::move(made);
}

TEST_CASE("RFC 8037 A.4 is reproduced") {
  CHECK(token(R"({"alg":"EdDSA"})", "Example of Ed25519 signing", with(ed_jwk(), "d", kEdD),
              "EdDSA") ==
        "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09P"
        "GcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg");
}

TEST_CASE("RFC 7515 A.1 is reproduced, line ends and spaces in the header too") {
  CHECK(token("{\"typ\":\"JWT\",\r\n \"alg\":\"HS256\"}",
              "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}",
              oct_jwk(), "HS256") ==
        "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQo"
        "gImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOE"
        "jXk");
}

TEST_CASE("what is signed reads back as it was, with every algorithm") {
  for (const Algorithm& row : signature_algorithms()) {
    CAPTURE(row.name);
    Key key = native_key(row);
    std::string header = fmt::format(R"({{"alg":"{}"}})", row.name);
    for (const std::string& payload :
         {std::string("{}"), std::string(), std::string("\0\xff", 2)}) {
      auto made = sign_jws(header, payload, key, row);
      REQUIRE(made.has_value());
      Jws jws = read_jws(*made, kMaxTokenBytes);
      CHECK(jws.faults.empty());
      CHECK(jws.octets("header") == header);
      CHECK(jws.octets("payload") == payload);
      CHECK(*check_signature(key, row, jws.signing_input(), jws.octets("signature")));
    }
  }
}

TEST_CASE("it fails as make_signature does, and makes no token") {
  check_failed(sign_jws("{}", "{}", key_of(ed_jwk()), algorithm("EdDSA")), ErrorCode::key_refused,
               "which cannot sign", "private key");
  Key weak = *make_oct_key(SecretBytes(31, 1));
  check_failed(sign_jws("{}", "{}", weak, algorithm("HS256")), ErrorCode::key_refused, "31 bytes");
  CHECK(sign_jws("{}", "{}", weak, algorithm("HS256"), KeyStrength::any).has_value());
  check_failed(sign_jws("{}", "{}", weak, algorithm("ES256"), KeyStrength::any),
               ErrorCode::key_refused, "ES256 needs P-256");
}

}  // namespace
}  // namespace jwtctl
