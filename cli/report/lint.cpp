// SPDX-License-Identifier: Apache-2.0
#include "cli/report/lint.h"

#include "lib/base/text.h"

namespace jwtctl::cli {

std::string rule_label(RuleId rule) { return fmt::format("{} {}", rule.id, rule.name); }

std::string repository_path(const LintReport& lint, const std::string& file) {
  if (file.starts_with('/')) {
    bool inside = !lint.root.empty() && file.starts_with(lint.root);
    return inside ? file.substr(lint.root.size()) : file;
  }
  return file == "stdin" ? file : fmt::format("{}{}", lint.prefix, file);
}

std::string render_lint(const LintReport& lint, Format format, const View& view) {
  if (format == Format::concise) return lint_concise(lint);
  if (format == Format::json) return lint_json(lint, view);
  if (format == Format::sarif) return lint_sarif(lint);
  if (format == Format::github) return lint_github(lint);
  if (format == Format::gitlab) return lint_gitlab(lint);
  if (format == Format::junit) return lint_junit(lint, view);
  return lint_text(lint, view);
}

}  // namespace jwtctl::cli
