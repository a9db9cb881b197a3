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
  bool ours = false;       ///< in the folder of the XDG Base Directory Specification
  bool pretended = false;  ///< --now is given
};

/// state_place chooses the file. `pretended` says that --now is given: then a state that real
/// checks rest on is left alone.
StatePlace state_place(const std::optional<std::string>& path, const RotationPlan& plan,
                       bool pretended);

/// CheckState remembers from one check to the next: in the file, and where that cannot be, for as
/// long as this process lives.
class CheckState {
 public:
  explicit CheckState(StatePlace place) : place_(std::move(place)) {}

  /// judge checks with what is remembered, and remembers, under a lock and in one step. A file that
  /// cannot be written is a warning, once. With --now a state of real checks is read and not
  /// written. Fails with `input` when the state is damaged, of another plan, not ours alone to
  /// write, or was written with --now and this is a real check.
  Result<CheckResult> judge(const RotationPlan& plan, const Observation& seen);

 private:
  Result<CheckResult> judge_in_file(const RotationPlan& plan, const Observation& seen);
  CheckResult judge_in_memory(const RotationPlan& plan, const Observation& seen);

  StatePlace place_;
  CheckMemory memory_;    ///< of this process
  bool written_ = false;  ///< the file has what this process remembers
  std::string lost_;      ///< why the file could not be written; empty: it was
  bool warned_ = false;
  bool kept_ = false;  ///< with --now: the file is of real checks, and stays as it is
};

}  // namespace jwtctl::cli
