// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lib/rotation/check.h"
#include "tests/unit/rotation/plans.h"

/// A rotation as `check_rotation` sees it, look by look.
namespace jwtctl::testing {

inline constexpr std::string_view kOrigin = "https://id.example.com/jwks";
inline constexpr std::string_view kCdn = "https://cdn.example.com/jwks";

/// World is a rotation that is looked at from time to time. V1: A 900, M 900, Rs 600, L 3600, S
/// 120; planned for 09:00, begun ten minutes later, so that the plan's `activate` (09:35) comes
/// before whatever is seen to be safe.
struct World {
  RotationPlan plan;
  CheckMemory memory;
  Instant now = at("2026-03-02T09:10:00Z");
  std::optional<Step> step;
  std::optional<Instant> last_old_signature;

  World()
      : World([] {
          RotationInputs in = base();
          in.old_kid = "old";
          in.new_kid = "new";
          in.old_thumbprint = "T-old";
          in.new_thumbprint = "T-new";
          return in;
        }()) {}
  explicit World(RotationInputs in) : plan(plan_of(std::move(in))) {}

  CheckResult look(std::vector<Sample> samples, std::vector<SignerEvidence> tokens = {}) {
    return check_rotation(
        plan, {now, std::move(samples), std::move(tokens), last_old_signature, step}, memory);
  }
  void pass(Seconds seconds) { now = shift(now, seconds); }
};

inline Sample shows(std::vector<std::string> kids, std::string_view url = kOrigin) {
  Sample sample;
  sample.url = url;
  sample.clock_skew = 0;
  for (const std::string& kid : kids) sample.keys.push_back({kid, "T-" + kid, {"ES256"}, ""});
  return sample;
}

inline Sample fails(ErrorCode code, std::string_view url = kOrigin) {
  Sample sample;
  sample.url = url;
  sample.error = Error{code, "it failed", ""};
  return sample;
}

inline SignerEvidence token(std::string kid, Instant iat, Seconds life = 3600) {
  return {"tok:0123456789ab", std::move(kid), iat, shift(iat, life), true, true, "ES256", false};
}

inline std::string said(const CheckResult& result) {
  std::string wait = result.wait ? fmt::format(" {}", *result.wait) : "";
  std::string broken = result.invariant.empty() ? "" : fmt::format(" {}", result.invariant);
  return fmt::format("{}{}{} {}", to_string(result.answer), wait, broken, to_string(result.stage));
}

/// switched_world has signed with the new key since its `now`.
inline World switched_world() {
  World w;
  (void)w.look({shows({"old", "new"})});
  w.pass(1800);
  REQUIRE(w.look({shows({"old", "new"})}).answer == Answer::safe);
  (void)w.look({shows({"old", "new"})}, {token("new", w.now)});
  return w;
}

}  // namespace jwtctl::testing
