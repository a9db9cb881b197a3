// SPDX-License-Identifier: Apache-2.0
#include "cli/report/lint.h"

#include "lib/base/shown.h"
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

std::string_view to_string(PassedOver::Why why) {
  switch (why) {
    case PassedOver::Why::link: return "link";
    case PassedOver::Why::special: return "special";
    case PassedOver::Why::excluded: return "excluded";
    case PassedOver::Why::size: return "size";
    case PassedOver::Why::history: return "history";
    case PassedOver::Why::unreadable: return "unreadable";
    case PassedOver::Why::runs: return "runs";
  }
  return "";
}

std::string passed_over_text(PassedOver::Why why, std::size_t count) {
  std::string_view plural = count == 1 ? "" : "s";
  switch (why) {
    case PassedOver::Why::link:
      return fmt::format("{} symbolic link{} not followed", count, plural);
    case PassedOver::Why::special: return fmt::format("{} special file{} not read", count, plural);
    case PassedOver::Why::excluded: return fmt::format("{} left out by --exclude", count);
    case PassedOver::Why::size:
      return fmt::format("{} document{} too large to be judged as keys", count, plural);
    case PassedOver::Why::history:
      return fmt::format("{} folder{} of version history not searched", count, plural);
    case PassedOver::Why::unreadable:
      return fmt::format("{} file{} with what may be keys in no JSON that can be read", count,
                         plural);
    case PassedOver::Why::runs:
      return fmt::format(
          "{} file{} with runs of letters too long or too confusing to find every token in", count,
          plural);
  }
  return {};
}

std::vector<std::string> lint_remarks(const LintReport& lint) {
  std::vector<std::string> remarks;
  if (!lint.config.empty())
    remarks.push_back(fmt::format("settings from {}", show_argument(lint.config, ShownAs::path)));
  const Report& report = lint.report;
  std::size_t total = report.counts().total();
  if (total > report.findings.size()) {
    remarks.push_back(
        fmt::format("{} findings, of which {} are listed", total, report.findings.size()));
  }
  for (std::size_t i = 0; i < kPassedOverKinds; ++i) {
    std::size_t count = report.passed_over_counts[i];
    if (count > 0) remarks.push_back(passed_over_text(static_cast<PassedOver::Why>(i), count));
  }
  return remarks;
}

std::vector<std::string> lint_unsearched(const LintReport& lint) {
  constexpr std::size_t kMaxNamed = 100;
  std::vector<std::string> lines;
  std::size_t total = 0;
  for (std::size_t count : lint.report.passed_over_counts) total += count;
  for (const PassedOver& one : lint.report.passed_over) {
    if (lines.size() == kMaxNamed) break;
    lines.push_back(fmt::format("not searched: {} ({})", show_argument(one.file, ShownAs::path),
                                to_string(one.why)));
  }
  if (total > lines.size()) lines.push_back(fmt::format("and {} more", total - lines.size()));
  return lines;
}

bool lacks_remarks(Format format) { return format == Format::concise || format == Format::gitlab; }

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
