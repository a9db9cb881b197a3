// SPDX-License-Identifier: Apache-2.0
#include "lib/lint/lint.h"

#include <fmt/format.h>

#include "lib/lint/catalogue.h"

namespace jwtctl {
namespace {

/// run applies every rule whose check is a `Check` and which has what it needs.
template <class Check, class... Subject>
std::vector<Finding> run(const RuleSelection& selection, bool in_file, const Subject&... subject) {
  std::vector<Finding> findings;
  for (const ActiveRule& active : selection.rules) {
    const Rule& rule = *active.rule;
    const Check* check = std::get_if<Check>(&rule.check);
    if (check == nullptr) continue;
    if ((rule.needs.clock && !selection.clock) || (rule.needs.file && !in_file)) continue;
    for (Remark& remark : (*check)(subject...)) {
      Severity level = active.level.value_or(remark.level.value_or(rule.level));
      findings.push_back(
          {rule.id, level, std::move(remark.place), std::move(remark.message), remark.offset});
    }
  }
  return findings;
}

}  // namespace

const RuleSelection& every_rule() {
  static const RuleSelection selection = [] {
    RuleSelection all;
    for (const Rule* rule : catalogue()) all.rules.push_back({rule, std::nullopt});
    return all;
  }();
  return selection;
}

std::vector<Finding> judge_token(const TokenSubject& token, const RuleSelection& selection) {
  return run<TokenCheck>(selection, token.file != nullptr, token);
}

std::vector<Finding> judge_key(const KeySubject& key, const KeyContext& context,
                               const RuleSelection& selection) {
  return run<KeyCheck>(selection, context.file != nullptr, key, context);
}

std::vector<Finding> judge_key_set(const KeySetSubject& set, const KeyContext& context,
                                   const RuleSelection& selection) {
  auto findings = run<KeySetCheck>(selection, context.file != nullptr, set, context);
  for (std::size_t i = 0; i < set.keys.size(); ++i) {
    std::string parent = fmt::format("keys/{}", i);
    for (Finding& finding : judge_key(set.keys[i], context, selection)) {
      finding.place = finding.place.empty() ? parent : fmt::format("{}/{}", parent, finding.place);
      findings.push_back(std::move(finding));
    }
  }
  return findings;
}

}  // namespace jwtctl
