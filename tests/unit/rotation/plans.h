// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>

#include "lib/rotation/plan.h"
#include "tests/catch.h"

/// Inputs and instants of the rotation tests.
namespace jwtctl::testing {

inline Instant at(std::string_view text) {
  auto instant = parse_time(text, {});
  INFO(text);
  REQUIRE(instant.has_value());
  return *instant;
}

inline std::string shown(const std::optional<Instant>& instant) {
  return instant ? format_rfc3339(*instant).value_or("?") : "never";
}

inline VerifierTiming verifier(Seconds cache, Seconds jitter = 0, Seconds outage = 0) {
  return {"verifier-cache", cache, jitter, false, 0, outage, "flag"};
}

/// base is V1 of the model: publish at 09:00, nothing is rounded up.
inline RotationInputs base() {
  RotationInputs in;
  in.start = at("2026-03-02T09:00:00Z");
  in.token_ttl = {3600, "flag"};
  in.skew = {120, "flag"};
  in.publish_delay = {300, "flag"};
  in.caches = {{300, "flag"}};
  in.verifiers = {verifier(600)};
  in.missed_refreshes = {0, "flag"};
  in.signer_rollout = {600, "flag"};
  in.margin = Given{900, "flag"};
  return in;
}

inline RotationPlan plan_of(RotationInputs inputs) {
  Instant now = inputs.start;
  auto plan = make_rotation_plan(std::move(inputs), now);
  INFO((plan ? "" : plan.error().message));
  REQUIRE(plan.has_value());
  return *std::move(plan);
}

inline Error refusal_of(RotationInputs inputs) {
  auto plan = make_rotation_plan(inputs, inputs.start);
  REQUIRE_FALSE(plan.has_value());
  return plan.error();
}

inline std::string phase_at(const RotationPlan& plan, PhaseId id) {
  const Phase* phase = plan.phase(id);
  return phase == nullptr ? "no phase" : shown(phase->at);
}

inline const Invariant& invariant(const std::vector<Invariant>& list, std::string_view id) {
  auto found = std::find_if(list.begin(), list.end(),
                            [id](const Invariant& invariant) { return invariant.id == id; });
  INFO(id);
  REQUIRE(found != list.end());
  return *found;
}

}  // namespace jwtctl::testing
