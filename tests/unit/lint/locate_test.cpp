// SPDX-License-Identifier: Apache-2.0
#include "lib/lint/locate.h"

#include "lib/base/limits.h"
#include "lib/codec/base64url.h"
#include "tests/catch.h"
#include "tests/unit/keys.h"

namespace jwtctl {
namespace {

Jws sample() {
  return read_jws(fmt::format("{}.{}.{}", to_base64url(R"({"alg":"HS256"})"),
                              to_base64url(R"({"sub":"somebody"})"), std::string(43, 'A')),
                  kMaxTokenBytes);
}

TokenSpan span_of(const Jws& jws, std::string place, std::optional<std::size_t> offset = {}) {
  return token_span(jws, {rules::alg_none, Severity::error, std::move(place), "", offset});
}

TEST_CASE("a finding lies in the segment that its place names, or at the byte at fault") {
  Jws jws = sample();
  CHECK(span_of(jws, "header/alg").offset == 0);
  CHECK(span_of(jws, "header/alg").length == jws.segments[0].length);
  CHECK(span_of(jws, "payload/exp").offset == jws.segments[1].offset);
  CHECK(span_of(jws, "signature").offset == jws.segments[2].offset);
  CHECK(span_of(jws, "token").length == jws.text.size());
  CHECK(span_of(jws, "token", 5).offset == 5);
  CHECK(span_of(jws, "token", 5).length == 1);
  CHECK(span_of(jws, "token", 100000).offset == jws.text.size());
}

TEST_CASE("messages lose what they quote of the token") {
  Jws jws = sample();
  std::string message = fmt::format("bad {} and {}", jws.text, std::string(43, 'A'));
  CHECK(without_token(message, jws) == "bad ….….… and …");
  CHECK(without_token("sub is \"somebody\"", jws) == "sub is \"somebody\"");
}

TEST_CASE("places in a document fall back on what they would lie in") {
  constexpr std::string_view kText = R"({"keys":[{"kty":"RSA","e":"AQ"}]})";
  CHECK(kText.substr(nearest_place(kText, "keys/0/e")).starts_with(R"("e":)"));
  CHECK(kText.substr(nearest_place(kText, "keys/0/n")).starts_with(R"({"kty")"));
  CHECK(nearest_place(kText, "nothing/there") == 0);
  CHECK(place_index("keys/12/kid") == 12);
  CHECK(below_key("keys/12/x5c/0") == "x5c/0");
  CHECK(below_key("keys/12") == "");
  CHECK_FALSE(place_index("keys"));
  CHECK_FALSE(place_index("kid"));
}

TEST_CASE("a PEM block is read however it was written") {
  constexpr std::string_view kBody = "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=";
  std::string plain =
      fmt::format("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----", kBody);
  std::string indented =
      fmt::format("-----BEGIN PUBLIC KEY-----\n   {}\n   -----END PUBLIC KEY-----", kBody);
  std::string escaped =
      fmt::format("-----BEGIN PUBLIC KEY-----\\n{}\\n-----END PUBLIC KEY-----", kBody);
  std::string unicode =
      fmt::format("-----BEGIN PUBLIC KEY-----\\u000a{}\\u000a-----END PUBLIC KEY-----", kBody);
  std::string one_line =
      fmt::format("-----BEGIN PUBLIC KEY----- {} -----END PUBLIC KEY-----", kBody);
  for (const std::string& block : {plain, indented, escaped, unicode, one_line}) {
    CAPTURE(block);
    KeySubject subject = pem_subject(normalized_pem(block));
    REQUIRE(subject.jwk);
    CHECK(subject.jwk->key.curve() == Curve::ed25519);
  }
}

TEST_CASE("the name of a key says nothing about a secret") {
  KeySubject secret = jwk_subject(*read_json(R"({"kty":"oct","k":"c2VjcmV0","kid":"a"})").value);
  CHECK(key_name(secret) == "kid a");
  KeySubject nameless = jwk_subject(*read_json(R"({"kty":"oct","k":"c2VjcmV0"})").value);
  CHECK(key_name(nameless).starts_with("content "));
  CHECK(key_name({}) == "key");
}

TEST_CASE("a key without a thumbprint has a name that tells it apart and tells no secret") {
  auto name = [](std::string_view jwk) { return key_name(jwk_subject(*read_json(jwk).value)); };
  constexpr std::string_view kOne = R"({"kty":"oct","k":"YWFhYQ"})";
  CHECK(name(kOne) == name(R"({"kty":"oct","k":"YmJiYg"})"));
  CHECK(name(kOne) != name(R"({"kty":"oct","k":"YmJiYmI"})"));
  CHECK(name(kOne) != name(R"({"kty":"oct","k":"YWFhYQ","alg":"HS256"})"));
  CHECK(name(R"({"kty":"EC","x":"a"})") != name(R"({"kty":"EC","x":"b"})"));
  CHECK(name(R"({"kty":"EC","d":"a"})") == name(R"({"kty":"EC","d":"b"})"));
  auto block = [](std::size_t size, char letter) {
    return block_name(fmt::format("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
                                  std::string(size, letter)));
  };
  CHECK(block(61, 'A') == "key");
  CHECK(block(62, 'A') != "key");
  CHECK(block(62, 'A') != block(62, 'B'));
}

}  // namespace
}  // namespace jwtctl
