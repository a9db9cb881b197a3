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

namespace jwtctl {

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
};

enum class CheckStatus { pass, fail, skip };

/// Check is one question that a verification asked, or did not ask.
struct Check {
  std::string name;
  CheckStatus status = CheckStatus::skip;
  VerdictCode code = VerdictCode::ok;  ///< what a failure of this check means
  RuleId rule;                         ///< the rule that a failure breaks, if it has one
  Json expected;
  Json actual;
  std::string message;  ///< one line; may hold untrusted text
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

/// Verdict is the answer of a verification.
struct Verdict {
  std::vector<Check> checks;
  std::vector<Hint> hints;
  std::vector<Finding> findings;
  std::vector<SkippedKey> skipped_keys;
  std::optional<UsedKey> key;
  TokenKind kind = TokenKind::jws;
  std::optional<Json> header;
  std::optional<Json> claims;
  bool claims_verified = false;

  /// code is the smallest code among the failed checks.
  VerdictCode code() const;
  bool valid() const { return code() == VerdictCode::ok; }
  /// first_failure is the check that gave the verdict its code, null when valid.
  const Check* first_failure() const;
};

}  // namespace jwtctl
