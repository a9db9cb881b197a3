// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/rotate_state.h"

#include <filesystem>

#include "cli/io.h"
#include "cli/places.h"
#include "lib/base/own_file.h"
#include "lib/base/shown.h"
#include "lib/base/staged_file.h"

namespace jwtctl::cli {
namespace {

Failure of(Error error, const std::string& path) {
  if (error.code == ErrorCode::key_refused) error.code = ErrorCode::input;
  if (error.message.find(path) == std::string::npos) {
    error.message = fmt::format("{}: {}", show_argument(path, ShownAs::path), error.message);
  }
  return fail(std::move(error));
}

/// why_not says why the state cannot be written: most often a folder is missing.
std::string why_not(const Error& error, const std::string& path) {
  auto folder = std::filesystem::path(path).parent_path();
  std::error_code unknown;
  bool missing = !folder.empty() && !std::filesystem::exists(folder, unknown) && !unknown;
  bool tried = error.message.find("cannot make the folder") != std::string::npos;
  if (!missing || tried) return error.message;
  return fmt::format("there is no folder {}", show_argument(folder.string(), ShownAs::path));
}

/// note_memory says what the answer cannot rest on.
void note_memory(const StatePlace& place, bool kept, const std::string& lost, CheckResult& result) {
  if (!lost.empty()) {
    result.reasons.push_back(
        fmt::format("what was seen is not remembered in {} ({}): the next check knows neither "
                    "since when the new key is listed nor who signed, and its waits begin anew",
                    show_argument(place.path, ShownAs::path), lost));
  }
  if (place.path.empty()) {
    result.reasons.emplace_back(
        place.pretended
            ? "with --now nothing is remembered from check to check, unless --state PATH"
            : "nothing can be remembered from check to check: set HOME, or say --state "
              "PATH");
  } else if (kept) {
    result.reasons.push_back(
        fmt::format("with --now nothing is written to {}, which real checks "
                    "rest on",
                    show_argument(place.path, ShownAs::path)));
  } else if (result.first_look && result.stage != Stage::prepared) {
    result.reasons.push_back(
        fmt::format("no earlier check is remembered in {}: was it made elsewhere? --state PATH",
                    show_argument(place.path, ShownAs::path)));
  }
}

}  // namespace

StatePlace state_place(const std::optional<std::string>& path, const RotationPlan& plan,
                       bool pretended) {
  if (path) return {*path, false, pretended};
  auto folder = state_folder();
  if (!folder || pretended) return {"", false, pretended};
  // A later plan of the same keys is another rotation.
  return {fmt::format("{}/{}-{}.json", *folder, plan.id, plan.inputs.start.seconds), true, false};
}

Result<CheckResult> CheckState::judge(const RotationPlan& plan, const Observation& seen) {
  auto result = place_.path.empty() ? Result<CheckResult>(judge_in_memory(plan, seen))
                                    : judge_in_file(plan, seen);
  if (result) note_memory(place_, kept_, lost_, *result);
  return result;
}

CheckResult CheckState::judge_in_memory(const RotationPlan& plan, const Observation& seen) {
  return check_rotation(plan, seen, memory_);
}

Result<CheckResult> CheckState::judge_in_file(const RotationPlan& plan, const Observation& seen) {
  Result<void> done;
  if (place_.ours) {
    auto folder = std::filesystem::path(place_.path).parent_path().string();
    done = make_own_folder(folder);
    if (auto own = check_own_folder(folder); !own) {
      return fail(ErrorCode::input, "{}", own.error().message)
          .hint("what is remembered there cannot be trusted: chown, chmod go-w, or --state PATH");
    }
  }
  if (auto own = check_own_path(place_.path); !own) return fail(std::move(own).error());
  CheckResult result;
  CheckMemory memory;
  auto update = [&](const std::optional<SecretBytes>& old) -> Result<std::string> {
    memory = written_ ? CheckMemory{} : memory_;
    memory.pretended = place_.pretended;
    kept_ = false;
    if (old) {
      auto read = parse_memory(as_text(*old), plan);
      if (!read) return fail(std::move(read).error());
      // What was pretended to be the time then may be long before it was so.
      if (read->pretended && !place_.pretended) {
        return fail(ErrorCode::input, "the state was written with --now, so its times are not real")
            .hint("leave out --state, or name another file");
      }
      kept_ = place_.pretended && !read->pretended;
      // What could not be written is remembered here alone.
      if (!memory.checked || (read->checked && *read->checked > *memory.checked)) {
        memory = *std::move(read);
      }
    }
    result = check_rotation(plan, seen, memory);
    if (kept_) return std::string(as_text(*old));
    return fmt::format("{}\n", memory_json(memory).dump(2));
  };
  if (done) done = update_file(place_.path, kMaxStateBytes, update, Readers::owner);
  if (done) {
    written_ = true;
    lost_.clear();
    return result;
  }
  if (done.error().code != ErrorCode::output) return of(std::move(done).error(), place_.path);
  // The answer is worth more than the memory of it.
  written_ = false;
  auto judged = update(load_own_file(place_.path, kMaxStateBytes));
  if (!judged) return of(std::move(judged).error(), place_.path);
  memory_ = std::move(memory);
  if (kept_) return result;
  lost_ = why_not(done.error(), place_.path);
  if (!warned_) {
    Io::write_warning(
        fmt::format("nothing is remembered in {}: {}; the answer stands, but the "
                    "next check begins anew",
                    show_argument(place_.path, ShownAs::path), lost_));
  }
  warned_ = true;
  return result;
}

}  // namespace jwtctl::cli
