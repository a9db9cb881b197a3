// SPDX-License-Identifier: Apache-2.0
#include "lib/token/candidates.h"

#include <algorithm>
#include <map>

#include "lib/jose/fitness.h"

namespace jwtctl {
namespace {

/// problem_of says why nothing can be verified with a key that was parsed.
std::string problem_of(const SetKey& entry) {
  auto fit = check_any_fit(entry.jwk);
  return fit ? "other keys of its kid fit as well" : std::move(fit).error().message;
}

/// accept_group goes through the entries that share a kid.
void accept_group(const KeyRing& group, const std::string& kid,
                  std::map<std::size_t, Acceptance*>& by_index) {
  const Policy any;
  for (const Algorithm& algorithm : signature_algorithms()) {
    for (const SetKey* key : find_candidates(group, any, algorithm, kid).keys) {
      by_index[key->index]->algorithms.emplace_back(algorithm.name);
    }
  }
}

/// drop takes the candidates out for which `refusal` has a reason, as `why`.
template <class Refusal>
void drop(Candidates& candidates, NoKey why, Refusal refusal) {
  bool dropped = false;
  std::erase_if(candidates.keys, [&](const SetKey* entry) {
    std::optional<std::string> reason = refusal(*entry);
    if (!reason) return false;
    candidates.skipped.push_back({entry->index, entry->jwk.kid, *std::move(reason)});
    return dropped = true;
  });
  if (dropped && candidates.keys.empty()) candidates.why = why;
}

/// drop_unfit takes out keys that must not be trusted whatever they sign.
void drop_unfit(Candidates& found, const KeyRing& ring, const Policy& policy,
                const Algorithm& algorithm) {
  drop(found, NoKey::weak, [&](const SetKey& entry) -> std::optional<std::string> {
    const auto& ready = ring.verifying(entry, algorithm);
    // What OpenSSL cannot do is no fault of the key, and no verdict.
    if (ready || ready.error().code != ErrorCode::key_refused) return std::nullopt;
    found.error = ready.error();
    return ready.error().message;
  });
  if (!policy.strict) return;
  drop(found, NoKey::foreign_certificate, [](const SetKey& entry) {
    return certificate_problem(entry.jwk) ? std::optional<std::string>("") : std::nullopt;
  });
}

bool same_names(const std::string& allowed, std::string_view alg, Curve curve) {
  if (curve != Curve::none) return same_algorithm(allowed, alg, curve);
  return same_algorithm(allowed, alg, Curve::ed25519) || same_algorithm(allowed, alg, Curve::ed448);
}

}  // namespace

bool is_allowed(const Policy& policy, std::string_view alg, Curve curve) {
  return policy.algorithms.empty() ||
         std::any_of(policy.algorithms.begin(), policy.algorithms.end(),
                     [&](const std::string& allowed) { return same_names(allowed, alg, curve); });
}

const SkippedKey* broken_key(const KeySet& set, const Algorithm& algorithm,
                             const std::optional<std::string>& kid) {
  auto find = [&set](auto is_it) {
    auto found = std::find_if(set.skipped.begin(), set.skipped.end(), is_it);
    return found != set.skipped.end() ? &*found : nullptr;
  };
  const SkippedKey* named = find([&](const SkippedKey& key) { return kid && key.kid == kid; });
  if (named != nullptr) return named;
  std::string_view kty = to_string(algorithm.kty);
  return find([&](const SkippedKey& key) { return key.kty == kty; });
}

Candidates find_candidates(const KeyRing& ring, const Policy& policy, const Algorithm& algorithm,
                           const std::optional<std::string>& kid) {
  Candidates out;
  Selection selection = select_keys(ring.set(), algorithm, kid);
  out.skipped = std::move(selection.skipped);
  out.keys = std::move(selection.candidates);
  if (!out.keys.empty()) out.why = NoKey::none;
  drop(out, NoKey::no_fit, [&](const SetKey& entry) {
    bool allowed = is_allowed(policy, algorithm.name, entry.jwk.key.curve());
    return allowed ? std::nullopt : std::optional<std::string>("");
  });
  // Before they are counted: a key that is never used is no rival, and takes no other's place.
  drop_unfit(out, ring, policy, algorithm);
  out.rivals = out.keys.size();
  if (out.keys.size() > 1 && !policy.try_all_keys) {
    out.why = NoKey::ambiguous;
    out.keys.clear();
  }
  if (out.keys.size() > kMaxTriedKeys) out.keys.resize(kMaxTriedKeys);
  bool unnamed = policy.strict &&
                 std::any_of(out.keys.begin(), out.keys.end(), [&policy](const SetKey* entry) {
                   return !names_algorithm(policy, entry->jwk);
                 });
  if (unnamed) {
    out.why = NoKey::alg_unnamed;
    out.keys.clear();
  }
  return out;
}

NoFit explain_no_fit(const Candidates& candidates, const KeySet& set, const Algorithm& algorithm,
                     const std::optional<std::string>& kid) {
  std::string_view kty = to_string(algorithm.kty);
  const SkippedKey* cause = nullptr;
  for (const SkippedKey& skipped : candidates.skipped) {
    bool of_type = skipped.kty == kty;
    bool wanted = kid ? skipped.kid == kid : of_type;
    if (wanted && (cause == nullptr || (of_type && cause->kty != kty))) cause = &skipped;
  }
  bool alone = candidates.skipped.size() == 1;
  bool unknown = alone && cause == nullptr && kid && !set.pinned;
  if (alone && cause == nullptr) cause = &candidates.skipped.front();
  bool broken = cause != nullptr &&
                std::any_of(set.skipped.begin(), set.skipped.end(),
                            [cause](const SkippedKey& key) { return key.index == cause->index; });
  RuleId unfit = broken ? rules::unusable_key_present : rules::alg_key_mismatch;
  bool by_kid = unknown || (cause == nullptr && kid);
  return {by_kid             ? rules::kid_unknown
          : cause != nullptr ? unfit
                             : rules::alg_key_mismatch,
          cause, broken, unknown};
}

std::vector<Acceptance> list_acceptance(KeySet set) {
  std::vector<Acceptance> out;
  for (const SetKey& entry : set.keys) {
    out.push_back({entry.index, entry.jwk.kid.value_or(""), {}, {}});
  }
  for (const SkippedKey& entry : set.skipped) {
    out.push_back({entry.index, entry.kid.value_or(""), {}, entry.reason});
  }
  std::sort(out.begin(), out.end(),
            [](const Acceptance& a, const Acceptance& b) { return a.index < b.index; });
  std::map<std::size_t, Acceptance*> by_index;
  for (Acceptance& entry : out) by_index[entry.index] = &entry;
  // The others are none for a token with this kid, so each group is judged by itself.
  std::map<std::string, KeySet> groups;
  for (SetKey& entry : set.keys) {
    groups[entry.jwk.kid.value_or("")].keys.push_back(std::move(entry));
  }
  for (auto& [kid, keys] : groups) {
    const KeyRing group(std::move(keys));
    if (!kid.empty()) accept_group(group, kid, by_index);
    for (const SetKey& entry : group.set().keys) {
      Acceptance& accepted = *by_index[entry.index];
      if (!accepted.algorithms.empty()) continue;
      accepted.problem = kid.empty() ? "it has no kid" : problem_of(entry);
    }
  }
  return out;
}

}  // namespace jwtctl
