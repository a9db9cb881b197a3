// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/rotation/simulator.h"

#include <algorithm>
#include <limits>

namespace jwtctl::testing {
namespace {

constexpr Seconds kNever = std::numeric_limits<Seconds>::max() / 4;

/// between draws from a closed range.
Seconds between(Random& random, Seconds least, Seconds most) {
  return std::uniform_int_distribution<Seconds>(least, std::max(least, most))(random);
}

bool chance(Random& random, double probability) {
  return std::bernoulli_distribution(probability)(random);
}

/// Copy is what a set shows of the two keys.
struct Copy {
  bool fresh = false;
  bool old = true;
};

/// Replica is one origin server: when it begins to show each state.
struct Replica {
  Seconds shows_new;
  Seconds drops_old;
};

/// Layer is a shared cache that fetches each `period` seconds, as long as it may.
struct Layer {
  Seconds period;
  Seconds phase;

  /// fetched returns when the copy that is served at `time` was fetched; a fetch serves from the
  /// next second on, and the copy before it up to its largest age.
  Seconds fetched(Seconds time) const {
    if (period == 0) return time;
    Seconds since = (time - 1 - phase) % period;
    return time - 1 - (since < 0 ? since + period : since);
  }
};

/// Path is the way from the origin to a verifier; layers from the origin outwards.
struct Path {
  std::vector<Replica> replicas;
  std::vector<Layer> layers;

  Copy fetch(Seconds time, Random& random) const {
    for (auto layer = layers.rbegin(); layer != layers.rend(); ++layer) {
      time = layer->fetched(time);
    }
    auto which =
        static_cast<std::size_t>(between(random, 0, static_cast<Seconds>(replicas.size()) - 1));
    const Replica& replica = replicas[which];
    return {time >= replica.shows_new, time < replica.drops_old};
  }
};

/// Verifier keeps a copy and refreshes it; refreshes fail, but not too often in a row.
class Verifier {
 public:
  Verifier(const VerifierTiming& timing, Seconds misses, const Path& path, Aim aim, Random& random)
      : timing_(timing), misses_(misses), path_(path), aim_(aim), random_(random) {}

  /// start is a refresh that succeeds.
  void start(Seconds time) { succeed(time); }

  bool accepts_new(Seconds time) {
    return accepts(time, [](const Copy& copy) { return copy.fresh; });
  }
  bool accepts_old(Seconds time) {
    return accepts(time, [](const Copy& copy) { return copy.old; });
  }

 private:
  template <class Has>
  bool accepts(Seconds time, Has has) {
    while (next_ < time) attempt(next_);
    if (has(copy_)) return true;
    bool asks = timing_.refetches && time - asked_ > timing_.cooldown;
    if (!asks) return false;
    attempt(time);
    return has(copy_);
  }

  void attempt(Seconds time) {
    asked_ = time;
    // Who asks only when a kid is unknown has no second chance: no plan survives a failure there,
    // and plans say so.
    bool can_fail = timing_.cache != kForever && failures_ < misses_;
    bool fails = can_fail && (aim_ == Aim::worst || chance(random_, 0.3));
    if (!fails) return succeed(time);
    ++failures_;
    schedule(time);
  }

  void succeed(Seconds time) {
    copy_ = path_.fetch(time, random_);
    asked_ = time;
    failures_ = 0;
    schedule(time);
  }

  void schedule(Seconds time) {
    Seconds jitter = aim_ == Aim::worst ? timing_.jitter : between(random_, 0, timing_.jitter);
    next_ =
        timing_.cache == kForever ? kNever : time + std::max<Seconds>(timing_.cache, 1) + jitter;
  }

  const VerifierTiming& timing_;
  Seconds misses_;
  const Path& path_;
  Aim aim_;
  Random& random_;
  Copy copy_;
  Seconds asked_ = 0;
  Seconds next_ = 0;
  Seconds failures_ = 0;
};

/// make_path draws delays of replicas and phases of layers. In the worst case one replica takes as
/// long as it may and the layers fetch just too early: at `aim_at`, each one its age after the
/// other.
Path make_path(const RotationInputs& truth, const Schedule& s, Aim aim, Seconds aim_at,
               bool of_removal, Random& random) {
  Path path;
  Seconds delay = truth.publish_delay.value;
  int replicas = aim == Aim::worst ? 1 : 3;
  for (int i = 0; i < replicas; ++i) {
    Seconds late = aim == Aim::worst ? delay : between(random, 0, delay);
    Seconds soon = aim == Aim::worst ? 0 : between(random, 0, delay);
    path.replicas.push_back({s.publish.seconds + late, s.retire.seconds + soon});
  }
  for (const Given& layer : truth.caches) {
    Seconds phase = aim == Aim::worst ? aim_at : between(random, 0, layer.value);
    path.layers.push_back({layer.value, phase});
    aim_at += of_removal ? (layer.value > 0 ? 1 : 0) : layer.value;
  }
  return path;
}

Seconds shared(const RotationInputs& truth) {
  Seconds sum = 0;
  for (const Given& layer : truth.caches) sum += layer.value;
  return sum;
}

/// try_new presents tokens by the new key from its first signature on.
int try_new(const RotationInputs& truth, const Schedule& s, Aim aim, Random& random) {
  Seconds last_without = s.publish.seconds + truth.publish_delay.value - 1;
  Path path = make_path(truth, s, aim, last_without, false, random);
  int lost = 0;
  for (const VerifierTiming& timing : truth.verifiers) {
    Verifier verifier(timing, truth.missed_refreshes.value, path, aim, random);
    Seconds period = timing.cache == kForever ? 3600 : timing.cache + timing.jitter + 1;
    verifier.start(aim == Aim::worst ? last_without + shared(truth)
                                     : s.publish.seconds - between(random, 0, period));
    Seconds time = s.activate.seconds;
    for (int i = 0; i < 12; ++i) {
      if (!verifier.accepts_new(time)) ++lost;
      time += i < 4 ? 1 : between(random, 1, 300);
    }
  }
  return lost;
}

/// try_old presents tokens by the old key around the end of their lives.
int try_old(const RotationInputs& truth, const Schedule& s, Aim aim, Random& random) {
  Seconds first_without = s.retire.seconds;
  Path path = make_path(truth, s, aim, first_without, true, random);
  Seconds layers =
      static_cast<Seconds>(std::count_if(truth.caches.begin(), truth.caches.end(),
                                         [](const Given& layer) { return layer.value > 0; }));
  Seconds switched = truth.signer_rollout.value;
  for (const CanaryStep& step : truth.canary) switched += step.bake;
  int lost = 0;
  for (const VerifierTiming& timing : truth.verifiers) {
    Verifier verifier(timing, truth.missed_refreshes.value, path, aim, random);
    verifier.start(aim == Aim::worst
                       ? first_without + layers
                       : first_without - between(random, 0, std::min<Seconds>(timing.cache, 3600)));
    Seconds late = aim == Aim::worst ? switched : between(random, 0, switched);
    Seconds signed_at = s.activate.seconds + late;
    // Accepted while now < exp + skew, which is the last second before that.
    Seconds end = signed_at + truth.token_ttl.value + truth.skew.value - 1;
    for (Seconds before : {Seconds{300}, Seconds{30}, Seconds{2}, Seconds{1}, Seconds{0}}) {
      Seconds time = std::max(signed_at, end - before);
      if (time > first_without && !verifier.accepts_old(time)) ++lost;
    }
  }
  return lost;
}

VerifierTiming random_verifier(Random& random) {
  VerifierTiming out;
  out.name = "verifier-cache";
  out.source = "flag";
  out.cache = between(random, 30, 3600);
  out.jitter = chance(random, 0.5) ? between(random, 0, out.cache / 10) : 0;
  out.refetches = chance(random, 0.5);
  out.cooldown = out.refetches ? between(random, 0, 300) : 0;
  if (out.refetches && chance(random, 0.3)) {
    out.cache = kForever;
    out.jitter = 0;
    out.outage = kForever;
  }
  return out;
}

}  // namespace

RotationInputs random_inputs(Random& random) {
  RotationInputs in;
  in.start = {1'772'442'000 + between(random, 0, 86400), 0};
  in.token_ttl = {between(random, 60, 7200), "flag"};
  in.skew = {between(random, 0, 300), "flag"};
  in.publish_delay = {between(random, 0, 600), "flag"};
  for (Seconds layers = between(random, 0, 2); layers > 0; --layers) {
    in.caches.push_back({between(random, 0, 900), "flag"});
  }
  for (Seconds count = between(random, 1, 3); count > 0; --count) {
    in.verifiers.push_back(random_verifier(random));
  }
  in.missed_refreshes = {between(random, 0, 3), "flag"};
  in.signer_rollout = {between(random, 0, 600), "flag"};
  for (Seconds steps = between(random, 0, 2), i = 1; i <= steps; ++i) {
    in.canary.push_back({i * 100'000, between(random, 1, 1800)});
  }
  if (chance(random, 0.7)) in.margin = Given{between(random, 0, 900), "flag"};
  return in;
}

Losses simulate(const RotationInputs& truth, const Schedule& schedule, Aim aim, Random& random) {
  return {try_new(truth, schedule, aim, random), try_old(truth, schedule, aim, random)};
}

}  // namespace jwtctl::testing
