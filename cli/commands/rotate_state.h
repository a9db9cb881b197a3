// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "lib/rotation/check.h"

/// What rotate-plan check remembers.
namespace jwtctl::cli {

/// StatePlace is the file of the state; an empty path means that nothing is remembered.
struct StatePlace {
  std::string path;
  bool ours = false;  ///< in the folder of the XDG Base Directory Specification
};

/// state_place chooses the file. `pretended` says that --now is given: then a state that real
/// checks rest on is left alone.
StatePlace state_place(const std::optional<std::string>& path, const RotationPlan& plan,
                       bool pretended);

/// judge_with_state checks with what is remembered, and remembers, under a lock and in one step.
/// Fails with `input` when the state is damaged or of another plan, with `output` when it cannot be
/// written.
Result<CheckResult> judge_with_state(const StatePlace& place, const RotationPlan& plan,
                                     const Observation& seen);

}  // namespace jwtctl::cli
