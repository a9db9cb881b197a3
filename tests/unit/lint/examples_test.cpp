// SPDX-License-Identifier: Apache-2.0
// One test runs the examples of every rule.
#include <algorithm>

#include "lib/base/text.h"
#include "lib/lint/catalogue.h"
#include "lib/lint/example.h"
#include "tests/catch.h"

namespace jwtctl {
namespace {

/// fired returns the ids of the rules that fire on an example, each once, in order.
std::vector<std::string> fired(const Rule& rule, const Example& example) {
  auto findings = run_example(rule, example);
  INFO(rule.id.id);
  if (!findings) FAIL(findings.error().message);
  std::vector<std::string> ids;
  for (const Finding& finding : *findings) {
    if (ids.empty() || ids.back() != finding.rule.id) ids.emplace_back(finding.rule.id);
  }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

std::vector<std::string> wanted(const Rule& rule, const Example& example) {
  std::vector<std::string> ids{std::string(rule.id.id)};
  for (std::string_view id : split(example.also, ' ')) {
    if (!id.empty()) ids.emplace_back(id);
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

TEST_CASE("a bad example fires its rule and those that it lists, nothing else") {
  for (const Rule* rule : catalogue()) {
    CAPTURE(rule->id.id);
    CHECK_FALSE(rule->bad_examples().empty());
    for (const Example* example : rule->bad_examples()) {
      CAPTURE(example_text(*example));
      CHECK(fired(*rule, *example) == wanted(*rule, *example));
    }
  }
}

TEST_CASE("a good example does not fire its rule, and no error") {
  for (const Rule* rule : catalogue()) {
    CAPTURE(rule->id.id, example_text(rule->good));
    auto findings = run_example(*rule, rule->good);
    REQUIRE(findings);
    for (const Finding& finding : *findings) {
      CAPTURE(finding.rule.id, finding.message);
      CHECK(finding.rule != rule->id);
      bool listed = rule->good.also.find(finding.rule.id) != std::string_view::npos;
      CHECK((finding.severity != Severity::error || listed));
    }
  }
}

TEST_CASE("every rule says what it is, why, who says so and what to do") {
  std::vector<std::string_view> seen;
  for (const Rule* rule : catalogue()) {
    CAPTURE(rule->id.id);
    std::string why = rule->why.with({});
    std::string fix = rule->fix.with({});
    for (std::string_view part : {rule->summary, rule->source}) CHECK_FALSE(part.empty());
    CHECK(columns(rule->summary) <= 72);
    CHECK_FALSE(rule->summary.ends_with('.'));
    CHECK(why.ends_with('.'));
    CHECK(fix.ends_with('.'));
    for (std::string_view name : {rule->id.id, rule->id.name}) {
      CHECK(std::find(seen.begin(), seen.end(), name) == seen.end());
      seen.push_back(name);
    }
    CHECK(find_rule(rule->id.id) == rule);
    CHECK(find_rule(rule->id.name) == rule);
  }
}

TEST_CASE("messages of the rules' examples are one line without a full stop") {
  for (const Rule* rule : catalogue()) {
    for (const Example* example : rule->bad_examples()) {
      auto findings = run_example(*rule, *example);
      REQUIRE(findings);
      for (const Finding& finding : *findings) {
        CAPTURE(finding.rule.id, finding.message);
        CHECK_FALSE(finding.message.empty());
        CHECK_FALSE(finding.message.ends_with('.'));
        CHECK(finding.message.find('\n') == std::string::npos);
      }
    }
  }
}

}  // namespace
}  // namespace jwtctl
