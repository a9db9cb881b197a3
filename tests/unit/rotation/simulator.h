// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <random>

#include "lib/rotation/plan.h"

/// A world in which a schedule is followed: replicas, shared caches, verifiers and tokens, second
/// by second where it matters. It knows nothing of the bounds that plans are made with.
namespace jwtctl::testing {

using Random = std::mt19937_64;

/// Aim says how unlucky a run is.
enum class Aim { chance, worst };

/// Losses counts good tokens that were rejected.
struct Losses {
  int fresh = 0;  ///< by the new key (I1)
  int old = 0;    ///< by the old key (I2)

  int all() const { return fresh + old; }
};

/// random_inputs draws a system: its lengths, its layers of caches, its verifiers.
RotationInputs random_inputs(Random& random);

/// simulate follows `schedule` in the system that `truth` describes.
Losses simulate(const RotationInputs& truth, const Schedule& schedule, Aim aim, Random& random);

}  // namespace jwtctl::testing
