// SPDX-License-Identifier: Apache-2.0
#include "lib/jose/jwk_write.h"

#include "lib/jose/key_type.h"
#include "tests/unit/keys.h"

namespace jwtctl {
namespace {

using namespace testing;

std::string written(const Jwk& jwk, Half half) {
  auto json = to_jwk(jwk, half);
  INFO((json ? "" : json.error().message));
  REQUIRE(json.has_value());
  return json->dump();
}

TEST_CASE("the keys of the RFCs are written as the RFCs write them") {
  Jwk ed = jwk_of(with(ed_jwk(), "d", kEdD));
  CHECK(written(ed, Half::public_half) == ed_jwk().dump());
  CHECK(written(ed, Half::private_half) == with(ed_jwk(), "d", kEdD).dump());
  Jwk ec = jwk_of(with(ec_jwk(), "d", kEcD));
  CHECK(written(ec, Half::public_half) == ec_jwk().dump());
  CHECK(written(ec, Half::private_half) == with(ec_jwk(), "d", kEcD).dump());
  CHECK(written(jwk_of(oct_jwk()), Half::private_half) == oct_jwk().dump());
}

TEST_CASE("kid, use, alg and key_ops follow, as far as there are any") {
  Jwk jwk = jwk_of(ed_jwk());
  jwk.kid = "k\n";
  CHECK(written(jwk, Half::public_half) == with(ed_jwk(), "kid", "k\n").dump());
  jwk.use = "sig";
  jwk.alg = "EdDSA";
  jwk.key_ops = {"verify", "x"};
  Json full = with(with(ed_jwk(), "kid", "k\n"), "use", "sig");
  full = with(with(full, "alg", "EdDSA"), "key_ops", Json::Array{"verify", "x"});
  CHECK(written(jwk, Half::public_half) == full.dump());
}

TEST_CASE("every key comes back from its JWK") {
  for (const Algorithm& row : signature_algorithms()) {
    CAPTURE(row.name);
    Jwk jwk{native_key(row), "k", {}, {}, {}};
    auto json = to_jwk(jwk, Half::private_half);
    REQUIRE(json.has_value());
    Jwk back = jwk_of(*json);
    CHECK(back.kid == "k");
    CHECK(*private_octets(back.key) == *private_octets(jwk.key));
    CHECK(thumbprint(back.key) == thumbprint(jwk.key));
    CHECK(written(back, Half::private_half) == json->dump());
    if (row.kty == KeyType::oct) continue;
    Json half = json_of(written(jwk, Half::public_half));
    CHECK_FALSE(jwk_of(half).key.is_private());
    CHECK(without_private(*json).same_value(half));
    for (const JsonMember& member : *half.as_object()) CHECK_FALSE(is_private_member(member.name));
  }
}

TEST_CASE("an RSA key has all of its numbers, or the exponent alone") {
  auto names = [](const Json& json) {
    std::string all;
    for (const JsonMember& member : *json.as_object()) all += member.name + " ";
    return all;
  };
  CHECK(names(*to_jwk({native_key("RS256"), {}, {}, {}, {}}, Half::private_half)) ==
        "kty n e d p q dp dq qi ");
  CHECK(names(*to_jwk({rsa_by_exponent(), {}, {}, {}, {}}, Half::private_half)) == "kty n e d ");
  CHECK(names(*to_jwk({native_key("RS256"), {}, {}, {}, {}}, Half::public_half)) == "kty n e ");
}

TEST_CASE("a half that does not exist is refused") {
  check_failed(to_jwk(jwk_of(oct_jwk()), Half::public_half), ErrorCode::key_refused,
               "a secret has no public half");
  for (const Json& json : {ed_jwk(), ec_jwk()}) {
    Jwk jwk = jwk_of(json);
    check_failed(to_jwk(jwk, Half::private_half), ErrorCode::key_refused,
                 fmt::format("this is {}, it has no private half", jwk.key.describe()));
  }
  check_failed(to_jwk({public_half(native_key("RS256")), {}, {}, {}, {}}, Half::private_half),
               ErrorCode::key_refused, "it has no private half");
}

TEST_CASE("without its private half a JWK keeps every other member, in order") {
  Json whole =
      json_of(R"({"a":1.50,"d":"s","kty":"RSA","p":"s","q":"s","dp":"s","dq":"s",)"
              R"("qi":"s","oth":[{"r":"s"}],"k":"s","priv":"s","x-note":{"d":"kept"},"n":"n"})");
  CHECK(without_private(whole).dump() == R"({"a":1.50,"kty":"RSA","x-note":{"d":"kept"},"n":"n"})");
  CHECK(without_private(ed_jwk()).dump() == ed_jwk().dump());
  // A key that lies in a member that we do not know is private all the same.
  Json backed_up = with(with(ed_jwk(), "backup", with(ed_jwk(), "d", kEdD)), "note", "kept");
  backed_up.set("pem", "-----BEGIN PRIVATE KEY-----\nMIGHAgEA\n-----END PRIVATE KEY-----\n");
  CHECK(without_private(backed_up).dump() == with(ed_jwk(), "note", "kept").dump());
  for (const Json& other : {Json(), Json("text"), Json(Json::Array{1})}) {
    CHECK(without_private(other).dump() == "{}");
  }
}

TEST_CASE("what may sign may verify once it is public") {
  auto operations = [](std::string_view list) {
    Json jwk = with(with(ed_jwk(), "d", kEdD), "key_ops", json_of(list));
    return without_private(jwk).find("key_ops")->dump();
  };
  CHECK(operations(R"(["sign"])") == R"(["verify"])");
  CHECK(operations(R"(["verify","sign"])") == R"(["verify"])");
  CHECK(operations(R"(["sign","verify"])") == R"(["verify"])");
  CHECK(operations(R"(["wrapKey","sign","x"])") == R"(["wrapKey","verify","x"])");
  CHECK(operations("[]") == "[]");
  CHECK(operations("[1,null]") == "[1,null]");
  CHECK(operations(R"("sign")") == R"("sign")");
  // What was public before says what it says.
  Json half = with(ed_jwk(), "key_ops", Json::Array{"sign"});
  CHECK(without_private(half).dump() == half.dump());
}

}  // namespace
}  // namespace jwtctl
