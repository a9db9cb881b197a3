// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "lib/token/clean.h"
#include "lib/token/policy.h"
#include "lib/token/verdict.h"

namespace jwtctl {

/// KeySource provides the keys for a token whose form is good. It decides by the policy of its
/// owner alone; the token is there so that an unknown kid may cause a refetch. `key_refused`
/// makes the verdict "key"; any other error means that no verdict is possible.
using KeySource = std::function<Result<KeySet>(const Jws& jws)>;

/// verify judges a token (RFC 7519 section 7.2, RFC 8725) in the phases form, header, key,
/// signature, claims: every check of a phase runs, a failed phase stops those behind it, except
/// that claims are judged under a bad signature too. Fails only when no verdict is possible: the
/// keys cannot be got, the policy is incomplete (`usage`), or OpenSSL lacks an algorithm.
Result<Verdict> verify(const CleanedToken& token, const Policy& policy, const KeySource& source);

/// check_jws runs the phases header, key and signature on a token of good form, and adds their
/// checks to `verdict`. It does not look at the payload. Fails like `verify`.
Result<void> check_jws(const Jws& jws, const Policy& policy, const KeySource& source,
                       Verdict& verdict);

/// check_claims runs the phase claims and adds its checks and hints to `verdict`.
void check_claims(const Json& claims, const Policy& policy, Verdict& verdict);

}  // namespace jwtctl
