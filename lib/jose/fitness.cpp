// SPDX-License-Identifier: Apache-2.0
#include "lib/jose/fitness.h"

#include "lib/base/shown.h"
#include "lib/jose/key_material.h"

namespace jwtctl {

Result<void> check_secret(const Jwk& jwk) {
  if (!jwk.key.is_symmetric() || !is_key_material(jwk.key.octets())) return {};
  return fail(ErrorCode::key_refused, "its secret is a key or certificate, and no secret")
      .hint("give the key as it is; who verifies with its text accepts what anybody signs");
}

Result<void> check_fit(const Jwk& jwk, const Algorithm& algorithm, KeyOperation operation) {
  auto usable = check_usable_for(jwk, algorithm, operation);
  if (usable) usable = check_secret(jwk);
  return usable ? check_key_for(jwk.key, algorithm) : usable;
}

Result<void> check_any_fit(const Jwk& jwk, KeyOperation operation) {
  Result<void> refusal;
  for (const std::string& name : allowed_algorithms(jwk)) {
    auto fit = check_fit(jwk, *find_algorithm(name), operation);
    if (fit) return {};
    if (refusal) refusal = std::move(fit);
  }
  if (!refusal) return refusal;
  return fail(ErrorCode::key_refused, "its alg {} is none that {} signs with",
              quote_argument(jwk.alg.value_or("none"), ShownAs::member), jwk.key.describe());
}

Result<void> check_any_use(const Jwk& jwk) {
  auto fit = check_any_fit(jwk);
  bool signs = !fit && jwk.key.is_private() && check_any_fit(jwk, KeyOperation::sign);
  return signs ? Result<void>() : fit;
}

}  // namespace jwtctl
