// SPDX-License-Identifier: Apache-2.0
#include "lib/jose/jwk.h"

#include <array>

#include "tests/catch.h"

namespace jwtctl {
namespace {

constexpr std::string_view kRsaN =  // RFC 7638 section 3.1
    "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_"
    "BJECPebWKRX"
    "jBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_"
    "FDW2QvzqY368QQMicAtaS"
    "qzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-"
    "bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksIN"
    "HaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
constexpr std::string_view kEcX = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";  // RFC 7515 A.3
constexpr std::string_view kEcY = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";
constexpr std::string_view kEcD = "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI";
constexpr std::string_view kOkpX = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";  // RFC 8037 A.1
constexpr std::string_view kOkpD = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A";

Json rsa_json() { return Json::object({{"kty", "RSA"}, {"n", kRsaN}, {"e", "AQAB"}}); }
Json ec_json() { return Json::object({{"kty", "EC"}, {"crv", "P-256"}, {"x", kEcX}, {"y", kEcY}}); }
Json okp_json() { return Json::object({{"kty", "OKP"}, {"crv", "Ed25519"}, {"x", kOkpX}}); }
Json oct_json() { return Json::object({{"kty", "oct"}, {"k", "c2VjcmV0"}}); }

Json with(Json json, std::string_view name, Json value) {
  json.set(name, std::move(value));
  return json;
}

Json without(const Json& json, std::string_view name) {
  Json out = Json::object({});
  for (const JsonMember& member : *json.as_object()) {
    if (member.name != name) out.set(member.name, member.value);
  }
  return out;
}

Jwk parsed(const Json& json) {
  auto jwk = parse_jwk(json);
  INFO((jwk ? "" : jwk.error().message));
  REQUIRE(jwk.has_value());
  return *std::move(jwk);
}

template <class T>
void check_refused(const Result<T>& result, std::string_view part) {
  CAPTURE(part);
  REQUIRE_FALSE(result.has_value());
  CAPTURE(result.error().message);
  CHECK(result.error().code == ErrorCode::key_refused);
  CHECK(result.error().message.find(part) != std::string::npos);
}

TEST_CASE("keys of every type are read") {
  CHECK(parsed(rsa_json()).key.describe() == "an RSA public key of 2048 bits");
  CHECK(parsed(ec_json()).key.describe() == "an EC public key on P-256");
  CHECK(parsed(okp_json()).key.describe() == "an Ed25519 public key");
  CHECK(parsed(oct_json()).key.describe() == "a secret of 6 bytes");
  CHECK(parsed(with(ec_json(), "d", kEcD)).key.is_private());
  CHECK(parsed(with(okp_json(), "d", kOkpD)).key.is_private());
  CHECK(as_text(parsed(oct_json()).key.octets()) == "secret");
}

TEST_CASE("what the owner says about a key is kept, and the rest is ignored") {
  Json json = with(with(with(okp_json(), "kid", "k1"), "alg", "EdDSA"), "use", "sig");
  json = with(with(json, "key_ops", Json::strings({"sign", "verify"})), "x5c", 5);
  Jwk jwk = parsed(json);
  CHECK(jwk.kid == "k1");
  CHECK(jwk.alg == "EdDSA");
  CHECK(jwk.use == "sig");
  CHECK(jwk.key_ops == std::vector<std::string>{"sign", "verify"});
  Jwk bare = parsed(okp_json());
  CHECK_FALSE(bare.kid.has_value());
  CHECK_FALSE(bare.alg.has_value());
  CHECK_FALSE(bare.use.has_value());
  CHECK_FALSE(bare.key_ops.has_value());
}

TEST_CASE("members of the wrong type are refused by name") {
  check_refused(parse_jwk(Json(Json::Array{})), "must be an object, not an array");
  check_refused(parse_jwk(Json("x")), "must be an object, not a string");
  check_refused(parse_jwk(Json::object({})), "\"kty\" is missing");
  check_refused(parse_jwk(with(ec_json(), "kty", 5)), "\"kty\" must be a string, not a number");
  check_refused(parse_jwk(with(ec_json(), "kid", 7)), "\"kid\" must be a string, not a number");
  check_refused(parse_jwk(with(ec_json(), "alg", nullptr)), "\"alg\" must be a string, not null");
  check_refused(parse_jwk(with(ec_json(), "use", Json(Json::Array{}))), "\"use\" must be a string");
  check_refused(parse_jwk(with(ec_json(), "key_ops", "verify")), "\"key_ops\" must be an array");
  check_refused(parse_jwk(with(ec_json(), "key_ops", Json(Json::Array{Json("verify"), Json(1)}))),
                "\"key_ops\" must be an array of strings");
  check_refused(parse_jwk(with(ec_json(), "crv", 1)), "\"crv\" must be a string");
}

TEST_CASE("types and curves that sign nothing are refused") {
  check_refused(parse_jwk(with(ec_json(), "kty", "ec")), "key type \"ec\" is not one");
  check_refused(parse_jwk(with(ec_json(), "kty", "AKP")), "key type \"AKP\" is not one");
  check_refused(parse_jwk(without(ec_json(), "crv")), "\"crv\" is missing");
  check_refused(parse_jwk(with(ec_json(), "crv", "P-192")), "\"P-192\" is none of kty EC");
  check_refused(parse_jwk(with(ec_json(), "crv", "Ed25519")), "\"Ed25519\" is none of kty EC");
  check_refused(parse_jwk(with(okp_json(), "crv", "P-256")), "\"P-256\" is none of kty OKP");
  check_refused(parse_jwk(with(okp_json(), "crv", "X25519")), "is for key agreement");
  check_refused(parse_jwk(with(okp_json(), "crv", "X448")), "is for key agreement");
}

TEST_CASE("numbers must be there, in canonical base64url") {
  for (std::string_view name : {"n", "e"}) {
    check_refused(parse_jwk(without(rsa_json(), name)),
                  fmt::format("\"{}\" is missing or no string", name));
    check_refused(parse_jwk(with(rsa_json(), name, "")), "\"n\" or \"e\" is empty");
    check_refused(parse_jwk(with(rsa_json(), name, 65537)), "is missing or no string");
  }
  for (std::string_view name : {"x", "y"}) {
    std::string missing = fmt::format("\"{}\" is missing or no string", name);
    check_refused(parse_jwk(without(ec_json(), name)), missing);
    std::string padded = fmt::format("{}=", *ec_json().find(name)->as_string());
    check_refused(parse_jwk(with(ec_json(), name, padded)), "is not base64url: padding");
    check_refused(parse_jwk(with(ec_json(), name, "AQAB")), "have 32 octets, not 3");
    check_refused(parse_jwk(with(ec_json(), name, "")), "have 32 octets, not 0");
  }
  check_refused(parse_jwk(without(okp_json(), "x")), "\"x\" is missing or no string");
  check_refused(parse_jwk(without(oct_json(), "k")), "\"k\" is missing or no string");
  check_refused(parse_jwk(with(oct_json(), "k", "")), "the secret is empty");
  check_refused(parse_jwk(with(oct_json(), "k", "Zh")), "stray bits");
  check_refused(parse_jwk(with(rsa_json(), "e", "AQ+B")), "\"e\" is not base64url: + or /");
}

TEST_CASE("a private half must be complete and belong to the public one") {
  check_refused(parse_jwk(with(with(rsa_json(), "d", "AQAB"), "p", "AQAB")),
                "\"q\" is missing or no string");
  Json factors = rsa_json();
  for (std::string_view name : {"p", "q", "dp", "dq", "qi"}) factors.set(name, "AQAB");
  check_refused(parse_jwk(factors), "\"d\" is missing beside \"p\"");
  check_refused(parse_jwk(with(rsa_json(), "oth", Json(Json::Array{Json("AQAB")}))),
                "more than two primes");
  check_refused(parse_jwk(with(ec_json(), "d", "AQAB")), "have 32 octets, not 3");
  check_refused(parse_jwk(with(okp_json(), "d", kEcD)), "do not belong together");
}

TEST_CASE("a private member without a value leaves the public half") {
  for (const Json& blank : {Json(), Json(""), Json(Json::Array{})}) {
    for (const Json& json : {with(rsa_json(), "d", blank), with(rsa_json(), "oth", blank),
                             with(ec_json(), "d", blank), with(okp_json(), "d", blank)}) {
      auto jwk = parse_jwk(json);
      INFO(json.dump());
      REQUIRE(jwk.has_value());
      CHECK_FALSE(jwk->key.is_private());
    }
    CHECK_FALSE(parse_jwk(with(oct_json(), "k", blank)));
    CHECK_FALSE(parse_jwk(with(ec_json(), "x", blank)));
  }
}

TEST_CASE("a refusal never shows a secret") {
  for (const Json& json : {with(ec_json(), "d", fmt::format("{}=", kEcD)),
                           with(okp_json(), "d", fmt::format("{}!", kOkpD)),
                           with(oct_json(), "k", "hunter2 hunter2")}) {
    auto jwk = parse_jwk(json);
    REQUIRE_FALSE(jwk.has_value());
    for (std::string_view secret : {kEcD, kOkpD, std::string_view("hunter2")}) {
      CHECK(jwk.error().message.find(secret) == std::string::npos);
    }
  }
}

TEST_CASE("a public JWK has the required members in the order of RFC 7638") {
  CHECK(public_jwk(parsed(rsa_json()).key)->dump() ==
        fmt::format(R"({{"e":"AQAB","kty":"RSA","n":"{}"}})", kRsaN));
  CHECK(public_jwk(parsed(with(ec_json(), "d", kEcD)).key)->dump() ==
        fmt::format(R"({{"crv":"P-256","kty":"EC","x":"{}","y":"{}"}})", kEcX, kEcY));
  CHECK(public_jwk(parsed(with(okp_json(), "d", kOkpD)).key)->dump() ==
        fmt::format(R"({{"crv":"Ed25519","kty":"OKP","x":"{}"}})", kOkpX));
  auto secret = public_jwk(parsed(oct_json()).key);
  REQUIRE_FALSE(secret.has_value());
  CHECK(secret.error().code == ErrorCode::crypto);
}

TEST_CASE("thumbprints are those of RFC 7638 and RFC 8037") {
  CHECK(thumbprint(parsed(rsa_json()).key) == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
  CHECK(thumbprint(parsed(okp_json()).key) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
  CHECK(thumbprint(parsed(ec_json()).key) == "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U");
  CHECK(thumbprint(parsed(with(ec_json(), "d", kEcD)).key) == thumbprint(parsed(ec_json()).key));
  CHECK(thumbprint(parsed(oct_json()).key) == std::nullopt);
}

TEST_CASE("a key allows the algorithms of its type, its curve and its alg") {
  using Names = std::vector<std::string>;
  CHECK(allowed_algorithms(parsed(oct_json())) == Names{"HS256", "HS384", "HS512"});
  CHECK(allowed_algorithms(parsed(rsa_json())) ==
        Names{"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"});
  CHECK(allowed_algorithms(parsed(ec_json())) == Names{"ES256"});
  CHECK(allowed_algorithms(parsed(okp_json())) == Names{"EdDSA", "Ed25519"});
  CHECK(allowed_algorithms(parsed(with(rsa_json(), "alg", "PS384"))) == Names{"PS384"});
  CHECK(allowed_algorithms(parsed(with(okp_json(), "alg", "EdDSA"))) == Names{"EdDSA", "Ed25519"});
  CHECK(allowed_algorithms(parsed(with(okp_json(), "alg", "Ed448"))).empty());
  CHECK(allowed_algorithms(parsed(with(ec_json(), "alg", "RS256"))).empty());
  CHECK(allowed_algorithms(parsed(with(ec_json(), "alg", "es256"))).empty());
}

TEST_CASE("alg, use and key_ops decide what a key may verify") {
  const Algorithm& es256 = *find_algorithm("ES256");
  auto judged = [&es256](std::string_view name, Json value) {
    return check_usable_for(parsed(with(ec_json(), name, std::move(value))), es256);
  };
  CHECK(check_usable_for(parsed(ec_json()), es256).has_value());
  CHECK(judged("alg", "ES256").has_value());
  CHECK(judged("use", "sig").has_value());
  CHECK(judged("use", "jwt-svid").has_value());
  CHECK(judged("key_ops", Json::strings({"sign", "verify"})).has_value());
  check_refused(judged("alg", "ES384"), "its alg is \"ES384\", not ES256");
  check_refused(judged("use", "enc"), "its use is \"enc\", not \"sig\"");
  check_refused(judged("use", "SIG"), "its use is \"SIG\"");
  check_refused(judged("key_ops", Json::strings({"sign", "encrypt"})),
                "its key_ops [sign, encrypt] do not include \"verify\"");
  check_refused(judged("key_ops", Json(Json::Array{})), "its key_ops [] do not include");
  check_refused(check_usable_for(parsed(ec_json()), *find_algorithm("RS256")),
                "it is an EC public key on P-256, which cannot do RS256");
  Jwk ed25519 = parsed(with(okp_json(), "alg", "EdDSA"));
  CHECK(check_usable_for(ed25519, *find_algorithm("Ed25519")).has_value());
  check_refused(check_usable_for(ed25519, *find_algorithm("Ed448")), "cannot do Ed448");
}

}  // namespace
}  // namespace jwtctl
