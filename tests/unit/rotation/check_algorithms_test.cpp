// SPDX-License-Identifier: Apache-2.0
// Verifiers that do not take the new key, however long is waited.
#include "tests/unit/rotation/world.h"

namespace jwtctl {
namespace {

using namespace testing;

World world_with(std::string_view name, Variant variant = Variant::rotation,
                 std::string to_alg = "") {
  RotationInputs in = base();
  in.variant = variant;
  in.old_kid = "old";
  in.new_kid = "new";
  in.to_alg = std::move(to_alg);
  if (variant == Variant::algorithm) in.verifier_deploy = Given{0, "flag"};
  in.verifiers = {verifier(600)};
  in.verifiers.front().name = name;
  return World(in);
}

/// listed shows the two keys for these algorithms.
Sample listed(std::vector<std::string> old, std::vector<std::string> fresh) {
  Sample sample = shows({"old", "new"});
  sample.keys[0].algorithms = std::move(old);
  sample.keys[1].algorithms = std::move(fresh);
  return sample;
}

TEST_CASE("a key that a verifier of the plan never takes") {
  World w = world_with("api-gateway-http");
  CheckResult result = w.look({listed({"RS256"}, {"ES256"})});
  CHECK(result.invariant == "I12");
  CHECK(result.reasons.front() ==
        "api-gateway-http takes RSA keys alone, and \"new\" is for ES256");
  w.pass(86400);
  for (Step step : {Step::activate, Step::retire}) {
    w.step = step;
    CHECK(w.look({listed({"RS256"}, {"ES256"})}).answer == Answer::unsafe);
    // That the old one is no better makes the new one no good.
    CHECK(w.look({listed({"ES256"}, {"ES256"})}).answer == Answer::unsafe);
  }
  CHECK(world_with("api-gateway-http").look({listed({"RS256"}, {"RS256", "PS256"})}).answer ==
        Answer::wait);
  CHECK(world_with("api-gateway-http").look({shows({"old"})}).answer == Answer::wait);
  // In an emergency the old key must go, whoever takes the new one.
  CHECK(world_with("api-gateway-http", Variant::emergency)
            .look({listed({"RS256"}, {"ES256"})})
            .invariant == "I7");
}

TEST_CASE("a key that a verifier of the plan takes only if it is told so") {
  CheckResult result = world_with("kubernetes").look({listed({"RS256"}, {"ES256"})});
  CHECK(result.answer == Answer::unknown);
  CHECK(result.reasons.front() ==
        "kubernetes allows RS256 alone unless it is told otherwise, and \"new\" is for ES256: "
        "whether its --oidc-signing-algs, or signingAlgs allow that cannot be seen from here");
  World later = world_with("kubernetes");
  (void)later.look({listed({"RS256"}, {"ES256"})});
  later.pass(86400);
  CHECK(later.look({listed({"RS256"}, {"ES256"})}).answer == Answer::unknown);
  CHECK(world_with("kubernetes").look({listed({"RS256"}, {"RS256"})}).answer == Answer::wait);
  // The old key needs it too, so it is set; or the plan has it deployed.
  CHECK(world_with("kubernetes").look({listed({"ES256"}, {"ES256"})}).answer == Answer::wait);
  CHECK(world_with("kubernetes", Variant::algorithm, "ES256")
            .look({listed({"RS256"}, {"ES256"})})
            .answer == Answer::wait);
  CHECK(world_with("go-oidc").look({listed({"RS256"}, {"ES256"})}).answer == Answer::wait);
}

}  // namespace
}  // namespace jwtctl
