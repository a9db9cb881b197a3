// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/lint_baseline.h"

#include "cli/inputs.h"
#include "lib/base/file.h"
#include "lib/base/shown.h"

namespace jwtctl::cli {
namespace {

constexpr std::size_t kMaxBaselineBytes = std::size_t{64} * 1024 * 1024;

}  // namespace

Result<Baseline> load_baseline(const std::optional<std::string>& path) {
  if (!path) return Baseline();
  auto bytes = load_file(*path, kMaxBaselineBytes);
  if (!bytes) return fail(as_input(std::move(bytes).error()));
  auto parsed = parse_baseline(as_text(*bytes));
  if (parsed) return parsed;
  Error error = std::move(parsed).error();
  error.message = fmt::format("{}: {}", show_argument(*path, ShownAs::path), error.message);
  return fail(std::move(error)).hint("jwtctl lint --write-baseline PATH writes one");
}

Result<void> write_baseline(const std::string& path, const Globals& globals, Report& report) {
  if (report.counts().total() > report.findings.size()) {
    return fail(ErrorCode::output, "{} is not written: a baseline has at most {} findings a level",
                show_argument(path, ShownAs::path), report.limit)
        .hint("leave out files with --exclude, or rules with --ignore");
  }
  std::string json = baseline_json(report);
  Globals there = globals;
  there.output = path;
  if (auto written = Io::write_result(there, json); !written) return written;
  drop_known(*parse_baseline(json), report);
  return {};
}

}  // namespace jwtctl::cli
