// SPDX-License-Identifier: Apache-2.0
#include "lib/jose/key_type.h"

#include <array>
#include <set>

#include "lib/jose/jwk_write.h"
#include "tests/unit/keys.h"

namespace jwtctl {
namespace {

using namespace testing;

constexpr std::array kAll{KeyType::rsa, KeyType::ec, KeyType::okp, KeyType::oct};

TEST_CASE("every key type that we verify with is a row, found by its name") {
  for (KeyType type : kAll) {
    const KeyTypeRow& row = key_type_row(type);
    CAPTURE(row.kty);
    CHECK(row.type == type);
    CHECK(row.kty == to_string(type));
    CHECK(row.make != nullptr);
    CHECK(find_key_type(row.kty) == &row);
    CHECK(row.is_symmetric() == (type == KeyType::oct));
  }
}

TEST_CASE("the rest of the registry is known, and is none that we verify with") {
  const KeyTypeRow* akp = find_key_type("AKP");
  REQUIRE(akp != nullptr);
  CHECK_FALSE(akp->type.has_value());
  CHECK_FALSE(akp->is_symmetric());
  for (std::string_view kty : {"", "rsa", "RSA ", "EC2", "Oct", "akp"}) {
    CAPTURE(kty);
    CHECK(find_key_type(kty) == nullptr);
  }
}

TEST_CASE("a JWK names its type by a string") {
  CHECK(type_of_jwk(ec_jwk()) == find_key_type("EC"));
  CHECK(type_of_jwk(with(ec_jwk(), "kty", "ECDSA")) == nullptr);
  CHECK(type_of_jwk(with(ec_jwk(), "kty", 7)) == nullptr);
  CHECK(type_of_jwk(Json::object({})) == nullptr);
  CHECK(type_of_jwk(Json("EC")) == nullptr);
}

TEST_CASE("what is written of a key is what its row lists, in that order") {
  for (const Algorithm& algorithm : signature_algorithms()) {
    CAPTURE(algorithm.name);
    Jwk jwk{native_key(algorithm), {}, {}, {}, {}};
    std::vector<std::string_view> whole{"kty"};
    std::vector<std::string_view> open{"kty"};
    for (const KeyMember& member : key_type_row(algorithm.kty).members) {
      if (member.kind == MemberKind::refused) continue;
      whole.push_back(member.name);
      if (!member.secret) open.push_back(member.name);
    }
    auto names = [](const Json& json) {
      std::vector<std::string_view> list;
      for (const JsonMember& member : *json.as_object()) list.emplace_back(member.name);
      return list;
    };
    auto json = to_jwk(jwk, Half::private_half);
    REQUIRE(json.has_value());
    CHECK(names(*json) == whole);
    if (jwk.key.is_symmetric()) continue;
    auto half = to_jwk(jwk, Half::public_half);
    REQUIRE(half.has_value());
    CHECK(names(*half) == open);
  }
}

TEST_CASE("a member that its row requires is missed by its name") {
  for (const Algorithm& algorithm : signature_algorithms()) {
    Jwk jwk{native_key(algorithm), {}, {}, {}, {}};
    auto json = to_jwk(jwk, Half::private_half);
    REQUIRE(json.has_value());
    for (const KeyMember& member : key_type_row(algorithm.kty).members) {
      CAPTURE(algorithm.name, member.name);
      Json rest = Json::object({});
      for (const JsonMember& one : *json->as_object()) {
        if (one.name != member.name) rest.set(one.name, one.value);
      }
      auto read = parse_jwk(rest);
      // The factors of RSA want d, and each of them the others.
      bool needed = member.presence == MemberPresence::required ||
                    (algorithm.kty == KeyType::rsa && member.kind != MemberKind::refused);
      CHECK(read.has_value() != needed);
      if (!read) {
        CHECK(read.error().message.find(fmt::format("\"{}\" is missing", member.name)) !=
              std::string::npos);
      }
      if (member.kind != MemberKind::refused) continue;
      check_failed(parse_jwk(with(*json, member.name, Json::Array{Json(1)})),
                   ErrorCode::key_refused, "RSA keys of more than two primes");
    }
  }
}

TEST_CASE("private members are those of the registry") {
  for (std::string_view name : {"d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"}) {
    CAPTURE(name);
    CHECK(is_private_member(name));
  }
  for (std::string_view name :
       {"kty", "crv", "x",   "y",   "n", "e", "kid", "use", "alg", "key_ops",
        "x5c", "x5t", "x5u", "pub", "D", "",  "kk",  "dd",  "r",   "t"}) {
    CAPTURE(name);
    CHECK_FALSE(is_private_member(name));
  }
}

TEST_CASE("the first private member of a JWK is found, whatever the type") {
  CHECK(find_private_member(ec_jwk()) == nullptr);
  CHECK(find_private_member(with(ec_jwk(), "d", kEcD))->name == "d");
  CHECK(find_private_member(with(with(ec_jwk(), "k", 1), "d", kEcD))->name == "k");
  CHECK(find_private_member(Json::object({{"priv", "AAAA"}}))->name == "priv");
  CHECK(find_private_member(Json::object({{"priv", nullptr}})) == nullptr);
  CHECK(find_private_member(Json("d")) == nullptr);
}

TEST_CASE("a coordinate is as long as the curve says, on the curves of the type") {
  const KeyTypeRow& ec = key_type_row(KeyType::ec);
  const KeyTypeRow& okp = key_type_row(KeyType::okp);
  for (const CurveInfo& info : curves()) {
    CAPTURE(info.name);
    CHECK(curve_octets(key_type_row(info.kty), info.name) == info.octets);
    CHECK(curve_octets(info.kty == KeyType::ec ? okp : ec, info.name) == std::nullopt);
    CHECK_FALSE(is_agreement_curve(info.name));
  }
  CHECK(curve_octets(okp, "X25519") == std::size_t{32});
  CHECK(curve_octets(okp, "X448") == std::size_t{56});
  CHECK(curve_octets(ec, "X25519") == std::nullopt);
  CHECK(curve_octets(okp, "x25519") == std::nullopt);
  CHECK(is_agreement_curve("X25519"));
  CHECK(is_agreement_curve("X448"));
}

}  // namespace
}  // namespace jwtctl
