// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/rotation/timing.h"

namespace jwtctl {

/// PhaseId names a step of a rotation; the names never change.
enum class PhaseId {
  generate,
  allow_list,  ///< verifiers begin to allow the new algorithm
  publish,
  activate,
  fully_active,  ///< the canary is over
  last_old_signature,
  drained,
  retire,
  untrusted,
  destroy,
};

std::string_view to_string(PhaseId id);

/// Rollback is how a phase is taken back, and until when that is free of harm.
struct Rollback {
  std::optional<Instant> until;  ///< nothing: there is no end
  std::string action;
};

/// Phase is one step with the instant at which it may happen, and why not sooner.
struct Phase {
  PhaseId id;
  std::optional<Instant> at;        ///< nothing: never by itself
  std::optional<Instant> earliest;  ///< before a window pushed it, where one did
  std::optional<Instant> latest;    ///< with a deadline
  std::string reason;               ///< the formula with its numbers
  std::string action;               ///< what is to be done, or what is true from then on
  bool manual = true;               ///< somebody does it; the others come by themselves
  std::optional<Rollback> rollback;
};

/// VerifierEnd says when one verifier stops to trust the old key.
struct VerifierEnd {
  std::string name;
  std::optional<Instant> untrusted;    ///< nothing: never by itself
  std::optional<Seconds> rejects_new;  ///< how long it may reject new tokens, in an emergency
  std::string force;                   ///< what ends the trust at once
};

/// CanaryOutcome is what one step of a canary can show.
struct CanaryOutcome {
  CanaryStep step;
  double failures = 0;       ///< expected while it bakes
  Seconds bake_for_ten = 0;  ///< how long it must bake to show ten
};

/// EmergencyCost is what it takes to do without the old key at once.
struct EmergencyCost {
  std::optional<Seconds> killed;        ///< good tokens that die, at most
  std::optional<Seconds> reissue_peak;  ///< further tokens a second while they are replaced
};

/// RotationPlan is a plan with all that it follows from.
struct RotationPlan {
  std::string id;  ///< the same for another plan of the same keys
  Instant created;
  RotationInputs inputs;
  Bounds bounds;
  Schedule schedule;
  std::vector<Phase> phases;
  std::vector<Invariant> invariants;
  KeysListed keys;
  std::vector<VerifierEnd> verifiers;
  std::vector<CanaryOutcome> canary;
  std::optional<EmergencyCost> cost;
  std::vector<std::string> warnings;

  /// phase returns the phase with this id, else null.
  const Phase* phase(PhaseId id) const;
};

/// make_rotation_plan plans as of `now`. Fails with `usage` when an input is missing or cannot be,
/// and when a deadline leaves too little time; with `crypto` when there is no SHA-256.
Result<RotationPlan> make_rotation_plan(RotationInputs inputs, Instant now);

/// is_plan_id says whether a plan file with these inputs may have this id: the one that it gets
/// now, or what earlier versions gave it, which plans of different keys could share.
bool is_plan_id(const RotationInputs& inputs, std::string_view id);

/// latest_activation returns the last instant at which signing may switch so that the old key does
/// not sign at `deadline`.
Instant latest_activation(const RotationInputs& inputs, const Bounds& bounds, Instant deadline);

/// canary_failures returns how many requests are expected to fail in one step, `rate` requests a
/// second and `unready` millionths of the verifiers without the key.
double canary_failures(const CanaryStep& step, Seconds rate, Seconds unready);

/// bake_for returns how long a step must bake so that `failures` are expected.
Seconds bake_for(double failures, Seconds share, Seconds rate, Seconds unready);

/// blind_share returns the largest share, in millionths, of verifiers like this one that may reject
/// a key that is used as soon as it is published, because they asked within their cooldown.
Seconds blind_share(const VerifierTiming& verifier);

}  // namespace jwtctl
