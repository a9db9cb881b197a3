// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/exit_code.h"
#include "cli/io.h"
#include "cli/report/report.h"
#include "lib/lint/lint.h"
#include "lib/lint/report.h"

/// Reports of findings, for people and for the machines that run in CI.
namespace jwtctl::cli {

/// LintReport is a run of lint with what its renderers need to know.
struct LintReport {
  const Report& report;
  const RuleSelection& rules;
  std::optional<Severity> fail_on;  ///< nothing: never
  ExitCode exit = ExitCode::ok;
  std::string config;  ///< the configuration file that applied, empty for none
  /// The repository, absolute and with a slash at its end, and where below it we are: CI systems
  /// want paths relative to it. Both empty outside of one.
  std::string root;
  std::string prefix;
};

/// kLintFormats are the formats that `render_lint` knows.
inline constexpr Format kLintFormats[] = {Format::text,  Format::concise, Format::json,
                                          Format::sarif, Format::github,  Format::gitlab,
                                          Format::junit};

std::string render_lint(const LintReport& lint, Format format, const View& view);

/// lint_remarks says in one line each what a report is to say beyond its findings: the settings
/// that applied, what was not searched, and findings that are not listed.
std::vector<std::string> lint_remarks(const LintReport& lint);

/// lint_unsearched names what was not searched, one line each: the first 100, then "and 7 more".
std::vector<std::string> lint_unsearched(const LintReport& lint);

/// lacks_remarks says that a format has no place for them.
bool lacks_remarks(Format format);

/// to_string names a reason in JSON: "link"; passed_over_text is "2 special files not read".
std::string_view to_string(PassedOver::Why why);
std::string passed_over_text(PassedOver::Why why, std::size_t count);

/// repository_path returns the path of an input as CI systems want it.
std::string repository_path(const LintReport& lint, const std::string& file);

/// rule_label returns "JWT202 expired".
std::string rule_label(RuleId rule);

// One function for each format.
std::string lint_text(const LintReport& lint, const View& view);
std::string lint_concise(const LintReport& lint);
std::string lint_json(const LintReport& lint, const View& view);
std::string lint_sarif(const LintReport& lint);
std::string lint_github(const LintReport& lint);
std::string lint_gitlab(const LintReport& lint);
std::string lint_junit(const LintReport& lint, const View& view);

/// verify_github renders a rejection as one annotation for each failed check; verify_junit a test
/// case for each check.
std::string verify_github(const VerifyReport& report);
std::string verify_junit(const VerifyReport& report, const View& view);

/// rules_text and rules_json list rules, for `--list-rules`.
std::string rules_text(const RuleSelection& rules);
std::string rules_json(const RuleSelection& rules);

}  // namespace jwtctl::cli
