// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "lib/crypto/openssl.h"
#include "lib/lint/web_host.h"
#include "tests/unit/keys.h"
#include "tests/unit/lint/token_rules.h"

namespace jwtctl {
namespace {

using testing::header_with;
using testing::of_header;

KeySet set_of(std::initializer_list<Json> keys) {
  auto set = parse_jwks(Json::object({{"keys", Json::Array(keys)}}));
  REQUIRE(set.has_value());
  return *std::move(set);
}

Expectations expecting(const KeySet& keys) {
  Expectations expected;
  expected.keys = &keys;
  return expected;
}

Json ec(std::string_view kid) { return testing::with(testing::ec_jwk(), "kid", kid); }
Json ed(std::string_view kid) { return testing::with(testing::ed_jwk(), "kid", kid); }

TEST_CASE("a token is judged against the keys that are expected") {
  KeySet keys = set_of({ec("a"), ed("b")});
  Expectations expected = expecting(keys);
  CHECK(of_header(R"({"alg":"ES256","kid":"a"})", expected).empty());
  CHECK(of_header(R"({"alg":"ES256","kid":"b"})", expected) == "JWT106 error header/alg");
  CHECK(of_header(R"({"alg":"ES384","kid":"a"})", expected) == "JWT106 error header/alg");
  CHECK(of_header(R"({"alg":"HS256","kid":"a"})", expected) == "JWT106 error header/alg");
  CHECK(of_header(R"({"alg":"ES256","kid":"c"})", expected) == "JWT116 error header/kid");
  CHECK(of_header(R"({"alg":"RS256"})", expected) == "JWT106 error header/alg");
  CHECK(of_header(R"({"alg":"ES256"})", expected).empty());
}

TEST_CASE("a missing kid is an error when several keys fit") {
  Json other = Json::object({{"kty", "OKP"}, {"crv", "Ed25519"}, {"x", testing::kOtherEdX}});
  KeySet one = set_of({ed("a"), ec("b")});
  KeySet two = set_of({ed("a"), testing::with(other, "kid", "b")});
  CHECK(of_header(R"({"alg":"Ed25519"})", expecting(one)).empty());
  CHECK(of_header(R"({"alg":"Ed25519"})", expecting(two)) == "JWT115 error header");
  CHECK(of_header(R"({"alg":"Ed25519"})") == "JWT115 note header");
  CHECK(of_header(R"({"alg":"HS256"})").empty());
  CHECK(of_header(R"({"alg":"ES256","x5t":"VVVVVVVVVVVVVVVVVVVVVVVVVVU"})").empty());
}

TEST_CASE("a key that was named by hand is tried whatever its kid") {
  KeySet keys = set_of({ec("a")});
  keys.pinned = true;
  CHECK(of_header(R"({"alg":"ES256","kid":"b"})", expecting(keys)) == "JWT116 warning header/kid");
  CHECK(of_header(R"({"alg":"ES256","kid":"a"})", expecting(keys)).empty());
  CHECK(of_header(R"({"alg":"HS256","kid":"a"})", expecting(keys)) == "JWT106 error header/alg");
}

TEST_CASE("a key in the token is an error, but not in a proof of possession") {
  auto of = [](std::string_view typ, const Json& jwk) {
    return of_header(header_with(fmt::format(R"("typ":"{}","jwk":{})", typ, jwk.dump())));
  };
  CHECK(of("JWT", testing::ec_jwk()) == "JWT110 error header/jwk");
  CHECK(of("dpop+jwt", testing::ec_jwk()) == "JWT110 note header/jwk");
  CHECK(of("openid4vci-proof+jwt", testing::ec_jwk()) == "JWT110 note header/jwk");
  CHECK(of("dpop+jwt", testing::with(testing::ec_jwk(), "d", testing::kEcD)) ==
        "JWT110 error header/jwk");
  CHECK(of("dpop+jwt", testing::oct_jwk()) == "JWT110 error header/jwk");
}

TEST_CASE("an address of keys is a warning, an unsafe one an error") {
  auto of = [](std::string_view url) {
    return of_header(header_with(fmt::format(R"("jku":"{}")", url)));
  };
  for (std::string_view url : {"https://keys.example/jwks", "HTTPS://keys.example:8443"}) {
    CAPTURE(url);
    CHECK(of(url) == "JWT111 warning header/jku");
  }
  for (std::string_view url :
       {"http://keys.example/", "ftp://keys.example", "keys.example", "", "https://",
        "https://127.0.0.1/", "https://[::1]/", "https://0x7f.1/", "https://localhost/",
        "https://a.localhost./", "https://metadata/", "https://u:p@keys.example/",
        "https://keys.example@10.0.0.1/", R"(https://keys.example\\@10.0.0.1/)",
        "https://keys.example#@10.0.0.1/"}) {
    CAPTURE(url);
    CHECK(of(url) == "JWT111 error header/jku");
  }
  CHECK(of_header(header_with(R"("x5u":["https://keys.example"])")) == "JWT111 error header/x5u");
}

TEST_CASE("hosts are found as a client would find them") {
  CHECK(web_host("https://A.Example:8443/x?y#z") == "a.example");
  CHECK(web_host("https://user@a.example") == "a.example");
  CHECK(web_host("https://a.example\\@b.example") == "a.example");
  CHECK(web_host("http://[::1]:80/") == "[::1]");
  CHECK_FALSE(web_host("spiffe://a.example"));
  CHECK_FALSE(web_host("https:///x"));
  CHECK(site_of("a.b.example") == "b.example");
  CHECK(site_of("b.example") == "b.example");
  CHECK(site_of("example") == "example");
}

/// A certificate for "issuer.example" on P-256 that signed itself.
constexpr std::string_view kCertificate =
    "MIIBijCCAS+gAwIBAgIULzLSBYEXyypSsjdg/dR3ZFZujokwCgYIKoZIzj0EAwIwGTEXMBUGA1UEAwwOaXNzdWVyLmV4"
    "YW1wbGUwIBcNMjYxMTI0MDMxNjEzWhgPMjEyNjEwMzEwMzE2MTNaMBkxFzAVBgNVBAMMDmlzc3Vlci5leGFtcGxlMFkw"
    "EwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE6B4BfybtMAN773QrKR98Ke584sKvMNi4c6PenO8TPbM0i6/FoaqEfj8jlVjU"
    "qGivxScBeNDU6p+knA7SC+vUeKNTMFEwHQYDVR0OBBYEFGlQ0hB1slQcCiLs61CH5Ge+HN6aMB8GA1UdIwQYMBaAFGlQ"
    "0hB1slQcCiLs61CH5Ge+HN6aMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSQAwRgIhAMP8QwVODffWNBjh5/JY"
    "V7fyLFZxoZC+Uf2el1/iki9KAiEAu5krTBCaEbFl8t2p6DNRu8muf5odn1lOxoRPAf5VQ8M=";

TEST_CASE("certificates in the token are a warning, and an error when they are none") {
  auto of = [](std::string_view x5c) {
    return of_header(header_with(fmt::format(R"("x5c":{})", x5c)));
  };
  std::string good(kCertificate);
  std::string url = good;
  std::replace(url.begin(), url.end(), '+', '-');
  std::replace(url.begin(), url.end(), '/', '_');
  REQUIRE(url != good);
  CHECK(of(fmt::format(R"(["{}"])", good)) == "JWT112 warning header/x5c");
  CHECK(of(fmt::format(R"(["{}","{}"])", good, good)) == "JWT112 warning header/x5c");
  for (const std::string& bad :
       {std::string("[]"), std::string("\"x\""), std::string("[1]"), std::string(R"(["AAAA"])"),
        fmt::format(R"(["{}","AAAA"])", good), fmt::format(R"(["{}"])", url)}) {
    CHECK(of(bad) == "JWT112 error header/x5c");
  }
}

TEST_CASE("a thumbprint has its length and is that of the first certificate") {
  auto der = parse_base64(kCertificate);
  REQUIRE(der);
  std::string digest1 = to_base64url(*sha1(as_text(*der)));
  std::string digest256 = to_base64url(*sha256(as_text(*der)));
  auto of = [](std::string_view name, std::string_view value, bool chain) {
    std::string x5c = chain ? fmt::format(R"(,"x5c":["{}"])", kCertificate) : "";
    return of_header(header_with(fmt::format(R"("{}":"{}"{})", name, value, x5c)));
  };
  constexpr std::string_view kChain = "JWT112 warning header/x5c";
  CHECK(of("x5t", digest1, true) == kChain);
  CHECK(of("x5t#S256", digest256, true) == kChain);
  CHECK(of("x5t", to_base64url(std::string(20, 'a')), true) ==
        "JWT112 warning header/x5c, JWT113 error header/x5t");
  CHECK(of("x5t#S256", to_base64url(std::string(32, 'a')), true) ==
        "JWT112 warning header/x5c, JWT113 error header/x5t#S256");
  for (std::size_t length : {19U, 21U}) {
    CHECK(of("x5t", to_base64url(std::string(length, 'a')), false) == "JWT113 error header/x5t");
  }
  for (std::size_t length : {31U, 33U}) {
    CHECK(of("x5t#S256", to_base64url(std::string(length, 'a')), false) ==
          "JWT113 error header/x5t#S256");
  }
  CHECK(of("x5t", to_base64url(std::string(20, 'a')), false).empty());
  CHECK(of("x5t#S256", to_base64url(std::string(32, 'a')), false).empty());
  CHECK(of_header(header_with(R"("x5t":1)")) == "JWT113 error header/x5t");
}

TEST_CASE("a kid that attacks a lookup is an error, an odd name is none") {
  auto of = [](std::string_view kid) {
    return of_header(fmt::format(R"({{"alg":"ES256","kid":{}}})", Json(kid).dump()));
  };
  for (std::string_view kid :
       {"../../dev/null", "..\\keys", "/etc/passwd", "/dev/null", "file:///x", "x' OR '1'='1",
        "a\"b", "a;b", "$(id)", "`id`", "a || id", "a | id", "a && id"}) {
    CAPTURE(kid);
    CHECK(of(kid) == "JWT114 error header/kid");
  }
  for (std::string_view kid :
       {"2026-a", "abc/def+ghi=", "/etcAbc+dEf=", "--a--", "did:key:z6Mk#z6Mk", "a|b", "a..b",
        "https://issuer.example/keys/1", "urn:ietf:params:oauth:jwk-thumbprint:sha-256:abc", ""}) {
    CAPTURE(kid);
    CHECK(of(kid).empty());
  }
  CHECK(of(std::string(512, 'a')).empty());
  CHECK(of(std::string(513, 'a')) == "JWT114 error header/kid");
  CHECK(of_header(R"({"alg":"ES256","kid":null})") == "JWT114 error header/kid");
  CHECK(of("a\nb") == "JWT114 error header/kid, JWT316 warning header/kid");
}

}  // namespace
}  // namespace jwtctl
