// SPDX-License-Identifier: Apache-2.0
#include "lib/crypto/pem_write.h"

#include <openssl/pem.h>

#include "lib/crypto/pem.h"
#include "tests/unit/keys.h"

namespace jwtctl {
namespace {

using namespace testing;

// RFC 8410 sections 10.1 and 10.3.
constexpr std::string_view kPublicPem =
    "-----BEGIN PUBLIC KEY-----\n"
    "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n"
    "-----END PUBLIC KEY-----\n";
constexpr std::string_view kPrivatePem =
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n"
    "-----END PRIVATE KEY-----\n";
constexpr std::string_view kX = "Gb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE";
constexpr std::string_view kD = "1O5y2_kTWErVttjx92n4rTr-fCjL8dT74Jeoj0R1WEI";

std::string text(const Result<SecretBytes>& bytes) {
  INFO((bytes ? "" : bytes.error().message));
  REQUIRE(bytes.has_value());
  return std::string(as_text(*bytes));
}

/// read_private is OpenSSL's own reading of PEM; null when it cannot.
PkeyPtr read_private(const std::string& pem, std::string passphrase) {
  BioPtr bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  auto give = [](char* buffer, int size, int, void* data) {
    const auto& phrase = *static_cast<std::string*>(data);
    if (phrase.size() > static_cast<std::size_t>(size)) return -1;
    return static_cast<int>(phrase.copy(buffer, phrase.size()));
  };
  PkeyPtr key(PEM_read_bio_PrivateKey(bio.get(), nullptr, give, &passphrase));
  clear_errors();
  return key;
}

bool same_pair(const Key& key, EVP_PKEY* other) {
  return other != nullptr && EVP_PKEY_eq(key.pkey(), other) == 1 &&
         *private_octets(key) == *private_octets(*adopt_pkey(PkeyPtr(EVP_PKEY_dup(other))));
}

TEST_CASE("RFC 8410: an Ed25519 key is written as the RFC writes it") {
  SecretBytes x = octets(kX);
  SecretBytes d = octets(kD);
  auto key = make_okp_key(Curve::ed25519, x, &d);
  REQUIRE(key.has_value());
  CHECK(text(encode_public_key(*key, Encoding::pem)) == kPublicPem);
  CHECK(text(encode_private_key(*key, Encoding::pem, nullptr)) == kPrivatePem);
  CHECK(text(encode_public_key(*key, Encoding::der)) ==
        as_text(*parse_base64("MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=")));
  auto half = make_okp_key(Curve::ed25519, x, nullptr);
  CHECK(text(encode_public_key(*half, Encoding::pem)) == kPublicPem);
}

TEST_CASE("OpenSSL reads the same key from what is written") {
  for (const Algorithm& row : signature_algorithms()) {
    if (row.kty == KeyType::oct) continue;
    CAPTURE(row.name);
    Key key = native_key(row);
    std::string pem = text(encode_private_key(key, Encoding::pem, nullptr));
    CHECK(pem.rfind("-----BEGIN PRIVATE KEY-----\n", 0) == 0);
    CHECK(same_pair(key, read_private(pem, "").get()));

    std::string der = text(encode_private_key(key, Encoding::der, nullptr));
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    const auto* end = at + der.size();
    Pkcs8Ptr info(d2i_PKCS8_PRIV_KEY_INFO(nullptr, &at, static_cast<long>(der.size())));
    REQUIRE(info);
    CHECK(at == end);
    CHECK(same_pair(key, PkeyPtr(EVP_PKCS82PKEY(info.get())).get()));

    std::string spki = text(encode_public_key(key, Encoding::der));
    at = reinterpret_cast<const unsigned char*>(spki.data());
    PkeyPtr half(d2i_PUBKEY(nullptr, &at, static_cast<long>(spki.size())));
    REQUIRE(half);
    CHECK(EVP_PKEY_eq(half.get(), key.pkey()) == 1);
    CHECK_FALSE(adopt_pkey(std::move(half))->is_private());
  }
}

TEST_CASE("what is written here is read here") {
  for (std::string_view name : {"RS256", "ES256K", "ES512", "Ed448"}) {
    CAPTURE(name);
    Key key = native_key(name);
    auto pem = parse_pem_key(text(encode_private_key(key, Encoding::pem, nullptr)), nullptr);
    REQUIRE(pem.has_value());
    CHECK(*private_octets(*pem) == *private_octets(key));
    auto half = parse_der_key(text(encode_public_key(key, Encoding::der)), nullptr);
    REQUIRE(half.has_value());
    CHECK_FALSE(half->is_private());
    CHECK(public_parts(*half)->first == public_parts(key)->first);
  }
}

TEST_CASE("what is written encrypted opens with its passphrase alone", "[slow]") {
  for (std::string_view name : {"RS256", "ES384", "Ed25519"}) {
    CAPTURE(name);
    Key key = native_key(name);
    std::string phrase("p\xc3\xbc\0 ", 5);
    auto bytes = to_bytes<SecretBytes>(phrase);
    std::string pem = text(encode_private_key(key, Encoding::pem, &bytes));
    CHECK(pem.rfind("-----BEGIN ENCRYPTED PRIVATE KEY-----\n", 0) == 0);
    CHECK(same_pair(key, read_private(pem, phrase).get()));
    CHECK_FALSE(read_private(pem, "p"));
    CHECK_FALSE(read_private(pem, ""));
    check_failed(parse_pem_key(pem, nullptr), ErrorCode::usage, "encrypted", "--passphrase");
    std::string der = text(encode_private_key(key, Encoding::der, &bytes));
    auto read = parse_der_key(der, &bytes);
    REQUIRE(read.has_value());
    CHECK(*private_octets(*read) == *private_octets(key));
    std::string secret(as_text(*private_octets(key)));
    CHECK(der.find(secret) == std::string::npos);
  }
}

TEST_CASE("the encryption is PBES2: 600000 rounds of HMAC-SHA-256, AES-256-CBC, a new salt",
          "[slow]") {
  Key key = native_key("ES256");
  auto phrase = to_bytes<SecretBytes>("open sesame");
  std::string der = text(encode_private_key(key, Encoding::der, &phrase));
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  X509SigPtr envelope(d2i_X509_SIG(nullptr, &at, static_cast<long>(der.size())));
  REQUIRE(envelope);
  const X509_ALGOR* scheme = nullptr;
  X509_SIG_get0(envelope.get(), &scheme, nullptr);
  CHECK(OBJ_obj2nid(scheme->algorithm) == NID_pbes2);
  using Pbe2Ptr = std::unique_ptr<PBE2PARAM, Deleter<PBE2PARAM_free>>;
  using KdfPtr = std::unique_ptr<PBKDF2PARAM, Deleter<PBKDF2PARAM_free>>;
  Pbe2Ptr pbe(static_cast<PBE2PARAM*>(
      ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBE2PARAM), scheme->parameter)));
  REQUIRE(pbe);
  CHECK(OBJ_obj2nid(pbe->encryption->algorithm) == NID_aes_256_cbc);
  REQUIRE(OBJ_obj2nid(pbe->keyfunc->algorithm) == NID_id_pbkdf2);
  KdfPtr kdf(static_cast<PBKDF2PARAM*>(
      ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBKDF2PARAM), pbe->keyfunc->parameter)));
  REQUIRE(kdf);
  CHECK(ASN1_INTEGER_get(kdf->iter) == 600'000);
  REQUIRE(kdf->prf != nullptr);
  CHECK(OBJ_obj2nid(kdf->prf->algorithm) == NID_hmacWithSHA256);
  CHECK(ASN1_STRING_length(kdf->salt->value.octet_string) >= 8);
  CHECK(der != text(encode_private_key(key, Encoding::der, &phrase)));
}

TEST_CASE("a secret has neither PEM nor DER") {
  Key key = key_of(oct_jwk());
  for (Encoding encoding : {Encoding::pem, Encoding::der}) {
    check_failed(encode_public_key(key, encoding), ErrorCode::usage, "neither PEM nor DER", "oct");
    check_failed(encode_private_key(key, encoding, nullptr), ErrorCode::usage,
                 "neither PEM nor DER", "oct");
  }
}

TEST_CASE("a public key has no private half to write") {
  for (std::string_view name : {"RS256", "ES256", "Ed25519"}) {
    CAPTURE(name);
    Key half = public_half(native_key(name));
    check_failed(encode_private_key(half, Encoding::pem, nullptr), ErrorCode::key_refused,
                 fmt::format("this is {}, it has no private half", half.describe()));
    CHECK(encode_public_key(half, Encoding::pem).has_value());
  }
}

TEST_CASE("PKCS#8 needs the primes of an RSA key, SPKI does not") {
  Key key = rsa_by_exponent();
  auto phrase = to_bytes<SecretBytes>("open sesame");
  for (const SecretBytes* passphrase :
       {static_cast<const SecretBytes*>(nullptr), static_cast<const SecretBytes*>(&phrase)}) {
    check_failed(encode_private_key(key, Encoding::pem, passphrase), ErrorCode::key_refused,
                 "lacks its primes", "JWK");
  }
  CHECK(text(encode_public_key(key, Encoding::pem)) ==
        text(encode_public_key(native_key("RS256"), Encoding::pem)));
}

}  // namespace
}  // namespace jwtctl
