// SPDX-License-Identifier: Apache-2.0
// What one check leaves to the next of the places that it looked at.
#include <algorithm>
#include <map>
#include <set>

#include "lib/rotation/facts.h"

namespace jwtctl {
namespace {

/// end_outage keeps since when a place fails, and takes its new key's clock back when it is good
/// again after too long. Verifiers that were to have the key before it failed have it.
void end_outage(bool failed, bool clock_good, Instant now, Seconds missed, Seconds wait,
                PlaceMemory& place) {
  if (failed) {
    if (!place.failing_since) place.failing_since = place.last_good.value_or(now);
    return;
  }
  if (!clock_good) return;
  if (place.failing_since) {
    bool tolerated = seconds_between(*place.failing_since, now) <= missed;
    bool spread = place.new_since && shift(*place.new_since, wait) <= *place.failing_since;
    if (!tolerated && !spread) place.new_since.reset();
    place.failing_since.reset();
  }
  place.last_good = now;
}

/// Look is what all samples of one URL say together.
struct Look {
  bool failed = false, new_missing = false, old_shown = false;
  bool unanswered = false;
  Seconds max_age = 0;
  Seconds on_error = 0;  ///< how long copies may serve while the server is in trouble
  std::string route;
  std::set<std::string> algorithms;  ///< of the new key
  std::set<std::string> thumbprints;

  bool shows_new() const { return !failed && !new_missing; }
};

std::map<std::string, Look> looks_of(const RotationInputs& in, const Observation& observation) {
  std::map<std::string, Look> looks;
  for (const Sample& sample : observation.samples) {
    Look& look = looks[memory_key(sample.url)];
    look.max_age = std::max(look.max_age, sample.kept());
    look.on_error = std::max(
        look.on_error, add_lengths(sample.max_age.value_or(0), sample.stale_if_error.value_or(0)));
    look.route = sample.route;
    if (sample.error) {
      look.failed = true;
      look.unanswered = true;
      continue;
    }
    // Who refuses the whole set has what it had before, as if it had not been answered.
    auto refusal = set_refusal(sample.faults, in);
    if (refusal && refusal->weight != SetRefusal::Weight::note) look.failed = true;
    if (!sample.takes(in.new_kid, in.to_alg)) look.new_missing = true;
    for (const ListedKey& key : sample.keys) {
      if (key.kid != in.new_kid) continue;
      look.algorithms.insert(key.algorithms.begin(), key.algorithms.end());
      look.thumbprints.insert(key.thumbprint);
    }
    if (sample.find(in.old_kid) != nullptr) look.old_shown = true;
  }
  return looks;
}

/// begins_anew says whether the new key is another one than before, or for something else, and
/// notes what it is.
bool begins_anew(const Look& look, PlaceMemory& place, CheckMemory& memory) {
  if (!look.shows_new()) return false;
  std::string form = fmt::format("{}", fmt::join(look.algorithms, " "));
  std::string material = fmt::format("{}", fmt::join(look.thumbprints, " "));
  bool reformed = place.new_since && !place.new_form.empty() && place.new_form != form;
  bool replaced = !place.new_material.empty() && place.new_material != material;
  if (replaced) {
    // What was signed until now was signed with the other key of this kid.
    memory.first_new_signature.reset();
    memory.signs_since.reset();
  }
  place.new_form = std::move(form);
  place.new_material = std::move(material);
  return reformed || replaced;
}

/// forget_switch ends what is known of who signs when no look shows the new key any more: who takes
/// it out of the set signs with the old one again, whether or not a token by that is seen. Of when
/// it signed first, all that matters ends when it is back. What came before the plan's own time for
/// it belongs to an earlier plan.
void forget_switch(const RotationPlan& plan, const Observation& observation, CheckMemory& memory) {
  bool looked = std::any_of(observation.samples.begin(), observation.samples.end(),
                            [](const Sample& sample) { return !sample.error; });
  bool gone =
      looked && presence_of(observation, plan.inputs.new_kid, plan.inputs.to_alg) == Presence::none;
  bool earlier = memory.signs_since && *memory.signs_since < plan.schedule.activate;
  if (gone || earlier) {
    memory.signs_since.reset();
    memory.went_back.reset();
  }
  if (looked && !gone && memory.withdrawn) memory.first_new_signature.reset();
  memory.withdrawn = looked ? gone && memory.first_new_signature : memory.withdrawn;
}

}  // namespace

std::vector<std::string> remember_places(const RotationPlan& plan, const Observation& observation,
                                         bool clock_good, Seconds wait, CheckMemory& memory) {
  std::map<std::string, Look> looks = looks_of(plan.inputs, observation);
  std::vector<std::string> anew;
  forget_switch(plan, observation, memory);
  Seconds missed = plan.bounds.verifier * plan.inputs.missed_refreshes.value;
  for (const auto& [url, look] : looks) {
    PlaceMemory& place = memory.places[url];
    place.on_error = std::max(place.on_error, look.on_error);
    place.failed = place.failed || look.unanswered;
    place.max_age =
        std::max({place.max_age, look.max_age, place.failed ? place.on_error : Seconds{0}});
    bool shown_before = place.new_since.has_value();
    end_outage(look.failed, clock_good, observation.now, missed, wait, place);
    if (shown_before && !place.new_since) {
      anew.push_back(fmt::format("{} failed for longer than the plan lets verifiers miss refreshes",
                                 shown_place(url)));
    }
    // What some addresses showed says nothing of others.
    bool elsewhere = place.route && *place.route != look.route;
    if (elsewhere && (place.new_since || place.old_gone)) {
      place.new_since.reset();
      place.old_gone.reset();
      // Nor does it say that who signed before its turn there did so here.
      memory.first_new_signature = memory.signs_since;
      anew.push_back(
          fmt::format("{} was asked at other addresses before (--resolve, "
                      "--any-address)",
                      shown_place(url)));
    }
    place.route = look.route;
    auto skew = skew_range(observation, url);
    if (look.new_missing || begins_anew(look, place, memory)) {
      place.new_since.reset();
      place.new_missing = observation.now;
    }
    if (look.shows_new() && !place.new_since && clock_good) {
      place.new_since = observation.now;
      place.new_skew = skew ? std::optional(skew->highest) : std::nullopt;
    }
    if (look.old_shown) {
      place.old_gone.reset();
      if (clock_good || !place.old_shown) place.old_shown = observation.now;
    } else if (!look.failed && !place.old_gone && clock_good) {
      place.old_gone = observation.now;
      place.gone_skew = skew ? std::optional(skew->highest) : std::nullopt;
    }
  }
  return anew;
}

}  // namespace jwtctl
