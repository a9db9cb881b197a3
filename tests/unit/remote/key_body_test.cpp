// SPDX-License-Identifier: Apache-2.0
#include "lib/remote/key_body.h"

#include <openssl/pem.h>

#include "lib/base/limits.h"
#include "tests/unit/keys.h"

namespace jwtctl {
namespace {

using namespace testing;

std::string set_text(Json::Array keys) {
  return Json::object({{"keys", Json(std::move(keys))}}).dump();
}

Json set_of(std::string_view body) {
  auto set = parse_key_body(body);
  INFO((set ? "" : set.error().message));
  REQUIRE(set.has_value());
  CHECK(set->keys.keys.size() + set->keys.skipped.size() ==
        set->document.find("keys")->as_array()->size());
  return std::move(set->document);
}

const Json::Array& keys_of(const Json& set) {
  REQUIRE(set.find("keys") != nullptr);
  REQUIRE(set.find("keys")->as_array() != nullptr);
  return *set.find("keys")->as_array();
}

std::string text(const Json& key, std::string_view name) {
  const Json* member = key.find(name);
  return member != nullptr && member->is_string() ? *member->as_string() : "";
}

template <class Write>
std::string pem_of(Write write) {
  BioPtr bio(BIO_new(BIO_s_mem()));
  REQUIRE(write(bio.get()) == 1);
  char* data = nullptr;
  long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string public_pem(const Key& key) {
  return pem_of([&](BIO* bio) { return PEM_write_bio_PUBKEY(bio, key.pkey()); });
}

std::string private_pem(const Key& key) {
  return pem_of([&](BIO* bio) {
    return PEM_write_bio_PKCS8PrivateKey(bio, key.pkey(), nullptr, nullptr, 0, nullptr, nullptr);
  });
}

/// certificate_pem is a certificate that the key signs for itself.
std::string certificate_pem(EVP_PKEY* pkey) {
  X509Ptr certificate(X509_new());
  REQUIRE(X509_set_version(certificate.get(), 2) == 1);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
  REQUIRE(X509_set_pubkey(certificate.get(), pkey) == 1);
  REQUIRE(X509_sign(certificate.get(), pkey, EVP_sha256()) > 0);
  return pem_of([&](BIO* bio) { return PEM_write_bio_X509(bio, certificate.get()); });
}

Json ed(std::string_view kid) { return with(ed_jwk(), "kid", kid); }

// --- what is read ----------------------------------------------------------------------------

TEST_CASE("a key set is read as it is, with the keys that cannot be used") {
  Json odd = Json::object({{"kty", "AKP"}, {"kid", "new"}, {"pub", "AA"}});
  Json set = set_of(fmt::format("\n {} \r\n", set_text({ed("a"), odd, "text", 7, ed("b")})));
  REQUIRE(keys_of(set).size() == 5);
  CHECK(keys_of(set)[0].same_value(ed("a")));
  CHECK(keys_of(set)[1].same_value(odd));
  CHECK(text(keys_of(set)[4], "kid") == "b");
}

TEST_CASE("one bad key does not kill the set, and a set of bad keys is a set") {
  for (Json bad : {Json::object({}), Json::object({{"kty", "EC"}, {"crv", "P-256"}, {"x", "AA"}}),
                   Json::object({{"kty", 7}}), Json(), Json(Json::Array{}),
                   with(ed_jwk(), "x", "!!!"), with(ed_jwk(), "kid", 5)}) {
    CAPTURE(bad.dump());
    CHECK(keys_of(set_of(set_text({bad, ed("a")}))).size() == 2);
    CHECK(keys_of(set_of(set_text({bad}))).size() == 1);
  }
}

TEST_CASE("a bundle of SPIFFE is a key set") {
  Json svid = with(ed("a"), "use", "jwt-svid");
  std::string body =
      Json::object(
          {{"spiffe_sequence", 7}, {"spiffe_refresh_hint", 300}, {"keys", Json::Array{svid}}})
          .dump();
  CHECK(text(keys_of(set_of(body))[0], "use") == "jwt-svid");
  auto revoked = parse_key_body(R"({"spiffe_sequence":8,"keys":null})");
  check_failed(revoked, ErrorCode::key_refused, "empty");
}

TEST_CASE("a single JWK is a set of one") {
  Json set = set_of(ed("a").dump());
  REQUIRE(keys_of(set).size() == 1);
  CHECK(keys_of(set)[0].same_value(ed("a")));
}

TEST_CASE("a PEM is a set of one") {
  Key key = native_key("ES256");
  for (const std::string& pem : {public_pem(key), certificate_pem(key.pkey())}) {
    Json set = set_of(fmt::format("\n{}\n", pem));
    REQUIRE(keys_of(set).size() == 1);
    CHECK(text(keys_of(set)[0], "kty") == "EC");
    CHECK(keys_of(set)[0].find("kid") == nullptr);
    CHECK(keys_of(set)[0].find("d") == nullptr);
  }
}

TEST_CASE("a map of kids to PEM is a set; RSA keys sign with RS256 there") {
  Key ec = native_key("ES256");
  std::string body = Json::object({{"rsa", certificate_pem(native_rsa())},
                                   {"ec", certificate_pem(ec.pkey())},
                                   {"bare", public_pem(ec)}})
                         .dump();
  Json set = set_of(body);
  REQUIRE(keys_of(set).size() == 3);
  CHECK(text(keys_of(set)[0], "kid") == "rsa");
  CHECK(text(keys_of(set)[0], "kty") == "RSA");
  CHECK(text(keys_of(set)[0], "alg") == "RS256");
  CHECK(text(keys_of(set)[1], "kid") == "ec");
  CHECK(keys_of(set)[1].find("alg") == nullptr);
  CHECK(text(keys_of(set)[2], "kid") == "bare");
}

TEST_CASE("a PSS key of such a map keeps to what its parameters allow") {
  PkeyCtxPtr context(EVP_PKEY_CTX_new_from_name(nullptr, "RSA-PSS", nullptr));
  REQUIRE(EVP_PKEY_keygen_init(context.get()) == 1);
  REQUIRE(EVP_PKEY_CTX_set_rsa_pss_keygen_md_name(context.get(), "SHA384", nullptr) == 1);
  REQUIRE(EVP_PKEY_CTX_set_rsa_pss_keygen_mgf1_md_name(context.get(), "SHA384") == 1);
  REQUIRE(EVP_PKEY_CTX_set_rsa_pss_keygen_saltlen(context.get(), 48) == 1);
  EVP_PKEY* pkey = nullptr;
  REQUIRE(EVP_PKEY_keygen(context.get(), &pkey) == 1);
  auto key = adopt_pkey(PkeyPtr(pkey));
  REQUIRE(key.has_value());
  CHECK(text(keys_of(set_of(public_pem(*key)))[0], "alg") == "PS384");
  Json map = Json::object({{"p", public_pem(*key)}});
  CHECK(text(keys_of(set_of(map.dump()))[0], "alg") == "PS384");
}

TEST_CASE(
    "a certificate of such a map that cannot be used does not kill it, and stays to be seen") {
  std::string good = certificate_pem(native_rsa());
  std::string broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  Json set = set_of(Json::object({{"broken", broken}, {"good", good}}).dump());
  REQUIRE(keys_of(set).size() == 2);
  CHECK(text(keys_of(set)[0], "kid") == "broken");
  CHECK(text(keys_of(set)[1], "kid") == "good");
  CHECK_FALSE(parse_jwk(keys_of(set)[0]).has_value());
  CHECK(parse_jwk(keys_of(set)[1]).has_value());
}

// --- what is something else ------------------------------------------------------------------

TEST_CASE("what is no key set is named") {
  struct Row {
    std::string body;
    const char* message;
    const char* hint;
  };
  const std::vector<Row> rows{
      {"", "the answer is empty", ""},
      {" \r\n\t ", "the answer is empty", ""},
      {"<!DOCTYPE html><html><body>Sign in</body></html>", "HTML or XML", "login page or a proxy"},
      {"<?xml version=\"1.0\"?>", "HTML or XML", ""},
      {R"({"issuer":"https://a","jwks_uri":"https://a/jwks"})", "a discovery document", "--issuer"},
      {R"({"error":"not_found"})", "an error in JSON", ""},
      {R"({"message":"Forbidden"})", "an error in JSON", ""},
      {"{}", "JSON without \"keys\"", ""},
      {"[]", "JSON without \"keys\"", ""},
      {R"([{"kty":"OKP"}])", "JSON without \"keys\"", ""},
      {R"({"a":"b"})", "JSON without \"keys\"", ""},
      {R"({"keys":{}})", "not a key set", ""},
      {R"({"keys":"x"})", "not a key set", ""},
      {"hello", "no form that keys are published in", ""},
      {"\"text\"", "no form that keys are published in", ""},
      {std::string("\x30\x59\x30\x13", 4), "no form that keys are published in", ""},
      {R"({"keys":[)", "not acceptable JSON", ""},
      {R"({"keys":[],"keys":[]})", "stands twice", ""},
      {"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "PEM", ""},
      {"-----BEGIN PUBLIC KEY-----\nMFkw", "PEM", ""},
      {"-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n", "PEM", ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.body);
    check_failed(parse_key_body(row.body), ErrorCode::network_body, row.message, row.hint);
  }
}

TEST_CASE("a signed set is refused by name") {
  std::string header = to_base64url(R"({"alg":"RS256","typ":"jwk-set+jwt"})");
  std::string payload = to_base64url(set_text({ed("a")}));
  check_failed(parse_key_body(fmt::format("{}.{}.AAAA", header, payload)), ErrorCode::network_body,
               "a signed key set", "not supported");
}

// --- sets that must not be used --------------------------------------------------------------

TEST_CASE("a private member stops everything, wherever it is, and is not shown") {
  for (const char* name : {"d", "p", "q", "dp", "dq", "qi", "oth", "priv"}) {
    CAPTURE(name);
    for (Json holder : {with(ed("guilty"), name, "hunter2"),
                        Json::object({{"kty", "unknown"}, {"kid", "guilty"}, {name, "hunter2"}}),
                        Json::object({{"kid", "guilty"}, {name, Json::Array{"hunter2"}}})}) {
      auto set = parse_key_body(set_text({ed("a"), holder, ed("b")}));
      check_failed(set, ErrorCode::key_refused, "private half of key \"guilty\"", "replaced");
      CHECK(set.error().message.find("hunter2") == std::string::npos);
      CHECK(set.error().hint.find("hunter2") == std::string::npos);
    }
  }
  check_failed(parse_key_body(with(ed_jwk(), "d", kEdD).dump()), ErrorCode::key_refused,
               "private half of key without a kid");
}

TEST_CASE("a private key in a member that nobody knows stops everything too") {
  for (const Json& value : {with(ed_jwk(), "d", kEdD), Json(private_pem(native_key("ES256")))}) {
    auto set = parse_key_body(set_text({ed("a"), with(ed("guilty"), "backup", value)}));
    check_failed(set, ErrorCode::key_refused,
                 "gives away a private key in a member of key \"guilty\"", "replaced");
  }
}

TEST_CASE("a secret stops everything") {
  check_failed(parse_key_body(set_text({ed("a"), with(oct_jwk(), "kid", "s")})),
               ErrorCode::key_refused, "the secret of key \"s\"");
  check_failed(parse_key_body(oct_jwk().dump()), ErrorCode::key_refused, "the secret of key");
}

TEST_CASE("a private PEM stops everything, in every form and place") {
  Key key = native_key("ES256");
  std::string secret = private_pem(key);
  std::string middle = secret.substr(40, 40);
  std::string rsa = pem_of([](BIO* bio) {
    return PEM_write_bio_PrivateKey_traditional(bio, native_rsa(), nullptr, nullptr, 0, nullptr,
                                                nullptr);
  });
  std::string encrypted = pem_of([&](BIO* bio) {
    return PEM_write_bio_PKCS8PrivateKey(bio, key.pkey(), EVP_aes_128_cbc(), "pw", 2, nullptr,
                                         nullptr);
  });
  const std::vector<std::string> bodies{
      secret,
      rsa,
      encrypted,
      public_pem(key) + secret,
      Json::object({{"a", public_pem(key)}, {"b", secret}}).dump(),
      Json::object({{"a", public_pem(key) + secret}}).dump(),
  };
  for (const std::string& body : bodies) {
    CAPTURE(body.substr(0, 60));
    auto set = parse_key_body(body);
    check_failed(set, ErrorCode::key_refused, "private key", "replaced");
    CHECK(set.error().message.find(middle) == std::string::npos);
  }
}

TEST_CASE("an empty set and one of ambiguous keys are refused") {
  check_failed(parse_key_body(R"({"keys":[]})"), ErrorCode::key_refused, "empty");
  check_failed(parse_key_body(R"({"keys":null})"), ErrorCode::key_refused, "empty");
  check_failed(parse_key_body(set_text({ed("a"), with(ed("a"), "x", kOtherEdX)})),
               ErrorCode::key_refused, "kid \"a\"");
  CHECK(keys_of(set_of(set_text({ed("a"), ed("a")}))).size() == 2);
}

// --- limits ----------------------------------------------------------------------------------

TEST_CASE("1000 keys are taken and 1001 are not") {
  Json::Array keys(kMaxKeysInSet, Json::object({}));
  keys[0] = ed("a");
  CHECK(keys_of(set_of(set_text(keys))).size() == 1000);
  keys.push_back(Json::object({}));
  check_failed(parse_key_body(set_text(keys)), ErrorCode::key_refused, "1001");
}

TEST_CASE("a map of 1000 certificates is taken and one of 1001 is not") {
  std::string pem = public_pem(native_key("Ed25519"));
  Json map = Json::object({});
  for (int i = 0; i < 1000; ++i) map.append(fmt::format("k{}", i), pem);
  CHECK(keys_of(set_of(map.dump())).size() == 1000);
  map.append("k1000", pem);
  check_failed(parse_key_body(map.dump()), ErrorCode::key_refused, "1000");
}

TEST_CASE("JSON of depth 32 is read and of depth 33 is not") {
  auto nested = [](std::size_t depth) {
    // The object and its array "keys" are two levels, the key is the third.
    std::string extra = std::string(depth - 3, '[') + std::string(depth - 3, ']');
    std::string key = ed("a").dump();
    return fmt::format("{{\"keys\":[{},\"other\":{}}}]}}", key.substr(0, key.size() - 1), extra);
  };
  CHECK(keys_of(set_of(nested(32))).size() == 1);
  check_failed(parse_key_body(nested(33)), ErrorCode::key_refused, "32");
}

}  // namespace
}  // namespace jwtctl
