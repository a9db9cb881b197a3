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
void accept_group(const KeySet& group, const std::string& kid,
                  std::map<std::size_t, Acceptance*>& by_index) {
  for (const Algorithm& algorithm : signature_algorithms()) {
    Candidates found = find_candidates(group, algorithm, kid);
    drop_weak(found, algorithm);
    for (const SetKey* key : found.keys) {
      by_index[key->index]->algorithms.emplace_back(algorithm.name);
    }
  }
}

}  // namespace

Candidates find_candidates(const KeySet& set, const Algorithm& algorithm,
                           const std::optional<std::string>& kid, const CandidateRules& rules) {
  Candidates out;
  Selection selection = select_keys(set, algorithm, kid);
  out.skipped = std::move(selection.skipped);
  out.keys = std::move(selection.candidates);
  std::erase_if(out.keys, [&](const SetKey* entry) {
    auto reason = rules.allows ? rules.allows(*entry) : std::nullopt;
    if (reason) out.skipped.push_back({entry->index, entry->jwk.kid, *std::move(reason)});
    return reason.has_value();
  });
  if (out.keys.size() > 1 && !rules.try_all) {
    out.why = NoCandidate::ambiguous;
    out.rivals = out.keys.size();
    out.keys.clear();
  }
  if (out.keys.size() > kMaxTriedKeys) out.keys.resize(kMaxTriedKeys);
  return out;
}

void drop_weak(Candidates& candidates, const Algorithm& algorithm) {
  std::erase_if(candidates.keys, [&](const SetKey* entry) {
    auto fit = check_key_for(entry->jwk.key, algorithm);
    if (fit) return false;
    candidates.skipped.push_back({entry->index, entry->jwk.kid, fit.error().message});
    candidates.weakness = std::move(fit).error();
    return true;
  });
  if (candidates.keys.empty() && candidates.weakness) candidates.why = NoCandidate::weak;
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
  for (const auto& [kid, group] : groups) {
    if (!kid.empty()) accept_group(group, kid, by_index);
    for (const SetKey& entry : group.keys) {
      Acceptance& accepted = *by_index[entry.index];
      if (!accepted.algorithms.empty()) continue;
      accepted.problem = kid.empty() ? "it has no kid" : problem_of(entry);
    }
  }
  return out;
}

}  // namespace jwtctl
