// SPDX-License-Identifier: Apache-2.0
#include "lib/lint/baseline.h"

#include "tests/catch.h"
#include "tests/unit/refusal.h"

namespace jwtctl {
namespace {

LocatedFinding finding(RuleId rule, std::string file, std::size_t line) {
  return {{rule, Severity::error, "header/alg", "wrong"},
          std::move(file),
          {line, 1},
          0,
          "tok:1",
          {},
          {}};
}

TEST_CASE("fingerprints do not depend on the line, and tell equal findings apart") {
  Report report;
  report.add(finding(rules::alg_none, "a", 1), "tok:1");
  report.add(finding(rules::alg_none, "a", 9), "tok:1");
  report.add(finding(rules::alg_none, "b", 1), "tok:1");
  report.add(finding(rules::alg_none, "a", 1), "tok:2");
  Report again;
  again.add(finding(rules::alg_none, "a", 5), "tok:1");
  CHECK(report.findings[0].fingerprint.size() == 32);
  CHECK(report.findings[0].fingerprint == again.findings[0].fingerprint);
  for (std::size_t i = 1; i < 4; ++i) {
    CHECK(report.findings[i].fingerprint != report.findings[0].fingerprint);
  }
}

TEST_CASE("what a baseline has does not count, what is new does") {
  Report old;
  old.add(finding(rules::alg_none, "a", 1), "tok:1");
  auto baseline = parse_baseline(baseline_json(old));
  REQUIRE(baseline);
  Report report;
  report.add(finding(rules::alg_none, "a", 3), "tok:1");
  report.add(finding(rules::expired, "a", 3), "tok:1");
  drop_known(*baseline, report);
  REQUIRE(report.findings.size() == 1);
  CHECK(report.findings[0].finding.rule == rules::expired);
  CHECK(report.known == 1);
}

TEST_CASE("a baseline is the same whatever the order of the findings") {
  Report a;
  a.add(finding(rules::alg_none, "a", 1), "tok:1");
  a.add(finding(rules::expired, "b", 1), "tok:1");
  Report b;
  b.add(finding(rules::expired, "b", 1), "tok:1");
  b.add(finding(rules::alg_none, "a", 1), "tok:1");
  CHECK(baseline_json(a) == baseline_json(b));
}

TEST_CASE("what is no baseline is named") {
  for (auto [text, why] :
       {std::pair{"", "empty"},
        {"{", ""},
        {"{}", "its schema is not jwtctl.baseline/1"},
        {R"({"schema":"jwtctl.baseline/1"})", "it has no array \"findings\""},
        {R"({"schema":"jwtctl.baseline/1","findings":[{}]})", "a finding has no fingerprint"},
        {R"({"schema":"jwtctl.baseline/1","findings":[{"fingerprint":"x"}]})",
         "a finding has no fingerprint"}}) {
    CAPTURE(text);
    auto baseline = parse_baseline(text);
    REQUIRE_FALSE(baseline);
    CHECK(baseline.error().code == ErrorCode::input);
    CHECK(baseline.error().message.starts_with(fmt::format("this is no baseline: {}", why)));
  }
}

}  // namespace
}  // namespace jwtctl
