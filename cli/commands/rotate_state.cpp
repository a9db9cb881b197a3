// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/rotate_state.h"

#include <filesystem>

#include "cli/places.h"
#include "lib/base/own_file.h"
#include "lib/base/staged_file.h"

namespace jwtctl::cli {

StatePlace state_place(const std::optional<std::string>& path, const RotationPlan& plan,
                       bool pretended) {
  if (path) return {*path, false};
  auto folder = state_folder();
  if (!folder || pretended) return {};
  return {fmt::format("{}/{}.json", *folder, plan.id), true};
}

Result<CheckResult> judge_with_state(const StatePlace& place, const RotationPlan& plan,
                                     const Observation& seen) {
  if (place.path.empty()) {
    CheckMemory none;
    return check_rotation(plan, seen, none);
  }
  if (place.ours) {
    auto folder = std::filesystem::path(place.path).parent_path().string();
    if (auto made = make_own_folder(folder); !made) return fail(std::move(made).error());
  }
  CheckResult result;
  auto update = [&](const std::optional<SecretBytes>& old) -> Result<std::string> {
    CheckMemory memory;
    if (old) {
      auto read = parse_memory(as_text(*old), plan);
      if (!read) return fail(std::move(read).error());
      memory = *std::move(read);
    }
    result = check_rotation(plan, seen, memory);
    return fmt::format("{}\n", memory_json(memory).dump(2));
  };
  auto done = update_file(place.path, kMaxStateBytes, update);
  if (done) return result;
  Error error = std::move(done).error();
  if (error.code == ErrorCode::key_refused) error.code = ErrorCode::input;
  error.message = fmt::format("{}: {}", place.path, error.message);
  return fail(std::move(error));
}

}  // namespace jwtctl::cli
