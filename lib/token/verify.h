// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>

#include "lib/token/clean.h"
#include "lib/token/policy.h"
#include "lib/token/verdict.h"
#include "lib/token/words.h"

namespace jwtctl {

/// KeySource provides the keys for a token whose form is good. It decides by the policy of its
/// owner alone; the token is there so that an unknown kid may cause a refetch. `key_refused`
/// makes the verdict "key"; any other error means that no verdict is possible.
using KeySource = std::function<Result<std::shared_ptr<const KeyRing>>(const Jws& jws)>;

/// verify judges one token with a Verifier, and says what that found. Fails only when no verdict is
/// possible: the keys cannot be got, the policy is incomplete (`usage`), or OpenSSL lacks an
/// algorithm.
Result<Verdict> verify(const CleanedToken& token, const Policy& policy, const KeySource& source,
                       const OptionNames& names);

}  // namespace jwtctl
