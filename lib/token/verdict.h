// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/codec/json.h"
#include "lib/jose/jwks.h"
#include "lib/jose/jws.h"
#include "lib/token/finding.h"
#include "lib/token/outcome.h"

namespace jwtctl {

/// Check is an outcome put into words, for reports.
struct Check {
  CheckId id = CheckId::form;
  std::string name;  ///< "exp", "require:scope"
  CheckStatus status = CheckStatus::unreached;
  VerdictCode code = VerdictCode::ok;  ///< what a failure of this check means
  RuleId rule = rules::none;           ///< the rule that a failure breaks, if it has one
  Json expected = {};
  Json actual = {};
  std::string message = {};  ///< one line; may hold untrusted text
};

/// HintId names a piece of advice. The list is `hint_list()`.
enum class HintId {
  leeway,
  date_unit,
  issuer_near,
  audience_near,
  audience_unasked,
  claim_near,
  kid,
  kid_known,
  alg_allowed,
  weak_key,
  try_all_keys,
  token_cleaned,
  encrypted,
  clock_skew,
  not_asked,
  literal,
};

struct HintInfo {
  HintId id;
  std::string_view name;
  std::string_view meaning;
};

/// hint_list returns every hint with its stable name, for JSON and the manual.
std::span<const HintInfo> hint_list();
std::string_view to_string(HintId id);

struct Hint {
  HintId id;
  std::string message;
};

/// UsedKey describes the key that the signature was tried with.
struct UsedKey {
  std::string source;
  std::optional<std::string> kid;
  KeyType kty;
  Curve curve;
  unsigned bits;
  std::optional<std::string> thumbprint;
};

/// Verdict is the answer of a verification, in words. The answer itself is in its outcomes; nothing
/// else in it changes that.
struct Verdict {
  Outcomes outcomes;
  std::vector<Check> checks;  ///< one for each of the outcomes, in their order
  std::vector<Hint> hints;
  std::vector<Finding> findings;
  std::vector<SkippedKey> skipped_keys;
  std::optional<UsedKey> key;
  TokenKind kind = TokenKind::jws;
  std::optional<Json> header;
  std::optional<Json> claims;

  VerdictCode code() const { return outcomes.code(); }
  bool valid() const { return outcomes.valid(); }
  bool claims_verified() const { return outcomes.claims_verified(); }
  /// first_failure is the check that gave the verdict its code, null when none failed.
  const Check* first_failure() const;
};

}  // namespace jwtctl
