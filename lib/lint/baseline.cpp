// SPDX-License-Identifier: Apache-2.0
#include "lib/lint/baseline.h"

#include <algorithm>
#include <tuple>
#include <vector>

#include "lib/codec/json.h"

namespace jwtctl {
namespace {

constexpr std::string_view kSchema = "jwtctl.baseline/1";
constexpr std::size_t kFingerprintLength = 32;

Failure not_a_baseline(std::string_view why) {
  return fail(ErrorCode::input, "this is no baseline: {}", why);
}

}  // namespace

Result<Baseline> parse_baseline(std::string_view text) {
  JsonReading reading = read_json(text);
  if (reading.fault) return not_a_baseline(reading.fault->message);
  const Json* schema = reading.value->find("schema");
  if (schema == nullptr || !schema->same_value(kSchema)) {
    return not_a_baseline(fmt::format("its schema is not {}", kSchema));
  }
  const Json* list = reading.value->find("findings");
  const Json::Array* findings = list != nullptr ? list->as_array() : nullptr;
  if (findings == nullptr) return not_a_baseline("it has no array \"findings\"");
  Baseline baseline;
  for (const Json& finding : *findings) {
    const Json* member = finding.find("fingerprint");
    const std::string* fingerprint = member != nullptr ? member->as_string() : nullptr;
    if (fingerprint == nullptr || fingerprint->size() != kFingerprintLength) {
      return not_a_baseline("a finding has no fingerprint");
    }
    baseline.insert(*fingerprint);
  }
  return baseline;
}

std::string baseline_json(const Report& report) {
  using Row = std::tuple<std::string, std::string, std::string>;
  std::vector<Row> rows;
  for (const LocatedFinding& located : report.findings) {
    rows.emplace_back(located.file, located.finding.rule.id, located.fingerprint);
  }
  std::sort(rows.begin(), rows.end());
  Json findings = Json::Array{};
  for (const auto& [file, rule, fingerprint] : rows) {
    findings.push_back(
        Json::object({{"rule", rule}, {"file", file}, {"fingerprint", fingerprint}}));
  }
  return Json::object({{"schema", kSchema}, {"findings", findings}}).dump(2) + "\n";
}

void drop_known(const Baseline& baseline, Report& report) { report.remove_known(baseline); }

}  // namespace jwtctl
