// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "lib/base/rule_id.h"

/// What a verification found, as facts without words: the answer is decided here, and said
/// elsewhere.
namespace jwtctl {

struct Policy;

/// VerdictCode says why a token is rejected, in the order in which a verifier checks: when
/// several checks fail, the smallest is the verdict.
enum class VerdictCode {
  ok,
  malformed,
  header,
  key,
  signature,
  issuer,
  audience,
  claim,
  not_yet_valid,
  expired,
  incomplete,  ///< nothing failed, but not everything that was asked was judged: a defect of ours
};

/// CheckPhase is a stage of a verification; one that fails stops those behind it, except that
/// claims are judged under a bad signature too.
enum class CheckPhase { form, header, key, signature, claims };

/// CheckId is a question that a verification asks, in the order of the reports.
enum class CheckId {
  form,
  alg,
  crit,
  typ,
  header_types,
  key,
  signature,
  iss,
  aud,
  sub,
  claim_types,
  required,  ///< one for each claim that must be there
  claim,     ///< one for each claim that must have a value
  revoked,
  nbf,
  iat,
  exp,
  max_age,
  min_remaining,
};

/// CheckInfo is the row of a check: its phase, its name in reports, and whether it must pass
/// whatever the policy says.
struct CheckInfo {
  CheckId id;
  CheckPhase phase;
  std::string_view name;
  bool mandatory = false;
};

/// check_list returns every check in its order.
std::span<const CheckInfo> check_list();
const CheckInfo& check_info(CheckId id);

enum class CheckStatus {
  unreached,  ///< it did not run, because something before it failed
  pass,
  fail,
  skip,  ///< nobody asked for it
};

/// Outcome is the answer to one question. What it rests on can be read from the token and the
/// policy again, so it holds no text of theirs.
struct Outcome {
  CheckId check;
  std::size_t item = 0;  ///< of `required` and `claim` which one of the policy's, from 0
  CheckStatus status = CheckStatus::unreached;
  VerdictCode code = VerdictCode::ok;  ///< what a failure means
  RuleId rule = rules::none;           ///< the rule that a failure breaks, if it has one
};

inline Outcome passed(CheckId check, std::size_t item = 0) {
  return {check, item, CheckStatus::pass};
}
inline Outcome failed(CheckId check, VerdictCode code, RuleId rule, std::size_t item = 0) {
  return {check, item, CheckStatus::fail, code, rule};
}

/// Outcomes are the answers to all questions that a policy asks. A yes is a fact in it and never
/// the lack of a no: a signature that was found good, and every question answered. One that nobody
/// filled in is a no.
class Outcomes {
 public:
  Outcomes() = default;
  /// Every question of `policy` is there and unreached.
  explicit Outcomes(const Policy& policy);

  /// set answers one question; one that was not planned is added, so that its failure counts.
  void set(const Outcome& outcome);

  const std::vector<Outcome>& list() const& { return list_; }
  void list() && = delete;  // it would not live to be walked
  /// status_of is `unreached` for a question that nobody asked.
  CheckStatus status_of(CheckId id) const;

  /// first_failure is the failed check that gives the verdict its code, null when none failed.
  const Outcome* first_failure() const;
  /// code is the smallest code of a failure; `ok` only if `valid`.
  VerdictCode code() const;
  bool valid() const { return code() == VerdictCode::ok; }
  /// claims_verified says that a trusted key signed the claims.
  bool claims_verified() const { return status_of(CheckId::signature) == CheckStatus::pass; }

 private:
  std::vector<Outcome> list_;
  std::size_t next_ = 0;  ///< where the next answer is expected
};

}  // namespace jwtctl
