// SPDX-License-Identifier: Apache-2.0
// JWK001 to JWK004, JWK009 and JWK010: how a key is made.
#include "lib/jose/jwk_write.h"
#include "tests/unit/lint/judged.h"

namespace jwtctl {
namespace {

using namespace testing;

std::string zeros(std::size_t octets) { return to_base64url(std::string(octets, '\0')); }

TEST_CASE("good keys of every type have no finding") {
  CHECK(judged_key(good_ec()).empty());
  CHECK(judged_key(good_rsa()).empty());
  CHECK(judged_key(good_secret()).empty());
  CHECK(judged_key(with(ed_jwk(), "alg", "EdDSA")).empty());
  CHECK(judged_key(with(ed_jwk(), "d", kEdD)).empty());
}

TEST_CASE("keys for agreement and keys of other algorithms are well made") {
  Json x25519 = Json::object({{"kty", "OKP"}, {"crv", "X25519"}, {"x", kEdX}, {"use", "enc"}});
  CHECK(judged_key(x25519).empty());
  CHECK(judged_key(with(x25519, "alg", "ECDH-ES")).empty());
  Json x448 = Json::object({{"kty", "OKP"}, {"crv", "X448"}, {"x", zeros(56)}});
  CHECK(judged_key(x448).empty());
  Json akp = Json::object({{"kty", "AKP"}, {"alg", "ML-DSA-44"}, {"pub", zeros(1312)}});
  CHECK(judged_key(akp).empty());
  CHECK(judged_key(without(akp, "alg")) == Lines{"error JWK001 : \"alg\" is missing or no string"});
}

TEST_CASE("JWK001: members that are missing, twice or of the wrong type") {
  CHECK(judged_key(Json("key")) == Lines{"error JWK001 : a key must be an object, not a string"});
  CHECK(judged_key(Json::object({})) == Lines{"error JWK001 : \"kty\" is missing or no string"});
  CHECK(judged_key(with(good_ec(), "kty", 1)) ==
        Lines{"error JWK001 kty: \"kty\" is missing or no string"});
  CHECK(judged_key(with(good_ec(), "kty", "ec")) ==
        Lines{"error JWK001 kty: there is no key type \"ec\""});
  CHECK(judged_key(without(good_ec(), "crv")) ==
        Lines{"error JWK001 : \"crv\" is missing or no string"});
  CHECK(judged_key(with(good_ec(), "crv", "P-257")) ==
        Lines{"error JWK001 crv: curve \"P-257\" is none of kty EC",
              "error JWK015 alg: ES256 needs P-256, the key is P-257"});
  CHECK(of("JWK001", judged_key(with(good_ec(), "crv", "Ed25519"))) ==
        Lines{"error JWK001 crv: curve \"Ed25519\" is none of kty EC"});
  CHECK(judged_key(with(good_ec(), "y", Json())) ==
        Lines{"error JWK001 y: \"y\" is missing or no string"});
  CHECK(judged_key(without(good_rsa(), "e")) ==
        Lines{"error JWK001 : \"e\" is missing or no string"});
  CHECK(judged_key(with(good_rsa(), "n", "")) == Lines{"error JWK001 n: \"n\" is empty"});
  CHECK(judged_key(with(good_ec(), "use", 1)) ==
        Lines{"error JWK001 use: \"use\" must be a string, not a number"});
  for (const Json& ops : {Json("verify"), Json(Json::Array{1})}) {
    CHECK(judged_key(with(good_ec(), "key_ops", ops)) ==
          Lines{"error JWK001 key_ops: \"key_ops\" must be an array of strings"});
  }
  Json twice = good_ec();
  twice.append("kid", "2026-b");
  CHECK(judged_key(twice) == Lines{"error JWK001 kid: \"kid\" stands twice"});
}

TEST_CASE("JWK001: PEM that says it is a key and is none") {
  std::string broken =
      "-----BEGIN PUBLIC KEY-----\n"
      "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n"
      "-----END PUBLIC KEY-----\n";
  CHECK(judged_pem(broken) == Lines{"error JWK001 : the PEM block \"PUBLIC KEY\" is broken"});
  std::string unreadable = broken;
  unreadable.replace(unreadable.find("MFkw"), 4, "M***");
  CHECK(judged_pem(unreadable) == Lines{"error JWK001 : the PEM block is broken"});
  // A good key, for something else.
  CHECK(judged_pem("-----BEGIN PUBLIC KEY-----\n"
                   "MCowBQYDK2VuAyEA3p7bfXt9wbTTW2HC7OQ1Nz+DQ8hbeGdNrfx+FG+IK08=\n"
                   "-----END PUBLIC KEY-----\n") ==
        Lines{"warning JWK001 : X25519 keys do not sign in JOSE"});
  // Neither key nor certificate, or sealed: nothing is wrong with it.
  for (std::string_view label : {"CERTIFICATE REQUEST", "X509 CRL", "OPENSSH PRIVATE KEY"}) {
    CHECK(judged_pem(fmt::format("-----BEGIN {}-----\nAAAA\n-----END {}-----\n", label, label))
              .empty());
  }
}

TEST_CASE("JWK002: what is not canonical base64url") {
  auto spelled = [](std::string_view x) {
    return of("JWK002", judged_key(with(good_ec(), "x", x)));
  };
  std::string x(kEcX);
  CHECK(spelled(x).empty());
  CHECK(spelled(x + "=") == Lines{"error JWK002 x: \"x\" is padded (offset 43)"});
  CHECK(spelled("+" + x.substr(1)) ==
        Lines{"error JWK002 x: \"x\" is in the standard alphabet, not base64url (offset 0)"});
  CHECK(spelled(x.substr(0, 42) + "V") ==
        Lines{"error JWK002 x: \"x\" ends in bits that must be zero (offset 42)"});
  CHECK(spelled(x.substr(0, 41)) ==
        Lines{"error JWK002 x: \"x\" has a length that base64url never has (offset 40)"});
  CHECK(spelled(x.substr(0, 20) + " " + x.substr(21)) ==
        Lines{"error JWK002 x: \"x\" has a character that base64url does not have (offset 20)"});
  CHECK(spelled(std::string(64, 'a')) ==
        Lines{"error JWK002 x: \"x\" is hexadecimal, not base64url"});
  CHECK(spelled(std::string(60, 'a')).empty());  // of another length: JWK003
}

TEST_CASE("JWK002: integers have no zeros in front, octets may") {
  CHECK(judged_key(with(good_rsa(), "e", "AAEAAQ")) ==
        Lines{"error JWK002 e: \"e\" begins with an octet of zero"});
  std::string n = std::string(1, '\0').append(as_text(octets(*good_rsa().find("n")->as_string())));
  CHECK(judged_key(with(good_rsa(), "n", to_base64url(n))) ==
        Lines{"error JWK002 n: \"n\" begins with an octet of zero"});
  CHECK(of("JWK002", judged_key(with(good_rsa(), "e", "AA"))).empty());  // zero itself
  std::string secret(as_text(octets(*good_secret().find("k")->as_string())));
  secret.front() = '\0';
  CHECK(judged_key(with(good_secret(), "k", to_base64url(secret))).empty());
}

TEST_CASE("JWK003: coordinates are as long as the field") {
  struct Row {
    std::string_view kty, crv;
    std::size_t octets;
  };
  for (const Row& row :
       {Row{"EC", "P-256", 32}, Row{"EC", "P-384", 48}, Row{"EC", "P-521", 66},
        Row{"EC", "secp256k1", 32}, Row{"OKP", "Ed25519", 32}, Row{"OKP", "Ed448", 57},
        Row{"OKP", "X25519", 32}, Row{"OKP", "X448", 56}}) {
    CAPTURE(row.crv);
    auto judged_length = [&row](std::size_t size) {
      Json key = Json::object({{"kty", row.kty}, {"crv", row.crv}, {"x", zeros(size)}});
      if (row.kty == "EC") key.set("y", zeros(row.octets));
      return of("JWK003", judged_key(key));
    };
    for (std::size_t size : {row.octets - 1, row.octets + 1}) {
      CHECK(judged_length(size) ==
            Lines{fmt::format("error JWK003 x: \"x\" has {} octets, on {} it must have {}", size,
                              row.crv, row.octets)});
    }
    CHECK(judged_length(row.octets).empty());
  }
  CHECK(judged_key(with(good_ec(), "d", zeros(31))) ==
        Lines{"error JWK003 d: \"d\" has 31 octets, on P-256 it must have 32"});
}

TEST_CASE("JWK004: points off the curve, of low order, or not canonical") {
  std::string y(kEcY);
  y.front() = 'y';
  CHECK(judged_key(with(good_ec(), "y", y)) ==
        Lines{"error JWK004 : the EC point is not on P-256"});
  CHECK(judged_key(with(with(good_ec(), "x", zeros(32)), "y", zeros(32))) ==
        Lines{"error JWK004 : the EC point is not on P-256"});
  std::string identity(32, '\0');
  identity.front() = '\1';
  CHECK(judged_key(with(ed_jwk(), "x", to_base64url(identity))) ==
        Lines{"error JWK004 : the Ed25519 key is a point of low order"});
  CHECK(judged_key(with(ed_jwk(), "x", to_base64url(std::string(32, '\xff')))) ==
        Lines{"error JWK004 : the Ed25519 key is not a canonical encoding of a point"});
}

Json private_rsa() {
  auto json = to_jwk(Jwk{native_key("RS256"), {}, "RS256", {}, {}}, Half::private_half);
  REQUIRE(json.has_value());
  return *std::move(json);
}

TEST_CASE("JWK009: halves that do not belong together") {
  const std::string message = "the private half of the key does not belong to the public one";
  CHECK(judged_key(with(good_ec(), "d", kEcD)).empty());
  std::string other(kEcD);
  other.front() = 'k';
  CHECK(judged_key(with(good_ec(), "d", other)) ==
        Lines{fmt::format("error JWK009 : {}", message)});
  CHECK(judged_key(with(with(ed_jwk(), "d", kEdD), "x", kOtherEdX)) ==
        Lines{"error JWK009 : the halves of the Ed25519 key do not belong together"});

  Json rsa = private_rsa();
  CHECK(judged_key(rsa).empty());
  for (std::string_view name : {"p", "dp", "qi", "d"}) {
    CAPTURE(name);
    std::string text = *rsa.find(name)->as_string();
    text.front() = text.front() == 'B' ? 'C' : 'B';
    CHECK(of("JWK009", judged_key(with(rsa, name, text))) ==
          Lines{fmt::format("error JWK009 : {}", message)});
  }
  CHECK(judged_key(without(rsa, "q")) == Lines{"error JWK009 : \"q\" is missing or no string"});
  CHECK(of("JWK009", judged_key(with(good_rsa(), "oth", Json::Array{}))) ==
        Lines{"error JWK009 oth: keys of more than two primes are not supported"});
}

TEST_CASE("JWK010: a secret of no octets, and only that") {
  CHECK(judged_key(with(good_secret(), "k", "")) == Lines{"error JWK010 k: \"k\" is empty"});
  CHECK(of("JWK010", judged_key(with(good_secret(), "k", "AA"))).empty());
}

TEST_CASE("messages hold nothing of a private key") {
  for (std::string_view name : {"d", "k", "p"}) {
    for (std::string_view text : {"c2VjcmV0c2VjcmV0=", "736563726574", "c2VjcmV0c2VjcmV0+"}) {
      for (const Json& key : {good_ec(), good_rsa(), good_secret(), ed_jwk()}) {
        for (const std::string& line : judged_key(with(key, name, text))) {
          CHECK(line.find("c2VjcmV0") == std::string::npos);
          CHECK(line.find("7365") == std::string::npos);
        }
      }
    }
  }
}

}  // namespace
}  // namespace jwtctl
