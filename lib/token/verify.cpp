// SPDX-License-Identifier: Apache-2.0
#include "lib/token/verify.h"

#include <utility>

#include "lib/token/verifier.h"

namespace jwtctl {

Result<Verdict> verify(const CleanedToken& token, const Policy& policy, const KeySource& source,
                       const OptionNames& names) {
  Jws jws = read_token(token, policy.max_token_bytes);
  Payload payload = read_payload(jws);
  auto ring = std::make_shared<const KeyRing>(KeySet{});
  if (has_good_form(jws, payload)) {
    auto keys = source(jws);
    if (keys) {
      ring = *std::move(keys);
    } else if (keys.error().code == ErrorCode::key_refused) {
      ring = std::make_shared<const KeyRing>(std::move(keys).error());
    } else {
      return fail(std::move(keys).error());
    }
  }
  Verifier verifier(policy, std::move(ring));
  auto judgement = verifier.judge(jws, payload, !token.cleanings.empty());
  if (!judgement) return fail(std::move(judgement).error());
  if (judgement->no_key == NoKey::alg_unnamed) {
    return fail(ErrorCode::usage, "{} needs {}, because the key does not say its alg", names.strict,
                names.algorithms)
        .hint("add {} {}", names.algorithms, judgement->algorithm->name);
  }
  return say_verdict(*judgement, {token, jws, payload, verifier, names});
}

}  // namespace jwtctl
