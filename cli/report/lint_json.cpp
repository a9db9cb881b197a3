// SPDX-License-Identifier: Apache-2.0
#include "cli/option_names.h"
#include "cli/report/lint.h"
#include "lib/base/shown.h"

namespace jwtctl::cli {
namespace {

Json finding_json(const LocatedFinding& located) {
  const Finding& finding = located.finding;
  Json json = Json::object({{"rule", finding.rule.id},
                            {"name", finding.rule.name},
                            {"level", to_string(finding.severity)},
                            {"message", finding.message},
                            {"file", located.file},
                            {"line", located.position.line},
                            {"column", located.position.column},
                            {"place", finding.place},
                            {"token", located.token.empty() ? Json() : Json(located.token)},
                            {"fingerprint", located.fingerprint}});
  if (located.suppressed) json.set("reason", *located.suppressed);
  return json;
}

Json findings_json(const std::vector<LocatedFinding>& findings) {
  Json list = Json::Array{};
  for (const LocatedFinding& located : findings) list.push_back(finding_json(located));
  return list;
}

Json needs_json(const Needs& needs) {
  Json list = Json::Array{};
  if (needs.clock) list.push_back("clock");
  if (needs.file) list.push_back("file");
  if (needs.key) list.push_back("key");
  if (needs.expectation) list.push_back("expectation");
  return list;
}

Json summary_json(const Report& report) {
  Counts counts = report.counts();
  Json unsearched = Json::object({});
  for (std::size_t i = 0; i < kPassedOverKinds; ++i) {
    unsearched.set(to_string(static_cast<PassedOver::Why>(i)), report.passed_over_counts[i]);
  }
  return Json::object({{"error", counts.error},
                       {"warning", counts.warning},
                       {"note", counts.note},
                       {"files", report.files},
                       {"binary", report.binary},
                       {"known", report.known},
                       {"suppressed", report.suppressions},
                       {"total", counts.total()},
                       {"kept", report.findings.size()},
                       {"unsearched", unsearched},
                       {"unsearched_listed", report.passed_over.size()}});
}

}  // namespace

std::string lint_json(const LintReport& lint, const View& view) {
  const Report& report = lint.report;
  Json unread = Json::Array{};
  for (const UnreadFile& file : report.unread) {
    unread.push_back(Json::object({{"file", file.file}, {"message", file.error.message}}));
  }
  Json unsearched = Json::Array{};
  for (const PassedOver& file : report.passed_over) {
    unsearched.push_back(Json::object({{"file", file.file}, {"why", to_string(file.why)}}));
  }
  return Json::object(
             {{"schema", "jwtctl.lint/1"},
              {"exit", static_cast<int>(lint.exit)},
              {"now", view.now.seconds},
              {"config",
               lint.config.empty() ? Json() : Json(masked_argument(lint.config, ShownAs::path))},
              {"findings", findings_json(report.findings)},
              {"suppressed", findings_json(report.suppressed)},
              {"unread", unread},
              {"unsearched", unsearched},
              {"summary", summary_json(report)}})
             .dump(2) +
         "\n";
}

std::string rules_json(const RuleSelection& rules) {
  Json list = Json::Array{};
  for (const ActiveRule& active : rules.rules) {
    const Rule& rule = *active.rule;
    list.push_back(Json::object({{"rule", rule.id.id},
                                 {"name", rule.id.name},
                                 {"level", to_string(active.level.value_or(rule.level))},
                                 {"subject", rule.subject()},
                                 {"needs", needs_json(rule.needs)},
                                 {"summary", rule.summary},
                                 {"why", said(rule.why)},
                                 {"source", rule.source},
                                 {"fix", said(rule.fix)}}));
  }
  return Json::object({{"schema", "jwtctl.rules/1"}, {"rules", list}}).dump(2) + "\n";
}

}  // namespace jwtctl::cli
