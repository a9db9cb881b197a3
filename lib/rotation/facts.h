// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lib/rotation/check.h"

namespace jwtctl {

/// Presence says how many of the looks show a key.
enum class Presence { none, some, all };

/// Facts are what the samples of one check say together.
struct Facts {
  std::vector<std::string> failures;     ///< places that could not be asked
  std::vector<std::string> refused;      ///< sets that must not be published
  std::string set_doubt;                 ///< a set that some verifiers may refuse; empty: none
  std::string untaken;                   ///< a verifier that never takes the new key; empty: none
  std::string timeless;                  ///< which header keeps an answer from telling the time
  std::string rekeyed;                   ///< a kid that names another key; empty: none does
  Presence fresh = Presence::none;       ///< the new key, where `verify` would use it
  Presence old = Presence::none;         ///< the old key, likewise
  Presence old_listed = Presence::none;  ///< the old key, whatever it is good for
  std::string fresh_problem;  ///< where the new key is listed, and why no verifier takes it
  std::string old_problem;
  std::string new_thumbprint;   ///< as it is listed
  Seconds max_age = 0;          ///< the longest that was ever seen, of any answer
  std::optional<Seconds> skew;  ///< the largest difference of clocks; nothing: no answer tells
  std::vector<std::string> notes;
};

Facts gather_facts(const RotationPlan& plan, const Observation& observation,
                   const CheckMemory& memory);

/// presence_of says how many looks show a key that `verify` would use for this algorithm (empty:
/// whichever the key has).
Presence presence_of(const Observation& observation, const std::string& kid,
                     const std::string& algorithm);

/// remember_places notes at each URL what all its looks say together. With a clock that may be
/// wrong (`clock_good` false) nothing begins. `wait` is how long copies without the new key may
/// live: when looks failed in that time, for longer than the refreshes that the plan lets verifiers
/// miss, the clock of the new key begins anew, and all clocks do when other addresses were chosen.
/// It returns why, for each URL where one did.
std::vector<std::string> remember_places(const RotationPlan& plan, const Observation& observation,
                                         bool clock_good, Seconds wait, CheckMemory& memory);

/// SkewRange is what the answers of one URL say of its clock against ours.
struct SkewRange {
  Seconds lowest = 0;
  Seconds highest = 0;
};

/// skew_range prefers answers that came from the server itself; nothing: none tells the time.
/// `place` is the key of a URL (memory_key).
std::optional<SkewRange> skew_range(const Observation& observation, const std::string& place);

/// place_name names where a sample comes from.
std::string place_name(const Sample& sample);

}  // namespace jwtctl
