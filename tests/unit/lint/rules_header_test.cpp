// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/lint/token_rules.h"

namespace jwtctl {
namespace {

using testing::header_with;
using testing::judged;
using testing::of_header;
using testing::summary;
using testing::token_of;

TEST_CASE("a header that no verifier may accept fires one rule") {
  CHECK(of_header(R"({"alg":"none"})") == "JWT101 error header/alg");
  CHECK(of_header(R"({"alg":"nOnE"})") == "JWT102 error header/alg");
  CHECK(of_header(R"({"alg":"XX"})") == "JWT103 error header/alg");
  CHECK(of_header("{}") == "JWT103 error header/alg");
  CHECK(of_header(header_with(R"("crit":["x"])")) == "JWT108 error header/crit");
  CHECK(of_header(header_with(R"("crit":[])")) == "JWT108 error header/crit");
  CHECK(of_header(header_with(R"("b64":false)")) == "JWT109 error header/b64");
  CHECK(of_header(header_with(R"("b64":true)")).empty());
}

/// federated is what is said of an HMAC token between these two.
std::string federated(std::string_view iss, std::string_view aud) {
  std::string payload = fmt::format(
      R"({{"iss":"{}","sub":"u","aud":{},"iat":1767225540,"exp":1767229140}})", iss, aud);
  return summary(judged(token_of(R"({"alg":"HS256","kid":"1"})", payload)));
}

TEST_CASE("a shared secret between two parties is a warning") {
  constexpr std::string_view kWarning = "JWT105 warning header/alg";
  CHECK(federated("https://id.one.example", R"("https://api.two.example")") == kWarning);
  CHECK(federated("https://a.test", R"("https://b.test")") == kWarning);
  CHECK(federated("https://a.test", R"(["https://b.test"])") == kWarning);
  CHECK(federated("https://A.test:8443/x", R"("https://a.test/y")").empty());
  CHECK(federated("https://id.a.test", R"("https://api.a.test")").empty());
  CHECK(federated("https://a.test", R"("client-1")").empty());
  CHECK(federated("service", R"("https://b.test")").empty());
}

TEST_CASE("what is allowed is compared by name, and EdDSA by its two names") {
  Expectations expected;
  expected.policy.algorithms = {"ES256"};
  CHECK(of_header(R"({"alg":"RS256","kid":"1"})", expected) == "JWT107 error header/alg");
  CHECK(of_header(R"({"alg":"ES256","kid":"1"})", expected).empty());
  expected.policy.algorithms = {"EdDSA"};
  CHECK(of_header(R"({"alg":"Ed25519","kid":"1"})", expected).empty());
}

TEST_CASE("typ is compared as a media type, by --typ before the profile") {
  Expectations expected;
  expected.policy.typ = "at+jwt";
  CHECK(of_header(R"({"alg":"ES256","kid":"1"})", expected) == "JWT117 error header");
  CHECK(of_header(header_with(R"("typ":"JWT")"), expected) == "JWT117 error header/typ");
  CHECK(of_header(header_with(R"("typ":7)"), expected) == "JWT117 error header/typ");
  CHECK(of_header(header_with(R"("typ":"application/at+jwt")"), expected).empty());
  Expectations profile;
  profile.profile = find_profile("at+jwt");
  REQUIRE(profile.profile != nullptr);
  CHECK(of_header(header_with(R"("typ":"JWT")"), profile).find("JWT117 error header/typ") == 0);
}

TEST_CASE("a token of two kinds is a note, under a profile a warning") {
  auto of = [](std::string_view typ, std::string_view claims, const Expectations& expected = {}) {
    return summary(judged(
        token_of(header_with(fmt::format(R"("typ":"{}")", typ)), testing::payload_with(claims)),
        expected));
  };
  CHECK(of("JWT", R"("nonce":"n","at_hash":"h")").empty());
  CHECK(of("JWT", R"("nonce":"n")").empty());
  CHECK(of("JWT", R"("scope":"read","nonce":"n")") == "JWT118 note payload");
  CHECK(of("JWT", R"("scp":["read"],"c_hash":"h")") == "JWT118 note payload");
  CHECK(of("at+jwt", R"("nonce":"n")") == "JWT118 note header/typ");
  CHECK(of("logout+jwt", R"("nonce":"n")") == "JWT118 note header/typ");
  CHECK(of("dpop+jwt", R"("htm":"GET","htu":"https://a.test","nonce":"n")").empty());
  CHECK(of("at+jwt", R"("scope":"read")").empty());
  Expectations expected;
  expected.profile = find_profile("spiffe");
  CHECK(of("JWT", R"("scope":"read","nonce":"n")", expected) == "JWT118 warning payload");
}

TEST_CASE("cty on a set of claims is a warning") {
  CHECK(of_header(header_with(R"("cty":"json")")) == "JWT119 warning header/cty");
}

TEST_CASE("copies of claims in the header must be copies") {
  CHECK(of_header(header_with(R"("iss":"https://issuer.example","sub":"user-1")")).empty());
  CHECK(of_header(header_with(R"("iss":"https://other.example")")) == "JWT120 error header/iss");
  CHECK(of_header(header_with(R"("aud":["api.example"])")) == "JWT120 error header/aud");
}

TEST_CASE("rounds of a password hash have a floor and a ceiling") {
  auto rounds = [](std::string_view p2c) {
    return of_header(header_with(fmt::format(R"("p2c":{})", p2c)));
  };
  CHECK(rounds("999") == "JWT121 warning header/p2c");
  CHECK(rounds("1000").empty());
  CHECK(rounds("1200000").empty());
  CHECK(rounds("1200001") == "JWT121 error header/p2c");
  CHECK(rounds("1e30") == "JWT121 error header/p2c");
  CHECK(of_header(header_with(R"("zip":"DEF")")) == "JWT121 warning header/zip");
  auto jwe = judged(to_base64url(R"({"alg":"dir","enc":"A256GCM","zip":"DEF"})") + "..AA.AA.AA");
  CHECK(summary(jwe) == "JWT015 note header, JWT121 warning header/zip");
}

}  // namespace
}  // namespace jwtctl
