// SPDX-License-Identifier: Apache-2.0
#include "lib/token/judge_header.h"

#include <string>

#include "lib/token/candidates.h"
#include "lib/token/claims.h"

namespace jwtctl {

Outcome judge_algorithm(const Json& header, const Policy& policy) {
  auto refuse = [](RuleId rule) { return failed(CheckId::alg, VerdictCode::header, rule); };
  if (auto bad = alg_problem(header)) return refuse(bad->rule);
  bool allowed = is_allowed(policy, *header.find("alg")->as_string());
  return allowed ? passed(CheckId::alg) : refuse(rules::alg_not_allowed);
}

Outcome judge_crit(const Json& header) {
  auto bad = crit_problem(header);
  return bad ? failed(CheckId::crit, VerdictCode::header, bad->rule) : passed(CheckId::crit);
}

Outcome judge_typ(const Json& header, std::optional<std::string_view> wanted) {
  if (!wanted) return {CheckId::typ, 0, CheckStatus::skip};
  const Json* typ = header.find("typ");
  const std::string* text = typ != nullptr ? typ->as_string() : nullptr;
  bool same = text != nullptr && same_media_type(*text, *wanted);
  return same ? passed(CheckId::typ)
              : failed(CheckId::typ, VerdictCode::header, rules::typ_mismatch);
}

}  // namespace jwtctl
