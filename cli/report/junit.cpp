// SPDX-License-Identifier: Apache-2.0
// JUnit XML as the schema of Ant's JUnitReport has it, the strictest of those in use.
#include <algorithm>

#include "cli/report/lint.h"
#include "lib/base/text.h"

namespace jwtctl::cli {
namespace {

/// xml_text escapes for XML 1.0. `escape_text` has replaced control characters and what is not
/// UTF-8; two code points that XML does not allow are left.
std::string xml_text(std::string_view text) {
  std::string safe = escape_text(text);
  std::string out;
  for (std::size_t i = 0; i < safe.size(); ++i) {
    std::string_view rest = std::string_view(safe).substr(i);
    if (rest.starts_with("\xEF\xBF\xBE") || rest.starts_with("\xEF\xBF\xBF")) {
      out += "\xEF\xBF\xBD";
      i += 2;
      continue;
    }
    switch (safe[i]) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += safe[i];
    }
  }
  return out;
}

enum class Outcome { passed, failed, skipped, error };

struct Case {
  std::string name;
  Outcome outcome = Outcome::passed;
  std::string type;
  std::string message;
};

struct Suite {
  std::string name;
  std::vector<Case> cases;
  std::vector<std::string> remarks = {};  ///< on the run
  std::string note = {};                  ///< on what was judged

  std::size_t count(Outcome outcome) const {
    return static_cast<std::size_t>(std::count_if(
        cases.begin(), cases.end(), [outcome](const Case& one) { return one.outcome == outcome; }));
  }
};

std::string case_xml(const Suite& suite, const Case& one) {
  std::string open = fmt::format("    <testcase name=\"{}\" classname=\"{}\" time=\"0\"",
                                 xml_text(one.name), xml_text(suite.name));
  std::string message = xml_text(one.message);
  switch (one.outcome) {
    case Outcome::passed: return fmt::format("{}/>\n", open);
    case Outcome::skipped:
      return fmt::format("{}>\n      <skipped message=\"{}\"/>\n    </testcase>\n", open, message);
    case Outcome::failed:
    case Outcome::error: break;
  }
  std::string_view tag = one.outcome == Outcome::failed ? "failure" : "error";
  return fmt::format("{}>\n      <{} type=\"{}\" message=\"{}\"/>\n    </testcase>\n", open, tag,
                     xml_text(one.type), message);
}

std::string properties_xml(const Suite& suite) {
  if (suite.remarks.empty()) return "    <properties/>\n";
  std::string out = "    <properties>\n";
  for (const std::string& remark : suite.remarks) {
    out += fmt::format("      <property name=\"jwtctl\" value=\"{}\"/>\n", xml_text(remark));
  }
  return out + "    </properties>\n";
}

std::string suites_xml(const std::vector<Suite>& suites, Instant now) {
  std::string time = format_rfc3339(now).value_or("1970-01-01T00:00:00Z");
  if (time.ends_with('Z')) time.pop_back();
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n";
  std::size_t id = 0;
  for (const Suite& suite : suites) {
    out += fmt::format(
        "  <testsuite package=\"jwtctl\" id=\"{}\" name=\"{}\" timestamp=\"{}\" "
        "hostname=\"localhost\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" "
        "time=\"0\">\n{}",
        id++, xml_text(suite.name), time, suite.cases.size(), suite.count(Outcome::failed),
        suite.count(Outcome::error), suite.count(Outcome::skipped), properties_xml(suite));
    for (const Case& one : suite.cases) out += case_xml(suite, one);
    out += suite.note.empty()
               ? "    <system-out/>\n"
               : fmt::format("    <system-out>{}</system-out>\n", xml_text(suite.note));
    out += "    <system-err/>\n  </testsuite>\n";
  }
  return out + "</testsuites>\n";
}

}  // namespace

std::string lint_junit(const LintReport& lint, const View& view) {
  std::vector<Suite> suites;
  for (const LocatedFinding& located : lint.report.findings) {
    const Finding& finding = located.finding;
    if (suites.empty() || suites.back().name != located.file) suites.push_back({located.file, {}});
    bool fails = lint.fail_on && finding.severity >= *lint.fail_on;
    std::string place = fmt::format("{}:{}", located.position.line, located.position.column);
    suites.back().cases.push_back({fmt::format("{} {}", rule_label(finding.rule), place),
                                   fails ? Outcome::failed : Outcome::skipped,
                                   std::string(to_string(finding.severity)),
                                   fmt::format("{}:{}: {}: {}", located.file, place,
                                               to_string(finding.severity), finding.message)});
  }
  for (const UnreadFile& unread : lint.report.unread) {
    suites.push_back({unread.file, {{"read", Outcome::error, "input", unread.error.message}}});
  }
  if (suites.empty()) suites.push_back({"jwtctl lint", {{"no findings", Outcome::passed, {}, {}}}});
  suites.front().remarks = lint_remarks(lint);
  for (std::string& name : lint_unsearched(lint)) {
    suites.front().remarks.push_back(std::move(name));
  }
  return suites_xml(suites, view.now);
}

std::string verify_junit(const VerifyReport& report, const View& view) {
  Suite suite{"jwtctl verify", {}, {}};
  if (!report.token.faults.empty()) suite.note = cleaning_line(report);
  for (const Check& check : report.verdict.checks) {
    Outcome outcome = check.status == CheckStatus::pass   ? Outcome::passed
                      : check.status == CheckStatus::fail ? Outcome::failed
                                                          : Outcome::skipped;
    std::string type =
        check.rule ? rule_label(check.rule) : std::string(to_string(to_exit_code(check.code)));
    suite.cases.push_back({check.name, outcome, type, log_message(check)});
  }
  return suites_xml({suite}, view.now);
}

}  // namespace jwtctl::cli
