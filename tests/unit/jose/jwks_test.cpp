// SPDX-License-Identifier: Apache-2.0
#include "lib/jose/jwks.h"

#include "lib/base/limits.h"
#include "lib/codec/base64url.h"
#include "tests/catch.h"

namespace jwtctl {
namespace {

constexpr std::string_view kX1 = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";  // RFC 8037 A.1
constexpr std::string_view kX2 = "PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw";  // RFC 8032 7.1
constexpr std::string_view kX3 = "_FHNjmIYoaONpH7QAjDwWAgW7RO6MwOsXeuRFUiQgCU";

const Algorithm& kEdDsa = *find_algorithm("EdDSA");

Json okp(std::string_view x, Json kid = nullptr) {
  Json json = Json::object({{"kty", "OKP"}, {"crv", "Ed25519"}, {"x", x}});
  if (!kid.is_null()) json.set("kid", std::move(kid));
  return json;
}

Json ec(std::string_view kid) {
  return Json::object({{"kty", "EC"},
                       {"crv", "P-256"},
                       {"x", "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"},
                       {"y", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"},
                       {"kid", kid}});
}

Json oct(std::string_view secret, std::string_view kid) {
  return Json::object({{"kty", "oct"}, {"k", to_base64url(secret)}, {"kid", kid}});
}

Json with(Json json, std::string_view name, Json value) {
  json.set(name, std::move(value));
  return json;
}

Json set_of(Json::Array keys) { return Json::object({{"keys", Json(std::move(keys))}}); }

KeySet parsed(Json::Array keys) {
  auto set = parse_jwks(set_of(std::move(keys)));
  INFO((set ? "" : set.error().message));
  REQUIRE(set.has_value());
  return *std::move(set);
}

void check_refused(const Json& json, ErrorCode code, std::string_view part) {
  CAPTURE(part);
  auto set = parse_jwks(json);
  REQUIRE_FALSE(set.has_value());
  CAPTURE(set.error().message);
  CHECK(set.error().code == code);
  CHECK(set.error().message.find(part) != std::string::npos);
}

/// reasons joins why keys were skipped, "index: reason" each.
std::string reasons(const std::vector<SkippedKey>& skipped) {
  std::string out;
  for (const SkippedKey& key : skipped) out += fmt::format("{}: {}\n", key.index, key.reason);
  return out;
}

std::vector<std::size_t> chosen(const Selection& selection) {
  std::vector<std::size_t> indexes;
  for (const SetKey* key : selection.candidates) indexes.push_back(key->index);
  return indexes;
}

TEST_CASE("what is no key set is an input error that says what it is") {
  Json discovery = Json::object({{"issuer", "https://a"}, {"jwks_uri", "https://a/jwks"}});
  check_refused(discovery, ErrorCode::input, "discovery document");
  CHECK(parse_jwks(discovery).error().hint.find("jwks_uri") != std::string::npos);
  check_refused(Json::object({{"error", "not_found"}}), ErrorCode::input, "an error answer");
  for (const Json& json : {Json(), Json("x"), Json(Json::Array{okp(kX1)}), Json::object({}),
                           Json::object({{"keys", Json::object({})}}),
                           Json::object({{"keys", nullptr}}), Json::object({{"Keys", Json()}})}) {
    check_refused(json, ErrorCode::input, "no array \"keys\"");
  }
  CHECK(parse_jwks(Json()).error().hint.find("{\"keys\":[") != std::string::npos);
}

TEST_CASE("an empty set is refused") {
  check_refused(set_of({}), ErrorCode::key_refused, "the key set is empty");
}

TEST_CASE("a set of 1000 keys is read and one of 1001 is refused") {
  Json::Array entries(kMaxKeysInSet, Json::object({}));
  CHECK(parsed(entries).skipped.size() == kMaxKeysInSet);
  entries.push_back(Json::object({}));
  check_refused(set_of(entries), ErrorCode::key_refused, "has 1001 keys, the limit is 1000");
}

TEST_CASE("an unusable entry is skipped with its place and its kid") {
  Json x25519 = with(okp(kX2, "agreement"), "crv", "X25519");
  KeySet set = parsed({x25519, okp(kX1, "good"), Json(5), okp("AQAB", 7)});
  REQUIRE(set.keys.size() == 1);
  CHECK(set.keys[0].index == 1);
  CHECK(set.keys[0].jwk.kid == "good");
  REQUIRE(set.skipped.size() == 3);
  CHECK(set.skipped[0].index == 0);
  CHECK(set.skipped[0].kid == "agreement");
  CHECK(set.skipped[0].reason.find("key agreement") != std::string::npos);
  CHECK(set.skipped[1].reason.find("must be an object, not a number") != std::string::npos);
  CHECK_FALSE(set.skipped[2].kid.has_value());
  CHECK(set.skipped[2].reason.find("\"kid\" must be a string") != std::string::npos);
  CHECK_FALSE(set.pinned);
}

TEST_CASE("a set with secrets and public keys is refused whole") {
  check_refused(set_of({okp(kX1, "a"), oct("secret", "b")}), ErrorCode::key_refused,
                "mixes secrets");
  check_refused(set_of({oct("secret", "b"), ec("a")}), ErrorCode::key_refused, "mixes secrets");
  CHECK(parsed({oct("one", "a"), oct("two", "b")}).keys.size() == 2);
}

TEST_CASE("two different keys with one kid are refused, one key twice is not") {
  check_refused(set_of({okp(kX1, "k"), okp(kX3, "other"), okp(kX2, "k")}), ErrorCode::key_refused,
                "two different keys with the kid \"k\"");
  check_refused(set_of({oct("one", "k"), oct("two", "k")}), ErrorCode::key_refused,
                "two different keys");
  check_refused(set_of({with(okp(kX1, "k"), "use", "sig"), with(okp(kX2, "k"), "use", "sig")}),
                ErrorCode::key_refused, "two different keys");
  CHECK(parsed({okp(kX1, "k"), okp(kX1, "k")}).keys.size() == 2);
  CHECK(parsed({oct("one", "k"), oct("one", "k")}).keys.size() == 2);
  CHECK(parsed({okp(kX1, "k"), ec("k")}).keys.size() == 2);  // another type
  CHECK(parsed({okp(kX1), okp(kX2)}).keys.size() == 2);      // no kid at all
  CHECK(parsed({okp(kX1, "k"), okp(kX2, "K")}).keys.size() == 2);
  CHECK(
      parsed({with(okp(kX1, "k"), "use", "sig"), with(okp(kX2, "k"), "use", "enc")}).keys.size() ==
      2);
}

TEST_CASE("a key that is broken does not hide that the set is unsafe") {
  check_refused(set_of({oct("", "a"), okp(kX1, "b")}), ErrorCode::key_refused, "mixes secrets");
  check_refused(set_of({oct("secret", "a"), okp("AQAB", "b")}), ErrorCode::key_refused,
                "mixes secrets");
  check_refused(
      set_of({okp("AQAB", "k"), okp(kX1, "k")}), ErrorCode::key_refused,
      "two entries with the kid \"k\", so no token can be verified with it; entry 0 cannot");
  Json unknown = Json::object({{"kty", "AKP"}, {"kid", "k"}});
  CHECK(parsed({unknown, oct("secret", "k"), unknown}).keys.size() == 1);  // not ours to judge
}

TEST_CASE("the kid chooses among keys that fit") {
  KeySet set = parsed({okp(kX1, "a"), ec("b"), okp(kX2, "c"), okp(kX3)});
  Selection selection = select_keys(set, kEdDsa, "c");
  CHECK(chosen(selection) == std::vector<std::size_t>{2});
  CHECK(reasons(selection.skipped) ==
        "0: its kid is \"a\", not \"c\"\n"
        "1: its kid is \"b\", not \"c\"\n"
        "3: it has no kid, the token names \"c\"\n");
  CHECK(chosen(select_keys(set, kEdDsa, "C")).empty());
  CHECK(chosen(select_keys(set, kEdDsa, "")).empty());
}

TEST_CASE("without a kid every key that fits is a candidate") {
  KeySet set = parsed({okp(kX1, "a"), ec("b"), okp(kX2, "c"), okp(kX3)});
  Selection selection = select_keys(set, kEdDsa, std::nullopt);
  CHECK(chosen(selection) == std::vector<std::size_t>{0, 2, 3});
  CHECK(reasons(selection.skipped) ==
        "1: it is an EC public key on P-256, which cannot do EdDSA\n");
}

TEST_CASE("the trace says which filter each key failed, in the order of the set") {
  KeySet set = parsed({with(okp(kX1, "k"), "use", "enc"), Json::object({{"kty", "x"}}), ec("k")});
  Selection selection = select_keys(set, kEdDsa, "k");
  CHECK(selection.candidates.empty());
  REQUIRE(selection.skipped.size() == 3);
  CHECK(selection.skipped[0].reason == "its use is \"enc\", not \"sig\"");
  CHECK(selection.skipped[0].kid == "k");
  CHECK(selection.skipped[1].reason.find("key type \"x\"") != std::string::npos);
  CHECK(selection.skipped[2].reason.find("cannot do EdDSA") != std::string::npos);
  Selection es256 = select_keys(set, *find_algorithm("ES256"), "k");
  CHECK(chosen(es256) == std::vector<std::size_t>{2});
}

TEST_CASE("equal keys count once") {
  KeySet set = parsed({okp(kX1, "a"), okp(kX1, "b"), okp(kX1), okp(kX2, "c")});
  Selection selection = select_keys(set, kEdDsa, std::nullopt);
  CHECK(chosen(selection) == std::vector<std::size_t>{0, 3});
  CHECK(reasons(selection.skipped) ==
        "1: it is the same key as one before it\n"
        "2: it is the same key as one before it\n");
  KeySet secrets = parsed({oct("one", "a"), oct("one", "b"), oct("two", "c")});
  CHECK(chosen(select_keys(secrets, *find_algorithm("HS256"), std::nullopt)) ==
        std::vector<std::size_t>{0, 2});
}

TEST_CASE("in a pinned set the kid is no filter, but the rest is") {
  KeySet set = parsed({okp(kX1, "a")});
  CHECK(chosen(select_keys(set, kEdDsa, "z")).empty());
  set.pinned = true;
  CHECK(chosen(select_keys(set, kEdDsa, "z")) == std::vector<std::size_t>{0});
  CHECK(chosen(select_keys(set, *find_algorithm("ES256"), "a")).empty());
}

}  // namespace
}  // namespace jwtctl
