// SPDX-License-Identifier: Apache-2.0
#include "lib/rotation/set_faults.h"

#include "lib/rotation/verifiers.h"
#include "tests/unit/rotation/world.h"

namespace jwtctl {
namespace {

using namespace testing;
using Kind = SetFaultKind;

// RFC 7517 appendix A.1 and RFC 8037 appendix A.2.
constexpr std::string_view kEc =
    R"("kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM")";
constexpr std::string_view kOffCurve =
    R"("kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyQ")";
constexpr std::string_view kEd =
    R"("kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")";

std::vector<SetFault> faults_of(std::string_view entries) {
  auto set = parse_json(fmt::format(R"({{"keys":[{}]}})", entries), "the set");
  INFO(entries);
  REQUIRE(set.has_value());
  return set_faults(*set, 51'200);
}

/// only_fault is that of the second entry, beside a good key.
std::string only_fault(std::string_view members, Kind kind = Kind::malformed) {
  auto faults = faults_of(fmt::format(R"({{{},"kid":"good"}},{})", kEc, members));
  if (faults.empty()) return "";
  INFO(faults.front().text);
  CHECK(faults.size() == 1);
  CHECK(faults.front().kind == kind);
  return faults.front().text;
}

TEST_CASE("entries for which the whole set is refused") {
  CHECK(only_fault("null") == "keys/1: it is no object, but null");
  CHECK(only_fault("\"x\"") == "keys/1: it is no object, but a string");
  CHECK(only_fault("[]") == "keys/1: it is no object, but an array");
  CHECK(only_fault(fmt::format(R"({{{},"kid":"b"}})", kOffCurve)).starts_with("keys/1 \"b\": "));
  CHECK(only_fault(R"({"kty":"RSA","e":"AQAB"})") == "keys/1: \"n\" is missing or no string");
  CHECK(only_fault(R"({"kty":"RSA","n":"","e":"AQAB"})") == "keys/1: \"n\" is empty");
  CHECK(only_fault(
            R"({"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4"})") ==
        "keys/1: \"y\" is missing or no string");
  for (std::string_view x5c :
       {R"(["AAAA"])", R"(["no base64"])", R"([1])", R"("AAAA")", R"([""])"}) {
    for (std::string_view key : {kEc, kEd}) {
      CHECK(only_fault(fmt::format(R"({{{},"x5c":{}}})", key, x5c)).starts_with("keys/1: its x5c"));
    }
  }
  CHECK(
      only_fault(
          R"({"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4A"})",
          Kind::length)
          .find("octets") != std::string::npos);
}

TEST_CASE("what verifiers are to ignore is no fault") {
  for (std::string_view entry :
       {R"({"kty":"AKP","alg":"ML-DSA-44","pub":"AAAA"})", R"({"kty":"new","x5c":["AAAA"]})",
        R"({"kty":"EC","crv":"P-999","x":"AA","y":"AA"})", R"({"kty":"EC","crv":"secp256k1"})",
        R"({"kty":"OKP","crv":"Ed448","x":"AA"})", R"({"kty":"OKP","crv":"X25519","x":"AA"})",
        R"({"kid":"no-type"})", R"({})", R"({"kty":"RSA","n":"AQAB","e":"AQAB","alg":"new"})"}) {
    CHECK(only_fault(entry).empty());
  }
  CHECK(only_fault(fmt::format(R"({{{},"alg":"new","use":"enc","x5c":[]}})", kEc)).empty());
  CHECK(only_fault(fmt::format(R"({{{},"x5c":null}})", kEc)).empty());
}

TEST_CASE("a kid that two entries have") {
  auto faults = faults_of(
      fmt::format(R"({{{},"kid":"a"}},{{{},"kid":"a"}},{{{}}},{{{}}})", kEc, kEd, kEc, kEd));
  REQUIRE(faults.size() == 1);
  CHECK(faults.front() ==
        SetFault{Kind::repeated_kid, "a", "keys/0 and keys/1 both have the kid \"a\""});
}

TEST_CASE("a set that is too large for some") {
  auto set = parse_json(R"({"keys":[]})", "the set");
  CHECK(set_faults(*set, 51'200).empty());
  auto faults = set_faults(*set, 51'201);
  REQUIRE(faults.size() == 1);
  CHECK(faults.front() == SetFault{Kind::size, "", "it has 51201 bytes"});
}

RotationInputs with_verifiers(std::vector<std::string> names) {
  RotationInputs in = base();
  in.old_kid = "old";
  in.new_kid = "new";
  in.verifiers.clear();
  for (std::string& name : names) {
    in.verifiers.push_back(verifier(600));
    in.verifiers.back().name = std::move(name);
  }
  return in;
}

TEST_CASE("whom a fault concerns") {
  using Weight = SetRefusal::Weight;
  auto weight = [](Kind kind, std::vector<std::string> names, std::string kid = "third") {
    return set_refusal({{kind, std::move(kid), "it"}}, with_verifiers(std::move(names)))->weight;
  };
  CHECK(weight(Kind::malformed, {"nimbus"}) == Weight::certain);
  CHECK(weight(Kind::malformed, {"envoy", "go-oidc"}) == Weight::certain);
  CHECK(weight(Kind::malformed, {"envoy", "jose"}) == Weight::note);
  CHECK(weight(Kind::malformed, {"envoy", "verifier-cache"}) == Weight::unknown);
  CHECK(weight(Kind::malformed, {}) == Weight::unknown);
  CHECK(weight(Kind::length, {"nimbus"}) == Weight::note);
  CHECK(weight(Kind::length, {"go-oidc"}) == Weight::certain);
  CHECK(weight(Kind::size, {"nimbus"}) == Weight::certain);
  CHECK(weight(Kind::size, {"verifier-cache"}) == Weight::note);
  CHECK(weight(Kind::foreign_certificate, {"keyfunc"}) == Weight::note);
  CHECK(weight(Kind::foreign_certificate, {"spring"}) == Weight::certain);
  for (std::string kid : {"old", "new"}) {
    CHECK(weight(Kind::repeated_kid, {"jose"}, kid) == Weight::unknown);
    CHECK(weight(Kind::repeated_kid, {"verifier-cache"}, kid) == Weight::unknown);
    CHECK(weight(Kind::repeated_kid, {"go-oidc", "nimbus"}, kid) == Weight::note);
  }
  CHECK(weight(Kind::repeated_kid, {"jose"}) == Weight::note);
  CHECK_FALSE(set_refusal({}, with_verifiers({})).has_value());
  auto worst = set_refusal({{Kind::length, "", "first"}, {Kind::malformed, "", "second"}},
                           with_verifiers({"nimbus"}));
  CHECK(worst->text == "second: nimbus refuses the whole set");
}

TEST_CASE("every verifier that a fault concerns is in the table") {
  for (Kind kind :
       {Kind::malformed, Kind::length, Kind::foreign_certificate, Kind::size, Kind::repeated_kid}) {
    for (std::string_view name : who_minds(kind)) {
      INFO(name);
      CHECK(find_verifier(name) != nullptr);
    }
  }
}

Sample faulty(std::vector<std::string> kids = {"old", "new"}) {
  Sample sample = shows(std::move(kids));
  sample.faults = {{Kind::malformed, "third", "keys/2 \"third\": its x5c/0 is no certificate"}};
  return sample;
}

TEST_CASE("a set that a verifier of the plan refuses must not be published") {
  World w(with_verifiers({"nimbus"}));
  CheckResult result = w.look({faulty()});
  CHECK(result.invariant == "I6");
  CHECK(result.reasons.front().find("keys/2 \"third\": its x5c/0 is no certificate: nimbus "
                                    "refuse") != std::string::npos);
  w.pass(86400);
  CHECK(w.look({faulty()}).invariant == "I6");
  // Who refused it has the new key from now on.
  CHECK(w.look({shows({"old", "new"})}).answer == Answer::wait);
  World other(with_verifiers({"envoy"}));
  CHECK(other.look({faulty()}).answer == Answer::wait);
}

TEST_CASE("a set that a verifier may refuse is never safe, and nothing is measured with it") {
  World w;
  for (Step step : {Step::publish, Step::activate, Step::retire, Step::destroy}) {
    w.step = step;
    CheckResult result = w.look({faulty()});
    CHECK(result.answer == Answer::unknown);
    CHECK_FALSE(result.wait.has_value());
    CHECK(w.look({faulty({"old"})}).answer == Answer::unknown);
    w.pass(86400);
  }
  w.step.reset();
  CheckResult result = w.look({faulty()});
  CHECK(said(result) == "unknown publishing");
  CHECK(result.next == Step::publish);
  CHECK(std::count(result.reasons.begin(), result.reasons.end(), result.reasons.front()) == 1);
  CHECK(said(w.look({shows({"old", "new"})})) == "wait 1800 propagating");
  w.pass(1800);
  CHECK(w.look({shows({"old", "new"}), faulty()}).answer == Answer::unknown);
  // As after an outage: since the last good look some may have had no answer.
  CHECK(said(w.look({shows({"old", "new"})})) == "wait 1800 propagating");
  // What is certain stays so.
  World lost;
  (void)lost.look({shows({"old", "new"})});
  CHECK(said(lost.look({faulty({"new"})})) == "unsafe I2 unknown");
}

TEST_CASE("in an emergency too") {
  RotationInputs in = base();
  in.variant = Variant::emergency;
  in.old_kid = "old";
  in.new_kid = "new";
  World w(in);
  CHECK(w.look({faulty()}).invariant == "I7");
  CHECK(w.look({faulty({"new"})}).answer == Answer::unknown);
  w.pass(86400);
  CHECK(w.look({faulty({"new"})}).answer == Answer::unknown);
  CHECK(w.look({shows({"new"})}).answer == Answer::wait);
}

}  // namespace
}  // namespace jwtctl
