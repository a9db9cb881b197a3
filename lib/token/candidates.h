// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/rule_id.h"
#include "lib/jose/key_ring.h"
#include "lib/token/policy.h"

/// Which keys of a set a verification tries: one judge for `verify` and for whoever asks beforehand
/// whether a key that is published will be taken.
namespace jwtctl {

/// NoKey says why there is no key to try.
enum class NoKey {
  none,                 ///< there is one
  refused,              ///< what was named must not be used at all
  kid_type,             ///< the token's kid is no string
  kid_other,            ///< the token names another kid than the policy wants
  pinned_other,         ///< so does the one key that was named
  no_fit,               ///< none has the kid, the type and the permission
  ambiguous,            ///< several do
  too_many,             ///< more do than are tried, and none of those made the signature
  weak,                 ///< one does, and must not be trusted
  foreign_certificate,  ///< its x5c does not vouch for it, which a strict policy refuses
  alg_unnamed,          ///< neither a strict policy nor the key says the algorithm
};

/// Candidates are the keys to try for one algorithm and one kid, the same for all tokens that name
/// them, or why there is none. The pointers are into the ring.
struct Candidates {
  NoKey why = NoKey::no_fit;
  std::vector<const SetKey*> keys;  ///< empty unless `why` is `none`
  /// All others of the set, and why. Where the policy refuses a key the reason is left empty, for
  /// whoever knows what the policy's owner calls it.
  std::vector<SkippedKey> skipped;
  std::size_t rivals = 0;      ///< how many fit, tried or not
  std::optional<Error> error;  ///< with `weak`: of the last one
};

/// find_candidates returns the keys of `ring` that verify a token with this algorithm and kid
/// (nothing: the token names none): by type, curve, `alg`, `use`, `key_ops` and kid, strong enough
/// and allowed by the policy, at most `kMaxTriedKeys`, one alone unless the policy tries all.
Candidates find_candidates(const KeyRing& ring, const Policy& policy, const Algorithm& algorithm,
                           const std::optional<std::string>& kid);

/// is_allowed says whether the policy takes an algorithm under a key on `curve`: "EdDSA" stands for
/// both of its curves. Without a curve it says whether it does under any.
bool is_allowed(const Policy& policy, std::string_view alg, Curve curve = Curve::none);

/// broken_key returns the key of a set that could have signed if it were none that is broken: with
/// that kid, or else of the type that the algorithm needs. It is the cause, not the good keys
/// beside it. Null when there is none.
const SkippedKey* broken_key(const KeySet& set, const Algorithm& algorithm,
                             const std::optional<std::string>& kid);

/// NoFit says which filter emptied the list, when `why` is `no_fit`.
struct NoFit {
  RuleId rule;
  /// The key that was wanted: the one with the kid, of several that of the type that the algorithm
  /// needs; without a kid a broken one of that type; the only one. Null when no key is to blame.
  const SkippedKey* cause;
  bool broken;   ///< it cannot be used for anything, so its owner must correct it
  bool unknown;  ///< the only key is another than the token names
};
NoFit explain_no_fit(const Candidates& candidates, const KeySet& set, const Algorithm& algorithm,
                     const std::optional<std::string>& kid);

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
