// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lib/rotation/check.h"

namespace jwtctl {

/// Presence says how many of the looks show a key.
enum class Presence { none, some, all };

/// Facts are what the samples of one check say together.
struct Facts {
  std::vector<std::string> failures;  ///< places that could not be asked
  std::vector<std::string> refused;   ///< sets that must not be published
  std::string rekeyed;                ///< a kid that names another key; empty: none does
  Presence fresh = Presence::none;    ///< the new key
  Presence old = Presence::none;
  std::string new_thumbprint;  ///< as it is listed
  Seconds max_age = 0;         ///< the longest that was seen
  Seconds skew = 0;            ///< the largest difference of clocks
  std::vector<std::string> notes;
};

Facts gather_facts(const RotationPlan& plan, const Observation& observation,
                   const CheckMemory& memory);

/// remember_places notes at each URL what all its looks say together.
void remember_places(const RotationPlan& plan, const Observation& observation, CheckMemory& memory);

/// place_name names where a sample comes from.
std::string place_name(const Sample& sample);

}  // namespace jwtctl
