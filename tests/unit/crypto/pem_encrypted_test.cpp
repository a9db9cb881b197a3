// SPDX-License-Identifier: Apache-2.0
// The part of lib/crypto/pem that opens encrypted private keys.
#include <openssl/pem.h>

#include "lib/crypto/pem.h"
#include "tests/catch.h"

namespace jwtctl {
namespace {

const SecretBytes kPassphrase{'c', 'o', 'r', 'r', 'e', 'c', 't'};

std::string text_of(BIO* bio) {
  char* data = nullptr;
  long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string to_pem(const char* label, const std::string& der) {
  BioPtr bio(BIO_new(BIO_s_mem()));
  const auto* bytes = reinterpret_cast<const unsigned char*>(der.data());
  REQUIRE(PEM_write_bio(bio.get(), label, "", bytes, static_cast<long>(der.size())) > 0);
  return text_of(bio.get());
}

EVP_PKEY* rsa() {
  static const PkeyPtr key(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{2048}));
  return key.get();
}

EVP_PKEY* ec() {
  static const PkeyPtr key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-384"));
  return key.get();
}

/// encrypted_pkcs8 is EncryptedPrivateKeyInfo (RFC 5958 section 3).
std::string encrypted_pkcs8(EVP_PKEY* pkey) {
  BioPtr bio(BIO_new(BIO_s_mem()));
  REQUIRE(i2d_PKCS8PrivateKey_bio(bio.get(), pkey, EVP_aes_128_cbc(),
                                  reinterpret_cast<const char*>(kPassphrase.data()),
                                  static_cast<int>(kPassphrase.size()), nullptr, nullptr) == 1);
  return text_of(bio.get());
}

/// encrypted_traditional is OpenSSL's old form with RFC 1421 headers.
std::string encrypted_traditional(EVP_PKEY* pkey) {
  BioPtr bio(BIO_new(BIO_s_mem()));
  REQUIRE(PEM_write_bio_PrivateKey_traditional(
              bio.get(), pkey, EVP_aes_128_cbc(), kPassphrase.data(),
              static_cast<int>(kPassphrase.size()), nullptr, nullptr) == 1);
  return text_of(bio.get());
}

template <class T>
void check_refused(const Result<T>& result, ErrorCode code, std::string_view part) {
  REQUIRE_FALSE(result.has_value());
  CAPTURE(result.error().message);
  CHECK(to_string(result.error().code) == to_string(code));
  CHECK(result.error().code == code);
  CHECK(result.error().message.find(part) != std::string::npos);
}

void check_is(const Result<Key>& key, EVP_PKEY* pkey) {
  INFO((key ? "" : key.error().message));
  REQUIRE(key.has_value());
  CHECK(EVP_PKEY_eq(key->pkey(), pkey) == 1);
}

TEST_CASE("garbage behind an encrypted key is refused") {
  std::string der = encrypted_pkcs8(ec()) + "x";
  CHECK_FALSE(parse_pem_key(to_pem("ENCRYPTED PRIVATE KEY", der), &kPassphrase).has_value());
  CHECK_FALSE(parse_der_key(der, &kPassphrase).has_value());
}

TEST_CASE("an encrypted key opens with its passphrase alone") {
  const SecretBytes wrong{'w', 'r', 'o', 'n', 'g'};
  for (EVP_PKEY* pkey : {rsa(), ec()}) {
    std::string der = encrypted_pkcs8(pkey);
    std::string pem = to_pem("ENCRYPTED PRIVATE KEY", der);
    check_is(parse_pem_key(pem, &kPassphrase), pkey);
    check_is(parse_der_key(der, &kPassphrase), pkey);
    for (const auto& result : {parse_pem_key(pem, nullptr), parse_der_key(der, nullptr)}) {
      check_refused(result, ErrorCode::usage, "is encrypted");
      CHECK(result.error().hint.find("--passphrase") != std::string::npos);
    }
    check_refused(parse_pem_key(pem, &wrong), ErrorCode::crypto, "passphrase does not open");
    check_refused(parse_der_key(der, &wrong), ErrorCode::crypto, "passphrase does not open");
  }
  for (EVP_PKEY* pkey : {rsa(), ec()}) {
    std::string pem = encrypted_traditional(pkey);
    CHECK(pem.find("DEK-Info") != std::string::npos);
    check_is(parse_pem_key(pem, &kPassphrase), pkey);
    check_refused(parse_pem_key(pem, nullptr), ErrorCode::usage, "is encrypted");
  }
}

// One wrong passphrase in 256 leaves padding that looks right.
TEST_CASE("every wrong passphrase is told as such") {
  std::string pem = encrypted_traditional(ec());
  for (int attempt = 0; attempt < 2000; ++attempt) {
    auto wrong = to_bytes<SecretBytes>(fmt::format("wrong {}", attempt));
    auto key = parse_pem_key(pem, &wrong);
    REQUIRE_FALSE(key.has_value());
    CAPTURE(attempt, key.error().message);
    REQUIRE(key.error().code == ErrorCode::crypto);
  }
}

TEST_CASE("a passphrase of more than 1024 bytes opens nothing") {
  SecretBytes longest(1024, 'p');
  SecretBytes longer(1025, 'p');
  std::string pem = encrypted_traditional(ec());
  CHECK_FALSE(parse_pem_key(pem, &longest).has_value());
  check_refused(parse_pem_key(pem, &longer), ErrorCode::crypto, "passphrase");
}

TEST_CASE("what is labelled as encrypted and is not is broken") {
  auto key = parse_pem_key(to_pem("ENCRYPTED PRIVATE KEY", "x"), &kPassphrase);
  check_refused(key, ErrorCode::input, "encrypted private key is broken");
}

}  // namespace
}  // namespace jwtctl
