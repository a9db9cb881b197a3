// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lib/rotation/key_sets.h"
#include "lib/rotation/plan.h"

namespace jwtctl::cli {

/// write_kit makes the folder `path` with the plan in every form and one folder for each phase that
/// has a set to publish: whole, or not at all. Fails with `output`: there is something already, or
/// it cannot be written.
Result<void> write_kit(const std::string& path, const RotationPlan& plan, const RotationKeys& keys);

}  // namespace jwtctl::cli
