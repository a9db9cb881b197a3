// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "lib/base/result.h"
#include "lib/lint/report.h"

/// A baseline is the findings that one knows and lives with: a run with it reports new ones alone.
namespace jwtctl {

using Baseline = std::set<std::string>;  ///< fingerprints

/// parse_baseline reads what `baseline_json` made. Fails with `input` when it is anything else.
Result<Baseline> parse_baseline(std::string_view text);

/// baseline_json renders `jwtctl.baseline/1`: rule, file and fingerprint of each finding, sorted,
/// so that two runs over the same files are equal byte for byte.
std::string baseline_json(const Report& report);

/// drop_known removes the findings that the baseline has, and counts them.
void drop_known(const Baseline& baseline, Report& report);

}  // namespace jwtctl
