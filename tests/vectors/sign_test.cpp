// SPDX-License-Identifier: Apache-2.0
// Signing gives the bytes of RFC 7515, RFC 7520 and RFC 8037, and every JWK of the RFCs is written
// as it was read.
#include "lib/base/file.h"
#include "lib/codec/base64url.h"
#include "lib/crypto/pem.h"
#include "lib/crypto/pem_write.h"
#include "lib/jose/jwk_write.h"
#include "tests/catch.h"
#include "tests/vectors/support.h"

namespace jwtctl::vectors {
namespace {

using Path = std::filesystem::path;

Jwk key_of(const Json& json) {
  auto jwk = parse_jwk(json);
  INFO((jwk ? "" : jwk.error().message));
  REQUIRE(jwk.has_value());
  return *std::move(jwk);
}

std::string decoded(std::string_view base64url) {
  auto octets = parse_base64url(base64url);
  REQUIRE(octets.has_value());
  return std::string(as_text(*octets));
}

std::string load_text(const Path& path) {
  auto bytes = load_file(path.string(), kMaxListBytes);
  REQUIRE(bytes.has_value());
  return std::string(as_text(*bytes));
}

std::string signed_with(std::string_view header, std::string_view payload, const Json& key,
                        std::string_view alg) {
  const Algorithm* algorithm = find_algorithm(alg);
  REQUIRE(algorithm != nullptr);
  auto token = sign_jws(header, payload, key_of(key).key, *algorithm);
  INFO((token ? "" : token.error().message));
  REQUIRE(token.has_value());
  return *std::move(token);
}

/// check_reproduced signs what an example of the cookbook signs.
void check_reproduced(const Path& path, std::string_view alg) {
  INFO(path.filename().string());
  Json example = load_json(path);
  const Json& input = member(example, "input");
  CHECK(text_of(input, "alg") == alg);
  std::string header = decoded(text_of(member(example, "signing"), "protected_b64u"));
  CHECK(signed_with(header, text_of(input, "payload"), member(input, "key"), alg) ==
        text_of(member(example, "output"), "compact"));
}

/// check_written wants the same JWK back: every member that identifies the key, and its names.
void check_written(const Json& json) {
  INFO(json.dump());
  Jwk jwk = key_of(json);
  bool secret = jwk.key.type() == KeyType::oct;
  auto written = to_jwk(jwk, jwk.key.is_private() ? Half::private_half : Half::public_half);
  REQUIRE(written.has_value());
  CHECK(written->same_value(json));
  if (secret) return;
  auto half = to_jwk(jwk, Half::public_half);
  REQUIRE(half.has_value());
  CHECK(half->same_value(without_private(json)));
  auto back = parse_jwk(*half);
  REQUIRE(back.has_value());
  CHECK_FALSE(back->key.is_private());
  CHECK(thumbprint(back->key) == thumbprint(jwk.key));
}

/// check_through_pem wants the key back from PEM, which has no place for names.
void check_through_pem(const Json& json) {
  Jwk jwk = key_of(json);
  if (jwk.key.type() == KeyType::oct) return;
  bool whole = jwk.key.is_private();
  auto pem = whole ? encode_private_key(jwk.key, Encoding::pem, nullptr)
                   : encode_public_key(jwk.key, Encoding::pem);
  REQUIRE(pem.has_value());
  auto key = parse_pem_key(as_text(*pem), nullptr);
  REQUIRE(key.has_value());
  Jwk back{*std::move(key), jwk.kid, jwk.alg, jwk.use, jwk.key_ops};
  auto written = to_jwk(back, whole ? Half::private_half : Half::public_half);
  REQUIRE(written.has_value());
  CHECK(written->same_value(json));
}

TEST_CASE("sign: the cookbook's RS256, HS256 and EdDSA, to the byte") {
  auto folder = find_folder("jose-cookbook");
  if (!folder) return;
  check_reproduced(*folder / "jws/4_1.rsa_v15_signature.json", "RS256");
  check_reproduced(*folder / "jws/4_4.hmac-sha2_integrity_protection.json", "HS256");
  check_reproduced(*folder / "curve25519/jws.json", "EdDSA");
}

TEST_CASE("sign: what is random verifies, and is another token every time") {
  auto folder = find_folder("jose-cookbook/jws");
  if (!folder) return;
  for (std::string_view name : {"4_2.rsa-pss_signature.json", "4_3.ecdsa_signature.json"}) {
    INFO(name);
    Json example = load_json(*folder / name);
    const Json& input = member(example, "input");
    std::string alg = text_of(input, "alg");
    std::string header = decoded(text_of(member(example, "signing"), "protected_b64u"));
    std::string payload = text_of(input, "payload");
    std::string token = signed_with(header, payload, member(input, "key"), alg);
    std::string compact = text_of(member(example, "output"), "compact");
    CHECK(token != compact);
    CHECK(token.substr(0, token.rfind('.')) == compact.substr(0, compact.rfind('.')));
    CHECK(judge_jws(token, source_of(member(input, "key").dump())).accepted);
  }
}

TEST_CASE("sign: RFC 7515 A.1 and A.2, to the byte; A.3 and A.4 verify") {
  auto folder = find_folder("rfc");
  if (!folder) return;
  for (std::string_view name : {"A.1", "A.2", "A.3", "A.4"}) {
    INFO(name);
    Json key = load_json(*folder / fmt::format("rfc7515_{}.jwk", name));
    std::string file = load_text(*folder / fmt::format("rfc7515_{}.jwsc", name));
    std::string expected = file.substr(0, file.find_last_not_of("\r\n") + 1);
    Jws jws = read_jws(expected, kMaxTokenBytes);
    REQUIRE(jws.faults.empty());
    std::string token = signed_with(jws.octets("header"), jws.octets("payload"), key,
                                    jws.header_text("alg").value_or(""));
    bool deterministic = name == "A.1" || name == "A.2";
    CHECK((token == expected) == deterministic);
    CHECK(judge_jws(token, source_of(key.dump())).accepted);
  }
}

TEST_CASE("sign: every key of the cookbook is written as it was read") {
  auto folder = find_folder("jose-cookbook/jwk");
  if (!folder) return;
  auto paths = list_json(*folder);
  CHECK(paths.size() == 6);
  for (const Path& path : paths) {
    INFO(path.filename().string());
    Json json = load_json(path);
    check_written(json);
    check_through_pem(json);
  }
}

TEST_CASE("sign: every key of RFC 7515, RFC 7517 and RFC 7638 is written as it was read") {
  auto folder = find_folder("rfc");
  if (!folder) return;
  std::size_t keys = 0;
  for (const auto& entry : std::filesystem::directory_iterator(*folder)) {
    INFO(entry.path().filename().string());
    std::string extension = entry.path().extension().string();
    if (extension != ".jwk" && extension != ".jwkset") continue;
    // A.7 is a link to a key that is listed by itself, or a file of its name.
    JsonReading reading = read_json(load_text(entry.path()));
    if (!reading.value || !reading.value->is_object()) continue;
    Json json = *std::move(reading.value);
    Json::Array list =
        json.find("keys") != nullptr ? *json.find("keys")->as_array() : Json::Array{json};
    for (Json& key : list) {
      ++keys;
      if (const Json* x5c = key.find("x5c")) {
        // Of RFC 7517 appendix B: what is no parameter of the key is the document's to keep.
        CHECK(x5c->is_array());
        auto written = to_jwk(key_of(key), Half::public_half);
        REQUIRE(written.has_value());
        written->set("x5c", *x5c);
        CHECK(written->same_value(key));
        continue;
      }
      check_written(key);
      check_through_pem(key);
    }
  }
  CHECK(keys == 16);
}

}  // namespace
}  // namespace jwtctl::vectors
