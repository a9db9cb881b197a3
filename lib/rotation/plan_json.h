// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lib/codec/json.h"
#include "lib/rotation/plan.h"

namespace jwtctl {

/// Largest plan file that is read.
inline constexpr std::size_t kMaxPlanBytes = std::size_t{1024} * 1024;

/// plan_json writes a plan as `jwtctl.rotate-plan/1`, with everything that it can be made again
/// from.
Json plan_json(const RotationPlan& plan);

/// parse_plan reads what `plan_json` wrote, and makes the plan again from its inputs: a file whose
/// phases do not follow from them is refused. Fails with `input`.
Result<RotationPlan> parse_plan(const Json& document);

}  // namespace jwtctl
