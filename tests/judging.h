// SPDX-License-Identifier: Apache-2.0
// Verdicts for tests: in the words of the command line, and of the layers below the claims alone.
#pragma once

#include <memory>
#include <utility>

#include "cli/option_names.h"
#include "lib/token/verify.h"

namespace jwtctl {

inline Result<Verdict> verify(const CleanedToken& token, const Policy& policy,
                              const KeySource& source) {
  return verify(token, policy, source, cli::kOptionNames);
}

/// verify_jws judges header, key and signature of a token of good form, and not its claims.
inline Result<Verdict> verify_jws(const Jws& jws, const Policy& policy,
                                  Result<std::shared_ptr<const KeyRing>> keys) {
  if (!keys) keys = std::make_shared<const KeyRing>(std::move(keys).error());
  const Verifier verifier(policy, *std::move(keys));
  auto judgement = verifier.judge_jws(jws);
  if (!judgement) return fail(std::move(judgement).error());
  return say_verdict(*judgement, {{jws.text, {}}, jws, {}, verifier, cli::kOptionNames});
}

}  // namespace jwtctl
