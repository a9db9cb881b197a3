// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lib/rotation/plan.h"

namespace jwtctl {

/// describe_phases turns a schedule into phases, each with its reason and its way back.
std::vector<Phase> describe_phases(const RotationInputs& inputs, const Bounds& bounds,
                                   const Schedule& schedule);

/// check_inputs fails with `usage` when an input is missing or cannot be.
Result<void> check_inputs(const RotationInputs& inputs);

/// list_warnings says what a planner should know that no instant shows.
std::vector<std::string> list_warnings(const RotationPlan& plan);

}  // namespace jwtctl
