// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "lib/token/claims.h"
#include "lib/token/judgement.h"

namespace jwtctl {

/// has_good_form says whether a token is a compact JWS of one JSON object, without a fault.
bool has_good_form(const Jws& jws, const Payload& payload);

/// Verifier judges tokens by one policy and one ring of keys (RFC 7519 section 7.2, RFC 8725). It
/// is const and may be shared by threads: whatever is the same for all tokens is done once.
class Verifier {
 public:
  Verifier(Policy policy, std::shared_ptr<const KeyRing> keys);

  const Policy& policy() const { return policy_; }
  const KeyRing& ring() const { return *ring_; }

  /// judge_jws runs the phases header, key and signature on a token of good form: without faults,
  /// not encrypted, with a header. It does not look at the payload. Fails with `crypto` when
  /// OpenSSL lacks the algorithm, so that no verdict is possible.
  Result<Judgement> judge_jws(const Jws& jws) const;

  /// judge runs all phases: every check of a phase runs, a failed phase stops those behind it,
  /// except that claims are judged under a bad signature too. `cleaned` says that the text needed
  /// cleaning, which a strict policy refuses. Fails as `judge_jws` does.
  Result<Judgement> judge(const Jws& jws, const Payload& payload, bool cleaned = false) const;

 private:
  std::shared_ptr<const Candidates> candidates(const Algorithm& algorithm,
                                               const std::optional<std::string>& kid) const;
  bool judge_header(const Jws& jws, Judgement& out) const;
  bool judge_key(const Jws& jws, Judgement& out) const;
  Result<void> judge_signature(const Jws& jws, Judgement& out) const;
  Result<void> judge_signed(const Jws& jws, Judgement& out) const;

  Policy policy_;
  Outcomes planned_;  ///< all that the policy asks, unanswered
  std::shared_ptr<const KeyRing> ring_;
  std::map<std::string, std::size_t, std::less<>>
      kids_;                          ///< of the ring, to the rows of candidates_
  LazySlots<Candidates> candidates_;  ///< of each kid, and of none, for each algorithm
};

}  // namespace jwtctl
