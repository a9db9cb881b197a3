// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/rotation/inputs.h"

/// The timing model: how long what takes, and when it may be done at the earliest.
namespace jwtctl {

/// Bounds are the lengths that follow from the inputs.
struct Bounds {
  Seconds publish_delay = 0;    ///< Dp; of a shared secret the time to deploy it to verifiers
  Seconds shared = 0;           ///< sum(C)
  Seconds verifier = 0;         ///< the largest C_v + J
  std::string worst_verifier;   ///< whose that is
  Seconds staleness = 0;        ///< A = sum(C) + (C_v + J) * (1 + m), when a key is added
  Seconds quick_staleness = 0;  ///< A0, the same when no refresh fails
  Seconds margin = 0;           ///< M
  Seconds lead = 0;             ///< from publishing to signing
  Seconds life = 0;             ///< E = L + S, of a signature after it was made
  Seconds bake = 0;             ///< sum(B)
  Seconds tail = 0;             ///< from activation to retirement
  Seconds outage = 0;           ///< O, the largest; kForever when one verifier never forgets
  std::string outage_verifier;  ///< whose that is
};

Bounds bounds_of(const RotationInputs& inputs);

/// adding_time returns how long one verifier may lack a key that every replica has, shared layers
/// aside: C_v + J, or for one that forgets nothing but asks when it meets an unknown kid, its
/// cooldown.
Seconds adding_time(const VerifierTiming& verifier);

/// distrust_time returns how long one verifier may go on to trust a key after the set lost it,
/// shared layers and publish delay aside: C_v + J + O.
Seconds distrust_time(const VerifierTiming& verifier, const std::optional<Given>& outage);

/// Schedule is one sequence of instants, as planned or as it happened.
struct Schedule {
  Instant generate;
  std::optional<Instant> allow_list;  ///< T_acc
  Instant publish;
  Instant activate;
  Instant full;     ///< every new token is signed with the new key
  Instant last;     ///< last signature by the old key
  Instant drained;  ///< no token by the old key is good any more
  Instant retire;
  std::optional<Instant> untrusted;  ///< nothing: never by itself
  Instant destroy;
};

/// make_schedule computes the earliest instants; `windows` push what people do later, and all that
/// follows with it.
Schedule make_schedule(const RotationInputs& inputs, const Bounds& bounds);

/// Invariant is one rule that a schedule keeps or breaks; slack is negative by how much it is
/// broken.
struct Invariant {
  std::string id;  ///< "I1"
  std::string statement;
  bool holds = true;
  std::optional<Seconds> slack;  ///< in seconds (I9: in keys); nothing where there is no measure
};

/// check_schedule judges a schedule, whoever made it.
std::vector<Invariant> check_schedule(const RotationInputs& inputs, const Bounds& bounds,
                                      const Schedule& schedule);

/// KeysListed says how many keys a set lists at once when rotations follow each other.
struct KeysListed {
  Seconds min = 1;
  Seconds max = 2;
  std::optional<Seconds> listed_for;  ///< V, from publishing to retirement
};

/// keys_listed counts with half-open intervals from publishing to retirement.
KeysListed keys_listed(const RotationInputs& inputs, const Bounds& bounds);

/// least_period returns the shortest time between rotations with at most `keys` keys listed;
/// `keys` is at least 2.
Seconds least_period(const Bounds& bounds, Seconds keys);

/// keep_new_until says how long the new key must stay listed when signing goes back to the old one
/// at `rollback`: tokens by it were made until all signers followed.
Instant keep_new_until(const RotationInputs& inputs, Instant rollback);

}  // namespace jwtctl
