// SPDX-License-Identifier: Apache-2.0
// SARIF 2.1.0 (OASIS), with what GitHub's code scanning wants beyond the standard.
#include <algorithm>
#include <cctype>
#include <iterator>

#include "cli/docs/rules.h"
#include "cli/option_names.h"
#include "cli/report/lint.h"
#include "lib/base/text.h"
#include "version.h"

namespace jwtctl::cli {
namespace {

Json text_json(std::string_view text) { return Json::object({{"text", text}}); }

/// to_uri percent-encodes what RFC 3986 section 3.3 does not allow in a path, byte by byte: names
/// of files need not be UTF-8.
std::string to_uri(std::string_view path) {
  std::string out;
  for (char c : path) {
    auto byte = static_cast<unsigned char>(c);
    bool plain = std::isalnum(byte) != 0 ||
                 std::string_view("-._~/!$&'()*+,;=@").find(c) != std::string_view::npos;
    if (plain) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", byte);
    }
  }
  return out;
}

/// message_text escapes for a plain text message (SARIF 2.1.0 section 3.11.6), where "[a](b)" is a
/// link. A text that cannot hold one stays as readers without links show it.
std::string message_text(std::string_view text) {
  std::string safe = escape_text(text);
  if (safe.find("](") == std::string::npos) return safe;
  std::string out;
  for (char c : safe) {
    if (c == '\\' || c == '[' || c == ']') out += '\\';
    out += c;
  }
  return out;
}

std::string_view problem_severity(Severity level) {
  return level == Severity::note ? "recommendation" : to_string(level);
}

Json rule_json(const ActiveRule& active) {
  const Rule& rule = *active.rule;
  Severity level = active.level.value_or(rule.level);
  return Json::object(
      {{"id", rule.id.id},
       {"name", rule.id.name},
       {"shortDescription", text_json(rule.summary)},
       {"fullDescription", text_json(said(rule.why))},
       {"help", Json::object({{"text", rule_help(rule)}, {"markdown", rule_markdown(rule)}})},
       {"defaultConfiguration", Json::object({{"level", to_string(level)}})},
       {"properties", Json::object({{"tags", Json::strings({"security", "jwt"})},
                                    {"problem.severity", problem_severity(level)}})}});
}

Json location_json(const LintReport& lint, const LocatedFinding& located) {
  Json region = Json::object(
      {{"startLine", located.position.line}, {"startColumn", located.position.column}});
  if (located.length > 0) {
    region.set("endLine", located.position.line);
    region.set("endColumn", located.position.column + located.length);
  }
  Json artifact = Json::object({{"uri", to_uri(repository_path(lint, located.file))}});
  return Json::object(
      {{"physicalLocation", Json::object({{"artifactLocation", artifact}, {"region", region}})}});
}

Json result_json(const LintReport& lint, const LocatedFinding& located) {
  const Finding& finding = located.finding;
  const auto& rules = lint.rules.rules;
  auto rule = std::find_if(rules.begin(), rules.end(), [&finding](const ActiveRule& active) {
    return active.rule->id == finding.rule;
  });
  Json locations = Json::Array{};
  locations.push_back(location_json(lint, located));
  Json result =
      Json::object({{"ruleId", finding.rule.id},
                    {"ruleIndex", static_cast<std::int64_t>(rule - rules.begin())},
                    {"level", to_string(finding.severity)},
                    {"message", text_json(message_text(finding.message))},
                    {"locations", locations},
                    {"partialFingerprints", Json::object({{"jwtctl/v1", located.fingerprint}})}});
  if (located.suppressed) {
    Json suppressions = Json::Array{};
    suppressions.push_back(Json::object({{"kind", "inSource"},
                                         {"status", "accepted"},
                                         {"justification", escape_text(*located.suppressed)}}));
    result.set("suppressions", suppressions);
  }
  return result;
}

Json invocation_json(const LintReport& lint) {
  Json notifications = Json::Array{};
  for (const UnreadFile& unread : lint.report.unread) {
    notifications.push_back(Json::object(
        {{"level", "error"}, {"message", text_json(message_text(unread.error.message))}}));
  }
  for (const auto& list : {lint_remarks(lint), lint_unsearched(lint)}) {
    for (const std::string& remark : list) {
      notifications.push_back(
          Json::object({{"level", "note"}, {"message", text_json(message_text(remark))}}));
    }
  }
  return Json::object({{"executionSuccessful", lint.report.unread.empty()},
                       {"exitCode", static_cast<int>(lint.exit)},
                       {"toolExecutionNotifications", notifications}});
}

}  // namespace

std::string lint_sarif(const LintReport& lint) {
  Json rules = Json::Array{};
  for (const ActiveRule& active : lint.rules.rules) rules.push_back(rule_json(active));
  Json results = Json::Array{};
  for (const auto* list : {&lint.report.findings, &lint.report.suppressed}) {
    for (const LocatedFinding& located : *list) results.push_back(result_json(lint, located));
  }
  Json driver = Json::object(
      {{"name", "jwtctl"}, {"version", kVersion}, {"semanticVersion", kVersion}, {"rules", rules}});
  Json invocations = Json::Array{};
  invocations.push_back(invocation_json(lint));
  Json runs = Json::Array{};
  runs.push_back(Json::object({{"tool", Json::object({{"driver", driver}})},
                               {"columnKind", "unicodeCodePoints"},
                               {"automationDetails", Json::object({{"id", "jwtctl-lint/"}})},
                               {"invocations", invocations},
                               {"results", results}}));
  return Json::object({{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                       {"version", "2.1.0"},
                       {"runs", runs}})
             .dump(2) +
         "\n";
}

}  // namespace jwtctl::cli
