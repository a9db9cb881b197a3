// SPDX-License-Identifier: Apache-2.0
#include "lib/token/verdict.h"

#include <algorithm>
#include <array>

namespace jwtctl {
namespace {

constexpr std::array<HintInfo, 16> kHints{{
    {HintId::leeway, "leeway", "a small leeway would let the token pass"},
    {HintId::date_unit, "date-unit", "a date looks like milliseconds instead of seconds"},
    {HintId::issuer_near, "issuer-near", "the issuer differs in a slash, the case or the scheme"},
    {HintId::audience_near, "audience-near",
     "the audience differs in a slash, the case or the scheme"},
    {HintId::audience_unasked, "audience-unasked",
     "the token names an audience and none was expected"},
    {HintId::claim_near, "claim-near", "the token has a claim of nearly the required name"},
    {HintId::kid, "kid", "no key has the kid that the token names"},
    {HintId::kid_known, "kid-known", "the key with the token's kid is there but unusable"},
    {HintId::alg_allowed, "alg-allowed", "which algorithms the keys allow"},
    {HintId::weak_key, "weak-key", "why the key is refused"},
    {HintId::try_all_keys, "try-all-keys", "several keys fit and none is named"},
    {HintId::token_cleaned, "token-cleaned", "the token was pasted with something around it"},
    {HintId::encrypted, "encrypted", "the token is encrypted, so nothing can be verified"},
    {HintId::clock_skew, "clock-skew", "the clock of the key set's server and ours differ"},
    {HintId::not_asked, "not-asked", "the server was not asked for the kid that its copy lacks"},
    {HintId::literal, "literal", "the token stood after --, so it is the text itself"},
}};

}  // namespace

std::span<const HintInfo> hint_list() { return kHints; }

std::string_view to_string(HintId id) {
  return std::find_if(kHints.begin(), kHints.end(), [id](const HintInfo& h) { return h.id == id; })
      ->name;
}

const Check* Verdict::first_failure() const {
  const Outcome* failure = outcomes.first_failure();
  if (failure == nullptr) return nullptr;
  auto at = static_cast<std::size_t>(failure - outcomes.list().data());
  return at < checks.size() ? &checks[at] : nullptr;
}

}  // namespace jwtctl
