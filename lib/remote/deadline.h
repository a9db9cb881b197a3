// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>

#include "lib/remote/clock.h"

namespace jwtctl {

/// Deadline is what is left of the time that all questions of a run may take together. It runs
/// while one is asked; what the program does in between does not count.
class Deadline {
 public:
  explicit Deadline(Milliseconds length) : left_(length) {}

  /// Running is a question; left() is what it may still take.
  class Running {
   public:
    Running(Deadline& deadline, const Clock& clock)
        : deadline_(&deadline), clock_(&clock), end_(clock.monotonic() + deadline.left_) {}
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;
    ~Running() { deadline_->left_ = left(); }

    Milliseconds left() const { return std::max(end_ - clock_->monotonic(), Milliseconds{0}); }

   private:
    Deadline* deadline_;
    const Clock* clock_;
    Milliseconds end_;
  };

 private:
  Milliseconds left_;
};

}  // namespace jwtctl
