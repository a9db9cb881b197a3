// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>

#include "lib/base/time.h"

namespace jwtctl {

using Milliseconds = std::chrono::milliseconds;

/// Clock is the time that the network runs in, whatever time a token is judged as of.
struct Clock {
  std::function<Instant()> wall;
  std::function<Milliseconds()> monotonic;  ///< since any moment; never goes back
  std::function<void(Milliseconds)> sleep;
};

}  // namespace jwtctl
