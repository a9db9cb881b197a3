// SPDX-License-Identifier: Apache-2.0
#include "lib/rotation/timing.h"

#include <algorithm>

namespace jwtctl {
namespace {

Seconds ceil_divide(Seconds a, Seconds b) { return (a + b - 1) / b; }

bool has_old_key(const RotationInputs& inputs) { return inputs.variant != Variant::first_key; }

/// propagation returns what passes between publishing and signing, without the margin.
Seconds propagation(const RotationInputs& inputs, const Bounds& bounds) {
  bool soft = inputs.variant == Variant::emergency;
  return bounds.publish_delay + (soft ? bounds.quick_staleness : bounds.staleness);
}

void add_verifiers(const RotationInputs& inputs, Bounds& bounds) {
  for (const VerifierTiming& verifier : inputs.verifiers) {
    Seconds adding = adding_time(verifier);
    if (bounds.worst_verifier.empty() || adding > bounds.verifier) {
      bounds.verifier = adding;
      bounds.worst_verifier = verifier.name;
    }
    // What keeps a key for ever does so whatever is said about its outages.
    Seconds outage = inputs.outage ? inputs.outage->value : verifier.outage;
    if (verifier.cache == kForever) outage = kForever;
    if (bounds.outage_verifier.empty() || outage > bounds.outage) {
      bounds.outage = outage;
      bounds.outage_verifier = verifier.name;
    }
  }
  if (inputs.verifiers.empty() && inputs.outage) bounds.outage = inputs.outage->value;
}

/// whole drops a fraction upwards: earlier would be too early.
Instant whole(Instant instant) {
  return {instant.nanos > 0 ? instant.seconds + 1 : instant.seconds, 0};
}

Schedule emergency_schedule(const RotationInputs& inputs, const Bounds& bounds) {
  Schedule out;
  out.generate = out.publish = whole(inputs.start);
  bool soft = inputs.emergency == EmergencyCase::soft;
  out.activate = soft ? shift(out.publish, propagation(inputs, bounds)) : out.publish;
  out.full = out.activate;
  out.last = soft ? shift(out.full, inputs.signer_rollout.value) : out.activate;
  out.drained = shift(out.last, bounds.life);
  out.retire = soft ? out.drained : out.activate;
  Seconds distrust = add_lengths(bounds.publish_delay + bounds.quick_staleness, bounds.outage);
  if (distrust < kForever) out.untrusted = shift(out.retire, distrust);
  out.destroy = out.retire;
  return out;
}

/// Judge collects invariants.
class Judge {
 public:
  void time(std::string id, std::string statement, Seconds slack) {
    found_.push_back({std::move(id), std::move(statement), slack >= 0, slack});
  }
  void fact(std::string id, std::string statement, bool holds) {
    found_.push_back({std::move(id), std::move(statement), holds, std::nullopt});
  }
  std::vector<Invariant> take() { return std::move(found_); }

 private:
  std::vector<Invariant> found_;
};

/// order_slack returns the smallest gap between steps that follow each other; two of them must not
/// coincide, so they count one second less.
Seconds order_slack(const Schedule& s) {
  return std::min({seconds_between(s.generate, s.publish),
                   seconds_between(s.publish, s.activate) - 1, seconds_between(s.activate, s.full),
                   seconds_between(s.full, s.last), seconds_between(s.last, s.retire) - 1,
                   seconds_between(s.retire, s.destroy)});
}

void check_age(const RotationInputs& inputs, const Bounds& bounds, Judge& judge) {
  if (!inputs.every) return;
  Seconds age = inputs.every->value + bounds.bake + inputs.signer_rollout.value;
  judge.time("I8", "no key signs for longer than its largest age", inputs.max_key_age.value - age);
}

}  // namespace

Seconds adding_time(const VerifierTiming& verifier) {
  if (verifier.cache == kForever) return verifier.cooldown;
  return verifier.cache + verifier.jitter;
}

Seconds distrust_time(const VerifierTiming& verifier, const std::optional<Given>& outage) {
  Seconds trusted = outage ? outage->value : verifier.outage;
  return add_lengths(add_lengths(verifier.cache, verifier.jitter), trusted);
}

Bounds bounds_of(const RotationInputs& inputs) {
  Bounds bounds;
  bool symmetric = inputs.variant == Variant::symmetric;
  bounds.publish_delay = inputs.publish_delay.value;
  if (symmetric && inputs.verifier_deploy) bounds.publish_delay = inputs.verifier_deploy->value;
  if (!symmetric) {
    for (const Given& layer : inputs.caches) bounds.shared += layer.value;
    add_verifiers(inputs, bounds);
  }
  bounds.staleness = bounds.shared + bounds.verifier * (1 + inputs.missed_refreshes.value);
  bounds.quick_staleness = bounds.shared + bounds.verifier;
  if (inputs.variant == Variant::first_key) {
    // Nobody has an old set: what may be stale is that there was none.
    bounds.staleness = inputs.negative_cache.value + bounds.shared;
    bounds.quick_staleness = bounds.staleness;
  }
  Seconds until_seen = bounds.publish_delay + bounds.staleness;
  Seconds percent = ceil_divide(until_seen * inputs.margin_percent.value, 100);
  bounds.margin = inputs.margin ? inputs.margin->value : std::max(percent, kLeastMargin);
  for (const CanaryStep& step : inputs.canary) bounds.bake += step.bake;
  bounds.life = inputs.token_ttl.value + inputs.skew.value;
  bool emergency = inputs.variant == Variant::emergency;
  if (emergency) bounds.margin = 0;  // every second counts
  bounds.lead = propagation(inputs, bounds) + bounds.margin;
  bounds.tail = bounds.bake + inputs.signer_rollout.value + bounds.life + bounds.margin;
  if (emergency && inputs.emergency != EmergencyCase::soft) bounds.lead = bounds.tail = 0;
  return bounds;
}

Schedule make_schedule(const RotationInputs& inputs, const Bounds& bounds) {
  if (inputs.variant == Variant::emergency) return emergency_schedule(inputs, bounds);
  auto open = [&inputs](Instant instant) { return next_in_window(inputs.windows, instant); };
  Schedule out;
  out.generate = whole(inputs.start);
  out.publish = open(out.generate);
  Instant earliest = shift(out.publish, bounds.lead);
  if (inputs.variant == Variant::algorithm) {
    out.allow_list = whole(inputs.allow_list_start.value_or(out.publish));
    Seconds deploy = inputs.verifier_deploy ? inputs.verifier_deploy->value : 0;
    earliest = std::max(earliest, shift(*out.allow_list, deploy + bounds.margin));
    out.generate = std::min(out.generate, *out.allow_list);
  }
  out.activate = open(earliest);
  out.full = shift(out.activate, bounds.bake);
  out.last = shift(out.full, inputs.signer_rollout.value);
  out.drained = shift(out.last, bounds.life);
  out.retire = open(shift(out.drained, bounds.margin));
  Seconds distrust = add_lengths(bounds.publish_delay + bounds.staleness, bounds.outage);
  if (distrust < kForever) out.untrusted = shift(out.retire, distrust);
  out.destroy = open(shift(out.retire, bounds.margin));
  return out;
}

std::vector<Invariant> check_schedule(const RotationInputs& inputs, const Bounds& bounds,
                                      const Schedule& s) {
  Judge judge;
  bool emergency = inputs.variant == Variant::emergency;
  bool standby = emergency && inputs.emergency == EmergencyCase::standby;
  if (!standby) {
    judge.time("I1", "every verifier has the new key before a token by it can arrive",
               seconds_between(s.publish, s.activate) - propagation(inputs, bounds));
  }
  if (has_old_key(inputs)) {
    judge.time("I2", "the old key is listed as long as a token by it is good",
               seconds_between(shift(s.last, bounds.life), s.retire));
  }
  if (!emergency && has_old_key(inputs)) {
    judge.time("I3", "generate, publish, activate, retire, destroy come in this order",
               order_slack(s));
  }
  if (!inputs.new_kid.empty() && !inputs.old_kid.empty()) {
    bool differ = inputs.new_kid != inputs.old_kid &&
                  (inputs.new_thumbprint.empty() || inputs.new_thumbprint != inputs.old_thumbprint);
    judge.fact("I5", "a kid names one key for ever, and a key has one kid", differ);
  }
  if (inputs.set_keys) judge.fact("I6", "the set is never empty", *inputs.set_keys > 0);
  if (!emergency) check_age(inputs, bounds, judge);
  constexpr Seconds kMostKeys = 5;
  if (has_old_key(inputs)) {
    judge.time("I9", "at most 5 keys are listed at once, which every cache can hold",
               kMostKeys - keys_listed(inputs, bounds).max);
  }
  if (inputs.observed_max_age && !emergency) {
    judge.time("I11", "no copy of the set without the new key outlives its activation",
               seconds_between(s.publish, s.activate) - *inputs.observed_max_age);
  }
  if (s.allow_list && inputs.verifier_deploy) {
    judge.time("I12", "every verifier allows the new algorithm before it is used",
               seconds_between(shift(*s.allow_list, inputs.verifier_deploy->value), s.activate));
  }
  return judge.take();
}

KeysListed keys_listed(const RotationInputs& inputs, const Bounds& bounds) {
  KeysListed out;
  if (inputs.variant == Variant::first_key) out.max = 1;
  if (!inputs.every || inputs.variant == Variant::emergency) return out;
  out.listed_for = bounds.lead + inputs.every->value + bounds.tail;
  out.min = *out.listed_for / inputs.every->value;
  out.max = ceil_divide(*out.listed_for, inputs.every->value);
  return out;
}

Seconds least_period(const Bounds& bounds, Seconds keys) {
  return ceil_divide(bounds.lead + bounds.tail, keys - 1);
}

Instant keep_new_until(const RotationInputs& inputs, Instant rollback) {
  return shift(rollback, inputs.signer_rollout.value + inputs.token_ttl.value + inputs.skew.value);
}

}  // namespace jwtctl
