// SPDX-License-Identifier: Apache-2.0
#include "lib/rotation/set_faults.h"

#include <algorithm>

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
  CHECK(only_fault(fmt::format(R"({{{},"kid":"b"}})", kOffCurve), Kind::point)
            .starts_with("keys/1 \"b\": "));
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
}

/// kinds_of lists what is wrong with the only entry, given by its members.
std::vector<Kind> kinds_of(std::string_view members) {
  std::vector<Kind> out;
  for (const SetFault& fault : faults_of(fmt::format("{{{}}}", members))) {
    out.push_back(fault.kind);
  }
  return out;
}

TEST_CASE("what is wrong with an entry, and who refuses the set for it") {
  using Kinds = std::vector<Kind>;
  // What keys/1 is like, and whether these refuse it: go-oidc, jwx, keyfunc, nimbus, jose.
  struct Row {
    std::string members;
    Kinds kinds;
    std::string_view who;
  };
  auto ec = [](std::string_view more) { return fmt::format("{},{}", kEc, more); };
  auto number = [](std::string_view name) {
    return fmt::format(R"({},"{}":5)", name == "kty" ? R"("crv":"P-256")" : kEc, name);
  };
  const std::string x_of_ec =
      R"("kty":"EC","crv":"P-256","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM","x":)";
  const std::string all = "go-oidc jwx keyfunc nimbus";
  const std::vector<Row> rows{
      {number("kid"), {Kind::malformed}, all},
      {number("alg"), {Kind::malformed}, all},
      {number("use"), {Kind::malformed}, all},
      {number("kty"), {Kind::malformed}, all},
      {x_of_ec + R"("!!")", {Kind::malformed}, all},
      {R"("kty":"RSA","n":"AQAB")", {Kind::malformed}, all},
      {R"("kid":"q")", {Kind::untyped}, "go-oidc jwx nimbus"},
      {x_of_ec + R"("AAAA")", {Kind::point, Kind::length}, "go-oidc keyfunc nimbus"},
      {std::string(kOffCurve), {Kind::point}, "go-oidc keyfunc nimbus"},
      {x_of_ec + R"("MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4=")", {Kind::padding}, "go-oidc"},
      {x_of_ec + R"("MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAq/7D4")",
       {Kind::alphabet},
       "go-oidc keyfunc"},
      {R"("kty":"OKP","crv":"Ed25519","x":"AAAA")", {Kind::octets}, "go-oidc keyfunc"},
      {ec(R"("exp":"x")"), {Kind::date}, "nimbus"},
      {ec(R"("key_ops":"verify")"), {Kind::operations_type}, "jwx keyfunc nimbus"},
      {ec(R"("key_ops":["foo"])"),
       {Kind::unknown_operation, Kind::other_operations},
       "keyfunc nimbus jose"},
      {ec(R"("use":"sig","key_ops":["verify","encrypt"])"),
       {Kind::contradiction, Kind::other_operations},
       "nimbus jose"},
      {ec(R"("use":"enc","key_ops":["verify"])"), {Kind::contradiction}, "nimbus"},
      {ec(R"("use":"sig","key_ops":["sign","verify"])"), {Kind::other_operations}, "jose"},
      {ec(R"("key_ops":["verify","verify"])"), {Kind::other_operations}, "jose"},
      {ec(R"("x5t":"zz")"), {Kind::certificate_hash}, "go-oidc"},
      {ec(R"("x5t":5)"), {Kind::certificate_hash}, "go-oidc"},
      {ec(R"("x5t#S256":"AAAAAAAAAAAAAAAAAAAAAAAAAAA")"), {Kind::certificate_hash}, "go-oidc"},
      {ec(R"("x5t#S256":"?")"), {Kind::certificate_hash}, "go-oidc"},
      {ec(R"("x5u":"::bad")"), {Kind::certificate_url}, "go-oidc keyfunc nimbus"},
      {ec(R"("x5u":"http://id.test/c")"), {Kind::certificate_plain}, "keyfunc"},
      {R"("kty":"AKP","alg":"ML-DSA-44","pub":"AAAA")", {Kind::unknown_type}, "jwx"},
      {R"("kty":"EC","crv":"brainpoolP256r1","x":"AA","y":"AA")", {Kind::unknown_curve}, "nimbus"}};
  for (const Row& row : rows) {
    INFO(row.members);
    CHECK(kinds_of(row.members) == row.kinds);
    for (std::string_view name : {"go-oidc", "jwx", "keyfunc", "nimbus", "jose"}) {
      INFO(name);
      bool minds = std::any_of(row.kinds.begin(), row.kinds.end(), [name](Kind kind) {
        auto who = who_minds(kind);
        return std::find(who.begin(), who.end(), name) != who.end();
      });
      CHECK(minds == (row.who.find(name) != std::string_view::npos));
    }
  }
  // An x that lacks its zeros is the same point.
  const std::string short_y =
      R"("kty":"EC","crv":"P-256","x":"AKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4A")";
  CHECK(kinds_of(short_y) == Kinds{Kind::point, Kind::length});
}

TEST_CASE("what all verifiers take") {
  for (std::string_view entry :
       {R"("kty":"EC","crv":"secp256k1")", R"("kty":"OKP","crv":"Ed448","x":"AA")",
        R"("kty":"OKP","crv":"X25519","x":"AA")",
        R"("kty":"RSA","n":"AQAB","e":"AQAB","alg":"new")"}) {
    INFO(entry);
    CHECK(kinds_of(entry).empty());
  }
  for (std::string_view more :
       {R"("alg":"new","use":"enc","x5c":[])", R"("x5c":null)", R"("key_ops":["verify"])",
        R"("key_ops":[])", R"("use":"sig","key_ops":["verify"])", R"("ext":false,"exp":5)",
        R"("x5u":"https://id.test/c")", R"("x5t":"AAAAAAAAAAAAAAAAAAAAAAAAAAA")",
        R"("x5t#S256":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")"}) {
    INFO(more);
    CHECK(kinds_of(fmt::format("{},{}", kEc, more)).empty());
  }
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
  // What is to be ignored matters to those alone that are known to refuse it.
  CHECK(weight(Kind::unknown_type, {"jwx"}) == Weight::certain);
  CHECK(weight(Kind::unknown_type, {"verifier-cache"}) == Weight::note);
  CHECK(weight(Kind::other_operations, {"jose"}, "new") == Weight::certain);
  CHECK(weight(Kind::other_operations, {"jose"}, "old") == Weight::note);
  CHECK(weight(Kind::other_operations, {"verifier-cache"}, "new") == Weight::note);
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
  for (int kind = 0; kind <= static_cast<int>(Kind::repeated_kid); ++kind) {
    CHECK_FALSE(who_minds(static_cast<Kind>(kind)).empty());
    for (std::string_view name : who_minds(static_cast<Kind>(kind))) {
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
