// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/rotation/evidence.h"
#include "lib/rotation/memory.h"
#include "lib/rotation/plan.h"
#include "lib/rotation/sample.h"

/// Is it safe now: what can be seen against the plan.
namespace jwtctl {

enum class Answer { safe, wait, unsafe, unknown };

/// Step is something that people do, in its order.
enum class Step { publish, activate, retire, destroy, none };

/// Stage is where a rotation stands by what can be seen, whatever the calendar says.
enum class Stage {
  unknown,
  prepared,     ///< no look shows the new key
  publishing,   ///< some do
  propagating,  ///< all do, copies without it may still be about
  ready_to_activate,
  draining,  ///< the new key signs, tokens by the old one are about
  ready_to_retire,
  retiring,    ///< some looks show the old key still
  untrusting,  ///< none does, copies with it may still be about
  done,
};

std::string_view to_string(Answer answer);
std::string_view to_string(Step step);
std::string_view to_string(Stage stage);

/// Observation is everything that one check looked at.
struct Observation {
  Instant now;  ///< whole seconds
  std::vector<Sample> samples;
  std::vector<SignerEvidence> tokens;
  std::optional<Instant> last_old_signature;  ///< as the operator knows it
  std::optional<Step> step;                   ///< that is asked about; nothing: the next one
};

/// CheckResult is the answer with what it rests on.
struct CheckResult {
  Answer answer = Answer::unknown;
  Stage stage = Stage::unknown;
  Step next = Step::none;            ///< what is to be done next
  std::optional<Seconds> wait;       ///< with `wait`
  std::optional<Instant> safe_at;    ///< when the next step will be safe, where that can be told
  std::string invariant;             ///< with `unsafe`: which one is broken
  std::vector<std::string> reasons;  ///< the first decides
  /// Why each token of the observation does not show who signs now; empty: it does.
  std::vector<std::string> token_doubts;
  bool first_look = false;  ///< nothing was remembered when it began
};

/// check_rotation judges, and brings `memory` up to date. It never says safe when a place could not
/// be asked, lacks a key that it must list in a form that `verify` uses, or was not looked at
/// though it was before; nor when nothing tells whether this machine's clock is right. What was
/// merely not remembered is unknown, never unsafe.
CheckResult check_rotation(const RotationPlan& plan, const Observation& observation,
                           CheckMemory& memory);

}  // namespace jwtctl
