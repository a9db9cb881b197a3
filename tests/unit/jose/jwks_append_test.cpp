// SPDX-License-Identifier: Apache-2.0
#include "lib/jose/jwks_append.h"

#include "lib/base/limits.h"
#include "lib/jose/jwks.h"
#include "tests/unit/keys.h"

namespace jwtctl {
namespace {

using namespace testing;

Result<std::string> append(std::string_view old, const Json& key) {
  return append_to_jwks(to_bytes<SecretBytes>(old), key);
}

Json appended(std::string_view old, const Json& key) {
  auto text = append(old, key);
  INFO((text ? "" : text.error().message));
  REQUIRE(text.has_value());
  CHECK(text->back() == '\n');
  return json_of(*text);
}

Json kid(Json jwk, Json name) { return with(std::move(jwk), "kid", std::move(name)); }

/// set_of is the text of a key set.
std::string set_of(Json::Array keys) { return Json::object({{"keys", std::move(keys)}}).dump(); }

TEST_CASE("without a file it is a new set") {
  auto text = append_to_jwks(std::nullopt, kid(ed_jwk(), "a"));
  REQUIRE(text.has_value());
  CHECK(json_of(*text).dump() == set_of({kid(ed_jwk(), "a")}));
  CHECK(text->back() == '\n');
}

TEST_CASE("a key goes to the end, and everything else stays where it is") {
  std::string old =
      R"({"issued":1.50,"keys":[{"x-note":[1,null],"kid":"new","kty":"AKP"},"text",)" +
      kid(ec_jwk(), "e").dump() + R"(],"next":{"b":1,"a":2}})";
  CHECK(appended(old, kid(ed_jwk(), "a")).dump() ==
        R"({"issued":1.50,"keys":[{"x-note":[1,null],"kid":"new","kty":"AKP"},"text",)" +
            kid(ec_jwk(), "e").dump() + "," + kid(ed_jwk(), "a").dump() +
            R"(],"next":{"b":1,"a":2}})");
  CHECK(appended(R"({"keys":[]})", ed_jwk()).dump() == set_of({ed_jwk()}));
}

TEST_CASE("what is no key set is an input error") {
  for (std::string_view old : {R"({"kty":"OKP"})", "[]", "1", "{}", R"({"keys":{}})",
                               R"({"keys":null})", R"({"Keys":[]})", R"([{"keys":[]}])"}) {
    CAPTURE(old);
    check_failed(append(old, ed_jwk()), ErrorCode::input, "it is no key set", "{\"keys\":[");
  }
  for (std::string_view old : {"", " ", "hello", "{\"keys\":[]", "{\"keys\":[]}}",
                               "{\"keys\":[],\"keys\":[]}", "\xef\xbb\xbf{\"keys\":[]}"}) {
    CAPTURE(old);
    check_failed(append(old, ed_jwk()), ErrorCode::input, "");
  }
}

TEST_CASE("a kid that the set has is refused, also of an entry that is no key we know") {
  for (const Json& entry :
       {kid(ed_jwk(), "a"), kid(ec_jwk(), "a"), Json::object({{"kty", "AKP"}, {"kid", "a"}})}) {
    check_failed(append(set_of({kid(ec_jwk(), "b"), entry}), kid(ed_jwk(), "a")),
                 ErrorCode::key_refused, "the set has a key with the kid \"a\" already", "--kid");
  }
  for (const Json& entry : {kid(ec_jwk(), "A"), ec_jwk(), kid(ed_jwk(), "b"),
                            Json::object({{"kty", "AKP"}, {"kid", 7}})}) {
    CAPTURE(entry.dump());
    CHECK(append(set_of({entry}), kid(ed_jwk(), "a")).has_value());
  }
  CHECK(append(set_of({Json::object({{"kid", 7}})}), kid(ed_jwk(), "7")).has_value());
}

TEST_CASE("keys without a kid may stand side by side") {
  CHECK(append(set_of({ec_jwk()}), ed_jwk()).has_value());
  CHECK(append(set_of({ed_jwk()}), ed_jwk()).has_value());
}

TEST_CASE("a set that verifiers would refuse is not written") {
  check_failed(append(set_of({oct_jwk()}), ed_jwk()), ErrorCode::key_refused,
               "verifiers would refuse the set: ");
  Json::Array many(kMaxKeysInSet - 1, Json::object({}));
  CHECK(append(set_of(many), ed_jwk()).has_value());
  many.push_back(Json::object({}));
  check_failed(append(set_of(many), ed_jwk()), ErrorCode::key_refused,
               "verifiers would refuse the set: ");
}

TEST_CASE("a set of exactly 1 MiB is written and one byte more is not", "[slow]") {
  auto padded = [](std::size_t size) {
    return Json::object({{"pad", std::string(size, 'x')}, {"keys", Json::Array{}}}).dump();
  };
  std::size_t rest = append(padded(0), ed_jwk())->size();
  auto exact = append(padded(kMaxKeySetBytes - rest), ed_jwk());
  REQUIRE(exact.has_value());
  CHECK(exact->size() == kMaxKeySetBytes);
  check_failed(append(padded(kMaxKeySetBytes - rest + 1), ed_jwk()), ErrorCode::key_refused,
               "the set would have 1048577 bytes, the limit is 1048576");
}

TEST_CASE("private and symmetric members never reach a set") {
  for (std::string_view name : {"d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"}) {
    CAPTURE(name);
    auto refused = append_to_jwks(std::nullopt, with(ed_jwk(), name, "secret"));
    check_failed(refused, ErrorCode::internal, "private members");
    CHECK(refused.error().message.find("secret") == std::string::npos);
  }
  check_failed(append_to_jwks(std::nullopt, oct_jwk()), ErrorCode::internal, "private members");
  check_failed(append_to_jwks(std::nullopt, Json("text")), ErrorCode::internal, "private members");
}

}  // namespace
}  // namespace jwtctl
