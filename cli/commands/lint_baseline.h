// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "cli/io.h"
#include "lib/base/result.h"
#include "lib/lint/baseline.h"
#include "lib/lint/report.h"

/// The file of findings that are known.
namespace jwtctl::cli {

/// load_baseline returns the findings that are known; none without a path. Fails with `input` when
/// the file cannot be read or is no baseline.
Result<Baseline> load_baseline(const std::optional<std::string>& path);

/// write_baseline writes what the report has, which is known from then on. Fails with `output`,
/// also when the report could not keep all of its findings.
Result<void> write_baseline(const std::string& path, const Globals& globals, Report& report);

}  // namespace jwtctl::cli
