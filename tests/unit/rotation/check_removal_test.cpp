// SPDX-License-Identifier: Apache-2.0
// An emergency: is the key gone, whatever it is called and however it is spelled?
#include "lib/rotation/key_sets.h"
#include "tests/unit/rotation/world.h"

namespace jwtctl {
namespace {

using namespace testing;

// RFC 7517 appendix A.1 and RFC 8037 appendix A.2; the x of the third begins with zeros that are
// left out.
constexpr std::string_view kEc =
    R"({"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"})";
constexpr std::string_view kEd =
    R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})";

std::string material(std::string_view text) {
  auto jwk = parse_json(text, "");
  INFO(text);
  REQUIRE(jwk.has_value());
  return material_of(*jwk);
}

std::string with(std::string_view text, std::string_view from, std::string_view to) {
  std::string out(text);
  REQUIRE(out.find(from) != std::string::npos);
  return out.replace(out.find(from), from.size(), to);
}

TEST_CASE("a key is the same however it is spelled") {
  std::string ec = material(kEc);
  std::string ed = material(kEd);
  CHECK(ec.size() == 43);
  CHECK(ed.size() == 43);
  CHECK(ec == thumbprint_of(*parse_json(kEc, "")));
  CHECK(ed == thumbprint_of(*parse_json(kEd, "")));
  for (std::string_view more : {R"("alg":null,)", R"("kid":5,)", R"("use":7,"key_ops":"x",)"}) {
    CHECK(material(with(kEc, "{", fmt::format("{{{}", more))) == ec);
  }
  CHECK(material(with(kEc, "7D4\"", "7D4=\"")) == ec);
  CHECK(material(with(kEc, "MKBC", "AAAAMKBC")) == ec);  // zeros in front
  CHECK(material(with(kEd, "S_7", "S/7")) == ed);
  CHECK(material(with(kEd, "Ro\"", "Ro=\"")) == ed);
  CHECK(material(with(kEc, "7D4\"", "7D8\"")) != ec);
  for (std::string_view none : {"{}", "[]", "5", R"({"kty":"EC"})", R"({"kty":"oct","k":"AAAA"})",
                                R"({"kty":"EC","crv":5,"x":"AA","y":"AA"})"}) {
    CHECK(material(none).empty());
  }
}

World emergency() {
  RotationInputs in = base();
  in.variant = Variant::emergency;
  in.old_kid = "old";
  in.new_kid = "new";
  in.old_thumbprint = "T-old";
  in.new_thumbprint = "T-new";
  World w(in);
  (void)w.look({shows({"old"})});
  (void)w.look({shows({"new"})});
  w.pass(86400);
  return w;
}

TEST_CASE("the leaked key under another name is not gone") {
  World w = emergency();
  REQUIRE(said(w.look({shows({"new"})})) == "safe done");
  Sample hidden = shows({"new", "q"});
  hidden.keys[1] = {"q", "", {}, "its x is padded", "T-old"};
  CheckResult result = w.look({hidden});
  CHECK(result.invariant == "I5");
  CHECK(result.reasons.front().find("lists the key of \"old\" under the kid \"q\"") !=
        std::string::npos);
  hidden.keys[1].material = "T-other";
  CHECK(said(w.look({hidden})) == "safe done");
}

TEST_CASE("a token of now by the key that is gone is not silence") {
  World w = emergency();
  Instant gone = shift(w.now, -86400);
  auto stray = [&w](std::optional<Instant> iat) {
    SignerEvidence evidence = token("old", w.now);
    evidence.iat = iat;
    evidence.listed = evidence.verified = false;
    return w.look({shows({"new"})}, {evidence});
  };
  CheckResult result = stray(w.now);
  CHECK(said(result) == "unknown untrusting");
  CHECK_FALSE(result.safe_at.has_value());
  CHECK(result.reasons.front().find("says that the old key \"old\" signed it at") !=
        std::string::npos);
  CHECK(stray(gone).answer == Answer::unknown);
  CHECK(stray(std::nullopt).answer == Answer::unknown);
  CHECK(said(stray(shift(gone, -1))) == "safe done");
}

}  // namespace
}  // namespace jwtctl
