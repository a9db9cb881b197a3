// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/rotate_kit.h"

#include <unistd.h>

#include <filesystem>

#include "cli/io.h"
#include "cli/report/rotation/rotation.h"
#include "lib/base/file.h"
#include "lib/base/shown.h"
#include "lib/base/text.h"
#include "lib/crypto/random.h"
#include "lib/remote/jwks_source.h"
#include "lib/rotation/plan_json.h"

namespace jwtctl::cli {
namespace {

namespace fs = std::filesystem;

/// Scratch is a folder that goes away again unless it was kept.
class Scratch {
 public:
  explicit Scratch(fs::path path) : path_(std::move(path)) {}
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  const fs::path& path() const { return path_; }
  void keep() { path_.clear(); }

 private:
  fs::path path_;
};

Result<void> make_folder(const fs::path& path) {
  std::error_code error;
  if (fs::create_directory(path, error)) return {};
  return fail(ErrorCode::output, "cannot make the folder {}: {}",
              show_argument(path.string(), ShownAs::path),
              error ? error.message() : "it is there already");
}

/// has_keys: an empty set is never published (RFC 7517 does not forbid it, verifiers do).
bool has_keys(const Json& set) {
  const Json* keys = set.find("keys");
  return keys != nullptr && keys->as_array() != nullptr && !keys->as_array()->empty();
}

Result<void> write_sets(const fs::path& folder, const RotationPlan& plan,
                        const RotationKeys& keys) {
  auto sets = phase_sets(keys, plan.inputs);
  if (sets.empty()) {
    Io::write_warning("no sets are written: --jwks says which keys are published now");
    return {};
  }
  if (!keys.fresh &&
      (plan.inputs.new_kid.empty() || !has_kid(sets.front().set, plan.inputs.new_kid))) {
    Io::write_warning("the new key is not in the sets: --new-key puts it there");
  }
  for (const PhaseSet& phase : sets) {
    if (!has_keys(phase.set)) {
      Io::write_warning(fmt::format("{} would be an empty set, and is not written", phase.folder));
      continue;
    }
    if (auto made = make_folder(folder / phase.folder); !made) return made;
    auto written = write_file((folder / phase.folder / "jwks.json").string(),
                              fmt::format("{}\n", phase.set.dump(2)));
    if (!written) return written;
  }
  return {};
}

}  // namespace

Result<void> write_kit(const std::string& path, const RotationPlan& plan,
                       const RotationKeys& keys) {
  fs::path target = fs::path(path).lexically_normal();
  if (!target.has_filename()) target = target.parent_path();
  std::error_code error;
  bool there = fs::exists(fs::symlink_status(target, error));
  if (there && !(fs::is_directory(target, error) && fs::is_empty(target, error))) {
    return fail(ErrorCode::output, "--out: {} is there already", show_argument(path, ShownAs::path))
        .hint("name a folder that does not exist");
  }
  auto random = random_bytes(6);
  if (!random) return fail(std::move(random).error());
  std::string suffix;
  for (unsigned char byte : *random) suffix += fmt::format("{:02x}", byte);
  Scratch scratch(fmt::format("{}.{}", target.string(), suffix));
  if (auto made = make_folder(scratch.path()); !made) return made;
  std::pair<std::string_view, std::string> files[] = {
      {"runbook.md", plan_markdown(plan, Kit::folder)},
      {"plan.json", fmt::format("{}\n", plan_json(plan).dump(2))},
      {"plan.ics", plan_ics(plan)},
      {"plan.mmd", plan_mermaid(plan)},
      {"alerts.yaml", plan_alerts(plan)}};
  for (const auto& [name, content] : files) {
    bool json = name.ends_with(".json");
    auto disarmed = json ? std::nullopt : disarm_ci_commands(content);
    auto written = write_file((scratch.path() / name).string(),
                              disarmed ? *disarmed : std::string_view(content));
    if (!written) return written;
  }
  if (auto done = write_sets(scratch.path(), plan, keys); !done) return done;
  fs::rename(scratch.path(), target, error);
  if (error) {
    return fail(ErrorCode::output, "--out: cannot make {}: {}", show_argument(path, ShownAs::path),
                error.message());
  }
  scratch.keep();
  return {};
}

}  // namespace jwtctl::cli
