// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "lib/token/candidates.h"
#include "lib/token/outcome.h"

namespace jwtctl {

/// Judgement is what a Verifier found of one token: the outcomes, and the key. It points into the
/// Verifier and its ring, and must not outlive them.
struct Judgement {
  Outcomes outcomes;
  const Algorithm* algorithm = nullptr;          ///< of the token, when it is one of ours
  std::optional<std::string> kid;                ///< that was looked for
  NoKey no_key = NoKey::none;                    ///< when the check `key` failed
  std::shared_ptr<const Candidates> candidates;  ///< null when keys were not looked for
  const SetKey* used = nullptr;  ///< the key that the signature was tried with; of several the good
};

}  // namespace jwtctl
