// SPDX-License-Identifier: Apache-2.0
#include "lib/jose/key_material.h"

#include <openssl/pem.h>

#include <algorithm>

#include "lib/codec/base64url.h"
#include "tests/catch.h"

namespace jwtctl {
namespace {

constexpr std::string_view kJwk =
    R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})";

SecretBytes bytes_of(std::string_view text) { return to_bytes<SecretBytes>(text); }

PkeyPtr generate() { return PkeyPtr(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")); }

std::string spki_der() {
  PkeyPtr pkey = generate();
  unsigned char* der = nullptr;
  int size = i2d_PUBKEY(pkey.get(), &der);
  REQUIRE(size > 0);
  BufferPtr owner(der);
  return {reinterpret_cast<char*>(der), static_cast<std::size_t>(size)};
}

std::string spki_pem() {
  PkeyPtr pkey = generate();
  BioPtr bio(BIO_new(BIO_s_mem()));
  REQUIRE(PEM_write_bio_PUBKEY(bio.get(), pkey.get()) == 1);
  char* data = nullptr;
  long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string to_base64(std::string_view octets) {
  std::string text = to_base64url(octets);
  for (char& c : text) c = c == '-' ? '+' : c == '_' ? '/' : c;
  text.append((4 - text.size() % 4) % 4, '=');
  return text;
}

std::string to_hex(std::string_view octets) {
  std::string text;
  for (char octet : octets) text += fmt::format("{:02x}", static_cast<unsigned char>(octet));
  return text;
}

std::string replaced(std::string text, std::string_view part, std::string_view by) {
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += by.size()) {
    text.replace(at, part.size(), by);
  }
  return text;
}

template <class T>
void check_refused(const Result<T>& result, ErrorCode code, std::string_view part) {
  CAPTURE(part);
  REQUIRE_FALSE(result.has_value());
  CAPTURE(result.error().message);
  CHECK(result.error().code == code);
  CHECK(result.error().message.find(part) != std::string::npos);
}

void check_form(std::string_view text, KeyForm form) {
  CAPTURE(text);
  auto material = parse_key_material(bytes_of(text), nullptr);
  INFO((material ? "" : material.error().message));
  REQUIRE(material.has_value());
  CHECK(material->form == form);
  CHECK(material->set.keys.size() == 1);
  CHECK(is_key_material(bytes_of(text)));
}

TEST_CASE("key material is recognised by its content") {
  check_form(spki_pem(), KeyForm::pem);
  check_form("subject=x\n" + spki_pem(), KeyForm::pem);
  check_form(spki_der(), KeyForm::der);
  check_form(kJwk, KeyForm::jwk);
  check_form(fmt::format(" \r\n{}\n", kJwk), KeyForm::jwk);
  check_form(fmt::format(R"({{"keys":[{}]}})", kJwk), KeyForm::jwks);
  check_form(R"({"kty":"oct","k":"c2VjcmV0"})", KeyForm::jwk);
}

TEST_CASE("a key beside the member keys is a key") {
  std::string text(kJwk);
  text.insert(1, R"("keys":[],)");
  check_form(text, KeyForm::jwk);
}

TEST_CASE("what is no key is refused with what it could be") {
  check_refused(parse_key_material({}, nullptr), ErrorCode::input, "it is empty");
  for (std::string_view text : {"hunter2", "\n", "MCowBQYDK2Vw", "\x30\x05\x02\x01\x01"}) {
    auto material = parse_key_material(bytes_of(text), nullptr);
    check_refused(material, ErrorCode::input, "neither PEM, DER, JWK nor JWKS");
    CHECK(material.error().hint.find("--secret") != std::string::npos);
  }
  check_refused(parse_key_material(bytes_of("{}"), nullptr), ErrorCode::input, "no key set");
  check_refused(parse_key_material(bytes_of("[1]"), nullptr), ErrorCode::input, "no key set");
  check_refused(parse_key_material(bytes_of("{\"kty\":"), nullptr), ErrorCode::input,
                "the key is not acceptable JSON");
  check_refused(parse_key_material(bytes_of(R"({"kty":"OKP","kty":"EC"})"), nullptr),
                ErrorCode::input, "\"kty\" stands twice");
  check_refused(parse_key_material(bytes_of(R"({"kty":"x"})"), nullptr), ErrorCode::key_refused,
                "key type \"x\"");
  check_refused(parse_key_material(bytes_of(std::string(40, '[')), nullptr), ErrorCode::key_refused,
                "deeper than 32");
  check_refused(parse_key_material(bytes_of("-----BEGIN PUBLIC KEY-----"), nullptr),
                ErrorCode::input, "no complete block");
}

TEST_CASE("a passphrase reaches the encrypted key") {
  PkeyPtr pkey = generate();
  BioPtr bio(BIO_new(BIO_s_mem()));
  REQUIRE(PEM_write_bio_PKCS8PrivateKey(bio.get(), pkey.get(), EVP_aes_128_cbc(), "pass", 4,
                                        nullptr, nullptr) == 1);
  char* data = nullptr;
  long size = BIO_get_mem_data(bio.get(), &data);
  SecretBytes pem(data, data + size);
  SecretBytes right = bytes_of("pass");
  SecretBytes wrong = bytes_of("Pass");
  CHECK(parse_key_material(pem, &right).has_value());
  check_refused(parse_key_material(pem, &wrong), ErrorCode::crypto, "passphrase");
  check_refused(parse_key_material(pem, nullptr), ErrorCode::usage, "is encrypted");
}

TEST_CASE("of several blocks the first is the key, and the others cost nothing") {
  PkeyPtr pkey = generate();
  BioPtr bio(BIO_new(BIO_s_mem()));
  REQUIRE(PEM_write_bio_PKCS8PrivateKey(bio.get(), pkey.get(), EVP_aes_128_cbc(), "pass", 4,
                                        nullptr, nullptr) == 1);
  char* data = nullptr;
  long size = BIO_get_mem_data(bio.get(), &data);
  std::string encrypted(data, static_cast<std::size_t>(size));
  auto material = parse_key_material(bytes_of(spki_pem() + encrypted), nullptr);
  REQUIRE(material.has_value());
  CHECK(material->set.keys.size() == 1);
  CHECK(material->set.skipped.empty());
  check_refused(parse_key_material(bytes_of(encrypted + spki_pem()), nullptr), ErrorCode::usage,
                "encrypted");
}

TEST_CASE("what a set holds beside its good keys is known by kid and type") {
  std::string text = fmt::format(
      R"({{"keys":[{{"kty":"EC","crv":"P-256","kid":"e"}},{},{{"kty":"OKP","crv":"X25519"}}]}})",
      kJwk);
  auto material = parse_key_material(bytes_of(text), nullptr);
  REQUIRE(material.has_value());
  REQUIRE(material->set.keys.size() == 1);
  CHECK(material->set.keys[0].index == 1);
  REQUIRE(material->set.skipped.size() == 2);
  CHECK(material->set.skipped[0].index == 0);
  CHECK(material->set.skipped[0].kid == "e");
  CHECK(material->set.skipped[0].kty == "EC");
  CHECK(material->set.skipped[0].reason == "\"x\" is missing or no string");
  CHECK(material->set.skipped[1].index == 2);
  CHECK_FALSE(material->set.skipped[1].kty.has_value());
}

TEST_CASE("damaged PEM is key material all the same") {
  std::string pem = spki_pem();
  std::string body = pem.substr(pem.find('\n') + 1, 40);
  for (const std::string& text :
       {pem, replaced(pem, "\n", "\r\n"), replaced(pem, "\n", "\\n"), replaced(pem, "\n", " "),
        pem.substr(0, pem.size() / 2), pem.substr(0, 27), replaced(pem, "-----END", "END"),
        replaced(pem, body, "!!!!"), replaced(pem, "PUBLIC KEY", "FOO"), "\xef\xbb\xbf" + pem,
        "x: " + pem, "\"" + pem + "\"", replaced(pem, "PUBLIC KEY", "CERTIFICATE")}) {
    CAPTURE(text);
    CHECK(is_key_material(bytes_of(text)));
    check_refused(parse_secret(bytes_of(text), SecretEncoding::raw), ErrorCode::usage,
                  "not a shared secret");
  }
}

TEST_CASE("a JWK that is not well made is key material all the same") {
  CHECK(is_key_material(bytes_of(R"({"kty":5})")));
  CHECK(is_key_material(bytes_of(R"({"keys":null})")));
  CHECK(is_key_material(bytes_of(R"({"kty":"OKP","x":"a","x":"b"})")));
  CHECK(is_key_material(bytes_of(fmt::format("{}}}", kJwk))));  // one brace too many
}

TEST_CASE("ordinary secrets are not key material") {
  for (std::string_view text :
       {"", "hunter2", "correct horse battery staple", "{}", "{\"secret\":\"x\"}", "[1,2]",
        "{broken", "BEGIN PUBLIC KEY", "-----END PUBLIC KEY-----", "0",
        "00000000000000000000000000000000"}) {
    CAPTURE(text);
    CHECK_FALSE(is_key_material(bytes_of(text)));
  }
}

// Of text too the first octet can be 0x30, and the second the number of those that follow: one in
// 4096 of the secrets of 64 octets in base64 begins so.
TEST_CASE("a text secret whose first characters could be a DER header is a secret") {
  std::string base64 = "0V" + std::string(86, 'a');
  REQUIRE(base64[1] == 86);
  CHECK_FALSE(is_key_material(bytes_of(base64)));
  std::string digits = "00" + std::string(48, '7');
  CHECK(parse_secret(bytes_of(digits), SecretEncoding::raw).has_value());
}

TEST_CASE("a secret is spelled in four encodings") {
  std::string octets("\x00\x01\xfe\xff secret\n", 12);
  struct Row {
    std::string text;
    SecretEncoding encoding;
  };
  for (const Row& row :
       {Row{octets, SecretEncoding::raw}, Row{to_base64(octets) + "\n", SecretEncoding::base64},
        Row{to_base64url(octets) + "\r\n", SecretEncoding::base64url},
        Row{" " + to_hex(octets) + "\n", SecretEncoding::hex}}) {
    CAPTURE(row.text);
    auto jwk = parse_secret(bytes_of(row.text), row.encoding);
    REQUIRE(jwk.has_value());
    CHECK(jwk->key.type() == KeyType::oct);
    CHECK(as_text(jwk->key.octets()) == octets);
    CHECK_FALSE(jwk->kid.has_value());
    CHECK_FALSE(jwk->alg.has_value());
  }
}

TEST_CASE("a secret that does not hold its encoding is an input error") {
  check_refused(parse_secret(bytes_of("ab-_"), SecretEncoding::base64), ErrorCode::input,
                "not standard base64");
  check_refused(parse_secret(bytes_of("ab+/"), SecretEncoding::base64url), ErrorCode::input,
                "not base64url");
  check_refused(parse_secret(bytes_of("abc"), SecretEncoding::hex), ErrorCode::input,
                "not hexadecimal");
  for (SecretEncoding encoding : {SecretEncoding::raw, SecretEncoding::base64,
                                  SecretEncoding::base64url, SecretEncoding::hex}) {
    check_refused(parse_secret({}, encoding), ErrorCode::key_refused, "the secret is empty");
  }
  check_refused(parse_secret(bytes_of(" \n"), SecretEncoding::hex), ErrorCode::key_refused,
                "empty");
  CHECK(parse_secret(bytes_of("\n"), SecretEncoding::raw).has_value());  // one byte is not none
}

TEST_CASE("a key is no secret in any encoding") {
  for (const std::string& key : {spki_pem(), spki_der(), std::string(kJwk)}) {
    for (const auto& [text, encoding] :
         {std::pair{key, SecretEncoding::raw}, std::pair{to_base64(key), SecretEncoding::base64},
          std::pair{to_base64url(key), SecretEncoding::base64url},
          std::pair{to_hex(key), SecretEncoding::hex}}) {
      auto jwk = parse_secret(bytes_of(text), encoding);
      check_refused(jwk, ErrorCode::usage, "not a shared secret");
      // Its spelling is not told either: everybody can write the text that stands for the key.
      check_refused(parse_secret(bytes_of(text + "\n"), SecretEncoding::raw), ErrorCode::usage,
                    "not a shared secret");
      CHECK(jwk.error().hint.find("--key") != std::string::npos);
    }
    check_refused(parse_secret(bytes_of(key), SecretEncoding::base64), ErrorCode::usage, "a key");
  }
}

}  // namespace
}  // namespace jwtctl
