// SPDX-License-Identifier: Apache-2.0
// The part of lib/crypto/signature that signs; OpenSSL and the RFCs judge.
#include <openssl/rsa.h>

#include "lib/crypto/signature.h"
#include "tests/unit/keys.h"

namespace jwtctl {
namespace {

using namespace testing;

constexpr std::string_view kInput = "eyJhbGciOiJ4In0.eyJzdWIiOiJ5In0";

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string signature(const Key& key, const Algorithm& row, std::string_view input = kInput) {
  auto made = make_signature(key, row, input);
  INFO((made ? "" : made.error().message));
  REQUIRE(made.has_value());
  return *std::move(made);
}

std::string to_der(std::string_view raw) {
  int half = static_cast<int>(raw.size() / 2);
  EcdsaSigPtr pair(ECDSA_SIG_new());
  REQUIRE(ECDSA_SIG_set0(pair.get(), BN_bin2bn(bytes_of(raw), half, nullptr),
                         BN_bin2bn(bytes_of(raw) + half, half, nullptr)) == 1);
  unsigned char* der = nullptr;
  int size = i2d_ECDSA_SIG(pair.get(), &der);
  BufferPtr owner(der);
  return {reinterpret_cast<char*>(der), static_cast<std::size_t>(size)};
}

/// openssl_accepts verifies with OpenSSL alone, and with the salt that RFC 7518 section 3.5 wants.
bool openssl_accepts(const Key& key, const Algorithm& row, std::string signature) {
  if (row.scheme == SignatureScheme::hmac) {
    std::string mac(64, '\0');
    std::size_t size = 0;
    EVP_Q_mac(nullptr, "HMAC", nullptr, row.digest.data(), nullptr, key.octets().data(),
              key.octets().size(), bytes_of(kInput), kInput.size(),
              reinterpret_cast<unsigned char*>(mac.data()), mac.size(), &size);
    return mac.substr(0, size) == signature;
  }
  if (row.scheme == SignatureScheme::ecdsa) signature = to_der(signature);
  MdCtxPtr context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* parameters = nullptr;
  const char* digest = row.digest.empty() ? nullptr : row.digest.data();
  REQUIRE(EVP_DigestVerifyInit_ex(context.get(), &parameters, digest, nullptr, nullptr, key.pkey(),
                                  nullptr) == 1);
  if (row.scheme == SignatureScheme::rsa_pss) {
    int salt = EVP_MD_get_size(EVP_get_digestbyname(row.digest.data()));
    REQUIRE(EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) == 1);
    REQUIRE(EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, salt) == 1);
  }
  bool good = EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(),
                               bytes_of(kInput), kInput.size()) == 1;
  clear_errors();
  return good;
}

TEST_CASE("OpenSSL accepts what is signed, with every algorithm") {
  for (const Algorithm& row : signature_algorithms()) {
    CAPTURE(row.name);
    Key key = native_key(row);
    std::string made = signature(key, row);
    CHECK(made.size() == signature_size(key, row));
    CHECK(openssl_accepts(key, row, made));
    CHECK(*check_signature(key, row, kInput, made));
    CHECK_FALSE(*check_signature(key, row, "other", made));
  }
}

TEST_CASE("RFC 7515 A.1 and RFC 8037 A.4 are reproduced") {
  constexpr std::string_view kHmacInput =
      "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQo"
      "gImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
  CHECK(to_base64url(signature(key_of(oct_jwk()), algorithm("HS256"), kHmacInput)) ==
        "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
  constexpr std::string_view kEdInput = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
  for (std::string_view name : {"EdDSA", "Ed25519"}) {
    CHECK(to_base64url(signature(key_of(with(ed_jwk(), "d", kEdD)), algorithm(name), kEdInput)) ==
          "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg");
  }
}

TEST_CASE("r and s have full length, also when they begin with zeros") {
  Key key = key_of(with(ec_jwk(), "d", kEcD));
  bool zero_r = false;
  bool zero_s = false;
  for (int n = 0; n < 4000 && !(zero_r && zero_s); ++n) {
    std::string made = signature(key, algorithm("ES256"));
    REQUIRE(made.size() == 64);
    zero_r = zero_r || made[0] == '\0';
    zero_s = zero_s || made[32] == '\0';
  }
  CHECK((zero_r && zero_s));  // by chance they are missing once in a million runs
}

TEST_CASE("an empty input is signed, and so are bytes that are no text") {
  Key key = native_key("Ed25519");
  for (std::string_view input : {std::string_view(), std::string_view("\0\xff", 2)}) {
    CHECK(*check_signature(key, algorithm("Ed25519"), input,
                           signature(key, algorithm("Ed25519"), input)));
  }
}

TEST_CASE("a public key cannot sign") {
  for (std::string_view name : {"RS256", "PS512", "ES256", "ES256K", "Ed448"}) {
    CAPTURE(name);
    Key half = public_half(native_key(name));
    check_failed(make_signature(half, algorithm(name), kInput), ErrorCode::key_refused,
                 fmt::format("this is {}, which cannot sign", half.describe()), "private key");
  }
}

TEST_CASE("a key that does not fit the algorithm is refused") {
  check_failed(make_signature(native_key("ES256"), algorithm("RS256"), kInput),
               ErrorCode::key_refused, "RS256 needs RSA");
  check_failed(make_signature(native_key("ES256"), algorithm("ES384"), kInput),
               ErrorCode::key_refused, "P-256");
  check_failed(make_signature(native_key("HS256"), algorithm("EdDSA"), kInput),
               ErrorCode::key_refused, "EdDSA needs OKP");
  check_failed(make_signature(native_key("RS256"), algorithm("HS256"), kInput),
               ErrorCode::key_refused, "HS256 needs oct");
}

TEST_CASE("a secret shorter than the hash is refused unless any will do") {
  for (std::string_view name : {"HS256", "HS384", "HS512"}) {
    CAPTURE(name);
    const Algorithm& row = algorithm(name);
    Key exact = *make_oct_key(SecretBytes(row.min_key_bytes, 1));
    Key weak = *make_oct_key(SecretBytes(row.min_key_bytes - 1, 1));
    CHECK(openssl_accepts(exact, row, signature(exact, row)));
    check_failed(make_signature(weak, row, kInput), ErrorCode::key_refused,
                 fmt::format("{} bytes", row.min_key_bytes - 1));
    auto made = make_signature(weak, row, kInput, KeyStrength::any);
    REQUIRE(made.has_value());
    CHECK(openssl_accepts(weak, row, *made));
  }
}

TEST_CASE("halves that do not belong together sign nothing") {
  Key stranger = native_key("ES256");
  SecretBytes d = *private_octets(stranger);
  auto mixed = make_ec_key(Curve::p256, octets(kEcX), octets(kEcY), &d);
  if (mixed) {
    check_failed(make_signature(*mixed, algorithm("ES256"), kInput), ErrorCode::key_refused,
                 "the private half of the key does not belong to the public one");
  }
  SecretBytes ed = octets(kEdD);
  auto edwards = make_okp_key(Curve::ed25519, octets(kOtherEdX), &ed);
  if (edwards) {
    check_failed(make_signature(*edwards, algorithm("EdDSA"), kInput), ErrorCode::key_refused,
                 "does not belong");
  }
  CHECK((mixed || edwards));  // else nothing was tried here
}

TEST_CASE("PSS is salted, the others are not") {
  Key rsa = native_key("RS256");
  CHECK(signature(rsa, algorithm("PS256")) != signature(rsa, algorithm("PS256")));
  CHECK(signature(rsa, algorithm("RS256")) == signature(rsa, algorithm("RS256")));
}

}  // namespace
}  // namespace jwtctl
