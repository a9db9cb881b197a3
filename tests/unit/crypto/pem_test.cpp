// SPDX-License-Identifier: Apache-2.0
#include "lib/crypto/pem.h"

#include <openssl/ec.h>
#include <openssl/objects.h>
#include <openssl/pem.h>

#include <array>

#include "tests/catch.h"

namespace jwtctl {
namespace {

using ObjectPtr = std::unique_ptr<ASN1_OBJECT, Deleter<ASN1_OBJECT_free>>;

template <class T>
std::string der_of(int (*encode)(const T*, unsigned char**), const T* object) {
  unsigned char* der = nullptr;
  int size = encode(object, &der);
  REQUIRE(size > 0);
  BufferPtr owner(der);
  return {reinterpret_cast<char*>(der), static_cast<std::size_t>(size)};
}

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

EVP_PKEY* ed25519() {
  static const PkeyPtr key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  return key.get();
}

std::string pkcs8_der(EVP_PKEY* pkey) {
  Pkcs8Ptr info(EVP_PKEY2PKCS8(pkey));
  return der_of(i2d_PKCS8_PRIV_KEY_INFO, info.get());
}

std::string certificate_der(EVP_PKEY* pkey) {
  X509Ptr certificate(X509_new());
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 60);
  REQUIRE(X509_set_pubkey(certificate.get(), pkey) == 1);
  const EVP_MD* digest = EVP_PKEY_is_a(pkey, "ED25519") == 1 ? nullptr : EVP_sha256();
  REQUIRE(X509_sign(certificate.get(), pkey, digest) > 0);
  return der_of(i2d_X509, certificate.get());
}

struct Form {
  const char* label;
  std::string der;
  EVP_PKEY* pkey;
};

std::vector<Form> plain_forms() {
  return {{"PUBLIC KEY", der_of(i2d_PUBKEY, rsa()), rsa()},
          {"PUBLIC KEY", der_of(i2d_PUBKEY, ec()), ec()},
          {"PUBLIC KEY", der_of(i2d_PUBKEY, ed25519()), ed25519()},
          {"RSA PUBLIC KEY", der_of(i2d_PublicKey, rsa()), rsa()},
          {"RSA PRIVATE KEY", der_of(i2d_PrivateKey, rsa()), rsa()},
          {"EC PRIVATE KEY", der_of(i2d_PrivateKey, ec()), ec()},
          {"PRIVATE KEY", pkcs8_der(rsa()), rsa()},
          {"PRIVATE KEY", pkcs8_der(ec()), ec()},
          {"PRIVATE KEY", pkcs8_der(ed25519()), ed25519()},
          {"CERTIFICATE", certificate_der(rsa()), rsa()},
          {"CERTIFICATE", certificate_der(ec()), ec()},
          {"CERTIFICATE", certificate_der(ed25519()), ed25519()}};
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

TEST_CASE("every form of a key is read, with and without armour") {
  for (const Form& form : plain_forms()) {
    CAPTURE(form.label, form.der.size());
    auto key = parse_pem_key(to_pem(form.label, form.der), nullptr);
    check_is(key, form.pkey);
    bool is_private = std::string_view(form.label).find("PRIVATE") != std::string_view::npos;
    CHECK(key->is_private() == is_private);
    auto bare = parse_der_key(form.der, nullptr);
    check_is(bare, form.pkey);
    CHECK(bare->is_private() == is_private);
    CHECK(looks_like_der(form.der));
    CHECK(looks_like_pem(to_pem(form.label, form.der)));
    const SecretBytes unneeded{'x'};
    CHECK(parse_pem_key(to_pem(form.label, form.der), &unneeded).has_value());
  }
}

TEST_CASE("a structure under the label of another is broken") {
  check_refused(parse_pem_key(to_pem("CERTIFICATE", der_of(i2d_PUBKEY, rsa())), nullptr),
                ErrorCode::input, "\"CERTIFICATE\" is broken");
  check_refused(parse_pem_key(to_pem("PUBLIC KEY", pkcs8_der(ec())), nullptr), ErrorCode::input,
                "\"PUBLIC KEY\" is broken");
}

TEST_CASE("garbage behind the structure is refused") {
  for (const Form& form : plain_forms()) {
    CAPTURE(form.label, form.der.size());
    for (std::string tail : {std::string(1, '\0'), std::string("x"), form.der}) {
      check_refused(parse_pem_key(to_pem(form.label, form.der + tail), nullptr), ErrorCode::input,
                    "is broken");
      check_refused(parse_der_key(form.der + tail, nullptr), ErrorCode::input, "no key");
      CHECK_FALSE(looks_like_der(form.der + tail));
    }
    std::string shorter = form.der.substr(0, form.der.size() - 1);
    CHECK_FALSE(parse_pem_key(to_pem(form.label, shorter), nullptr).has_value());
    CHECK_FALSE(looks_like_der(shorter));
  }
}

TEST_CASE("the first key or certificate counts, whatever stands in front") {
  std::string first = to_pem("PUBLIC KEY", der_of(i2d_PUBKEY, ec()));
  std::string second = to_pem("PUBLIC KEY", der_of(i2d_PUBKEY, ed25519()));
  check_is(parse_pem_key(first + second, nullptr), ec());
  check_is(parse_pem_key(second + first, nullptr), ed25519());
  check_is(parse_pem_key("Bag Attributes\n  friendlyName: x\n" + first, nullptr), ec());
  check_is(parse_pem_key("\xef\xbb\xbf\n" + first + "trailing text", nullptr), ec());
  std::string windows;
  for (char c : first) windows += c == '\n' ? "\r\n" : std::string(1, c);
  check_is(parse_pem_key(windows, nullptr), ec());
}

TEST_CASE("a block of EC PARAMETERS is skipped") {
  ObjectPtr curve(OBJ_nid2obj(NID_secp384r1));
  std::string parameters = to_pem("EC PARAMETERS", der_of(i2d_ASN1_OBJECT, curve.get()));
  std::string key = to_pem("EC PRIVATE KEY", der_of(i2d_PrivateKey, ec()));
  check_is(parse_pem_key(parameters + key, nullptr), ec());
  check_refused(parse_pem_key(parameters, nullptr), ErrorCode::input, "no complete block");
}

TEST_CASE("explicit EC parameters are refused") {
  PkeyCtxPtr context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  EVP_PKEY* raw = nullptr;
  REQUIRE(EVP_PKEY_keygen_init(context.get()) == 1);
  REQUIRE(EVP_PKEY_CTX_set_group_name(context.get(), "P-256") == 1);
  REQUIRE(EVP_PKEY_CTX_set_ec_param_enc(context.get(), OPENSSL_EC_EXPLICIT_CURVE) == 1);
  REQUIRE(EVP_PKEY_keygen(context.get(), &raw) == 1);
  PkeyPtr pkey(raw);
  for (const Form& form :
       {Form{"PUBLIC KEY", der_of(i2d_PUBKEY, raw), raw},
        Form{"EC PRIVATE KEY", der_of(i2d_PrivateKey, raw), raw},
        Form{"PRIVATE KEY", pkcs8_der(raw), raw}, Form{"CERTIFICATE", certificate_der(raw), raw}}) {
    CAPTURE(form.label);
    check_refused(parse_pem_key(to_pem(form.label, form.der), nullptr), ErrorCode::key_refused,
                  "not on a curve that JOSE knows by name");
    CHECK_FALSE(parse_der_key(form.der, nullptr).has_value());
  }
}

TEST_CASE("keys for key agreement are refused") {
  PkeyPtr x25519(EVP_PKEY_Q_keygen(nullptr, nullptr, "X25519"));
  check_refused(parse_pem_key(to_pem("PUBLIC KEY", der_of(i2d_PUBKEY, x25519.get())), nullptr),
                ErrorCode::key_refused, "X25519 keys do not sign");
  check_refused(parse_der_key(pkcs8_der(x25519.get()), nullptr), ErrorCode::key_refused, "X25519");
}

TEST_CASE("what is no key is named") {
  check_refused(parse_pem_key(to_pem("CERTIFICATE REQUEST", "x"), nullptr), ErrorCode::input,
                "\"CERTIFICATE REQUEST\" is not a key");
  for (std::string_view text : {"", "no PEM at all", "-----BEGIN PUBLIC KEY-----\n",
                                "-----BEGIN PUBLIC KEY-----\nMCow\n-----END RSA KEY-----\n",
                                "-----BEGIN PUBLIC KEY-----\n!!!!\n-----END PUBLIC KEY-----\n"}) {
    CAPTURE(text);
    check_refused(parse_pem_key(text, nullptr), ErrorCode::input, "no complete block");
  }
  check_refused(parse_der_key("", nullptr), ErrorCode::input, "no key");
  check_refused(parse_der_key("garbage", nullptr), ErrorCode::input, "no key");
}

TEST_CASE("a SEQUENCE of exactly the text's length looks like DER") {
  CHECK(looks_like_der(std::string_view("\x30\x00", 2)));
  CHECK(looks_like_der("\x30\x03\x02\x01\x05"));
  CHECK_FALSE(looks_like_der(""));
  CHECK_FALSE(looks_like_der("\x30"));
  CHECK_FALSE(looks_like_der("\x31\x03\x02\x01\x05"));                       // a SET
  CHECK_FALSE(looks_like_der(std::string_view("\x30\x80\x00\x00", 4)));      // BER
  CHECK_FALSE(looks_like_der(std::string_view("\x70\x03\x02\x01\x05", 5)));  // another class
  CHECK(looks_like_pem("text\n-----BEGIN X-----"));
  CHECK_FALSE(looks_like_pem("-----END X-----"));
}

}  // namespace
}  // namespace jwtctl
