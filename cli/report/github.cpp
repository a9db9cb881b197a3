// SPDX-License-Identifier: Apache-2.0
// Workflow commands of GitHub Actions. What stands in them is escaped twice: as any untrusted
// text, and as the runner decodes it.
#include <algorithm>

#include "cli/report/lint.h"
#include "lib/base/text.h"

namespace jwtctl::cli {
namespace {

std::string escape_data(std::string_view text) {
  std::string out;
  for (char c : escape_text(text)) {
    if (c == '%') {
      out += "%25";
    } else if (c == '\r') {
      out += "%0D";
    } else if (c == '\n') {
      out += "%0A";
    } else {
      out += c;
    }
  }
  return out;
}

std::string escape_property(std::string_view text) {
  std::string out;
  for (char c : escape_data(text)) {
    if (c == ':') {
      out += "%3A";
    } else if (c == ',') {
      out += "%2C";
    } else {
      out += c;
    }
  }
  return out;
}

std::string_view command_of(Severity level) {
  switch (level) {
    case Severity::error: return "error";
    case Severity::warning: return "warning";
    case Severity::note: return "notice";
  }
  return "";
}

}  // namespace

std::string lint_github(const LintReport& lint) {
  // The runner shows the first annotations of a step alone, so the worst come first.
  std::vector<const LocatedFinding*> findings;
  for (const LocatedFinding& located : lint.report.findings) findings.push_back(&located);
  std::stable_sort(findings.begin(), findings.end(),
                   [](const LocatedFinding* a, const LocatedFinding* b) {
                     return a->finding.severity > b->finding.severity;
                   });
  std::string out;
  for (const LocatedFinding* located : findings) {
    const Finding& finding = located->finding;
    std::string end;
    if (located->length > 0) {
      end = fmt::format(",endLine={},endColumn={}", located->position.line,
                        located->position.column + located->length);
    }
    out +=
        fmt::format("::{} title={},file={},line={},col={}{}::{}\n", command_of(finding.severity),
                    escape_property(rule_label(finding.rule)),
                    escape_property(repository_path(lint, located->file)), located->position.line,
                    located->position.column, end,
                    escape_data(fmt::format("{}: {}", rule_label(finding.rule), finding.message)));
  }
  for (const UnreadFile& unread : lint.report.unread) {
    out += fmt::format("::error title=jwtctl::{}\n", escape_data(unread.error.message));
  }
  for (const std::string& remark : lint_remarks(lint)) {
    out += fmt::format("::notice title=jwtctl::{}\n", escape_data(remark));
  }
  // One annotation: a step shows few of them.
  if (auto names = lint_unsearched(lint); !names.empty()) {
    out += fmt::format("::notice title=jwtctl::{}\n", escape_data(join(names, "; ")));
  }
  return out;
}

std::string verify_github(const VerifyReport& report) {
  const Verdict& verdict = report.verdict;
  std::string out;
  if (!report.token.faults.empty()) {
    out += fmt::format("::warning title=jwtctl verify::{}\n", escape_data(cleaning_line(report)));
  }
  for (const Check& check : verdict.checks) {
    if (check.status != CheckStatus::fail) continue;
    std::string rule = check.rule ? fmt::format("{}: ", rule_label(check.rule)) : "";
    out += fmt::format("::error title={}::{}\n",
                       escape_property(fmt::format("jwtctl verify: {}", check.name)),
                       escape_data(fmt::format("{}{}", rule, log_message(check))));
  }
  for (const Finding& finding : verdict.findings) {
    out += fmt::format("::{} title={}::{}\n", command_of(finding.severity),
                       escape_property(finding.rule ? rule_label(finding.rule) : "jwtctl verify"),
                       escape_data(finding.message));
  }
  return out;
}

}  // namespace jwtctl::cli
