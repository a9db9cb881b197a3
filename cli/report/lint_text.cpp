// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "cli/report/lint.h"
#include "lib/base/text.h"

namespace jwtctl::cli {
namespace {

std::string painted(Severity level, const View& view) {
  std::string_view name = to_string(level);
  if (!view.color) return fmt::format("{:7}", name);
  int paint = level == Severity::error ? 31 : level == Severity::warning ? 33 : 36;
  return fmt::format("\x1b[{}m{:7}\x1b[0m", paint, name);
}

std::string count_of(std::size_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

/// summary says what came out, and what was left out.
std::string summary(const LintReport& lint) {
  const Report& report = lint.report;
  Counts counts = report.counts();
  std::string out = fmt::format("{}, {}, {} in {}", count_of(counts.error, "error"),
                                count_of(counts.warning, "warning"), count_of(counts.note, "note"),
                                count_of(report.files, "file"));
  std::vector<std::string> aside;
  if (report.known > 0) aside.push_back(fmt::format("{} known", report.known));
  if (report.suppressions > 0) aside.push_back(fmt::format("{} suppressed", report.suppressions));
  if (report.binary > 0) {
    aside.push_back(fmt::format("{} searched as bytes", count_of(report.binary, "binary file")));
  }
  if (!report.unread.empty()) {
    aside.push_back(fmt::format("{} could not be judged", report.unread.size()));
  }
  if (!aside.empty()) out += fmt::format(" ({})", join(aside, ", "));
  return out;
}

}  // namespace

std::string lint_text(const LintReport& lint, const View& view) {
  std::string out;
  std::string_view file;
  for (const LocatedFinding& located : lint.report.findings) {
    const Finding& finding = located.finding;
    if (located.file != file) {
      out += fmt::format("{}{}\n", out.empty() ? "" : "\n", escape_text(located.file));
      file = located.file;
    }
    std::string place = fmt::format("{}:{}", located.position.line, located.position.column);
    out += fmt::format("  {:>7}  {}  {}: {}\n", place, painted(finding.severity, view),
                       rule_label(finding.rule), escape_text(finding.message));
  }
  if (!out.empty()) out += '\n';
  out += fmt::format("{}\n", summary(lint));
  for (const std::string& remark : lint_remarks(lint)) {
    out += fmt::format("{}\n", escape_text(remark));
  }
  if (view.verbose) {
    for (const std::string& name : lint_unsearched(lint)) out += fmt::format("{}\n", name);
  }
  if (view.now_given) {
    out += fmt::format("judged as of {} (--now)\n",
                       format_rfc3339(view.now).value_or("no year from 0 to 9999"));
  }
  if (!lint.report.findings.empty()) {
    out += fmt::format("why, and what to do: jwtctl explain {}\n",
                       lint.report.findings.front().finding.rule.id);
  }
  return out;
}

std::string lint_concise(const LintReport& lint) {
  std::string out;
  for (const LocatedFinding& located : lint.report.findings) {
    const Finding& finding = located.finding;
    out += escape_text(fmt::format("{}:{}:{}: {} {}: {}", located.file, located.position.line,
                                   located.position.column, to_string(finding.severity),
                                   rule_label(finding.rule), finding.message));
    out += '\n';
  }
  return out;
}

std::string rules_text(const RuleSelection& rules) {
  std::string out;
  std::size_t width = 0;
  for (const ActiveRule& active : rules.rules) {
    width = std::max(width, active.rule->id.name.size());
  }
  for (const ActiveRule& active : rules.rules) {
    const Rule& rule = *active.rule;
    out += fmt::format("{:7}  {:7}  {:{}}  {}\n", rule.id.id,
                       to_string(active.level.value_or(rule.level)), rule.id.name, width,
                       rule.summary);
  }
  return out;
}

}  // namespace jwtctl::cli
