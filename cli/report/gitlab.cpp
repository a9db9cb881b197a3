// SPDX-License-Identifier: Apache-2.0
// GitLab Code Quality: a subset of the Code Climate report.
#include "cli/report/lint.h"
#include "lib/base/text.h"

namespace jwtctl::cli {
namespace {

std::string_view severity_of(Severity level) {
  switch (level) {
    case Severity::error: return "major";
    case Severity::warning: return "minor";
    case Severity::note: return "info";
  }
  return "";
}

}  // namespace

std::string lint_gitlab(const LintReport& lint) {
  Json list = Json::Array{};
  for (const LocatedFinding& located : lint.report.findings) {
    const Finding& finding = located.finding;
    Json lines = Json::object({{"begin", located.position.line}});
    // The name of the check is not shown, so the description says it.
    list.push_back(Json::object(
        {{"description",
          escape_text(fmt::format("{}: {}", rule_label(finding.rule), finding.message))},
         {"check_name", finding.rule.id},
         {"fingerprint", located.fingerprint},
         {"severity", severity_of(finding.severity)},
         {"location",
          Json::object({{"path", repository_path(lint, located.file)}, {"lines", lines}})}}));
  }
  return list.dump(2) + "\n";
}

}  // namespace jwtctl::cli
