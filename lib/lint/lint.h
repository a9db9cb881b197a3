// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "lib/lint/rule.h"

/// The engine: rules in, findings out. It never looks into a subject itself.
namespace jwtctl {

/// ActiveRule is a rule that was selected.
struct ActiveRule {
  const Rule* rule;
  std::optional<Severity> level;  ///< what `--rule` says; it overrides the rule and its remarks
};

/// RuleSelection is what a run applies.
struct RuleSelection {
  std::vector<ActiveRule> rules;
  bool clock = true;  ///< whether rules whose answer changes with time take part
};

/// every_rule selects the whole catalogue.
const RuleSelection& every_rule();

/// judge_token, judge_key and judge_key_set run the rules of one kind of subject, in the order of
/// the catalogue. `judge_key_set` judges each key too; their places begin with "keys/0/".
std::vector<Finding> judge_token(const TokenSubject& token, const RuleSelection& selection);
std::vector<Finding> judge_key(const KeySubject& key, const KeyContext& context,
                               const RuleSelection& selection);
std::vector<Finding> judge_key_set(const KeySetSubject& set, const KeyContext& context,
                                   const RuleSelection& selection);

}  // namespace jwtctl
