// SPDX-License-Identifier: Apache-2.0
#include "lib/token/outcome.h"

#include <algorithm>

#include "lib/token/policy.h"

namespace jwtctl {
namespace {

constexpr CheckInfo kChecks[] = {
    {CheckId::form, CheckPhase::form, "form", true},
    {CheckId::alg, CheckPhase::header, "alg", true},
    {CheckId::crit, CheckPhase::header, "crit", true},
    {CheckId::typ, CheckPhase::header, "typ"},
    {CheckId::header_types, CheckPhase::header, "header-types"},
    {CheckId::key, CheckPhase::key, "key", true},
    {CheckId::signature, CheckPhase::signature, "signature", true},
    {CheckId::iss, CheckPhase::claims, "iss"},
    {CheckId::aud, CheckPhase::claims, "aud"},
    {CheckId::sub, CheckPhase::claims, "sub"},
    {CheckId::claim_types, CheckPhase::claims, "claim-types"},
    {CheckId::required, CheckPhase::claims, "require"},
    {CheckId::claim, CheckPhase::claims, "claim"},
    {CheckId::revoked, CheckPhase::claims, "revoked"},
    {CheckId::nbf, CheckPhase::claims, "nbf"},
    {CheckId::iat, CheckPhase::claims, "iat"},
    {CheckId::exp, CheckPhase::claims, "exp"},
    {CheckId::max_age, CheckPhase::claims, "max-age"},
    {CheckId::min_remaining, CheckPhase::claims, "min-remaining"},
};

/// times_asked says how often a policy asks a question.
std::size_t times_asked(CheckId id, const Policy& policy) {
  if (id == CheckId::header_types || id == CheckId::claim_types) return policy.strict ? 1 : 0;
  if (id == CheckId::required) return policy.required.size();
  return id == CheckId::claim ? policy.claims.size() : 1;
}

}  // namespace

std::span<const CheckInfo> check_list() { return kChecks; }

const CheckInfo& check_info(CheckId id) { return kChecks[static_cast<std::size_t>(id)]; }

Outcomes::Outcomes(const Policy& policy) {
  list_.reserve(std::size(kChecks) + policy.required.size() + policy.claims.size());
  for (const CheckInfo& check : kChecks) {
    for (std::size_t i = 0; i < times_asked(check.id, policy); ++i) list_.push_back({check.id, i});
  }
}

void Outcomes::set(const Outcome& outcome) {
  auto is_it = [&outcome](const Outcome& other) {
    return other.check == outcome.check && other.item == outcome.item;
  };
  // They are nearly always answered in their order.
  auto planned = list_.begin() + static_cast<std::ptrdiff_t>(next_);
  if (planned == list_.end() || !is_it(*planned)) {
    planned = std::find_if(list_.begin(), list_.end(), is_it);
  }
  if (planned == list_.end()) {
    list_.push_back(outcome);
    planned = list_.end() - 1;
  } else {
    *planned = outcome;
  }
  next_ = static_cast<std::size_t>(planned - list_.begin()) + 1;
}

CheckStatus Outcomes::status_of(CheckId id) const {
  auto found = std::find_if(list_.begin(), list_.end(),
                            [id](const Outcome& outcome) { return outcome.check == id; });
  return found != list_.end() ? found->status : CheckStatus::unreached;
}

const Outcome* Outcomes::first_failure() const {
  const Outcome* first = nullptr;
  for (const Outcome& outcome : list_) {
    if (outcome.status != CheckStatus::fail) continue;
    if (first == nullptr || outcome.code < first->code) first = &outcome;
  }
  return first;
}

VerdictCode Outcomes::code() const {
  if (const Outcome* failure = first_failure()) {
    return failure->code != VerdictCode::ok ? failure->code : VerdictCode::incomplete;
  }
  bool answered = std::none_of(list_.begin(), list_.end(), [](const Outcome& outcome) {
    return outcome.status == CheckStatus::unreached;
  });
  bool good = std::all_of(std::begin(kChecks), std::end(kChecks), [this](const CheckInfo& check) {
    return !check.mandatory || status_of(check.id) == CheckStatus::pass;
  });
  return answered && good ? VerdictCode::ok : VerdictCode::incomplete;
}

}  // namespace jwtctl
