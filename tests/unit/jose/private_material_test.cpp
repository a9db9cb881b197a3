// SPDX-License-Identifier: Apache-2.0
#include "lib/jose/private_material.h"

#include <chrono>

#include "lib/codec/base64url.h"
#include "tests/unit/keys.h"

namespace jwtctl {
namespace {

using namespace testing;

constexpr std::string_view kPem =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgevZzL1gdAFr88hb2\n"
    "-----END PRIVATE KEY-----\n";

const std::string kJwk = with(ed_jwk(), "d", kEdD).dump();

/// wrapped is base64 as openssl and base64 print it.
std::string wrapped(std::string_view octets) {
  std::string text = to_base64url(octets);
  std::string out;
  for (std::size_t at = 0; at < text.size(); at += 64) out += text.substr(at, 64) + "\n";
  return out;
}

TEST_CASE("a private key is found in any dress, whole or cut") {
  const std::vector<std::string> texts{
      std::string(kPem),
      "-----BEGIN PGP PRIVATE KEY BLOCK-----\nlQVYBGBb3BlbnNzaC1rZXktdjEAA",
      "-----BEGIN OPENSSH PRIVATE KEY-----",
      std::string(kPem.substr(40)),
      std::string(kPem.substr(0, 60)),
      "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgevZz",  // PKCS#8
      "MHcCAQEEIKxYZ0123456789abcdefghijklmnopqrstuvwxyz",     // SEC 1
      "MIIEpAIBAAKCAQEA0123456789",                            // PKCS#1
      "MIIFHDBOBgkqhkiG9w0BBQ0wQTApBgkqhkiG9w0BBQwwHAQI",      // encrypted PKCS#8
      kJwk,
      "[" + kJwk + "]",
      "{\"a\":" + kJwk + "}",
      kJwk.substr(0, kJwk.size() - 20),
      R"({"\u006bty":"OKP","\u0064":"x"})",
      R"({"k":"AAAAAAAAAAAAAAAA"})",
      R"({"a":"{\"kty\":\"oct\",\"k\":\"x\"}"})",
      R"({"kty":"RSA","oth":[{"r":"s"}]})"};
  for (const std::string& text : texts) {
    CAPTURE(text);
    CHECK(holds_private_material(text));
    CHECK(holds_private_material(to_base64url(text)));
    CHECK(holds_private_material(wrapped(text)));
    CHECK(holds_private_material(wrapped(wrapped(text))));
    std::string cut = to_base64url(text);
    CHECK(holds_private_material(cut.substr(0, cut.size() / 4 * 4) + "x"));
  }
}

TEST_CASE("a name that the end of the text cuts off is none") {
  for (std::string_view name : {"d", "k", "p", "q", "dp", "dq", "qi", "oth", "priv"}) {
    CHECK_FALSE(holds_private_material(fmt::format("\"{}", name)));
    CHECK_FALSE(holds_private_material(fmt::format("\"{}\"", name)));
    CHECK_FALSE(holds_private_material(fmt::format("\"{}\":", name)));
    CHECK_FALSE(holds_private_material(fmt::format("\"{}\":\"", name)));
  }
}

TEST_CASE("what is public, or has a short name alone, is none") {
  for (const std::string& text :
       {std::string(), std::string("eyJhbGciOiJFUzI1NiJ9"), ed_jwk().dump(), ec_jwk().dump(),
        std::string(R"({"k":"v","d":5,"p":true})"), std::string(R"({"k":"AAAAAAAAAAAAAAA"})"),
        std::string("-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE"),
        std::string("MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE"), std::string("the PRIVATE KEY is lost"),
        std::string("MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA"),
        std::string("MIIDdTCCAl2gAwIBAgILBAAAAAABFUtaw5QwDQYJKoZIhvcNAQEFBQAw")}) {
    CAPTURE(text);
    CHECK_FALSE(holds_private_material(text));
    CHECK_FALSE(holds_private_material(to_base64url(text)));
  }
}

TEST_CASE("a member that nobody knows gives a key away, wherever in it the key is") {
  Json priv = with(ed_jwk(), "d", kEdD);
  for (const Json& value :
       {priv, Json(Json::Array{priv}), Json::object({{"a", Json::object({{"b", priv}})}}),
        Json(std::string(kPem)), Json(to_base64url(kPem)), Json(wrapped(kJwk)), Json(kJwk)}) {
    CAPTURE(value.dump());
    Json jwk = with(ed_jwk(), "backup", value);
    REQUIRE(find_giveaway(jwk) != nullptr);
    CHECK(find_giveaway(jwk)->name == "backup");
    CHECK(find_giveaway(with(ed_jwk(), "kid", value)) != nullptr);
  }
  for (const Json& value : {Json("note"), Json(1), Json::object({{"d", "kept"}}), ed_jwk()}) {
    CHECK(find_giveaway(with(ed_jwk(), "note", value)) == nullptr);
  }
  CHECK(find_giveaway(priv)->name == "d");
  CHECK(find_giveaway(Json("text")) == nullptr);
  // The numbers of a public key may be anything.
  CHECK(find_giveaway(with(ed_jwk(), "x",
                           "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgevZz")) == nullptr);
}

TEST_CASE("a megabyte is looked at in linear time", "[slow]") {
  auto start = std::chrono::steady_clock::now();
  for (const char* piece : {"\"d\":\"", "\"", "\\", "A", "MIGHAgEAMB", "PRIVATE KEY", "\\u006b"}) {
    std::string text;
    while (text.size() < std::size_t{1024} * 1024) text += piece;
    holds_private_material(text);
  }
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(20));
}

}  // namespace
}  // namespace jwtctl
