// SPDX-License-Identifier: Apache-2.0
// JWK011 to JWK014: shared secrets.
#include "lib/crypto/published_secrets.h"
#include "lib/crypto/random.h"
#include "lib/lint/secret_strength.h"
#include "tests/unit/lint/judged.h"

namespace jwtctl {
namespace {

using namespace testing;

/// random_text returns octets that no rule but those on length can object to.
std::string random_text(std::size_t size) {
  auto octets = random_bytes(size);
  REQUIRE(octets.has_value());
  std::string text(as_text(*octets));
  if (size > 1) text.back() = '\x81';  // no newline, and not how it begins
  if (size != 0) text.front() = '\x80';
  return text;
}

Json secret(std::string_view octets, std::string_view alg = "HS256") {
  return Json::object({{"kty", "oct"}, {"k", to_base64url(octets)}, {"alg", alg}});
}

TEST_CASE("JWK011: a secret is as long as the hash") {
  struct Row {
    std::string_view alg;
    std::size_t size;
  };
  for (const Row& row : {Row{"HS256", 32}, Row{"HS384", 48}, Row{"HS512", 64}}) {
    CHECK(judged_key(secret(random_text(row.size), row.alg)).empty());
    CHECK(judged_key(secret(random_text(row.size - 1), row.alg)) ==
          Lines{fmt::format("error JWK011 k: the secret has {} bytes, {} needs at least {}",
                            row.size - 1, row.alg, row.size)});
  }
}

TEST_CASE("JWK011: secrets for encryption have their own lengths") {
  CHECK(judged_key(secret(random_text(16), "A128KW")).empty());
  Json no_alg = without(secret(random_text(31)), "alg");
  CHECK(of("JWK011", judged_key(no_alg)).size() == 1);
  CHECK(of("JWK011", judged_key(with(no_alg, "use", "enc"))).empty());
  CHECK(of("JWK011", judged_key(with(no_alg, "key_ops", Json::strings({"wrapKey"})))).empty());
  CHECK(of("JWK011", judged_key(with(no_alg, "key_ops", Json::strings({"verify"})))).size() == 1);
}

TEST_CASE("the published secrets are known") {
  struct Row {
    std::string octets;
    std::string_view origin;
  };
  auto decoded = [](std::string_view text) { return std::string(as_text(octets(text))); };
  auto of_hex = [](std::string_view text) { return std::string(as_text(*parse_hex(text))); };
  const std::string fastapi = "09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7";
  const std::string spring = "404E635266556A586E3272357538782F413F4428472B4B6250645367566B5970";
  const std::vector<Row> rows{
      {decoded(kSecret), "RFC 7515 appendix A.1"},
      {decoded("GawgguFyGrWKav7AX4VKUg"), "RFC 7517 appendix A.3"},
      {decoded("hJtXIZ2uSN5kbQfbtTNWbpdmhkV8FJG-Onbc6mxCcYg"), "RFC 7520 section 3.5"},
      {decoded("AAPapAv4LbFbiVawEjagUBluYqN5rhna-8nuldDvOx8"), "RFC 7520 section 3.6"},
      {"secret", "the example of jwt.io"},
      {"your-256-bit-secret", "the example of jwt.io"},
      {"your-384-bit-secret", "the example of jwt.io"},
      {"your-512-bit-secret", "the example of jwt.io"},
      {"a-string-secret-at-least-256-bits-long", "the example of jwt.io"},
      {"a-valid-string-secret-that-is-at-least-384-bits-long", "the example of jwt.io"},
      {"a-valid-string-secret-that-is-at-least-512-bits-long-which-is-very-long",
       "the example of jwt.io"},
      {"super-secret-jwt-token-with-at-least-32-characters-long",
       "the local development of Supabase"},
      {"your-super-secret-jwt-token-with-at-least-32-characters-long",
       "the example configuration of Supabase"},
      {fastapi, "the tutorial of FastAPI"},
      {of_hex(fastapi), "the tutorial of FastAPI"},
      {spring, "a tutorial of Spring Boot 3"},
      {of_hex(spring), "a tutorial of Spring Boot 3"},
      {std::string(as_text(*parse_base64(spring))), "a tutorial of Spring Boot 3"}};
  for (const Row& row : rows) {
    CAPTURE(row.octets);
    CHECK(published_secret(row.octets) == row.origin);
    CHECK(of("JWK012", judged_key(secret(row.octets))) ==
          Lines{fmt::format("error JWK012 k: the secret is published: it is that of {}",
                            row.origin)});
  }
  CHECK_FALSE(published_secret("Secret"));
  CHECK_FALSE(published_secret(""));
}

TEST_CASE("an estimate counts what an octet can say") {
  const std::string hex = "8fc4d78a81cb9d03dcbcfefc2da3a7fb";
  CHECK(estimate_bits(hex) == 128);
  CHECK(estimate_bits(hex.substr(1)) == 124);
  CHECK(estimate_bits("31415926535897932384626433832795") == 106);  // digits
  CHECK(estimate_bits("kqzvbwmxjhgd") == 56);                       // 12 letters
  CHECK(estimate_bits("kqZvBwmxjHgd") == 68);                       // of both cases
  CHECK(estimate_bits("kqZ4Bwmx7Hgd") == 71);                       // and digits
  CHECK(estimate_bits("kqZ4-wmx7Hgd") == 78);                       // and others
  CHECK(estimate_bits("\x80qZ4-wmx7Hgd") == 96);
  CHECK(estimate_bits("") == 0);
}

TEST_CASE("an estimate does not count repetitions and sequences") {
  CHECK(estimate_bits(std::string(64, '\xff')) == 8);
  CHECK(estimate_bits("secretsecretsecretsecretsecretse") == estimate_bits("secret"));
  CHECK(estimate_bits("0123456789abcdef0123456789abcdef") == 40);
  CHECK(estimate_bits("abcdefghijklmnopqrstuvwxyz") == estimate_bits("kqzvb"));
  CHECK(estimate_bits("zyxwvutsrqponmlkjihgfedcba") == estimate_bits("kqzvb"));
  // A sequence of five loses nothing: it may be chance.
  CHECK(estimate_bits("kabcdez") == estimate_bits("kqzvbwm"));
  CHECK(estimate_bits("kabcdefz") == estimate_bits("kqzvbwm"));
}

TEST_CASE("JWK012: 128 bits are enough") {
  const std::string hex = "8fc4d78a81cb9d03dcbcfefc2da3a7fb";
  CHECK(of("JWK012", judged_key(secret(hex))).empty());
  CHECK(of("JWK012", judged_key(secret(hex.substr(1)))) ==
        Lines{"error JWK012 k: the secret can be guessed: it is worth at most 124 bits, 128 are "
              "needed"});
  CHECK(of("JWK012", judged_key(secret(random_text(16)))).empty());
  CHECK(of("JWK012", judged_key(secret(random_text(15)))).size() == 1);
  for (int i = 0; i < 200; ++i) {
    CHECK(estimate_bits(random_text(32)) >= kMinSecretBits);
  }
}

TEST_CASE("JWK012: the kid is no secret") {
  std::string kid = "Zk4VJq8Tn2Rb7Wm5Xc9Ls3Hd6Pf1Gy0A";
  Json key = secret(kid);
  CHECK(of("JWK012", judged_key(with(key, "kid", "other"))).empty());
  CHECK(of("JWK012", judged_key(with(key, "kid", kid))) ==
        Lines{"error JWK012 k: the secret is the kid, which every token shows"});
}

TEST_CASE("JWK013: texts of keys and certificates") {
  const Lines wanted{"error JWK013 k: the secret is the text of a key or certificate"};
  for (std::string_view text :
       {"-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA\n-----END PUBLIC KEY-----\n",
        R"({"kty":"EC","crv":"P-256","x":"a","y":"b"})",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHqJomGx1uFg2lrTDCGbKKTcDYMPHBW3pQUw8k43COug"}) {
    CHECK(of("JWK013", judged_key(secret(text))) == wanted);
    CHECK(of("JWK014", judged_key(secret(text))).empty());
  }
  CHECK(of("JWK013", judged_key(secret(random_text(32)))).empty());
}

TEST_CASE("JWK014: octets that are text of octets") {
  auto spelled = [](std::string_view text) { return of("JWK014", judged_key(secret(text))); };
  const std::string hex = "8fc4d78a81cb9d03dcbcfefc2da3a7fb";  // of 16 octets
  CHECK(spelled(hex) ==
        Lines{"warning JWK014 k: the octets of the secret are themselves hexadecimal"});
  CHECK(spelled(hex.substr(2)).empty());  // of 15
  CHECK(spelled("xYmL62if8PXWla4XkKLI5MT9PcJNXCL+/ilZtf9D+h4=") ==
        Lines{"warning JWK014 k: the octets of the secret are themselves base64"});
  CHECK(spelled("xYmL62if8PXWla4XkKLI5MT9PcJNXCL-_ilZtf9D-h4") ==
        Lines{"warning JWK014 k: the octets of the secret are themselves base64url"});
  CHECK(spelled(random_text(32) + "\n") ==
        Lines{"warning JWK014 k: the secret ends in a newline, as of a file"});
  std::string chance = random_text(32);
  chance.back() = '\n';
  CHECK(judged_key(secret(chance)).empty());
  CHECK(spelled("correcthorsebatterystaple-and-more").empty());
  CHECK(spelled(random_text(32)).empty());
}

}  // namespace
}  // namespace jwtctl
