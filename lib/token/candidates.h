// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/limits.h"
#include "lib/jose/jwks.h"

/// Which keys of a set a verification tries: one judge for `verify` and for whoever asks beforehand
/// whether a key that is published will be taken.
namespace jwtctl {

/// CandidateRules are what the owner of a verification decides about its keys.
struct CandidateRules {
  bool try_all = false;  ///< several keys that fit are tried, instead of refused as ambiguous
  /// allows returns why an entry may not be used although it fits; nothing when it may. Not set:
  /// all may.
  std::function<std::optional<std::string>(const SetKey&)> allows;
};

/// NoCandidate says why there is no key to try.
enum class NoCandidate { no_fit, ambiguous, weak };

/// Candidates are the keys to try, or why there is none.
struct Candidates {
  std::vector<const SetKey*> keys;
  std::vector<SkippedKey> skipped;        ///< all others, and why
  NoCandidate why = NoCandidate::no_fit;  ///< when `keys` is empty
  std::size_t rivals = 0;                 ///< with `ambiguous`: how many fit
  std::optional<Error> weakness;          ///< with `weak`: of the last one
};

/// find_candidates returns the keys of `set` that verify a token with this algorithm and kid
/// (nothing: the token names none): by type, curve, `alg`, `use`, `key_ops` and kid, at most
/// `kMaxTriedKeys`, one alone unless `try_all`. The pointers are into `set`.
Candidates find_candidates(const KeySet& set, const Algorithm& algorithm,
                           const std::optional<std::string>& kid, const CandidateRules& rules = {});

/// drop_weak takes out keys that must not be trusted whatever they sign.
void drop_weak(Candidates& candidates, const Algorithm& algorithm);

/// Acceptance says for one entry of a set with which algorithms a verification uses it.
struct Acceptance {
  std::size_t index;                    ///< in the set, from 0
  std::string kid;                      ///< empty: it has none
  std::vector<std::string> algorithms;  ///< none: no token can be verified with it
  std::string problem;                  ///< why there are none
};

/// list_acceptance goes through all entries of `set`, usable or not: `algorithms` are those for
/// which a token with its kid is verified with this very entry.
std::vector<Acceptance> list_acceptance(KeySet set);

}  // namespace jwtctl
