// SPDX-License-Identifier: Apache-2.0
#include "lib/rotation/facts.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "lib/base/shown.h"

namespace jwtctl {
namespace {

Presence presence_of(const Observation& observation, const std::string& kid) {
  std::size_t shown = 0;
  std::size_t looks = 0;
  for (const Sample& sample : observation.samples) {
    if (sample.error) continue;
    ++looks;
    if (!kid.empty() && sample.find(kid) != nullptr) ++shown;
  }
  if (shown == 0) return Presence::none;
  return shown == looks ? Presence::all : Presence::some;
}

/// check_identity looks for a kid that names another key than it should, and for the new key under
/// another kid (invariant I5).
void check_identity(const Sample& sample, const std::string& kid, const std::string& expected,
                    Facts& facts) {
  for (const ListedKey& key : sample.keys) {
    bool named = key.kid == kid;
    bool same = !expected.empty() && key.thumbprint == expected;
    if (named && !expected.empty() && !same) {
      facts.rekeyed = fmt::format("{} lists another key under the kid {}", place_name(sample),
                                  quote_argument(kid, ShownAs::member));
    }
    if (!named && same) {
      facts.rekeyed = fmt::format("{} lists the key of {} under the kid {}", place_name(sample),
                                  quote_argument(kid, ShownAs::member),
                                  quote_argument(key.kid, ShownAs::member));
    }
  }
}

/// note_drift names keys that are listed in some places only, though the plan does not know them.
void note_drift(const RotationPlan& plan, const Observation& observation, Facts& facts) {
  std::set<std::string> kids;
  for (const Sample& sample : observation.samples) {
    for (const ListedKey& key : sample.keys) kids.insert(key.kid);
  }
  for (const std::string& kid : kids) {
    if (kid == plan.inputs.new_kid || kid == plan.inputs.old_kid || kid.empty()) continue;
    if (presence_of(observation, kid) == Presence::some) {
      facts.notes.push_back(
          fmt::format("some places list {}, others do not", quote_argument(kid, ShownAs::member)));
    }
  }
}

void gather_one(const RotationPlan& plan, const Sample& sample, Facts& facts) {
  if (sample.error) {
    bool refused = sample.error->code == ErrorCode::key_refused;
    (refused ? facts.refused : facts.failures)
        .push_back(fmt::format("{}: {}", place_name(sample), sample.error->message));
    return;
  }
  facts.max_age = std::max(facts.max_age, sample.max_age.value_or(0));
  Seconds skew = sample.clock_skew.value_or(0);
  if (std::abs(skew) > std::abs(facts.skew)) facts.skew = skew;
  const std::string& kid = plan.inputs.new_kid;
  if (const ListedKey* listed = sample.find(kid)) {
    if (facts.new_thumbprint.empty()) facts.new_thumbprint = listed->thumbprint;
    if (listed->thumbprint != facts.new_thumbprint) {
      facts.rekeyed = fmt::format("two different keys are listed under the kid {}",
                                  quote_argument(kid, ShownAs::member));
    }
  }
}

}  // namespace

std::string place_name(const Sample& sample) {
  std::string out = sample.url;
  if (!sample.address.empty()) out += fmt::format(" at {}", sample.address);
  return out;
}

Facts gather_facts(const RotationPlan& plan, const Observation& observation,
                   const CheckMemory& memory) {
  Facts facts;
  const RotationInputs& in = plan.inputs;
  for (const Sample& sample : observation.samples) gather_one(plan, sample, facts);
  std::string expected = in.new_thumbprint.empty() ? memory.new_thumbprint : in.new_thumbprint;
  for (const Sample& sample : observation.samples) {
    check_identity(sample, in.new_kid, expected, facts);
    if (!in.old_kid.empty()) check_identity(sample, in.old_kid, in.old_thumbprint, facts);
  }
  facts.fresh = presence_of(observation, in.new_kid);
  facts.old = presence_of(observation, in.old_kid);
  note_drift(plan, observation, facts);
  return facts;
}

void remember_places(const RotationPlan& plan, const Observation& observation,
                     CheckMemory& memory) {
  struct Look {
    bool failed = false, new_missing = false, old_shown = false;
  };
  std::map<std::string, Look> looks;
  for (const Sample& sample : observation.samples) {
    Look& look = looks[sample.url];
    if (sample.error) {
      look.failed = true;
      continue;
    }
    if (sample.find(plan.inputs.new_kid) == nullptr) look.new_missing = true;
    if (sample.find(plan.inputs.old_kid) != nullptr) look.old_shown = true;
  }
  for (const auto& [url, look] : looks) {
    PlaceMemory& place = memory.places[url];
    if (look.new_missing) {
      place.new_since.reset();
      place.new_missing = observation.now;
    } else if (!look.failed && !place.new_since) {
      place.new_since = observation.now;
    }
    if (look.old_shown) {
      place.old_gone.reset();
    } else if (!look.failed && !place.old_gone) {
      place.old_gone = observation.now;
    }
  }
}

}  // namespace jwtctl
