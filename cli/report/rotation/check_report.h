// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cli/exit_code.h"
#include "cli/report/report.h"
#include "lib/rotation/check.h"

namespace jwtctl::cli {

/// GivenOptions are names and values as they stand on the command line; a switch has no value.
using GivenOptions = std::vector<std::pair<std::string, std::string>>;

/// CheckReport is one check with everything that it looked at.
struct CheckReport {
  RotationPlan plan;
  Observation seen;
  CheckResult result;
  std::string state_path;
  std::string plan_name;  ///< as the user named the file
  GivenOptions given = {};
};

/// check_exit returns the status of an answer: 0, 20, 21 or 22.
ExitCode check_exit(Answer answer);

/// check_line is the answer in one line: "WAIT 1380 s: …".
std::string check_line(const CheckResult& result);

std::string check_text(const CheckReport& report, const View& view);
/// check_json renders `jwtctl.rotate-check/1`.
std::string check_json(const CheckReport& report);
/// check_metrics renders Prometheus text, for the textfile collector of node_exporter.
std::string check_metrics(const CheckReport& report);

}  // namespace jwtctl::cli
