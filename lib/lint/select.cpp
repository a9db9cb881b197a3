// SPDX-License-Identifier: Apache-2.0
#include "lib/lint/select.h"

#include <algorithm>
#include <set>

#include "lib/base/shown.h"
#include "lib/base/text.h"
#include "lib/lint/catalogue.h"

namespace jwtctl {
namespace {

std::string_view letters(std::string_view id) {
  return id.substr(0, id.find_first_of("0123456789"));
}

/// fits says whether a pattern means a rule. Ids have letters of their family, which must be
/// equal, and digits, of which a pattern may have the first.
bool fits(std::string_view pattern, const Rule& rule) {
  if (pattern == rule.id.name) return true;
  std::string_view family = letters(pattern);
  return equals_ignoring_case(family, letters(rule.id.id)) &&
         rule.id.id.substr(family.size()).starts_with(pattern.substr(family.size()));
}

Failure unknown_rule(std::string_view pattern) {
  std::vector<std::string_view> names;
  for (const Rule* rule : catalogue()) {
    names.push_back(rule->id.id);
    names.push_back(rule->id.name);
  }
  auto near = suggest(pattern, names);
  Failure failure = fail(ErrorCode::usage, "unknown rule {}", quote_argument(pattern));
  return near ? std::move(failure).hint("did you mean {}?", *near) : failure;
}

using Rules = std::set<const Rule*>;

Result<Rules> find_rules(std::string_view pattern) {
  Rules rules;
  for (const Rule* rule : catalogue()) {
    if (fits(pattern, *rule)) rules.insert(rule);
  }
  if (pattern.empty() || rules.empty()) return unknown_rule(pattern);
  return rules;
}

Result<Rules> find_all(const std::vector<std::string>& patterns) {
  Rules rules;
  for (const std::string& pattern : patterns) {
    auto found = find_rules(pattern);
    if (!found) return found;
    rules.merge(*found);
  }
  return rules;
}

}  // namespace

std::optional<Severity> find_severity(std::string_view name) {
  for (Severity severity : {Severity::error, Severity::warning, Severity::note}) {
    if (name == to_string(severity)) return severity;
  }
  return std::nullopt;
}

Result<RuleSelection> select_rules(const RuleOptions& options, bool clock) {
  auto selected = find_all(options.select);
  if (!selected) return fail(std::move(selected).error());
  auto ignored = find_all(options.ignore);
  if (!ignored) return fail(std::move(ignored).error());
  std::map<const Rule*, Severity> levels;
  for (const std::string& text : options.levels) {
    std::size_t equals = text.find('=');
    if (equals == std::string::npos) {
      return fail(ErrorCode::usage, "{} is not RULE=LEVEL", quote_argument(text))
          .hint("such as JWT201=error");
    }
    auto rules = find_rules(std::string_view(text).substr(0, equals));
    if (!rules) return fail(std::move(rules).error());
    std::string_view name = std::string_view(text).substr(equals + 1);
    auto level = find_severity(name);
    if (!level && name != "off") {
      return fail(ErrorCode::usage, "unknown level {}", quote_argument(name))
          .hint("levels are error, warning, note and off");
    }
    for (const Rule* rule : *rules) {
      if (level) levels[rule] = *level;
      if (!level) ignored->insert(rule);
    }
  }
  RuleSelection selection;
  selection.clock = clock;
  for (const Rule* rule : catalogue()) {
    bool wanted = options.select.empty() || selected->count(rule) != 0;
    if (!wanted || ignored->count(rule) != 0) continue;
    auto level = levels.find(rule);
    selection.rules.push_back(
        {rule, level != levels.end() ? std::optional(level->second) : std::nullopt});
  }
  return selection;
}

}  // namespace jwtctl
