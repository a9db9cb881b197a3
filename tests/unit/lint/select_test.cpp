// SPDX-License-Identifier: Apache-2.0
#include "lib/lint/select.h"

#include <algorithm>

#include "lib/base/text.h"
#include "lib/lint/catalogue.h"
#include "tests/catch.h"

namespace jwtctl {
namespace {

std::vector<std::string> ids(const RuleOptions& options) {
  auto selection = select_rules(options, true);
  REQUIRE(selection);
  std::vector<std::string> result;
  for (const ActiveRule& active : selection->rules) result.emplace_back(active.rule->id.id);
  return result;
}

bool has(const std::vector<std::string>& all, std::string_view id) {
  return std::find(all.begin(), all.end(), id) != all.end();
}

Error refusal(const RuleOptions& options) {
  auto selection = select_rules(options, true);
  REQUIRE_FALSE(selection);
  CHECK(selection.error().code == ErrorCode::usage);
  return selection.error();
}

TEST_CASE("without options every rule is selected, in the order of the catalogue") {
  auto all = ids({});
  CHECK(all.size() == catalogue().size());
  CHECK(std::is_sorted(all.begin(), all.end(), [](const std::string& a, const std::string& b) {
    return a.substr(0, 3) == b.substr(0, 3) && a.size() == b.size() && a < b;
  }));
}

TEST_CASE("rules are selected by id, name and the beginning of ids, whatever the case of ids") {
  CHECK(ids({{"JWT202"}, {}, {}}) == std::vector<std::string>{"JWT202"});
  CHECK(ids({{"jwt202"}, {}, {}}) == std::vector<std::string>{"JWT202"});
  CHECK(ids({{"expired"}, {}, {}}) == std::vector<std::string>{"JWT202"});
  auto dates = ids({{"JWT2"}, {}, {}});
  CHECK(has(dates, "JWT201"));
  CHECK(has(dates, "JWT206"));
  CHECK_FALSE(has(dates, "JWT101"));
}

TEST_CASE("what is ignored, or off, is not selected") {
  CHECK_FALSE(has(ids({{}, {"JWT202"}, {}}), "JWT202"));
  CHECK_FALSE(has(ids({{}, {}, {"JWT202=off"}}), "JWT202"));
  CHECK(ids({{"JWT202", "JWT206"}, {"JWT206"}, {}}) == std::vector<std::string>{"JWT202"});
}

TEST_CASE("a level is for the rules that are named, the last one counts") {
  auto selection = select_rules({{"JWT2"}, {}, {"JWT2=note", "JWT202=warning"}}, true);
  REQUIRE(selection);
  for (const ActiveRule& active : selection->rules) {
    bool expired = active.rule->id == rules::expired;
    CHECK(active.level == (expired ? Severity::warning : Severity::note));
  }
}

TEST_CASE("unknown rules and levels are refused with a suggestion") {
  CHECK(refusal({{"JWT999"}, {}, {}}).message == "unknown rule \"JWT999\"");
  CHECK(refusal({{}, {"expird"}, {}}).hint == "did you mean expired?");
  CHECK(refusal({{""}, {}, {}}).message == "unknown rule \"\"");
  CHECK(refusal({{}, {}, {"JWT202"}}).message == "\"JWT202\" is not RULE=LEVEL");
  CHECK(refusal({{}, {}, {"JWT202=fatal"}}).message == "unknown level \"fatal\"");
}

}  // namespace
}  // namespace jwtctl
